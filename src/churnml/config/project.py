"""Who, where, and which exports: the sections `project` and `sources`."""

import re
from typing import Literal, Self
from zoneinfo import ZoneInfo, available_timezones

from pydantic import Field, field_validator, model_validator

from churnml.config.section import Section
from churnml.contracts.tables import TABLES
from churnml.errors import did_you_mean

_DIRECTIVES = {*"aAwdbBmyYHIpMSfgnzZjUWcxXGVu%", "-d", "-m", "-y", "-H", "-I", "-M", "-S", "-j"}


class Project(Section):
    """Who and where: name, timezone of days, language and currency of the lists."""

    name: str = Field(min_length=1)
    timezone: str = "UTC"
    locale: Literal["en", "zh-CN"] = "en"
    currency: str = "USD"

    @field_validator("timezone")
    @classmethod
    def _known_timezone(cls, value: str) -> str:
        return known_timezone(value)

    @property
    def zone(self) -> ZoneInfo:
        """The timezone in which days are counted."""
        return ZoneInfo(self.timezone)


class Lookup(Section):
    """Where a source whose rows name no customer finds whose they are; `columns.customer_id` is the header of its key.

    Attributes:
        path: file, folder or glob below `exports`.
        key: header of what the rows name instead, such as the number of a contract.
        customer_id: header of the customer whose that is.
    """

    path: str = Field(min_length=1)
    key: str
    customer_id: str


class Refunds(Section):
    """Rows that take money back, told by a word, whatever the sign of their amount.

    Attributes:
        column: header of what kind of row it is.
        values: what it says of a refund, in capitals or not.
    """

    column: str
    values: tuple[str, ...] = Field(min_length=1)


class Dedupe(Section):
    """Which of several rows about the same thing holds.

    Attributes:
        by: canonical columns that tell what a row is about.
        keep: the last row of the newest folder, files taken in the order of their names, or the very first.
    """

    by: tuple[str, ...] = Field(min_length=1)
    keep: Literal["last", "first"] = "last"


class Source(Section):
    """One source of rows for one canonical table.

    Attributes:
        table: the canonical table that it feeds.
        path: file, folder or glob below `exports`; where nothing is there, the same of another kind (.csv, .xlsx, .parquet).
        columns: canonical column -> header in the export.
        encoding: of a CSV; if None, what its bytes prove: a byte order mark, UTF-8, UTF-16, Chinese or Western text.
        delimiter: of a CSV; if None, that of ',', ';', tab and '|' under which its header is found.
        sheet: of a workbook; if None, every visible sheet whose header holds all mapped headers, such as one per tier.
        date_format: strptime format of times, the only one that is read; or `day first` or `month first`, of days such as
            3/4/2024; if None, decided over the whole column.
        decimal: decimal sign of numbers, `.` or `,`; if None, decided over the whole column.
        timezone: in which times without an offset are meant; `project.timezone` if None.
        where: canonical columns that must be filled; other rows are left out, and are no fault of the export.
        constants: canonical column -> what stands in it in every row, for what the export needn't say.
        lookup: where to find the customer of a row that names something else.
        refunds: which rows take money back, where the amount's sign doesn't say so.
        dedupe: which of several rows about the same thing holds; if None, newer folders supersede older ones by the
            table's key, and rows that contradict each other are set aside.
    """

    table: str
    path: str = Field(min_length=1)
    columns: dict[str, str]
    encoding: str | None = None
    delimiter: str | None = Field(default=None, min_length=1, max_length=1)
    sheet: str | None = None
    date_format: str | None = None
    decimal: Literal[".", ","] | None = None
    timezone: str | None = None
    where: dict[str, Literal["filled"]] = Field(default_factory=dict)
    constants: dict[str, str] = Field(default_factory=dict)
    lookup: Lookup | None = None
    refunds: Refunds | None = None
    dedupe: Dedupe | None = None

    @field_validator("table")
    @classmethod
    def _known_table(cls, value: str) -> str:
        if value not in TABLES:
            raise ValueError(f"no table '{value}'{did_you_mean(value, list(TABLES))} (tables: {', '.join(TABLES)})")
        return value

    @field_validator("timezone")
    @classmethod
    def _known_timezone(cls, value: str | None) -> str | None:
        return None if value is None else known_timezone(value)

    @field_validator("date_format")
    @classmethod
    def _known_directives(cls, value: str | None) -> str | None:
        if value is not None and "%" not in value and value not in ("day first", "month first"):
            raise ValueError("expected `day first`, `month first`, or strptime's letters, e.g. %d/%m/%Y %H:%M")
        for directive in _directives(value):
            if directive not in _DIRECTIVES:
                raise ValueError(f"no '%{directive}'; use strptime's letters, e.g. %d/%m/%Y %H:%M")
        return value

    @property
    def headers(self) -> list[str]:
        """Headers that an export must have."""
        return [*self.columns.values(), *([self.refunds.column] if self.refunds else [])]

    @property
    def order(self) -> str | None:
        """What comes first in days whose year comes last, if that is stated."""
        return self.date_format if self.date_format in ("day first", "month first") else None

    @property
    def states_offset(self) -> bool:
        """Whether date_format reads an offset or a timezone from each time."""
        return not {"z", "Z"}.isdisjoint(_directives(self.date_format))

    @model_validator(mode="after")
    def _mapping_fits_contract(self) -> Self:
        table = TABLES[self.table]
        known = [column.name for column in table.columns]
        for key, names in (("columns", self.columns), ("constants", self.constants)):
            for name in names:
                if name not in known:
                    raise ValueError(
                        f"{key}: {table.name} has no '{name}'{did_you_mean(name, known)} ({', '.join(known)})"
                    )
        for name in self.constants:
            if name in self.columns or name == "customer_id":
                raise ValueError(f"constants: '{name}' is a column of the export; say it in one place")
        for name in table.required:
            if name not in self.columns and name not in self.constants:
                raise ValueError(f"columns: {table.name} needs '{name}': say which header of the export holds it")
        for name in self.where:
            if name not in self.columns:
                mapped = list(self.columns)
                raise ValueError(
                    f"where: no column '{name}' is mapped{did_you_mean(name, mapped)} ({', '.join(mapped)})"
                )
        for name in self.dedupe.by if self.dedupe else ():
            if name not in [*self.columns, *self.constants]:
                raise ValueError(
                    f"dedupe: no column '{name}' is mapped{did_you_mean(name, list(self.columns))} ({', '.join(self.columns)})"
                )
        if self.refunds and "amount" not in self.columns:
            raise ValueError("refunds: no 'amount' is mapped that could be taken back")
        return self


def _directives(date_format: str | None) -> list[str]:
    return re.findall(r"%(-?.|$)", date_format or "", re.DOTALL)


def known_timezone(name: str) -> str:
    """Check the name of a timezone.

    Raises:
        ValueError: no such timezone.
    """
    if name not in available_timezones():
        raise ValueError(f"no timezone '{name}'{did_you_mean(name, sorted(available_timezones()))}")
    return name
