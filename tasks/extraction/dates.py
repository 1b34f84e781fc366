"""Dates as news writes them, resolved against the day of publication.

"early 2027", "the fourth quarter", "Dec. 23", "on Tuesday", "by the end of next year": each becomes a value in the form
of the annotation guide, as exact as the words allow and no more. What only makes sense beside a day of publication is
left out where that day is unknown. The tense of the sentence tells whether a month or a weekday lies ahead or behind.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from spacy.tokens import Doc, Token

_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_COUNTS: Final = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_PARTS: Final = {
    "first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "final": -1, "last": -1,
}  # fmt: skip
_SEASON_ENDS: Final = {"spring": 6, "summer": 9, "autumn": 12, "fall": 12, "winter": 3}
_FUTURE: Final = {"will", "shall", "'ll", "’ll", "would", "should", "may", "might", "could", "can", "must"}
_DOING: Final = {"begin", "start", "continue", "cease", "come", "manage"}
"""Verbs whose infinitive is told in their own tense: "began to build"."""
_SCHEDULED: Final = {
    "begin", "start", "open", "close", "end", "expire", "lapse", "enter", "apply",
}  # fmt: skip
"""Verbs whose present tense tells what is to come: "the exemption ends on 31 December"."""
_AHEAD: Final = 1.2
"""How much farther a day ahead counts than a day behind, since news tells more of what has been."""
_DATELINE_REACH: Final = 400
_NEAR_TEXT: Final = 40


def _any(words: Iterable[str]) -> str:
    return "|".join(words)


_MONTH = rf"(?P<month>{_any(_MONTHS)}|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?)"
_FIRST_MONTH = _MONTH.replace("<month>", "<first>")
_WEEKDAY = rf"(?P<weekday>{_any(_WEEKDAYS)})"
_YEAR = r"(?P<year>(?:19|20)\d\d)(?!\d|[,.]\d|s\b|['’]s\b)"
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
_THAT_YEAR = r"(?i:(?P<that>this|last|next|the (?:previous|following|current|coming)|the)) year"
_STRETCH = (
    r"(?:(?:the\s)?(?:very\s)?(?:early|late|mid|middle|end|beginning|start|turn|close|summer|autumn|fall|spring|winter)"
    r"(?:\s(?:in|of|part\sof))?[\s-](?:the\s)?)"
)
"""Words that make a date vaguer, and so change nothing: "early 2027" is 2027."""
_COUNT = rf"(?P<count>\d{{1,2}}|an?|{_any(_COUNTS)})"
_NTH = rf"(?P<nth>{_any(_PARTS)})"

_PREPOSITIONS = (
    "in", "by", "since", "from", "until", "till", "through", "during", "of", "for", "before", "after", "between", "to",
    "and", "or", "around",
)  # fmt: skip
_BEFORE_MONTH = rf"(?<![\w-])(?i:{_any(_PREPOSITIONS)})\s(?:about\s|around\s)?"
_BEFORE_YEAR = re.compile(
    rf"(?:\b(?:{_any(_PREPOSITIONS)}|than|as of|over|into|throughout|on)|[-–(,])\s?$", re.IGNORECASE
)
_NO_YEAR_BEHIND = re.compile(
    r"\s?(?:%|per\s?cent|km|kWh|MWh|GWh)|\s(?:jobs|cars|vehicles|units|people|workers|employees)\b"
)
_NAME_BEHIND = re.compile(r"[\s-][A-Z\d]|\s(?:model|edition)\b")
_DEADLINE = re.compile(
    r"\b(?:by|until|till|before|no later than|not later than|through|within|ends?(?: in)?|expires?(?: in)?)\s"
    r"(?:the\s|about\s|around\s)?$",
    re.IGNORECASE,
)
_DUE = re.compile(
    r"\b(?:by|until|till|before|no later than|not later than)\s(?:the\s|about\s|around\s)?$", re.IGNORECASE
)
_SINCE = re.compile(
    r"\b(?:since|from|starting|starting (?:in|from|on)|beginning (?:in|on)|as of|effective|between)\s"
    r"(?:the\s|about\s|around\s)?$",
    re.IGNORECASE,
)
_TAKING_EFFECT = re.compile(
    r"\b(?:effective|as of|starting|beginning)\s(?:from\s|in\s|on\s)?(?:the\s)?$", re.IGNORECASE
)
_WHICH = re.compile(r"(?P<last>last|since)\b|(?:next|coming)\b", re.IGNORECASE)
"""What a date begins with that says whether it lies behind."""
_BEHIND_US = re.compile(r"\b(?:last|since)\s(?:the\s)?$", re.IGNORECASE)
_BEFORE_US = re.compile(r"\b(?:next|coming)\s$", re.IGNORECASE)
_SECOND_END = re.compile(
    r"(?:\bfrom\s[^.;,]{4,25}\s(?:to|until|through)|\bbetween\s[^.;,]{4,25}\sand|\b\d{4}\s?[-–])\s?$", re.IGNORECASE
)
_DATELINE = re.compile(r"^[^.\n]{0,60}?[A-Z]{3}[^.\n]{0,40}[,(–—|-]\s?$")
_BEHIND_DATELINE = re.compile(r"\s?(?:[(:]|-{1,2}|–|—|/)")


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date in a text.

    Attributes:
        start: Offset of its first character.
        end: Offset behind its last character.
        value: `YYYY`, `YYYY-Hn`, `YYYY-Qn`, `YYYY-MM` or `YYYY-MM-DD`.
        kind: `point`, `deadline` (by, until), `since` (since, from) or `dateline` (the article's own date).
    """

    start: int
    end: int
    value: str
    kind: str = "point"


