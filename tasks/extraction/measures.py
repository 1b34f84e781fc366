"""What a figure measures: the nearest cue in its sentence decides.

A sum is an investment beside "invest" and a price beside "contract"; a percentage is a stake beside "own", a tariff
beside "duty". The cues are data (`measures.csv`), each for the figures of one dimension and with an example sentence.
Of several cues in a sentence that one decides which is nearest to the figure in the tree of the sentence's syntax,
words in between counting a little: "a share of 16.4%, a gain of 27.7%".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

import polars as pl
from spacy.tokens import Span, Token

from tasks.extraction.spans import sentence_of

Words = tuple[str, ...]

_REACH: Final = 5.0
"""Cost beyond which a cue speaks of something else."""
_WORD_COST: Final = 0.12
_ADVERB_REACH: Final = 4
"""Tokens within which "up", "more", "less" and the like speak of a figure."""
_ADVERBIAL: Final = {"ADV", "ADJ", "ADP", "PRT", "PART", "SCONJ"}


@dataclass(frozen=True, slots=True)
class Cue:
    """A word or phrase that tells what a figure of some dimension measures; `sign` is -1 for a fall or a cut."""

    measure: str
    sign: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """A cue found near a figure; the lower the cost, the nearer."""

    cue: Cue
    cost: float


class MeasureCues:
    """The cues of `measures.csv`, by dimension and first word."""

    def __init__(self, cues: Mapping[str, Mapping[str, Sequence[tuple[Words, Cue]]]]) -> None:
        """Keep the cues: for every dimension and first word the cues that begin with it, the longest first."""
        self._cues = cues

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a table with the columns `cue`, `measure`, `dimension`, `sign` (`+`, `-` or empty) and `example`."""
        cues: dict[str, dict[str, list[tuple[Words, Cue]]]] = {}
        for row in pl.read_csv(path).iter_rows(named=True):
            words = tuple(re.findall(r"\w+|-", row["cue"].casefold()))
            beginning = cues.setdefault(row["dimension"], {}).setdefault(words[0], [])
            beginning.append((words, Cue(row["measure"], -1 if row["sign"] == "-" else 1)))
            beginning.sort(key=lambda each: -len(each[0]))
        return cls(cues)

    def around(self, figure: Span, dimension: str) -> list[Evidence]:
        """The cues of that dimension within reach of a figure in its sentence, the nearest first.

        Args:
            figure: The figure with the words that bound it; what lies within is no cue.
            dimension: `money`, `share`, `jobs`, `length` or `amount` (of what is made and sold).
        """
        found = [
            Evidence(cue, _cost(figure, words.root))
            for words, cue in self._in(sentence_of(figure), dimension)
            if _speaks(figure, words)
        ]
        return sorted((each for each in found if each.cost <= _REACH), key=lambda each: each.cost)

    def within(self, figure: Span, dimension: str) -> bool:
        """Whether a figure's own words are a cue of that dimension, as in "300 workers"."""
        return next(self._in(figure, dimension), None) is not None

    def _in(self, stretch: Span, dimension: str) -> Iterator[tuple[Span, Cue]]:
        beginnings = self._cues.get(dimension, {})
        forms = [_forms(token) for token in stretch]
        for i, first in enumerate(forms):
            for words, cue in (each for form in sorted(first, key=_fullest) for each in beginnings.get(form, ())):
                if len(words) <= len(forms) - i and all(word in forms[i + k] for k, word in enumerate(words)):
                    yield stretch[i : i + len(words)], cue
                    break


def _forms(token: Token) -> set[str]:
    """The word, its lemma, and what regular endings leave, since the lemmatiser errs ("installed" becomes "instal")."""
    word = token.lower_
    return {word, token.lemma_.casefold(), word.removesuffix("ed"), word.removesuffix("ing"), word.removesuffix("s")}


def _fullest(form: str) -> tuple[int, str]:
    """Order of the forms of a word: "sales" before "sale", which is something else."""
    return -len(form), form


def _speaks(figure: Span, words: Span) -> bool:
    """Whether a cue may speak of the figure: an adverb or adjective only from close by, a mere particle never."""
    first, doc = words[0], words.doc
    inside = figure.start < words.end and words.start < figure.end
    within_word = first.i > 0 and first.nbor(-1).text == "-"
    if inside or within_word or words.root.dep_ == "prt" or _opens_basis(words):
        return False
    if ";" in doc[min(words.start, figure.start) : max(words.end, figure.end)].text:
        return False
    return words.root.pos_ not in _ADVERBIAL or _distance(figure, words.root) <= _ADVERB_REACH


def _opens_basis(words: Span) -> bool:
    """Whether it leads to another figure, the basis of a comparison: "17 percent, down from 17.4 percent"."""
    following = words.doc[words.end].lower_ if words.end < len(words.doc) else ""
    return words.text.casefold() in ("up", "down") and following == "from"


def _distance(figure: Span, token: Token) -> int:
    return max(figure.start - token.i, token.i - figure.end + 1)


def _cost(figure: Span, token: Token) -> float:
    """Steps between figure and token in the syntax tree, and a little for each word between them."""
    up = {figure.root: 0}
    for steps, ancestor in enumerate(figure.root.ancestors, 1):
        up[ancestor] = steps
    steps, node = 0, token
    while node not in up and node.head is not node:
        node, steps = node.head, steps + 1
    return up.get(node, len(up)) + steps + _WORD_COST * _distance(figure, token)
