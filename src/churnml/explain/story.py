"""All that is known of one customer at an as_of, ready to be shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from churnml.contracts.customer import Past, Risk
from churnml.explain.timeline import Timeline
from churnml.language import Locale


@dataclass(frozen=True)
class Story:
    """One customer.

    Attributes:
        customer: the id.
        as_of: the moment of knowledge.
        project: its name.
        locale: of all words.
        currency: of amounts.
        definition: what leaving means: inactivity, cancellation or label.
        horizon_days: within which the customer leaves.
        lived: what happened.
        risk: what the bundle says; None: the customer has no risk.
        unscored: why not, in words.
        last_seen: of a customer who has no risk.
        past: what was said at past cutoffs, in order of time; None: nobody can tell, for lack of predictions of this bundle.
        tiers: name -> word.
        warning: why nobody may be called on this bundle.
    """

    customer: str
    as_of: date
    project: str
    locale: Locale
    currency: str
    definition: str
    horizon_days: int
    lived: Timeline
    risk: Risk | None = None
    unscored: str = ""
    last_seen: date | None = None
    past: Sequence[Past] | None = None
    tiers: Mapping[str, str] = field(default_factory=dict)
    warning: str = ""

    @property
    def moved(self) -> float | None:
        """By how much the risk rose since the newest past cutoff."""
        return self.risk.risk - self.past[-1].risk if self.risk and self.past else None
