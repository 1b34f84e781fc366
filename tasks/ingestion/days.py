"""When a page was published, and when it was changed last: as it states for machines, else as it shows.

What a page states is believed before what it shows: JSON-LD, meta elements, microdata; then the day in its own address;
then the days shown near its headline, those marked as the day of publication first; at last what `htmldate` guesses.
Days of comments, of teasers of other stories and of changes are not those of publication.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import chain
from typing import Final
from urllib.parse import urlsplit

from htmldate import find_date
from lxml.html import HtmlElement

from tasks.ingestion import dates
from tasks.ingestion.furniture import count_words, holds
from tasks.ingestion.structured import Page, text_of, texts_of

_ZONE: Final = re.compile(r"(?:T|\s)(?P<hour>\d{1,2}):\d{2}\S*?\s?(?P<zone>Z|GMT|UTC|[+-]\d{2}:?\d{2})\b")
_UNIVERSAL: Final = re.compile(r"Z|GMT|UTC|[+-]00:?00")
_FAR_WEST: Final = 8
_FAR_EAST: Final = 11
_ADDRESS_DAY: Final = re.compile(
    r"/(?P<year>(?:19|20)\d{2})/(?P<month>\d{1,2})/(?P<day>\d{1,2})(?:/|$)"
    r"|[/_-](?P<iso>(?:19|20)\d{2}-[01]\d-[0-3]\d)(?=[/_.-]|$)"
    r"|[/_-](?P<compact>(?:19|20)\d{2}[01]\d[0-3]\d)(?=[/_.-]|$)"
)
_MARK: Final = re.compile(r"date|time|publish|posted|stamp|meta|datum|fecha", re.I)
_PUBLISHED: Final = re.compile(r"publi[sc]|posted|pub-?date|created|entry-?date|post-?date", re.I)
_CHANGED: Final = re.compile(r"updat|modif|chang", re.I)
_ELSEWHERE: Final = re.compile(
    r"comment|respond|disqus|related|recommend|recirc|most-?(?:read|viewed|popular)|popular|trending|teaser|sidebar"
    r"|read-?next|latest|archive|widget|ticker|carousel|slider|twitter|tweet|instagram|countdown|event",
    re.I,
)
_FURNITURE: Final = ("aside", "nav", "blockquote", "select", "noscript", "template")
_SHOWING: Final = ("time", "span", "p", "div", "font", "li", "td", "small", "abbr", "dd", "strong", "em", "i", "b")
_MAX_CANDIDATES: Final = 300
_MAX_WORDS: Final = 25
_MAX_LINK: Final = 8
_NOTE_WORDS: Final = 14
_NEAR: Final = 60
_BEFORE: Final = 3
_CLOSE: Final = 40
_FAR: Final = 3
_MAX_TEXT: Final = 500


def day_of_publication(page: Page) -> tuple[date | None, str | None]:
    """The day of publication, and where it was found."""
    month_first = _month_first(page)
    stated = {
        "json-ld": list(_stated_in_data(page, "datePublished")),
        "meta": list(page.first("published")),
        "microdata": _times(page.tree.xpath("//*[@itemprop='datePublished'][not(self::meta)]")[:3]),
    }
    shown = _Shown(page, month_first)
    for place, texts in stated.items():
        if day := _local_day(texts, chain.from_iterable(stated.values()), page, shown, month_first):
            return day, place
    if day := _address_day(page.url):
        return day, "address"
    if (found := shown.published)[0]:
        return found
    return (day, "guess") if (day := _guessed_day(page)) else (None, None)


def day_of_update(page: Page, published: date | None) -> date | None:
    """The day of the last change, if one is stated that is later than the day of publication."""
    month_first = _month_first(page)
    texts = [
        *_stated_in_data(page, "dateModified"),
        *page.first("updated"),
        *_times(page.tree.xpath("//*[@itemprop='dateModified'][not(self::meta)]")[:3]),
    ]
    day = _local_day(texts, texts, None, None, month_first)
    return day if day and (published is None or day > published) else None


def _stated_in_data(page: Page, name: str) -> Iterator[str]:
    return chain.from_iterable(texts_of(node.get(name)) for node in page.article_nodes())


def _local_day(
    texts: Iterable[str],
    all_texts: Iterable[str],
    page: Page | None,
    shown: _Shown | None,
    month_first: bool | None,
) -> date | None:
    """The first day in the texts, as it was where the article appeared.

    Where the first is of universal time ("…T03:12:00Z"), the day before or after it may be the local one. It is, if
    another text with a zone ("…T23:12:00-04:00"), the page's address or what it shows near the headline says so.
    """
    found = ((text, day) for text in texts if (day := dates.parse(text, month_first=month_first)))
    text, day = next(found, ("", None))
    zone = _ZONE.search(text)
    if day is None or zone is None or not _UNIVERSAL.fullmatch(zone["zone"]):
        return day
    hour = int(zone["hour"])
    if _FAR_WEST <= hour < _FAR_EAST:  # the same day everywhere
        return day
    local = (dates.parse(other) for other in all_texts if _is_local(other))
    hints: Iterable[date | None] = chain(
        local, (shown.near for _ in range(1) if shown), [_address_day(page.url)] if page else []
    )
    return next((hint for hint in hints if hint and (hint == day or _may_be_local(hint, day, hour))), day)


def _is_local(text: str) -> bool:
    zone = _ZONE.search(text)
    return zone is not None and not _UNIVERSAL.fullmatch(zone["zone"])


def _may_be_local(day: date, universal: date, hour: int) -> bool:
    """Whether it may have been that day somewhere in the world at an hour of universal time."""
    return (hour < _FAR_WEST and (universal - day).days == 1) or (hour >= _FAR_EAST and (day - universal).days == 1)


def _month_first(page: Page) -> bool | None:
    """How 02/03/2026 is read in the page's language; None where that depends on the country and none is given."""
    locale = (page.tree.get("lang") or "").replace("_", "-").lower()
    return None if locale in ("", "en") else locale == "en-us"


