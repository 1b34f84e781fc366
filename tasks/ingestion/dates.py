"""Days of publication, as written: in the article's own local day, and none rather than a wrong one.

Nothing here knows what day it is: "2 hours ago" has no date, and reasonable are the years from 1995 to 2100.
"""

from __future__ import annotations

import calendar
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from importlib import import_module
from typing import Final

from evpact.ids import fold

FIRST: Final = date(1995, 1, 1)
LAST: Final = date(2100, 12, 31)

_WEEKDAY: Final = "|".join(filter(None, [*calendar.day_name, *calendar.day_abbr]))
_MONTH: Final = r"[^\W\d_]{3,12}\.?"
_YEAR: Final = r"(?:19|20)\d{2}"
_DATE: Final = re.compile(
    rf"""(?<![\d/.-])(?:
        (?P<iso>{_YEAR}[-/.年년]\s?\d{{1,2}}[-/.月월]\s?\d{{1,2}}[日일]?)(?!\d)
      | (?P<compact>{_YEAR}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))(?!\d)
      | (?P<slashed>\d{{1,2}}(?P<mark>[/.-])\d{{1,2}}(?P=mark){_YEAR})(?!\d)
      | (?P<day_first>\d{{1,2}}(?:st|nd|rd|th|er|\.)?[\s-](?:of\s|de\s)?{_MONTH}(?:\sde)?,?[\s-]{_YEAR})(?!\d)
      | (?P<month_first>{_MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?,?\s{_YEAR})(?!\d)
    )""",
    re.X | re.I,
)
_AROUND: Final = re.compile(
    rf"""\b(?:{_WEEKDAY})\b\.?,?
      | \b(?:at\s)?\d{{1,2}}[:.h]\d{{2}}(?:[:.]\d{{2}})?\s?(?:[apAP]\.?\s?[mM]\b\.?)?
      | \b\d{{1,2}}\s?[apAP]\.?[mM]\b\.?
      | \b(?:GMT|UTC|Z|[ECMP]T|[A-Z]{{1,3}}[SD]T|CES?T|[A-Z]{{2,3}}T)\b(?:[+-]\d{{1,2}}(?::?\d{{2}})?)?
      | \b(?:uhr|local\stime)\b
    """,
    re.X,
)
_AMERICAN: Final = re.compile(r"\b(?:[ECMP][SD]?T|[ap]\.m\.)(?!\w)")
_LANGUAGES: Final = (
    *("en", "de", "fr", "es", "it", "pt", "nl", "sv", "da", "nb", "fi", "is", "pl", "cs"),
    *("sk", "sl", "hr", "ro", "hu", "tr", "id", "ru", "uk", "bg", "el", "lt", "lv", "et"),
)
_TABLES: Final = "dateparser.data.date_translation_data"


@dataclass(frozen=True)
class Found:
    """A date in a line and where it stands."""

    day: date
    start: int
    end: int


def reasonable(day: date | None) -> date | None:
    """The day, if news can be of it."""
    return day if day and FIRST <= day <= LAST else None


def parse(text: str, *, month_first: bool | None = None) -> date | None:
    """The first reasonable date in a text, of a value of metadata or a line.

    Args:
        text: An ISO 8601 or RFC 822 time, seconds since 1970, or a date as people write it.
        month_first: How to read 02/03/2026; None leaves it unknown.
    """
    text = text.strip()[:200]
    if re.fullmatch(r"\d{10}|\d{13}", text):
        return reasonable(datetime.fromtimestamp(int(text[:10]), UTC).date())
    return next((found.day for found in dates(text, month_first=month_first)), None)


def dates(line: str, *, month_first: bool | None = None) -> Iterator[Found]:
    """The reasonable dates in a line, from the left."""
    if "20" not in line and "19" not in line:
        return
    if month_first is None and _AMERICAN.search(line):
        month_first = True
    for match in _DATE.finditer(line[:2000]):
        day = _day(match, month_first)
        if day and reasonable(day):
            yield Found(day, match.start(), match.end())


def without_dates(line: str) -> str:
    """The line with a bar in the place of every date, time, weekday and time zone."""
    for found in sorted(dates(line, month_first=True), key=lambda found: -found.start):
        line = f"{line[: found.start]} | {line[found.end :]}"
    return _AROUND.sub(" | ", line)


def _day(match: re.Match[str], month_first: bool | None) -> date | None:
    if match["iso"] or match["compact"]:
        return (
            _date(*_numbers(match[0]))
            if match["iso"]
            else _date(int(match[0][:4]), int(match[0][4:6]), int(match[0][6:]))
        )
    if match["slashed"]:
        first, second, year = _numbers(match[0])
        if first > 12 or match["mark"] == "." or first == second:
            return _date(year, second, first)
        if second > 12 or month_first:
            return _date(year, first, second)
        return None if month_first is None else _date(year, second, first)
    return _in_words(match[0])


def _numbers(text: str) -> tuple[int, int, int]:
    first, second, third = map(int, re.findall(r"\d+", text))
    return first, second, third


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _in_words(text: str) -> date | None:
    """The day of a text with a number, the name of a month and a year."""
    year, day = re.search(_YEAR + "$", text), re.search(r"\d{1,2}(?!\d)", text)
    months = (_months()[name] for word in re.findall(r"[^\W\d_]{3,}", text) if (name := fold(word)) in _months())
    month = next(months, None)
    return _date(int(year[0]), month, int(day[0])) if year and day and month else None


@cache
def _months() -> dict[str, int]:
    """The months by their names in all languages, without names that stand for one month here and for another there."""
    meanings: defaultdict[str, set[int]] = defaultdict(set)
    for language in _LANGUAGES:
        names = import_module(f"{_TABLES}.{language}").info
        for number, month in enumerate(calendar.month_name[1:], 1):
            for name in names[month.lower()]:
                meanings[fold(name).rstrip(".")].add(number)
    return {name: min(numbers) for name, numbers in meanings.items() if len(numbers) == 1}
