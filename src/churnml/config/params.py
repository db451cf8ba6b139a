"""The whole of params.yaml, and the part of it that travels in a bundle."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

from pydantic import Field, model_validator

from churnml.config.churn import Churn
from churnml.config.decision import Calibrate, Score, Track, Train
from churnml.config.panel import Features, Ingest, Panel
from churnml.config.project import Project, Source
from churnml.config.section import Section
from churnml.contracts.files import ATTRIBUTE


class NamesCustomers(Section):
    """What names columns of the customers table."""

    sources: tuple[Source, ...] = Field(min_length=1)
    features: Features = Features()
    score: Score = Score()

    def private_of_customers(self) -> set[str]:
        """Columns of customers that may be seen in the lists alone, by their own name or by the export's."""
        return self.private_of("customers")

    def private_of(self, table: str) -> set[str]:
        """Columns of a table that are private, by their own name or by the export's."""
        renamed = [pair for source in self.sources if source.table == table for pair in source.columns.items()]
        return {*self.score.pii, *(word for word, header in renamed if header in self.score.pii)}

    def named_of_customers(self) -> dict[str, tuple[str, ...]]:
        """Columns of customers that other sections name, by the place that names them."""
        return {
            "score.keep": self.score.keep,
            "score.pii": self.score.pii,
            "features.profile": tuple(self.features.attributes),
        }


class Params(NamesCustomers):
    """The whole of params.yaml."""

    project: Project
    exports: Path = Path("data/raw")
    ingest: Ingest = Ingest()
    churn: Churn
    panel: Panel
    train: Train = Train()
    calibrate: Calibrate
    track: Track = Track()

    @model_validator(mode="after")
    def _sections_agree(self) -> Self:
        fed = [source.table for source in self.sources]
        for table in self.churn.events:
            if table not in fed:
                raise ValueError(f"churn.events: no source feeds '{table}'; add one under sources")
        self._require_tables(fed)
        if "transactions" in fed and self.features.families != "auto" and "rfm" not in self.features.families:
            raise ValueError("features.families: rfm is needed where transactions are fed: value is measured by it")
        for table in fed:
            if len({source.dedupe for source in self.sources if source.table == table}) > 1:
                raise ValueError(f"dedupe: the sources of {table} are deduplicated together; say the same in each")
        mapped = {word for source in self.sources for pair in source.columns.items() for word in pair}
        for place, named in self.named_of_customers().items():
            names = [name for name in named if place != "score.pii" or name not in mapped]
            if names and "customers" not in fed:
                raise ValueError(f"{place}: no source feeds customers, which '{names[0]}' is a column of; add one")
        active = self.churn.active_within_days
        if active is not None and self.features.reach_days < active:
            raise ValueError(
                f"features.history_days: {self.features.reach_days} is shorter than churn.active_within_days "
                f"{active}: the last event of some customers would be out of sight"
            )
        self._require_privacy()
        return self

    def _require_tables(self, fed: Sequence[str]) -> None:
        """Refuse a definition whose tables no source feeds, or one that says twice who can leave."""
        definition, active = self.churn.definition, self.churn.active_within_days
        needed = {
            "inactivity": ("transactions", "subscriptions"),
            "cancellation": ("subscriptions", "cancellations"),
            "label": ("customers",),
        }[definition]
        if not set(needed) & set(fed):
            raise ValueError(f"sources: {' or '.join(needed)} is needed; add a source that feeds it")
        if definition == "cancellation" and "subscriptions" in fed and active is not None:
            raise ValueError(
                "churn.active_within_days: where subscriptions are fed, those with a running contract can leave; remove it"
            )
        ends = any("ended_at" in source.columns for source in self.sources if source.table == "subscriptions")
        if definition == "cancellation" and "cancellations" not in fed and not ends:
            raise ValueError(
                "churn: nothing says that a contract ended; map ended_at of subscriptions, or feed cancellations"
            )
        if definition == "cancellation" and "subscriptions" not in fed and not (active and self.churn.events):
            raise ValueError(
                "churn: without subscriptions, say by events and active_within_days who was a customer before cancelling"
            )
        if definition == "label" and self.churn.column in self.features.attributes:
            raise ValueError(f"features.profile: '{self.churn.column}' is the label itself; remove it")
        if (definition == "label") != isinstance(self.panel.test, float):
            raise ValueError(
                "panel: with definition label there is one as_of, churn.labelled_on; give the share of customers held "
                "back as test, such as 0.25, and nothing else"
                if definition == "label"
                else "panel.test: a share of customers is for definition label; give dates or a number of cutoffs"
            )

    def _require_privacy(self) -> None:
        """Refuse to learn from a column that is private under its own name or under the export's."""
        private = self.private_of_customers()
        for name in self.features.attributes:
            if name in private:
                raise ValueError(f"features.profile: '{name}' is in score.pii; private columns are never learned from")

    def named_of_customers(self) -> dict[str, tuple[str, ...]]:
        """The same, with the label: training needs it, scoring doesn't."""
        column = self.churn.column
        return {**super().named_of_customers(), **({"churn.column": (column,)} if column else {})}

    def travelling(self) -> dict[str, Any]:
        """The sections that scoring needs, as they travel in a bundle."""
        return self.model_dump(
            mode="json", include={"project", "sources", "ingest", "churn", "features", "score", "track"}
        )


class Travelling(NamesCustomers):
    """The sections of params.yaml that travel in a bundle."""

    project: Project
    ingest: Ingest
    churn: Churn
    track: Track

    def with_attributes(self, catalog: Sequence[Mapping[str, Any]]) -> "Travelling":
        """The same, with the attributes that were learned from by name: whatever else a new export has is none."""
        learned = [entry for entry in catalog if entry["name"].startswith(ATTRIBUTE)]
        names = [entry["name"].removeprefix(ATTRIBUTE) for entry in learned]
        declared = {name: kind for name, kind in self.features.attributes.items() if kind in ("date", "filled")}
        kinds = {name: declared.get(name, entry["kind"]) for name, entry in zip(names, learned, strict=True)}
        features = self.features.model_copy(update={"profile": kinds, "leave_out": ()})
        return self.model_copy(update={"features": features})
