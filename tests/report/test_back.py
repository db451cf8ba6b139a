"""Looking back on the page: what is said, and that every number of it is the one that was computed."""

from datetime import date
from functools import partial

import pandas as pd
import pytest

from churnml.bundle import ModelBundle
from churnml.features import write_lives
from churnml.report.back import back, quoted, sayable
from churnml.report.html import section
from churnml.report.looking_back import LastMonths
from churnml.report.losses import Cases, Losses
from churnml.report.parts import Picture, Text
from churnml.report.past import Past, look_back
from churnml.report.pictures import png
from churnml.report.similar import Departures

HOW = {"definition": "inactivity", "value_days": 365, "currency": "EUR"}


def change(measure, side, change, clear=True, apart=True):
    ends = (change - 0.05, change + 0.05)
    return {
        "measure": measure, "side": side, "last": 1 + change, "before": 1.0, "change": change, "change_low": ends[0],
        "change_high": ends[1], "change_clear": clear, "apart": 0.0, "apart_low": 0.0, "apart_high": 0.0,
        "apart_clear": apart,
    }  # fmt: skip


def last(*changes):
    frame = pd.DataFrame(changes)
    months = [
        {"measure": measure, "side": side, "month": month, "mean": 1.0, "low": 0.5, "high": 1.5}
        for measure in dict.fromkeys(frame["measure"])
        for side in ("left", "stayed")
        for month in range(4)
    ]
    return LastMonths(30, frame, pd.DataFrame(months))


def group(name, now, before, clear):
    return {
        "by": "segment", "group": name, "customers_new": 100, "left_new": int(100 * now), "rate_new": now,
        "rate_new_low": now - 0.1, "rate_new_high": now + 0.1, "customers_old": 100, "left_old": int(100 * before),
        "rate_old": before, "rate_old_low": before - 0.1, "rate_old_high": before + 0.1, "change": now - before,
        "change_low": 0.0, "change_high": 0.0, "clear": clear,
    }  # fmt: skip


def past(last_months=None, groups=(), losses=None, cases=None):
    departures = Departures(40, 40, 35, (date(2024, 1, 1), date(2024, 2, 1)))
    return Past(departures, [date(2024, 2, 1)], [date(2024, 1, 1)], last_months, pd.DataFrame(groups), losses, cases)


def said(told):
    return [part.words[0] for part in told.parts if isinstance(part, Text)]


def test_the_sentence_that_people_quote():
    """What fell, by how much, within which interval; what doubled; and beside it the similar customers who stayed."""
    told = last(
        change("active_days", "left", -0.4), change("active_days", "stayed", -0.03),
        change("complaints", "left", 1.0), change("complaints", "stayed", 0.1),
        change("spend", "left", -0.25), change("spend", "stayed", 0.0),
    )  # fmt: skip
    assert quoted(told) == (
        "In their last month, customers who left had 40 % (35 to 45 %) fewer active days, twice as many complaints and "
        "spent 25 % (20 to 30 %) less against the three months before; similar customers who stayed: -3 % active days, "
        "+10 % complaints, +0 % money spent.",
        "与此前三个月相比，流失客户在最后一个月活跃天数减少 40%（35% 至 45%）、投诉数翻倍、消费减少 25%（20% 至 30%）；"
        "相似的留存客户：活跃天数 -3 %，投诉数 +10 %，消费金额 +0 %。",
    )


@pytest.mark.parametrize(("clear", "apart"), [(False, True), (True, False)])
def test_nothing_is_said_that_may_be_chance(clear, apart):
    """A change must be clear, and clearly another one than that of those who stayed."""
    told = last(change("orders", "left", -0.4, clear, apart), change("orders", "stayed", -0.35, True, apart))
    assert sayable(told) == []
    assert quoted(told)[0].startswith("In their last month nothing that is known set those who left clearly apart")


