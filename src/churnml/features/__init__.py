"""Tables and as_of -> panel: population, labels, features as they were known then."""

from churnml.features.asked import Asked, ask, asked
from churnml.features.catalog import catalog, families
from churnml.features.compared import write_peers
from churnml.features.condition import condition
from churnml.features.context import write_context
from churnml.features.lived import lived, write_only
from churnml.features.lives import write_lives
from churnml.features.months import Months, write_months
from churnml.features.panel import Built, build_panel, snapshot
from churnml.features.refused import require_known
from churnml.features.unscored import unscored

__all__ = [
    "Asked",
    "Built",
    "Months",
    "ask",
    "asked",
    "build_panel",
    "catalog",
    "condition",
    "families",
    "lived",
    "require_known",
    "snapshot",
    "unscored",
    "write_context",
    "write_lives",
    "write_months",
    "write_only",
    "write_peers",
]
