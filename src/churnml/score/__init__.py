"""Bundle and snapshots -> lists: risks, tiers, one CSV per tier."""

from churnml.score.stage import Pack, score

__all__ = ["Pack", "score"]
