"""Datelines: where, when and by which agency a report was filed, before its first sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_LONGEST: Final = 110
_WORD: Final = r"[^\W_a-z][\w.'’/&-]*"
_DATELINE: Final = re.compile(
    rf"""^(?P<place>{_WORD}(?:[ ,;]+(?:(?:of|on|the|de|do|da|del|la|el|al)[ ]+)*{_WORD})*)[., ]*
    (?P<agency>\([^()\n]{{2,40}}\))?\s*(?:\s?[–—]\s?|\s--?\s|--|(?P<bare>(?<=\)):?\s|:\s))(?=["“'‘]?[^\W_a-z])""",
    re.VERBOSE | re.MULTILINE,
)
_IN_CAPITALS: Final = re.compile(r"(?:[^\W\d_a-z]|['’.-]){4,}(?:[\s,/]|$)|[^\W\d_a-z]{2,}\s[^\W\d_a-z]{3,}")
_MONTH: Final = r"(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*"
_DAY: Final = re.compile(rf"\b{_MONTH}\.?\s\d{{1,2}}\b|\b\d{{1,2}}\s{_MONTH}\b")


def datelines(text: str) -> Iterator[tuple[int, int]]:
    """Where lines of a text begin with a dateline, and where what they report begins.

    A dateline is a run of capitalised words before a dash, with a place in capitals, a day or an agency in brackets:
    "SEOUL, Feb 10 (Agency) - ", "WINTHROP, Maine — ". The name of a company before a dash is none. With day and agency
    it needs no dash: "Taipei, May 8 (ABC) ".
    """
    for match in _DATELINE.finditer(text):
        has_day = _DAY.search(match["place"]) is not None
        if match["bare"]:
            is_dateline = has_day
        else:
            is_dateline = bool(match["agency"]) or has_day or _IN_CAPITALS.match(match["place"]) is not None
        if is_dateline and match.end() - match.start() <= _LONGEST:
            yield match.span()
