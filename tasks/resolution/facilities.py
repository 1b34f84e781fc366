"""Facilities: the sites that events concern.

A site is known by its operator, its town and its kind, or, where the reference lists it as a plant, by that plant. An
event is tied to a site only if one of its places is a town or a plant of the reference, in a country that does not
contradict the event's: a country or a region alone makes no site, and of several towns of one name none is guessed.
Investments and partnerships make a site only where its operator is known too.

One site goes by several names: a town means the operator's listed plant, if there is just one of them nearby (Grünheide
is Giga Berlin); and where an event tells nobody, the site is that of the only company which the same article has there.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from evpact import ids
from evpact.ids import squeezed
from evpact.reference import Reference
from evpact.vocabulary import BLOC_CODES
from tasks.resolution.keys import mapped

SITE_TYPES: Final = ("facility", "production")
"""Events that are about a site: it may be told without saying who runs it."""

SITED_KINDS: Final = ("joint_venture", "manufacturing", "supply")
"""Kinds of partnership whose town is that of a plant; a charging network or a research deal in a town has none."""

OPERATOR_ROLES: Final = ("manufacturer", "subject", "host", "investor")
"""Roles of whoever runs or plans a site, the surest first."""

NEARBY: Final = 30.0
"""Kilometres from a plant within which a town may stand for it."""

NO_OPERATORS: Final = ("government", "association", "group")
_EARTH_RADIUS: Final = 6371.0
KIND_NAMES: Final = {"plant": "plant", "headquarters": "headquarters", "research": "research centre", "other": "site"}


def resolve(
    events: pl.DataFrame, participants: pl.DataFrame, organizations: pl.DataFrame, reference: Reference
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows of the table `facilities`, and the `facility_id` of each `event_id` that concerns one.

    Args:
        events: `event_id`, `article_id`, `type`, `kind`, `countries`, `places`.
        participants: The table `participants`.
        organizations: At least the organisations that take part.
        reference: Towns and plants with their countries and coordinates.
    """
    may_have_site = pl.col("type").is_in([*SITE_TYPES, "investment"]) | pl.col("kind").is_in(SITED_KINDS)
    sited = events.filter(may_have_site).select(
        "event_id",
        "article_id",
        "type",
        "countries",
        "places",
        kind=pl.when(pl.col("type") == "facility").then(pl.col("kind").fill_null("other")).otherwise(pl.lit("plant")),
    )
    operated = sited.join(_operators(participants, organizations), on="event_id", how="left")
    is_certain = pl.col("type").is_in(SITE_TYPES) | pl.col("plant").is_not_null() | pl.col("org_id").is_not_null()
    located = _own_plants(_shared_operators(_located(operated, reference)), reference).filter(is_certain)
    names = organizations.select("org_id", operator="name")
    named = located.join(names, on="org_id", how="left").with_columns(
        name=pl.coalesce("plant", _phrase("operator", "place", pl.col("kind").replace_strict(KIND_NAMES))),
        slug=pl.coalesce("plant", _phrase("org_id", "place", "kind")),
    )
    slugged = named.with_columns(slug=mapped(named["slug"], ids.slug))
    namesakes = pl.col("country").n_unique().over("slug") > 1
    home = pl.when(namesakes).then(pl.col("country").str.to_lowercase())
    sites = slugged.with_columns(facility_id=pl.concat_str("slug", home, separator="-", ignore_nulls=True))
    # A listed plant has its region as place, unless articles tell the town: then the one that most of them do.
    ranked = sites.with_columns(told=pl.len().over("facility_id", "is_town", "place"))
    facilities = ranked.sort(
        "facility_id", "is_town", "told", "place", "name", "latitude",
        descending=[False, True, True, False, False, False], nulls_last=True,
    ).unique("facility_id", keep="first", maintain_order=True)  # fmt: skip
    return facilities, sites.select("event_id", "facility_id")


def _phrase(*parts: str | pl.Expr) -> pl.Expr:
    return pl.concat_str(*parts, separator=" ", ignore_nulls=True)


def _operators(participants: pl.DataFrame, organizations: pl.DataFrame) -> pl.DataFrame:
    """`event_id` and `org_id` of the company with the surest role; null if there are several."""
    companies = organizations.filter(~pl.col("kind").is_in(NO_OPERATORS)).select("org_id")
    candidates = participants.filter(pl.col("role").is_in(OPERATOR_ROLES)).join(companies, on="org_id", how="semi")
    rank = pl.col("role").cast(pl.Enum(OPERATOR_ROLES)).to_physical()
    surest = candidates.filter(rank == rank.min().over("event_id")).select("event_id", "org_id").unique()
    only = pl.when(pl.len() == 1).then(pl.col("org_id").first())
    return surest.group_by("event_id").agg(only.alias("org_id"), has_operator=pl.lit(True))


