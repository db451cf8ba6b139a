"""Each section refuses what can't be meant, in words of its own."""

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from churnml.config import (
    Calibrate,
    Churn,
    Features,
    Panel,
    Params,
    Project,
    Score,
    Source,
    Track,
    Train,
    in_one_line,
)
from churnml.config.section import Section

COLUMNS = {"customer_id": "id", "occurred_at": "when", "amount": "paid"}
CONTACTED = {"table": "contacts", "path": "c", "columns": {"customer_id": "a", "contacted_at": "b", "action": "c"}}
SOURCE = {"table": "transactions", "path": "t.csv", "columns": COLUMNS}
PARAMS: dict[str, Any] = {
    "project": {"name": "shop"},
    "sources": [SOURCE],
    "churn": {"horizon_days": 28, "active_within_days": 56},
    "panel": {"step_days": 28, "test": 2},
    "calibrate": {"tiers": [{"name": "low"}]},
}
DAYS = {"horizon_days": 28, "active_within_days": 56}
ONE_WAY = "give lists of dates for train and test, or step_days and a number of test cutoffs"
WINDOWS = "windows_days: give at least one window, each longer than the one before"
TABLES = "(tables: customers, transactions, activity, tickets, surveys, subscriptions, cancellations, contacts)"
EVENTS = "(transactions, activity, tickets, surveys, subscriptions, contacts)"
TRANSACTIONS = "(customer_id, occurred_at, amount, order_id, product, category, channel, quantity, discount)"
PASSWORD = "uri: holds a user or password; put the whole address into the variable MLFLOW_TRACKING_URI"
PEOPLE = PARAMS | {
    "sources": [SOURCE, {"table": "customers", "path": "c.csv", "columns": {"customer_id": "id", "owner": "Mobile"}}]
}


def tiers(*conditions: dict[str, object]) -> dict[str, Any]:
    """A calibrate section with these tiers, named a, b, c."""
    return {"tiers": [{"name": name} | condition for name, condition in zip("abc", conditions, strict=False)]}


