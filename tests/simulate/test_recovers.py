"""What was planted is found again: in the exports and in the truth, within the bounds of chance."""

from dataclasses import replace
from math import sqrt

import pytest

from churnml.simulate import simulate, world_of
from churnml.simulate.world import ACTIONS, CAUSES
from truths import Made

FOUR_SIGMA = 4
AGAINST = {"service": "apology", "value": "training", "operations": "data_fix", "relationship": "visit"}


def near(expected: float, sigmas: float = FOUR_SIGMA):
    """A count of independent events, within the bounds of chance."""
    return pytest.approx(expected, abs=sigmas * sqrt(expected))


def test_as_many_leave_as_the_hazards_say(retail):
    """The hazards of all weeks add up to the number of departures."""
    [expected] = retail.one("SELECT sum(1 - pow(1 - hazard, 7)) FROM states")
    assert retail.one("SELECT count(*) FROM departures") == (near(expected),)


@pytest.mark.parametrize("cause", [*CAUSES, "none"])
def test_as_many_leave_for_a_cause_as_its_hazards_say(retail, cause):
    """Each cause takes its share of the hazard: its departures are as many as its hazards add up to."""
    [expected] = retail.one(
        f"SELECT sum((1 - pow(1 - hazard, 7)) * hazard_{cause} / hazard) FROM states WHERE hazard > 0"
    )
    assert retail.one(f"SELECT count(*) FROM departures WHERE cause = '{cause}'") == (near(expected),)


def test_a_hazard_means_what_it_says(retail):
    """In each tenth of the hazard, from the lowest to the highest, as many leave within the week as it says."""
    tenths = retail.truth.sql(
        """
        SELECT tenth, sum(1 - pow(1 - hazard, 7)) AS expected, count(left_on) AS left_then FROM (
            SELECT customer_id, week, hazard, ntile(10) OVER (ORDER BY hazard, customer_id, week) AS tenth FROM states)
        LEFT JOIN departures ON departures.customer_id = states.customer_id
            AND left_on >= week AND left_on < week + 7 GROUP BY tenth""".replace(
            "states.customer_id", "unnamed_subquery.customer_id"
        )
    ).fetchall()
    assert len(tenths) == 10
    for tenth, expected, left in tenths:
        assert left == near(expected), tenth


def test_hazards_add_up(retail):
    """The hazard is the sum of the hazards by cause, never above .08 a day."""
    parts = " + ".join(f"hazard_{cause}" for cause in (*CAUSES, "none"))
    [error, highest] = retail.one(f"SELECT max(abs(hazard - ({parts}))), max(hazard) FROM states")
    assert error < 1e-6
    assert 0.02 < highest <= 0.080001


def test_nobody_acts_after_leaving(retail):
    """No order and no visit between a departure and the return; refunds of earlier orders may still come."""
    for events, who, at, which in (("orders", "Buyer", "Ordered", "WHERE Paid >= 0"), ("events", "user_id", "ts", "")):
        assert retail.one(f"""
            SELECT count(*) FROM (SELECT {who} AS customer_id, CAST({at} AS DATE) AS day FROM {events} {which}) AS acts
            JOIN departures USING (customer_id)
            WHERE day >= left_on AND day < coalesce(returned_on, DATE '2100-01-01')""") == (0,)


def test_orders_come_at_the_planted_pace(retail):
    """Order days are as many as the customers' paces add up to; the sign-up's order, and weeks cut short, set apart."""
    [expected, happened] = retail.one("""
        WITH whole AS (
            SELECT customer_id, week, orders_per_day FROM states
            ANTI JOIN departures ON departures.customer_id = states.customer_id AND left_on >= week AND left_on < week + 7),
        days AS (SELECT DISTINCT Buyer AS customer_id, CAST(Ordered AS DATE) AS day FROM orders WHERE Paid >= 0)
        SELECT (SELECT 7 * sum(least(orders_per_day, 1)) FROM whole),
            (SELECT count(*) FROM whole JOIN days ON days.customer_id = whole.customer_id AND day >= week AND day < week + 7)""")
    assert happened == pytest.approx(expected, rel=0.01)


def test_retention_lists_draw_lots(retail):
    """A fifth of each list is left alone, and each action is as frequent as any other."""
    [listed, alone] = retail.one("SELECT count(*), count(*) FILTER (arm = 'holdout') FROM contacts")
    assert alone == pytest.approx(0.2 * listed, abs=FOUR_SIGMA * sqrt(0.16 * listed))
    for action in ACTIONS:
        assert retail.one(f"SELECT count(*) FROM contacts WHERE action = '{action}'") == (near(listed / len(ACTIONS)),)


