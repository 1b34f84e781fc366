"""Measured figures in an article: value, unit, bound, period, and what is measured.

The words are data: numbers, currencies and units in their reference tables, bounds in `bounds.csv`, words like
"tripled" in `multiples.csv`, and the cues that make a sum an investment or a price in `measures.csv`.
`tasks.extraction.drafts` finds numbers with their units; here each is completed by its surroundings: a range takes its
unit from its other end, a bare count from the count before it, the period from "a year", the measure from the nearest
cue.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from spacy.tokens import Doc, Span

from tasks.extraction.drafts import Draft, find_drafts
from tasks.extraction.measures import Evidence
from tasks.extraction.quantity_words import QuantityLexicon
from tasks.extraction.spans import Extent, char_span, sentence_of
from tasks.extraction.unsaid import fill_unsaid

__all__ = ["Figure", "QuantityLexicon", "find_quantities"]

PRODUCTS: Final = {
    "axle", "battery", "cell", "chip", "engine", "gearbox", "inverter", "module", "motor", "part", "sensor", "vehicle",
}  # fmt: skip
"""Counted units that are made and sold; counts of chargers, shops and models measure nothing more exact."""
_LARGE_SUM: Final = 1e6
_AS_NEAR: Final = 2.0
_NEAR_TEXT: Final = 40

_JOIN = re.compile(r"\s?(?:[-–—]|to|and|or|through)\s?", re.IGNORECASE)
_BETWEEN = re.compile(r"\bbetween\s(?:the\s)?$", re.IGNORECASE)
_RANGING = re.compile(r"\b(?:rang|vary|vari|span|anywhere)\w*\sfrom\s(?:the\s|an?\s)?$", re.IGNORECASE)
_FROM = re.compile(r"\bfrom\s(?:the\s|an?\s|its\s)?$", re.IGNORECASE)
_FROM_ABOUT = re.compile(r"\bfrom\s(?:[^\W\d]+\s){0,3}$", re.IGNORECASE)
_PART_OF_WHOLE = re.compile(r"\sof\s(?:its|the|their|some|about)\s(?:\w+\s)?", re.IGNORECASE)
_OF = re.compile(r"\sof\b")
_TO = re.compile(r"\bto\s(?:the\s|an?\s)?$", re.IGNORECASE)
_BASIS = re.compile(
    r"\b(?:compared (?:with|to)|against|versus|vs\.?|up from|down from|instead of|rather than|short of|after)\s"
    r"(?:the\s|its\s|an?\s)?$",
    re.IGNORECASE,
)
_EARLIER = re.compile(r"(?:\s\w+){0,2}\s(?:a|one|the) (?:year|month|quarter)s? (?:earlier|before|ago|previously)\b")
_PERCENT_FROM = re.compile(r"\s(?:more\s)?(?:from|than|on)\s(?:the\s)?")
_ON_TO = re.compile(r"[^.;:\n]{0,50}?\sto\s(?:\w+\s){0,3}?[£$€¥₹]?\d")
_CONVERTED = re.compile(r"\s?\(\s?(?:or\s)?|,?\s(?:or|i\.e\.)\s?")
_CONVERTED_AGAIN = re.compile(r"\s?[;,/]\s?")
_PER_AFTER = re.compile(
    r"(?<!\bfor )(?<!\bin )(?<!\bwithin )(?<!\bafter )\b(?:a|per|each|every)\s(?P<period>year|annum|month)"
    r"(?!\w|\s(?:earlier|before|ago|later|previously))"
    r"|\b(?P<adverb>annually|yearly|monthly|p\.a\.)|/\s?(?P<slash>year|yr|month)\b",
    re.IGNORECASE,
)
_PER_BEFORE = re.compile(
    r"\b(?:annual|yearly|(?:every|each|per|a) (?:year|month)(?! ago| earlier| before)|(?P<month>monthly))\b"
    r"[^;:()]{0,60}$",
    re.IGNORECASE,
)
_PER_PIECE = re.compile(
    r"\s(?:per|for (?:each|every))\s(?!cent|annum|year|month)\w+|\s(?:a|an)\s(?:car|vehicle|share|kWh|unit|piece)\b"
    r"|\s(?:each|apiece)(?=\s*(?:[.,;:)]|$))",
    re.IGNORECASE,
)
_OVER = re.compile(r"\bover\s(?:the\s)?$", re.IGNORECASE)
_UNDER_A = re.compile(r"\b(?:under|within)\s(?:the|its|their|an?)\s$", re.IGNORECASE)
_CLAUSE_END = re.compile(r"[;.(](?:\s|$)|\bto (?:be|reach)\b")
_DEFAULTS: Final = {"time": "duration", "order": "rank", "energy": "capacity", "mass": "sales"}


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured figure.

    Attributes:
        start: Offset of the figure's first character; a word such as "over" before it is not part of it.
        end: Offset behind its last character, the unit included.
        value: The value in full; negative for a fall or a cut.
        unit: ISO 4217 code for money, else a unit of the reference table.
        dimension: Dimension of the unit in the reference table; `money` for currencies.
        measure: A word of `vocabulary.MEASURE`.
        per: A word of `vocabulary.PER`, or None.
        bound: A word of `vocabulary.BOUND`.
        comparison: Whether it is the basis of a comparison ("up from 3%"), which is not reported.
        conversion: Whether it repeats the figure before it in another unit ("($2.2bn)"), which is not reported either.
    """

    start: int
    end: int
    value: float
    unit: str
    dimension: str
    measure: str
    per: str | None = None
    bound: str = "exact"
    comparison: bool = False
    conversion: bool = False

    def span(self, doc: Doc) -> Span:
        """The tokens that the figure touches."""
        return char_span(doc, self.start, self.end)


