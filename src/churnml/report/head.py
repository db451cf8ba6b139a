"""This month in sentences and five numbers."""

from collections.abc import Iterator, Mapping
from typing import Any

from churnml.contracts.listed import TIERS
from churnml.language import Words
from churnml.report.looking_back import difference
from churnml.report.parts import Both, Section, Text, Tile, Tiles, both, joined, same, word
from churnml.report.seen import Seen

WORDS: Words = {
    "title": ("This month", "本期概况"),
    "population": ("Customers who can leave", "可能流失的客户"),
    "expected": ("about {count} of them will leave within {days} days", "预计 {days} 天内约有 {count} 人流失"),
    "expected_ever": ("about {count} of them are like those who left", "其中约 {count} 人与已流失客户相似"),
    "rate": ("Churn rate", "流失率"),
    "change": ("{points} points against the cutoff before", "较前一期 {points} 个百分点"),
    "unclear": ("{points} points, not clearly another", "{points} 个百分点，变化不明显"),
    "only_one": ("of those whose answer is known", "已知去留的客户"),
    "at": ("cutoff {as_of}", "截止日 {as_of}"),
    "money": ("Money at risk", "面临风险的金额"),
    "money_held": ("{share} of it with whom to call", "其中 {share} 属于需联系的客户"),
    "no_money": ("not known: there are no purchases", "未知：没有购买记录"),
    "to_call": ("To call", "需联系"),
    "listed": ("On the lists, not to be called", "名单人数（请勿联系）"),
    "alone": ("{count} more are left alone, to measure what calls achieve", "另有 {count} 人留作对照，不联系"),
    "verdict": ("Can the model be trusted?", "模型可信吗？"),
    "good": ("good", "良好"),
    "usable": ("usable", "可用"),
    "no better than recency": ("no better than recency", "不优于按最近购买排序"),
    "leakage suspected": ("leakage suspected", "疑似数据泄漏"),
    "unknown": ("not known", "未知"),
    "dont_call": ("Don't call anyone on this.", "请勿据此联系客户。"),
    "auc": (
        "it puts one who leaves before one who stays {auc} of 100 times; recency alone {simple}",
        "流失客户排在留存客户之前的概率为 {auc}%，仅看最近购买为 {simple}%",
    ),
    "auc_alone": (
        "it puts one who leaves before one who stays {auc} of 100 times",
        "流失客户排在留存客户之前的概率为 {auc}%",
    ),
    "lead": (
        "As of {as_of}, {population} customers of {project} can leave; about {leaving} of them ({share}) are expected to leave within {days} days.",
        "截至 {as_of}，{project} 有 {population} 位客户可能流失；预计 {days} 天内约 {leaving} 位（{share}）会流失。",
    ),
    "lead_ever": (
        "{population} customers of {project} were looked at; about {leaving} of them ({share}) are like those who left.",
        "{project} 共评估 {population} 位客户；其中约 {leaving} 位（{share}）与已流失的客户相似。",
    ),
    "stake": (
        "With them goes {money} of what they would bring over {horizon} days; the {count} to call hold {held} of it.",
        "随之损失的是未来 {horizon} 天 {money} 的价值；需联系的 {count} 位客户占其中的 {held}。",
    ),
    "stake_alone": (
        "With them goes {money} of what they would bring over {horizon} days.",
        "随之损失的是未来 {horizon} 天 {money} 的价值。",
    ),
    "call_ever": (
        "Of those like the {count} in the tier {tier}, {past} left among the customers held back.",
        "与“{tier}”等级中 {count} 位客户同类的留出客户中，{past} 已流失。",
    ),
    "call": (
        "Of those like the {count} in the tier {tier}, {past} left at earlier cutoffs.",
        "与“{tier}”等级中 {count} 位客户同类的客户，在以往各期有 {past} 流失。",
    ),
    "rate_up": (
        "At the newest cutoff of the training, {as_of}, {rate} left: {points} points more than at the one before.",
        "训练数据的最近截止日（{as_of}）流失率为 {rate}，较前一期上升 {points} 个百分点。",
    ),
    "rate_down": (
        "At the newest cutoff of the training, {as_of}, {rate} left: {points} points less than at the one before.",
        "训练数据的最近截止日（{as_of}）流失率为 {rate}，较前一期下降 {points} 个百分点。",
    ),
    "rate_same": (
        "At the newest cutoff of the training, {as_of}, {rate} left, not clearly more or less than at the one before ({before}).",
        "训练数据的最近截止日（{as_of}）流失率为 {rate}，与前一期（{before}）相比无明显变化。",
    ),
    "sentence": ("The verdict in full: {sentence}", "模型评价（英文原文）：{sentence}"),
}


def head(seen: Seen) -> Section:
    """Sentences that can be quoted, and the five numbers."""
    tiles = Tiles((_population(seen), _rate(seen), _money(seen), _to_call(seen), _verdict(seen)))
    callable_ = _callable(seen)
    parts: list[Text | Tiles] = [Text(joined(list(_sentences(seen))), "lead"), tiles]
    if not callable_:
        parts.insert(0, Text(word(WORDS, "dont_call"), "warning"))
    if sentence := seen.bundle.verdict.get("sentence"):
        parts.append(Text(both(WORDS, "sentence", sentence=sentence), "soft" if callable_ else "warning"))
    return Section("head", word(WORDS, "title"), parts)


def money(amount: float, currency: str) -> str:
    """An amount as people read it."""
    return f"{amount:,.0f}\u00a0{currency}".strip()


