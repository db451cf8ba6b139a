"""All topics, in the order in which equals are said."""

from churnml.reasons.buying import BUYING
from churnml.reasons.relating import RELATING
from churnml.reasons.serving import SERVING
from churnml.reasons.statement import Topic
from churnml.reasons.using import USING

TOPICS: tuple[Topic, ...] = (*SERVING, *RELATING, *USING, *BUYING)
"""Every feature of the catalog but attributes of customers belongs to exactly one; tests/reasons holds it."""
