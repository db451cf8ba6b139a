"""The bundle: everything that scoring needs, in one folder, without pickle, under hashes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from pydantic import ValidationError

from churnml.config import Playbook, Rules, Travelling, in_one_line, starter_playbook
from churnml.errors import BundleError
from churnml.manifest import MANIFEST, read_manifest, verify, write_manifest
from churnml.model import Model
from churnml.probability import Probability
from churnml.publish import read_json, write_json
from churnml.reference import Reference
from churnml.tiers import Decision
from churnml.value import lasting_days


@dataclass(frozen=True)
class ModelBundle:
    """What scoring needs.

    Attributes:
        model: the final booster and its columns.
        params: the sections of params.yaml that travel: mapping, definition, timezone, windows, lists.
        decision: how customers get into tiers.
        history: per tier, what happened to its like at earlier cutoffs, from out-of-time predictions.
        catalog: name, unit, meaning and cause of each feature.
        probability: how scores become risks.
        verdict: what the evaluation came to: word, reasons, columns, sentence.
        reference: what the training looked like.
        made_from: kind -> identity of what it was made from: tables, panel, boosters.
        digest: hash of the manifest, the bundle's identity.
        playbook: how customers are treated.
        rules: what business people want to be told of.
    """

    model: Model
    params: Travelling
    decision: Decision
    history: Mapping[str, Mapping[str, Any]]
    catalog: tuple[Mapping[str, Any], ...]
    probability: Probability = field(default_factory=Probability)
    verdict: Mapping[str, Any] = field(default_factory=dict)
    reference: Reference = field(default_factory=lambda: Reference({}, {}, {}, {}))
    made_from: Mapping[str, str] = field(default_factory=dict)
    digest: str = ""
    playbook: Playbook = field(default_factory=starter_playbook)
    rules: Rules = field(default_factory=Rules)

    def risk(self, rows: pa.Table, as_of: date | None = None) -> np.ndarray:
        """Probability of leaving, one float64 per row; a row's risk depends on that row and the as_of alone."""
        return self.probability.risk(self.model.score(rows), as_of)

    @property
    def lasting_days(self) -> float:
        """How long spending is carried forward, by what happened to all customers at earlier cutoffs."""
        left, all_ = (sum(int(past[name]) for past in self.history.values()) for name in ("left", "customers"))
        return lasting_days(self.params.score.value, left / all_ if all_ else 0.0, self.params.churn.horizon_days)

    @property
    def families(self) -> tuple[str, ...]:
        """Families of the features that it learned from, in the order of the catalog."""
        return tuple(dict.fromkeys(entry["family"] for entry in self.catalog))

    @property
    def needs(self) -> dict[str, list[str]]:
        """Table -> what of the bundle can't be told without it: who can leave, features, columns of the lists."""
        churn, fed = self.params.churn, {source.table for source in self.params.sources}
        deciding = {"cancellation": ("subscriptions", "cancellations"), "label": ("customers",)}
        said = [(table, "churn.events") for table in churn.events]
        said += [(table, "churn.definition") for table in deciding.get(churn.definition, ()) if table in fed]
        said += [(entry["table"], f"features ({entry['family']})") for entry in self.catalog]
        said += [("customers", key) for key, names in self.params.named_of_customers().items() if names]
        needed: dict[str, list[str]] = {}
        for table, what in dict.fromkeys(said):
            needed.setdefault(table, []).append(what)
        return needed

    def save(self, folder: Path) -> None:
        """Write the bundle's files and their manifest into an empty folder."""
        self.model.save(folder, "model")
        write_json(folder / "params.json", self.params.model_dump(mode="json"))
        write_json(folder / "tiers.json", {**self.decision.as_json(), "history": self.history})
        write_json(folder / "playbook.json", self.playbook.model_dump(mode="json"))
        write_json(folder / "catalog.json", self.catalog)
        write_json(folder / "probability.json", self.probability.as_json())
        write_json(folder / "verdict.json", self.verdict)
        write_json(folder / "reference.json", self.reference.as_json())
        write_json(folder / "rules.json", self.rules.model_dump(mode="json", exclude_none=True))
        write_manifest(folder, "bundle", self.made_from)

    @classmethod
    def load(cls, folder: Path) -> "ModelBundle":
        """Read a bundle, hash by hash.

        Raises:
            BundleError: it isn't there, isn't whole, or a byte isn't as it was written.
        """
        if not (folder / MANIFEST).is_file():
            raise BundleError(
                f"{folder}: no bundle there (no {MANIFEST}); run `dvc repro` or name a bundle with --model"
            )
        digest = verify(folder)
        if not all((folder / name).is_file() for name in ("reference.json", "playbook.json", "rules.json")):
            raise BundleError(f"{folder}: made by an older version of churnml; train it again")
        try:
            params = Travelling.model_validate(read_json(folder / "params.json"))
            playbook = Playbook.model_validate(read_json(folder / "playbook.json"))
            rules = Rules.model_validate(read_json(folder / "rules.json"))
            decided = read_json(folder / "tiers.json")
            decision = Decision.of_json(decided)
        except KeyError as error:
            raise BundleError(f"{folder}: made by an older version of churnml; train it again") from error
        except ValidationError as error:
            raise BundleError(
                f"{folder}: made by another version of churnml ({in_one_line(error, Travelling)}); train it again"
            ) from error
        catalog = tuple(read_json(folder / "catalog.json"))
        return cls(
            Model.load(folder, "model"),
            params,
            decision,
            decided["history"],
            catalog,
            Probability.of_json(read_json(folder / "probability.json")),
            read_json(folder / "verdict.json"),
            Reference.of_json(read_json(folder / "reference.json")),
            read_manifest(folder).get("made_from", {}),
            digest,
            playbook,
            rules,
        )
