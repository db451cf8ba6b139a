"""Text comes in as it was meant: ids whole, Chinese readable, no byte guessed."""

import hashlib

import pytest

from churnml.errors import ExportError
from churnml.ingest.formats import Format
from churnml.ingest.profile import ReadFile
from intake import HEADER, Shop, customers, transactions

CHINESE = "id,joined,城市\n张三,2024-01-01,北京\n007,2024-01-02,上海\n"


def test_ids_stay_text(shop: Shop) -> None:
    """Leading zeros and ids of 18 digits survive, in ids and in other text."""
    shop.write("transactions.csv", "id,when,paid,basket\n007,2024-01-01,5,00\n123456789012345678,2024-01-01,5,1e5\n")
    columns = {"customer_id": "id", "occurred_at": "when", "amount": "paid", "order_id": "basket"}
    shop.ingest(transactions(columns=columns))
    assert shop.column("customer_id") == ["007", "123456789012345678"]
    assert shop.column("order_id") == ["00", "1e5"]


def test_amounts_are_exact(shop: Shop) -> None:
    """Money is a decimal with four places, never a float."""
    shop.write("transactions.csv", HEADER + "1,2024-01-01,0.1\n2,2024-01-01,-12345678901234.5678\n3,2024-01-01,1e3\n")
    shop.ingest()
    assert [str(amount) for amount in shop.column("amount")] == ["0.1000", "-12345678901234.5678", "1000.0000"]


@pytest.mark.parametrize(
    ("declared", "encoding", "mark"),
    [
        (None, "utf-8", ""),
        (None, "utf-8", "\ufeff"),
        ("UTF-8", "utf-8", "\ufeff"),
        ("utf-8-sig", "utf-8", "\ufeff"),
        (None, "gb18030", ""),
        (None, "gb18030", "\ufeff"),
        ("GBK", "gbk", ""),
        ("utf-16", "utf-16", ""),
        ("utf-16-le", "utf-16-le", "\ufeff"),
    ],
)
def test_encodings(shop: Shop, declared: str | None, encoding: str, mark: str) -> None:
    """Chinese text and leading zeros are the same from UTF-8, GB18030 and UTF-16, with a byte order mark or without."""
    shop.write("customers.csv", (mark + CHINESE).encode(encoding))
    shop.ingest(customers(encoding=declared))
    assert shop.column("customer_id", "customers") == ["007", "张三"]
    assert shop.column("城市", "customers") == ["上海", "北京"]


def test_large_gb18030_files(shop: Shop) -> None:
    """A character of two or four bytes that lies across two blocks is read whole."""
    names = [f"{'张' * 140 + '𠀀' * (number % 10)}{number}" for number in range(20_000)]
    content = ("id,when,paid\n" + "".join(f"{name},2024-01-01,5\n" for name in names)).encode("gb18030")
    assert len(content) > 1 << 22
    shop.write("transactions.csv", content)
    [profile] = shop.ingest()
    assert profile.files == {
        "transactions.csv": ReadFile(Format("csv", encoding="gb18030"), hashlib.sha256(content).hexdigest())
    }
    assert set(shop.column("customer_id")) == set(names)


def test_a_wrong_encoding_is_refused(shop: Shop) -> None:
    """A declared encoding is believed only if every byte fits; the message names the first that doesn't."""
    path = shop.write("customers.csv", CHINESE.encode("gb18030"))
    with pytest.raises(ExportError) as refused:
        shop.ingest(customers(encoding="utf-8"))
    assert str(refused.value) == f"{path}: isn't utf-8 at byte 10; remove `encoding` from its source or correct it"


@pytest.mark.parametrize("name", ["utf-9", "rot13", "base64"])
def test_an_unknown_encoding_is_refused(shop: Shop, name: str) -> None:
    """The name of an encoding that doesn't exist, or isn't one of text, is answered with two that are."""
    path = shop.write("transactions.csv", HEADER)
    with pytest.raises(ExportError) as refused:
        shop.ingest(transactions(encoding=name))
    assert str(refused.value) == f"{path}: no encoding '{name}'; use a name such as utf-8 or gb18030"


