"""Tables and as_of -> panel: population, labels, features as they were known then."""

from churnml.features.catalog import catalog, families
from churnml.features.panel import Built, build_panel, cutoffs, snapshot

__all__ = ["Built", "build_panel", "catalog", "cutoffs", "families", "snapshot"]
