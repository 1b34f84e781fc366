"""An event in the making."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from tasks.extraction.belonging import Detail
from tasks.extraction.dates import FoundDate
from tasks.extraction.frames import Frame
from tasks.extraction.parties import Party
from tasks.extraction.places import FoundPlace
from tasks.extraction.quantities import Figure
from tasks.extraction.tokens import Token


@dataclass(frozen=True)
class Draft:
    """What one frame in one sentence tells.

    Attributes:
        type: A word of `vocabulary.EVENT_TYPE`.
        kind: Kind of its type, or None.
        status: A word of `vocabulary.STATUS`.
        explicit: Whether words of the text say the status, rather than the frame.
        parties: Role by party.
        sentence: Number of its sentence.
        trigger: Word of the sentence that it hangs on.
        frame: The frame that it was read from.
        product: Name of the product, as written.
        figures: What is measured of it.
        dates: When, with the role of each date.
        reported: When it was told, which stands for an event without dates.
        places: Where.
        attribution: A word of `vocabulary.ATTRIBUTION`.
        inferred: Whether who takes part comes from the sentences before.
        another: Whether it is set apart from those told before ("a second order").
        resumed: Whether its sentence tells of something that is done again.
        probability: How likely the models find it; None where they have no say.
        kinds: How likely the models find each kind of a partnership; empty where they have no say.
        statuses: How likely they find each status of it; likewise.
        belonging: Log odds that each date, place and figure within its reach belongs to it.
    """

    type: str
    kind: str | None
    status: str
    explicit: bool
    parties: Mapping[Party, str]
    sentence: int
    trigger: Token
    frame: Frame
    product: str | None = None
    figures: tuple[Figure, ...] = ()
    dates: tuple[tuple[FoundDate, str], ...] = ()
    reported: tuple[tuple[FoundDate, str], ...] = ()
    places: tuple[FoundPlace, ...] = ()
    attribution: str = "stated"
    inferred: bool = False
    another: bool = False
    resumed: bool = False
    probability: float | None = None
    kinds: Mapping[str, float] = field(default_factory=dict)
    statuses: Mapping[str, float] = field(default_factory=dict)
    belonging: Mapping[Detail, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Drafts:
    """What an article tells.

    Attributes:
        told: What frames tell, and what only the models see, in the order of the text.
        doubtful: Deals of two that are possible, but too unlikely to be told; some of them are told as well.
    """

    told: Sequence[Draft]
    doubtful: Sequence[Draft]


@dataclass(frozen=True)
class Half:
    """A frame whose word stands in a sentence without all that it needs: "they are built by Magna", for whom?

    Attributes:
        frame: The frame.
        roles: Role by party, as far as the sentence fills them.
    """

    frame: Frame
    roles: Mapping[Party, str]


@dataclass(frozen=True)
class Framed:
    """What frames see in an article.

    Attributes:
        drafts: What they tell, without its details.
        halves: Frames that lack something, by the number of their sentence.
    """

    drafts: Sequence[Draft]
    halves: Mapping[int, Sequence[Half]]


def deals_of(drafts: Iterable[Draft]) -> dict[frozenset[Party], Draft]:
    """Every two who take part in one partnership, with the first draft that tells of it."""
    deals: dict[frozenset[Party], Draft] = {}
    for draft in drafts:
        if draft.type == "partnership":
            for two in combinations(draft.parties, 2):
                deals.setdefault(frozenset(two), draft)
    return deals
