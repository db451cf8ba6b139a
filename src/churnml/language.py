"""What people read, in their language: a table of words says each thing once in English and once in Chinese."""

from collections.abc import Mapping
from typing import Literal

Locale = Literal["en", "zh-CN"]
Words = Mapping[str, tuple[str, str]]
"""What the code calls it -> what people read, in English and in Chinese."""


def shown(words: Words, name: str, locale: Locale) -> str:
    """The word for a name; a name without a word is shown as it is.

    >>> tiers = {"high": ("high", "高")}
    >>> shown(tiers, "high", "zh-CN"), shown(tiers, "urgent", "zh-CN")
    ('高', 'urgent')
    """
    english, chinese = words.get(name, (name, name))
    return chinese if locale == "zh-CN" else english


def phrase(words: Words, name: str, locale: Locale, **filled: object) -> str:
    """The word or sentence for a name, with its places in braces filled in.

    >>> phrase({"days": ("{count} days", "{count} 天")}, "days", "zh-CN", count=3)
    '3 天'
    """
    return shown(words, name, locale).format(**filled)