def find_quantities(
    doc: Doc, lexicon: QuantityLexicon, avoid: Collection[Extent] = (), country: str | None = None
) -> tuple[Figure, ...]:
    """The measured figures of a parsed text in the order of the text, without overlaps.

    Comparison bases and conversions are among them, marked as such. Years, ages, model names, and counts of what is in
    no unit table are not.

    Args:
        doc: Text with tags, syntax, lemmas and sentences.
        lexicon: The words to read it by.
        avoid: Stretches of characters that are something else, dates above all ("the first six months of 2025").
        country: The country that the text tells of, whose dollars or rupees it means.
    """
    text = doc.text
    drafts = find_drafts(doc, lexicon, avoid, country)
    for first, second in pairwise(drafts):
        _join_range(doc, text, first, second)
    fill_unsaid(doc, text, drafts, lexicon)
    drafts = [draft for draft in drafts if draft.unit]
    for before, draft in zip([None, *drafts], drafts, strict=False):
        _mark(text, before, draft, lexicon)
    return tuple(_completed(doc, text, drafts, lexicon))


# ----------------------------------------------------------------------------------------------- ranges and bare counts


def _join_range(doc: Doc, text: str, first: Draft, second: Draft) -> None:
    """Gives "three to six months", "20-25 GWh", "$2-3bn", "from 10.4 to 13.7 per cent" their units and bounds."""
    if second.unit and not first.unit and _PART_OF_WHOLE.fullmatch(text, first.end, second.start):
        first.has(second.unit, second.dimension)  # "1,200 of its 5,000 workers"
        second.comparison = True
        return
    joint = _JOIN.fullmatch(text, first.end, second.start)
    if not joint or not (first.unit or second.unit) or (first.unit and second.unit and first.unit != second.unit):
        return
    lead, word = text[max(0, first.start - _NEAR_TEXT) : first.start], joint.group().strip().casefold()
    if word == "and" and not _BETWEEN.search(lead):
        return
    if word == "or" and "time" not in (first.dimension, second.dimension):
        return
    if (not second.unit and first.dimension != "money") or (word == "to" and first.unit and _changes(doc, first)):
        return
    if first.number.scale == 1 and first.value <= second.value / second.number.scale:
        first.value *= second.number.scale
    known = second if second.unit else first
    for draft in (first, second):
        draft.has(known.unit, known.dimension)
    if word == "to" and _FROM_ABOUT.search(lead) and not _RANGING.search(lead):
        first.comparison = True
    elif first.value < second.value:
        first.bound, second.bound = "min", "max"
        first.range_end = second.range_end = second.end
        second.lead = first.start


