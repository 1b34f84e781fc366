"""What a sentence tells beside partnerships, by frames and by what the model of tellings makes of it.

Frames propose, and so does the model: what frames tell is kept if the model finds it likely enough, and what no frame
tells is added where the model is sure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from tasks.extraction.drafted import Draft, Framed, deals_of
from tasks.extraction.frames import Lexicon, unframed
from tasks.extraction.judging import SURE_OF_STATUS, Judge, likeliest, outvoting
from tasks.extraction.parties import Party, Reader, Understood
from tasks.extraction.tellings import (
    AFFECTED,
    PRODUCTION,
    SITE,
    TARGET,
    Telling,
    anchor,
    dealings,
    label_of,
    shown_of,
)

TOLD: Final[Mapping[str, float]] = {
    SITE: 0.4,
    "market": 0.35,
    "trade_policy": 0.3,
    "investment": 0.3,
    "product": 0.3,
}
"""Probability from which somebody is said to be in an event that no frame tells, by label."""

DEALT: Final = 0.37
"""Probability from which a company is said to have a deal with somebody whom its sentence does not name."""

DEALT_OF_LISTED: Final = 0.65
"""The same of one who has a deal with several in that sentence: what is told of him there is told of all of them."""

KEPT: Final = 0.15
"""Probability below which what a frame tells is not believed."""

_MADE: Final = frozenset({"thing=product", "measured=capacity", "measured=output"})
"""Signs of a product or a volume, without which a site is a place and no production."""

_SHARED: Final = {SITE, "trade_policy", "investment"}
"""Labels of which a sentence tells one event, of all who are in it; of the others each has his own."""
_PART_OF_OTHERS: Final = {SITE: {"partnership", "investment"}, "investment": {"partnership", SITE}}
"""Labels of which nothing is added where the sentence tells something of the same company that takes it in."""


@dataclass(frozen=True)
class _Shown:
    """Somebody of whom a sentence may tell something.

    Attributes:
        telling: Who he is, and where he stands.
        signs: What the sentence shows of him.
        likely: Probability that it tells an event of him, by label.
    """

    telling: Telling
    signs: list[str]
    likely: Mapping[str, float]


def with_tellings(
    article: Understood,
    framed: Framed,
    lexicon: Lexicon,
    judge: Judge,
    may_tell: Callable[[int], bool],
    attributed: Callable[[int], str],
) -> Iterator[Draft]:
    """What frames tell and the model believes, and what the model alone finds, sentence by sentence.

    Args:
        article: The article.
        framed: What frames see, and deals that the model of pairs sees.
        lexicon: The word tables.
        judge: The models.
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
        seen = shown_of(reader, drafts, framed.halves.get(number, ()), lexicon)
        shown = [_Shown(telling, signs, judge.told(telling, signs)) for telling, signs in seen]
        kept = [judged for d in drafts if (judged := _believed(d, shown, judge)) is not None]
        yield from kept
        for label, sure in TOLD.items():
            yield from _added(label, sure, shown, kept, judge, attributed(number))
        yield from _dealt(seen, reader, judge, deals, kept, attributed(number))


def _believed(draft: Draft, shown: Sequence[_Shown], judge: Judge) -> Draft | None:
    """What a frame tells, with how likely the model finds it; None if it is not likely at all."""
    if draft.type == "partnership":
        return draft
    label = label_of(draft.type)
    likely = [(each.likely[label], i) for i, each in enumerate(shown) if each.telling.who in draft.parties]
    if not likely:
        return draft
    probability, surest = max(likely, key=lambda p: (p[0], -p[1]))
    if probability < KEPT:
        return None
    statuses = judge.statuses_told(label, shown[surest].telling, shown[surest].signs)
    status = outvoting(draft.status, statuses, SURE_OF_STATUS) if draft.explicit else likeliest(statuses)
    return replace(draft, status=status, probability=probability)


