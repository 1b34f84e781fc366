"""Matters: which events of all articles tell of the same cooperation between the same parties.

An event is of the matter of its parties and its kind. Articles are not that exact, and are not always read right: they
leave out a party or the kind, name a group or a parent instead of the company, or call one thing a supply deal and a
technology deal in turn. Matters are joined by these rules, in their order:

1. other kinds of the same parties are one matter if they have a figure in common (a sum, a capacity), if one article
   tells both without telling of different ends, or if articles about both have words in common in which they differ
   from others (`IN_COMMON`; for a venture or a stake beside something else `IN_COMMON_DISTINCT`). A kind that one story
   alone tells, and not surely, joins in any case. What one article tells as over or done and as going on is two, and so
   is a stake that it surely tells beside something that is no venture. The kind is the one for which most speaks: of
   each story the surest event, and the cues in headline and lead; a venture is one whatever it does. A venture or a
   stake of which headlines of `SAID_IN` stories and of half of them have a cue is one even if nobody read it so, as
   long as no headline or lead has a cue of what was read;
2. no kind, or `other`: what the same parties do of a known kind;
3. fewer parties, of the same kind: what they do with one party more, unless more than `SEVERAL` stories tell them and
   one alone tells that. Two different parts of one larger circle stay what they are, unless it is a venture that
   `SEVERAL` stories tell: a supplier and its customers named in one sentence are several deals. The other way round, a
   party that nobody listed and that one story alone names, beside what `SEVERAL` others tell without it, is none. A
   stake told only beside a venture of the same and others is a stake in that venture, and what one of two does with the
   venture called after both ("Geely" with "Geely Sunwoda") is their venture;
4. an unnamed group with a nationality: what a company of that nationality does with the same others, of the same kind,
   if both tellings have a figure, product, site or place in common or were told within `CLOSE`;
5. a parent instead of its subsidiary, or the other way round, if they have as much in common or words as in 1, or deal
   with somebody who is no household name: a small company hardly deals with both; the one that more stories name. A
   brand that is told nowhere but in articles that tell the same of its parent, which more stories tell, is the parent,
   and the other way round.

By rules 2 to 4 a matter joins only one other: of several that it could mean, the only one with which it has a figure,
product, site or place in common; never one that its own article tells beside it. What is told more than `FAR` apart is
not joined by any.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import combinations, groupby, islice, product
from operator import itemgetter
from typing import Final, NamedTuple

import polars as pl

from evpact import ids
from evpact.ids import fold
from evpact.vocabulary import PARTNERSHIP_KIND
from tasks.resolution.keys import mapped
from tasks.resolution.names import household_names
from tasks.resolution.wording import Wording, sentences

CLOSE: Final = timedelta(days=45)
FAR: Final = timedelta(days=1095)
BETWEEN: Final = "--"
"""What stands between the parties where they are one text."""

IN_COMMON: Final = 2
"""Words that two articles about the same parties share if they tell of the same matter."""

IN_COMMON_DISTINCT: Final = 3
"""The same, where one of them tells of a venture or a stake and the other does not."""

_DISTINCT: Final = frozenset({"joint_venture", "equity"})
SAID_IN: Final = 2
"""Stories that must say in the headline what kind it is, if it was not read."""

SEVERAL: Final = 2
"""Stories that outweigh one that names a party more."""

_WEAK: Final = 0.8
_CLEAR: Final = 0.7
_SAID: Final = 0.5
_SAID_IN_HEADLINE: Final = 0.8
_UNSAID: Final = 0.5
_LEAD: Final = 2  # sentences

_SURE: Final = 99
_VENTURE: Final = 1.5
_MOST_COMPARED: Final = 8  # articles of each side: more say nothing new
_ORDER: Final = {kind: place for place, kind in enumerate(PARTNERSHIP_KIND)}
_MOST_PARTIES: Final = 6  # a circle of more is a list
_LONGEST_CHAIN: Final = 4  # of matters that join one another; a limit, since tables made by people may go in circles
_UNTOLD: Final = ("", "other")
_NODE: Final = ("who", "kind")
_TO: Final = {"who": "to_who", "kind": "to_kind"}
_PAIR: Final = (*_NODE, *_TO.values())


def resolve(told: pl.DataFrame, marks: pl.DataFrame, organizations: pl.DataFrame, texts: Texts) -> pl.DataFrame:
    """The events with the parties and the kind of their matter.

    Args:
        told: `event_id`, `article_id`, `story_id`, `reported`, `status`, `confidence`, `who` (a sorted list of
            `org_id`) and `kind`.
        marks: `event_id` and `mark`, what tells one matter from another: see `marks`.
        organizations: `org_id`, `name`, `aliases`, `kind`, `country`, `parent_id`, `in_reference`.
        texts: The words of the articles.

    Returns:
        `told` with `who` joined to a text, `told_who`, the same as the event itself tells it, and `kind`, null where
        no event of the matter tells one.
    """
    told = told.with_columns(pl.col("who").list.join(BETWEEN), pl.col("kind").fill_null(""))
    told = told.with_columns(told_kind="kind", told_who="who")
    told = _moved(told, _of_confused_kinds(told, marks, texts))
    told = _joined(told, marks, _of_known_kind(told, "other"))
    told = _joined(told, marks, _of_known_kind(told, ""))
    told = _moved(told, _of_one_too_many(told, organizations))
    told = _joined(told, marks, _of_fewer_parties(told))
    told = _moved(told, _of_a_venture(told))
    told = _moved(told, _of_a_namesake(told, organizations))
    told = _joined(told, marks, _of_a_group(told, organizations), alike=True)
    told = _moved(told, _of_brands(told, organizations))
    told = _moved(told, _of_like_relatives(told, marks, organizations, texts))
    told = _moved(told, _of_confused_kinds(told, marks, texts))
    return _as_told(told).drop("told_kind").with_columns(pl.col("kind").replace("", None))


class Texts:
    """The words in which articles differ from one another, read when they are asked for."""

    def __init__(self, articles: pl.DataFrame) -> None:
        """Keep what is needed to read them.

        Args:
            articles: `article_id`, `title` and `text`.
        """
        self._places = {article_id: place for place, article_id in enumerate(articles["article_id"])}
        self._titles, self._texts = articles["title"], articles["text"]  # kept where they are: they are long and many
        self._names: dict[str, tuple[str, ...]] = {}
        self._own: dict[str, frozenset[str]] = {}
        self._words: dict[str, frozenset[str]] = {}
        self._vocabulary: dict[str, str] = {}
        self._kinds: dict[str, Counter[str]] = {}
        self._headline_kinds: dict[str, Counter[str]] = {}
        self._wording = Wording.load()

    def know(self, organizations: pl.DataFrame) -> None:
        """Take in what organisations are called: `org_id`, `name`, `aliases`."""
        rows = organizations.select("org_id", "name", "aliases").iter_rows()
        self._names |= {org_id: (name, *aliases) for org_id, name, aliases in rows}
        self._own.clear()

    def words(self, article_id: str) -> frozenset[str]:
        """The words of one article."""
        if article_id not in self._words:
            words = self._wording.telling_words(f"{self._title(article_id)}\n{self._text(article_id)}")
            # One object for a word of all articles: the words take less than half of the memory.
            self._words[article_id] = frozenset(map(self._vocabulary.setdefault, words, words))
        return self._words[article_id]

    def is_told(self, kind: str, article_id: str, evidence: str) -> bool:
        """Whether an article has a sign of a kind of partnership, in its headline or where it tells the event."""
        return self._wording.is_told(kind, f"{self._title(article_id)}\n{evidence}")

    def kinds(self, article_id: str) -> Counter[str]:
        """How often headline and lead have a cue of each kind of partnership."""
        if article_id not in self._kinds:
            text = self._text(article_id)
            lead = islice(sentences(text), _LEAD)
            opening = " ".join([self._title(article_id), *(text[start:end] for start, end in lead)])
            self._kinds[article_id] = self._wording.kind_cues(opening)
        return self._kinds[article_id]

    def headline_kinds(self, article_id: str) -> Counter[str]:
        """How often a headline has a cue of each kind of partnership."""
        if article_id not in self._headline_kinds:
            self._headline_kinds[article_id] = self._wording.kind_cues(self._title(article_id))
        return self._headline_kinds[article_id]

    def in_common(self, left: Collection[str], right: Collection[str], who: Iterable[str]) -> int:
        """Words that the two most alike of two sets of articles share, but for the names of the parties."""
        own = [self._words_of_names(org_id) for org_id in who]
        pairs = product(sorted(left)[:_MOST_COMPARED], sorted(right)[:_MOST_COMPARED])
        return max((len((self.words(a) & self.words(b)).difference(*own)) for a, b in pairs), default=0)

    def _title(self, article_id: str) -> str:
        return self._titles[self._places[article_id]] or ""

    def _text(self, article_id: str) -> str:
        text: str = self._texts[self._places[article_id]]
        return text

    def _words_of_names(self, org_id: str) -> frozenset[str]:
        """The words of an organisation's names, folded."""
        if org_id not in self._own:
            names = self._names.get(org_id, ())
            self._own[org_id] = frozenset(word for name in names for word in re.findall(r"[\w’'-]+", fold(name)))
        return self._own[org_id]


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


