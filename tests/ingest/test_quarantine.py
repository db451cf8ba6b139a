"""A row that breaks the contract is set aside with the file, the row, the column, the rule and the value."""

import pytest

from churnml.errors import DataError, ExportError, QuarantineError
from intake import HEADER, Shop, contacts, customers, transactions

ROW = "1,2024-01-01,5\n"


def test_each_rule(shop: Shop) -> None:
    """Each way in which a row can be broken has a name, and the broken cell is shown as it came."""
    broken = {
        ",2024-01-01,5": ["id", "required", ""],
        "  ,2024-01-01,5": ["id", "required", ""],
        "2,,5": ["when", "required", ""],
        "2,2024-02-30,5": ["when", "not_a_time", "2024-02-30"],
        "2,32/01/2024,5": ["when", "not_a_time", "32/01/2024"],
        "2,infinity,5": ["when", "not_a_time", "infinity"],
        "2,0024-01-01,5": ["when", "not_a_time", "0024-01-01"],
        "2,2024-01-01,five": ["paid", "not_a_number", "five"],
        "2,2024-01-01,NaN": ["paid", "required", ""],
        '2,2024-01-01,"1,000"': ["paid", "ambiguous_number", "1,000"],
        "2,2024-01-01": ["", "wrong_number_of_fields", "2 of 3 fields"],
        "2,2024-01-01,5,6": ["", "wrong_number_of_fields", "4 of 3 fields"],
    }
    shop.write("transactions.csv", HEADER + ROW + "".join(f"{line}\n" for line in broken))
    shop.ingest()
    assert shop.aside() == [["transactions.csv", str(row), *cell] for row, cell in enumerate(broken.values(), start=3)]
    assert shop.column("customer_id") == ["1"]


def test_header_of_the_quarantine(shop: Shop) -> None:
    """The quarantine opens in a spreadsheet: UTF-8 with BOM and five named columns, also when nothing is in it."""
    shop.write("transactions.csv", HEADER + ROW)
    shop.ingest()
    assert (shop.data / "quarantine/transactions.csv").read_bytes() == b"\xef\xbb\xbffile,row,column,rule,value\r\n"


def test_one_line_per_broken_cell(shop: Shop) -> None:
    """Everything that is wrong with a row is said, not only the first thing."""
    shop.write("transactions.csv", HEADER + ROW + ",someday,five\n")
    [profile] = shop.ingest()
    assert [line[1:4] for line in shop.aside()] == [
        ["3", "id", "required"],
        ["3", "paid", "not_a_number"],
        ["3", "when", "not_a_time"],
    ]
    assert profile.set_aside == 1


def test_rows_are_numbered_as_a_spreadsheet_does(shop: Shop) -> None:
    """The header is row 1; blank lines count; a quoted newline doesn't start a row; malformed rows count."""
    lines = ["1,2024-01-01,5", "", '"2\n2",2024-01-01,row 4', "short", "1,2,3,4", "", "3,2024-01-01,row 8"]
    shop.write("transactions.csv", HEADER + "\n".join(lines))
    shop.ingest()
    assert [(row, value) for _, row, _, _, value in shop.aside()] == [
        ("4", "row 4"), ("5", "1 of 3 fields"), ("6", "4 of 3 fields"), ("8", "row 8"),
    ]  # fmt: skip


def test_a_header_over_two_lines_is_row_1(shop: Shop) -> None:
    """A quoted newline in the header shifts no row and costs no leading zero."""
    shop.write("transactions.csv", 'id,when,"paid\n(gross)"\n007,2024-01-01,5\n008,2024-01-01,x\n')
    shop.ingest(transactions(columns={"customer_id": "id", "occurred_at": "when", "amount": "paid\n(gross)"}))
    assert shop.column("customer_id") == ["007"]
    assert shop.aside() == [["transactions.csv", "3", "paid\n(gross)", "not_a_number", "x"]]


def test_rows_keep_their_numbers_in_large_files(shop: Shop) -> None:
    """A file that is read in several blocks numbers its rows like one that isn't."""
    lines = [f"{'0' * 200},2024-01-01,5"] * 25_000
    broken = {2: "short", 10_000: "1,2024-01-01,x", 21_000: "short", 24_999: "1,2024-01-01,x"}
    for row, line in broken.items():
        lines[row - 2] = line
    text = HEADER + "\n".join(lines)
    assert len(text) > 1 << 22
    shop.write("transactions.csv", text)
    shop.ingest()
    assert [int(line[1]) for line in shop.aside()] == list(broken)


