"""Leaving by word: the running contracts, who gave one up, who began again.

Dan's contract runs all the time, his purchases span days 0 to 59, and each table has a row on the last day: one that
stops earlier counts as cut.
"""

import pytest

ENDS = [0, 9, 19, 29, 39, 49, 59]
CANCELLATION = {"definition": "cancellation", "events": ["transactions"], "horizon_days": 10}
CONTRACTS = """\
customer_id started_at ended_at
dan 2023-01-01 -
ann 2023-01-01 2024-01-26
ann 2024-02-15 -
bob 2023-01-01 2024-02-10
bob 2024-02-10 -
cat 2024-01-11 -
dan 2024-02-29 -
"""


def own(found):
    """The definition in params.yaml, of all customers."""
    (measure,) = [each for each in found.measures if each.definition.own]
    return measure


def test_running_and_departures(on):
    """Ann's contract ended on 2024-01-26 and she began again 20 days later; bob changed his on the day: nobody else left."""
    contracts = on(churn=CANCELLATION, subscriptions=CONTRACTS, days={"dan": ENDS}).contracts
    assert contracts.running == 4
    assert contracts.months == {"2024-01": 1, "2024-02": 0}
    assert contracts.returns.within(19) == 0
    assert contracts.returns.within(20) == 1
    assert contracts.ever == 1


def test_a_notice_ends_a_contract(on):
    """Cat gave notice on 2024-02-02: she left then, whenever her contract ends."""
    found = on(
        churn=CANCELLATION,
        subscriptions=CONTRACTS,
        cancellations="customer_id cancelled_at\ncat 2024-02-02\nzoe 2024-02-29",
        days={"dan": ENDS},
    )
    assert found.contracts.running == 3
    assert found.contracts.months == {"2024-01": 1, "2024-02": 1}


def test_rate_of_cancelling(on):
    """At the days 0 to 50, ten apart, running: ann until 25, bob and dan always, cat from 10; ann left within 20 to 29."""
    measure = own(on(churn=CANCELLATION, subscriptions=CONTRACTS, days={"dan": ENDS}))
    assert [str(day)[5:] for day in measure.cutoffs] == ["01-01", "01-11", "01-21", "01-31", "02-10", "02-20"]
    assert measure.population == pytest.approx((3 + 3 + 4 + 3 + 3 + 4) / 6)
    assert measure.churn_rate == pytest.approx((1 / 4) / 6)
    assert measure.returns.within(16) == 1  # from 2024-01-31, the first day after the window, to 2024-02-15


def test_cancellations_alone(on):
    """Without contracts, who bought lately and hasn't cancelled since can leave, and who cancels has left."""
    found = on(
        churn={**CANCELLATION, "active_within_days": 20},
        cancellations="customer_id cancelled_at\nann 2024-01-26\nzoe 2024-02-29",
        days={"dan": ENDS, "ann": [15, 45]},
    )
    measure = own(found)
    # Cutoffs 20, 30, 40, 50: ann can leave at 20 (and does, on day 25), not at 30, and at 50 again.
    assert measure.population == (2 + 1 + 1 + 2) / 4
    assert measure.churn_rate == (1 / 2) / 4
    assert found.contracts.running is None
    assert found.contracts.ever == 1 / 2
    assert found.contracts.returns.within(20) == 1  # from day 25 to day 45


def test_no_contracts(on):
    """A shop has none."""
    assert on(days={"dan": ENDS}).contracts is None


def test_contracts_alone(on):
    """Without events there is no silence to look at, but contracts say all."""
    found = on(churn={"definition": "cancellation", "horizon_days": 10}, subscriptions=CONTRACTS)
    assert found.silent == []
    assert found.contracts.ever is None
    assert {each.definition.kind for each in found.measures} == {"cancellation"}
