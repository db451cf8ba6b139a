"""params.yaml: the shape of every section, and the only reader of it.

All models are frozen; an unknown key is refused with the nearest known one.
"""

from churnml.config.churn import Churn
from churnml.config.decision import Calibrate, Holdout, Profit, Score, Tier, Track, Train, Value
from churnml.config.panel import Features, Ingest, Panel
from churnml.config.params import Params, Travelling
from churnml.config.playbook import Play, Playbook, read_playbook, starter_playbook
from churnml.config.project import Dedupe, Lookup, Project, Refunds, Source
from churnml.config.read import in_one_line, read_params

__all__ = [
    "Calibrate",
    "Churn",
    "Dedupe",
    "Features",
    "Holdout",
    "Ingest",
    "Lookup",
    "Panel",
    "Params",
    "Play",
    "Playbook",
    "Profit",
    "Project",
    "Refunds",
    "Score",
    "Source",
    "Tier",
    "Track",
    "Train",
    "Travelling",
    "Value",
    "in_one_line",
    "read_params",
    "read_playbook",
    "starter_playbook",
]
