"""Boosters -> bundle: quality on unseen cutoffs, tiers and what happened to their like."""

from churnml.calibrate.past import past_lists, past_of
from churnml.calibrate.stage import calibrate

__all__ = ["calibrate", "past_lists", "past_of"]
