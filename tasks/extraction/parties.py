"""Who fills the positions of a frame: names, descriptions, groups ("the three"), and whom a passage is about."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import takewhile
from typing import Final

from tasks.extraction.dates import FoundDate
from tasks.extraction.entities import Entities, Entity, Mention
from tasks.extraction.frames import Frame, Match
from tasks.extraction.places import FoundPlace
from tasks.extraction.quantities import Figure
from tasks.extraction.syntax import clause_of, conjuncts, instances, is_passive, slots, surface_subject
from tasks.extraction.tokens import Token
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
    "side", "party", "partner", "company", "firm", "group", "carmaker", "automaker", "manufacturer", "maker",
    "business", "one", "brand", "they", "we",
}  # fmt: skip
_SITES: Final = {"plant", "factory", "gigafactory"}
_PRONOUNS: Final = {"it", "its", "they", "their"}
_PARTS: Final = {"arm", "unit", "subsidiary", "division", "branch", "affiliate", "offshoot", "business"}
_DEFINITE: Final = {"the", "this", "that", "these", "those", "its", "their", "his", "both", "all", "such"}
_VENTURES: Final = [["venture"], ["jv"]]
_JOINT_COMPANIES: Final = [["joint", noun] for noun in ("company", "firm", "subsidiary", "business")]
_OF_VENTURES: Final = {"venture", "jv", "joint"}
_FOUNDED: Final = {"found", "form", "create", "establish"}
_OWNED: Final = {"belong", "own", "hold", "control", "share"}
_NAMED: Final = {"called", "named", "dubbed"}
_WORDS_BEFORE: Final = 7
_WORDS_BEHIND: Final = 8
"""Words before and behind a name among which others may say that it is that of a venture."""
_TOTALS: Final = {"global", "worldwide", "world", "total", "overall", "national", "domestic"}


@dataclass(frozen=True)
class Standing:
    """Whom the words of a sentence stand for, whatever is told before; all by the position of a word.

    Attributes:
        acting: Entities that are named, described or meant by a pronoun, where they are no mere places.
        anywhere: The same where they are.
        parts: Of a part of an organisation the words that say of which: of "the Chinese arm of Volkswagen" the last.
        sizes: How many a word stands for together; 0 for a plural without number.
        open: Positions of all words that may stand for somebody.
    """

    acting: Mapping[int, list[Entity]]
    anywhere: Mapping[int, list[Entity]]
    parts: Mapping[int, list[Token]]
    sizes: Mapping[int, int]
    open: frozenset[int]


def standing_in(sentences: Iterable[Sentence], entities: Entities) -> list[Standing]:
    """Whom the words of each sentence stand for."""
    beginning: dict[int, list[tuple[Entity, Mention]]] = defaultdict(list)
    ending: dict[int, list[tuple[Entity, Mention]]] = defaultdict(list)
    for entity in entities:
        first: dict[int, Mention] = {}
        for mention in entity.mentions:
            beginning[mention.start].append((entity, first.setdefault(mention.start, mention)))
            ending[mention.end].append((entity, mention))
    return [_standing(sentence, beginning, ending) for sentence in sentences]


def _standing(
    sentence: Sentence,
    beginning: Mapping[int, Sequence[tuple[Entity, Mention]]],
    ending: Mapping[int, Sequence[tuple[Entity, Mention]]],
) -> Standing:
    """Whom words stand for, by the entities that are spoken of from a character on, and up to one."""
    acting: dict[int, list[Entity]] = {}
    anywhere: dict[int, list[Entity]] = {}
    parts: dict[int, list[Token]] = {}
    sizes: dict[int, int] = {}
    pronouns: set[int] = set()
    for token, start, end in zip(sentence.doc, sentence.starts, sentence.ends, strict=True):
        named = [(e, m) for e, m in beginning.get(start, ()) if m.end >= end and not e.observer]
        others = [(e, m) for e, m in ending.get(end, ()) if m.form != "name" and not e.observer]
        if named or others:
            anywhere[token.i] = [e for e, _ in named or others]
            acting[token.i] = [e for e, m in named if not m.locative] or [e for e, m in others if not m.locative]
        if token.lemma_.lower() in _PARTS:
            whole = [t for c in token.children if c.lower_ == "of" for t in c.children if t.dep_ == "pobj"]
            if whole:
                parts[token.i] = whole
        size = _group_size(token)
        if size is not None:
            sizes[token.i] = size
        if token.lower_ in _PRONOUNS:
            pronouns.add(token.i)
    return Standing(acting, anywhere, parts, sizes, frozenset(pronouns.union(anywhere, parts, sizes)))


def _group_size(token: Token) -> int | None:
    """How many a word stands for together; 0 for a plural without number; None if it is no such word."""
    if token.lower_ in _NUMBERS and token.pos_ in {"NUM", "PRON", "DET", "NOUN"}:
        return _NUMBERS[token.lower_]
    if token.lower_ in {"they", "both"}:
        return 0
    before = {c.lower_ for c in token.lefts}
    if not before:
        return None
    if token.lemma_.lower() not in _TOGETHER and "joint" not in before:
        stands_in = token.text == STAND_IN and before & {"the", "both"}
        if not stands_in:
            return None
    number = next((n for word, n in _NUMBERS.items() if word in before), None)
    if number is not None and before & {"the", "both", "these"}:
        return number
    plural = token.tag_ in {"NNS", "NNPS"} and token.lemma_.lower() in {"side", "partner", "party", "company"}
    return 0 if plural and before <= {"the", "both", "these"} and before else None


@dataclass(frozen=True)
class Understood:
    """An article as it was understood word by word.

    Attributes:
        title: Its headline, or nothing.
        text: The article.
        sentences: Its parsed sentences.
        entities: Who is named.
        standing: For each sentence, whom its words stand for.
        figures: What is measured.
        dates: When.
        places: Where.
        published: Day of publication, or None.
        demonyms: ISO code by adjective of nationality, in lower case.
        organization_nouns: Lemmas of nouns that mean an organisation: "automaker", "supplier".
        office_words: Words of offices that speak for an organisation: "executive", "CEO".
    """

    title: str
    text: str
    sentences: Sequence[Sentence]
    entities: Entities
    standing: Sequence[Standing]
    figures: Sequence[Figure]
    dates: Sequence[FoundDate]
    places: Sequence[FoundPlace]
    published: date | None
    demonyms: Mapping[str, str]
    organization_nouns: frozenset[str] = frozenset()
    office_words: frozenset[str] = frozenset()

    def written(self, number: int) -> str:
        """A sentence as the article has it."""
        sentence = self.sentences[number]
        return self.text[sentence.start : sentence.end]

    @cached_property
    def _spoken(self) -> dict[str, list[tuple[int, int]]]:
        return {}

    def spoken(self, event_type: str) -> Sequence[tuple[int, int]]:
        """Offset and entity of all that speaks of whom an event of a type may be about, in the order of the text."""
        if event_type not in self._spoken:
            by_place = event_type in _BY_COUNTRY
            able = [entity for entity in self.entities if _may_be_topic(entity, event_type)]
            self._spoken[event_type] = sorted(
                (m.start, e.id) for e in able for m in e.mentions if by_place or not m.locative
            )
        return self._spoken[event_type]

    @cached_property
    def _founders(self) -> Mapping[int, set[int]]:
        """Who founded somebody or owns him together with others, as any sentence of the article or his name says it."""
        found: dict[int, set[int]] = defaultdict(set)
        for entity in self.entities:
            if len(named := self.entities.named_in(entity)) > 1:
                found[entity.id] |= named
        for number in range(len(self.sentences)):
            for one, founders in Reader(self, number).founders():
                found[one] |= founders
        return found

    def is_founded_by_any(self, one: int, parties: Collection[Party]) -> bool:
        """Whether the article says that one of some founded somebody, or owns him together with others."""
        return not self._founders.get(one, set()).isdisjoint(parties)


def _is_venture_noun(noun: Token) -> bool:
    """Whether a word means a joint venture."""
    joint = any(child.lower_ in {"joint", "common"} for child in noun.children if child.dep_ == "amod")
    return [noun.lower_] in _VENTURES or (joint and ["joint", noun.lower_] in _JOINT_COMPANIES)


def _founds(verb: Token) -> bool:
    """Whether a verb says that a company is founded; the lemmatiser takes "to found" for a form of "find"."""
    beside = {child.lower_ for child in verb.children if child.dep_ in {"aux", "prt"}}
    sets_up = verb.lemma_ == "set" and "up" in beside
    return sets_up or verb.lemma_ in _FOUNDED or (verb.lower_ == "found" and "to" in beside)


def _is_of_owner(verb: Token) -> bool:
    """Whether the subject of a verb is what is owned: "belongs to", "is owned by"."""
    return verb.lemma_ == "belong" or is_passive(verb)


def _may_be_topic(entity: Entity, event_type: str) -> bool:
    """Whether an event of a type may be about somebody."""
    if entity.kind == "government":
        return event_type in _BY_COUNTRY
    if event_type == "trade_policy":
        return False
    return entity.acts and entity.kind not in _STATES and entity.kind != "group"


def _may_be_inferred(frame: Frame) -> bool:
    """Whether the passage may tell whose thing it is; a measure must be named for a government to be behind it."""
    return frame.type in _OWN_THING and (frame.type != "trade_policy" or frame.object == "policy")


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
        self.number = number
        self._sentence = article.sentences[number]
        self._standing = article.standing[number]
        self._partnerships = partnerships
        self.text = article.written(number)
        self._figures = [f for f in article.figures if self._sentence.start <= f.start and f.end <= self._sentence.end]
        self._found: dict[tuple[int, bool], list[Entity]] = {}

    def entities_at(self, token: Token, *, by_place: bool = False) -> list[Entity]:
        """Entities that a word stands for; places and makers in product names do not act.

        A part of an organisation stands for it: "the Chinese arm of Volkswagen".
        """
        if token.i not in self._standing.open:
            return []
        key = (token.i, by_place)
        if key not in self._found:
            self._found[key] = self._entities_at(token, by_place)
        return self._found[key]

    def _entities_at(self, token: Token, by_place: bool) -> list[Entity]:
        standing = self._standing
        if token.i in standing.parts:
            return [entity for part in standing.parts[token.i] for entity in self.entities_at(part)]
        found = (standing.anywhere if by_place else standing.acting).get(token.i, [])
        if not found and token.lower_ in _PRONOUNS:
            found = self._speaker(token)
        if token.i in standing.sizes and all(e.kind == "group" for e in found):
            return self._group(token, standing.sizes[token.i]) or found
        return found

    def present(self) -> Iterator[tuple[Token, list[Entity]]]:
        """The words that stand for somebody, with whom."""
        for position in sorted(self._standing.open):
            token = self.words[position]
            if entities := self.entities_at(token):
                yield token, entities

    def _speaker(self, pronoun: Token) -> list[Entity]:
        """Whom a pronoun stands for within what somebody says: of "Ford denied that it", Ford."""
        clause = next((t for t in pronoun.ancestors if t.dep_ == "ccomp"), None)
        if clause is None:
            return []
        subjects = [t for t in surface_subject(clause.head) if t.pos_ != "PRON"]
        return [e for t in subjects for each in conjuncts(t) for e in self.entities_at(each)]

    def _group(self, token: Token, size: int) -> list[Entity]:
        """The companies that "the three", "both sides" or "the partners" stand for: those of the latest partnership."""
        gathered: dict[Party, None] = {}
        for parties in reversed(self._partnerships):
            gathered |= dict.fromkeys(sorted(p for p in parties if isinstance(p, int)))
            if size in (0, len(gathered)):
                break
        if size and len(gathered) != size:
            gathered = dict.fromkeys(self._latest(size))
        if not gathered:
            gathered = dict.fromkeys(self._coordinated_before(token))
        return [self._article.entities[p] for p in gathered if isinstance(p, int)]

    def _coordinated_before(self, token: Token) -> list[int]:
        """The companies that a sentence names together before a word: "Ford and SK On said they"."""
        for first in token.doc[: token.i]:
            together = [first, *first.conjuncts] if first.dep_ in {"nsubj", "nsubjpass"} else []
            named = [e.id for t in together if t.text == STAND_IN for e in self.entities_at(t)]
            if len(named) > 1:
                return named
        return []

    def _latest(self, size: int) -> list[int]:
        """The latest so many companies that were named in one sentence, this one's beginning included."""
        for number in range(self.number, max(-1, self.number - 4), -1):
            sentence = self._article.sentences[number]
            named = [
                e.id
                for e in self._article.entities
                if e.acts and e.kind not in {"government", "group"} and not e.joint_venture
                if any(
                    m.form == "name" and not m.locative and sentence.start <= m.start < sentence.end for m in e.mentions
                )
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

    @property
    def words(self) -> Sequence[Token]:
        """The words of the sentence."""
        return self._sentence.doc

    def entity(self, party: int) -> Entity:
        """Who takes part, by number."""
        return self._article.entities[party]

    def nation_at(self, token: Token) -> str | None:
        """The country that an adjective of nationality names."""
        return self._article.demonyms.get(token.lower_)

    def carried(self) -> int | None:
        """Whom the passage is about where the sentence names no company: the first of the nearest sentence before."""
        for number in range(self.number - 1, max(-1, self.number - 4), -1):
            sentence = self._article.sentences[number]
            if (first := self._first_in(sentence.start, sentence.end, "facility")) is not None:
                return first
        return self._chief("facility")

    def topics(self) -> dict[int, str]:
        """Who may be meant though the sentence does not name him: whom the passage and the article are about.

        Whoever else the sentence before names may be meant too; told is which of these it is.
        """
        passage, article = self.carried(), self._chief("facility")
        found = dict.fromkeys(self._named_before(), "before")
        found |= {party: how for party, how in ((article, "article"), (passage, "passage")) if party is not None}
        if passage is not None and passage == article:
            found[passage] = "passage and article"
        named = {e.id for _, entities in self.present() for e in entities}
        return {party: how for party, how in found.items() if party not in named}

    def _named_before(self) -> list[int]:
        """The companies that the sentence before names."""
        if not self.number:
            return []
        sentence = self._article.sentences[self.number - 1]
        return sorted(
            {who for start, who in self._article.spoken("facility") if sentence.start <= start < sentence.end}
        )

    def shown(self) -> Iterator[str]:
        """Whether the sentence has a date, and what kinds of places."""
        within = (self._sentence.start, self._sentence.end)
        if any(within[0] <= d.start < within[1] for d in self._article.dates if d.kind != "dateline"):
            yield "dated"
        for place in self._article.places:
            if within[0] <= place.start < within[1]:
                yield f"placed={place.kind}"

    def figures(self) -> list[Figure]:
        """Figures of the sentence that are reported."""
        return [f for f in self._figures if not (f.comparison or f.conversion)]

    def is_concrete(self) -> bool:
        """Whether the sentence says how much, when or where."""
        found: list[Figure | FoundDate | FoundPlace] = [*self.figures(), *self._article.dates, *self._article.places]
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
            if place == "topic":
                topic = self._topic(match, anybody=True)
                if topic is not None and topic not in found:
                    found[topic] = role
                continue
            for token in match.slots.get(place, ()):
                if place.endswith("_owner") and token.tag_ == "PRP$" and positions:
                    continue  # "Volkswagen builds its first car": whose car it is has been said
                for party in self._fill(token, match.frame.type, place, role):
                    found.setdefault(party, role)
                    positions.add(place)
        if match.frame.type == "trade_policy":
            self._add_affected(match, found)
        if match.frame.type == "market":
            self._keep_companies(found)
        if not found and _may_be_inferred(match.frame) and (topic := self._topic(match)) is not None:
            return Filled({topic: match.frame.roles[0][1]}, frozenset({match.frame.roles[0][0]}), inferred=True)
        return Filled(found, frozenset(positions))

    def by_elimination(self, match: Match, filled: Filled) -> Filled | None:
        """The roles of a deal of whose two sides only one stands where the frame has it, and the other somewhere else.

        Long sentences part a name from the word that tells what it does; where the sentence names no third company,
        the only other one is the other side. None where one of them belongs to the other, or describes it.
        """
        frame = match.frame
        if frame.type != "partnership" or frame.trigger[-1] in _SITES or len(filled.roles) != 1:
            return None
        named = self._companies()
        roles = [role for _, role in frame.roles if role not in filled.roles.values() or role == "partner"]
        if len(named) != 2 or not set(filled.roles) <= set(named) or not roles or self.are_kin(*named):
            return None
        found = dict(filled.roles)
        for party in named:
            if party not in found:
                found[party] = roles[min(len(found), len(roles)) - 1]
        positions = filled.positions | {position.replace("?", "") for position, _ in frame.roles}
        return Filled(found, positions, inferred=True)

    def _companies(self) -> list[int]:
        """The companies that the sentence names as such, not as places or makers of products."""
        return [
            e.id
            for e in self._article.entities
            if not e.observer and e.kind not in {*_STATES, "group"} and not e.joint_venture
            if any(self._sentence.start <= m.start < self._sentence.end and not m.locative for m in e.mentions)
        ]

    def are_kin(self, one: int, other: int) -> bool:
        """Whether one of two entities belongs to the other or describes it."""
        first, second = self._article.entities[one], self._article.entities[other]
        return first.is_of_house_of(second) or self._describes(first, second) or self._describes(second, first)

    def is_venture(self, one: int, *, of_several: bool) -> bool:
        """Whether somebody is a venture of others, and so takes no part in its founding.

        "Their joint company Foo", "a venture, Foo,", "Foo, as the company is to be called", "Foo, founded by Bar", "Bar
        founded Foo", "Foo is a joint venture".

        Args:
            one: Who it is.
            of_several: Whether there are two others. Then it is enough that another sentence calls him the venture of
                somebody, or that a venture has his name ("the Foo venture").
        """
        told = of_several and self._article.entities[one].joint_venture
        places = self._places.get(one, ())
        return (
            told
            or self.calls_venture(one)
            or any(self._founders_of(t) or self._is_made(t) or (of_several and self._names_venture(t)) for t in places)
        )

    def is_owner_only(self, one: int, parties: Collection[Party]) -> bool:
        """Whether a sentence names somebody only as whose another of the parties is: "BYD's Findreams"."""

        def owned_by(token: Token) -> Iterator[Token]:
            if token.dep_ == "poss":
                yield token.head
            behind = token.doc[token.i + 1 : token.i + 3]
            if len(behind) > 1 and behind[0].tag_ == "POS":
                yield behind[1]

        places = self._places.get(one, ())
        return bool(places) and all(
            any(e.id in parties and e.id != one for owned in owned_by(token) for e in self.entities_at(owned))
            for token in places
        )

    def _is_made(self, token: Token) -> bool:
        """Whether a name is that of what others found, or is said to be a venture."""
        verb = token.head
        if token.dep_ == "dobj" and _founds(verb):
            return True
        told = [w for w in token.children if w.dep_ == "appos"]
        if token.dep_ in {"nsubj", "nsubjpass"}:
            told += [w for w in verb.children if w.dep_ == "attr"]
            told += [w for prep in verb.children if prep.lower_ == "as" for w in prep.children if w.dep_ == "pobj"]
        return any(_is_venture_noun(noun) for noun in told)

    @staticmethod
    def _names_venture(token: Token) -> bool:
        """Whether a venture has the name: "the Foo joint venture", "its venture with Bar, Foo,"."""
        if token.dep_ == "appos":
            return any(_is_venture_noun(above) for above in token.ancestors)
        named = [w for w in token.doc[token.i + 1 : token.i + 3] if _is_venture_noun(w)]
        return token.dep_ in {"compound", "nmod"} and any(token.head is noun for noun in named)

    def calls_venture(self, one: int) -> bool:
        """Whether the sentence calls somebody a venture: "their joint company Foo", "Foo, as the venture is called"."""
        return any(map(self._is_called_venture, self._places.get(one, ())))

    def _is_called_venture(self, token: Token) -> bool:
        before = [w.lower_ for w in self._sentence.doc[max(token.i - _WORDS_BEFORE, 0) : token.i]]
        behind = [w.lower_ for w in self._sentence.doc[token.i + 1 : token.i + 1 + _WORDS_BEHIND]]
        if before[-1:] == [","] and token.dep_ == "appos":
            before.pop()
        titled = before[-1:] in _VENTURES or before[-2:] in _JOINT_COMPANIES
        named = not _NAMED.isdisjoint(before[-1:]) and not _OF_VENTURES.isdisjoint(before)
        to_be_named = behind[:3] == [",", "as", "the"] and not _NAMED.isdisjoint(behind)
        return titled or named or to_be_named

    def founders(self) -> Iterator[tuple[int, set[int]]]:
        """Whom the sentence says to have been founded by others, or to be owned by several, with these."""
        for one, places in self._places.items():
            if founders := set().union(*map(self._founders_of, places)):
                yield one, founders

    def _founders_of(self, token: Token) -> set[int]:
        """The organisations behind a name that founded it or that own it together.

        "Foo, founded by Bar", "Foo, which Bar set up with Baz", "Foo, the operator that belongs to Bar and Baz", "Foo,
        which Bar and Baz own", "Foo belongs to Bar and Baz", "Owned by Bar and Baz, Foo builds".
        """
        described = (token, *(child for child in token.children if child.dep_ == "appos"))
        verbs = [verb for word in described for verb in word.children if verb.dep_ in {"acl", "relcl"}]
        verbs += [w for w in self._sentence.doc[token.i + 1 : token.i + 3] if w.dep_ == "acl" and w not in verbs]
        whole = [verb for verb in verbs if verb.dep_ == "relcl"]
        if token.dep_ in {"nsubj", "nsubjpass"}:
            verbs += [token.head, *(w for w in token.head.children if w.dep_ == "advcl" and w.tag_ == "VBN")]
        founding = [verb for verb in verbs if _founds(verb) and (verb in whole or is_passive(verb))]
        owning = [verb for verb in verbs if verb.lemma_ in _OWNED and (verb in whole or _is_of_owner(verb))]
        own = self.entities_at(token)

        def actors(verbs: Iterable[Token]) -> set[int]:
            acting = (t for v in verbs for t in slots(v).get("to" if v.lemma_ == "belong" else "subject", ()))
            return {e.id for actor in acting for e in self.entities_at(actor) if e not in own}

        owners = actors(owning)
        return actors(founding) | (owners if len(owners) > 1 else set())

    def _describes(self, described: Entity, other: Entity) -> bool:
        """Whether one is named in what is put beside the other: "Ashok Leyland, flagship of the Hinduja Group".

        In "Foo, the maker from which Bar buys" Bar is named in a clause, which tells something of both.
        """
        return any(
            above.dep_ in {"appos", "poss", "compound"} and described in self.entities_at(above.head)
            for token in self._places.get(other.id, ())
            for above in takewhile(lambda each: each.pos_ not in {"VERB", "AUX"}, (token, *token.ancestors))
        )

    @cached_property
    def _places(self) -> Mapping[int, Sequence[Token]]:
        """The words of the sentence that stand for an entity, by its number."""
        found: dict[int, list[Token]] = defaultdict(list)
        for token, entities in self.present():
            for entity in entities:
                found[entity.id].append(token)
        return found

    def _fill(self, token: Token, event_type: str, position: str, role: str) -> Iterator[Party]:
        by_country = event_type in _BY_COUNTRY
        entities = self.entities_at(token, by_place=by_country)
        if all(e.kind == "group" for e in entities):
            named = [e for each in instances(token) for e in self.entities_at(each) if e.kind != "group"]
            entities = named or entities
        for entity in entities:
            if role == "regulator" and entity.kind not in _STATES:
                continue  # a company rules nobody
            state_acts = event_type in _STATES_ACT or role == "host"
            if entity.kind not in _STATES or state_acts or (position == "subject" and event_type == "partnership"):
                yield entity.id
        if not entities:
            if position == "subject" and (represented := self._represented(token)) is not None:
                yield represented
            if by_country and (code := self._article.demonyms.get(token.lower_)):
                yield code

    def _represented(self, token: Token) -> int | None:
        """The organisation that somebody in office speaks for: "Nissan's CEO Ivan Espinosa"."""
        words = [t for t in token.subtree if t.dep_ not in {"relcl", "acl"}]
        if not any(t.lower_ in self._article.office_words for t in words):
            return None
        named = [e.id for t in words if t.text == STAND_IN for e in self.entities_at(t) if e.kind != "government"]
        return named[0] if named else None

    def _topic(self, match: Match, *, anybody: bool = False) -> Party | None:
        """Whose thing it is that a sentence tells of without naming anybody: whom the passage before is about."""
        named = [t for position, _ in match.frame.roles for t in match.slots.get(position.replace("?", ""), ())]
        if not anybody and any(not self._is_thing_spoken_of(t) for t in named):
            return None
        if match.frame.type == "market" and any(
            c.lower_ in _TOTALS or c.lower_ in self._article.demonyms for c in match.trigger.children
        ):
            return None
        paragraph = self._article.text.rfind("\n\n", 0, self._sentence.start)
        for number in range(self.number, max(-1, self.number - 4), -1):
            sentence = self._article.sentences[number]
            if sentence.start < paragraph:
                break
            until = self._sentence.span(match.trigger)[0] if number == self.number else sentence.end
            if (first := self._first_in(sentence.start, until, match.frame.type)) is not None:
                return first
        return self._chief(match.frame.type)

    def _is_thing_spoken_of(self, token: Token) -> bool:
        """Whether a word takes up a thing known to the reader ("the plant", "it"), rather than bringing in another."""
        if token.pos_ == "PROPN":
            return token.text != STAND_IN
        if token.pos_ in {"PRON", "DET"}:
            return token.lower_ not in {"he", "she", "i", "you", "who", "everyone", "nobody", "one"}
        if token.pos_ in {"ADJ", "NUM", "VERB", "ADV"} or token.dep_ in {"compound", "nmod", "amod"}:
            return True
        determiners = {c.lower_ for c in token.children if c.dep_ in {"det", "poss"}}
        if token.lemma_.lower() in self._article.organization_nouns:
            return bool(determiners & _DEFINITE)  # "automakers build electric cars" tells of no one in particular
        return bool(determiners & _DEFINITE) or (token.pos_ == "NOUN" and not determiners)

    def _first_in(self, start: int, end: int, event_type: str) -> int | None:
        spoken = self._article.spoken(event_type)
        first = bisect_left(spoken, (start, -1))
        return spoken[first][1] if first < len(spoken) and spoken[first][0] < end else None

    def _chief(self, event_type: str) -> int | None:
        """Whom an article speaks of most, up to here."""
        spoken = self._article.spoken(event_type)
        counts = Counter(who for _, who in spoken[: bisect_left(spoken, (self._sentence.end, -1))])
        often = [(-count, who) for who, count in counts.items() if count > 1]
        return min(often)[1] if often else None

    def _keep_companies(self, found: dict[Party, str]) -> None:
        """A company's figure is not its market's: of "Nissan's UK sales" the subject is Nissan."""
        states = [p for p in found if isinstance(p, str) or self._article.entities[p].kind == "government"]
        if len(states) < len(found):
            for state in states:
                del found[state]

    def only_governments(self, parties: Iterable[Party]) -> bool:
        """Whether countries and blocs alone take part."""
        return all(isinstance(p, int) and self._article.entities[p].kind == "government" for p in parties)

    def between_governments(self, match: Match, parties: Mapping[Party, str]) -> dict[Party, str]:
        """Roles of governments in a measure they deal about: whose goods it is on, and who takes it."""
        goods = {
            self._article.demonyms[t.lower_]
            for t in clause_of(match.trigger)
            if t.lower_ in self._article.demonyms and t.dep_ in {"amod", "compound", "nmod"}
        }
        entities = self._article.entities
        return {p: "affected" if isinstance(p, int) and entities[p].country in goods else "regulator" for p in parties}

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
