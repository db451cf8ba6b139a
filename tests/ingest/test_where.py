"""Call lists come back as contacts: only filled rows are read, and ids are what they were."""

import csv
import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from churnml.errors import QuarantineError
from churnml.spreadsheet import defused
from intake import HEADER, Shop, contacts, customers, transactions

FILLED = {
    "path": "**/high.csv",
    "columns": {"customer_id": "customer_id", "contacted_at": "contacted_at", "action": "action", "answer": "answer"},
    "where": {"contacted_at": "filled"},
}
LIST = (
    "\ufeffrank,customer_id,risk_percent,contacted_at,action,answer\r\n"
    '1,"=""00123""",30.0,2026-10-05,call,"\'+1 month, please"\r\n'
    '2,="123456789012345678",23.6,2026/10/6,mail,\r\n'
    '3,"=""00042""",20.0,,,\r\n'
    '4,="00007",19.0, ,call,\r\n'
)


def test_a_filled_call_list_is_a_table_of_contacts(shop: Shop) -> None:
    """Of four customers on a list with BOM, two were contacted; ids that a spreadsheet would bend are whole."""
    shop.write("lists/2026-10-01/high.csv", LIST)
    [profile] = shop.ingest(contacts(**FILLED), share=0.0)
    rows = [
        (row["customer_id"], str(row["contacted_on"]), row["action"], row["answer"]) for row in shop.rows("contacts")
    ]
    assert rows == [
        ("00123", "2026-10-05", "call", "+1 month, please"),
        ("123456789012345678", "2026-10-06", "mail", None),
    ]
    assert profile.counts == {"rows_in": 4, "kept": 2, "set_aside": 0, "duplicates": 0, "left_out": 2}
    assert "+ 0 exact duplicates + 2 left out; 2 customers" in profile.line("en")
    assert json.loads((shop.root / "report.json").read_text())["tables"]["contacts"]["left_out"] == 2


def test_what_is_left_out_breaks_no_rule_and_dilutes_no_share(shop: Shop) -> None:
    """Of 100 rows one is filled, and wrongly: all that the source wants is broken."""
    rows = "".join(f"{number},,\n" for number in range(99))
    shop.write("contacts.csv", f"id,sent,what\n{rows}7,someday,mail\n")
    with pytest.raises(QuarantineError, match="contacts: 1 of 1 rows break the contract"):
        shop.ingest(contacts(where={"contacted_at": "filled"}), share=0.5)


def test_several_columns_must_all_be_filled(shop: Shop) -> None:
    """A day without an action is left out where both are asked for, and set aside where only the day is."""
    shop.write("contacts.csv", "id,sent,what\n1,2026-10-01,mail\n2,2026-10-01,\n3,,mail\n")
    [both] = shop.ingest(contacts(where={"contacted_at": "filled", "action": "filled"}))
    assert both.counts == {"rows_in": 3, "kept": 1, "set_aside": 0, "duplicates": 0, "left_out": 2}
    [day] = shop.ingest(contacts(where={"contacted_at": "filled"}))
    assert day.counts == {"rows_in": 3, "kept": 1, "set_aside": 1, "duplicates": 0, "left_out": 1}


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ({"contacted_on": "filled"}, "where: no column 'contacted_on' is mapped; did you mean 'contacted_at'? ("),
        ({"answer": "filled"}, "where: no column 'answer' is mapped (customer_id, contacted_at, action)"),
        ({"action": "call"}, "Input should be 'filled'"),
    ],
)
def test_where_names_a_mapped_column(where: dict[str, str], said: str) -> None:
    """A misspelt column would leave out every row."""
    with pytest.raises(ValidationError) as refused:
        contacts(where=where)
    assert said in str(refused.value)


def test_no_where_is_in_no_way(shop: Shop) -> None:
    """All rows are wanted unless a source says otherwise."""
    assert transactions().where == {}
    shop.write("contacts.csv", "id,sent,what\n1,2026-10-01,mail\n3,,mail\n")
    [profile] = shop.ingest(contacts())
    assert profile.counts == {"rows_in": 2, "kept": 1, "set_aside": 1, "duplicates": 0}


TEXTS = ["=1+1", "+49 30 1234", "-1", "@SUM(A1)", "'tis", "'", '="x', '=""', "it's", '="a"b"', "00123"]


def test_what_spreadsheets_need_is_taken_off_text_ids_and_times(shop: Shop, tmp_path: Path) -> None:
    """Text that was defused is what it was; an apostrophe before anything else is the customer's own."""
    with (tmp_path / "names.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(
            [
                ["id", "joined", "name"],
                *([f'="{n:03}"', '="2026-01-01"', defused(text)] for n, text in enumerate(TEXTS)),
            ]
        )
    shop.write("customers.csv", (tmp_path / "names.csv").read_bytes())
    shop.ingest(customers(), share=0.0)
    assert shop.column("customer_id", "customers") == [f"{number:03}" for number in range(len(TEXTS))]
    assert shop.column("name", "customers") == TEXTS


def test_amounts_are_unwrapped_too(shop: Shop) -> None:
    """Whole sheets are exported as text, amounts included."""
    shop.write(
        "transactions.csv",
        HEADER + """0,2026-01-01,5\n1,2026-01-01,"=""6""\"\n2,2026-01-01,'-7\n`3,`2026-01-01,`¥8\n""",
    )
    shop.ingest(transactions(), share=0.0)
    assert (shop.column("customer_id"), shop.column("amount")) == (["0", "1", "2", "3"], [5, 6, -7, 8])
