"""The proof that nothing leaks: what was known from as_of on is deleted, scrambled and added to, and nothing changes."""

from churnml.features.proof.stage import Proof, prove

__all__ = ["Proof", "prove"]
