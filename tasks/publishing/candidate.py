"""The candidate: all tables as files, where no consumer looks, with what they hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from evpact.release import content_hash, file_hash, rows_hash
from evpact.tables import TABLES, Table

# The bytes of a table depend on these two: another value changes every file of the next release.
_COMPRESSION_LEVEL: Final = 9
_ROW_GROUP: Final = 100_000


@dataclass(frozen=True, slots=True)
class TableFile:
    """A table that was written.

    Attributes:
        rows: Number of rows.
        bytes: Size of the file.
        sha256: SHA-256 of the file.
        rows_hash: SHA-256 of the rows, whatever the version of the library that wrote the file.
    """

    rows: int
    bytes: int
    sha256: str
    rows_hash: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """Tables that may become a release.

    Attributes:
        folder: Where `<table>.parquet` of every table is.
        files: What was written, by table.
    """

    folder: Path
    files: dict[str, TableFile]

    @property
    def content_hash(self) -> str:
        """Digest of the rows of all tables; equal for equal content."""
        return content_hash({name: file.rows_hash for name, file in self.files.items()})


def write_candidate(tables: Mapping[str, pl.DataFrame], folder: Path) -> Candidate:
    """Write every table of `evpact.tables.TABLES` to `folder`; the same rows in any order give the same bytes.

    Raises:
        KeyError: A table is missing.
        polars.exceptions.PolarsError: A column is missing or a value does not fit its type.
    """
    folder.mkdir(parents=True, exist_ok=True)
    return Candidate(folder, {name: write_table(tables[name], table, folder) for name, table in TABLES.items()})


def write_table(frame: pl.DataFrame, table: Table, folder: Path) -> TableFile:
    """Write one table in its order of columns and rows."""
    rows, path = table.conform(frame), folder / f"{table.name}.parquet"
    rows.write_parquet(path, compression="zstd", compression_level=_COMPRESSION_LEVEL, row_group_size=_ROW_GROUP)
    return TableFile(rows.height, path.stat().st_size, file_hash(path), rows_hash(rows))
