"""Why a customer may leave: exact contributions, grouped by meaning, worded in the customer's own numbers."""

from churnml.reasons.reasons import Why, topic_name, why

__all__ = ["Why", "topic_name", "why"]
