"""The pictures of docs/simulator.md, drawn from simulated worlds.

python benchmarks/simulator/pictures.py [--customers 16384]
"""

import argparse
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import duckdb
import matplotlib as mpl
import numpy as np
import pandas as pd

from churnml.simulate import simulate, world_of
from churnml.simulate.world import ACTIONS, CAUSES

mpl.use("Agg")
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

OUT = Path(__file__).parents[2] / "docs/pictures"
COLOURS = {
    "service": "#d55e00", "value": "#0072b2", "competitor": "#cc79a7", "operations": "#009e73",
    "relationship": "#e69f00", "none": "#9a9a9a",
}  # fmt: skip  # Okabe and Ito 2008: told apart by the colour-blind, too
INK, GREY = "#1f4e79", "#9a9a9a"
WHY = (*CAUSES, "none")


class Truths:
    """Worlds by kind and twists; each is made once and asked in SQL."""

    def __init__(self, folder: Path, customers: int) -> None:
        self._folder, self._customers = folder, customers

    def of(self, kind: str, *twists: str) -> duckdb.DuckDBPyConnection:
        """The truth and the orders of a world, as views."""
        folder = self._folder / "-".join([kind, *twists])
        if not folder.exists():
            simulate(folder, world_of(kind, twists), customers=self._customers, seed=7, twists=twists)
        con = duckdb.connect()
        for path in (folder / "truth").glob("*.parquet"):
            con.sql(f"CREATE VIEW {path.stem} AS SELECT * FROM '{path}'")
        for name, files, who in (
            ("orders", "shop", "Buyer"),
            ("tickets", "helpdesk", "Requester"),
            ("calls", "outreach", "Customer"),
        ):
            con.sql(f"""CREATE VIEW {name} AS SELECT *, "{who}" AS customer_id
                        FROM read_csv('{folder}/data/raw/{files}/*.csv', types={{'{who}': 'VARCHAR'}})""")
        return con


def lives(truths: Truths) -> Figure:
    """Four customers: what they did, and the hazard that nobody sees."""
    con = truths.of("retail")
    con.sql("SET VARIABLE begun = DATE '2024-01-01'")
    figure, axes = plt.subplots(4, 1, figsize=(8, 8.4), sharex=True)
    for axis, cause in zip(axes, ("service", "value", "competitor", "none"), strict=True):
        [(who, left)] = con.sql(f"""
            SELECT departures.customer_id, left_on FROM departures JOIN customers USING (customer_id)
            JOIN states ON states.customer_id = departures.customer_id AND left_on >= week AND left_on < week + 7
            WHERE cause = '{cause}' AND left_on BETWEEN DATE '2025-03-01' AND DATE '2025-10-01' AND returned_on IS NULL
                AND hazard_{cause} > .8 * hazard AND customers.orders_per_day BETWEEN .07 AND .12
                AND signed_up_on < DATE '2024-01-01' ORDER BY departures.customer_id LIMIT 1""").fetchall()
        _life(axis, con, who)
        axis.axvline(left, color="black", lw=1)
        said = "left without a cause" if cause == "none" else f"left because of {cause}"
        axis.set_title(f"Customer {who} {said}", loc="left", fontsize=10)
    axes[0].text(0, 1.32, "hazard in % a day, by cause  ·  | order   ^ ticket   o contact by us   black line: leaves",
                 transform=axes[0].transAxes, fontsize=9, color="#444444")  # fmt: skip
    return figure


