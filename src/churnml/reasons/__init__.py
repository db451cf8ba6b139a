"""Why a customer may leave: exact contributions, grouped by meaning, worded in the customer's own numbers."""

from churnml.reasons.reasons import Why, why

__all__ = ["Why", "why"]
