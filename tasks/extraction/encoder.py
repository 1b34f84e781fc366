"""A small trained encoder that reads an article as a whole: what each sentence tells of whom, over sentence borders.

The linear models judge a sentence by signs with names; they see little of the words around it. The encoder, a
transformer of six layers, sees all of them. It is trained beside the linear models on the same texts (`training/`),
and its word is added to theirs: see `Opinion`. It runs offline on one core, with its weights as whole numbers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from scipy.special import softmax

from evpact.errors import ReferenceDataError
from evpact.vocabulary import FACILITY_KIND, MEASURE, PARTNERSHIP_KIND, STATUS, TRADE_POLICY_KIND
from tasks.extraction.belonging import Detail, Told, belongings_of
from tasks.extraction.pairs import DEAL
from tasks.extraction.parties import Party
from tasks.extraction.pieces import (
    NAME_OUTPUTS,
    PIECES,
    Piece,
    Seen,
    framed,
    passages_of,
    pieces_of,
    read_pieces,
    title_of,
)
from tasks.extraction.scene import Question, Scene, questions_of, stretches_of
from tasks.extraction.tellings import AFFECTED, PRODUCTION, SITE, TARGET

ENCODER: Final = "encoder.onnx"
"""File of the transformer: word pieces in, a vector and the scores of `NAME_OUTPUTS` for each out."""
HEADS: Final = "encoder_heads.onnx"
"""File of what is made of the vectors: a `scene.Question` in, numbers of the outputs named below out."""
LINKS: Final = "encoder_links.onnx"
"""File of what says which details belong to which events: vectors and a `belonging.Belonging` in, log odds out."""
ROLES: Final = ("partner", "supplier", "customer", "investor", "target", "manufacturer", "host")
"""Roles in partnerships that the encoder tells apart."""

KIND_OF_DEAL: Final = tuple(PARTNERSHIP_KIND)
STATUS_OF: Final = tuple(STATUS)
ROLE_OF_ONE: Final = tuple(f"one is {role}" for role in ROLES)
ROLE_OF_OTHER: Final = tuple(f"other is {role}" for role in ROLES)
DEAL_OUTPUTS: Final = (DEAL, *KIND_OF_DEAL, *STATUS_OF, *ROLE_OF_ONE, *ROLE_OF_OTHER)
"""What the encoder says of a sentence and two of whom it names at least one, as log odds or unnormalised scores."""

EVENTS: Final = (SITE, "market", "trade_policy", "investment", "product")
KIND_OF_SITE: Final = tuple(FACILITY_KIND)
KIND_OF_POLICY: Final = tuple(TRADE_POLICY_KIND)
TOLD_OUTPUTS: Final = (*EVENTS, PRODUCTION, AFFECTED, TARGET, *KIND_OF_SITE, *KIND_OF_POLICY, *STATUS_OF)
"""What the encoder says of a sentence and somebody."""

REPORTED: Final = "reported"
MEASURES: Final = tuple(MEASURE)
FIGURE_OUTPUTS: Final = (REPORTED, *MEASURES)
"""What the encoder says of a figure: whether it measures an event, and what of it."""


@dataclass(frozen=True)
class Opinion:
    """What the encoder says of one question: a number for each of its outputs."""

    outputs: Sequence[str]
    numbers: NDArray[np.float32]

    def score(self, output: str) -> float:
        """Log odds of an output."""
        return float(self.numbers[self.outputs.index(output)])

    def likelihoods(self, among: Sequence[str]) -> dict[str, float]:
        """Logarithms of the probabilities of labels of which one holds; `among` names all of them, side by side."""
        first = self.outputs.index(among[0])
        own = self.numbers[first : first + len(among)].astype(np.float64)
        own = own - own.max()
        return dict(zip(among, (own - np.log(np.exp(own).sum())).tolist(), strict=True))


@dataclass(frozen=True)
class Opinions:
    """What the encoder says of an article.

    Attributes:
        deals: By sentence and the two; the first of them is named in the sentence.
        unnamed: Those of whom an opinion on a deal with somebody is there though the sentence does not name them, by
            sentence and somebody.
        told: By sentence and whom it may tell of.
        figures: By the number of the figure.
    """

    deals: Mapping[tuple[int, int, int], Opinion]
    unnamed: Mapping[tuple[int, int], Sequence[int]]
    told: Mapping[tuple[int, Party], Opinion]
    figures: Mapping[int, Opinion]

    def of_deal(self, sentence: int, one: Party, other: Party) -> Opinion | None:
        """The opinion of a sentence and two, in whichever order they were asked about."""
        if isinstance(one, str) or isinstance(other, str):
            return None
        return self.deals.get((sentence, one, other)) or self.deals.get((sentence, other, one))

    def distant(self, sentence: int, one: Party) -> Iterator[tuple[int, Opinion]]:
        """Everybody with whom a sentence may tell a deal of somebody though it does not name him."""
        if not isinstance(one, str):
            for other in self.unnamed.get((sentence, one), ()):
                yield other, self.deals[sentence, one, other]


class Encoder:
    """The encoder with its word pieces, read from a folder of reference tables."""

    def __init__(self, folder: Path) -> None:
        """Load the model.

        Raises:
            ReferenceDataError: A file is missing or no model.
        """
        self._encoder = _session(folder / ENCODER)
        self._heads = _session(folder / HEADS)
        self._links = _session(folder / LINKS)
        self._tokenizer = read_pieces(folder / PIECES)

    def see(self, title: str, text: str, starts: Sequence[int]) -> Seen:
        """Read an article; `starts` says where its sentences begin."""
        heading = title_of(self.pieces(title))
        passages = passages_of(self.pieces(text), starts)
        vectors, names = [], [np.zeros((0, len(NAME_OUTPUTS)))]
        for passage in passages:
            numbers = np.array([framed(heading, passage)], dtype=np.int64)
            found = [each[0, len(heading) + 2 : -1] for each in self._encoder.run(None, {"pieces": numbers})]
            vectors.append(found[0])
            names.append(softmax(found[1].astype(np.float64), axis=1))
        return Seen(passages, vectors, np.concatenate(names))

    def judge(self, scene: Scene, seen: Seen) -> Opinions:
        """What the encoder says of an article that it has seen."""
        deals: dict[tuple[int, int, int], Opinion] = {}
        unnamed: dict[tuple[int, int], list[int]] = defaultdict(list)
        told: dict[tuple[int, Party], Opinion] = {}
        figures: dict[int, Opinion] = {}
        for vectors, question in zip(stretches_of(seen.vectors), questions_of(scene, seen.passages), strict=True):
            if not question.pairs and not question.tellings:
                continue
            of_deals, of_told, of_figures = self._answer(question, np.concatenate(vectors))
            deals |= {key: Opinion(DEAL_OUTPUTS, row) for key, row in zip(question.pairs, of_deals, strict=True)}
            figures |= {n: Opinion(FIGURE_OUTPUTS, row) for n, row in zip(question.figures, of_figures, strict=True)}
            for (sentence, one, other), named in zip(question.pairs, question.pair_facts[:, 0], strict=True):
                if not named:
                    unnamed[sentence, one].append(other)
            told |= {key: Opinion(TOLD_OUTPUTS, row) for key, row in zip(question.tellings, of_told, strict=True)}
        return Opinions(deals, unnamed, told, figures)

    def belong(
        self, scene: Scene, seen: Seen, events: Sequence[Told], details: Sequence[Detail]
    ) -> list[dict[Detail, float]]:
        """For each event the log odds that each detail within its reach belongs to it."""
        found: list[dict[Detail, float]] = [{} for _ in events]
        belongings = belongings_of(scene, seen.passages, events, details)
        for vectors, asked in zip(stretches_of(seen.vectors), belongings, strict=True):
            if asked.links:
                (odds,) = self._links.run(None, {"vectors": np.concatenate(vectors), **asked.arrays})
                for (event, detail), each in zip(asked.links, odds.tolist(), strict=True):
                    found[event][details[detail]] = each
        return found

    def pieces(self, text: str) -> list[Piece]:
        """The word pieces of a text."""
        return pieces_of(self._tokenizer, text)

    def _answer(self, question: Question, vectors: NDArray[np.float32]) -> Iterator[NDArray[np.float32]]:
        asked = {name: _at_least_one(value) for name, value in arrays_of(question).items()}
        answers = self._heads.run(None, {"vectors": vectors, **asked})
        for asked_about, answer in zip((question.pairs, question.tellings, question.figures), answers, strict=True):
            yield answer[: len(asked_about)]


def arrays_of(question: Question) -> dict[str, NDArray[Any]]:
    """The inputs of `HEADS` beside the vectors."""
    return {
        "within": question.within,
        "spans": question.spans,
        "pair_rows": question.pair_rows,
        "pair_kinds": question.pair_kinds,
        "pair_facts": question.pair_facts,
        "telling_rows": question.telling_rows,
        "telling_kinds": question.telling_kinds,
        "telling_facts": question.telling_facts,
        "figure_rows": question.figure_rows,
    }


def _session(path: Path) -> onnxruntime.InferenceSession:
    if not path.is_file():
        raise ReferenceDataError(f"{path} is missing. Restore it from the repository.")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1  # articles are what runs in parallel
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime has no public class for what it raises
        raise ReferenceDataError(f"{path} is no model that onnxruntime reads: {error}") from error


def _at_least_one(rows: NDArray[Any]) -> NDArray[Any]:
    """An array with a row, where it has none: models do not take empty ones."""
    return rows if len(rows) else np.zeros((1, *rows.shape[1:]), dtype=rows.dtype)
