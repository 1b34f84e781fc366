"""Stories: which articles are printed from one text.

Near copies (another headline, a cut, a paragraph moved or added, small edits) share most of their runs of words;
independent texts on the same matter share few, however many names they have in common. On the sample, copies share 64
to 77% of the shorter text's runs of four words, and no two independent texts more than 6%.

Method: MinHash signatures of the runs of words (Broder 1997), candidates by locality-sensitive hashing (Indyk and
Motwani 1998), then a check of what the two signatures say of the shared part. Every article is looked at once and
compared only with those it collides with, so that the work grows with the number of articles, not of pairs.
"""

from __future__ import annotations

import re
from typing import Final
from zlib import crc32

import numpy as np
import numpy.typing as npt
import polars as pl
from datasketch import MinHash

from tasks.resolution.keys import components

RUN: Final = 4
"""Words in a run. Shorter runs are shared by chance, longer ones are lost to small edits."""

ROWS: Final = 3
BANDS: Final = 85
"""Two texts are compared if all rows of one of the bands agree: texts that share 40% of all runs are found with a
probability of 0.996, those that share 2% (common phrases) with one of 0.0007."""

SHORTEST: Final = 20
"""Runs that a text must have to be compared: stubs of a few words say nothing of where they come from."""

SHARED_OF_SHORTER: Final = 0.4
"""Part of the shorter text's runs that must stand in the longer one."""

SHARED_OF_BOTH: Final = 0.15
"""Part of all runs of both that must be shared, so that a digest of many stories is not a copy of each of them."""

_Signatures = npt.NDArray[np.uint32]
_Rows = npt.NDArray[np.int64]


def resolve(articles: pl.DataFrame) -> pl.DataFrame:
    """The story of every article: `article_id`, `story_id`.

    The story's id is that of its first article: the earliest by day of publication (undated ones last), then by id.

    Args:
        articles: Distinct articles with `article_id`, `published` and `text`.
    """
    ordered = articles.select("article_id", "published", "text").sort("published", "article_id", nulls_last=True)
    signatures, sizes = _sketches(ordered["text"])
    pairs = _candidates(signatures, np.flatnonzero(sizes >= SHORTEST))
    copies = pairs.filter(_are_copies(signatures, sizes, pairs["left"].to_numpy(), pairs["right"].to_numpy()))
    return ordered.with_columns(story=components(len(ordered), copies)).select(
        "article_id", story_id=pl.col("article_id").first().over("story")
    )


def _runs(text: str) -> set[bytes]:
    words = re.findall(r"\w+", text.casefold())
    return {" ".join(words[i : i + RUN]).encode() for i in range(len(words) - RUN + 1)}


def _sketches(texts: pl.Series) -> tuple[_Signatures, _Rows]:
    """MinHash signature of each text, and its number of distinct runs."""
    signatures = np.empty((len(texts), ROWS * BANDS), dtype=np.uint32)
    sizes = np.zeros(len(texts), dtype=np.int64)
    # The scheme mixes the bits of each hash, so that a fast checksum does as well as a cryptographic hash.
    empty = MinHash(num_perm=ROWS * BANDS, hashfunc=crc32, scheme="affine32")
    for place, text in enumerate(texts):
        runs = _runs(text)
        sketch = empty.copy()
        sketch.update_batch(runs)
        signatures[place], sizes[place] = sketch.hashvalues, len(runs)
    return signatures, sizes


def _candidates(signatures: _Signatures, rows: _Rows) -> pl.DataFrame:
    """Pairs of rows (`left`, `right`) that agree in a band.

    In a bucket every row is paired with the first and with the one before it: enough to connect it, and linear even if
    thousands of texts share a bucket.
    """
    # With nothing to compare, one band tells as much as all.
    bands = range(0, ROWS * BANDS, ROWS) if len(rows) > 1 else range(1)
    return pl.concat([_in_buckets(signatures[rows, start : start + ROWS], rows) for start in bands]).unique()


def _in_buckets(band: _Signatures, rows: _Rows) -> pl.DataFrame:
    bucket = [f"bucket_{place}" for place in range(ROWS)]
    buckets = pl.DataFrame(band, schema=bucket, orient="row").with_columns(right=pl.Series(rows, dtype=pl.Int64()))
    paired = buckets.with_columns(
        left=pl.concat_list(pl.col("right").first().over(bucket), pl.col("right").shift(1).over(bucket))
    )
    return paired.filter(pl.col("left").list.last().is_not_null()).explode("left").select("left", "right").unique()


def _are_copies(signatures: _Signatures, sizes: _Rows, left: _Rows, right: _Rows) -> pl.Series:
    """Whether the texts of each pair share enough, as estimated from their signatures (standard error below 0.04)."""
    of_both = (signatures[left] == signatures[right]).mean(axis=1)
    shared = of_both / (1 + of_both) * (sizes[left] + sizes[right])
    enough = (of_both >= SHARED_OF_BOTH) & (shared >= SHARED_OF_SHORTER * np.minimum(sizes[left], sizes[right]))
    return pl.Series(enough, dtype=pl.Boolean())
