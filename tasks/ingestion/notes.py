"""Lines that tell of an article and not of the world: its date, byline, place and source."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from tasks.ingestion import dates
from tasks.ingestion.furniture import MAX_LINE, count_words, is_sentence, key, phrases
from tasks.ingestion.names import is_byline, is_name

_BETWEEN: Final = re.compile(r"\s*[|•·›»>/]\s*|\s{2,}|\s+[–—-]+\s+")
_EDGES: Final = " ,.;:()[]"
_SEGMENT_WORDS: Final = 6
_NOTE_WORDS: Final = 30
_READING_TIME: Final = re.compile(r"\W*\b\d+\s*min(?:ute)?s?\b[\s-]*(?:read(?:ing)?\b)?\W*", re.I)


def segments(line: str) -> list[str]:
    """The parts of a line of dates, names and places, without the dates and the reading time."""
    if len(line) > MAX_LINE:
        return [line]
    bare = _READING_TIME.sub(" | ", dates.without_dates(line))
    return [part.strip(_EDGES) for part in _BETWEEN.split(bare) if part.strip(_EDGES)]


def is_divided(line: str) -> bool:
    """Whether a line has parts that are set apart from each other."""
    return len(line) <= MAX_LINE and _BETWEEN.search(line) is not None


def is_note(line: str) -> bool:
    """Whether a line is a byline, or made of a date or reading time and short parts."""
    if len(line) > MAX_LINE or count_words(line) > _NOTE_WORDS:
        return False
    if is_byline(line):
        return True
    dated = next(dates.dates(line, month_first=True), None) is not None
    timed = _READING_TIME.search(line) is not None
    return (dated or timed) and all(count_words(part) <= _SEGMENT_WORDS for part in segments(line))


def is_stamp(line: str) -> bool:
    """Whether a line above a story is of the day, the hour or who wrote it, and not of the story."""
    return not is_sentence(line) and (is_note(line) or _is_bare_name(line))


def bylines(lines: Sequence[str]) -> Iterator[str]:
    """The bylines among the lines above a story, without a publisher's name behind them."""
    for position, line in enumerate(lines):
        parts = [line] if is_byline(line) and not next(dates.dates(line), None) else segments(line)
        yield from (_before_publisher(part) for part in parts if is_byline(part))
        neighbours = [*lines[max(0, position - 1) : position], *lines[position + 1 : position + 2]]
        if position and _is_bare_name(line) and any(map(is_note, neighbours)):
            yield line


def _is_bare_name(line: str) -> bool:
    """Whether a line is nothing but what is more likely a person's name than a publisher's."""
    return 2 <= count_words(line) <= 4 and line.istitle() and is_name(line) and not has_publisher_word(line)


def has_publisher_word(text: str) -> bool:
    """Whether a word of a text is common in the names of publishers."""
    return any(word in phrases("publisher") for word in key(text).split())


def _before_publisher(byline: str) -> str:
    return byline.partition(",")[0] if byline.count(",") == 1 else byline
