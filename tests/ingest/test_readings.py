"""Times and numbers as people and systems write them: decided over the whole column, refused where it could be two things."""

from datetime import date
from decimal import Decimal

import pytest
import xlsxwriter

from churnml.config import Source
from churnml.errors import ExportError
from intake import HEADER, Shop, subscriptions, transactions


def read(shop: Shop, cells: list[str], column: str = "when", share: float = 1.0, **how):
    """What each cell of a column became: UTC to the second, or the number; None where its row was set aside."""
    rows = [f'{n},"{c}",1' if column == "when" else f'{n},2024-01-01,"{c}"' for n, c in enumerate(cells)]
    shop.write("transactions.csv", HEADER + "\n".join([*rows, "last,2024-01-01,1"]))
    shop.ingest(transactions(**how), share=share)
    name = "occurred_at" if column == "when" else "amount"
    found = {row["customer_id"]: row[name] for row in shop.rows()}
    return [found.get(str(number)) for number in range(len(cells))]


def days(shop: Shop, cells: list[str], **how):
    """The moments in UTC, as words."""
    return [value and f"{value:%Y-%m-%d %H:%M}" for value in read(shop, cells, **how)]


def test_a_dash_is_no_offset(shop: Shop) -> None:
    """What follows a dash may be an hour or the end of a slot; such rows are set aside, not moved by hours."""
    cells = [
        "2026-01-05-09:03",
        "2026/1/5-18:00",
        "2026-01-05-09",
        "2026-01-05 09:00-10:00",
        "2026-01-05 09:00:00+19:00",
    ]
    assert days(shop, cells) == [None] * 5
    stated = ["2026-01-05T09:00-05:00", "2026-01-05 09:00:00-0500", "2026/1/5 9:00 -05:00", "2026-01-05 09:00+08"]
    assert days(shop, stated) == ["2026-01-05 14:00"] * 3 + ["2026-01-05 01:00"]


def test_the_signs_of_a_currency_tell_its_thousands(shop: Shop) -> None:
    """Nobody writes yuan to three decimals."""
    assert read(shop, ["￥1,234", "￥560", "￥12,345"], column="paid", share=0.0) == [1234, 560, 12345]


def test_words_for_a_day_that_has_not_come(shop: Shop) -> None:
    """A contract without an end, written in words."""
    ends = ["永久", "长期有效", "至今", "9999年12月31日", "ongoing", "2024-02-03"]
    rows = "".join(f"{place},2024-01-01,{place},{end}\n" for place, end in enumerate(ends))
    shop.write("subscriptions.csv", f"id,from,number,until\n{rows}")
    shop.write("transactions.csv", HEADER + "1,2024-01-01,5\n")
    shop.ingest(transactions(), subscriptions(), share=0.0)
    assert [day and f"{day:%Y-%m-%d}" for day in shop.column("ended_on", "subscriptions")] == [None] * 5 + [
        "2024-02-03"
    ]


def test_chinese_times(shop: Shop) -> None:
    """年月日, full-width digits, weekdays, and the half of the day before the hour."""
    cells = [
        "2026年1月5日",
        "2026年01月05日 09时03分",
        "２０２６／１／５　９：０３",
        "2026/1/5 下午9:03",
        "2026-01-05（星期一）",
    ]
    assert days(shop, cells) == [
        "2026-01-05 00:00", "2026-01-05 09:03", "2026-01-05 09:03", "2026-01-05 21:03", "2026-01-05 00:00",
    ]  # fmt: skip
    assert days(shop, ["2026年1月5号", "20260105 09:03:11", "20260105 9:03"]) == [
        "2026-01-05 00:00", "2026-01-05 09:03", "2026-01-05 09:03",
    ]  # fmt: skip


def test_scores_with_what_they_count(shop: Shop) -> None:
    """5分 is a score of five; in a column of money it would be cents, and is no number."""
    scores = ["5分", "4星", "9 points", "３", "4.5"]
    rows = "".join(f"{place},2024-01-01,{score}\n" for place, score in enumerate(scores))
    shop.write("surveys.csv", f"id,day,score\n{rows}")
    columns = {"customer_id": "id", "answered_at": "day", "score": "score"}
    shop.ingest(Source(table="surveys", path="surveys.csv", columns=columns), share=0.0)
    assert [float(score) for score in shop.column("score", "surveys")] == [5, 4, 9, 3, 4.5]
    assert read(shop, ["5分"], column="paid") == [None]


