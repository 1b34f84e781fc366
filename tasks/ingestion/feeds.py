"""Feeds to their entries: RSS, Atom, RDF and CDF through `feedparser`, which reads the ill-formed too, and JSON Feed.

A large feed is given to the parser in pieces of some entries each, so that it takes little more memory than a small.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from html import escape, unescape
from time import struct_time
from typing import Any, Final

import feedparser
from lxml.etree import ParserError
from lxml.html import HtmlElement, fragment_fromstring

from tasks.ingestion import dates
from tasks.ingestion.addresses import resolve
from tasks.ingestion.ballast import attributes_problem
from tasks.ingestion.encoding import decode, is_binary, normalise, one_line
from tasks.ingestion.names import authors as names_in

_START: Final = 1000
_PIECE: Final = 500_000
_MAX_PIECE: Final = 5_000_000
_MAX_AROUND: Final = 50_000
_MIN_WORDS: Final = 25
_MIN_WORDS_OF_SUMMARY: Final = 150

_FEED: Final = re.compile(r"<(?:[\w.-]{1,20}:)?(?:rss|feed|rdf|channel|item|entry)\b", re.I)
_ENTRY: Final = re.compile(r"<(?:[\w.-]{1,20}:)?(?:item|entry)[\s>]", re.I)
_ENTRY_END: Final = re.compile(r"</(?:[\w.-]{1,20}:)?(?:item|entry)\s*>", re.I)
_DECLARATION: Final = re.compile(r"^\ufeff?\s*<\?xml\b[^>]{0,500}\?>", re.I)
_PAGE: Final = re.compile(r"<(?:!doctype\s+html|html)\b", re.I)
_FEED_LINK: Final = re.compile(r"<link\b[^<>]{0,500}application/(?:rss|atom|feed|rdf)\b[^<>]{0,500}>", re.I)
_HREF: Final = re.compile(r"""href\s*=\s*["']?([^\s"'<>]+)""", re.I)
_CUT: Final = re.compile(r"[\[(]\s*(?:…|\.\.\.)\s*[\])]\W*$")
_CUT_END: Final = re.compile(r"(?:…|\.\.\.)\W*$")


@dataclass(frozen=True, slots=True)
class Entry:
    """One article as a feed tells of it.

    Attributes:
        url: Its address, absolute; None if the feed gives none.
        key: What the feed knows it by (`guid`, `id`), else its address.
        title: Headline, plain.
        published: Day of publication, the publisher's local day.
        updated: Day of the last change.
        authors: Names.
        content: The full text, HTML; None if the feed has none, or only its beginning.
        changed: The time of the last change as the feed writes it.
    """

    url: str | None
    key: str | None
    title: str | None = None
    published: date | None = None
    updated: date | None = None
    authors: tuple[str, ...] = ()
    content: str | None = None
    changed: str | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed; `entries` are in its order, read as they are asked for, once."""

    entries: Iterator[Entry]


def read_feed(raw: bytes, url: str, charset: str | None = None) -> Feed | str:
    """The feed in the bytes, or the reason why there is none; never fails.

    Args:
        raw: The bytes.
        url: Address of the feed; relative links are relative to it.
        charset: Encoding that the header names.
    """
    if not raw.strip():
        return "Empty."
    if is_binary(raw, charset):
        return "Binary data, not a feed."
    text = decode(raw, charset)
    return _json_feed(text, url) if text[:_START].lstrip("\ufeff \t\r\n").startswith("{") else _xml_feed(text, url)


def _xml_feed(text: str, url: str) -> Feed | str:
    if not _FEED.search(text):
        return _no_feed(text)
    if problem := attributes_problem(unescape(text)):  # in the feed, or in a page that is escaped in it
        return problem
    pieces = _pieces(text)
    start = next(pieces)
    if len(start) > _MAX_PIECE:
        return f"A feed of one entry with more than {_MAX_PIECE:,} characters."
    first = _parsed(start, url)
    if not first["entries"] and not first["version"]:
        return _no_feed(text)

    def entries() -> Iterator[Entry]:
        yield from (_entry(item, url) for item in first["entries"])
        for piece in pieces:
            yield from (_entry(item, url) for item in _parsed(piece, url)["entries"])

    return Feed(entries())


def _no_feed(text: str) -> str:
    if not _PAGE.search(text[:5000]):
        return "Not a feed: neither RSS, Atom, RDF nor JSON Feed."
    links = _FEED_LINK.findall(text[:200_000])
    named = next((href[1] for link in links if (href := _HREF.search(link))), None)
    return f"A web page, not a feed{f'; it names {named[:200]} as its feed' if named else ''}."


def _pieces(text: str) -> Iterator[str]:
    """The feed as it is if it is small, else with some of its entries at a time."""
    starts = [match.start() for match in _ENTRY.finditer(text)] if len(text) > _PIECE else []
    end = max((match.end() for match in _ENTRY_END.finditer(text)), default=0) if starts else 0
    if not starts or starts[0] + len(text) - end > _MAX_AROUND or end <= starts[-1]:
        yield text
        return
    begin = starts[0]
    for start in [*starts[1:], end]:
        if start - begin >= _PIECE or start == end:
            yield text[: starts[0]] + text[begin:start] + text[end:]
            begin = start


def _parsed(text: str, url: str) -> Mapping[str, Any]:
    """What the parser makes of a feed; given as a stream, since it would fetch a text that looks like an address."""
    text = _DECLARATION.sub("", normalise(text))
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": url}
    try:
        parsed: Mapping[str, Any] = feedparser.parse(
            io.BytesIO(text.encode()), response_headers=headers, sanitize_html=False
        )
    except Exception:  # of parsers for what is hopelessly broken, of as many kinds as there are breakages
        return {"entries": [], "version": "", "feed": {}}
    return parsed


def _entry(item: Mapping[str, Any], url: str) -> Entry:
    address = resolve(url, item.get("feedburner_origlink") or item.get("link"))
    names = [author.get("name") for author in item.get("authors") or ()] or [item.get("author")]
    summary = _html(item.get("summary_detail"))
    contents = [html for content in item.get("content") or () if (html := _html(content))]
    return Entry(
        url=address,
        key=one_line(str(item.get("id") or "")) or address,
        title=_plain(item, "title"),
        published=_day(item, "published"),
        updated=_day(item, "updated"),
        authors=names_in(name for name in names if isinstance(name, str)),
        content=_full_text(contents, summary),
        changed=_written(item, "updated"),
    )


def _plain(item: Mapping[str, Any], name: str) -> str | None:
    value = item.get(name)
    if not isinstance(value, str):
        return None
    if (item.get(f"{name}_detail") or {}).get("type") != "text/plain" and "<" in value:
        value = " ".join(_paragraphs(value))
    return one_line(unescape(value)) or None  # many escape titles twice


def _html(detail: Mapping[str, Any] | None) -> str | None:
    """A text construct of a feed as HTML."""
    value = (detail or {}).get("value")
    if not isinstance(value, str) or not value.strip():
        return None
    plain = (detail or {}).get("type") == "text/plain"
    if not plain and "<" in value:
        return value
    parts = re.split(r"\n\s*\n", value.strip())
    return "".join(f"<p>{escape(part) if plain else part}</p>" for part in parts)


def _written(item: Mapping[str, Any], name: str) -> str | None:
    value = dict(item).get(name)  # the parser's own kind would give another date in its place
    return value if isinstance(value, str) else None


def _day(item: Mapping[str, Any], name: str) -> date | None:
    """The day as written; by the parser's clock, which is UTC, where only it can read it."""
    written, time = _written(item, name), dict(item).get(f"{name}_parsed")
    day = dates.parse(written) if written else None
    return day or (dates.reasonable(date(*time[:3])) if isinstance(time, struct_time) else None)


def _full_text(contents: list[str], summary: str | None) -> str | None:
    """The longest of the contents if it is a whole story; or the summary, if it is long enough to be one."""
    content = max(contents, key=len, default=None)
    if content and _is_whole(content, _MIN_WORDS):
        return content
    return summary if summary and _is_whole(summary, _MIN_WORDS_OF_SUMMARY) else None


def _is_whole(html: str, words: int) -> bool:
    """Whether it has so many words, and neither its end nor one of its paragraphs is cut off with a sign of that."""
    paragraphs = _paragraphs(html)
    if sum(len(paragraph.split()) for paragraph in paragraphs) < words:
        return False
    return not (_CUT_END.search(paragraphs[-1]) or any(_CUT.search(paragraph) for paragraph in paragraphs))


def _paragraphs(html: str) -> list[str]:
    try:
        tree: HtmlElement = fragment_fromstring(html, create_parent="div")
    except (ParserError, ValueError):
        return []
    for block in tree.iter("p", "div", "br", "li", "h1", "h2", "h3", "h4", "tr", "blockquote"):
        block.tail = f"\n{block.tail or ''}"
    lines = map(one_line, tree.text_content().split("\n"))
    return [line for line in lines if line]


def _json_feed(text: str, url: str) -> Feed | str:
    """A JSON Feed (jsonfeed.org, versions 1 and 1.1)."""
    try:
        content = json.loads(text, strict=False)
    except (ValueError, RecursionError) as error:
        return f"Not a feed: not JSON ({error})."
    items = content.get("items")
    if not isinstance(items, list):
        return "Not a feed: JSON without a list of items."
    entries = (_json_entry(item, content, url) for item in items if isinstance(item, dict))
    return Feed(entries)


def _json_entry(item: Mapping[str, Any], feed: Mapping[str, Any], url: str) -> Entry:
    address = resolve(url, item.get("url")) or resolve(url, item.get("external_url"))
    stated = (item.get("authors"), [item.get("author")], feed.get("authors"))
    authors = next((a for a in stated if isinstance(a, list) and any(a)), [])
    names = [author.get("name") for author in authors if isinstance(author, dict)]
    text = _html({"type": "text/plain", "value": item.get("content_text")})
    html = item.get("content_html") if isinstance(item.get("content_html"), str) else None
    summary = _html({"type": "text/plain", "value": item.get("summary")})
    return Entry(
        url=address,
        key=one_line(str(item.get("id") or "")) or address,
        title=_text(item, "title"),
        published=_day({"published": item.get("date_published")}, "published"),
        updated=_day({"updated": item.get("date_modified")}, "updated"),
        authors=names_in(name for name in names if isinstance(name, str)),
        content=_full_text([html or text or ""], summary),
        changed=_written(item, "date_modified"),
    )


def _text(item: Mapping[str, Any], name: str) -> str | None:
    value = item.get(name)
    return (one_line(value) or None) if isinstance(value, str) else None
