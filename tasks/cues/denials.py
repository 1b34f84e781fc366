"""Denials: where a text says that a deal has not ended, though others had it so.

"The contract remains in force", "we have not been dropped": so says a sentence by itself (`end_denials.csv`). "That is
nonsense" says it of what it denies, if that or one of the sentences before it tells an end (`telling_cues.csv`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final, Self

from evpact.errors import ReferenceDataError
from evpact.settings import REFERENCE
from tasks.cues import gapped
from tasks.rows import read_rows

_FILE: Final = "end_denials.csv"
_BEFORE: Final = 2
"""Sentences that a denial may stand behind what it denies."""


@dataclass(frozen=True)
class Denials:
    """The cues, compiled.

    Attributes:
        alone: What denies an end by itself.
        of_reports: What denies something that was told.
        ends: What tells an end.
    """

    alone: re.Pattern[str]
    of_reports: re.Pattern[str]
    ends: re.Pattern[str]

    @classmethod
    @lru_cache(maxsize=4)
    def load(cls, folder: Path = REFERENCE) -> Self:
        """Read the tables from a folder.

        Raises:
            ReferenceDataError: One is missing or wrong.
        """
        rows = read_rows(folder / _FILE, "cue", "denies", "example")
        wrong = next((row["denies"] for row in rows if row["denies"] not in {"end", "report"}), None)
        if wrong is not None:
            raise ReferenceDataError(f"{folder / _FILE}: {wrong!r} is neither `end` nor `report`.")
        told = read_rows(folder / "telling_cues.csv", "cue", "status", "of_deal", "example")
        return cls(
            gapped(row["cue"] for row in rows if row["denies"] == "end"),
            gapped(row["cue"] for row in rows if row["denies"] == "report"),
            gapped(row["cue"] for row in told if row["status"] == "ended"),
        )

    def among(self, sentences: Sequence[str]) -> list[int]:
        """Numbers of the sentences of a text that say of a deal that it has not ended."""
        lowered = [sentence.lower() for sentence in sentences]
        return [
            number
            for number, sentence in enumerate(lowered)
            if self.alone.search(sentence)
            or (
                self.of_reports.search(sentence)
                and any(self.ends.search(each) for each in lowered[max(number - _BEFORE, 0) : number + 1])
            )
        ]
