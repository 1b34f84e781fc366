"""The paragraphs of a story out of the lines of a page: what is above, between and below the story is left out."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Final

from tasks.ingestion.furniture import count_words, effect, is_label, is_sentence, is_story, key, phrases
from tasks.ingestion.names import is_byline
from tasks.ingestion.notes import is_stamp

MAX_CHARACTERS: Final = 500_000
"""More text than this is a book, a dump or an attack, and no article."""

_BULLET: Final = re.compile(r"^(?:[-*•·▪►–—]|\d{1,2}[.)])\s+\S")
_LAST_WORD: Final = re.compile(r"(?<=[.!?…\"'”’»)])\s+(\w+)\W*$")
_LABELLED: Final = re.compile(r"(?:\S+\s){0,3}\S+?\s?[:|»]\s*(?P<rest>.+)")
_STORY_GOES_ON: Final = 60
_SHARE_OF_SENTENCES: Final = 0.5
_BIOGRAPHY_WITHIN: Final = 3
_REPEATED_WORDS: Final = 6
_ITEM_WORDS: Final = 5
_HEAD_LINES: Final = 6
_PULL_QUOTES: Final = 3


def paragraphs(
    lines: Sequence[str],
    *,
    title: str | None = None,
    authors: Collection[str] = (),
    publisher: str | None = None,
    titles: Collection[str] = (),
    links: Collection[str] | None = None,
) -> list[str]:
    """The paragraphs and sub-headings of the story, in their order.

    Args:
        lines: Lines of the page from the story's beginning, normalised, each a paragraph, heading or bit of furniture.
        titles: Other forms of the title, which are not repeated either.
        title: Title, which is not repeated in the text.
        authors: Authors, whose short biographies below the story are not part of it.
        publisher: Publisher, whose bare name is not part of the text.
        links: Lines that are nothing but a link, such as the headlines of other stories; None where that is not known.
    """
    names = {key(name) for name in (title, publisher, *authors, *titles) if name}
    kept: list[str] = []
    for position, line in enumerate(lines):
        what = effect(line)
        if what == "rest" or (what == "block" and not _story_goes_on(lines[position + 1 :])):
            if any(map(is_story, kept)):
                break
            kept.clear()  # the page's menus, above the story
        elif what == "block":
            again = _from_story(lines[position + 1 :])
            return kept + paragraphs(
                again, title=title, authors=authors, publisher=publisher, titles=titles, links=links
            )
        elif not (what or key(line) in names or _is_aside(line) or _is_teaser(line, links or ())) and (
            any(map(is_story, kept)) or not (is_label(line) or (position < _HEAD_LINES and is_stamp(line)))
        ):
            kept.append(line)
    return _without_repeats(_without_mark(_without_end(kept, authors, links)))


def _from_story(lines: Sequence[str]) -> Sequence[str]:
    return lines[next(i for i, line in enumerate(lines) if is_story(line)) :]


def _story_goes_on(lines: Sequence[str]) -> bool:
    """Whether behind the short lines of a block two paragraphs of a story follow each other."""
    start = next((i for i, line in enumerate(lines) if is_story(line)), None)
    if start is None or start > 8:
        return False
    run = []
    for line in lines[start:]:
        if effect(line) or not is_story(line):
            break
        run.append(count_words(line))
    return len(run) >= 2 and sum(run) >= _STORY_GOES_ON


def _is_aside(line: str) -> bool:
    """Whether a line is a byline, a dateline or the like without a sentence."""
    return not is_sentence(line) and (is_byline(line) or re.fullmatch(r"\W*", line) is not None)


def _is_teaser(line: str, links: Collection[str]) -> bool:
    """Whether a line within the story is but a link, with or without a few words and a colon before it."""
    return not is_sentence(line) and (
        (line in links and count_words(line) >= _ITEM_WORDS)
        or ((found := _LABELLED.match(line)) is not None and found["rest"] in links)
    )


def _without_end(lines: list[str], authors: Collection[str], links: Collection[str] | None) -> list[str]:
    """The lines without short ones and links that follow the last sentence, and without the authors' biographies there.

    Where little but short lines is left anyway, as in a list or a table of results, they are what there is to read.
    """
    last = max((i for i, line in enumerate(lines) if is_sentence(line) or _BULLET.match(line)), default=-1)
    story = lines[: last + 1]
    if sum(map(count_words, story)) < _SHARE_OF_SENTENCES * sum(map(count_words, lines)):
        return lines
    for position in range(max(1, len(story) - _BIOGRAPHY_WITHIN), len(story)):
        if _is_biography(story[position], authors):
            return _without_end(story[:position], authors, links)
    if links is None:
        return story
    return story + [line for line in lines[last + 1 :] if count_words(line) >= _ITEM_WORDS and line not in links]


def _without_mark(lines: list[str]) -> list[str]:
    """The lines without the word by which some agencies mark the end behind the last sentence ("… said. Enditem")."""
    if lines and (found := _LAST_WORD.search(lines[-1])) and key(found[1]) in phrases("line"):
        return [*lines[:-1], lines[-1][: found.start()]]
    return lines


def _is_biography(line: str, authors: Collection[str]) -> bool:
    return any(
        count_words(name) >= 2
        and re.match(rf"{re.escape(name)}\s+(?:is|was|has|covers?|writes?|reports?|joined)\b", line)
        for name in authors
    )


def _without_repeats(lines: list[str]) -> list[str]:
    """The lines without those that repeat an earlier one of some length, such as a pull quote; refrains stay."""
    seen: set[str] = set()
    kept = []
    for line in lines:
        if line not in seen or count_words(line) < _REPEATED_WORDS:
            kept.append(line)
        seen.add(line)
    return kept if len(lines) - len(kept) <= _PULL_QUOTES else lines