def _of_confused_kinds(told: pl.DataFrame, marks: pl.DataFrame, texts: Texts) -> pl.DataFrame:
    """Other kinds of the same parties that are the same matter: see rule 1."""
    known = told.filter(~pl.col("kind").is_in(_UNTOLD) & ~pl.col("told_kind").is_in(_UNTOLD))
    several = known.filter(
        (pl.col("kind").n_unique().over("who") > 1) | (pl.col("story_id").n_unique().over("who") > 1)
    )
    figures = marks.filter(pl.col("mark").str.starts_with("figure ")).join(several, on="event_id", how="semi")
    figures_of = defaultdict[str, set[str]](set)
    for event_id, mark in figures.select("event_id", "mark").iter_rows():
        figures_of[event_id].add(mark)
    moved = list[tuple[str, str, str, str]]()
    columns = ("who", "kind", "told_kind", "article_id", "story_id", "status", "confidence", "event_id", "reported",
               "evidence", "retold")  # fmt: skip
    rows = several.select(columns).sort(columns, nulls_last=True).iter_rows()
    for who, group in groupby(rows, itemgetter(0)):
        kinds = defaultdict[str, list[_Telling]](list)
        for _, kind, told_kind, article_id, story_id, status, confidence, event_id, reported, evidence, retold in group:
            told_figures = frozenset(figures_of.get(event_id, ()))
            # What is retold has its kind from others: it says nothing for it.
            weight = (
                0.0
                if retold
                else confidence
                if texts.is_told(told_kind, article_id, evidence)
                else confidence * _UNSAID
            )
            kinds[kind].append(_Telling(told_kind, article_id, story_id, status, weight, told_figures, reported))
        for one_matter in _matters_of(kinds, who.split(BETWEEN), texts):
            best = _said_kind(one_matter, kinds, texts) or _weightiest(one_matter, kinds, texts)
            moved += [(who, kind, who, best) for kind in sorted(one_matter) if kind != best]
    return pl.DataFrame(moved, schema=dict.fromkeys(_PAIR, pl.String()), orient="row")


