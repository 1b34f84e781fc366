"""Where an article names somebody who may act: listed names, and names that nobody listed.

Listed names come from the reference, all at once, each with the rest of it ("Foo Motors Co.", "Foo do Brasil"); of what
is left, `strangers` finds the names that nobody listed.
"""

from __future__ import annotations

from typing import Final

from spacy.tokens import Doc, Span, Token

from evpact.ids import fold
from tasks.extraction.lexicon import Hit, Lexicon, Sense
from tasks.extraction.persons import find_person_names, name_words, office_tokens, surname_tokens
from tasks.extraction.pieces import Seen
from tasks.extraction.runs import INNER_WORDS, Name, description_after, description_before, end_of_capitals, legal_end
from tasks.extraction.strangers import find_strangers, find_sure

_OF_ADDRESS: Final = 3
"""Words before a country in an address: "of Chongqing ,"."""
_PLACE_PREPOSITIONS: Final = {
    "in", "at", "near", "across", "outside", "inside", "within", "throughout", "into", "to", "from", "around", "via",
    "beyond", "off", "toward", "towards", "through",
}  # fmt: skip
_PARTS_OF_PLACES: Final = {
    "area", "capital", "center", "centre", "city", "coast", "east", "north", "outside", "outskirts", "part", "parts",
    "province", "region", "rest", "south", "state", "suburb", "town", "west",
}  # fmt: skip
_UNWRITTEN: Final = " sa"
_COMPARING: Final = {"than", "unlike", "versus"}
_COMPETING: Final = {"compete", "competition", "contend", "vie", "rivalry"}
_OUTDOING: Final = {"overtake", "outdo", "outpace", "outsell", "rival", "surpass", "undercut"}
_PLACE_PREFIXES: Final = {"East", "Fort", "Lake", "Little", "Mount", "New", "North", "Port", "San", "South", "West"}


def find_names(doc: Doc, lexicon: Lexicon, title: str | None = None, seen: Seen | None = None) -> tuple[Name, ...]:
    """All names of organisations, governments and observers, in the order of the text, none overlapping."""
    listed, taken, surnames = known_names(doc, lexicon, title)
    if seen is not None:
        sure = list(find_sure(doc, lexicon, listed, taken, surnames, seen))
        covered = {i for name in sure for i in range(name.start, name.end)}
        listed = [*sure, *(name for name in listed if covered.isdisjoint(range(name.start, name.end)))]
    return tuple(sorted([*listed, *find_strangers(doc, lexicon, listed, taken, surnames, seen)], key=lambda n: n.start))


def known_names(doc: Doc, lexicon: Lexicon, title: str | None = None) -> tuple[list[Name], set[int], frozenset[str]]:
    """The listed names, the tokens of persons and their offices, and the words of the persons' names."""
    persons = find_person_names(doc, lexicon.words)
    taken = {i for person in persons for i in range(person.start, person.end)} | set(office_tokens(doc, lexicon.words))
    taken |= set(surname_tokens(doc, persons))
    return _Listed(doc, lexicon, taken, title or "").find(), taken, name_words(doc, persons)


def bracketed(doc: Doc, name: Name) -> str | None:
    """The short form in brackets right behind a name: "GM" of "General Motors (GM)"."""
    if name.end + 2 >= len(doc) or doc[name.end].text != "(":
        return None
    close = next((i for i in range(name.end + 1, min(name.end + 8, len(doc))) if doc[i].text == ")"), None)
    if close is None:
        return None
    short = doc[name.end + 1 : close].text.strip("\"'“”‘’")
    return (
        short
        if short[:1].isupper() and len(short) > 1 and _abbreviates(short, doc[name.start : name.end].text)
        else None
    )


def _abbreviates(short: str, long: str) -> bool:
    """Whether the letters of the one stand in the other, in their order ("Antam", "Aneka Tambang").

    Some are those of a legal form: "Ersa" is Ensambladora Rioplatense S.A.
    """
    letters = iter(fold(f"{long}{_UNWRITTEN}"))
    return short.isalnum() and all(letter in letters for letter in fold(short))


