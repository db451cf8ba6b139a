"""What a run of score says of the pack that it wrote."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path

from churnml.contracts.listed import REASONS, TIERS
from churnml.language import Locale, phrase, shown
from churnml.score.alerts import Alerts
from churnml.score.checks import Check
from churnml.score.sentences import LINES
from churnml.score.words import CHANGES

_SHOWN = 5
"""Warnings of checks on the terminal; all of them are in checks.csv."""


@dataclass(frozen=True)
class Pack:
    """What was written.

    Attributes:
        folder: of the lists.
        as_of: the moment of knowledge.
        customers: on the list of each tier.
        held: how many more are in a tier that is contacted, and are left alone.
        unscored: per reason, how many got no risk.
        sentences: per tier, what happened to its like.
        previous: folder of the list before; None: there was none.
        changed: per kind of change since then, how many.
        checks: the export held against the training.
        unknown: rows with a category that training hadn't seen, by feature.
        warnings: what ops must know before they call anybody.
        locale: of the words.
        read: what ingest had to say about the export, line by line.
        alerts: what rules came to.
    """

    folder: Path
    as_of: date
    customers: Mapping[str, int]
    held: int
    unscored: Mapping[str, int]
    sentences: Mapping[str, str]
    previous: Path | None
    changed: Mapping[str, int]
    checks: Sequence[Check]
    unknown: Mapping[str, int]
    warnings: Sequence[str]
    locale: Locale = "en"
    read: tuple[str, ...] = ()
    alerts: Alerts = field(default_factory=Alerts)

    @property
    def lines(self) -> list[str]:
        """A few lines for the terminal."""
        line = partial(phrase, LINES, locale=self.locale)
        doubtful = [check for check in self.checks if check.verdict == "warning"]
        reasons, changed = (
            ", ".join(f"{count:,} {shown(words, name, self.locale)}" for name, count in counts.items())
            for words, counts in ((REASONS, self.unscored), (CHANGES, self.changed))
        )
        tiers = [
            line("tier", tier=shown(TIERS, tier, self.locale), count=count, past=self.sentences[tier])
            for tier, count in self.customers.items()
        ]
        return [
            *self.read,
            line("as_of", as_of=self.as_of, count=sum(self.customers.values()) + self.held),
            *tiers,
            *([line("holdout", count=self.held)] if self.held else []),
            *([line("unscored", reasons=reasons)] if reasons else []),
            *self.alerts.lines(self.locale),
            line("compared", folder=self.previous, changed=changed or line("unchanged"))
            if self.previous
            else line("afresh"),
            line("checks", count=len(self.checks), doubtful=len(doubtful)),
            *(line("warning", line=check.line(self.locale)) for check in doubtful[:_SHOWN]),
            *(line("warning", line=words) for words in self.warnings),
            str(self.folder),
        ]
