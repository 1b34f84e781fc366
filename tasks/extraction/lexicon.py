"""Names and words that tell who acts: the reference tables and word lists, made ready for looking up.

Everything here is built once for a reference and kept; looking up takes time linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import ahocorasick
from spacy.tokens import Doc

from evpact.ids import slug
from evpact.settings import REFERENCE
from tasks.extraction.linear import Linear, read_linear
from tasks.rows import read_rows

if TYPE_CHECKING:
    from evpact.reference import Reference

_PLAIN: Final = str.maketrans("’‘‐‑", "''--")
_NOUN_WORDS: Final = 5


@dataclass(frozen=True, slots=True)
class Sense:
    """What a listed name stands for.

    Attributes:
        category: `organization`, `country`, `capital`, `institution`, `demonym`, `area` or `observer`.
        org_id: Id in the reference, for organisations.
        kind: A word of `vocabulary.ORGANIZATION_KIND`.
        country: ISO code of its home, or of the country itself.
        weak: The name is also an everyday word, so that it needs corroboration.
    """

    category: str
    org_id: str | None
    kind: str
    country: str | None
    weak: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """A listed name in a text, from `start` to `end`."""

    start: int
    end: int
    sense: Sense


@dataclass(frozen=True, slots=True)
class Noun:
    """A word for an organisation.

    Attributes:
        kind: The kind it implies, or "" where it fits any.
        refers_back: Whether "the <noun>" takes up somebody: `yes`, `plural` (only as "the partners"), `venture` (only a
            joint venture), `no` (only where a nation or town says which).
    """

    kind: str
    refers_back: str


@dataclass(frozen=True)
class WordLists:
    """The word lists of `seeds/reference` that this stage reads, keyed by lower-case words."""

    nouns: dict[tuple[str, ...], Noun]
    endings: dict[tuple[str, ...], tuple[str, bool]]
    legal_forms: frozenset[str]
    legal_beginnings: frozenset[str]
    titles: dict[tuple[str, ...], bool]
    title_words: frozenset[str]
    observer_names: frozenset[str]
    observer_endings: frozenset[str]
    observer_cues: frozenset[tuple[str, ...]]
    acting: dict[str, bool]
    areas: frozenset[tuple[str, ...]]
    capital_areas: frozenset[str]
    no_organizations: frozenset[str]
    products: frozenset[str]
    deals: frozenset[str]
    speech_verbs: frozenset[str]
    headquarters: dict[str, tuple[str, frozenset[str]]]


def tokenized(phrase: str) -> tuple[str, ...]:
    """A phrase as the parser cuts it: words and hyphens.

    >>> tokenized("new-energy car maker")
    ('new', '-', 'energy', 'car', 'maker')
    """
    return tuple(re.findall(r"-|[^\s-]+", phrase))


@lru_cache(maxsize=4)
def load_words(folder: Path = REFERENCE) -> WordLists:
    """Read the word lists of a folder.

    Raises:
        ReferenceDataError: One is missing or wrong.
    """
    observers = read_rows(folder / "observers.csv", "word", "class")
    things = read_rows(folder / "things.csv", "word", "class", "kind")
    titles = {
        tokenized(row["title"].lower()): row["observer"] == "yes"
        for row in read_rows(folder / "titles.csv", "title", "observer")
    }
    areas = [row["adjective"] for row in read_rows(folder / "group_areas.csv", "adjective")]
    return WordLists(
        nouns={
            tokenized(row["noun"].lower()): Noun(row["kind"], row["refers_back"])
            for row in read_rows(folder / "organization_nouns.csv", "noun", "kind", "refers_back")
        },
        endings={
            tokenized(row["ending"]): (row["kind"], row["same_organization"] == "yes")
            for row in read_rows(folder / "name_endings.csv", "ending", "kind", "same_organization")
        },
        legal_forms=frozenset(row["form"] for row in read_rows(folder / "legal_forms.csv", "form")),
        legal_beginnings=frozenset(
            row["beginning"]
            for row in read_rows(folder / "name_beginnings.csv", "beginning", "legal_form")
            if row["legal_form"] == "yes"
        ),
        titles=titles,
        title_words=frozenset(word for title in titles for word in title),
        observer_names=frozenset(row["word"] for row in observers if row["class"] == "name"),
        observer_endings=frozenset(row["word"] for row in observers if row["class"] == "ending"),
        observer_cues=frozenset(tokenized(row["word"]) for row in observers if row["class"] == "cue"),
        acting={
            row["word"]: row["only_organizations"] == "yes"
            for row in read_rows(folder / "acting_words.csv", "word", "only_organizations")
        },
        areas=frozenset(tokenized(area.lower()) for area in areas),
        capital_areas=frozenset(area for area in areas if area[0].isupper()),
        no_organizations=frozenset(row["ending"] for row in read_rows(folder / "no_organizations.csv", "ending")),
        speech_verbs=frozenset(row["verb"] for row in read_rows(folder / "speech_verbs.csv", "verb")),
        products=frozenset(row["word"] for row in things if row["class"] == "product"),
        deals=frozenset(row["word"].split()[-1] for row in things if row["class"] == "deal"),
        headquarters={
            row["place"]: (row["country"], frozenset(row["org_ids"].split("|")))
            for row in read_rows(folder / "headquarters.csv", "place", "country", "org_ids")
        },
    )


class Lexicon:
    """Listed names, found all at once.

    Attributes:
        words: The word lists.
        names: The model by which unlisted names are told from other runs of capitalised words.
        country_names: Name of a country or bloc by its code.
        homes: Country code by name of a country, capital or town, so that "the Seoul-based company" is Korean.
        demonyms: Country code by demonym.
    """

    def __init__(self, reference: Reference, words: WordLists, names: Linear) -> None:
        self.words = words
        self.names = names
        self.country_names: dict[str, str] = {}
        self.homes: dict[str, str] = {}
        self.demonyms: dict[str, str] = {}
        self.country_words: set[str] = set()
        self.capitals: set[str] = set()
        self.seated = frozenset(org_id for _, ids in words.headquarters.values() for org_id in ids)
        self._area_words = {word for area in words.capital_areas for word in area.split()}
        self._parents: dict[str, str] = {}
        self._called: dict[str, str] = {}
        self.endings = {word for ending in self.words.endings for word in ending}
        self.countries: dict[str, Sense] = {}
        self._senses: dict[str, Sense] = {}
        self._add_organizations(reference.all_organizations.iter_rows(named=True))
        self._add_countries(reference.countries.iter_rows(named=True))
        self.homes.update({place: country for place, (country, _) in self.words.headquarters.items()})
        self._add_places(reference.places.iter_rows(named=True))
        for adjective in self.words.capital_areas:
            self._senses.setdefault(adjective, Sense("area", None, "other", None))
        for name in self.words.observer_names:
            self._senses.setdefault(name, Sense("observer", None, "other", None))
        self._automaton = ahocorasick.Automaton()
        for name, sense in self._senses.items():
            self._automaton.add_word(name, (len(name), sense))
        self._automaton.make_automaton()

    def _add_organizations(self, rows: Iterable[dict[str, Any]]) -> None:
        for row in rows:
            if row["kind"] == "government":
                self._add_all(
                    [row["name"], *row["aliases"]], Sense("institution", row["org_id"], "government", row["country"])
                )
                continue
            sense = Sense("organization", row["org_id"], row["kind"], row["country"])
            weak = replace(sense, weak=True)
            self._parents[row["org_id"]] = row["parent_id"] or ""
            self._called[row["org_id"]] = row["name"]
            self._add_all(row["weak_aliases"], weak)
            self._add_all([name for name in [row["name"], *row["aliases"]] if name not in row["weak_aliases"]], sense)

    def _add_countries(self, rows: Iterable[dict[str, Any]]) -> None:
        for row in rows:
            code, name = row["code"], row["name"]
            self.country_names[code] = name
            self.countries[code] = Sense("country", slug(name), "government", code)
            self.demonyms.update(dict.fromkeys(row["demonyms"], code))
            self.country_words.update([name, *row["aliases"], *row["demonyms"]])
            self.capitals.update(row["capitals"])
            self.homes.update(dict.fromkeys([name, *row["aliases"], *row["capitals"]], code))
            for category, names in (
                ("country", [name, *row["aliases"]]),
                ("capital", row["capitals"]),
                ("institution", row["government_names"]),
                ("demonym", row["demonyms"]),
            ):
                sense = Sense(category, slug(name), "government", code)
                self._add_all(names, sense)
                # "the Commission" and "the bloc" are somebody else's in other articles.
                vague = [
                    each for each in names if each.startswith("the ") and (category == "institution" or each.islower())
                ]
                self._add_all(vague, replace(sense, weak=True))

    def _add_places(self, rows: Iterable[dict[str, Any]]) -> None:
        for row in rows:
            if row["kind"] in {"town", "region"} and row["country"] and not row["weak"]:
                for name in [row["name"], *row["aliases"]]:
                    self.homes.setdefault(name, row["country"])

    def _add_all(self, names: Iterable[str], sense: Sense) -> None:
        for name in names:
            if len(name) > 1:
                self._senses[name.translate(_PLAIN)] = sense
                if name.startswith("the "):
                    self._senses["T" + name.translate(_PLAIN)[1:]] = sense

    def find(self, text: str) -> list[Hit]:
        """Listed names in the order of the text: whole words, the longest where several overlap."""
        plain = text.translate(_PLAIN)
        found = [
            Hit(end + 1 - length, end + 1, sense)
            for end, (length, sense) in self._automaton.iter(plain)
            if _stands_alone(plain, end + 1 - length, end + 1)
        ]
        return list(_longest(found))

    def kind_of(self, words: Sequence[str]) -> str:
        """The kind that the endings of a name imply, read from behind; "" if none does ("Foo Battery Co.")."""
        while (ending := self.ending_of(words)) is not None and not ending[1]:
            words = words[: -ending[0]]
        return ending[1] if ending else ""

    def is_common(self, word: str) -> bool:
        """Whether a word of a name says nothing on its own: a place, a nation, an area, an ending, a noun."""
        return (
            word in self.homes
            or word in self.demonyms
            or word in self.endings
            or word in self._area_words
            or (word.lower(),) in self.words.nouns
            or word.lower() in self.words.products
        )

    def is_origin(self, word: str) -> bool:
        """Whether a word says where a group is from: "Chinese", "China", "European", "foreign"."""
        return word in self.demonyms or word in self.homes or (word.lower(),) in self.words.areas

    def is_authority(self, word: str) -> bool:
        """Whether a word names a public body: "Ministry", "Department"."""
        return self.words.endings.get((word,), ("", False))[0] == "government"

    def are_strangers(self, short: Sense, long: Sense) -> bool:
        """Whether two listed organisations have nothing to do with each other, in business, nation or ownership."""
        if short.org_id is None or long.org_id is None or short.org_id == long.org_id or short.kind == "automaker":
            return False
        related = short.org_id in self._owners(long.org_id)
        return not related and short.kind != long.kind and short.country != long.country

    def is_short(self, name: str, sense: Sense) -> bool:
        """Whether a listed organisation is only called so for short: "Volvo", but not "Toyota"."""
        return sense.org_id is not None and self._called.get(sense.org_id, name) != name

    def are_of_one_house(self, one: Sense, other: Sense) -> bool:
        """Whether two listed organisations are one, or somebody owns both or one owns the other."""
        if one.org_id is None or other.org_id is None:
            return False
        return not {one.org_id, *self._owners(one.org_id)}.isdisjoint({other.org_id, *self._owners(other.org_id)})

    def _owners(self, org_id: str) -> Iterator[str]:
        """The owners of an organisation upwards; a circle in the data ends the walk."""
        seen = {org_id, ""}
        while (org_id := self._parents.get(org_id, "")) not in seen:
            seen.add(org_id)
            yield org_id

    def noun_ending_at(self, doc: Doc, last: int) -> tuple[int, Noun] | None:
        """The longest organisation noun whose last word is that token, and its first token."""
        for forms in singulars(doc[last].lower_):
            for size in range(_NOUN_WORDS, 0, -1):
                first = last + 1 - size
                if first < 0:
                    continue
                words = (*(doc[i].lower_ for i in range(first, last)), forms)
                if words in self.words.nouns:
                    return first, self.words.nouns[words]
        return None

    def ending_of(self, words: Sequence[str]) -> tuple[int, str, bool] | None:
        """The known ending of a name.

        Returns:
            How many words it has, the kind it implies ("" if none), and whether a form without it means the same
            organisation; or None.
        """
        for size in range(min(3, len(words)), 0, -1):
            tail = tuple(words[-size:])
            if tail in self.words.endings:
                return size, *self.words.endings[tail]
        if words and words[-1] in self.words.legal_forms:
            return 1, "", True
        return None


_lexicons: dict[tuple[str, Path], Lexicon] = {}


def get_lexicon(reference: Reference, folder: Path = REFERENCE) -> Lexicon:
    """The lexicon of a reference and the word lists of a folder, built once.

    Raises:
        ReferenceDataError: A word list is missing or wrong.
    """
    key = (reference.digest, folder)
    if key not in _lexicons:
        _lexicons[key] = Lexicon(reference, load_words(folder), read_linear(folder / "name_weights.csv"))
    return _lexicons[key]


def _stands_alone(text: str, start: int, end: int) -> bool:
    before = text[start - 1] if start else " "
    after = text[end] if end < len(text) else " "
    return not (before.isalnum() or before == "_") and not (after.isalnum() or after in "_$€£¥")


def _longest(hits: list[Hit]) -> Iterator[Hit]:
    end = 0
    for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end)):
        if hit.start >= end:
            yield hit
            end = hit.end


def singulars(word: str) -> Iterator[str]:
    """A lower-case word as it stands, and what it may be the plural of."""
    yield word
    if word.endswith("ies"):
        yield word[:-3] + "y"
    elif word.endswith("s"):
        yield word[:-1]
        yield word[:-2]
