"""One event for each thing an article states, however often it says it: headline, lead, detail and recap."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Final

from tasks.extraction.dates import FoundDate
from tasks.extraction.drafted import Draft
from tasks.extraction.judging import likeliest
from tasks.extraction.parties import Party
from tasks.extraction.quantities import Figure
from tasks.extraction.syntax import is_below

_SITE: Final = {"facility", "production"}
_SITE_STRENGTH: Final = ("ended", "agreed", "negotiating", "completed", "active", "announced", "exploring")
"""Which status of a plant holds when several are told: what has come of it, before what was hoped."""
_CLOSE: Final = ("joint_venture", "manufacturing", "technology")
"""Kinds that journalists tell of one cooperation in one breath, the most exact first."""
_SHARED_BY_ALL: Final = {"joint_venture", "technology", "manufacturing", "charging", "other"}
"""Kinds that three have together if each two of them do."""
_EQUAL: Final = 50.0
"""Percent that "equal stakes" are read as."""
_POSSIBLE: Final = 0.1
"""How likely a kind must be for a sentence to tell the same deal of two as another that tells that kind."""
_TENTATIVE: Final = {"exploring", "negotiating"}
_NEAR: Final = 1
"""Sentences between two that go on about one thing."""
_LOOKS_BACK: Final = 4
"""Sentences to what a sum is for or whose a measure is, where its own does not say it ("the project costs")."""


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
    told = _with_circles(_with_sums(drafts))
    groups: list[list[Draft]] = []
    for draft in sorted(told, key=_is_general):
        group = _group_of(draft, groups)
        if group is None:
            groups.append([draft])
        else:
            group.append(draft)
    order = {id(draft): number for number, draft in enumerate(told)}
    for group in groups:
        group.sort(key=lambda d: order[id(d)])
    return [_joined(group) for group in sorted(groups, key=lambda g: order[id(g[0])])]


def _with_sums(drafts: Sequence[Draft]) -> list[Draft]:
    """The drafts without investments that only say what another one costs: those give it sum, place and date."""
    told = [d for d in drafts if not _lost_its_figure(d)]
    for investment in [d for d in told if d.type == "investment"]:
        purposes = [d for d in told if _is_purpose(d, investment)]
        if purposes:
            purpose = min(purposes, key=lambda d: (abs(d.sentence - investment.sentence), d.sentence))
            told[told.index(purpose)] = replace(
                purpose,
                figures=(*purpose.figures, *investment.figures),
                dates=purpose.dates or investment.dates,
                places=tuple(dict.fromkeys((*purpose.places, *investment.places))),
            )
            told.remove(investment)
    return told


def _with_circles(drafts: Sequence[Draft]) -> list[Draft]:
    """The drafts with deals of three or more, each two of whom are told to have one of a kind, as deals of all.

    Where two of three pairs have one of a kind, the third may have one of another that is likely enough to be that.
    """
    told = list(drafts)
    deals = [d for d in drafts if d.type == "partnership" and len(d.parties) == 2]
    alike: dict[tuple[str, bool, bool], list[Draft]] = defaultdict(list)
    for draft in deals:
        if draft.kind in _SHARED_BY_ALL:
            alike[draft.kind, draft.status == "ended", draft.another].append(draft)
    for (kind, ended, another), own in alike.items():
        close = [d for d in deals if (d.status == "ended", d.another) == (ended, another)]
        able = {frozenset(d.parties) for d in close if d.kind == kind or d.kinds.get(kind, 0.0) >= _POSSIBLE}
        circles: list[frozenset[Party]] = []
        two = {frozenset(d.parties) for d in own}
        for one, other in combinations(sorted(two, key=lambda parties: sorted(map(str, parties))), 2):
            if one & other and one ^ other in able:
                whole = one | other
                wider = [circle for circle in circles if len(circle & whole) > 1]
                circles = [c for c in circles if c not in wider] + [whole.union(*wider)]
        for circle in circles:
            members = [
                d for d in close if set(d.parties) <= circle and (d.kind == kind or frozenset(d.parties) not in two)
            ]
            roles = {party: role for d in members for party, role in d.parties.items()}
            told = [replace(d, parties=roles, kind=kind) if any(d is each for each in members) else d for d in told]
    return told


def _lost_its_figure(draft: Draft) -> bool:
    """Whether a sum or a market figure went to another event of its sentence, so that nothing is left to state."""
    if draft.type not in {"investment", "market"} or draft.figures:
        return False
    needs_one = any(need.startswith("figure") for need in draft.frame.needs)
    return needs_one and (draft.type == "investment" or draft.inferred)


def _is_purpose(draft: Draft, investment: Draft) -> bool:
    """Whether a sum is put into what a draft tells, in the same sentence or the one beside it."""
    if draft.type not in {"partnership", *_SITE} or "target" in investment.parties.values():
        return False
    if investment.status in {"active", "completed"} and draft.status in _TENTATIVE:
        return False  # what is spent was not spent on what is only considered
    gap = investment.sentence - draft.sentence
    if not -_NEAR <= gap <= (_LOOKS_BACK if investment.inferred else _NEAR):
        return False
    if not set(investment.parties) <= set(draft.parties):
        return False
    if draft.sentence != investment.sentence and (investment.dates or draft.kind == "equity"):
        return False
    return (
        draft.status != "ended" and not _differ_in_place(draft, investment) and not _differ_in_value(draft, investment)
    )


def _is_general(draft: Draft) -> bool:
    """Whether a draft tells of a cooperation without saying itself which: it joins one that does."""
    return draft.type == "partnership" and (draft.kind is None or (draft.inferred and draft.frame.kind is None))


def _group_of(draft: Draft, groups: Sequence[list[Draft]]) -> list[Draft] | None:
    """The drafts that tell the same as one; of several such groups, the one that is told nearest to it."""
    able = [g for g in groups if any(_same_thing(draft, d) for d in g) and not any(_is_other(draft, d) for d in g)]
    if not _is_general(draft):
        return able[0] if able else None
    return min(able, key=lambda g: min(_gap(draft, d) for d in g), default=None)


def _gap(draft: Draft, other: Draft) -> tuple[int, bool]:
    return abs(draft.sentence - other.sentence), other.sentence > draft.sentence


def _same_thing(a: Draft, b: Draft) -> bool:
    if a.type != b.type and not {a.type, b.type} <= _SITE:
        return False
    return {
        "partnership": _same_partnership,
        "market": _same_figure,
        "trade_policy": _same_measure,
        "product": _same_product,
    }.get(a.type, _same_site)(a, b)


def _is_other(a: Draft, b: Draft) -> bool:
    """Whether two drafts of a group's class of thing cannot be one, whatever else the group tells."""
    if a.type == b.type == "trade_policy":
        regulators, others = _of_role(a, "regulator"), _of_role(b, "regulator")
        return bool(regulators and others) and not regulators & others
    return a.type == b.type == "partnership" and not _agree_in_kind(a, b)


