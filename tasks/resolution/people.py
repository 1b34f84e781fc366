"""People: who is quoted or named with an office, across articles.

The same name at the same organisation is one person, whatever the forms of address before it (`forms_of_address.csv`)
and whether a letter is written as one or two ("Müller", "Mueller", "Muller"). A name told without an organisation is
the person of that name, if all articles that tell one agree; a form of address and a surname are the only person of
that surname whom other articles about the same organisations name in full. The id is the slug of the name; namesakes at
several organisations have the organisation's id behind it.

Who has neither office nor organisation and is quoted with nothing is left out, as is who has an organisation's name.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

import polars as pl

from evpact import ids
from evpact.settings import REFERENCE
from tasks.resolution.keys import mapped, most_told
from tasks.resolution.names import word_list


def resolve(people: pl.DataFrame, quotes: pl.DataFrame, members: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows of the table `people`, and the quotes with `person_id`.

    Args:
        people: `article_id`, `name`, `title` and `org_id` of everyone told.
        quotes: `article_id`, `person` (a name as in `people`), `start`, `end`.
        members: `article_id`, `org_id` and `name` of every participant told.
    """
    told = _identified(_named_in_full(_persons(people, members), members))
    rows = (
        told.select("person_id", "org_id")
        .unique()
        .join(most_told(told.with_columns(name="called"), "person_id", "name"), on="person_id")
        .join(most_told(told, "person_id", "title"), on="person_id", how="left")
    )
    speakers = (
        told.select("article_id", "person_id", person="name")
        .sort(pl.all())
        .unique(["article_id", "person"], keep="first", maintain_order=True)
    )
    spoken = quotes.join(speakers, on=["article_id", "person"])
    is_known = pl.col("title").is_not_null() | pl.col("org_id").is_not_null()
    quoted = pl.col("person_id").is_in(spoken["person_id"].implode())
    return rows.filter(is_known | quoted), spoken


def _persons(people: pl.DataFrame, members: pl.DataFrame) -> pl.DataFrame:
    """The people with `called`, the name without forms of address, and `key`, the same for all ways to write it."""
    named = people.with_columns(called=mapped(people["name"], without_address))
    keyed = named.with_columns(key=mapped(named["called"], _key))
    companies = members.select(key=mapped(members["name"], _key)).unique()
    return keyed.join(companies, on="key", how="anti")


def _key(name: str) -> str:
    """The slug of a name with the letters that some write as two as the first of them."""
    return re.sub(r"(?<=[aou])e", "", ids.slug(name))


def _named_in_full(people: pl.DataFrame, members: pl.DataFrame) -> pl.DataFrame:
    """The people, surnames behind a form of address replaced by the full name that they must mean."""
    is_short = ~pl.col("called").str.contains(" ") & (pl.col("called") != pl.col("name"))
    short = people.filter(is_short).select("article_id", surname="key", short="key").unique()
    full = people.filter(pl.col("called").str.contains(" ") & pl.col("org_id").is_not_null()).select(
        "key", "called", "org_id", surname=pl.col("key").str.split("-").list.last()
    )
    about = members.select("article_id", "org_id").unique()
    meant = (
        short.join(about, on="article_id")
        .join(full, on=["surname", "org_id"])
        .sort("called")
        .group_by("article_id", "short", maintain_order=True)
        .agg(pl.col("key").n_unique().alias("keys"), full_key=pl.col("key").first(), full_name=pl.col("called").first())
        .filter(pl.col("keys") == 1)
        .select("article_id", "short", "full_key", "full_name")
    )
    joined = people.join(
        meant, left_on=["article_id", "key"], right_on=["article_id", "short"], how="left", maintain_order="left"
    )
    return joined.with_columns(key=pl.coalesce("full_key", "key"), called=pl.coalesce("full_name", "called")).drop(
        "full_key", "full_name"
    )


def _identified(people: pl.DataFrame) -> pl.DataFrame:
    """The people with `person_id`, and `org_id` filled where it is the only one of that name."""
    homes = pl.col("org_id").drop_nulls()
    only_home = pl.when(homes.n_unique().over("key") == 1).then(pl.col("org_id").max().over("key"))
    slugged = people.with_columns(slug=mapped(people["called"], ids.slug))
    told = slugged.with_columns(pl.coalesce("org_id", only_home), slug=pl.col("slug").min().over("key"))
    namesake = pl.when(pl.col("org_id").n_unique().over("key") > 1).then("org_id")
    return told.with_columns(person_id=pl.concat_str("slug", namesake, separator="-", ignore_nulls=True))


def without_address(name: str) -> str:
    """A person's name without the forms of address before it.

    Raises:
        ReferenceDataError: The list of forms is missing or wrong.
    """
    return forms_of_address().sub("", name) or name


@lru_cache(maxsize=4)
def forms_of_address(folder: Path = REFERENCE) -> re.Pattern[str]:
    """Matches the forms of address at the beginning of a name, from `forms_of_address.csv`.

    Raises:
        ReferenceDataError: The list is missing or wrong.
    """
    forms = sorted(word_list(folder / "forms_of_address.csv", "form")["form"], key=len, reverse=True)
    return re.compile(rf"^(?:(?:{'|'.join(map(re.escape, forms))})(?:\.\s*|\s+))+(?=\S)")
