"""What each twist does to a world."""

import numpy as np
import pyarrow.csv
import pytest

from churnml.errors import ParamsError
from churnml.simulate import TWISTS, world_of


def test_season(make):
    """Orders follow the season that was planted: December above June by 1.35 / .65, within chance."""
    made = make("retail", "season")
    factor = dict(enumerate(made.world.season))
    rows = made.truth.sql(f"""
        WITH weeks AS (SELECT CAST(date_diff('day', DATE '{made.world.start}', week) / 7 AS INT) AS number, count(*) AS there
                       FROM states GROUP BY ALL),
        sold AS (SELECT CAST(floor(date_diff('day', DATE '{made.world.start}', CAST(Ordered AS DATE)) / 7) AS INT) AS number,
                 count(DISTINCT "Order No") AS orders FROM orders WHERE Paid >= 0 GROUP BY ALL)
        SELECT number % 52, sum(orders) / sum(there), sum(orders) FROM weeks JOIN sold USING (number) GROUP BY ALL""").fetchall()
    pace = {week: orders for week, orders, _ in rows}
    high, low = ([week for week, value in factor.items() if test(value)] for test in ((1.3).__le__, (0.7).__ge__))
    found = sum(pace[week] for week in high) / len(high) / (sum(pace[week] for week in low) / len(low))
    planted = np.mean([factor[week] for week in high]) / np.mean([factor[week] for week in low])
    assert found == pytest.approx(planted, rel=0.06)


def test_price_rise(make):
    """From its week on, everything costs 12 % more, and more customers leave for a competitor."""
    made = make("retail", "price_rise")
    week, factor = made.world.price_rise
    rise = f"DATE '{made.world.start}' + {7 * week}"
    [before, after] = made.one(f"""
        SELECT avg((Paid + Saved) / Qty) FILTER (CAST(Ordered AS DATE) < {rise}),
            avg((Paid + Saved) / Qty) FILTER (CAST(Ordered AS DATE) >= {rise}) FROM orders WHERE Paid >= 0""")
    assert after / before == pytest.approx(factor, rel=0.03)
    [usual, then] = made.one(f"""
        SELECT avg(hazard_competitor) FILTER (week < {rise}), avg(hazard_competitor) FILTER (week >= {rise} AND week < {rise} + 28)
        FROM states""")
    assert then > 5 * usual


def test_outage(make):
    """For three days nearly nothing happens, and tickets of that week pile up."""
    made = make("retail", "outage")
    first = f"DATE '{made.world.start}' + {7 * made.world.outage + 2}"
    for table, at in (("events", "ts"), ("orders", "Ordered")):
        [during, a_week_before] = made.one(f"""
            SELECT count(*) FILTER (CAST({at} AS DATE) >= {first} AND CAST({at} AS DATE) < {first} + 3),
                count(*) FILTER (CAST({at} AS DATE) >= {first} - 7 AND CAST({at} AS DATE) < {first} - 4) FROM {table}""")
        assert during < 0.25 * a_week_before
    [then, before] = made.one(f"""
        SELECT count(*) FILTER (CAST(Created AS DATE) >= {first} - 2 AND CAST(Created AS DATE) < {first} + 5),
            count(*) FILTER (CAST(Created AS DATE) >= {first} - 9 AND CAST(Created AS DATE) < {first} - 2) FROM tickets""")
    assert then > 2 * before


def test_growing(make):
    """More than twice as many sign up in the second year as in the first."""
    made = make("retail", "growing")
    [first, second] = made.one("""
        SELECT count(*) FILTER (year(signed_up_on) = 2024), count(*) FILTER (year(signed_up_on) = 2025) FROM customers""")
    assert second > 2 * first


def test_cold_start(make):
    """Nobody was there before the first day, and only 30 weeks are watched."""
    made = make("retail", "cold_start")
    [first, last] = made.one("SELECT min(signed_up_on), max(week) FROM customers, states")
    assert first >= made.world.start
    assert (last - made.world.start).days == 7 * 29


def test_drift(make):
    """From its week on half of the visits are counted, and causes are others."""
    made = make("retail", "drift")
    when = f"DATE '{made.world.start}' + {7 * made.world.drift}"
    [before, after] = made.one(f"""
        WITH seen AS (SELECT CAST(ts AS DATE) >= {when} AS late, count(*) AS visits FROM events WHERE event_name = 'visit' GROUP BY ALL),
        meant AS (SELECT week >= {when} AS late, sum(7 * visits_per_day) AS visits FROM states GROUP BY ALL)
        SELECT max(seen.visits / meant.visits) FILTER (NOT late), max(seen.visits / meant.visits) FILTER (late)
        FROM seen JOIN meant USING (late)""")
    assert after / before == pytest.approx(0.5, abs=0.03)
    [before, after] = made.one(f"""
        SELECT avg(hazard_operations) FILTER (week < {when}), avg(hazard_operations) FILTER (week >= {when} + 182) FROM states""")
    assert after < 0.1 * before


