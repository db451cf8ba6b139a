"""How long somebody has been a customer."""

from churnml.contracts.tables import TRANSACTIONS
from churnml.features.entry import Family, Feature

_SOURCE = "customer lifetime (Fader, Hardie and Lee 2005: T)"

LIFECYCLE = Family(
    "lifecycle",
    "transactions",
    f"SELECT customer_id, occurred_on AS day FROM {{table}} WHERE {TRANSACTIONS.alive}",
    (
        Feature(
            "tenure_days", "date_diff('day', min(day), {as_of})", "days", "days since the first purchase that features can see",
            "距可见历史中首次购买天数", "none", _SOURCE,
        ),
    ),
)  # fmt: skip
