"""Who an article is about: every organisation and government once, with all that stands for it in the text."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from spacy.tokens import Doc, Span, Token

from evpact.ids import fold
from evpact.settings import REFERENCE
from evpact.vocabulary import ORGANIZATION_KIND
from tasks.extraction.coreference import Draft, History
from tasks.extraction.descriptions import Description, find_descriptions
from tasks.extraction.lexicon import Lexicon, get_lexicon, tokenized
from tasks.extraction.mentions import bracketed, find_names, is_compared, is_place
from tasks.extraction.people import find_people, find_quotes
from tasks.extraction.pieces import Seen
from tasks.extraction.runs import BETWEEN_LEGAL_FORMS, Name, description_after, description_before
from tasks.extraction.towns import load_towns

if TYPE_CHECKING:
    from evpact.reference import Reference

_PRONOUNS: Final = {"it", "its", "they", "their"}
_INITIALS: Final = range(2, 7)
"""Words of a name that may be called by its initials."""
_JOINTS: Final = {"&", "and", "of", "the", "for"}
_OF_LEGAL_FORM: Final = "[cgil]?"
"""A pattern of the initial of a legal form: "Company", "Group", "Inc", "Limited"."""
_SIDE_PREPOSITIONS: Final = {"with", "from", "by", "to", "for", "between"}
_SPEAKERS: Final = {"we", "our", "us", "ours"}
_PARTS: Final = {"arm", "unit", "division", "business", "subsidiary"}
_OWNED: Final = _PARTS | {"brand", "marque", "offshoot", "affiliate"}
_CLAUSE_ENDS: Final = {",", ";", ":", "–", "—", ")", "."}
_NAME_PARTS: Final = re.compile(r"[\s/–-]+")


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch of the text that stands for an entity.

    Attributes:
        start: First character.
        end: Character after the last.
        form: `name`, `description` or `pronoun`.
        locative: It says where, whence or of what nation; whoever it names does not act here.
        product: It is the maker's part of a product's name ("Nissan Leaf").
    """

    start: int
    end: int
    form: str
    locative: bool = False
    product: bool = False


@dataclass(frozen=True, slots=True)
class Entity:
    """An organisation, a government, or an unnamed group that acts as one.

    Attributes:
        id: Number in the order of first mention, from 0.
        name: Fullest name in the article as it stands there, without a leading article.
        aliases: Other names for it in the article.
        kind: A word of `vocabulary.ORGANIZATION_KIND`.
        country: ISO code that the reference or the article gives it, or None.
        org_id: Id in the reference, or None.
        mentions: Where it is spoken of, in the order of the text.
        observer: It reports or comments: a newspaper, an analyst's house, an exchange. It takes part in nothing.
        joint_venture: The article says it is a venture of others.
        parents: Ids of those others.
        members: What the members of a `group` are: a word of `vocabulary.ORGANIZATION_KIND`, or None.
    """

    id: int
    name: str
    aliases: tuple[str, ...]
    kind: str
    country: str | None
    org_id: str | None
    mentions: tuple[Mention, ...]
    observer: bool = False
    joint_venture: bool = False
    parents: tuple[int, ...] = ()
    members: str | None = None

    @property
    def acts(self) -> bool:
        """Whether it may take part in something: no observer, and not merely a place or a product's maker."""
        return not self.observer and any(not m.locative for m in self.mentions)

    def is_of_house_of(self, other: Entity) -> bool:
        """Whether one of two belongs to the other, by what the article calls them."""
        if self.id in other.parents or other.id in self.parents:
            return True
        words = [{w.lower() for name in (e.name, *e.aliases) for w in name.split()[:1]} for e in (self, other)]
        return bool(words[0] & words[1])


