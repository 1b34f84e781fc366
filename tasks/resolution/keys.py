"""Small tools for making keys: identifiers and comparable texts from columns of a frame."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
import polars as pl
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from evpact import ids

SEPARATOR: Final = "\x1f"
"""Stands between the parts of a key; no text has it."""


def mapped(values: pl.Series, function: Callable[[str], str]) -> pl.Series:
    """A function of Python applied once to every distinct text of a column; null stays null."""
    distinct = values.drop_nulls().unique()
    results = pl.Series([function(value) for value in distinct], dtype=pl.String())
    return values.replace_strict(distinct, results, default=None, return_dtype=pl.String())


def with_digest(frame: pl.DataFrame, name: str, prefix: str, *parts: str | pl.Expr) -> pl.DataFrame:
    """The frame with a column of ids made from the parts: `prefix` and sixteen hexadecimal digits."""
    texts = [
        (pl.col(part) if isinstance(part, str) else part).cast(pl.String()).fill_null("").alias(str(place))
        for place, part in enumerate(parts)
    ]
    whole = frame.select(pl.concat_str(texts, separator=SEPARATOR)).to_series()
    return frame.with_columns((prefix + mapped(whole, ids.digest)).alias(name))


def first_part(key: pl.Expr) -> pl.Expr:
    """What stands before the first `SEPARATOR` of a key."""
    return key.str.split(SEPARATOR).list.first()


def joined(values: pl.Expr) -> pl.Expr:
    """The members of a list as one text, whatever their order."""
    return values.list.sort().list.join(SEPARATOR)


def most_told(frame: pl.DataFrame, by: str, value: str) -> pl.DataFrame:
    """The most frequent value for each `by`; of values told equally often the longest, then the first by alphabet."""
    return (
        frame.drop_nulls(value)
        .group_by(by, value)
        .len()
        .sort(
            by, "len", pl.col(value).str.len_chars(), value, descending=[False, True, True, False], maintain_order=True
        )
        .unique(by, keep="first", maintain_order=True)
        .select(by, value)
    )


def components(size: int, pairs: pl.DataFrame) -> pl.Series:
    """A number for each of `size` rows, the same for all that pairs of row numbers (`left`, `right`) connect."""
    left, right = pairs["left"].to_numpy(), pairs["right"].to_numpy()
    links = coo_array((np.ones(len(pairs), dtype=bool), (left, right)), shape=(size, size))
    _, labels = connected_components(links, directed=False)
    return pl.Series(labels, dtype=pl.Int64())
