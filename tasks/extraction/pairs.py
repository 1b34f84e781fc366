"""Two companies in one sentence: whether it tells a deal between them, by what it was trained on.

Frames say what they know exactly; sentences have more ways to tell a deal than anybody lists. A linear model, trained
on labelled texts (`training/`), judges each pair of names by the words on the path between them in the parse (as
Bunescu and Mooney 2005 have it), the words between, beside and above them, what they are, and whether a frame tells of
a deal between them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from tasks.extraction.drafted import Draft, Half
from tasks.extraction.entities import Entity
from tasks.extraction.frames import Lexicon
from tasks.extraction.parties import Party, Reader
from tasks.extraction.status import cue_status, decide
from tasks.extraction.tokens import Token
from tasks.extraction.view import STAND_IN

DEAL: Final = "deal"
"""Label of a pair between which a deal is told. Other labels of the model: kinds and statuses of partnerships."""

SURE: Final = 0.47
"""Probability from which a pair is taken for the parties of a deal."""

KEPT: Final = 0.35
"""Probability below which a deal that a frame tells is not believed."""

SURE_OF_KIND: Final = 0.6
"""Probability from which the models outvote what a frame says of a deal's kind, or takes its status to be."""

JOINS: Final = 0.4
"""Probability that a party must reach with one of several who have a deal together, to be one of them."""
JOINS_EACH: Final = 0.15
"""Probability that he must reach with each of them: two suppliers of one customer are hardly likely to be partners."""
JOINS_ANY: Final = 0.2
"""Probability that two of several must reach, wherever the article tells it best, to be in one deal."""
MAY_BE_UNLIKELY: Final = 0.25
"""Share of the others with whom he need not reach it: in a long list models err about somebody."""

_CLASSES: Final = {"government": "state", "association": "state", "materials": "supplier"}
_LONGEST_PATH: Final = 8
_LONGEST_GAP: Final = 14
_SHORT_GAP: Final = 5
_BESIDE: Final = 3
_ABOVE: Final = 3
_MOST_COMPANIES: Final = 6
_MODIFIERS: Final = {"neg", "aux", "prep", "prt", "dobj", "advmod"}
_CONTENT: Final = {"NOUN", "VERB", "ADJ"}


@dataclass(frozen=True)
class Pair:
    """Two who are named, or spoken of, in one sentence.

    Attributes:
        left: Who stands first.
        right: Who stands last.
        left_at: Word that stands for the first, the nearest to the other.
        right_at: Word that stands for the last; the same word where one stands for both ("the pair").
        names: Positions of all words of the sentence that stand for somebody.
        count: How many are named in the sentence.
    """

    left: Entity
    right: Entity
    left_at: Token
    right_at: Token
    names: frozenset[int]
    count: int

    @property
    def top(self) -> Token:
        """The lowest word that both hang on."""
        above = {self.left_at.i, *(t.i for t in self.left_at.ancestors)}
        return next((t for t in (self.right_at, *self.right_at.ancestors) if t.i in above), self.left_at)


def pairs_in(reader: Reader) -> Iterator[Pair]:
    """Every two who may be parties of a deal and are not of one house, in the order of their numbers."""
    places: dict[int, list[Token]] = {}
    who: dict[int, Entity] = {}
    for token, entities in reader.present():
        for entity in entities:
            if entity.kind != "group" and not entity.observer:
                who[entity.id] = entity
                places.setdefault(entity.id, []).append(token)
    names = frozenset(token.i for tokens in places.values() for token in tokens)
    for one, other in combinations(sorted(places), 2):
        if who[one].is_of_house_of(who[other]):
            continue
        apart = [(a, b) for a in places[one] for b in places[other] if a != b]
        a, b = min(apart, key=lambda ab: (abs(ab[0].i - ab[1].i), ab[0].i)) if apart else (places[one][0],) * 2
        first, last = (one, other) if a.i <= b.i else (other, one)
        left, right = sorted((a, b), key=lambda t: t.i)
        yield Pair(who[first], who[last], left, right, names, len(places))


def signs(pair: Pair, framed: Draft | None, halves: Sequence[Half] = ()) -> list[str]:
    """What a sentence shows of a pair, as named signs for a linear model; sorted, each once.

    Args:
        pair: The pair.
        framed: What a frame tells of the two, anywhere in the article.
        halves: Frames that lack something in their sentence.
    """
    a, b, doc = pair.left_at, pair.right_at, pair.left_at.doc
    word = Words(pair.names)
    found = {f"who={class_of(pair.left)}-{class_of(pair.right)}", f"named={min(pair.count, _MOST_COMPANIES)}"}
    found |= set(_at("left", a, word)) | set(_at("right", b, word))
    between = doc[a.i + 1 : b.i]
    found.add("both" if a == b else f"gap={min(len(between) // 4, 6)}")
    found |= set(_between([word(t) for t in between if not t.is_punct]))
    found |= set(_on_path(pair, word))
    found |= {f"says={word(t)}" for t in doc if t.pos_ in _CONTENT and t.i not in pair.names}
    found |= {f"before={word(t)}" for t in doc[max(0, a.i - _BESIDE) : a.i]}
    found |= {f"behind={word(t)}" for t in doc[b.i + 1 : b.i + 1 + _BESIDE]}
    if framed is not None:
        found |= {"framed", f"frame kind={framed.kind}", f"frame status={framed.status}"}
        found |= {f"frame={' '.join(framed.frame.trigger)}", f"frame status={framed.status}, {framed.frame.done}"}
    found |= set(of_halves(halves, {"left": pair.left.id, "right": pair.right.id}))
    return sorted(found)


