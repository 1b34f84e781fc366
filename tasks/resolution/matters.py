"""Matters: which events of all articles tell of the same cooperation between the same parties.

An event is of the matter of its parties and its kind. Articles are not that exact: they leave out a party or the kind,
or name a group or a parent instead of the company. The less exact telling joins the more exact one by the first of
these rules that fits, if there is only one that it can mean:

1. no kind, or `other`: what the same parties do of a known kind;
2. another kind of the same parties, with a figure in common (a sum, a capacity): the kind that more stories tell;
3. fewer parties, of the same kind: what they do with one party more. Two different parts of one larger circle stay what
   they are: a supplier and its customers named in one sentence are several deals;
4. an unnamed group with a nationality: what a company of that nationality does with the same others, of the same kind,
   if both tellings have a figure, product, site or place in common or were told within `CLOSE`;
5. a parent instead of its subsidiary, or the other way round: as 4; the one that more stories name.

Of several that it could mean, it joins the only one with which it has a figure, product, site or place in common. What
one article tells side by side is never joined, nor what is told more than `FAR` apart.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import combinations
from typing import Final

import polars as pl

from evpact import ids
from evpact.vocabulary import PARTNERSHIP_KIND
from tasks.resolution.keys import mapped

CLOSE: Final = timedelta(days=45)
FAR: Final = timedelta(days=730)
BETWEEN: Final = "--"
"""What stands between the parties where they are one text."""

_MOST_PARTIES: Final = 6  # a circle of more is a list
_LONGEST_CHAIN: Final = 4  # of matters that join one another; a limit, since tables made by people may go in circles
_UNTOLD: Final = ("", "other")
_NODE: Final = ("who", "kind")
_TO: Final = {"who": "to_who", "kind": "to_kind"}
_PAIR: Final = (*_NODE, *_TO.values())


def resolve(told: pl.DataFrame, marks: pl.DataFrame, organizations: pl.DataFrame) -> pl.DataFrame:
    """The events with the parties and the kind of their matter.

    Args:
        told: `event_id`, `article_id`, `story_id`, `reported`, `who` (a sorted list of `org_id`) and `kind`.
        marks: `event_id` and `mark`, what tells one matter from another: see `marks`.
        organizations: `org_id`, `kind`, `country`, `parent_id`.

    Returns:
        `told` with `who` joined to a text, and `kind`, null where no event of the matter tells one.
    """
    told = told.with_columns(pl.col("who").list.join(BETWEEN), pl.col("kind").fill_null(""))
    told = _joined(told, marks, _of_known_kind(told, "other"))
    told = _joined(told, marks, _of_known_kind(told, ""))
    told = _joined(told, marks, _of_confused_kinds(told, marks))
    told = _joined(told, marks, _of_fewer_parties(told))
    told = _joined(told, marks, _of_a_group(told, organizations), alike=True)
    told = _joined(told, marks, _of_relatives(told, organizations), alike=True)
    return told.with_columns(pl.col("kind").replace("", None))


def marks(events: pl.DataFrame, quantities: pl.DataFrame) -> pl.DataFrame:
    """`event_id` and `mark`: the figures, sites, products and places of events; percentages say too little.

    Args:
        events: The table `events`.
        quantities: The table `quantities`.
    """
    figures = quantities.filter(pl.col("unit") != "percent").select(
        "event_id", mark=pl.format("figure {} {}", "unit", "value")
    )
    sites = events.select("event_id", mark=pl.format("site {}", "facility_id"))
    products = events.select("event_id", mark=pl.format("product {}", mapped(events["product"], ids.slug)))
    places = events.select("event_id", place="places").explode("place").drop_nulls()
    places = places.select("event_id", mark=pl.format("place {}", mapped(places["place"], ids.slug)))
    return pl.concat([figures, sites, products, places]).drop_nulls().unique()


def _nodes(told: pl.DataFrame) -> pl.DataFrame:
    """Matters as told so far: `who`, `kind`, `stories`, `first` and `last` day told."""
    return told.group_by(_NODE).agg(
        stories=pl.col("story_id").n_unique(), first=pl.col("reported").min(), last=pl.col("reported").max()
    )


def _of_known_kind(told: pl.DataFrame, untold: str) -> pl.DataFrame:
    nodes = told.select(_NODE).unique()
    known = nodes.filter(~pl.col("kind").is_in(_UNTOLD[: 1 + (untold == "other")]))
    return _pairs(nodes.filter(pl.col("kind") == untold).join(known.rename({"kind": "to_kind"}), on="who"))


def _of_confused_kinds(told: pl.DataFrame, marks: pl.DataFrame) -> pl.DataFrame:
    order = pl.col("kind").replace_strict({kind: -n for n, kind in enumerate(PARTNERSHIP_KIND)}, default=None)
    nodes = _nodes(told.filter(~pl.col("kind").is_in(_UNTOLD))).with_columns(
        rank=pl.col("stories").cast(pl.Int64()) * len(PARTNERSHIP_KIND) + order
    )
    several = nodes.filter(pl.len().over("who") > 1)
    figures = marks.filter(pl.col("mark").str.starts_with("figure "))
    marked = told.join(several, on=_NODE).join(figures, on="event_id").select(*_NODE, "rank", "mark").unique()
    pairs = marked.join(marked, on=["who", "mark"], suffix="_to").filter(pl.col("rank") < pl.col("rank_to"))
    return _pairs(pairs.rename({"kind_to": "to_kind"}))


def _of_fewer_parties(told: pl.DataFrame) -> pl.DataFrame:
    nodes = told.select(_NODE).unique()
    size = pl.col("who").str.count_matches(BETWEEN, literal=True) + 1
    circles = nodes.filter(size.is_between(3, _MOST_PARTIES)).select(to_who="who").unique(maintain_order=True)
    parts = [
        (BETWEEN.join(part), circle)
        for circle in circles["to_who"]
        for parties in [circle.split(BETWEEN)]
        for few in range(2, len(parties))
        for part in combinations(parties, few)
    ]
    inside = pl.DataFrame(parts, schema={"who": pl.String(), "to_who": pl.String()}, orient="row")
    wholes = nodes.rename(_TO)
    pairs = nodes.join(inside, on="who").join(wholes, on="to_who").filter(_same_kind())
    return _pairs(pairs.filter(pl.col("who").n_unique().over("to_who", "to_kind") == 1))


def _of_a_group(told: pl.DataFrame, organizations: pl.DataFrame) -> pl.DataFrame:
    nodes = told.select(_NODE).unique()
    seats = _seats(nodes).join(organizations.drop_nulls("country"), left_on="org_id", right_on="org_id")
    is_group = pl.col("kind_right") == "group"
    companies = seats.filter(~is_group).rename(_TO)
    pairs = seats.filter(is_group).join(companies, on=["others", "country"])
    return _pairs(pairs.filter(_same_kind()))


def _of_relatives(told: pl.DataFrame, organizations: pl.DataFrame) -> pl.DataFrame:
    nodes = _nodes(told)
    seats = _seats(nodes.select(_NODE))
    above = organizations.select("org_id", "parent_id").drop_nulls()
    children = seats.join(above, on="org_id").rename({"who": "child", "kind": "child_kind"})
    parents = seats.select("others", parent_id="org_id", parent="who", parent_kind="kind")
    both = children.join(parents, on=["others", "parent_id"]).filter(pl.col("child_kind") == pl.col("parent_kind"))
    only = both.filter(
        (pl.col("child").n_unique().over("parent", "parent_kind") == 1)
        & (pl.col("parent").n_unique().over("child", "child_kind") == 1)
    )
    told_by = nodes.select("who", "kind", "stories")
    weighed = only.join(told_by.rename({"who": "child", "kind": "child_kind"}), on=["child", "child_kind"]).join(
        told_by.rename({"who": "parent", "kind": "parent_kind", "stories": "parent_stories"}),
        on=["parent", "parent_kind"],
    )
    up = pl.col("parent_stories") >= pl.col("stories")
    return _pairs(
        weighed.select(
            kind="child_kind",
            to_kind="child_kind",
            who=pl.when(up).then("child").otherwise("parent"),
            to_who=pl.when(up).then("parent").otherwise("child"),
        )
    )


def _seats(nodes: pl.DataFrame) -> pl.DataFrame:
    """One row for each party of a matter: `org_id`, and `others`, the rest of the parties."""
    parties = nodes.with_columns(party=pl.col("who").str.split(BETWEEN))
    return parties.explode("party").select(
        *_NODE,
        org_id="party",
        others=pl.col("who")
        .str.split(BETWEEN)
        .list.set_difference(pl.concat_list("party"))
        .list.sort()
        .list.join(BETWEEN),
    )


def _same_kind() -> pl.Expr:
    return (pl.col("kind") == pl.col("to_kind")) | (pl.col("kind") == "")


def _pairs(frame: pl.DataFrame) -> pl.DataFrame:
    """`who`, `kind`, `to_who`, `to_kind` of each matter that may be told more exactly by another."""
    if "to_who" not in frame.columns:
        frame = frame.with_columns(to_who="who")
    return frame.select(_PAIR).unique()


def _joined(told: pl.DataFrame, marks: pl.DataFrame, pairs: pl.DataFrame, *, alike: bool = False) -> pl.DataFrame:
    """The events with those matters joined that can mean one other only.

    Args:
        told: The events.
        marks: As in `resolve`.
        pairs: What may be joined, as `_pairs` gives it.
        alike: Whether it must have a mark in common or be told close by.
    """
    if pairs.is_empty():
        return told
    side_by_side = _with_in_common(pairs, told, "article_id")
    pairs = _at_one_time(told, pairs).join(side_by_side, on=_PAIR, how="anti")
    marked = _with_in_common(pairs, told.join(marks, on="event_id"), "mark").with_columns(shared=pl.lit(True))
    pairs = pairs.join(marked, on=_PAIR, how="left")
    if alike:
        pairs = pairs.filter(pl.col("shared").fill_null(False) | (pl.col("gap") <= CLOSE))
    alone = pl.len().over(_NODE) == 1
    only_shared = pl.col("shared").fill_null(False) & (pl.col("shared").sum().over(_NODE) == 1)
    chosen = pairs.filter(alone | only_shared).select(_PAIR)
    return _moved(told, chosen)


def _at_one_time(told: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """The pairs that are not told far apart, with the `gap` in between; undated ones may be of any time."""
    nodes = _nodes(told).select(*_NODE, "first", "last")
    dated = pairs.join(nodes, on=_NODE).join(
        nodes.rename({"who": "to_who", "kind": "to_kind", "first": "to_first", "last": "to_last"}),
        on=["to_who", "to_kind"],
    )
    gap = pl.max_horizontal(pl.col("first") - pl.col("to_last"), pl.col("to_first") - pl.col("last"))
    near = dated.with_columns(gap=gap).filter((pl.col("gap") <= FAR).fill_null(True))
    return near.select(*pairs.columns, "gap")


def _with_in_common(pairs: pl.DataFrame, told: pl.DataFrame, what: str) -> pl.DataFrame:
    """The pairs of which both are told with the same value of a column: the article, or a mark."""
    values = told.select(*_NODE, what).unique()
    other = values.rename(_TO)
    both = pairs.select(_PAIR).join(values, on=_NODE).join(other, on=[*_TO.values(), what], how="semi")
    return both.select(_PAIR).unique()


def _moved(told: pl.DataFrame, chosen: pl.DataFrame) -> pl.DataFrame:
    """The events with `who` and `kind` of the matter that theirs joins, and that one in turn."""
    onward = chosen.rename({"who": "to_who", "kind": "to_kind", "to_who": "who_on", "to_kind": "kind_on"})
    for _ in range(_LONGEST_CHAIN):
        chosen = chosen.join(onward, on=["to_who", "to_kind"], how="left").select(
            *_NODE, to_who=pl.coalesce("who_on", "to_who"), to_kind=pl.coalesce("kind_on", "to_kind")
        )
    return (
        told.join(chosen, on=_NODE, how="left")
        .with_columns(who=pl.coalesce("to_who", "who"), kind=pl.coalesce("to_kind", "kind"))
        .drop("to_who", "to_kind")
    )
