"""Each table of the contract is read, typed, checked and written, with a local day beside every time."""

import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from churnml.config import Source
from churnml.contracts.columns import Table
from churnml.contracts.tables import TABLES
from intake import Shop, subscriptions, tickets

# As exports name them: not as we do. `until` of a contract that runs, and what a ticket gets later, are empty.
EXPORTS = {
    "activity": """\
who,when,what,which,often
ann,2024-01-01 23:30,login,,
ann,2024-01-02 08:00,use,report,2.5
""",
    "tickets": """\
who,opened,nr,answered,closed,about,urgency,stars,wrote
ann,2024-01-01 23:30,T1,2024-01-02 09:00,2024-01-03 23:30,complaint,high,4.5,"Late, again"
ann,2024-01-02 08:00,T2,,,question,,,
""",
    "surveys": """\
who,when,points,which,wrote
ann,2024-01-01 23:30,9,nps,fine
ann,2024-01-02 08:00,3.5,csat,
""",
    "subscriptions": """\
who,from,nr,until,tariff,monthly,renews,next,why
ann,2023-01-01 23:30,S1,2024-01-01 23:30,basic,9.90,no,,too dear
ann,2024-01-02 08:00,S2,,gold,19.9,yes,2025-01-01 23:30,
""",
    "cancellations": """\
who,when,why,wrote
ann,2024-01-01 23:30,price,too dear
ann,2024-01-02 08:00,,
""",
}
MAPPED = {
    "activity": "customer_id occurred_at event feature quantity",
    "tickets": "customer_id opened_at ticket_id first_response_at resolved_at kind priority satisfaction text",
    "surveys": "customer_id answered_at score kind text",
    "subscriptions": "customer_id started_at subscription_id ended_at plan monthly_amount auto_renew renews_at cancel_reason",
    "cancellations": "customer_id cancelled_at reason text",
}
NEW = pytest.mark.parametrize("table", [TABLES[name] for name in EXPORTS], ids=list(EXPORTS))


def source(table: Table, **changes: Any) -> Source:
    """The table's export with all of its columns mapped."""
    header = EXPORTS[table.name].splitlines()[0].split(",")
    columns = dict(zip(MAPPED[table.name].split(), header, strict=True))
    return Source(**{"table": table.name, "path": f"{table.name}*.csv", "columns": columns} | changes)


def at(day: str, hour: str) -> datetime:
    """A moment in UTC, as tables hold it."""
    return datetime.fromisoformat(f"{day} {hour}")


@NEW
def test_every_column_is_read_in_the_order_of_the_contract(shop: Shop, table: Table) -> None:
    """All columns can be mapped, both rows are kept, and every time has its day beside it."""
    shop.write(f"{table.name}.csv", EXPORTS[table.name])
    [profile] = shop.ingest(source(table))
    assert profile.counts == {"rows_in": 2, "kept": 2, "set_aside": 0, "duplicates": 0}
    days = {column.name: [column.day] if column.kind == "time" else [] for column in table.columns}
    assert list(shop.rows(table.name)[0]) == [name for column in days for name in (column, *days[column])]


@NEW
def test_required_columns_are_enough(shop: Shop, table: Table) -> None:
    """An export that holds nothing else is read, and its rows are dated."""
    shop.write(f"{table.name}.csv", EXPORTS[table.name])
    columns = {name: header for name, header in source(table).columns.items() if name in table.required}
    [profile] = shop.ingest(source(table, columns=columns))
    assert (profile.kept, profile.customers) == (2, 1)
    assert profile.last_day == "2024-01-02"


def test_a_ticket_by_hand(shop: Shop) -> None:
    """Moments in UTC, days in the project's timezone, a rating to four places, words as they were written."""
    shop.write("tickets.csv", EXPORTS["tickets"])
    shop.ingest(source(TABLES["tickets"]), timezone="Europe/Berlin")
    closed, still_open = shop.rows("tickets")
    assert closed == {
        "customer_id": "ann",
        "opened_at": at("2024-01-01", "22:30"),
        "opened_on": date(2024, 1, 1),
        "ticket_id": "T1",
        "first_response_at": at("2024-01-02", "08:00"),
        "first_response_on": date(2024, 1, 2),
        "resolved_at": at("2024-01-03", "22:30"),
        "resolved_on": date(2024, 1, 3),
        "kind": "complaint",
        "priority": "high",
        "satisfaction": Decimal("4.5"),
        "text": "Late, again",
    }
    assert {name for name, cell in still_open.items() if cell is not None} == {
        "customer_id", "opened_at", "opened_on", "ticket_id", "kind",
    }  # fmt: skip


