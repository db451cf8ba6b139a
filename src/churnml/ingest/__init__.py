"""Exports -> clean tables, quarantine and profile."""

from churnml.ingest.profile import TableProfile
from churnml.ingest.stage import ingest
from churnml.ingest.told import told

__all__ = ["TableProfile", "ingest", "told"]
