"""Pages of the web to documents: what feeds, sitemaps and lists tell of is remembered, and what is due is fetched.

Reading a list and fetching its pages are two steps with the memory between them. So a page that has rolled off its
feed before its turn came is fetched all the same, and a sitemap of a million pages is worked off in as many runs as it
takes.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import Final

from evpact.ids import digest
from tasks.ingestion.addresses import canonical
from tasks.ingestion.deliveries import Delivery, Listing, Outcome, SourceError, Visit
from tasks.ingestion.encoding import decode, is_binary
from tasks.ingestion.feeds import Entry, read_feed
from tasks.ingestion.memory import Due, Memory, Sighting
from tasks.ingestion.sitemaps import Link, SitemapError, read_sitemap
from tasks.ingestion.sources import Source, address_problem
from tasks.ingestion.web import FetchError, Page, Request, Web
from tasks.records import Document, Rejection

LISTING_BYTES: Final = 100_000_000
"""Largest feed or sitemap."""

_SITEMAPS_A_RUN: Final = 1_000
_DEPTH: Final = 4
_LINE: Final = 4_000
_MEDIA: Final = {
    "": "text/html",
    "text/html": "text/html",
    "application/xhtml+xml": "text/html",
    "text/plain": "text/plain",
    "text/markdown": "text/markdown",
}


def collect_feeds(source: Source, memory: Memory, web: Web) -> Iterator[Delivery]:
    """The articles of feeds: those whose full text is in the feed, then the linked pages of the others.

    Raises:
        SourceError: A feed cannot be read; what could be had has been given by then.
    """
    problems = []
    for url in source.urls:
        try:
            yield from _feed(url, source, memory, web)
        except (FetchError, SourceError) as error:
            problems.append(str(error))
    yield from _visits(source, memory, web)
    _tell(problems)


def _feed(url: str, source: Source, memory: Memory, web: Web) -> Iterator[Delivery]:
    page = _listing(url, source, memory, web)
    if page.not_modified:
        return
    feed = read_feed(page.raw, page.final_url, page.charset)
    if isinstance(feed, str):
        raise SourceError(f"{url}: {feed}")
    oldest = source.oldest(memory.now)
    entries = (entry for entry in feed.entries if _is_recent(entry.updated or entry.published, oldest))
    sightings: list[Sighting] = []
    for entry in entries:
        if entry.url and not source.wants_url(entry.url):
            continue
        if entry.content:
            yield _entry_document(entry, url, source, memory)
        elif entry.url:
            sightings.append(_entry_sighting(entry, entry.url))
        else:
            yield Rejection(source.name, f"{url}#{entry.key or entry.title}", "An entry without text and address.")
    memory.sight(source.name, sightings)
    yield Listing(source.name, url, page.etag, page.modified)


def _entry_document(entry: Entry, feed: str, source: Source, memory: Memory) -> Document:
    record = {
        "title": entry.title,
        "authors": list(entry.authors),
        "published": entry.published.isoformat() if entry.published else None,
        "url": entry.url,
        "html": entry.content,
    }
    return Document(
        source.name,
        entry.url or f"{feed}#{entry.key or entry.title}",
        "application/json",
        json.dumps(record, sort_keys=True).encode(),
        entry.url,
        source.publisher,
        source.language,
        fetched=memory.now,
    )


def _entry_sighting(entry: Entry, url: str) -> Sighting:
    stamp = digest(entry.title, entry.published, entry.changed)
    return Sighting(url, stamp, entry.published, entry.updated or entry.published)


def collect_sitemaps(source: Source, memory: Memory, web: Web) -> Iterator[Delivery]:
    """The pages of sitemaps and of all sitemaps that these lead to, of which so many are read as the run needs.

    Raises:
        SourceError: A sitemap cannot be read; what could be had has been given by then.
    """
    waiting = deque((Link(url, is_sitemap=True), 0) for url in source.urls)
    met = {canonical(url) for url in source.urls}
    problems: list[str] = []
    read = 0
    while waiting and read < _SITEMAPS_A_RUN:
        sitemap, depth = waiting.popleft()
        if depth and _is_busy(source, memory):
            break
        read += 1
        children: list[Link] = []
        try:
            yield from _sitemap(sitemap, children, source, memory, web)
        except (FetchError, SourceError) as error:
            problems.append(str(error))
        if depth < _DEPTH:
            new = [child for child in children if canonical(child.url) not in met]
            met.update(canonical(child.url) for child in new)
            waiting.extend((child, depth + 1) for child in _in_turn(new, source, memory))
    yield from _visits(source, memory, web)
    _tell(problems)


def _is_busy(source: Source, memory: Memory) -> bool:
    """Whether a run has all the pages that it may read."""
    due = memory.waiting(source.name, source.oldest(memory.now))
    return source.max_articles is not None and due >= source.max_articles


def _sitemap(sitemap: Link, children: list[Link], source: Source, memory: Memory, web: Web) -> Iterator[Delivery]:
    """Remember the pages of one sitemap; the sitemaps that it names are added to `children`."""
    page = _listing(sitemap.url, source, memory, web)
    if page.not_modified:
        return
    oldest = source.oldest(memory.now)
    problems: list[str] = []

    def pages() -> Iterator[Sighting]:
        try:
            for link in read_sitemap(page.raw, page.final_url):
                day = link.modified or link.published
                if link.is_sitemap:
                    children.append(link)
                elif _is_recent(day, oldest) and source.wants_url(link.url):
                    yield Sighting(link.url, digest(link.changed, link.title), link.published, day)
        except SitemapError as error:
            problems.append(f"{sitemap.url}: {error}")

    memory.sight(source.name, pages())
    _tell(problems)
    if not children:  # an index is read in every run, or what it names would be forgotten when it is not modified
        yield Listing(source.name, sitemap.url, page.etag, page.modified, sitemap.changed)


def _in_turn(sitemaps: list[Link], source: Source, memory: Memory) -> list[Link]:
    """The sitemaps that are worth reading: those not read before first, and of these the newest first."""
    oldest = source.oldest(memory.now)
    known = {link.url: memory.listing(source.name, link.url) for link in sitemaps}
    worth = [
        link
        for link in sitemaps
        if _is_recent(link.modified, oldest) and (link.changed is None or link.changed != known[link.url].stamp)
    ]
    newest = sorted(worth, key=lambda link: link.modified or date.min, reverse=True)
    return sorted(newest, key=lambda link: known[link.url].stamp is not None or known[link.url].etag is not None)


def collect_urls(source: Source, memory: Memory, web: Web) -> Iterator[Delivery]:
    """The pages of a list of addresses, all of which are asked for in every run.

    Raises:
        SourceError: The file with the list cannot be read.
    """
    urls: list[str] = []
    for location, url in _listed(source):
        if problem := address_problem(url):
            yield Rejection(source.name, location, problem)
        elif source.wants_url(url):
            urls.append(url)
    memory.sight(source.name, map(Sighting, urls), again=True)
    yield from _visits(source, memory, web)


def _listed(source: Source) -> Iterator[tuple[str, str]]:
    """The addresses of a list, each with the place where it stands; a line that begins with # is a remark."""
    yield from ((url, url) for url in source.urls)
    if source.list_file is None:
        return
    try:
        with source.list_file.open("rb") as stream:
            for number, line in enumerate(iter(partial(stream.readline, _LINE), b""), 1):
                text = decode(line).strip()
                if text and not text.startswith("#"):
                    yield f"{source.list_file}:{number}", text
    except OSError as error:
        raise SourceError(f"{source.list_file} cannot be read: {error.strerror}.") from None


