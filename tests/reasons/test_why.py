"""Reasons and causes from a small booster, whatever the rows."""

import lightgbm
import numpy as np
import pyarrow as pa
import pytest

from churnml.model import Columns, Model
from churnml.reasons import why
from churnml.reasons.causes import TELLING
from churnml.reasons.facts import Facts
from churnml.reasons.reasons import attribute_topic
from churnml.reasons.statement import topic_of
from churnml.reasons.topics import TOPICS

WINDOWS = (7, 28, 112)
CAUSES = {
    "recency_days": "none",
    "gap_mean_days": "none",
    "spend_28d": "none",
    "spend_112d": "none",
    "refunds_112d": "service",
    "ticket_about_price_days": "competitor",
    "payment_late_days": "operations",
    "first_reply_mean_112d_hours": "service",
    "mail_off_days": "value",
    "profile_town": "none",
}
RISING = ("recency_days", "refunds_112d", "first_reply_mean_112d_hours")
TOWNS = ("Ash", "Beech")


def made(count, seed):
    """Random customers: half of the cells unknown, so that every pattern of what is known occurs."""
    rng = np.random.default_rng(seed)
    cells = {
        name: pa.array(rng.integers(0, 130, count).astype(float), mask=rng.random(count) < 0.5)
        for name in CAUSES
        if name != "profile_town"
    }
    town = pa.array(rng.choice(["Ash", "Beech", "Elm"], count), mask=rng.random(count) < 0.3)
    return pa.table({**cells, "profile_town": town})


@pytest.fixture(scope="module")
def model():
    """A booster that learned that long silences, refunds and slow answers go before leaving, and one town."""
    rows = made(1500, seed=1)
    columns = Columns(tuple(CAUSES), {"profile_town": TOWNS})
    matrix = columns.matrix(rows)
    rng = np.random.default_rng(2)
    risk = sum(np.nan_to_num(matrix[:, columns.features.index(name)]) for name in RISING) / 130
    risk += matrix[:, columns.features.index("profile_town")] == 1
    label = (rng.random(len(matrix)) < risk / 4).astype(float)
    data = lightgbm.Dataset(matrix, label, categorical_feature=[columns.features.index("profile_town")])
    settings = {"objective": "binary", "verbosity": -1, "num_threads": 1, "deterministic": True, "num_leaves": 6}
    return Model(lightgbm.train(settings, data, 30), columns)


def asked(model, rows, **more):
    """Reasons and causes in English, three at most unless told otherwise."""
    catalog = [{"name": name, "cause": cause} for name, cause in CAUSES.items()]
    given = {"windows_days": WINDOWS, "typical": {}, "most": 3, "locale": "en", "currency": "EUR", **more}
    return why(model, rows, catalog, **given)


def weights(model, rows):
    """By topic, what it adds to the raw score of each row: the sum over its features."""
    added = model.contributions(rows)
    sums = {}
    for place, name in enumerate(model.columns.features):
        topic = topic_of(name, TOPICS)
        key = topic.name if topic else name
        sums[key] = sums.get(key, 0) + added[:, place]
    return sums


WORDS = {
    "recency_days": "no purchase for",
    "last": "last purchase",
    "refunds": "refunds in",
    "voice_price": "wrote of prices",
    "late_payment": "a payment was late",
    "replies": "waited",
    "mail_off": "unsubscribed",
    "spend": "spend ",
    "profile_town": "town: ",
}
TOPIC = {"recency_days": "silence", "last": "silence"}
ORDER = list(dict.fromkeys(one.topic for one in TELLING))


def topic_said(reason):
    """Which topic a reason is from, by how it begins."""
    [key] = [key for key, begins in WORDS.items() if reason.startswith(begins)]
    return TOPIC.get(key, key)


def test_contributions_sum_to_the_raw_score(model):
    """To a millionth, in each of a thousand random rows."""
    rows = made(1000, seed=3)
    raw = model.booster.predict(model.columns.matrix(rows), raw_score=True)
    np.testing.assert_allclose(model.contributions(rows).sum(axis=1), raw, rtol=0, atol=1e-6)


def test_nobody_has_no_contributions(model):
    """No rows, and one column more than features."""
    assert model.contributions(made(0, seed=1)).shape == (0, len(CAUSES) + 1)


def test_what_lowers_the_risk_is_not_said(model):
    """Each reason's topic adds to the score, whatever decides about the cause."""
    rows = made(1000, seed=4)
    added = weights(model, rows)
    found = asked(model, rows, most=10)
    said = [(row, topic_said(reason)) for row, told in enumerate(found.reasons) for reason in told]
    assert {name for _, name in said} >= {"silence", "refunds", "voice_price", "replies", "profile_town"}
    assert [(row, name) for row, name in said if added[name][row] <= 0] == []