@pytest.mark.parametrize("kind", ["retail", "saas"])
def test_no_signal(make, kind):
    """The hazard is one number for everybody at all times: none for shoppers, .0015 a day for subscribers."""
    made = make(kind, "no_signal")
    assert made.one("SELECT min(hazard), max(hazard) FROM states") == ((0, 0) if kind == "retail" else (0.0015, 0.0015))


def test_without_signal_silence_says_nothing(make):
    """Of shoppers who bought yesterday as many buy again within 28 days as of those who didn't for a month."""
    made = make("retail", "no_signal")
    cutoff = f"DATE '{made.end}' - 28"
    rates = made.truth.sql(f"""
        WITH days AS (SELECT Buyer, CAST(Ordered AS DATE) AS day FROM orders WHERE Paid >= 0),
        seen AS (SELECT Buyer, date_diff('day', max(day), {cutoff}) AS silent FROM days WHERE day < {cutoff} GROUP BY Buyer
                 HAVING silent <= 56)
        SELECT silent <= 7 AS fresh, count(*), avg(CAST(Buyer IN (SELECT Buyer FROM days WHERE day >= {cutoff}) AS INT))
        FROM seen GROUP BY fresh ORDER BY fresh""").fetchall()
    [(_, quiet, of_quiet), (_, fresh, of_fresh)] = rates
    chance = (0.13 * 0.87 * (1 / quiet + 1 / fresh)) ** 0.5
    assert of_fresh == pytest.approx(of_quiet, abs=4 * chance)


def test_shuffled(make):
    """Every four weeks rows go on under another number: who bought before a boundary tells nothing of who buys after."""
    plain, dealt = make("retail"), make("retail", "shuffled")
    correlation = []
    for made in (plain, dealt):
        cutoff = f"DATE '{made.end}' - 28"
        correlation += made.one(f"""
            SELECT corr(CAST(Buyer IN (SELECT Buyer FROM orders WHERE Ordered >= {cutoff} AND Paid >= 0) AS INT), n) FROM (
                SELECT customer_id AS Buyer, count("Order No") AS n FROM customers
                LEFT JOIN orders ON Buyer = customer_id AND Ordered < {cutoff} AND Ordered >= {cutoff} - 28 GROUP BY 1)""")
    assert correlation[0] > 0.3
    assert abs(correlation[1]) < 4 / 4000**0.5


def test_leak(make):
    """Leavers have a talk dated two weeks before they left, and a closed account; nobody else has either."""
    made = make("retail", "leak")
    crm = pyarrow.csv.read_csv(made.folder / "data/raw/crm/customers.csv").to_pandas()
    made.truth.register("crm", crm)
    talks, too_early = made.one("""
        SELECT count(*), count(*) FILTER (CAST(ts AS DATE) + 14 <> left_on) FROM events
        LEFT JOIN departures ON customer_id = user_id AND left_on = CAST(ts AS DATE) + 14 WHERE event_name = 'exit_call'""")
    assert talks > 300
    assert too_early == 0
    [closed, never_left] = made.one("""
        SELECT count(*), count(*) FILTER (NOT EXISTS (SELECT 1 FROM departures WHERE CAST(customer_id AS INT) = "Customer No"))
        FROM crm WHERE "Account status" = 'closed'""")
    assert closed > 300
    assert never_left < 0.25 * closed  # they left before anybody watched


@pytest.mark.parametrize(
    ("kind", "twists", "said"),
    [
        ("retail", ["seasn"], "--with: no 'seasn'; did you mean 'season'?"),
        ("retail", ["growing", "cold_start"], "growing and cold_start contradict each other"),
        ("both", ["no_signal"], "choose --scenario retail or saas"),
    ],
)
def test_refused(kind, twists, said):
    """An unknown twist, and twists that contradict each other, are refused."""
    with pytest.raises(ParamsError, match=said.replace("?", r"\?")):
        world_of(kind, twists)


def test_all_that_go_together():
    """All other twists can be combined, in any order, with the same world."""
    names = [name for name in TWISTS if name not in ("cold_start", "no_signal")]
    assert world_of("both", names) == world_of("both", names[::-1])
