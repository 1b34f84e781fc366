"""What the fields of a record or of a front matter say of an article, under the names that are in use for them."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from tasks.ingestion import dates
from tasks.ingestion.addresses import address_of
from tasks.ingestion.encoding import language_code, one_line
from tasks.ingestion.metadata import Metadata
from tasks.ingestion.names import authors as names_in

HTML: Final = ("html", "raw_html", "content_html")
TEXT: Final = ("text", "body", "content", "maintext", "article", "content_text", "description", "summary")
_TITLE: Final = ("title", "headline")
_AUTHORS: Final = ("authors", "author", "byline", "creator")
_PUBLISHER: Final = ("publisher", "site", "site_name", "sitename", "source", "source_name", "publication")
_PUBLISHED: Final = (
    "published",
    "date",
    "published_at",
    "publishedAt",
    "date_published",
    "datePublished",
    "date_publish",
    "publish_date",
    "pubDate",
    "pub_date",
    "created_at",
    "timestamp",
)
_UPDATED: Final = ("updated", "updated_at", "updatedAt", "date_modified", "dateModified", "date_modify", "modified")
_LANGUAGE: Final = ("language", "lang")
_URL: Final = ("url", "link", "canonical_url", "source_url")
_MAX_AUTHORS: Final = 50


def text_field(record: Mapping[str, Any], names: tuple[str, ...]) -> str | None:
    """The first of the fields that holds a text."""
    return next((record[name] for name in names if isinstance(record.get(name), str) and record[name].strip()), None)


def stated(record: Mapping[str, Any]) -> Metadata:
    """What the fields say; a value of the wrong form counts as not given."""
    published = _day(record, _PUBLISHED)
    updated = _day(record, _UPDATED)
    title, publisher = text_field(record, _TITLE), _name(next((record[n] for n in _PUBLISHER if record.get(n)), None))
    url, language = text_field(record, _URL), text_field(record, _LANGUAGE)
    return Metadata(
        title=one_line(title) if title else None,
        authors=_authors(record),
        publisher=one_line(publisher) if publisher else None,
        published=published,
        language=language_code(language or ""),
        url=address_of(url),
        updated=updated if updated and (published is None or updated > published) else None,
        published_from="field" if published else None,
    )


def _name(value: Any) -> str | None:
    """A name given as a text or as an object with a name."""
    name = value.get("name") if isinstance(value, dict) else value
    return name if isinstance(name, str) else None


def _authors(record: Mapping[str, Any]) -> tuple[str, ...]:
    value = next((record[name] for name in _AUTHORS if record.get(name)), None)
    values = value[:_MAX_AUTHORS] if isinstance(value, list) else [value]
    return names_in(name for item in values if (name := _name(item)))


def _day(record: Mapping[str, Any], names: tuple[str, ...]) -> date | None:
    values = (record.get(name) for name in names)
    texts = (str(value).removesuffix(".0") for value in values if isinstance(value, str | int | float))
    return next((day for text in texts if (day := dates.parse(text))), None)


def preferring(first: Metadata, second: Metadata) -> Metadata:
    """What the first says, and where it says nothing, what the second says."""
    return Metadata(**{f.name: getattr(first, f.name) or getattr(second, f.name) for f in dataclasses.fields(Metadata)})