class Entities:
    """The entities of one article, by id and by place in the text."""

    def __init__(self, entities: tuple[Entity, ...], by_token: dict[int, tuple[int, ...]]) -> None:
        self.all = entities
        self._by_token = by_token

    def __iter__(self) -> Iterator[Entity]:
        return iter(self.all)

    def __len__(self) -> int:
        return len(self.all)

    def __getitem__(self, number: int) -> Entity:
        return self.all[number]

    def at(self, token: Token | int) -> Entity | None:
        """The entity that a token belongs to, or None if it belongs to none or to several."""
        found = self.all_at(token)
        return found[0] if len(found) == 1 else None

    def all_at(self, token: Token | int) -> tuple[Entity, ...]:
        """All entities that a token stands for: two for "the pair"."""
        return tuple(self.all[i] for i in self._by_token.get(token if isinstance(token, int) else token.i, ()))

    def named_in(self, venture: Entity) -> set[int]:
        """The other organisations whose names stand within somebody's name: in "LG Magna e-Powertrain" it is two."""
        words = _NAME_PARTS.split(venture.name)
        parts = {tuple(words[i:j]) for i in range(len(words)) for j in range(i + 1, len(words) + 1)}
        return {
            other.id
            for other in self.all
            if other.id != venture.id
            and other.kind not in {"group", "government"}
            and any(tuple(_NAME_PARTS.split(name)) in parts for name in (other.name, *other.aliases))
        }

    def of(self, phrase: Span) -> tuple[Entity, ...]:
        """The entities that the head of a noun phrase stands for."""
        return self.all_at(phrase.root)

    def with_pronouns(self, doc: Doc, spoken: Mapping[int, int]) -> Entities:
        """The same entities with further pronouns: the id of an entity by token."""
        if not spoken:
            return self
        added = {i: [_pronoun(doc[token]) for token, owner in spoken.items() if owner == i] for i in spoken.values()}
        entities = tuple(
            replace(e, mentions=tuple(sorted([*e.mentions, *added.get(e.id, [])], key=lambda m: (m.start, m.end))))
            for e in self.all
        )
        return Entities(entities, self._by_token | {token: (owner,) for token, owner in spoken.items()})

    def within(self, start: int, end: int) -> tuple[Entity, ...]:
        """The entities spoken of between two tokens, in their order, each once."""
        found = {entity.id: entity for i in range(start, end) for entity in self.all_at(i)}
        return tuple(found.values())


def _pronoun(token: Token) -> Mention:
    return Mention(token.idx, token.idx + len(token), "pronoun")


def link_entities(
    doc: Doc, reference: Reference, title: str | None = None, folder: Path = REFERENCE, seen: Seen | None = None
) -> Entities:
    """Find out who is spoken of in an article, and where.

    Args:
        doc: The parsed text (`tasks.extraction.nlp.parse`).
        reference: Organisations and countries known beforehand.
        title: The headline, which helps to decide whether an everyday word is a name; it yields no mentions.
        folder: Folder of the word lists.
        seen: The article as the encoder sees it, which helps to tell names that nobody listed.

    Returns:
        The entities in the order of first mention. What stands for nobody certain is left out.

    Raises:
        ReferenceDataError: A word list is missing or wrong.
    """
    entities = _Linker(doc, get_lexicon(reference, folder), title, seen).link()
    return _with_speakers(doc, entities)


def _with_speakers(doc: Doc, entities: Entities) -> Entities:
    """The entities with "we" and "our" in quotes of their people."""
    people = find_people(doc, entities)
    houses = {p.name: e.id for p in people for e in entities if p.organization == e.name}
    spoken: dict[int, int] = {}
    for quote in find_quotes(doc, people):
        span = doc.char_span(quote.start, quote.end, alignment_mode="contract")
        if span is not None and quote.person in houses:
            spoken |= {token.i: houses[quote.person] for token in span if token.lower_ in _SPEAKERS}
    return entities.with_pronouns(doc, spoken)


def _has_initials(words: Sequence[str]) -> bool:
    """Whether a name may be called by the first letters of its words: "Harrow & Pike"."""
    return len(words) in _INITIALS and all(word[0].isupper() or word == "&" for word in words)


def _letters(word: str) -> str:
    """A pattern of the first letter of a word and any of the others: "AW" and "A" of "Antriebswerk", or none of "&"."""
    if word in _JOINTS:
        return f"{re.escape(word[0])}?"
    return re.escape(word[0]) + "".join(f"{re.escape(letter)}?" for letter in word[1:])


