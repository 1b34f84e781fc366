"""Where an article names somebody who may act: listed names, and names that nobody listed.

Listed names come from the reference, all at once. A name that nobody listed is believed on evidence: how it is written
("Foo Motors", "Foo Co."), what is said beside it ("the battery maker Foo", "Foo, a Nevada recycler"), and the place it
has in its sentence together with what the statistical recogniser thinks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Set
from dataclasses import dataclass, replace
from typing import Final

from spacy.tokens import Doc, Span, Token

from evpact.ids import fold
from tasks.extraction.descriptions import Description, description_ending_at
from tasks.extraction.lexicon import Hit, Lexicon, Sense, singulars
from tasks.extraction.persons import find_person_names, name_words, office_tokens, title_at

_INNER_WORDS: Final = {"&", "of", "do", "da", "de", "del", "di", "du", "van", "von"}
_NO_NAME_LABELS: Final = {
    "CARDINAL", "DATE", "EVENT", "FAC", "LANGUAGE", "LAW", "LOC", "MONEY", "NORP", "ORDINAL", "PERCENT", "QUANTITY",
    "TIME", "WORK_OF_ART",
}  # fmt: skip
_PLACE_PREPOSITIONS: Final = {
    "in", "at", "near", "across", "outside", "inside", "within", "throughout", "into", "to", "from", "around", "via",
    "beyond", "off", "toward", "towards", "through",
}  # fmt: skip
_PARTS_OF_PLACES: Final = {
    "area", "capital", "center", "centre", "city", "coast", "east", "north", "outside", "outskirts", "part", "parts",
    "province", "region", "rest", "south", "state", "suburb", "town", "west",
}  # fmt: skip
_SIDE_PREPOSITIONS: Final = {"with", "by", "from", "between", "for", "of"}
_PLACE_PREFIXES: Final = {"East", "Fort", "Lake", "Little", "Mount", "New", "North", "Port", "San", "South", "West"}
_PORTFOLIO_OFFICES: Final = {"minister", "secretary", "commissioner"}
_OBSERVER: Final = Sense("observer", None, "other", None)
_DEAL_PREPOSITIONS: Final = {"with", "between", "from", "to", "by"}
_ENOUGH: Final = 3
"""Small signs in the whole article from which a name is believed."""
_INTRODUCTIONS: Final = {",", ":", "-", "–", "—", "including", "like"}


@dataclass(frozen=True, slots=True)
class Name:
    """A name in an article.

    Attributes:
        start: Its first token.
        end: The token after its last.
        sense: What it stands for; of a name nobody listed, what its surroundings say.
        locative: It only says where, whence or of what nation, so that it does not act.
        product: It is the maker's part of a product's name ("Nissan Leaf").
    """

    start: int
    end: int
    sense: Sense
    locative: bool = False
    product: bool = False


def find_names(doc: Doc, lexicon: Lexicon, title: str | None = None) -> tuple[Name, ...]:
    """All names of organisations, governments and observers, in the order of the text, none overlapping."""
    persons = find_person_names(doc, lexicon.words)
    barred = {i for person in persons for i in range(person.start, person.end)} | set(office_tokens(doc, lexicon.words))
    listed = _Listed(doc, lexicon, barred, title or "").find()
    unlisted = _Unlisted(doc, lexicon, listed, barred, name_words(doc, persons)).find()
    return tuple(sorted([*listed, *unlisted], key=lambda name: name.start))


def description_before(name: Span, lexicon: Lexicon) -> Description | None:
    """The description that leads up to a name: "the Chinese supplier Foo"."""
    last = name.start - 1
    if last < 0 or name[0].is_sent_start or not name.doc[last].text[-1].isalpha() or not name.doc[last].is_lower:
        return None
    return description_ending_at(name.doc, last, lexicon)


def description_after(name: Span, lexicon: Lexicon) -> Description | None:
    """The description set behind a name: "Foo, a Nevada recycler"."""
    doc = name.doc
    comma = name.end
    if comma + 2 >= len(doc) or doc[comma].text != ",":
        return None
    for last in range(comma + 1, min(comma + 14, len(doc))):
        if (doc[last].is_punct and doc[last].text != "-") or (
            doc[last].pos_ in {"VERB", "AUX"} and doc[last].tag_ != "VBN"
        ):
            return None
        found = description_ending_at(doc, last, lexicon)
        if found is not None and found.start == comma + 1:
            return found if found.determiner or found.possessor is not None else None
        if found is not None and doc[comma + 1 : found.start].text.lower() == "one of":
            return found
    return None


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
    """Whether the letters of the one stand in the other, in their order ("Antam", "Aneka Tambang")."""
    letters = iter(fold(long))
    return short.isalnum() and all(letter in letters for letter in fold(short))


def _end_of_capitals(doc: Doc, start: int, lexicon: Lexicon, stops: Set[int]) -> int:
    """The end of the words of a name that go on at a token: a legal form, an office or the sentence ends them."""
    end = start
    while end < len(doc) and end not in stops and doc[end - 1].text not in lexicon.words.legal_forms:
        if _is_name_word(doc, end) or _is_electric_prefix(doc, end):
            end += 1
        elif end + 1 not in stops and _is_name_word(doc, end + 1) and _joins(doc, end, lexicon):
            end += 2
        else:
            break
    return end


def _is_name_word(doc: Doc, i: int) -> bool:
    """Whether a token goes on with a name: capitalised, within the sentence, no adjective of nationality."""
    if i >= len(doc) or doc[i].is_sent_start or doc[i].is_punct:
        return False
    return doc[i].text[:1].isupper() and doc[i].ent_type_ != "NORP"


def _is_electric_prefix(doc: Doc, i: int) -> bool:
    """Whether a lower-case letter begins a word of a name, as in "e-Mobility"."""
    return i + 2 < len(doc) and len(doc[i]) == 1 and doc[i].is_lower and doc[i + 1].text == "-" and doc[i + 2].is_title


def _joins(doc: Doc, i: int, lexicon: Lexicon) -> bool:
    """Whether a word may stand within a name: "&", "do", an inner hyphen, "and" where the recogniser sees one name."""
    token = doc[i]
    if token.text == "-":
        return not token.whitespace_ and not doc[i - 1].whitespace_
    if token.text == "of" and lexicon.is_authority(doc[i - 1].text):
        return True
    if token.text in {"of", "and"}:
        following = doc[i + 1] if i + 1 < len(doc) else token
        return token.ent_type_ == "ORG" and token.ent_iob_ == "I" and following.ent_iob_ == "I"
    return token.text in _INNER_WORDS


def _legal_end(doc: Doc, start: int, lexicon: Lexicon) -> int:
    """The end of legal forms that follow, with the commas between them ("Foo Co., Ltd.")."""
    end = start
    while end < len(doc):
        following = end + 1 if doc[end].text == "," and end + 1 < len(doc) else end
        if doc[following].text not in lexicon.words.legal_forms or doc[following].is_sent_start:
            break
        end = following + 1
    return end


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
        return span.start > 1 and doc[span.start - 1].text == "(" and doc[span.start - 2].text in no_organizations

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
        end = _end_of_capitals(doc, span.end, lexicon, stops)
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
        legal_end = _legal_end(doc, span.end, lexicon)
        if not tail or legal_end >= end:
            return Name(span.start, max(legal_end, span.end), sense, product=not tail and _is_numbered(doc, span.end))
        if ending is not None and tail[-1] not in lexicon.words.no_organizations:
            end = _legal_end(doc, end, lexicon)
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
        return token.text in self._lexicon.homes or token.ent_type_ == "GPE" or token.text in _INNER_WORDS

    def _is_determined(self, span: Span, end: int) -> bool:
        """Whether a thing at a place is meant, not a unit: "the Nissan Sunderland plant"."""
        doc = self._doc
        thing = end < len(doc) and doc[end].is_lower and doc[end].pos_ == "NOUN"
        return thing or (span.start > 0 and doc[span.start - 1].tag_ in {"DT", "PRP$"})

    def _is_of_country(self, tail: list[str]) -> bool:
        return len(tail) > 2 and tail[-2] == "of" and tail[-1] in self._lexicon.homes

    def _named_after_country(self, span: Span, end: int, sense: Sense, kind: str) -> Name:
        """As in "China Passenger Car Association"; an authority, as in "US Treasury", stands for its country."""
        end = _legal_end(self._doc, end, self._lexicon)
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


def _acts(span: Span) -> bool:
    """Whether a country or a capital is somebody here, rather than somewhere or an adjective."""
    root, doc = span.root, span.doc
    if span.end < len(doc) and doc[span.end].text == "-":
        return False
    while root.dep_ in {"conj", "appos"}:
        root = root.head
    if root.dep_ == "pobj":
        preposition = root.head
        return preposition.lower_ not in _PLACE_PREPOSITIONS and preposition.head.lower_ not in _PARTS_OF_PLACES
    return root.dep_ in {"nsubj", "nsubjpass", "agent", "dobj", "iobj", "dative", "attr"}


class _Unlisted:
    """Names that the reference lacks in one article."""

    def __init__(
        self, doc: Doc, lexicon: Lexicon, listed: list[Name], barred: set[int], surnames: frozenset[str]
    ) -> None:
        self._doc = doc
        self._lexicon = lexicon
        self._barred = barred
        self._surnames = surnames
        self._models = {doc[name.end].text for name in listed if name.product and name.end < len(doc)}
        self._listed = {i for name in listed for i in range(name.start, name.end)}
        self._organizations = {
            i for name in listed if name.sense.category == "organization" for i in range(name.start, name.end)
        }

    def find(self) -> Iterator[Name]:
        """Names believed for what stands beside them, then those for which enough small signs add up."""
        doubtful: dict[str, list[Span]] = defaultdict(list)
        believed: dict[str, Sense] = {}
        for run in self._runs():
            sense = None if self._is_no_name(run) else self._sense(run)
            if sense is not None:
                self._organizations.update(range(run.start, run.end))
                believed.setdefault(run.text, sense)
                yield Name(run.start, run.end, sense)
            elif not self._is_no_name(run):
                doubtful[run.text].append(run)
        for text, runs in doubtful.items():
            if text in believed:
                yield from (Name(run.start, run.end, believed[text]) for run in runs)
                continue
            places = sum(run.root.ent_type_ in {"GPE", "LOC", "FAC"} for run in runs)
            if 2 * places >= len(runs):
                continue
            if sum(min(self._support(run), 2) for run in runs) >= _ENOUGH:
                sense = Sense("organization", None, "other", self._country_in(text.split()))
                yield from (Name(run.start, run.end, sense) for run in runs)

    def _runs(self) -> Iterator[Span]:
        """Stretches of capitalised words that no listed name has taken, in running sentences."""
        stops = self._listed | self._barred
        for sentence in self._doc.sents:
            i = sentence.end if _is_headline(sentence) else sentence.start
            while i < sentence.end:
                if i in stops or not self._may_begin(self._doc[i]):
                    i += 1
                    continue
                end = _end_of_capitals(self._doc, i + 1, self._lexicon, stops)
                end = _legal_end(self._doc, end, self._lexicon)
                yield self._doc[i:end]
                i = end

    def _may_begin(self, token: Token) -> bool:
        if (
            not token.text[0].isupper()
            or token.is_punct
            or token.ent_type_ == "NORP"
            or (token.is_stop and token.is_sent_start)
        ):
            return False
        if token.text in self._lexicon.words.legal_forms:
            return False
        if token.is_sent_start and token.pos_ != "PROPN":
            return token.ent_type_ in {"ORG", "PRODUCT"} or _is_name_word(token.doc, token.i + 1)
        return True

    def _sense(self, run: Span) -> Sense | None:
        """What a name stands for, or None if there is too little evidence for an organisation."""
        words, lists = [token.text for token in run], self._lexicon.words
        if len(words) > 1 and words[-1] in lists.observer_endings:
            return _OBSERVER
        if self._is_observer(run):
            return _OBSERVER
        ending = self._lexicon.ending_of(words) if len(words) > 1 else None
        kind = self._lexicon.kind_of(words) if ending else ""
        if self._lexicon.is_authority(words[0]) and "of" in words:
            kind = "government"
        if kind == "government" and (nation := self._nation_before(run)) is not None:
            return replace(self._lexicon.countries[nation], category="institution")
        described = (
            description_before(run, self._lexicon) or description_after(run, self._lexicon) or self._said_to_be(run)
        )
        country = self._country_in(words)
        if described is not None:
            return Sense("organization", None, described.kind or kind or "other", described.country or country)
        support = self._support(run)
        if ending is not None and (support or words[-1] in lists.legal_forms or self._looks_like_name(run, ending[0])):
            return Sense("organization", None, kind or "other", country)
        if any(token.ent_type_ in _NO_NAME_LABELS for token in run):
            return None
        needed = 1 if run.root.ent_type_ == "ORG" else 2 if run.root.ent_type_ != "GPE" else _ENOUGH
        return Sense("organization", None, "other", country) if support >= needed else None

    def _is_observer(self, run: Span) -> bool:
        """Whether it comments rather than acts: "research firm Foo", "an analyst at Foo"."""
        end = run.start
        if end > 1 and run.doc[end - 1].lower_ in {"at", "with", "from"}:
            end -= 1
        words = tuple(run.doc[i].lower_ for i in range(max(end - 3, 0), end))
        cues = self._lexicon.words.observer_cues
        return any((*words[first:-1], last) in cues for first in range(len(words)) for last in singulars(words[-1]))

    def _is_no_name(self, run: Span) -> bool:
        """Whether it is a thing, a place, a person, a portfolio ("Heavy Industries Minister") or a share's symbol."""
        if run[-1].text in self._lexicon.words.no_organizations or any(char.isdigit() for char in run.text):
            return True
        doc, before, after = run.doc, run.start - 1, run.end
        if all(token.text in self._surnames or token.text in self._lexicon.words.legal_forms for token in run):
            return True
        if (
            run[0].text in self._models
            or run.text in self._lexicon.homes
            or (len(run) == 1 and run.text in self._lexicon.endings)
        ):
            return True
        follows = doc[after].text if after < len(doc) else ""
        if follows.lower() in _PORTFOLIO_OFFICES:
            return True
        if run.text.isupper() and "." in run.text and len(run) == 1 and follows == ")":
            return True
        if run.text.isupper() and ((before >= 0 and doc[before].text == ":") or follows == ":"):
            return True
        return (before < 0 or doc[before].is_space) and run.text.isupper() and follows in {",", "-", "–", "—", "(", "|"}

    def _looks_like_name(self, run: Span, ending: int) -> bool:
        return any(
            token.ent_type_ in {"ORG", "PERSON", "PRODUCT"} and token.tag_ == "NNP"
            for token in run[: len(run) - ending]
        )

    def _country_in(self, words: list[str]) -> str | None:
        return next((self._lexicon.homes[word] for word in words if word in self._lexicon.homes), None)

    def _support(self, run: Span) -> int:
        """How many signs of its sentence say that a name acts as an organisation."""
        root, doc = run.root, run.doc
        determined = run.start and doc[run.start - 1].tag_ in {"DT", "PRP$"}
        if determined and (len(run) == 1 or (root.dep_ == "compound" and root.head.is_lower)):
            return 0
        points = 0
        if root.dep_ in {"nsubj", "nsubjpass"} and (root.ent_type_ == "ORG" or self._is_acting(root.head)):
            points += 1
        if root.dep_ == "poss" or (root.dep_ == "compound" and root.head.is_lower and not root.is_upper):
            points += 1
        if root.dep_ == "pobj" and root.head.lower_ in _SIDE_PREPOSITIONS:
            points += 1
        if any(other.i in self._organizations for other in _coordinated(root)):
            points += 2
        if self._has_deal(root):
            points += 2
        if self._is_introduced(run) or self._has_office(run) or self._nation_before(run) is not None:
            points += 2
        return points

    def _said_to_be(self, run: Span) -> Description | None:
        """What a sentence says that a name is: "Foo is a battery maker"."""
        verb = run.root.head
        if run.root.dep_ != "nsubj" or verb.lemma_ != "be":
            return None
        nouns = [child for child in verb.children if child.dep_ == "attr"]
        found = description_ending_at(run.doc, nouns[0].i, self._lexicon) if nouns else None
        return found if found is not None and not found.plural else None

    def _has_deal(self, root: Token) -> bool:
        """Whether a name is a side of a deal: "an agreement with Foo", "Foo signed a contract"."""
        while root.dep_ in {"conj", "appos"}:
            root = root.head
        if root.dep_ == "pobj" and root.head.lower_ in _DEAL_PREPOSITIONS:
            above = root.head.head
        elif root.dep_ in {"nsubj", "poss"}:
            above = root.head
        else:
            return False
        told = [above, *(child for child in above.children if child.dep_ == "dobj")]
        return any(token.lemma_.lower() in self._lexicon.words.deals for token in told)

    def _is_acting(self, verb: Token) -> bool:
        """Whether organisations do this: "Foo supplies", "Foo is to supply"."""
        verbs = [verb, *(child for child in verb.children if child.dep_ == "xcomp")]
        return any(each.lemma_ in self._lexicon.words.acting for each in verbs)

    def _has_office(self, run: Span) -> bool:
        """Whether somebody holds an office there: "Foo chairman", "Foo's chief executive"."""
        after = run.end + (run.end < len(run.doc) and run.doc[run.end].tag_ == "POS")
        end = title_at(run.doc, after, self._lexicon.words) if after < len(run.doc) else None
        return end is not None and not self._lexicon.words.titles[tuple(t.lower_ for t in run.doc[after:end])]

    def _nation_before(self, run: Span) -> str | None:
        """The country whose possessive stands right before a name: "China's Foo"."""
        doc, end = run.doc, run.start - 1
        if end < 1 or doc[end].tag_ != "POS":
            return None
        names = (doc[max(end - size, 0) : end].text for size in (3, 2, 1))
        return next((self._lexicon.homes[name] for name in names if name in self._lexicon.homes), None)

    def _is_introduced(self, run: Span) -> bool:
        """Whether a list of names begins here: "four operators, Foo, Bar and Baz", "suppliers such as Foo"."""
        doc, last = run.doc, run.start - 1
        if last > 1 and doc[last].lower_ == "as" and doc[last - 1].lower_ == "such":
            last -= 2
        elif last > 0 and doc[last].lower_ in _INTRODUCTIONS:
            last -= 1
        else:
            return False
        if last > 0 and doc[last].text == ",":
            last -= 1
        found = description_ending_at(doc, last, self._lexicon) if last >= 0 else None
        return found is not None and found.plural


def _coordinated(root: Token) -> list[Token]:
    beside = root.dep_ == "conj" or (root.dep_ == "appos" and root.ent_type_ != "PERSON")
    return ([root.head] if beside else []) + [child for child in root.children if child.dep_ == "conj"]


def _is_headline(sentence: Span) -> bool:
    """Whether most words are capitalised and no sentence is ended, so that capitals mean nothing."""
    words = [token for token in sentence if token.is_alpha]
    last = next((token for token in reversed(sentence) if not token.is_space), None)
    closed = last is not None and last.text in {".", "!", "?", '"', "”", "’", ")", ":"}
    return not closed and sum(token.text[0].isupper() for token in words) >= 0.6 * len(words)