def _located(sited: pl.DataFrame, reference: Reference) -> pl.DataFrame:
    """The events that have a site, with what is known of it.

    That is `plant` (its name, if it is listed as one), `place`, `country`, `latitude`, `longitude`; and `kind` and
    `org_id`, which a listed plant knows better than the event.
    """
    places = _listed(reference)
    told = sited.with_columns(order=pl.int_ranges(pl.col("places").list.len())).explode("places", "order")
    own = pl.col("countries").list.set_difference(sorted(BLOC_CODES))
    hits = (
        told.with_columns(key=mapped(told["places"], squeezed))
        .join(places, on="key")
        .filter((own.list.len() == 0) | pl.col("country").is_null() | own.list.contains(pl.col("country")))
        .with_columns(country=pl.coalesce("country", pl.when(own.list.len() == 1).then(own.list.first())))
    )
    is_plant, is_own = pl.col("plant").is_not_null(), pl.col("plant_org_id") == pl.col("org_id")
    # A plant goes by its town too: the town's name means the operator's own plant there, or just the town.
    ranked = hits.with_columns(
        rank=pl.when(is_plant & is_own.fill_null(False)).then(0).when(~is_plant).then(1).otherwise(2)
    )
    best = ranked.filter(pl.col("rank") == pl.col("rank").min().over("event_id", "order"))
    return (
        best.filter(pl.len().over("event_id", "order") == 1)
        .sort("event_id", ~is_plant, "order")
        .unique("event_id", keep="first", maintain_order=True)
        .with_columns(
            kind=pl.when(is_plant).then(pl.lit("plant")).otherwise("kind"),
            org_id=pl.coalesce("plant_org_id", "org_id"),
        )
    )


def _shared_operators(located: pl.DataFrame) -> pl.DataFrame:
    """The events about a site that tell no operator, with the only one that their article has for it."""
    operator = pl.col("org_id").drop_nulls()
    site = ("article_id", "place", "country", "kind")
    only = pl.when(operator.n_unique().over(site) == 1).then(pl.col("org_id").max().over(site))
    is_open = pl.col("has_operator").is_null() & pl.col("type").is_in(SITE_TYPES)
    return located.with_columns(org_id=pl.when(is_open).then(pl.coalesce("org_id", only)).otherwise("org_id"))


def _own_plants(located: pl.DataFrame, reference: Reference) -> pl.DataFrame:
    """The events with the operator's listed plant instead of a town, where just one is nearby; the place stays."""
    known = ("plant", "country", "latitude", "longitude")
    listed = _listed(reference).drop_nulls(["plant", "plant_org_id", "latitude"]).drop("key").unique()
    towns = located.filter(pl.col("plant").is_null() & (pl.col("kind") == "plant")).select(
        "event_id", "latitude", "longitude", org_id="org_id", home="country"
    )
    near = (
        towns.join(listed, left_on="org_id", right_on="plant_org_id", suffix="_plant")
        .filter(_kilometres() <= NEARBY, pl.col("home").eq_missing(pl.col("country")))
        .filter(pl.len().over("event_id") == 1)
        .select("event_id", "plant", "country", latitude="latitude_plant", longitude="longitude_plant")
    )
    towns_only = located.join(near, on="event_id", how="anti").with_columns(is_town=pl.lit(False))
    plants = located.drop(known).join(near, on="event_id").with_columns(is_town=pl.lit(True))
    return pl.concat([towns_only, plants.select(towns_only.columns)])


def _kilometres() -> pl.Expr:
    """Distance of two places by the haversine formula."""
    north, east = ((pl.col(f"{name}_plant") - pl.col(name)).radians() / 2 for name in ("latitude", "longitude"))
    across = pl.col("latitude").radians().cos() * pl.col("latitude_plant").radians().cos()
    return 2 * _EARTH_RADIUS * (north.sin() ** 2 + across * east.sin() ** 2).sqrt().arcsin()


def _listed(reference: Reference) -> pl.DataFrame:
    """`key` of every name of every town and plant of the reference, with what is known of it."""
    places = reference.places.filter(pl.col("kind").is_in(["town", "plant"])).select(
        form=pl.concat_list(pl.concat_list("name"), "aliases"),
        plant=pl.when(pl.col("kind") == "plant").then("name"),
        place=pl.when(pl.col("kind") == "plant").then(pl.coalesce("region", "name")).otherwise("name"),
        country="country",
        latitude="latitude",
        longitude="longitude",
        plant_org_id="org_id",
    )
    forms = places.explode("form")
    return forms.with_columns(key=mapped(forms["form"], squeezed)).drop("form").unique()
