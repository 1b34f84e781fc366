"""One event for each thing an article states, however often it says it: headline, lead, detail and recap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from tasks.extraction.dates import FoundDate
from tasks.extraction.drafted import Draft
from tasks.extraction.parties import Party
from tasks.extraction.quantities import Figure

_SITE: Final = {"facility", "production"}
_STRENGTH: Final = ("ended", "agreed", "negotiating", "completed", "active", "announced", "exploring")
"""Which status holds when an article tells several of one thing: what has come of it, before what was hoped."""


@dataclass(frozen=True)
class Merged:
    """Drafts of one thing.

    Attributes:
        draft: All of them in one.
        drafts: They themselves, in the order of the text; the best evidence first.
    """

    draft: Draft
    drafts: tuple[Draft, ...]


def merge(drafts: Sequence[Draft]) -> list[Merged]:
    """Join the drafts that tell of the same thing, in the order in which the things are first told."""
    groups: list[list[Draft]] = []
    for draft in drafts:
        group = next((g for g in groups if any(_same_thing(draft, other) for other in g)), None)
        if group is None:
            groups.append([draft])
        else:
            group.append(draft)
    return [_joined(group) for group in groups]


def _same_thing(a: Draft, b: Draft) -> bool:
    if a.type != b.type and not {a.type, b.type} <= _SITE:
        return False
    return {
        "partnership": _same_partnership,
        "market": _same_figure,
        "trade_policy": _same_measure,
        "product": _same_product,
    }.get(a.type, _same_site)(a, b)


def _same_partnership(a: Draft, b: Draft) -> bool:
    if a.another != b.another:
        return False
    if a.kind and b.kind and a.kind != b.kind:
        return False
    if a.sentence == b.sentence and (a.status == "ended") != (b.status == "ended"):
        return False
    return _covers(a, b) or _covers(b, a)


def _covers(a: Draft, b: Draft) -> bool:
    return len(b.parties) >= 2 and set(b.parties) <= set(a.parties)


def _same_figure(a: Draft, b: Draft) -> bool:
    """Markets: the same subject, place and period, and no two values of one measure."""
    if set(a.parties) != set(b.parties):
        return False
    if _countries(a) and _countries(b) and _countries(a) != _countries(b):
        return False
    if _periods(a) and _periods(b) and not _periods(a) & _periods(b):
        return False
    if a.sentence == b.sentence and _countries(a) != _countries(b):
        return False
    return not any(
        x.measure == y.measure and x.unit == y.unit and abs(x.value - y.value) > abs(x.value) / 100
        for x in a.figures
        for y in b.figures
    )


def _same_measure(a: Draft, b: Draft) -> bool:
    shared = _of_role(a, "regulator") & _of_role(b, "regulator")
    return bool(shared) and a.kind == b.kind and (a.status == "ended") == (b.status == "ended")


def _same_product(a: Draft, b: Draft) -> bool:
    if not set(a.parties) & set(b.parties):
        return False
    if a.product and b.product:
        return a.product.split()[-1] == b.product.split()[-1]
    return a.sentence == b.sentence or (a.status == b.status and abs(a.sentence - b.sentence) <= 1)


def _same_site(a: Draft, b: Draft) -> bool:
    if not set(a.parties) & set(b.parties):
        return False
    if _towns(a) and _towns(b) and not _towns(a) & _towns(b):
        return False
    if _countries(a) and _countries(b) and not _countries(a) & _countries(b):
        return False
    if a.product and b.product and a.product.split()[-1] != b.product.split()[-1]:
        return False
    if a.kind != b.kind and {a.kind, b.kind} & {"headquarters", "research", "other"}:
        return False
    return (a.status == "ended") == (b.status == "ended")


def _joined(drafts: list[Draft]) -> Merged:
    ranked = sorted(drafts, key=lambda d: (-_evidence(d), d.sentence, d.trigger.i))
    best = ranked[0]
    parties: dict[Party, str] = {}
    for draft in ranked:
        for party, role in draft.parties.items():
            if parties.get(party, "partner") == "partner":
                parties[party] = role
    sure = [d for d in drafts if not d.inferred] or drafts
    told = min(sure, key=lambda d: (_STRENGTH.index(d.status), d.sentence))
    types = {d.type for d in drafts}
    return Merged(
        replace(
            best,
            type="production" if types > {"facility"} else best.type,
            kind=None if types > {"facility"} else next((d.kind for d in ranked if d.kind), None),
            status=told.status,
            parties=parties,
            product=next((d.product for d in ranked if d.product), None),
            figures=_unique_figures(ranked),
            dates=_all_dates(ranked),
            places=tuple(dict.fromkeys(place for d in ranked for place in d.places)),
            attribution=best.attribution,
        ),
        tuple(ranked),
    )


def _evidence(draft: Draft) -> float:
    return 2 * len(draft.parties) + len(draft.figures) + len(draft.dates) + len(draft.places) / 2 + draft.explicit


def _unique_figures(drafts: Sequence[Draft]) -> tuple[Figure, ...]:
    found: dict[tuple[str, str, float], Figure] = {}
    for figure in (f for d in drafts for f in d.figures):
        found.setdefault((figure.measure, figure.unit, figure.value), figure)
    return tuple(found.values())


def _all_dates(drafts: Sequence[Draft]) -> tuple[tuple[FoundDate, str], ...]:
    """The dates of the drafts, or the day on which one was reported."""
    own = dict.fromkeys(pair for d in drafts for pair in d.dates)
    return tuple(own) or next((d.reported for d in drafts if d.reported), ())


def _countries(draft: Draft) -> set[str]:
    return {p.country for p in draft.places if p.country}


def _towns(draft: Draft) -> set[str]:
    return {p.text.casefold() for p in draft.places if p.kind in {"town", "plant"}}


def _periods(draft: Draft) -> set[str]:
    return {found.value[:4] for found, _ in draft.dates}


def _of_role(draft: Draft, role: str) -> set[Party]:
    return {party for party, own in draft.parties.items() if own == role}
