"""A company with a known truth: exports as its systems would give them, and what really went on behind them."""

from churnml.simulate.stage import Simulated, simulate
from churnml.simulate.world import KINDS, TWISTS, VERSION, World, world_of

__all__ = ["KINDS", "TWISTS", "VERSION", "Simulated", "World", "simulate", "world_of"]
