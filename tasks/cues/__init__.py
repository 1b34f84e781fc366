"""Cues: words and phrases of word lists, made into patterns; extraction and resolution read them alike."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Final

from evpact.settings import REFERENCE
from tasks.rows import read_rows

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


def any_of(cues: Iterable[str]) -> str:
    """A pattern of any of some cues as they are written, in capitals or not; Python and Polars read it alike."""
    return r"(?i)\b(?:" + "|".join(map(re.escape, cues)) + r")\b"


@lru_cache(maxsize=4)
def restarts(folder: Path = REFERENCE) -> re.Pattern[str]:
    """What tells of something that is done again: the cues of `restart_cues.csv`.

    Raises:
        ReferenceDataError: The list is missing or wrong.
    """
    return re.compile(any_of(row["cue"] for row in read_rows(folder / "restart_cues.csv", "cue", "example")))
