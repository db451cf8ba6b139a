"""params.yaml and rules.yaml: the shape of every section, and the only reader of them.

All models are frozen; an unknown key is refused with the nearest known one.
"""

from churnml.config.churn import Churn
from churnml.config.conditions import Condition, Happening
from churnml.config.decision import Calibrate, Holdout, Profit, Score, Tier, Track, Train, Value
from churnml.config.panel import Features, Ingest, Panel
from churnml.config.params import Params, Travelling
from churnml.config.playbook import Play, Playbook, read_playbook, starter_playbook
from churnml.config.project import Dedupe, Lookup, Project, Refunds, Source
from churnml.config.read import STARTER_RULES, in_one_line, read_params, read_rules, rules_of
from churnml.config.rules import EVERY_RULE, URGENCIES, Escalation, Rule, Rules, Urgency

__all__ = [
    "EVERY_RULE",
    "STARTER_RULES",
    "URGENCIES",
    "Calibrate",
    "Churn",
    "Condition",
    "Dedupe",
    "Escalation",
    "Features",
    "Happening",
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
    "Rule",
    "Rules",
    "Score",
    "Source",
    "Tier",
    "Track",
    "Train",
    "Travelling",
    "Urgency",
    "Value",
    "in_one_line",
    "read_params",
    "read_playbook",
    "read_rules",
    "rules_of",
    "starter_playbook",
]
