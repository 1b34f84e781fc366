"""The words of measured figures, compiled once: currencies, units, bounds, multiples and the cues of measures."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import polars as pl

from tasks.extraction.measures import MeasureCues
from tasks.extraction.numbers import NumberReader, alternatives
from tasks.rows import read_rows

if TYPE_CHECKING:
    from evpact.reference import Reference

COUNTED: Final = "count"
"""Dimension whose figures count things: the noun may stand some words behind the number."""


@dataclass(frozen=True, slots=True)
class Currencies:
    """The signs and words of currencies, as one text means them."""

    _before: re.Pattern[str]
    _after: re.Pattern[str]
    _codes: Mapping[str, str]

    def before(self, text: str, end: int) -> tuple[int, str] | None:
        """Start and code of a currency sign that ends there."""
        sign = self._before.search(text, max(0, end - 12), end)
        code = self._codes.get(sign["word"]) if sign else None
        return (sign.start(), code) if sign and code else None

    def after(self, text: str, start: int) -> tuple[int, str] | None:
        """End and code of a currency sign or word that follows there."""
        sign = self._after.match(text, start)
        code = (self._codes.get(sign["word"]) or self._codes.get(sign["word"].casefold())) if sign else None
        return (sign.end(), code) if sign and code else None


class QuantityLexicon:
    """What figures are read by.

    Attributes:
        numbers: Finds numbers.
        bounds: A word of `vocabulary.BOUND` by phrase.
        multiples: Factor by word: "double" is 2.
        measures: The cues of measures.
        demonyms: Words for peoples, which are no product names.
        nations: The same and the names of countries, which are no companies.
    """

    def __init__(self, reference: Reference, folder: Path) -> None:
        """Compile the patterns.

        Args:
            reference: Numbers, currencies, units and countries.
            folder: Folder of reference tables with `bounds.csv`, `measures.csv` and `multiples.csv`.
        """
        rows = list(reference.currencies.iter_rows(named=True))
        signs = {sign: row["code"] for row in rows for sign in [*row["symbols"], row["code"]]}
        words = {word.casefold(): row["code"] for row in rows for word in row["words"]}
        self._currencies = words | signs
        self._local: dict[str, dict[str, str]] = {}
        for row in read_rows(folder / "local_currencies.csv", "country", "code", "words"):
            self._local.setdefault(row["country"], {}).update(dict.fromkeys(row["words"].split("|"), row["code"]))
        local = {word: code for each in self._local.values() for word, code in each.items()}
        signs |= {word: code for word, code in local.items() if not word.islower()}
        words |= {word: code for word, code in local.items() if word.islower()}
        full = {code: [sign for sign in row["symbols"] if len(sign) > 1] for row in rows if (code := row["code"])}
        self._in_full = {
            code: re.compile(rf"(?<![^\W\d_])(?:{alternatives([*signs, code])})") for code, signs in full.items()
        }
        self.numbers = NumberReader(reference.numbers, signs)
        self._currency_before = re.compile(rf"(?<![^\W\d_])(?P<word>{alternatives(signs)})\s?$")
        # Signs and codes as they are written, since "try" and "all" are words.
        self._currency_after = re.compile(rf"[\s-]?(?P<word>{alternatives(signs)}|(?i:{alternatives(words)}))(?!\w)")
        self._units: dict[str, tuple[str, str]] = {}
        for row in reference.units.iter_rows(named=True):
            for word in [*row["words"], row["unit"]]:
                self._units.setdefault(word.casefold(), (row["unit"], row["dimension"]))
        measured = [word for word, (_, dimension) in self._units.items() if dimension != COUNTED]
        streak = r"(?:\s(?:consecutive|straight|successive|full)(?=\s))?"
        self._unit_after = re.compile(rf"{streak}[\s-]?(?P<word>(?:{alternatives(measured)}))s?(?!\w)", re.IGNORECASE)
        bounds = pl.read_csv(folder / "bounds.csv")
        self.bounds = {row["phrase"]: row["bound"] for row in bounds.iter_rows(named=True)}
        before, after = (bounds.filter(place=place)["phrase"].to_list() for place in ("before", "after"))
        self.bound_before = re.compile(
            rf"(?<![\w-])(?P<word>{alternatives(before)})\s?(?:(?:the|its|an?)\s)?$", re.IGNORECASE
        )
        self.bound_after = re.compile(rf"\s?(?P<word>{alternatives(after)})(?!\w)", re.IGNORECASE)
        multiples = pl.read_csv(folder / "multiples.csv", schema_overrides={"factor": pl.Float64})
        self.multiples: dict[str, float] = dict(zip(multiples["word"], multiples["factor"], strict=True))
        self.measures = MeasureCues.read(folder / "measures.csv")
        self.demonyms = frozenset(reference.countries["demonyms"].explode().drop_nulls())
        names = [reference.countries["name"], reference.countries["aliases"].explode().drop_nulls()]
        self.nations = self.demonyms.union(*names)

    def currencies(self, text: str, country: str | None) -> Currencies:
        """The signs and words of currencies as a text means them that tells of a country.

        "$" is a Canadian dollar in an article about Canada, unless another sign there names it in full ("C$").
        """
        local = self._local.get(country or "", {})
        told = {code for code in local.values() if self._in_full[code].search(text)}
        meant = {word: code for word, code in local.items() if code not in told or not _is_dollar(word)}
        return Currencies(self._currency_before, self._currency_after, self._currencies | meant)

    def unit_after(self, text: str, start: int) -> tuple[int, str, str] | None:
        """End, unit and dimension of a unit that follows there; things that are counted are left to the syntax."""
        match = self._unit_after.match(text, start)
        unit = self.unit_of(match["word"]) if match else None
        return (match.end(), *unit) if match and unit else None

    def unit_of(self, words: str) -> tuple[str, str] | None:
        """Unit and dimension that a word or phrase stands for, in the singular or the plural."""
        folded = words.casefold()
        return self._units.get(folded) or self._units.get(folded.removesuffix("s"))


def _is_dollar(word: str) -> bool:
    return word == "$" or word.startswith("dollar")
