"""Words about who is on a list and who isn't, in both languages: said by the lists and by the page."""

from churnml.language import Words

TIERS: Words = {"high": ("high", "高"), "medium": ("medium", "中"), "low": ("low", "低")}

WAITS: Words = {
    "cooldown": ("in cooldown", "冷却期内"),
    "budget": ("over the budget", "超出预算"),
    "held": ("left alone", "对照组"),
    "replaced": ("said by a stronger rule", "由更强的规则代替"),
}
"""Why a rule that is true isn't told of."""

REASONS: Words = {
    "already_gone": ("already gone", "已流失"),
    "too_new": ("too new", "新客户，历史太短"),
    "no_history": ("no history", "没有历史记录"),
    "cancelled": ("has cancelled", "已退订"),
}
"""Why a customer has no risk."""
