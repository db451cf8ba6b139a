"""Cells of the CSVs that we write come back as they were."""

import pyarrow as pa
from hypothesis import example, given
from hypothesis import strategies as st

from churnml.ingest.cells import unwrapped
from churnml.spreadsheet import all_defused, kept_as_text

TEXTS = st.lists(st.text(alphabet=st.sampled_from("=+-@'\"09aE/: ＝１年\t\n"), max_size=8))


@given(texts=TEXTS)
@example(texts=["00123", "+86 138", '="00123"', "＝1", " =1", "MAR1"])
def test_what_guards_a_cell_is_taken_off(texts: list[str]) -> None:
    """Whichever of the two rules wrote a text, it is read as it was, unless it began with an apostrophe of its own."""
    texts = [text for text in texts if not text.startswith("'")]
    column = pa.array(texts, pa.string())
    for written in (all_defused(column), kept_as_text(column)):
        assert unwrapped(written).to_pylist() == texts


def test_empty_cells_stay_empty() -> None:
    """An empty cell and none at all are no text to take anything off."""
    cells = pa.array(["", None, "=", "'", '=""'])
    assert unwrapped(cells).to_pylist() == ["", None, "=", "'", ""]