def status_signs(pair: Pair, shown: Sequence[str], lexicon: Lexicon) -> list[str]:
    """The signs by which the status of a deal is judged: those of the pair, what the rules say, where cues stand."""
    above = {pair.top.i, *(t.i for t in pair.top.ancestors)}
    found = {*shown, f"rule={decide(pair.top, 'active', 'partnership', lexicon)}", f"tense={pair.top.tag_}"}
    for token in pair.top.doc:
        status = cue_status(token, lexicon.status_cues)
        if status is not None:
            found |= {f"cue={status}", f"cue {'above' if token.i in above else 'beside'}={status}"}
    return sorted(found)


def of_halves(halves: Iterable[Half], parties: Mapping[str, Party]) -> Iterator[str]:
    """Signs of the frames that lack something: their kinds, and which roles parties fill, by what these are called."""
    for half in halves:
        told = half.frame.kind or half.frame.type
        yield f"half={told}"
        for name, party in parties.items():
            if party in half.roles:
                yield f"half of {name}={told}"
                yield f"half of {name}={told} as {half.roles[party]}"
                yield f"half of {name}={' '.join(half.frame.trigger)}"


class Words:
    """Words as signs have them: lemmas, with names, nationalities and numbers made alike.

    Args:
        names: Positions of the words that stand for somebody.
        is_nation: Whether a word is an adjective of nationality that is to be made alike.
    """

    def __init__(self, names: frozenset[int], is_nation: Callable[[Token], bool] = lambda _: False) -> None:
        self._names = names
        self._is_nation = is_nation

    def __call__(self, token: Token) -> str:
        """The word as signs have it."""
        if token.i in self._names:
            return "ORG"
        if self._is_nation(token):
            return "NATION"
        if token.like_num:
            return "NUM"
        return "NAME" if token.pos_ == "PROPN" else token.lemma_.lower()


def class_of(entity: Entity) -> str:
    """What somebody is, as signs have it: some kinds of organisations are alike."""
    return _CLASSES.get(entity.kind, entity.kind)


def _at(side: str, token: Token, word: Words) -> Iterator[str]:
    head = token.head
    yield f"{side}.dep={token.dep_}"
    if head.pos_ == "ADP":
        yield f"{side}.prep={head.lower_}"
        yield f"{side}.prep={head.lower_}<{word(head.head)}"
    else:
        yield f"{side}.head={token.dep_}<{word(head)}"
    if token.text != STAND_IN:
        yield f"{side}.form={'pronoun' if token.pos_ in {'PRON', 'DET'} else 'phrase'}"


def _between(words: Sequence[str]) -> Iterator[str]:
    if len(words) > _LONGEST_GAP:
        return
    yield from (f"between={w}" for w in words)
    yield from (f"between={w} {x}" for w, x in zip(["<", *words], [*words, ">"], strict=True))
    if len(words) <= _SHORT_GAP:
        yield f"all between={' '.join(words)}"


def _on_path(pair: Pair, word: Words) -> Iterator[str]:
    top = pair.top
    up, down = _below(pair.left_at, top), _below(pair.right_at, top)
    if len(up) + len(down) <= _LONGEST_PATH:
        yield f"path={'^'.join(t.dep_ for t in up)}|{'^'.join(t.dep_ for t in down)}"
        yield f"path={'^'.join(map(word, up[1:]))}|{word(top)}|{'^'.join(map(word, down[1:]))}"
    yield f"path length={min(len(up) + len(down), _LONGEST_PATH)}"
    yield from (f"path={t.pos_}:{word(t)}" for t in (*up[1:], top, *down[1:]))
    yield f"top={word(top)}"
    for child in top.children:
        if child.dep_ in _MODIFIERS and child.i not in pair.names:
            yield f"top={word(top)}.{child.dep_}={word(child)}"
        if child.dep_ in {"neg", "mark"}:
            yield f"top.{child.dep_}={child.lower_}"
    above = list(top.ancestors)[:_ABOVE]
    yield from (f"above={word(t)}" for t in above)


def _below(token: Token, top: Token) -> list[Token]:
    """A word and what it hangs on, up to below another."""
    chain = []
    while token != top:
        chain.append(token)
        token = token.head
    return chain