def test_the_weightiest_come_first(model):
    """Down to the one that raises the risk least."""
    rows = made(1000, seed=4)
    added = weights(model, rows)
    for row, told in enumerate(asked(model, rows).reasons):
        weight = [added[topic_said(reason)][row] for reason in told]
        assert weight == sorted(weight, reverse=True)


@pytest.mark.parametrize("most", [0, 1, 2, 3, 5])
def test_at_most_so_many(model, most):
    """And one topic gives one reason, however many features it has."""
    reasons = asked(model, made(1000, seed=5), most=most).reasons
    assert max(map(len, reasons)) == most
    topics = [[topic_said(reason) for reason in told] for told in reasons]
    assert [told for told in topics if len(set(told)) < len(told)] == []


@pytest.mark.parametrize("most", [0, 3])
def test_a_cause_is_told_with_what_it_is_read_from(model, most):
    """However many reasons are told, and whether or not it is one: a topic that speaks for it; none without a cause."""
    cause_of = {topic_of(name, TOPICS).name: cause for name, cause in CAUSES.items() if topic_of(name, TOPICS)}
    found = asked(model, made(1000, seed=6), most=most)
    assert set(found.causes) == {"none", "service", "competitor", "operations", "value"}
    for evidence, cause in zip(found.evidence, found.causes, strict=True):
        assert cause == ("none" if evidence is None else cause_of[topic_said(evidence)])


def test_who_has_no_reason(model):
    """Of whom nothing bad is known: no words, no cause, and no error."""
    rows = pa.table({name: pa.nulls(3, pa.string() if name == "profile_town" else pa.float64()) for name in CAUSES})
    found = asked(model, rows)
    assert found.reasons == [(), (), ()]
    assert found.causes.tolist() == ["none"] * 3


def test_nobody(model):
    """No rows: no reasons, no causes."""
    found = asked(model, made(0, seed=1))
    assert (found.reasons, found.causes.tolist()) == ([], [])


def test_words_depend_on_the_customer_alone(model):
    """Backwards, in parts, one by one: the same words and causes."""
    rows = made(120, seed=7)
    together = asked(model, rows)
    backwards = asked(model, rows.take(list(range(119, -1, -1))))
    assert backwards.reasons[::-1] == together.reasons
    assert backwards.causes[::-1].tolist() == together.causes.tolist()
    alone = [asked(model, rows.slice(row, 1)) for row in range(120)]
    assert [found.reasons[0] for found in alone] == together.reasons
    assert [found.causes[0] for found in alone] == together.causes.tolist()


def test_more_rows_than_are_held_at_once(model, monkeypatch):
    """Seven at once or all: the same."""
    rows = made(50, seed=8)
    together = asked(model, rows)
    monkeypatch.setattr("churnml.reasons.reasons._AT_ONCE", 7)
    parts = asked(model, rows)
    assert (parts.reasons, parts.causes.tolist()) == (together.reasons, together.causes.tolist())


def test_the_order_of_columns_is_nothing(model):
    """Numbers are found by name, and what the model doesn't know is ignored."""
    rows = made(50, seed=9)
    other = rows.select(rows.schema.names[::-1]).append_column("zebra", pa.array(np.ones(50)))
    assert asked(model, other).reasons == asked(model, rows).reasons


def test_both_languages_say_the_same_of_the_same(model):
    """As many reasons, with the same numbers, and the same causes."""
    rows = made(300, seed=10)
    english, chinese = asked(model, rows), asked(model, rows, locale="zh-CN")
    assert english.causes.tolist() == chinese.causes.tolist()

    def numbers(reasons):
        return [
            [sorted("".join(c if c.isdigit() else " " for c in reason).split()) for reason in told] for told in reasons
        ]

    assert numbers(english.reasons) == numbers(chinese.reasons)


def test_an_attribute_is_told_as_it_is(model):
    """In the owner's words, by its name in the export; of whom it isn't known it isn't said."""
    rows = made(300, seed=11)
    told = {reason for reasons in asked(model, rows, most=9).reasons for reason in reasons if "town" in reason}
    assert told == {"town: Beech"}
    chinese = asked(model, rows, most=9, locale="zh-CN").reasons
    assert {reason for reasons in chinese for reason in reasons if "town" in reason} == {"town：Beech"}


