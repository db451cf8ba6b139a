"""One customer: timeline, risk now and at past cutoffs, reasons, alerts, action; for the terminal and as a page."""

from churnml.explain.page import page
from churnml.explain.story import Story
from churnml.explain.terminal import lines
from churnml.explain.timeline import timeline

__all__ = ["Story", "lines", "page", "timeline"]
