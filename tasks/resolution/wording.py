"""Wording: what the words of an article show without a parser.

Whole frames of texts pass through resolution, so that what it reads of a text itself must cost next to nothing:
sentences by their ends, statuses by cues (`telling_cues.csv`), and the words in which a text differs from others.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Final, Self

from evpact.ids import fold
from evpact.settings import REFERENCE
from evpact.vocabulary import PARTNERSHIP_KIND, STATUS
from tasks.rows import read_rows

_ABBREVIATIONS: Final = (
    r"(?<!\b[A-Z]\.)(?<!\b(?:Co|No|St|Mr|Dr)\.)(?<!\b(?:Ltd|Inc|Mrs|Feb|Jan|Mar|Apr|Aug|Oct|Nov|Dec)\.)"
    r"(?<!\b(?:Corp|Sept)\.)"
)
# The mark comes first: the engine then looks for marks alone, not at what stands before every letter.
_END: Final = re.compile(rf"(?:\.{_ABBREVIATIONS}|[!?])[\"”’']?\s+(?=[\"“‘'(A-Z0-9])|\n+")
_TOKEN: Final = re.compile(r"\d[\d.,]*\d|[^\W\d_][\w’'-]*\w")
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_SHORTEST: Final = 4
_NEAR: Final = 6
"""Words between a cue and what it must stand beside."""

_AHEAD: Final = re.compile(
    r"\b(?:will|would|to|could|may|might|should|expected|plans?|want\w*|[Ii]f|[Uu]ntil|[Bb]efore)\W+(?:\w+\W+){0,2}$"
)
"""What makes a fact a prospect; "May" is a month."""
_FACTS: Final = ("active", "completed", "agreed")
_ORDER: Final = ("ended", "completed", "active", "agreed", "negotiating", "exploring", "announced")
"""Of several statuses told in one place, the one that counts."""

_DENIED: Final = "denied"
"""What the cues of a denial have in place of a status: it ends what is denied, unless that is the end itself."""


@dataclass(frozen=True)
class Wording:
    """The word lists, compiled; the patterns are for texts in small letters.

    Attributes:
        cues: Pattern by status, or `denied`: of cues that stand alone, and of those that need a word of a deal beside
            them.
        deals: Words that name a deal.
        kinds: Pattern by kind of partnership: of the cues that say it plainly.
        any_kind: Pattern of the cues of all kinds.
        signs: Pattern by kind of partnership without which the kind is hardly told.
        common: Words that many texts of the field share.
    """

    cues: dict[str, tuple[re.Pattern[str] | None, re.Pattern[str] | None]]
    deals: re.Pattern[str]
    kinds: Mapping[str, re.Pattern[str]]
    any_kind: re.Pattern[str]
    signs: Mapping[str, re.Pattern[str]]
    common: frozenset[str]

    @classmethod
    @lru_cache(maxsize=4)
    def load(cls, folder: Path = REFERENCE) -> Self:
        """Read them: the tables `telling_cues`, `deal_words`, `kind_cues`, `kind_signs` and `common_words`.

        Raises:
            ReferenceDataError: A list is missing or wrong.
        """
        rows = read_rows(folder / "telling_cues.csv", "cue", "status", "of_deal", "example")
        cues = {}
        for status in (*STATUS, _DENIED):
            alone, beside = (
                _pattern(row["cue"] for row in rows if row["status"] == status and row["of_deal"] == of_deal)
                for of_deal in ("", "yes")
            )
            cues[status] = alone, beside
        deals = _pattern(row["word"] for row in read_rows(folder / "deal_words.csv", "word"))
        assert deals is not None
        plain = [
            row for row in read_rows(folder / "kind_cues.csv", "cue", "kind", "weak", "example") if not row["weak"]
        ]
        cues_of = {
            kind: [f"{row['cue'].rstrip('ey')}*" for row in plain if row["kind"] == kind] for kind in PARTNERSHIP_KIND
        }
        kinds = {kind: pattern for kind, forms in cues_of.items() if (pattern := _pattern(forms))}
        any_kind = _pattern(chain.from_iterable(cues_of.values()))
        assert any_kind is not None
        of_signs = read_rows(folder / "kind_signs.csv", "sign", "kind", "example")
        signs = {
            kind: pattern
            for kind in sorted({row["kind"] for row in of_signs})
            if (pattern := _pattern(row["sign"] for row in of_signs if row["kind"] == kind))
        }
        common = frozenset(fold(row["word"]) for row in read_rows(folder / "common_words.csv", "word"))
        return cls(cues, deals, kinds, any_kind, signs, common)

    def status(self, sentence: str, names: Sequence[tuple[int, int]]) -> str | None:
        """How far a sentence says that a deal has got; None if it does not say, or denies that it has ended.

        Args:
            sentence: The sentence.
            names: Where it names the parties.
        """
        found = self.statuses(sentence, names)
        if _DENIED in found:
            return None if "ended" in found else "ended"
        return next((status for status in _ORDER if status in found), None)

    def denies_end(self, sentence: str, names: Sequence[tuple[int, int]]) -> bool:
        """Whether a sentence denies that a deal has ended."""
        return self.statuses(sentence, names) >= {_DENIED, "ended"}

    def statuses(self, sentence: str, names: Sequence[tuple[int, int]]) -> set[str]:
        """All statuses that a sentence has a cue of, and `denied` if it denies something; arguments as in `status`."""
        lowered = _lowered(sentence)
        beside = [*names, *(match.span() for match in self.deals.finditer(lowered))]
        return {
            status
            for status, patterns in self.cues.items()
            for is_bound, pattern in enumerate(patterns)
            if pattern is not None
            for match in pattern.finditer(lowered)
            if (not is_bound or any(_is_near(match.span(), span, sentence) for span in beside))
            and not (status in _FACTS and _AHEAD.search(sentence[: match.start()]))
        }

    def is_told(self, kind: str | None, text: str) -> bool:
        """Whether a text has a sign of a kind of partnership; of most kinds none is asked for."""
        if kind is None or kind not in self.signs:
            return True
        return self.signs[kind].search(_lowered(text)) is not None or (kind == "equity" and "%" in text)

    def names_deal(self, text: str) -> bool:
        """Whether a text has a word that names a deal."""
        return self.deals.search(_lowered(text)) is not None

    def kind_cues(self, text: str) -> Counter[str]:
        """How often a text has a cue of each kind of partnership."""
        said = self.any_kind.findall(_lowered(text))
        return Counter(kind for cue in said for kind, pattern in self.kinds.items() if pattern.fullmatch(cue))

    def telling_words(self, text: str) -> frozenset[str]:
        """Words and numbers in which a text differs from others of the field, folded."""
        return frozenset(
            word.removesuffix("’s").removesuffix("'s")
            for word in set(_TOKEN.findall(fold(text))) - self.common
            if (not _YEAR.fullmatch(word) if word[0].isdigit() else _is_long(word))
        )


def _is_long(word: str) -> bool:
    return len(word) >= _SHORTEST or any(letter.isdigit() for letter in word)


def _pattern(cues: Iterable[str]) -> re.Pattern[str] | None:
    """Matches any of the cues in a text in small letters; a star stands for any ending.

    Cues are branched by their first letter: the engine would try one after the other at every word.
    """
    branches = defaultdict[str, list[str]](list)
    for cue in sorted(cues, key=lambda cue: (-len(cue), cue)):
        form = r"\s+".join(re.escape(word).replace(r"\*", r"\w*") for word in cue.lower().split())
        branches[form[0]].append(form[1:])
    if not branches:
        return None
    forms = "|".join(f"{first}(?:{'|'.join(rest)})" for first, rest in branches.items())
    return re.compile(rf"\b(?:{forms})\b")


def _lowered(text: str) -> str:
    """The text in small letters, each where it was."""
    lowered = text.lower()
    return lowered if len(lowered) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def _is_near(one: tuple[int, int], other: tuple[int, int], text: str) -> bool:
    first, last = sorted((one, other))
    return first != last and len(text[first[1] : last[0]].split()) <= _NEAR


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of every sentence; lines are sentences of their own."""
    start = 0
    for match in chain(_END.finditer(text), (None,)):
        end = len(text) if match is None else match.start() + len(match.group().rstrip())
        if text[start:end].strip():
            lead = len(text[start:end]) - len(text[start:end].lstrip())
            yield start + lead, start + len(text[start:end].rstrip())
        start = len(text) if match is None else match.end()
