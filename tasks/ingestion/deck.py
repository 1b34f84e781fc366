"""The deck: the sentence or two between the headline and the story that readers of pages for prose tend to lose."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice
from typing import Final

from lxml.html import HtmlElement

from tasks.ingestion.encoding import one_line
from tasks.ingestion.furniture import count_words, effect, key
from tasks.ingestion.names import is_byline

_MARK: Final = re.compile(
    r"(?:^|[\s_-])(?:stand-?first|dek|deck|sub-?(?:title|heading|headline|head|line)|lead(?:-?text)?|lede|intro(?:duction)?"
    r"|excerpt|summary|teaser(?:-?text)?|chap[eo]au?|abstract|vorspann|anreisser|sommario|catenaccio|entradilla|bajada)(?:$|[\s_-])",
    re.I,
)
_TAGS: Final = ("p", "h2", "h3", "div", "span", "strong", "b", "li")
_DESCRIPTIONS: Final = ("description", "og:description", "twitter:description")
_WITHIN: Final = 120
_WORDS: Final = (8, 90)
_BEGINNING: Final = 40
_FIRST_LINES: Final = 4


def find_deck(tree: HtmlElement) -> str | None:
    """The first text behind the headline that is marked as a deck, or that the page's description repeats."""
    heading = next(tree.iter("h1"), None)
    if heading is None:
        return None
    descriptions = {
        key(content)[:_BEGINNING]
        for element in islice(tree.iter("meta"), 200)
        if (element.get("name") or element.get("property") or "").lower() in _DESCRIPTIONS
        and (content := element.get("content"))
    }
    return next(
        (text for element in _following(heading) if (text := _deck_text(element, descriptions)) is not None), None
    )


def _following(heading: HtmlElement) -> list[HtmlElement]:
    return list(islice(heading.xpath("following::*"), _WITHIN))


def _deck_text(element: HtmlElement, descriptions: set[str]) -> str | None:
    if element.tag not in _TAGS:
        return None
    marked = _MARK.search(f"{element.get('class') or ''} {element.get('itemprop') or ''}") is not None
    if not marked and not (element.text or "").strip():
        return None
    text = one_line("".join(islice(element.itertext(), 50))[:2000])
    if not _WORDS[0] <= count_words(text) <= _WORDS[1] or effect(text) or is_byline(text):
        return None
    return text if marked or key(text)[:_BEGINNING] in descriptions else None


def with_deck(deck: str | None, lines: Sequence[str]) -> list[str]:
    """The lines with the deck before them, unless they begin with it anyway."""
    beginning = key(deck or "")[:_BEGINNING]
    if not deck or any(beginning in key(line) for line in lines[:_FIRST_LINES]):
        return list(lines)
    return [deck, *lines]
