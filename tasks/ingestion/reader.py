"""One document to one article, whatever form it is in."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

from evpact.ids import article_id
from tasks.fingerprint import fingerprint
from tasks.ingestion.addresses import address_of
from tasks.ingestion.body import MAX_CHARACTERS
from tasks.ingestion.encoding import decode, is_binary, normalise, one_line
from tasks.ingestion.fields import HTML, TEXT, preferring, stated, text_field
from tasks.ingestion.furniture import TABLE as PHRASES
from tasks.ingestion.furniture import count_words
from tasks.ingestion.language import TABLE as COMMONEST_WORDS
from tasks.ingestion.language import language_of
from tasks.ingestion.markdown import plain_blocks, split_front_matter
from tasks.ingestion.metadata import Metadata
from tasks.ingestion.page import read_page
from tasks.ingestion.plain import read_plain
from tasks.records import Article, Document, Rejection

_PACKAGES: Final = (
    "trafilatura",
    "htmldate",
    "lxml",
    "dateparser",
    "charset-normalizer",
    "py3langid",
    "markdown-it-py",
)

_TABLES: Final = [table.read_text(encoding="utf-8") for table in (PHRASES, COMMONEST_WORDS)]

READER: Final = f"reader {fingerprint(Path(__file__).parent, *_TABLES, packages=_PACKAGES)}"
"""Name and version of the reader: changes with its code, its phrases and the libraries it builds on."""

MIN_WORDS: Final = 25
"""Fewer words of clean text than this are no article."""

_MAX_TITLE: Final = 500
_MAX_REASON: Final = 200
_TAG: Final = re.compile(r"</?(?:p|div|br|article|html|h[1-6]|li|span|a)\b[^<>]{0,500}>", re.I)

Content = tuple[Metadata, list[str]] | str
"""The metadata and paragraphs of an article, or the reason why there are none."""


def read(document: Document) -> Article | Rejection:
    """The article in a document, or why there is none; never fails.

    The same bytes and hints give the same article.
    """
    try:
        return _read(document)
    except Exception as error:  # the libraries meet what nobody has seen: one page must not end a run
        return _rejected(document, f"The reader fails on it ({type(error).__name__}: {str(error)[:_MAX_REASON]}).")


def _read(document: Document) -> Article | Rejection:
    if is_binary(document.raw, document.charset):
        return _rejected(document, "Binary data, not text.")
    content = _READERS.get(document.media_type, _read_plain)(decode(document.raw, document.charset))
    if isinstance(content, str):
        return _rejected(document, content)
    metadata, paragraphs = content
    text = "\n\n".join(paragraphs)
    if (words := count_words(text)) < MIN_WORDS:
        return _rejected(document, f"Only {words} words of text; an article has {MIN_WORDS} or more.")
    return Article(
        article_id=article_id(text),
        title=one_line(metadata.title or "")[:_MAX_TITLE] or None,
        text=text,
        authors=metadata.authors,
        publisher=one_line(metadata.publisher or document.publisher or "") or None,
        published=metadata.published or document.published,
        language=metadata.language or document.language or language_of(text),
        url=address_of(metadata.url) or address_of(document.url),
        source=document.source,
        updated=metadata.updated,
        published_from=metadata.published_from or ("feed" if document.published else None),
    )


def _rejected(document: Document, reason: str) -> Rejection:
    return Rejection(document.source, document.location, reason)


def _read_plain(text: str) -> Content:
    return read_plain(text)


def _read_markdown(text: str) -> Content:
    if len(text) > MAX_CHARACTERS:
        return f"More than {MAX_CHARACTERS:,} characters of text."
    fields, text = split_front_matter(normalise(text))
    known = stated(fields)
    heading, blocks = plain_blocks(text)
    content = read_plain("\n\n".join(blocks), title=known.title or heading)
    return content if isinstance(content, str) else (preferring(known, content[0]), content[1])


def _read_record(text: str) -> Content:
    try:
        record = json.loads(text)
    except (ValueError, RecursionError) as error:
        return f"Not JSON: {error}."
    if not isinstance(record, dict):
        return "Not a record: expected a JSON object with title and text."
    known = stated(record)
    html, body = text_field(record, HTML), text_field(record, TEXT)
    if html is None and body is None:
        return f"A record without text; expected one of {', '.join((*HTML, *TEXT))}."
    if html is None and body is not None and not _is_html(body):
        content = read_plain(body, title=known.title)
    else:
        content = read_page(_as_page(html or body or ""))
    return content if isinstance(content, str) else (preferring(known, content[0]), content[1])


def _is_html(text: str) -> bool:
    return len(_TAG.findall(text[:20_000])) >= 2


def _as_page(html: str) -> str:
    """A piece of HTML as a page; a page as it is."""
    return html if "<html" in html[:2000].lower() else f"<html><body><article>{html}</article></body></html>"


_READERS: Final[dict[str, Callable[[str], Content]]] = {
    "text/html": read_page,
    "text/plain": _read_plain,
    "text/markdown": _read_markdown,
    "application/json": _read_record,
}
