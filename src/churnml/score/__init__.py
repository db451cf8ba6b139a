"""Bundle and snapshots -> lists: risks, tiers, what changed, and the files that people open."""

from churnml.score.alerts import owners
from churnml.score.pack import Pack
from churnml.score.previous import Previous, newest_before, previous_pack
from churnml.score.single import Alone, reason_shown, single, tier_shown, warning_of
from churnml.score.stage import Export, score

__all__ = [
    "Alone",
    "Export",
    "Pack",
    "Previous",
    "newest_before",
    "owners",
    "previous_pack",
    "reason_shown",
    "score",
    "single",
    "tier_shown",
    "warning_of",
]