def _tell(problems: list[str]) -> None:
    if problems:
        more = f" And {len(problems) - 1} more." if len(problems) > 1 else ""
        raise SourceError(f"{problems[0]}{more}")


def _is_recent(day: date | None, oldest: date | None) -> bool:
    return day is None or oldest is None or day >= oldest


def _listing(url: str, source: Source, memory: Memory, web: Web) -> Page:
    known = memory.listing(source.name, url)
    return web.get(
        url,
        etag=known.etag,
        modified=known.modified,
        pace=source.pace,
        allow_private=source.allow_private,
        max_bytes=LISTING_BYTES,
    )


def _visits(source: Source, memory: Memory, web: Web) -> Iterator[Visit]:
    """What came of the pages that are due."""
    asked: deque[Due] = deque()

    def requests() -> Iterator[Request]:
        for due in memory.due(source.name, source.max_articles, source.oldest(memory.now)):
            asked.append(due)
            yield Request(due.url, due.etag, due.modified, source.pace, source.allow_private, source.max_bytes)

    for answer in web.get_all(requests()):
        yield _visit(asked.popleft(), answer, source, memory)


def _visit(due: Due, answer: Page | FetchError, source: Source, memory: Memory) -> Visit:
    if isinstance(answer, FetchError):
        outcome: Outcome = "refused" if not answer.worth_retrying else "failed" if answer.asked else "postponed"
        return Visit(source.name, due.url, outcome, reason=answer.reason)
    if answer.not_modified:
        return Visit(source.name, due.url, "unchanged", None, None, answer.etag, answer.modified)
    if reason := _unfit(answer):
        return Visit(source.name, due.url, "refused", reason=reason)
    document = Document(
        source.name,
        due.url,
        _MEDIA[answer.media_type],
        answer.raw,
        answer.final_url,
        source.publisher,
        source.language,
        answer.charset,
        due.published,
        memory.now,
    )
    return Visit(source.name, due.url, "read", document, None, answer.etag, answer.modified)


def _unfit(page: Page) -> str | None:
    """Why a page is no document, if it is none."""
    if page.media_type not in _MEDIA:
        return f"No page: it is {page.media_type[:100]}."
    if not page.raw.strip():
        return "Empty."
    if is_binary(page.raw, page.charset):
        return "Binary data, not text."
    if _is_entrance(page.final_url) and not _is_entrance(page.url):
        return "It leads to the entrance of its site; the page is gone."
    return None


def _is_entrance(url: str) -> bool:
    return canonical(url).partition("://")[2].partition("/")[2] == ""
