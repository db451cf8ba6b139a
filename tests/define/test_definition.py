"""Who could leave, who would count as having left, and who came back later, at every cutoff of a definition.

The tables span days 0 to 59, so that with a horizon of 10 days and 20 days of being active the cutoffs are the days 20,
30, 40 and 50; dan's purchases hold both ends.
"""

from datetime import date

import pytest

from churnml.config import Churn
from churnml.define.definition import Definition, definitions
from churnml.define.events import Span
from churnml.define.measure import Measure, with_back
from churnml.define.returns import Returns, Wait

ENDS = [0, 9, 19, 29, 39, 49, 59]


def own(found):
    """The definition in params.yaml, of all customers."""
    (measure,) = [each for each in found.measures if each.definition.own]
    return measure


def test_cutoffs_are_counted_back(on):
    """From the newest complete label window, a horizon apart, with the active days before the oldest."""
    cutoffs = own(on(days={"dan": ENDS})).cutoffs
    assert [(cutoff - date(2024, 1, 1)).days for cutoff in cutoffs] == [20, 30, 40, 50]


def test_population_and_rate(on):
    """Ann buys on day 15 and never again: she could leave at 20 and at 30, and did each time.

    Bob buys on days 45 and 55: he could leave at 50 and stayed. With dan the populations are 2, 2, 1, 2, the rates 1/2,
    1/2, 0, 0.
    """
    measure = own(on(days={"dan": ENDS, "ann": [15], "bob": [45, 55]}))
    assert measure.population == 7 / 4
    assert (measure.churn_rate, measure.churn_rate_low, measure.churn_rate_high) == (1 / 4, 0, 1 / 2)
    assert measure.drift == -1 / 2


def test_the_windows_are_half_open(on):
    """An event on day 30 is inside the label window of 30 and outside that of 20; one on day 20 is 20 days before 40."""
    measure = own(on(days={"dan": ENDS, "ann": [20, 30]}))
    # ann isn't there at 20; at 30 and 40 she could leave, and did at 40; at 50 she could (30 is 20 days before), and did.
    assert measure.churn_rate == pytest.approx((0 + 0 + 1 / 2 + 1 / 2) / 4)


def test_who_came_back(on):
    """Ann left at 20 and came back on day 34, the fifth after her label window; bob left at 20 and 30, and never did.

    Watched: ann until she is back, bob for 30 days from the window of 20 and 20 from that of 30: a third is back by day 5.
    """
    measure = own(on(days={"dan": ENDS, "ann": [10, 34, 44, 54], "bob": [19]}))
    # At 30 ann could leave (10 is 20 days before) but bought on 34.
    assert measure.returns.within(4) == 0
    assert measure.returns.within(5) == pytest.approx(1 / 3)
    assert measure.seen_days == 30


def test_later_spend(on):
    """The money that those who had left spent after their label windows, of all that known customers spent then.

    Ann left at 20 and 30 and buys twice after the first window (45, 55) and twice after the second. Dan spends 10 on each
    of 39, 49, 59 (from 30), 49, 59 (from 40), 59 (from 50). Ann also counts as known: 2 + 2 from 30 and 40, 1 from 50.
    """
    measure = own(on(days={"dan": ENDS, "ann": [15, 45, 55]}))
    assert measure.later_spend_share == pytest.approx((2 + 2) / (3 + 2 + 1 + 2 + 2 + 1))


def test_events_without_money_have_no_later_spend(on):
    """Where no purchase is among the events, nobody knows what was spent."""
    rows = "\n".join(f"dan 2024-{month}-{day} login" for month in ("01", "02") for day in ("01", "15", "29"))
    found = on(
        activity=f"customer_id occurred_at event\n{rows}",
        transactions="customer_id occurred_at amount\ndan 2024-01-01 5",
        churn={"horizon_days": 10, "active_within_days": 20, "events": ["activity"]},
    )
    assert own(found).later_spend_share is None
    assert own(found).population == 1


def test_several_event_tables(on):
    """A login shows life as a purchase does: ann, who bought on day 15 and logged in on day 25, left at 30, not at 20."""
    found = on(
        activity="customer_id occurred_at event\ndan 2024-01-01 login\nann 2024-01-26 login\ndan 2024-02-10 login\ndan 2024-02-29 login",
        days={"dan": ENDS, "ann": [15]},
        churn={"horizon_days": 10, "active_within_days": 20, "events": ["transactions", "activity"]},
    )
    # The cutoffs are 20, 30, 40, 50; ann could leave at 20 (stayed), 30 and 40 (left).
    assert own(found).churn_rate == pytest.approx((0 + 1 / 2 + 1 / 2 + 0) / 4)


