"""What happened, as rows; written down while the world goes on, sorted by customer and time at the end of a part."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from churnml.simulate.draws import Floats, Ints

Cells = Mapping[str, Any]
MISSING = -1
"""A word that isn't there; words are numbers of `words.py` until they are exported."""


class Journal:
    """Rows by table. `who` is a position in the part, `at` a moment in seconds from the first midnight on."""

    def __init__(self) -> None:
        self._rows: dict[str, list[dict[str, np.ndarray]]] = {}

    def note(self, table: str, who: Ints, at: Ints, **cells: Ints | Floats | int) -> None:
        """Add rows.

        Args:
            table: their table.
            who: shape (k,).
            at: shape (k,).
            cells: further columns, shape (k,) or one value for all.
        """
        columns = {name: np.broadcast_to(np.asarray(cell), who.shape) for name, cell in cells.items()}
        self._rows.setdefault(table, []).append({"who": who, "at": at, **columns})

    def rows(self, table: str) -> dict[str, np.ndarray]:
        """All rows of a table, by customer and time; rows of one moment stay in the order in which they were noted.

        >>> journal = Journal()
        >>> journal.note("tickets", np.array([1, 0]), np.array([5, 9]), kind=2)
        >>> {name: column.tolist() for name, column in journal.rows("tickets").items()}
        {'who': [0, 1], 'at': [9, 5], 'kind': [2, 2]}
        """
        parts = self._rows[table]
        columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
        order = np.lexsort((columns["at"], columns["who"]))
        return {name: column[order] for name, column in columns.items()}