class _Listed:
    """Names of the reference in one article."""

    def __init__(self, doc: Doc, lexicon: Lexicon, barred: set[int], title: str) -> None:
        self._doc = doc
        self._lexicon = lexicon
        self._barred = barred
        self._title = title

    def find(self) -> list[Name]:
        spans = [(self._span(hit), hit.sense) for hit in self._lexicon.find(self._doc.text)]
        placed = [(span, sense) for span, sense in spans if span is not None]
        things = {span.text for span, _ in placed if self._abbreviates_thing(span)}
        placed = [(span, sense) for span, sense in placed if span.text not in things]
        stops = frozenset(span.start for span, sense in placed if sense.category == "organization") | self._barred
        names: list[Name] = []
        for span, sense in placed:
            name = self._name(span, sense, stops) if not names or span.start >= names[-1].end else None
            if name is not None:
                names.append(name)
        return self._corroborated(names)

    def _abbreviates_thing(self, span: Span) -> bool:
        """Whether the article introduces a listed abbreviation as something else: "Electronic Architecture (CEA)"."""
        doc, no_organizations = self._doc, self._lexicon.words.no_organizations
        is_bracketed = span.start > 1 and doc[span.start - 1].text == "("
        return is_bracketed and span.text.isupper() and doc[span.start - 2].text in no_organizations

    def _span(self, hit: Hit) -> Span | None:
        span = self._doc.char_span(hit.start, hit.end, alignment_mode="expand")
        if span is None or not self._barred.isdisjoint(range(span.start, span.end)):
            return None
        placed = hit.sense.category in {"capital", "country"} and span.start and not span[0].is_sent_start
        return None if placed and self._doc[span.start - 1].text in _PLACE_PREFIXES else span

    def _name(self, span: Span, sense: Sense, stops: frozenset[int]) -> Name | None:
        """A listed name with the rest of it: an ending, a legal form, the unit's place; or a product's name."""
        doc, lexicon = self._doc, self._lexicon
        bare = Name(span.start, span.end, sense)
        if sense.category == "observer":
            return bare
        end = end_of_capitals(doc, span.end, lexicon, stops)
        tail = [token.text for token in doc[span.end : end]]
        ending = lexicon.ending_of(tail[:-2] if self._is_of_country(tail) else tail) if tail else None
        if sense.category != "organization":
            named = ending is not None and (ending[1] or len(tail) > 1)
            if named and tail[-1] not in lexicon.words.no_organizations:
                return self._named_after_country(span, end, sense, lexicon.kind_of(tail))
            return (
                None
                if sense.category == "area"
                else Name(span.start, span.end, sense, locative=sense.category != "institution" and not _acts(span))
            )
        legal = legal_end(doc, span.end, lexicon)
        if not tail or legal >= end:
            return Name(span.start, max(legal, span.end), sense, product=not tail and _is_numbered(doc, span.end))
        if ending is not None and tail[-1] not in lexicon.words.no_organizations:
            end = legal_end(doc, end, lexicon)
            same = self._adds_nothing(tail)
            return Name(
                span.start,
                end,
                sense if same else Sense("organization", None, lexicon.kind_of(tail) or sense.kind, sense.country),
            )
        if not all(self._is_place(token) for token in doc[span.end : end]):
            return Name(span.start, span.end, sense, product=tail[0][0].isupper())
        if self._is_determined(span, end):
            return bare
        country = lexicon.homes.get(tail[-1], sense.country)
        return Name(span.start, end, Sense("organization", None, sense.kind, country))

    def _is_place(self, token: Token) -> bool:
        """Whether a token may name the place of a unit: "Renault Korea", "Renault do Brasil"."""
        return token.text in self._lexicon.homes or token.ent_type_ == "GPE" or token.text in INNER_WORDS

    def _is_determined(self, span: Span, end: int) -> bool:
        """Whether a thing at a place is meant, not a unit: "the Nissan Sunderland plant"."""
        doc = self._doc
        thing = end < len(doc) and doc[end].is_lower and doc[end].pos_ == "NOUN"
        return thing or (span.start > 0 and doc[span.start - 1].tag_ in {"DT", "PRP$"})

    def _is_of_country(self, tail: list[str]) -> bool:
        return len(tail) > 2 and tail[-2] == "of" and tail[-1] in self._lexicon.homes

    def _named_after_country(self, span: Span, end: int, sense: Sense, kind: str) -> Name:
        """As in "China Passenger Car Association"; an authority, as in "US Treasury", stands for its country."""
        end = legal_end(self._doc, end, self._lexicon)
        if kind == "government" and sense.category != "area":
            return Name(span.start, end, Sense("institution", sense.org_id, kind, sense.country))
        return Name(span.start, end, Sense("organization", None, kind or "other", sense.country))

    def _adds_nothing(self, tail: list[str]) -> bool:
        """Whether a name means the same without these words ("Holdings Corp.")."""
        while tail:
            ending = self._lexicon.ending_of(tail)
            if ending is None or not ending[2]:
                return False
            tail = tail[: -ending[0]]
        return True

    def _corroborated(self, names: list[Name]) -> list[Name]:
        """The names without those that are everyday words and that nothing else in the article supports."""
        sure = {name.sense.org_id for name in names if not name.sense.weak}
        sure |= {hit.sense.org_id for hit in self._lexicon.find(self._title) if not hit.sense.weak}
        automotive = self._is_automotive(names)
        return [
            name
            for name in names
            if not name.sense.weak
            or name.sense.org_id in sure
            or (name.sense.category == "organization" and automotive and self._is_supported(name))
        ]

    def _is_automotive(self, names: list[Name]) -> bool:
        makers = any(name.sense.kind in {"automaker", "battery"} and not name.sense.weak for name in names)
        return makers or any(token.lemma_.lower() in self._lexicon.words.products for token in self._doc)

    def _is_supported(self, name: Name) -> bool:
        span = self._doc[name.start : name.end]
        root = span.root
        if root.pos_ != "PROPN" or not span.text[0].isupper():
            return False
        subject = root.dep_ in {"nsubj", "nsubjpass"} and root.head.lemma_ in self._lexicon.words.acting
        beside = description_before(span, self._lexicon) or description_after(span, self._lexicon)
        return subject or root.ent_type_ == "ORG" or beside is not None


