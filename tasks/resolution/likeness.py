"""Likeness: which of two names that nobody listed may mean the same organisation, why, and how surely.

Names are never compared all with all: each gives keys of several sorts, and two are compared only where a key of one
is a key of the other (`_RULES`). What the articles tell of both then speaks for or against (`_weighed`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

import polars as pl

from evpact.ids import squeezed
from tasks.resolution.keys import first_part, mapped
from tasks.resolution.matters import Texts
from tasks.resolution.names import NameParts

SURE: Final = 0.7
"""Two names are one organisation from this score on."""

DOUBTFUL: Final = 0.35
"""Pairs below this score are not worth a person's look."""

KNOWN_SCORES: Final = {"reviewed": 1.0, "reference": 1.0, "text": 0.95, "legal_form": 0.95, "ending": 0.9}
"""How surely a name is that of a listed organisation."""

_CROWD: Final = 2500
"""More pairs than this of one key tell nothing: a word that so many names share is no name."""

_SHORTEST_NEAR: Final = 7
"""Letters of the shortest name that may be misspelled: of shorter ones, many are one letter apart."""

_SHORTEST_FIRST: Final = 4
"""Letters of a first word that may stand for the whole name, one less if they are capitals."""

_SPELLED_OUT: Final = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "å": "aa", "Å": "Aa"}
)
"""Letters that some write as two, and `ids.fold` as one."""

_ACRONYM: Final = range(3, 7)


class _Rule(NamedTuple):
    """A likeness: the left name has a key of one sort where the right, the shorter one, has it of another.

    `score` is how surely they are one; `unlisted` what it adds that nobody listed either. If it is `of_arms`, a listed
    company of the shorter name is the other's parent at most, and only if an article names both or both deal with the
    same third one.
    """

    reason: str
    left: str
    right: str
    score: float
    unlisted: float = 0.0
    of_arms: bool = False


_RULES: Final = (
    _Rule("legal_form", "core", "core", 1.0),
    _Rule("text", "alias", "core", 0.9),
    _Rule("ending", "stem", "stem", 0.9),
    _Rule("arm", "arm", "stem", 0.85),
    _Rule("place", "unplaced", "stem", 0.75),
    _Rule("misspelling", "near", "near", 0.45),
    _Rule("short", "prefix", "stem", 0.45),
    _Rule("short", "part", "core", 0.6, unlisted=0.1),
    _Rule("short", "first", "alone", 0.45, of_arms=True),
    _Rule("short", "start", "core", 0.45),
    _Rule("short", "rest", "core", 0.45),
    _Rule("short", "rest", "stem", 0.45),
    _Rule("called", "part", "part", 0.45),
    _Rule("acronym", "initials", "acronym", 0.45),
)

_WEAK: Final = ("place", "misspelling", "short", "called", "acronym")
"""Likenesses that the articles must speak for."""

_ONE_TO_ONE: Final = ("text", "place", "short", "acronym")
"""Likenesses that count only where the shorter name belongs to one longer name."""

_TOLD_APART: Final = 0.1
"""How surely two are one that an article names as two."""

_WEAKLY: Final = 0.9
"""How surely two are one of whom a weak likeness says so, whatever speaks for it."""

_ARM: Final = 0.5
"""How surely a name that begins with that of a listed company is the same: it is rather an arm's."""

_FEW: Final = 10  # names alike to one: of more none says anything
_MOST_READ: Final = 8  # articles about a name: more say nothing new

_PARTNER, _HOME, _KIND = 0.25, 0.1, 0.1
"""What an organisation that both deal with, the same country and the same trade add to a weak likeness."""


def keys(forms: pl.DataFrame, parts: NameParts) -> pl.DataFrame:
    """Keys by which names are compared.

    Args:
        forms: `node`, `form` (a name of it), `sort` (`alias` if an article gives it as another name, `part` if that is
            a part of the name, else null).
        parts: What says where and what rather than who.

    Returns:
        `node`, `sort` and `key`, each once.
    """
    forms = forms.unique()  # a name has the same keys at each of its mentions
    aliases = forms.drop_nulls("sort")
    shortened = aliases.with_columns(key=mapped(aliases["form"], lambda form: "".join(parts.affixes.core(form))))
    names = forms.filter(pl.col("sort").is_null()).drop("sort")
    derived = [(form, sort, key) for form in names["form"].unique() for sort, key in _keys(form, parts)]
    schema = dict.fromkeys(("form", "sort", "key"), pl.String())
    keyed = names.join(pl.DataFrame(derived, schema=schema, orient="row"), on="form")
    return pl.concat([frame.select("node", "sort", "key") for frame in (keyed, shortened)]).unique()


