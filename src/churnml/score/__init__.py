"""Bundle and snapshots -> lists: risks, tiers, what changed, and the files that people open."""

from churnml.score.alerts import owners
from churnml.score.pack import Pack
from churnml.score.previous import Previous, newest_before, previous_pack
from churnml.score.stage import Export, score

__all__ = ["Export", "Pack", "Previous", "newest_before", "owners", "previous_pack", "score"]
