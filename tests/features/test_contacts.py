"""Contacts and answers; an answer counts from the day after it came."""

import pytest

from churnml.config import Features

BOUGHT = """
    customer_id  occurred_at  amount
    ann          2024-01-15   10
    bob          2024-01-15   10
"""
CONTACTED = """
    customer_id  contacted_at  action  answered_at  answer
    ann          2024-02-01    mail    2024-02-10   yes
    ann          2024-02-02    mail    2024-02-05   no
    ann          2024-02-20    call    2024-03-01   never
    ann          2024-02-25    visit   -            -
    ann          2024-03-01    call    2024-03-01   never
"""


def test_contacts_and_answers_by_hand(at):
    """Four contacts and two answers were known; 28 days hold three of the contacts and both answers."""
    ann = at(transactions=BOUGHT, contacts=CONTACTED)["ann"]
    assert ann["contact_recency_days"] == 5
    assert ann["contacts_answered_share"] == 2 / 4
    assert (ann["contacts_28d"], ann["answers_28d"]) == (3, 2)


def test_the_last_contacts_and_the_last_answer(at):
    """The contacts of the 20th and the 25th weren't answered by then; `yes` came last, to the first of all."""
    ann = at(transactions=BOUGHT, contacts=CONTACTED)["ann"]
    assert (ann["contacts_unanswered_in_row"], ann["last_action"]) == (2, "visit")
    assert (ann["answer_recency_days"], ann["last_answer"]) == (20, "yes")


def test_who_answers_more_slowly(at):
    """Answers took 9 and 3 days, and the newest of them 9: 3 more than usual. Who never answered has no pace."""
    people = at(transactions=BOUGHT, contacts=CONTACTED)
    ann = people["ann"]
    assert (ann["answer_mean_days"], ann["answer_slower_days"]) == (6, 3)
    assert (people["bob"]["answer_mean_days"], people["bob"]["answer_slower_days"]) == (None, None)


def test_an_answer_ends_the_row_of_unanswered_contacts(at):
    """Whoever answered the last contact left none unanswered; whoever never answered, all of them."""
    people = at(
        transactions=BOUGHT,
        contacts="""
            customer_id  contacted_at  action  answered_at
            ann          2024-02-10    mail    -
            ann          2024-02-20    mail    2024-02-29
            bob          2024-02-10    mail    -
            bob          2024-02-20    mail    2024-03-01
        """,
    )
    assert [people[name]["contacts_unanswered_in_row"] for name in ("ann", "bob")] == [0, 2]


def test_ties_are_broken_by_words(at):
    """Two contacts and two answers of one moment: the first by name, whatever the order of rows."""
    rows = ["ann 2024-02-10 visit 2024-02-12 maybe", "ann 2024-02-10 call 2024-02-12 later"]
    header = "customer_id contacted_at action answered_at answer"
    for order in (rows, rows[::-1]):
        ann = at(transactions=BOUGHT, contacts="\n".join([header, *order]))["ann"]
        assert (ann["last_action"], ann["last_answer"]) == ("call", "later")


def test_sentences_are_no_answers_to_learn_from(at):
    """What somebody wrote freely sorts nobody and may be private: it is unknown, but it is an answer."""
    said = "please-call-me-again-on-0170-5551234"
    ann = at(
        transactions=BOUGHT,
        contacts=f"customer_id contacted_at action answered_at answer\nann 2024-02-10 mail 2024-02-12 {said}",
    )["ann"]
    assert (ann["last_answer"], ann["answer_recency_days"]) == (None, 18)


def test_the_holdout_wasnt_contacted(at):
    """Rows of the holdout say whom we left alone."""
    people = at(
        transactions=BOUGHT,
        contacts="customer_id contacted_at action arm\nann 2024-02-10 mail Holdout\nbob 2024-02-10 mail treated",
    )
    assert [people[name]["contacts_28d"] for name in ("ann", "bob")] == [0, 1]
    assert [people[name]["last_action"] for name in ("ann", "bob")] == [None, "mail"]


def test_nobody_contacted_is_zero_contacts_and_an_unknown_share(at):
    """Counts are 0, shares and recencies of what never happened are unknown."""
    bob = at(transactions=BOUGHT, contacts=CONTACTED)["bob"]
    assert (bob["contacts_28d"], bob["answers_28d"]) == (0, 0)
    assert bob["contacts_unanswered_in_row"] == 0
    for name in (
        "contacts_answered_share",
        "contact_recency_days",
        "answer_recency_days",
        "last_action",
        "last_answer",
    ):
        assert bob[name] is None


def test_without_answers_there_are_no_answer_features(at):
    """An export that doesn't say when somebody answered gives no feature about answers, with or without `answer`."""
    for column, cell in (("channel", "phone"), ("answer", "yes")):
        ann = at(
            transactions=BOUGHT,
            contacts=f"customer_id contacted_at action {column}\nann 2024-02-02 mail {cell}",
        )["ann"]
        assert [name for name in ann if "answer" in name] == []
        assert ann["contacts_28d"] == 1


FOLLOWED_UP = """
    customer_id  contacted_at  action         list_id
    ann          2024-01-10    Site-Visit     -
    ann          2024-01-20    mail           spring
    ann          2024-01-30    call           -
    ann          2024-02-20    call           spring
    ann          2024-03-01    visit          -
    bob          2024-02-10    mail           spring
"""


def test_the_silence_of_the_owner(at):
    """Contacts of no list are the owner's: the last of two, 20 days apart, was 31 days ago; the one of as_of isn't known."""
    people = at(transactions=BOUGHT, contacts=FOLLOWED_UP)
    ann, bob = people["ann"], people["bob"]
    assert (ann["contact_recency_days"], ann["owner_contact_recency_days"]) == (10, 31)
    assert ann["owner_silence_ratio"] == 31 / 20
    assert (ann["owner_gap_last_days"], bob["owner_gap_last_days"]) == (20, None)
    assert ann["contact_silence_ratio"] == 10 / ((10 + 10 + 21) / 3)
    assert (bob["contact_recency_days"], bob["owner_contact_recency_days"], bob["owner_silence_ratio"]) == (
        20,
        None,
        None,
    )
    assert bob["contact_silence_ratio"] is None  # one contact has no pace


def test_visits_are_found_by_their_words(at):
    """In any spelling; who was never visited is unknown."""
    people = at(transactions=BOUGHT, contacts=FOLLOWED_UP)
    assert [people[name]["visit_recency_days"] for name in ("ann", "bob")] == [51, None]
    said = "customer_id contacted_at action\nann 2024-02-10 上门拜访"
    assert at(transactions=BOUGHT, contacts=said)["ann"]["visit_recency_days"] == 20


def test_without_lists_nobody_knows_the_owners_contacts(at):
    """An export that doesn't say which contacts a list asked for has no entry about the owner's own."""
    ann = at(transactions=BOUGHT, contacts="customer_id contacted_at action\nann 2024-02-02 mail")["ann"]
    assert [name for name in ann if name.startswith("owner_")] == []
    assert ann["contact_recency_days"] == 28


@pytest.mark.parametrize(("windows", "used"), [((7, 14, 28, 56), {28, 56}), ((7, 14), {14})])
def test_windows_shorter_than_a_month_arent_used(at, windows, used):
    """Contacts are rare: windows of a month and longer, or else the longest there is."""
    ann = at(transactions=BOUGHT, contacts=CONTACTED, params=Features(windows_days=windows))["ann"]
    counted = {name for name in ann if name.startswith("contacts_") and name.endswith("d")}
    assert counted == {f"contacts_{days}d" for days in used}
