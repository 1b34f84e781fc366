"""Figures, dates and places of a sentence, each given to the event it belongs to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Final, TypeVar

from spacy.tokens import Token

from tasks.extraction.dates import FoundDate
from tasks.extraction.drafted import Draft
from tasks.extraction.parties import Understood
from tasks.extraction.places import FoundPlace
from tasks.extraction.quantities import Figure
from tasks.extraction.syntax import distance, governors
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
_REPORTING: Final = {"say", "tell", "report", "announce", "add", "state", "confirm", "write", "note", "show", "publish"}


def with_details(article: Understood, sentence: Sentence, drafts: list[Draft]) -> list[Draft]:
    """The drafts of a sentence with its figures, dates and places, each given to the nearest that may have it."""
    for figure in _inside(article.figures, sentence):
        if not (figure.comparison or figure.conversion):
            number = _nearest(drafts, sentence.head_of(figure.start, figure.end), partial(may_have, figure=figure))
            if number is not None:
                drafts[number] = replace(drafts[number], figures=(*drafts[number].figures, figure))
    for found in _inside(article.dates, sentence):
        if found.kind == "dateline":
            continue
        head = sentence.head_of(found.start, found.end)
        number = None if _dates_the_report(head, drafts) or _is_compared(head) else _nearest(drafts, head)
        if number is not None and (role := _date_role(drafts[number], found, article.published)):
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


def with_later_details(article: Understood, drafts: list[Draft]) -> list[Draft]:
    """The drafts of an article with the figures and dates of sentences that go on about the event before."""
    told = {d.sentence for d in drafts}
    for number, sentence in enumerate(article.sentences):
        if number in told or article.text[sentence.end - 1] == "?":
            continue
        paragraph = article.text.rfind("\n\n", 0, sentence.start)
        before = [
            i
            for i, d in enumerate(drafts)
            if number - _REACH <= d.sentence < number and article.sentences[d.sentence].start > paragraph
        ]
        for figure in _inside(article.figures, sentence):
            if figure.comparison or figure.conversion or figure.measure == "other":
                continue
            able = [i for i in before if may_have(drafts[i], figure) and drafts[i].type != "market"]
            if able:
                drafts[able[-1]] = replace(drafts[able[-1]], figures=(*drafts[able[-1]].figures, figure))
        for found in _inside(article.dates, sentence):
            if not before or drafts[before[-1]].dates or found.kind == "dateline":
                continue
            head = sentence.head_of(found.start, found.end)
            if not _dates_the_report(head, []) and (role := _date_role(drafts[before[-1]], found, article.published)):
                drafts[before[-1]] = replace(drafts[before[-1]], dates=((found, role),))
    return _with_periods(drafts)


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


def _is_compared(head: Token) -> bool:
    """Whether a date belongs to the base of a comparison: "more than in 2024", "up from 5 percent in 2024"."""
    return any(t.lower_ in {"than", "from", "versus"} and t.pos_ in {"ADP", "SCONJ"} for t in governors(head))


def _date_role(draft: Draft, found: FoundDate, published: date | None) -> str | None:
    if draft.type == "market":
        return "end" if found.kind == "deadline" else "period"
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
