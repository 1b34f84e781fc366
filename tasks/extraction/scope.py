"""Whether an article can hold anything of the field: a look at its words, so that most news costs next to nothing."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from tasks.rows import read_rows

ENOUGH: Final = 1.5
"""Weight that an article of `_FULL_LENGTH` words or more must have; a shorter one less, down to `_LEAST`."""

PLENTY: Final = 3.0
"""Weight from which all that an article tells is of the field; with less it may be a passing word in other news."""

_LEAST: Final = 1.0
_FULL_LENGTH: Final = 200

_WORD: Final = re.compile(r"\w+")
_REPEATS: Final = 3
_COMPANIES: Final = 3


class Scope:
    """Words of the field with their weights, and its companies; compiled once.

    Args:
        weights: Weight by word or phrase; a star in a phrase stands for any one word.
        companies: Gives the ids of the field's companies that a text names.
    """

    def __init__(self, weights: Mapping[str, float], companies: Callable[[str], Iterable[str]]) -> None:
        self._weights = {word.lower(): weight for word, weight in weights.items()}
        self._companies = companies
        self._open = [(word, re.compile(_form(word))) for word in self._weights if "*" in word]
        beginnings: dict[str, list[str]] = defaultdict(list)
        for word in sorted(self._weights, key=len, reverse=True):
            beginnings[_WORD.findall(word)[0]].append(_form(word))
        self._by_first = {first: re.compile(rf"(?:{'|'.join(forms)})\b") for first, forms in beginnings.items()}

    @classmethod
    def read(cls, folder: Path, companies: Callable[[str], Iterable[str]]) -> Scope:
        """The words of `scope.csv` in a reference folder.

        Raises:
            ReferenceDataError: The table is missing or wrong.
        """
        rows = read_rows(folder / "scope.csv", "word", "weight")
        return cls({row["word"]: float(row["weight"]) for row in rows}, companies)

    def touches(self, text: str) -> bool:
        """Whether a text has any word of the field."""
        return any(True for _ in self._found(text))

    def weight(self, text: str) -> float:
        """Weight of the words of the field in a text; a word counts three times at most."""
        counts = Counter(map(self._word, self._found(text)))
        return sum(self._weights[word] * min(n, _REPEATS) for word, n in counts.items())

    def holds(self, text: str, words: float) -> bool:
        """Whether the words of the field in a text, by their weight, and its companies weigh enough.

        Each of up to three companies weighs one, and companies alone do not do: carmakers are in the news for much
        else.
        """
        enough = _LEAST + (ENOUGH - _LEAST) * min(1.0, len(text.split()) / _FULL_LENGTH)
        if not words or words >= enough:
            return words >= enough
        return words + min(len(set(self._companies(text))), _COMPANIES) >= enough

    def _found(self, text: str) -> Iterator[str]:
        """What of the table stands in a text, in lower case, from left to right; the longest where several begin."""
        plain, end = text.lower(), 0
        for word in _WORD.finditer(plain):
            forms = self._by_first.get(word.group())
            if forms and word.start() >= end and (match := forms.match(plain, word.start())):
                end = match.end()
                yield match.group()

    def _word(self, found: str) -> str:
        """The word or phrase of the table that stands in a text."""
        return found if found in self._weights else next(word for word, form in self._open if form.fullmatch(found))


def _form(word: str) -> str:
    """The pattern of a word or phrase."""
    return re.escape(word).replace(r"\*", r"[\w-]+")
