"""People: who is quoted or named with an office, across articles.

The same name at the same organisation is one person. A name told without an organisation is the person of that name, if
all articles that tell one agree. The id is the slug of the name; namesakes at several organisations have the
organisation's id behind it.
"""

from __future__ import annotations

import polars as pl

from evpact import ids
from tasks.resolution.keys import mapped, most_told


def resolve(people: pl.DataFrame, quotes: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows of the table `people`, and the quotes with `person_id`.

    Args:
        people: `article_id`, `name`, `title` and `org_id` of everyone told.
        quotes: `article_id`, `person` (a name as in `people`), `start`, `end`.
    """
    told = _identified(people)
    rows = (
        told.select("person_id", "org_id")
        .unique()
        .join(most_told(told, "person_id", "name"), on="person_id")
        .join(most_told(told, "person_id", "title"), on="person_id", how="left")
    )
    speakers = (
        told.select("article_id", "person_id", person="name")
        .sort(pl.all())
        .unique(["article_id", "person"], keep="first", maintain_order=True)
    )
    return rows, quotes.join(speakers, on=["article_id", "person"])


def _identified(people: pl.DataFrame) -> pl.DataFrame:
    """The people with `person_id`, and `org_id` filled where it is the only one of that name."""
    homes = pl.col("org_id").drop_nulls()
    only_home = pl.when(homes.n_unique().over("slug") == 1).then(pl.col("org_id").max().over("slug"))
    slugged = people.with_columns(slug=mapped(people["name"], ids.slug))
    told = slugged.with_columns(pl.coalesce("org_id", only_home))
    namesake = pl.when(pl.col("org_id").n_unique().over("slug") > 1).then("org_id")
    return told.with_columns(person_id=pl.concat_str("slug", namesake, separator="-", ignore_nulls=True))
