"""Names made comparable: what two spellings of one organisation or group have in common."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final, Self

import polars as pl

from evpact.errors import ReferenceDataError
from evpact.ids import fold, words_of
from evpact.reference import Reference
from evpact.settings import REFERENCE

_Words = tuple[str, ...]
_LONGEST_PHRASE: Final = 8
_JOINTS: Final = {"of", "do", "da", "de", "del", "in", "for", "and"}


@dataclass(frozen=True)
class Affixes:
    """What a name may begin or end with and still name the same organisation.

    Attributes:
        legal_beginnings: Legal forms before the name ("PT"), as folded words, and the article.
        legal_endings: Legal forms behind it ("Co.").
        beginnings: Legal forms and words such as "Groupe".
        endings: Legal forms and words such as "Group" or "Motors".
    """

    legal_beginnings: frozenset[_Words]
    legal_endings: frozenset[_Words]
    beginnings: frozenset[_Words]
    endings: frozenset[_Words]

    @classmethod
    @lru_cache(maxsize=4)
    def load(cls, folder: Path = REFERENCE) -> Self:
        """Read them from `legal_forms.csv`, `name_endings.csv` and `name_beginnings.csv`.

        Raises:
            ReferenceDataError: A list is missing or wrong.
        """
        forms = word_list(folder / "legal_forms.csv", "form")["form"]
        endings = word_list(folder / "name_endings.csv", "ending", "same_organization")
        beginnings = word_list(folder / "name_beginnings.csv", "beginning", "legal_form")
        return cls(
            _phrases(beginnings.filter(legal_form="yes")["beginning"]),
            _phrases(forms),
            _phrases(beginnings["beginning"]),
            _phrases([*forms, *endings.filter(same_organization="yes")["ending"]]),
        )

    def core(self, name: str) -> _Words:
        """The name as people say it, as folded words without legal forms: `shanghai e drive`."""
        return _stripped(words_of(name) or (fold(name),), self.legal_beginnings, self.legal_endings)

    def stem(self, name: str) -> _Words:
        """The core without what is general: `seres` for "Seres Group Co., Ltd."."""
        return _stripped(words_of(name) or (fold(name),), self.beginnings, self.endings)


def _phrases(texts: Iterable[str]) -> frozenset[_Words]:
    return frozenset(words_of(text) for text in texts)


def _stripped(words: _Words, beginnings: Collection[_Words], endings: Collection[_Words]) -> _Words:
    """The words without any of the endings and beginnings, the longest first, as long as a word is left."""
    while size := next((n for n in _sizes(words) if words[-n:] in endings), 0):
        words = words[:-size]
    while size := next((n for n in _sizes(words) if words[:n] in beginnings), 0):
        words = words[size:]
    return words


def _sizes(words: _Words) -> range:
    return range(min(_LONGEST_PHRASE, len(words) - 1), 0, -1)


@dataclass(frozen=True)
class NameParts:
    """Parts of names that say where an organisation is or what it does, rather than who it is.

    Attributes:
        affixes: What leaves a name the same.
        regions: Country code by each name of a country, as folded words; None for areas ("Europe").
        places: Names of towns, regions and countries, and demonyms.
        trades: Endings that say what an organisation does ("Energy").
        plain: Words that alone name nobody ("general", "energy").
    """

    affixes: Affixes
    regions: Mapping[_Words, str | None]
    places: Collection[_Words]
    trades: Collection[_Words]
    plain: frozenset[str]

    @classmethod
    def load(cls, reference: Reference, folder: Path = REFERENCE) -> Self:
        """Read them from the reference, `name_endings.csv` and `plain_words.csv`.

        Raises:
            ReferenceDataError: A list is missing or wrong.
        """
        endings = word_list(folder / "name_endings.csv", "ending", "kind", "same_organization")
        is_area = (pl.col("kind") == "") & (pl.col("same_organization") == "no")
        regions: dict[_Words, str | None] = {words_of(area): None for area in endings.filter(is_area)["ending"]}
        demonyms = set[_Words]()
        for row in reference.countries.sort("code", descending=True).iter_rows(named=True):
            regions |= {words_of(name): row["code"] for name in (row["name"], *row["aliases"])}
            demonyms |= {words_of(demonym) for demonym in row["demonyms"]}
        towns = reference.places.filter(pl.col("kind").is_in(["town", "region", "area"]))
        places = {words_of(name) for row in towns.iter_rows(named=True) for name in (row["name"], *row["aliases"])}
        trades = {words_of(ending) for ending in endings.filter(pl.col("kind") != "")["ending"]}
        listed = word_list(folder / "plain_words.csv", "word")["word"]
        plain = {word for words in trades for word in words} | {word for text in listed for word in words_of(text)}
        return cls(Affixes.load(folder), regions, places | demonyms | regions.keys(), trades, frozenset(plain))

    def arm(self, core: _Words) -> tuple[_Words, str | None] | None:
        """What is left of "BYD do Brasil" without the country it is at, and that country; or None."""
        if core in self.places:  # "Southeast Asia" is no arm of Soueast
            return None
        for size in _sizes(core):
            if core[-size:] in self.regions:
                base = core[:-size]
                while len(base) > 1 and base[-1] in _JOINTS:
                    base = base[:-1]
                return base, self.regions[core[-size:]]
        return None

    def unplaced(self, core: _Words) -> _Words:
        """The name without a town or country in front: `edrive` for "Shanghai Edrive"; as it is if none leads it."""
        return core[next((size for size in _sizes(core) if core[:size] in self.places), 0) :]

    def is_trade(self, words: _Words) -> bool:
        """Whether the words end in what an organisation does."""
        return any(words[-size:] in self.trades for size in range(1, min(_LONGEST_PHRASE, len(words)) + 1))

    def is_telling(self, words: _Words) -> bool:
        """Whether the words name somebody by themselves, rather than a place, a trade or nothing."""
        return words not in self.places and len("".join(words)) > 1 and any(word not in self.plain for word in words)


@dataclass(frozen=True)
class GroupNames:
    """How unnamed groups are called, so that several "automakers from China" are the "Chinese carmakers".

    Attributes:
        nouns: Name of the group by each noun for its members, as folded words; "" for words that say nothing of who
            the members are.
        countries: Country code by each of its names and demonyms, as folded words.
        adjectives: Demonym by country code.
    """

    nouns: Mapping[_Words, str]
    countries: Mapping[_Words, str]
    adjectives: Mapping[str, str]

    @classmethod
    def load(cls, reference: Reference, folder: Path = REFERENCE) -> Self:
        """Read them from `group_names.csv` and from the countries of the reference.

        Raises:
            ReferenceDataError: The list is missing or wrong.
        """
        table = word_list(folder / "group_names.csv", "name", "words")
        nouns = {
            words_of(form): name
            for name, words in table.iter_rows()
            for noun in words.split("|")
            for form in (noun, *_plurals(noun))
        }
        countries = reference.countries.filter(pl.col("demonyms").list.len() > 0).sort("code", descending=True)
        codes = {
            words_of(name): row["code"]
            for row in countries.iter_rows(named=True)
            for name in (row["name"], *row["aliases"], *row["demonyms"])
        }
        adjectives = dict(countries.select("code", pl.col("demonyms").list.first()).iter_rows())
        return cls(nouns, codes, adjectives)

    def name(self, mention: str, country: str | None) -> tuple[str, str | None]:
        """Common name and country of the group that an article names so, and says to be of that country.

        The country is None if none or several are named. Adjectives that tell groups apart ("state-owned") stay.
        """
        countries, qualities, noun = set[str](), list[str](), ""
        for words in self._phrases(words_of(mention)):
            if words in self.countries:
                countries.add(self.countries[words])
            elif words in self.nouns:
                noun = self.nouns[words] or noun
            else:
                qualities.extend(words)
        if not countries and country is not None and country in self.adjectives:
            countries.add(country)
        codes = sorted(countries)
        nationality = " and ".join(sorted(self.adjectives[code] for code in codes))
        name = " ".join(part for part in (nationality, *qualities, noun) if part) or mention
        return name[:1].upper() + name[1:], codes[0] if len(codes) == 1 else None

    def _phrases(self, words: _Words) -> Iterator[_Words]:
        """The words cut into the longest phrases that are listed, and single words."""
        while words:
            sizes = range(min(len(words), _LONGEST_PHRASE), 1, -1)
            size = next((n for n in sizes if words[:n] in self.nouns or words[:n] in self.countries), 1)
            yield words[:size]
            words = words[size:]


@lru_cache(maxsize=4)
def household_names(folder: Path = REFERENCE) -> frozenset[str]:
    """The `org_id` of organisations that are in the news all the time, for one thing or another.

    `household_names.csv` says how many of the articles in `training/` name each among the parties of an event.

    Raises:
        ReferenceDataError: The list is missing or wrong.
    """
    return frozenset(word_list(folder / "household_names.csv", "org_id")["org_id"])


def word_list(path: Path, *columns: str) -> pl.DataFrame:
    """Columns of a word list as text; an empty cell is the empty text."""
    try:
        return pl.read_csv(path, infer_schema=False).select(columns).fill_null("")
    except (OSError, pl.exceptions.PolarsError) as error:
        raise ReferenceDataError(f"{path} cannot be read: {error}. Correct it, or restore it.") from error


def _plurals(noun: str) -> tuple[str, ...]:
    return (noun + "s", noun[:-1] + "ies", noun + "es")
