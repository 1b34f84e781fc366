"""Names made comparable: what two spellings of one organisation or group have in common."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final, Self

import polars as pl

from evpact.errors import ReferenceDataError
from evpact.ids import fold
from evpact.reference import Reference
from evpact.settings import REFERENCE

_Words = tuple[str, ...]
_LONGEST_PHRASE: Final = 6


def words_of(text: str) -> _Words:
    """Letters and digits of a name as folded words; "&" is a word, other punctuation separates.

    >>> words_of("Mahindra & Mahindra Ltd.")
    ('mahindra', 'and', 'mahindra', 'ltd')
    """
    return tuple(re.findall(r"[^\W_]+", fold(text).replace("&", " and ")))


def squeezed(name: str) -> str:
    """The name without spaces, hyphens, case and accents.

    >>> squeezed("Shanghai e-drive") == squeezed("SHANGHAI EDRIVE")
    True
    """
    return "".join(words_of(name)) or fold(name)


@dataclass(frozen=True)
class Endings:
    """What a name may end with and still name the same organisation.

    Attributes:
        legal_forms: Legal forms as folded words ("Co."), the longest first.
        general: Legal forms and words such as "Group" or "Motors", likewise.
    """

    legal_forms: tuple[_Words, ...]
    general: tuple[_Words, ...]

    @classmethod
    @lru_cache(maxsize=4)
    def load(cls, folder: Path = REFERENCE) -> Self:
        """Read them from `legal_forms.csv` and `name_endings.csv`.

        Raises:
            ReferenceDataError: A list is missing or wrong.
        """
        forms = _word_list(folder / "legal_forms.csv", "form")["form"]
        listed = _word_list(folder / "name_endings.csv", "ending", "same_organization")
        endings = listed.filter(same_organization="yes")["ending"]
        return cls(_longest_first(forms), _longest_first([*forms, *endings]))

    def core(self, name: str) -> str:
        """The name as people say it, folded and without legal forms: `shanghai e drive`."""
        return " ".join(_without(words_of(name), self.legal_forms)) or fold(name)

    def stem(self, name: str) -> str:
        """The core without the general endings: `seres` for "Seres Group Co., Ltd."."""
        return " ".join(_without(words_of(name), self.general)) or fold(name)


def _longest_first(texts: Iterable[str]) -> tuple[_Words, ...]:
    return tuple(sorted({words_of(text) for text in texts}, key=lambda words: (-len(words), words)))


def _without(words: _Words, endings: Sequence[_Words]) -> _Words:
    """The words without any of the endings, as long as a word is left."""
    while ending := next((e for e in endings if len(e) < len(words) and words[-len(e) :] == e), None):
        words = words[: -len(ending)]
    return words


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
        table = _word_list(folder / "group_names.csv", "name", "words")
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


def _word_list(path: Path, *columns: str) -> pl.DataFrame:
    """Columns of a word list as text; an empty cell is the empty text."""
    try:
        return pl.read_csv(path, infer_schema=False).select(columns).fill_null("")
    except (OSError, pl.exceptions.PolarsError) as error:
        raise ReferenceDataError(f"{path} cannot be read: {error}. Correct it, or restore it.") from error


def _plurals(noun: str) -> tuple[str, ...]:
    return (noun + "s", noun[:-1] + "ies", noun + "es")
