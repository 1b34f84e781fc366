"""Facts: the tables that say what each article states, traceable to its text."""

from __future__ import annotations

import polars as pl

from tasks.resolution import organizations
from tasks.resolution.dates import PRECISIONS, first_day
from tasks.resolution.keys import with_digest


def events(told: pl.DataFrame, sites: pl.DataFrame, articles: pl.DataFrame) -> pl.DataFrame:
    """Rows of the table `events`.

    Args:
        told: `event_id`, `article_id`, `extractor`, and the fields of `tasks.records.Event` that are no records.
        sites: `event_id` and `facility_id`, where there is one.
        articles: `article_id` and `text`.
    """
    sited = told.join(sites, on="event_id", how="left")
    return _with_text(sited, articles, evidence=("evidence_start", "evidence_end")).with_columns(
        pl.col("countries", "places").list.unique(maintain_order=True)
    )


def participants(told: pl.DataFrame) -> pl.DataFrame:
    """Rows of the table `participants`.

    An organisation that an event tells twice with the same role is there once, under its fullest mention. Of several
    roles all stay but `partner`, which says less than any other.

    Args:
        told: `event_id`, `org_id`, `role` and `name` of every participant told.
    """
    return (
        told.sort(pl.col("name").str.len_chars(), "name", descending=[True, False])
        .unique(["event_id", "org_id", "role"], keep="first", maintain_order=True)
        .filter((pl.col("role") != "partner") | (pl.len().over("event_id", "org_id") == 1))
        .rename({"name": "mention"})
    )


def quantities(told: pl.DataFrame, members: pl.DataFrame, articles: pl.DataFrame) -> pl.DataFrame:
    """Rows of the table `quantities`.

    Args:
        told: `event_id`, `article_id`, and the fields of `tasks.records.Quantity` of every figure told.
        members: `event_id`, `org_id`, `name`, `aliases` of every participant told.
        articles: `article_id` and `text`.
    """
    whose = organizations.called(members, "event_id", told.select("event_id", name="whose"))
    figures = _with_text(told.with_columns(org_id=whose), articles, text=("start", "end"))
    keyed = with_digest(figures, "quantity_id", "q", "event_id", "measure", "value", "unit", "start", "end")
    return keyed.sort("bound", "per", "org_id", nulls_last=True).unique(
        "quantity_id", keep="first", maintain_order=True
    )


def event_dates(told: pl.DataFrame) -> pl.DataFrame:
    """Rows of the table `event_dates`: of each role the most exact date, of equally exact ones the earliest.

    Args:
        told: `event_id` and the fields of `tasks.records.EventDate` of every date told; one that no calendar has is
            left out.
    """
    return (
        told.with_columns(first_day(pl.col("value")).struct.unnest())
        .drop_nulls("date")
        .sort(pl.col("precision").cast(pl.Enum(PRECISIONS)), "date", "text")
        .unique(["event_id", "role"], keep="first", maintain_order=True)
    )


def quotes(told: pl.DataFrame, articles: pl.DataFrame) -> pl.DataFrame:
    """Rows of the table `quotes`.

    Args:
        told: `article_id`, `person_id`, `start` and `end` of every quote told.
        articles: `article_id` and `text`.
    """
    quoted = _with_text(told, articles, text=("start", "end"))
    return with_digest(quoted, "quote_id", "s", "article_id", "person_id", "start", "end").unique("quote_id")


def _with_text(told: pl.DataFrame, articles: pl.DataFrame, **spans: tuple[str, str]) -> pl.DataFrame:
    """The rows with the stretch of their article's text that lies between two columns of character offsets."""
    texts = articles.select("article_id", body="text")
    stretches = {
        name: pl.col("body").str.slice(start, pl.col(end) - pl.col(start)) for name, (start, end) in spans.items()
    }
    return told.join(texts, on="article_id").with_columns(**stretches).drop("body")
