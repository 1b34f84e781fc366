"""Linking: the names that neither the reference nor a person settled, and what becomes of them.

A *node* is all mentions of one name (without legal form) that articles place in one country, or a listed organisation.
Links join nodes that are alike; what they join is one organisation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from evpact import ids
from evpact.reviews import Decisions
from tasks.resolution import clusters as clustering
from tasks.resolution import likeness
from tasks.resolution.keys import SEPARATOR, components, first_part, mapped, most_told, with_digest
from tasks.resolution.likeness import DOUBTFUL, SURE
from tasks.resolution.matching import is_part, pairs
from tasks.resolution.matters import Texts
from tasks.resolution.names import NameParts

_LISTED: Final = "="
_REVIEWED: Final = "!"
_REVIEWED_SCORE: Final = 2.0
_NEVER_ALIKE: Final = ("government", "association", "group")


@dataclass(frozen=True)
class World:
    """The nodes and what is told of them.

    Attributes:
        places: `mention`, `node`, `slug`, `name`, `country` of every mention that is not settled.
        nodes: `node`, `name` (as most often written), `core`, `home`, `org_id` (of listed ones), `identity`, `bare`,
            `kinds`, `is_arm`, `has_namesakes`, `spelled` (of names that a person decided about), `word` (the first).
        keyed: Keys by which nodes are compared, as of `likeness.keys`.
        met: `node` and `article_id` of every mention.
        partners: `node` and `partner` (its name without legal forms) of every two that take part in one event, or of
            whom an article may tell a deal.
        families: `word` with which the listed organisations of just one group begin.
    """

    places: pl.DataFrame
    nodes: pl.DataFrame
    keyed: pl.DataFrame
    met: pl.DataFrame
    partners: pl.DataFrame
    families: pl.DataFrame


def world(
    rest: pl.DataFrame,
    known: pl.DataFrame,
    doubtful: pl.DataFrame,
    listed: pl.DataFrame,
    parts: NameParts,
    decisions: Decisions,
) -> World:
    """The nodes that mentions and listed organisations make.

    Args:
        rest: Mentions that are not settled: `mention`, `event_id`, `article_id`, `name`, `aliases`, `kind`, `country`,
            `spelled`.
        known: Mentions of listed organisations: `event_id`, `article_id`, `org_id`, `aliases`.
        doubtful: `article_id` and `participants` of deals that articles may tell.
        listed: The organisations of the reference.
        parts: What says where and what rather than who.
        decisions: What people decided.
    """
    mentions = _placed(rest, parts, decisions)
    comparable = _comparable(listed).with_columns(node=_LISTED + pl.col("org_id"))
    no_sort = pl.lit(None, pl.String()).alias("sort")
    aliases = mentions.select("node", "name", form="aliases").explode("form").drop_nulls("form")
    part = is_part(aliases["form"], aliases["name"])
    own = comparable.select("node", form=pl.concat_list(pl.concat_list("name"), "aliases")).explode("form")
    forms = pl.concat(
        [
            mentions.select("node", no_sort, form="name"),
            aliases.select("node", pl.when(part).then(pl.lit("part")).otherwise(pl.lit("alias")).alias("sort"), "form"),
            own.select("node", no_sort, "form"),
            _abbreviations(known, listed).select(
                pl.lit("alias").alias("sort"), node=_LISTED + pl.col("org_id"), form="name"
            ),
        ],
        how="diagonal",
    )
    keyed = likeness.keys(forms if len(mentions) else forms.clear(), parts)
    told = pl.concat(
        [
            mentions.select("node", "event_id", "article_id"),
            known.join(comparable, on="org_id", how="semi").select(
                "event_id", "article_id", node=_LISTED + pl.col("org_id")
            ).select("node", "event_id", "article_id"),
        ]
    ).unique()  # fmt: skip
    # A partner is known by its name, whether or not the article says where it is at home.
    dealing = pl.concat([told.drop_nulls("event_id").select("node", "event_id"), _possibly(doubtful, mentions)])
    sides = dealing.with_columns(name=first_part(pl.col("node")))
    partners = sides.join(sides.select("event_id", partner="name"), on="event_id").filter(
        pl.col("name") != pl.col("partner")
    )
    return World(
        mentions.select("mention", "node", "slug", "name", "country"),
        pl.concat([_found_nodes(mentions), _listed_nodes(comparable)]),
        keyed,
        told.select("node", "article_id").unique(),
        partners.select("node", "partner").unique(),
        _families(listed, parts),
    )


def _comparable(organizations: pl.DataFrame) -> pl.DataFrame:
    """The organisations whose names others may be like."""
    return organizations.filter(~pl.col("kind").is_in(_NEVER_ALIKE))


def _abbreviations(known: pl.DataFrame, organizations: pl.DataFrame) -> pl.DataFrame:
    """`article_id`, `org_id` and `name` of what articles call listed companies for short, in capitals: "ADL"."""
    called = known.select("article_id", "org_id", name="aliases").explode("name").drop_nulls()
    short = called.filter(pl.col("name").str.contains(r"^\p{Lu}{2,6}$")).unique()
    return short.join(_comparable(organizations), on="org_id", how="semi")


def _possibly(doubtful: pl.DataFrame, mentions: pl.DataFrame) -> pl.DataFrame:
    """`node` and `event_id`, a number, of the sides of deals that articles may tell, as far as they are known."""
    numbered = doubtful.select("article_id", "participants", event_id=pl.int_range(pl.len()).cast(pl.String()))
    sides = numbered.explode("participants").unnest("participants").select("article_id", "event_id", "name", "org_id")
    named = sides.join(mentions.select("article_id", "name", "node").unique(), on=["article_id", "name"])
    listed = sides.drop_nulls("org_id").with_columns(node=_LISTED + pl.col("org_id"))
    return pl.concat([named.select("node", "event_id"), listed.select("node", "event_id")]).unique()


def _placed(rest: pl.DataFrame, parts: NameParts, decisions: Decisions) -> pl.DataFrame:
    """The mentions with their node, and what its name is made of."""
    affixes = parts.affixes
    named = rest.with_columns(
        core=mapped(rest["name"], lambda name: "".join(affixes.core(name))),
        stem=mapped(rest["name"], lambda name: "".join(affixes.stem(name))),
        bare=mapped(rest["name"], lambda name: "".join(affixes.stem(" ".join(parts.unplaced(affixes.core(name)))))),
        word=mapped(rest["name"], lambda name: affixes.core(name)[0]),
        slug=mapped(rest["name"], lambda name: ids.slug(" ".join(affixes.core(name)))),
        arm=mapped(rest["name"], lambda name: (parts.arm(affixes.core(name)) or ((), ""))[1] or ""),
    )
    # The country in a name says where the arm is, not where the organisation is at home.
    home = pl.when(pl.col("country") != pl.col("arm")).then("country")
    is_reviewed = pl.col("spelled").is_in(sorted(decisions.names))
    key = pl.when(is_reviewed).then(_REVIEWED + pl.col("spelled")).otherwise("core")
    return named.with_columns(home=home, is_reviewed=is_reviewed).with_columns(
        node=pl.concat_str(key, pl.lit(SEPARATOR), pl.col("home").fill_null(""))
    )


def _found_nodes(mentions: pl.DataFrame) -> pl.DataFrame:
    homes = mentions.group_by("core").agg(has_namesakes=pl.col("home").drop_nulls().n_unique() > 1)
    kinds = mentions.filter(pl.col("kind") != "other").group_by("node").agg(kinds=pl.col("kind").unique())
    return (
        mentions.group_by("node")
        .agg(
            pl.col("core", "home").first(),
            pl.lit(None, pl.String()).alias("org_id"),
            # Of a reviewed name there is one spelling; others of one core and their stems differ in nothing.
            pl.col("stem").min().alias("identity"),
            pl.col("bare").min(),
            pl.when(pl.col("is_reviewed").first()).then(pl.col("spelled").first()).alias("spelled"),
            pl.col("word").min(),
            is_arm=(pl.col("arm") != "").all(),
        )
        .join(homes, on="core")
        .join(kinds, on="node", how="left")
        .join(most_told(mentions, "node", "name"), on="node")
        .with_columns(pl.col("kinds").fill_null([]))
        .select(*_NODE)
    )


_NODE: Final = (
    "node", "name", "core", "home", "org_id", "identity", "bare", "kinds", "is_arm", "has_namesakes", "spelled", "word"
)  # fmt: skip


def _listed_nodes(listed: pl.DataFrame) -> pl.DataFrame:
    return listed.select(
        "node",
        "name",
        "org_id",
        core=pl.lit(None, pl.String()),
        home="country",
        identity="org_id",
        bare="org_id",
        kinds=pl.concat_list("kind"),
        is_arm=pl.lit(False),
        has_namesakes=pl.lit(False),
        spelled=pl.lit(None, pl.String()),
        word=pl.lit(None, pl.String()),
    ).select(*_NODE)


def links(world: World, decisions: Decisions, texts: Texts) -> pl.DataFrame:
    """Pairs of nodes that may be one: as of `likeness.likenesses`, and `follows`: whether the pair is joined.

    What a person decided goes before every likeness; a decision that two are the same holds for all countries.
    """
    likely = likeness.likenesses(world.keyed, world.nodes, world.met, world.partners, texts)
    same = world.nodes.join(pairs(decisions.same.items(), "spelled", "root"), on="spelled").sort("node")
    decided = same.select(
        right="node",
        left=pl.col("node").first().over("root"),
        reason=pl.lit("reviewed"),
        score=pl.lit(_REVIEWED_SCORE),
        size=pl.lit(0, likely.schema["size"]),
    ).filter(pl.col("left") != pl.col("right"))
    every = pl.concat([decided.select(likely.columns), likely])
    sure = every.filter(pl.col("score") >= SURE)
    kept = clustering.joined(world.nodes, sure, _forbidden(world, decisions))
    return every.join(
        kept.select("left", "right", "reason", follows=pl.lit(True)), on=["left", "right", "reason"], how="left"
    ).with_columns(pl.col("follows").fill_null(False))


def _forbidden(world: World, decisions: Decisions) -> pl.DataFrame:
    """`left` and `right` of nodes that a person told apart."""
    reviewed = world.nodes.drop_nulls("spelled").select("node", "spelled")
    apart = (
        pairs(decisions.apart, "spelled", "other")
        .join(reviewed.rename({"node": "left"}), on="spelled")
        .join(reviewed.rename({"node": "right"}), left_on="other", right_on="spelled")
    )
    not_listed = pairs(decisions.not_listed, "spelled", "org_id").join(reviewed.rename({"node": "left"}), on="spelled")
    return pl.concat([apart.select("left", "right"), not_listed.select("left", right=_LISTED + pl.col("org_id"))]).join(
        world.nodes, left_on="right", right_on="node", how="semi"
    )


def clusters(world: World, links: pl.DataFrame) -> pl.DataFrame:
    """What the links join.

    The longest name that is no arm's names a cluster, so that a short form that turns up later does not rename the
    organisation; of equally long ones the first by alphabet.

    Returns:
        `mention`; `org_id`, if its cluster has a listed organisation; `cluster`; `slug`, the readable id that the
        cluster should have; `name` and `country` to go by.
    """
    ordered = world.nodes.sort(
        pl.col("org_id").is_null(), "is_arm", pl.col("core").str.len_chars(), "core", "node",
        descending=[False, False, True, False, False],
    ).with_row_index("place")  # fmt: skip
    places = ordered.select("node", "place")
    numbered = (
        links.filter("follows")
        .join(places, left_on="left", right_on="node")
        .join(places, left_on="right", right_on="node")
        .select(left="place", right="place_right")
    )
    rooted = ordered.with_columns(component=components(len(ordered), numbered)).with_columns(
        root=pl.col("node").first().over("component"),
        listed=pl.col("org_id").first().over("component"),
        of_root=pl.col("core") == pl.col("core").first().over("component"),
        only_arms=pl.col("is_arm").all().over("component"),
    )
    mentions = world.places.join(rooted.drop("name"), on="node")
    return mentions.select(
        "mention",
        pl.col("root").alias("cluster"),
        pl.when("of_root").then("slug").min().over("root").alias("slug"),
        "name",
        pl.when("only_arms").then("country").otherwise("home").alias("country"),
        pl.col("listed").alias("org_id"),
    )


def judged(world: World, links: pl.DataFrame, resolved: pl.DataFrame, decisions: Decisions) -> pl.DataFrame:
    """What came of every pair of nodes that is worth telling.

    Args:
        world: The nodes.
        links: As of `links`.
        resolved: `mention` and `org_id` of all mentions.
        decisions: What people decided.

    Returns:
        `node` (one that is not listed), its `name` and `org_id`, `other` (a name of what it was held against) and its
        `other_id`, `decision`, `reason`, `score`.
    """
    found = world.places.join(resolved, on="mention").select("node", found="org_id").unique()
    known = world.nodes.join(found, on="node", how="left").select(
        "node", "name", org_id=pl.coalesce("org_id", "found"), is_listed=pl.col("org_id").is_not_null()
    )
    every = pl.concat([links, _reviewed_apart(world, decisions, links)])
    other = known.rename({"name": "other", "org_id": "other_id", "is_listed": "other_is_listed"})
    ways = pl.concat(
        every.select("reason", "score", "follows", "size", node=a, against=b, is_turned=pl.lit(a == "right"))
        for a, b in (("left", "right"), ("right", "left"))
    )
    told = ways.join(known, on="node").join(other, left_on="against", right_on="node").filter(~pl.col("is_listed"))
    is_same = pl.col("org_id") == pl.col("other_id")
    same = told.filter(is_same & pl.col("follows")).with_columns(decision=pl.lit("same"))
    others = told.filter(~is_same & ~(pl.col("is_turned") & ~pl.col("other_is_listed")))
    parents = _parents(world, others, decisions)
    apart = (
        others.join(parents.with_columns(is_parent=True), on=["node", "against"], how="left")
        .join(parents.select(against="node", node="against"), on=["node", "against"], how="anti")
        .with_columns(
            decision=pl.when("is_parent").then(pl.lit("parent")).otherwise(pl.lit("different")),
            score=pl.when(pl.col("is_parent") & (pl.col("reason") != "reviewed"))
            .then(_PARENT_SCORE)
            .otherwise("score"),
        )
        .filter((pl.col("score") >= DOUBTFUL) | (pl.col("reason") == "reviewed"))
    )
    return pl.concat([same.select(_JUDGED), apart.select(_JUDGED)])


_JUDGED: Final = ("node", "name", "org_id", "other", "other_id", "decision", "reason", pl.col("score").clip(0.0, 1.0))
_PARENT_SCORE: Final = 0.8


def _reviewed_apart(world: World, decisions: Decisions, links: pl.DataFrame) -> pl.DataFrame:
    """Rows as of `links` for what a person told apart."""
    return (
        _forbidden(world, decisions)
        .with_columns(reason=pl.lit("reviewed"), score=0.0, follows=False, size=pl.lit(0, links.schema["size"]))
        .select(links.columns)
    )


def _parents(world: World, others: pl.DataFrame, decisions: Decisions) -> pl.DataFrame:
    """`node` and `against` of who is whose parent, as a person says, or by the rule in `organizations`."""
    reviewed = world.nodes.drop_nulls("spelled").select("node", "spelled")
    decided = pairs(decisions.parents.items(), "spelled", "parent").join(reviewed, on="spelled")
    listed = decided.join(pairs(decisions.org_ids.items(), "parent", "org_id"), on="parent")
    found = decided.join(reviewed.select(against="node", parent="spelled"), on="parent")
    by_hand = pl.concat([listed.select("node", against=_LISTED + pl.col("org_id")), found.select("node", "against")])
    told_apart = others.filter(pl.col("reason") == "reviewed").select("node", "against")
    by_name = (
        others.filter((pl.col("reason") == "short") & pl.col("other_is_listed") & (pl.col("score") > 0))
        .join(by_hand, on="node", how="anti")
        .join(told_apart, on=["node", "against"], how="anti")
        .join(world.nodes.select("node", "word"), on="node")
        .join(world.families, on="word", how="semi")
        .sort("size", "against", descending=[True, False])
        .unique("node", keep="first", maintain_order=True)
    )
    return pl.concat([by_hand, by_name.select("node", "against")])


def _families(listed: pl.DataFrame, parts: NameParts) -> pl.DataFrame:
    """`word` with which listed names begin that are all of one group; governments hold no group together."""
    states = set(listed.filter(pl.col("kind") == "government")["org_id"])
    above = {org_id: parent for org_id, parent in listed.select("org_id", "parent_id").iter_rows()
             if parent is not None and parent not in states}  # fmt: skip

    def head(org_id: str) -> str:
        while org_id in above:
            org_id = above[org_id]
        return org_id

    names = listed.select("org_id", form=pl.concat_list(pl.concat_list("name"), "aliases")).explode("form")
    words = names.with_columns(
        word=mapped(names["form"], lambda form: parts.affixes.core(form)[0]), head=mapped(names["org_id"], head)
    )
    return words.group_by("word").agg(pl.col("head").n_unique()).filter(pl.col("head") == 1).select("word")


def names(
    mentions: pl.DataFrame,
    known: pl.DataFrame,
    resolved: pl.DataFrame,
    judged: pl.DataFrame,
    places: pl.DataFrame,
    organizations: pl.DataFrame,
) -> pl.DataFrame:
    """Rows of the table `organization_names`.

    Args:
        mentions: `mention`, `article_id`, `name`, `aliases`, `spelled`, `kind`.
        known: `mention` and `reason` of those that the reference settles.
        resolved: `mention` and `org_id` of all.
        judged: As of `judged`.
        places: `mention` and `node` of those that it does not settle.
        organizations: Rows of the table `organizations`.
    """
    called = organizations.select("org_id", called="name")
    named = mentions.filter(pl.col("kind") != "group").select("mention", "article_id", "name", "spelled")
    written = named.join(resolved, on="mention")
    settled = mentions.join(known, on="mention", how="semi").drop("org_id").join(resolved, on="mention")
    short = _abbreviations(settled, organizations)
    told = pl.concat([written.select(short.columns), short])
    articles = told.group_by("org_id", "name").agg(articles=pl.col("article_id").n_unique())
    plain = (
        pl.concat(
            [
                written.join(known, on="mention").select("org_id", "name", "reason"),
                short.select("org_id", "name", reason=pl.lit("text")),
            ]
        )
        .join(called, on="org_id")
        .select("org_id", "name", "reason", other="called", other_id="org_id", decision=pl.lit("same"),
                score=pl.col("reason").replace_strict(likeness.KNOWN_SCORES, return_dtype=pl.Float64()))
        .unique()
    )  # fmt: skip
    forms = places.select("mention", "node").join(written, on="mention").join(called, on="org_id")
    is_main = (pl.col("name") == pl.col("called")).any().over("node", "org_id")
    # The forms of the node that has the name of the organisation differ from it in nothing but spelling.
    spelled = forms.filter(is_main).select(
        "org_id", "name", other="called", other_id="org_id", decision=pl.lit("same"), reason=pl.lit("legal_form"),
        score=pl.lit(1.0),
    )  # fmt: skip
    alike = (
        judged.filter(pl.col("decision") == "same")
        .drop("name")
        .join(forms.filter(~is_main).select("node", "name").unique(), on="node")
    )
    apart = judged.filter(pl.col("decision") != "same")
    rows = pl.concat(frame.select(plain.columns) for frame in (plain, spelled, alike, apart))
    rows = (
        rows.join(called, on="org_id")
        .filter((pl.col("decision") != "same") | (pl.col("name") != pl.col("called")))
        .sort("score", "reason", "other", descending=[True, False, False])
        .unique(["org_id", "name", "other_id"], keep="first", maintain_order=True)
        .join(articles, on=["org_id", "name"])
    )
    return with_digest(rows, "name_id", "n", "org_id", "name", "other_id")
