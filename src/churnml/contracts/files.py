"""The files between stages: where they lie, their grain, and the columns they promise."""

from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

PANEL_KEYS = pa.schema(
    [
        pa.field("customer_id", pa.string(), nullable=False),
        pa.field("as_of", pa.date32(), nullable=False),
        pa.field("split", pa.string(), nullable=False),  # train, test or score
        pa.field("label", pa.int8()),  # 1 left within the horizon, 0 stayed, NULL not known yet
        pa.field("contacted", pa.int8()),  # 1 we contacted the customer within the horizon, NULL not known
    ]
)
"""What every panel starts with, one row per (customer_id, as_of); the features of the catalog follow, and what is
told beside them."""

ATTRIBUTE = "profile_"
"""What the feature of a customer attribute begins with; the attribute's name follows."""

PEERS = pa.schema(
    [
        pa.field("customer_id", pa.string(), nullable=False),
        pa.field("as_of", pa.date32(), nullable=False),
        pa.field("recency_days", pa.float64(), nullable=False),  # since the last purchase
        pa.field("purchase_days", pa.float64(), nullable=False),  # days with a purchase in the reach of features
        pa.field("spend", pa.float64(), nullable=False),  # money spent there, refunds taken off, currency units
        pa.field("age_days", pa.float64(), nullable=False),  # since the first purchase there
        pa.field("r", pa.int8(), nullable=False),  # quintile of recency in the population, 5 is the most recent
        pa.field("f", pa.int8(), nullable=False),  # quintile of purchase days, 5 is the most frequent
        pa.field("m", pa.int8(), nullable=False),  # quintile of spend, 5 is the most
        pa.field("silent", pa.float64(), nullable=False),  # BG/NBD: P(no purchase within the horizon)
    ]
)
"""Customers compared with each other, one row per (customer_id, as_of); none without transactions. Never a feature."""

GROUPS = ("segment", "region", "plan")
"""Columns of customers by which quality is told apart. They are as of today: for reading, never for learning."""

CONTEXT = pa.schema(
    [
        pa.field("customer_id", pa.string(), nullable=False),
        pa.field("as_of", pa.date32(), nullable=False),
        pa.field("tenure_days", pa.float64()),  # since sign-up or the first sign of life, whichever was earlier
        pa.field("silent_days", pa.float64()),  # since the last sign of life before as_of
        pa.field("left_on", pa.date32()),  # of those who left: day of the last event, or of the cancellation
        pa.field("spend_before", pa.float64()),  # money spent in as many days before as_of; NULL: not known
        pa.field("spend_after", pa.float64()),  # money spent in the label window, refunds taken off; NULL: not known
        *(pa.field(name, pa.string()) for name in GROUPS),
    ]
)
"""What a snapshot is judged by, one row per (customer_id, as_of). It looks past as_of: never a feature."""

UNSCORED = pa.schema(
    [
        pa.field("customer_id", pa.string(), nullable=False),
        pa.field("reason", pa.string(), nullable=False),  # too_new, no_history, cancelled or already_gone
        pa.field("last_seen", pa.date32()),  # last sign of life, cancellation or end of contract before as_of
    ]
)
"""Who is in the tables and has no snapshot, one row per customer."""

PREDICTIONS = pa.schema(
    [
        pa.field("customer_id", pa.string(), nullable=False),
        pa.field("as_of", pa.date32(), nullable=False),
        pa.field("split", pa.string(), nullable=False),
        pa.field("label", pa.int8(), nullable=False),
        pa.field("contacted", pa.int8()),
        *(CONTEXT.field(name) for name in ("tenure_days", "left_on", "spend_before", "spend_after", *GROUPS)),
        pa.field("repeat", pa.int8(), nullable=False),  # of the cross-validation where there is one as_of; else 0
        pa.field("spend", pa.float64(), nullable=False),  # money spent in the longest window, currency units
        pa.field("score", pa.float64(), nullable=False),  # raw probability of leaving, from a model fitted before as_of
    ]
)
"""Out-of-time predictions, one row per (customer_id, as_of, repeat); baselines follow as columns of scores."""

ALERTS = pa.schema(
    [
        pa.field("customer_id", pa.string(), nullable=False),
        pa.field("rule", pa.string(), nullable=False),  # name in rules.yaml
        pa.field("state", pa.string(), nullable=False),  # alerted, or why not: cooldown, budget, held, replaced; over
        pa.field("urgency", pa.string(), nullable=False),  # urgent, normal or watch
        pa.field(
            "since", pa.date32()
        ),  # the first of the lists in a row at which it has been true; NULL: isn't true now
        pa.field("first_on", pa.date32()),  # the first alert since then
        pa.field("last_on", pa.date32()),  # the last alert, whenever
        pa.field("escalated_on", pa.date32()),  # when it was escalated since then
        pa.field("escalated", pa.bool_(), nullable=False),  # this alert says what to do later
        pa.field("due", pa.date32()),  # by when the owner is to see to it
    ]
)
"""What rules came to, one row per (customer_id, rule): those that are true, and what the next pack has to remember."""

PREVIOUS = "previous"
"""A column beside the baselines: the score by the model that was fitted one cutoff earlier; NULL where there is none."""


@dataclass(frozen=True)
class House:
    """Where the files of a project lie, relative to the folder of params.yaml."""

    root: Path = Path()

    def __post_init__(self) -> None:
        object.__setattr__(self, "root", Path(self.root))

    @property
    def params(self) -> Path:
        """params.yaml."""
        return self.root / "params.yaml"

    @property
    def playbook(self) -> Path:
        """playbook.yaml; where there is none, the starter playbook holds."""
        return self.root / "playbook.yaml"

    @property
    def rules(self) -> Path:
        """rules.yaml; where there is none, the starter rules hold."""
        return self.root / "rules.yaml"

    @property
    def tables(self) -> Path:
        """<table>.parquet, canonical, sorted by customer and time."""
        return self.root / "data/tables"

    @property
    def quarantine(self) -> Path:
        """<table>.csv: one row per broken cell of a row that was set aside."""
        return self.root / "data/quarantine"

    @property
    def panel(self) -> Path:
        """snapshots.parquet, peers.parquet, context.parquet, catalog.json and history.json."""
        return self.root / "data/panel"

    @property
    def boosters(self) -> Path:
        """Evaluation and final boosters, rolling and test predictions."""
        return self.root / "models/boosters"

    @property
    def bundle(self) -> Path:
        """Everything that scoring needs."""
        return self.root / "models/bundle"

    @property
    def lists(self) -> Path:
        """One folder per as_of: the pipeline's packs."""
        return self.root / "data/lists"

    @property
    def reports(self) -> Path:
        """ingest.json, train.json, metrics.json."""
        return self.root / "reports"