def percent(share: float) -> str:
    """A share as people read it."""
    return f"{100 * share:.1f}\u00a0%"


def points(difference: float) -> str:
    """A difference of shares in percentage points, with its sign.

    >>> points(0.0123), points(-0.02), points(0.0001)
    ('+1.2', '-2.0', '0.0')
    """
    rounded = round(100 * difference, 1)
    return f"{rounded:+.1f}" if rounded else "0.0"


def _sentences(seen: Seen) -> Iterator[Both]:
    scored, params, dated = seen.scored, seen.bundle.params, seen.bundle.params.churn.is_dated
    leaving = float(scored["risk"].sum())
    filled = {
        "as_of": seen.manifest["as_of"],
        "project": params.project.name,
        "population": f"{len(scored):,}",
        "leaving": f"{leaving:,.0f}",
        "share": percent(leaving / max(len(scored), 1)),
        "days": params.churn.horizon_days,
    }
    yield both(WORDS, "lead" if dated else "lead_ever", **filled)
    called = seen.called
    if seen.worth:
        lost = float(scored["expected_loss"].sum())
        held = float(called["expected_loss"].sum()) / lost if lost else 0.0
        yield both(
            WORDS,
            "stake" if _callable(seen) else "stake_alone",
            money=money(lost, seen.currency),
            horizon=params.score.value.horizon_days,
            count=f"{len(called):,}",
            held=percent(held),
        )
    first = seen.bundle.decision.names[0]
    past, count = seen.bundle.history.get(first), int((called["tier"] == first).sum())
    if past and past["customers"] and count:
        yield both(
            WORDS,
            "call" if dated else "call_ever",
            count=f"{count:,}",
            tier=word(TIERS, first),
            past=percent(float(past["churn_rate"])),
        )
    cutoffs = seen.trained.get("cutoffs", [])
    if len(cutoffs) > 1:
        before, now = cutoffs[-2:]
        change, clear = _change(before, now)
        yield both(
            WORDS,
            ("rate_up" if change > 0 else "rate_down") if clear else "rate_same",
            as_of=now["as_of"],
            rate=percent(now["churn_rate"]),
            before=percent(before["churn_rate"]),
            points=f"{abs(100 * change):.1f}",
        )


def _change(before: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[float, bool]:
    """How much more left than at the cutoff before, and whether its 95 % interval leaves zero out."""
    left, left_before = (round(one["churn_rate"] * one["customers"]) for one in (now, before))
    change, low, high = difference(left, now["customers"], left_before, before["customers"])
    return change, bool(low > 0 or high < 0)


def _callable(seen: Seen) -> bool:
    return bool(seen.bundle.verdict.get("callable", True))


def _population(seen: Seen) -> Tile:
    dated = seen.bundle.params.churn.is_dated
    count = f"{float(seen.scored['risk'].sum()):,.0f}"
    beside = both(
        WORDS, "expected" if dated else "expected_ever", count=count, days=seen.bundle.params.churn.horizon_days
    )
    return Tile(word(WORDS, "population"), same(f"{len(seen.scored):,}"), beside)


def _rate(seen: Seen) -> Tile:
    rates = seen.trained.get("cutoffs", [])
    if not rates:
        history = seen.bundle.history.values()
        left, all_ = (sum(float(past[name]) for past in history) for name in ("left", "customers"))
        return Tile(
            word(WORDS, "rate"),
            same(percent(left / all_)) if all_ else word(WORDS, "unknown"),
            word(WORDS, "only_one"),
        )
    if len(rates) == 1:
        return Tile(word(WORDS, "rate"), same(percent(rates[0]["churn_rate"])), word(WORDS, "only_one"))
    now = rates[-1]
    moved, clear = _change(rates[-2], now)
    change = both(WORDS, "change" if clear else "unclear", points=points(moved))
    at = both(WORDS, "at", as_of=now["as_of"])
    return Tile(
        word(WORDS, "rate"), same(percent(now["churn_rate"])), (f"{at[0]}; {change[0]}", f"{at[1]}；{change[1]}")
    )


def _money(seen: Seen) -> Tile:
    if not seen.worth:
        return Tile(word(WORDS, "money"), same("–"), word(WORDS, "no_money"))
    lost = float(seen.scored["expected_loss"].sum())
    held = float(seen.called["expected_loss"].sum()) / lost if lost else 0.0
    return Tile(word(WORDS, "money"), same(money(lost, seen.currency)), both(WORDS, "money_held", share=percent(held)))


def _to_call(seen: Seen) -> Tile:
    alone = int(seen.manifest.get("held", 0))
    beside = both(WORDS, "alone", count=f"{alone:,}") if alone else same("")
    return Tile(word(WORDS, "to_call" if _callable(seen) else "listed"), same(f"{len(seen.called):,}"), beside)


def _verdict(seen: Seen) -> Tile:
    said = seen.bundle.verdict
    backtest = seen.measured.get("backtest", {})
    beside = same("")
    if backtest:
        simple = backtest.get("differences", {}).get("recency")
        auc = f"{100 * backtest['auc']:.0f}"
        beside = (
            both(WORDS, "auc", auc=auc, simple=f"{100 * (backtest['auc'] - simple['auc']):.0f}")
            if simple
            else both(WORDS, "auc_alone", auc=auc)
        )
    alarm = not said.get("callable", True)
    return Tile(word(WORDS, "verdict"), word(WORDS, str(said.get("word", "unknown"))), beside, alarm)
