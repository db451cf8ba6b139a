"""Refunds: negative amounts, or rows that a word says take money back."""

import pytest

from churnml.config import Refunds, Source
from churnml.errors import ExportError
from churnml.ingest.notes import Note
from intake import Shop, transactions

TYPE = Refunds(column="类型", values=("退款", "Refund"))


def shop_with_types(**changes: object) -> Source:
    """Rows with a kind beside the amount."""
    return transactions(columns={"customer_id": "id", "occurred_at": "when", "amount": "paid"}, refunds=TYPE, **changes)


def test_a_word_takes_money_back(shop: Shop) -> None:
    """Whatever the sign, in capitals or not; the same amount bought and taken back are two rows, and it is told."""
    shop.write(
        "transactions.csv",
        "id,when,paid,类型\nann,2024-01-01,5,销售\nann,2024-01-01,5,退款\nann,2024-01-02,-6,退款 \n"
        'ann,2024-01-03,"¥1,234.50",REFUND\nann,2024-01-04,7,\nann,2024-01-05,-8,销售\n',
    )
    [profile] = shop.ingest(shop_with_types(), share=0.0)
    assert [float(amount) for amount in shop.column("amount")] == [-5, 5, -6, -1234.5, 7, -8]
    assert Note("refunds", "类型", 3) in profile.told
    assert profile.ignored_columns == []


@pytest.mark.parametrize("cell", ['"=""退款"""', "'退款", "`退款", "退款\u200b", "ＲＥＦＵＮＤ", "&#36864;款"])
def test_the_word_is_read_as_other_cells_are(shop: Shop, cell: str) -> None:
    """Whatever a spreadsheet or a system wrapped it in: else money taken back would be money spent."""
    shop.write("transactions.csv", f"id,when,paid,类型\nann,2024-01-01,5,{cell}\n")
    shop.ingest(shop_with_types(), share=0.0)
    assert shop.column("amount") == [-5]


def test_the_column_must_be_there(shop: Shop) -> None:
    """Without it every refund would count as a purchase."""
    shop.write("transactions.csv", "id,when,paid,种类\nann,2024-01-01,5,退款\n")
    with pytest.raises(ExportError, match=r"no column '类型' for refunds.*columns there: id, when, paid, 种类"):
        shop.ingest(shop_with_types())