def _keys(form: str, parts: NameParts) -> Iterator[tuple[str, str]]:
    core, stem = parts.affixes.core(form), parts.affixes.stem(form)
    whole = "".join(core)
    yield "core", whole
    yield "core", "".join(parts.affixes.core(form.translate(_SPELLED_OUT)))
    if parts.is_telling(stem):
        yield "stem", "".join(stem)
    if (arm := parts.arm(core)) is not None and parts.is_telling(base := parts.affixes.stem(" ".join(arm[0]))):
        yield "arm", "".join(base)
    unplaced = parts.unplaced(core)
    if unplaced != core and parts.is_telling(bare := parts.affixes.stem(" ".join(unplaced))):
        yield "unplaced", "".join(bare)
    for words in {core, stem}:  # "Grupo Foo" may be short for "Grupo Foo Barbaz"
        if len(words) == 1:
            yield "alone", words[0]
        elif len(words[0]) >= _SHORTEST_FIRST - form.split()[0].isupper() and parts.is_telling(words[:1]):
            yield "first", words[0]
    for size in range(2, len(core)):
        if parts.is_telling(core[:size]):
            yield "start", "".join(core[:size])
    if (len(core) > 2 or core[0] in parts.plain) and parts.is_telling(core[1:]):  # "Automotriz Foo Bar"
        yield "rest", "".join(core[1:])
    for words in {core, unplaced, arm[0] if arm else core}:
        if parts.is_trade(words):
            for size in range(1, len(words)):
                if parts.is_telling(words[:size]):
                    yield "prefix", "".join(words[:size])
    letters = "".join(word[0] for word in core)
    if len(letters) in _ACRONYM:
        yield "initials", letters
    if form.isupper() and form.isalpha() and len(form) in _ACRONYM:
        yield "acronym", squeezed(form)
    if len(whole) >= _SHORTEST_NEAR and parts.is_telling(core):
        yield "near", whole
        for place in range(1, len(whole)):
            yield "near", whole[:place] + whole[place + 1 :]


def likenesses(
    keyed: pl.DataFrame, about: pl.DataFrame, met: pl.DataFrame, partners: pl.DataFrame, texts: Texts
) -> pl.DataFrame:
    """Pairs of nodes that may be one organisation.

    Args:
        keyed: `node`, `sort`, `key`, as of `keys`.
        about: Of every node `node`, `word` (the first), `org_id` (of listed ones), `identity` (what it shares with its
            spelling variants), `bare` (that without a town in front), `home`, `kinds` (list), and `has_namesakes`:
            articles place its name in several countries.
        met: `node` and `article_id` of every mention.
        partners: `node`, and `partner`, the name of another that takes part in one event with it.
        texts: The words of the articles.

    Returns:
        `left`, `right`, `reason`, `score` (how surely they are one, 0 to 1), `size` (letters that they share); of each
        pair the surest reason.
    """
    pairs = pl.concat([_pairs(keyed, rule) for rule in _RULES])
    left = about.rename({name: f"{name}_left" for name in about.columns if name != "node"})
    described = pairs.join(left, left_on="left", right_on="node").join(about, left_on="right", right_on="node")
    listed = pl.col("org_id").is_not_null().cast(pl.Int8) + pl.col("org_id_left").is_not_null().cast(pl.Int8)
    # What an article calls somebody else is no listed organisation: that was looked up before.
    is_listed = pl.when(pl.col("reason") == "text").then(pl.col("org_id").is_not_null()).otherwise(listed == 2)
    open_pairs = described.filter(~is_listed)
    compared = open_pairs.with_columns(
        base=pl.col("base") + pl.when(listed == 0).then("unlisted").otherwise(0.0),
        told_apart=_shared(open_pairs, met, met, "article_id"),
        partner=_shared(open_pairs, partners, _with_likenesses(partners, open_pairs), "partner"),
    )
    compared = compared.with_columns(partner=_or_named(compared, about, met, partners, texts))
    is_arm = pl.col("of_arms") & pl.col("org_id").is_not_null()
    is_seen = pl.col("told_apart") | pl.col("partner")
    return (
        compared.with_columns(
            score=pl.when(is_arm).then(pl.when(is_seen).then(_ARM).otherwise(0.0)).otherwise(_score())
        )
        .sort("score", "reason", descending=[True, False])
        .unique(["left", "right"], keep="first", maintain_order=True)
        .select("left", "right", "reason", "score", "size")
    )


