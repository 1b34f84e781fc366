"""Sitemaps to the addresses in them, of any size, read as a stream.

Read are sitemaps and index files as sitemaps.org describes them, with or without its namespace, the additions for news,
plain lists of addresses, and each of these packed with gzip. What is broken is read as far as it goes.
"""

from __future__ import annotations

import gzip
import io
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from html import unescape
from itertools import chain
from typing import Final

from lxml.etree import XMLPullParser, XMLSyntaxError, _Element

from tasks.ingestion import dates
from tasks.ingestion.addresses import resolve
from tasks.ingestion.encoding import decode, is_binary, one_line

MAX_BYTES: Final = 100_000_000
"""Largest sitemap, unpacked; the standard allows half of it."""

_MAX_INNER: Final = 10_000
_MAX_ELEMENTS: Final = 2_000_000
_MAX_REFERENCE: Final = 12
_PIECE: Final = 65_536
_ROOTS: Final = ("urlset", "sitemapindex")
_BARE: Final = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-f]{1,6});)", re.I)
_ADDRESS: Final = re.compile(r"\s*https?://\S+\s*$", re.I)


@dataclass(frozen=True, slots=True)
class Link:
    """An address in a sitemap.

    Attributes:
        url: The address, absolute.
        is_sitemap: Whether it is that of a further sitemap.
        modified: Day of the last change.
        title: Headline, of news.
        published: Day of publication, of news.
        changed: The time of the last change as the sitemap writes it.
    """

    url: str
    is_sitemap: bool = False
    modified: date | None = None
    title: str | None = None
    published: date | None = None
    changed: str | None = None


class SitemapError(ValueError):
    """What should be a sitemap is none; says why."""


def read_sitemap(raw: bytes, url: str) -> Iterator[Link]:
    """The addresses in a sitemap or an index of sitemaps, in its order, as they are read.

    Args:
        raw: The bytes; may be packed with gzip.
        url: Address of the sitemap; relative links are relative to it.

    Raises:
        SitemapError: It is none, or too large, or breaks off; what stands before has been given by then.
    """
    pieces = _pieces(raw)
    start = next(pieces, b"")
    if not start.strip():
        raise SitemapError("Empty.")
    if is_binary(start):
        raise SitemapError("Binary data, not a sitemap.")
    read = _marked_up if start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") else _listed
    yield from read(chain([start], pieces), url)


def _pieces(raw: bytes) -> Iterator[bytes]:
    """The bytes, unpacked, piece by piece."""
    plain = io.BytesIO(raw)
    stream = gzip.GzipFile(fileobj=plain) if raw.startswith(b"\x1f\x8b") else plain
    size = 0
    try:
        while piece := stream.read(_PIECE):
            size += len(piece)
            if size > MAX_BYTES:
                raise SitemapError(f"Larger than {MAX_BYTES / 1e6:g} MB.")
            yield piece
    except (OSError, EOFError, zlib.error):
        raise SitemapError("It is packed, and broken or cut off.") from None


def _listed(pieces: Iterable[bytes], url: str) -> Iterator[Link]:
    """The addresses of a plain list, one a line."""
    for line in decode(b"".join(pieces)).split("\n"):
        if address := resolve(url, line) if _ADDRESS.match(line) else None:
            yield Link(address)
        elif line.strip():
            raise SitemapError(f"Neither a sitemap nor a list of addresses: {line.strip()[:50]!r}.")


def _marked_up(pieces: Iterable[bytes], url: str) -> Iterator[Link]:
    depth = inner = total = 0
    for event, element in _events(pieces):
        if event == "start":
            if not depth and _name(element) not in _ROOTS:
                raise SitemapError(f"Not a sitemap: it begins with <{_name(element)[:50]}>.")
            depth, inner, total = depth + 1, inner + 1, total + 1
            if inner > _MAX_INNER or total > _MAX_ELEMENTS:
                raise SitemapError(f"More than {_MAX_ELEMENTS:,} elements, or {_MAX_INNER:,} in one entry.")
            continue
        depth -= 1
        if depth == 1:
            if link := _link(element, url):
                yield link
            _clear(element)
            inner = 0
    if depth:
        raise SitemapError("It breaks off.")


def _events(pieces: Iterable[bytes]) -> Iterator[tuple[str, _Element]]:
    """The elements of XML as they begin and end. References to anything but characters are taken as text.

    That mends addresses with a bare ampersand, and leaves entities that a DTD declares nothing to do.
    """
    parser = XMLPullParser(
        ("start", "end"), recover=True, resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
    )
    rest = b""
    try:
        for piece in pieces:
            piece = rest + piece
            split = piece.rfind(b"&", -_MAX_REFERENCE)
            piece, rest = (piece[:split], piece[split:]) if split >= 0 else (piece, b"")
            parser.feed(_BARE.sub(b"&amp;", piece))
            yield from parser.read_events()
        parser.feed(_BARE.sub(b"&amp;", rest))
        yield from parser.read_events()
    except XMLSyntaxError as error:
        raise SitemapError(f"Broken: {error.msg}.") from None


def _clear(element: _Element) -> None:
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _name(element: _Element) -> str:
    """The name without namespace or prefix."""
    return str(element.tag).rpartition("}")[2].rpartition(":")[2].lower()


def _link(element: _Element, url: str) -> Link | None:
    fields = {_name(child): child for child in reversed(element)}
    address = resolve(url, "".join(fields["loc"].itertext()).replace("&amp;", "&") if "loc" in fields else None)
    if address is None:
        return None
    news = {_name(inner): inner for inner in fields["news"].iter()} if "news" in fields else {}
    return Link(
        url=address,
        is_sitemap=_name(element) == "sitemap",
        modified=_day(fields, "lastmod"),
        title=_text(news, "title"),
        published=_day(news, "publication_date"),
        changed=_text(fields, "lastmod"),
    )


def _text(fields: Mapping[str, _Element], name: str) -> str | None:
    return one_line(unescape("".join(fields[name].itertext()))) or None if name in fields else None


def _day(fields: Mapping[str, _Element], name: str) -> date | None:
    text = _text(fields, name)
    return dates.parse(text) if text else None
