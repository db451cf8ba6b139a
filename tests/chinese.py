"""What tests of Chinese words share."""

import re

_SENTENCE = re.compile(r"[A-Za-z']{2,}[,;:]? [A-Za-z']{2,}")


def is_chinese(line: str) -> bool:
    """Whether a line has Chinese words, and of English ones no two in a row.

    >>> is_chinese("列“paid”：a.csv 第 3 行"), is_chinese("列“paid” was read"), is_chinese("rows")
    (True, False, False)
    """
    return any("一" <= letter <= "鿿" for letter in line) and not _SENTENCE.search(line)