def _life(axis: Axes, con: duckdb.DuckDBPyConnection, who: str) -> None:
    states = con.sql(f"SELECT * FROM states WHERE customer_id = '{who}' ORDER BY week").df()
    parts = [100 * states[f"hazard_{cause}"] for cause in WHY]
    axis.stackplot(states["week"], parts, colors=[COLOURS[cause] for cause in WHY], step="post")
    top = max(1.0, 1.15 * float(100 * states["hazard"].max()))
    for sql, marker, height, size in (
        (f"SELECT CAST(Ordered AS DATE) FROM orders WHERE customer_id = '{who}' AND Paid >= 0", "|", -0.10, 60),
        (f"SELECT CAST(Created AS DATE) FROM tickets WHERE customer_id = '{who}'", "^", -0.24, 26),
        (
            f"SELECT CAST(Contacted AS DATE) FROM calls WHERE customer_id = '{who}' AND coalesce(\"Group\", '') <> 'holdout'",
            "o",
            -0.24,
            16,
        ),
    ):
        days = [day for (day,) in con.sql(sql).fetchall()]
        axis.scatter(days, [height * top] * len(days), marker=marker, s=size, color="#444444", lw=0.9)
    axis.set_ylim(-0.34 * top, top)
    axis.set_yticks([tick for tick in axis.get_yticks() if 0 <= tick <= top])
    for place, cause in enumerate(cause for cause in WHY if float(states[f"hazard_{cause}"].max()) > 0.0006):
        said = "no cause" if cause == "none" else cause
        axis.annotate(said, (0.01, 0.86 - 0.13 * place), xycoords="axes fraction", color=COLOURS[cause], fontsize=9)
    _plain(axis)


def twists(truths: Truths) -> Figure:
    """How hazards and orders run in the worlds with something special."""
    names = ("", "season", "price_rise", "outage", "drift", "growing")
    figure, axes = plt.subplots(2, 3, figsize=(10, 5.4))
    for axis, name in zip(axes.flat, names, strict=True):
        con = truths.of("retail", *([name] if name else []))
        sums = ", ".join(f"avg(hazard_{cause}) * 1e4 AS {cause}" for cause in WHY)
        weekly = con.sql(f"""
            SELECT week, count(*) AS there, avg(orders_per_day) AS pace, {sums} FROM states GROUP BY week ORDER BY week""").df()
        axis.stackplot(weekly["week"], [weekly[cause] for cause in WHY], colors=[COLOURS[cause] for cause in WHY])
        line = weekly["pace"] if name == "season" else weekly["there"]
        top = float(weekly[list(WHY)].sum(axis=1).max())
        scaled = line / line.max() * 1.15 * top
        axis.plot(weekly["week"], scaled, color="black", lw=1)
        said = " orders" if name == "season" else " customers"
        axis.text(weekly["week"].iloc[-1], scaled.iloc[-1], said, fontsize=8, va="center")
        axis.set_title(name or "nothing special", loc="left", fontsize=10)
        axis.set_xticks([pd.Timestamp(f"{year}-01-01") for year in (2024, 2025, 2026)], ["2024", "2025", "2026"])
        axis.set_ylim(0, 1.25 * top)
        _plain(axis)
    for axis in axes[:, 0]:
        axis.set_ylabel("hazard, 1 in 10,000 a day", fontsize=9)
    for place, cause in enumerate(WHY):
        said = "no cause" if cause == "none" else cause
        axes[0, 0].text(0.62 * place, 1.2, said, transform=axes[0, 0].transAxes, fontsize=9, color=COLOURS[cause])
    return figure


def effects(truths: Truths) -> Figure:
    """What each action does to a hazard of each cause, and whether hazards mean what they say."""
    con = truths.of("retail")
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4), width_ratios=(1.5, 1))
    table = np.zeros((len(ACTIONS), len(WHY)))
    for row, action in enumerate(ACTIONS):
        for column, cause in enumerate(WHY):
            [(change,)] = con.sql(f"""
                SELECT 100 * avg(hazard_if_treated / hazard_before - 1) FROM contacts JOIN states USING (customer_id, week)
                WHERE action = '{action}' AND hazard_before > 0 AND hazard_{cause} > 0.9 * hazard""").fetchall()
            table[row, column] = change
    left.imshow(table, cmap="RdBu_r", vmin=-100, vmax=100, aspect="auto")
    for (row, column), change in np.ndenumerate(table):
        left.text(
            column,
            row,
            f"{change:+.0f} %",
            ha="center",
            va="center",
            fontsize=9,
            color="white" if abs(change) > 60 else "black",
        )
    left.set_xticks(range(len(WHY)), [*CAUSES, "no cause"], fontsize=9)
    left.set_yticks(range(len(ACTIONS)), ACTIONS, fontsize=9)
    left.tick_params(length=0)
    left.set_title("What an action does to a hazard that is nearly all of one cause", loc="left", fontsize=10)
    tenths = con.sql("""
        WITH ranked AS (SELECT *, ntile(20) OVER (ORDER BY hazard, customer_id, week) AS tenth FROM states)
        SELECT avg(1 - pow(1 - hazard, 7)) AS said, count(left_on) / count(*) AS happened, count(*) AS n FROM ranked
        LEFT JOIN departures ON departures.customer_id = ranked.customer_id AND left_on >= week AND left_on < week + 7
        GROUP BY tenth""").df()
    spread = 1.96 * np.sqrt(tenths["happened"] / tenths["n"])
    right.plot([0, 8], [0, 8], color=GREY, lw=1)
    right.errorbar(100 * tenths["said"], 100 * tenths["happened"], 100 * spread, fmt="o", color=INK, ms=4)
    right.set_title("Said to leave in a week, and did, %", loc="left", fontsize=10)
    _plain(right)
    return figure


