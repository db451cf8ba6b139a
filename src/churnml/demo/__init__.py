"""Real exports to start from: Complete Journey, written as a CRM would."""

from churnml.demo.complete_journey import write_exports

__all__ = ["write_exports"]
