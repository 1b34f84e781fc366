"""Places in an article: towns, regions, plants, areas and countries, with the country each lies in.

Listed places come from the reference, all at once. A place that nobody listed is believed on its surroundings: "in
Foo, Illinois", "its Foo plant", "Foo County", or a preposition of place before a name that is nothing else; what it is
then called, and any name that stands as a place stands, is looked up among the towns of the world. A country's
name may be a place or an actor ("in China", "China imposed"): `FoundPlace.position` says how it stands.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Final

import ahocorasick
from spacy.tokens import Doc, Token

from evpact.ids import fold
from tasks.extraction.datelines import datelines
from tasks.extraction.numbers import alternatives
from tasks.extraction.spans import Extent, char_span
from tasks.extraction.towns import Town, load_towns, meant
from tasks.rows import read_rows

if TYPE_CHECKING:
    from evpact.reference import Reference

_WORD = r"[A-ZÀ-ÖØ-ÞĀ-Ž][\w'’-]*"
_NAME = rf"{_WORD}\.?(?:\s(?:(?:de|do|da|dos|das|del|di|la|le|upon|am|an der|of)\s)?{_WORD}){{0,4}}"
_WORD_LISTS: Final = ("place_words.csv", "things.csv")
_RUN_WORD: Final = r"(?:[^\W\d_a-zß-öø-ÿ](?:[\w’']|-(?!based\b|headquartered\b))*|(?<=\w-)\w+)"
_RUN: Final = re.compile(
    rf"(?<![\w&.’'-])(?:St\.?\s)?{_RUN_WORD}"
    rf"(?:[ -](?:(?:de|do|da|dos|das|del|di|la|le|am|an der|upon|el|al)[ -])?{_RUN_WORD})*"
)
"""A whole run of capitalised words: part of a longer name is no town."""
_POSSESSIVE: Final = re.compile(r"[’']s?$")
_TOWARDS: Final = {"from", "of", "between", "and"}
_COMMA: Final = re.compile(r",\s")
_BEHIND_TOWN: Final = re.compile(rf"{_WORD},\s$")
_APPOSITIONS: Final = {"appos", "conj"}
_ATTRIBUTES: Final = {"amod", "compound", "nmod", "poss", "npadvmod"}
_PLACE_LABELS: Final = {"GPE", "LOC", "FAC"}
_PLACING: Final = {"in", "near", "outside", "at"}
_SETTLED: Final = {"town", "region", "plant"}
"""Kinds of place from which something is delivered: "cells from Tennessee"; "cars from China" tells an origin."""
_WHO: Final = {"nsubj", "nsubjpass", "appos", "attr"}
"""Positions of somebody who comes "from" a place."""
_NOT_PLACED: Final = {"invest", "stake", "share", "interest", "investment", "holding", "believe", "confidence", "trust"}
"""Words whose "in" leads to a company."""


@dataclass(frozen=True, slots=True)
class FoundPlace:
    """A place in a text.

    Attributes:
        start: Offset of its first character.
        end: Offset behind its last character.
        text: The place as written.
        kind: `town`, `region`, `plant`, `area` or `country`.
        country: ISO 3166-1 alpha-2 code or `EU`; None if unknown or if it spans countries.
        latitude: Degrees north, or None.
        longitude: Degrees east, or None.
        strong: Whether the reference lists it; else its surroundings alone speak for it.
        position: How it stands: `locative` ("in China", "near Ankara"), `attributive` ("its Spanish plant", "UK sales",
            "Sunderland's factory") or `other` ("China imposed", "the Chinese maker", "cars from China").
        preposition: The preposition that governs it, in lower case, or None.
    """

    start: int
    end: int
    text: str
    kind: str
    country: str | None
    latitude: float | None = None
    longitude: float | None = None
    strong: bool = True
    position: str = "other"
    preposition: str | None = None

    @property
    def in_locative(self) -> bool:
        """Whether it says where something is."""
        return self.position != "other"


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    kind: str
    country: str | None
    latitude: float | None = None
    longitude: float | None = None
    region: str | None = None
    weak: bool = False


class Gazetteer:
    """The places of the reference, found all at once, and the words that stand beside places."""

    def __init__(self, reference: Reference, folder: Path) -> None:
        """Build the automaton.

        Args:
            reference: Countries and places.
            folder: Folder of reference tables with `place_words.csv`, `region_abbreviations.csv` and `things.csv`.
        """
        self._entries: dict[str, list[_Entry]] = {}
        for row in reference.countries.iter_rows(named=True):
            whole = _Entry(row["name"], "country", row["code"], row["latitude"], row["longitude"])
            self._add([row["name"], *row["aliases"], *row["demonyms"]], whole)
            self._add(row["capitals"], _Entry(row["name"], "town", row["code"]))
        for row in reference.places.iter_rows(named=True):
            entry = _Entry(
                row["name"],
                row["kind"],
                row["country"],
                row["latitude"],
                row["longitude"],
                row["region"],
                bool(row["weak"]),
            )
            self._add([row["name"], *row["aliases"]], entry)
        for row in _rows(folder / "region_abbreviations.csv"):
            self._add([row["abbreviation"]], _Entry(row["region"], "region", row["country"], weak=True))
        words = [(row["word"], row["class"]) for name in _WORD_LISTS for row in _rows(folder / name)]
        by_class = {kind: [word for word, of in words if of == kind] for _, kind in words}
        for name in by_class["area"]:  # adjectives: "North American" is not American
            self._add([name], _Entry(name, "area", None))
        self._automaton = ahocorasick.Automaton()
        for name in self._entries:
            self._automaton.add_word(name, name)
        self._automaton.make_automaton()
        self.prepositions = frozenset(by_class["preposition"])
        self.hosts = frozenset(by_class["site"] + by_class["market"] + by_class["settlement"])
        self.authorities = frozenset(by_class["authority"])
        self.settlements = frozenset(by_class["settlement"])
        self.common = frozenset(fold(row["word"]) for row in read_rows(folder / "common_words.csv", "word"))
        sites = alternatives(by_class["site"])
        self.site_after = re.compile(rf"\s(?:(?:\w+[\s-]){{0,2}}?)(?:{sites})(?:s|es|ies)?\b", re.IGNORECASE)
        self.plant_name = re.compile(
            r"(?:\b(?:its|their|the|a|an|new|own|old|at|our|largest|main)|['’]s?)\s"
            rf"(?P<name>{_NAME})(?:\sand\s(?P<second>{_NAME}))?"
            rf"(?P<noun>\s(?:(?:car|battery|assembly|vehicle|engine|cell|truck|production)\s)?(?:{sites})s?)\b"
        )
        self.suffixed = re.compile(rf"\b(?P<name>{_NAME})\s(?P<suffix>{alternatives(by_class['suffix'])})\b")
        self.direction_before = re.compile(rf"\b(?:{alternatives(by_class['direction'])})\s$", re.IGNORECASE)
        self.before_unknown = re.compile(
            rf"\b(?:{alternatives(self.prepositions)}|of|from|between|and)\s"
            rf"(?:(?:the\s)?(?:{alternatives(self.settlements)})\sof\s)?(?P<name>{_NAME}),\s$"
        )

    def _add(self, names: Iterable[str], entry: _Entry) -> None:
        for name in names:
            if len(name) > 1:
                self._entries.setdefault(_plain(name), []).append(entry)

    def lists(self, name: str) -> bool:
        """Whether the reference knows a name, as whatever."""
        return _plain(name) in self._entries

    def find(self, text: str) -> Iterator[tuple[Extent, list[_Entry]]]:
        """Listed names in the order of the text, the longest where several overlap, with what each may be."""
        plain, end = _plain(text), 0
        found = [(last + 1 - len(name), last + 1, name) for last, name in self._automaton.iter(plain)]
        for start, stop, name in sorted(found, key=lambda hit: (hit[0], -hit[1])):
            alone = not _is_word(plain[start - 1 : start]) and not _is_word(plain[stop : stop + 1])
            alone = alone and plain[stop : stop + 1] != "$"  # "US$200 million"
            if start >= end and alone:
                end = stop
                yield (start, stop), self._entries[name]

    def countries(self, text: str) -> Iterator[str]:
        """The country of every name in a text that can mean a place in one country alone, again for each mention."""
        for _, entries in self.find(text):
            country = entries[0].country
            if country and not any(each.weak or each.country != country for each in entries):
                yield country


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _plain(text: str) -> str:
    """The text without accents and with plain apostrophes and hyphens, character for character."""
    return "".join(_PLAIN.get(c) or unicodedata.normalize("NFKD", c)[0] if c > "\x7f" else c for c in text)


_PLAIN: Final = {
    "’": "'",
    "‘": "'",
    "‐": "-",
    "‑": "-",
    "ł": "l",
    "Ł": "L",
    "ø": "o",
    "Ø": "O",
    "ß": "s",
    "đ": "d",
    "Đ": "D",
    "ı": "i",
}


def _is_word(character: str) -> bool:
    return bool(character) and (character.isalnum() or character == "_")


def find_places(
    doc: Doc, gazetteer: Gazetteer, avoid: Collection[Extent] = (), actors: Collection[str] = ()
) -> tuple[FoundPlace, ...]:
    """The places of a parsed text in the order of the text, without overlaps.

    Args:
        doc: Text with tags, syntax and entities.
        gazetteer: The places and words to read it by.
        avoid: Stretches of characters that are something else: organisations, people, products, dates, figures.
        actors: Folded names of organisations and people in the text, which are no towns.
    """
    text = doc.text
    taken = list(avoid)
    found: list[FoundPlace] = []
    for place in (*_listed(doc, text, gazetteer, avoid), *_told(doc, text, gazetteer, avoid)):
        if not _overlaps(place.start, place.end, taken):
            found.append(place)
            taken.append((place.start, place.end))
    found += [
        place for place in _before_a_region(doc, text, gazetteer, found) if not _overlaps(place.start, place.end, taken)
    ]
    taken += [(place.start, place.end) for place in found]
    found += [place for place in _behind_preposition(doc, text) if not _overlaps(place.start, place.end, taken)]
    taken += [(place.start, place.end) for place in found]
    found.sort(key=lambda place: place.start)
    found = _in_the_world(doc, text, gazetteer, found, taken, actors)
    placed = [_positioned(doc, place, gazetteer) for place in found]
    return tuple(_chained(doc, text, [p for p in placed if p.strong or p.in_locative or p.kind == "plant"]))


def countries_of(places: Iterable[FoundPlace]) -> tuple[str, ...]:
    """The countries of places, each once, in their order."""
    return tuple(dict.fromkeys(place.country for place in places if place.country))


def _overlaps(start: int, end: int, extents: Iterable[Extent]) -> bool:
    return any(start < stop and begin < end for begin, stop in extents)


# ------------------------------------------------------------------------------------------------------ listed places


def _listed(doc: Doc, text: str, gazetteer: Gazetteer, avoid: Collection[Extent]) -> Iterator[FoundPlace]:
    hits = [hit for hit in gazetteer.find(text) if not _overlaps(*hit[0], avoid)]
    votes = Counter(
        entries[0].country for _, entries in hits if len({e.country for e in entries}) == 1 and not entries[0].weak
    )
    for i, ((start, end), entries) in enumerate(hits):
        told = _told_behind(text, end, hits[i + 1 :])
        likely = [
            e
            for e in entries
            if not e.weak or e.country in told or _is_named(doc, text, start, end, e, votes, gazetteer)
        ]
        if not likely:
            continue
        # The place in the region or country told behind it, else in the country that the article speaks of most.
        entry = max(
            likely,
            key=lambda e: (e.region in told, e.country in told, votes[e.country], not e.weak, e.latitude is not None),
        )
        start = _with_direction(text, start, entry, gazetteer)
        yield FoundPlace(start, end, text[start:end], entry.kind, entry.country, entry.latitude, entry.longitude)


def _told_behind(text: str, end: int, hits: Sequence[tuple[Extent, list[_Entry]]]) -> set[str | None]:
    """Names and country codes of the region or country behind a comma: "Normal, Illinois"."""
    if hits and _COMMA.fullmatch(text[end : hits[0][0][0]]):
        whole = [entry for entry in hits[0][1] if entry.kind in ("region", "country")]
        return {word for entry in whole for word in (entry.name, entry.country)}
    return set()


def _is_named(
    doc: Doc, text: str, start: int, end: int, entry: _Entry, votes: Counter[str | None], gazetteer: Gazetteer
) -> bool:
    """Whether an everyday word is a place here: behind a preposition or before "plant", in a country at issue."""
    span = char_span(doc, start, end)
    tagged = all(token.ent_type_ in _PLACE_LABELS for token in span)
    named = not span[0].is_sent_start and (tagged or all(token.pos_ == "PROPN" for token in span))
    if entry.kind == "region" and _BEHIND_TOWN.search(text[max(0, start - 20) : start]):
        return True
    behind = span.start > 0 and doc[span.start - 1].lower_ in gazetteer.prepositions
    beside = behind or gazetteer.site_after.match(text, end) is not None
    return named and beside and (tagged or votes[entry.country] > 0)


def _with_direction(text: str, start: int, entry: _Entry, gazetteer: Gazetteer) -> int:
    """Where "northern France" begins."""
    if entry.kind not in ("country", "area", "region"):
        return start
    direction = gazetteer.direction_before.search(text[max(0, start - 20) : start])
    return start - len(direction.group()) if direction else start


# ---------------------------------------------------------------------------------------------------- unlisted places


def _told(doc: Doc, text: str, gazetteer: Gazetteer, avoid: Collection[Extent]) -> Iterator[FoundPlace]:
    """Names that the noun behind them makes places: "its Foo plant", "the Foo and Bar works", "Foo County"."""
    for match in gazetteer.suffixed.finditer(text):
        yield _unlisted(text, match.start("name"), match.end(), "region")
    for match in gazetteer.plant_name.finditer(text):
        for group in ("name", "second"):
            if match[group]:
                start, end = match.span(group)
                yield _unlisted(text, start, match.end() if _is_person(doc, start, end) else end, "plant")


def _is_person(doc: Doc, start: int, end: int) -> bool:
    """Whether a plant is named after somebody: "the Ayrton Senna plant" is no plant in Ayrton Senna."""
    span = char_span(doc, start, end)
    return len(span) > 1 and any(token.ent_type_ == "PERSON" for token in span)


def _before_a_region(doc: Doc, text: str, gazetteer: Gazetteer, found: Sequence[FoundPlace]) -> Iterator[FoundPlace]:
    """Towns between a preposition and a known region or country: "in Foo, Illinois"."""
    for place in found:
        if place.kind in ("region", "country") and place.country:
            lead = text[max(0, place.start - 80) : place.start]
            if match := gazetteer.before_unknown.search(lead):
                offset = place.start - len(lead)
                town = _unlisted(text, offset + match.start("name"), offset + match.end("name"), "town")
                yield replace(town, country=place.country)


def _behind_preposition(doc: Doc, text: str) -> Iterator[FoundPlace]:
    """Names that stand where a place stands, "in Foo", "near Foo", and are nothing else as far as one can see."""
    for preposition in doc:
        if preposition.lower_ not in _PLACING or preposition.head.lemma_ in _NOT_PLACED:
            continue
        name = next((child for child in preposition.children if child.dep_ == "pobj" and child.pos_ == "PROPN"), None)
        if name is None or name.i < preposition.i or name.ent_type_ not in ("", "NORP", *_PLACE_LABELS):
            continue
        start = name.i
        while start - 1 > preposition.i and doc[start - 1].pos_ == "PROPN":
            start -= 1
        if doc[start].text[:1].isupper() and not any(doc[i].like_num for i in range(start, name.i + 1)):
            yield _unlisted(text, doc[start].idx, name.idx + len(name), "town")


def _unlisted(text: str, start: int, end: int, kind: str) -> FoundPlace:
    return FoundPlace(start, end, text[start:end], kind, None, strong=False)


# ------------------------------------------------------------------------------------------------ towns of the world


def _in_the_world(
    doc: Doc,
    text: str,
    gazetteer: Gazetteer,
    found: Sequence[FoundPlace],
    taken: Collection[Extent],
    actors: Collection[str],
) -> list[FoundPlace]:
    """The places, those that nobody listed with what is known of their town, and such towns as were not found yet."""
    votes = Counter(place.country for place in found if place.country)
    persons = _surnames(doc)
    towns = load_towns()

    def looked_up(name: str, start: int, end: int) -> Town | None:
        folded = fold(name)
        if gazetteer.lists(name) or folded in actors or folded in persons or _is_no_town(doc, start, end):
            return None
        if borne := towns.named(name):
            told = _told_country(text, end, found)
            if told:
                return meant([town for town in borne if town.country == told])
            if folded in gazetteer.common or re.search(rf"(?<![\w-]){re.escape(name.lower())}(?![\w-])", text):
                borne = [town for town in borne if town.country in votes]
            return meant(borne, votes)
        return None

    known = [
        replace(place, country=town.country, latitude=town.latitude, longitude=town.longitude)
        if place.country is None
        and place.kind in ("town", "plant")
        and not place.strong
        and (town := looked_up(place.text, place.start, place.end))
        else place
        for place in found
    ]
    reports = list(datelines(text))
    for match in _RUN.finditer(text):
        start, end = match.span()
        name = _POSSESSIVE.sub("", match.group())
        lead, _, rest = name.partition(" ")
        if rest and lead.lower() in gazetteer.prepositions | _TOWARDS:
            start, name = start + len(lead) + 1, rest
        end = start + len(name)
        if _overlaps(start, end, taken):
            continue
        town = looked_up(name, start, end)
        if town and _stands_as_place(doc, text, start, end, town, votes, gazetteer, reports, found):
            known.append(FoundPlace(start, end, name, "town", town.country, town.latitude, town.longitude))
    return sorted(known, key=lambda place: place.start)


def _is_no_town(doc: Doc, start: int, end: int) -> bool:
    """Whether a name is part of a date, or one with an article: "in March", "a Silverado", "the Republic"."""
    span = char_span(doc, start, end)
    article = span.start > 0 and doc[span.start - 1].lower_ in ("a", "an", "the")
    return any(token.ent_type_ == "DATE" for token in span) or (article and span.root.dep_ not in _ATTRIBUTES)


def _surnames(doc: Doc) -> set[str]:
    """Last words of the names of people."""
    return {fold(ent[-1].text) for ent in doc.ents if ent.label_ == "PERSON" and len(ent) > 1}


def _told_country(text: str, end: int, found: Sequence[FoundPlace]) -> str | None:
    """The country told behind a comma: "Jinja, Uganda", "Newnan, Georgia"."""
    for place in found:
        if place.start > end:
            is_whole = place.kind in ("region", "country") and _COMMA.fullmatch(text[end : place.start])
            return place.country if is_whole else None
    return None


def _stands_as_place(
    doc: Doc,
    text: str,
    start: int,
    end: int,
    town: Town,
    votes: Collection[str],
    gazetteer: Gazetteer,
    reports: Sequence[Extent],
    found: Sequence[FoundPlace],
) -> bool:
    """Whether a name stands where places stand."""
    if any(begin <= start < stop for begin, stop in reports) or _told_country(text, end, found):
        return True
    span = char_span(doc, start, end)
    if span[0].is_sent_start:
        return False
    before = doc[span.start - 1].lower_ if span.start else ""
    is_tagged = all(token.ent_type_ in _PLACE_LABELS for token in span)
    if before in gazetteer.prepositions and (before != "to" or is_tagged):
        return doc[span.start - 1].head.lemma_ not in _NOT_PLACED
    return is_tagged and town.country in votes


# ----------------------------------------------------------------------------------------------------------- position


def _positioned(doc: Doc, place: FoundPlace, gazetteer: Gazetteer) -> FoundPlace:
    root = char_span(doc, place.start, place.end).root
    for token in _heads(root):
        if token.dep_ == "pobj":
            preposition = token.head
            if preposition.lower_ in gazetteer.prepositions:
                return replace(place, position="locative", preposition=preposition.lower_)
            if preposition.lower_ == "from" and place.kind in _SETTLED and preposition.head.dep_ not in _WHO:
                return replace(place, position="locative", preposition="from")
            settled = preposition.lower_ == "of" and preposition.head.lemma_.casefold() in gazetteer.settlements
            return replace(place, position="locative" if settled else "other", preposition=preposition.lower_)
    hosts = gazetteer.hosts | gazetteer.authorities if place.kind in _SETTLED else gazetteer.hosts
    if root.dep_ in _ATTRIBUTES and root.head.lemma_.casefold() in hosts:
        return replace(place, position="attributive")
    return place


def _heads(token: Token) -> Iterator[Token]:
    """The token and what it is coordinated with or in apposition to, upwards."""
    yield token
    while token.dep_ in _APPOSITIONS and token.head is not token:
        token = token.head
        yield token


def _chained(doc: Doc, text: str, places: Sequence[FoundPlace]) -> Iterator[FoundPlace]:
    """A region behind a comma stands as the town before it, and the town lies in its country."""
    placed = list(places)
    for i, (town, region) in enumerate(pairwise(placed)):
        if _COMMA.fullmatch(text[town.end : region.start]) and region.kind in ("region", "country"):
            if town.position != "other" and region.position == "other":
                placed[i + 1] = replace(region, position=town.position, preposition=town.preposition)
            if town.country is None and town.kind != "area":
                placed[i] = replace(town, country=region.country)
    yield from placed
