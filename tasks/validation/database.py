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
from tasks.resolution.courses import recap_cues

if TYPE_CHECKING:
    from evpact.reference import Reference
    from tasks.validation.told import Told

MACROS: Final = rf"""
create macro flat(t) as trim(regexp_replace(lower(t), '[\s\x{{a0}}\x{{2000}}-\x{{200a}}\x{{202f}}]+', ' ', 'g'));
create macro plain(t) as trim(regexp_replace(lower(strip_accents(t)), '[^0-9{LETTER}]+', ' ', 'g'));
create macro squeezed(t) as replace(plain(translate(replace(replace(replace(replace(
    lower(t), '&', ' and '), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'øłđı', 'oldi')), ' ', '');
create macro is_part_of(part, name) as contains(' ' || replace(name, ',', '') || ' ', ' ' || part || ' ');
create macro person_key(id) as regexp_replace(id, '([aou])e', '\1', 'g');
create macro is_person(id, org, slug) as coalesce(
    person_key(id) in (person_key(slug), person_key(slug || '-' || coalesce(org, '')))
    or not contains(slug, '-') and (
        ends_with(person_key(id), '-' || person_key(slug))
        or ends_with(person_key(id), '-' || person_key(slug || '-' || coalesce(org, '')))), false);
create macro id_of(prefix, parts) as
    prefix || left(sha256(list_aggregate(list_transform(parts, lambda p: coalesce(p, '')), 'string_agg', chr(31))), 16);
"""
"""Functions that rules may use, as `expectations.rule` describes them."""

_FAULT: Final = pl.Schema(dict.fromkeys(("table_name", "fault", "expected", "found"), pl.String()))


def build(
    database: Path,
    candidate: Path,
    told: Told,
    previous: Path | None,
    reference: Reference,
    today: date,
) -> None:
    """Make the DuckDB file; what is wrong with the candidate's files becomes rows of `file_faults`.

    Raises:
        ReleaseError: The previous release cannot be read.
    """
    with duckdb.connect(str(database)) as db:
        db.execute("set enable_progress_bar = false")  # it would be drawn over what the run prints
        faults = [fault for table in TABLES.values() for fault in load_table(db, table, candidate)]
        db.begin()  # one transaction instead of one for each table
        db.execute(MACROS)
        load_frame(db, "file_faults", pl.DataFrame(faults, schema=_FAULT, orient="row"))
        for table in TABLES.values():
            load_frame(db, f"previous_{table.name}", _previous(table, previous))
        for name, frame in told.tables.items():
            load_frame(db, name, frame)
        derive_texts(db)
        load_frame(db, "ref_organizations", reference.all_organizations)
        load_frame(db, "ref_countries", reference.countries)
        load_frame(db, "ref_currencies", reference.currencies)
        load_frame(db, "ref_units", reference.units)
        load_frame(db, "ref_places", reference.places)
        load_frame(db, "ref_reviews", reference.organization_reviews)
        load_frame(db, "ref_recap_cues", pl.DataFrame({"cue": recap_cues()}))
        if not faults:
            derive_names(db)
        for name in limits.names():
            load_frame(db, f"limit_{name}", limits.limits(name))
        load_frame(db, "run", pl.DataFrame({"today": [today]}))
        db.commit()


def load_frame(db: duckdb.DuckDBPyConnection, name: str, frame: pl.DataFrame) -> None:
    """Make a frame a table, in place of one with that name."""
    db.register("frame", frame)
    db.execute(f"create or replace table {name} as select * from frame")
    db.unregister("frame")


def derive_texts(db: duckdb.DuckDBPyConnection) -> None:
    """Make the tables of the articles' texts: as they are, and as a reader looks words up in them."""
    db.execute("create or replace table texts as select article_id, text from told_articles")
    db.execute(
        "create or replace table readings as select article_id, flat(concat_ws(' ', title, text)) as words "
        "from told_articles"
    )


def derive_names(db: duckdb.DuckDBPyConnection) -> None:
    """Make the table of every name that an organisation of the candidate is known under."""
    db.execute(
        "create or replace table known_names as select distinct org_id, name from ("
        "select org_id, name from organizations union all select org_id, unnest(aliases) from organizations "
        "union all select org_id, name from organization_names where decision = 'same' "
        "union all select org_id, name from ref_organizations union all select org_id, unnest(aliases) "
        "from ref_organizations) where name is not null"
    )


def row_counts(path: Path) -> dict[str, tuple[int, int]]:
    """Rows of every table of the candidate that could be read, and of the release before."""
    counts = {}
    with duckdb.connect(str(path)) as db:
        readable = {name for (name,) in db.execute("select table_name from duckdb_tables()").fetchall()}
        for name in TABLES:
            if name in readable:
                now, before = (db.table(table).count("*").fetchall()[0][0] for table in (name, f"previous_{name}"))
                counts[name] = now, before
    return counts


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
