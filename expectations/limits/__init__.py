"""Bounds as data: one CSV file a subject, each line with its reason."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import polars as pl

Limits = dict[str, Any]

_FOLDER: Final = Path(__file__).parent


def limits(name: str) -> pl.DataFrame:
    """The lines of a file of bounds; an empty cell is null."""
    return pl.read_csv(_FOLDER / f"{name}.csv", infer_schema_length=None)


def names() -> list[str]:
    """Names of all files of bounds."""
    return sorted(path.stem for path in _FOLDER.glob("*.csv"))
