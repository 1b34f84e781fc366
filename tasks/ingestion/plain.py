"""Text saved from a browser: what is above the story (title, byline, date) and the story itself."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from itertools import chain
from typing import Final

from tasks.ingestion import dates
from tasks.ingestion.body import MAX_CHARACTERS, paragraphs
from tasks.ingestion.encoding import normalise
from tasks.ingestion.furniture import count_words, effect, holds, is_label, is_sentence, is_story, key
from tasks.ingestion.metadata import Metadata
from tasks.ingestion.names import authors as names_in
from tasks.ingestion.names import has_role, is_byline
from tasks.ingestion.notes import bylines, has_publisher_word, is_divided, is_note, segments

_WRAPPED: Final = (45, 100)
_NAME_WORDS: Final = 6
_IMPRINT_WORDS: Final = 20
_COPYRIGHT: Final = re.compile(
    r"(?:©|\(c\)|copyright)\s*(?:©|\(c\)|\d{4}(?:\s*[-–]\s*\d{4})?|,|by\b|\s)*(?P<name>[^.|©\d]{2,60})", re.I
)
_SOURCE: Final = re.compile(
    r"^(?:source|distributed by|published by|provided by)\s*:?\s+(?P<name>[^|\[\]]{2,40}?)(?:\s{2,}|[|.]|$)", re.I
)
_DATELINE_LENGTH: Final = 90
_DATELINE_END: Final = re.compile(r"[^.!?]{0,40}?(?:--|[–—]|\s-\s|:\s)")
_IN_PARENTHESES: Final = re.compile(r"\((?P<name>[^()]{2,40})\)")
_HEAD_LINES: Final = 60
_HEADLINE_WORDS: Final = 4


def read_plain(text: str, *, title: str | None = None) -> tuple[Metadata, list[str]] | str:
    """What stands above the story and the story's paragraphs, or the reason why there are none.

    Args:
        text: The text as saved, with or without clutter.
        title: Title, if it is known from elsewhere and need not be looked for.
    """
    if len(text) > MAX_CHARACTERS:
        return f"More than {MAX_CHARACTERS:,} characters of text."
    lines = split_lines(text)
    start = _story_start(lines, title)
    head, story = lines[:start], lines[start:]
    title = title or _title(head)
    authors = names_in(bylines(head))
    publisher = _publisher(lines, head, {title or "", *authors})
    authors = tuple(name for name in authors if key(name) != key(publisher or ""))
    decks = [line for line in head if _is_deck(line, title)]
    body = paragraphs([*decks, *story], title=title, authors=authors, publisher=publisher)
    published = _published(head, story)
    return (
        Metadata(title, authors, publisher, published, published_from="text" if published else None),
        body,
    )


def split_lines(text: str) -> list[str]:
    """The lines of a text, without empty ones; lines that were broken at a fixed width are put together."""
    lines: list[str] = []
    for block in re.split(r"\n[ \t]*\n", normalise(text)):
        parts = [" ".join(re.sub(r"\s{2,}", "  ", part).strip().split(" ")) for part in block.split("\n")]
        parts = [part for part in parts if part]
        lines += [" ".join(parts)] if _is_wrapped(parts) else parts
    return lines


def _is_wrapped(lines: Sequence[str]) -> bool:
    low, high = _WRAPPED
    return (
        len(lines) >= 2
        and all(low <= len(line) <= high for line in lines[:-1])
        and len(lines[-1]) <= high
        and max(map(len, lines[:-1])) - min(map(len, lines[:-1])) <= 30
        and any(line[-1:].isalnum() or line.endswith(",") for line in lines[:-1])
        and any(line[:1].islower() for line in lines[1:])
    )


def _story_start(lines: Sequence[str], title: str | None) -> int:
    """Where the story's first paragraph stands."""
    for position, line in enumerate(lines[:_HEAD_LINES]):
        if not is_story(line) or effect(line) or is_note(line) or key(line) == key(title or ""):
            continue
        if position == 0 and not title and _is_headline(line) and any(map(is_story, lines[1:])):
            continue
        return position
    return min(1, len(lines)) if lines and not title and _is_headline(lines[0]) else 0


