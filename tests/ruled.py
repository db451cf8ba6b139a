"""Rules held against hand-made tables, through the code that makes snapshots."""

from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq

import shelf
from churnml.alerts import because, fires
from churnml.config import Features, Rules
from churnml.features import Asked, ask
from churnml.ports import Engine

PARAMS = Features()
"""As they come: windows of 7 to 112 days."""


def known(
    rules: Rules, folder: Path, tables: dict[str, str], engine: Engine, *, as_of: date = shelf.AS_OF, **how: Any
) -> tuple[Asked, pd.DataFrame]:
    """What the rules ask for, of each customer; everybody is in the tier `high` with a risk of 0.5, worth 100."""
    out = folder / "asked.parquet"
    how = {"churn": shelf.CHURN, "params": PARAMS, **how}
    shelf.write_tables(folder / "tables", tables)
    what = ask(rules, tables=folder / "tables", engine=engine, as_of=as_of, work=folder, out=out, **how)
    listed = {"risk": 0.5, "value": 100.0, "expected_loss": 50.0, "tier": "high", "to_call": True}
    return what, pq.read_table(out).to_pandas().assign(**listed)


def fired(rules: Rules, what: Asked, rows: pd.DataFrame) -> dict[str, list[str]]:
    """By rule that is true of anybody, of whom."""
    true = fires(rules, rows, list(what.asleep))
    return {name: rows.loc[flags, "customer_id"].tolist() for name, flags in true.items() if flags.any()}


def reasons(rules: Rules, what: Asked, rows: pd.DataFrame, customer: str, rule: str, locale: Any = "en") -> str:
    """Why a rule is true of a customer."""
    (condition,) = (one.when for one in rules.rules if one.name == rule)
    (said,) = because(condition, rows[rows["customer_id"] == customer], what.told, locale)
    return said


def one_rule(**when: Any) -> Rules:
    """A file with one rule, called `it`."""
    return Rules.model_validate({"rules": [{"name": "it", "title": "It", "when": when, "then": "Look"}]})
