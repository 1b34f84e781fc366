"""What travels between the stages: articles, and what an extractor finds in one.

All records are immutable and hashable. Offsets are of characters in `Article.text`, end exclusive.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from pydantic import TypeAdapter


@dataclass(frozen=True, slots=True)
class Document:
    """A stretch of bytes that a source delivered and that should hold one article.

    Attributes:
        source: Name of the configured source.
        location: Where it was found, for messages only: a path, `path:line` or an address.
        media_type: `text/html`, `text/plain`, `text/markdown` or `application/json` (one article record).
        raw: The bytes as delivered.
        url: Address of the article, where the source knows it.
        publisher: Publisher that the source is configured with.
        language: Language that the source is configured with.
        charset: Encoding that the header of the answer names.
        published: Day of publication that a feed or sitemap names.
        fetched: When it was fetched first (UTC); None for what does not come from the web.
    """

    source: str
    location: str
    media_type: str
    raw: bytes
    url: str | None = None
    publisher: str | None = None
    language: str | None = None
    charset: str | None = None
    published: date | None = None
    fetched: datetime | None = None


@dataclass(frozen=True, slots=True)
class Rejection:
    """Something set aside, with the reason a person can act on."""

    source: str
    location: str
    reason: str


@dataclass(frozen=True, slots=True)
class Article:
    """A clean article.

    Attributes:
        article_id: `evpact.ids.article_id` of the text.
        title: Headline without the site's name, or None.
        text: Body without page furniture; paragraphs separated by a blank line. All offsets refer to it.
        authors: Names in the order of the byline; where nobody signs, the organisation that is stated to be the author.
        publisher: Who published it, or None.
        published: Day of publication, or None.
        language: ISO 639-1 code, or None.
        url: Address, or None.
        source: Name of the configured source.
        updated: Day of the last change that is stated, if that is after the day of publication, or None.
        published_from: Where the day of publication was found: `json-ld`, `meta`, `microdata`, `address` (the page's
            own), `time` (an element of that name), `text` (as shown), `guess` (from whatever the page has), `field` (of
            a record), `feed` (or sitemap), or None.
    """

    article_id: str
    title: str | None
    text: str
    authors: tuple[str, ...] = ()
    publisher: str | None = None
    published: date | None = None
    language: str | None = None
    url: str | None = None
    source: str = ""
    updated: date | None = None
    published_from: str | None = None

    @property
    def is_foreign(self) -> bool:
        """Whether it is known to be in another language than English, the only one that is read."""
        return self.language not in (None, "en")


@dataclass(frozen=True, slots=True)
class Participant:
    """An organisation's part in an event, as the extractor understood it.

    Attributes:
        name: Fullest name in the article, as it stands there.
        role: A word of `vocabulary.ROLE`.
        aliases: Other names for it in the article.
        kind: A word of `vocabulary.ORGANIZATION_KIND`; `government` for countries and blocs.
        country: ISO country the article gives it ("the Chinese supplier"), if any.
        org_id: Id in the reference table, if it is known there.
    """

    name: str
    role: str
    aliases: tuple[str, ...] = ()
    kind: str = "other"
    country: str | None = None
    org_id: str | None = None


@dataclass(frozen=True, slots=True)
class Quantity:
    """A measured figure; `whose` is the name of the participant it belongs to, if one."""

    value: float
    unit: str
    measure: str
    start: int
    end: int
    per: str | None = None
    bound: str = "exact"
    whose: str | None = None


@dataclass(frozen=True, slots=True)
class EventDate:
    """A date of an event; `value` is YYYY, YYYY-Hn, YYYY-Qn, YYYY-MM or YYYY-MM-DD."""

    value: str
    role: str
    text: str


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that an article states. The words are those of `evpact.vocabulary`.

    `statuses` says of a partnership how likely each word of `STATUS` is, in that order; it is empty where no model can.
    """

    type: str
    kind: str | None
    status: str
    participants: tuple[Participant, ...]
    evidence_start: int
    evidence_end: int
    places: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    dates: tuple[EventDate, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    product: str | None = None
    attribution: str = "stated"
    confidence: float = 0.5
    statuses: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Person:
    """A person named with an office or quoted; `organization` is a name as in `Participant.name`."""

    name: str
    title: str | None = None
    organization: str | None = None
    org_id: str | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """What a named person is quoted with, without the quotation marks."""

    person: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Extraction:
    """Everything an extractor found in one article.

    Attributes:
        article_id: Id of the article.
        extractor: Name and version of the extractor.
        events: What the article states.
        people: Who is named with an office or quoted.
        quotes: What they are quoted with.
        doubtful: Partnerships of two that it may state, but too doubtfully to be told on its word alone: one that
            another article tells counts (`tasks.resolution.retellings`).
    """

    article_id: str
    extractor: str
    events: tuple[Event, ...] = ()
    people: tuple[Person, ...] = ()
    quotes: tuple[Quote, ...] = ()
    doubtful: tuple[Event, ...] = ()

    @property
    def relevant(self) -> bool:
        """Whether the article states anything in scope."""
        return bool(self.events)


EXTRACTION = TypeAdapter(Extraction)
"""Reads and writes an extraction as JSON: `EXTRACTION.dump_json(x)`, `EXTRACTION.validate_json(b)`."""
