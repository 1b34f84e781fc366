"""Statements: what the extractor found in all articles, as frames instead of nested records."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, replace
from types import NoneType, UnionType
from typing import Any, Final, get_args, get_origin, get_type_hints

import polars as pl

from tasks.records import Extraction
from tasks.resolution.keys import joined, with_digest

_AT_ONCE: Final = 10_000
"""Extractions decoded at once: while it is decoded, JSON takes many times the memory of what it says."""

_SCALARS: Final[dict[Any, pl.DataType]] = {str: pl.String(), int: pl.Int64(), float: pl.Float64()}


def _dtype(hint: Any) -> pl.DataType:
    """Polars type of a record, a tuple of one type, an optional or a scalar."""
    if dataclasses.is_dataclass(hint):
        return pl.Struct({name: _dtype(inner) for name, inner in get_type_hints(hint).items()})
    if get_origin(hint) is tuple:
        return pl.List(_dtype(get_args(hint)[0]))
    if get_origin(hint) is UnionType:
        (inner,) = (argument for argument in get_args(hint) if argument is not NoneType)
        return _dtype(inner)
    return _SCALARS[hint]


EXTRACTION: Final = _dtype(Extraction)
"""Polars type of an extraction, derived from `tasks.records` so that a new field there is read here."""


@dataclass(frozen=True)
class Statements:
    """Everything that the articles state; the columns are the fields of the records, and keys that hold them together.

    Attributes:
        events: `event_id`, `article_id`, `extractor`, and the fields of `Event` that are no records.
        participants: `event_id`, `article_id`, and the fields of `Participant`.
        quantities: `event_id`, `article_id`, and the fields of `Quantity`.
        dates: `event_id`, and the fields of `EventDate`.
        people: `article_id`, and the fields of `Person`.
        quotes: `article_id`, and the fields of `Quote`.
        doubtful: `article_id`, and the fields of `Event`, of what was too doubtful to be told.
    """

    events: pl.DataFrame
    participants: pl.DataFrame
    quantities: pl.DataFrame
    dates: pl.DataFrame
    people: pl.DataFrame
    quotes: pl.DataFrame
    doubtful: pl.DataFrame

    def without(self, events: pl.DataFrame) -> Statements:
        """All but what hangs on some events, given as a frame with `event_id`."""
        kept = {
            name: getattr(self, name).join(events, on="event_id", how="anti")
            for name in ("events", "participants", "quantities", "dates")
        }
        return replace(self, **kept)


def read(articles: pl.DataFrame, extractions: pl.DataFrame) -> Statements:
    """What was extracted from the articles; extractions of other articles are left out.

    Args:
        articles: Distinct articles.
        extractions: `article_id`, `extractor` and `extraction`, the JSON of a `tasks.records.Extraction`.

    Raises:
        polars.exceptions.ComputeError: An extraction is not the JSON of the record.
    """
    rows = (
        extractions.join(articles, on="article_id", how="semi")
        .sort("article_id", "extractor", "extraction")
        .unique("article_id", keep="first", maintain_order=True)
    )
    parts = [_decoded(rows.slice(start, _AT_ONCE)) for start in range(0, max(len(rows), 1), _AT_ONCE)]
    names = [field.name for field in dataclasses.fields(Statements)]
    return Statements(*(pl.concat([getattr(part, name) for part in parts], rechunk=True) for name in names))


def _decoded(extractions: pl.DataFrame) -> Statements:
    """What some extractions say, of each article one."""
    decoded = extractions.with_columns(pl.col("extraction").str.json_decode(EXTRACTION)).select(
        "article_id", "extractor", pl.col("extraction").struct.field("events", "people", "quotes", "doubtful")
    )
    events = _identified(_unpacked(decoded, "events", "article_id", "extractor"))
    return Statements(
        events=events.drop("participants", "quantities", "dates"),
        participants=_unpacked(events, "participants", "event_id", "article_id"),
        quantities=_unpacked(events, "quantities", "event_id", "article_id"),
        dates=_unpacked(events, "dates", "event_id"),
        people=_unpacked(decoded, "people", "article_id"),
        quotes=_unpacked(decoded, "quotes", "article_id"),
        doubtful=_unpacked(decoded, "doubtful", "article_id"),
    )


def _unpacked(frame: pl.DataFrame, column: str, *keys: str) -> pl.DataFrame:
    """One row for each record in a column of lists."""
    return frame.select(*keys, column).explode(column).unnest(column)


def _identified(events: pl.DataFrame) -> pl.DataFrame:
    """The events with `event_id`; what an article states twice in the same words is there once.

    The id is made from the article and from what is stated, as the article words it: neither other articles nor a
    better reference table change it. Of exact duplicates the most confident one stays, or the first in the article.
    """
    described = events.with_columns(
        who=_written("participants", "name", "role"),
        figures=_written("quantities", "measure", "value", "unit", "start"),
    )
    lists = (joined(pl.col(name)) for name in ("who", "figures", "countries", "places"))
    return (
        with_digest(described, "event_id", "e", "article_id", "type", "kind", "evidence_start", "evidence_end", *lists)
        .sort("confidence", descending=True, maintain_order=True)
        .unique("event_id", keep="first", maintain_order=True)
        .drop("who", "figures")
    )


def _written(column: str, *fields: str) -> pl.Expr:
    """Some fields of each record of a column of lists as a text."""
    texts = (pl.element().struct.field(field).cast(pl.String()) for field in fields)
    return pl.col(column).list.eval(pl.concat_str(*texts, separator="="))