def test_contracts_by_hand(shop: Shop) -> None:
    """A contract that runs has no end; when it renews lies ahead; whether it renews stays the export's own word."""
    shop.write("subscriptions.csv", EXPORTS["subscriptions"])
    shop.ingest(source(TABLES["subscriptions"]))
    ended, running = shop.rows("subscriptions")
    assert (ended["started_on"], ended["ended_on"]) == (date(2023, 1, 1), date(2024, 1, 1))
    assert (ended["monthly_amount"], ended["cancel_reason"]) == (Decimal("9.9"), "too dear")
    assert (ended["auto_renew"], ended["renews_on"]) == ("no", None)
    assert (running["ended_at"], running["ended_on"], running["cancel_reason"]) == (None, None, None)
    assert (running["auto_renew"], running["renews_on"]) == ("yes", date(2025, 1, 1))


def test_days_of_activity_surveys_and_cancellations(shop: Shop) -> None:
    """Half past eleven in the evening in Shanghai belongs to that day there."""
    days = {"activity": "occurred_on", "surveys": "answered_on", "cancellations": "cancelled_on"}
    for name in days:
        shop.write(f"{name}.csv", EXPORTS[name])
    shop.ingest(*(source(TABLES[name]) for name in days), timezone="Asia/Shanghai")
    for name, day in days.items():
        assert shop.column(day, name) == [date(2024, 1, 1), date(2024, 1, 2)], name


def test_each_time_of_a_row_is_read_for_itself(shop: Shop) -> None:
    """One format and timezone hold for all times of a source; where clocks change, each has its own offset and day."""
    shop.write("tickets.csv", "id,opened,number,closed\nann,30.03.2024 23:30,7,31.03.2024 23:30\n")
    shop.ingest(tickets(date_format="%d.%m.%Y %H:%M", timezone="Europe/Berlin"), timezone="Asia/Shanghai")
    [row] = shop.rows("tickets")
    assert (row["opened_at"], row["opened_on"]) == (at("2024-03-30", "22:30"), date(2024, 3, 31))
    assert (row["resolved_at"], row["resolved_on"]) == (at("2024-03-31", "21:30"), date(2024, 4, 1))


def test_an_end_that_is_no_time_is_not_taken_for_a_running_contract(shop: Shop) -> None:
    """Empty, a word for it or the year 9999 means that it runs; anything else that can't be read sets the row aside."""
    shop.write(
        "subscriptions.csv",
        "id,from,number,until\nann,2024-01-01,1,\nbob,2024-01-01,2,soon\ncat,2024-01-01,3,9999-12-31\n"
        "dan,2024-01-01,4,Unlimited\n",
    )
    shop.ingest(subscriptions())
    assert shop.column("customer_id", "subscriptions") == ["ann", "cat", "dan"]
    assert shop.column("ended_at", "subscriptions") == [None, None, None]
    assert shop.aside("subscriptions") == [["subscriptions.csv", "3", "until", "not_a_time", "soon"]]


def test_a_flag_of_a_typed_export_is_text(shop: Shop) -> None:
    """Whether a contract renews may be exported as true and false."""
    shop.raw.mkdir()
    rows = {"id": ["1", "2"], "from": ["2024-01-01"] * 2, "renews": [True, None]}
    pq.write_table(pa.table(rows), shop.raw / "subscriptions.parquet")
    columns = {"customer_id": "id", "started_at": "from", "auto_renew": "renews"}
    shop.ingest(subscriptions(path="*.parquet", columns=columns))
    assert shop.column("auto_renew", "subscriptions") == ["TRUE", None]


@pytest.mark.parametrize("name", ["tickets", "surveys", "cancellations"])
def test_what_customers_wrote_stays_in_the_table(shop: Shop, name: str) -> None:
    """A broken row, a contradiction and a malformed line say where they are, never what else stands in the row."""
    header, *_ = EXPORTS[name].splitlines()
    columns, private = header.split(","), "call Zaphod on 42"
    good = ["ann", "2024-01-01", *["5"] * (len(columns) - 3), private]
    times = [index for index, column in enumerate(columns) if column in ("answered", "closed")]
    for index in times:
        good[index] = "2024-01-02"
    broken = [good[0], "someday", *good[2:]]
    other = [*good[:-1], f"{private}, please"]
    lines = [good, broken, other, [*good, private]]
    shop.write(f"{name}.csv", "\n".join([header, *(",".join(f'"{cell}"' for cell in line) for line in lines)]))
    [profile] = shop.ingest(source(TABLES[name]))
    assert profile.set_aside == (4 if name == "tickets" else 2)
    said = " ".join(profile.lines("en")) + json.dumps(profile.as_json()) + (shop.root / "report.json").read_text()
    assert "Zaphod" not in said + str(shop.aside(name))


def test_private_words_are_masked_where_they_break_a_row(shop: Shop) -> None:
    """A comma that wasn't quoted moves words into the next column; named in score.pii, they are masked there."""
    shop.write("tickets.csv", "id,opened,wrote,stars\nann,2024-01-01,call,Zaphod\n")
    columns = {"customer_id": "id", "opened_at": "opened", "text": "wrote", "satisfaction": "stars"}
    shop.ingest(tickets(columns=columns), pii=("text", "satisfaction"))
    assert shop.aside("tickets") == [["tickets.csv", "2", "stars", "not_a_number", "***"]]
