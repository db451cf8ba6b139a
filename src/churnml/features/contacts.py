"""How we reached out, and whether the customer answered; an answer counts from the day it came."""

from collections.abc import Sequence

from churnml.features.entry import Family, Feature

_SOURCE = "contact history (practice of customer-success teams: no contact, no answer)"


def contacts(windows_days: Sequence[int]) -> Family:
    """The family over contacts.

    Args:
        windows_days: lookback windows; only those of a month and longer are used, contacts are rare.
    """
    longer = [days for days in windows_days if days >= 28] or [windows_days[-1]]
    features = [
        Feature(
            "contact_recency_days", "date_diff('day', max(contacted_on), {as_of})", "days",
            "days since we last contacted the customer", "距上次联系天数", "relationship", _SOURCE,
        ),
        Feature(
            "contacts_answered_share", "CAST(count(answered_on) AS DOUBLE) / count(contacted_on)", "share",
            "share of our contacts that the customer answered", "联系回复率", "relationship", _SOURCE,
            needs=("answered_on",),
        ),
    ]  # fmt: skip
    for days in longer:
        features += [
            Feature(
                f"contacts_{days}d", "count(CASE WHEN contacted_on >= {since} THEN 1 END)", "contacts",
                f"contacts in the last {days} days", f"近{days}天联系次数", "relationship", _SOURCE, days, empty=0,
            ),
            Feature(
                f"answers_{days}d", "count(CASE WHEN answered_on >= {since} THEN 1 END)", "answers",
                f"answers in the last {days} days", f"近{days}天回复次数", "relationship", _SOURCE, days,
                ("answered_on",), 0,
            ),
        ]  # fmt: skip
    rows = "SELECT * FROM {table}"
    return Family("contacts", "contacts", rows, tuple(features))