class _Telling(NamedTuple):
    kind: str
    article_id: str
    story_id: str
    status: str
    confidence: float
    figures: frozenset[str]
    reported: date | None


def _matters_of(kinds: Mapping[str, list[_Telling]], who: Sequence[str], texts: Texts) -> list[set[str]]:
    """The kinds that the same parties are told to have, in sets that are of one matter each."""
    found = [{kind} for kind in sorted(kinds, key=_ORDER.__getitem__)]
    pairs = combinations(sorted(kinds, key=_ORDER.__getitem__), 2)
    alike = {pair: _is_one(*pair, kinds, who, texts) for pair in pairs}
    for (one, other), is_one in sorted(alike.items(), key=lambda item: -(item[1] or 0)):
        a, b = (next(group for group in found if kind in group) for kind in (one, other))
        across = (pair for pair in alike if {*pair} & a and {*pair} & b)
        apart = any(alike[pair] is None for pair in across)
        if is_one and not apart and a is not b:
            found.remove(b)
            a |= b
    return found


def _is_one(one: str, other: str, kinds: Mapping[str, list[_Telling]], who: Sequence[str], texts: Texts) -> int | None:
    """How surely two kinds of the same parties are one matter; 0 if nothing says so, None if they are told as two."""
    left, right = kinds[one], kinds[other]
    together = {t.article_id for t in left} & {t.article_id for t in right}
    for article_id in together:
        a, b = (
            {_phase(t.status) for t in side if t.article_id == article_id and t.confidence >= _CLEAR}
            for side in (left, right)
        )
        if a and b and a.isdisjoint(b):
            return None
    if any(t.figures & u.figures for t in left for u in right):
        return _SURE
    if not _is_at_one_time(left, right):
        return 0
    if together:
        is_stake = "equity" in (one, other) and "joint_venture" not in (one, other)
        return None if is_stake and _are_sure(left, right, together) else _SURE
    shared = texts.in_common({t.article_id for t in left}, {t.article_id for t in right}, who)
    is_venture = not {one, other}.isdisjoint(_DISTINCT)
    if shared >= (IN_COMMON_DISTINCT if is_venture else IN_COMMON):
        return shared
    return 1 if any(_is_weak(kind, kinds[kind]) for kind in (one, other)) else 0