@dataclass(frozen=True, slots=True)
class _Context:
    """What a date is resolved against; `forward` is True ahead, False behind, None if the sentence does not say."""

    published: date | None
    forward: bool | None


_Resolver = Callable[[re.Match[str], _Context], str | None]


def find_dates(doc: Doc, published: date | None) -> tuple[FoundDate, ...]:
    """The dates of a parsed text in the order of the text, without overlaps.

    Args:
        doc: Text with tags and syntax.
        published: Day of publication, or None; then relative and incomplete dates are left out.
    """
    text = doc.text
    found: list[FoundDate] = []
    for pattern, resolve in _PATTERNS:
        for match in pattern.finditer(text):
            start, end = match.span("date" if "date" in pattern.groupindex else 0)
            if any(start < other.end and other.start < end for other in found):
                continue
            value = resolve(match, _Context(published, _points_forward(doc, text, start, end)))
            if value is not None:
                found.append(FoundDate(start, end, value, _kind(text, start, end)))
    return tuple(sorted(found, key=lambda each: each.start))


def _kind(text: str, start: int, end: int) -> str:
    lead = text[max(0, start - _NEAR_TEXT) : start]
    line = text[text.rfind("\n", 0, start) + 1 : start]
    if start < _DATELINE_REACH and _DATELINE.match(line) and _BEHIND_DATELINE.match(text, end):
        return "dateline"
    if _DEADLINE.search(lead) or _SECOND_END.search(lead):
        return "deadline"
    return "since" if _SINCE.search(lead) else "point"


def _points_forward(doc: Doc, text: str, start: int, end: int) -> bool | None:
    """Whether the verb that a date belongs to speaks of what is to come (True) or has been (False)."""
    span = doc.char_span(start, end, alignment_mode="expand")
    if span is None:
        return None
    lead = text[max(0, start - _NEAR_TEXT) : start]
    which = _WHICH.match(text, start)
    if which:
        return which["last"] is None
    if text[end : end + 1] == ":" or _BEHIND_US.search(lead):  # the colon is that of an entry of a chronicle
        return False
    if _BEFORE_US.search(lead):
        return True
    verb = next((token for token in (span.root, *span.root.ancestors) if token.pos_ in ("VERB", "AUX")), None)
    forward = None if verb is None else _tense(verb)
    if forward is False and _TAKING_EFFECT.search(lead):
        return None  # "was cut, effective 1 July"
    return True if forward is None and _DUE.search(lead) else forward


