"""What a candidate was made from, as the working state has it: the articles, and what was extracted from each.

The gate holds the candidate against it, so that nothing is lost, exchanged or invented on the way. Rules see it as
tables that begin with `told_`; which name means which organisation or person is resolved later, and not in them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

import polars as pl

from evpact import ids
from evpact.tables import TABLES
from tasks.resolution import readings, statements
from tasks.resolution.dates import first_day
from tasks.resolution.keys import mapped, with_digest
from tasks.resolution.people import without_address

_QUANTITY: Final = ("event_id", "measure", "value", "unit", "start", "end")

SCHEMAS: Final[dict[str, pl.Schema]] = {
    "told_articles": pl.Schema(
        {
            name: TABLES["articles"][name].dtype
            for name in ("article_id", "title", "publisher", "authors", "language", "url", "published", "source")
        }
        | {"text": pl.String()}
    ),
    "told_events": pl.Schema(
        {
            column.name: column.dtype
            for column in TABLES["events"].columns
            if column.name not in ("facility_id", "evidence", "retold")
        }
    ),
    "told_participants": pl.Schema(
        {name: pl.String() for name in ("event_id", "name", "role", "kind", "country", "org_id")}
        | {"aliases": pl.List(pl.String())}
    ),
    "told_quantities": pl.Schema(
        {name: TABLES["quantities"][name].dtype for name in ("quantity_id", *_QUANTITY, "per", "bound")}
        | {"whose": pl.String()}
    ),
    "told_dates": pl.Schema(
        {name: TABLES["event_dates"][name].dtype for name in ("event_id", "role", "text", "date", "precision")}
    ),
    "told_people": pl.Schema(
        dict.fromkeys(("article_id", "name", "called", "slug", "title", "organization", "org_id"), pl.String())
    ),
    "told_quotes": pl.Schema(
        dict.fromkeys(("article_id", "person", "slug"), pl.String()) | {"start": pl.Int64(), "end": pl.Int64()}
    ),
}
"""Columns of each table; they mean what the fields of `tasks.records` mean. `called` is a person's name without forms
of address, `slug` its slug."""


@dataclass(frozen=True)
class Told:
    """What a candidate was made from.

    Attributes:
        tables: A frame for each name of `SCHEMAS`.
    """

    tables: Mapping[str, pl.DataFrame]

    @classmethod
    def of(cls, tables: Mapping[str, pl.DataFrame]) -> Self:
        """These frames, once they are shown to have the columns of `SCHEMAS`.

        Raises:
            ValueError: A table or column is missing, or an article is there twice.
        """
        for name, schema in SCHEMAS.items():
            if name not in tables or (missing := schema.keys() - set(tables[name].columns)):
                raise ValueError(f"{name} lacks {', '.join(sorted(missing)) if name in tables else 'everything'}")
        if tables["told_articles"]["article_id"].is_duplicated().any():
            raise ValueError("told_articles has an article twice")
        return cls({name: tables[name].select(schema.names()).cast(schema) for name, schema in SCHEMAS.items()})

    @classmethod
    def read(cls, articles: pl.DataFrame, extractions: pl.DataFrame) -> Self:
        """What the articles are, and what was extracted from them, as far as it is believed (`readings`).

        Args:
            articles: Distinct articles with the fields of `tasks.records.Article`.
            extractions: `article_id`, `extractor` and `extraction`, the JSON of a `tasks.records.Extraction`.

        Raises:
            ValueError: An article is there twice.
        """
        told = readings.resolve(statements.read(articles, extractions), articles)
        return cls.of(
            {
                "told_articles": articles,
                "told_events": told.events,
                "told_participants": told.participants,
                "told_quantities": with_digest(told.quantities, "quantity_id", "q", *_QUANTITY),
                "told_dates": told.dates.with_columns(first_day(pl.col("value")).struct.unnest()).drop_nulls("date"),
                "told_people": _called(told.people, "name"),
                "told_quotes": _called(told.quotes, "person").drop("called"),
            }
        )


def _called(people: pl.DataFrame, name: str) -> pl.DataFrame:
    """The people with `called`, the name in a column without forms of address, and its `slug`."""
    called = mapped(people[name], without_address)
    return people.with_columns(called=called, slug=mapped(called, ids.slug))
