"""The whole of params.yaml, and the part of it that travels in a bundle."""

from pathlib import Path
from typing import Any, Self

from pydantic import Field, model_validator

from churnml.config.decision import Calibrate, Score, Track, Train
from churnml.config.panel import Churn, Features, Ingest, Panel
from churnml.config.project import Project, Source
from churnml.config.section import Section


class Params(Section):
    """The whole of params.yaml."""

    project: Project
    exports: Path = Path("data/raw")
    sources: tuple[Source, ...] = Field(min_length=1)
    ingest: Ingest = Ingest()
    churn: Churn
    panel: Panel
    features: Features = Features()
    train: Train = Train()
    calibrate: Calibrate
    score: Score = Score()
    track: Track = Track()

    @model_validator(mode="after")
    def _sections_agree(self) -> Self:
        private = sorted(set(self.features.profile) & set(self.score.pii))
        if private:
            raise ValueError(
                f"features.profile: '{private[0]}' is in score.pii; private columns are never learned from"
            )
        fed = [source.table for source in self.sources]
        for table in self.churn.events:
            if table not in fed:
                raise ValueError(f"churn.events: no source feeds '{table}'; add one under sources")
        if "transactions" not in fed:
            raise ValueError("sources: transactions is needed; add a source that feeds it")
        return self

    def travelling(self) -> dict[str, Any]:
        """The sections that scoring needs, as they travel in a bundle."""
        return self.model_dump(
            mode="json", include={"project", "sources", "ingest", "churn", "features", "score", "track"}
        )


class Travelling(Section):
    """The sections of params.yaml that travel in a bundle."""

    project: Project
    sources: tuple[Source, ...]
    ingest: Ingest
    churn: Churn
    features: Features
    score: Score
    track: Track
