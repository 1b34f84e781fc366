"""Somebody in one sentence: which events of his it tells, by what it was trained on.

Frames say what they know exactly; sentences have more ways to tell of a plant, a tariff or a year's sales than anybody
lists. A linear model, trained on labelled articles (`training/`), judges everybody whom a sentence names, or whom the
passage before it is about, by the words of the sentence, the place he has in it, and what is measured, dated and
located there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from tasks.extraction.drafted import Draft, Half
from tasks.extraction.entities import Entity
from tasks.extraction.frames import Lexicon
from tasks.extraction.pairs import Words, class_of, of_halves
from tasks.extraction.parties import Party, Reader
from tasks.extraction.status import decide
from tasks.extraction.syntax import slots
from tasks.extraction.tokens import Token
from tasks.extraction.view import STAND_IN

SITE: Final = "site"
"""Label of what is told of a plant and of what is made in it; which of the two, `PRODUCTION` says."""

WITH_TOPIC: Final = "deal"
"""Label of somebody of whom the sentence tells a deal with whom it does not name, but the passage or article does."""

AFFECTED: Final = "affected"
"""Label of whom a measure of trade policy is on, rather than who takes it."""

TARGET: Final = "target"
"""Label of whom money is put into, rather than who puts it in."""

PRODUCTION: Final = "production"
"""Label of a site of which the making of a product is told."""

_REPORTING: Final = {
    "say", "tell", "report", "announce", "add", "state", "confirm", "write", "note", "disclose", "reveal", "declare",
    "show", "expect", "estimate", "believe", "think", "explain",
}  # fmt: skip
_CONTENT: Final = {"NOUN", "VERB", "ADJ", "PROPN"}
_SUBJECTS: Final = {"nsubj", "nsubjpass", "agent"}
_MODIFIERS: Final = {"neg", "aux", "auxpass", "prt", "advmod"}
_OBJECTS: Final = {"dobj", "attr", "nsubjpass", "oprd"}
_MOST_NAMED: Final = 5
_BESIDE: Final = 3
_LEAD: Final = 2
_POINTING: Final = ("half of who=", "place=", "pronoun=")
"""Signs that weigh differently for whom the article is about and for who is merely named before."""


@dataclass(frozen=True)
class Telling:
    """Somebody of whom a sentence may tell something.

    Attributes:
        who: Whom it may tell of.
        entity: The same as an entity; None for a country told by an adjective.
        at: Word that stands for him; None where the sentence names nobody and the passage is about him.
        names: Positions of all words of the sentence that stand for somebody.
        count: How many are named in the sentence.
        reader: Looks things up in the sentence.
    """

    who: Party
    entity: Entity | None
    at: Token | None
    names: frozenset[int]
    count: int
    reader: Reader


def tellings_in(reader: Reader) -> Iterator[Telling]:
    """Everybody whom a sentence may tell something of, each once, at the first word that stands for him."""
    found: dict[Party, tuple[Entity | None, Token]] = {}
    names: set[int] = set()
    for token in reader.words:
        entities = [e for e in reader.entities_at(token, by_place=True) if e.kind != "group"]
        for entity in entities:
            found.setdefault(entity.id, (entity, token))
        if entities:
            names.add(token.i)
        elif (code := reader.nation_at(token)) is not None:
            found.setdefault(code, (None, token))
    companies = [p for p, (entity, _) in found.items() if entity is not None and entity.kind != "government"]
    for who, (somebody, token) in found.items():
        yield Telling(who, somebody, token, frozenset(names), len(found), reader)
    if not companies and (topic := reader.carried()) is not None and topic not in found:
        yield Telling(topic, reader.entity(topic), None, frozenset(names), len(found), reader)


def anchor(telling: Telling) -> Token:
    """The predicate that a telling hangs on: the verb above him, or, below a verb of saying, the one that is said."""
    doc = telling.reader.words
    token = telling.at if telling.at is not None else next((t for t in doc if t.head == t), doc[0])
    verb = next((t for t in (token, *token.ancestors) if t.pos_ in {"VERB", "AUX"}), token)
    while verb.lemma_.lower() in _REPORTING:
        said = next((c for c in verb.children if c.dep_ == "ccomp"), None)
        if said is None:
            break
        verb = said
    return verb


def label_of(event_type: str) -> str:
    """The label under which an event of a type is told."""
    return SITE if event_type in {"facility", "production"} else event_type


def shown_of(
    reader: Reader, drafts: Sequence[Draft], halves: Sequence[Half], lexicon: Lexicon
) -> list[tuple[Telling, list[str]]]:
    """Everybody whom a sentence may tell something of, with what it shows of him as named signs for a linear model.

    Args:
        reader: Looks things up in the sentence.
        drafts: What frames tell in it.
        halves: Frames that lack something there.
        lexicon: The word tables.

    Returns:
        Each with his signs, sorted, each once.
    """
    tellings = list(tellings_in(reader))
    if not tellings:
        return []
    word = Words(tellings[0].names, lambda token: reader.nation_at(token) is not None)
    shared = set(_of_sentence(tellings[0], drafts, lexicon, word))
    return [(t, sorted({*shared, *_of_somebody(t, drafts, halves, word)})) for t in tellings]


def _of_sentence(telling: Telling, drafts: Sequence[Draft], lexicon: Lexicon, word: Words) -> Iterator[str]:
    """What a sentence shows, of whomever it tells."""
    reader, names = telling.reader, telling.names
    doc = reader.words
    yield f"named={min(telling.count, _MOST_NAMED)}"
    if reader.number < _LEAD:
        yield "lead"
    yield from (f"says={word(t)}" for t in doc if t.pos_ in _CONTENT and t.i not in names)
    content = [word(t) for t in doc if t.pos_ in {*_CONTENT, "NUM"} or t.i in names]
    yield from (f"says={a} {b}" for a, b in pairwise(content))
    yield from (f"thing={thing[0]}" for t in doc if (thing := lexicon.thing(t)) is not None)
    for figure in reader.figures():
        yield f"measured={figure.measure}"
        yield f"measured in={figure.unit if figure.dimension != 'money' else 'money'}"
    yield from reader.shown()
    yield from (f"framed here={label_of(draft.type)}" for draft in drafts)


def _of_somebody(telling: Telling, drafts: Sequence[Draft], halves: Sequence[Half], word: Words) -> Iterator[str]:
    """What a sentence shows of somebody: the place he has in it, and what stands around him."""
    doc, at, verb = telling.reader.words, telling.at, anchor(telling)
    yield f"who={_class(telling)}"
    for draft in drafts:
        if telling.who in draft.parties:
            label = label_of(draft.type)
            yield from (f"framed={label}", f"framed {label} as {draft.status}", f"framed as {draft.type} {draft.kind}")
    yield from of_halves(halves, {"who": telling.who})
    place = "topic"
    if at is not None:
        place = _place(at)
        yield from (f"dep={at.dep_}", f"head={word(at.head)}", f"head={at.dep_}<{word(at.head)}")
        yield from (f"before={word(t)}" for t in doc[max(0, at.i - _BESIDE) : at.i])
        yield from (f"behind={word(t)}" for t in doc[at.i + 1 : at.i + 1 + _BESIDE])
        if at.text != STAND_IN:
            yield f"form={'pronoun' if at.pos_ in {'PRON', 'DET'} else 'phrase'}"
    does = word(verb)
    yield from (f"place={place}", f"{place} of {does}", f"{_class(telling)} as {place}", f"verb={does}")
    yield f"tense={verb.tag_}"
    for child in verb.children:
        if child.dep_ in _MODIFIERS:
            yield from (f"verb.{child.dep_}={child.lower_}", f"{does}.{child.dep_}={child.lower_}")
        if child.dep_ in _OBJECTS and child.i not in telling.names:
            yield from (f"object={word(child)}", f"{does} {word(child)}", f"{place} object={word(child)}")
    for position, tokens in slots(verb).items():
        yield from (f"{position}:{word(t)}" for t in tokens if t.i not in telling.names)


def dealings(
    shown: Sequence[tuple[Telling, Sequence[str]]], reader: Reader
) -> Iterator[tuple[Telling, int, list[str]]]:
    """Every company of a sentence with each who may be meant though the sentence does not name him, and the signs."""
    topics = reader.topics()
    pronouns = {f"pronoun={t.lower_}" for t in reader.words if t.pos_ == "PRON"}
    for telling, signs_of in shown:
        entity = telling.entity
        if entity is None or telling.at is None or entity.kind == "government":
            continue
        for topic, how in topics.items():
            if not reader.are_kin(entity.id, topic):
                kind = class_of(reader.entity(topic))
                extra = {f"topic={how}", f"topic is={kind}", f"topic is={kind}, who={_class(telling)}"}
                extra |= {f"topic={how}, {sign}" for sign in (*signs_of, *pronouns) if sign.startswith(_POINTING)}
                yield telling, topic, sorted({*signs_of, *pronouns, *extra})


def status_signs(telling: Telling, label: str, shown: Sequence[str], lexicon: Lexicon) -> list[str]:
    """The signs by which the status of a telling is judged: those of the sentence, and what the rules say."""
    verb = anchor(telling)
    kind_of_event = {SITE: "facility", WITH_TOPIC: "partnership"}.get(label, label)
    said = decide(verb, "active" if label in {SITE, WITH_TOPIC} else "completed", kind_of_event, lexicon)
    return sorted(
        {*shown, f"type={label}", f"rule={said}", f"{label}: rule={said}", f"{label}: verb={verb.lemma_.lower()}"}
    )


def _class(telling: Telling) -> str:
    return class_of(telling.entity) if telling.entity is not None else "state"


def _place(token: Token) -> str:
    """The place that somebody has in a sentence: subject, object, owner, or behind a preposition."""
    while token.dep_ in {"conj", "appos"}:
        token = token.head
    if token.dep_ in _SUBJECTS:
        return "passive" if token.dep_ == "nsubjpass" else "subject"
    if token.dep_ in {"poss", "compound", "nmod", "amod"}:
        head = token.head
        return f"{'owner' if token.dep_ == 'poss' else 'modifier'} in {_place(head) if head != token else 'root'}"[:24]
    if token.dep_ == "pobj":
        return f"by {token.head.lower_}"
    return {"dobj": "object"}.get(token.dep_, "other")
