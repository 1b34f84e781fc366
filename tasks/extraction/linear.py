"""Linear models over named signs, as tables of weights that a person can read.

A table has the columns `label`, `sign` and `weight`. The score of a label is the sum of the weights of the signs that
are there; a label's sign of the empty name is its bias. `training/` makes the tables and says how.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path
from typing import Final

from evpact.errors import ReferenceDataError
from tasks.rows import read_rows

BIAS: Final = ""
"""Name of the sign that is always there."""


@dataclass(frozen=True)
class Linear:
    """A linear model: for each label, the weight of each sign (logistic regression)."""

    weights: Mapping[str, Mapping[str, float]]

    def score(self, label: str, signs: Iterable[str]) -> float:
        """Sum of the weights of the signs for a label, its bias included."""
        weights = self.weights.get(label, {})
        return weights.get(BIAS, 0.0) + sum(map(weights.get, signs, repeat(0.0)))

    def probability(self, label: str, signs: Iterable[str]) -> float:
        """Probability that a label holds, by itself."""
        return probability_of(self.score(label, signs))


def probability_of(score: float) -> float:
    """The logistic function."""
    return 1 / (1 + math.exp(-score))


def read_linear(path: Path) -> Linear:
    """A table of weights.

    Raises:
        ReferenceDataError: The table is missing, or a weight is no number.
    """
    weights: dict[str, dict[str, float]] = defaultdict(dict)
    for line, row in enumerate(read_rows(path, "label", "sign", "weight"), start=2):
        try:
            weights[row["label"]][row["sign"]] = float(row["weight"])
        except ValueError:
            raise ReferenceDataError(f"{path}, line {line}: {row['weight']!r} is not a number.") from None
    return Linear(dict(weights))
