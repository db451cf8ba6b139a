"""Lists, bundle and what was measured -> the page."""

from pathlib import Path

from churnml.language import Words
from churnml.publish import write_text
from churnml.report.compare import Rival, compare
from churnml.report.data import data
from churnml.report.head import head
from churnml.report.page import page
from churnml.report.parts import Section, both
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


def sections(seen: Seen, rival: Rival | None = None) -> list[Section]:
    """All parts of the page, in their order."""
    compared = [compare(seen, rival)] if rival else []
    return [head(seen), *compared, risk(seen), trust(seen), why(seen), data(seen)]


def report(seen: Seen, out: Path, rival: Rival | None = None) -> list[Section]:
    """Write the page of a pack.

    Args:
        seen: what it is made from.
        out: the page.
        rival: another bundle, to hold against the one that made the lists.

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
    parts = sections(seen, rival)
    write_text(out, page(title, intro, parts, params.project.locale, made_from))
    return parts