def test_times_with_am_and_pm_and_named_months(shop: Shop) -> None:
    """Noon is 12 PM and midnight 12 AM; months in English."""
    cells = [
        "2026-01-05 12:30 AM",
        "2026-01-05 12:30 PM",
        "2026-01-05 10:00:00 pm",
        "5 Jan 2026",
        "Jan 5, 2026 9:03 PM",
    ]
    assert days(shop, cells) == [
        "2026-01-05 00:30", "2026-01-05 12:30", "2026-01-05 22:00", "2026-01-05 00:00", "2026-01-05 21:03",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["25/12/2026", "3/4/2026"], ["2026-12-25 00:00", "2026-04-03 00:00"]),
        (["12/25/2026", "3/4/2026"], ["2026-12-25 00:00", "2026-03-04 00:00"]),
        (["5-5-2026 09:30", "31-12-2026 09:30"], ["2026-05-05 09:30", "2026-12-31 09:30"]),
        (["3.4.2026"], ["2026-04-03 00:00"]),
    ],
)
def test_the_column_says_what_comes_first(shop: Shop, cells: list[str], expected: list[str]) -> None:
    """A cell that can only be one thing decides for all; with points between, the day comes first everywhere."""
    assert days(shop, cells) == expected


def test_a_column_that_could_be_both_is_refused(shop: Shop) -> None:
    """Nothing tells: both readings are shown, and what to set."""
    with pytest.raises(ExportError) as refused:
        days(shop, ["3/4/2024", "1/2/2024"], share=0.01)
    assert str(refused.value) == (
        "transactions.csv: column 'when': '1/2/2024' is 2024-02-01 (day first) or 2024-01-02 (month first), and no other "
        "cell of the column tells which; set `date_format` of its source to `day first` or `month first`"
    )
    assert days(shop, ["3/4/2024"], date_format="month first", share=0.01) == ["2024-03-04 00:00"]


def test_a_private_cell_is_not_shown_in_a_refusal(shop: Shop) -> None:
    """Days of birth and the like stay where they are."""
    shop.write("transactions.csv", HEADER + "1,3/4/2024,1\n")
    with pytest.raises(ExportError, match="column 'when': has cells that mean two things, and no other"):
        shop.ingest(share=0.0, pii=("when",))


def test_where_both_orders_occur_only_what_is_certain_is_read(shop: Shop) -> None:
    """One column, two people: 3/4 isn't guessed, and its row says why."""
    assert days(shop, ["25/12/2026", "12/25/2026", "3/4/2026", "5/5/2026"]) == [
        "2026-12-25 00:00", "2026-12-25 00:00", None, "2026-05-05 00:00",
    ]  # fmt: skip
    assert shop.aside() == [["transactions.csv", "4", "when", "ambiguous_time", "3/4/2026"]]


def test_a_file_without_evidence_goes_by_the_others_of_its_source(shop: Shop) -> None:
    """January's export has a 25th; the one of the first days of February hasn't."""
    shop.write("transactions_1.csv", HEADER + "1,25/01/2026,1\n")
    shop.write("transactions_2.csv", HEADER + "2,03/02/2026,1\n")
    [profile] = shop.ingest(share=0.0)
    assert [str(row["occurred_on"]) for row in shop.rows()] == ["2026-01-25", "2026-02-03"]
    assert [note.line("en") for note in profile.told] == ["'when' was read day first"]


def test_numbers_that_are_times(shop: Shop) -> None:
    """Where most cells of a column are such: 20260105, seconds or milliseconds since 1970, a spreadsheet's days."""
    cells = ["20260105", "20260105090300", "1767603780", "1767603780000", "46027", "46027.375"]
    assert days(shop, cells) == [
        "2026-01-05 00:00", "2026-01-05 09:03", "2026-01-05 09:03", "2026-01-05 09:03", "2026-01-05 00:00",
        "2026-01-05 09:00",
    ]  # fmt: skip


def test_a_number_among_days_is_no_time(shop: Shop) -> None:
    """An id that slipped into a column of days is set aside, not read as a day of 1954."""
    assert days(shop, ["2026-01-05", "2026-01-06", "20100"]) == ["2026-01-05 00:00", "2026-01-06 00:00", None]


def numbers(shop: Shop, cells: list[str], **how):
    """The amounts."""
    return read(shop, cells, column="paid", **how)


def test_numbers_with_signs_words_and_groups(shop: Shop) -> None:
    """Currency, full width, 万, percent, brackets and a minus behind mean what people mean by them."""
    cells = ["¥1,234.50", "￥1，234．50", "12元", "1.2万", "15%", "(12.50)", "12.50-", "−12", "1 234 567", "RMB 99"]
    expected = ["1234.5", "1234.5", "12", "12000", "0.15", "-12.5", "-12.5", "-12", "1234567", "99"]
    assert numbers(shop, cells) == list(map(Decimal, expected))


def test_a_decimal_comma_is_that_of_the_column(shop: Shop) -> None:
    """One cell that can be nothing else decides for 1.234, which is a thousand and more here."""
    assert numbers(shop, ["1.234,50", "1.234", "12,5"]) == [Decimal("1234.5"), Decimal(1234), Decimal("12.5")]
    assert numbers(shop, ["1,234.50", "1,234", "12.5"]) == [Decimal("1234.5"), Decimal(1234), Decimal("12.5")]


