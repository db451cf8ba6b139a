"""Who the customer is: sign-up age, and attributes that the user declared to be timeless."""

from collections.abc import Sequence

from churnml.contracts.columns import quoted
from churnml.errors import DataError, did_you_mean
from churnml.features.entry import Family, Feature

_SOURCE = "customer master data"


def profile(timeless: Sequence[str], columns: Sequence[str]) -> Family:
    """The family over customers.

    Args:
        timeless: attributes named in `features.profile`.
        columns: columns that the customers table has.

    Raises:
        DataError: a named attribute isn't in the table.
    """
    for name in timeless:
        if name not in columns:
            raise DataError(
                f"features.profile: customers has no column '{name}'{did_you_mean(name, list(columns))}; "
                f"correct the name or remove it"
            )
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
