"""Which dates, places and figures of an article belong to which of its events, as the encoder is asked about it.

A date stands in the sentence that tells an event, or near it; a place may stand anywhere. Asked is of every event, as
one sentence tells it, and every date, place or figure within its reach, whether they belong together.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from evpact.vocabulary import EVENT_TYPE, STATUS
from tasks.extraction.dates import FoundDate
from tasks.extraction.parties import Party, Understood
from tasks.extraction.pieces import Piece
from tasks.extraction.places import FoundPlace
from tasks.extraction.quantities import Figure
from tasks.extraction.scene import Scene, Stretch, stretches_of

DATE: Final = "date"
PLACE: Final = "place"
FIGURE: Final = "figure"
DETAILS: Final = (DATE, PLACE, FIGURE)
"""What may belong to an event, in the order in which the encoder numbers it."""
TYPES: Final = tuple(EVENT_TYPE)
STATUSES: Final = (*STATUS, None)
"""Types and statuses in the order in which the encoder numbers them; the last says that it is unknown."""

_REACH: Final = {DATE: 2, FIGURE: 2}
"""Sentences from the one that tells an event to what may belong to it; a place may stand anywhere in the stretch."""
_FAR: Final = 3
"""Sentences from which all distances are one."""
_FARTHEST: Final = 40
"""Pieces from which all distances within a sentence are one."""
_MOST_EVENTS: Final = 100
_MOST_DETAILS: Final = 200
"""Events and details of a stretch beyond which nothing is asked, in the order of the text."""
LINK_FACTS: Final = 12
"""Numbers that say how an event and what may belong to it stand to each other."""

Found = FoundDate | FoundPlace | Figure
_KINDS: Final[Mapping[type[Found], str]] = {FoundDate: DATE, FoundPlace: PLACE, Figure: FIGURE}
_Span = tuple[int, int]


@dataclass(frozen=True)
class Told:
    """An event as one sentence tells it.

    Attributes:
        sentence: Number of the sentence.
        parties: Who takes part.
        type: A word of `vocabulary.EVENT_TYPE`.
        status: A word of `vocabulary.STATUS`, or None if unknown.
    """

    sentence: int
    parties: tuple[Party, ...]
    type: str
    status: str | None


@dataclass(frozen=True)
class Detail:
    """A date, a place or a figure of an article.

    Attributes:
        kind: One of `DETAILS`.
        start: Offset of its first character.
        end: Offset behind its last character.
    """

    kind: str
    start: int
    end: int


def detail_of(found: Found) -> Detail:
    """What was found in an article, as a detail."""
    return Detail(_KINDS[type(found)], found.start, found.end)


def details_of(article: Understood) -> dict[Detail, Found]:
    """The dates, places and figures of an article that may belong to an event, each kind in the order of the text."""
    dates = (d for d in article.dates if d.kind != "dateline")
    figures = (f for f in article.figures if not (f.comparison or f.conversion))
    every: list[Found] = [*dates, *article.places, *figures]
    return {detail_of(found): found for found in every}


@dataclass(frozen=True)
class Belonging:
    """Events and details of a stretch in the numbers that the encoder takes.

    Attributes:
        links: What is asked about: numbers of an event and of a detail. There may be none.
        arrays: The inputs of the model beside the vectors. `within` and `spans` are those of `scene.Question`;
            `event_rows` has for each event the row of its sentence and of the vector of its parties, `event_words` its
            type and status; `detail_rows` for each detail the row of its sentence and of its vector, `detail_kinds`
            what it is; `link_rows` and `link_facts` for each link which event and detail it joins, and how they stand.
    """

    links: tuple[tuple[int, int], ...]
    arrays: dict[str, NDArray[Any]]


def belongings_of(
    scene: Scene, passages: Sequence[Sequence[Piece]], events: Sequence[Told], details: Sequence[Detail]
) -> Iterator[Belonging]:
    """What the encoder is asked about events and details of an article, stretch by stretch.

    Args:
        scene: Who is named where.
        passages: Word pieces of the text, as `pieces.passages_of` makes them.
        events: The events.
        details: What may belong to them.
    """
    for own in stretches_of(passages):
        yield _asked(Stretch(scene, own), scene, events, details)


def _asked(stretch: Stretch, scene: Scene, events: Sequence[Told], details: Sequence[Detail]) -> Belonging:
    mentions = _mentions(stretch, scene)
    told = [(n, event, _named(event, mentions)) for n, event in enumerate(events) if event.sentence in stretch]
    told = told[:_MOST_EVENTS]
    placed = [(n, d, span) for n, d in enumerate(details) if (span := stretch.span(d.start, d.end))][:_MOST_DETAILS]
    sentences = [stretch.numbered[start][0] for _, _, (start, _) in placed]
    alone = Counter((detail.kind, s) for (_, detail, _), s in zip(placed, sentences, strict=True))
    links, rows, facts = [], [], []
    for row, (event_number, event, named) in enumerate(told):
        for other, ((number, detail, span), sentence) in enumerate(zip(placed, sentences, strict=True)):
            gap = sentence - event.sentence
            if detail.kind not in _REACH or abs(gap) <= _REACH[detail.kind]:
                links.append((event_number, number))
                rows.append((row, other))
                facts.append(_facts(event, named, span, gap, alone=alone[detail.kind, sentence] == 1))
    event_rows = [
        (stretch.place(e.sentence), stretch.row((n, e), named or [stretch.whole(e.sentence)])) for n, e, named in told
    ]
    detail_rows = [
        (stretch.place(s), stretch.row((d,), [span])) for (_, d, span), s in zip(placed, sentences, strict=True)
    ]
    return Belonging(
        links=tuple(links),
        arrays={
            "within": stretch.within(),
            "spans": stretch.spans(),
            "event_rows": np.array(event_rows, dtype=np.int64),
            "event_words": np.array(
                [(TYPES.index(e.type), STATUSES.index(e.status)) for _, e, _ in told], dtype=np.int64
            ),
            "detail_rows": np.array(detail_rows, dtype=np.int64),
            "detail_kinds": np.array([DETAILS.index(d.kind) for _, d, _ in placed], dtype=np.int64),
            "link_rows": np.array(rows, dtype=np.int64),
            "link_facts": np.array(facts, dtype=np.float32),
        },
    )


def _mentions(stretch: Stretch, scene: Scene) -> dict[tuple[int, Party], list[_Span]]:
    """Pieces that name each party, by sentence and party."""
    found = defaultdict[tuple[int, Party], list[_Span]](list)
    everybody: list[tuple[Party, int, int]] = [(code, start, end) for code, start, end in scene.nations]
    everybody += [(n, start, end) for n, who in enumerate(scene.people) for start, end, _ in who.mentions]
    for party, start, end in everybody:
        if (span := stretch.span(start, end)) is not None:
            found[stretch.numbered[span[0]][0], party].append(span)
    return found


def _named(event: Told, mentions: Mapping[tuple[int, Party], list[_Span]]) -> list[_Span]:
    """Where the sentence of an event names those who take part."""
    return [span for party in event.parties for span in mentions.get((event.sentence, party), ())]


def _facts(event: Told, named: Sequence[_Span], detail: _Span, gap: int, *, alone: bool) -> list[float]:
    """How an event and a detail stand to each other.

    Args:
        event: The event.
        named: Where its sentence names its parties.
        detail: The pieces of the detail.
        gap: Sentences from the event to the detail.
        alone: Whether the detail is the only one of its kind in its sentence.
    """
    start, end = detail
    apart = min((max(s - end, start - e, 0) for s, e in named), default=_FARTHEST)
    return [
        *(float(gap == step) for step in range(-2, 3)),
        float(gap <= -_FAR),
        float(gap >= _FAR),
        float(alone),
        float(any(e <= start for _, e in named)),
        min(apart, _FARTHEST) / _FARTHEST,
        float(bool(named)),
        float(len(event.parties) > 1),
    ]