def _are_sure(left: Iterable[_Telling], right: Iterable[_Telling], articles: Collection[str]) -> bool:
    """Whether some article tells both surely."""
    one, other = ({t.article_id for t in side if t.confidence >= _CLEAR} for side in (left, right))
    return not (one & other).isdisjoint(articles)


def _is_weak(kind: str, tellings: Collection[_Telling]) -> bool:
    """Whether a kind is so little told that it rather is a misreading of what the parties do otherwise."""
    surest = max(telling.confidence for telling in tellings)
    read = {telling.story_id for telling in tellings if telling.confidence}
    return len(read) < 2 and surest < (_UNSAID if kind in _DISTINCT else _WEAK)


def _is_at_one_time(left: Iterable[_Telling], right: Iterable[_Telling]) -> bool:
    one, other = (sorted(t.reported for t in side if t.reported) for side in (left, right))
    return not one or not other or max(one[0] - other[-1], other[0] - one[-1]) <= FAR


def _phase(status: str) -> str:
    """What one article does not tell of one thing at the same time: that it is over, done, or otherwise."""
    return status if status in ("ended", "completed") else "on"


def _said_kind(one_matter: Collection[str], kinds: Mapping[str, list[_Telling]], texts: Texts) -> str | None:
    """The venture or stake that headlines tell of where something was read of which no article has a cue."""
    if not _DISTINCT.isdisjoint(one_matter):
        return None
    tellings = [telling for kind in one_matter for telling in kinds[kind]]
    stories = len({telling.story_id for telling in tellings})
    said = {kind: {t.story_id for t in tellings if kind in texts.headline_kinds(t.article_id)} for kind in _DISTINCT}
    best = max(sorted(_DISTINCT), key=lambda kind: len(said[kind]))
    if len(said[best]) < max(SAID_IN, stories / 2):
        return None
    is_said = any(not texts.kinds(telling.article_id).keys().isdisjoint(one_matter) for telling in tellings)
    return None if is_said else best


def _weightiest(one_matter: Collection[str], kinds: Mapping[str, list[_Telling]], texts: Texts) -> str:
    """The kind of a matter for which most speaks."""
    if len(one_matter) == 1:  # most are, and what headline and lead say takes long to read
        return next(iter(one_matter))
    weights = _weights(one_matter, kinds, texts)
    return max(weights, key=lambda kind: (weights[kind], -_ORDER[kind]))