def _same_partnership(a: Draft, b: Draft) -> bool:
    if a.another != b.another or not _agree_in_kind(a, b):
        return False
    if a.sentence == b.sentence and (a.status == "ended") != (b.status == "ended"):
        return False
    if {a.status, b.status} == {"ended", "active"} and (_is_general(a) or _is_general(b)):
        return False
    if not (a.inferred or b.inferred) and _differ_in_value(a, b) and _differ_in_time(a, b):
        return False
    return _covers(a, b) or _covers(b, a)


def _agree_in_kind(a: Draft, b: Draft) -> bool:
    """Whether two partnerships may be one by their kinds.

    They are equal, one is general, one may be the other's, or they are told side by side.
    """
    if _is_general(a) or _is_general(b) or a.kind == b.kind or _is_part(a, b) or _is_part(b, a):
        return True
    possible = max(a.kinds.get(b.kind or "", 0.0), b.kinds.get(a.kind or "", 0.0))
    if set(a.parties) == set(b.parties) and possible >= _POSSIBLE:
        return True
    if not {a.kind, b.kind} <= set(_CLOSE) or abs(a.sentence - b.sentence) > _NEAR:
        return False
    own = any(d.figures or d.dates for d in (a, b)) and a.sentence != b.sentence
    return not own and (a.status in _TENTATIVE) == (b.status in _TENTATIVE)