def _tense(verb: Token) -> bool | None:
    helpers = {child.lower_ for child in verb.children if child.dep_ in ("aux", "auxpass")}
    if "to" in helpers and verb.head != verb and verb.head.lemma_.lower() in _DOING:
        return _tense(verb.head)
    if helpers & _FUTURE or "to" in helpers:
        return True
    if verb.tag_ in ("VBZ", "VBP") and verb.lemma_.lower() in _SCHEDULED:
        return True
    if helpers & {"is", "are"} or verb.tag_ not in ("VBD", "VBN"):
        return None
    return False


# --------------------------------------------------------------------------------------------------- days and months


def _full_day(match: re.Match[str], context: _Context) -> str | None:
    """Day and month with a year that is written, told ("last year") or understood."""
    month, day, year = _month_number(match["month"]), int(match["day"]), _year(match, context)
    if year is None:
        found = _nearest(context, [_day(y, month, day) for y in _years_around(context)])
    else:
        found = _day(year, month, day)
    return found.isoformat() if found else None


def _month(match: re.Match[str], context: _Context) -> str | None:
    month, year = _month_number(match["month"]), _year(match, context)
    if year is None:
        near = _nearest(context, [date(y, month, 1) for y in _years_around(context)], whole_months=True)
        year = near.year if near else None
    return f"{year:04}-{month:02}" if year else None


def _iso(match: re.Match[str], context: _Context) -> str | None:
    found = _day(int(match["year"]), int(match["m"]), int(match["d"]))
    return found.isoformat() if found else None


def _numeric(match: re.Match[str], context: _Context) -> str | None:
    """01.12.2025 is day first; 12/01/2025 is what lies nearer to the publication, month first if that is unknown."""
    a, b, year = int(match["a"]), int(match["b"]), int(match["year"])
    day_first, month_first = _day(year, b, a), _day(year, a, b)
    found = (day_first or month_first) if match["mark"] in ".-" else (month_first or day_first)
    if match["mark"] == "/" and day_first and month_first and context.published:
        published = context.published
        found = min(month_first, day_first, key=lambda day: abs((day - published).days))
    return found.isoformat() if found else None


def _weekday(match: re.Match[str], context: _Context) -> str | None:
    """The last such day on or before the publication, or the next one if the sentence looks ahead."""
    published = context.published
    if published is None:
        return None
    back = (published.weekday() - _WEEKDAYS.index(match["weekday"])) % 7
    which = (match["which"] or "").casefold()
    if which == "next" or (not which and context.forward and back):
        return (published + timedelta(days=7 - back)).isoformat()
    return (published - timedelta(days=back or (7 if which == "last" else 0))).isoformat()


def _named_day(match: re.Match[str], context: _Context) -> str | None:
    step = {"today": 0, "yesterday": -1, "tomorrow": 1}[match["name"].casefold()]
    return (context.published + timedelta(days=step)).isoformat() if context.published else None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _month_number(name: str) -> int:
    return next(number for number, month in enumerate(_MONTHS, 1) if month.startswith(name[:3]))


def _years_around(context: _Context) -> list[int]:
    return [context.published.year + step for step in (-1, 0, 1)] if context.published else []


def _nearest(context: _Context, days: list[date | None], *, whole_months: bool = False) -> date | None:
    """Of the days the one that fits the tense and lies nearest to the publication."""
    if context.published is None:
        return None
    here = context.published.replace(day=1) if whole_months else context.published
    fitting = [
        day for day in days if day and (context.forward is None or day == here or (day > here) == context.forward)
    ]
    return min(fitting, key=lambda day: abs((day - here).days) * (_AHEAD if day > here else 1), default=None)


# --------------------------------------------------------------------------------------------- years and parts of them


def _year(match: re.Match[str], context: _Context) -> int | None:
    """The year that is written, in four digits or two, or told ("last year"), if any."""
    groups = match.groupdict()
    if groups.get("year"):
        return int(groups["year"])
    if groups.get("short"):
        return 2000 + int(groups["short"])
    if groups.get("that") is None or context.published is None:
        return None
    step = {"last": -1, "previous": -1, "next": 1, "following": 1, "coming": 1}
    return context.published.year + step.get(groups["that"].casefold().split()[-1], 0)