def _weights(one_matter: Collection[str], kinds: Mapping[str, list[_Telling]], texts: Texts) -> dict[str, float]:
    """How much speaks for each kind of a matter: of each story the surest event, and what headline and lead say.

    A venture is one whatever it does.
    """
    tellings = [telling for kind in sorted(one_matter) for telling in kinds[kind]]
    read = defaultdict[str, dict[str, float]](dict)
    said = defaultdict[str, dict[str, float]](dict)
    for telling in tellings:
        surest = read[telling.kind]  # as it tells it, whatever matter it has joined
        surest[telling.story_id] = max(surest.get(telling.story_id, 0.0), telling.confidence)
        for worth, cues in (
            (_SAID, texts.kinds(telling.article_id)),
            (_SAID_IN_HEADLINE, texts.headline_kinds(telling.article_id)),
        ):
            for cue, count in cues.items():
                part = worth * count / cues.total()
                said[cue][telling.story_id] = max(said[cue].get(telling.story_id, 0.0), part)
    weights = {
        kind: sum(sorted(read[kind].values())) * (_VENTURE if kind == "joint_venture" else 1.0)
        + sum(sorted(said[kind].values()))
        for kind in sorted(one_matter)
    }
    return {kind: round(weight, 6) for kind, weight in weights.items()}


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
    stories = _nodes(told).select(*_NODE, "stories")
    wholes = stories.rename(_TO | {"stories": "to_stories"})
    pairs = stories.join(inside, on="who").join(wholes, on="to_who").filter(_same_kind())
    pairs = pairs.filter((pl.col("stories") <= SEVERAL) | (pl.col("to_stories") > 1))
    is_only = pl.col("who").n_unique().over("to_who", "to_kind") == 1
    is_venture = (pl.col("to_kind") == "joint_venture") & (pl.col("to_stories") >= SEVERAL)
    return _pairs(pairs.filter(is_only | is_venture))


def _of_one_too_many(told: pl.DataFrame, organizations: pl.DataFrame) -> pl.DataFrame:
    """What one story tells with a party that nobody listed, and several others tell without it."""
    nodes = _nodes(told).select(*_NODE, "stories")
    strangers = organizations.filter(~pl.col("in_reference")).select("org_id")
    wholes = _seats(nodes.filter(pl.col("stories") == 1, pl.col("who").str.count_matches(BETWEEN, literal=True) > 1))
    parts = nodes.filter(pl.col("stories") >= SEVERAL).select(others="who", to_who="who", kind="kind", to_kind="kind")
    pairs = wholes.join(strangers, on="org_id", how="semi").join(parts, on=["others", "kind"])
    stories = told.select(*_NODE, "story_id").unique()
    few = nodes.filter(pl.col("stories") == SEVERAL).join(pairs, left_on=_NODE, right_on=[*_TO.values()], how="semi")
    told_in = stories.join(few, on=_NODE, how="semi").rename(_TO)
    both = stories.join(pairs, on=_NODE, how="semi").join(told_in, on="story_id")  # the one story tells the part too
    pairs = pairs.join(both, on=_PAIR, how="anti")
    return _pairs(_at_one_time(told, pairs.select(_PAIR)).filter(pl.len().over(_NODE) == 1))


def _of_a_venture(told: pl.DataFrame) -> pl.DataFrame:
    """Stakes of some parties that are told nowhere but beside a venture of these and others: they are stakes in it."""
    stories = told.select(*_NODE, "story_id").unique()
    ventures = stories.filter(pl.col("kind") == "joint_venture").rename(_TO)
    stakes = stories.filter(pl.col("kind") == "equity").with_columns(told_in=pl.len().over(_NODE))
    beside = stakes.join(ventures, on="story_id").filter(
        pl.col("who").str.split(BETWEEN).list.set_difference(pl.col("to_who").str.split(BETWEEN)).list.len() == 0,
        pl.col("who") != pl.col("to_who"),
    )
    return _pairs(beside.filter(pl.len().over(_PAIR) == pl.col("told_in")))


