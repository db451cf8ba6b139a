"""A column that needs no further look is what the engine's expressions would have found it to be, cell by cell."""

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from churnml.config import Source
from churnml.contracts.columns import Column
from churnml.contracts.tables import CUSTOMER
from churnml.ingest.cells import identifier, trimmed
from churnml.ingest.looks import needs_no_look
from churnml.ingest.readings import oddness
from churnml.ingest.typed import checks_of

_ENGINE = duckdb.connect()
CELLS = {
    "time": ["2024-01-31", "2024-01-31 09:03:00", "2024-01-31T09:03:00", "2024-1-31", "2024-01-31 09:03:00Z", "31-01-2024", ""],
    "amount": ["1", "12.5", "-3.25", "1.234", "1234", "1,234", "1e5", ".5", "5.", "-", "1-2", "1.2.3", "+4", ""],
    "id": ["C1", "1001", "2e5", "1.38E+10", "0000-00-00", "1899-12-30", "00:00:00", "total", "?", "无1", "A-0000-00-001", ""],
}  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "cells"),
    [
        ("time", ["2024-01-31 09:03:00", "", None, "2024-02-30 25:61:00"]),
        ("time", ["2024-01-31T09:03:00"]),
        ("time", ["2024-01-31"]),
        ("amount", ["12.5", "-3", "", None, "1234.56", "12.3456"]),
        ("id", ["C1", "", "00123", "C-17"]),
        ("text", ["True", "maybe"]),
    ],
)
def test_what_needs_no_look(kind: str, cells: list[str | None]) -> None:
    """Most columns of most exports; whether a plain time is one on a calendar is asked later."""
    assert needs_no_look(pa.array(cells, pa.string()), kind)


@pytest.mark.parametrize(
    ("kind", "cells"),
    [
        ("time", ["2024-01-31", "2024-01-31 09:03:00"]),
        ("time", ["2024-01-31 09:03"]),
        ("time", ["2024-01-31 09:03:00Z"]),
        ("amount", ["1.234"]),
        ("amount", ["12.5", "1.2.3"]),
        ("amount", ["1-2"]),
        ("amount", ["-"]),
        ("id", ["C1", "total"]),
        ("id", ["1.38E+10"]),
        ("id", ["0000-00-00"]),
        ("text", ["TRUE", "false", ""]),
        ("text", []),
    ],
)
def test_what_needs_one(kind: str, cells: list[str]) -> None:
    """Anything else, even if it turns out to be plain."""
    assert not needs_no_look(pa.array(cells, pa.string()), kind)


def _cells(kind: str) -> st.SearchStrategy[list[str | None]]:
    letters = {"time": "012 -:T/Z", "amount": "0129.,-+e", "id": "aC01+-:.E?"}[kind]
    return st.lists(st.sampled_from(CELLS[kind]) | st.text(letters, max_size=19) | st.none(), min_size=1, max_size=4)


@pytest.mark.parametrize("kind", ["time", "amount"])
@given(data=st.data())
def test_plain_cells_are_plain_to_the_engine(kind: str, data: st.DataObject) -> None:
    """A look may miss, but it never takes for plain what isn't."""
    cells = data.draw(_cells(kind))
    if needs_no_look(pa.array(cells, pa.string()), kind):
        assert _max(oddness(Column("cell", kind, "")), "cell", cells) in (0, None)


@given(cells=_cells("id"))
def test_ids_are_real_to_the_engine(cells: list[str | None]) -> None:
    """What seems to be ids breaks no rule about them."""
    column = identifier(pa.array(cells, pa.string()))
    if needs_no_look(column, "id"):
        source = Source(table="customers", path="a.csv", columns={"customer_id": "id"})
        rule = next(when for when, what in checks_of(CUSTOMER, source, odd=False) if "no_real_id" in what)
        assert not _max(rule, "customer_id", column.to_pylist())


@given(cells=st.lists(st.text(st.sampled_from(" \t\x00\x7f\x1fab\u00a0\u3000\u200b\u0085é中"), max_size=5) | st.none()))
def test_trimming_is_only_left_out_where_it_changes_nothing(cells: list[str | None]) -> None:
    """White space of any kind goes from both ends, whatever stands in the cells beside."""
    stripped = [None if cell is None else cell.strip("\t\x1f \u0085\u00a0\u3000") for cell in cells]
    assert trimmed(pa.array(cells, pa.string())).to_pylist() == stripped


def _max(sql: str, name: str, cells: list[str | None]) -> object:
    rows = pa.table({name: pa.array(cells, pa.string())})
    return _ENGINE.from_arrow(rows).aggregate(f"max({sql})").fetchall()[0][0]
