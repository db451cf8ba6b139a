"""Who the customer is: sign-up age, and attributes that the user declared to be timeless."""

from collections.abc import Sequence

from churnml.contracts.columns import CURRENT, quoted
from churnml.contracts.tables import CUSTOMERS
from churnml.errors import DataError, did_you_mean
from churnml.features.entry import Family, Feature

_SOURCE = "customer master data"
_NO_ATTRIBUTES = {name for column in CUSTOMERS.columns if column.known != CURRENT for name in (column.name, column.day)}


def profile(timeless: Sequence[str], columns: Sequence[str]) -> Family:
    """The family over customers.

    Args:
        timeless: attributes named in `features.profile`.
        columns: columns that the customers table has.

    Raises:
        DataError: a named attribute isn't in the table, or is the id or a time.
    """
    for name in timeless:
        if name not in columns:
            raise DataError(
                f"features.profile: customers has no column '{name}'{did_you_mean(name, list(columns))}; "
                f"correct the name or remove it"
            )
        if name in _NO_ATTRIBUTES:
            raise DataError(f"features.profile: '{name}' is no attribute; remove it")
    age = Feature(
        "signed_up_days", "date_diff('day', max(signed_up_on), {as_of})", "days", "days since sign-up", "注册天数",
        "none", _SOURCE, needs=("signed_up_on",),
    )  # fmt: skip
    attributes = [
        Feature(
            f"profile_{name}", f"max({quoted(name)})", "category", f"{name} of the customer", f"客户属性 {name}", "none",
            _SOURCE, needs=(name,), kind="category",
        )
        for name in timeless
    ]  # fmt: skip
    return Family("profile", "customers", "SELECT * FROM {table}", (age, *attributes))
