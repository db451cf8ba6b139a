"""Whether text reads as what people write: how common its characters are, and where they stand."""

from collections.abc import Callable, Sequence

COMMON_SHARE = 0.9
"""So much of what is beyond ASCII must be common, where a text reads as a language."""
_LOWER = frozenset("àáâãäåæçèéêëìíîïñòóôõöøùúûüýœšžß")
_UPPER = frozenset("ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝŒŠŽ")
_BETWEEN = frozenset("’‘–—·\u00ad")
_SIGNS = frozenset("€£§°²³“”„‚…«»‹›¿¡®©™½¼¾×±µºª•\u00a0") | _BETWEEN


def simplified(character: str) -> float:
    """1 for a much used Simplified character or Chinese punctuation, 0.9 for a less used one, 0 for any other.

    GB 2312 holds 3,755 much used characters, then 3,008 less used ones; its kana, Greek and Cyrillic don't count.
    """
    lead = _lead(character, "gb2312")
    if 0xB0 <= lead <= 0xD7 or lead in (0xA1, 0xA2, 0xA3):
        return 1.0
    return COMMON_SHARE if 0xD8 <= lead <= 0xF7 else 0.0


def traditional(character: str) -> float:
    """1 for one of the 5,401 much used Traditional characters of Big5 or Chinese punctuation, 0 for any other."""
    return 1.0 if 0xA1 <= _lead(character, "cp950") <= 0xC6 else 0.0


def share(characters: Sequence[str], weight: Callable[[str], float]) -> float:
    """The mean weight of characters; 0 where there are none."""
    return sum(map(weight, characters)) / len(characters) if characters else 0.0


def reads_as_western(text: str) -> bool:
    """Whether nearly all beyond ASCII are accents beside letters, quotes, dashes and signs where they belong.

    >>> reads_as_western("Müller, Gößmann – 5 €, déjà vu à l’été")
    True
    >>> [reads_as_western(text) for text in ("GÃ¶ÃŸmann", "Èâàíîâ", "Ko³o", "ÿÿ", "plain")]
    [False, False, False, False, False]
    """
    padded = f" {text} "
    fits = [_fits(*padded[place - 1 : place + 2]) for place in range(1, len(padded) - 1) if padded[place] > "\x7f"]
    return bool(fits) and sum(fits) >= COMMON_SHARE * len(fits)


def _fits(before: str, here: str, after: str) -> bool:
    beside = before.isascii() and before.isalpha(), after.isascii() and after.isalpha()
    if here in _LOWER:
        return any(beside) or (here in "àéó" and not (before + after).strip())
    if here in _UPPER:
        return after.isascii() and (after.isalpha() or before.isupper()) and not before.islower()
    return here in _BETWEEN or (here in _SIGNS and not all(beside))


def _lead(character: str, encoding: str) -> int:
    """The first of a character's two bytes; 0 where it has none."""
    try:
        code = character.encode(encoding)
    except UnicodeEncodeError:
        return 0
    return code[0] if len(code) == 2 else 0