def _changes(doc: Doc, draft: Draft) -> bool:
    """Whether a figure tells by how much something changes: "climbed 3 percentage points to 21 percent"."""
    before = char_span(doc, draft.start, draft.end).start - 1
    return before >= 0 and (doc[before].lower_ == "by" or doc[before].pos_ == "VERB")


def _same_paragraph(text: str, start: int, end: int) -> bool:
    return "\n" not in text[start:end]


# ------------------------------------------------------------------------------------- bounds, comparisons, conversions


def _mark(text: str, before: Draft | None, draft: Draft, lexicon: QuantityLexicon) -> None:
    """Sets bound, comparison and conversion by the words around the figure."""
    lead = text[max(0, draft.start - _NEAR_TEXT) : draft.start]
    # "Over ten years" is the length of something, not more than ten; "under a $2bn deal" names what holds.
    no_bound = _OVER if draft.dimension == "time" else _UNDER_A
    bound = None if no_bound.search(lead) else lexicon.bound_before.search(lead)
    found = bound or lexicon.bound_after.match(text, draft.end)
    if draft.bound is None and found:
        draft.bound = lexicon.bounds[found["word"].casefold()]
    draft.lead = draft.lead or draft.start - (len(bound.group()) if bound else 0)
    lead = lead[: bound.start()] if bound else lead
    if _RANGING.search(lead):
        draft.comparison = False
    elif (_BASIS.search(lead) and draft.dimension != "time") or (
        _FROM.search(lead) and (_EARLIER.match(text, draft.end) or _ON_TO.match(text[draft.end : draft.end + 70]))
    ):
        draft.comparison = True
    elif before and before.dimension == "share" and _PERCENT_FROM.fullmatch(text, before.end, draft.lead):
        draft.comparison = draft.dimension != "time"
    if before is not None and before.dimension == draft.dimension and before.unit != draft.unit:
        again = before.conversion and _CONVERTED_AGAIN.fullmatch(text, before.end, draft.lead)
        draft.conversion = bool(again or _CONVERTED.fullmatch(text, before.end, draft.lead))


# -------------------------------------------------------------------------------------------- measure, sign and period


def _completed(doc: Doc, text: str, drafts: Sequence[Draft], lexicon: QuantityLexicon) -> Iterator[Figure]:
    """The figures with measure, sign and period; what a figure does not tell it takes from the one before."""
    last: dict[str, Figure] = {}
    for draft, following in zip(drafts, [*(d.start for d in drafts[1:]), len(text)], strict=False):
        evidence = _evidence(doc, text, draft, lexicon)
        before = last.get(_cue_dimension(draft) or "")
        if before and not _same_paragraph(text, before.end, draft.start):
            before = None
        same = last.get(draft.unit)
        measure = draft.measure or (evidence[0].cue.measure if evidence else _default(doc, text, draft, same, lexicon))
        if measure is None:
            continue
        sign = evidence[0].cue.sign if evidence else 1
        per = _per(doc, text, draft, following)
        if per and (measure == "output" or (measure == "sales" and _site_is_as_near(evidence))):
            measure = "capacity"
        if per is None and before and before.measure == measure and measure in ("capacity", "quota"):
            per = before.per
        value = sign * draft.value
        figure = Figure(
            draft.start, draft.end, value, draft.unit, draft.dimension, measure, per, draft.bound or "exact",
            draft.comparison, draft.conversion,
        )  # fmt: skip
        last[draft.unit] = figure
        if kind := _cue_dimension(draft):
            last[kind] = figure
        yield figure


