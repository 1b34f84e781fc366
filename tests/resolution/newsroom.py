"""A small reference, and ways to write down what articles tell."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl

from evpact import reference
from evpact.reference import Reference
from evpact.tables import Table
from tasks.records import EXTRACTION, Article, Event, Extraction, Participant, Person, Quote
from tasks.resolution import resolve

_TEXTS = pl.List(pl.String())


def _frame(table: Table, *rows: dict[str, Any]) -> pl.DataFrame:
    empty: dict[str, Any] = {column.name: [] if column.is_list else None for column in table.columns}
    return pl.DataFrame([empty | row for row in rows], schema=table.schema)


def _organization(org_id: str, name: str, kind: str, country: str, *aliases: str, **fields: Any) -> dict[str, Any]:
    return {"org_id": org_id, "name": name, "kind": kind, "country": country, "aliases": aliases} | fields


def _place(name: str, kind: str, country: str, at: tuple[float, float], *aliases: str, **fields: Any) -> dict[str, Any]:
    where = {"latitude": at[0], "longitude": at[1]}
    return {"name": name, "kind": kind, "country": country, "aliases": aliases} | where | fields


REFERENCE = Reference(
    organizations=_frame(
        reference.ORGANIZATIONS,
        _organization("ford", "Ford", "automaker", "US", "Ford Motor", wikidata_id="Q44294"),
        _organization("geely", "Geely", "automaker", "CN", "Geely Auto", parent_id="zhejiang-geely"),
        _organization("lynk-co", "Lynk & Co", "automaker", "CN", parent_id="geely"),
        _organization("zhejiang-geely", "Zhejiang Geely Holding Group", "automaker", "CN"),
        _organization("nissan", "Nissan", "automaker", "JP", "Nissan Motor"),
        _organization("general-motors", "General Motors", "automaker", "US", "GM"),
        _organization("foxconn", "Foxconn", "technology", "TW", "Hon Hai Precision Industry"),
        _organization("24m-technologies", "24M Technologies", "battery", "US", weak_aliases=["24M"]),
    ),
    places=_frame(
        reference.PLACES,
        _place("Sunderland", "town", "GB", (54.9, -1.4)),
        _place("Sagunto", "town", "ES", (39.68, -0.27)),
        _place("Valencia", "town", "ES", (39.5, -0.4)),
        _place("Valencia, Carabobo", "town", "VE", (10.2, -68.0), "Valencia"),
        _place("Andalusia", "region", "ES", (37.5, -4.7), "Andalucía"),
        _place(
            "Almussafes Plant", "plant", "ES", (39.3, -0.4), "Almussafes", org_id="ford", region="Valencian Community"
        ),
    ),
    countries=_frame(
        reference.COUNTRIES,
        {"code": "CN", "name": "China", "demonyms": ["Chinese"]},
        {"code": "KR", "name": "South Korea", "aliases": ["Korea"], "demonyms": ["South Korean", "Korean"]},
        {"code": "GB", "name": "United Kingdom", "aliases": ["UK", "Britain"], "demonyms": ["British"]},
    ),
    currencies=_frame(reference.CURRENCIES),
    units=_frame(reference.UNITS),
    numbers=_frame(reference.NUMBERS),
    digest="",
)

TEXT = "Žďár – 日本 🚗: Ford and Geely put $5 billion into a venture in Sunderland, Jane Doe says: “We build it.”"


def span(part: str, text: str = TEXT) -> tuple[int, int]:
    """Offsets of a part of a text."""
    start = text.index(part)
    return start, start + len(part)


def article(article_id: str, published: date | None = None, **fields: Any) -> Article:
    return replace(Article(article_id, f"Title of {article_id}", TEXT, published=published, source="wire"), **fields)


def _participant(written: str | Participant) -> Participant:
    if isinstance(written, Participant):
        return written
    name, role = written.split("/")
    return Participant(name, role)


def told(event_type: str, *who: str | Participant, **fields: Any) -> Event:
    """An event of participants written as "name/role", with the whole text as its evidence."""
    participants = tuple(_participant(p) for p in who)
    return Event(
        event_type, fields.pop("kind", None), fields.pop("status", "announced"), participants, 0, len(TEXT), **fields
    )


def partnership(*who: str | Participant, **fields: Any) -> Event:
    return told("partnership", *who, **fields)


class Newsroom:
    """Articles and what is extracted from each; resolved on demand."""

    def __init__(self) -> None:
        self.articles: list[Article] = []
        self.extractions: list[Extraction] = []

    def add(
        self,
        article: Article,
        *events: Event,
        people: Iterable[Person] = (),
        quotes: Iterable[Quote] = (),
        doubtful: Iterable[Event] = (),
    ) -> None:
        self.articles.append(article)
        found = Extraction(article.article_id, "test 1", events, tuple(people), tuple(quotes), tuple(doubtful))
        self.extractions.append(found)

    def report(
        self, *events: Event, published: date | None = None, doubtful: Iterable[Event] = (), **fields: Any
    ) -> None:
        """Add one more article that tells the events, in words of its own."""
        name = f"a{len(self.articles):02d}"
        own = {"text": f"Report {name}: they told it: a venture, a stake. {'.' * len(TEXT)}"}
        self.add(article(name, published, **own | fields), *events, doubtful=doubtful)

    def frames(self) -> tuple[pl.DataFrame, pl.DataFrame]:
        articles = pl.DataFrame(self.articles, schema_overrides={"authors": _TEXTS, "published": pl.Date()})
        extractions = pl.DataFrame(
            [(x.article_id, x.extractor, EXTRACTION.dump_json(x).decode()) for x in self.extractions],
            schema={"article_id": pl.String(), "extractor": pl.String(), "extraction": pl.String()},
            orient="row",
        )
        return articles, extractions

    def tables(self, reference: Reference = REFERENCE) -> dict[str, pl.DataFrame]:
        return resolve(*self.frames(), reference)

    def table(self, name: str) -> list[dict[str, Any]]:
        return self.tables()[name].to_dicts()

    def only(self, name: str) -> dict[str, Any]:
        (row,) = self.table(name)
        return row
