"""An export held against the training: each rule at its border."""

from datetime import date

import numpy as np
import pyarrow as pa
import pytest

from churnml.errors import DataError
from churnml.reference import Condition, Reference, Spread
from churnml.score.checks import checks, require_no_error

AS_OF = date(2024, 3, 1)
TRAINED = Reference(
    features={
        "spend_28d": Spread.of(pa.chunked_array([np.arange(200.0)]), np.array(["2024-01-01"] * 200)),
        "profile_town": Spread((), ("Ash", "Elm"), (0.5, 0.5, 0.0, 0.0)),
    },
    tables={"transactions": ["customer_id"], "customers": ["customer_id", "name", "town"], "tickets": ["customer_id"]},
    volumes={"transactions": (1.0, 2.0)},
    pauses={"transactions": 2},
)


def said_of(*, strange=0, spend=None, keep=(), newest=True, **found):
    """Verdicts by check and place, all else being as in training."""
    there = {
        "columns": {name: list(columns) for name, columns in TRAINED.tables.items()},
        "volumes": {"transactions": 1.5},
        "last_days": {"transactions": date(2024, 2, 29)},
        "no_numbers": {},
        "gaps": {"transactions": (2, date(2024, 2, 1))},
        "later": {},
        **found,
    }
    values = np.arange(200.0) if spend is None else spend
    rows = pa.table({"spend_28d": pa.array(values, pa.float64()), "profile_town": ["Ash", "Elm"] * (len(values) // 2)})
    made = checks(
        TRAINED,
        Condition(**there),
        rows,
        customers=rows.num_rows,
        strange={"profile_town": strange},
        keep=keep,
        as_of=AS_OF,
        horizon_days=28,
        newest=newest,
    )
    return made, {(check.check, check.where): check.verdict for check in made}


def test_an_export_like_the_training_is_fine():
    """Everything is looked at, and nothing is found."""
    made, verdicts = said_of()
    assert set(verdicts.values()) == {"fine"}
    assert {check.check for check in made} == {"category", "end", "gap", "volume", "drift"}
    require_no_error(made)


@pytest.mark.parametrize(("columns", "keep", "verdict"), [(["customer_id", "name"], (), "warning"),
                                                         (["customer_id", "name"], ("town",), "error")])  # fmt: skip
def test_a_missing_column(columns, keep, verdict):
    """A column that was there is missing: a warning; an error if the lists show it."""
    _, verdicts = said_of(columns={**TRAINED.tables, "customers": columns}, keep=keep)
    assert verdicts["column", "customers.town"] == verdict


def test_new_columns_and_tables_are_fine():
    """Nothing is learned from them; they are named."""
    _, verdicts = said_of(columns={**TRAINED.tables, "surveys": ["score"], "tickets": ["customer_id", "kind"]})
    assert verdicts["table", "surveys"] == verdicts["column", "tickets.kind"] == "fine"


def test_a_missing_table():
    """A table that was there in training and that no feature needs any more."""
    _, verdicts = said_of(columns={name: TRAINED.tables[name] for name in ("transactions", "customers")})
    assert verdicts["table", "tickets"] == "warning"


@pytest.mark.parametrize(("strange", "verdict"), [(2, "fine"), (3, "warning"), (100, "warning"), (101, "error")])
def test_unknown_categories_are_counted(strange, verdict):
    """Of 200 customers: above 1 % a warning, above half an error."""
    made, verdicts = said_of(strange=strange)
    assert verdicts["category", "profile_town"] == verdict
    assert any(f"{strange} customers" in check.now for check in made)


@pytest.mark.parametrize(("cells", "verdict"), [(0, "fine"), (5, "warning"), (6, "error")])
def test_a_number_that_is_none_any_more(cells, verdict):
    """Of 100 cells, up to 5 that are no numbers are a warning, more an error."""
    _, verdicts = said_of(no_numbers={"age": (cells, 100)})
    assert verdicts["type", "customers.age"] == verdict


@pytest.mark.parametrize(
    ("last", "verdict"), [(date(2024, 2, 25), "fine"), (date(2024, 2, 24), "warning"), (None, "warning")]
)
def test_an_export_that_ends_early(last, verdict):
    """Four days without a row are twice the longest pause of the training; a fifth is too many."""
    _, verdicts = said_of(last_days={"transactions": last})
    assert verdicts["end", "transactions"] == verdict


@pytest.mark.parametrize(
    ("days", "verdict"), [(0, "fine"), (4, "fine"), (5, "warning"), (24, "warning"), (25, "error")]
)
def test_a_time_that_was_not_exported(days, verdict):
    """Two days are the longest pause of the training; five in the middle are a gap, and 25 a month that is missing."""
    made, verdicts = said_of(gaps={"transactions": (days, date(2023, 10, 1))})
    assert verdicts["gap", "transactions"] == verdict
    assert any(check.now == f"{days} days without, from 2023-10-01 on" for check in made)


@pytest.mark.parametrize(("last", "verdict"), [(date(2024, 3, 2), "fine"), (date(2024, 3, 3), "warning")])
def test_a_day_that_the_other_tables_have_passed(last, verdict):
    """Lists as of 1 March because orders end there: tickets that go on for more than two days say that orders are late."""
    made, verdicts = said_of(later={"tickets": last})
    assert verdicts["later", "tickets"] == verdict
    assert any(check.rule.endswith("or ask for that day with --as-of") for check in made)
    assert "later" not in {check.check for check in said_of(later={"tickets": last}, newest=False)[0]}


@pytest.mark.parametrize(
    ("volume", "verdict"),
    [(0.6, "fine"), (0.59, "warning"), (0.1, "warning"), (0.09, "error"), (3.3, "fine"), (3.4, "warning")],
)
def test_volumes_are_held_against_the_fewest_and_the_most(volume, verdict):
    """One to two rows a day in training: below 60 % of one, above two by 60 %, below a tenth of one."""
    _, verdicts = said_of(volumes={"transactions": volume})
    assert verdicts["volume", "transactions"] == verdict


def test_a_feature_that_nobody_has_any_more():
    """Everybody spent something in training, nobody has a value now: an error that names the feature."""
    made, verdicts = said_of(spend=[None] * 200)
    assert verdicts["feature", "spend_28d"] == "error"
    with pytest.raises(DataError) as refused:
        require_no_error(made)
    assert str(refused.value) == (
        "these exports aren't like those of the training: feature, spend_28d: nobody has one, in training 100% had a "
        "value; an error where 50% had one; export what it is made from"
    )


def test_drift_of_an_input():
    """All spend what the upper half did: a warning, errors first in the table."""
    made, verdicts = said_of(spend=np.arange(200.0) / 2 + 100, no_numbers={"age": (100, 100)})
    assert verdicts["drift", "spend_28d"] == "warning"
    assert [check.verdict for check in made] == sorted(
        (check.verdict for check in made), key=("error", "warning", "fine").index
    )


def test_few_customers_have_no_distribution():
    """Of 98 nobody can tell whether they drifted."""
    _, verdicts = said_of(spend=np.full(98, 1e6))
    assert ("drift", "spend_28d") not in verdicts