def test_conflicting_rows_are_all_set_aside(shop: Shop) -> None:
    """Two different rows for one customer contradict each other; the same row twice doesn't."""
    shop.write("customers.csv", "id,joined\n1,2024-01-01\n2,2024-01-01\n1,2024-01-02\n2,2024-01-01\n")
    [profile] = shop.ingest(customers())
    assert shop.column("customer_id", "customers") == ["2"]
    assert shop.aside("customers") == [
        ["customers.csv", "2", "customer_id", "conflicting_key", ""],
        ["customers.csv", "4", "customer_id", "conflicting_key", ""],
    ]
    assert profile.counts == {"rows_in": 4, "kept": 1, "set_aside": 2, "duplicates": 1}


def test_private_values_are_masked(shop: Shop) -> None:
    """The quarantine shows which cell of a private column is broken, never its value."""
    shop.write("customers.csv", "id,joined\n1,1 March\n")
    shop.ingest(customers(), pii=("signed_up_at",))
    assert shop.aside("customers") == [["customers.csv", "2", "joined", "not_a_time", "***"]]


@pytest.mark.parametrize("name", ["customer_id", "user"])
def test_a_private_name_masks_the_column_under_all_its_headers(shop: Shop, name: str) -> None:
    """A canonical column that is private once, under its own name or a header's, is masked in every source."""
    shop.write("transactions.csv", "id,when,paid\n1,2024-01-01,5\n")
    shop.write("web.csv", "user,when,paid\n1,2024-01-01,5\n")
    web = {"customer_id": "user", "occurred_at": "when", "amount": "paid"}
    shop.write("contacts.csv", "id,sent,what\n,2024-01-01,call\n")
    shop.ingest(transactions(), transactions(path="web.csv", columns=web), contacts(), pii=(name,))
    assert shop.aside("contacts") == [["contacts.csv", "2", "id", "required", "***"]]


@pytest.mark.parametrize(
    ("key", "name", "hint"),
    [
        ("score.keep", "twon", "; did you mean 'town'?"),
        ("score.keep", "joined", "; did you mean 'signed_up_at'?"),
        ("score.pii", "phone", ""),
        ("features.profile", "region", ""),
    ],
)
def test_names_that_params_give_must_be_columns(shop: Shop, key: str, name: str, hint: str) -> None:
    """A column that another section names but customers lacks is refused before anything is written."""
    shop.write("customers.csv", "id,joined,town\n1,2024-01-01,Rome\n")
    with pytest.raises(DataError) as refused:
        shop.ingest(customers(), named={key: ("town", name)})
    assert str(refused.value) == (
        f"{key}: the customers table has no column '{name}'{hint}; correct the name, map the column, or remove it"
    )
    assert shop.everything() == {}


def test_names_that_params_may_give(shop: Shop) -> None:
    """Canonical columns, their days, attributes and, if private, mapped headers; nothing is asked without customers."""
    shop.write("customers.csv", "id,joined,town\n1,2024-01-01,Rome\n")
    shop.write("transactions.csv", HEADER + ROW)
    named = {"score.keep": ("customer_id", "signed_up_on", "town"), "score.pii": ("joined", "id", "town")}
    shop.ingest(customers(), named=named)
    shop.ingest(transactions(), named={"score.keep": ("nothing",)})


def swallowing(shop: Shop, *lines: str) -> str:
    """What is said about a file with these lines."""
    path = shop.write("transactions.csv", HEADER + "".join(f"{line}\n" for line in lines))
    with pytest.raises(ExportError) as refused:
        shop.ingest()
    return str(refused.value).replace(f"{path}: ", "")


SWALLOWED = (
    "row 3, column 'when': an opening quote seems never to be closed, so that the rows below it became part of the "
    "cell; close or remove the quote in the export"
)


