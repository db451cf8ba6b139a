"""Contracts, by hand: ann's third runs since 2024-01-10, dearer and larger than the second; ends that came later are planted."""

import pytest

from churnml.features.subscription import subscription

BOUGHT = """
    customer_id  occurred_at  amount
    ann          2024-01-15   10
    bob          2024-01-15   10
"""
CONTRACTS = """
    customer_id  started_at  ended_at    plan   monthly_amount  auto_renew  renews_at
    ann          2022-06-01  2023-02-01  plus   20              no          2022-07-01
    ann          2023-02-01  2024-01-10  basic  10              no          2023-03-01
    ann          2024-01-10  2024-03-01  plus   15              no          2024-03-02
    ann          2024-03-01  -           pro    99              yes         2024-04-01
"""
BY_HAND = {
    "contracts_running": 1,
    "contract_age_days": 51,
    "contract_anniversary_days": 315,  # 2025-01-10
    "contract_plan": "plus",
    "contract_monthly_amount": 15,
    "contracts_ended_28d": 0,  # both ended earlier
    "contract_ended_days": 51,
    "plan_change_days": 51,
    "plan_change_step": 1,
    "contract_price_ratio": 1.5,
}
ALL_COLUMNS = ["ended_on", "plan", "monthly_amount"]


def test_every_entry_by_hand(at):
    """Each entry is in the table above, and nothing else is an entry; neither the end on as_of nor what follows is known."""
    assert {feature.name for feature in subscription([7, 28], ALL_COLUMNS).features} == set(BY_HAND)
    ann = at(transactions=BOUGHT, subscriptions=CONTRACTS)["ann"]
    assert {name: ann[name] for name in BY_HAND} == BY_HAND


def test_how_it_renews_is_never_read(at):
    """auto_renew and renews_at show today's setting: with others, or without them, everything stays the same."""
    ann = repr(at(transactions=BOUGHT, subscriptions=CONTRACTS)["ann"])
    assert repr(at(transactions=BOUGHT, subscriptions=CONTRACTS.replace(" no ", " yes"))["ann"]) == ann
    bare = "\n".join(" ".join(line.split()[:5]) for line in CONTRACTS.strip().splitlines())
    assert repr(at(transactions=BOUGHT, subscriptions=bare)["ann"]) == ann


def test_without_contracts(at):
    """None runs and none ended; all else is unknown."""
    bob = at(transactions=BOUGHT, subscriptions=CONTRACTS)["bob"]
    counts = {"contracts_running": 0, "contracts_ended_28d": 0}
    assert {name: bob[name] for name in BY_HAND} == dict.fromkeys(BY_HAND) | counts


def test_who_has_none_any_more(at):
    """A contract that ended has no age, no anniversary and no price."""
    ann = at(
        transactions=BOUGHT,
        subscriptions="customer_id started_at ended_at monthly_amount\nann 2023-02-01 2024-02-20 9",
    )["ann"]
    assert (ann["contracts_running"], ann["contracts_ended_28d"], ann["contract_ended_days"]) == (0, 1, 10)
    assert {ann[f"contract_{name}"] for name in ("age_days", "anniversary_days", "monthly_amount")} == {None}


@pytest.mark.parametrize(
    ("started", "days"),
    [
        *[("2023-03-01", 0), ("2024-02-29", 365 - 1), ("2024-01-01", 306), ("2020-02-29", 364), ("2023-03-02", 1)],
        *[("2023-02-28", 364), ("2022-12-31", 305)],
    ],
)
def test_days_to_the_next_anniversary(at, started, days):
    """On the anniversary itself it is 0; who began on a 29th of February has it on the 28th."""
    ann = at(transactions=BOUGHT, subscriptions=f"customer_id started_at\nann {started}")["ann"]
    assert ann["contract_anniversary_days"] == days


def test_a_second_contract_beside_the_first_changes_no_plan(at):
    """Both run: their amounts add up, the nearer anniversary counts, and neither follows the other."""
    ann = at(
        transactions=BOUGHT,
        subscriptions="""
            customer_id  started_at  ended_at  plan   monthly_amount
            ann          2023-03-11  -         basic  10
            ann          2024-02-20  -         pro    30
        """,
    )["ann"]
    assert (ann["contracts_running"], ann["contract_monthly_amount"], ann["contract_age_days"]) == (2, 40, 10)
    assert ann["contract_anniversary_days"] == 10
    assert {ann[name] for name in ("plan_change_days", "plan_change_step", "contract_price_ratio")} == {None}


def test_a_description_is_no_plan(at):
    """What nobody else has sorts nobody; of two that run, the newest one's plan that is one counts."""
    rows = ["ann 2023-02-01 basic", f"ann 2023-05-01 {'x' * 41}", f"bob 2023-05-01 {'x' * 40}"]
    people = at(
        transactions=BOUGHT,
        subscriptions="\n".join(["customer_id started_at plan ended_at", *(f"{row} -" for row in rows)]),
    )
    assert [people[name]["contract_plan"] for name in ("ann", "bob")] == ["basic", "x" * 40]


@pytest.mark.parametrize(("ended", "follows"), [("2024-01-01", True), ("2024-02-28", True), ("2024-03-01", False)])
def test_a_contract_follows_one_that_has_ended_about_then(at, ended, follows):
    """Weeks in which both ran are a handover; an end that isn't known yet is none."""
    ann = at(
        transactions=BOUGHT,
        subscriptions=f"""
            customer_id  started_at  ended_at  plan   monthly_amount
            ann          2023-03-11  {ended}   pro    30
            ann          2024-02-10  -         basic  10
        """,
    )["ann"]
    assert ann["plan_change_step"] == (-1 if follows else None)
    assert ann["contract_price_ratio"] == (pytest.approx(1 / 3) if follows else None)


def test_a_dearer_contract_of_the_same_plan_is_no_change_of_plan(at):
    """The price is compared all the same."""
    ann = at(
        transactions=BOUGHT,
        subscriptions="""
            customer_id  started_at  ended_at    plan   monthly_amount
            ann          2023-03-11  2024-02-10  basic  10
            ann          2024-02-10  -           basic  12
        """,
    )["ann"]
    assert (ann["plan_change_days"], ann["contract_price_ratio"]) == (None, 1.2)


def test_without_ends_a_contract_runs_until_the_next(at):
    """Nothing is said of ends; the last contract is the one that runs."""
    ann = at(
        transactions=BOUGHT,
        subscriptions="""
            customer_id  started_at  plan   monthly_amount
            ann          2023-03-11  basic  10
            ann          2024-02-10  plus   20
        """,
    )["ann"]
    assert (ann["contracts_running"], ann["contract_monthly_amount"], ann["plan_change_step"]) == (1, 20, 1)
    assert {"contracts_ended_28d", "contract_ended_days"}.isdisjoint(ann)


def test_optional_columns(at):
    """Without plan and amount nothing is said of them."""
    ann = at(transactions=BOUGHT, subscriptions="customer_id started_at ended_at\nann 2024-02-10 -")["ann"]
    there = {
        "contracts_running",
        "contract_age_days",
        "contract_anniversary_days",
        "contracts_ended_28d",
        "contract_ended_days",
    }
    assert there == set(BY_HAND) & set(ann)
