"""Organisations: which of the names in all articles mean the same one.

A mention is resolved by the first of these rules that decides:

1. the id that the extractor gives, if it is in the reference;
2. a name or alias of the reference, first as spelled, then without legal forms ("Co."), then without general endings
   ("Group"); the mention's fullest name goes before its aliases. A spelling that means several organisations decides
   nothing, nor does an alias that is a part of the fullest name: "Chery Commercial Vehicle|Chery" is not Chery;
3. of unnamed groups, what they are called (`GroupNames`): they never merge with a company;
4. of other names, the spelling without spaces, hyphens, case and legal forms. Spellings are joined further where one is
   the alias of another in an article, or differs from it by a general ending, as long as the shorter form belongs to
   one longer name only. Names that articles place in different countries stay apart.

The id of an organisation that is not in the reference is the slug of its name without legal form; if several would have
the same, each has six digits of a digest behind it.
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from evpact import ids
from evpact.reference import Reference
from evpact.tables import ORGANIZATIONS
from tasks.resolution import matching
from tasks.resolution.keys import mapped, most_told
from tasks.resolution.names import Endings, GroupNames, squeezed

_MENTION = ("mention", "name", "aliases", "kind", "country", "org_id")


def resolve(
    participants: pl.DataFrame, people: pl.DataFrame, reference: Reference
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """The organisation of everyone named.

    Args:
        participants: `event_id`, `article_id`, and the fields of `tasks.records.Participant`.
        people: `article_id`, and the fields of `tasks.records.Person`.
        reference: The organisations known beforehand.

    Returns:
        Participants and people, each with `org_id` as resolved (null only for people without organisation); and rows of
        the table `organizations`: those of the reference, used or not, and those found.
    """
    members = participants.with_row_index("mention")
    persons = people.with_row_index("mention", offset=len(members))
    employers = persons.drop_nulls("organization").select(
        "mention",
        "org_id",
        name="organization",
        aliases=pl.lit([], pl.List(pl.String())),
        kind=pl.lit("other"),
        country=pl.lit(None, pl.String()),
    )
    resolved, organizations = _merge(pl.concat([members.select(_MENTION), employers.select(_MENTION)]), reference)
    members = members.drop("org_id").join(resolved, on="mention", maintain_order="left").drop("mention")
    # Within an article a name means whom the article calls so, which its fullest name there tells better.
    inside = called(members, "article_id", persons.select("article_id", name="organization"))
    outside = persons.select("mention").join(resolved, on="mention", how="left", maintain_order="left")["org_id"]
    persons = persons.with_columns(org_id=pl.coalesce(inside, outside)).drop("mention")
    return members, persons, organizations


def called(members: pl.DataFrame, within: str, asked: pl.DataFrame) -> pl.Series:
    """The `org_id` that each name means within its event or article; null where it is none or several.

    Args:
        members: `org_id`, `name`, `aliases` and the column named by `within` of every participant.
        within: `event_id` or `article_id`.
        asked: That column, and `name`.
    """
    names = members.select(within, "org_id", form=pl.concat_list(pl.concat_list("name"), "aliases")).explode("form")
    meant = (
        names.select(within, "org_id", key=mapped(names["form"], squeezed))
        .unique()
        .filter(pl.len().over(within, "key") == 1)
    )
    keyed = asked.select(within, key=mapped(asked["name"], squeezed))
    return keyed.join(meant, on=[within, "key"], how="left", maintain_order="left")["org_id"]


def used(organizations: pl.DataFrame, tables: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """The organisations that tables refer to by `org_id`, and all that control them."""
    wanted = pl.concat([table.select("org_id") for table in tables])
    chosen = organizations.clear()
    while len(rest := organizations.join(wanted, on="org_id", how="semi").join(chosen, on="org_id", how="anti")):
        chosen = pl.concat([chosen, rest])
        wanted = rest.select(org_id="parent_id")
    return chosen


def _merge(mentions: pl.DataFrame, reference: Reference) -> tuple[pl.DataFrame, pl.DataFrame]:
    """`mention` and `org_id` of all mentions, and the rows of `organizations`."""
    endings = Endings.load()
    aliases = pl.concat_list("aliases", "weak_aliases")
    listed = reference.all_organizations.with_columns(aliases=aliases, in_reference=True)
    known = matching.known(mentions, listed, endings)
    rest = mentions.join(known, on="mention", how="anti")
    is_group = pl.col("kind") == "group"
    groups = matching.groups(rest.filter(is_group), GroupNames.load(reference))
    named = matching.clusters(rest.filter(~is_group), endings)
    clustered = _identified(pl.concat([groups, named]), listed)
    found = _found(clustered, rest)
    organizations = listed.select(ORGANIZATIONS.schema.names())
    return pl.concat([known, clustered.select("mention", "org_id")]), pl.concat([organizations, found])


def _identified(clustered: pl.DataFrame, listed: pl.DataFrame) -> pl.DataFrame:
    """The clustered mentions with the `org_id` of their cluster."""
    taken = pl.col("slug").is_in(listed["org_id"].implode()) | (pl.col("cluster").n_unique().over("slug") > 1)
    digits = mapped(clustered["cluster"], ids.digest).str.head(6)
    return clustered.with_columns(
        org_id=pl.when(taken).then(pl.concat_str("slug", digits, separator="-")).otherwise("slug")
    )


def _found(clustered: pl.DataFrame, mentions: pl.DataFrame) -> pl.DataFrame:
    """Rows of the table `organizations` for the clusters."""
    told = clustered.join(mentions.select("mention", "kind", written="name", also="aliases"), on="mention")
    kinds = told.with_columns(pl.col("kind").replace("other", None))
    forms = told.select("org_id", form=pl.concat_list(pl.concat_list("written"), "also")).explode("form")
    homes = pl.col("country").drop_nulls()
    return (
        told.group_by("org_id")
        .agg(country=pl.when(homes.n_unique() == 1).then(homes.max()))
        .join(most_told(told, "org_id", "name"), on="org_id")
        .join(most_told(kinds, "org_id", "kind"), on="org_id", how="left")
        .join(forms.group_by("org_id").agg(aliases=pl.col("form").unique().sort()), on="org_id")
        .with_columns(
            pl.col("kind").fill_null("other"),
            pl.col("aliases").list.set_difference(pl.concat_list("name")).list.sort(),
            parent_id=pl.lit(None, pl.String()),
            wikidata_id=pl.lit(None, pl.String()),
            in_reference=pl.lit(False),
        )
        .select(ORGANIZATIONS.schema.names())
    )