def _is_part(part: Draft, whole: Draft) -> bool:
    """Whether a partnership is told as what another one is for: "chose it as supplier, with which it develops"."""
    kinds = {part.kind, whole.kind}
    return part.sentence == whole.sentence and kinds <= {*_CLOSE, "supply"} and is_below(part.trigger, whole.trigger)


def _differ_in_value(a: Draft, b: Draft) -> bool:
    """Whether two drafts measure the same and no value of the one is a value of the other."""
    pairs = [(x.value, y.value) for x in a.figures for y in b.figures if (x.measure, x.unit) == (y.measure, y.unit)]
    return bool(pairs) and all(abs(x - y) > abs(x) / 20 for x, y in pairs)


def _differ_in_time(a: Draft, b: Draft) -> bool:
    return bool(_periods(a)) and bool(_periods(b)) and not _periods(a) & _periods(b)


def _differ_in_place(a: Draft, b: Draft) -> bool:
    towns = _towns(a) and _towns(b) and not _towns(a) & _towns(b)
    return bool(towns or (_countries(a) and _countries(b) and not _countries(a) & _countries(b)))


def _covers(a: Draft, b: Draft) -> bool:
    return len(b.parties) >= 2 and set(b.parties) <= set(a.parties)


def _same_figure(a: Draft, b: Draft) -> bool:
    """Markets: the same subject, place and period, and no two values of one measure."""
    if set(a.parties) != set(b.parties):
        return False
    if _countries(a) and _countries(b) and _countries(a) != _countries(b):
        return False
    if _differ_in_time(a, b):
        return False
    if a.sentence == b.sentence and _names(a) and _names(b) and not _names(a) & _names(b):
        return False  # "down in Britain, and across Europe"
    return not any(
        x.measure == y.measure and x.unit == y.unit and abs(x.value - y.value) > abs(x.value) / 100
        for x in a.figures
        for y in b.figures
    )


def _same_measure(a: Draft, b: Draft) -> bool:
    if not (_of_role(a, "regulator") and _of_role(b, "regulator")):
        # Whose it is was told a little before, or is told soon: "BYD pays 17 per cent, Geely 18.8".
        near = abs(a.sentence - b.sentence) <= _LOOKS_BACK
        return near and a.kind == b.kind and (a.status == "ended") == (b.status == "ended")
    affected, others = _of_role(a, "affected"), _of_role(b, "affected")
    if (affected and others and not affected & others) or (_differ_in_value(a, b) and _differ_in_time(a, b)):
        return False
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
    if _differ_in_place(a, b):
        return False
    if "other" in {a.kind, b.kind} and a.status != b.status:
        return False  # shops that are open, and more that will open
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
    types = {d.type for d in drafts}
    return Merged(
        replace(
            best,
            type="production" if types > {"facility"} else best.type,
            kind=None if types > {"facility"} else _kind(ranked),
            status=_status(drafts),
            parties=parties,
            product=next((d.product for d in ranked if d.product), None),
            figures=_unique_figures(ranked),
            dates=_all_dates(ranked),
            places=tuple(dict.fromkeys(place for d in ranked for place in d.places)),
            attribution=best.attribution,
        ),
        tuple(ranked),
    )


