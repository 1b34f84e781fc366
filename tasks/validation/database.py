"""Everything a rule may look at, as tables of one DuckDB file: see `expectations.rule` for their names."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

import duckdb
import polars as pl

from evpact.errors import ReleaseError
from evpact.tables import TABLES, Table
from expectations import limits
from expectations.rule import LETTER

if TYPE_CHECKING:
    from evpact.reference import Reference

_MACROS: Final = rf"""
create macro flat(t) as trim(regexp_replace(lower(t), '[\s\x{{a0}}\x{{2000}}-\x{{200a}}\x{{202f}}]+', ' ', 'g'));
create macro plain(t) as trim(regexp_replace(lower(strip_accents(t)), '[^0-9{LETTER}]+', ' ', 'g'));
"""

_FAULT: Final = pl.Schema(dict.fromkeys(("table_name", "fault", "expected", "found"), pl.String()))


def build(
    database: Path,
    candidate: Path,
    texts: pl.DataFrame | Path,
    previous: Path | None,
    reference: Reference,
    today: date,
) -> None:
    """Make the DuckDB file; what is wrong with the candidate's files becomes rows of `file_faults`.

    Raises:
        ReleaseError: The previous release cannot be read.
        ValueError: `texts` lacks a column or has an article twice.
    """
    with duckdb.connect(str(database)) as db:
        faults = [fault for table in TABLES.values() for fault in load_table(db, table, candidate)]
        db.begin()  # one transaction instead of one for each table
        db.execute(_MACROS)
        load_frame(db, "file_faults", pl.DataFrame(faults, schema=_FAULT, orient="row"))
        for table in TABLES.values():
            load_frame(db, f"previous_{table.name}", _previous(table, previous))
        load_frame(db, "texts", _texts(texts))
        if not faults:
            derive_readings(db)
        load_frame(db, "ref_organizations", reference.all_organizations)
        load_frame(db, "ref_countries", reference.countries)
        load_frame(db, "ref_currencies", reference.currencies)
        load_frame(db, "ref_units", reference.units)
        for name in limits.names():
            load_frame(db, f"limit_{name}", limits.limits(name))
        load_frame(db, "run", pl.DataFrame({"today": [today]}))
        db.commit()


def load_frame(db: duckdb.DuckDBPyConnection, name: str, frame: pl.DataFrame) -> None:
    """Make a frame a table, in place of one with that name."""
    db.register("frame", frame)
    db.execute(f"create or replace table {name} as select * from frame")
    db.unregister("frame")


def derive_readings(db: duckdb.DuckDBPyConnection) -> None:
    """Make the table of what a reader sees of an article, for looking up words."""
    db.execute(
        "create or replace table readings as select article_id, flat(concat_ws(' ', title, text)) as words "
        "from articles join texts using (article_id)"
    )


def load_table(db: duckdb.DuckDBPyConnection, table: Table, folder: Path) -> Iterator[tuple[str, str, str, str]]:
    """Make a table of its file, with `file_row_number`; gives what is wrong with the file."""
    path = folder / f"{table.name}.parquet"
    if not path.is_file():
        yield table.name, "missing file", path.name, "nothing"
        return
    try:
        # Read to the end by both libraries that consumers use: a footer may promise what the pages do not hold.
        schema = pl.read_parquet(path).schema
        db.execute(
            f"create or replace table {table.name} as select * from read_parquet(?, file_row_number = true)",
            [str(path)],
        )
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, duckdb.Error, OSError) as error:
        yield table.name, "unreadable file", "Parquet", str(error).splitlines()[0][:300]
        return
    for name, dtype in table.schema.items():
        found = schema.get(name)
        if found is None:
            yield table.name, "missing column", name, "nothing"
        elif found != dtype:
            yield table.name, "wrong type", f"{name}: {dtype}", f"{name}: {found}"
    for name in schema.keys() - table.schema.keys():
        yield table.name, "unknown column", "nothing", name
    if schema.keys() == table.schema.keys() and list(schema) != list(table.schema):
        yield table.name, "wrong order of columns", ", ".join(table.schema), ", ".join(schema)


def _previous(table: Table, folder: Path | None) -> pl.DataFrame:
    """A table of the release before; a column or table that it did not have yet is empty."""
    path = folder / f"{table.name}.parquet" if folder else None
    if path is None or not path.is_file():
        return table.empty()
    try:
        frame = pl.read_parquet(path)
        return frame.select(
            (pl.col(name) if name in frame.columns else pl.lit(None)).cast(dtype, strict=False).alias(name)
            for name, dtype in table.schema.items()
        )
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        raise ReleaseError(
            f"{path} of the previous release cannot be read, so the candidate cannot be compared with it ({error}). "
            "Restore the file, or withdraw that release with `evpact rollback`."
        ) from error


def _texts(texts: pl.DataFrame | Path) -> pl.DataFrame:
    frame = pl.read_parquet(texts) if isinstance(texts, Path) else texts
    if missing := {"article_id", "text"} - set(frame.columns):
        raise ValueError(f"texts lacks {', '.join(sorted(missing))}")
    if frame["article_id"].is_duplicated().any():
        raise ValueError("texts has an article twice")
    return frame.select("article_id", "text")