def _or_named(
    pairs: pl.DataFrame, about: pl.DataFrame, met: pl.DataFrame, partners: pl.DataFrame, texts: Texts
) -> pl.Series:
    """The column `partner`; also true if an article about one of two that nobody listed names one of the other."""
    unlisted = pl.col("org_id").is_null() & pl.col("org_id_left").is_null()
    is_open = unlisted & pl.col("reason").is_in(_WEAK) & ~pl.col("told_apart") & ~pl.col("partner")
    asked = pairs.select("left", "right", is_open=is_open, partner="partner")
    named = pl.concat([asked.filter("is_open")[side].alias("node") for side in ("left", "right")]).unique().to_frame()
    words = about.filter(pl.col("org_id").is_null()).select("word", partner=first_part(pl.col("node")))
    firsts = _by_node(partners.join(named, on="node").join(words.unique(), on="partner"), "word")
    articles = _by_node(met.join(named, on="node"), "article_id")

    def names_one_of(one: str, other: str) -> bool:
        return any(not texts.words(each).isdisjoint(firsts.get(other, ())) for each in articles[one][:_MOST_READ])

    return pl.Series(
        partner or (is_open and (names_one_of(left, right) or names_one_of(right, left)))
        for left, right, is_open, partner in asked.iter_rows()
    ).cast(pl.Boolean())


def _by_node(frame: pl.DataFrame, column: str) -> dict[str, list[str]]:
    return dict(frame.group_by("node").agg(pl.col(column).unique().sort()).iter_rows())


def _pairs(keyed: pl.DataFrame, rule: _Rule) -> pl.DataFrame:
    """`left`, `right`, `size` of the longest key, `reason` and `base` score of the pairs that a rule finds."""
    left, right = (
        keyed.filter(pl.col("sort") == sort).select("key", pl.col("node").alias(side))
        for sort, side in ((rule.left, "left"), (rule.right, "right"))
    )
    sizes = left.group_by("key").len().join(right.group_by("key").len("others"), on="key")
    scarce = sizes.filter(pl.col("len") * pl.col("others") <= _CROWD)
    pairs = left.join(scarce, on="key", how="semi").join(right, on="key").filter(pl.col("left") != pl.col("right"))
    if rule.left == rule.right:
        pairs = pairs.filter(pl.col("left") < pl.col("right"))
    pairs = pairs.group_by("left", "right").agg(size=pl.col("key").str.len_chars().max())
    if rule.reason == "misspelling":
        pairs = _one_letter_apart(pairs, keyed)
    return pairs.with_columns(
        reason=pl.lit(rule.reason),
        base=pl.lit(rule.score),
        unlisted=pl.lit(rule.unlisted),
        of_arms=pl.lit(rule.of_arms),
    )


def _one_letter_apart(pairs: pl.DataFrame, keyed: pl.DataFrame) -> pl.DataFrame:
    cores = keyed.filter(pl.col("sort") == "core").select("node", "key")
    spelled = pairs.join(cores, left_on="left", right_on="node").join(cores, left_on="right", right_on="node")
    apart = [is_one_letter_apart(a, b) for a, b in spelled.select("key", "key_right").iter_rows()]
    return spelled.filter(pl.Series(apart, dtype=pl.Boolean())).select("left", "right", "size").unique()


def is_one_letter_apart(a: str, b: str) -> bool:
    """Whether a letter, not a digit, is added, left out or replaced, or two neighbours are swapped.

    >>> is_one_letter_apart("gotion", "gotoin"), is_one_letter_apart("a123", "a124"), is_one_letter_apart("ab", "cd")
    (True, False, False)
    """
    while a and b and a[0] == b[0]:
        a, b = a[1:], b[1:]
    while a and b and a[-1] == b[-1]:
        a, b = a[:-1], b[:-1]
    one = max(len(a), len(b)) == 1 or (len(a) == 2 and a == b[::-1])
    return one and not any(letter.isdigit() for letter in a + b)