def test_groups_in_which_more_left():
    """Clear ones are said, others only drawn."""
    told = back(past(groups=[group("web", 0.3, 0.1, True), group("shop", 0.2, 0.1, False)]), **HOW)
    assert said(told)[1:] == [
        "At the newest cutoffs 30.0 % of the customers with segment: web left, 20.0 points more than before (10.0 %)."
    ]
    [picture] = [part for part in told.parts if isinstance(part, Picture)]
    assert [row["left"] for row in picture.table.rows] == [0.3, 0.2]


LOST = Losses(
    there=80,
    taken=40,
    money=1000.0,
    by_cause=pd.DataFrame(
        {
            "cause": ["service", "none"], "customers": [60, 20], "money": [750.0, 250.0], "share": [0.75, 0.25],
            "low": [0.6, 0.1], "high": [0.9, 0.4],
        }
    ),
    leavers=pd.DataFrame(),
)  # fmt: skip


def test_money_and_its_causes():
    """How much, for what, with the interval; what isn't known; and that it was scaled."""
    told = back(past(losses=LOST), **HOW)
    assert said(told)[1:] == [
        "With the 80 customers who left at the newest cutoffs went 1,000 EUR of what they would have brought over 365 days; "
        "75.0 % of it (60.0 % to 90.0 %) for slow or broken service. For 25.0 % of it no clear cause can be told.",
        "Causes were looked for with 40 of them, chosen by a hash of the id, and scaled to all.",
    ]
    [picture] = [part for part in told.parts if isinstance(part, Picture)]
    assert [(row["money"], row["from"], row["to"]) for row in picture.table.rows] == [(750, 600, 900), (250, 100, 400)]


def test_cases_show_what_happened_and_name_what_never_did():
    """One picture per case; a lane without anything is said, not drawn."""
    cases = pd.DataFrame({"customer_id": ["007"], "cause": ["service"], "left_on": [date(2024, 2, 1)], "value": [99.0]})
    weeks = pd.DataFrame(
        {
            "customer_id": "007", "week_start": [date(2024, 1, 18), date(2024, 1, 25)] * 2,
            "lane": ["orders", "orders", "tickets", "tickets"], "count": [2, 0, 0, 0],
        }
    )  # fmt: skip
    told = back(past(cases=Cases(cases, weeks)), **HOW)
    [picture] = [part for part in told.parts if isinstance(part, Picture)]
    assert picture.title[0] == "Customer 007: slow or broken service; left on 2024-02-01, worth 99 EUR"
    assert picture.note[0].endswith("In these 26 weeks no tickets.")
    assert [(row["week"], row["lane"], row["count"]) for row in picture.table.rows] == [
        ("2024-01-18", "orders", 2),
        ("2024-01-25", "orders", 0),
    ]


def test_nobody_left():
    """A sentence says so."""
    assert said(back(None, **HOW)) == [
        "Nobody who left at past cutoffs is known here, so there is nothing to look back at."
    ]


def test_the_tiny_shop_is_written_and_drawn(finished, engine, tmp_path):
    """All of it becomes HTML in both languages, and every picture can be drawn."""
    bundle = ModelBundle.load(finished.bundle)
    lives = partial(write_lives, tables=finished.tables, churn=bundle.params.churn, engine=engine, work=tmp_path)
    found = look_back(
        boosters=finished.boosters, snapshots=finished.panel / "snapshots.parquet", bundle=bundle, write_lives=lives,
        engine=engine, work=tmp_path,
    )  # fmt: skip
    told = back(found, **HOW)
    assert section(told).count('<span lang="zh-CN">') == section(told).count('<span lang="en">') > 20
    pictures = [part for part in told.parts if isinstance(part, Picture)]
    assert len({picture.name for picture in pictures}) == len(pictures) > 3
    for picture in (pictures[0], pictures[1], pictures[-1]):
        assert png(picture, tmp_path / "pictures", "zh-CN").stat().st_size > 5_000
