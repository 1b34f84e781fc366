"""Figures, dates and places of an article, each given to the event it belongs to."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Final, TypeVar

from tasks.extraction.belonging import DATE, FIGURE, PLACE, Detail, Found, detail_of
from tasks.extraction.dates import FoundDate
from tasks.extraction.drafted import Draft
from tasks.extraction.parties import Understood
from tasks.extraction.places import FoundPlace
from tasks.extraction.quantities import Figure
from tasks.extraction.syntax import distance, governors
from tasks.extraction.tokens import Token
from tasks.extraction.view import Sentence

S = TypeVar("S", Figure, FoundDate, FoundPlace)

MEASURES: Final[Mapping[str, frozenset[str]]] = {
    "partnership": frozenset(
        {"investment", "stake", "price", "capacity", "duration", "sales", "jobs", "output", "share", "other"}
    ),
    "investment": frozenset({"investment", "jobs", "duration", "capacity"}),
    "facility": frozenset({"investment", "price", "capacity", "output", "jobs", "duration", "other"}),
    "production": frozenset({"investment", "capacity", "output", "jobs", "duration", "other", "share"}),
    "trade_policy": frozenset({"tariff", "quota", "investment", "price", "duration", "share", "other"}),
    "market": frozenset({"sales", "change", "share", "rank", "duration", "output", "other"}),
    "product": frozenset({"range", "other", "price", "duration"}),
}
"""What may be measured of an event, by type."""

_REACH: Final = 2
"""Sentences back that a figure without an event of its own may belong to."""

TAKEN: Final = 0.1
"""Probability of measuring an event from which a figure is given to one that may have it."""

GIVEN: Final = 0.6
"""Probability from which it is given to the nearest, though nothing else says that it belongs there."""

_PROPOSED: Final = {DATE: 1.5, PLACE: 1.0, FIGURE: 2.0}
"""Log odds that it means if the rules give a detail to an event."""
_BIAS: Final = {DATE: 1.0, PLACE: 0.0, FIGURE: 0.0}
"""Log odds to begin with; both were chosen on articles that the encoder was not trained on."""
_CLAIMED: Final = 0.5
"""Log odds that it takes if the rules give it to another event."""
_REPORTED: Final = 1.0
"""Log odds that the day of a report must have to be that of an event which has no other."""
_UNASKED: Final = 1.0
"""Log odds of what the rules give to an event that the encoder was not asked about."""

_REPORTING: Final = {
    "say", "tell", "report", "announce", "add", "state", "confirm", "write", "note", "show", "publish", "disclose",
    "reveal", "declare",
}  # fmt: skip
_REPORTED_ROLES: Final = {"agreed": "signed", "ended": "end"}
"""What the day of the report stands for where an event has no other: by status."""
_CONTINUING: Final = {"the", "this", "that", "these", "those", "its", "their", "both"}
_COMPARING: Final = {"than", "versus", "against", "compared"}


@dataclass(frozen=True)
class DatesBeside:
    """Dates of an article that are of no event.

    Attributes:
        compared: Those of what something is compared with.
        reported: Those on which something was told; they may stand in for the date of the event.
    """

    compared: frozenset[FoundDate]
    reported: frozenset[FoundDate]


def dates_beside(article: Understood, drafts: Mapping[int, Sequence[Draft]]) -> DatesBeside:
    """The dates of an article that are of no event.

    Args:
        article: The article.
        drafts: What each sentence tells, by its number.
    """
    compared, reported = set[FoundDate](), set[FoundDate]()
    for number, sentence in enumerate(article.sentences):
        for found in _inside(article.dates, sentence):
            head = sentence.head_of(found.start, found.end)
            if _is_compared(head):
                compared.add(found)
            elif _dates_the_report(head, drafts.get(number, ())):
                reported.add(found)
    return DatesBeside(frozenset(compared), frozenset(reported))


def with_details(article: Understood, sentence: Sentence, drafts: list[Draft], beside: DatesBeside) -> list[Draft]:
    """The drafts of a sentence with its figures, dates and places, each given to the nearest that may have it."""
    for figure in _inside(article.figures, sentence):
        if not (figure.comparison or figure.conversion):
            number = _nearest(drafts, sentence.head_of(figure.start, figure.end), partial(may_have, figure=figure))
            if number is not None:
                drafts[number] = replace(drafts[number], figures=(*drafts[number].figures, figure))
    for found in _inside(article.dates, sentence):
        if found.kind == "dateline" or found in beside.compared:
            continue
        number = _nearest(drafts, sentence.head_of(found.start, found.end))
        if found in beside.reported:
            drafts = [replace(d, reported=d.reported or _reported(d, found)) for d in drafts]
        elif number is not None and (role := _date_role(drafts[number], found, article.published)):
            drafts[number] = replace(drafts[number], dates=(*drafts[number].dates, (found, role)))
    for place in _inside(article.places, sentence):
        number = _nearest(drafts, sentence.head_of(place.start, place.end))
        if number is not None:
            drafts[number] = replace(drafts[number], places=(*drafts[number].places, place))
    return [part for draft in drafts for part in _by_market(draft)]


def _by_market(draft: Draft) -> list[Draft]:
    """A market draft, or one for each place where it tells one measure of several places."""
    measures = [(f.measure, f.unit) for f in draft.figures]
    if draft.type != "market" or len(set(measures)) == len(measures) or len(draft.places) < 2:
        return [draft]
    parts: dict[FoundPlace, list[Figure]] = {}
    for number, figure in enumerate(draft.figures):
        nearest = min(draft.places, key=lambda p: min(abs(p.start - figure.end), abs(figure.start - p.end)))
        in_step = len(draft.places) == len(draft.figures)  # "in Britain by 10 per cent and across Europe by 2"
        parts.setdefault(draft.places[number] if in_step else nearest, []).append(figure)
    if len(parts) == 1:
        return [draft]
    return [replace(draft, places=(place,), figures=tuple(figures)) for place, figures in parts.items()]


def with_later_details(article: Understood, drafts: list[Draft], beside: DatesBeside) -> list[Draft]:
    """The drafts of an article with the figures and dates of sentences that go on about the event before."""
    told = {d.sentence for d in drafts}
    for number, sentence in enumerate(article.sentences):
        if number in told or article.text[sentence.end - 1] == "?":
            continue
        near = [i for i, d in enumerate(drafts) if number - _REACH <= d.sentence < number]
        paragraph = article.text.rfind("\n\n", 0, sentence.start)
        before = [i for i in near if article.sentences[drafts[i].sentence].start > paragraph]
        for figure in _inside(article.figures, sentence):
            if figure.comparison or figure.conversion or figure.measure == "other":
                continue
            able = [i for i in before if may_have(drafts[i], figure) and drafts[i].type != "market"]
            if able:
                drafts[able[-1]] = replace(drafts[able[-1]], figures=(*drafts[able[-1]].figures, figure))
        if not before and _goes_on(sentence):
            before = [i for i in near if drafts[i].sentence == number - 1]
        for found in _inside(article.dates, sentence):
            if not before or drafts[before[-1]].dates or found.kind == "dateline" or found in beside.compared:
                continue
            last = drafts[before[-1]]
            if found in beside.reported:
                drafts[before[-1]] = replace(last, reported=last.reported or _reported(last, found))
            elif role := _date_role(last, found, article.published):
                drafts[before[-1]] = replace(last, dates=((found, role),))
    return _with_periods(drafts)


def with_figures_left(article: Understood, drafts: list[Draft], figures: Sequence[Figure]) -> list[Draft]:
    """The drafts of an article with figures that surely measure something and no draft has as yet.

    Such a figure goes to an event of its sentence, or else to the one told last before it.
    """
    given = {(f.start, f.end) for d in drafts for f in d.figures}
    for figure in figures:
        if figure.comparison or figure.conversion or (figure.start, figure.end) in given:
            continue
        number = next((n for n, s in enumerate(article.sentences) if s.start <= figure.start < s.end), None)
        if number is None:
            continue
        near = [i for i, d in enumerate(drafts) if number - _REACH <= d.sentence <= number]
        able = [i for i in near if may_have(drafts[i], figure)] or near
        if able:
            last = max(able, key=lambda i: (drafts[i].sentence, -i))
            drafts[last] = replace(drafts[last], figures=(*drafts[last].figures, figure))
    return drafts


def with_what_belongs(
    details: Mapping[Detail, Found], drafts: Sequence[Draft], beside: DatesBeside, published: date | None
) -> list[Draft]:
    """The drafts of an article with the dates and places that the rules and the encoder together give them.

    A figure goes to the one event that it most likely belongs to.

    Args:
        details: What may belong to an event.
        drafts: The drafts, with what the rules give them.
        beside: Dates that are of no event.
        published: Day of publication, or None.
    """
    parts = Counter(id(draft.belonging) for draft in drafts)
    claims = defaultdict[Found, list[Draft]](list)
    for draft in drafts:
        given: list[Found] = [*dict(draft.dates), *draft.places]
        for found in given:
            claims[found].append(draft)
    made = []
    for draft, figures in zip(drafts, _figures_of(details, drafts), strict=True):
        if parts[id(draft.belonging)] > 1:  # parts of one draft have what the rules gave each
            made.append(replace(draft, figures=figures))
            continue
        roles = dict(draft.dates)
        asked = [found for key in draft.belonging if not isinstance(found := details[key], Figure)]
        odds = {
            found: _odds(draft, found, proposed=found in roles or found in draft.places, claimed=claims[found])
            for found in sorted({*roles, *draft.places, *asked}, key=lambda f: f.start)
        }
        near = [(found, said) for found, said in odds.items() if isinstance(found, FoundDate)]
        dates = [d for d, said in near if said > 0 and d not in beside.compared and d not in beside.reported]
        dates = dates or [d for d, said in near if said > _REPORTED and d in beside.reported]
        roled = [(d, role) for d in dates if (role := roles.get(d) or _date_role(draft, d, published))]
        places = [place for place, said in odds.items() if isinstance(place, FoundPlace) and said > 0]
        made.append(replace(draft, figures=figures, dates=tuple(roled), places=tuple(places)))
    return made


def _figures_of(details: Mapping[Detail, Found], drafts: Sequence[Draft]) -> list[tuple[Figure, ...]]:
    """The figures of each draft, each figure with the draft that it most likely belongs to."""
    given = {figure for draft in drafts for figure in draft.figures}
    best: dict[Figure, tuple[float, int]] = {}
    for number, draft in enumerate(drafts):
        asked = (found for key in draft.belonging if isinstance(found := details[key], Figure))
        for figure in {*draft.figures, *(f for f in asked if f in given and may_have(draft, f))}:
            odds = _odds(draft, figure, proposed=figure in draft.figures), -number
            best[figure] = max(best.get(figure, odds), odds)
    owned = defaultdict[int, list[Figure]](list)
    for figure in sorted(best, key=lambda f: f.start):
        owned[-best[figure][1]].append(figure)
    return [tuple(owned[number]) for number in range(len(drafts))]


def likely_countries(details: Mapping[Detail, Found], drafts: Sequence[Draft]) -> dict[str, float]:
    """Log odds that what some drafts tell lies in each country of an article, as the encoder sees it.

    Args:
        details: What may belong to an event of the article.
        drafts: The drafts.
    """
    odds: dict[str, float] = {}
    for key, said in (each for draft in drafts for each in draft.belonging.items()):
        place = details.get(key)
        if isinstance(place, FoundPlace) and place.country:
            odds[place.country] = max(odds.get(place.country, said), said)
    return odds


def _odds(draft: Draft, found: Found, *, proposed: bool, claimed: Sequence[Draft] = ()) -> float:
    """Log odds that a detail belongs to a draft, by the encoder and by whether the rules gave it to it.

    Where the encoder was not asked, the rules decide. Two events of a type of the same parties share none.

    Args:
        draft: The draft.
        found: The detail.
        proposed: Whether the rules gave it to the draft.
        claimed: Those to which they gave it.
    """
    detail = detail_of(found)
    said = draft.belonging.get(detail)
    if said is None:
        return _UNASKED
    if proposed:
        return said + _BIAS[detail.kind] + _PROPOSED[detail.kind]
    if any(d.type == draft.type and set(d.parties) == set(draft.parties) for d in claimed):
        return -math.inf
    return said + _BIAS[detail.kind] - (_CLAIMED if claimed else 0.0)


def _with_periods(drafts: list[Draft]) -> list[Draft]:
    """Market figures without a period are of the period told last."""
    period: tuple[tuple[FoundDate, str], ...] = ()
    for i, draft in enumerate(drafts):
        if draft.type == "market":
            if draft.dates:
                period = draft.dates
            elif draft.inferred or draft.figures:
                drafts[i] = replace(draft, dates=period)
    return drafts


def may_have(draft: Draft, figure: Figure) -> bool:
    """Whether an event of that type may be measured so."""
    return figure.measure in MEASURES[draft.type]


def _nearest(drafts: Sequence[Draft], head: Token, able: Callable[[Draft], bool] = lambda _: True) -> int | None:
    near = [(distance(d.trigger, head), i) for i, d in enumerate(drafts) if able(d)]
    return min(near)[1] if near else None


def _inside(found: Sequence[S], sentence: Sentence) -> list[S]:
    return [f for f in found if sentence.start <= f.start and f.end <= sentence.end]


def _dates_the_report(head: Token, drafts: Sequence[Draft]) -> bool:
    """Whether a date says when something was said, not when it happens."""
    verb = next((t for t in (head, *governors(head)) if t.pos_ == "VERB"), None)
    return verb is not None and verb.lemma_.lower() in _REPORTING and not any(d.trigger == verb for d in drafts)


def _reported(draft: Draft, found: FoundDate) -> tuple[tuple[FoundDate, str], ...]:
    """The day of the report as the day of the event: what is signed or given up is told at once."""
    role = _REPORTED_ROLES.get(draft.status)
    return ((found, role),) if role and found.kind == "point" and draft.type != "market" else ()


def _is_compared(head: Token) -> bool:
    """Whether a date belongs to the base of a comparison: "more than in 2024", "up from 5 percent in 2024"."""
    above = list(governors(head))
    if any(t.lower_ in _COMPARING or (t.lower_ == "from" and t != head.head) for t in above):
        return True
    return any(child.lower_ == "same" for t in (head, *above) if t.pos_ == "NOUN" for child in t.children)


def _goes_on(sentence: Sentence) -> bool:
    """Whether the subject of a sentence is what the one before spoke of: "It", "The plant", "Production"."""
    root = next((t for t in sentence.doc if t.head == t), None)
    subject = next((t for t in root.children if t.dep_ in {"nsubj", "nsubjpass"}), None) if root else None
    if subject is None or subject.pos_ == "PROPN":
        return False
    determiners = {c.lower_ for c in subject.children if c.dep_ in {"det", "poss", "predet"}}
    return subject.pos_ == "PRON" or not determiners or bool(determiners & _CONTINUING)


def _date_role(draft: Draft, found: FoundDate, published: date | None) -> str | None:
    if draft.type == "market":
        return {"deadline": "end", "since": "start"}.get(found.kind, "period")
    if draft.status == "ended":
        return "end"
    ahead = published is not None and found.value > published.isoformat()
    if found.kind == "deadline" and draft.type == "product":
        return "end"
    if draft.status in {"negotiating", "exploring"} and not ahead:
        return None
    if draft.status == "agreed" and not ahead:
        return "signed"
    return "start"
