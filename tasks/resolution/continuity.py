"""Continuity: what became of the ids of the previous release.

Everything else in a release follows from its articles alone. Two things do not, since they are there for those who
remember the release before:

- **A story keeps its id** as long as the article that it is called after is in it, even if an older copy turns up. Of
  several ids, where copies turn out to be one story, the one of most articles stays.
- **Redirects**: a partnership id of an earlier release that is no longer used leads to the partnership that took its
  events; where none did, as after a better extractor, to a new one of the same parties told by most of its articles.
  Redirects are passed on from release to release and follow the partnership if it moves again. An id that comes back
  needs none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

import polars as pl

from evpact.errors import ReleaseError
from evpact.release import Release
from evpact.tables import TABLES

_NEEDED: Final = {
    "articles": ("article_id", "story_id"),
    "events": ("event_id", "article_id"),
    "partnerships": ("partnership_id",),
    "partnership_parties": ("partnership_id", "org_id"),
    "partnership_history": ("partnership_id", "event_id"),
    "redirects": TABLES["redirects"].schema.names(),
}
_COMMON: Final = 2
"""Parties that a new partnership must share with one whose articles, but no events, it has."""


@dataclass(frozen=True)
class Previous:
    """The release before.

    Attributes:
        version: Its version.
        tables: The tables and columns that are looked at, by name; without rows where that release had none.
    """

    version: str
    tables: Mapping[str, pl.DataFrame]

    @classmethod
    def read(cls, release: Release) -> Self:
        """Read it.

        Raises:
            ReleaseError: The release is damaged.
        """
        there = [name for name in _NEEDED if name in release.tables]
        try:
            read = {name: release.table(name).select(_NEEDED[name]).collect() for name in there}
        except (pl.exceptions.PolarsError, OSError) as error:
            raise ReleaseError(
                f"Release {release.version} in {release.path} cannot be read ({error}): restore it, or withdraw it "
                "with `evpact rollback` to an earlier version."
            ) from error
        return cls(release.version, {name: read.get(name, TABLES[name].empty()) for name in _NEEDED})


def kept_stories(stories: pl.DataFrame, previous: Previous | None) -> pl.DataFrame:
    """The stories with the ids that they had in the previous release.

    Args:
        stories: `article_id` and `story_id` of every article.
        previous: The release before.
    """
    if previous is None:
        return stories
    former = previous.tables["articles"].select("article_id", former="story_id")
    homes = stories.select(former="article_id", story_id="story_id")
    claims = stories.join(former, on="article_id").join(homes, on=["former", "story_id"])
    kept = (
        claims.group_by("story_id", "former")
        .len()
        .sort("len", "former", descending=[True, False])
        .unique("story_id", keep="first", maintain_order=True)
    )
    return stories.join(kept, on="story_id", how="left").select(
        "article_id", story_id=pl.coalesce("former", "story_id")
    )


def redirects(tables: Mapping[str, pl.DataFrame], previous: Previous | None) -> pl.DataFrame:
    """Rows of the table `redirects`.

    Args:
        tables: `articles`, `events`, and the tables of partnerships.
        previous: The release before.
    """
    if previous is None:
        return TABLES["redirects"].empty()
    now = tables["partnerships"].select("partnership_id")
    lost = previous.tables["partnerships"].select("partnership_id").join(now, on="partnership_id", how="anti")
    fresh = _explained(lost, tables, previous).select(
        pl.col("partnership_id").alias("old_id"), "new_id", "reason", last_version=pl.lit(previous.version)
    )
    passed_on = previous.tables["redirects"].join(now, left_on="old_id", right_on="partnership_id", how="anti")
    onward = fresh.select(new_id="old_id", moved=pl.lit(True), new_id_on="new_id", reason_on="reason")
    moved = pl.col("moved").fill_null(False)
    followed = passed_on.join(onward, on="new_id", how="left").with_columns(
        new_id=pl.when(moved).then("new_id_on").otherwise("new_id"),
        reason=pl.when(moved & pl.col("new_id_on").is_null()).then("reason_on").otherwise("reason"),
    )
    both = pl.concat([fresh, followed.select(fresh.columns)])
    return both.unique("old_id", keep="first", maintain_order=True)


def _explained(lost: pl.DataFrame, tables: Mapping[str, pl.DataFrame], previous: Previous) -> pl.DataFrame:
    """`partnership_id`, `new_id` and `reason` of the partnerships whose ids are no longer used."""
    heirs = _heirs(lost, tables, previous)
    best = heirs.unique("partnership_id", keep="first", maintain_order=True)
    survivors = previous.tables["partnerships"].select(new_id="partnership_id")
    others = pl.concat([survivors, best.select("new_id")])
    merged = others.filter(pl.col("new_id").is_duplicated() | pl.col("new_id").is_in(survivors["new_id"].implode()))
    split = heirs.filter(pl.len().over("partnership_id") > 1)
    sourced = (
        _told(previous.tables).join(tables["articles"], on="article_id", how="semi").select("partnership_id").unique()
    )
    is_in = {
        name: pl.col(key).is_in(frame[key].implode())
        for name, key, frame in (
            ("merged", "new_id", merged),
            ("split", "partnership_id", split),
            ("sourced", "partnership_id", sourced),
        )
    }
    reason = (
        pl.when(pl.col("new_id").is_null() & is_in["sourced"])
        .then(pl.lit("not_told"))
        .when(pl.col("new_id").is_null())
        .then(pl.lit("unsourced"))
        .when(is_in["split"])
        .then(pl.lit("split"))
        .when(is_in["merged"])
        .then(pl.lit("merged"))
        .otherwise(pl.lit("renamed"))
    )
    return lost.join(best, on="partnership_id", how="left").with_columns(reason=reason)


def _heirs(lost: pl.DataFrame, tables: Mapping[str, pl.DataFrame], previous: Previous) -> pl.DataFrame:
    """`partnership_id`, `new_id` and the shared `events` of partnerships that may have taken over, the best first."""
    before = _told(previous.tables).join(lost, on="partnership_id", how="semi")
    after = _told(tables).rename({"partnership_id": "new_id"})
    by_event = before.join(after, on="event_id").group_by("partnership_id", "new_id").agg(events=pl.len())
    by_article = (
        before.join(after, on="article_id")
        .group_by("partnership_id", "new_id")
        .agg(articles=pl.col("article_id").n_unique())
    )
    parties = previous.tables["partnership_parties"].join(lost, on="partnership_id", how="semi")
    in_common = (
        parties.join(tables["partnership_parties"].select("org_id", new_id="partnership_id"), on="org_id")
        .join(by_article, on=["partnership_id", "new_id"])
        .group_by("partnership_id", "new_id")
        .agg(parties=pl.len())
    )
    was_there = pl.col("new_id").is_in(previous.tables["partnerships"]["partnership_id"].implode())
    heirs = (
        by_article.join(by_event, on=["partnership_id", "new_id"], how="left")
        .join(in_common, on=["partnership_id", "new_id"], how="left")
        .with_columns(pl.col("events", "parties").fill_null(0))
        .filter((pl.col("events") > 0) | (pl.col("parties") >= _COMMON) & ~was_there)
        .filter((pl.col("events") > 0) == (pl.col("events").max().over("partnership_id") > 0))
    )
    return heirs.sort(
        "partnership_id", "events", "parties", "articles", "new_id", descending=[False, True, True, True, False]
    ).select("partnership_id", "new_id", "events")


def _told(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """`partnership_id`, `event_id` and `article_id` of every event of a history."""
    history = tables["partnership_history"].select("partnership_id", "event_id")
    return history.join(tables["events"].select("event_id", "article_id"), on="event_id")
