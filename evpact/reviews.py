"""What people decided about names of organisations, and what follows from it.

A decision says of two names that they are the `same` organisation, that the second is the `parent` of the first, or
that they are `different`. Decisions hold together or are refused: if A is B and B is C, then C cannot differ from A.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Final

import polars as pl

from evpact import vocabulary as words
from evpact.ids import squeezed
from evpact.tables import TEXT, Column, Table

ORGANIZATION_REVIEWS: Final = Table(
    "organization_reviews",
    "what a person decided about two names; goes before every rule",
    ("name", "other"),
    (
        Column("name", TEXT, "A name, as articles write it.", required=True),
        Column("decision", TEXT, "What it is to the other.", required=True, vocabulary=words.NAME_DECISION),
        Column("other", TEXT, "The other name; of a listed organisation, any of its names.", required=True),
        Column("date", pl.Date(), "Day of the decision.", required=True),
        Column("reason", TEXT, "Why.", required=True),
        Column("by", TEXT, "Who decided."),
    ),
)


@dataclass(frozen=True)
class Review:
    """A decision about two names; `decision` is a word of `vocabulary.NAME_DECISION`."""

    name: str
    decision: str
    other: str

    def __str__(self) -> str:
        """The decision as a sentence."""
        told = {"same": "is the same as", "parent": "has the parent", "different": "is different from"}
        return f"{self.name!r} {told[self.decision]} {self.other!r}"


class ContradictionError(ValueError):
    """A decision that cannot stand beside those before it, or makes no sense by itself.

    Attributes:
        place: Which of the decisions, from 0.
    """

    def __init__(self, place: int, message: str) -> None:
        """Name the decision and what is wrong."""
        super().__init__(message)
        self.place = place


@dataclass(frozen=True)
class Decisions:
    """What follows from all decisions; names are without spaces, hyphens, case and accents (`ids.squeezed`).

    Attributes:
        same: One name that stands for all that were said to be the same, by each of them.
        org_ids: Listed organisation by each name that was said to be it.
        apart: Pairs of names that are not the same, in both orders.
        not_listed: Names that are not the listed organisation which has them as another name.
        parents: Name of the parent by name.
    """

    same: Mapping[str, str]
    org_ids: Mapping[str, str]
    apart: frozenset[tuple[str, str]]
    not_listed: frozenset[tuple[str, str]]
    parents: Mapping[str, str]

    @property
    def names(self) -> frozenset[str]:
        """All names that something was decided about."""
        return frozenset(self.same)


def follow(reviews: Iterable[Review], listed: Mapping[str, str], names: Mapping[str, str]) -> Decisions:
    """What follows from decisions.

    Args:
        reviews: The decisions, in the order in which they were taken.
        listed: `org_id` by each name and alias of the reference, as `ids.squeezed`.
        names: `org_id` by the name proper of each organisation there.

    Raises:
        ContradictionError: A decision contradicts itself, one before it, or the reference.
    """
    rows = [(place, review, squeezed(review.name), squeezed(review.other)) for place, review in enumerate(reviews)]
    _check_pairs(rows)
    own = dict(listed)
    for _, review, a, b in rows:
        if review.decision != "same" and listed.get(a) == listed.get(b):
            own.pop(b if a in names else a, None)
    same = _united(rows, own)
    members = defaultdict[str, set[str]](set)
    for name, root in same.items():
        members[root].add(name)
    org_ids = {name: own[told] for root in members for told in sorted(members[root]) if told in own
               for name in members[root]}  # fmt: skip
    apart, parents = set[tuple[str, str]](), dict[str, str]()
    for place, review, a, b in rows:
        if review.decision == "same":
            continue
        if same[a] == same[b]:
            raise ContradictionError(place, f"{review}, but other decisions make both the same")
        if org_ids.get(a, a) == org_ids.get(b, b):
            raise ContradictionError(place, f"{review}, but other decisions make both {org_ids[a]}")
        apart |= {pair for x, y in product(members[same[a]], members[same[b]]) for pair in ((x, y), (y, x))}
        if review.decision == "parent":
            _check_parent(place, review, a, b, same, parents, names)
            parents |= dict.fromkeys(members[same[a]], b)
    not_listed = {(x, org_ids[y]) for x, y in apart if y in org_ids}
    not_listed |= {(name, org_id) for name, org_id in listed.items() if name in same and name not in own}
    return Decisions(same, org_ids, frozenset(apart), frozenset(not_listed), parents)


_Rows = list[tuple[int, Review, str, str]]


def _check_pairs(rows: _Rows) -> None:
    seen = dict[frozenset[str], Review]()
    for place, review, a, b in rows:
        if a == b:
            raise ContradictionError(place, f"{review.name!r} and {review.other!r} are one name but for its spelling")
        pair = frozenset((a, b))
        if pair in seen:
            raise ContradictionError(place, f"it was decided before that {seen[pair]}")
        seen[pair] = review


def _united(rows: _Rows, own: Mapping[str, str]) -> dict[str, str]:
    """The first by alphabet of all names that are the same, by each name of the decisions."""
    members = {name: {name} for _, _, *pair in rows for name in pair}
    for place, review, a, b in rows:
        if review.decision != "same" or members[a] is members[b]:
            continue
        union = members[a] | members[b]
        listed = {own[name] for name in union if name in own}
        if len(listed) > 1:
            raise ContradictionError(
                place,
                f"that {review} would make one of {' and '.join(sorted(listed))}, which organizations.csv lists as "
                "two; if they are one, merge the rows there",
            )
        members |= dict.fromkeys(union, union)
    return {name: min(union) for name, union in members.items()}


def _check_parent(
    place: int,
    review: Review,
    child: str,
    parent: str,
    same: Mapping[str, str],
    parents: Mapping[str, str],
    names: Mapping[str, str],
) -> None:
    if child in names:
        raise ContradictionError(
            place, f"{review.name!r} is listed in organizations.csv as {names[child]}: set its parent_id there"
        )
    if same[parents.get(child, parent)] != same[parent]:
        raise ContradictionError(place, f"{review}, but it was given another parent before")
    above, seen = parent, {same[child]}
    while True:
        if same[above] in seen:
            raise ContradictionError(place, f"that {review} would make somebody their own parent")
        seen.add(same[above])
        if above not in parents:
            return
        above = parents[above]
