"""The language a text is in: by its script or its commonest words where these leave no doubt, else by a model."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from typing import Final

from evpact.settings import REFERENCE
from tasks.rows import read_rows

TABLE: Final = REFERENCE / "commonest_words.csv"

_BEGINNING: Final = 3000
_WORD: Final = re.compile(r"[^\W\d_]+")
_SCRIPTS: Final = {"ja": re.compile("[\u3040-\u30ff]"), "ko": re.compile("[\uac00-\ud7a3]")}
_SHARE_OF_SCRIPT: Final = 0.1
_SHARE_OF_WORDS: Final = 0.14
_LEAD: Final = 2


def language_of(text: str) -> str:
    """The ISO 639-1 code of the language of a text.

    Raises:
        ReferenceDataError: The table of commonest words is missing or wrong.
    """
    beginning = text[:_BEGINNING]
    for language, script in _SCRIPTS.items():
        if len(script.findall(beginning)) > _SHARE_OF_SCRIPT * len(beginning):
            return language
    counts = Counter(_WORD.findall(beginning.lower()))
    found = {language: sum(counts[word] for word in words) for language, words in _commonest_words().items()}
    best, second = sorted(found, key=lambda language: found[language], reverse=True)[:2]
    if found[best] >= max(_SHARE_OF_WORDS * counts.total(), _LEAD * found[second], 1):
        return best
    from py3langid import classify  # its model takes longer to load than ten pages to read, and much memory

    return str(classify(text)[0])


@cache
def _commonest_words() -> dict[str, tuple[str, ...]]:
    """The commonest words of languages, each a set that few texts in another language have many of."""
    return {row["language"]: tuple(row["words"].split()) for row in read_rows(TABLE, "language", "words")}
