"""Courses: how far a matter has got, as one article after another tells it, and where a new partnership begins.

The events of a matter are followed in the order of publication, of one day the furthest last. "Further on" is the order
of `vocabulary.STATUS`; `active` and `completed` are equally far.

- **Status** is that at the last text, in the light of all (`tasks.resolution.progress`): what is less far than before
  is mostly told as background, and does not turn the clock back.
- **The end** (`ended`: also a denial) holds until somebody tells more than was told before it, such as a signature
  after a denial of talks. What repeats less within `AFTERMATH` is background or dispute. An end that the other texts
  belie is a misreading.
- **A new partnership** begins with what is told of the same parties and kind later than `FAR` after the end, or later
  than `AFTERMATH` and of other products, unless it is told as done again; and with what is less far than before and
  tells of other products, or with talks and plans for other places (a contract for another is a further step): with
  talks later than `DISPUTED` after all that was told, with plans and contracts later than `AFTERMATH`, if the models do
  not doubt that (`SURE`).
- **A recap** is told with a date from before `RECENT`, or in words for what was earlier (`recap_cues.csv`). It neither
  reopens what has ended nor begins anything. **What is done again** is told in other words (`restart_cues.csv`).
- **Contested**: a denial within `DISPUTED` after another story told it, an end and its opposite on one day, or another
  story within `DISPUTED` after the end that says otherwise. It is settled by who tells more later.
- **Undated** articles count for the status only if no other tells of the matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from itertools import groupby
from operator import attrgetter
from typing import Final, NamedTuple

import polars as pl

from evpact.settings import REFERENCE
from evpact.vocabulary import STATUS
from tasks.cues import any_of, restarts
from tasks.resolution.matters import FAR
from tasks.resolution.names import word_list
from tasks.resolution.progress import Reading, believed

RECENT: Final = timedelta(days=45)
DISPUTED: Final = timedelta(days=14)
AFTERMATH: Final = timedelta(days=90)

SURE: Final = 0.7
"""How likely a status must be that sets back a partnership, for it to be a new one."""

_RANK: Final = {status: rank for rank, status in enumerate(STATUS)} | {"active": 4, "completed": 4}
_TALKS: Final = ("exploring", "negotiating")
_PLANNED: Final = _RANK["announced"]
_NOTHING: Final = -1
_HAPPENED: Final = ("start", "signed")
_LENGTHS: Final = {"day": "1d", "month": "1mo", "quarter": "3mo", "half": "6mo", "year": "1y"}


class Telling(NamedTuple):
    """An event as far as the course of its matter depends on it."""

    matter: str
    reported: date | None
    rank: int
    event_id: str
    status: str
    story_id: str
    statuses: tuple[float, ...]
    places: frozenset[str]
    products: frozenset[str]
    denied: bool
    recap: bool
    afresh: bool

    @property
    def reading(self) -> Reading:
        """What it says of how far the matter has got; it must be dated."""
        assert self.reported is not None
        return Reading(self.story_id, self.reported, self.status, self.statuses, self.recap, self.afresh)

    @property
    def is_doubtful(self) -> bool:
        """Whether the models find it about as likely that the status is another one."""
        talks = sum(likely for status, likely in zip(STATUS, self.statuses, strict=False) if status in _TALKS)
        own = talks if self.status in _TALKS else max(self.statuses, default=1.0)
        return bool(self.statuses) and own < SURE

    def as_believed(self, status: str) -> Telling:
        """The same with the status that the partnership had then, in the light of the other texts."""
        return self._replace(status=status, rank=_RANK[status])


@dataclass
class Course:
    """What was told of one partnership so far."""

    opened: date | None = None
    status: str = "ended"
    told: int = _NOTHING  # how far before any end
    ended: date | None = None
    contested: bool = False
    last: Telling | None = None
    places: set[str] = field(default_factory=set)
    products: set[str] = field(default_factory=set)
    tellings: list[Telling] = field(default_factory=list)
    standing: dict[str, str] = field(default_factory=dict)  # by text, where several tell of it

    def add(self, telling: Telling, *, moves: bool = True) -> None:
        """Follow one more event; `moves` is whether it may change the status."""
        self.tellings.append(telling)
        self.places |= telling.places
        self.products |= telling.products
        if moves:
            self.contested = self._disputed(telling)
            self._move(telling)
            self.last = telling

    def standings(self) -> Iterator[tuple[str, str]]:
        """Each event with the status that the partnership had then; undated ones with what it has in the end."""
        for telling in self.tellings:
            yield telling.event_id, self.standing.get(telling.story_id, self.status)

    def begins_anew(self, telling: Telling) -> bool:
        """Whether the event tells of another partnership of the same parties and kind."""
        if telling.recap or telling.afresh or telling.status == "ended" or telling.reported is None:
            return False
        are_others = bool(self.products and telling.products) and not self.shares(telling)
        if self.ended is None:
            elsewhere = telling.rank <= _PLANNED and self.is_other(telling)  # a contract may be a further step
            is_new = telling.rank < self.told and (are_others or elsewhere) and self._is_later(telling)
            return is_new and not telling.is_doubtful
        since = telling.reported - self.ended
        return since > FAR or (since > AFTERMATH and are_others)

    def shares(self, telling: Telling) -> bool:
        """Whether it tells of a place or product of this partnership."""
        return bool(self.places & telling.places or self.products & telling.products)

    def _is_later(self, telling: Telling) -> bool:
        if self.last is None or self.last.reported is None or telling.reported is None:
            return True
        soon = DISPUTED if telling.status in _TALKS else AFTERMATH
        return telling.reported - self.last.reported > soon

    def is_other(self, telling: Telling) -> bool:
        """Whether it tells of none but other places or products."""
        compared = ((self.places, telling.places), (self.products, telling.products))
        return any(mine and theirs for mine, theirs in compared) and not self.shares(telling)

    def _move(self, telling: Telling) -> None:
        if telling.status == "ended":
            self.status, self.ended = "ended", self.ended or telling.reported
        elif self.ended is None or (telling.rank > self.told and not telling.recap):
            self.ended = None
            if telling.rank >= self.told:
                self.status = telling.status
        self.told = max(self.told, telling.rank) if telling.status != "ended" else self.told

    def _disputed(self, telling: Telling) -> bool:
        before = self.last
        if before is None or before.story_id == telling.story_id or telling.reported is None or telling.recap:
            return self.contested
        assert before.reported is not None
        soon = telling.reported - before.reported <= DISPUTED
        if telling.status == "ended":
            opposite = before.status != "ended" and (telling.denied or telling.reported == before.reported)
            return self.contested or (soon and opposite)
        if self.ended is None:
            return self.contested
        return telling.reported - self.ended <= DISPUTED or (self.contested and telling.rank <= self.told)


def resolve(told: pl.DataFrame, recaps: pl.DataFrame, marks: pl.DataFrame) -> pl.DataFrame:
    """The course of every event: `matter`, `event_id`, `opened`, `now`, `standing` and `contested`.

    Args:
        told: `matter`, `event_id`, `story_id`, `reported`, `status`, `attribution`, `evidence`.
        recaps: `event_id` of the events that recap.
        marks: `event_id` and `mark`, as in `tasks.resolution.matters`.

    Returns:
        One row for each event of a matter. `opened` is the day that its partnership was first told, null for the first
        of its matter; `now` is the status of the partnership, `standing` the one that it had when the event was told.
    """
    rows = (
        told.join(_listed(marks, "places", "place ", "site "), on="event_id", how="left", maintain_order="left")
        .join(_listed(marks, "products", "product "), on="event_id", how="left", maintain_order="left")
        .select(
            "matter",
            "reported",
            pl.col("status").replace_strict(_RANK, return_dtype=pl.Int64()).alias("rank"),
            "event_id",
            "status",
            "story_id",
            pl.col("statuses", "places_of", "products_of").fill_null([]),
            denied=pl.col("attribution") == "denied",
            recap=pl.col("event_id").is_in(recaps["event_id"].implode()),
            afresh=(pl.col("status") != "ended") & pl.col("evidence").str.contains(restarts().pattern),
        )
        .sort("matter", "reported", "rank", "event_id", nulls_last=True)
    )
    tellings = (
        Telling._make((*row, tuple(statuses), frozenset(places), frozenset(products), denied, recap, afresh))
        for *row, statuses, places, products, denied, recap, afresh in rows.iter_rows()
    )
    followed = [
        (name, event_id, course.status, standing, course.opened, course.contested)
        for name, matter in groupby(tellings, attrgetter("matter"))
        for course in courses(matter)
        for event_id, standing in course.standings()
    ]
    words = dict.fromkeys(("matter", "event_id", "now", "standing"), pl.String())
    schema = words | {"opened": pl.Date(), "contested": pl.Boolean()}
    return pl.DataFrame(followed, schema=schema, orient="row")


def _listed(marks: pl.DataFrame, name: str, *sorts: str) -> pl.DataFrame:
    """`event_id`, and its marks of some sorts as a list."""
    chosen = marks.filter(pl.any_horizontal(pl.col("mark").str.starts_with(sort) for sort in sorts))
    return chosen.group_by("event_id").agg(pl.col("mark").alias(f"{name}_of"))


def recaps(events: pl.DataFrame, dates: pl.DataFrame, cues: Iterable[str]) -> pl.DataFrame:
    """`event_id` of the events that are told as something earlier.

    Args:
        events: `event_id`, `reported` and `evidence`.
        dates: The table `event_dates`.
        cues: Words for what was earlier.
    """
    length = pl.col("precision").replace_strict(_LENGTHS)
    happened = dates.filter(pl.col("role").is_in(_HAPPENED)).select(
        "event_id", over=pl.col("date").dt.offset_by(length)
    )
    latest = happened.group_by("event_id").agg(pl.col("over").max())
    told_before = (pl.col("over") < pl.col("reported") - RECENT).fill_null(False)
    return (
        events.join(latest, on="event_id", how="left")
        .filter(told_before | pl.col("evidence").str.contains(any_of(cues)))
        .select("event_id")
    )


@lru_cache(maxsize=1)
def recap_cues() -> tuple[str, ...]:
    """Words for what was earlier, from `recap_cues.csv`.

    Raises:
        ReferenceDataError: The list is missing or wrong.
    """
    return tuple(word_list(REFERENCE / "recap_cues.csv", "cue")["cue"])


def courses(tellings: Iterable[Telling]) -> Iterator[Course]:
    """The partnerships of one matter.

    Args:
        tellings: Its events in the order of publication, undated ones last.
    """
    told = list(tellings)
    dated = [telling for telling in told if telling.reported is not None]
    likely = believed([telling.reading for telling in dated])
    found = [Course()]
    for telling in told:
        course = next((course for course in reversed(found) if course.shares(telling)), found[-1])
        if telling.reported is None:
            course.add(telling, moves=not dated)
            continue
        if telling.story_id in likely and not course.is_other(telling):
            telling = telling.as_believed(likely[telling.story_id])
        if course.begins_anew(telling):
            course = Course(opened=telling.reported)
            found.append(course)
        course.add(telling)
    whole = {telling.event_id: telling for telling in dated}
    for course in found:
        own = [whole[telling.event_id] for telling in course.tellings if telling.event_id in whole]
        course.standing = believed([telling.reading for telling in own]) if found[1:] else likely
        last = next(reversed(course.standing.values()), None)
        course.status = last or _told_alone(own or course.tellings)
    yield from found


def _told_alone(tellings: Sequence[Telling]) -> str:
    """The status that one text tells."""
    course = Course()
    for telling in tellings:
        course.add(telling)
    return course.status