def test_a_number_that_could_be_two_is_refused(shop: Shop) -> None:
    """Both readings, and what to set."""
    with pytest.raises(ExportError) as refused:
        numbers(shop, ["1,234", "2,500"], share=0.01)
    assert str(refused.value) == (
        "transactions.csv: column 'paid': '1,234' is 1234 or 1.234, and no other cell of the column tells which; set "
        "`decimal` of its source to '.' or ','"
    )
    assert numbers(shop, ["1,234"], decimal=",", share=0.01) == [Decimal("1.234")]


def test_whole_numbers_with_groups_need_no_setting(shop: Shop) -> None:
    """Five cells such as 1,234 beside whole numbers below a thousand are thousands."""
    cells = ["1,234", "2,500", "3,100", "12,000", "7,250", "900"]
    assert numbers(shop, cells, share=0.01) == [Decimal(int(cell.replace(",", ""))) for cell in cells]


def test_words_for_nothing_are_nothing(shop: Shop) -> None:
    """A required cell without a value is set aside as such; an optional one is empty."""
    assert numbers(shop, ["-", "NULL", "无", "#N/A", "1"]) == [None, None, None, None, Decimal(1)]
    assert {line[3] for line in shop.aside()} == {"required"}


def test_text_that_is_no_number_is_set_aside(shop: Shop) -> None:
    """Two numbers, a version, letters: nothing is guessed."""
    assert numbers(shop, ["12 34", "1.2.3", "12a", "--5", "1,2,3"]) == [None] * 5


def test_days_that_never_were(shop: Shop) -> None:
    """1900 and the start of a computer's clock are what systems write where they know nothing."""
    assert days(shop, ["1900-01-01", "1970-01-01", "1949-12-31", "1997-01-01"]) == [None] * 3 + ["1997-01-01 00:00"]
    assert {line[3] for line in shop.aside()} == {"no_real_time"}


def test_what_is_yet_to_happen(shop: Shop) -> None:
    """An order of next month is set aside; tomorrow's may be that of another timezone, and a contract may begin later."""
    shop.write("transactions.csv", HEADER + "1,2024-05-02,1\n2,2024-05-03,1\n")
    shop.write("subscriptions.csv", "id,from,number,until\n1,2025-01-01,1,2026-01-01\n")
    shop.ingest(transactions(), subscriptions(), today=date(2024, 5, 1))
    assert shop.column("customer_id") == ["1"]
    assert shop.aside() == [["transactions.csv", "3", "when", "in_the_future", "2024-05-03"]]
    assert shop.column("customer_id", "subscriptions") == ["1"]


def test_yes_and_no_are_written_in_one_way(shop: Shop) -> None:
    """A column of nothing but true and false reads the same however a system writes it; a name True stays one."""
    for number, rows in enumerate(["1,True,True\n2,,Ann\n3,false,TRUE\n", "1,TRUE,True\n2,,Ann\n3,FALSE,TRUE\n"]):
        shop.write("customers.csv", "id,paying,name\n" + rows)
        shop.ingest(Source(table="customers", path="customers.csv", columns={"customer_id": "id"}))
        assert shop.column("paying", "customers") == ["TRUE", None, "FALSE"], number
        assert shop.column("name", "customers") == ["True", "Ann", "TRUE"], number


def test_days_that_a_spreadsheet_took_for_months(shop: Shop) -> None:
    """12/03/2024 became a day of December, and 13/03/2024 stayed text: no day of the file can be believed."""
    rows = [
        ["id", "when", "paid"],
        *([f"{day}", date(2024, day, 3), 5] for day in range(1, 13)),
        ["13", "13/03/2024", 5],
    ]
    shop.raw.mkdir(exist_ok=True)
    book = xlsxwriter.Workbook(shop.raw / "transactions.xlsx", {"default_date_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet()
    for place, row in enumerate(rows):
        sheet.write_row(place, 0, row)
    book.close()
    with pytest.raises(
        ExportError, match=r"12 days lie on the first to the twelfth .* 1 that are written as text later in it"
    ):
        shop.ingest(transactions(path="transactions.xlsx"))


def test_a_unit_in_a_header_is_told(shop: Shop) -> None:
    """Amounts of ten thousand each, or of a hundredth, are kept as they are."""
    shop.write("transactions.csv", "id,when,金额(万元)\n1,2024-01-01,1.2\n")
    columns = {"customer_id": "id", "occurred_at": "when", "amount": "金额(万元)"}
    [profile] = shop.ingest(transactions(columns=columns))
    assert [note.line("en") for note in profile.told] == ["'金额(万元)' is taken as it is, whatever unit its name says"]