def _kind(drafts: Sequence[Draft]) -> str | None:
    """The kind of what drafts tell.

    Of several the likeliest; where the models have no say, of a cooperation its form, then what its frame says, then
    what stands near.
    """
    likely = Counter[str]()
    for draft in drafts:
        likely.update(draft.kinds)
    if likely and len({d.kind for d in drafts if d.kind}) > 1:
        return likeliest(likely)
    exact = [d.kind for d in drafts if d.kind and not _is_general(d)]
    close = [kind for kind in _CLOSE if kind in exact]
    told = close or exact or [d.kind or likeliest(d.kinds) for d in drafts if d.kind or d.kinds]
    return next(iter(told), None)


def _status(drafts: Sequence[Draft]) -> str:
    """How far the thing has got.

    An end is the news wherever it is told, unless in a sentence that something is done again. Of a plant the furthest
    state holds. Of anything else the sentence decides that tells the thing itself: the first that names who takes part.
    What it still announces is agreed where the article speaks of the agreement.
    """
    sure = [d for d in drafts if not d.inferred] or [d for d in drafts if d.explicit] or list(drafts)
    if any(d.status == "ended" and not d.resumed for d in sure):
        return "ended"
    sure = [d for d in sure if d.status != "ended"] or sure
    if sure[0].type in _SITE:
        return min((d.status for d in sure), key=_SITE_STRENGTH.index)
    told = min(sure, key=lambda d: d.sentence).status
    agreements = {d.kind for d in drafts if d.status == "agreed"}
    return "agreed" if told == "announced" and agreements & {None, _kind(drafts)} else told


def _evidence(draft: Draft) -> float:
    return (
        2 * len(draft.parties)
        + len(draft.figures)
        + len(draft.dates)
        + len(draft.places) / 2
        + draft.explicit
        - draft.inferred
    )


def _unique_figures(drafts: Sequence[Draft]) -> tuple[Figure, ...]:
    found: dict[tuple[str, str, float], Figure] = {}
    for figure in (f for d in drafts for f in d.figures):
        found.setdefault((figure.measure, figure.unit, figure.value), figure)
    return tuple(found.values())


def _all_dates(drafts: Sequence[Draft]) -> tuple[tuple[FoundDate, str], ...]:
    """The dates of the drafts, or, failing that, the most exact of those on which they were reported."""
    own = dict.fromkeys(pair for d in drafts for pair in d.dates)
    reported = [pair for d in drafts for pair in d.reported]
    return tuple(own) or tuple(sorted(reported, key=lambda pair: -len(pair[0].value))[:1])


def _countries(draft: Draft) -> set[str]:
    return {p.country for p in draft.places if p.country}


def _towns(draft: Draft) -> set[str]:
    return {p.text.casefold() for p in draft.places if p.kind in {"town", "plant"}}


def _names(draft: Draft) -> set[str]:
    return {p.text.casefold() for p in draft.places}


def _periods(draft: Draft) -> set[str]:
    return {found.value[:4] for found, _ in draft.dates}


def _of_role(draft: Draft, role: str) -> set[Party]:
    return {party for party, own in draft.parties.items() if own == role}


def owners_apart(merged: Sequence[Merged]) -> list[Merged]:
    """What is told, without stakes of two in one another of whom each is told to hold one in a third: they own that.

    "The two will hold equal stakes" is said of what they hold them in. What has a figure of its own is something else.
    """
    stakes = [each.draft.parties for each in merged if each.draft.kind == "equity"]
    held = {party for parties in stakes for party, role in parties.items() if role == "target"}
    owned: dict[Party, set[Party]] = defaultdict(set)
    for parties in stakes:
        for target in held.intersection(parties):
            for owner in parties:
                if owner not in held:
                    owned[owner].add(target)

    def is_of_owners(draft: Draft) -> bool:
        if draft.kind != "equity" or len(draft.parties) != 2 or any(f.value != _EQUAL for f in draft.figures):
            return False
        one, other = draft.parties
        return not owned.get(one, set()).isdisjoint(owned.get(other, set()))

    return [each for each in merged if not is_of_owners(each.draft)]
