"""What the pack says in whole sentences, in the language of those who open it."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from churnml.language import Locale, Words, phrase
from churnml.metrics import next_interval

LINES: Words = {
    "past": (
        "of such, {rate:.0%} left ({low:.0%} to {high:.0%})",
        "以往同类客户中有 {rate:.0%} 流失（{low:.0%} 至 {high:.0%}）",
    ),
    "no_past": ("no earlier list had such customers", "以往名单中没有同类客户可供参考"),
    "as_of": ("as of {as_of}: {count:,} customers", "截至 {as_of}：{count:,} 位客户"),
    "tier": ("  {tier}: {count:,} customers; {past}", "  {tier}：{count:,} 位客户；{past}"),
    "holdout": (
        "  holdout: {count:,} left alone, to measure what contacting brings",
        "  对照组：{count:,} 位客户不联系，用于衡量联系的效果",
    ),
    "unscored": ("not scored: {reasons} (unscored.csv)", "未评分：{reasons}（unscored.csv）"),
    "alerts": (
        "alerts: {count:,} customers, rules: {rules} (alerts.csv){waiting}",
        "预警：{count:,} 位客户，涉及 {rules} 条规则（alerts.csv）{waiting}",
    ),
    "alerts_waiting": ("; not told of now: {waiting}", "；本次不提示：{waiting}"),
    "asleep": ("rules asleep: {rules}", "休眠的规则：{rules}"),
    "asleep_for": ("{rules} (needs {lacks})", "{rules}（缺少{lacks}）"),
    "compared": ("compared with {folder}: {changed}", "与 {folder} 相比：{changed}"),
    "unchanged": ("nothing changed", "没有变化"),
    "afresh": (
        "no earlier pack to compare with: every list is made afresh",
        "没有可比较的上期名单：全部重新分级",
    ),
    "checks": (
        "{count} checks against the training, warnings: {doubtful} (checks.csv)",
        "与训练数据比对 {count} 项，{doubtful} 项警告（checks.csv）",
    ),
    "warning": ("warning: {line}", "警告：{line}"),
    "unplayed": (
        "no play of the playbook fits {count:,} customers who are to be contacted; complete playbook.yaml and calibrate again",
        "有 {count:,} 位需联系的客户在行动手册中没有对应措施，请补充 playbook.yaml 后重新校准",
    ),
    "meanwhile": (
        "another run has written {folder} since this one began; its pack is replaced by this one",
        "本次运行期间另一次运行写入了 {folder}；其结果已被本次替换",
    ),
    "no_season": (
        "no labelled cutoff lies a year before {as_of}: the level of risks is that of another season; train again",
        "{as_of} 的一年前没有可参照的时点：风险水平取自其他季节，请重新训练",
    ),
}

VERDICTS: Words = {
    "no better than recency": (
        "{sentence}",
        "模型的判断不比只看最近一次购买更准，请勿据此联系客户（详见模型包中的 verdict.json，英文）",
    ),
    "leakage suspected": (
        "{sentence}",
        "训练数据疑似含有事后才知道的信息（列：{columns}），请勿据此联系客户（详见模型包中的 verdict.json，英文）",
    ),
}
"""What ops must know of a model that nobody may be called on."""


def of_verdict(verdict: Mapping[str, Any], locale: Locale) -> str:
    """Why nobody may be called; the details are for those who train models, and in English.

    Args:
        verdict: word, columns and sentence of the bundle's.
        locale: of the sentence.
    """
    columns = ", ".join(verdict["columns"])
    return phrase(VERDICTS, verdict["word"], locale, sentence=verdict["sentence"], columns=columns)


def of_tiers(counts: Mapping[str, int], history: Mapping[str, Mapping[str, Any]], locale: Locale) -> dict[str, str]:
    """By tier, what happened to its like, with an interval for a list of this size.

    Args:
        counts: customers on the list of each tier.
        history: by tier, from out-of-time predictions: churn_rate, and by_list (left, of how many).
        locale: of the sentence.
    """
    return {name: _of_tier(count, history[name]["by_list"], locale) for name, count in counts.items()}


def _of_tier(count: int, by_list: Sequence[Sequence[int]], locale: Locale) -> str:
    lists = np.array(by_list, dtype=float).reshape(-1, 2)
    left, size = lists[:, 0], lists[:, 1]
    if not size.sum() or not count:
        return phrase(LINES, "no_past", locale)
    low, high = next_interval(left, size, count)
    return phrase(LINES, "past", locale, rate=left.sum() / size.sum(), low=low, high=high)