def _of_a_namesake(told: pl.DataFrame, organizations: pl.DataFrame) -> pl.DataFrame:
    """What is told of one of two and of the venture called after both, where the two are told to have a venture."""
    states = organizations.filter(pl.col("kind") == "government")["org_id"]
    nodes = told.select(_NODE).unique()
    ventures = nodes.filter(
        pl.col("kind") == "joint_venture", pl.col("who").str.count_matches(BETWEEN, literal=True) == 1
    )
    owners = _seats(ventures).filter(~pl.col("org_id").is_in(states.implode()))
    words = pl.col("org_id").str.split("-")
    one, other = (pl.col(owner).str.split("-").list.first() for owner in ("others", "other"))
    # Few are called after whom they deal with: only those meet the ventures, of which one with many partners has many.
    namesakes = _seats(nodes).filter(words.list.contains(one))
    called = namesakes.join(owners.rename({"others": "other", **_TO}), left_on="others", right_on="org_id")
    after_both = called.filter(words.list.contains(other), one != other, pl.col("org_id") != pl.col("other"))
    return _pairs(after_both).filter(pl.len().over(_NODE) == 1)


def _of_a_group(told: pl.DataFrame, organizations: pl.DataFrame) -> pl.DataFrame:
    nodes = told.select(_NODE).unique()
    seats = _seats(nodes).join(organizations.drop_nulls("country"), left_on="org_id", right_on="org_id")
    is_group = pl.col("kind_right") == "group"
    companies = seats.filter(~is_group).rename(_TO)
    pairs = seats.filter(is_group).join(companies, on=["others", "country"])
    return _pairs(pairs.filter(_same_kind()))


def _of_relatives(told: pl.DataFrame, organizations: pl.DataFrame) -> pl.DataFrame:
    circles = told.select("who").unique()
    seats = _seats(circles.with_columns(kind=pl.lit("")))
    above = organizations.select("org_id", "parent_id").drop_nulls()
    children = seats.join(above, on="org_id").rename({"who": "child"})
    parents = seats.select("others", parent_id="org_id", parent="who")
    both = children.join(parents, on=["others", "parent_id"])
    only = both.filter(
        (pl.col("child").n_unique().over("parent") == 1) & (pl.col("parent").n_unique().over("child") == 1)
    )
    stories = told.group_by("who").agg(stories=pl.col("story_id").n_unique())
    weighed = only.join(stories.rename({"who": "child"}), on="child").join(
        stories.rename({"who": "parent", "stories": "parent_stories"}), on="parent"
    )
    up = pl.col("parent_stories") >= pl.col("stories")
    # One may be the child of one and the parent of another: it is the one that more stories name.
    chosen = (
        weighed.select(
            who=pl.when(up).then("child").otherwise("parent"),
            to_who=pl.when(up).then("parent").otherwise("child"),
            named=pl.max_horizontal("stories", "parent_stories"),
        )
        .sort("named", "to_who", descending=[True, False])
        .unique("who", keep="first", maintain_order=True)
        .drop("named")
    )
    nodes = told.select(_NODE).unique()
    return _pairs(nodes.join(chosen, on="who").with_columns(to_kind="kind"))


def _of_brands(told: pl.DataFrame, organizations: pl.DataFrame) -> pl.DataFrame:
    """What is told of one of a group only where the same is told of its parent or brand, which more stories tell.

    The same is of the same kind, and with the same others or more.
    """
    tellings = told.select(*_NODE, "article_id").unique().with_columns(articles=pl.len().over(_NODE))
    seats = tellings.join(_seats(told.select(_NODE).unique()), on=_NODE)
    named = ("who", "others", "articles")
    child, parent = (seats.rename({name: f"{name}_of_{side}" for name in named}) for side in ("child", "parent"))
    kin = child.join(organizations.select("org_id", "parent_id").drop_nulls(), on="org_id").join(
        parent, left_on=["article_id", "kind", "parent_id"], right_on=["article_id", "kind", "org_id"]
    )
    beside = pl.concat(
        kin.select(
            "article_id", "kind", to_kind="kind",
            who=f"who_of_{one}", others=f"others_of_{one}", articles=f"articles_of_{one}",
            to_who=f"who_of_{other}", to_others=f"others_of_{other}",
        )
        for one, other in (("child", "parent"), ("parent", "child"))
    )  # fmt: skip
    missing = pl.col("others").str.split(BETWEEN).list.set_difference(pl.col("to_others").str.split(BETWEEN))
    told_with = beside.filter(missing.list.len() == 0).unique([*_PAIR, "article_id"])
    only_beside = told_with.filter(pl.len().over(_PAIR) == pl.col("articles")).select(_PAIR).unique()
    stories = _nodes(told).select(*_NODE, "stories")
    return (
        only_beside.join(stories, on=_NODE)
        .join(stories.rename(_TO | {"stories": "to_stories"}), on=["to_who", "to_kind"])
        .filter(pl.col("to_stories") > pl.col("stories"))
        .filter(pl.len().over(_NODE) == 1)
        .select(_PAIR)
    )


