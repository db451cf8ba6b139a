"""Exports -> clean tables, quarantine and profile."""

from churnml.ingest.outcome import Ingested
from churnml.ingest.profile import TableProfile
from churnml.ingest.stage import ingest

__all__ = ["Ingested", "TableProfile", "ingest"]