def _part_of_year(match: re.Match[str], context: _Context) -> str | None:
    """A quarter or a half, of a year that is written, told or understood."""
    groups = match.groupdict()
    letter, number_of = ("Q", 4) if groups.get("quarter") is not None else ("H", 2)
    number = int(groups.get("number") or _PARTS[match["nth"].casefold()])
    number = number_of if number < 0 else number
    if number > number_of:
        return None
    year, months = _year(match, context), 12 // number_of
    if year is None:
        starts: list[date | None] = [date(y, 1 + months * (number - 1), 1) for y in _years_around(context)]
        near = _nearest(context, starts, whole_months=True)
        year = near.year if near else None
    return f"{year:04}-{letter}{number}" if year else None


def _first_months(match: re.Match[str], context: _Context) -> str | None:
    """Of "the first nine months of 2025" the year; three months are a quarter, six a half.

    Without a year they are those that were last over.
    """
    year, published = _year(match, context), context.published
    if year is None and published:
        year = published.year - (published.month < _count(match))
    return f"{year:04}{({3: '-Q1', 6: '-H1'}).get(_count(match), '')}" if year else None


def _told_year(match: re.Match[str], context: _Context) -> str | None:
    year = _year(match, context)
    return f"{year:04}" if year else None


def _plain_year(match: re.Match[str], context: _Context) -> str | None:
    """Four digits that stand as a year: not within a figure or a name ("2025 World Car of the Year")."""
    text, start, end = match.string, match.start(), match.end()
    if _NO_YEAR_BEHIND.match(text, end):
        return None
    if _NAME_BEHIND.match(text, end) and not _BEFORE_YEAR.search(text[max(0, start - 14) : start]):
        return None
    return match["year"]


def _fiscal_year(match: re.Match[str], context: _Context) -> str | None:
    """Of "FY26", "fiscal 2026", "the 2028-29 financial year" the year in which it ends, or its only name."""
    last = match["second"] or match["second_before"] or match["first"] or match["first_before"]
    return last if len(last) == len("2026") else f"20{last}"


def _decade_end(match: re.Match[str], context: _Context) -> str | None:
    """The end of the decade is the round year: in 2026, 2030."""
    return f"{context.published.year // 10 * 10 + 10:04}" if context.published else None


def _season(match: re.Match[str], context: _Context) -> str | None:
    """Of "last summer" the year of the last one that is over, of "next summer" that of the first one to begin.

    "In the summer" is the last one that has begun, or the next one if the sentence looks ahead.
    """
    if context.published is None:
        return None
    year, month, end = context.published.year, context.published.month, _SEASON_ENDS[match["season"]]
    ahead = int(month > end - 3)
    steps = {
        "last": -(month < end),
        "this": 0,
        "next": ahead,
        "coming": ahead,
        "the": ahead if context.forward else ahead - 1,
    }
    return f"{year + steps[(match['which'] or 'the').casefold()]:04}"


def _months_from_to(match: re.Match[str], context: _Context) -> str | None:
    """Of "April to June 2025", "the January-March period" the quarter or half if it is one, else the year."""
    first, last, year = _month_number(match["first"]), _month_number(match["month"]), _year(match, context)
    if year is None and context.published:
        year = context.published.year - (context.published.month < last and not context.forward)
    if year is None:
        return None
    count = last - first + 1
    part = {3: "-Q", 6: "-H"}.get(count, "") if count > 0 and last % count == 0 else ""
    return f"{year:04}{part}{last // count if part else ''}"


# ------------------------------------------------------------------------------------------- distances from publication


def _neighbour(match: re.Match[str], context: _Context) -> str | None:
    """What is next to the publication: "this month", "last week", "next quarter"."""
    step = {"last": -1, "previous": -1, "this": 0, "next": 1, "coming": 1}[match["which"].casefold()]
    if match["unit"] != "quarter" or context.published is None:
        return _shifted(context, match["unit"], step)
    year, month = _months_on(context.published, 3 * step)
    return f"{year:04}-Q{(month + 2) // 3}"


def _ago(match: re.Match[str], context: _Context) -> str | None:
    return _shifted(context, match["unit"], -_count(match))


def _hence_if_ahead(match: re.Match[str], context: _Context) -> str | None:
    return _hence(match, context) if context.forward else None


def _hence(match: re.Match[str], context: _Context) -> str | None:
    return _shifted(context, match["unit"], _count(match))