def likeness_to_real(truths: Truths) -> Figure:
    """Where the retail world lies between CDNOW and Complete Journey."""
    from likeness import likeness  # noqa: PLC0415  beside this file

    from_real = {  # python benchmarks/simulator/likeness.py
        "orders a year": (1.406, 64.416, "repeat_orders_per_year_mean"), "spread of orders": (2.230, 0.871, "repeat_days_per_year_cv"),
        "median gap, days": (34.0, 3.0, "gap_days_median"), "irregularity of gaps": (0.944, 0.874, "gap_cv_median"),
        "churn 28/56": (0.748, 0.129, "churn_28_56"), "churn 90/180": (0.659, 0.055, "churn_90_180"),
        "fell silent": (0.238, 0.030, "silent_share"), "… without slowing down": (0.552, 0.467, "silent_without_slowdown"),
        "order value, mean / median": (1.383, 1.679, "order_value_mean_to_median"),
    }  # fmt: skip
    con = truths.of("retail")
    first = pd.Timestamp("2024-12-29").date()
    orders = con.sql(f"""
        SELECT customer_id, CAST(Ordered AS DATE) AS day, sum(Paid) AS amount FROM orders JOIN customers USING (customer_id)
        WHERE Paid >= 0 AND signed_up_on < DATE '{first}' GROUP BY "Order No", customer_id, day""").df()
    ours = likeness(orders, first, first + timedelta(days=365))
    figure, axis = plt.subplots(figsize=(8, 4))
    for place, (cdnow, journey, statistic) in enumerate(reversed(from_real.values())):
        low, high = sorted((cdnow, journey))
        where = [
            (np.log(value) - np.log(low)) / (np.log(high) - np.log(low)) for value in (cdnow, journey, ours[statistic])
        ]
        axis.plot([0, 1], [place, place], color="#dddddd", lw=6, solid_capstyle="round")
        axis.text(where[0], place + 0.27, f"CDNOW {cdnow:g}", ha="center", fontsize=7, color="#777777")
        axis.text(where[1], place + 0.27, f"Complete Journey {journey:g}", ha="center", fontsize=7, color="#777777")
        axis.plot(where[2], place, "o", color=INK)
        axis.text(where[2], place - 0.42, f"{ours[statistic]:.2g}", ha="center", fontsize=8, color=INK)
    axis.set_yticks(range(len(from_real)), list(reversed(from_real)), fontsize=9)
    axis.set_xticks([])
    axis.set_xlim(-0.25, 2.0)
    for side in ("top", "right", "bottom", "left"):
        axis.spines[side].set_visible(False)
    axis.tick_params(length=0)
    return figure


def _plain(axis: Axes) -> None:
    for side in ("top", "right"):
        axis.spines[side].set_visible(False)
    axis.tick_params(labelsize=8)


PICTURES: dict[str, Callable[[Truths], Figure]] = {
    "simulator-lives": lives, "simulator-twists": twists, "simulator-effects": effects, "simulator-likeness": likeness_to_real,
}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--customers", type=int, default=16_384)
    with tempfile.TemporaryDirectory() as folder:
        truths = Truths(Path(folder), parser.parse_args().customers)
        for name, draw in PICTURES.items():
            figure = draw(truths)
            figure.tight_layout()
            figure.savefig(OUT / f"{name}.png", dpi=110, metadata={"Software": None})
            print(OUT / f"{name}.png")


if __name__ == "__main__":
    main()
