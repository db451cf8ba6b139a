"""What people look at; reads what the stages wrote and changes nothing."""

from churnml.report.summary import summary

__all__ = ["summary"]