def test_a_quote_that_never_closes_swallows_nothing_in_silence(shop: Shop) -> None:
    """Rows inside a cell refuse the file, whether the quote ends at the next one or at the end of the file."""
    stray = ["1,2024-01-01,5", '2,"2024-01-02,5', "3,2024-01-03,5"]
    assert swallowing(shop, *stray, '4,"2024-01-04",5', "5,2024-01-05,5") == SWALLOWED
    assert swallowing(shop, *stray, "4,2024-01-04,5") == SWALLOWED
    assert swallowing(shop, *stray, '4,2024-01-04,"5"') == SWALLOWED


def test_a_quote_that_never_closes_in_the_last_column(shop: Shop) -> None:
    """The end of the file closes the cell, so that the row has as many fields as the header."""
    assert swallowing(shop, '1,2024-01-01,"5', "2,2024-01-02,5").startswith("row 2, column 'paid': an opening quote ")


def test_text_over_several_lines_is_text(shop: Shop) -> None:
    """What people write may hold delimiters and lines."""
    shop.write("contacts.csv", 'id,sent,what\n1,2024-01-01,"Hi\nplease call, thanks, bye\nBob"\n')
    shop.ingest(contacts())
    assert shop.column("action", "contacts") == ["Hi\nplease call, thanks, bye\nBob"]


def test_formulas_are_defused(shop: Shop) -> None:
    """A broken cell never runs in the spreadsheet that shows it."""
    shop.write("transactions.csv", HEADER + ROW + "2,2024-01-01,=1+1\n")
    shop.ingest()
    assert shop.aside() == [["transactions.csv", "3", "paid", "not_a_number", "'=1+1"]]


def test_too_many_bad_rows(shop: Shop) -> None:
    """Above the share that is allowed the run stops and names the rule broken most, with places."""
    shop.write("transactions.csv", HEADER + ROW * 6 + "1,2024-01-01,x\n" * 4 + ",2024-01-01,1\n")
    with pytest.raises(QuarantineError) as refused:
        shop.ingest(share=0.1)
    assert str(refused.value) == (
        "transactions: 5 of 11 rows break the contract, more than ingest.max_quarantine_share 10.0% allows; mostly "
        "not_a_number in column 'paid', e.g. transactions.csv row 8, transactions.csv row 9, transactions.csv row 10 ('x'); "
        "correct the export or its mapping, or raise the share"
    )


def test_the_share_itself_is_allowed(shop: Shop) -> None:
    """Exactly as many bad rows as allowed pass."""
    shop.write("transactions.csv", HEADER + ROW * 9 + "1,2024-01-01,x\n")
    [profile] = shop.ingest(share=0.1)
    assert (profile.rows_in, profile.set_aside) == (10, 1)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (HEADER, "export it again with its rows"),
        (HEADER.strip(), "export it again with its rows"),
        (HEADER + "\n\n,,\n", "export it again with its rows"),
        (HEADER + "1,soon,5\n", "1 x not_a_time in column 'when', e.g. transactions.csv row 2"),
    ],
)
def test_events_need_rows(shop: Shop, content: str, why: str) -> None:
    """Without one usable event nobody is alive, so the run stops."""
    shop.write("transactions.csv", content)
    with pytest.raises(QuarantineError) as refused:
        shop.ingest()
    assert str(refused.value) == f"transactions: transactions.csv: no row to use; {why}"


@pytest.mark.parametrize("end", ["", "\n", "\n\n"])
def test_other_tables_may_be_empty(shop: Shop, end: str) -> None:
    """A header without rows is a month without contacts."""
    shop.write("transactions.csv", HEADER + ROW)
    shop.write("contacts.csv", f"id,sent,what{end}")
    _, profile = shop.ingest(transactions(), contacts())
    assert profile.rows_in == 0
    assert shop.rows("contacts") == []


def test_a_refused_run_leaves_no_trace(shop: Shop) -> None:
    """Old tables, quarantine and report stay byte for byte, and nothing lies beside them."""
    shop.write("transactions.csv", HEADER + ROW + "1,2024-01-01,x\n")
    shop.ingest()
    before, report = shop.everything(), (shop.root / "report.json").read_bytes()
    shop.write("transactions.csv", HEADER + "1,2024-01-01,x\n" * 9 + ROW)
    with pytest.raises(QuarantineError):
        shop.ingest(share=0.5)
    assert shop.everything() == before
    assert (shop.root / "report.json").read_bytes() == report
    assert sorted(path.name for path in shop.data.iterdir()) == ["quarantine", "tables"]
