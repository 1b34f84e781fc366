"""Whom a description or a pronoun stands for: rules that would rather say nothing than guess.

What has been spoken of is kept in the order of the text. A description goes to the latest sentence that holds somebody
who agrees with it in kind, nation and number; within a sentence the subject goes first (centering: Grosz, Joshi and
Weinstein 1995). Whoever takes part in the same verb is left out: "Renault builds cars for the company" is not about one
firm. A pronoun goes to the subject of its clause, of the clause above, or of the sentence before.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from spacy.tokens import Doc, Span, Token

from tasks.extraction.descriptions import Description
from tasks.extraction.lexicon import Lexicon
from tasks.extraction.syntax import surface_subject
from tasks.extraction.tokens import read_tokens

_NEAR: Final = 2
_FAR: Final = 6
"""Sentences back that a description may look: without, and with a nation or town."""

_COMPANIES: Final = frozenset({"automaker", "battery", "supplier", "technology", "charging", "materials", "other"})
_FITTING: Final[dict[str, frozenset[str]]] = {
    "automaker": frozenset({"automaker", "other"}),
    "battery": frozenset({"battery", "other"}),
    "supplier": _COMPANIES - {"automaker", "charging"},
    "technology": frozenset({"technology", "supplier", "other"}),
    "charging": frozenset({"charging", "other"}),
    "materials": frozenset({"materials", "other"}),
    "government": frozenset({"government"}),
    "association": frozenset({"association", "other"}),
    "": _COMPANIES,
}
"""Kinds of an entity that a noun of a kind may stand for."""

_MODIFIER: Final = -1
_OTHERS: Final = {"another", "combined", "future", "joint", "merged", "new", "newly", "other", "planned", "resulting"}
_PARTS: Final = {"one", "some", "many", "most", "part", "each", "any", "neither", "none"}
_SUBJECTS: Final = {"nsubj", "nsubjpass"}
_NOMINAL_RELATIONS: Final = {
    "agent", "amod", "appos", "attr", "compound", "conj", "dative", "dobj", "iobj", "nmod", "nsubj", "nsubjpass",
    "oprd", "pcomp", "pobj", "poss", "prep",
}  # fmt: skip


@dataclass
class Draft:
    """An entity in the making; `key` is what makes two names one entity."""

    key: tuple[str, str]
    kind: str
    country: str | None
    org_id: str | None
    observer: bool = False
    members: str | None = None
    names: list[str] = field(default_factory=list)
    ventures: list[Description] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Point:
    """A place in the text where an entity is spoken of."""

    token: int
    sentence: int
    entity: int
    rank: int
    governor: int
    acting: bool


class History:
    """What has been spoken of up to a place in the text.

    Attributes:
        spoken: Entities by token.
    """

    def __init__(self, doc: Doc, drafts: Sequence[Draft], lexicon: Lexicon) -> None:
        self.spoken: dict[int, tuple[int, ...]] = {}
        self._doc = doc
        self._drafts = drafts
        self._lexicon = lexicon
        self._points: list[_Point] = []
        self._seats: dict[int, tuple[str | None, str | None]] = {}
        self._sentences = list(doc.sents)
        self._sentence = [n for n, sentence in enumerate(self._sentences) for _ in sentence]

    def add(self, root: Token, entity: int, acting: bool = True) -> None:
        """Note that an entity is spoken of by a phrase with that head; `acting` if it may be taken up again."""
        sentence = self._sentence[root.i]
        self._points.append(_Point(root.i, sentence, entity, _rank(root), governor(root), acting))

    def one(self, phrase: Description, excluded: Iterable[int] = ()) -> int | None:
        """The entity that a singular description stands for, or None."""
        constrained = bool(phrase.country or phrase.place)
        if (phrase.refers_back in {"no", "plural"} and not constrained) or self._is_another(phrase):
            return None
        root = self._doc[phrase.end - 1]
        mates = self._mates(root) | set(excluded)
        fitting = [p for p in self._before(phrase.start) if p.entity not in mates and self._fits(p, phrase)]
        reach = _FAR if constrained or phrase.kind == "government" else _NEAR
        near = [p for p in fitting if self._sentence[root.i] - p.sentence <= reach]
        if near:
            return _foremost(near)
        of_kind = [p for p in fitting if constrained or self._drafts[p.entity].kind == phrase.kind]
        everybody = {p.entity for p in of_kind}
        if not everybody and constrained:
            return self._stranger(phrase, reach, mates)
        return everybody.pop() if len(everybody) == 1 else None

    def _stranger(self, phrase: Description, reach: int, mates: Collection[int]) -> int | None:
        """Who of those whom nobody lists is from a place: who was called so before, or whom sentences were about."""
        seat, first = (phrase.country, phrase.place), self._sentence[phrase.start] - reach

        def may_be(point: _Point) -> bool:
            draft = self._drafts[point.entity]
            is_unknown = draft.country is None and draft.org_id is None
            is_elsewhere = self._seats.get(point.entity, seat) != seat
            return is_unknown and not is_elsewhere and point.rank > 0 and self._agrees(point.entity, phrase.kind, None)

        near = [p for p in self._before(phrase.start) if p.sentence >= first and may_be(p)]
        near = [p for p in near if p.entity in self._seats] or near
        near = [p for p in near if p.entity not in mates]
        if not near:
            return None
        found = _foremost(near)
        self._seats[found] = seat
        return found

    def _is_another(self, phrase: Description) -> bool:
        """Whether the phrase sets somebody apart from those spoken of: "the new company"."""
        return any(self._doc[i].lower_ in _OTHERS for i in range(phrase.start, phrase.noun))

    def several(self, phrase: Description) -> tuple[int, ...]:
        """The entities that "the two companies" stands for: those of the latest sentence with just so many."""
        if phrase.refers_back == "no" and phrase.country is None:
            return ()
        if (
            phrase.start > 1
            and self._doc[phrase.start - 1].lower_ == "of"
            and self._doc[phrase.start - 2].lower_ in _PARTS
        ):
            return ()
        here = self._sentence[phrase.start]
        points = [p for p in self._before(phrase.start) if self._agrees(p.entity, phrase.kind, phrase.country)]
        for sentence in range(here, max(here - _NEAR, 0) - 1, -1):
            here_spoken = [p for p in points if p.sentence == sentence]
            for rank in (0, _MODIFIER):
                found = tuple(dict.fromkeys(p.entity for p in here_spoken if p.rank >= rank))
                if len(found) > 1 and phrase.number in {None, len(found)}:
                    return found
            if len(found) > 1:
                return ()
        return ()

    def pronoun(self, token: Token) -> tuple[int, ...]:
        """The entities that a pronoun stands for; none where that is not certain."""
        beside = self._beside(token)
        if beside:
            return beside
        plural = token.lower_ in {"they", "their"}
        sure = not plural and self._only_organizations(token)
        modified = self._modified(token) if token.dep_ in _SUBJECTS else set()
        for subject in self._subjects_before(token):
            entities = self._entities_of(subject)
            if not entities and not plural and _is_no_thing(subject):
                entities = self._owners_of(subject)
            if plural and (len(entities) > 1 or any(self._drafts[e].kind == "group" for e in entities)):
                return entities
            if not plural and len(entities) == 1 and self._may_be_it(entities[0]):
                if entities[0] not in modified:
                    return entities
            elif plural or not (sure or _is_no_thing(subject)):
                return ()
        return self._foremost_before(token) if sure else ()

    def _beside(self, token: Token) -> tuple[int, ...]:
        """Of "Ford's plant and its workers", Ford."""
        noun = token.head
        if token.dep_ != "poss" or noun.dep_ != "conj":
            return ()
        owners = [child for child in noun.head.children if child.dep_ == "poss" and child.i < token.i]
        return self._entities_of(owners[0]) if owners else ()

    def _modified(self, token: Token) -> set[int]:
        """What a relative clause around a pronoun modifies: of "the venture it runs", the venture."""
        heads = [above.head for above in token.ancestors if above.dep_ in {"relcl", "acl"}]
        return {entity for head in heads for entity in self.spoken.get(head.i, ())}

    def _may_be_it(self, entity: int) -> bool:
        return self._drafts[entity].kind != "group" and not self._drafts[entity].observer

    def _foremost_before(self, token: Token) -> tuple[int, ...]:
        """The company that the sentence before is about, if it is about one."""
        last = self._sentence[token.i] - 1
        points = [p for p in self._before(token.i) if p.sentence == last and self._agrees(p.entity, "", None)]
        points = [p for p in points if p.rank == max(point.rank for point in points)]
        return (points[0].entity,) if len({p.entity for p in points}) == 1 else ()

    def _before(self, token: int) -> list[_Point]:
        return [p for p in self._points if p.token < token and p.acting]

    def _entities_of(self, subject: Token) -> tuple[int, ...]:
        found = [e for token in (subject, *subject.conjuncts) for e in self.spoken.get(token.i, ())]
        return tuple(dict.fromkeys(found))

    def _owners_of(self, subject: Token) -> tuple[int, ...]:
        """Of "GM's purchases are meant for its venture", GM."""
        return tuple(dict.fromkeys(e for c in subject.children if c.dep_ == "poss" for e in self._entities_of(c)))

    def _subjects_before(self, token: Token) -> Iterator[Token]:
        """Subjects that a pronoun may take up, the nearest first: of the clauses above it, of the sentence before."""
        seen: set[int] = set()
        sentence = self._sentences[self._sentence[token.i]]
        words = read_tokens(sentence)
        for above in words[token.i - sentence.start].ancestors:
            if above.pos_ in {"VERB", "AUX"}:
                for subject in (sentence[found.i] for found in surface_subject(above)):
                    if subject.i < token.i and token not in subject.subtree and subject.i not in seen:
                        seen.add(subject.i)
                        yield subject
        yield from (t for t in reversed(sentence) if t.i < token.i and t.dep_ in _SUBJECTS and t.i not in seen)
        before = self._sentence[token.i] - 1
        if before >= 0:
            yield from _chief_subject(self._sentences[before])

    def _only_organizations(self, token: Token) -> bool:
        """Whether only people and organisations do what the pronoun does ("it plans", "it said")."""
        if token.dep_ not in _SUBJECTS:
            return False
        does = [token.head, *(child for child in token.head.children if child.dep_ in {"acomp", "oprd"})]
        return any(self._lexicon.words.acting.get(word.lemma_, False) for word in does)

    def _mates(self, root: Token) -> set[int]:
        own, sentence = governor(root), self._sentence[root.i]
        return {p.entity for p in self._points if p.governor == own and p.sentence == sentence}

    def _fits(self, point: _Point, phrase: Description) -> bool:
        if not self._agrees(point.entity, phrase.kind, phrase.country):
            return False
        if phrase.refers_back == "venture" and not self._drafts[point.entity].ventures:
            return False
        if phrase.place is None:
            return True
        seat = self._lexicon.words.headquarters.get(phrase.place)
        org_id = self._drafts[point.entity].org_id
        if seat is not None and org_id in seat[1]:
            return True
        # The table of seats is not complete: in the right country, whoever has no seat in it may have this one.
        return phrase.country is not None and org_id not in self._lexicon.seated

    def _agrees(self, entity: int, kind: str, country: str | None) -> bool:
        draft = self._drafts[entity]
        if draft.observer or draft.kind not in _FITTING.get(kind, ()):
            return False
        return country is None or draft.country == country


def governor(token: Token) -> int:
    """The verb that a phrase takes part in, also as a possessor within it."""
    while token.dep_ in _NOMINAL_RELATIONS and token.head is not token:
        token = token.head
        if token.pos_ in {"VERB", "AUX"}:
            break
    return token.i


def _chief_subject(sentence: Span) -> list[Token]:
    """The subject of a sentence: of its main verb, or else the first one there is."""
    own = [child for child in sentence.root.children if child.dep_ in _SUBJECTS]
    return (own or [token for token in sentence if token.dep_ in _SUBJECTS])[:1]


def _rank(root: Token) -> int:
    """How much a phrase is what its sentence is about.

    2 as subject, 1 as subject of a relative clause, 0 in another part, `_MODIFIER` as part of a thing's name.
    """
    part = root.dep_ == "compound"
    while root.dep_ in {"conj", "compound", "poss"}:
        root = root.head
    if root.dep_ in _SUBJECTS:
        return 1 if root.head.dep_ in {"relcl", "acl"} else 2
    return _MODIFIER if part else 0


def _foremost(points: list[_Point]) -> int:
    return max(points, key=lambda p: (p.sentence, p.rank, -p.token)).entity


def _is_no_thing(subject: Token) -> bool:
    """Whether a singular "it" cannot mean this subject: a person, several things, or another pronoun."""
    if subject.pos_ == "PRON":
        return subject.lower_ not in {"it", "this", "that", "which"}
    return subject.tag_ in {"NNS", "NNPS"} or subject.ent_type_ == "PERSON" or bool(subject.conjuncts)