def test_segments(on):
    """Each segment has its own population and rate; together they are everybody."""
    found = on(
        days={"dan": ENDS, "ann": [15], "bob": [15]},
        customers="customer_id segment\ndan shop\nann web\nbob -",
    )
    rates = {each.segment: (each.population, each.churn_rate) for each in found.by_segment if each.definition.own}
    assert rates == {"(none)": (1, 1), "shop": (1, 0), "web": (1, 1)}
    assert found.segment == "segment"


def test_small_segments_are_counted_together(on):
    """The eight largest are told apart."""
    people = {f"c{number:02d}": [15] for number in range(10)}
    rows = "\n".join(f"{name} s{name[1:]}" for name in people)
    found = on(days={"dan": ENDS, **people}, customers=f"customer_id segment\ndan s00\n{rows}")
    sizes = {each.segment: each.population for each in found.by_segment if each.definition.own}
    assert len(sizes) == 9
    assert sizes["(others)"] == 2


def test_three_weeks(on):
    """Too short for anything: each definition says how many days are missing, and nothing is advised."""
    found = on(days={"ann": [0, 10, 20], "bob": [3]}, churn={"horizon_days": 30, "active_within_days": 60})
    assert [each.missing_days for each in found.measures] == [6 * days - 21 for days in (30, 60, 90, 180)]
    assert found.advice.lines == ()
    assert found.advice.reason == (
        "No advice: for 30 days of silence the data are 159 days too short; export a longer period."
    )


@pytest.mark.parametrize("days", [{"ann": [0]}, {"ann": [0], "bob": [0]}, {"ann": [0], "bob": [25], "cat": [50]}])
def test_next_to_nothing(on, days):
    """A single event, one day, and one-time buyers are answered, too."""
    found = on(days=days)
    assert found.customers == len(days)
    assert found.advice.reason


def test_a_label_is_no_definition_to_count(on):
    """Where a column says who left, silence is counted instead: by purchases, and without one of the project's own."""
    found = on(
        days={"dan": ENDS},
        customers="customer_id gone\ndan no",
        churn={
            "definition": "label",
            "horizon_days": 10,
            "column": "gone",
            "left": ["yes"],
            "labelled_on": "2024-03-01",
        },
        panel={"test": 0.25},
    )
    assert found.events == ("transactions",)
    assert [each.definition.horizon_days for each in found.measures] == [30, 60, 90, 180]
    assert not any(each.definition.own for each in found.measures)


def test_the_definitions_that_are_compared():
    """30 to 180 days and the one in params.yaml, once each; cancellation where contracts are."""
    churn = Churn(horizon_days=60, active_within_days=120)
    found = definitions(churn, ["transactions"], ["transactions"])
    assert found == [
        Definition("inactivity", 30, 60),
        Definition("inactivity", 60, 120, own=True),
        Definition("inactivity", 90, 180),
        Definition("inactivity", 180, 360),
    ]
    cancelled = definitions(Churn(definition="cancellation", horizon_days=45), [], ["subscriptions"])
    assert [(each.horizon_days, each.own) for each in cancelled] == [
        (30, False),
        (45, True),
        (60, False),
        (90, False),
        (180, False),
    ]
    assert {each.active_within_days for each in cancelled} == {None}


def test_at_most_sixty_cutoffs():
    """The newest are enough, however long the history."""
    cutoffs = Definition("inactivity", 1, 2).cutoffs(Span(date(2000, 1, 1), date(2020, 1, 1)))
    assert len(cutoffs) == 60
    assert cutoffs[-1] == date(2019, 12, 31)


def test_all_are_compared_by_the_same_time():
    """Whoever can be watched for 20 days only decides that all shares are of 20 days; who can't be has none."""

    def watched(days, seen_days, cutoffs):
        returns = Returns([Wait(15, True, 1), Wait(seen_days, False, 1)])
        return Measure(
            Definition("inactivity", days, 2 * days), None, (date(2024, 1, 1),) * cutoffs, 1, 2, 0.1, 0.1, 0.1, 0, returns,
            seen_days, None, 0,
        )  # fmt: skip

    found = with_back([watched(30, 40, 9), watched(60, 20, 4), watched(90, 10, 1)])
    assert [(each.back, each.back_days) for each in found] == [(0.5, 20), (0.5, 20), (None, 20)]