def _with_likenesses(partners: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """The partners, and whoever may be one of them: "Foo" deals with "Bar" as "Foo Energy" does with "Bar Motors"."""
    unlisted = pairs.filter(pl.col("org_id").is_null(), pl.col("org_id_left").is_null())
    names = unlisted.select(first_part(pl.col("left", "right"))).unique()
    both = pl.concat([names, names.select(left="right", right="left")]).unique()
    few = both.filter(pl.col("left") != pl.col("right")).filter(pl.len().over("left") <= _FEW)
    asked = partners.join(unlisted.select(node="right").unique(), on="node", how="semi")
    others = asked.join(few, left_on="partner", right_on="left").select("node", partner="right")
    return pl.concat([partners.select("node", "partner"), others]).unique()


def _shared(pairs: pl.DataFrame, of_left: pl.DataFrame, of_right: pl.DataFrame, what: str) -> pl.Series:
    """Whether both of a pair have one and the same partner, or article; each frame has those of its side by `node`."""
    common = (
        pairs.select("left", "right")
        .join(of_left.select(what, left="node"), on="left")
        .join(of_right.select(what, right="node"), on=["right", what])
        .select("left", "right")
        .unique()
        .with_columns(found=True)
    )
    return pairs.join(common, on=["left", "right"], how="left", maintain_order="left")["found"].fill_null(False)


def _score() -> pl.Expr:
    """How surely two are one: the likeness of their names, and what the articles say for and against.

    For a weak likeness speak an organisation that both deal with, or two that are alike, one home country, one trade;
    against it, another trade, unless both deal with the same one: trades are often misread. The score is none if an
    article names both as two, and half if the shorter name may as well be that of others. Two of different countries
    are different, unless one is the arm of the other there. Of one name told with several countries, only a common
    partner says that they are one.
    """
    trades = pl.col("kinds").list.set_intersection("kinds_left").list.len() > 0
    other_trade = ~trades & (pl.col("kinds").list.len() > 0) & (pl.col("kinds_left").list.len() > 0)
    same_home = pl.col("home").eq(pl.col("home_left")).fill_null(False)
    other_home = pl.col("home").ne(pl.col("home_left")).fill_null(False)
    support = (
        pl.col("partner").cast(pl.Float64) * _PARTNER
        + same_home.cast(pl.Float64) * _HOME
        + (trades.cast(pl.Float64) - (other_trade & ~pl.col("partner")).cast(pl.Float64)) * _KIND
    )
    # Two with other towns in front may be two; the same with and without a town is one.
    longer = pl.when(pl.col("reason") == "place").then("identity_left").otherwise("bare_left")
    weak = pl.col("reason").is_in(_WEAK)
    namesakes = pl.col("has_namesakes") & pl.col("home").ne_missing(pl.col("home_left"))
    alike = pl.when(weak).then((pl.col("base") + support).clip(upper_bound=_WEAKLY)).otherwise("base")
    # "Foo Bus" and "Foo Bus Sales" are no rivals for "Foo": they are short for one another.
    shortest = longer.sort_by(longer.str.len_chars(), longer).first().over("right", "reason")
    longer = pl.when(longer.str.starts_with(shortest)).then(shortest).otherwise(longer)
    likeliest = alike == alike.max().over("right", "reason")
    rivals = pl.when(likeliest).then(longer).drop_nulls().n_unique().over("right", "reason")
    crowded = longer.n_unique().over("right", "reason") > 1
    several = crowded & ~(likeliest & (rivals == 1)) & pl.col("reason").is_in(_ONE_TO_ONE)
    likely = alike * pl.when(several).then(0.5).otherwise(1.0)
    return (
        pl.when((pl.col("reason") == "legal_form") & namesakes)
        .then(pl.when("partner").then(SURE).otherwise(DOUBTFUL))
        .when(other_home & (pl.col("reason") != "arm"))
        .then(0.0)
        .when(weak & pl.col("told_apart"))
        .then(_TOLD_APART)
        .otherwise(likely)
        .clip(0.0, 1.0)
        .round(2)
    )
