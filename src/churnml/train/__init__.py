"""Panel -> boosters, baselines and out-of-time predictions."""

from churnml.train.stage import train

__all__ = ["train"]
