"""Rows that name something else than a customer: another export says whose it is."""

import pytest

from churnml.config import Source
from churnml.errors import ExportError
from intake import Shop

USAGE = "nr,day\nS1,2024-01-01\nS2,2024-01-02\nS9,2024-01-03\nS3,2024-01-04\n,2024-01-05\n"


def usage(**changes) -> Source:
    """usage*.csv by contract; contracts.csv says whose a contract is."""
    said = {
        "table": "activity",
        "path": "usage*.csv",
        "columns": {"customer_id": "nr", "occurred_at": "day"},
        "constants": {"event": "use"},
        "lookup": {"path": "contracts.csv", "key": "contract", "customer_id": "account"},
    }
    return Source(**said | changes)


def test_whose_a_row_is(shop: Shop) -> None:
    """S1 is ann's and S2 bob's; nobody has S9, and S3 has two owners: both are set aside with what they name."""
    shop.write("usage.csv", USAGE)
    shop.write("contracts.csv", "account;contract\nann;S1\nbob;S2\nann;S3\nbob;S3\n")
    [profile] = shop.ingest(usage())
    assert [(row["customer_id"], str(row["occurred_on"]), row["event"]) for row in shop.rows("activity")] == [
        ("ann", "2024-01-01", "use"),
        ("bob", "2024-01-02", "use"),
    ]
    assert shop.aside("activity") == [
        ["usage.csv", "4", "nr", "not_in_lookup", "S9"],
        ["usage.csv", "5", "nr", "not_in_lookup", "S3"],
        ["usage.csv", "6", "nr", "required", ""],
    ]
    assert set(profile.files) == {"usage.csv", "contracts.csv"}
    assert (profile.rows_in, profile.kept, profile.set_aside) == (5, 2, 3)


def test_a_lookup_that_is_not_there(shop: Shop) -> None:
    """One line says where it was looked for."""
    shop.write("usage.csv", USAGE)
    with pytest.raises(ExportError) as refused:
        shop.ingest(usage())
    assert str(refused.value) == (
        f"lookup: no file in {shop.raw} matches 'contracts.csv'; files there: usage.csv; put the export there or change "
        f"sources[].lookup.path"
    )


def test_a_lookup_without_its_key(shop: Shop) -> None:
    """One line says which header is missing."""
    shop.write("usage.csv", USAGE)
    shop.write("contracts.csv", "account,number\nann,S1\n")
    with pytest.raises(
        ExportError, match=r"contracts\.csv: no column 'contract' for a lookup \(columns there: account, number\)"
    ):
        shop.ingest(usage())


@pytest.mark.parametrize("constants", [{"customer_id": "x"}, {"occurred_at": "x"}, {"evnt": "x"}])
def test_constants_that_are_none(constants) -> None:
    """A constant is a column of the table that the export doesn't fill."""
    with pytest.raises(ValueError, match="constants: "):
        usage(constants={"event": "use", **constants})