def test_of_a_cell_that_is_filled_or_not_it_is_said_that_it_is_empty():
    """Nobody understands `owner: 1`, and that there is an owner is no news to worry about."""
    told = attribute_topic("profile_owner", flag=True).statements
    rows = pa.table({"profile_owner": [1.0, 0.0, None]})
    facts = Facts(rows, WINDOWS, {})
    assert [one.true_of(facts).tolist() for one in told] == [[False, True, False]]
    assert [(one.en, one.zh) for one in told] == [("no owner on record", "没有登记 owner")]


@pytest.mark.parametrize(
    ("silence", "cause"),
    [({"recency_days": 8.0}, "operations"), ({"recency_days": 14.0}, "none"), ({}, "operations")],
    ids=["there", "gone", "unknown"],
)
def test_a_bill_left_open_by_who_is_gone_is_no_cause(silence, cause):
    """A payment was late ten days ago: before the silence it is a cause, after it the end of the story."""
    assert cause_of({"payment_late_days": 10.0, **silence}) == cause


@pytest.mark.parametrize(
    ("features", "cause"),
    [
        ({"owner_contact_recency_days": 120.0, "recency_days": 30.0}, "relationship"),
        ({"owner_contact_recency_days": 120.0, "recency_days": 31.0}, "none"),
        ({"owner_contact_recency_days": None, "recency_days": 30.0}, "none"),
        ({"owner_contact_recency_days": 10.0, "owner_gap_last_days": 110.0, "recency_days": 30.0}, "relationship"),
        ({"owner_contact_recency_days": 10.0, "owner_gap_last_days": 109.0, "recency_days": 30.0}, "none"),
        ({"owner_contact_recency_days": 10.0, "owner_gap_last_days": None, "recency_days": 30.0}, "none"),
    ],
    ids=["neglected", "gone", "never", "called since", "called since, gone", "called since for the first time"],
)
def test_neglect_is_a_cause_where_somebody_had_looked_after_them(features, cause):
    """For a quarter before the silence nobody did, whatever came after it; whom nobody ever called, nobody stopped calling."""
    assert cause_of(features) == cause


def test_neglect_is_looked_for_farther_back():
    """Owners went on calling after the silence of 200 days began: the last call before it was 300 days ago, 100 days before."""
    called = {f"owner_contact_{place}_days": days for place, days in enumerate((100.0, 150.0, 300.0), 1)}
    there = {"recency_days": 200.0, "owner_contact_recency_days": 100.0, "owner_gap_last_days": 50.0}
    assert cause_of({**there, **called}) == "relationship"
    assert cause_of({**there, **called, "owner_contact_3_days": 289.0}) == "none"
    assert cause_of(there) == "none"


@pytest.mark.parametrize(
    ("features", "cause"),
    [
        ({"owner_contact_recency_days": None, "profile_owner": 1.0}, "relationship"),
        ({"owner_contact_recency_days": None, "profile_owner": 0.0}, "none"),
        ({"owner_contact_recency_days": 150.0, "profile_owner": 1.0}, "relationship"),
        ({"owner_contact_recency_days": 150.0, "profile_owner": 0.0}, "none"),
    ],
    ids=["never called", "no owner", "not called lately", "called, but no owner"],
)
def test_neglect_is_of_who_has_an_owner(features, cause):
    """Where customers with an owner are known, the others can't be neglected by one."""
    assert cause_of({"recency_days": 30.0, "signed_up_days": 400.0, **features}) == cause


def test_an_owner_by_name_is_no_sign_of_neglect():
    """Only whether somebody is named is read, where the project declares that it never changes."""
    rows = pa.table({"owner_contact_recency_days": [150.0], "profile_owner": ["Ms Moore"], "signed_up_days": [400.0]})
    assert np.isnan(Facts(rows, WINDOWS).owned).all()


@pytest.mark.parametrize(("last", "cause"), [(5.4, "value"), (5.5, "none"), (None, "value")])
def test_who_unsubscribes_and_uses_it_as_deeply_as_before_has_had_enough_of_mails(last, cause):
    """A tenth less with each use is less; where nobody knows, mails speak for themselves."""
    uses = {"last_uses_quantity": last, "earlier_uses_quantity": 6.0}
    assert cause_of({"mail_off_days": 58.0, "recency_days": 30.0, **uses}) == cause


def test_last_uses_tell_of_value_without_a_model_that_knows_them():
    """They are told beside the catalog, and are evidence."""
    found = found_of(
        {"recency_days": 30.0, "last_uses_quantity": 3.0, "earlier_uses_quantity": 6.0}, known=["recency_days"]
    )
    assert (found.causes.tolist(), found.evidence) == (
        ["value"],
        ["did 50 % less with each of their last uses of features than before"],
    )