@pytest.mark.parametrize(
    ("section", "given", "said"),
    [
        (Project, {"name": "x", "timezone": "Asia/Shangai"},
         "timezone: no timezone 'Asia/Shangai'; did you mean 'Asia/Shanghai'?"),
        (Project, {"name": "x", "locale": "zh"}, "locale: input should be 'en' or 'zh-CN'; did you mean 'zh-CN'?"),
        (Project, {"name": "x", "locale": "zh_cn"}, "locale: input should be 'en' or 'zh-CN'; did you mean 'zh-CN'?"),
        (Project, {"name": "x", "locale": "de"}, "locale: input should be 'en' or 'zh-CN'"),
        (Project, {"name": ""}, "name: string should have at least 1 character"),
        (Source, SOURCE | {"table": "transaction"},
         f"table: no table 'transaction'; did you mean 'transactions'? {TABLES}"),
        (Source, SOURCE | {"columns": COLUMNS | {"ammount": "x"}},
         f"columns: transactions has no 'ammount'; did you mean 'amount'? {TRANSACTIONS}"),
        (Source, SOURCE | {"columns": {"customer_id": "id", "occurred_at": "when"}},
         "columns: transactions needs 'amount': say which header of the export holds it"),
        (Source, SOURCE | {"timezone": "Mars"}, "timezone: no timezone 'Mars'"),
        (Source, SOURCE | {"delimiter": ";;"}, "delimiter: string should have at most 1 character"),
        (Source, SOURCE | {"date_format": "%d/%q"},
         "date_format: no '%q'; use strptime's letters, e.g. %d/%m/%Y %H:%M"),
        (Source, SOURCE | {"date_format": "100%"},
         "date_format: no '%'; use strptime's letters, e.g. %d/%m/%Y %H:%M"),
        (Source, SOURCE | {"dedupe": {"by": ["order_id"]}},
         "dedupe: no column 'order_id' is mapped; did you mean 'customer_id'? (customer_id, occurred_at, amount)"),
        (Source, SOURCE | {"dedupe": {"by": []}}, "dedupe.by: the list is empty; name at least one"),
        (Source, CONTACTED | {"refunds": {"column": "kind", "values": ["refund"]}},
         "refunds: no 'amount' is mapped that could be taken back"),
        (Params, PARAMS | {"sources": [SOURCE, SOURCE | {"dedupe": {"by": ["customer_id"]}}]},
         "dedupe: the sources of transactions are deduplicated together; say the same in each"),
        (Churn, DAYS | {"events": ["transaction"]},
         f"events: no event table 'transaction'; did you mean 'transactions'? {EVENTS}"),
        (Churn, DAYS | {"events": ["customers"]},
         f"events: no row of 'customers' shows that a customer is alive; name others {EVENTS}"),
        (Churn, DAYS | {"events": ["transactions", "cancellations"]},
         f"events: no row of 'cancellations' shows that a customer is alive; name others {EVENTS}"),
        (Churn, DAYS | {"events": []}, "events: name at least one table whose rows show that a customer is alive"),
        (Churn, {"active_within_days": 56}, "horizon_days: is missing"),
        (Churn, DAYS | {"horizon_days": 0}, "horizon_days: input should be greater than 0"),
        (Panel, {"test": 2}, ONE_WAY),
        (Panel, {"test": ["2024-01-01"]}, ONE_WAY),
        (Panel, {"test": 2, "train": ["2024-01-01"]}, ONE_WAY),
        (Panel, {"test": 2, "train": ["2024-01-01"], "step_days": 7}, ONE_WAY),
        (Panel, {"test": ["2024-02-01"], "train": ["2024-01-01"], "step_days": 7}, ONE_WAY),
        (Panel, {"test": ["2024-02-01"], "train": []}, "train and test need at least one cutoff each"),
        (Panel, {"test": ["2024-02-01"], "train": ["2024-01-01", "2024-02-01"]}, "2024-02-01 is listed twice"),
        (Features, {"windows_days": []}, WINDOWS),
        (Features, {"windows_days": [28, 7]}, WINDOWS),
        (Features, {"windows_days": [7, 7]}, WINDOWS),
        (Features, {"families": ["rfm", "rythm"]},
         "families: no family 'rythm'; did you mean 'rhythm'? (rfm, rhythm, trend, breadth, lifecycle, activity, service, satisfaction, subscription, contacts, profile)"),
        (Features, {"profile": ["{as_of}"]},
         "profile: '{as_of}' can't name a feature: rename the column in the export, without braces"),
        (Features, {"memory_limit": "lots"},
         "memory_limit: isn't written as it should be (memory like 4GB, names of tiers in small letters)"),
        (Churn, DAYS | {"events": ["transactions", "transactions"]}, "events: 'transactions' is listed twice"),
        (Features, {"profile": ["town", "town"]}, "profile: 'town' is listed twice"),
        (Score, {"keep": ["name", "name"]}, "keep: 'name' is listed twice"),
        (Params, PARAMS | {"score": {"keep": ["name"]}},
         "score.keep: no source feeds customers, which 'name' is a column of; add one"),
        (Params, PARAMS | {"features": {"history_days": 30, "windows_days": [28]}},
         "features.history_days: 30 is shorter than churn.active_within_days 56: the last event of some customers "
         "would be out of sight"),
        (Params, PARAMS | {"churn": []}, "churn: expected keys below it, as in {a: b}"),
        (Train, {"trials": -1}, "trials: input should be greater than or equal to 0"),
        (Train, {"trials": 20, "minutes": 0}, "minutes: input should be greater than 0"),
        (Train, {"trials": 20, "minutes": float("inf")}, "minutes: input should be a finite number"),
        (Train, {"bootstrap": 49}, "bootstrap: input should be greater than or equal to 50"),
        (Calibrate, {"tiers": []}, "tiers: the last tier must take the rest: give it a name only"),
        (Calibrate, tiers({"share": 0.2}), "tiers: the last tier must take the rest: give it a name only"),
        (Calibrate, tiers({}, {}),
         "tiers: tier 'a' needs capacity, share, min_risk or max_profit; only the last one takes the rest"),
        (Calibrate, tiers({"capacity": 5, "share": 0.2}, {}), "tiers: tier 'a': capacity or share, not both"),
        (Calibrate, {"tiers": [{"name": "a", "share": 0.1}, {"name": "a"}]}, "tiers: two tiers have the same name"),
        (Score, {"keep": ["name", "tier", "risk"]}, "keep: 'risk' is a column of every list already"),
        (Params, PEOPLE | {"features": {"profile": ["town", "phone"]}, "score": {"pii": ["phone"]}},
         "features.profile: 'phone' is in score.pii; private columns are never learned from"),
        (Params, PEOPLE | {"features": {"profile": ["owner"]}, "score": {"pii": ["Mobile"]}},
         "features.profile: 'owner' is in score.pii; private columns are never learned from"),
        (Params, PARAMS | {"features": {"families": ["lifecycle"]}},
         "features.families: rfm is needed where transactions are fed: value is measured by it"),
        (Params, PARAMS | {"churn": DAYS | {"events": ["contacts"]}},
         "churn.events: no source feeds 'contacts'; add one under sources"),
        (Track, {"uri": "https://ann:s3cret@runs.example.org"}, PASSWORD),
        (Track, {"uri": "https://s3cret@runs.example.org/x"}, PASSWORD),
        (Track, {"uri": "postgresql://ann:s3/cret@db/runs"}, PASSWORD),
        (Track, {"uri": "postgresql://db/runs?user=ann&password=s3cret"}, PASSWORD),
        (Track, {"uri": "postgresql+psycopg://ann:s3cret@db:5432/runs"}, PASSWORD),
        (Params, PARAMS | {"track": {"uri": "http://ann:s3cret@127.0.0.1:5000"}}, f"track.{PASSWORD}"),
        (Params, PARAMS | {"sources": []}, "sources: the list is empty; name at least one"),
    ],
)  # fmt: skip
def test_refused(section: type[Section], given: dict[str, Any], said: str) -> None:
    """One line names the key, what is wrong with it, and what would be right."""
    with pytest.raises(ValidationError) as refused:
        section.model_validate(given)
    assert in_one_line(refused.value, section) == said


