"""Use of the product, by hand: eleven rows of ann before 2024-03-01, of which three are signals."""

import pytest

from churnml.config import Features
from churnml.features.activity import activity

BOUGHT = """
    customer_id  occurred_at  amount
    ann          2024-01-15   10
    bob          2024-01-15   10
"""
DONE = """
    customer_id  occurred_at  event                feature  quantity
    ann          2023-12-02   login                -        -
    ann          2023-12-03   feature_use          reports  4
    ann          2024-01-10   feature_use          reports  1
    ann          2024-01-11   feature_use          export   1
    ann          2024-02-04   feature_use          export   5
    ann          2024-02-04   Log-In               -        -
    ann          2024-02-24   visit                -        -
    ann          2024-02-26   feature_use          api      3
    ann          2024-02-20   key_contact_changed  -        -
    ann          2024-02-21   Payment-Overdue      -        -
    ann          2024-02-28   auto-renew_off       -        -
    ann          2024-03-01   login                reports  9
"""


def of(people, *names):
    return [people[name] for name in names]


def test_every_entry_by_hand(at):
    """Of eight things done, four lie in the last 28 days, on three days; signals are no use.

    28 days hold export and api, quantities of 5, 1 (none given), 1 and 3 on three days. reports was used most until 28
    days ago, and on 2024-01-10 for the last time, 51 days back. The first row lies 90 days back: 4 in 62 days before,
    4 in 28 days now.
    """
    ann = at(transactions=BOUGHT, activity=DONE)["ann"]
    assert of(ann, "activity_recency_days", "login_recency_days") == [4, 26]
    assert of(ann, "activities_7d", "active_days_7d", "activities_28d", "active_days_28d") == [2, 2, 4, 3]
    assert of(ann, "features_used_28d", "activity_depth_28d") == [2, 10 / 3]
    now, before = 4 / 28, 4 / 62
    assert ann["activity_change_28d_baseline"] == pytest.approx((now - before) / (now + before), rel=1e-14)
    assert ann["key_feature_unused_days"] == 51
    assert of(ann, "key_contact_changed_days", "payment_late_days", "auto_renew_off_days") == [10, 9, 2]
    assert ann["cancel_asked_days"] is None


def test_active_days_against_those_expected(at):
    """Three active days in 28, and two in the 28 before. The rate looks 56 days back, twice the longest window, at use alone."""
    ann = at(transactions=BOUGHT, activity=DONE)["ann"]
    assert ann["active_days_28d_surprise"] == pytest.approx(1 / 2.5**0.5, rel=1e-14)


@pytest.mark.parametrize(
    ("before", "now", "surprise"),
    [
        (["2024-01-05", "2024-01-06"], [], -2 / 2.5**0.5),
        (["2024-01-05"], [], -1 / 1.5**0.5),
        (["2024-01-05"], ["2024-02-20"], 0),
        (["2024-01-05"], ["2024-02-20", "2024-02-20", "2024-02-21"], 1 / 1.5**0.5),
        (["2024-01-06"], ["2024-02-20"], None),
        ([], ["2024-02-20"], None),
    ],
)
def test_the_same_silence_surprises_more_of_who_came_often(at, before, now, surprise):
    """One or two days in the 28 before and so many in these 28; a history of less than 56 days promises nothing."""
    rows = "\n".join(f"ann {day} visit" for day in [*before, *now])
    ann = at(transactions=BOUGHT, activity=f"customer_id occurred_at event\n{rows}")["ann"]
    expected = None if surprise is None else pytest.approx(surprise, rel=1e-14, abs=1e-14)
    assert ann["active_days_28d_surprise"] == expected


def test_no_use_of_long_expects_nothing(at):
    """One day in 28 where none was expected: the half day more keeps it finite. A late payment is no use."""
    rows = "ann 2023-12-02 visit\nann 2024-01-20 payment_overdue\nann 2024-02-26 visit"
    ann = at(transactions=BOUGHT, activity=f"customer_id occurred_at event\n{rows}")["ann"]
    assert ann["active_days_28d_surprise"] == pytest.approx(2**0.5, rel=1e-14)


def test_feature_depth_counts_half_for_every_half_life(at):
    """Quantities of 4, 1, 1, 5 and 3 lie 89, 51, 50, 26 and 4 days back; a login uses no feature."""
    uses = {89: 4, 51: 1, 50: 1, 26: 5, 4: 3}
    weights = {age: round(1e6 * 0.5 ** (age / 28)) for age in uses}
    total = sum(round(1e6 * amount * 0.5 ** (age / 28)) for age, amount in uses.items())
    ann = at(transactions=BOUGHT, activity=DONE)["ann"]
    assert ann["feature_depth_decayed_28d"] == pytest.approx(total / sum(weights.values()), rel=1e-14)


