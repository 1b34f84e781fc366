"""Matching: which mentions mean the same organisation. The rules are in `tasks.resolution.organizations`."""

from __future__ import annotations

import polars as pl

from evpact import ids
from tasks.resolution.keys import components, mapped
from tasks.resolution.names import Endings, GroupNames, squeezed


def spellings(named: pl.DataFrame, key: str, endings: Endings) -> pl.DataFrame:
    """Every name and alias in the forms in which it is compared.

    Args:
        named: `name`, `aliases`, `kind` and the column named by `key`.
        key: Column that identifies a row.
        endings: What leaves a name the same.

    Returns:
        The key, `is_group`, `is_alias`, `form` (as written); `spelled` (without spaces, hyphens, case), `core` (and
        without legal forms), `stem` (and without general endings); `slug` of the core; `is_part` (an alias that is a
        part of the name).
    """
    about = (pl.col(key), (pl.col("kind") == "group").alias("is_group"), pl.col("name").alias("fullest"))
    names = named.select(*about, form="name", is_alias=pl.lit(False))
    aliases = named.select(*about, form="aliases", is_alias=pl.lit(True)).explode("form").drop_nulls("form")
    forms = pl.concat([names, aliases])
    keyed = forms.with_columns(
        spelled=mapped(forms["form"], squeezed),
        core=mapped(forms["form"], lambda form: squeezed(endings.core(form))),
        stem=mapped(forms["form"], lambda form: squeezed(endings.stem(form))),
        slug=mapped(forms["form"], lambda form: ids.slug(endings.core(form))),
        fullest=mapped(forms["fullest"], squeezed),
    )
    is_part = pl.col("is_alias") & pl.col("fullest").str.contains(pl.col("spelled"), literal=True)
    return keyed.with_columns(is_part=is_part).drop("fullest")


def known(mentions: pl.DataFrame, organizations: pl.DataFrame, endings: Endings) -> pl.DataFrame:
    """`mention` and `org_id` of the mentions that are in the reference (rules 1 and 2).

    Args:
        mentions: `mention`, `name`, `aliases`, `kind`, `org_id`.
        organizations: The organisations of the reference.
        endings: What leaves a name the same.
    """
    given = mentions.select("mention", "org_id").join(organizations, on="org_id", how="semi")
    open_mentions = spellings(mentions.join(given, on="mention", how="anti"), "mention", endings)
    asked = _ranked(open_mentions.filter(~pl.col("is_part")), "mention", "spelled", "core", "stem")
    hits = asked.join(_listed(organizations, endings), on=["key", "is_group"])
    return pl.concat([given, _best(hits, "mention").select("mention", "org_id")])


def _listed(organizations: pl.DataFrame, endings: Endings) -> pl.DataFrame:
    """`key`, `is_group` and `org_id` of the spellings that mean one organisation of the reference."""
    forms = spellings(organizations, "org_id", endings)
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
    """Clusters of mentions of unnamed groups (rule 3).

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


def clusters(mentions: pl.DataFrame, endings: Endings) -> pl.DataFrame:
    """Clusters of mentions of organisations that have a name (rule 4).

    Args:
        mentions: `mention`, `name`, `aliases`, `kind`, `country`.
        endings: What leaves a name the same.

    Returns:
        As `groups`.
    """
    forms = spellings(mentions, "mention", endings)
    own = forms.filter(~pl.col("is_alias")).select("mention", "slug", "stem", key="core")
    aliases = forms.filter("is_alias").select("mention", alias="core").join(own, on="mention")
    shorter = pl.concat([aliases.select("key", short="alias"), own.select("key", short="stem")])
    named = mentions.select("mention", "name", "country").join(own, on="mention")
    joined = named.join(_joined(own["key"], shorter), on="key")
    several_homes = pl.col("country").drop_nulls().n_unique().over("root") > 1
    home = pl.when(several_homes).then(pl.col("country").fill_null("?"))
    return joined.select(
        "mention",
        cluster=pl.concat_str("root", home, separator=" ", ignore_nulls=True),
        slug=pl.when(pl.col("key") == pl.col("root")).then("slug").min().over("root"),
        name="name",
        country="country",
    )


def _joined(keys: pl.Series, shorter: pl.DataFrame) -> pl.DataFrame:
    """`key`, and the `root` that it shares with all it is joined with: the longest, then first by alphabet.

    The longest key names the cluster, so that a short form that turns up later does not rename the organisation.

    Args:
        keys: Keys of names.
        shorter: `key` and `short`, another form that an article or an ending gives for it; it joins two keys if it is
            one itself and belongs to no other.
    """
    nodes = keys.unique().to_frame("key").sort(pl.col("key").str.len_chars(), "key", descending=[True, False])
    numbered = nodes.with_row_index("place")
    pairs = (
        shorter.filter(pl.col("key") != pl.col("short"))
        .unique()
        .filter(pl.len().over("short") == 1)
        .join(numbered.rename({"place": "left"}), on="key")
        .join(numbered.rename({"place": "right"}), left_on="short", right_on="key")
    )
    return nodes.with_columns(component=components(len(nodes), pairs)).select(
        "key", root=pl.col("key").first().over("component")
    )
