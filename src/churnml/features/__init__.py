"""Tables and as_of -> panel: population, labels, features as they were known then."""

from churnml.features.catalog import catalog, families
from churnml.features.compared import write_peers
from churnml.features.panel import Built, build_panel, snapshot

__all__ = ["Built", "build_panel", "catalog", "families", "snapshot", "write_peers"]
