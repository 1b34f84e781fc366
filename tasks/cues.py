"""Cues: words and phrases of word lists, made into patterns."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

_GAP: Final = 8


def gapped(cues: Iterable[str]) -> re.Pattern[str]:
    """Matches any of some cues in a text in small letters.

    A star stands for any ending of a word, … for up to eight words of the same clause.

    >>> bool(gapped(["contract* … not … signed"]).search("the contracts with ford have not been signed"))
    True
    """
    gap = rf"(?:[^\s.;:]+\s+){{0,{_GAP}}}?"
    forms = []
    for cue in cues:
        words = (gap if word == "…" else re.escape(word).replace(r"\*", r"\w*") + r"\b\W*" for word in cue.split())
        forms.append("".join(words))
    return re.compile(rf"(?:\b|(?=n't))(?:{'|'.join(forms)})")
