"""Rules of business people -> alerts: what is true of whom, who is told of it now, and what waits. Lists and backtest share it."""

from churnml.alerts.decide import COLUMNS, OVER, STATES, Told, decide
from churnml.alerts.reasons import because
from churnml.alerts.truth import Truth, fires, truth

__all__ = ["COLUMNS", "OVER", "STATES", "Told", "Truth", "because", "decide", "fires", "truth"]
