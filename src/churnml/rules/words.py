"""The backtest as a table that people read, and as a CSV."""

import unicodedata
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from churnml.alerts.words import LACKS
from churnml.config import EVERY_RULE, Rules
from churnml.language import Locale, Words, phrase, shown
from churnml.publish import write_rows
from churnml.rules.backtest import ALL, Backtest, Line

_HEADERS: Words = {
    "rule": ("rule", "规则"),
    "a_month": ("alerts/month", "预警/月"),
    "precision": ("left % (95 %)", "流失% (95%)"),
    "lift": ("lift", "提升"),
    "lead": ("lead days", "提前天数"),
    "first": ("in {tier} %", "在{tier}%"),
    "other": ("also said by", "同时触发"),
    "cooldown": ("cooldown", "冷却"),
    "budget": ("budget", "预算"),
    "replaced": ("replaced", "被代替"),
    "advice": ("", ""),
}

_ADVICE: Words = {
    "keep": ("", ""),
    "asleep": ("", ""),
    "never": ("drop? it never fired", "可删除：从未触发"),
    "few": ("too few cases to judge ({due})", "仅 {due} 例，难以判断"),
    "no_better": ("drop? no more of them leave than of all", "可删除：流失率不高于全体"),
    "twin": ("drop? {other} says nearly all of it", "可删除：{other} 几乎都已覆盖"),
    "unproven": ("not told from chance", "与偶然无法区分"),
}

_LINES: Words = {
    "title": (
        "{rules} at {lists}, {first} to {last}: {snapshots:,} customers and lists, {base:.1%} of them left",
        "{rules}，{lists}（{first} 至 {last}）：{snapshots:,} 个客户快照，其中 {base:.1%} 流失",
    ),
    "rule": ("{count} rule", "{count} 条规则"),
    "rules": ("{count} rules", "{count} 条规则"),
    "list": ("{count} past cutoff", "{count} 个历史时点"),
    "lists": ("{count} past cutoffs", "{count} 个历史时点"),
    "all": ("all together", "合计"),
    "asleep": ("  asleep, needs {lacks}: {rules}", "  休眠，缺少{lacks}：{rules}"),
    "note": (
        "left %: of those due, before the budget. lead days: of those who left, median from the first alert of an unbroken run to the last sign of life or the "
        "cancellation; negative: it came after, as alerts of silence do. cooldown, budget, replaced: alerts that they saved.",
        "流失%：应提示客户（预算之前）的流失率；提前天数：流失客户中，未中断的首次预警到最后一次活动或退订的中位数，负数表示预警在其之后（沉默类规则即如此）；冷却、预算、被代替：由此少发的预警数。",
    ),
    "tier_high": ("high", "高"),
}

COLUMNS = (
    *(
        "rule",
        "state",
        "true",
        "due",
        "alerts_a_month",
        "precision",
        "precision_low",
        "precision_high",
        "base_rate",
        "lift",
    ),
    *("lead_days", "in_first_tier", "other", "shared", "saved_by_cooldown", "saved_by_budget", "replaced", "advice"),
)


def report(said: Backtest, rules: Rules, tier: str, locale: Locale) -> str:
    """The table, in the locale.

    Args:
        said: the backtest.
        rules: with their titles.
        tier: the first one.
        locale: of the words.
    """
    line = partial(phrase, _LINES, locale=locale)
    whole = said.lines[-1]
    title = line(
        "title", rules=_counted("rule", len(rules.rules), locale), lists=_counted("list", len(said.lists), locale), first=said.lists[0], last=said.lists[-1],
        snapshots=said.snapshots, base=whole.base_rate,
    )  # fmt: skip
    word = shown({"high": _LINES["tier_high"]}, tier, locale)
    header = [phrase(_HEADERS, name, locale, tier=word) for name in _HEADERS]
    working = [_cells(each, locale) for each in said.lines if not each.asleep]
    return "\n".join([title, _aligned([header, *working]), *_asleep(said, locale), line("note")])


def write(path: Path, said: Backtest) -> None:
    """Write reports/rules.csv: one row per rule, the last one for all together."""
    write_rows(path, COLUMNS, [_row(each) for each in said.lines])


def _counted(what: str, count: int, locale: Locale) -> str:
    return phrase(_LINES, what if count == 1 else f"{what}s", locale, count=count)


def _row(each: Line) -> dict[str, object]:
    def rounded(number: float | None) -> float | None:
        return None if number is None else round(number, 6)

    return {
        "rule": each.name or EVERY_RULE,
        "state": " ".join(each.asleep) if each.asleep else "",
        "true": each.true,
        "due": each.due,
        "alerts_a_month": round(each.a_month, 2),
        "precision": rounded(each.precision),
        "precision_low": rounded(each.low),
        "precision_high": rounded(each.high),
        "base_rate": rounded(each.base_rate),
        "lift": rounded(each.lift),
        "lead_days": each.lead_days,
        "in_first_tier": rounded(each.in_first_tier),
        "other": each.other,
        "shared": rounded(each.shared),
        "saved_by_cooldown": each.cooldown,
        "saved_by_budget": each.budget,
        "replaced": each.replaced,
        "advice": each.advice,
    }


def _asleep(said: Backtest, locale: Locale) -> list[str]:
    """Rules that nobody can judge here, by what they wait for."""
    by_lack: dict[tuple[str, str], list[str]] = {}
    for each in said.lines:
        if each.asleep:
            by_lack.setdefault(each.asleep, []).append(each.name)
    return [
        phrase(_LINES, "asleep", locale, rules=", ".join(names), lacks=phrase(LACKS, kind, locale, what=what))
        for (kind, what), names in by_lack.items()
    ]


def _cells(each: Line, locale: Locale) -> list[str]:
    name = shown(_LINES, "all", locale) if each.name == ALL else each.name
    advice = phrase(_ADVICE, each.advice, locale, due=each.due, other=each.other)
    return [
        name,
        f"{each.a_month:,.1f}",
        "·" if each.precision is None else f"{100 * each.precision:.0f} ({100 * each.low:.0f}-{100 * each.high:.0f})",
        "·" if each.lift is None else f"{each.lift:.1f}",
        "·" if each.lead_days is None else f"{each.lead_days:.0f}",
        "·" if each.in_first_tier is None else f"{100 * each.in_first_tier:.0f}",
        f"{each.other} {100 * each.shared:.0f}%" if each.other else "·",
        f"{each.cooldown:,}",
        f"{each.budget:,}",
        f"{each.replaced:,}",
        advice,
    ]


def _aligned(rows: Sequence[Sequence[str]]) -> str:
    """Columns below their names: words to the left, numbers to the right; Chinese signs are two columns wide."""
    widths = [max(_width(row[place]) for row in rows) for place in range(len(rows[0]))]
    left = (0, 6, len(widths) - 1)
    lines = []
    for row in rows:
        cells = []
        for place, (cell, width) in enumerate(zip(row, widths, strict=True)):
            gap = " " * (width - _width(cell))
            cells.append(cell + gap if place in left else gap + cell)
        lines.append("  ".join(["", *cells]).rstrip())
    return "\n".join(lines)


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
