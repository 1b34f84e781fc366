"""Organisations: which of the names in all articles mean the same one.

A mention is resolved by the first of these rules that decides:

1. what a person decided (`seeds/reference/organization_reviews.csv`);
2. the id that the extractor gives, if it is in the reference: the article itself says who is meant;
3. a name or alias of the reference, first as spelled, then without legal forms ("Co.", "PT"), then without general
   endings ("Group"); the mention's fullest name goes before its aliases. A spelling that means several organisations
   decides nothing, nor does an alias that is a part of the fullest name: "Chery Commercial Vehicle|Chery" is not Chery;
   a name that is only like a listed one does not count if the article places it in another country;
4. of unnamed groups, what they are called (`GroupNames`): they never merge with a company;
5. likeness of names (`tasks.resolution.likeness`), the surest first, as long as no cluster gets two organisations that
   must stay apart (`tasks.resolution.clusters`). Names that articles place in different countries are different.

A name with a country behind it ("BYD Brazil") is the arm there and counts as the organisation itself, as the aliases of
the reference have it, unless the reference lists it or a person says otherwise. A name with words behind it that say
what it does ("Chery Commercial Vehicle") is another organisation: if the name before those words is a listed one, and
all listed ones that begin so are of one group, that is its parent.

The id of an organisation that is not in the reference is the slug of its name without legal form; if several would have
the same, each has six digits of a digest behind it. Every likeness that decided something, or nearly did, is a row of
the table `organization_names`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from evpact import ids
from evpact.ids import squeezed
from evpact.reference import Reference
from evpact.tables import ORGANIZATIONS
from tasks.resolution import linking, matching
from tasks.resolution.keys import mapped, most_told
from tasks.resolution.matters import Texts
from tasks.resolution.names import GroupNames, NameParts

_MENTION = ("mention", "event_id", "article_id", "name", "aliases", "kind", "country", "org_id")


@dataclass(frozen=True)
class Resolved:
    """Who everyone is.

    Attributes:
        members: The participants with `org_id` as resolved.
        persons: The people with `org_id` as resolved, null only for those without organisation.
        organizations: Rows of the table `organizations`: those of the reference, used or not, and those found.
        names: Rows of the table `organization_names`.
    """

    members: pl.DataFrame
    persons: pl.DataFrame
    organizations: pl.DataFrame
    names: pl.DataFrame


def resolve(
    participants: pl.DataFrame, people: pl.DataFrame, doubtful: pl.DataFrame, reference: Reference, texts: Texts
) -> Resolved:
    """The organisation of everyone named.

    Args:
        participants: `event_id`, `article_id`, and the fields of `tasks.records.Participant`.
        people: `article_id`, and the fields of `tasks.records.Person`.
        doubtful: `article_id` and the fields of `tasks.records.Event` of deals too doubtful to be told: of two whose
            names are alike, it speaks for one organisation if each may have a deal with the same third one.
        reference: The organisations known beforehand, and what people decided.
        texts: The words of the articles.
    """
    members = participants.with_row_index("mention")
    persons = people.with_row_index("mention", offset=len(members))
    employers = persons.drop_nulls("organization").select(
        "mention",
        "article_id",
        "org_id",
        event_id=pl.lit(None, pl.String()),
        name="organization",
        aliases=pl.lit([], pl.List(pl.String())),
        kind=pl.lit("other"),
        country=pl.lit(None, pl.String()),
    )
    mentions = pl.concat([members.select(_MENTION), employers.select(_MENTION)])
    resolved, organizations, names = _merge(mentions, doubtful, reference, texts)
    members = members.drop("org_id").join(resolved, on="mention", maintain_order="left").drop("mention")
    # Within an article a name means whom the article calls so, which its fullest name there tells better.
    inside = called(members, "article_id", persons.select("article_id", name="organization"))
    outside = persons.select("mention").join(resolved, on="mention", how="left", maintain_order="left")["org_id"]
    persons = persons.with_columns(org_id=pl.coalesce(inside, outside)).drop("mention")
    return Resolved(members, persons, organizations, names)


def called(members: pl.DataFrame, within: str, asked: pl.DataFrame) -> pl.Series:
    """The `org_id` that each name means within its event or article; null where it is none or several.

    Args:
        members: `org_id`, `name`, `aliases` and the column named by `within` of every participant.
        within: `event_id` or `article_id`.
        asked: That column, and `name`.
    """
    asked_in = members.join(asked.drop_nulls("name"), on=within, how="semi")
    names = asked_in.select(within, "org_id", form=pl.concat_list(pl.concat_list("name"), "aliases")).explode("form")
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


def _merge(
    mentions: pl.DataFrame, doubtful: pl.DataFrame, reference: Reference, texts: Texts
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """`mention` and `org_id` of all mentions, and the rows of `organizations` and of `organization_names`."""
    parts, decisions = NameParts.load(reference), reference.decisions
    aliases = pl.concat_list("aliases", "weak_aliases")
    listed = reference.all_organizations.with_columns(aliases=aliases, in_reference=True)
    spelled = mentions.with_columns(spelled=mapped(mentions["name"], squeezed))
    known = matching.known(spelled, listed, decisions, parts.affixes)
    rest = spelled.join(known, on="mention", how="anti")
    is_group = pl.col("kind") == "group"
    groups = matching.groups(rest.filter(is_group), GroupNames.load(reference))
    settled = spelled.drop("org_id").join(known, on="mention")
    world = linking.world(rest.filter(~is_group), settled, doubtful, listed, parts, decisions)
    links = linking.links(world, decisions, texts)
    named = linking.clusters(world, links)
    joined = named.drop_nulls("org_id").select("mention", "org_id")
    clustered = _identified(pl.concat([groups, named.filter(pl.col("org_id").is_null()).drop("org_id")]), listed)
    found = clustered.select("mention", "org_id")
    resolved = pl.concat([known.select("mention", "org_id"), joined, found])
    judged = linking.judged(world, links, resolved, decisions)
    rows = pl.concat([listed.select(ORGANIZATIONS.schema.names()), _found(clustered, rest, judged)])
    return resolved, rows, linking.names(spelled, known, resolved, judged, world.places, rows)


def _identified(clustered: pl.DataFrame, listed: pl.DataFrame) -> pl.DataFrame:
    """The clustered mentions with the `org_id` of their cluster."""
    taken = pl.col("slug").is_in(listed["org_id"].implode()) | (pl.col("cluster").n_unique().over("slug") > 1)
    digits = mapped(clustered["cluster"], ids.digest).str.head(6)
    return clustered.with_columns(
        org_id=pl.when(taken).then(pl.concat_str("slug", digits, separator="-")).otherwise("slug")
    )


def _found(clustered: pl.DataFrame, mentions: pl.DataFrame, judged: pl.DataFrame) -> pl.DataFrame:
    """Rows of the table `organizations` for the clusters."""
    told = clustered.join(mentions.select("mention", "kind", written="name", also="aliases"), on="mention")
    kinds = told.with_columns(pl.col("kind").replace("other", None))
    forms = told.select("org_id", form=pl.concat_list(pl.concat_list("written"), "also")).explode("form")
    homes = pl.col("country").drop_nulls()
    parents = judged.filter(pl.col("decision") == "parent").select("org_id", parent_id="other_id").unique("org_id")
    return (
        told.group_by("org_id")
        .agg(country=pl.when(homes.n_unique() == 1).then(homes.max()))
        .join(most_told(told, "org_id", "name"), on="org_id")
        .join(most_told(kinds, "org_id", "kind"), on="org_id", how="left")
        .join(forms.group_by("org_id").agg(aliases=pl.col("form").unique().sort()), on="org_id")
        .join(parents, on="org_id", how="left")
        .with_columns(
            pl.col("kind").fill_null("other"),
            pl.col("aliases").list.set_difference(pl.concat_list("name")).list.sort(),
            wikidata_id=pl.lit(None, pl.String()),
            in_reference=pl.lit(False),
        )
        .select(ORGANIZATIONS.schema.names())
    )
