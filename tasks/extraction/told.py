"""What a sentence tells beside partnerships, by frames and by what the model of tellings makes of it.

Frames propose, and so does the model: what frames tell is kept if the model finds it likely enough, and what no frame
tells is added where the model is sure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from evpact.vocabulary import FACILITY_KIND, PARTNERSHIP_KIND, TRADE_POLICY_KIND
from tasks.extraction.drafted import Draft, Framed, deals_of
from tasks.extraction.frames import Lexicon, unframed
from tasks.extraction.parties import Reader, Understood
from tasks.extraction.status import possible
from tasks.extraction.tellings import (
    AFFECTED,
    PRODUCTION,
    SITE,
    TARGET,
    WITH_TOPIC,
    Telling,
    anchor,
    dealings,
    label_of,
    shown_of,
    status_signs,
)

TOLD: Final[Mapping[str, float]] = {
    SITE: 0.4,
    "market": 0.4,
    "trade_policy": 0.4,
    "investment": 0.4,
    "product": 0.4,
}
"""Probability from which somebody is said to be in an event that no frame tells, by label."""

DEALT: Final = 0.6
"""Probability from which a company is said to have a deal with somebody whom its sentence does not name."""

KEPT: Final = 0.1
"""Probability below which what a frame tells is not believed."""

_SHARED: Final = {SITE, "trade_policy", "investment"}
"""Labels of which a sentence tells one event, of all who are in it; of the others each has his own."""
_PART_OF_OTHERS: Final = {SITE: {"partnership", "investment"}, "investment": {"partnership", SITE}}
"""Labels of which nothing is added where the sentence tells something of the same company that takes it in."""


def with_tellings(
    article: Understood,
    framed: Framed,
    lexicon: Lexicon,
    may_tell: Callable[[int], bool],
    attributed: Callable[[int], str],
) -> Iterator[Draft]:
    """What frames tell and the model believes, and what the model alone finds, sentence by sentence.

    Args:
        article: The article.
        framed: What frames see, and deals that the model of pairs sees.
        lexicon: The word tables and the model.
        may_tell: Whether a sentence, by its number, can state anything.
        attributed: The attribution of a sentence, by its number.
    """
    by_sentence: dict[int, list[Draft]] = defaultdict(list)
    deals = deals_of(framed.drafts)
    for draft in framed.drafts:
        by_sentence[draft.sentence].append(draft)
    for number in range(len(article.sentences)):
        drafts = by_sentence[number]
        if not may_tell(number):
            yield from drafts
            continue
        reader = Reader(article, number)
        shown = shown_of(reader, drafts, framed.halves.get(number, ()), lexicon)
        kept = [judged for d in drafts if (judged := _believed(d, shown, lexicon)) is not None]
        yield from kept
        for label, sure in TOLD.items():
            yield from _added(label, sure, shown, kept, lexicon, attributed(number))
        for draft in _dealt(shown, reader, lexicon, attributed(number)):
            if frozenset(draft.parties) not in deals:
                yield draft


def _believed(draft: Draft, shown: Sequence[tuple[Telling, list[str]]], lexicon: Lexicon) -> Draft | None:
    """What a frame tells, with how likely the model finds it; None if it is not likely at all."""
    if draft.type == "partnership":
        return draft
    label = label_of(draft.type)
    model = lexicon.tellings
    likely = [(model.probability(label, s), i) for i, (telling, s) in enumerate(shown) if telling.who in draft.parties]
    if not likely:
        return draft
    probability, surest = max(likely, key=lambda p: (p[0], -p[1]))
    if probability < KEPT:
        return None
    telling, s = shown[surest]
    if not draft.explicit:
        draft = replace(draft, status=_status(telling, label, s, lexicon))
    return replace(draft, probability=probability)


def _added(
    label: str,
    sure: float,
    shown: Sequence[tuple[Telling, list[str]]],
    kept: Sequence[Draft],
    lexicon: Lexicon,
    attribution: str,
) -> Iterator[Draft]:
    """Events of a label that no frame of the sentence tells."""
    model = lexicon.tellings
    told = {party for d in kept if label_of(d.type) == label for party in d.parties}
    if told and label in _SHARED:
        return
    if label in _PART_OF_OTHERS:  # a plant that a partnership is for, a sum that goes into a plant
        told |= {p for d in kept if label_of(d.type) in _PART_OF_OTHERS[label] for p in d.parties}
    found = [(model.probability(label, s), telling, s) for telling, s in shown if telling.who not in told]
    found = sorted((f for f in found if f[0] >= sure), key=lambda f: -f[0])
    groups = [found] if label in _SHARED and found else [[each] for each in found]
    for group in groups:
        probability, telling, s = group[0]
        event_type, kind = _type_and_kind(label, s, lexicon)
        yield Draft(
            type=event_type,
            kind=kind,
            status=_status(telling, label, s, lexicon),
            explicit=False,
            parties={t.who: _role(event_type, t, own, lexicon) for _, t, own in reversed(group)},
            sentence=telling.reader.number,
            trigger=anchor(telling),
            frame=unframed(kind, event_type),
            attribution=attribution,
            inferred=telling.at is None,
            probability=probability,
        )


def _dealt(
    shown: Sequence[tuple[Telling, list[str]]], reader: Reader, lexicon: Lexicon, attribution: str
) -> Iterator[Draft]:
    """Deals of companies of a sentence with somebody whom it does not name."""
    model = lexicon.tellings
    for telling, topic, s in dealings(shown, reader):
        probability = model.probability(WITH_TOPIC, s)
        if probability >= DEALT:
            kind = lexicon.tellings.likeliest([f"{WITH_TOPIC}: {k}" for k in PARTNERSHIP_KIND], s)
            kind = kind.removeprefix(f"{WITH_TOPIC}: ")
            yield Draft(
                type="partnership",
                kind=kind,
                status=_status(telling, WITH_TOPIC, s, lexicon),
                explicit=False,
                parties={topic: "partner", telling.who: "partner"},
                sentence=telling.reader.number,
                trigger=anchor(telling),
                frame=unframed(kind),
                attribution=attribution,
                inferred=True,
                probability=probability,
            )


def _status(telling: Telling, label: str, shown: Sequence[str], lexicon: Lexicon) -> str:
    """How far the model finds that a thing has got, of what the sentence may tell."""
    among = possible(telling.reader.words, lexicon)
    return lexicon.tellings.likeliest(among, status_signs(telling, label, shown, lexicon))


def _type_and_kind(label: str, shown: Sequence[str], lexicon: Lexicon) -> tuple[str, str | None]:
    if label == "trade_policy":
        return label, lexicon.tellings.likeliest(TRADE_POLICY_KIND, shown)
    if label != SITE:
        return label, None
    if lexicon.tellings.score(PRODUCTION, shown) > 0:
        return "production", None
    return "facility", lexicon.tellings.likeliest(FACILITY_KIND, shown)


def _role(event_type: str, telling: Telling, shown: Sequence[str], lexicon: Lexicon) -> str:
    if event_type == "trade_policy":
        return "affected" if lexicon.tellings.score(AFFECTED, shown) > 0 else "regulator"
    if event_type == "investment":
        return "target" if lexicon.tellings.score(TARGET, shown) > 0 else "investor"
    return "manufacturer" if event_type == "production" else "subject"
