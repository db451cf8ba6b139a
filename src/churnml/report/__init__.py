"""Read-only: what people look at."""

from churnml.report.compare import Rival
from churnml.report.kpis import kpis
from churnml.report.past import look_back
from churnml.report.pictures import draw, draw_all
from churnml.report.seen import Seen, newest_pack, see
from churnml.report.stage import History, report
from churnml.report.summary import summary

__all__ = [
    "History",
    "Rival",
    "Seen",
    "draw",
    "draw_all",
    "kpis",
    "look_back",
    "newest_pack",
    "report",
    "see",
    "summary",
]
