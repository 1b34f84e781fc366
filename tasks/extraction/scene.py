"""An article as the encoder is asked about it: its word pieces, who is named where, and what may be told of whom.

Asked is, for every sentence and every two of whom it names at least one, whether it tells a deal between them, and for
every sentence and everybody whom it names, which other events of his it tells. The other one of a deal may be named
anywhere in the article: deals are often told without naming both sides in one sentence. Of every figure is asked
whether it measures an event, and what of it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations
from operator import itemgetter
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from tasks.extraction.parties import Party, Reader, Understood
from tasks.extraction.pieces import Piece

T = TypeVar("T")

KINDS: Final = (
    "automaker", "battery", "charging", "supplier", "materials", "technology", "investor", "government",
    "association", "other", "group", "state", "energy", "company", "university",
)  # fmt: skip
"""What somebody is, in the order in which the encoder numbers it; whatever else he is comes last."""

_CHUNKS: Final = 4
"""Passages that are asked about together; of a longer article each such stretch is asked about by itself."""
_MOST_TOGETHER: Final = 25
_MOST_COMPANIES: Final = 40
"""Whom a sentence names, and companies of a stretch, beyond which nobody is asked about, the most mentioned first."""
_MOST_MENTIONS: Final = 5
_LEAD: Final = 2
FACTS: Final = 8
"""Numbers that say where somebody stands."""


@dataclass(frozen=True)
class Somebody:
    """Who may be told of.

    Attributes:
        kind: A word of `vocabulary.ORGANIZATION_KIND`.
        mentions: Offsets of what stands for him, and whether it only says where or whence.
        observer: He reports or comments.
        names: What he is called; for training.
    """

    kind: str
    mentions: tuple[tuple[int, int, bool], ...]
    observer: bool
    names: tuple[str, ...]

    @property
    def is_company(self) -> bool:
        """Whether he may be the unnamed side of a deal."""
        acts = any(not locative for _, _, locative in self.mentions)
        return acts and not self.observer and self.kind not in {"government", "group"}


@dataclass(frozen=True)
class Scene:
    """Who is named where in an article.

    Attributes:
        title: The headline.
        text: The article.
        sentences: Offsets of its sentences.
        telling: Numbers of the sentences that can state anything.
        people: Everybody, by the number of his entity.
        nations: Codes of countries that adjectives name, with the offsets of these.
        present: For each sentence whom a word of it stands for, also where it is "the pair" or "both".
        kin: Every two of one house, the lower number first.
        figures: Offsets of the figures.
    """

    title: str
    text: str
    sentences: tuple[tuple[int, int], ...]
    telling: frozenset[int]
    people: tuple[Somebody, ...]
    nations: tuple[tuple[str, int, int], ...]
    present: tuple[frozenset[int], ...]
    kin: frozenset[tuple[int, int]]
    figures: tuple[tuple[int, int], ...]


def scene_of(article: Understood, may_tell: Callable[[int], bool]) -> Scene:
    """Who is named where in an article that is understood word by word.

    Args:
        article: The article.
        may_tell: Whether a sentence, by its number, can state anything.
    """
    nations: list[tuple[str, int, int]] = []
    present: list[frozenset[int]] = []
    for number, sentence in enumerate(article.sentences):
        reader = Reader(article, number)
        present.append(frozenset(e.id for _, entities in reader.present() for e in entities))
        for token in reader.words:
            code = reader.nation_at(token)
            if code is not None and not reader.entities_at(token, by_place=True):
                nations.append((code, *sentence.span(token)))
    return Scene(
        title=article.title,
        text=article.text,
        sentences=tuple((s.start, s.end) for s in article.sentences),
        telling=frozenset(n for n in range(len(article.sentences)) if may_tell(n)),
        people=tuple(
            Somebody(e.kind, tuple((m.start, m.end, m.locative) for m in e.mentions), e.observer, (e.name, *e.aliases))
            for e in article.entities
        ),
        nations=tuple(nations),
        present=tuple(present),
        kin=frozenset((a.id, b.id) for a, b in combinations(article.entities, 2) if a.is_of_house_of(b)),
        figures=tuple((f.start, f.end) for f in article.figures),
    )


@dataclass(frozen=True)
class Question:
    """A stretch of an article in the numbers that the encoder takes.

    Attributes:
        passages: Word pieces of each passage.
        sentences: Number in the article of each sentence of the stretch.
        within: Which pieces belong to which sentence: sentences x pieces, 0 or 1.
        spans: What to average for each vector of somebody: vectors x pieces.
        pairs: The pairs that are asked about: sentence, one, other; one is named in the sentence.
        pair_rows: For each pair the row of its sentence in `within` and of four vectors in `spans`: the two as the
            sentence has them, the two as the stretch has them.
        pair_kinds: What the two are.
        pair_facts: Where they stand.
        tellings: Those of whom is asked what is told: sentence, party.
        telling_rows, telling_kinds, telling_facts: The same of each of these: sentence and two vectors.
        figures: The figures that are asked about, by their numbers in the article.
        figure_rows: For each its sentence and its vector.
        pieces: The pieces, those of the title left out.
    """

    passages: tuple[tuple[Piece, ...], ...]
    sentences: tuple[int, ...]
    within: NDArray[np.float32]
    spans: NDArray[np.float32]
    pairs: tuple[tuple[int, int, int], ...]
    pair_rows: NDArray[np.int64]
    pair_kinds: NDArray[np.int64]
    pair_facts: NDArray[np.float32]
    tellings: tuple[tuple[int, Party], ...]
    telling_rows: NDArray[np.int64]
    telling_kinds: NDArray[np.int64]
    telling_facts: NDArray[np.float32]
    figures: tuple[int, ...]
    figure_rows: NDArray[np.int64]
    pieces: tuple[Piece, ...] = field(repr=False)


def questions_of(scene: Scene, passages: Sequence[Sequence[Piece]]) -> Iterator[Question]:
    """What the encoder is asked about an article, stretch by stretch.

    Args:
        scene: Who is named where.
        passages: Word pieces of the text, as `passages_of` makes them.
    """
    for own in stretches_of(passages):
        yield _Asking(scene, own).question()


def stretches_of(passages: Sequence[T]) -> Iterator[Sequence[T]]:
    """Passages that are asked about together, or what there is of each passage."""
    for first in range(0, len(passages), _CHUNKS):
        yield passages[first : first + _CHUNKS]


class Stretch:
    """Word pieces of some passages, with the sentences they belong to and the vectors that are asked for.

    Attributes:
        numbered: The pieces, each with the number of its sentence.
        sentences: Numbers of the sentences.
    """

    def __init__(self, scene: Scene, passages: Sequence[Sequence[Piece]]) -> None:
        starts = [start for start, _ in scene.sentences]
        pieces = [piece for passage in passages for piece in passage]
        self.numbered = [(max(0, bisect_right(starts, piece[1]) - 1), piece) for piece in pieces]
        self.sentences = sorted({number for number, _ in self.numbered})
        self._starts = [piece[1] for _, piece in self.numbered]
        self._rows: dict[tuple[object, ...], int] = {}
        self._vectors: list[list[tuple[int, int]]] = []
        self._places = {number: row for row, number in enumerate(self.sentences)}

    def __contains__(self, sentence: int) -> bool:
        """Whether it has pieces of a sentence."""
        return sentence in self._places

    def whole(self, sentence: int) -> tuple[int, int]:
        """All pieces of a sentence that is there: the first, and the one behind the last."""
        first, last = (cut(self.numbered, sentence, key=itemgetter(0)) for cut in (bisect_left, bisect_right))
        return first, last

    def place(self, sentence: int) -> int:
        """Row of a sentence in `within`."""
        return self._places[sentence]

    def row(self, key: tuple[object, ...], spans: Sequence[tuple[int, int]]) -> int | None:
        """Row in `spans` of the mean of some pieces, which `key` names; None without pieces."""
        if not spans:
            return None
        if key not in self._rows:
            self._rows[key] = len(self._vectors)
            self._vectors.append(list(spans))
        return self._rows[key]

    def span(self, start: int, end: int) -> tuple[int, int] | None:
        """The pieces between two offsets: the first, and the one behind the last."""
        first = max(0, bisect_right(self._starts, start) - 1)
        while first < len(self.numbered) and self.numbered[first][1][2] <= start:
            first += 1
        if first == len(self.numbered) or self.numbered[first][1][1] >= end:
            return None
        last = first
        while last < len(self.numbered) and self._starts[last] < end:
            last += 1
        return first, last

    def within(self) -> NDArray[np.float32]:
        """Which pieces belong to which sentence: sentences x pieces, 0 or 1."""
        within = np.zeros((len(self.sentences), len(self.numbered)), dtype=np.float32)
        for column, (number, _) in enumerate(self.numbered):
            within[self._places[number], column] = 1
        return within

    def spans(self) -> NDArray[np.float32]:
        """What to average for each vector: vectors x pieces."""
        spans = np.zeros((len(self._vectors), len(self.numbered)), dtype=np.float32)
        for row, own in enumerate(self._vectors):
            length = sum(end - start for start, end in own)
            for start, end in own:
                spans[row, start:end] += 1 / length
        return spans


class _Asking:
    """Puts the questions about a stretch into numbers."""

    def __init__(self, scene: Scene, passages: Sequence[Sequence[Piece]]) -> None:
        self._scene = scene
        self._passages = passages
        self._stretch = Stretch(scene, passages)
        self._numbered, self._sentences = self._stretch.numbered, self._stretch.sentences
        self._place, self._row, self._span = self._stretch.place, self._stretch.row, self._stretch.span
        self._mentions = [
            [(*span, locative) for start, end, locative in who.mentions if (span := self._span(start, end))]
            for who in scene.people
        ]

    def question(self) -> Question:
        pairs = [(c, asked) for c in self._pairs() if (asked := self._pair(*c)) is not None]
        tellings = [(c, told) for c in self._tellings() if (told := self._telling(*c)) is not None]
        figures = [(n, rows) for n, own in enumerate(self._scene.figures) if (rows := self._figure(*own)) is not None]
        return Question(
            passages=tuple(tuple(passage) for passage in self._passages),
            sentences=tuple(self._sentences),
            within=self._stretch.within(),
            spans=self._stretch.spans(),
            pairs=tuple(pair for pair, _ in pairs),
            pair_rows=_numbers([row[0] for _, row in pairs], 5),
            pair_kinds=_numbers([row[1] for _, row in pairs], 2),
            pair_facts=_facts([row[2] for _, row in pairs]),
            tellings=tuple(telling for telling, _ in tellings),
            telling_rows=_numbers([row[0] for _, row in tellings], 3),
            telling_kinds=np.array([row[1] for _, row in tellings], dtype=np.int64),
            telling_facts=_facts([row[2] for _, row in tellings]),
            figures=tuple(number for number, _ in figures),
            figure_rows=_numbers([rows for _, rows in figures], 2),
            pieces=tuple(piece for _, piece in self._numbered),
        )

    @cached_property
    def _named(self) -> Mapping[int, tuple[list[int], set[int]]]:
        """Whom each sentence names as acting, and whom as a place."""
        acting: dict[int, set[int]] = defaultdict(set)
        places: dict[int, set[int]] = defaultdict(set)
        for number, (who, mentions) in enumerate(zip(self._scene.people, self._mentions, strict=True)):
            if not who.observer:
                for start, _, locative in mentions:
                    (places if locative else acting)[self._numbered[start][0]].add(number)
        for sentence in self._sentences:
            here = self._scene.present[sentence]
            acting[sentence] |= {i for i in here if not self._scene.people[i].observer and self._mentions[i]}
        return {s: (self._foremost(acting[s], _MOST_TOGETHER), places[s]) for s in self._sentences}

    @cached_property
    def _companies(self) -> list[int]:
        companies = {i for i, who in enumerate(self._scene.people) if who.is_company and self._mentions[i]}
        return self._foremost(companies, _MOST_COMPANIES)

    def _foremost(self, people: set[int], most: int) -> list[int]:
        return sorted(sorted(people, key=lambda i: (-len(self._mentions[i]), i))[:most])

    def _asked(self) -> Iterator[int]:
        return (number for number in self._sentences if number in self._scene.telling)

    def _pairs(self) -> Iterator[tuple[int, int, int]]:
        for sentence in self._asked():
            here = self._named[sentence][0]
            yield from ((sentence, *two) for two in combinations(here, 2) if two not in self._scene.kin)
            for one in here:
                if self._scene.people[one].kind != "government":
                    for other in self._companies:
                        if other not in here and (min(one, other), max(one, other)) not in self._scene.kin:
                            yield sentence, one, other

    def _tellings(self) -> Iterator[tuple[int, Party]]:
        for sentence in self._asked():
            here, places = self._named[sentence]
            yield from ((sentence, who) for who in sorted({*here, *places}))
            yield from (
                (sentence, code) for code in sorted({c for c, s, _ in self._scene.nations if self._is_in(s, sentence)})
            )
            if not here and len(self._scene.sentences) > 1:
                yield from ((sentence, who) for who in self._companies)

    def _pair(self, sentence: int, one: int, other: int) -> tuple[list[int], list[int], list[float]] | None:
        first, last = self._vector(sentence, one), self._vector(sentence, other)
        if first is None or last is None:
            return None
        rows = [self._place(sentence), first, last, self._vector_everywhere(one), self._vector_everywhere(other)]
        kinds = [_kind(self._scene.people[who].kind) for who in (one, other)]
        both, one_is_apart = other in self._named[sentence][0], self._gap(sentence, one) != 0
        return rows, kinds, self._facts(sentence, other, here=both, special=one_is_apart)

    def _telling(self, sentence: int, who: Party) -> tuple[list[int], int, list[float]] | None:
        here = self._vector(sentence, who)
        if here is None:
            return None
        if isinstance(who, str):
            return [self._place(sentence), here, here], _kind("state"), self._facts(sentence, who, special=True)
        named = who in {*self._named[sentence][0], *self._named[sentence][1]}
        rows = [self._place(sentence), here, self._vector_everywhere(who)]
        return rows, _kind(self._scene.people[who].kind), self._facts(sentence, who, here=named)

    def _facts(self, sentence: int, who: Party, *, here: bool = True, special: bool = False) -> list[float]:
        """Where somebody stands: in the sentence or how far before it, in the lead or not, and how often at all."""
        gap = 0 if isinstance(who, str) else self._gap(sentence, who)
        fame = 0.0 if isinstance(who, str) else min(len(self._mentions[who]), _MOST_MENTIONS) / _MOST_MENTIONS
        return [*map(float, (here, gap == 1, gap == 2, gap > 2, gap < 0, special, sentence < _LEAD)), fame]

    def _figure(self, start: int, end: int) -> list[int] | None:
        span = self._span(start, end)
        row = self._row(("figure", start, end), [span] if span else [])
        return None if span is None or row is None else [self._place(self._numbered[span[0]][0]), row]

    def _vector(self, sentence: int, who: Party) -> int | None:
        """Row of the vector of somebody as a sentence has him, or the nearest sentence before that names him."""
        if isinstance(who, str):
            own = [(s, e) for code, s, e in self._scene.nations if code == who and self._is_in(s, sentence)]
            return self._row((sentence, who), [span for s, e in own if (span := self._span(s, e))])
        inside = [(start, end) for start, end, _ in self._mentions[who] if self._numbered[start][0] == sentence]
        if inside:
            return self._row((sentence, who), inside)
        before = [m for m in self._mentions[who] if self._numbered[m[0]][0] < sentence]
        nearest = before[-1] if before else next(iter(self._mentions[who]), None)
        return None if nearest is None else self._row((sentence, who), [nearest[:2]])

    def _vector_everywhere(self, who: int) -> int:
        row = self._row(("everywhere", who), [(start, end) for start, end, _ in self._mentions[who]])
        assert row is not None, "whoever is asked about is mentioned"
        return row

    def _gap(self, sentence: int, who: int) -> int:
        """Sentences since somebody was named last; 0 in this one, -1 if he was not yet."""
        places = [self._numbered[start][0] for start, _, _ in self._mentions[who]]
        return 0 if sentence in places else min((sentence - p for p in places if p < sentence), default=-1)

    def _is_in(self, offset: int, sentence: int) -> bool:
        start, end = self._scene.sentences[sentence]
        return start <= offset < end


def _kind(kind: str) -> int:
    return KINDS.index(kind) if kind in KINDS else len(KINDS)


def _numbers(rows: Sequence[Sequence[int]], width: int) -> NDArray[np.int64]:
    return np.array(rows, dtype=np.int64).reshape(len(rows), width)


def _facts(rows: Sequence[Sequence[float]]) -> NDArray[np.float32]:
    return np.array(rows, dtype=np.float32).reshape(len(rows), FACTS)