def _of_like_relatives(
    told: pl.DataFrame, marks: pl.DataFrame, organizations: pl.DataFrame, texts: Texts
) -> pl.DataFrame:
    """The matters told of a parent or subsidiary that are alike to any of the other; each keeps its kind for now."""
    pairs = _of_relatives(told, organizations)
    tellings = defaultdict[str, list[tuple[str, str, date | None, frozenset[str]]]](list)
    marked = told.join(marks.group_by("event_id").agg("mark"), on="event_id", how="left")
    for who, kind, article_id, reported, mark in marked.select(*_NODE, "article_id", "reported", "mark").iter_rows():
        tellings[who].append((kind, article_id, reported, frozenset(mark or ())))
    kept = list[bool]()
    household = household_names()
    for who, kind, to_who, _ in pairs.select(_PAIR).iter_rows():
        if not household.issuperset({*who.split(BETWEEN)} & {*to_who.split(BETWEEN)}):
            kept.append(True)
            continue
        mine, others = [t for t in tellings[who] if t[0] == kind], tellings[to_who]
        gap = min((abs(a[2] - b[2]) for a in mine for b in others if a[2] and b[2]), default=timedelta())
        if gap <= CLOSE or any(a[3] & b[3] for a in mine for b in others):
            kept.append(True)
            continue
        parties = {*who.split(BETWEEN), *to_who.split(BETWEEN)}
        shared = texts.in_common({t[1] for t in mine}, {t[1] for t in others}, parties) if gap <= FAR else 0
        kept.append(shared >= IN_COMMON)
    return pairs.filter(pl.Series(kept, dtype=pl.Boolean()))


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
    pairs = _at_one_time(told, pairs)
    own = told.filter(pl.col("kind") == pl.col("told_kind"))
    pairs = pairs.join(_with_in_common(pairs, told, "article_id", own), on=_PAIR, how="anti")
    marked = _with_in_common(pairs, told.join(marks, on="event_id"), "mark")
    marked = marked.with_columns(shared=pl.lit(True))
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


def _with_in_common(
    pairs: pl.DataFrame, told: pl.DataFrame, what: str, others: pl.DataFrame | None = None
) -> pl.DataFrame:
    """The pairs of which both are told with the same value of a column: the article, or a mark."""
    values = told.select(*_NODE, what).unique()
    other = (told if others is None else others).select(*_NODE, what).unique().rename(_TO)
    both = pairs.select(_PAIR).join(values, on=_NODE).join(other, on=[*_TO.values(), what], how="semi")
    return both.select(_PAIR).unique()


def _as_told(told: pl.DataFrame) -> pl.DataFrame:
    """The events with parties of their matter that all are told: else those that most stories tell."""
    seats = told.select(*_NODE, party=pl.col("who").str.split(BETWEEN)).unique().explode("party")
    named = told.select(*_NODE, party=pl.col("told_who").str.split(BETWEEN)).explode("party").unique()
    untold = seats.join(named, on=[*_NODE, "party"], how="anti").select(_NODE).unique()
    tellings = (
        told.join(untold, on=_NODE, how="semi").group_by(*_NODE, "told_who").agg(stories=pl.col("story_id").n_unique())
    )
    most = tellings.sort("stories", "told_who", descending=[True, False]).unique(
        _NODE, keep="first", maintain_order=True
    )
    return (
        told.join(most.select(*_NODE, to_who="told_who"), on=_NODE, how="left")
        .with_columns(who=pl.coalesce("to_who", "who"))
        .drop("to_who")
    )


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
