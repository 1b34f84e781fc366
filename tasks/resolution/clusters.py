"""Clusters: groups of names joined by links, within limits that no chain of links may break."""

from __future__ import annotations

import polars as pl

from tasks.resolution.keys import components


def joined(nodes: pl.DataFrame, links: pl.DataFrame, forbidden: pl.DataFrame) -> pl.DataFrame:
    """The links that join nodes, without those that would join what must stay apart.

    A cluster has one listed organisation at most, and nodes of one home country, unless a link joins two of different
    countries directly; no two nodes that are forbidden to be one are in it, through whatever others. Where links
    contradict one another the surest go first; of equally sure ones, those first by alphabet.

    Args:
        nodes: `node`, `org_id` of listed ones, `home`.
        links: `left`, `right`, `score`, and more.
        forbidden: `left`, `right`.

    Returns:
        Rows of `links`.
    """
    numbered = nodes.select("node").with_row_index("place")
    pairs = (
        links.join(numbered, left_on="left", right_on="node").join(numbered, left_on="right", right_on="node")
    ).select(left="place", right="place_right")
    placed = nodes.with_columns(component=components(len(nodes), pairs))
    where = placed.select("node", "component")
    broken = (
        forbidden.join(where, left_on="left", right_on="node")
        .join(where, left_on="right", right_on="node")
        .filter(pl.col("component") == pl.col("component_right"))
        .select("component")
    )
    mixed = placed.group_by("component").agg(
        several=(pl.col("org_id").drop_nulls().n_unique() > 1) | (pl.col("home").drop_nulls().n_unique() > 1)
    )
    doubtful = pl.concat([broken, mixed.filter("several").select("component")])
    linked = links.join(where, left_on="left", right_on="node")
    contested = linked.join(doubtful, on="component", how="semi").drop("component")
    kept = _consistent(placed.join(doubtful, on="component", how="semi"), contested, forbidden)
    return pl.concat([linked.join(doubtful, on="component", how="anti").drop("component"), kept])


def _consistent(nodes: pl.DataFrame, links: pl.DataFrame, forbidden: pl.DataFrame) -> pl.DataFrame:
    """The links that can be followed, the surest first, without joining what must stay apart."""
    home = dict(nodes.select("node", "home").iter_rows())
    root = {node: node for node in home}
    members = {node: {node} for node in home}
    apart = {node: set[str]() for node in home}
    for left, right in forbidden.select("left", "right").iter_rows():
        for one, other in ((left, right), (right, left)):
            apart.setdefault(one, set()).add(other)
    listed = {node: {org_id} if org_id else set() for node, org_id in nodes.select("node", "org_id").iter_rows()}
    homes = {node: {country} if country else set() for node, country in home.items()}
    ordered = links.sort("score", "left", "right", descending=[True, False, False])
    followed = list[bool]()
    for left, right in ordered.select("left", "right").iter_rows():
        a, b = root[left], root[right]
        is_direct = bool(home[left] and home[right]) and home[left] != home[right]
        one_home = is_direct or not homes[a] or not homes[b] or not homes[a].isdisjoint(homes[b])
        one_listed = len(listed[a] | listed[b]) < 2
        follows = a == b or (one_home and one_listed and apart[a].isdisjoint(members[b]))
        followed.append(follows)
        if follows and a != b:
            small, large = sorted((a, b), key=lambda node: (len(members[node]), node))
            root.update(dict.fromkeys(members[small], large))
            for sets in (members, apart, listed, homes):
                sets[large] |= sets.pop(small)
    return ordered.filter(pl.Series(followed, dtype=pl.Boolean()))
