"""Numbers with their units: the first step towards measured figures.

A number is money by its currency, a measurement by the unit that touches it, a count by the noun it belongs to. Years,
ages, clock times and the numbers of models and plants ("Model 3", "Factory 56") are none of these.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from spacy.tokens import Doc, Span, Token

from tasks.extraction.numbers import Number
from tasks.extraction.quantity_words import COUNTED, Currencies, QuantityLexicon
from tasks.extraction.spans import Extent, char_span, sentence_of

_NAME_REACH: Final = 8
"""Tokens between a number and its noun: "50,000 premium VF 6 and VF 7 SUVs"."""
_SMALL_COUNT: Final = 20
_OF_SMALL_NUMBER: Final = {"brand", "job", "line", "model", "plant"}
"""What there are few of: a small number of them in words ("three plants") measures nothing."""
_WITH_QUALITIES: Final = {COUNTED, "mass"}
"""Dimensions whose unit may have words before it: "150,000 dry metric tonnes"."""
_MODEL_NUMBER: Final = 1000
_LARGE_COUNT: Final = 100
_QUALIFYING: Final = {"VBN", "VBG", "HYPH", "PRP$"}
"""Tags of words that may stand between a number and its noun: "1,150 of its refurbished vehicles"."""
_YEARS: Final = (1900, 2100)

_NO_DURATION = re.compile(
    r"[\s-](?:\w+[\s-])?olds?\b|\s+(?:ago|earlier|later|before|prior|from now)\b|['’]?s?['’]?\s+time\b", re.IGNORECASE
)
_JOINED = re.compile(r"\s?(?:[-–—]|to|or|and)\s?", re.IGNORECASE)
_COMPARED = re.compile(r"\s(?:as|more|the|higher|larger|what|less|its|that)\b", re.IGNORECASE)
_STREAK = re.compile(
    r"\s(?:consecutive|straight|successive)\s(?P<before>\w+)"
    r"|\s(?P<after>\w+)\s(?:in a row|running|in succession|on the trot)\b",
    re.IGNORECASE,
)
_PART_OF = re.compile(r"\s(?:of|stake|share|more|less|fewer)\b", re.IGNORECASE)
_PART_BY = re.compile(r"\b(?:by|than|to)\s(?:more than\s|about\s|nearly\s|almost\s|over\s)?$", re.IGNORECASE)
_HALF_YEAR = re.compile(r"\b(?:first|second|latter|last|other|1st|2nd|this|that)[\s-]$", re.IGNORECASE)
_IN = re.compile(r"(?:\s[^\W\d]+){0,3}?\s(?:in|out\sof)\s(?:every\s)?", re.IGNORECASE)
_EXEMPT = re.compile(
    r"\b(?:no|zero|nil)\s(?:\w+\s){0,2}?(?:duty|duties|tariffs?|excise)\b"
    r"|\b(?:duty|tariff)[\s-]free\b|\bfree\sof\s(?:\w+\s)?duty\b"
    r"|\bexempt(?:ed)?\sfrom\s(?:\w+\s){0,2}(?:duty|duties|tariffs?)\b"
    r"|\b(?:duty|duties|tariffs?|excise)\b[^.;:,]{0,60}?\b(?P<zero>zero|nil)\b",
    re.IGNORECASE,
)
_PARITY = re.compile(
    r"\b(?P<left>\d\d)\s?[-–/:]\s?(?P<right>\d\d)\b(?![-–/:.,]?\d|\s?(?:%|per))"
    r"|\bequally[\s-](?:owned|held|shared)\b|\bequal (?:stakes|shares|parts|partners)\b"
    r"|\b(?:half and half|fifty[\s-]fifty)\b",
    re.IGNORECASE,
)
_RANKED = re.compile(
    r"\b(?:rank(?:s|ed|ing)?|c[ao]mes?|coming|finish(?:es|ed|ing)?|placed|was|is|were|are|puts?)\s"
    r"(?:as\s|in\s|at\s)?(?:a\s)?(?:clear\s)?$",
    re.IGNORECASE,
)
_RANK_NOUN = re.compile(
    r"[\s-](?:place|position|spot|rank)\b|[\s-](?:largest|biggest|best|most|highest|strongest)\b", re.IGNORECASE
)
_NUMBERED = re.compile(r"\b(?:No\.?|[Nn]umber|#)\s?$")
_SUPERLATIVE = (
    r"(?P<top>(?:biggest|largest|top|leading|best|most)(?:-\w+)?)"
    r"(?!\s(?:\w+\s)?(?:share|stock)?(?:holder|owner|customer))"
)
_TOPS = (
    re.compile(
        r"\b(?:is|was|were|are|be|been|became|become|becomes|remain(?:s|ed)?|stay(?:s|ed)?|as)\s"
        rf"(?:(?:again|once more|still|now|also)\s)?(?:the|its|[A-Z]\w+['’]s)\s{_SUPERLATIVE}\b"
    ),
    re.compile(rf"\b[Tt]he\s{_SUPERLATIVE}\s(?:of|among)\s(?:them|these|those|all|the\s\w+)\s(?:is|was|were|are)\b"),
)


@dataclass(slots=True)
class Draft:
    """A figure in the making.

    Attributes:
        number: The number as found.
        start: Offset of the figure's first character, a currency sign included.
        end: Offset behind its last character, the unit included.
        value: Its value.
        unit: Its unit, empty as long as it is unknown.
        dimension: Dimension of the unit; `money` for currencies.
        measure: What it measures, where its form alone tells.
        bound: A word of `vocabulary.BOUND`, where known.
        comparison: Whether it is the basis of a comparison.
        conversion: Whether it repeats the figure before it in another unit.
        lead: Where the words begin that bound the figure, or the range it belongs to.
        range_end: Offset behind the range it belongs to, if any.
    """

    number: Number
    start: int
    end: int
    value: float
    unit: str = ""
    dimension: str = ""
    measure: str | None = None
    bound: str | None = None
    comparison: bool = False
    conversion: bool = False
    lead: int = 0
    range_end: int = 0

    def has(self, unit: str, dimension: str, end: int | None = None) -> Draft:
        """The draft, once it is given its unit and where that ends."""
        self.unit, self.dimension, self.end = unit, dimension, end or self.end
        return self


def find_drafts(
    doc: Doc, lexicon: QuantityLexicon, avoid: Collection[Extent], country: str | None = None
) -> list[Draft]:
    """Numbers that are or may be figures, in the order of the text, without overlaps.

    What is to be avoided gives way where it is no more than the figure: "within five years" is a date and a length.
    """
    text = doc.text
    money = lexicon.currencies(text, country)
    numbers = [number for number in lexicon.numbers.find(text) if not _is_name(doc, number)]
    drafts = [draft for number in numbers if (draft := _draft(doc, text, number, lexicon, money))]
    drafts += [*_parities(text, lexicon), *_tops(text), *_multiples(doc, lexicon)]
    drafts += [*_ratios(text, numbers, lexicon), *_exemptions(text, lexicon)]
    kept: list[Draft] = []
    # Where two overlap, the one with a unit stands, else the longer.
    for draft in sorted(drafts, key=lambda d: (not d.unit, d.measure is None, d.start - d.end, d.start)):
        taken = [other for other in avoid if not draft.start <= other[0] <= other[1] <= draft.end]
        taken += [(other.start, other.end) for other in kept]
        if all(draft.end <= start or end <= draft.start for start, end in taken):
            kept.append(draft)
    return sorted(kept, key=lambda draft: draft.start)


def _draft(doc: Doc, text: str, number: Number, lexicon: QuantityLexicon, money: Currencies) -> Draft | None:
    """The number with its unit; without one if its neighbours may tell it; None if it is no figure."""
    draft = Draft(number, number.start, number.end, number.value)
    if number.kind == "ordinal":
        return _ordinal(doc, text, draft, lexicon)
    if number.kind == "fraction":
        return _fraction(doc, text, draft, lexicon)
    if _NUMBERED.search(text[max(0, number.start - 8) : number.start]):
        return draft.has("rank", "order") if number.value < _LARGE_COUNT else None
    if _is_equated(text, number):
        return None
    if found := _money(doc, text, draft, money):
        return found
    # A letter that is no sign of a currency makes it a name: "K9".
    return None if text[: number.start][-1:].isalpha() else _measurement(doc, text, draft, lexicon)


def _is_equated(text: str, number: Number) -> bool:
    """Whether it belongs to a rate of exchange: "($1 = 1,450 won)"."""
    return "=" in text[number.end : number.end + 2] or bool(
        re.search(r"=[^.;)]*$", text[max(0, number.start - 15) : number.start])
    )


def _money(doc: Doc, text: str, draft: Draft, money: Currencies) -> Draft | None:
    number = draft.number
    after = money.after(text, number.end)
    if number.in_digits and (before := money.before(text, number.start)) and _is_sum(text, before[0], number):
        draft.start, code = before
        return draft.has(code, "money", after[0] if after and after[1] == code else None)
    if after is None or _is_small_word(number) or _is_model_number(doc, text, number):
        return None
    return draft.has(after[1], "money", after[0])


def _is_sum(text: str, start: int, number: Number) -> bool:
    """Whether what may be a sign is one: a single letter is before a large number only, "R640-million", not "P7"."""
    return not text[start : number.start].strip().isalpha() or number.start - start > 1 or number.value >= _LARGE_COUNT


def _measurement(doc: Doc, text: str, draft: Draft, lexicon: QuantityLexicon) -> Draft | None:
    """A share, energy, length, time or count; a bare number if it may be one by its neighbours."""
    number = draft.number
    if unit := lexicon.unit_after(text, number.end):
        end, name, dimension = unit
        if dimension == "time" and (_NO_DURATION.match(text, end) or _is_one(number)):
            return None
        if dimension == "ratio":
            draft.measure = "change"
            if not _COMPARED.match(text, end) and not text[:end].endswith("fold"):
                return None
        year = dimension == "time" and _is_year(text, number)
        return None if year else draft.has(name, dimension, end)
    if _is_one(number) or _is_year(text, number) or _is_model_number(doc, text, number):
        return None
    if counted := _counted(doc, number, lexicon):
        return None if _is_small_word(number) and counted[0] in _OF_SMALL_NUMBER else draft.has(*counted)
    return None if number.glued else draft


def _is_name(doc: Doc, number: Number) -> bool:
    """Whether a number in words is part of a name: "Volta Zero", "Model Three"."""
    token = char_span(doc, number.start, number.end)[0]
    if number.in_digits or not token.is_title or token.is_sent_start:
        return False
    return any(
        0 <= i < len(doc) and doc[i].is_title and doc[i].pos_ == "PROPN" and doc[i].sent == token.sent
        for i in (token.i - 1, token.i + 1)
    )


def _is_one(number: Number) -> bool:
    return not number.in_digits and number.value == 1


def _is_small_word(number: Number) -> bool:
    return not number.in_digits and number.value < _SMALL_COUNT


def _is_year(text: str, number: Number) -> bool:
    """Whether four digits without a comma are a year: "2025 sales"; "2000 jobs" are not."""
    written = text[number.start : number.end]
    return bool(re.fullmatch(r"\d{4}", written)) and _YEARS[0] < number.value < _YEARS[1] and number.value % 1000 != 0


def _is_model_number(doc: Doc, text: str, number: Number) -> bool:
    """Whether it ends a name: "Model 3", "VF 6", "Factory 56", "Section 301"."""
    written = text[number.start : number.end]
    token = char_span(doc, number.start, number.end)[0]
    if not re.fullmatch(r"\d{1,3}", written) or token.i == 0:
        return False
    before = token.nbor(-1)
    named = before.pos_ == "PROPN" and before.text[:1].isupper() and before.ent_type_ not in ("DATE", "GPE")
    return named and bool(before.whitespace_) and number.value < _MODEL_NUMBER


# ------------------------------------------------------------------------------------------------------ counted things


def _counted(doc: Doc, number: Number, lexicon: QuantityLexicon) -> tuple[str, str, int] | None:
    """Unit, dimension and end of the noun that a number counts: "50,000 premium VF 6 and VF 7 SUVs"."""
    if number.glued:
        return None
    span = char_span(doc, number.start, number.end)
    sentence_end = sentence_of(span).end
    i, last = span.end, min(span.end + _NAME_REACH, sentence_end)
    if i < last and doc[i].lower_ == "of":
        i += 1
    elif i + 1 < last and doc[i].text == "-" and not span[-1].whitespace_:
        # "A 40-bus order"; a "two-speed gearbox" and "400-kilowatt units" are no two and no 400.
        unit = lexicon.unit_of(doc[i + 1].text)
        return (*unit, doc[i + 1].idx + len(doc[i + 1])) if unit and unit[1] == COUNTED else None
    while i < last:
        if doc[i].pos_ not in ("NOUN", "PROPN"):
            if not _qualifies(doc[i]):
                return None
            i += 1
            continue
        run = i
        while run + 1 < sentence_end and doc[run + 1].pos_ in ("NOUN", "PROPN"):
            run += 1
        unit = None if _goes_on(doc, run, "-") else unit_of_noun(doc, i, run, lexicon)
        if unit is None and i == span.end and _are_named_products(doc, i, run, number, lexicon):
            unit = lexicon.unit_of("vehicle")
        if unit is not None:
            # "2,000 direct and 6,000 indirect jobs": the noun is the second number's own.
            shared = any(_is_second_count(token) for token in doc[span.end : i])
            return *unit, number.end if shared else doc[run].idx + len(doc[run])
        if doc[run].text.islower() and not _goes_on(doc, run, "-/&", "and"):
            return None
        i = run + 1
    return None


def _qualifies(token: Token) -> bool:
    """Whether a word may stand between a number and its noun: "premium", "fully electric", "battery-", "VF 6 and"."""
    if token.pos_ == "NUM":
        named = token.nbor(-1).pos_ in ("PROPN", "NOUN") and token.nbor(-1).text[:1].isupper()
        return named or _is_second_count(token)
    if token.text == ",":
        return token.nbor(-1).pos_ == "ADJ"
    return token.pos_ in ("ADJ", "ADV", "DET", "CCONJ") or token.tag_ in _QUALIFYING or token.text in "-/&"


def _is_second_count(token: Token) -> bool:
    """Whether a number shares its noun with the one before it."""
    return token.pos_ == "NUM" and token.nbor(-1).lower_ in ("and", "or") and token.nbor(-2).pos_ in ("ADJ", "ADV")


def _goes_on(doc: Doc, i: int, signs: str, *words: str) -> bool:
    following = doc[i + 1].text if i + 1 < len(doc) else ""
    return bool(following) and (following in signs or following in words)


def unit_of_noun(doc: Doc, first: int, last: int, lexicon: QuantityLexicon) -> tuple[str, str] | None:
    """The unit of the longest ending of a run of nouns, by form or lemma."""
    for start in range(max(first, last - 2), last + 1):
        head = doc[start:last].text_with_ws if start < last else ""
        for form in (doc[last].text, doc[last].lemma_):
            unit = lexicon.unit_of(head + form)
            if unit and unit[1] in _WITH_QUALITIES:
                return unit
    return None


def _are_named_products(doc: Doc, first: int, last: int, number: Number, lexicon: QuantityLexicon) -> bool:
    """Whether many things with a name in the plural are counted: "36,000 Tavascans", "50,000 Tesla Model 3s"."""
    words = doc[first : last + 1]
    name = all(word.text[:1].isupper() or word.text[:1].isdigit() for word in words)
    plural = words[-1].text.endswith("s") and not words[-1].text.isupper()
    people = words[-1].text.removesuffix("s") in lexicon.demonyms or words[-1].text in lexicon.demonyms
    return name and plural and not people and number.value >= _LARGE_COUNT


# ---------------------------------------------------------------------------------------- ranks, streaks, parts, parity


def _ordinal(doc: Doc, text: str, draft: Draft, lexicon: QuantityLexicon) -> Draft | None:
    """A streak ("the 11th consecutive year") or a rank ("came third", "fourth place", "third-largest")."""
    if streak := _STREAK.match(text, draft.end):
        unit = lexicon.unit_of(streak["before"] or streak["after"])
        return draft.has(*unit, streak.end()) if unit and unit[1] == "time" else None
    if _RANK_NOUN.match(text, draft.end):
        return draft.has("rank", "order")
    last = char_span(doc, draft.start, draft.end)[-1].i + 1
    alone = last >= len(doc) or doc[last].pos_ in ("ADP", "PUNCT", "CCONJ", "SCONJ", "ADV", "SPACE")
    ranked = (
        alone
        and text[draft.end : draft.end + 1] != "-"
        and _RANKED.search(text[max(0, draft.start - 25) : draft.start])
    )
    return draft.has("rank", "order") if ranked else None


def _fraction(doc: Doc, text: str, draft: Draft, lexicon: QuantityLexicon) -> Draft | None:
    """A part as a percentage: "a fifth stake", "two-thirds of sales", "by a third", "keeps a tenth"."""
    percent = lexicon.unit_of("percent")
    lead = text[max(0, draft.start - 16) : draft.start]
    if (
        percent is None
        or _HALF_YEAR.search(lead)
        or not (
            _PART_OF.match(text[draft.end : draft.end + 8])
            or _PART_BY.search(lead)
            or _is_held(char_span(doc, draft.start, draft.end), lexicon)
        )
    ):
        return None
    draft.value = round(draft.value * 100, 2)
    return draft.has(*percent)


def _is_held(part: Span, lexicon: QuantityLexicon) -> bool:
    """Whether a part that stands alone is of a company or of a market: "another fifth went to Denso"."""
    following = part.doc[part.end] if part.end < len(part.doc) else None
    if following is not None and following.pos_ in ("NOUN", "PROPN", "ADJ", "NUM", "DET"):
        return False
    near = lexicon.measures.around(part, "share")
    return bool(near) and near[0].cue.measure in ("stake", "share")


def _ratios(text: str, numbers: Sequence[Number], lexicon: QuantityLexicon) -> Iterator[Draft]:
    """Parts told by two numbers as a percentage: "one in eight inverters", "nine out of ten"."""
    percent = lexicon.unit_of("percent")
    for part, whole in pairwise(numbers):
        both = part.kind == whole.kind == "cardinal" and 0 < part.value < whole.value <= _LARGE_COUNT
        both = both and part.value.is_integer()
        if percent and both and _IN.fullmatch(text, part.end, whole.start):
            value = round(100 * part.value / whole.value, 1)
            yield Draft(Number(part.start, whole.end, value), part.start, whole.end, value, *percent, measure="share")


def _exemptions(text: str, lexicon: QuantityLexicon) -> Iterator[Draft]:
    """Duties that are not charged, as zero percent: "duty-free", "no customs duty", "the tariff stays at zero"."""
    percent = lexicon.unit_of("percent")
    for match in _EXEMPT.finditer(text):
        if percent:
            start, end = match.span("zero") if match["zero"] else match.span()
            yield Draft(Number(start, end, 0.0), start, end, 0.0, *percent, measure="tariff")


def _parities(text: str, lexicon: QuantityLexicon) -> Iterator[Draft]:
    """The shares of a venture: "50-50", "51:49", "equally owned"."""
    percent = lexicon.unit_of("percent")
    if percent is None:
        return
    for match in _PARITY.finditer(text):
        left, right = (int(match[side] or 50) for side in ("left", "right"))
        if left + right != 100:
            continue
        spans = (
            [(*match.span(), left)] if left == right else [(*match.span("left"), left), (*match.span("right"), right)]
        )
        for start, end, value in spans:
            yield Draft(Number(start, end, value), start, end, float(value), percent[0], percent[1], "stake")


def _tops(text: str) -> Iterator[Draft]:
    """First ranks told by a superlative: "Tesla was the biggest brand"."""
    for match in (found for pattern in _TOPS for found in pattern.finditer(text)):
        start, end = match.span("top")
        yield Draft(Number(start, end, 1.0), start, end, 1.0, "rank", "order", measure="rank")


def _multiples(doc: Doc, lexicon: QuantityLexicon) -> Iterator[Draft]:
    """Figures within a word: "sales more than tripled", "twice as many"; what is halved has fallen by 50 percent."""
    percent = lexicon.unit_of("percent")
    for token in doc:
        factor = lexicon.multiples.get(token.lemma_.casefold()) or lexicon.multiples.get(token.lower_)
        if (
            factor is None
            or token.pos_ not in ("VERB", "ADV", "ADJ", "DET")
            or (token.pos_ == "ADJ" and token.lower_ == "double")
        ):
            continue
        start, end = token.idx, token.idx + len(token)
        draft = Draft(Number(start, end, factor), start, end, factor, "times", "ratio", measure="change")
        if factor < 1 and percent:
            draft.value = -100 * (1 - factor)
            draft.has(*percent)
        yield draft
