"""All families that the tables allow, and the catalog that describes their features."""

from collections.abc import Mapping, Sequence
from typing import Any

from churnml.config import Features
from churnml.contracts.files import ATTRIBUTE
from churnml.contracts.tables import CANCELLATIONS
from churnml.errors import DataError, did_you_mean
from churnml.features.activity import activity
from churnml.features.breadth import breadth
from churnml.features.contacts import contacts
from churnml.features.entry import Family
from churnml.features.farther import farther
from churnml.features.lifecycle import lifecycle
from churnml.features.notices import notices
from churnml.features.preset import small
from churnml.features.profile import profile
from churnml.features.rfm import rfm
from churnml.features.rhythm import rhythm
from churnml.features.satisfaction import satisfaction
from churnml.features.service import service
from churnml.features.subscription import subscription
from churnml.features.trend import trend


def families(params: Features, tables: Mapping[str, Sequence[str]]) -> list[Family]:
    """The families to compute, in a fixed order, each with the entries that the columns allow.

    Args:
        params: the features section.
        tables: columns of each table that is there.

    Raises:
        DataError: a named family's table isn't there, what is left out isn't, or there is nothing to learn from.
    """
    allowed, customers = every_family(params, tables), tables.get("customers", ())
    _require_known(params.leave_out, allowed, customers)
    allowed = [
        family.without({*params.leave_out, *(f"{ATTRIBUTE}{name}" for name in params.leave_out)}) for family in allowed
    ]
    allowed = [family for family in allowed if family.features]
    if not allowed:
        raise DataError(
            "features: no table holds anything to learn from; feed transactions, or name attributes that never change as "
            "features.profile"
        )
    if params.preset == "small":
        names = small(params.windows_days)
        allowed = [family if family.name == "profile" else family.within(names) for family in allowed]
        allowed = [family for family in allowed if family.features]
    if params.families == "auto":
        return allowed
    by_name = {family.name: family for family in allowed}
    for name in params.families:
        if name not in by_name:
            raise DataError(f"features.families: '{name}' has no table or column to read; remove it or add its source")
    return [family for family in allowed if family.name in params.families]


def every_family(params: Features, tables: Mapping[str, Sequence[str]]) -> list[Family]:
    """All that the tables and their columns allow, whatever is learned from.

    Args:
        params: windows, reach and attributes.
        tables: columns of each table that is there.
    """
    transactions, customers = tables.get("transactions", ()), tables.get("customers", ())
    every = [
        rfm(params.windows_days, transactions),
        rhythm(params.windows_days),
        trend(params.windows_days, params.reach_days),
        breadth(params.windows_days),
        lifecycle(params.windows_days),
        activity(params.windows_days, tables.get("activity", ())),
        service(params.windows_days, tables.get("tickets", ())),
        satisfaction(params.windows_days, tables.get("surveys", ())),
        subscription(params.windows_days, tables.get("subscriptions", ())),
        contacts(params.windows_days, tables.get("contacts", ())),
        profile(params.attributes, customers),
    ]
    return [family.with_columns(tables[family.table]) for family in every if family.table in tables]


def told(tables: Mapping[str, Sequence[str]]) -> list[Family]:
    """Families that snapshots hold beside those of the catalog: for those who read lists, never for a model.

    Args:
        tables: columns of each table that is there.
    """
    every = [notices(tables.get(CANCELLATIONS.name, ())), *farther(tables)]
    return [family for family in every if family.features]


def _require_known(leave_out: Sequence[str], allowed: Sequence[Family], customers: Sequence[str]) -> None:
    """Refuse to leave out what isn't there."""
    names = [feature.name for family in allowed for feature in family.features]
    for name in leave_out:
        if name not in (*names, *customers):
            raise DataError(
                f"features.leave_out: no feature and no column of customers is called '{name}'"
                f"{did_you_mean(name, [*names, *customers])}; correct the name or remove it"
            )


def catalog(chosen: Sequence[Family]) -> list[dict[str, Any]]:
    """One description per feature, in the order of the panel's columns."""
    return [
        {
            "name": feature.name,
            "family": family.name,
            "table": family.table,
            "kind": feature.kind,
            "unit": feature.unit,
            "window_days": feature.window_days,
            "meaning": {"en": feature.en, "zh-CN": feature.zh},
            "cause": feature.cause,
            "source": feature.source,
        }
        for family in chosen
        for feature in family.features
    ]