def _is_headline(line: str) -> bool:
    return count_words(line) <= 30 and not line.endswith((".", "…", ":"))


def _title(head: Sequence[str]) -> str | None:
    """The first line above the story that is long enough for a headline, else the longest there."""
    candidates = [line for line in head if not (effect(line) or is_label(line) or is_note(line))]
    headlines = [line for line in candidates if count_words(line) >= _HEADLINE_WORDS and not _is_path(line)]
    best = headlines[:1] or sorted(candidates, key=count_words, reverse=True)[:1]
    return " ".join(best[0].split()) if best else None


def _is_path(line: str) -> bool:
    """Whether a line is a path of sections, such as "News > Wearside > Business"."""
    return is_divided(line) and all(count_words(part) < _HEADLINE_WORDS for part in segments(line))


def _is_deck(line: str, title: str | None) -> bool:
    return (
        key(line) != key(title or "")
        and count_words(line) >= 5
        and not (effect(line) or is_label(line) or line.isupper() or is_divided(line) or is_note(line))
    )


def _publisher(lines: Sequence[str], head: Sequence[str], others: Collection[str]) -> str | None:
    """The name that the lines around the story give most reason to take for the publisher's."""
    votes: Counter[str] = Counter()
    for name, weight in chain(_imprints(lines), _names_above(head, others), _agencies(lines)):
        votes[_bare_name(name)] += weight
    votes.pop("", None)
    return max(votes, key=lambda name: votes[name]) if votes else None


def _imprints(lines: Sequence[str]) -> Iterator[tuple[str, int]]:
    """Names behind a copyright sign, or behind "Source" and the like, with their weight."""
    for line in lines:
        if count_words(line) <= _IMPRINT_WORDS:
            for pattern, weight in ((_COPYRIGHT, 6), (_SOURCE, 5)):
                if found := pattern.search(line):
                    yield found["name"], weight


def _names_above(head: Sequence[str], others: Collection[str]) -> Iterator[tuple[str, int]]:
    """Short parts of the lines above the story that may be a publisher's name, with their weight."""
    for line in head:
        for part in segments(line) if is_note(line) or is_divided(line) else [line]:
            name = part.rpartition(",")[2].strip() if is_byline(part) else part
            if (name != part or not is_byline(part)) and name not in others and _may_be_publisher(name):
                yield name, 2 + 3 * has_publisher_word(name)


def _agencies(lines: Sequence[str]) -> Iterator[tuple[str, int]]:
    """The name in brackets before the dash of a dateline: "SEOUL, Dec 26 (The Wire) - …"."""
    first = next(filter(is_story, lines), "")[:_DATELINE_LENGTH]
    if (found := _IN_PARENTHESES.search(first)) and first[found.end() :].lstrip()[:1] in ("-", "–", "—"):
        yield found["name"], 4


def _bare_name(text: str) -> str:
    text = re.split(r"\.?\s*\ball rights\b", text, flags=re.I)[0]
    return " ".join(text.split()).strip(" ,.;:-–—|()[]")


def _may_be_publisher(text: str) -> bool:
    return (
        1 <= count_words(text) <= _NAME_WORDS
        and not (effect(text) or is_label(text) or _is_office(text) or is_sentence(text))
        and (count_words(text) >= 2 or has_publisher_word(text))
    )


def _is_office(text: str) -> bool:
    """Whether a text is an office, without a publisher's word in it."""
    return has_role(text) and not has_publisher_word(text)


def _published(head: Sequence[str], story: Sequence[str]) -> date | None:
    """The first date above the story that is not one of a headline, else the one in its dateline.

    A date that is said to be that of a change counts if there is no other.
    """
    above = [found for line in head if is_note(line) for found in _stamps(line)]
    for day, is_change in above:
        if not is_change:
            return day
    for line in story[:1]:
        found = next(dates.dates(line[:_DATELINE_LENGTH]), None)
        if found and _DATELINE_END.match(line[found.end :]):
            return found.day
    return above[0][0] if above else None


def _stamps(line: str) -> Iterator[tuple[date, bool]]:
    """The dates in a line, each with whether the words before it say that it is that of a change."""
    start = 0
    for found in dates.dates(line):
        yield found.day, holds(line[start : found.start], "change")
        start = found.end
