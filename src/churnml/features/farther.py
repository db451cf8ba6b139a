"""What was longer ago than features reach: told with the snapshots, never learned from.

Whoever falls silent under a contract that runs on is on lists months later, and what they went for lies before their last sign of
life. So three things that tell a cause by how it was until then are looked for twice as far back as features look: when they last
used a feature, who had been in touch before it, and how deeply they used features then, counted in uses, so that no silence blurs it.
"""

from collections.abc import Mapping, Sequence

from churnml.contracts.tables import ACTIVITY, CONTACTS, SUBSCRIPTIONS
from churnml.features.activity import SIGNAL
from churnml.features.contacts import made
from churnml.features.entry import Family, Feature
from churnml.features.measures import mean, newest_first, recency

FARTHER = 2
"""So many times as far back as features."""

USES = 10
"""How many uses of features are the last ones, and at least as many must have gone before."""

OWN_CONTACTS = 4
"""How many personal contacts are told, from the last one back: owners go on calling for a while after a customer fell silent."""

_NEGLECT = "neglect (practice of customer-success teams: no follow-up by the owner, no visit)"
_USE = "falling use (practice of customer-success teams: breadth and depth of use)"


def farther(tables: Mapping[str, Sequence[str]]) -> list[Family]:
    """The families over contacts and, where there are contracts, over activity: only who has one is on lists so long after the last use.

    Args:
        tables: columns of each table that is there.
    """
    mine, use = tables.get(CONTACTS.name, ()), tables.get(ACTIVITY.name, ())
    families = [_owner(mine).with_columns(mine)]
    if SUBSCRIPTIONS.name in tables:
        families.append(_last_uses().with_columns(use))
    return [family for family in families if family.table in tables]


def _owner(columns: Sequence[str]) -> Family:
    """A contact that no list or campaign asked for was made by whoever looks after the customer."""
    features = tuple(
        Feature(
            f"owner_contact_{place}_days", recency("contacted_on", f"list_id IS NULL AND own_place = {place}"), "days",
            f"days since our contact number {place} from the last one back that belonged to no list or campaign",
            f"距倒数第{place}次主动跟进天数", "relationship", _NEGLECT, needs=("list_id",),
        )
        for place in range(1, OWN_CONTACTS + 1)
    )  # fmt: skip
    cells = {"own_place": newest_first("CASE WHEN list_id IS NULL THEN contacted_at END")}
    rows = f"SELECT *{{cells}} FROM {{table}} WHERE {made(columns)}"
    return Family("farther_contacts", CONTACTS.name, rows, features, cells=cells, farther=True)


def _last_uses() -> Family:
    """Signals are no use, as in the family over activity."""
    last, earlier = (f"CASE WHEN use_place {which} {USES} THEN coalesce(quantity, 1) END" for which in ("<=", ">"))
    needs = ("feature", "quantity")
    features = (
        Feature(
            "feature_last_used_days", recency("occurred_on"), "days", "days since the customer last used a feature", "距上次使用功能天数",
            "value", _USE, needs=("feature",),
        ),
        Feature(
            "last_uses_quantity", mean(last), "quantity per use", f"quantity per use in the last {USES} uses of features",
            f"最近{USES}次使用功能的单次用量", "value", _USE, needs=needs,
        ),
        Feature(
            "earlier_uses_quantity", f"CASE WHEN count({earlier}) >= {USES} THEN {mean(earlier)} END", "quantity per use",
            f"quantity per use of features before the last {USES}, of {USES} at least", f"更早使用功能的单次用量（至少{USES}次）", "value", _USE,
            needs=needs,
        ),
    )  # fmt: skip
    cells = {"use_place": newest_first("occurred_at", "quantity")}
    rows = f"SELECT *{{cells}} FROM {{table}} WHERE feature IS NOT NULL AND ({SIGNAL}) IS NULL"
    return Family("farther_activity", ACTIVITY.name, rows, features, cells=cells, farther=True)
