"""Numbers that leave their unit unsaid, since it was told before: "ordered 30 and cancelled 22", "the first ten".

    Posten runs 40 electric vans. Another 22 are on order, for 9 million euros; the state gives 2 million.
                                          ^^ vehicles                                           ^^^^^^^^^ euros

A number that stands alone takes the unit of what was counted, or of the things that were named in the plural, shortly
before. A percentage goes on only in a list of percentages, a sum of money only in millions.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from spacy.tokens import Doc, Span, Token

from tasks.extraction.drafts import Draft, unit_of_noun
from tasks.extraction.quantity_words import COUNTED, QuantityLexicon
from tasks.extraction.spans import char_span, sentence_of

_MANY: Final = 100
"""From here on a number that stands alone is a count; a smaller one must stand where a count does."""
_MILLION: Final = 1e6
_SENTENCES_BACK: Final = 2
_LIST_GAP: Final = 130
"""Characters between the percentages of a list: "Posco has 30 percent, followed by the Osaka firm Kinden with 25"."""
_CARRIED: Final = {"energy", "mass"}
"""Dimensions besides counts that a number may carry on: "7,000 tonnes of it for Ford and 4,000 for Prime Planet"."""
_ALIKE: Final = 20.0
"""How many times larger or smaller a number may be than the mass or energy that it carries on."""
_COUNTED_ROLES: Final = {"attr", "conj", "dobj", "nsubj", "nsubjpass", "pobj", "nummod", "dep", "npadvmod"}
_ALONE: Final = ("NOUN", "PROPN", "ADJ", "NUM", "SYM", "X")
_DIGITS_BEFORE: Final = re.compile(r"\d\s?[-–—:/.]\s?$")
_DIGITS_AFTER: Final = re.compile(r"\s?[-–—:/]\s?\d|[-–—:/]\w")
_ELLIPTIC: Final = re.compile(
    r"\s(?:of\s(?:them|these|those|which)|more|others?|each|apiece|in\s(?:all|total|number)|so\sfar|already"
    r"|(?:a|an|per|each|every)\s(?:day|week|month|year|annum|quarter)"
    r"|last\s(?:year|month|week)|th(?:is|at)\s(?:year|month))\b",
    re.IGNORECASE,
)
_CHOSEN: Final = re.compile(
    r"\b(?:first|last|next|other|remaining|another|further|additional|all|final)\s$", re.IGNORECASE
)
_NO_COUNT: Final = re.compile(
    r"\b(?:the|these|those|both|its|their|his|her|our|between|among|either|any"
    r"|page|route|line|phase|stage|step|part|level|round|minus|at|aged)\s$",
    re.IGNORECASE,
)
_VOTES: Final = re.compile(r"\bvotes?\s(?:to|for|against)\s$", re.IGNORECASE)
_OF_SOMETHING: Final = re.compile(r"\sof\s(?!them\b|these\b|those\b|which\b)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Told:
    """What a number may be a number of: a figure told before it, or a thing that was named in the plural."""

    end: int
    unit: str
    dimension: str
    is_figure: bool
    value: float = 0.0


def fill_unsaid(doc: Doc, text: str, drafts: Sequence[Draft], lexicon: QuantityLexicon) -> None:
    """Gives numbers without a unit the unit that was told before.

    Without one a large number counts vehicles if it is said to be sold or made: "deliveries came to 418,227".
    """
    things = list(_things(doc, lexicon))
    ends = [thing.end for thing in things]
    figures: list[_Told] = []
    for draft in drafts:
        if not draft.unit and not draft.dimension:
            span = char_span(doc, draft.start, draft.end)
            since = _beginning(span)
            named = things[bisect_left(ends, since) : bisect_left(ends, draft.start + 1)]
            near = [figure for figure in figures if figure.end > since]
            told = sorted((*near, *named), key=lambda each: each.end)
            told = [each for each in told if "\n" not in text[each.end : draft.start]]
            if _stands_alone(doc, text, span) and (
                unit := _sum(draft, told, figures)
                or _carried_on(text, draft, span, told)
                or _sold(draft, span, lexicon)
            ):
                draft.has(*unit)
        if draft.unit:
            figures.append(_Told(draft.end, draft.unit, draft.dimension, True, draft.value))


def _sum(draft: Draft, told: Sequence[_Told], figures: Sequence[_Told]) -> tuple[str, str] | None:
    """The currency of the article for a number of millions, unless things are counted near it."""
    money = [each for each in figures if each.dimension == "money"]
    counted = any(each.is_figure and each.dimension == COUNTED for each in told)
    if not money or counted or max(draft.number.scale, 0 if draft.number.in_digits else draft.value) < _MILLION:
        return None
    return money[-1].unit, money[-1].dimension


def _carried_on(text: str, draft: Draft, span: Span, told: Sequence[_Told]) -> tuple[str, str] | None:
    """What the number before it tells a share, amount or count of, or the things named last."""
    if _goes_on_in_percent(text, draft, told):
        return told[-1].unit, told[-1].dimension
    carried = [each for each in told if each.dimension == COUNTED or _is_like(each, draft)]
    if not carried or text[: draft.start].rstrip()[-1:] == "(":
        return None
    if draft.value < _MANY and not _may_count_few(text, draft, span):
        return None
    return carried[-1].unit, carried[-1].dimension


def _sold(draft: Draft, span: Span, lexicon: QuantityLexicon) -> tuple[str, str] | None:
    """Vehicles, if a large number is said to be sold or made."""
    if draft.value < _MANY:
        return None
    told = any(each.cue.measure != "capacity" for each in lexicon.measures.around(span, "amount"))
    return lexicon.unit_of("vehicle") if told else None


def _is_like(told: _Told, draft: Draft) -> bool:
    """Whether a number may be another amount of a mass or energy: about as large."""
    alike = told.value and 1 / _ALIKE <= draft.value / told.value <= _ALIKE
    return bool(alike) and told.is_figure and told.dimension in _CARRIED


def _goes_on_in_percent(text: str, draft: Draft, told: Sequence[_Told]) -> bool:
    """Whether a number goes on in a list of percentages, nothing else being counted in between."""
    if not told or told[-1].dimension != "share" or not told[-1].is_figure or not 0 < draft.value <= 100:
        return False
    lead = text[max(0, draft.start - 14) : draft.start]
    return draft.start - told[-1].end <= _LIST_GAP and not _NO_COUNT.search(lead)


def _may_count_few(text: str, draft: Draft, span: Span) -> bool:
    """Whether a small number stands where a count does: "ordered ten", "40 more", "the first ten", "for 14"."""
    before, root = text[max(0, draft.start - 14) : draft.start], span.root
    if draft.number.glued or root.dep_ not in _COUNTED_ROLES:
        return False
    if _ELLIPTIC.match(text, draft.end) or _CHOSEN.search(before):
        return True
    if _NO_COUNT.search(before) or _VOTES.search(text[: draft.start][-30:]) or _OF_SOMETHING.match(text, draft.end):
        return False
    return root.dep_ in ("dobj", "nsubjpass", "attr", "pobj", "conj")


def _stands_alone(doc: Doc, text: str, span: Span) -> bool:
    """Whether no noun follows, and it is no part of a name, a score or a clock time."""
    start, end = span.start_char, span.end_char
    if _DIGITS_BEFORE.search(text[max(0, start - 3) : start]) or _DIGITS_AFTER.match(text, end):
        return False
    before = doc[span.start - 1] if span.start else None
    if before is not None and before.pos_ == "PROPN" and text[start:end].isdigit():
        return False
    after = doc[span.end] if span.end < len(doc) else None
    return after is None or after.pos_ not in _ALONE or after.lower_ in ("more", "other", "others")


def _beginning(span: Span) -> int:
    """Where the stretch begins in which the unit may have been told."""
    sentence = sentence_of(span)
    for _ in range(_SENTENCES_BACK):
        sentence = sentence_of(span.doc[max(0, sentence.start - 1) : max(0, sentence.start - 1) + 1])
    return sentence.start_char


def _things(doc: Doc, lexicon: QuantityLexicon) -> Iterator[_Told]:
    """The things of the table of units that are named in the plural."""
    for token in doc:
        if token.tag_ in ("NNS", "NNPS"):
            first = token.i
            while first > 0 and token.i - first < 2 and _is_noun(doc[first - 1]):
                first -= 1
            unit = unit_of_noun(doc, first, token.i, lexicon)
            if unit and unit[1] == COUNTED:
                yield _Told(token.idx + len(token), *unit, False)


def _is_noun(token: Token) -> bool:
    return token.pos_ in ("NOUN", "PROPN")
