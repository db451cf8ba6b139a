"""Why a customer may leave: exact contributions, grouped by meaning, worded in the customer's own numbers."""

from churnml.reasons.causes import NONE
from churnml.reasons.reasons import Why, topic_name, why

__all__ = ["NONE", "Why", "topic_name", "why"]
