"""How far a thing has got, read from the words that govern its trigger.

The rules, in the order in which they decide (first that applies):

1. Something above the trigger negates, stops or denies it: `ended`. For anything but a partnership, an end that still
   lies ahead ("will close") is `announced`.
2. Talks are named at or above it: `negotiating`, unless the talks themselves lie in the past of a signed agreement.
3. It is a possibility (may, could, considers, open to): `exploring`.
4. A signature, approval or agreement stands above it, and no intention above that: `agreed`.
5. It lies ahead (will, plans to, is to, an infinitive without a finite verb above): `announced`.
6. It begins or goes on: `active`.
7. Otherwise what its frame says is true of it once it is a fact; what is done at one blow and told in the progressive
   ("is buying a stake") still lies ahead.

What a partnership is to bring is `agreed` where it is told as the content of an agreement: "under the deal it will
supply", "signed an agreement that will bring".

Where no word says the status, the models of pairs and tellings judge it, the encoder with them, and they outvote a word
only where they are very sure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from evpact.vocabulary import STATUS
from tasks.extraction.frames import Lexicon
from tasks.extraction.syntax import governors, is_passive
from tasks.extraction.tokens import Token

_MODAL: Final = {
    "will": "announced", "'ll": "announced", "shall": "announced", "would": "announced", "should": "announced",
    "may": "exploring", "might": "exploring", "could": "exploring",
}  # fmt: skip
_CONDITIONS: Final = {"if", "unless", "lest"}
_ASKING: Final = {"ask", "wonder", "question", "debate"}
_TRANSPARENT_ABOVE: Final = {"relcl"}
_NONE: Final = {"no", "never", "neither"}
_DEFINITE: Final = {"the", "this", "that", "its", "their"}
_OPTIONS: Final = {"right", "option"}
_REPORTING: Final = {
    "say",
    "tell",
    "report",
    "state",
    "add",
    "note",
    "explain",
    "reveal",
    "disclose",
    "confirm",
    "declare",
}


@dataclass(frozen=True)
class Cue:
    """A sign of status found at a word; `depth` counts from the trigger upwards."""

    status: str
    depth: int


def decide(trigger: Token, done: str, kind_of_event: str, lexicon: Lexicon) -> str:
    """The status of what a trigger names, with what an agreement above it and the progressive say of it.

    Args:
        trigger: Verb or noun that names the thing.
        done: Status once the thing is a fact.
        kind_of_event: A word of `vocabulary.EVENT_TYPE`.
        lexicon: The status cues, as `seeds/reference/status_cues.csv` lists them: a lemma, or a verb and its particle.
    """
    status = _by_cues(trigger, done, kind_of_event, lexicon)
    if kind_of_event == "partnership" and status in {"announced", "exploring"} and _is_agreed_on(trigger, lexicon):
        return "agreed"
    if kind_of_event != "market" and status == done == "completed" and _is_progressive(trigger):
        return "announced"
    return status


def is_said(trigger: Token, lexicon: Lexicon) -> bool:
    """Whether words that govern a trigger say how far it has got, be it that it goes on or that its end is possible."""
    lasts = any(t.lemma_.lower() in lexicon.lasting or _with_particle(t) & lexicon.lasting for t in _chain(trigger))
    return lasts or next(_cues(trigger, lexicon.status_cues), None) is not None


def _by_cues(trigger: Token, done: str, kind_of_event: str, lexicon: Lexicon) -> str:
    found = list(_cues(trigger, lexicon.status_cues))
    by_status = {status: [c for c in found if c.status == status] for status in {c.status for c in found}}
    if kind_of_event in {"market", "product"} and done != "ended":
        lies_ahead = any(c.status in {"announced", "exploring"} for c in found) or not _is_fact(trigger)
        return "announced" if lies_ahead else done
    ahead = max((c.depth for c in by_status.get("announced", [])), default=-1)
    if done == "ended" or "ended" in by_status:
        end = max((c.depth for c in by_status.get("ended", [])), default=0)
        if kind_of_event == "partnership" and 0 < end <= max(
            (c.depth for c in by_status.get("exploring", [])), default=-1
        ):
            return done  # "could end the contract", "has the right to end it"
        return (
            "announced" if kind_of_event != "partnership" and ahead >= end and _lies_ahead(trigger, found) else "ended"
        )
    if "ended" not in by_status and any(
        t.lemma_.lower() in lexicon.lasting or _with_particle(t) & lexicon.lasting for t in _chain(trigger)
    ):
        return "active"
    agreed = max((c.depth for c in by_status.get("agreed", [])), default=-1)
    talks = max((c.depth for c in by_status.get("negotiating", [])), default=-1)
    if done == "negotiating" or talks > agreed:
        return "negotiating"
    possible = max((c.depth for c in by_status.get("exploring", [])), default=-1)
    if possible > agreed:
        return "exploring"
    if agreed >= 0:
        return "announced" if ahead > agreed else "agreed"
    if ahead >= 0 or (kind_of_event != "partnership" and _serves_a_purpose(trigger)):
        return "announced"
    if "active" in by_status:
        return "active"
    return done if _is_fact(trigger) else "announced"


def _cues(trigger: Token, cues: Mapping[str, str]) -> Iterator[Cue]:
    yield from _at(trigger, 0, cues, own=True)
    token, depth = trigger, 0
    while token.head != token and token.dep_ not in _TRANSPARENT_ABOVE:
        if token.dep_ == "conj" and token.head.pos_ in {"VERB", "AUX"} and _is_finite(token):
            break  # a clause of its own: what is said of its neighbour does not touch it
        finite_complement = token.dep_ == "ccomp" and _is_finite(token)
        token, depth = token.head, depth + 1
        if finite_complement and token.lemma_.lower() not in _denials(cues):
            break  # "announced that it has started": the complement speaks for itself
        yield from _at(token, depth, cues, own=False)


def _at(token: Token, depth: int, cues: Mapping[str, str], *, own: bool) -> Iterator[Cue]:
    lemma = token.lemma_.lower()
    if not own and (status := cue_status(token, cues)):
        yield Cue(status, depth)
    for child in token.children:
        word = child.lower_
        if child.dep_ == "aux" and word in _MODAL:
            yield Cue(_MODAL[word], depth)
        elif child.dep_ == "neg" or (child.dep_ in {"det", "advmod"} and word in _NONE):
            yet = any(c.lower_ == "yet" for c in token.children)  # what is not yet signed has not ended
            if lemma not in _REPORTING and not yet:
                yield Cue("ended", depth)
        elif (
            child.dep_ in {"amod", "acomp", "advmod"} and child.lemma_.lower() in cues and child.pos_ in {"ADJ", "VERB"}
        ):
            yield Cue(cues[child.lemma_.lower()], depth)
    if token.dep_ == "acl" and token.head.lemma_.lower() in _OPTIONS:
        yield Cue("exploring", depth)
    if lemma == "be" and not own and _has_infinitive(token):
        yield Cue("announced", depth)
    if lemma == "go" and _has_infinitive(token) and token.tag_ == "VBG":
        yield Cue("announced", depth)


def cue_status(token: Token, cues: Mapping[str, str]) -> str | None:
    """The status that a word is a cue of, with its particle or object ("rule out", "put on hold") or alone."""
    beside = [c for c in token.children if c.dep_ in {"prt", "advmod", "prep", "dobj"}]
    beside += [c for each in beside if each.dep_ == "prep" for c in each.children if c.dep_ == "pobj"]
    lemma = token.lemma_.lower()
    phrases = [f"{lemma} {c.lemma_.lower()}" for c in beside]
    return next((cues[p] for p in phrases if p in cues), cues.get(token.lower_, cues.get(lemma)))


def possible(words: Sequence[Token], lexicon: Lexicon) -> list[str]:
    """The statuses that a sentence may tell of: an end only where a word of it speaks of one, or denies something."""
    lemmas = {t.lemma_.lower() for t in words}
    ends = any(trigger <= lemmas for trigger in lexicon.endings) or any(
        t.dep_ == "neg" or t.lower_ in _NONE or cue_status(t, lexicon.status_cues) == "ended" for t in words
    )
    return [status for status in STATUS if ends or status != "ended"]


def _is_agreed_on(trigger: Token, lexicon: Lexicon) -> bool:
    """Whether what a trigger names is the content of an agreement told in the same sentence."""
    relative = False
    for token in (trigger, *governors(trigger)):
        if any(_is_ground(noun, lexicon) for noun in _grounds(token)):
            return True
        if relative and token.pos_ == "VERB":
            return _is_past(token) and cue_status(token, lexicon.status_cues) == "agreed"
        relative = relative or token.dep_ == "relcl"
    return False


def _grounds(verb: Token) -> Iterator[Token]:
    """Nouns that say on what ground a clause speaks: "under the deal", "as part of the deal", "the deal will bring"."""
    for child in verb.children:
        if child.dep_ == "nsubj" and verb.pos_ == "VERB" and any(c.lower_ in _DEFINITE for c in child.children):
            yield child
        elif child.dep_ == "prep":
            for noun in (c for c in child.children if c.dep_ == "pobj"):
                if child.lower_ == "under":
                    yield noun
                elif noun.lower_ == "part":
                    yield from (c for of in noun.children if of.lower_ == "of" for c in of.children)


def _is_ground(noun: Token, lexicon: Lexicon) -> bool:
    thing = lexicon.thing(noun)
    proposed = any(c.dep_ in {"amod", "acl"} and cue_status(c, lexicon.status_cues) not in {None, "agreed"}
                   for c in noun.children)  # fmt: skip
    return thing is not None and thing[0] == "deal" and thing[1] != "equity" and not proposed


def _is_past(verb: Token) -> bool:
    return verb.tag_ == "VBD" or any(c.dep_ == "aux" and c.lower_ in {"has", "have", "had"} for c in verb.children)


def _is_progressive(verb: Token) -> bool:
    auxiliaries = {c.lower_ for c in verb.children if c.dep_ == "aux"}
    return verb.tag_ == "VBG" and bool(auxiliaries & {"is", "are", "'s", "’s", "'re", "was", "were"})


def _serves_a_purpose(trigger: Token) -> bool:
    """Whether a noun stands in a clause of purpose: "raised money to complete construction"."""
    return trigger.pos_ == "NOUN" and any(
        t.dep_ in {"advcl", "acl"} and any(c.tag_ == "TO" for c in t.children) for t in _chain(trigger)
    )


def _chain(trigger: Token) -> Iterator[Token]:
    """The verbs that carry a trigger: "will go on supplying"."""
    token = trigger
    while token.head != token and token.dep_ in {"xcomp", "dobj", "ccomp", "prt", "pcomp", "prep", "advcl"}:
        token = token.head
        yield token


def _with_particle(verb: Token) -> set[str]:
    return {f"{verb.lemma_.lower()} {c.lower_}" for c in verb.children if c.dep_ in {"prt", "prep", "advmod"}}


def is_hypothetical(trigger: Token) -> bool:
    """Whether a trigger stands under a condition, or says what would be under one."""
    for token in (trigger, *governors(trigger)):
        if any(c.dep_ == "mark" and c.lower_ in _CONDITIONS for c in token.children):
            return True
        if any(c.lower_ == "whether" for c in token.children) and token.head.lemma_.lower() in _ASKING:
            return True
        if token.dep_ in {"ccomp", "relcl"}:
            continue
        condition = any(
            c.dep_ == "advcl" and any(m.dep_ == "mark" and m.lower_ in _CONDITIONS for m in c.children)
            for c in token.children
        )
        if condition and any(c.dep_ == "aux" and c.lower_ in {"would", "might", "could"} for c in token.children):
            return True
    return False


def is_negated(trigger: Token) -> bool:
    """Whether a trigger, or a verb that carries it, is denied: "does not build", "never stopped building"."""
    return any(c.dep_ == "neg" for t in (trigger, *_chain(trigger)) for c in t.children)


def _denials(cues: Mapping[str, str]) -> set[str]:
    return {cue for cue, status in cues.items() if status == "ended"}


def _has_infinitive(token: Token) -> bool:
    return any(
        c.dep_ == "xcomp" and c.pos_ == "VERB" and any(a.tag_ == "TO" for a in c.children) for c in token.children
    )


def _is_finite(verb: Token) -> bool:
    return verb.tag_ in {"VBD", "VBZ", "VBP", "MD"} or any(
        c.dep_ in {"aux", "auxpass"} and c.tag_ in {"VBD", "VBZ", "VBP", "MD"} for c in verb.children
    )


def _lies_ahead(trigger: Token, found: list[Cue]) -> bool:
    return any(c.status == "announced" for c in found) or not _is_fact(trigger)


def _is_fact(trigger: Token) -> bool:
    """Whether a trigger is told as something that is or was; a bare infinitive or a plan is not."""
    if trigger.pos_ not in {"VERB", "AUX"}:
        return True
    if _is_finite(trigger) or is_passive(trigger) or trigger.tag_ in {"VBG", "VBN"}:
        return True
    return not any(c.tag_ == "TO" for c in trigger.children)