def test_who_did_nothing_did_it_zero_times(at):
    """Counts are 0; since when, how deep and against what is unknown."""
    bob = at(transactions=BOUGHT, activity=DONE)["bob"]
    counts = {f"{name}_{days}d" for name in ("activities", "active_days") for days in (7, 28)} | {"features_used_28d"}
    for feature in activity((7, 28), ["occurred_on", "feature"]).features:
        assert bob[feature.name] == (0 if feature.name in counts else None)


def test_without_feature_and_quantity(at):
    """Nothing is said of features, and depth counts rows."""
    ann = at(transactions=BOUGHT, activity="customer_id occurred_at event\nann 2024-02-04 a\nann 2024-02-04 b")["ann"]
    assert ann["activity_depth_28d"] == 2
    assert {"features_used_28d", "key_feature_unused_days", "feature_depth_decayed_28d"}.isdisjoint(ann)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("login_recency_days", "登录"),
        ("login_recency_days", "SIGN_IN"),
        ("key_contact_changed_days", "关键联系人变动"),
        ("payment_late_days", "payment-overdue"),
        ("payment_late_days", "付款逾期"),
        ("auto_renew_off_days", "关闭自动续费"),
        ("cancel_asked_days", "cancel_page_viewed"),
        ("cancel_asked_days", "咨询退订"),
        ("mail_off_days", "newsletter_off"),
        ("mail_off_days", "退订短信"),
    ],
)
def test_words_of_both_languages(at, name, said):
    """Case, hyphens and underscores make no difference."""
    ann = at(transactions=BOUGHT, activity=f"customer_id occurred_at event\nann 2024-02-10 {said}")["ann"]
    assert ann[name] == 20


def test_a_tie_of_key_features_goes_by_name(at):
    """Both were used once until 28 days ago: `export` it is, which was used again 5 days ago."""
    ann = at(
        transactions=BOUGHT,
        activity="""
            customer_id  occurred_at  event  feature
            ann          2024-01-20   use    reports
            ann          2024-01-10   use    export
            ann          2024-02-25   use    export
            ann          2024-02-26   use    reports
            ann          2024-02-26   use    reports
        """,
    )["ann"]
    assert ann["key_feature_unused_days"] == 5


@pytest.mark.parametrize(
    ("first", "now", "change"),
    [("2024-01-05", 0, -1), ("2024-01-05", 1, 0), ("2024-01-05", 3, 0.5), ("2024-01-06", 1, None)],
)
def test_a_baseline_is_as_long_as_the_window(at, first, now, change):
    """One in the 28 days before and none, one or three now; of a first row 55 days back nothing is known."""
    rows = [f"ann {day} visit" for day in [first, *["2024-02-20"] * now]]
    ann = at(transactions=BOUGHT, activity="\n".join(["customer_id occurred_at event", *rows]))["ann"]
    assert ann["activity_change_28d_baseline"] == change


def test_a_late_payment_shows_no_use(at):
    """Whoever only has signals isn't active, and has no key feature."""
    ann = at(
        transactions=BOUGHT,
        activity="customer_id occurred_at event feature\nann 2023-12-02 payment_overdue billing\nann 2024-02-25 付款逾期 -",
    )["ann"]
    assert of(ann, "activities_28d", "active_days_28d") == [0, 0]
    assert ann["active_days_28d_surprise"] is None
    unknown = ("activity_recency_days", "key_feature_unused_days", "activity_change_28d_baseline")
    assert of(ann, *unknown) == [None] * 3


def test_windows(at):
    """Every window counts, those of a month and longer tell breadth, the one next to a month is compared."""
    ann = at(transactions=BOUGHT, activity=DONE, params=Features(windows_days=(7, 30, 60)))["ann"]
    names = {feature.name for feature in activity((7, 30, 60), ["feature"]).features}
    assert names <= set(ann)
    assert {f"activities_{days}d" for days in (7, 30, 60)} <= names
    assert {name for name in names if name.startswith("features_")} == {"features_used_30d", "features_used_60d"}
    assert {"activity_change_30d_baseline", "activity_depth_30d"} <= names


def test_at_most_two_dozen():
    """With the usual windows the family stays readable."""
    assert len(activity((7, 14, 28, 56, 112), ["feature"]).features) == 24