def test_contacting_has_the_planted_effect(tmp_path):
    """The truth states the effect of contacting, and the arms show it.

    In a world where every action heals nine tenths of every grievance, as many of the treated leave in the week after
    as the hazard after the action says, and of those left alone as many as the hazard without it says.
    """
    usual = world_of("retail")
    world = replace(usual, holdout=0.5, heals=((0.9,) * 5,) * 6, pull=tuple(3 * pull for pull in usual.pull))
    made = Made(tmp_path / "w", world, simulate(tmp_path / "w", world, customers=8192, seed=7))
    per_head = {}
    for arm, hazard in (("treated", "hazard_if_treated"), ("holdout", "hazard_before")):
        happened, expected, listed = made.one(f"""
            SELECT count(later.customer_id), sum(1 - pow(1 - {hazard}, 7)), count(*) FROM contacts
            ANTI JOIN departures AS gone
                ON gone.customer_id = contacts.customer_id AND gone.left_on >= week AND gone.left_on < week + 7
            LEFT JOIN departures AS later ON later.customer_id = contacts.customer_id
                AND later.left_on >= week + 7 AND later.left_on < week + 14
            WHERE alive AND (reached OR arm = 'holdout') AND arm = '{arm}'""")
        assert happened == near(expected), arm
        per_head[arm] = happened / listed
    assert per_head["treated"] < 0.6 * per_head["holdout"]


def test_the_right_action_heals_its_cause(retail):
    """Of a hazard that is nearly all of one cause, the action against it takes away its planted share, others nearly none."""
    for cause, action in AGAINST.items():
        share = retail.world.heals[ACTIONS.index(action)][CAUSES.index(cause)]
        [found, wrong] = retail.one(f"""
            SELECT avg(1 - hazard_if_treated / hazard_before) FILTER (action = '{action}'),
                avg(1 - hazard_if_treated / hazard_before) FILTER (action = 'care_message')
            FROM contacts JOIN states USING (customer_id, week) WHERE hazard_before > 0 AND hazard_{cause} > 0.95 * hazard""")
        assert found == pytest.approx(share, abs=0.05), cause
        assert wrong < share / 2, cause


def test_offers_wake_sleeping_dogs(retail):
    """An offer to somebody without any grievance raises the hazard: it reminds of the competitor."""
    [more, listed] = retail.one("""
        SELECT avg(CAST(hazard_if_treated > hazard_before AS INT)), count(*) FROM contacts JOIN states USING (customer_id, week)
        WHERE action = 'offer' AND hazard_none = hazard AND hazard > 0""")
    assert listed > 50
    assert more > 0.99


def test_tickets_are_rare_and_skewed(retail):
    """Fewer than a fiftieth of customer-weeks has a ticket, a tenth of the customers has most of them, few complain."""
    [tickets, complaints, weeks] = retail.one(
        "SELECT count(*), count(*) FILTER (Type = 'complaint'), (SELECT count(*) FROM states) FROM tickets"
    )
    assert tickets / weeks < 0.025
    assert 0.1 < complaints / tickets < 0.35
    [of_the_tenth] = retail.one("""
        SELECT sum(n) FROM (SELECT count(*) AS n FROM tickets GROUP BY Requester ORDER BY n DESC LIMIT 1638)""")
    assert of_the_tenth > 0.5 * tickets


def test_bad_handling_makes_customers_leave(retail):
    """Within eight weeks, more of those whose ticket was answered late leave than of those who got a quick answer."""
    [late, quick] = retail.one("""
        WITH answered AS (
            SELECT Requester AS customer_id, CAST(Created AS DATE) AS day,
                date_diff('hour', CAST(Created AS TIMESTAMP), CAST("First reply" AS TIMESTAMP)) > 24 AS late FROM tickets)
        SELECT avg(gone) FILTER (late), avg(gone) FILTER (NOT late) FROM (
            SELECT late, CAST(EXISTS (SELECT 1 FROM departures WHERE departures.customer_id = answered.customer_id
                AND left_on >= day + 7 AND left_on < day + 63) AS INT) AS gone FROM answered)""")
    assert late > 1.5 * quick
