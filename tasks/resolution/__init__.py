"""Resolution: what the statements of all articles add up to.

articles       one row for each text                        -> articles
stories        which articles are printed from one text
statements     what was extracted, as frames
readings       what of it is not believed as it stands
organizations  which names mean the same organisation       -> organizations, organization_names
people         which names mean the same person             -> people
facts          what each article states                     -> events, participants, quantities, event_dates, quotes
facilities     which sites the events concern               -> facilities
retellings     which articles tell of a partnership that others tell, though nothing of it was extracted from them
partnerships   what the events of the same parties tell     -> partnerships, partnership_parties,
                                                               partnership_history, partnership_quantities
    matters    which events tell of the same cooperation
    courses    how far it has got, and where a new one begins
    figures    its sums, stakes and capacities
continuity     what became of the ids of the release before -> redirects

Each module says its rules. All work on whole frames, so that a million events are a matter of minutes.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import polars as pl

from evpact.reference import Reference
from evpact.tables import TABLES
from tasks.resolution import (
    continuity,
    courses,
    facilities,
    facts,
    organizations,
    partnerships,
    people,
    readings,
    retellings,
    statements,
    stories,
)
from tasks.resolution.articles import article_table, distinct_articles
from tasks.resolution.continuity import Previous
from tasks.resolution.matters import Texts
from tasks.resolution.statements import Statements

__all__ = ["Previous", "distinct_articles", "resolve"]


def resolve(
    articles: pl.DataFrame, extractions: pl.DataFrame, reference: Reference, previous: Previous | None = None
) -> dict[str, pl.DataFrame]:
    """Every table of a release, from the articles and what was extracted from each.

    The order of rows does not matter, and neither does anything but the arguments and the word lists in
    `seeds/reference`.

    Args:
        articles: The fields of `tasks.records.Article` as columns. Of several rows with one `article_id` one counts
            (`distinct_articles`).
        extractions: `article_id`, `extractor`, and `extraction`, the JSON of a `tasks.records.Extraction`.
        reference: What is known beforehand.
        previous: The release before, if there is one; only `articles.story_id` and `redirects` depend on it.

    Returns:
        The tables of `evpact.tables.TABLES` by name, conformed.

    Raises:
        polars.exceptions.ComputeError: An extraction is not the JSON of the record.
        ReferenceDataError: A word list is missing or wrong.
    """
    with _uncollected():
        return _resolved(articles, extractions, reference, previous)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without looking for cycles of objects: there are none, and a look through all words takes long."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _resolved(
    articles: pl.DataFrame, extractions: pl.DataFrame, reference: Reference, previous: Previous | None
) -> dict[str, pl.DataFrame]:
    articles = distinct_articles(articles)
    told = readings.resolve(statements.read(articles, extractions), articles)

    texts = Texts(articles)
    who = organizations.resolve(told.participants, told.people, told.doubtful, reference, texts)
    members, known = who.members, who.organizations
    told, members = _without(partnerships.one_sided(told.events, members), told, members)
    told, members = _without(partnerships.told_twice(told, members), told, members)
    printed = stories.resolve(articles)
    texts.know(known)
    told, members = _with_retellings(articles.join(printed, on="article_id"), told, members, known, texts, reference)
    kept = continuity.kept_stories(printed, previous)
    tables = _tables(articles, told, members, who, kept, texts, reference)
    alone = partnerships.retold_alone(tables["events"], tables["partnership_history"])
    if len(alone):  # what was read in the light of others that turned out to be of another matter
        told, members = _without(alone, told, members)
        tables = _tables(articles, told, members, who, kept, texts, reference)
    tables["redirects"] = continuity.redirects(tables, previous)
    referring = [tables[name] for name in ("participants", "people", "facilities")]
    tables["organizations"] = organizations.used(known, referring)
    tables["organization_names"] = who.names.join(tables["organizations"], on="org_id", how="semi")
    return {name: table.conform(tables[name]) for name, table in TABLES.items()}


def _without(events: pl.DataFrame, told: Statements, members: pl.DataFrame) -> tuple[Statements, pl.DataFrame]:
    """What is told, and who takes part in it, without some events."""
    return told.without(events), members.join(events, on="event_id", how="anti")


def _tables(
    articles: pl.DataFrame,
    told: Statements,
    members: pl.DataFrame,
    who: organizations.Resolved,
    kept: pl.DataFrame,
    texts: Texts,
    reference: Reference,
) -> dict[str, pl.DataFrame]:
    """The tables that follow from statements whose participants are resolved."""
    known = who.organizations
    # Whom retellings name short ("Okonjo" for Okonjo Motors) is no reason to doubt that a person has that name.
    persons, quotes = people.resolve(who.persons, told.quotes, who.members)
    participants = facts.participants(members)
    sites, site_of = facilities.resolve(told.events, participants, known, reference)
    events = facts.events(told.events, site_of, articles)
    tables = {
        "articles": article_table(articles, kept, events),
        "events": events,
        "participants": participants,
        "quantities": facts.quantities(told.quantities, members, articles),
        "event_dates": facts.event_dates(told.dates),
        "quotes": facts.quotes(quotes, articles),
        "people": persons,
        "facilities": sites,
    }
    return tables | partnerships.resolve(tables, known, texts, courses.recap_cues())


def _with_retellings(
    articles: pl.DataFrame,
    told: Statements,
    members: pl.DataFrame,
    known: pl.DataFrame,
    texts: Texts,
    reference: Reference,
) -> tuple[Statements, pl.DataFrame]:
    """The statements and participants with those of articles from which too little was extracted."""
    matter = partnerships.matters_of(told.events, members, told.quantities, articles, known, texts)
    events, parties = retellings.resolve(articles, matter, members, told.doubtful, known, texts, reference)
    lists = {
        name: pl.lit([], dtype)
        for name, dtype in told.events.schema.items()
        if isinstance(dtype, pl.List) and name not in events.columns
    }
    rows = pl.concat([told.events, events.with_columns(**lists)], how="diagonal_relaxed")
    no_aliases = pl.lit([], members.schema["aliases"]).alias("aliases")
    return replace(told, events=rows.with_columns(pl.col("retold").fill_null(False))), pl.concat(
        [members, parties.with_columns(no_aliases)], how="diagonal_relaxed"
    )
