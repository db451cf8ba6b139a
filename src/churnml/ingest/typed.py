"""SQL of one cell: text -> a number or a moment in UTC, and what is wrong with it."""

from churnml.config import Source
from churnml.contracts.columns import Column, quoted

_NUMBER = "DECIMAL(18, 4)"
_NOT = {"amount": "not_a_number", "number": "not_a_number", "time": "not_a_time"}
# The engine's own cast also reads `10:00 PM` as ten in the morning and drops the name of a timezone, and `1_000` as a
# thousand, without a word.
_DAY = r"^\d{4}[-/]\d{1,2}[-/]\d{1,2}"
_TIME = r"[ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?"
_LOCAL = f"{_DAY}({_TIME})?$"
_WITH_OFFSET = rf"{_DAY}{_TIME}\s*(Z|UTC|[+-]\d{{2}}(:?\d{{2}})?)$"
_DECIMAL = r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?"
_PLAUSIBLE = "BETWEEN TIMESTAMP '1900-01-01' AND TIMESTAMP '2200-01-01'"


def text(value: str) -> str:
    """A value as an SQL string."""
    return "'" + value.replace("'", "''") + "'"


def written(field: Column, zone: str) -> str:
    """SQL over typed cells: the column, and of a time also its day in the zone."""
    value = quoted("=" + field.name)
    if field.kind != "time":
        return f"{value} AS {quoted(field.name)}"
    local = f"CAST(({value} AT TIME ZONE 'UTC') AT TIME ZONE {text(zone)} AS DATE)"
    return f"{value} AS {quoted(field.name)}, {local} AS {quoted(field.day)}"


def typed_cell(field: Column, source: Source, zone: str) -> str:
    """SQL over text: the cell in its type; NULL where it can't be read, or no calendar of ours reaches so far."""
    name = quoted(field.name)
    if field.kind == "text":
        return name
    if field.kind in ("amount", "number"):
        return f"CASE WHEN regexp_full_match({name}, '{_DECIMAL}') THEN TRY_CAST({name} AS {_NUMBER}) END"
    meant_in = text(source.timezone or zone)
    if source.date_format:
        moment = f"TRY_STRPTIME({name}, {text(source.date_format)})"
        return _plausible(f"{moment} AT TIME ZONE 'UTC'") if source.states_offset else _as_utc(moment, meant_in)
    local = _as_utc(f"TRY_CAST({name} AS TIMESTAMP)", meant_in)
    squeezed = rf"regexp_replace({name}, '\s+([+-])', '\1')"
    with_offset = _plausible(f"TRY_CAST({squeezed} AS TIMESTAMPTZ) AT TIME ZONE 'UTC'")
    return f"""CASE WHEN regexp_matches({name}, '{_LOCAL}') THEN {local}
        WHEN regexp_matches({name}, '{_WITH_OFFSET}') THEN {with_offset} END"""


def _as_utc(local: str, meant_in: str) -> str:
    return f"CASE WHEN {local} {_PLAUSIBLE} THEN ({local} AT TIME ZONE {meant_in}) AT TIME ZONE 'UTC' END"


def _plausible(moment: str) -> str:
    return f"CASE WHEN {moment} {_PLAUSIBLE} THEN {moment} END"


def checks_of(field: Column, source: Source) -> list[str]:
    """SQL over text and typed cells, which are called `=` and their name: what is wrong with the cell, or NULL."""
    name, origin = quoted(field.name), text(source.columns.get(field.name, field.name))
    said = []
    if field.required:
        said.append(f"CASE WHEN {name} IS NULL THEN {_cell('required', origin, 'NULL')} END")
    if field.kind != "text":
        value = quoted("=" + field.name)
        misread = f"{name} IS NOT NULL AND {value} IS NULL"
        said.append(f"CASE WHEN {misread} THEN {_cell(_NOT[field.kind], origin, name)} END")
    return said or [f"CASE WHEN FALSE THEN {_cell('', origin, 'NULL')} END"]


def _cell(rule: str, origin: str, value: str) -> str:
    return f"""{{'rule': '{rule}', 'column': {origin}, 'value': CAST({value} AS VARCHAR)}}"""
