"""The CSVs that people and systems open."""

import csv
import tempfile
from dataclasses import replace

import pytest

from churnml.score.files import write_files
from listed import HOW, SAID, changes, scored, unscored

STAKE = ["risk_percent", "expected_loss", "value"]
WHY = ["why", "cause", "evidence"]
PLAN = ["to_do", "channel", "by_whom", "due_on", "script"]
FACTS = ["days_since_purchase", "usual_gap_days", "recent_spend", "rfm", "layer", "group"]
HEADER = [
    *("rank", "customer_id", "name", *STAKE, *WHY, *PLAN, *FACTS),
    *("before", "list_id", "contacted_at", "action", "answer"),
]


@pytest.fixture
def written(tmp_path):
    """Write a pack and give the rows of one of its CSVs."""

    def write(name, how=HOW, rows=None, aside=None, changed=None):
        given = (
            part if part is not None else made()
            for part, made in ((rows, scored), (aside, unscored), (changed, changes))
        )
        write_files(tmp_path, how, *given, SAID)
        with (tmp_path / name).open(encoding="utf-8-sig", newline="") as file:
            return list(csv.reader(file))

    return write


def test_one_file_per_tier_most_urgent_first(written):
    """In the order of the phone call, with three columns to fill in; whoever is held isn't there."""
    assert written("medium.csv") == [
        HEADER,
        [
            *("3", '="9"', "a, b", "25", "1", "4", "nothing that can be put in words raises the risk"),
            *("no clear cause", "", "no play fits", "", "", "", ""),
            *("7", "3", "4", "222", "B", "new", "medium", "2024-01-05 medium", "", "", ""),
        ],
        [
            *("4", "A-42", "张三", "50", "0", "0", "'=late; slow", "no clear cause", ""),
            *("Call them", "chat group", "automatic", "2024-01-12", "'=Good morning"),
            *("", "1", "-5.25", "", "B", "at risk", "medium", "2024-01-05 medium", "", "", ""),
        ],
    ]
    assert [row[0] for row in written("high.csv")] == ["rank", "2"]


def test_the_holdout_has_nothing_to_fill_in(written):
    """Those who are left alone, with the tier that they would be called in."""
    assert written("holdout.csv") == [
        ["rank", "customer_id", "tier", "name", *STAKE, *WHY, *FACTS, "before", "list_id"],
        [
            *(
                "1",
                '="-12"',
                "high",
                "Ann",
                "98.8",
                "20",
                "20.25",
                "2 tickets open",
                "slow or broken service",
                "waited",
            ),
            *("3", "", "250.5", "555", "A", "silent", "", "2024-01-05 high"),
        ],
    ]


def test_the_unscored_have_a_reason_and_no_number(written):
    """A reason without a word is shown as it is."""
    assert written("unscored.csv") == [
        ["customer_id", "name", "reason", "last_seen"],
        ['="11"', "Bo", "too new", "2024-01-03"],
        ["B", "", "odd_case", ""],
    ]


def test_what_changed(written):
    """Tier and risk, before and now."""
    assert written("changes.csv") == [
        ["customer_id", "name", "change", "tier_before", "tier_now", "risk_percent_before", "risk_percent_now"],
        ['="007"', "'=HYPERLINK(1)", "entered", "", "high", "", "12.3"],
        ['="8"', "", "left", "high", "low", "50", "1"],
    ]


def test_in_chinese(written):
    """Headers, tiers, reasons and changes; columns of the customers table keep their names, and so do files and list ids."""
    chinese = replace(HOW, locale="zh-CN")
    assert written("high.csv", chinese) == [
        ["序号", "客户编号", "name", "流失风险（%）", "预期损失", "客户价值", "流失原因", "原因类别", "原因依据", "建议行动", "沟通渠道", "执行人", "最迟日期",
         "参考话术", "距上次购买（天）", "平常购买间隔（天）", "近期消费", "RFM", "价值层级", "客户分组", "上期等级", "名单编号", "联系时间", "措施", "客户答复"],
        ["2", '="007"', "'=HYPERLINK(1)", "12.3", "1", "8.14", "no login for 30 days", "产品价值感下降或需求变化", "uses less", "Call them", "电话", "客户经理",
         "2024-01-08", "Hello", "12", "4.3", "100", "312", "A", "潜在流失高风险", "中", "2024-01-05 high", "", "", ""],
    ]  # fmt: skip
    assert written("unscored.csv", chinese)[1] == [
        '="11"',
        "Bo",
        "新客户，历史太短",
        "2024-01-03",
    ]
    assert written("changes.csv", chinese)[2] == ['="8"', "", "移出名单", "高", "低", "50", "1"]


def test_plain_ids(written):
    """For systems that read the CSV themselves."""
    plain = replace(HOW, csv_ids="plain")
    assert [row[1] for row in written("high.csv", plain)] == ["customer_id", "007"]
    assert [row[1] for row in written("holdout.csv", plain)] == ["customer_id", "'-12"]


def test_without_private_columns(written):
    """What isn't kept isn't there."""
    assert written("high.csv", replace(HOW, keep=[]))[0] == [name for name in HEADER if name != "name"]


def test_nobody_is_an_answer(written):
    """Each file is written with its header, whoever is missing."""
    for name in ("high", "medium", "low", "holdout", "unscored", "changes"):
        assert len(written(f"{name}.csv", HOW, scored().head(0), unscored().head(0), changes().head(0))) == 1


def test_a_tier_of_everybody(written):
    """One tier is called, and it is the only one."""
    only = replace(HOW, tiers=["all"], contacted=["all"])
    assert len(written("all.csv", only, scored(tier=["all"] * 5))) == 5


def test_nothing_is_written_elsewhere(written, tmp_path, monkeypatch):
    """Names and phone numbers never lie among the machine's temporary files, and none of ours stays in the pack."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    written("high.csv")
    names = {"high.csv", "medium.csv", "low.csv", "holdout.csv", "unscored.csv", "changes.csv", "lists.xlsx"}
    assert {path.name for path in tmp_path.iterdir()} == names
