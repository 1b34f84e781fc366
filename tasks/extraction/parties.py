"""Who fills the positions of a frame: names, descriptions, groups ("the three"), and whom a passage is about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from spacy.tokens import Token

from tasks.extraction.dates import FoundDate
from tasks.extraction.entities import Entities, Entity
from tasks.extraction.frames import Match
from tasks.extraction.places import FoundPlace
from tasks.extraction.quantities import Figure
from tasks.extraction.syntax import clause_of
from tasks.extraction.view import STAND_IN, Sentence

Party = int | str
"""Who takes part: the number of an entity, or the ISO code of a country that is named by an adjective or as a place."""

_BY_COUNTRY: Final = {"trade_policy", "market"}
_STATES: Final = {"government", "association"}
_STATES_ACT: Final = {"trade_policy", "market"}
_OWN_THING: Final = {"facility", "production", "product", "market", "investment", "trade_policy"}
"""Events that have an owner even where their sentence does not name it: a plant, a model, its sales."""

_NUMBERS: Final = {"two": 2, "both": 2, "pair": 2, "duo": 2, "three": 3, "trio": 3, "four": 4, "five": 5}
_TOGETHER: Final = {
    "side", "party", "partner", "company", "firm", "group", "carmaker", "automaker", "manufacturer", "maker", "business",
    "one", "brand", "they", "we",
}  # fmt: skip
_DEFINITE: Final = {"the", "this", "that", "these", "those", "its", "their", "his", "both", "all", "such"}
_TOTALS: Final = {"global", "worldwide", "world", "total", "overall", "national", "domestic"}


@dataclass(frozen=True)
class Understood:
    """An article as it was understood word by word.

    Attributes:
        text: The article.
        sentences: Its parsed sentences.
        entities: Who is named.
        figures: What is measured.
        dates: When.
        places: Where.
        published: Day of publication, or None.
        demonyms: ISO code by adjective of nationality, in lower case.
        mentions: Entities by the offset at which a mention of them begins.
    """

    text: str
    sentences: Sequence[Sentence]
    entities: Entities
    figures: Sequence[Figure]
    dates: Sequence[FoundDate]
    places: Sequence[FoundPlace]
    published: date | None
    demonyms: Mapping[str, str]
    mentions: Mapping[int, tuple[Entity, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Filled:
    """The roles of a frame as a sentence fills them.

    Attributes:
        roles: Role by party.
        positions: Positions that a party was found in.
        inferred: Whether a party comes from outside the sentence's own grammar.
    """

    roles: dict[Party, str]
    positions: frozenset[str]
    inferred: bool = False


class Reader:
    """Looks up who and what stands at the words of a sentence.

    Args:
        article: The article.
        number: Number of the sentence.
        partnerships: Parties of the partnerships told so far, the latest last.
    """

    def __init__(self, article: Understood, number: int, partnerships: Sequence[frozenset[Party]] = ()) -> None:
        self._article = article
        self._number = number
        self._sentence = article.sentences[number]
        self._partnerships = partnerships
        self.text = article.text[self._sentence.start : self._sentence.end]
        self._figures = [f for f in article.figures if self._sentence.start <= f.start and f.end <= self._sentence.end]

    def entities_at(self, token: Token, *, by_place: bool = False) -> list[Entity]:
        """Entities that a word stands for; places and makers in product names do not act."""
        start, end = self._sentence.span(token)
        found = []
        for entity in self._article.mentions.get(start, ()):
            mention = next(m for m in entity.mentions if m.start == start)
            if mention.end >= end and not entity.observer and (by_place or not mention.locative):
                found.append(entity)
        found = found or self._ending_at(end, by_place)
        if not found or all(e.kind == "group" for e in found):
            return self._group(token) or found
        return found

    def _ending_at(self, end: int, by_place: bool) -> list[Entity]:
        return [
            e
            for e in self._article.entities
            if not e.observer
            for m in e.mentions
            if m.end == end and m.form != "name" and (by_place or not m.locative)
        ]

    def _group(self, token: Token) -> list[Entity]:
        """The companies that "the three", "both sides" or "the partners" stand for: those of the latest partnership."""
        size = self._group_size(token)
        if size is None:
            return []
        gathered: dict[Party, None] = {}
        for parties in reversed(self._partnerships):
            gathered |= dict.fromkeys(sorted(p for p in parties if isinstance(p, int)))
            if size in (0, len(gathered)):
                break
        if size and len(gathered) != size:
            gathered = dict.fromkeys(self._latest(size))
        return [self._article.entities[p] for p in gathered if isinstance(p, int)]

    @staticmethod
    def _group_size(token: Token) -> int | None:
        """How many a word stands for together; 0 for a plural without number; None if it is no such word."""
        if token.lower_ in _NUMBERS and token.pos_ in {"NUM", "PRON", "DET", "NOUN"}:
            return _NUMBERS[token.lower_]
        before = {c.lower_ for c in token.children if c.i < token.i}
        if token.lemma_.lower() not in _TOGETHER and "joint" not in before:
            stands_in = token.text == STAND_IN and before & {"the", "both"}
            if not stands_in:
                return None
        number = next((n for word, n in _NUMBERS.items() if word in before), None)
        if number is not None and before & {"the", "both", "these"}:
            return number
        plural = token.tag_ in {"NNS", "NNPS"} and token.lemma_.lower() in {"side", "partner", "party", "company"}
        return 0 if plural and before <= {"the", "both", "these"} and before else None

    def _latest(self, size: int) -> list[int]:
        """The latest so many companies that were named in one sentence, this one's beginning included."""
        for number in range(self._number, max(-1, self._number - 4), -1):
            sentence = self._article.sentences[number]
            named = [
                e.id
                for e in self._article.entities
                if e.acts and e.kind not in {"government", "group"} and not e.joint_venture
                if any(m.form == "name" and not m.locative and sentence.start <= m.start < sentence.end for m in e.mentions)
            ]
            if len(named) == size:
                return named
        return []

    def figure_at(self, token: Token) -> Figure | None:
        """The figure that a word is part of."""
        start, end = self._sentence.span(token)
        return next((f for f in self._figures if f.start <= start and end <= f.end), None)

    def is_date(self, token: Token) -> bool:
        """Whether a word is part of a date."""
        start = self._sentence.span(token)[0]
        return any(d.start <= start < d.end for d in self._article.dates)

    def figures(self) -> list[Figure]:
        """Figures of the sentence that are reported."""
        return [f for f in self._figures if not (f.comparison or f.conversion)]

    def is_concrete(self) -> bool:
        """Whether the sentence says how much, when or where."""
        found = (*self.figures(), *self._article.dates, *self._article.places)
        return any(self._sentence.start <= f.start < self._sentence.end for f in found)

    def written(self, first: Token, last: Token) -> str:
        """The words of the article from one to another."""
        return self._article.text[self._sentence.span(first)[0] : self._sentence.span(last)[1]]

    def fill(self, match: Match) -> Filled:
        """Who fills the roles of a frame; a party keeps the first role it is found in."""
        found: dict[Party, str] = {}
        positions: set[str] = set()
        for position, role in match.frame.roles:
            if "?" in position and role in found.values():
                continue
            place = position.replace("?", "")
            for token in match.slots.get(place, ()):
                for party in self._fill(token, match.frame.type, place, role):
                    found.setdefault(party, role)
                    positions.add(place)
        if match.frame.type == "trade_policy":
            self._add_affected(match, found)
        if not found and match.frame.type in _OWN_THING and (topic := self._topic(match)) is not None:
            return Filled({topic: match.frame.roles[0][1]}, frozenset({match.frame.roles[0][0]}), inferred=True)
        return Filled(found, frozenset(positions))

    def _fill(self, token: Token, event_type: str, position: str, role: str) -> Iterator[Party]:
        by_country = event_type in _BY_COUNTRY
        entities = self.entities_at(token, by_place=by_country)
        for entity in entities:
            state_acts = event_type in _STATES_ACT or role == "host"
            if entity.kind not in _STATES or state_acts or (position == "subject" and event_type == "partnership"):
                yield entity.id
        if not entities:
            for child in token.children:
                if child.dep_ == "appos":
                    yield from (entity.id for entity in self.entities_at(child))
            if by_country and (code := self._article.demonyms.get(token.lower_)):
                yield code

    def _topic(self, match: Match) -> Party | None:
        """Whose thing it is that a sentence tells of without naming anybody: whom the passage before is about."""
        named = [t for position, _ in match.frame.roles for t in match.slots.get(position.replace("?", ""), ())]
        if any(not self._is_thing_spoken_of(t) for t in named):
            return None
        if match.frame.type == "market" and any(
            c.lower_ in _TOTALS or c.lower_ in self._article.demonyms for c in match.trigger.children
        ):
            return None
        states = match.frame.type in _BY_COUNTRY
        paragraph = self._article.text.rfind("\n\n", 0, self._sentence.start)
        for number in range(self._number, max(-1, self._number - 4), -1):
            sentence = self._article.sentences[number]
            if sentence.start < paragraph:
                break
            until = self._sentence.span(match.trigger)[0] if number == self._number else sentence.end
            if (first := self._first_in(sentence.start, until, states)) is not None:
                return first
        return self._chief(states)

    def _is_thing_spoken_of(self, token: Token) -> bool:
        """Whether a word takes up a thing known to the reader ("the plant", "it"), rather than bringing in another."""
        if token.pos_ == "PROPN":
            return token.text != STAND_IN
        if token.pos_ in {"PRON", "DET"}:
            return token.lower_ not in {"he", "she", "i", "you", "who", "everyone", "nobody", "one"}
        if token.pos_ in {"ADJ", "NUM", "VERB", "ADV"} or token.dep_ in {"compound", "nmod", "amod"}:
            return True
        determiners = {c.lower_ for c in token.children if c.dep_ in {"det", "poss"}}
        return bool(determiners & _DEFINITE) or token.pos_ == "NOUN" and not determiners

    def _first_in(self, start: int, end: int, states: bool) -> int | None:
        inside = [
            (m.start, e.id)
            for e in self._article.entities
            if self._may_be_topic(e, states)
            for m in e.mentions
            if start <= m.start < end and (states or not m.locative)
        ]
        return min(inside)[1] if inside else None

    def _chief(self, states: bool) -> int | None:
        """Whom an article speaks of most, up to here."""
        counts = [
            (-sum(m.start < self._sentence.end and (states or not m.locative) for m in e.mentions), e.id)
            for e in self._article.entities
            if self._may_be_topic(e, states)
        ]
        best = min(counts, default=(0, 0))
        return best[1] if best[0] <= -2 else None

    @staticmethod
    def _may_be_topic(entity: Entity, states: bool) -> bool:
        if entity.kind == "government":
            return states
        return entity.acts and entity.kind not in _STATES and entity.kind != "group"

    def _add_affected(self, match: Match, found: dict[Party, str]) -> None:
        """Whose goods a measure is on: nationalities and countries of origin in its clause."""
        for token in clause_of(match.trigger):
            code = self._article.demonyms.get(token.lower_)
            if code and token.dep_ in {"amod", "compound", "nmod"} and not self._is(code, found):
                found[code] = "affected"
            origin = token.dep_ == "pobj" and token.head.lower_ in {"from", "against", "into"}
            if origin:
                for entity in self.entities_at(token, by_place=True):
                    if entity.kind == "government":
                        found.setdefault(entity.id, "affected")

    def _is(self, code: str, found: Iterable[Party]) -> bool:
        return any(
            self._article.entities[p].country == code and self._article.entities[p].kind == "government"
            for p in found
            if isinstance(p, int)
        )
