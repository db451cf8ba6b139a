"""Numbers as people and systems write them: what a column's cells look like, and the SQL that reads them."""

from collections.abc import Mapping

NUMBER = "DECIMAL(18, 4)"
# The engine's own cast also reads `1_000` as a thousand, without a word.
PLAIN = r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?"
GROUPED = r"^[+-]?[1-9]\d{0,2}\.\d{3}$"
"""Plain, but 1.234 is also how half of Europe writes a thousand and more."""

_FULL, _HALF = "０１２３４５６７８９，．％－−–＋（）　", "0123456789,.%---+() "
_CURRENCY = r"(?i)(US\$|HK\$|NT\$|RMB|CNY|USD|EUR|GBP|JPY|[¥￥$€£元圆])"
_COUNTED = r"\s*(分|颗?星|件|个|次|台|本|份|盒|瓶|pcs?|pts?|points?|stars?)$"
_YUAN = r"(?i)RMB|CNY|NT\$|HK\$|JPY|[¥￥元圆]"
"""Currencies of places that write decimals behind a point, and none of three digits."""
_GAP = r"[\s\x{a0}\x{2009}\x{202f}''’]"
_IN_GROUPS = rf"^[+-]?\s*\d{{1,3}}({_GAP}\d{{3}})+([.,]\d*)?\s*\D?$"
_PARTS = r"^([+-]?)\s*([0-9.,]+)\s*(千|万|萬|亿|億|%)?$"
_POINT = (
    r"^(\d{1,3}(,\d{2,3})*,\d{3}\.\d+|\d{1,3}(,\d{2,3})+,\d{3}|\d+\.(\d{0,2}|\d{4,})|\.\d+|0\d*\.\d+|\d{4,}\.\d{3})$"
)
_COMMA = r"^(\d{1,3}(\.\d{3})+,\d+|\d{1,3}(\.\d{3}){2,}|\d+,(\d{0,2}|\d{4,})|,\d+|0\d*,\d+|\d{4,},\d{3})$"
_EITHER = r"^[1-9]\d{0,2}[.,]\d{3}$"


def normal(cell: str, kind: str) -> str:
    """SQL: half-width, without currency and spaces, a minus in front; a plain number as it is.

    Args:
        cell: SQL of the cell.
        kind: of its column: behind a `number` may stand what is counted, such as 5分.
    """
    beside = _COUNTED if kind == "number" else _CURRENCY
    bare = f"trim(regexp_replace(translate({cell}, '{_FULL}', '{_HALF}'), '{beside}', '', 'g'))"
    signed = rf"regexp_replace(regexp_replace({bare}, '^\((.*)\)$', '-\1'), '^([^-]+)-$', '-\1')"
    return f"CASE WHEN regexp_matches({signed}, '{_IN_GROUPS}') THEN regexp_replace({signed}, '{_GAP}', '', 'g') ELSE {signed} END"


def parts(text: str) -> str:
    """SQL over `normal` text: sign, digits and unit, all empty where it isn't a number."""
    return f"regexp_extract({text}, '{_PARTS}', ['sign', 'digits', 'unit'])"


def evidence(cell: str, part: str) -> Mapping[str, str]:
    """SQL over the filled cells of a file: how many can be read with which decimal sign only.

    Args:
        cell: SQL of the cell.
        part: SQL of the `parts` of its `normal` form.
    """
    grouped = f"regexp_matches({cell}, '{_YUAN}') AND regexp_matches({part}.digits, '^[1-9]\\d{{0,2}},\\d{{3}}$')"
    digits, either = f"{part}.digits", is_either(part)
    return {
        "filled": "count(*)",
        "point": f"count(*) FILTER (WHERE regexp_matches({digits}, '{_POINT}') OR ({grouped}))",
        "comma": f"count(*) FILTER (WHERE regexp_matches({digits}, '{_COMMA}'))",
        "either": f"count(*) FILTER (WHERE {either})",
        "shown": f"min({digits}) FILTER (WHERE {either})",
        "signs": f"count(DISTINCT regexp_extract({digits}, '[.,]')) FILTER (WHERE {either})",
        "small": rf"count(*) FILTER (WHERE regexp_matches({digits}, '^\d{{1,3}}$'))",
        "large": rf"count(*) FILTER (WHERE regexp_matches({digits}, '^\d{{4,}}$'))",
    }


def is_either(part: str) -> str:
    """SQL: whether the sign could be that of decimals or of thousands."""
    return f"coalesce(regexp_matches({part}.digits, '{_EITHER}'), FALSE)"


def any_number(cell: str, part: str, decimal: str, kind: str) -> str:
    """SQL of a text cell -> a number; NULL where it can't be read, or could be two numbers.

    Args:
        cell: SQL of the cell.
        part: SQL of the `parts` of its `normal` form.
        decimal: SQL of the decimal sign of its file: '.', ',' or 'either'.
        kind: the SQL type.
    """
    digits = f"{part}.digits"
    with_point, with_comma = f"replace({digits}, ',', '')", f"replace(replace({digits}, '.', ''), ',', '.')"
    sign = (
        rf"CASE WHEN regexp_matches({digits}, '^\d+$') OR regexp_matches({digits}, '{_POINT}') THEN '.' "
        rf"WHEN regexp_matches({digits}, '{_COMMA}') THEN ',' WHEN regexp_matches({digits}, '{_EITHER}') THEN {decimal} END"
    )
    number = f"CASE {sign} WHEN '.' THEN {with_point} WHEN ',' THEN {with_comma} END"
    times = f"CASE {part}.unit WHEN '千' THEN 1000 WHEN '' THEN 1 WHEN '%' THEN 0.01 WHEN '万' THEN 10000 WHEN '萬' THEN 10000 ELSE 100000000 END"
    plain = f"regexp_full_match({cell}, '{PLAIN}') AND {cell} ILIKE '%e%'"
    return f"""CASE WHEN {plain} THEN TRY_CAST({cell} AS {kind})
        ELSE TRY_CAST(TRY_CAST({part}.sign || ({number}) AS DECIMAL(26, 8)) * {times} AS {kind}) END"""