@pytest.mark.parametrize(
    ("more", "cause"),
    [
        ({}, "operations"),
        ({"contracts_running": 1.0}, "none"),
        ({"contract_ended_days": 5.0}, "none"),
        ({"contract_ended_days": 4.0, "contracts_running": 0.0}, "none"),
        ({"contract_ended_days": 6.0, "contracts_running": 0.0}, "operations"),
    ],
    ids=["no contract", "runs", "ended with the last bill", "ended since", "bought since"],
)
def test_the_bills_of_a_contract_are_no_sign_of_life(more, cause):
    """A payment was late ten days ago, the last activity is 60 and the last purchase 5 days ago: maybe a bill."""
    there = {"payment_late_days": 10.0, "recency_days": 5.0, "activity_recency_days": 60.0}
    assert cause_of({**there, **more}) == cause
    assert cause_of({**there, **more, "activity_recency_days": None}) == "operations"


@pytest.mark.parametrize(("days", "cause"), [(58.0, "value"), (57.0, "none"), (212.0, "value"), (213.0, "none")])
def test_who_unsubscribes_and_stays_has_a_cause(days, cause):
    """For a month at least, and for half a year at most; else it is a farewell, or forgotten."""
    assert cause_of({"mail_off_days": days, "recency_days": 30.0}) == cause


def test_little_use_as_a_last_word_goes_behind_how_it_was_answered():
    """A month before the silence it is the cause; later on the late answer is, if there is one."""
    late = {"first_reply_mean_112d_hours": 90.0, "recency_days": 30.0}
    assert cause_of({**late, "ticket_about_use_days": 58.0}) == "value"
    assert cause_of({**late, "survey_about_use_days": 58.0, "ticket_about_use_days": None}) == "value"
    assert cause_of({**late, "ticket_about_use_days": 57.0}) == "service"
    assert cause_of({**late, "ticket_about_use_days": 57.0, "first_reply_mean_112d_hours": None}) == "value"


def test_what_the_model_makes_of_evidence_is_no_matter():
    """Who still complains is there, which a model may count for them: it is the cause, and no reason."""
    found = found_of({"ticket_about_price_days": 10.0, "recency_days": 8.0}, adds=-1.0)
    assert found.reasons == [()]
    assert (found.causes.tolist(), found.evidence) == (
        ["competitor"],
        ["wrote of prices or other providers 10 days ago"],
    )


def test_what_customers_say_themselves_goes_first():
    """Of several kinds of evidence the most telling decides, though another weighs more."""
    both = {"ticket_about_price_days": 100.0, "first_reply_mean_112d_hours": 90.0}
    assert cause_of(both) == "competitor"
    assert cause_of({**both, "ticket_about_price_days": None}) == "service"


def test_what_customers_say_in_a_notice_goes_before_everything_else():
    """The last one that gave a reason; no model knows of it, so it is evidence and no reason."""
    notices = {"notice_about_operations_days": 12.0, "notice_about_relationship_days": 50.0}
    rows = {"ticket_about_price_days": 10.0, **notices}
    found = found_of(rows, known=["ticket_about_price_days"])
    assert found.causes.tolist() == ["operations"]
    assert found.reasons == [("wrote of prices or other providers 10 days ago",)]
    assert found.evidence == ["gave notice 12 days ago because of bills or wrong data"]
    assert cause_of({**rows, "notice_about_operations_days": None}) == "relationship"
    assert cause_of({**rows, **dict.fromkeys(notices)}) == "competitor"


def cause_of(features):
    """Cause of one customer, where a model holds everything against them."""
    [cause] = found_of(features).causes
    return cause


def found_of(features, adds=1.0, known=None):
    """Reasons and cause of one customer, where each feature that the model knows adds as much; None: it knows all."""
    known = tuple(features) if known is None else tuple(known)
    relationship = ("owner_contact_recency_days", "owner_gap_last_days")
    value = ("ticket_about_use_days", "survey_about_use_days")
    more = {**dict.fromkeys(relationship, "relationship"), **dict.fromkeys(value, "value")}
    rows = pa.table({name: pa.array([number], pa.float64()) for name, number in features.items()})

    class Same:
        columns = Columns(known, {})

        def contributions(self, rows):
            return np.full((rows.num_rows, len(known) + 1), adds)

    entries = [{"name": name, "cause": cause} for name, cause in {**CAUSES, **more}.items()]
    return why(Same(), rows, entries, windows_days=WINDOWS, typical={}, most=3, locale="en", currency="EUR")
