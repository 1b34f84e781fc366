"""Partnerships: what the events of all articles add up to.

- **Parties** are the organisations with one of `PARTY_ROLES` in an event of the type `partnership`; companies,
  governments and unnamed groups alike. An event with fewer than two tells of none and is left out.
- **Identity**: which events tell of the same cooperation is in `tasks.resolution.matters`, which of several that the
  same parties had one after the other, and how far it has got, in `tasks.resolution.courses`, its sums and stakes in
  `tasks.resolution.figures`.
- **Confidence** grows with independent texts alone: of each story the best event counts, and the partnership is wrong
  only if all of them are (as if they erred independently).
- **Contested** is a partnership whose sources disagree about its course, or at one time about a sum or stake.

`partnership_id` is the parties' ids and the kind: `ford--geely--technology`, for a later one of the same parties and
kind also the day that it was first told. Where better sources make it another, `redirects` leads from the old one
(`tasks.resolution.continuity`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

import polars as pl

from evpact import ids
from evpact.vocabulary import ROLE
from tasks.resolution import courses, figures, matters
from tasks.resolution.keys import mapped
from tasks.resolution.matters import BETWEEN, Texts
from tasks.resolution.statements import Statements

PARTY_ROLES: Final = ("partner", "supplier", "customer", "investor", "target", "manufacturer", "host")

_DOUBT_DIGITS: Final = 4
_LONGEST: Final = 120  # characters of the parties in an id; of more a digest follows


def resolve(
    facts: Mapping[str, pl.DataFrame], organizations: pl.DataFrame, texts: Texts, cues: Iterable[str]
) -> dict[str, pl.DataFrame]:
    """Rows of the tables `partnerships`, `partnership_parties`, `partnership_history` and `partnership_quantities`.

    Args:
        facts: The tables `articles`, `events`, `participants`, `quantities` and `event_dates`.
        organizations: At least the organisations that take part, and all that control them.
        texts: The words of the articles.
        cues: Words for what was earlier.
    """
    told = _told(facts["events"], facts["participants"], facts["articles"], organizations)
    marks = matters.marks(told, facts["quantities"])
    told = matters.resolve(told, marks, organizations, texts)
    recaps = courses.recaps(told, facts["event_dates"], cues)
    told = _with_matter(told)
    history = _followed(told, recaps, marks)
    while len(strange := _not_borne_out(history)):  # each pass may part others; what is told as itself is borne out
        is_strange = pl.col("event_id").is_in(strange["event_id"].implode())
        told = _with_matter(told.with_columns(who=pl.when(is_strange).then("told_who").otherwise("who")))
        # Only the matters that they leave and those that they come to are followed anew.
        changed = pl.concat([each.filter(is_strange).select("matter") for each in (history, told)])
        anew = _followed(told.join(changed, on="matter", how="semi"), recaps, marks)
        history = pl.concat([history.join(changed, on="matter", how="anti"), anew])
    parties = _parties(history, facts["participants"])
    figures_told = figures.resolve(facts["quantities"], history)
    partnerships = (
        _summed(history)
        .join(_confidence(history), on="partnership_id")
        .join(_names(parties, organizations), on="partnership_id")
        .with_columns(
            name=_name(pl.col("who"), pl.col("kind")),
            contested=pl.col("contested")
            | pl.col("partnership_id").is_in(figures_told.filter("disputed")["partnership_id"].implode()),
        )
    )
    return {
        "partnerships": partnerships,
        "partnership_parties": parties,
        "partnership_history": history,
        "partnership_quantities": figures_told,
    }


def retold_alone(events: pl.DataFrame, history: pl.DataFrame) -> pl.DataFrame:
    """Retold events of partnerships of which nothing was extracted: nothing bears them out.

    Args:
        events: `event_id` and `retold` of every event.
        history: `partnership_id` and `event_id` of every step of a partnership.

    Returns:
        Their `event_id`.
    """
    steps = history.select("partnership_id", "event_id").join(events.select("event_id", "retold"), on="event_id")
    borne_out = steps.filter(~pl.col("retold")).select("partnership_id").unique()
    kept = steps.join(borne_out, on="partnership_id", how="semi").select("event_id")
    return events.filter("retold").select("event_id").join(kept, on="event_id", how="anti")


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


def told_twice(told: Statements, participants: pl.DataFrame) -> pl.DataFrame:
    """Events that an article turns out to tell twice, of one organisation under two names; the surest one stays.

    Args:
        told: What the articles state.
        participants: `event_id`, `org_id` and `role` of every participant told.

    Returns:
        The `event_id` of those that say nothing of their own.
    """

    def listed(rows: pl.DataFrame, name: str, *columns: str) -> pl.DataFrame:
        said = rows.select("event_id", said=pl.format("{} " * len(columns), *columns))
        return said.group_by("event_id").agg(pl.col("said").sort().str.join(BETWEEN).alias(name))

    same = (
        "article_id",
        "evidence_start",
        "type",
        "kind",
        "status",
        "product",
        "countries",
        "places",
        "who",
        "figures",
        "days",
    )
    return (
        told.events.with_columns(pl.col("countries", "places").list.join(BETWEEN))
        .join(listed(participants, "who", "org_id", "role"), on="event_id")
        .join(listed(told.quantities, "figures", "measure", "value", "unit"), on="event_id", how="left")
        .join(listed(told.dates, "days", "role", "value"), on="event_id", how="left")
        .sort("confidence", "event_id", descending=[True, False])
        .filter(pl.struct(same).is_first_distinct().not_())
        .select("event_id")
    )


def matters_of(
    events: pl.DataFrame,
    participants: pl.DataFrame,
    quantities: pl.DataFrame,
    articles: pl.DataFrame,
    organizations: pl.DataFrame,
    texts: Texts,
) -> pl.DataFrame:
    """The partnership events as first read, with the parties (`who`) and the kind of their matter.

    Args:
        events: What the articles state, as in `tasks.resolution.statements`.
        participants: `event_id`, `org_id` and `role` of every participant told.
        quantities: `event_id`, `unit` and `value` of every figure told.
        articles: Distinct articles, with `story_id`.
        organizations: At least the organisations that take part, and all that control them.
        texts: The words of the articles.
    """
    no_site = pl.lit(None, pl.String()).alias("facility_id")
    evidence = pl.col("text").str.slice("evidence_start", pl.col("evidence_end") - pl.col("evidence_start"))
    read = (
        events.join(articles.select("article_id", "text"), on="article_id")
        .with_columns(no_site, evidence=evidence, retold=pl.lit(False))
        .drop("text")
    )
    told = _told(read, participants, articles, organizations)
    return matters.resolve(told, matters.marks(told, quantities), organizations, texts)


def _told(
    events: pl.DataFrame, participants: pl.DataFrame, articles: pl.DataFrame, organizations: pl.DataFrame
) -> pl.DataFrame:
    """The events that tell of a partnership, with `who`, the sorted parties, and what is known of their article."""
    parties = (
        _sides(participants.filter(pl.col("role").is_in(PARTY_ROLES)), organizations)
        .group_by("event_id")
        .agg(who=pl.col("org_id").unique().sort())
        .filter(pl.col("who").list.len() > 1)
    )
    known = articles.select("article_id", "story_id", "publisher", reported="published")
    return events.filter(pl.col("type") == "partnership").join(parties, on="event_id").join(known, on="article_id")


def _sides(participants: pl.DataFrame, organizations: pl.DataFrame) -> pl.DataFrame:
    """The participants without those that stand beside two others as no side of their own.

    That is a parent beside its subsidiary, a state body or association of which no part is told, and the venture itself
    beside those who own it: it is what two others invest in, or is called after both of them.
    """
    known = organizations.select("org_id", "parent_id", is_state=pl.col("kind").is_in(["government", "association"]))
    members = participants.join(known, on="org_id", how="left")
    above = members.select("event_id", org_id="parent_id").drop_nulls().unique().with_columns(is_parent=pl.lit(True))
    is_vague = pl.col("is_state").fill_null(False) & (pl.col("role") == "partner")
    owners = (pl.col("role") == "investor").sum().over("event_id")
    is_venture = ((pl.col("role") == "target") & (owners > 1)) | pl.col("is_called_after").fill_null(False)
    beside = pl.col("is_parent").fill_null(False) | is_vague | is_venture
    judged = (
        members.join(above, on=["event_id", "org_id"], how="left")
        .join(_called_after(members), on=["event_id", "org_id"], how="left")
        .with_columns(beside=beside)
    )
    others = pl.col("org_id").filter(~pl.col("beside")).n_unique().over("event_id")
    return judged.filter(~pl.col("beside") | (others < 2)).select(participants.columns)


def _called_after(members: pl.DataFrame) -> pl.DataFrame:
    """`event_id` and `org_id` of those in whose name two others of the event are named: "Geely Sunwoda"."""
    several = members.filter(pl.col("org_id").n_unique().over("event_id") > 2).select("event_id", "org_id").unique()
    words = several.with_columns(word=pl.col("org_id").str.split("-").list.first())
    pairs = several.join(words, on="event_id", suffix="_other").filter(pl.col("org_id") != pl.col("org_id_other"))
    named = pairs.filter(pl.col("org_id").str.split("-").list.contains(pl.col("word")))
    return (
        named.group_by("event_id", "org_id")
        .agg(others=pl.col("word").n_unique())
        .filter(pl.col("others") > 1)
        .select("event_id", "org_id", is_called_after=pl.lit(True))
    )


def _with_matter(told: pl.DataFrame) -> pl.DataFrame:
    """The events with `matter`, the id of theirs."""
    kind = pl.col("kind").str.replace_all("_", "-", literal=True).fill_null("unspecified")
    many = mapped(told["who"], ids.digest)
    named = pl.when(pl.col("who").str.len_chars() > _LONGEST).then(
        pl.concat_str(pl.col("who").str.head(_LONGEST).str.strip_chars_end("-"), many, separator=BETWEEN)
    )
    return told.with_columns(matter=pl.concat_str(named.otherwise("who"), kind, separator=BETWEEN))


def _followed(events: pl.DataFrame, recaps: pl.DataFrame, marks: pl.DataFrame) -> pl.DataFrame:
    """The events with `partnership_id`, with `now`, the status of the partnership, `contested` and `recap`."""
    followed = courses.resolve(events, recaps, marks)
    return events.join(followed, on=["matter", "event_id"]).with_columns(
        partnership_id=pl.concat_str("matter", "opened", separator=BETWEEN, ignore_nulls=True),
        recap=pl.col("event_id").is_in(recaps["event_id"].implode()),
    )


def _not_borne_out(history: pl.DataFrame) -> pl.DataFrame:
    """`event_id` of steps of partnerships that name none of the parties, or that all together name one party alone.

    Of one matter they were, told in other names of a group; but its other tellings turned out to be another course.
    """
    named = (
        history.select("partnership_id", "event_id", "told_who", org_id=pl.col("who").str.split(BETWEEN))
        .explode("org_id")
        .filter(pl.col("told_who").str.split(BETWEEN).list.contains(pl.col("org_id")))
    )
    whole = named.group_by("partnership_id").agg(pl.col("org_id").n_unique()).filter(pl.col("org_id") > 1)
    borne_out = named.join(whole, on="partnership_id", how="semi").select("event_id").unique()
    return history.select("event_id").join(borne_out, on="event_id", how="anti")


def _parties(history: pl.DataFrame, participants: pl.DataFrame) -> pl.DataFrame:
    """Rows of `partnership_parties`; of several roles the most told one that is not `partner`."""
    roles = (
        history.select("partnership_id", "event_id", org_id=pl.col("who").str.split(BETWEEN))
        .explode("org_id")
        .join(participants.filter(pl.col("role").is_in(PARTY_ROLES)), on=["event_id", "org_id"])
        .group_by("partnership_id", "org_id", "role")
        .len()
    )
    order = pl.col("role").cast(pl.Enum(list(ROLE)))
    return roles.sort(pl.col("role") == "partner", "len", order, descending=[False, True, False]).unique(
        ["partnership_id", "org_id"], keep="first", maintain_order=True
    )


def _summed(history: pl.DataFrame) -> pl.DataFrame:
    return history.group_by("partnership_id").agg(
        pl.col("kind", "contested").first(),
        status=pl.col("now").first(),
        first_reported=pl.col("reported").min(),
        last_reported=pl.col("reported").max(),
        articles=pl.col("article_id").n_unique(),
        stories=pl.col("story_id").n_unique(),
        publishers=pl.col("publisher").drop_nulls().n_unique(),
        countries=pl.col("countries").list.explode().unique().sort(),
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