class _Linker:
    """One pass over one article."""

    def __init__(self, doc: Doc, lexicon: Lexicon, title: str | None, seen: Seen | None) -> None:
        self._doc = doc
        self._lexicon = lexicon
        self._names = find_names(doc, lexicon, title, seen)
        self._drafts: list[Draft] = []
        self._by_key: dict[tuple[str, str], int] = {}
        self._forms: dict[str, int] = {}
        self._rare_forms: dict[str, int] = {}
        self._since: dict[str, int] = {}  # where the name stands that a form is short for
        self._spelled: list[tuple[int, str]] = []  # patterns of what may abbreviate a name
        self._listed: dict[str, int] = {}
        self._mentions: list[tuple[int, Mention]] = []
        self._named: set[int] = set()
        self._owning: dict[int, tuple[int, ...]] = {}  # whose part is told, by the offset of a name that only owns it
        self._history = History(doc, self._drafts, lexicon)

    def link(self) -> Entities:
        """Go through the article from its beginning, so that each phrase sees only what stands before it."""
        owners = self._owners()
        owners.update(self._short_forms(owners))
        described = self._described(owners)
        self._named = {i for name in owners for i in range(name.start, name.end)}
        steps: list[tuple[int, Callable[[], None]]] = []
        steps += [(name.start, partial(self._take_name, name, number)) for name, number in owners.items()]
        steps += [
            (d.start, partial(self._take_description, d, described))
            for d in find_descriptions(self._doc, self._lexicon)
        ]
        steps += [(t.i, partial(self._take_pronoun, t)) for t in self._doc if t.lower_ in _PRONOUNS]
        for _, step in sorted(steps, key=lambda step: step[0]):
            step()
        return self._finish()

    # Names

    def _owners(self) -> dict[Name, int]:
        """The entity of every name: listed ones first, then the longer ones, so that short forms find them."""
        ordered = sorted(self._names, key=lambda n: (n.sense.org_id is None, n.start - n.end, n.start))
        owners = {name: self._owner(name) for name in ordered}
        longer = self._longer_names(owners)
        called = {name: self._called_short(name, longer.get(self._text(name), []), owners) for name in ordered}
        # What a name that turned out to be another's may be called for short is that other's too.
        moved = {owners[name]: number for name, number in called.items()} | {n: n for n in called.values()}
        # Two letters are many things: they are a name only where they look like one.
        forms = {form: number for form, number in self._rare_forms.items() if len(form) > 2} | self._forms
        self._forms = {form: moved[number] for form, number in forms.items()}
        return called

    def _longer_names(self, owners: dict[Name, int]) -> dict[str, list[Name]]:
        """Listed names of several words, by what they may be called for short, in the order of the text.

        That is each of their beginnings, with the first word or without it.
        """
        longer: dict[str, list[Name]] = defaultdict(list)
        seen: set[tuple[str, int]] = set()
        for name in sorted(owners, key=lambda name: name.start):
            text = self._text(name)
            if name.sense.org_id is not None and (text, owners[name]) not in seen:
                seen.add((text, owners[name]))
                words = text.split()
                for first in (0, 1):
                    for end in range(first + 1, len(words) + first):
                        longer[" ".join(words[first:end])].append(name)
        return longer

    def _called_short(self, name: Name, longer: list[Name], owners: dict[Name, int]) -> int:
        """The entity of a name; of a short one, the full name before it where it is another's name or nobody's.

        "Electra" is a charging network, but "Electra Battery Materials" may be called by its first word too; who has
        read of "Volvo Group", or of "Volvo Buses" and never of "Volvo Cars", takes "Volvo" for it, though the carmaker
        is called so as well. "SK" is rather "SK On" than "BlueOval SK".
        """
        text = self._text(name)
        nobodys = name.sense.org_id is None and (text in self._lexicon.homes or not self._lexicon.is_common(text))
        kin = any(self._lexicon.are_of_one_house(name.sense, other.sense) for other in longer)
        begins = {other: self._text(other).startswith(text) for other in longer}
        for other in sorted(longer, key=begins.__getitem__, reverse=True):
            if other.start < name.start and (
                nobodys
                or text == self._stem(other)
                or (begins[other] and self._lexicon.are_strangers(name.sense, other.sense))
                or (begins[other] and not kin and self._lexicon.is_short(text, name.sense))
            ):
                return owners[other]
        return owners[name]

    def _owner(self, name: Name) -> int:
        sense = name.sense
        if sense.org_id is None:
            known = self._known_under_other_form(name)
            if known is not None:
                return known
        key = ("id", sense.org_id) if sense.org_id else ("name", fold(self._stem(name)))
        number = self._entity_of(Draft(key, sense.kind, sense.country, sense.org_id, sense.category == "observer"))
        if sense.org_id is None:
            self._add_short_forms(name, number)
        else:
            self._listed[self._text(name)] = number
            if len(words := self._text(name).split()) in _INITIALS[1:]:
                self._spelled.append((number, "".join(re.escape(word[0]) for word in words)))
        short = bracketed(self._doc, name)
        if short is not None:
            self._forms.setdefault(short, number)
        return number

    def _known_under_other_form(self, name: Name) -> int | None:
        """Who bears a name nobody listed: the one it is short for, or whom its abbreviation or its core names.

        "Shenzhen Foobar Technology Co. (Foo)" is Foobar or Foo, if the reference has one of them; "Foos" are of Foo.
        """
        text = self._text(name)
        forms = next((forms for forms in (self._forms, self._rare_forms) if text in forms), None)
        known = self._abbreviated(text) if forms is None else forms[text]
        if known is not None:
            return known
        stem = self._stem(name).split()
        cores = [" ".join(stem[1:end]) for end in range(2, len(stem) + 1)] if stem[0] in self._lexicon.homes else []
        others = [bracketed(self._doc, name) or "", text.removesuffix("s"), *cores]
        return next((self._listed[form] for form in others if form in self._listed), None)

    def _abbreviated(self, text: str) -> int | None:
        """The one name of which a word in capitals has the initials, and of one nobody listed letters in between."""
        if not (text.isupper() and text.isalpha() and len(text) in _INITIALS):
            return None
        meant = {number for number, letters in self._spelled if re.fullmatch(letters, text, re.IGNORECASE)}
        return meant.pop() if len(meant) == 1 else None

    def _entity_of(self, draft: Draft) -> int:
        """The number of the entity with the draft's key, which becomes a new one if there is none."""
        if draft.key not in self._by_key:
            self._by_key[draft.key] = len(self._drafts)
            self._drafts.append(draft)
        return self._by_key[draft.key]

    def _text(self, name: Name) -> str:
        return self._doc[name.start : name.end].text

    def _stem(self, name: Name) -> str:
        """A name without legal forms and endings that add nothing."""
        end = name.end
        while end - name.start > 1:
            words = [token.text for token in self._doc[name.start : end]]
            ending = self._lexicon.ending_of(words)
            joins = words[-1] in BETWEEN_LEGAL_FORMS
            if not joins and (ending is None or not ending[2] or ending[0] >= len(words)):
                break
            end -= 1 if joins or ending is None else ending[0]
        return self._doc[name.start : end].text

    def _bare(self, name: Name) -> list[str]:
        """The words of a name without legal forms before it either: "Foo Nusantara" of "PT Foo Nusantara"."""
        words = self._stem(name).split()
        while len(words) > 1 and words[0] in self._lexicon.words.legal_beginnings:
            words = words[1:]
        return words

    def _add_short_forms(self, name: Name, number: int) -> None:
        """Forms by which a name nobody listed may be taken up.

        Those are its beginnings, what follows a place in it, its last word ("Officine Foo"), and its initials.
        """
        words = self._bare(name)
        behind_town = len(words) > 2 and bool(load_towns().named(words[0]))
        firsts = [0, 1] if len(words) > 1 and (behind_town or words[0] in self._lexicon.homes) else [0]
        forms = [words[first:end] for first in firsts for end in range(first + 1, len(words) + 1)]
        rare = []
        if len(words) > 1 and words[-1][0].isupper() and not self._lexicon.find(words[-1]):
            rare.append(words[-1:])
        if len(words) > 1:
            endings = self._text(name).split()[len(words) :]
            letters = "".join(map(_letters, words)) + "".join(f"{re.escape(e[0])}?" for e in endings) + _OF_LEGAL_FORM
            self._spelled.append((number, letters))
        rare += [["".join(word[0] for word in words[first:])] for first in (0, 1) if _has_initials(words[first:])]
        for form in forms:
            self._note_form(self._forms, form, number, name.start)
        for form in rare:
            self._note_form(self._rare_forms, form, number, name.start)

    def _note_form(self, forms: dict[str, int], form: list[str], number: int, start: int) -> None:
        """Whom a form means: of several the one who is named first."""
        text = " ".join(form)
        if (len(form) > 1 or self._may_stand_alone(text, number)) and start <= self._since.get(text, start):
            forms[text], self._since[text] = number, start

    def _may_stand_alone(self, word: str, number: int) -> bool:
        """Whether one word of a longer name may mean it: no place, no country's adjective, no everyday word."""
        if self._drafts[number].kind in {"government", "association"} or (len(word) < 3 and word.isalpha()):
            return False
        return not self._lexicon.is_common(word)

    def _short_forms(self, owners: dict[Name, int]) -> dict[Name, int]:
        """Further names: short forms and abbreviations wherever they stand."""
        senses = {number: name.sense for name, number in reversed(owners.items())}
        taken = {i for name in owners for i in range(name.start, name.end)}
        longest = max((len(tokenized(form)) for form in self._forms), default=0)
        found: dict[Name, int] = {}
        beginnings = {tokenized(form)[0] for form in self._forms}
        for i, token in enumerate(self._doc):
            if token.text not in beginnings and token.text.partition("-")[0] not in beginnings:
                continue
            for end in range(min(i + longest, len(self._doc)), i, -1):
                number = self._forms.get(self._doc[i:end].text)
                if number is not None and taken.isdisjoint(range(i, end)) and not is_place(self._doc[i:end]):
                    found[Name(i, end, senses[number])] = number
                    taken.update(range(i, end))
                    break
        return found

    def _take_name(self, name: Name, number: int) -> None:
        span = self._doc[name.start : name.end]
        if name.sense.category != "demonym":
            self._drafts[number].names.append(_without_article(span.text))
        only_owns = number not in self._owning.get(span.start_char, (number,))
        acts = not (name.locative or only_owns or is_compared(span))
        self._note(span, (number,), "name", not acts, name.product)

    def _note(
        self, span: Span, numbers: tuple[int, ...], form: str, locative: bool = False, product: bool = False
    ) -> None:
        if not numbers:
            return
        for number in numbers:
            self._mentions.append((number, Mention(span.start_char, span.end_char, form, locative, product)))
            self._history.add(span.root, number, acting=not (locative or product))
        for token in span:
            if form == "name" or token.i not in self._history.spoken:
                self._history.spoken[token.i] = numbers
        self._history.spoken[span.root.i] = numbers

    # Descriptions

    def _described(self, owners: dict[Name, int]) -> dict[int, int]:
        """Entities by the noun of a description that stands beside their name; the description is learnt from."""
        described = {}
        for name, number in owners.items():
            if name.sense.category == "organization":
                span = self._doc[name.start : name.end]
                for found in (description_before(span, self._lexicon), description_after(span, self._lexicon)):
                    if found is not None:
                        described[found.noun] = number
                        self._learn(number, found)
        return described

    def _learn(self, number: int, found: Description) -> None:
        draft = self._drafts[number]
        if draft.org_id is None:
            draft.country = draft.country or found.country
            draft.kind = found.kind if draft.kind == "other" and found.kind else draft.kind
        if found.refers_back == "venture" and self._is_joint(found):
            draft.ventures.append(found)

    def _is_joint(self, venture: Description) -> bool:
        """Whether others hold a venture: "a joint venture", "a venture of A and B"."""
        following = self._doc[venture.end].lower_ if venture.end < len(self._doc) else ""
        return venture.end - venture.noun > 1 or following in {"of", "between", "with"}

    def _take_description(self, phrase: Description, described: dict[int, int]) -> None:
        if phrase.end - 1 in self._named:
            return
        numbers, form, start = self._meant(phrase, described), "description", phrase.start
        if not numbers and phrase.kind == "government" and phrase.country:
            numbers, form, start = self._government(phrase.country), "name", phrase.modified
        elif not numbers and self._is_unnamed_side(phrase) and not self._is_rest_of_list(phrase):
            numbers, form, start = (self._group(phrase),), "name", self._start_of_origin(phrase)
        if numbers and form == "description":
            self._only_owns(phrase, numbers)
        span = self._doc[start : phrase.end]
        if form == "name":
            for number in numbers:
                self._drafts[number].names.append(span.text)
        self._note(span, numbers, form)

    def _meant(self, phrase: Description, described: dict[int, int]) -> tuple[int, ...]:
        """Those named elsewhere whom a description stands for."""
        if phrase.noun in described:
            return (described[phrase.noun],)
        if phrase.plural or phrase.number:
            definite = phrase.determiner == "definite" or phrase.number == 2
            return self._history.several(phrase) if definite else ()
        if phrase.kind == "government" and phrase.country:
            return ()
        if phrase.possessor is not None:
            return self._part_of_owner(phrase)
        owner = self._history.spoken.get(phrase.start, ()) if phrase.determiner == "possessive" else ()
        if phrase.determiner == "definite" or (owner and phrase.country):
            number = self._history.one(phrase, excluded=owner)
            return () if number is None else (number,)
        return ()

    def _part_of_owner(self, phrase: Description) -> tuple[int, ...]:
        """The owner, of "Volkswagen's Chinese arm"; nobody, of "Geely's Swedish rival"."""
        part = self._doc[phrase.end - 1].lemma_ in _PARTS
        return self._history.spoken.get(phrase.possessor or 0, ()) if part else ()

    def _only_owns(self, phrase: Description, part: tuple[int, ...]) -> None:
        """The owner takes part in nothing that is told of his part.

        In "Foo's battery arm Bar" it is Bar who acts, and in "the Foo group company" whoever was spoken of.
        """
        is_of_group = phrase.noun > 0 and self._doc[phrase.noun - 1].lower_ == "group"
        if self._doc[phrase.end - 1].lemma_ not in _OWNED and not is_of_group:
            return
        last = phrase.noun - 1 if phrase.possessor is None else phrase.possessor
        if last < phrase.start:
            return
        self._owning |= {self._doc[i].idx: part for i in range(phrase.start, last + 1)}

    def _is_unnamed_side(self, phrase: Description) -> bool:
        """Whether a phrase means somebody named nowhere: "Chinese battery makers", "with a European carmaker"."""
        if phrase.kind == "government" or not (phrase.country or phrase.area):
            return False
        if phrase.plural:
            return True
        noun, follows = self._doc[phrase.end - 1], self._doc[min(phrase.end, len(self._doc) - 1)]
        stands_alone = phrase.determiner == "indefinite" and phrase.possessor is None and follows.pos_ != "PROPN"
        is_side = noun.dep_ == "dobj" or (noun.dep_ == "pobj" and noun.head.lower_ in _SIDE_PREPOSITIONS)
        return stands_alone and is_side and not any(child.dep_ == "appos" for child in noun.children)

    def _is_rest_of_list(self, phrase: Description) -> bool:
        """Whether a group is only whoever else there is: "Foo, Bar and other shareholders"."""
        before = [i for i in range(max(phrase.start - 3, 0), phrase.start) if self._doc[i].text != ","]
        is_other = any(self._doc[i].lower_ == "other" for i in range(phrase.start, phrase.noun))
        return is_other and len(before) > 1 and self._doc[before[-1]].lower_ == "and" and before[-2] in self._named

    def _government(self, code: str) -> tuple[int, ...]:
        sense = self._lexicon.countries.get(code)
        if sense is None or sense.org_id is None:
            return ()
        return (self._entity_of(Draft(("id", sense.org_id), "government", code, sense.org_id)),)

    def _group(self, phrase: Description) -> int:
        """The group of that origin; "Chinese firms" are the Chinese carmakers spoken of before."""
        origin = phrase.country or phrase.area or ""
        members = [] if not phrase.plural else [phrase.kind, ""] if phrase.kind else sorted(ORGANIZATION_KIND)
        for kind in members:
            known = self._by_key.get(("group", f"{origin}/{kind}"))
            if known is not None:
                return known
        key = ("group" if phrase.plural else "one", f"{origin}/{phrase.kind}")
        return self._entity_of(Draft(key, "group", phrase.country, None, members=phrase.kind or None))

    def _start_of_origin(self, phrase: Description) -> int:
        """The first word of a group's name: the one that says where it is from."""
        for i in range(phrase.start, phrase.noun):
            if any(self._lexicon.is_origin(self._doc[i : i + size].text) for size in (1, 2)):
                return i
        return phrase.modified

    # Pronouns

    def _take_pronoun(self, token: Token) -> None:
        possessive = token.tag_ == "PRP$"
        subject = token.dep_ in {"nsubj", "nsubjpass"} and not _is_empty(token)
        if possessive or subject:
            numbers = self._history.pronoun(token)
            self._note(self._doc[token.i : token.i + 1], numbers, "pronoun")

    # The result

    def _finish(self) -> Entities:
        order: dict[int, int] = {}
        mentions: dict[int, list[Mention]] = {}
        for number, mention in sorted(self._mentions, key=lambda m: (m[1].start, m[1].end, m[0])):
            if mention.form == "name" and number not in self._owning.get(mention.start, (number,)):
                mention = replace(mention, locative=True)
            order.setdefault(number, len(order))
            mentions.setdefault(number, []).append(mention)
        entities = tuple(self._entity(number, order, tuple(mentions[number])) for number in order)
        by_token = {i: tuple(order[n] for n in numbers) for i, numbers in self._history.spoken.items()}
        return Entities(entities, by_token)

    def _entity(self, number: int, order: dict[int, int], mentions: tuple[Mention, ...]) -> Entity:
        draft = self._drafts[number]
        written = dict.fromkeys(draft.names)
        names = [name for name in written if not name.endswith("s") or name[:-1] not in written]  # "BYDs" is no name
        names = names or [self._lexicon.country_names.get(draft.country or "", "")]
        name = max(names, key=lambda each: (each not in self._lexicon.capitals, len(each)))
        return Entity(
            id=order[number],
            name=name,
            aliases=tuple(other for other in names if other != name),
            kind=draft.kind,
            country=draft.country,
            org_id=draft.org_id,
            mentions=mentions,
            observer=draft.observer,
            joint_venture=bool(draft.ventures),
            parents=tuple(sorted({order[p] for p in self._parents(number) if p in order})),
            members=draft.members,
        )

    def _parents(self, number: int) -> Iterator[int]:
        """Those spoken of in and behind "a joint venture of A and B", up to the end of the clause."""
        for venture in self._drafts[number].ventures:
            end = venture.end
            while end < len(self._doc) and not self._doc[end].is_sent_start and self._doc[end].text not in _CLAUSE_ENDS:
                end += 1
            for i in range(venture.start, end):
                yield from (n for n in self._history.spoken.get(i, ()) if n != number and self._is_company(n))

    def _is_company(self, number: int) -> bool:
        return self._drafts[number].kind not in {"government", "group"} and not self._drafts[number].observer


def _without_article(name: str) -> str:
    return name[4:] if name.lower().startswith("the ") else name


def _is_empty(token: Token) -> bool:
    """Whether "it" means no thing: "it is one of several signs", "it is hard to say"."""
    if token.lower_ != "it" or token.head.lemma_ != "be":
        return False
    return not any(child.dep_ == "acomp" for child in token.head.children)