def _added(
    label: str,
    sure: float,
    shown: Sequence[_Shown],
    kept: Sequence[Draft],
    judge: Judge,
    attribution: str,
) -> Iterator[Draft]:
    """Events of a label that no frame of the sentence tells."""
    told = {party for d in kept if label_of(d.type) == label for party in d.parties}
    if told and label in _SHARED:
        return
    if label in _PART_OF_OTHERS:  # a plant that a partnership is for, a sum that goes into a plant
        told |= {p for d in kept if label_of(d.type) in _PART_OF_OTHERS[label] for p in d.parties}
    able = [each for each in shown if each.telling.who not in told]
    if label == "market" and any(each.telling.who in told and not _is_state(each.telling) for each in shown):
        able = [each for each in able if not _is_state(each.telling)]  # of "Nissan's UK sales" it is Nissan's
    found = sorted((each for each in able if each.likely[label] >= sure), key=lambda each: -each.likely[label])
    groups = [found] if label in _SHARED and found else [[each] for each in found]
    for group in groups:
        telling, s = group[0].telling, group[0].signs
        event_type, kind = _type_and_kind(label, telling, s, judge)
        yield Draft(
            type=event_type,
            kind=kind,
            status=likeliest(judge.statuses_told(label, telling, s)),
            explicit=False,
            parties={each.telling.who: _role(event_type, each.telling, each.signs, judge) for each in reversed(group)},
            sentence=telling.reader.number,
            trigger=anchor(telling),
            frame=unframed(kind, event_type),
            attribution=attribution,
            inferred=telling.at is None,
            probability=group[0].likely[label],
        )


def _dealt(
    shown: Sequence[tuple[Telling, list[str]]],
    reader: Reader,
    judge: Judge,
    deals: Collection[frozenset[Party]],
    kept: Sequence[Draft],
    attribution: str,
) -> Iterator[Draft]:
    """Deals of companies of a sentence with somebody whom it does not name, nor anybody of his house elsewhere."""
    topics: dict[Party, dict[Party, list[str]]] = defaultdict(dict)
    lists = [draft.parties for draft in kept if draft.type == "partnership"]
    for telling, topic, s in dealings(shown, reader):
        topics[telling.who][topic] = s
    for telling, signs in shown:
        if telling.entity is None or telling.at is None or telling.entity.kind == "government":
            continue
        own = telling.entity.id
        listed = any(len(members) > 2 and own in members for members in lists)
        dealt = [p for two in deals if own in two for p in two if isinstance(p, int)]
        for other, probability in sorted(judge.unnamed(telling, topics[telling.who]), key=lambda o: (-o[1], o[0])):
            if probability < (DEALT_OF_LISTED if listed else DEALT) or any(
                reader.are_kin(known, other) for known in (own, *dealt)
            ):
                continue
            dealt.append(other)
            s = topics[telling.who].get(other, signs)
            kinds = judge.kinds_with_unnamed(telling, other, s)
            kind = likeliest(kinds)
            statuses = judge.statuses_with_unnamed(telling, other, s)
            yield Draft(
                type="partnership",
                kind=kind,
                status=likeliest(statuses),
                explicit=False,
                parties=judge.roles(reader.number, [own, other]),
                sentence=reader.number,
                trigger=anchor(telling),
                frame=unframed(kind),
                attribution=attribution,
                inferred=True,
                probability=probability,
                kinds=kinds,
                statuses=statuses,
            )


def _is_state(telling: Telling) -> bool:
    return telling.entity is None or telling.entity.kind == "government"


def _type_and_kind(label: str, telling: Telling, shown: Sequence[str], judge: Judge) -> tuple[str, str | None]:
    if label == "trade_policy":
        return label, judge.kind_told(label, telling, shown)
    if label != SITE:
        return label, None
    if _MADE.intersection(shown) and judge.holds(PRODUCTION, telling, shown):
        return "production", None
    return "facility", judge.kind_told(label, telling, shown)


def _role(event_type: str, telling: Telling, shown: Sequence[str], judge: Judge) -> str:
    if event_type == "trade_policy":
        return "affected" if judge.holds(AFFECTED, telling, shown) else "regulator"
    if event_type == "investment":
        return "target" if judge.holds(TARGET, telling, shown) else "investor"
    return "manufacturer" if event_type == "production" else "subject"