def _shifted(context: _Context, unit: str, count: int) -> str | None:
    """What lies so many of a unit from the publication, as exact as the unit; a week as its month."""
    if context.published is None:
        return None
    if unit == "year":
        return f"{context.published.year + count:04}"
    if unit == "month":
        year, month = _months_on(context.published, count)
        return f"{year:04}-{month:02}"
    day = context.published + timedelta(days=count * (7 if unit == "week" else 1))
    return day.isoformat() if unit == "day" else f"{day.year:04}-{day.month:02}"


def _months_on(day: date, count: int) -> tuple[int, int]:
    years, month = divmod(day.month - 1 + count, 12)
    return day.year + years, month + 1


def _count(match: re.Match[str]) -> int:
    word = match["count"].casefold()
    return int(word) if word.isdigit() else _COUNTS.index(word) + 1 if word in _COUNTS else 1


# --------------------------------------------------------------------------------------------------------- the patterns


def _patterns() -> Iterator[tuple[re.Pattern[str], _Resolver]]:
    """Patterns from the most to the least exact; what one has read the later ones leave alone."""
    of_year = rf"(?:,?\s(?:of\s|in\s)?(?:{_YEAR}|{_THAT_YEAR}))"
    on_weekday = rf"(?:(?:{_any(_WEEKDAYS)}),?\s\(?)?"
    specification: list[tuple[str, _Resolver]] = [
        (rf"(?<![\d./-]){_YEAR}(?P<mark>[-/.])(?P<m>[01]?\d)(?P=mark)(?P<d>[0-3]?\d)(?!\d)", _iso),
        (rf"(?<![\d./-])(?P<a>[0-3]?\d)(?P<mark>[./-])(?P<b>[0-3]?\d)(?P=mark){_YEAR}", _numeric),
        (rf"\b{on_weekday}(?:the\s)?{_DAY}\s(?:of\s)?{_MONTH}{of_year}?(?!\w)", _full_day),
        (rf"\b{on_weekday}{_MONTH}\s(?:the\s)?{_DAY}(?!\d|[,.]\d|:\d){of_year}?(?!\w)", _full_day),
        (rf"\b{_FIRST_MONTH}\s?(?:-|–|to|through|until)\s?{_MONTH}{of_year}?(?!\w|\s\d)", _months_from_to),
        (rf"\b{_STRETCH}?{_MONTH}{of_year}(?!\w)", _month),
        (rf"\bQ(?P<number>[1-4])(?P<quarter>)[\s,/-]{{0,2}}{_YEAR}", _part_of_year),
        (rf"\bQ(?P<number>[1-4])(?P<quarter>)\s(?:of\s)?{_THAT_YEAR}\b", _part_of_year),
        (
            r"\b(?i:in|for|during|since|by|of)\s(?:the\s)?"
            r"(?P<date>Q(?P<number>[1-4])(?P<quarter>))(?!\w|[.-]\w|\se-|\s[A-Z])",
            _part_of_year,
        ),
        (rf"\b{_YEAR}[\s-]?Q(?P<number>[1-4])(?P<quarter>)\b", _part_of_year),
        (rf"\b(?P<number>[1-4])Q(?P<quarter>)(?:\s?{_YEAR}|['’]?(?P<short>\d\d))\b", _part_of_year),
        (rf"\bH(?P<number>[12])(?:[\s,/-]{{0,2}}{_YEAR}|\s(?:of\s)?{_THAT_YEAR})(?!\w)", _part_of_year),
        (rf"\b(?P<number>[12])H(?:\s?{_YEAR}|['’]?(?P<short>\d\d))\b", _part_of_year),
        (
            rf"\b(?i:{_NTH})[\s-]quarter(?P<quarter>)"
            rf"(?:,?\s(?:of\s)?(?:(?:fiscal|financial)\s(?:year\s)?)?(?:{_YEAR}|{_THAT_YEAR}))?(?!\w)",
            _part_of_year,
        ),
        (rf"\b(?i:{_NTH})[\s-]half,?\s(?:of\s)?(?:{_YEAR}|{_THAT_YEAR})(?!\w)", _part_of_year),
        (rf"\b(?i:in)\sthe\s(?P<date>{_NTH}\shalf)(?!\w|\sof)", _part_of_year),
        (rf"\b[Ff]irst\s{_COUNT}\smonths(?:\sof)?\s(?:{_YEAR}|{_THAT_YEAR})(?!\w)", _first_months),
        (
            rf"\b(?i:in|for|during|over)\sthe\s(?P<date>first\s{_COUNT}\smonths)(?!\w|\s(?:of|after|in)\b)",
            _first_months,
        ),
        (
            r"\b(?:(?:FY|[Ff]iscal(?:\syear)?|[Ff]inancial\syear)\s?['’]?"
            r"(?P<first>20\d\d|\d\d)(?:[-–/](?P<second>(?:20)?\d\d))?"
            r"|(?P<first_before>20\d\d)(?:[-–/](?P<second_before>(?:20)?\d\d))?\s(?:financial|fiscal)\syear)\b",
            _fiscal_year,
        ),
        (rf"{_BEFORE_MONTH}(?P<date>{_STRETCH}?{_MONTH})(?!\w|\s\d)", _month),
        (rf"\b(?i:early|late|mid|last|next|this|since)[\s-](?:in\s)?{_MONTH}(?!\w|\s\d)", _month),
        (rf"\b{_MONTH}(?=:|\s(?:sales|deliveries|registrations|exports|shipments|output|production)\b)", _month),
        (rf"\b{_STRETCH}?(?!the year){_THAT_YEAR}\b", _told_year),
        (
            r"\b(?i:by|before|until|at)\s"
            r"(?P<date>the\s(?:end|close|start|beginning|middle)\sof\s(?P<that>the)\syear)\b",
            _told_year,
        ),
        (
            r"\b(?i:by|before|until|at)\s(?P<date>(?:the\s)?(?P<that>year)(?:[\s-]|['’]s\s)(?:end|close))\b(?!\s\d)",
            _told_year,
        ),
        (rf"\b{_STRETCH}?(?i:(?P<which>this|last|next|previous|coming))\s(?P<unit>week|month|quarter)\b", _neighbour),
        (rf"\b(?:(?i:(?P<which>last|next|this))\s)?{_WEEKDAY}\b(?!['’]s\b)", _weekday),
        (r"\b(?i:(?P<name>today|yesterday|tomorrow))\b(?!['’]s)", _named_day),
        (rf"\b(?i:{_COUNT})\s(?P<unit>day|week|month|year)s?\sago\b", _ago),
        (rf"\b(?i:within)\s(?:the\snext\s)?(?P<date>{_COUNT}\s(?P<unit>month|year)s?)\b", _hence),
        (rf"\b(?i:in)\s(?P<date>{_COUNT}\s(?P<unit>month|year)s?['’]?\stime)\b", _hence),
        (rf"\b(?P<date>{_COUNT}\s(?P<unit>month|year)s?\sfrom\snow)\b", _hence),
        (rf"\b(?i:in)\s(?P<date>{_COUNT}\s(?P<unit>month|year)s?)\b", _hence_if_ahead),
        (r"\bend\sof\s(?:the|this)\sdecade\b", _decade_end),
        (r"\b(?i:before)\s(?P<date>(?P<that>the)\syear\sis\s(?:out|over))\b", _told_year),
        (
            r"\b(?i:(?P<that>last|previous|this|current|next|coming))\s(?:fiscal|financial|business)\syear\b",
            _told_year,
        ),
        (rf"\b(?i:(?P<which>last|this|next|coming))\s(?P<season>{_any(_SEASON_ENDS)})\b", _season),
        (rf"(?<![$€£¥₹.,/\w])(?<![A-Z]-){_STRETCH}?{_YEAR}", _plain_year),
        (
            rf"\b(?i:in|since|by|until|during)\s"
            rf"(?P<date>(?:(?P<which>the)\s)?(?:early\s|late\s)?(?P<season>{_any(_SEASON_ENDS)}))\b(?!-|\s(?:of|in)\b)",
            _season,
        ),
    ]  # fmt: skip
    for pattern, resolve in specification:
        yield re.compile(pattern), resolve


_PATTERNS: Final = tuple(_patterns())