def test_transactions_are_needed() -> None:
    """Without a source of transactions there is nothing to learn from."""
    with pytest.raises(ValidationError) as refused:
        Params.model_validate(PARAMS | {"sources": [CONTACTED], "churn": DAYS | {"events": ["contacts"]}})
    assert in_one_line(refused.value, Params) == (
        "sources: transactions or subscriptions is needed; add a source that feeds it"
    )


def test_nothing_behind_a_key_means_its_default() -> None:
    """`features:` with nothing below it, or `profile:` with nothing behind it, is as good as left out."""
    given = PARAMS | {"features": {"profile": None}, "train": None, "score": {"keep": None, "value": None}}
    assert Params.model_validate(given) == Params.model_validate(PARAMS)


def test_branches_of_a_choice_stay_hidden() -> None:
    """A key that may be one thing or another is named as the user wrote it."""
    with pytest.raises(ValidationError) as refused:
        Params.model_validate(PARAMS | {"panel": {"step_days": 28, "test": 0}})
    assert in_one_line(refused.value, Params) == (
        "panel.test: expected a list, as in [a, b]; panel.test: input should be greater than 0"
    )


def test_cutoffs_are_listed_or_counted() -> None:
    """A panel is a list of dates, or a step and a number of test cutoffs."""
    listed = Panel.model_validate({"train": ["2024-01-01"], "test": ["2024-02-01"]})
    assert (listed.train, listed.test) == ((date(2024, 1, 1),), (date(2024, 2, 1),))
    counted = Panel.model_validate({"step_days": 28, "test": 2})
    assert (counted.train, counted.test, counted.min_history_days) == (None, 2, 56)


def test_tiers_may_combine_a_size_with_a_risk() -> None:
    """A capacity or share may also ask for a least risk; a tier with a risk alone takes all above it."""
    calibrate = Calibrate.model_validate(tiers({"capacity": 5, "min_risk": 0.3}, {"min_risk": 0.0}, {}))
    assert [tier.takes_the_rest for tier in calibrate.tiers] == [False, False, True]


def test_only_a_read_offset_counts() -> None:
    """A percent sign that is doubled stands for itself and reads no offset."""
    formats = {"%d/%m/%Y": False, "%Y-%m-%d %H:%M %z": True, "%d %Z": True, "%d%%z": False, "%%%z": True, None: False}
    for date_format, states in formats.items():
        assert Source.model_validate(SOURCE | {"date_format": date_format}).states_offset is states, date_format


@pytest.mark.parametrize(
    "uri",
    [
        "sqlite:///mlflow.db",
        "http://127.0.0.1:5000",
        "https://runs.example.org/a@b",
        "sqlite:///my@shop/runs.db",
        "runs",
    ],
)
def test_an_address_without_a_password_is_kept(uri: str) -> None:
    """A file, a server, and a path with an at sign."""
    assert Track.model_validate({"uri": uri}).uri == uri


@pytest.mark.parametrize("name", ["", " ", "a\nb", "a\\b", "a/b", "a:b", "a'b", "a`b", 'a"b', "50%"])
def test_letters_that_a_name_of_an_experiment_cannot_have(name: str) -> None:
    """They would break the address of its model or a filter for its runs."""
    with pytest.raises(ValidationError) as refused:
        Track.model_validate({"experiment": name})
    assert in_one_line(refused.value, Track).startswith("experiment: ")


@pytest.mark.parametrize("name", ["churnml", "Umsatz 2024, süd", "流失-北京_1.0 (test)"])
def test_letters_that_a_name_of_an_experiment_can_have(name: str) -> None:
    """Any script, spaces, and what people put into names."""
    assert Track.model_validate({"experiment": name}).experiment == name


def test_how_files_are_read_travels() -> None:
    """A bundle's sources read the next export as they read the last; what isn't stated stays to be found out."""
    stated = Source.model_validate(SOURCE | {"sheet": "orders", "delimiter": ";", "encoding": "cp950"})
    assert Source.model_validate_json(stated.model_dump_json()) == stated
    bare = Source.model_validate(SOURCE)
    assert Source.model_validate_json(bare.model_dump_json()) == bare
    assert (bare.sheet, bare.delimiter, bare.encoding) == (None, None, None)
