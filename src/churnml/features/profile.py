"""Who the customer is: sign-up age, attributes that never change, and days on which something happened once.

A day is known from the day after it on, as any event is; before, and for whom it never came, it is unknown.
"""

from collections.abc import Mapping, Sequence

from churnml.contracts.columns import quoted
from churnml.contracts.files import ATTRIBUTE
from churnml.features.attributes import NUMBER, day_of, require_attributes
from churnml.features.entry import Family, Feature

_SOURCE = "customer master data"


def profile(timeless: Mapping[str, str], columns: Sequence[str]) -> Family:
    """The family over customers.

    Args:
        timeless: attributes that are learned from, and whether each is a number, a category, a date, or only filled.
        columns: columns that the customers table has.

    Raises:
        DataError: a named attribute isn't in the table, or is the id or a time.
    """
    require_attributes(timeless, columns)
    age = Feature(
        "signed_up_days", "date_diff('day', max(signed_up_on), {as_of})", "days", "days since sign-up", "注册天数",
        "none", _SOURCE, needs=("signed_up_on",),
    )  # fmt: skip
    attributes = [_attribute(name, kind) for name, kind in timeless.items()]
    return Family("profile", "customers", "SELECT * FROM {table}", (age, *attributes))


def _attribute(name: str, kind: str) -> Feature:
    if kind == "date":
        return _happened(name)
    if kind == "filled":
        return _filled(name)
    number = kind == "number"
    text = f"CAST({quoted(name)} AS VARCHAR)"
    known = f"regexp_matches({text}, '{NUMBER}')"
    sql = f"max(CASE WHEN {known} THEN CAST(trim({text}) AS DOUBLE) END)" if number else f"max({quoted(name)})"
    return Feature(
        f"{ATTRIBUTE}{name}", sql, "number" if number else "category", f"{name} of the customer", f"客户属性 {name}", "none",
        _SOURCE, needs=(name,), kind="number" if number else "category",
    )  # fmt: skip


def _happened(name: str) -> Feature:
    day = day_of(name)
    return Feature(
        f"{ATTRIBUTE}{name}", f"date_diff('day', max(CASE WHEN {day} < {{as_of}} THEN {day} END), {{as_of}})", "days",
        f"days since {name} of the customer; unknown before", f"距客户 {name} 的天数（此前未知）", "none", _SOURCE, needs=(name,),
    )  # fmt: skip


def _filled(name: str) -> Feature:
    text = f"CAST({quoted(name)} AS VARCHAR)"
    return Feature(
        f"{ATTRIBUTE}{name}", f"max(CASE WHEN length(trim({text})) > 0 THEN 1 ELSE 0 END)", "yes or no",
        f"1 if customers says a {name} of the customer, 0 if it says none", f"客户是否填有 {name}（1 是，0 否）", "none", _SOURCE,
        needs=(name,),
    )  # fmt: skip
