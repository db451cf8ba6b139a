"""Where no encoding is declared, the bytes of a text prove one, or it is refused."""

import pytest

from churnml.errors import ExportError
from churnml.ingest.told import told
from intake import Shop, customers, transactions

TRADITIONAL = "id,joined,城市\n張三,2024-01-01,臺北市\n007,2024-01-02,高雄市\n"


def read(shop: Shop, content: bytes, **changes: object) -> tuple[str, list[str]]:
    """How customers.csv is read, and its first attribute or its ids."""
    shop.write("customers.csv", content)
    [profile] = shop.ingest(customers(**changes))
    return str(profile.files["customers.csv"].format), shop.column("customer_id", "customers")


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("utf-16", "utf-16"),
        ("utf-32", "utf-32"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("cp950", "cp950"),
        ("utf-8-sig", "utf-8"),
    ],
)
def test_what_bytes_prove(shop: Shop, encoding: str, said: str) -> None:
    """Byte order marks, zero bytes at every other place, and common Traditional characters."""
    assert read(shop, TRADITIONAL.encode(encoding)) == (f"csv, {said}", ["007", "張三"])
    assert shop.column("城市", "customers") == ["高雄市", "臺北市"]


@pytest.mark.parametrize(
    ("encoding", "header"),
    [("gb18030", "編號"), ("gb18030", "号码"), ("gb18030", "Größe"), ("cp950", "編號"), ("cp1252", "Größe")],
)
def test_a_mapped_header_decides(shop: Shop, encoding: str, header: str) -> None:
    """A text in which a mapped header is found is in that encoding, whatever else is in it."""
    content = f"{header},joined\nx,2024-01-01\n".encode(encoding)
    columns = {"customer_id": header, "signed_up_at": "joined"}
    assert read(shop, content, columns=columns) == (f"csv, {encoding}", ["x"])


@pytest.mark.parametrize(
    "text", ["Новиков", "Ковалёва и сын", "Łódź, Bełchatów"], ids=["cyrillic", "more cyrillic", "polish"]
)
def test_other_scripts_are_refused(shop: Shop, text: str) -> None:
    """Bytes that fit Windows-1252 without reading as Western text aren't guessed at."""
    encoding = "cp1250" if text.startswith("Ł") else "cp1251"
    shop.write("transactions.csv", f"id,when,paid,who\n1,2024-01-01,5,{text}\n".encode(encoding))
    with pytest.raises(ExportError, match="doesn't read as Chinese or Western text; set `encoding` of its source"):
        shop.ingest(transactions())


def test_what_is_not_utf_8_is_told(shop: Shop) -> None:
    """A guess can be wrong, so people see it."""
    for number in range(3):
        shop.write(f"customers_{number}.csv", f"id,joined,城市\n{number},2024-01-01,北京\n".encode("gb18030"))
    shop.write("customers_3.csv", "id,joined\n3,2024-01-01\n")
    [profile] = shop.ingest(customers())
    assert told(profile, "en") == ["  read as gb18030: customers_0.csv and 2 more"]


@pytest.mark.parametrize(
    ("cut", "reads"), [(b"\xba", "\ufffd"), (b"\x80", "€")], ids=["half a character", "windows' euro"]
)
@pytest.mark.parametrize("count", [3, 60])
def test_chinese_text_with_a_byte_that_gb18030_has_not(shop: Shop, cut: bytes, reads: str, count: int) -> None:
    """A column of the database was too short for its last character: that one is lost, and nothing else."""
    people = [f"{number:03},2024-01-01,第{number}大街的客户" for number in range(count)]
    content = "\n".join(["编号,注册日期,备注", *people]).encode("gb18030") + b"\n060,2024-01-01,\xba\xc3" + cut + b"\n"
    shop.write("customers.csv", content)
    [profile] = shop.ingest(customers(columns={"customer_id": "编号", "signed_up_at": "注册日期"}), share=0.0)
    assert shop.column("备注", "customers")[-2:] == [f"第{count - 1}大街的客户", f"好{reads}"]
    assert told(profile, "en") == ["  read as gb18030-mended: customers.csv"]
    said = "1 cells hold a character that was lost (\ufffd); the rest of them is kept"
    assert [note.line("en") for note in profile.told] == ([said] if reads == "\ufffd" else [])
