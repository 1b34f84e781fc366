"""The deck: the sentence or two between the headline and the story that readers of pages for prose tend to lose."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Final

from lxml.html import HtmlElement

from tasks.ingestion.encoding import one_line
from tasks.ingestion.furniture import count_words, effect, key
from tasks.ingestion.names import is_byline

_TAGS: Final = ("p", "h2", "h3", "div", "span", "strong", "b", "li")
_DESCRIPTIONS: Final = ("description", "og:description", "twitter:description")
_WITHIN: Final = 120
_MAX_META: Final = 200
_MAX_CHARACTERS: Final = 2000
_WORDS: Final = (8, 90)
_BEGINNING: Final = 40
_FIRST_LINES: Final = 4


def find_deck(tree: HtmlElement) -> str | None:
    """The text soon behind the headline that the page's own description repeats."""
    heading = next(tree.iter("h1"), None)
    descriptions = _descriptions(tree)
    if heading is None or not descriptions:
        return None
    behind = heading.xpath(f"following::*[position() <= {_WITHIN}]")
    return next((text for element in behind if (text := _deck_text(element, descriptions)) is not None), None)


def _descriptions(tree: HtmlElement) -> set[str]:
    return {
        key(content[:_MAX_CHARACTERS])[:_BEGINNING]
        for element in islice(tree.iter("meta"), _MAX_META)
        if (element.get("name") or element.get("property") or "").lower() in _DESCRIPTIONS
        and (content := element.get("content"))
    }


def _deck_text(element: HtmlElement, descriptions: set[str]) -> str | None:
    if element.tag not in _TAGS or not (element.text or "").strip():
        return None
    text = one_line("".join(islice(element.itertext(), 50))[:_MAX_CHARACTERS])
    if key(text)[:_BEGINNING] not in descriptions or not _WORDS[0] <= count_words(text) <= _WORDS[1]:
        return None
    return None if effect(text) or is_byline(text) else text


def with_deck(deck: str | None, lines: Sequence[str]) -> list[str]:
    """The lines with the deck before them, unless they begin with it anyway."""
    beginning = key(deck or "")[:_BEGINNING]
    if not deck or any(beginning in key(line) for line in lines[:_FIRST_LINES]):
        return list(lines)
    return [deck, *lines]
