"""Readings: what of an extraction is not believed as it stands.

Sentences are hard to read, and some slips show in the words themselves, whatever the extractor made of them:

- **An agency in the dateline** ("ROTTERDAM (ANP) –") takes part in nothing. It is struck from the participants, and an
  event of which nobody is left is left out.
- **A person** whom an article names with an office is no organisation in another, nor by itself ("GM's chief executive
  Mary Barra"): struck likewise.
- **A denial**: what is denied is ended, and what is told as ended is `active` if its evidence denies the end
  (`telling_cues.csv`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import polars as pl

from tasks.resolution.statements import Statements
from tasks.resolution.wording import Wording

_DATELINE: Final = re.compile(
    r"^\W{0,3}(?P<place>[^\W\d_][^\n()]{1,60}?)\s*\((?P<agency>[^\W\d_][\w .&’'-]{1,30})\)\s*(?P<dash>\.?[-–—]{1,2})?"
)
_DATED: Final = re.compile(r"\d{1,2}\.?,?$")


def resolve(told: Statements, articles: pl.DataFrame) -> Statements:
    """The statements as they are believed.

    Args:
        told: What the articles state.
        articles: Distinct articles with `article_id` and `text`.
    """
    return _undenied(_without_persons(_without_agencies(told, articles)), articles)


def agency(text: str) -> str | None:
    """The news agency in the dateline of a text.

    >>> agency("ROTTERDAM (ANP) – Elvaro has"), agency("Pune, May 19 (PTI) Vahnika"), agency("Ford (F) has")
    ('ANP', 'PTI', None)
    """
    found = _DATELINE.match(text)
    if found is None:
        return None
    place = found["place"]
    is_line = found["dash"] or _DATED.search(place) or place.isupper()
    return found["agency"] if is_line else None


def _without_agencies(told: Statements, articles: pl.DataFrame) -> Statements:
    agencies = [(article_id, name) for article_id, text in articles.select("article_id", "text").iter_rows()
                if (name := agency(text))]  # fmt: skip
    named = pl.DataFrame(agencies, schema={"article_id": pl.String(), "name": pl.String()}, orient="row")
    return _struck(told, told.participants.join(named, on=["article_id", "name"], how="semi"))


def _without_persons(told: Statements) -> Statements:
    persons = told.people.filter(pl.col("title").is_not_null() & pl.col("name").str.contains(" ")).select("name")
    unlisted = told.participants.filter(pl.col("org_id").is_null())
    return _struck(told, unlisted.join(persons, on="name", how="semi"))


def _struck(told: Statements, rows: pl.DataFrame) -> Statements:
    """The statements without some rows of participants, and without the events of which nobody is left."""
    participants = told.participants.join(rows, on=["event_id", "name", "role"], how="anti")
    emptied = rows.select("event_id").unique().join(participants, on="event_id", how="anti")
    return replace(told, participants=participants).without(emptied)


def _undenied(told: Statements, articles: pl.DataFrame) -> Statements:
    wording = Wording.load()
    asked = (
        told.events.filter((pl.col("type") == "partnership") & (pl.col("status") == "ended"))
        .join(articles.select("article_id", "text"), on="article_id")
        .select(
            "event_id",
            evidence=pl.col("text").str.slice("evidence_start", pl.col("evidence_end") - pl.col("evidence_start")),
        )
    )  # fmt: skip
    forms = (
        told.participants.join(asked, on="event_id", how="semi")
        .select("event_id", form=pl.concat_list(pl.concat_list("name"), "aliases"))
        .explode("form")
    )
    names: dict[str, list[str]] = {}
    for event_id, form in forms.iter_rows():
        names.setdefault(event_id, []).append(form)
    going_on = [
        event_id
        for event_id, evidence in asked.iter_rows()
        if wording.denies_end(evidence, [span for form in names.get(event_id, ()) for span in _places(form, evidence)])
    ]
    goes_on = pl.col("event_id").is_in(going_on)
    is_denied = (pl.col("type") == "partnership") & (pl.col("attribution") == "denied")
    events = told.events.with_columns(
        status=pl.when(goes_on).then(pl.lit("active")).when(is_denied).then(pl.lit("ended")).otherwise("status"),
        statuses=pl.when(goes_on | is_denied).then(pl.lit([], pl.List(pl.Float64()))).otherwise("statuses"),
        attribution=pl.when(goes_on).then(pl.lit("stated")).otherwise("attribution"),
    )
    return replace(told, events=events)


def _places(form: str, text: str) -> Iterator[tuple[int, int]]:
    """Start and end of a name wherever it stands in a text."""
    start = text.find(form)
    while start >= 0:
        yield start, start + len(form)
        start = text.find(form, start + len(form))
