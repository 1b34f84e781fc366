"""Matching: which mentions the reference, the decisions of people and the names of groups settle.

The rules are in `tasks.resolution.organizations`; what is left is a matter of likeness (`tasks.resolution.likeness`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import polars as pl

from evpact import ids
from evpact.ids import squeezed, words_of
from evpact.reviews import Decisions
from tasks.resolution.keys import mapped
from tasks.resolution.names import Affixes, GroupNames

_LEVELS: Final = ("spelled", "core", "stem")
"""Forms in which names are compared, the most exact first."""

_REASONS: Final = ("reference", "legal_form", "ending")
"""Reasons of those levels."""


def spellings(named: pl.DataFrame, key: str, affixes: Affixes) -> pl.DataFrame:
    """Every name and alias in the forms in which it is compared.

    Args:
        named: `name`, `aliases`, `kind` and the column named by `key`.
        key: Column that identifies a row.
        affixes: What leaves a name the same.

    Returns:
        The key, `is_group`, `is_alias`, `form` (as written); `spelled` (without spaces, hyphens, case), `core` (and
        without legal forms), `stem` (and without general endings); `is_part` (an alias that is a part of the name).
    """
    about = (pl.col(key), (pl.col("kind") == "group").alias("is_group"), pl.col("name").alias("fullest"))
    names = named.select(*about, form="name", is_alias=pl.lit(False))
    aliases = named.select(*about, form="aliases", is_alias=pl.lit(True)).explode("form").drop_nulls("form")
    forms = pl.concat([names, aliases])
    keyed = forms.with_columns(
        spelled=mapped(forms["form"], squeezed),
        core=mapped(forms["form"], lambda form: "".join(affixes.core(form))),
        stem=mapped(forms["form"], lambda form: "".join(affixes.stem(form))),
    )
    return keyed.with_columns(is_part=pl.col("is_alias") & is_part(forms["form"], forms["fullest"])).drop("fullest")


def is_part(names: pl.Series, of: pl.Series) -> pl.Series:
    """Whether each name's words are some of the other's, one after another: "Chery" of "Chery Commercial Vehicle"."""
    inner, outer = (mapped(column, lambda name: f" {' '.join(words_of(name))} ") for column in (names, of))
    return (
        pl.DataFrame({"inner": inner, "outer": outer})
        .select(pl.col("outer").str.contains(pl.col("inner"), literal=True))
        .to_series()
    )


def known(mentions: pl.DataFrame, organizations: pl.DataFrame, decisions: Decisions, affixes: Affixes) -> pl.DataFrame:
    """`mention`, `org_id` and `reason` of the mentions that are in the reference (rules 1 to 3).

    Args:
        mentions: `mention`, `spelled` (as `ids.squeezed`), `name`, `aliases`, `kind`, `country`, `org_id`.
        organizations: The organisations of the reference.
        decisions: What people decided.
        affixes: What leaves a name the same.
    """
    named_so = pairs(decisions.org_ids.items(), "spelled", "listed")
    not_so = pairs(decisions.not_listed, "spelled", "org_id")
    decided = mentions.join(named_so, on="spelled").select("mention", org_id="listed", reason=pl.lit("reviewed"))
    undecided = mentions.join(decided, on="mention", how="anti")
    given = (
        undecided.join(not_so, on=["spelled", "org_id"], how="anti")
        .join(organizations, on="org_id", how="semi")
        .select("mention", "org_id")
    )
    alike = _alike(undecided.join(given, on="mention", how="anti"), organizations, not_so, affixes)
    return pl.concat([decided, _explained(given, undecided, organizations, affixes), alike])


def _explained(
    given: pl.DataFrame, mentions: pl.DataFrame, organizations: pl.DataFrame, affixes: Affixes
) -> pl.DataFrame:
    """The mentions whose organisation the article tells, with `reason`: how the name is like one that is listed."""
    called = mentions.join(given, on="mention", how="semi").with_columns(aliases=pl.lit([], pl.List(pl.String())))
    asked = _ranked(spellings(called, "mention", affixes), "mention", *_LEVELS).drop("is_group")
    listed = _ranked(spellings(organizations, "org_id", affixes), "org_id", *_LEVELS).select("org_id", "key").unique()
    alike = (
        asked.join(given, on="mention").join(listed, on=["org_id", "key"]).group_by("mention").agg(pl.col("rank").min())
    )
    reason = pl.col("rank").replace_strict(dict(enumerate(_REASONS)), return_dtype=pl.String()).fill_null("text")
    return given.join(alike, on="mention", how="left").select("mention", "org_id", reason=reason)


def pairs(rows: Iterable[tuple[str, str]], *names: str) -> pl.DataFrame:
    """A frame of two columns of text."""
    return pl.DataFrame(sorted(rows), schema=dict.fromkeys(names, pl.String()), orient="row")


def _alike(mentions: pl.DataFrame, organizations: pl.DataFrame, not_so: pl.DataFrame, affixes: Affixes) -> pl.DataFrame:
    """`mention`, `org_id` and `reason` of the mentions that are spelled like a listed name."""
    asked = _ranked(spellings(mentions, "mention", affixes).filter(~pl.col("is_part")), "mention", *_LEVELS)
    hits = asked.join(_listed(organizations, affixes), on=["key", "is_group"])
    # A name that is only like a listed one is not its name if the article places it in another country.
    elsewhere = (pl.col("rank") > 0) & pl.col("country").ne(pl.col("home")).fill_null(False)
    sound = (
        hits.join(mentions.select("mention", "spelled", "country"), on="mention")
        .join(organizations.select("org_id", home="country"), on="org_id")
        .filter(~elsewhere)
        .join(not_so, on=["spelled", "org_id"], how="anti")
    )
    # Of a name that nobody lists the article says by a listed one beside it whose it is.
    levels = dict(enumerate(_REASONS))
    reason = pl.col("rank").replace_strict(levels, default="text", return_dtype=pl.String())
    return _best(sound, "mention").select("mention", "org_id", reason=reason)


def _listed(organizations: pl.DataFrame, affixes: Affixes) -> pl.DataFrame:
    """`key`, `is_group` and `org_id` of the spellings that mean one organisation of the reference."""
    forms = spellings(organizations, "org_id", affixes)
    keys = _ranked(forms, "org_id", "spelled", "core")
    return _best(keys, "key", "is_group").select("key", "is_group", "org_id")


def _ranked(forms: pl.DataFrame, of: str, *levels: str) -> pl.DataFrame:
    """`key` at every level of likeness and its `rank`: names before aliases, and the most alike first."""
    return pl.concat(
        forms.select(of, "is_group", key=key, rank=pl.col("is_alias").cast(pl.Int8) * len(levels) + level)
        for level, key in enumerate(levels)
    )


def _best(candidates: pl.DataFrame, *by: str) -> pl.DataFrame:
    """The organisation of the best rank for each `by`, where there is only one of that rank."""
    best = candidates.filter(pl.col("rank") == pl.col("rank").min().over(by)).unique([*by, "org_id"])
    return best.filter(pl.len().over(by) == 1)


def groups(mentions: pl.DataFrame, group_names: GroupNames) -> pl.DataFrame:
    """Clusters of mentions of unnamed groups (rule 4).

    Args:
        mentions: `mention`, `name`, `country`.
        group_names: What groups are called.

    Returns:
        `mention`; `cluster`; `slug`, the readable id that the cluster should have; `name` and `country` to go by.
    """
    distinct = mentions.select("name", "country").unique()
    called = pl.DataFrame(
        [(*row, *group_names.name(*row)) for row in distinct.iter_rows()],
        schema={"name": pl.String(), "country": pl.String(), "group": pl.String(), "home": pl.String()},
        orient="row",
    )
    slugged = called.with_columns(slug=mapped(called["group"], ids.slug))
    return mentions.join(slugged, on=["name", "country"], nulls_equal=True).select(
        "mention", pl.concat_str(pl.lit("group "), "slug").alias("cluster"), "slug", name="group", country="home"
    )
