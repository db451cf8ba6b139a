"""Which definition is advised: the shortest that one can learn from and whose leavers stay away; and why."""

from datetime import date

import pytest

from churnml.define.advice import advise, doubts_of
from churnml.define.contracts import Contracts
from churnml.define.definition import Definition
from churnml.define.measure import Measure
from churnml.define.returns import Returns

SHOP = ("transactions",)


def measured(days, *, back=0.1, rate=0.3, left=30, cutoffs=5, kind="inactivity", own=False):
    """A definition of so many days, in round numbers."""
    active = 2 * days if kind == "inactivity" else None
    return Measure(
        definition=Definition(kind, days, active, own=own),
        segment=None,
        cutoffs=(date(2024, 1, 1),) * cutoffs,
        population=1000,
        left=left,
        churn_rate=rate if cutoffs else None,
        churn_rate_low=rate,
        churn_rate_high=rate,
        drift=0,
        returns=Returns([]),
        seen_days=0,
        later_spend_share=None,
        missing_days=0 if cutoffs >= 4 else 100,
        back=back,
        back_days=180,
    )


def chosen(*measures, contracts=None):
    """Kind and horizon of what is advised."""
    advice = advise(measures, contracts, SHOP, 3650)
    return advice.chosen.definition.kind, advice.chosen.definition.horizon_days, bool(advice.doubts)


def contracts(ever):
    """Contracts that such a share of customers has."""
    return Contracts(10, ever, {}, [], Returns([]))


def test_the_shortest_that_passes():
    """30 days are too short, since too many come back; 60 and 90 would do."""
    assert chosen(measured(30, back=0.4), measured(60, back=0.2), measured(90)) == ("inactivity", 60, False)


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"back": 0.21}, "21% of those who left come back within 180 days"),
        ({"back": None}, "nobody can be watched for 180 days more to see whether those who left come back"),
        ({"rate": 0.019}, "hardly anybody leaves (under 2%)"),
        ({"rate": 0.81}, "nearly everybody leaves (over 80%)"),
        ({"left": 29}, "only 29 left, at all cutoffs together"),
        ({"cutoffs": 3}, "the data are 100 days too short for 4 cutoffs"),
    ],
)
def test_what_is_held_against_one(fault, words):
    """Each condition of the rule has its words, and the edges of the rule are inside it."""
    assert doubts_of(measured(30, **fault)) == [words]
    assert chosen(measured(30, **fault), measured(60)) == ("inactivity", 60, False)
    assert doubts_of(measured(30, back=0.2, rate=0.02)) == doubts_of(measured(30, rate=0.8, cutoffs=4)) == []


def test_the_least_doubtful():
    """Where none passes: one that can be learned from, whose leavers come back least; and the doubt is said."""
    found = advise(
        [measured(30, back=0.9), measured(60, back=0.5), measured(90, back=0.1, cutoffs=3)], None, SHOP, 3650
    )
    assert found.chosen.definition.horizon_days == 60
    assert found.doubts == ("50% of those who left come back within 180 days",)
    assert found.reason == (
        "No definition passes the rule; 60 days of silence comes nearest, but 50% of those who left come back within "
        "180 days."
    )


def test_contracts_come_first_where_most_have_one():
    """A cancellation says it better than silence, if half of the customers can cancel."""
    both = [measured(30), measured(60, kind="cancellation")]
    assert chosen(*both, contracts=contracts(0.5)) == ("cancellation", 60, False)
    assert chosen(*both, contracts=contracts(0.49)) == ("inactivity", 30, False)
    assert chosen(measured(60, kind="cancellation"), contracts=contracts(None)) == ("cancellation", 60, False)


def test_who_cannot_cancel_is_said():
    """Where some customers never had a contract, a cancellation leaves them out."""
    found = advise([measured(60, kind="cancellation")], contracts(0.6), SHOP, 3650)
    assert found.reason == (
        "60% of the customers have or had a contract; the others can't leave this way. Cancelling within 60 days: the "
        "shortest horizon with 4 cutoffs or more (5), 2% to 80% leaving (30.0%), and at most 20% of the leavers coming "
        "back (10% within 180 days)."
    )


def test_lines_for_params():
    """The sections churn and panel as they can be pasted; what else must be raised is said."""
    found = advise([measured(60, cutoffs=8)], None, SHOP, 100)
    assert found.lines == (
        "churn:",
        "  definition: inactivity",
        "  events: [transactions]",
        "  horizon_days: 60",
        "  active_within_days: 120",
        "panel: {step_days: 60, test: 2, min_history_days: 120}",
        "# and raise features.history_days from 100 to 120, to see everybody's last event",
    )


def test_what_it_would_cost():
    """The present choice is what the advice is compared with; without one, the next longer horizon."""
    found = advise([measured(28, back=0.45, own=True), measured(60), measured(90)], None, SHOP, 3650)
    assert found.cost == (
        "28 days of silence, as params.yaml has it, instead: each answer would come 32 days sooner, 30.0% of 1,000 "
        "customers would count as leaving, and 45% of those come back within 180 days; 5 cutoffs."
    )
    found = advise([measured(60), measured(90, back=None, cutoffs=1)], None, SHOP, 3650)
    assert found.cost == (
        "90 days of silence instead: each answer would come 30 days later, 30.0% of 1,000 customers would count as "
        "leaving, and how many of those come back within 180 days isn't seen; 1 cutoff."
    )


def test_nothing_to_advise():
    """Without a cutoff there is no advice, but a reason."""
    assert advise([measured(30, cutoffs=0)], None, SHOP, 3650).reason == (
        "No advice: for 30 days of silence the data are 100 days too short; export a longer period."
    )
    assert advise([], None, (), 3650).reason.startswith("No table of events or contracts")
