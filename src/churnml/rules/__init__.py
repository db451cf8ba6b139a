"""Rules against the past: what each would have been worth at the cutoffs of the panel, and which to drop."""

from churnml.rules.backtest import Backtest, Line, backtest
from churnml.rules.words import report, write

__all__ = ["Backtest", "Line", "backtest", "report", "write"]