def _times(elements: Iterable[HtmlElement]) -> list[str]:
    return [_time_text(element) for element in elements]


def _time_text(element: HtmlElement) -> str:
    title = element.get("title") or ""
    return (
        element.get("datetime")
        or element.get("content")
        or (title if element.tag == "abbr" and dates.parse(title) else "")
        or text_of(element)
    )


def _address_day(url: str | None) -> date | None:
    """The day that an address has in its path."""
    try:
        path = urlsplit(url or "").path
    except ValueError:
        return None
    found = _ADDRESS_DAY.search(path)
    if not found:
        return None
    if found["year"]:
        return dates.parse(f"{found['year']}-{int(found['month']):02}-{int(found['day']):02}")
    return dates.parse(found["iso"] or found["compact"])


@dataclass(frozen=True)
class _Candidate:
    """A day that a page shows.

    Attributes:
        rank: Smaller is better: how it is marked, then how far it stands from the headline.
        day: The day.
        changed: Whether it is that of a change.
        place: `time`, for an element of that name, or `text`.
    """

    rank: tuple[int, int]
    day: date
    changed: bool
    place: str


class _Shown:
    """The days that a page shows, looked for when they are asked for."""

    def __init__(self, page: Page, month_first: bool | None) -> None:
        self._page, self._month_first = page, month_first

    @property
    def published(self) -> tuple[date | None, str | None]:
        """The day of publication that is shown and how, if any; that of a change where no other is."""
        best = self._best
        return (best.day, best.place) if best else (None, None)

    @property
    def near(self) -> date | None:
        """The day of publication, if it is shown near the headline."""
        best = self._best
        return best.day if best and not best.changed and best.rank[0] < _FAR else None

    @cached_property
    def _best(self) -> _Candidate | None:
        return min(self._candidates(), key=lambda candidate: (candidate.changed, candidate.rank), default=None)

    def _candidates(self) -> Iterator[_Candidate]:
        heading = self._page.headline
        inside = set() if heading is None else set(heading.iter())
        around = set() if heading is None else set(heading.iterancestors())
        places = [n for n, element in enumerate(self._page.tree.iter()) if element in inside]
        count = 0
        for position, element in enumerate(self._page.tree.iter()):
            if element.tag not in _SHOWING or element in inside:
                continue
            away = position
            if places:
                away = position - places[-1] if position > places[0] else _BEFORE * (places[0] - position)
            marks = " ".join(element.get(name) or "" for name in ("class", "id", "itemprop"))
            marked = element.tag == "time" or _MARK.search(marks) is not None
            if not marked and not (places and away <= _NEAR):
                continue
            text = self._text(element) if marked else _own_text(element)
            if not text or count_words(text[:_MAX_TEXT]) > (_MAX_WORDS if marked else _NOTE_WORDS):
                continue
            found = self._day_in(text[:_MAX_TEXT], element, marks)
            if found is None or _is_elsewhere(element, around):
                continue
            level = 0 if _PUBLISHED.search(marks) or holds(text, "publication") else 1 if marked else 2
            far = _FAR if places and away > _CLOSE else 0
            yield _Candidate((level + far, away), *found, "time" if element.tag == "time" else "text")
            count += 1
            if count == _MAX_CANDIDATES:
                return

    def _text(self, element: HtmlElement) -> str:
        """What an element shows, if that holds a day: some sites state that of the last change for machines."""
        text = text_of(element)
        return text if dates.parse(text, month_first=self._month_first) else _time_text(element)

    def _day_in(self, text: str, element: HtmlElement, marks: str) -> tuple[date, bool] | None:
        """The first day in a text that is not said to be of a change, else the first."""
        found = list(dates.dates(text, month_first=self._month_first))
        if not found and (day := dates.parse(text, month_first=self._month_first)):
            found = [dates.Found(day, 0, len(text))]
        start = 0
        days = []
        for item in found:
            days.append((item.day, holds(text[start : item.start], "change")))
            start = item.end
        if element.tag == "time" and days and holds(text_of(element), "change"):
            days = [(days[0][0], True)]
        if days and _CHANGED.search(marks) and not _PUBLISHED.search(marks):
            days = [(day, True) for day, _ in days]
        return min(days, key=lambda item: item[1], default=None)


def _own_text(element: HtmlElement) -> str:
    """The text that stands in an element itself."""
    return " ".join(filter(None, [element.text, *(child.tail for child in element)]))


def _is_elsewhere(element: HtmlElement, around: Collection[HtmlElement]) -> bool:
    """Whether an element is not of the story: in a comment, a teaser of another story or furniture.

    Args:
        element: The element.
        around: The elements that the headline stands in, which are of the story however they are called.
    """
    for outer in chain([element], element.iterancestors()):
        if outer in around or outer.tag in ("body", "html"):
            return False
        if outer.tag in _FURNITURE or (outer.tag == "a" and count_words(text_of(outer)) > _MAX_LINK):
            return True
        if (outer.tag == "article" and around) or _ELSEWHERE.search(
            f"{outer.get('class') or ''} {outer.get('id') or ''}"
        ):
            return True
    return False


def _guessed_day(page: Page) -> date | None:
    try:
        found = find_date(
            page.tree, original_date=True, url=page.url, min_date=str(dates.FIRST), max_date=str(dates.LAST)
        )
    except Exception:  # of a library, for pages that nobody has seen
        return None
    day = dates.parse(found) if found else None
    # The first of January is made of a year alone, such as that of the copyright.
    return None if day and (day.month, day.day) == (1, 1) else day
