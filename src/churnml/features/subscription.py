"""A customer's contracts: what runs, since when and for how much, and what changed from one to the next.

How a contract is set to renew has no history (decision 0011) and isn't looked at.
"""

from collections.abc import Sequence

from churnml.features.entry import Family, Feature
from churnml.features.measures import counted, recency

_SOURCE = "contract history (practice of customer-success teams: anniversary, plan and price changes)"

OVERLAP_DAYS = 31
"""A contract follows the one before if that had ended by so many days after it began; else it is one more."""

LONGEST_PLAN = 40
"""Letters. A longer one is no plan that others have, too, but a description of this contract: unknown to features."""

_PLAN = f"CASE WHEN length(plan) <= {LONGEST_PLAN} THEN plan END"
_ORDER = ("started_at", "ended_on", "plan", "monthly_amount")


def subscription(windows_days: Sequence[int], columns: Sequence[str]) -> Family:
    """The family over contracts.

    Args:
        windows_days: lookback windows; ended contracts are counted in the longest.
        columns: columns that the subscriptions table has; without ended_at a contract is taken to run until the next begins.
    """
    features = (*_running(), *_ended(windows_days[-1]), *_changes())
    return Family("subscription", "subscriptions", _rows(columns), features).with_columns(columns)


def _rows(columns: Sequence[str]) -> str:
    """Contracts: whether each is `running`, its `number`, days to its `anniversary`, and what the one before was."""
    there = {
        name: name if name in columns else f"CAST(NULL AS {kind})"
        for name, kind in (("ended_on", "DATE"), ("plan", "VARCHAR"), ("monthly_amount", "DECIMAL(18, 4)"))
    }
    order = ", ".join(f"{name} NULLS LAST" for name in _ORDER)
    over = f"coalesce(date_diff('day', started_on, ended_before) <= {OVERLAP_DAYS}, FALSE)"
    running, follows = ("ended_on IS NULL", over) if "ended_on" in columns else ("later IS NULL", "TRUE")
    years = "date_diff('year', started_on, {as_of})"
    this_year, next_year = (_years_after("started_on", sql) for sql in (years, f"{years} + 1"))
    return f"""
        SELECT customer_id, started_on, ended_on, number, plan, monthly_amount, {running} AS running,
            date_diff('day', {{as_of}}, CASE WHEN {this_year} >= {{as_of}} THEN {this_year} ELSE {next_year} END) AS anniversary,
            CASE WHEN {follows} THEN CAST(monthly_amount AS DOUBLE) / nullif(amount_before, 0) END AS price_ratio,
            CASE WHEN {follows} AND plan <> plan_before THEN sign(monthly_amount - amount_before) END AS step,
            {follows} AND plan <> plan_before AS changed
        FROM (
            SELECT *, row_number() OVER contracts AS number, lead(1) OVER contracts AS later,
                lag(ended_on) OVER contracts AS ended_before, lag(plan) OVER contracts AS plan_before,
                lag(monthly_amount) OVER contracts AS amount_before
            FROM (
                SELECT customer_id, started_at, started_on, {", ".join(f"{sql} AS {name}" for name, sql in there.items())}
                FROM {{table}}) AS told
            WINDOW contracts AS (PARTITION BY customer_id ORDER BY {order})) AS following"""


def _years_after(day: str, years: str) -> str:
    return f"CAST({day} + to_years(CAST({years} AS INTEGER)) AS DATE)"


def _running() -> list[Feature]:
    return [
        Feature(
            "contracts_running", "count(CASE WHEN running THEN 1 END)", "contracts", "contracts that are running", "生效中的合同数",
            "none", _SOURCE, empty=0,
        ),
        Feature(
            "contract_age_days", recency("started_on", "running"), "days", "days since the newest running contract began",
            "当前合同已开始天数", "none", _SOURCE,
        ),
        Feature(
            "contract_anniversary_days", "min(CASE WHEN running THEN anniversary END)", "days",
            "days to the next anniversary of a running contract", "距合同周年日天数", "none", _SOURCE,
        ),
        Feature(
            "contract_plan", f"max_by({_PLAN}, CASE WHEN running AND {_PLAN} IS NOT NULL THEN number END)", "category",
            "plan that the newest running contract began with", "当前合同的套餐", "none", _SOURCE, needs=("plan",), kind="category",
        ),
        Feature(
            "contract_monthly_amount", "sum(CASE WHEN running THEN monthly_amount END)", "currency per month",
            "money per month that the running contracts began with", "当前合同月费", "none", _SOURCE, needs=("monthly_amount",),
        ),
    ]  # fmt: skip


def _ended(days: int) -> list[Feature]:
    return [
        Feature(
            f"contracts_ended_{days}d", counted("ended_on"), "contracts", f"contracts that ended in the last {days} days",
            f"近{days}天结束的合同数", "none", _SOURCE, days, ("ended_on",), 0,
        ),
        Feature(
            "contract_ended_days", recency("ended_on"), "days", "days since a contract last ended", "距上次合同结束天数", "none",
            _SOURCE, needs=("ended_on",),
        ),
    ]  # fmt: skip


def _changes() -> list[Feature]:
    return [
        Feature(
            "plan_change_days", recency("started_on", "changed"), "days", "days since a contract with another plan followed",
            "距上次套餐变更天数", "value", _SOURCE, needs=("plan",),
        ),
        Feature(
            "plan_change_step", "max_by(step, CASE WHEN step IS NOT NULL THEN number END)", "direction",
            "the last change of plan by its price: 1 up, -1 down, 0 the same", "最近一次套餐变更方向（1 升级，-1 降级，0 持平）",
            "value", _SOURCE, needs=("plan", "monthly_amount"),
        ),
        Feature(
            "contract_price_ratio", "max_by(price_ratio, CASE WHEN price_ratio IS NOT NULL THEN number END)", "ratio",
            "monthly price of the last contract that followed another, against that one's", "最近续签合同与前一合同的月费之比",
            "competitor", _SOURCE, needs=("monthly_amount",),
        ),
    ]  # fmt: skip
