"""Which dates, places and figures of an article belong to which of its events, as the encoder is asked about it.

A date stands in the sentence that tells an event, or near it; a place may stand anywhere. Asked is of every event, as
one sentence tells it, and every date, place or figure within its reach, whether they belong together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from evpact.vocabulary import EVENT_TYPE, STATUS
from tasks.extraction.parties import Party, Understood
from tasks.extraction.pieces import Piece
from tasks.extraction.scene import Scene, Stretch

DATE: Final = "date"
PLACE: Final = "place"
FIGURE: Final = "figure"
DETAILS: Final = (DATE, PLACE, FIGURE)
"""What may belong to an event, in the order in which the encoder numbers it."""
TYPES: Final = tuple(EVENT_TYPE)
STATUSES: Final = (*STATUS, None)
"""Types and statuses in the order in which the encoder numbers them; the last says that it is unknown."""

_REACH: Final[dict[str, int]] = {DATE: 2, FIGURE: 2, PLACE: 10_000}
"""Sentences from the one that tells an event to what may belong to it."""
_FAR: Final = 3
FACTS: Final = 12
"""Numbers that say how an event and what may belong to it stand to each other."""
_FARTHEST: Final = 40
"""Pieces beyond which a distance is not told from a longer one."""


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


def details_of(article: Understood) -> list[Detail]:
    """The dates, places and figures of an article that may belong to an event."""
    dates = [Detail(DATE, d.start, d.end) for d in article.dates if d.kind != "dateline"]
    places = [Detail(PLACE, p.start, p.end) for p in article.places]
    figures = [Detail(FIGURE, f.start, f.end) for f in article.figures if not (f.comparison or f.conversion)]
    return [*dates, *places, *figures]


@dataclass(frozen=True)
class Belonging:
    """Events and details of an article in the numbers that the encoder takes.

    Attributes:
        links: What is asked about: numbers of an event and of a detail.
        arrays: The inputs of the model beside the vectors. `within` and `spans` are those of `scene.Question`;
            `event_rows` has for each event the row of its sentence and of the vector of its parties, `event_words` its
            type and status; `detail_rows` for each detail the row of its sentence and of its vector, `detail_kinds`
            what it is; `link_rows` and `link_facts` for each link which event and detail it joins, and how they stand.
    """

    links: tuple[tuple[int, int], ...]
    arrays: dict[str, NDArray[Any]]


def belonging_of(
    scene: Scene, passages: Sequence[Sequence[Piece]], events: Sequence[Told], details: Sequence[Detail]
) -> Belonging | None:
    """What the encoder is asked about events and details of an article; None if there is nothing to ask.

    Args:
        scene: Who is named where.
        passages: Word pieces of the text, as `pieces.passages_of` makes them.
        events: The events.
        details: What may belong to them.
    """
    stretch = Stretch(scene, passages)
    own = [_detail(stretch, n, detail) for n, detail in enumerate(details)]
    seen = [(n, e) for n, e in enumerate(events) if e.sentence in stretch.sentences]
    asked = [_event(stretch, scene, event) for _, event in seen]
    links, rows, facts = [], [], []
    numbers = {n: row for row, n in enumerate(n for n, found in enumerate(own) if found is not None)}
    alone = _alone(details, own)
    for row, ((number, event), (_, spans)) in enumerate(zip(seen, asked, strict=True)):
        for n, found in enumerate(own):
            if found is not None and abs(found[0] - event.sentence) <= _REACH[details[n].kind]:
                links.append((number, n))
                rows.append((row, numbers[n]))
                facts.append(_facts(event, spans, found, alone=alone[n]))
    if not links:
        return None
    kept = [(detail, found) for detail, found in zip(details, own, strict=True) if found is not None]
    return Belonging(
        links=tuple(links),
        arrays={
            "within": stretch.within(),
            "spans": stretch.spans(),
            "event_rows": np.array([event_rows for event_rows, _ in asked], dtype=np.int64),
            "event_words": np.array([(TYPES.index(e.type), STATUSES.index(e.status)) for _, e in seen], dtype=np.int64),
            "detail_rows": np.array([(stretch.place(s), row) for _, (s, _, row) in kept], dtype=np.int64),
            "detail_kinds": np.array([DETAILS.index(detail.kind) for detail, _ in kept], dtype=np.int64),
            "link_rows": np.array(rows, dtype=np.int64),
            "link_facts": np.array(facts, dtype=np.float32),
        },
    )


_Span = tuple[int, int]


def _detail(stretch: Stretch, number: int, detail: Detail) -> tuple[int, _Span, int] | None:
    """Sentence, pieces and row of a detail."""
    span = stretch.span(detail.start, detail.end)
    row = stretch.row(("detail", number), [span] if span else [])
    return None if span is None or row is None else (stretch.numbered[span[0]][0], span, row)


def _event(stretch: Stretch, scene: Scene, event: Told) -> tuple[tuple[int, int], list[_Span]]:
    """Rows of an event, and where its sentence names those who take part: failing that, the whole sentence."""
    start, end = scene.sentences[event.sentence]
    extents = [
        (first, last)
        for party in event.parties
        for first, last in (
            [(s, e) for code, s, e in scene.nations if code == party]
            if isinstance(party, str)
            else [(s, e) for s, e, _ in scene.people[party].mentions]
        )
        if start <= first < end
    ]
    spans = [span for first, last in extents if (span := stretch.span(first, last))]
    whole = stretch.span(start, end)
    row = stretch.row((event.sentence, *sorted(map(str, event.parties))), spans or ([whole] if whole else []))
    assert row is not None, "a sentence that is seen has pieces"
    return (stretch.place(event.sentence), row), spans


def _alone(details: Sequence[Detail], own: Sequence[tuple[int, _Span, int] | None]) -> list[bool]:
    """Whether each detail is the only one of its kind in its sentence."""
    keys = [None if found is None else (detail.kind, found[0]) for detail, found in zip(details, own, strict=True)]
    return [keys.count(key) == 1 for key in keys]


def _facts(event: Told, spans: Sequence[_Span], found: tuple[int, _Span, int], *, alone: bool) -> list[float]:
    sentence, (start, end), _ = found
    gap = sentence - event.sentence
    apart = min((max(s - end, start - e, 0) for s, e in spans), default=_FARTHEST)
    behind = any(e <= start for _, e in spans)
    return [
        *(float(gap == step) for step in range(-2, 3)),
        float(gap <= -_FAR),
        float(gap >= _FAR),
        float(alone),
        float(behind),
        min(apart, _FARTHEST) / _FARTHEST,
        float(bool(spans)),
        float(len(event.parties) > 1),
    ]
