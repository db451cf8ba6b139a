"""KPIs on the page."""

from datetime import date

import pandas as pd

from churnml.report.html import section
from churnml.report.kpis import Kpis
from churnml.report.monthly import monthly
from churnml.report.parts import Grid, Picture, Text, Tiles
from churnml.report.pictures import png

HOW = {"days": 28, "window": 112, "model": "recent_spend", "value_days": 365, "currency": "EUR", "contracts": False}
NONE = dict.fromkeys(("churn", "retention", "repurchase", "active_days", "nps", "clv"))
FIRST, SECOND, THIRD = (date(2024, month, 1) for month in (1, 2, 3))


def rates(counted, *rows):
    return pd.DataFrame(
        [
            {"month": month, "customers": of, counted: count, "rate": count / of, "low": 0.0, "high": 1.0}
            for month, of, count in rows
        ]
    )


def retention(*rows):
    return pd.DataFrame(
        [
            {
                "cohort": cohort, "month_number": number, "customers": of, "active": there, "share": there / of,
                "low": 0.0, "high": 1.0, "before": cohort == FIRST,
            }
            for cohort, number, of, there in rows
        ]
    )  # fmt: skip


def parts(told, kind):
    return [part for part in told.parts if isinstance(part, kind)]


def test_churn_in_a_sentence_and_a_tile():
    """The newest month, and whether it is clearly another one than the month before."""
    told = monthly(Kpis(**{**NONE, "churn": rates("left", (FIRST, 1000, 100), (SECOND, 1000, 200))}), **HOW)
    [text] = parts(told, Text)
    assert text.words[0] == (
        "1,000 customers could leave at the start of 2024-02; 20.0 % of them did within 28 days (0.0 % to 100.0 %), 10.0 "
        "points more than of those a month before."
    )
    [tiles] = parts(told, Tiles)
    [tile] = tiles.tiles
    assert (tile.label[0], tile.number[0], tile.beside[0]) == ("Churn rate, 2024-02", "20.0 %", "2024-01: 10.0 %")
    [picture] = parts(told, Picture)
    assert [(row["month"], row["rate"], row["left"]) for row in picture.table.rows] == [
        ("2024-01", 0.1, 100),
        ("2024-02", 0.2, 200),
    ]


def test_a_change_that_may_be_chance():
    """11 of 100 after 10 of 100 is no rise; a first month has nothing to be held against."""
    told = monthly(Kpis(**{**NONE, "churn": rates("left", (FIRST, 100, 10), (SECOND, 100, 11))}), **HOW)
    assert parts(told, Text)[0].words[0].endswith(", not clearly more or less than of those a month before (10.0 %).")
    first = monthly(Kpis(**{**NONE, "churn": rates("left", (FIRST, 100, 10))}), **HOW)
    assert parts(first, Text)[0].words[0].endswith("(0.0 % to 100.0 %).")
    assert not parts(first, Picture)


def test_cohorts_as_a_heat_map():
    """Every cell is a share; who may have been there before is marked and isn't in the sentence."""
    rows = [
        (FIRST, 0, 9, 9),
        (FIRST, 1, 9, 9),
        (FIRST, 2, 9, 9),
        (SECOND, 0, 4, 4),
        (SECOND, 1, 4, 3),
        (THIRD, 0, 2, 2),
    ]
    told = monthly(Kpis(**{**NONE, "retention": retention(*rows)}), **HOW)
    [grid] = parts(told, Grid)
    assert [down[0] for down in grid.down] == [
        "2024-01*\N{NO-BREAK SPACE}(9)",
        "2024-02\N{NO-BREAK SPACE}(4)",
        "2024-03\N{NO-BREAK SPACE}(2)",
    ]
    assert [[cell and cell.words[0][0] for cell in row] for row in grid.cells] == [
        ["100 %", "100 %", "100 %"],
        ["100 %", "75 %", None],
        ["100 %", None, None],
    ]
    assert "No true cohort" in grid.note[0]
    assert parts(told, Text)[0].words[0].startswith("Of 4 customers first seen in 2024-02 to 2024-02, 75.0 % (")


def test_nothing_to_count():
    """Without tables, and without a whole month, a sentence says why."""
    assert parts(monthly(None, **HOW), Text)[0].words[0].startswith("The tables behind these lists aren't here")
    assert parts(monthly(Kpis(**NONE), **HOW), Text)[0].words[0].startswith("The tables hold no whole month of events")


def test_all_of_it_is_written_and_drawn(tmp_path):
    """In both languages."""
    means = pd.DataFrame({"month": [FIRST, SECOND], "customers": [5, 6], "mean": [2.0, 3.0], "low": 1.5, "high": 3.5})
    nps = pd.DataFrame(
        {"month": [FIRST, SECOND], "answers": 9, "promoters": 3, "detractors": 4, "nps": [-11.1, 5.0], "low": -50.0, "high": 40.0}
    )  # fmt: skip
    clv = means.rename(columns={"month": "cohort"}).assign(before=[True, False])
    full = Kpis(
        rates("left", (FIRST, 10, 1), (SECOND, 10, 2)), retention((SECOND, 0, 4, 4), (SECOND, 1, 4, 3)),
        rates("again", (FIRST, 10, 5), (SECOND, 10, 6)), means, nps, clv,
    )  # fmt: skip
    told = monthly(full, **HOW)
    html = section(told)
    assert html.count('lang="zh-CN"') == html.count('lang="en"') > 30
    assert [tile.number[0] for tile in parts(told, Tiles)[0].tiles] == ["20.0 %", "60.0 %", "3.0", "+5", "3 EUR"]
    pictures = parts(told, Picture)
    assert [picture.name for picture in pictures] == [
        "kpi_churn",
        "kpi_repurchase",
        "kpi_active_days",
        "kpi_nps",
        "kpi_clv",
    ]
    assert [row["cohort"] for row in pictures[-1].table.rows] == ["2024-01*", "2024-02"]
    assert png(pictures[3], tmp_path, "en").stat().st_size > 5_000
