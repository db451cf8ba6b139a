"""churnml: from CRM exports to a call list that can be trusted."""

__version__ = "0.1.0"
