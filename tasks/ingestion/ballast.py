"""What of a page is no text: scripts, styles, comments and pictures written into it, taken out before sizes count."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_OPENING: Final = re.compile(r"<!--|<(?P<name>script|style|title|textarea)(?=[\s/>])", re.I)
_CLOSING: Final = {name: re.compile(rf"</{name}(?=[\s/>])", re.I) for name in ("script", "style", "title", "textarea")}
_KEPT: Final = ("title", "textarea")
_ATTRIBUTE: Final = r"""[^>\s][^=>\s]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>]*+))?+\s*+"""
_MAX_ATTRIBUTES: Final = 1000
_MONSTER: Final = re.compile(rf"<[a-zA-Z][^\s>]*+\s++(?:{_ATTRIBUTE}){{{_MAX_ATTRIBUTES}}}")
_DATA: Final = re.compile(r"(?<=[\"'(=])data:[^\"'()<>\s]{1000,}", re.I)


def without_ballast(html: str) -> str:
    """The page without scripts and styles, without comments and without long addresses of data.

    JSON-LD stays. What is opened and never closed stays too: it is for the parser to decide where that ends.
    """
    return _DATA.sub("data:,", "".join(_parts(html)))


def attributes_problem(html: str) -> str | None:
    """Why a tag of the page must not come before a parser, whose time grows with the square of its attributes."""
    if _MONSTER.search(html) and _MONSTER.search(without_ballast(html)):  # scripts compare with "<" too
        return f"An element with {_MAX_ATTRIBUTES:,} attributes or more."
    return None


def _parts(html: str) -> Iterator[str]:
    start = position = 0
    while found := _OPENING.search(html, position):
        if found["name"] is None:
            end = html.find("-->", found.start() + 2)
            if end < 0:
                break
            yield html[start : found.start()]
            start = position = end + 3
            continue
        name = found["name"].lower()
        tag_end = html.find(">", found.end()) + 1
        closing = _CLOSING[name].search(html, tag_end) if tag_end else None
        if closing is None:
            break
        if name not in _KEPT and "ld+json" not in html[found.start() : tag_end].lower():
            yield html[start : found.start()]
            start = position = html.find(">", closing.end()) + 1 or len(html)
        else:
            position = closing.end()
    yield html[start:]