def _is_numbered(doc: Doc, end: int) -> bool:
    """Whether a bare number behind a maker's name is a model ("Renault 5"), since no thing counted follows."""
    if end >= len(doc) or not doc[end].is_digit:
        return False
    return end + 1 == len(doc) or doc[end + 1].pos_ not in {"NOUN", "ADJ", "PROPN", "NUM"} or doc[end - 1].i == 0


def is_place(span: Span) -> bool:
    """Whether a word that also begins somebody's name is a place here ("in Worcester")."""
    root = span.root
    return root.ent_type_ in {"GPE", "LOC", "FAC"} and root.dep_ == "pobj" and root.head.lower_ in _PLACE_PREPOSITIONS


def is_compared(span: Span) -> bool:
    """Whether another is only measured against whom a name means: "ahead of Foo", "overtake Foo", "vie with Foo"."""
    root = span.root
    while root.dep_ == "conj":
        root = root.head
    above = root.head
    if root.dep_ == "dobj":
        return above.lemma_ in _OUTDOING
    compared = above.lower_ in _COMPARING or above.head.lemma_ in _COMPETING
    return root.dep_ == "pobj" and (compared or (above.head.lower_, above.lower_) == ("ahead", "of"))


def _ends_address(span: Span) -> bool:
    """Whether it goes with a town before it: "of Chongqing, People's Republic of China,"."""
    doc, start = span.doc, span.start
    if start < _OF_ADDRESS or doc[start - 1].text != "," or not doc[start - 2].text[0].isupper():
        return False
    return doc[start - 3].pos_ == "ADP" and (span.end == len(doc) or doc[span.end].is_punct)


def _acts(span: Span) -> bool:
    """Whether a country or a capital is somebody here, rather than somewhere or an adjective."""
    root, doc = span.root, span.doc
    if (span.end < len(doc) and doc[span.end].text == "-") or _ends_address(span):
        return False
    while root.dep_ in {"conj", "appos"}:
        root = root.head
    if root.dep_ == "pobj":
        preposition = root.head
        return preposition.lower_ not in _PLACE_PREPOSITIONS and preposition.head.lower_ not in _PARTS_OF_PLACES
    return root.dep_ in {"nsubj", "nsubjpass", "agent", "dobj", "iobj", "dative", "attr"}