def test_utf_16_without_its_mark_is_refused(shop: Shop) -> None:
    """UTF-16 that doesn't say its byte order isn't guessed at."""
    path = shop.write("transactions.csv", HEADER.encode("utf-16-le"))
    with pytest.raises(ExportError) as refused:
        shop.ingest(transactions(encoding="utf-16"))
    assert str(refused.value) == f"{path}: isn't utf-16 at byte 0; remove `encoding` from its source or correct it"


def test_western_text_is_not_read_as_chinese(shop: Shop) -> None:
    """Bytes that pass as GB18030 but read as rare characters are read as what they were meant, declared or not."""
    content = "id,joined,name\n1,2024-01-01,Müller\n2,2024-01-01,Gößmann\n".encode("cp1252")
    assert "黮" in content.decode("gb18030")
    path = shop.write("customers.csv", content)
    for declared in (None, "cp1252"):
        [profile] = shop.ingest(customers(encoding=declared))
        assert shop.column("name", "customers") == ["Müller", "Gößmann"]
        assert str(profile.files["customers.csv"].format) == "csv, cp1252"
    assert path.read_bytes() == content


def test_what_nobody_sees_is_no_part_of_an_id(shop: Shop) -> None:
    """Spaces and control characters around an id and zero-width characters in it are taken off."""
    ids = ["7", " 7\t", "\u00a07\u3000", "\u200b7\ufeff", "\x007\x7f", "\u20037\u2028", "\u200e\u00a0 7"]
    shop.write("transactions.csv", HEADER + "".join(f'"{text}",2024-01-01,{n}\n' for n, text in enumerate(ids)))
    shop.write("customers.csv", 'id,joined,town\n"0\u200b0 7",2024-01-01,\u00a0New York\u3000\t\n')
    shop.ingest(transactions(), customers())
    assert set(shop.column("customer_id")) == {"7"}
    [row] = shop.rows("customers")
    assert (row["customer_id"], row["town"]) == ("00 7", "New York")


@pytest.mark.parametrize(
    ("content", "byte"),
    [
        (HEADER.encode() + b"1,\xff\xff", 15),
        (HEADER.encode() + b"Z\xc3", 14),
        (b"x" * ((1 << 22) - 1) + b"\xe5\xff\xff", (1 << 22) - 1),
    ],
)
def test_bytes_that_fit_nothing_are_refused(shop: Shop, content: bytes, byte: int) -> None:
    """A file that is neither UTF-8 nor GB18030 isn't guessed at; the first misfit is named, also at a block's end."""
    path = shop.write("transactions.csv", content)
    with pytest.raises(ExportError) as refused:
        shop.ingest()
    assert str(refused.value) == (
        f"{path}: isn't UTF-8 (byte {byte}) and doesn't read as Chinese or Western text; set `encoding` of its source, "
        "e.g. cp1252 or gb18030"
    )


def test_other_delimiters(shop: Shop) -> None:
    """A declared delimiter separates; the comma is then a character like others."""
    shop.write("transactions.csv", "id\twhen\tpaid\n1,5\t2024-01-01\t3\n")
    shop.ingest(transactions(delimiter="\t"))
    assert shop.column("customer_id") == ["1,5"]


@pytest.mark.parametrize(
    "text",
    [
        'id,when,paid,what\n001,2024-01-05,12,"5in\n002,2024-01-06,13,6in"\n003,2024-01-07,14,c\n',
        'id,what,when,paid\n001,a,2024-01-05,12\n002,"b,2024-01-06,13\n003,c",2024-01-07,14\n',
    ],
    ids=["last column", "middle column"],
)
def test_one_row_in_a_cell_is_refused(shop: Shop, text: str) -> None:
    """Two stray quotes make a cell of two rows."""
    shop.write("transactions.csv", text)
    with pytest.raises(ExportError, match=r"row [23], column 'what': an opening quote seems never to be closed"):
        shop.ingest()


def test_a_note_over_two_lines_with_commas_is_one(shop: Shop) -> None:
    """It has as many commas as a row, but doesn't look like one."""
    shop.write("transactions.csv", 'id,when,paid,what\n001,2024-01-05,12,"call:\nred, blue, green, white"\n')
    shop.ingest(share=0.0)
    assert shop.column("customer_id") == ["001"]
