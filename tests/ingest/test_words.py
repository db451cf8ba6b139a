"""What ingest tells, in each language."""

import string
from collections.abc import Iterator
from typing import Protocol, get_args

import pytest

from chinese import is_chinese
from churnml.config import Refunds
from churnml.contracts import broken
from churnml.ingest import words
from churnml.ingest.find import NoFile
from churnml.ingest.findings import Finding, FindingKind
from churnml.ingest.formats import Trait, TraitKind
from churnml.ingest.notes import Note, NoteKind
from churnml.ingest.repair import Repair, RepairKind
from churnml.ingest.rules import Place, Rule, RuleName
from churnml.ingest.unfed import Otherwise, Unfed
from churnml.language import Locale
from intake import Shop, contacts, customers, transactions

TABLES = {name: table for name, table in {**vars(words), **vars(broken)}.items() if name.isupper()}
NAMED = {"by": "order_id", "header": "paid", "month": "2024-02", "first": "opened_at", "second": "resolved_at"}
WITHOUT = (
    NoFile("web*", ("raw",), ("web.pdf",), ("web.pdf",)),
    NoFile("web*.csv", ("raw",), (), ("a.csv", "b.csv", "c.csv", "d.csv")),
    NoFile("web*.csv", ("raw",), (), ()),
    NoFile("web*.csv", ("2026-09", "2026-10"), (), ()),
)


class Line(Protocol):
    """What has words in each language."""

    def line(self, locale: Locale) -> str:
        """Its words."""


def every_line() -> Iterator[Line]:
    """One of each kind of what is told below the counts of a table, or after all tables."""
    yield from (Note(kind, "paid", 3, ("a.csv", "b.csv")) for kind in get_args(NoteKind))
    yield from (Repair(kind, "paid", 3) for kind in get_args(RepairKind))
    for name in get_args(RuleName):
        yield from (Rule(name, column, 3, [Place("a.csv", 7), Place("b.csv", 8)]) for column in ("paid", ""))
    yield from (Finding(kind, "tickets", 3, 4, NAMED) for kind in get_args(FindingKind))
    for otherwise in get_args(Otherwise):
        yield from (Unfed("transactions", why, otherwise) for why in WITHOUT)


@pytest.mark.parametrize("told", every_line(), ids=str)
def test_every_kind_of_line_is_chinese_in_chinese_and_english_in_english(told: Line) -> None:
    """Headers, files, tables and names of rules stay as they are; the rest is in the language of the lists."""
    assert is_chinese(told.line("zh-CN"))
    assert told.line("en").replace("\N{REPLACEMENT CHARACTER}", "").isascii()


@pytest.mark.parametrize("kind", get_args(TraitKind))
@pytest.mark.parametrize("value", [*words.SIGNS, "gb18030"])
def test_how_a_file_was_read(kind: TraitKind, value: str) -> None:
    """A kind, an encoding, a delimiter, and the row of the header have words."""
    assert is_chinese(Trait(kind, value).words("zh-CN"))
    assert Trait(kind, value).words("en").isascii()


@pytest.mark.parametrize(
    ("table", "kinds"),
    [
        ("RULES", RuleName), ("REPAIRS", RepairKind), ("UNITS", FindingKind), ("FINDINGS", FindingKind),
        ("FORMATS", TraitKind), ("OTHERWISE", Otherwise),
    ],
)  # fmt: skip
def test_every_kind_has_words(table: str, kinds: object) -> None:
    """None is shown as the code calls it for want of words, and no words are left of a kind that is gone."""
    assert list(TABLES[table]) == list(get_args(kinds))


@pytest.mark.parametrize("table", TABLES)
def test_both_languages_say_the_same_facts(table: str) -> None:
    """A sentence has the same places for numbers and names in both languages, and they look the same."""
    for pair in TABLES[table].values():
        facts = [{(field, look) for _, field, look, _ in string.Formatter().parse(text) if field} for text in pair]
        assert facts[0] == facts[1]


def test_the_quarantine_is_found_by_the_name_of_the_rule() -> None:
    """It calls a rule the same in every language."""
    assert all(chinese.endswith(f"（{name}）") for name, (_, chinese) in broken.RULES.items())


def test_counts_in_chinese(shop: Shop) -> None:
    """Rows of the history, superseded and left out; whom nothing takes or feeds."""
    header = "id,joined,city\n"
    shop.write("customers.csv", header + "1,2024-01-01,A\n2,2024-01-02,B\n", "old")
    shop.ingest(customers(), folders=("old",))
    (shop.data / "tables").rename(shop.root / "known")
    shop.write("customers.csv", header + "1,2024-01-01,C\n3,,D\n4,2024-01-04,D\n4,2024-01-04,D\n5,soon,E\n")
    shop.write("notes.txt", "hello")
    shop.write("stock.csv", "a,b\n")
    known = customers(where={"signed_up_at": "filled"})
    read = shop.read(known, contacts(), history="known", needs={}, locale="zh-CN")
    assert read.lines("zh-CN") == [
        "customers：读入 7 行（其中 2 行来自历史数据） = 保留 3 行 + 搁置 1 行 + 完全重复 1 行 + 被较新导出取代 1 行 + 按条件排除 1 行；3 位客户",
        "  不是时间（not_a_time）：列“joined”有 1 处，例如 customers.csv 第 6 行",
        "未读取，没有数据源与之匹配：notes.txt、stock.csv",
        f"警告：contacts：{shop.raw} 中没有与“contacts*.csv”匹配的文件；现有文件：customers.csv、notes.txt、stock.csv；"
        "评分不需要该表",
    ]


def messy(shop: Shop, locale: Locale) -> list[str]:
    """Orders in which much is to be told, and what is told in a language."""
    shop.write(
        "transactions_1.csv", "订单导出\n\nid;when;paid;kind\n1;25/12/2023;１2;退款\n2;26/12/2023;\ufffd;x\n".encode()
    )
    shop.write("transactions_2.csv", "id;when;paid;kind\n1;3/4/2024;5;x\n9;2024-05-01;1;x\n")
    refunds = Refunds(column="kind", values=("退款",))
    return list(shop.read(transactions(refunds=refunds), locale=locale).lines(locale))


def test_much_to_tell_in_chinese(shop: Shop) -> None:
    """How days were read, refunds, lost characters, repairs, rules, months without a row, delimiters and headers."""
    assert messy(shop, "zh-CN") == [
        "transactions：读入 4 行 = 保留 3 行 + 搁置 1 行 + 完全重复 0 行；2 位客户，2023-12-25 至 2024-05-01",
        "  列“when”按“日/月”顺序读取",
        "  1 个单元格含有已丢失的字符（\N{REPLACEMENT CHARACTER}），其余内容已保留",
        "  按列“kind”，1 行是退款",
        "  列“paid”中 1 个单元格的全角字母或数字已修复",
        "  不是数字（not_a_number）：列“paid”有 1 处，例如 transactions_1.csv 第 5 行",
        "  6 个月中有 3 个月没有数据，最早的是 2024-01",
        "  以分号（;）分隔读取：transactions_1.csv 及另外 1 个",
        "  表头在第 3 行：transactions_1.csv",
    ]


def test_the_report_is_the_same_in_every_language(shop: Shop) -> None:
    """MLflow and hashes know of no language."""
    messy(shop, "en")
    english = (shop.root / "report.json").read_bytes()
    messy(shop, "zh-CN")
    assert (shop.root / "report.json").read_bytes() == english
