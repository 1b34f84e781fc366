"""An article in word pieces, as the encoder takes it, and what it sees in them."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer
from tokenizers.implementations.bert_wordpiece import BertWordPieceTokenizer

from evpact.errors import ReferenceDataError

PIECES: Final = "encoder_pieces.txt"
"""File of the word pieces, one a line."""

Piece = tuple[int, int, int]
"""Number of a word piece, offset of its first character, offset behind its last."""

NAME_OUTPUTS: Final = ("outside", "begins", "inside")
"""What the encoder says of a word piece: that it begins an organisation's name, goes on with one, or neither."""

_CHUNK: Final = 460
_TITLE: Final = 48
"""Most pieces of a passage, and of the title before it: together they fill the encoder's 512 positions."""
_CLS: Final = 101
_SEP: Final = 102
_UNLIKELY: Final = 1e-4
"""Probability beyond which nothing is said of a name."""


def read_pieces(path: Path) -> Tokenizer:
    """The tokenizer of a list of word pieces (WordPiece, lower case, as BERT has it).

    Raises:
        ReferenceDataError: The list is missing or unreadable.
    """
    if not path.is_file():
        raise ReferenceDataError(f"{path} is missing. Restore it from the repository.")
    tokenizer: Tokenizer = BertWordPieceTokenizer(str(path), lowercase=True)._tokenizer
    return tokenizer


def pieces_of(tokenizer: Tokenizer, text: str) -> list[Piece]:
    """The word pieces of a text, in their order."""
    encoded = tokenizer.encode(text, add_special_tokens=False)
    return [(number, start, end) for number, (start, end) in zip(encoded.ids, encoded.offsets, strict=True)]


def passages_of(pieces: Sequence[Piece], starts: Sequence[int]) -> list[list[Piece]]:
    """Word pieces in passages of whole sentences, each as long as the encoder can take.

    Args:
        pieces: Word pieces of the text, in their order.
        starts: Where its sentences begin.
    """
    sentences: dict[int, list[Piece]] = defaultdict(list)
    for piece in pieces:
        sentences[bisect_right(starts, piece[1])].append(piece)
    whole = [sentence[:_CHUNK] for _, sentence in sorted(sentences.items())]
    length = sum(map(len, whole))
    # Two passages of about equal length tell each other's border more than a long and a short one.
    most = _CHUNK if length > 2 * _CHUNK or length <= _CHUNK else max(length // 2, *map(len, whole))
    made: list[list[Piece]] = [[]]
    for sentence in whole:
        if made[-1] and len(made[-1]) + len(sentence) > (most if len(made) == 1 else _CHUNK):
            made.append([])
        made[-1] += sentence
    return [passage for passage in made if passage]


def title_of(pieces: Sequence[Piece]) -> list[int]:
    """What of a headline goes before each passage."""
    return [number for number, _, _ in pieces[:_TITLE]]


def framed(title: Sequence[int], passage: Sequence[Piece]) -> list[int]:
    """A passage as the transformer takes it: behind the headline, which tells what the article is about."""
    return [_CLS, *title, _SEP, *(number for number, _, _ in passage), _SEP]


@dataclass(frozen=True)
class Seen:
    """An article as the transformer sees it.

    Attributes:
        passages: Its word pieces.
        vectors: A vector for each piece of each passage.
        names: Probabilities of `NAME_OUTPUTS` for each piece, passages in one.
    """

    passages: Sequence[Sequence[Piece]]
    vectors: Sequence[NDArray[np.float32]]
    names: NDArray[np.float64]

    @cached_property
    def _pieces(self) -> list[Piece]:
        return [piece for passage in self.passages for piece in passage]

    @cached_property
    def _starts(self) -> list[int]:
        return [start for _, start, _ in self._pieces]

    def name_spans(self) -> Iterator[tuple[int, int]]:
        """Offsets of what the transformer takes for names of organisations, by the likeliest output of each piece."""
        _, begins, inside = range(len(NAME_OUTPUTS))
        likeliest = self.names.argmax(axis=1).tolist()
        for first in (number for number, output in enumerate(likeliest) if output == begins):
            last = first
            while last + 1 < len(likeliest) and likeliest[last + 1] == inside:
                last += 1
            yield self._pieces[first][1], self._pieces[last][2]

    def name_score(self, start: int, end: int) -> float | None:
        """Log odds that a stretch of the text is, whole and no more, the name of an organisation; None if unseen."""
        first, last = (bisect_left(self._starts, offset) for offset in (start, end))
        if first == last or self._starts[first] != start:
            return None
        within = [self.names[first, 1], *self.names[first + 1 : last, 2]]
        goes_on = self.names[last, 2] if last < len(self.names) else 0.0
        probability = float(np.clip(min(within) * (1 - goes_on), _UNLIKELY, 1 - _UNLIKELY))
        return math.log(probability / (1 - probability))
