"""The file that the working state lives in: DuckDB, one writer at a time, changes in transactions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import duckdb
import polars as pl

from evpact.errors import StateError

_MEMORY: Final = "320MB"
_FORMAT: Final = 3


_TYPES: Final[dict[pl.DataType, str]] = {
    pl.String(): "text",
    pl.Int64(): "bigint",
    pl.Boolean(): "boolean",
    pl.Date(): "date",
    pl.Datetime("us"): "timestamp",
    pl.List(pl.String()): "text[]",
}


def naive(moment: datetime | None) -> datetime | None:
    """A moment as the database keeps it: in UTC, without saying so."""
    return moment.astimezone(UTC).replace(tzinfo=None) if moment else None


def aware(moment: datetime | None) -> datetime | None:
    """A moment of the database."""
    return moment.replace(tzinfo=UTC) if moment else None


class Database:
    """One DuckDB file, or one in memory that is gone when it is closed.

    Raises:
        StateError: Another process holds it, it is no database, or a newer evpact made it.
    """

    def __init__(self, path: Path | None) -> None:
        self._name = str(path or "in memory")
        self._in_transaction = False
        try:
            if path:
                path.parent.mkdir(parents=True, exist_ok=True)
            self._db = duckdb.connect(str(path or ":memory:"), config={"memory_limit": _MEMORY, "threads": 2})
            self._carry_over()
        except (duckdb.Error, OSError) as error:
            if "lock" in str(error).lower():
                raise StateError(f"{path} is in use by another run of evpact: wait until it ends.") from error
            raise StateError(f"{path} cannot be used as working state ({error}). Delete it to start afresh.") from error

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def _carry_over(self) -> None:
        """Bring a file of an older version into the form of this one.

        Former ones held only what files deliver again in every run, and what was extracted, which stays.
        """
        tables = self._tables()
        found = self._db.execute("select number from format").fetchone() if "format" in tables else None
        if found and found[0] > _FORMAT:
            self._db.close()
            raise StateError(
                f"{self._name} was made by a newer evpact (format {found[0]}, this one knows {_FORMAT}): use that one, "
                "or another --output."
            )
        if not found or found[0] < _FORMAT:
            for table in tables - {"extractions"}:
                self._db.execute(f"drop table {table}")
            self._db.execute(f"create or replace table format as select {_FORMAT} as number")

    def _tables(self) -> set[str]:
        return {name for (name,) in self._db.execute("select table_name from duckdb_tables()").fetchall()}

    def ensure(self, table: str, schema: pl.Schema, key: list[str], *, derived: bool = False) -> None:
        """Create a table if it is missing.

        Args:
            table: Its name.
            schema: Its columns.
            key: The columns of its primary key.
            derived: Whether what is in it can be made anew: a table of other columns is emptied then.
        """
        if derived and table in self._tables():
            columns = [row[0] for row in self._db.execute(f"describe {table}").fetchall()]
            if columns != schema.names():
                self.execute(f"drop table {table}")
        columns_sql = ", ".join(f"{name} {_TYPES[dtype]}" for name, dtype in schema.items())
        self.execute(f"create table if not exists {table} ({columns_sql}, primary key ({', '.join(key)}))")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All changes within, or none; one within another is part of it."""
        if self._in_transaction:
            yield
            return
        with self._explained():
            self._db.begin()
        self._in_transaction = True
        try:
            yield
        except BaseException:
            with self._explained():
                self._db.rollback()
            raise
        else:
            with self._explained():
                self._db.commit()
        finally:
            self._in_transaction = False

    def execute(self, sql: str, *parameters: object) -> None:
        """Run a statement.

        Raises:
            StateError: The disk is full, or the file is broken.
        """
        with self._explained():
            self._db.execute(sql, list(parameters))

    def frame(self, sql: str, *parameters: object) -> pl.DataFrame:
        """The rows of a query.

        Raises:
            StateError: The file is broken.
        """
        with self._explained():
            frame: pl.DataFrame = self._db.sql(sql, params=list(parameters)).pl()
        return frame

    def insert(self, table: str, rows: Iterable[Mapping[str, Any]], schema: pl.Schema, *, replace: bool = True) -> None:
        """Add rows; they take the place of those with the same key, or are left out if those shall stay."""
        self.execute_with(
            pl.DataFrame(list(rows), schema=schema),
            f"insert or {'replace' if replace else 'ignore'} into {table} by name select * from batch",
        )

    def execute_with(self, batch: pl.DataFrame, sql: str, *parameters: object) -> None:
        """Run a statement that reads the frame as `batch`."""
        if batch.is_empty():
            return
        with self.transaction(), self._explained():
            self._db.register("batch", batch)
            try:
                self._db.execute(sql, list(parameters))
            finally:
                self._db.unregister("batch")

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except duckdb.Error as error:
            raise StateError(f"The working state {self._name} cannot be read or written: {error}") from error
