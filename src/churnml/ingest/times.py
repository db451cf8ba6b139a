"""Times as people and systems write them: what a column's cells look like, and the SQL that reads them."""

import re
from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

# The engine's own cast reads these rightly. It also reads `10:00 PM` as ten in the morning and drops the name of a
# timezone, without a word.
_ISO_DAY = r"^\d{4}[-/]\d{1,2}[-/]\d{1,2}"
_ISO_TIME = r"[ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?"
_EAST, _WEST = (rf"{sign}(?:0\d|1[0-{most}])(?::?(?:00|15|30|45))?" for sign, most in ((r"\+", 4), ("-", 2)))
LOCAL = f"{_ISO_DAY}({_ISO_TIME})?$"
# What follows a minus right behind the minutes is the end of a slot: 09:00-10:00.
WITH_OFFSET = rf"{_ISO_DAY}(?:{_ISO_TIME}(?:\s*(?:Z|UTC|{_EAST})|\s+{_WEST})|[ T]\d{{1,2}}:\d{{2}}:\d{{2}}(\.\d+)?{_WEST}|T\d{{1,2}}:\d{{2}}{_WEST})$"

_WITHIN = "BETWEEN TIMESTAMP '1900-01-01' AND TIMESTAMP '2200-01-01'"
_FULL, _HALF = "０１２３４５６７８９：／－．，　年月日号號時时点點分秒", "0123456789:/-., --   ::::: "
_NARROW = str.maketrans(_FULL, _HALF)
_WEEKDAY = r"[(（]?(星期|周|週|礼拜)[一二三四五六日天][)）]?"
_NOON = r"(上午|下午|凌晨|早上|中午|晚上|[AaPp]\.?[Mm]\.?)"
_PARTS = (
    r"^(\d{1,4})([-/.])(\d{1,2})[-/.](\d{1,4})"
    rf"(?:(?:[ T]\s*|\s*,\s*)({_NOON}\s*)?(\d{{1,2}}):(\d{{1,2}})(?::(\d{{1,2}}(?:\.\d+)?))?:?\s*({_NOON})?"
    rf"(?:\s*(Z|UTC|{_EAST})|\s+({_WEST}))?)?$"
)
_NAMES = "['a', 'by', 'b', 'c', 'n1', 'w1', 'h', 'm', 's', 'n2', 'w2', 'east', 'west']"
# A serial from 1982 on: `24120` is no day of 1966. Ten digits such as 2024010509 are an hour, no second of 2034.
_SERIAL, _EPOCH = r"^[3-6]\d{4}(\.\d+)?$", r"^\d{10}(\d{3}(\.0+)?|\d{6}(\.0+)?|\.\d+)?$"
_DATE = r"^(19|2[01])\d{6}(\d{2}|\d{4}|\d{6})?(\.0+)?$"
_PACKED = r"^(19|2[01])\d{6} \d"
_NUMERIC = rf"^(?:{_SERIAL[1:-1]}|{_DATE[1:-1]}|{_EPOCH[1:-1]})$"
_NAMED = r"^([A-Za-z]{3,9} |\d{1,2}[ /-][A-Za-z]{3,9}[ /-])"
_WITH_MONTH = [
    f"{day}{time}"
    for day in ("%d %b %Y", "%d-%b-%Y", "%d/%b/%Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%b %d %Y", "%B %d %Y")
    for time in ("", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p")
]


def normal(cell: str) -> str:
    """SQL: half-width, without a weekday, in single spaces; 年, 月 and 日 as signs."""
    plain = f"regexp_replace({cell}, '{_WEEKDAY}', '', 'g')"
    return rf"trim(regexp_replace(translate({plain}, '{_FULL}', '{_HALF}'), '\s+', ' ', 'g'))"


def parts(text: str) -> str:
    """SQL over `normal` text: its numbers and signs, all empty where it isn't a day in numbers."""
    return f"regexp_extract({text}, '{_PARTS}', {_NAMES})"


def evidence(cell: str, text: str, part: str) -> Mapping[str, str]:
    """SQL over the filled cells of a file: how many are what; of `either`, of which one is shown, two days are meant.

    Args:
        cell: SQL of the cell.
        text: SQL of its `normal` form.
        part: SQL of the `parts` of that.
    """
    one, two = _first_two(part)
    sure = f"length({part}.c) = 4 AND length({part}.a) <= 2"
    return {
        "filled": f"count({cell})",
        "numeric": f"count(*) FILTER (WHERE regexp_matches({text}, '{_NUMERIC}'))",
        "day_first": f"count(*) FILTER (WHERE {sure} AND {one} BETWEEN 13 AND 31 AND {two} <= 12)",
        "month_first": f"count(*) FILTER (WHERE {sure} AND {two} BETWEEN 13 AND 31 AND {one} <= 12)",
        "year_first": f"count(*) FILTER (WHERE length({part}.a) = 4)",
        "year_first_late": f"count(*) FILTER (WHERE length({part}.a) = 4 AND TRY_CAST({part}.c AS INTEGER) > 12)",
        "either": f"count(*) FILTER (WHERE {is_either(part)})",
        "shown": f"min({cell}) FILTER (WHERE {is_either(part)})",
    }


def is_either(part: str) -> str:
    """SQL: whether day and month could change places, and it would be another day."""
    one, two = _first_two(part)
    last = _year_last(part)
    return f"coalesce({last} AND {one} <= 12 AND {two} <= 12 AND {one} <> {two}, FALSE)"


def any_time(text: str, part: str, order: str, numeric: str, meant_in: str) -> str:
    """SQL of a text cell -> the moment in UTC; NULL where it can't be read, or could be two days.

    Args:
        text: SQL of the cell's `normal` form.
        part: SQL of the `parts` of that.
        order: SQL of what comes first in its file: 'day first', 'month first', or 'either' where nothing says it for all.
        numeric: SQL: whether numbers are times in its file (a spreadsheet's serial, 20240131, seconds since 1970).
        meant_in: SQL of the timezone of times that state no offset.
    """
    written = f"{_day(part, order)} || ' ' || {_clock(part)}"
    offset = f"({part}.east || {part}.west)"
    stated = f"(TRY_CAST({written} || replace({offset}, 'UTC', 'Z') AS TIMESTAMPTZ) AT TIME ZONE 'UTC')"
    days = f"CAST(round(TRY_CAST({text} AS DOUBLE) * 86400) AS BIGINT)"
    serial = f"(TIMESTAMP '1899-12-30' + to_seconds({days}))"
    compact = f"TRY_STRPTIME(split_part({text}, '.', 1), ['%Y%m%d', '%Y%m%d%H%M%S', '%Y%m%d%H%M', '%Y%m%d%H'])"
    unit = f"CASE length(split_part({text}, '.', 1)) WHEN 13 THEN 1000 WHEN 16 THEN 1 ELSE 1000000 END"
    epoch = f"make_timestamp(CAST(TRY_CAST({text} AS DECIMAL(27, 6)) * {unit} AS BIGINT))"
    bare = rf"regexp_replace({text}, '(\d{{4}}), ', '\1 ')"
    named = f"CASE WHEN regexp_matches({text}, '{_NAMED}') THEN TRY_STRPTIME({bare}, {_WITH_MONTH}) END"
    packed = f"WHEN regexp_matches({text}, '{_PACKED}') THEN TRY_STRPTIME({text}, ['%Y%m%d %H:%M:%S', '%Y%m%d %H:%M'])"
    local = f"(CASE WHEN {part}.a <> '' THEN TRY_CAST({written} AS TIMESTAMP) {packed} ELSE {named} END)"
    return f"""CASE WHEN {offset} <> '' THEN {plausible(stated)}
        WHEN NOT regexp_matches({text}, '{_NUMERIC}') THEN {as_utc(local, meant_in)}
        WHEN NOT ({numeric}) THEN NULL
        WHEN regexp_matches({text}, '{_DATE}') THEN {as_utc(compact, meant_in)}
        WHEN regexp_matches({text}, '{_EPOCH}') THEN {plausible(epoch)}
        ELSE {as_utc(serial, meant_in)} END"""


def _first_two(part: str) -> tuple[str, str]:
    """SQL: the first two numbers of a day."""
    return f"TRY_CAST({part}.a AS INTEGER)", f"TRY_CAST({part}.b AS INTEGER)"


def _year_last(part: str) -> str:
    """SQL: whether it is a day such as 3/4/2024, of which the column must tell what comes first."""
    return f"length({part}.c) = 4 AND length({part}.a) <= 2 AND {part}.by <> '.'"


def _day(part: str, order: str) -> str:
    """SQL: year, month and day in that order."""
    one, two = _first_two(part)
    order_of_cell = f"""CASE WHEN {one} > 12 OR {one} = {two} THEN 'day first' WHEN {two} > 12 THEN 'month first'
        WHEN {part}.by = '.' AND coalesce({order}, 'either') = 'either' THEN 'day first' ELSE {order} END"""
    return f"""(CASE WHEN length({part}.a) = 4 AND length({part}.c) <= 2
            THEN concat_ws('-', {part}.a, {part}.b, {part}.c)
        WHEN length({part}.a) > 2 OR length({part}.c) <> 4 THEN NULL
        ELSE CASE {order_of_cell} WHEN 'day first' THEN concat_ws('-', {part}.c, {part}.b, {part}.a)
            WHEN 'month first' THEN concat_ws('-', {part}.c, {part}.a, {part}.b) END END)"""


def _clock(part: str) -> str:
    """SQL: hours, minutes and seconds of 24 hours; NULL where they contradict the half of the day."""
    half = f"coalesce(nullif({part}.w1, ''), {part}.w2)"
    hour = f"TRY_CAST({part}.h AS INTEGER)"
    late, early = f"regexp_matches({half}, '^(下午|晚上|[Pp])')", f"regexp_matches({half}, '^(上午|凌晨|早上|[Aa])')"
    of_day = f"""CASE WHEN {part}.h = '' THEN 0 WHEN {half} = '晚上' AND ({hour} = 12 OR {hour} < 5) THEN NULL
        WHEN {late} AND {hour} < 12 THEN {hour} + 12
        WHEN {early} AND {hour} = 12 THEN 0 WHEN {early} AND {hour} > 12 THEN NULL
        WHEN {half} = '中午' AND {hour} < 11 THEN {hour} + 12 ELSE {hour} END"""
    minutes, seconds = (f"coalesce(nullif({part}.{name}, ''), '0')" for name in ("m", "s"))
    return f"(({of_day}) || ':' || {minutes} || ':' || {seconds})"


def as_utc(local: str, meant_in: str) -> str:
    """SQL: a local moment in UTC; NULL where no calendar of ours reaches so far."""
    moment = local if meant_in == "'UTC'" else f"make_timestamp(epoch_us({local} AT TIME ZONE {meant_in}))"
    return f"CASE WHEN {local} {_WITHIN} THEN {moment} END"


def skips_hours(zone: str) -> bool:
    """Whether clocks there skip an hour when summer time begins."""
    there = ZoneInfo(zone)
    return any(
        datetime(year, 1, 1, tzinfo=there).utcoffset() != datetime(year, 7, 1, tzinfo=there).utcoffset()
        for year in range(2000, 2040)
    )


def skipped(moment: str, clock: str, meant_in: str) -> str:
    """SQL: whether a time stands in an hour that clocks skipped, so that the engine takes it for one of the hour after.

    Args:
        moment: SQL of the moment in UTC.
        clock: SQL of what the moment would be if clocks showed UTC; of a time that states its offset the same.
        meant_in: SQL of the timezone of times that state none.
    """
    return f"({moment} <> {clock} AND make_timestamptz(epoch_us({moment})) AT TIME ZONE {meant_in} <> {clock})"


def day_of(moment: str, zone: str) -> str:
    """SQL: the day that a moment in UTC is in a timezone."""
    local = moment if zone == "'UTC'" else f"make_timestamptz(epoch_us({moment})) AT TIME ZONE {zone}"
    return f"CAST({local} AS DATE)"


def plausible(moment: str) -> str:
    """SQL: the moment; NULL where no calendar of ours reaches so far."""
    return f"CASE WHEN {moment} {_WITHIN} THEN {moment} END"


def in_parts(cell: str) -> tuple[int, int, int]:
    """The numbers of a day whose year comes last.

    >>> in_parts("星期三 3/4/2024 9:03")
    (3, 4, 2024)
    """
    one, two, year = re.findall(r"(\d{1,2})\s*[-/]\s*(\d{1,2})\s*[-/]\s*(\d{4})", cell.translate(_NARROW))[0]
    return int(one), int(two), int(year)
