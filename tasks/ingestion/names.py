"""Names in bylines and titles: who wrote, and what of a title is the site's own name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import islice
from typing import Final

from tasks.ingestion.encoding import one_line
from tasks.ingestion.furniture import MAX_LINE, count_words, effect, key, phrases

_ADDRESS: Final = re.compile(r"\S+@\S+|https?://\S+|www\.\S+|@\w+|<[^>]*>")
_IN_BRACKETS: Final = re.compile(r"\([^()]*(?:\)|$)|\[[^\[\]]*(?:\]|$)")
_BETWEEN_NAMES: Final = re.compile(r"\s*(?:[;|•·/,、，]|&|\s[-–—]\s|\b(?:by|with)\b)\s*")
_PLACE: Final = re.compile(r"\s+in\s+[A-Z].*$")
_PARTICLES: Final = re.compile(r"^(?:[a-zà-ÿ]{1,3}|della|dello|delle|santos|van|von)$")
_HANDLE: Final = re.compile(r"[\w.-]{3,30}(?: [^\W\d_]{2,30})?")
_SEPARATORS: Final = re.compile(r"\s*(?:\s[|–—·•-]\s|\s?[|»«]\s?|\s?::\s?|\s?-(?=[^\s-]+(?:\s[^\s-]+)*$))\s*")
_MAX_TEXTS: Final = 50
_MAX_NAMES: Final = 20
_MAX_NAME: Final = 60
_ORGANISATION: Final = 6


def authors(texts: Iterable[str], not_authors: Iterable[str] = (), *, stated: bool = False) -> tuple[str, ...]:
    """The names in bylines, in their order, each once.

    Args:
        texts: Bylines or single names as written.
        not_authors: Names that are no authors, such as the publisher's.
        stated: Whether they come from where only names stand, so that "dpa" and "annlee" are some.
    """
    excluded = {key(name) for name in not_authors if name}
    found: dict[str, str] = {}
    for text in islice(texts, _MAX_TEXTS):
        for name in _names(text, stated=stated) if key(text) not in excluded else ():
            if key(name) not in excluded:
                found.setdefault(key(name), name)
    return tuple(found.values())[:_MAX_NAMES]


def organisations(texts: Iterable[str]) -> tuple[str, ...]:
    """The first of the texts, if it may be the name of an organisation: for where no person signs."""
    names = (one_line(_ADDRESS.sub(" ", text[:1000])).strip(" ,;:|") for text in islice(texts, _MAX_TEXTS))
    return tuple(name for name in names if name and count_words(name) <= _ORGANISATION and not _is_no_name(name))[:1]


def _names(text: str, *, stated: bool = False) -> Iterator[str]:
    text = without_by(one_line(_IN_BRACKETS.sub(" ", _ADDRESS.sub(" ", text[:1000]))))
    for piece in _pieces(text):
        name = _without_end(without_by(_PLACE.sub("", piece))).strip(" .,:;-–—()[]\"'“”*")
        if is_name(name) or (stated and _is_handle(name)):
            yield name


def _pieces(text: str) -> Iterator[str]:
    """The names between commas and the like; an "and" stands between names that have two words or more each."""
    for piece in _BETWEEN_NAMES.split(text):
        start = 0
        for match in _and_pattern().finditer(piece):
            before, after = piece[start : match.start()], piece[match.end() :]
            if len(match[0].strip()) > 2 or (count_words(before) >= 2 and count_words(after) >= 2):
                yield before
                start = match.end()
        yield piece[start:]


@cache
def _and_pattern() -> re.Pattern[str]:
    return re.compile(rf"\s+(?:{'|'.join(sorted(phrases('and')))})\s+", re.I)


def _without_end(name: str) -> str:
    """The name without what is said of it: the day or the office behind it, as in "Ann Lee Updated on"."""
    words = name.split()
    for position in range(2, len(words)):
        rest = key(" ".join(words[position:]))
        if any(rest == phrase or rest.startswith(f"{phrase} ") for phrase in phrases("after")):
            return " ".join(words[:position])
    while len(words) > (2 if name.isascii() else 1) and key(words[-1]) in phrases("role"):
        words.pop()
    return " ".join(words)


def _is_handle(name: str) -> bool:
    """Whether a word may be what an author or an agency signs with: "dpa", "annlee", "ann lee"."""
    return _HANDLE.fullmatch(name) is not None and not (has_role(name) or _is_no_name(name))


def _is_no_name(text: str) -> bool:
    return key(text) in phrases("label") or key(text) in phrases("no name")


def without_by(text: str) -> str:
    """The text behind "By" and the like."""
    return _by_pattern().sub("", text, count=1).strip()


@cache
def _by_pattern() -> re.Pattern[str]:
    words = sorted((phrase.replace(" ", r"\s+") for phrase in phrases("by")), key=len, reverse=True)
    return re.compile(rf"^\W*(?:{'|'.join(words)})\b[\s:：]*", re.I)


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
    if len(words) > 5 or has_role(text) or _is_no_name(text) or effect(text):
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


def title_parts(title: str) -> list[str]:
    """What stands between the bars and dashes of a title."""
    return [part for part in _SEPARATORS.split(title[:MAX_LINE]) if part]


def without_tail(title: str) -> str:
    """The title without a short last part behind a bar or a dash, where no name of the site is known."""
    cut = _cut(title, last=True)
    if cut and _is_tail(title, *cut) and count_words(cut[0]) >= 4 and count_words(cut[1]) <= 4:
        return cut[0]
    return title


def _is_tail(title: str, before: str, after: str) -> bool:
    """Whether what stands behind a bar or dash may be a name: not the second half of a word such as "AI-made"."""
    apart = title[len(before) :].startswith(" ") or not before[-1:].isascii()
    return apart and not after[:1].islower()


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
