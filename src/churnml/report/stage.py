"""Lists, bundle and what was measured -> the page."""

from dataclasses import dataclass
from pathlib import Path

from churnml.language import Words
from churnml.publish import write_text
from churnml.report.back import back
from churnml.report.compare import Rival, compare
from churnml.report.data import data
from churnml.report.head import head
from churnml.report.kpis import Kpis
from churnml.report.monthly import monthly
from churnml.report.page import page
from churnml.report.parts import Section, both
from churnml.report.past import Past
from churnml.report.risk import risk
from churnml.report.seen import Seen
from churnml.report.trust import trust
from churnml.report.why import why
from churnml.report.words import PAGE

INTRO: Words = {
    "inactivity": (
        "Leaving means: nothing bought or done for {days} days, by customers active within the last {active}.",
        "流失指：最近 {active} 天内活跃的客户，在之后 {days} 天内没有任何消费或活动。",
    ),
    "inactivity_all": (
        "Leaving means: nothing bought or done for {days} days.",
        "流失指：之后 {days} 天内没有任何消费或活动。",
    ),
    "cancellation": (
        "Leaving means: cancelled within {days} days, by customers with a running contract.",
        "流失指：有有效合同的客户在之后 {days} 天内退订。",
    ),
    "label": ("Leaving means: what the column '{column}' says.", "流失以列“{column}”为准。"),
}


@dataclass(frozen=True)
class History:
    """What is said of earlier times, as far as tables and predictions are there.

    Attributes:
        past: those who left; None: nobody is known.
        kpis: by month and cohort; None: the tables aren't there.
        of_contracts: whether a running contract shows who is still there.
    """

    past: Past | None = None
    kpis: Kpis | None = None
    of_contracts: bool = False


def sections(seen: Seen, rival: Rival | None = None, history: History | None = None) -> list[Section]:
    """All parts of the page, in their order."""
    compared = [compare(seen, rival)] if rival else []
    earlier = _earlier(seen, history or History())
    return [head(seen), *compared, risk(seen), trust(seen), why(seen), *earlier, data(seen)]


def _earlier(seen: Seen, history: History) -> list[Section]:
    """Looking back, where leaving has a day, and KPIs."""
    params = seen.bundle.params
    churn, worth = params.churn, params.score.value
    looked = back(
        history.past, definition=churn.definition, value_days=worth.horizon_days, currency=params.project.currency
    )  # fmt: skip
    counted = monthly(
        history.kpis,
        days=churn.horizon_days,
        window=params.features.windows_days[-1],
        model=worth.model,
        value_days=worth.horizon_days,
        currency=params.project.currency,
        contracts=history.of_contracts,
    )
    return [*([looked] if churn.is_dated else []), counted]


def report(seen: Seen, out: Path, rival: Rival | None = None, history: History | None = None) -> list[Section]:
    """Write the page of a pack.

    Args:
        seen: what it is made from.
        out: the page.
        rival: another bundle, to hold against the one that made the lists.
        history: what is said of earlier times.

    Returns:
        what stands on it.
    """
    bundle, params = seen.bundle, seen.bundle.params
    title = both(PAGE, "title", project=params.project.name, as_of=seen.manifest["as_of"])
    churn = params.churn
    name: str = churn.definition
    if name == "inactivity" and not churn.active_within_days:
        name = "inactivity_all"
    intro = both(INTRO, name, days=churn.horizon_days, active=churn.active_within_days, column=churn.column)
    made_from = (str(seen.manifest["sha256"]), bundle.digest)
    parts = sections(seen, rival, history)
    write_text(out, page(title, intro, parts, params.project.locale, made_from, params.score.csv_ids))
    return parts
