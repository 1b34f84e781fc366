"""Names in bylines and titles: who wrote, and what of a title is the site's own name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from itertools import islice
from typing import Final

from tasks.ingestion.encoding import one_line
from tasks.ingestion.furniture import MAX_LINE, count_words, effect, key, phrases

_ADDRESS: Final = re.compile(r"\S+@\S+|https?://\S+|www\.\S+|@\w+|\(\s*\)|<[^>]*>")
_BETWEEN_NAMES: Final = re.compile(
    r"\s*(?:[;|•·/,]|\band\b|&|\bund\b|\bet\b|\by\b|\bwith\b|\s[-–—]\s|\s+in\s+(?=[A-Z]))\s*"
)
_UNCLOSED: Final = re.compile(r"\([^()]*$")
_PARTICLES: Final = re.compile(r"^(?:[a-zà-ÿ]{1,3}|della|dello|delle|santos|van|von)$")
_SEPARATORS: Final = re.compile(r"\s*(?:\s[|–—·•-]\s|\s?[|»«]\s?|\s?::\s?|\s?-(?=[^\s-]+(?:\s[^\s-]+)*$))\s*")
_MAX_TEXTS: Final = 50
_MAX_NAMES: Final = 20
_MAX_NAME: Final = 60


def authors(texts: Iterable[str], not_authors: Iterable[str] = ()) -> tuple[str, ...]:
    """The names in bylines, in their order, each once.

    Args:
        texts: Bylines or single names as written.
        not_authors: Names that are no authors, such as the publisher's.
    """
    excluded = {key(name) for name in not_authors if name}
    found: dict[str, str] = {}
    for text in islice(texts, _MAX_TEXTS):
        for name in _names(text) if key(text) not in excluded else ():
            if key(name) not in excluded:
                found.setdefault(key(name), name)
    return tuple(found.values())[:_MAX_NAMES]


def _names(text: str) -> Iterable[str]:
    text = without_by(one_line(_UNCLOSED.sub("", _ADDRESS.sub(" ", text[:1000]))))
    for piece in _BETWEEN_NAMES.split(text):
        name = without_by(piece).strip(" .,:;-–—()[]\"'“”*")
        if is_name(name):
            yield name


def without_by(text: str) -> str:
    """The text behind "By" and the like."""
    return _by_pattern().sub("", text, count=1).strip()


@cache
def _by_pattern() -> re.Pattern[str]:
    words = sorted((phrase.replace(" ", r"\s+") for phrase in phrases("by")), key=len, reverse=True)
    return re.compile(rf"^\W*(?:{'|'.join(words)})\b[\s:]*", re.I)


def is_byline(line: str) -> bool:
    """Whether a line has the form of a byline: "By …" and names, or a name and an office."""
    if len(line) > MAX_LINE or count_words(line) > 20:
        return False
    stripped = without_by(line)
    if stripped != line.strip():
        return any(True for _ in _names(stripped))
    if key(line) in phrases("byline"):
        return True
    first, comma, rest = line.partition(",")
    return (
        bool(comma) and has_role(rest) and count_words(rest) <= 8 and count_words(first) >= 2 and is_name(first.strip())
    )


def has_role(text: str) -> bool:
    """Whether a text holds an office of newspapers."""
    return any(word in phrases("role") for word in key(text).split())


def is_name(text: str) -> bool:
    """Whether a text may be the name of a person (or "Staff" and the like)."""
    if not text or len(text) > _MAX_NAME or re.search(r"[\d:?!#=<>{}]", text):
        return False
    if key(text) in phrases("byline"):
        return True
    words = text.split()
    if len(words) > 5 or has_role(text) or key(text) in phrases("label") or effect(text):
        return False
    return all(word[0].isupper() or not word[0].islower() or _PARTICLES.match(word) for word in words) and any(
        word[0].isupper() or not word[0].isascii() for word in words
    )


def without_site(title: str, sites: Iterable[str]) -> str:
    """The title without the site's name before or behind it.

    Args:
        title: As the page's `title` element or a feed has it.
        sites: Names the site is known by: its name, its publisher, its domain.
    """
    names = {_bare(site) for site in sites if site} - {""}
    title = title[:MAX_LINE]
    while True:
        head, tail = _cut(title, last=True), _cut(title, last=False)
        if head and _bare(head[1]) in names:
            title = head[0]
        elif tail and _bare(tail[0]) in names:
            title = tail[1]
        else:
            return title


def without_tail(title: str) -> str:
    """The title without a short last part behind a bar or a dash, where no name of the site is known."""
    cut = _cut(title, last=True)
    if cut and count_words(cut[0]) >= 4 and count_words(cut[1]) <= 4 and cut[1][:1].isupper():
        return cut[0]
    return title


def _cut(title: str, *, last: bool) -> tuple[str, str] | None:
    found = list(_SEPARATORS.finditer(title))
    if not found:
        return None
    separator = found[-1 if last else 0]
    return title[: separator.start()].strip(), title[separator.end() :].strip()


def _bare(site: str) -> str:
    """A site's name without article, `www.` and ending, so that "The Example" and "example.com" agree."""
    name = re.sub(r"^(?:https?://)?(?:www\.)?", "", site.strip().lower()).split("/")[0]
    name = re.sub(r"\.(?:com?|org|net|[a-z]{2})(?:\.[a-z]{2})?$", "", name)
    return re.sub(r"^the", "", key(name).replace(" ", ""))
