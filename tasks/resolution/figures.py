"""Figures: the sums, stakes and capacities of a partnership as its sources tell them, side by side.

- **One figure** is a measure with value, unit, `per`, bound and owner, however many sources tell it. Megawatt-hours
  become gigawatt-hours; money stays in the currency it was told in, since nobody tells the rate.
- **Conflicting** are two figures of the same measure, unit, `per` and owner that cannot both hold ("at least 30" and
  "40" can; a round number holds for what lies within `ROUND` of it), unless one story tells both: those are two
  things, such as the first and the second phase, or one of its copies was misread.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import polars as pl

from tasks.resolution.keys import with_digest

ROUND: Final = 0.05
"""How far a round number may lie from what it stands for, as a part of it."""

AT_ONCE: Final = timedelta(days=31)
"""Conflicting figures told within this time are a disagreement; later ones are news."""

_SAME: Final = ("measure", "value", "unit", "per", "bound", "org_id")
_OF: Final = ("partnership_id", "measure", "unit", "per", "org_id")
_COMMON_UNIT: Final = {"MWh": "GWh", "TWh": "GWh", "MW": "GW"}
_FACTOR: Final = {"MWh": 1e-3, "TWh": 1e3, "MW": 1e-3}
_DISPUTED: Final = ("investment", "stake", "price")


def resolve(quantities: pl.DataFrame, history: pl.DataFrame) -> pl.DataFrame:
    """Rows of the table `partnership_quantities`, and `disputed` besides.

    Args:
        quantities: The table `quantities`.
        history: `partnership_id`, `event_id`, `article_id`, `story_id`, `reported`.

    Returns:
        The rows; `disputed` is whether sources tell of conflicting sums or stakes at about the same time.
    """
    told = quantities.with_columns(
        value=pl.col("value") * pl.col("unit").replace_strict(_FACTOR, default=1.0),
        unit=pl.col("unit").replace(_COMMON_UNIT),
    ).join(history, on="event_id")
    keyed = with_digest(told, "figure_id", "f", "partnership_id", *_SAME)
    figures = keyed.group_by("figure_id").agg(
        pl.col("partnership_id", *_SAME).first(),
        articles=pl.col("article_id").n_unique(),
        stories=pl.col("story_id").n_unique(),
        first_reported=pl.col("reported").min(),
        last_reported=pl.col("reported").max(),
        quantity_ids=pl.col("quantity_id").unique().sort(),
    )
    conflicts = _conflicts(figures, keyed.select("figure_id", "story_id").unique())
    return figures.with_columns(
        conflicting=pl.col("figure_id").is_in(conflicts["figure_id"].implode()),
        disputed=pl.col("figure_id").is_in(conflicts.filter("at_once")["figure_id"].implode()),
    )


def _conflicts(figures: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    """`figure_id` of figures that conflict with another one; `at_once` is whether both were told at about one time."""
    compared = figures.filter(pl.col("value").n_unique().over(_OF) > 1).select(
        "figure_id", *_OF, "value", "bound", "first_reported", "last_reported"
    )
    pairs = (
        compared.join(compared, on=_OF, nulls_equal=True, suffix="_other")
        .filter(pl.col("figure_id") != pl.col("figure_id_other"))
        .filter(~_compatible() & ~_compatible("_other", ""))
    )
    together = pairs.join(told, on="figure_id").join(
        told, left_on=["figure_id_other", "story_id"], right_on=["figure_id", "story_id"], how="semi"
    )
    apart = pairs.join(together, on=["figure_id", "figure_id_other"], how="anti")
    gap = pl.max_horizontal(
        pl.col("first_reported") - pl.col("last_reported_other"),
        pl.col("first_reported_other") - pl.col("last_reported"),
    )
    at_once = pl.col("measure").is_in(_DISPUTED) & (gap <= AT_ONCE).fill_null(False)
    return apart.select("figure_id", at_once=at_once)


def _compatible(one: str = "", other: str = "_other") -> pl.Expr:
    """Whether the bound of one figure allows the value of the other."""
    bound, value, told = pl.col("bound" + one), pl.col("value" + one), pl.col("value" + other)
    return (
        pl.when(bound == "min")
        .then(told >= value)
        .when(bound == "max")
        .then(told <= value)
        .when(bound == "approx")
        .then((told - value).abs() <= ROUND * told.abs())
        .otherwise(told == value)
    )
