"""Partnerships: which events of all articles tell of the same one, and what they add up to.

The rules, in the order in which they are applied:

- **Parties** are the organisations with one of `PARTY_ROLES` in an event of the type `partnership`; companies,
  governments and unnamed groups alike. An event with fewer than two tells of none and is left out.
- **Identity** is the set of parties and the kind. An event with other parties, be it one more or one less, tells of
  another partnership; so does one of another kind between the same parties. An event that tells no kind belongs to the
  one partnership of its parties, if all that tell a kind agree; else those without kind are a partnership of their own.
- **Status** is the latest told: of the events of the last day of publication, the one that is furthest on in the order
  of `vocabulary.STATUS`, in which `ended` is last. Undated events count only if none is dated.
- **Confidence** grows with independent texts alone: of each story the best event counts, and the partnership is wrong
  only if all of them are (as if they erred independently).

`partnership_id` is the parties' ids and the kind: `ford--geely--technology`. It stays as long as those ids do, whatever
articles are added; only a partnership that was told without a kind changes its id when its kind is told.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from evpact.vocabulary import ROLE, STATUS

PARTY_ROLES: Final = ("partner", "supplier", "customer", "investor", "target", "manufacturer", "host")

_DOUBT_DIGITS: Final = 4


def resolve(
    events: pl.DataFrame, participants: pl.DataFrame, articles: pl.DataFrame, organizations: pl.DataFrame
) -> dict[str, pl.DataFrame]:
    """Rows of the tables `partnerships`, `partnership_parties` and `partnership_history`.

    Args:
        events: The table `events`.
        participants: The table `participants`.
        articles: The table `articles`.
        organizations: At least the organisations that take part.
    """
    told = _identified(events, participants)
    history = told.join(articles.select("article_id", "published", "story_id", "publisher"), on="article_id").rename(
        {"published": "reported"}
    )
    parties = _parties(told, participants)
    partnerships = (
        _summed(history)
        .join(_latest_status(history), on="partnership_id")
        .join(_confidence(history), on="partnership_id")
        .join(_names(parties, organizations), on="partnership_id")
        .with_columns(name=_name(pl.col("who"), pl.col("kind")))
    )
    return {
        "partnerships": partnerships,
        "partnership_parties": parties,
        "partnership_history": history,
    }


def one_sided(events: pl.DataFrame, participants: pl.DataFrame) -> pl.DataFrame:
    """Partnership events whose participants turn out to be one organisation under several names: no partnership.

    Args:
        events: `event_id` and `type` of every event told.
        participants: `event_id`, `org_id` and `role` of every participant told.

    Returns:
        Their `event_id`.
    """
    sides = (
        participants.filter(pl.col("role").is_in(PARTY_ROLES))
        .group_by("event_id")
        .agg(sides=pl.col("org_id").n_unique())
    )
    return (
        events.filter(pl.col("type") == "partnership")
        .join(sides, on="event_id", how="left")
        .filter(pl.col("sides").fill_null(0) < 2)
        .select("event_id")
    )


def _identified(events: pl.DataFrame, participants: pl.DataFrame) -> pl.DataFrame:
    """The events that tell of a partnership, with `partnership_id` and the partnership's `kind`."""
    parties = (
        participants.filter(pl.col("role").is_in(PARTY_ROLES))
        .group_by("event_id")
        .agg(parties=pl.col("org_id").unique().sort())
        .filter(pl.col("parties").list.len() > 1)
        .with_columns(parties=pl.col("parties").list.join("--"))
    )
    told = events.filter(pl.col("type") == "partnership").join(parties, on="event_id")
    kinds = pl.col("kind").drop_nulls()
    only_kind = pl.when(kinds.n_unique().over("parties") == 1).then(pl.col("kind").max().over("parties"))
    matter = pl.col("kind").str.replace_all("_", "-", literal=True).fill_null("unspecified")
    return told.with_columns(kind=pl.coalesce("kind", only_kind)).with_columns(
        partnership_id=pl.concat_str("parties", matter, separator="--")
    )


def _parties(told: pl.DataFrame, participants: pl.DataFrame) -> pl.DataFrame:
    """Rows of `partnership_parties`; of several roles the most told one that is not `partner`."""
    roles = (
        told.select("partnership_id", "event_id")
        .join(participants.filter(pl.col("role").is_in(PARTY_ROLES)), on="event_id")
        .group_by("partnership_id", "org_id", "role")
        .len()
    )
    order = pl.col("role").cast(pl.Enum(list(ROLE)))
    return roles.sort(pl.col("role") == "partner", "len", order, descending=[False, True, False]).unique(
        ["partnership_id", "org_id"], keep="first", maintain_order=True
    )


def _summed(history: pl.DataFrame) -> pl.DataFrame:
    return history.group_by("partnership_id").agg(
        pl.col("kind").first(),
        first_reported=pl.col("reported").min(),
        last_reported=pl.col("reported").max(),
        articles=pl.col("article_id").n_unique(),
        stories=pl.col("story_id").n_unique(),
        publishers=pl.col("publisher").drop_nulls().n_unique(),
        countries=pl.col("countries").list.explode().unique().sort(),
    )


def _latest_status(history: pl.DataFrame) -> pl.DataFrame:
    furthest = pl.col("status").cast(pl.Enum(list(STATUS)))
    return (
        history.sort("reported", furthest, descending=True, nulls_last=True)
        .unique("partnership_id", keep="first", maintain_order=True)
        .select("partnership_id", "status")
    )


def _confidence(history: pl.DataFrame) -> pl.DataFrame:
    doubts = history.group_by("partnership_id", "story_id").agg(doubt=1 - pl.col("confidence").max())
    # Sorted, because a product of floats depends on its order.
    together = 1 - pl.col("doubt").sort().product()
    return doubts.group_by("partnership_id").agg(confidence=together.round(_DOUBT_DIGITS))


def _names(parties: pl.DataFrame, organizations: pl.DataFrame) -> pl.DataFrame:
    named = parties.join(organizations.select("org_id", "name"), on="org_id")
    return named.group_by("partnership_id").agg(who=pl.col("name").sort_by("org_id"))


def _name(who: pl.Expr, kind: pl.Expr) -> pl.Expr:
    """The parties and the kind for people: "Ford, Geely and Renault: joint venture"."""
    but_last = who.list.head(who.list.len() - 1).list.join(", ")
    matter = kind.str.replace_all("_", " ", literal=True).fill_null("cooperation")
    return pl.format("{} and {}: {}", but_last, who.list.last(), matter)
