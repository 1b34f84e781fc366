"""Dates as articles give them: a year, a half, a quarter, a month or a day."""

from __future__ import annotations

from typing import Final

import polars as pl

_FORM: Final = (
    r"^(?<year>[1-9][0-9]{3})(?:-(?:H(?<half>[12])|Q(?<quarter>[1-4])|(?<month>[0-9]{2})(?:-(?<day>[0-9]{2}))?))?$"
)

PRECISIONS: Final = ("day", "month", "quarter", "half", "year")
"""The words of `vocabulary.DATE_PRECISION`, the most exact first."""


def first_day(value: pl.Expr) -> pl.Expr:
    """First day of what is meant, as a struct of `date` and `precision`.

    Both are null if the text has none of the forms YYYY, YYYY-Hn, YYYY-Qn, YYYY-MM and YYYY-MM-DD, or no such day
    exists. `2027-Q3` gives 2027-07-01 and `quarter`.
    """
    parts = value.str.extract_groups(_FORM).struct
    half, quarter, month, day = (parts.field(name) for name in ("half", "quarter", "month", "day"))
    first_month = pl.coalesce(
        month.cast(pl.Int8), quarter.cast(pl.Int8) * 3 - 2, half.cast(pl.Int8) * 6 - 5, pl.lit(1, pl.Int8)
    )
    text = pl.format("{}-{}-{}", parts.field("year"), first_month.cast(pl.String()).str.zfill(2), day.fill_null("01"))
    date = text.str.to_date("%Y-%m-%d", strict=False)
    told = ((day, "day"), (month, "month"), (quarter, "quarter"), (half, "half"))
    precision = pl.coalesce(*(pl.when(part.is_not_null()).then(pl.lit(word)) for part, word in told), pl.lit("year"))
    return pl.struct(date.alias("date"), pl.when(date.is_not_null()).then(precision).alias("precision"))
