"""SQL of one cell: text -> a number or a moment in UTC, and what is wrong with it."""

from collections.abc import Mapping
from datetime import date, timedelta

from churnml.config import Source
from churnml.contracts.columns import Column, quoted, text
from churnml.contracts.tables import TABLES
from churnml.ingest import amounts, times
from churnml.ingest.cells import DESTROYED
from churnml.ingest.exact import MOMENT
from churnml.ingest.lookup import CUSTOMER
from churnml.ingest.readings import Reading, normal
from churnml.ingest.rules import NOT_A_ROW, NOT_FOUND, RuleName

REFUND = ":refund"
"""Whether a row takes money back, where its source says how to tell."""
BROKEN, SKIPPED = ":broken", ":skipped"
"""What is wrong with the cells of a row, and whether one of its times stands in an hour that clocks skipped."""
_NOT: Mapping[str, RuleName] = {"amount": "not_a_number", "number": "not_a_number", "time": "not_a_time"}
_NOTHING = (
    "null", "(null)", "\\N", "none", "nan", "nat", "n/a", "#n/a", "na", "-", "--", "—", "——", "/", "无", "空", "暂无",
    "0000-00-00", "0000-00-00 00:00:00", "1899-12-30 00:00:00", "1899-12-31 00:00:00", "00:00:00",
)  # fmt: skip
"""What systems and people write where there is no number or time."""

_NOBODY = rf"^([?\x{{fffd}}*#.]+|{DESTROYED}|.*\x{{fffd}}.*)$"
"""What stands where an id is missing, or was destroyed: by a spreadsheet (1.38E+10) or in another encoding."""

_TOTALS = (
    r"^((本页|本月|本年|累计|全部)?(合|小|总|總|共|累)(计|計)(金额|笔数)?|总和|汇总|(grand|sub)?totals?|sum)([:：（(].*)?$"
    r"|^(备注|附注|注|说明|制表人?|审核人?|打印(时间|人)|导出(时间|人)|统计(时间|日期))[:：]"
    r"|^第\d+页|^共\d+(条|人|位|笔|页|行)"
)
"""Lines of totals, of pages and of who printed them, without white space and in small letters. They are no rows of a table, nor
is the header once more, nor what says neither whose it is nor when."""

_FOREVER = (
    r"^(9999[-/年]?12[-/月]?31|31[-/.]12[-/.]9999|12/31/9999)"
    r"|^(永久(有效)?|长期(有效)?|至今|无限期|无固定期限|未(知|定|解决|关闭|完成|处理|回复|到期)|处理中|进行中|待处理"
    r"|present|ongoing|open|pending|never|forever|unlimited|unknown)$"
)
"""How systems and people write a day that isn't set, or hasn't come, such as the end of a contract that runs."""

_ZERO = "TIMESTAMP '1969-12-31 10:00:00' AND TIMESTAMP '1970-01-01 14:00:00'"
"""Where their clocks begin, in any timezone; like 1900, it is what they write where they know nothing."""


def written(field: Column, zone: str) -> str:
    """SQL over typed cells: the column, and of a time also its day in the zone."""
    value = quoted("=" + field.name)
    if field.kind != "time":
        return f"{value} AS {quoted(field.name)}"
    return f"{value} AS {quoted(field.name)}, {times.day_of(value, text(zone))} AS {quoted(field.day)}"


def filled_cell(field: Column, odd: bool) -> str:
    """SQL over staged text: NULL where the cell is empty, or of an odd column says that there is nothing."""
    name = quoted(field.name)
    if not odd or field.kind == "text":
        return f"nullif({name}, '')"
    nothing = f"lower({name}) IN ('', {', '.join(map(text, _NOTHING))})"
    if field.kind == "time" and not field.required:
        nothing += f" OR regexp_matches(lower({name}), '{_FOREVER}')"
    return f"CASE WHEN NOT ({nothing}) THEN {name} END"


def forms_of(field: Column, reading: Reading | None) -> tuple[list[str], list[str]]:
    """SQL over filled cells, and over that: what `typed_cell` needs of an odd column beside the cell itself."""
    if reading is None or field.kind == "text":
        return [], []
    how = times if field.kind == "time" else amounts
    form, parts = quoted("~" + field.name), quoted("~~" + field.name)
    return [f"{normal(field)} AS {form}"], [f"{how.parts(form)} AS {parts}"]


