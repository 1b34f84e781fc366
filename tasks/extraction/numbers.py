"""Numbers as news writes them, in digits, in words, or in both, and their value in full.

`450`, `1,187`, `1 187`, `5,00,000`, `4.1bn`, `5,000 crore`, `seventeen`, `half a million`, `two and a half`,
`two-thirds`, `11th`, `fifth`. The words and their values are data: the reference table `numbers`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import polars as pl

_GROUPED = r"\d{1,3}(?:[,\u00a0\u2009\u202f]\d{2,3})*[,\u00a0\u2009\u202f]\d{3}(?:\.\d+)?"
_SPACED = r"[1-9]\d{0,2}(?:[ '’]\d{3})+(?!\d)"
_DIGITS = rf"(?:{_GROUPED}|{_SPACED}|\d+(?:[.,]\d+)?)"
# Not within a word, another number, a model name (F-150, e-208) or a path; a range may come before.
_LEFT_BORDER = r"(?<![\w.,/])(?<![^\W\d]-)"
_MAX_ABBREVIATION: Final = 2
_FEW_DIGITS: Final = 18


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a text.

    Attributes:
        start: Offset of its first character.
        end: Offset behind its last character.
        value: Its value in full; of a fraction the part of one.
        kind: `cardinal`, `ordinal` or `fraction`.
        in_digits: Whether it is written with digits.
        scale: Magnitude written after its digits, else 1.
        glued: Whether a letter touches its last digit, as in `43kWh` and `500e`: without a unit it is a name.
    """

    start: int
    end: int
    value: float
    kind: str = "cardinal"
    in_digits: bool = True
    scale: float = 1.0
    glued: bool = False


