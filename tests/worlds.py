"""A tiny shop with regular customers who sometimes leave; small enough to run the whole pipeline in seconds."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from churnml.manifest import read_manifest, write_manifest

START = date(2024, 1, 1)
DAYS = 210
PRIVATE = "Zaphod-Private"  # every name and phone of the shop holds this; nothing but the lists may

PARAMS = """\
project: {name: tiny-shop}
sources:
  - table: transactions
    path: transactions*.csv
    columns: {customer_id: id, occurred_at: when, amount: paid, order_id: basket, quantity: items, discount: saved}
  - table: contacts
    path: contacts*.csv
    columns: {customer_id: id, contacted_at: sent, action: what, answered_at: replied, answer: reply}
  - table: customers
    path: customers*.csv
    columns: {customer_id: id, signed_up_at: joined}
churn: {horizon_days: 28, active_within_days: 56}
panel: {step_days: 14, test: 2, min_history_days: 56}
features: {windows_days: [7, 28, 56], profile: [town], memory_limit: 1GB}
train: {threads: 1, rounds: 40, bootstrap: 50, min_cutoffs: 2, params: {num_leaves: 4, min_child_samples: 20, learning_rate: 0.1}}
calibrate:
  tiers: [{name: high, capacity: 15}, {name: medium, share: 0.2}, {name: low}]
score: {keep: [name, town], pii: [name, phone]}
track: {uri: "sqlite:///mlflow.db"}
"""


def write_project(folder: Path, params: str = PARAMS) -> None:
    """params.yaml and data/raw."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "params.yaml").write_text(params, encoding="utf-8")
    write_exports(folder / "data/raw")


def resealed(folder: Path) -> None:
    """Write the manifest of a panel, boosters or a bundle again, as if the stage had written the files as they are."""
    said = read_manifest(folder)
    write_manifest(folder, said["kind"], said["made_from"])


def tampered(path: Path) -> None:
    """Change a file of a panel or of boosters a little: it can be read as before, but isn't what the stage wrote."""
    if path.suffix == ".parquet":
        rows = pq.read_table(path)
        pq.write_table(rows.slice(0, rows.num_rows - 1), path)
        return
    was, now = {".json": ("}", "} "), ".txt": ("[seed: 7]", "[seed: 8]")}[path.suffix]
    text = path.read_text(encoding="utf-8")
    assert was in text
    path.write_text(text.replace(was, now, 1), encoding="utf-8")


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, by its path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def write_exports(folder: Path, customers: int = 240, days: int = DAYS, seed: int = 1) -> None:
    """customers.csv, transactions.csv and contacts.csv.

    Each customer buys about every 3 to 20 days until leaving for good, with a hazard of their own.
    """
    rng = np.random.default_rng(seed)
    folder.mkdir(parents=True, exist_ok=True)
    people, lines, contacts = (
        ["id,joined,name,phone,town"],
        ["id,when,paid,basket,items,saved"],
        ["id,sent,what,replied,reply"],
    )
    for number in range(customers):
        customer, town = f"{number:05d}", ("Ash", "Beech", "Cedar")[number % 3]
        first = int(rng.integers(0, 60))
        leaves = first + int(rng.geometric(rng.choice([0.002, 0.012])))
        pace = float(rng.uniform(3, 20))
        people.append(f"{customer},{START + timedelta(first)},{PRIVATE} {number},{PRIVATE}-{number},{town}")
        day, basket = float(first), 0
        while day < min(leaves, days):
            moment = START + timedelta(int(day))
            for _ in range(int(rng.integers(1, 3))):
                paid, items = round(float(rng.lognormal(2, 0.6)), 2), int(rng.integers(1, 5))
                lines.append(
                    f"{customer},{moment} 10:{basket % 60:02d}:00,{paid},{customer}-{basket},{items},{paid / 10:.2f}"
                )
            basket += 1
            day += 1 + float(rng.exponential(pace))
        if number % 4 == 0:
            sent = START + timedelta(int(rng.integers(20, days)))
            answered = rng.random() < 0.5
            replied = sent + timedelta(int(rng.integers(1, 20)))
            contacts.append(f"{customer},{sent},mail,{replied if answered else ''},{'yes' if answered else ''}")
    for name, rows in (("customers", people), ("transactions", lines), ("contacts", contacts)):
        (folder / f"{name}.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
