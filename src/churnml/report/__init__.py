"""Read-only: what people look at."""

from churnml.report.compare import Rival
from churnml.report.pictures import draw, draw_all
from churnml.report.seen import Seen, newest_pack, see
from churnml.report.stage import report
from churnml.report.summary import summary

__all__ = ["Rival", "Seen", "draw", "draw_all", "newest_pack", "report", "see", "summary"]