def _evidence(doc: Doc, text: str, draft: Draft, lexicon: QuantityLexicon) -> list[Evidence]:
    """The cues around a figure that may tell its measure, the nearest first."""
    kind = _cue_dimension(draft)
    if draft.measure is not None or kind is None:
        return []
    found = lexicon.measures.around(char_span(doc, draft.lead, draft.range_end or draft.end), kind)
    if (
        draft.dimension == "share"
        and draft.bound not in ("min", "max")
        and _TO.search(text[max(0, draft.lead - 8) : draft.lead])
    ):
        # "Rose to 30%" tells the level that was reached, not by how much.
        found = [each for each in found if each.cue.measure != "change"]
    return found


def _cue_dimension(draft: Draft) -> str | None:
    """The dimension in `measures.csv` that a figure's cues stand under; None if its unit says enough."""
    if draft.unit == "job":
        return "jobs"
    if draft.dimension in ("money", "share", "length"):
        return draft.dimension
    made = draft.dimension in ("energy", "power", "mass") or draft.unit in PRODUCTS
    return "amount" if made else None


def _site_is_as_near(evidence: Sequence[Evidence]) -> bool:
    """Whether a plant or line is what delivers: "the line will deliver 120,000 engines a year"."""
    return any(each.cue.measure == "capacity" and each.cost <= evidence[0].cost + _AS_NEAR for each in evidence)


def _default(doc: Doc, text: str, draft: Draft, same: Figure | None, lexicon: QuantityLexicon) -> str | None:
    """The measure of a figure without a cue; None if it measures nothing ("3,000 people" without work).

    It goes on from the figure of the same unit before it: a percentage within its paragraph, an amount farther.
    """
    if draft.unit == "job":
        return "jobs" if lexicon.measures.within(char_span(doc, draft.start, draft.end), "jobs") else None
    kind = _cue_dimension(draft)
    if same and (kind == "amount" or (kind == "share" and _same_paragraph(text, same.end, draft.start))):
        return same.measure
    if kind == "share" and _is_part_of_a_name(char_span(doc, draft.start, draft.end), lexicon):
        return "stake"
    if kind == "share" and _OF.match(text, draft.end):
        return "share"
    if draft.dimension == "money":
        return "investment" if draft.value >= _LARGE_SUM else "price"
    return "sales" if draft.unit == "vehicle" else _DEFAULTS.get(draft.dimension, "other")


def _is_part_of_a_name(figure: Span, lexicon: QuantityLexicon) -> bool:
    """Whether it is a percentage of somebody, not of a nation: "took 26 per cent of Renault Korea"."""
    following = figure.doc[figure.end : figure.end + 2]
    if len(following) < 2 or following[0].lower_ != "of" or following[1].pos_ != "PROPN":
        return False
    return following[1].text not in lexicon.nations and following[1].ent_type_ not in ("LOC", "DATE")


def _per(doc: Doc, text: str, draft: Draft, following: int) -> str | None:
    """`year`, `month` or `unit`, or None."""
    if draft.dimension in ("time", "order", "length") or draft.unit == "job":
        return None
    sentence = sentence_of(char_span(doc, draft.start, draft.end))
    after = _CLAUSE_END.split(text[draft.end : max(draft.end, min(following, sentence.end_char))])[0]
    if draft.dimension == "money" and _PER_PIECE.match(after):
        return "unit"
    if draft.dimension == "share" and not _PER_AFTER.match(after.lstrip()):
        return None
    if found := _PER_AFTER.search(after):
        word = found["period"] or found["adverb"] or found["slash"]
    elif found := _PER_BEFORE.search(text[max(sentence.start_char, draft.start - 80) : draft.start]):
        word = "month" if found["month"] or "month" in found.group()[:12].casefold() else "year"
    else:
        return None
    return "month" if word.casefold().startswith("month") else "year"
