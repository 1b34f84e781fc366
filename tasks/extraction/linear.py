"""Linear models over named signs, as tables of weights that a person can read.

A table has the columns `label`, `sign` and `weight`. The score of a label is the sum of the weights of the signs that
are there; a label's sign of the empty name is its bias. `training/` makes the tables and says how.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from evpact.errors import ReferenceDataError
from tasks.rows import read_rows

BIAS: Final = ""
"""Name of the sign that is always there."""


@dataclass(frozen=True)
class Linear:
    """A linear model: for each label, the weight of each sign (logistic regression)."""

    weights: Mapping[str, Mapping[str, float]]

    @cached_property
    def _numbers(self) -> dict[str, int]:
        """Row of each sign in the table."""
        signs = dict.fromkeys(sign for weights in self.weights.values() for sign in weights)
        return {sign: number for number, sign in enumerate(signs)}

    @cached_property
    def _table(self) -> NDArray[np.float64]:
        """The weights: signs x labels."""
        columns = [[weights.get(sign, 0.0) for sign in self._numbers] for weights in self.weights.values()]
        return np.array(columns, dtype=np.float64).T.copy()

    @cached_property
    def _biases(self) -> NDArray[np.float64]:
        return np.array([weights.get(BIAS, 0.0) for weights in self.weights.values()])

    def scores(self, signs: Iterable[str]) -> dict[str, float]:
        """For each label the sum of the weights of the signs, its bias included."""
        if not self.weights:
            return {}
        known = [number for sign in signs if (number := self._numbers.get(sign)) is not None]
        return dict(zip(self.weights, (self._biases + self._table[known].sum(axis=0)).tolist(), strict=True))

    def score(self, label: str, signs: Iterable[str]) -> float:
        """The score of a label; 0 of one that the model does not know."""
        return self.scores(signs).get(label, 0.0)

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