def typed_cell(field: Column, source: Source, zone: str, reading: Reading | None = None, bare: bool = False) -> str:
    """SQL over text: the cell in its type; NULL where it can't be read, or no calendar of ours reaches so far.

    Args:
        field: the column.
        source: its formats.
        zone: `project.timezone`.
        reading: of an odd column; None where all cells are plain.
        bare: that they are was looked at, and no time of the column states an offset.
    """
    name, normal, parts = (quoted(before + field.name) for before in ("", "~", "~~"))
    if field.kind == "text":
        known = quoted(CUSTOMER) if source.lookup and field.name == "customer_id" else name
        return f"upper({known})" if reading else known
    if field.kind in ("amount", "number"):
        number = f"TRY_CAST({name} AS {amounts.NUMBER})"
        if reading:
            number = amounts.any_number(name, parts, reading.chosen, amounts.NUMBER)
        elif not bare:
            number = f"CASE WHEN regexp_full_match({name}, '{amounts.PLAIN}') THEN {number} END"
        taken_back = source.refunds and field.name == "amount"
        return f"""CASE WHEN "{REFUND}" THEN -abs({number}) ELSE {number} END""" if taken_back else number
    meant_in = text(source.timezone or zone)
    if source.date_format and not source.order:
        moment = f"TRY_STRPTIME({name}, {text(source.date_format)})"
        stated = times.plausible(f"{moment} AT TIME ZONE 'UTC'")
        read = stated if source.states_offset else times.as_utc(moment, meant_in)
        typed = times.as_utc(f"TRY_CAST(substr({name}, 2) AS TIMESTAMP)", meant_in)
        return f"CASE WHEN starts_with({name}, '{MOMENT}') THEN {typed} ELSE {read} END"
    local = times.as_utc(f"TRY_CAST({name} AS TIMESTAMP)", meant_in)
    if bare:
        return local
    squeezed = rf"regexp_replace({name}, '\s+([+-])', '\1')"
    with_offset = times.plausible(f"TRY_CAST({squeezed} AS TIMESTAMPTZ) AT TIME ZONE 'UTC'")
    other = f"ELSE {times.any_time(normal, parts, reading.chosen, reading.among_numbers, meant_in)}" if reading else ""
    return f"""CASE WHEN regexp_matches({name}, '{times.LOCAL}') THEN {local}
        WHEN regexp_matches({name}, '{times.WITH_OFFSET}') THEN {with_offset} {other} END"""


def checks_of(
    field: Column, source: Source, odd: bool, bare: bool = False, latest: date | None = None
) -> list[tuple[str, str]]:
    """SQL over text and typed cells, which are called `=` and their name: when something is wrong with the cell, and what.

    Args:
        field: the column.
        source: its mapping.
        odd: whether it has `forms_of` a reading.
        bare: whether ids were seen to be some.
        latest: the last day that can have been; None where a later one may be meant.
    """
    name, parts = quoted(field.name), quoted("~~" + field.name)
    origin = text(source.columns.get(field.name, field.name))
    said = []
    if field.required:
        said.append((f"{name} IS NULL", _cell("required", origin, "NULL")))
    if field.name == "customer_id":
        said += _of_customer(name, origin, source, bare)
    if source.lookup and field.name == "customer_id":
        unknown = f"{name} IS NOT NULL AND {quoted(CUSTOMER)} IS NULL"
        said.append((unknown, _cell(NOT_FOUND, origin, name)))
    if field.kind != "text":
        value = quoted("=" + field.name)
        misread = f"{name} IS NOT NULL AND {value} IS NULL"
        if odd:
            how = times if field.kind == "time" else amounts
            what: RuleName = "ambiguous_time" if field.kind == "time" else "ambiguous_number"
            said.append((f"{misread} AND {how.is_either(parts)}", _cell(what, origin, name)))
            misread += f" AND NOT {how.is_either(parts)}"
        said.append((misread, _cell(_NOT[field.kind], origin, name)))
        if field.kind == "time":
            unset = f"{value} < TIMESTAMP '1950-01-01' OR {value} BETWEEN {_ZERO}"
            said.append((unset, _cell("no_real_time", origin, name)))
        if latest:
            future = f"{value} >= TIMESTAMP '{latest + timedelta(days=2)}'"
            said.append((future, _cell("in_the_future", origin, name)))
    return said


def _of_customer(name: str, origin: str, source: Source, bare: bool) -> list[tuple[str, str]]:
    """What stands where a customer should: lines that are no rows, and what isn't anybody."""
    time = TABLES[source.table].time
    line = f"{name} = {origin}" + (f" OR {name} IS NULL AND {quoted(time)} IS NULL" if time else "")
    if bare:
        return [(line, _cell(NOT_A_ROW, origin, name))]
    words = ", ".join(map(text, _NOTHING))
    squeezed = f"lower(regexp_replace({name}, '[\\s\\x{{3000}}]', '', 'g'))"
    nobody = f"lower({name}) IN ({words}) OR regexp_matches({name}, '{_NOBODY}')"
    return [
        (f"{line} OR regexp_matches({squeezed}, '{_TOTALS}')", _cell(NOT_A_ROW, origin, name)),
        (nobody, _cell("no_real_id", origin, name)),
    ]


def _cell(rule: RuleName, origin: str, value: str) -> str:
    return f"""{{'rule': '{rule}', 'column': {origin}, 'value': CAST({value} AS VARCHAR)}}"""
