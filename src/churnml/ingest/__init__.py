"""Exports -> clean tables, quarantine and profile."""

from churnml.ingest.profile import TableProfile
from churnml.ingest.stage import ingest

__all__ = ["TableProfile", "ingest"]
