"""The exports: every system writes its files as it always does, and, if asked, with the faults that they always have."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from churnml.simulate.calendar import DAY, Calendar
from churnml.simulate.draws import Ints
from churnml.simulate.faults import Planted, plant
from churnml.simulate.spill import CsvSheet, ExcelSheet, Sheet, month_name
from churnml.simulate.systems import SYSTEMS, System
from churnml.simulate.tables import TABLES, Told

Format = Literal["csv", "xlsx"]
HOURS_AHEAD_OF_UTC = {"en": 0, "zh-CN": 8}
_ABOVE = ("Export of all rows", "")


@dataclass
class Exports:
    """The files of all systems.

    Attributes:
        folder: where they go.
        format: csv or xlsx.
        dirty: whether faults are planted.
        planted: by file, the faults in it.
        headers: by system, those of its files.
    """

    folder: Path
    format: Format = "csv"
    dirty: bool = False
    planted: dict[str, list[Planted]] = field(default_factory=dict)
    headers: dict[str, list[str]] = field(default_factory=dict)
    _sheets: dict[str, Sheet] = field(default_factory=dict)

    def add(self, told: Told) -> None:
        """Write the rows of some customers."""
        for system in SYSTEMS:
            rows = TABLES[system.name](told)
            if not rows.num_rows:
                continue
            fields = [name for name in system.fields if name in rows.schema.names]
            who, at = rows["who"].to_numpy(), rows["at"].to_numpy()
            line = rows["line"].to_numpy() if "line" in rows.schema.names else 0
            text = _as_text(rows.select(fields), system, told)
            self.headers[system.name] = text.schema.names
            for name, places in self._files(system, told, at):
                self._write(name, text.take(pa.array(places)), fields, system, told, who[places], (at + line)[places])

    def close(self) -> dict[str, int]:
        """Close all files.

        Returns:
            number of rows by file, headers not counted.
        """
        for sheet in self._sheets.values():
            sheet.close()
        above = self._above
        return {name: sheet.rows - 1 - above for name, sheet in sorted(self._sheets.items())}

    @property
    def _above(self) -> int:
        return len(_ABOVE) if self.format == "xlsx" and self.dirty else 0

    def _files(self, system: System, told: Told, at: Ints) -> Iterator[tuple[str, Ints]]:
        """Which rows go to which file."""
        if not system.monthly:
            yield f"{system.folder}/{system.file}.{self.format}", np.arange(len(at))
            return
        month = Calendar(told.world.start).month(at // DAY)
        for one in np.unique(month):
            name = f"{system.folder}/{system.file}_{month_name(int(one))}.{self.format}"
            yield name, np.flatnonzero(month == one)

    def _write(
        self, name: str, rows: pa.Table, fields: Sequence[str], system: System, told: Told, who: Ints, at: Ints
    ) -> None:
        sheet = self._sheet(name, rows.schema.names, system, told)
        if not self.dirty:
            sheet.add(rows)
            return
        for run in plant(rows, fields, system, told.draws, who, at):
            first = sheet.rows + 1
            for fault in run.planted:
                moved = Planted(first + fault.row, fault.column, fault.fault, fault.outcome, fault.written, fault.meant)
                self.planted.setdefault(name, []).append(moved)
            if run.short:
                sheet.add_short(run.short)
            elif run.rows.num_rows:
                sheet.add(run.rows)

    def _sheet(self, name: str, headers: Sequence[str], system: System, told: Told) -> Sheet:
        if name not in self._sheets:
            path, shape = self.folder / name, system.shape(told.locale)
            if self.format == "xlsx":
                self._sheets[name] = ExcelSheet(path, shape, headers, _ABOVE[: self._above])
            else:
                self._sheets[name] = CsvSheet(path, shape, headers)
        return self._sheets[name]


def _as_text(rows: pa.Table, system: System, told: Told) -> pa.Table:
    """Cells as the system writes them, under its headers; each field says what its cells are: text, time, number."""
    shape = system.shape(told.locale)
    columns, fields = [], []
    headers = system.headers(told.locale, rows.schema.names)
    for header, column in zip(headers, rows.columns, strict=True):
        if pa.types.is_timestamp(column.type):
            kind, written = "time", pc.strftime(_local(column, shape.utc, told), format=shape.times)
        else:
            kind = "text" if pa.types.is_string(column.type) else "number"
            written = column.cast(pa.string())
        columns.append(written)
        fields.append(pa.field(header, pa.string(), metadata={"kind": kind}))
    return pa.Table.from_arrays(columns, schema=pa.schema(fields))


def _local(moments: pa.ChunkedArray, utc: bool, told: Told) -> pa.ChunkedArray:
    ahead = HOURS_AHEAD_OF_UTC[told.locale] if utc else 0
    return pc.subtract(moments, pa.scalar(timedelta(hours=ahead), pa.duration("s")))
