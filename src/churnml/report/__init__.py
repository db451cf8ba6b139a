"""Read-only: what people look at."""

from churnml.report.pictures import draw
from churnml.report.summary import summary

__all__ = ["draw", "summary"]
