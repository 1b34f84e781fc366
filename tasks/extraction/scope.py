"""Whether an article can hold anything of the field: a look at its words, so that most of a news stream costs nothing."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

_ENOUGH: Final = 3.0


class Scope:
    """Words of the field with their weights, compiled once."""

    def __init__(self, weights: Mapping[str, float]) -> None:
        self._weights = dict(weights)
        words = sorted(self._weights, key=len, reverse=True)
        self._pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, words))})\b", re.IGNORECASE)

    @classmethod
    def read(cls, folder: Path) -> Scope:
        """The words of `scope.csv` in a reference folder."""
        with (folder / "scope.csv").open(encoding="utf-8", newline="") as lines:
            return cls({row["word"].lower(): float(row["weight"]) for row in csv.DictReader(lines)})

    def holds(self, text: str) -> bool:
        """Whether the words of the field in a text weigh enough; each counts three times at most."""
        counts: dict[str, int] = {}
        weight = 0.0
        for match in self._pattern.finditer(text):
            word = match.group().lower()
            counts[word] = counts.get(word, 0) + 1
            if counts[word] <= 3:  # noqa: PLR2004
                weight += self._weights[word]
            if weight >= _ENOUGH:
                return True
        return False