class NumberReader:
    """Finds numbers by the words of the reference table `numbers` (word, value, use)."""

    def __init__(self, numbers: pl.DataFrame, prefixes: Collection[str] = ()) -> None:
        """Compile the patterns.

        Args:
            numbers: Columns `word`, `value`, and `use` (`cardinal`, `ordinal`, `magnitude`, `fraction`).
            prefixes: Alphabetic signs that may stand right before the digits, such as `RM` in `RM82`.
        """
        self._values = {
            use: {row["word"].casefold(): float(row["value"]) for row in numbers.filter(use=use).iter_rows(named=True)}
            for use in ("cardinal", "ordinal", "magnitude", "fraction")
        }
        magnitudes = self._values["magnitude"]
        long = alternatives(word for word in magnitudes if len(word) > _MAX_ABBREVIATION)
        short = alternatives(word for word in magnitudes if len(word) <= _MAX_ABBREVIATION)
        letter = alternatives(word for word in magnitudes if len(word) == 1)
        # "5 m" is metres; a single letter counts as a magnitude only where it touches the digits.
        scale = rf"(?:(?:[\s-]?(?:{long})|{short}|{letter}|\s(?!(?:{letter})\b)(?:{short}))(?!\w))"
        cardinal = alternatives(self._values["cardinal"])
        ordinal = alternatives(self._values["ordinal"])
        fraction = alternatives(self._values["fraction"])
        word = rf"(?:{cardinal}|{long})"
        words = rf"(?:(?:(?:{cardinal})|an?\s(?=(?:{long})\b))(?:(?:[\s-]|\sand\s)?{word}\b)*)"
        remaining = "(?:" + "|".join(rf"(?<=\b{word}\s)" for word in ("other", "another", "further", "remaining")) + ")"
        extra = rf"(?:\sand\s(?:an?|one)\s(?:{fraction})\b(?:\s(?:{long})\b)?)"
        prefix = "|".join(rf"(?<=\b{re.escape(p)})" for p in prefixes if p[-1:].isalpha())
        border = rf"(?=\d)(?:{_LEFT_BORDER}|{prefix})" if prefix else rf"(?=\d){_LEFT_BORDER}"
        letters = {"a", *(word[0] for use in ("cardinal", "ordinal", "fraction") for word in self._values[use])}
        self._pattern = re.compile(
            rf"(?=\d|\b[{''.join(sorted(letters))}])(?:"  # most words are passed over by their first letter
            rf"(?P<remainder>{remaining}(?:{fraction})\b(?=\W|$))"
            rf"|(?P<ordinal>{border}\d+(?:st|nd|rd|th)\b|\b(?:(?:{cardinal})[-\s])?(?:{ordinal})\b(?!s))"
            rf"|(?P<share>\b(?:half|a\squarter)\s(?:of\s)?an?\s(?:{long})s?\b)"
            rf"|(?P<fraction>\b(?:an?|one|{cardinal})[\s-](?:{fraction})s?\b(?=\W|$)|\bhalf\b(?!-|\s(?:as|an?|past)\b))"
            rf"|(?P<digits>{border}{_DIGITS})(?P<scale>{scale}*)(?P<glued>[^\W\d_])?"
            rf"|(?P<words>\b{words}{extra}?\b))",
            re.IGNORECASE,
        )

    def find(self, text: str) -> Iterator[Number]:
        """Numbers of a text from left to right, without overlaps."""
        for match in self._pattern.finditer(text):
            number = self._read(match)
            if number is not None:
                yield number

    def _read(self, match: re.Match[str]) -> Number | None:
        start, end, text = match.start(), match.end(), match.group().casefold()
        if match["ordinal"]:
            written = re.match(r"\d+", text)
            rank = float(written.group()[:_FEW_DIGITS]) if written else self._ordinal(text)
            return Number(start, end, rank, "ordinal", bool(written))
        if match["digits"]:
            digits, scale = _from_digits(match["digits"]), self._scale(match["scale"].casefold())
            # Decimal, since 4.1 * 1e9 is not 4.1e9 in binary.
            if digits is None:
                return None
            glued = match["glued"] is not None
            end = match.end("scale")
            return Number(start, end, float(digits * scale), scale=float(scale), glued=glued)
        value = self._in_words(text)
        if match["fraction"] or match["remainder"]:
            return Number(start, end, value, "fraction", in_digits=False)
        return Number(start, end, value, in_digits=False)

    def _scale(self, text: str) -> Decimal:
        return math.prod(
            (Decimal(self._values["magnitude"][w]) for w in re.findall(r"[^\W\d_]+", text)), start=Decimal(1)
        )

    def _ordinal(self, text: str) -> float:
        return sum(
            self._values["ordinal"].get(word) or self._values["cardinal"][word] for word in re.findall(r"\w+", text)
        )

    def _in_words(self, text: str) -> float:
        """Value of "two hundred and fifty thousand", "half a million", "two and a half", "three quarters"."""
        total = current = 0.0
        fractions, magnitudes = self._values["fraction"], self._values["magnitude"]
        tokens = [t for t in re.findall(r"[^\W\d_]+", text) if t not in ("and", "of")]
        for before, token in zip([None, *tokens], tokens, strict=False):
            if token in magnitudes:
                scale = magnitudes[token]
                current = (current or 1.0) * scale
                if scale >= 1000:
                    total, current = total + current, 0.0
            elif token in self._values["cardinal"]:
                current += self._values["cardinal"][token]
            elif token.removesuffix("s") in fractions:
                part = fractions[token.removesuffix("s")]
                whole = current if before not in (None, "a", "an", "one") else 0.0
                # "Two thirds" multiplies, "two and a half" adds, "one half" is no more than "a half".
                current = whole * part if whole else current - (before == "one") + part
        return total + current


def _from_digits(text: str) -> Decimal | None:
    """The value of digits; a comma before one or two last digits is a decimal comma."""
    if re.fullmatch(r"\d+,\d{1,2}", text):
        text = text.replace(",", ".")
    plain = re.sub(r"[,\s'’]", "", text)
    return Decimal(plain) if len(plain) <= _FEW_DIGITS else None


def alternatives(words: Collection[str] | Iterator[str]) -> str:
    """The words as a regular expression, longest first; one that matches nothing if there are none."""
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word))) or r"(?!)"
