"""Stories: which articles are printed from one text.

Near copies (another headline, a cut, a paragraph moved or added, small edits) share most of the shorter one's runs of
words; independent texts on the same matter share few, however many names and facts they have in common.

Method: every run of words is hashed. Texts are compared if they share several runs of a sample that the hash itself
draws, the same in every text (Broder 1997; Irber et al. 2022 call it FracMinHash), which finds a short cut in a long
text as surely as two texts of one length. Whether they are copies is then counted on all their runs. A text meets only
those with which it shares a run, and of many with the same run only two, so that the work grows with the number of
articles, not of pairs.

The id of a story is that of its first article; `tasks.resolution.continuity` lets it keep the one it had in the
previous release, since a copy may turn up that is older than all others.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final
from zlib import crc32

import numpy as np
import numpy.typing as npt
import polars as pl

from tasks.resolution.keys import components

RUN: Final = 4
"""Words in a run. Shorter runs are shared by chance, longer ones are lost to small edits."""

SAMPLED: Final = 4
"""One of this many runs is looked up in all other texts."""

MEETINGS: Final = 2
"""Sampled runs that two texts must share to be compared: one is a common phrase."""

SHORTEST: Final = 20
"""Runs that a text must have to be compared: stubs of a few words say nothing of where they come from."""

SHARED_OF_SHORTER: Final = 0.35
"""Part of the shorter text's runs that must stand in the longer one."""

SHARED_OF_BOTH: Final = 0.08
"""Part of all runs of both that must be shared, so that a digest of many stories is not a copy of each of them."""

_MIX: Final = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xD1B54A32D192ED03))  # odd numbers with evenly spread bits
_WORDS_KEPT: Final = 100_000  # most words of a text stand in others too
_PARTS: Final = 8  # the sampled runs are looked up in so many parts, to need less memory at once

_Hashes = npt.NDArray[np.uint32]
_Rows = npt.NDArray[np.int64]


def resolve(articles: pl.DataFrame) -> pl.DataFrame:
    """The story of every article: `article_id`, `story_id`.

    A story's first article is the earliest by day of publication (undated ones last), then by id.

    Args:
        articles: Distinct articles with `article_id`, `published` and `text`.
    """
    ordered = articles.select("article_id", "published", "text").sort("published", "article_id", nulls_last=True)
    texts = [_runs(text) for text in ordered["text"]]
    pairs = _meetings(texts)
    copies = pairs.filter(_are_copies(texts, pairs))
    return ordered.with_columns(story=components(len(ordered), copies)).select(
        "article_id", story_id=pl.col("article_id").first().over("story")
    )


def _runs(text: str) -> _Hashes:
    """Hashes of the distinct runs of words, in order."""
    words = np.array(list(map(_hash, re.findall(r"\w+", text.casefold()))), dtype=np.uint64)
    runs = np.zeros(max(len(words) - RUN + 1, 0), dtype=np.uint64)
    for place in range(RUN):
        runs = (runs ^ words[place : place + len(runs)]) * _MIX[0]
        runs ^= runs >> np.uint64(29)
    return np.unique(((runs * _MIX[1]) >> np.uint64(32)).astype(np.uint32))


@lru_cache(maxsize=_WORDS_KEPT)
def _hash(word: str) -> int:
    return crc32(word.encode())


def _meetings(texts: list[_Hashes]) -> pl.DataFrame:
    """Pairs of texts (`left`, `right`: their places) that share several of the sampled runs."""
    sizes = np.array([len(runs) if len(runs) >= SHORTEST else 0 for runs in texts], dtype=np.int64)
    kept = [runs for runs, size in zip(texts, sizes, strict=True) if size]
    runs = np.concatenate(kept) if kept else np.empty(0, dtype=np.uint32)
    rows = np.repeat(np.arange(len(texts), dtype=np.int64), sizes)
    parts = (runs % (SAMPLED * _PARTS) == SAMPLED * part for part in range(_PARTS))
    met = pl.concat(_met(runs[part], rows[part]) for part in parts)
    return met.group_by("left", "right").len().filter(pl.col("len") >= MEETINGS).select("left", "right")


def _met(runs: _Hashes, rows: _Rows) -> pl.DataFrame:
    """Pairs of texts that share a run: each with the first and with the one before it of those that have the run.

    That is enough to connect all of them, and linear even if thousands share a run.

    Args:
        runs: Runs of all texts.
        rows: The text of each run, in rising order.
    """
    order = np.argsort(runs, kind="stable")
    runs, rows = runs[order], rows[order]
    again = np.zeros(len(runs), dtype=bool)
    again[1:] = runs[1:] == runs[:-1]
    first = rows[np.maximum.accumulate(np.where(again, 0, np.arange(len(runs))))]
    before = np.roll(rows, 1)
    third = again & (first != before)
    left, right = np.concatenate([first[again], before[third]]), np.concatenate([rows[again], rows[third]])
    return pl.DataFrame({"left": left, "right": right})


def _are_copies(texts: list[_Hashes], pairs: pl.DataFrame) -> pl.Series:
    """Whether the texts of each pair share enough of their runs."""
    enough = []
    for left, right in pairs.iter_rows():
        one, other = texts[left], texts[right]
        shared = len(np.intersect1d(one, other, assume_unique=True))
        both = len(one) + len(other) - shared
        enough.append(shared >= SHARED_OF_SHORTER * min(len(one), len(other)) and shared >= SHARED_OF_BOTH * both)
    return pl.Series(enough, dtype=pl.Boolean())
