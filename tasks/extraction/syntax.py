"""Who does what to whom: the grammatical positions around a verb or a noun, over a dependency parse.

Positions are named as frames name them: `subject` and `object` are the logical ones (the passive is undone, control,
coordination and relative clauses are followed), any other position is the preposition that introduces it, and
`<position>_owner` is the owner of what stands there ("CATL's batteries" as object has CATL as `object_owner`). Beside a
noun, `owner` has it, `complement` is what its verb says of it ("its customers include Ford"), and `apposed` is whom it
describes ("Inchcape, the importer of").
Labels are those of the CLEAR scheme that spaCy's English models are trained on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from tasks.extraction.tokens import Token

Slots = dict[str, list[Token]]

_RELATIVE = {"which", "that", "who", "whom", "whose"}
_SUBJECT = {"nsubj", "csubj", "expl"}
_PASSIVE_SUBJECT = {"nsubjpass", "csubjpass"}
_OBJECT = {"dobj", "obj", "attr", "oprd"}
_CARRIED = {"xcomp", "advcl", "ccomp", "conj", "pcomp", "acomp", "dep"}
_WITH = {"alongside": "with"}
_TOGETHER = {"together", "along", "jointly"}
_WHOLES = {"all", "whole", "entirety", "rest", "remainder", "majority", "most", "control", "ownership"}
"""Words for how much of something is meant: "buys all of Foo", "took control of Foo"."""
_DEEP = 6


def slots(trigger: Token) -> Slots:
    """Heads of the noun phrases around a trigger, by position."""
    found = _verb_slots(trigger) if trigger.pos_ in {"VERB", "AUX"} else _noun_slots(trigger)
    return {name: _unique(tokens) for name, tokens in found.items()}


def conjuncts(token: Token) -> list[Token]:
    """The token and everything coordinated with it, also behind "as well as" and "together with"."""
    return [token, *token.conjuncts] if token.dep_ != "conj" else [token, *_later_conjuncts(token)]


def instances(token: Token) -> list[Token]:
    """What stands for a general noun beside it: "four firms, Ford and Kia", "customers such as Ford"."""
    found = [c for c in token.children if c.dep_ == "appos"]
    for preposition in _prepositions(token):
        such = preposition.lower_ == "as" and any(c.lower_ == "such" for c in preposition.children)
        if such or preposition.lower_ in {"including", "like"}:
            found += _objects_of(preposition)
    return [member for each in found for member in conjuncts(each)]


def owners(token: Token) -> list[Token]:
    """Who a thing belongs to or comes from: possessives, names used as modifiers, "of", "from", "by" and "at"."""
    found = [c for c in token.children if c.dep_ in {"poss", "compound", "nmod", "amod"}]
    for preposition in _prepositions(token):
        if preposition.lower_ in {"of", "from", "by", "at"}:
            found += _objects_of(preposition)
    return [owner for each in found for owner in conjuncts(each)]


def is_passive(verb: Token) -> bool:
    """Whether a verb stands in the passive, also as a reduced clause ("parts supplied by", "Owned by Foo, it")."""
    if any(c.dep_ in {"auxpass", "nsubjpass"} for c in verb.children):
        return True
    if verb.dep_ in {"acl", "advcl"} and not any(c.dep_ == "aux" for c in verb.children):
        return verb.tag_ == "VBN" or any(c.dep_ == "agent" for c in verb.children)
    return verb.dep_ == "conj" and verb.tag_ == "VBN" and verb.head.tag_ == "VBN" and is_passive(verb.head)


def surface_subject(verb: Token, depth: int = _DEEP) -> list[Token]:
    """The subject a verb has or inherits: from what it is coordinated with, controlled by, or an attribute of."""
    own = [c for c in verb.children if c.dep_ in _SUBJECT | _PASSIVE_SUBJECT]
    if own:
        return [t for subject in own for t in _antecedent(subject, verb)]
    if depth == 0:
        return []
    head = verb.head
    if verb.dep_ == "relcl":
        return [] if _has_object(verb) is False else [head]
    if verb.dep_ == "acl":
        if verb.tag_ in {"VBG", "VBN"} and not _is_infinitive(verb):
            return [head]
        return _holder(head, depth - 1)
    if verb.dep_ in _CARRIED and head != verb:
        if head.pos_ in {"VERB", "AUX"}:
            controlled = [c for c in head.children if c.dep_ == "dobj"] if verb.dep_ == "xcomp" else []
            return controlled or surface_subject(head, depth - 1)
        if head.pos_ in {"NOUN", "PROPN"}:
            return _holder(head, depth - 1)
        if head.dep_ == "prep" or head.pos_ in {"ADP", "SCONJ"}:
            above = head.head
            if above.pos_ in {"VERB", "AUX"}:
                return surface_subject(above, depth - 1)
            if above.pos_ == "ADJ":  # "is open to building"
                return surface_subject(above.head, depth - 1)
            return _holder(above, depth - 1)
        if head.pos_ == "ADJ":  # "is ready to share"
            return surface_subject(head.head, depth - 1)
    return []


def governors(token: Token) -> Iterator[Token]:
    """Tokens above a trigger, nearest first: the chain that modality, negation and reporting come from."""
    while token.head != token:
        token = token.head
        yield token


def is_below(token: Token, above: Token) -> bool:
    """Whether a word belongs to what another one says, and not to something said beside it ("buys A and builds B")."""
    while token.head != token and token.dep_ != "conj":
        token = token.head
        if token == above:
            return True
    return False


def clause_head(token: Token) -> Token:
    """The verb (or the top) of the clause that a word stands in."""
    while token.head != token and not (
        token.pos_ in {"VERB", "AUX"} and token.dep_ in {"conj", "relcl", "advcl", "ccomp", "parataxis"}
    ):
        token = token.head
    return token


def clause_of(token: Token) -> list[Token]:
    """The words of the clause that a word stands in, with what depends on it."""
    return list(clause_head(token).subtree)


def distance(a: Token, b: Token) -> float:
    """Steps between two words in the parse, and a little for the words between them."""
    above_a = [a, *a.ancestors]
    above_b = [b, *b.ancestors]
    depth = {t.i: n for n, t in enumerate(above_b)}
    steps = next((n + depth[t.i] for n, t in enumerate(above_a) if t.i in depth), len(above_a) + len(above_b))
    return steps + abs(a.i - b.i) / 100


def _verb_slots(verb: Token) -> Slots:
    found: Slots = defaultdict(list)
    passive = is_passive(verb)
    found["object" if passive else "subject"] += surface_subject(verb)
    if verb.dep_ == "relcl" and not passive and not _has_object(verb):
        found["object"].append(verb.head)
    if passive and verb.dep_ in {"acl", "relcl"}:  # "uses parts supplied by": who uses them is concerned
        users = _holder(verb.head, _DEEP)
        found["user"] += users + [t for user in users for t in _holder(user, _DEEP)]
    if verb.dep_ == "amod" and verb.tag_ == "VBN":  # "Amazon-backed Rivian"
        found["object"].append(verb.head)
        found["subject"] += [
            c for c in verb.children if c.dep_ in {"npadvmod", "compound", "nmod", "nsubj"} and c.i < verb.i
        ]
    for child in verb.children:
        if child.dep_ in _OBJECT:
            found["object"] += _antecedent(child, verb)
        elif child.dep_ == "dative" and child.pos_ != "ADP":
            found["object"].append(child)
        elif child.dep_ == "agent":
            found["subject"] += _objects_of(child)
    for subject in list(found["subject"]):
        found["with"] += _companions(subject)
    for preposition in _prepositions(verb):
        if preposition.dep_ != "agent":
            objects = _objects_of(preposition)
            found[_WITH.get(preposition.lower_, preposition.lower_)] += objects
            for name, nested in ((p.lower_, _objects_of(p)) for thing in objects for p in _prepositions(thing)):
                if name in {"by", "with"}:  # "designated for use by"
                    found[name] += nested
    for thing in list(found["object"]):
        if thing.lower_ in _WHOLES:
            found["object"] += [t for p in _prepositions(thing) if p.lower_ == "of" for t in _objects_of(p)]
        for preposition in _prepositions(thing):
            found[_WITH.get(preposition.lower_, preposition.lower_)] += _objects_of(preposition)
    for thing in found["as"]:  # "chosen as supplier by", read as the supplier's
        found["subject" if passive else "by"] += [
            t for p in _prepositions(thing) if p.lower_ == "by" for t in _objects_of(p)
        ]
    return _with_owners(found)


def _companions(subject: Token) -> list[Token]:
    """Who acts together with a subject: "Ford, together with Kia, builds"."""
    found = []
    for preposition in _prepositions(subject):
        together = any(c.lower_ in _TOGETHER for c in (*preposition.children, *subject.children))
        if preposition.lower_ in _WITH or (preposition.lower_ == "with" and together):
            found += _objects_of(preposition)
    return found


def _noun_slots(noun: Token) -> Slots:
    found: Slots = defaultdict(list)
    found["owner"] += [c for c in noun.children if c.dep_ in {"poss", "compound", "nmod", "amod"}]
    found["subject"] += _holder(noun, _DEEP)
    if noun.dep_ == "appos":  # "Inchcape, the importer of"
        found["apposed"].append(noun.head)
    for preposition in _prepositions(noun):
        found[preposition.lower_] += _objects_of(preposition)
    for child in noun.children:
        if child.dep_ in {"acl", "relcl"}:
            for name, tokens in _verb_slots(child).items():
                if name not in {"object", "object_owner"}:
                    found[name] += [t for t in tokens if t != noun]
    verb = noun.head if noun.dep_ in _OBJECT | _PASSIVE_SUBJECT | _SUBJECT else None
    if verb is not None:
        for preposition in _prepositions(verb):
            found["by" if preposition.dep_ == "agent" else preposition.lower_] += _objects_of(preposition)
    while verb is not None and verb.dep_ == "xcomp":  # "agreed with Ford to cancel the contract"
        verb = verb.head
        found["with"] += [t for p in _prepositions(verb) if p.lower_ == "with" for t in _objects_of(p)]
    if noun.dep_ in _SUBJECT:  # "its customers include", "the partner is"
        found["complement"] += [c for c in noun.head.children if c.dep_ in _OBJECT]
    return _with_owners(found)


def _holder(noun: Token, depth: int) -> list[Token]:
    """Who has or does what a noun names: its owner, or the subject of the verb it depends on."""
    owner = [c for c in noun.children if c.dep_ == "poss"]
    if owner or depth <= 0:
        return owner
    head = noun.head
    if noun.dep_ in _OBJECT:
        if is_passive(head):
            return [t for c in head.children if c.dep_ == "agent" for t in _objects_of(c)]
        return surface_subject(head, depth - 1)
    if noun.dep_ in _PASSIVE_SUBJECT:
        return [t for c in head.children if c.dep_ == "agent" for t in _objects_of(c)]
    if noun.dep_ == "nsubj" and _is_infinitive(head) and head.dep_ in {"ccomp", "xcomp"}:
        return surface_subject(head.head, depth - 1)  # "announced a partnership to build", read as a clause
    if noun.dep_ == "pobj":
        above = head.head
        while above.pos_ in {"ADV", "ADP", "PART", "SCONJ"} and above.head != above:  # "walked away from"
            above = above.head
        if above.pos_ in {"VERB", "AUX"}:
            return surface_subject(above, depth - 1)
        if above.pos_ in {"NOUN", "PROPN"}:
            return _holder(above, depth - 1)
    if noun.dep_ == "conj" and head.pos_ in {"NOUN", "PROPN"}:
        return _holder(head, depth - 1)
    return []


def _antecedent(token: Token, verb: Token) -> list[Token]:
    if token.lower_ in _RELATIVE and verb.dep_ == "relcl":
        return [verb.head]
    return [token]


def _has_object(verb: Token) -> bool:
    return any(c.dep_ in _OBJECT and c.lower_ not in _RELATIVE for c in verb.children)


def _is_infinitive(verb: Token) -> bool:
    return any(c.dep_ == "aux" and c.tag_ == "TO" for c in verb.children)


def _prepositions(token: Token) -> Iterator[Token]:
    for child in token.children:
        if child.dep_ in {"prep", "agent"} or (child.dep_ == "dative" and child.pos_ == "ADP"):
            yield child
        elif child.dep_ in {"advmod", "prt"}:  # "together with", "alongside with"
            yield from (c for c in child.children if c.dep_ == "prep")


def _objects_of(preposition: Token) -> list[Token]:
    found = [c for c in preposition.children if c.dep_ in {"pobj", "pcomp"} and c.pos_ != "VERB"]
    for child in preposition.children:
        if child.dep_ == "prep":  # "from within", "out of"
            found += _objects_of(child)
    return found


def _with_owners(found: Slots) -> Slots:
    filled = _with_conjuncts(found)
    owned = {f"{name}_owner": [o for thing in things for o in owners(thing)] for name, things in filled.items()}
    return filled | {name: tokens for name, tokens in owned.items() if tokens}


def _with_conjuncts(found: Slots) -> Slots:
    return {
        name: [member for token in tokens for member in conjuncts(token)] for name, tokens in found.items() if tokens
    }


def _later_conjuncts(token: Token) -> list[Token]:
    found = []
    for child in token.children:
        if child.dep_ == "conj":
            found += [child, *_later_conjuncts(child)]
    return found


def _unique(tokens: Iterable[Token]) -> list[Token]:
    return list(dict.fromkeys(tokens))
