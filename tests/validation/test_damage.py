"""Damage of every sort to every table and column, between what was extracted and the release: the gate refuses it.

Nobody chose these: each column is shuffled, emptied, shifted or scaled, single cells are exchanged, lost or altered,
rows are lost or doubled. What a release has to survive without being refused is in `test_gate`.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import duckdb
import polars as pl
import pytest

from evpact.tables import TABLES, Column, Table
from expectations import Rule
from tasks.validation import database
from tests.validation.bench import Bench
from tests.validation.sound import TODAY, reference

Cells = list[Any]

_EXCUSED = {
    # An explanation that another true one takes the place of.
    ("organization_names", "reason"),
    ("organization_names", "score"),
}


def _other(value: Any) -> Any:
    match value:
        case bool():
            return not value
        case int():
            return value + 1
        case float():
            return value / 2
        case date():
            return value + timedelta(days=30)
        case str():
            return value + "x"
        case list():
            return value[:-1]
    return value


def _of_column(column: Column, cells: Cells, rng: random.Random) -> Iterator[tuple[str, Cells]]:
    """The column, damaged in one way after the other."""
    places = [place for place, value in enumerate(cells) if value not in (None, [])]
    if not places:
        return
    nothing: Any = [] if column.is_list else None
    yield "emptied", [nothing] * len(cells)
    one = rng.choice(places)
    yield "one lost", [nothing if place == one else value for place, value in enumerate(cells)]
    yield "one altered", [_other(value) if place == one else value for place, value in enumerate(cells)]
    if column.dtype in (pl.Int64(), pl.Float64(), pl.Date(), pl.Boolean()):
        yield "all altered", [None if value is None else _other(value) for value in cells]
    others = [place for place, value in enumerate(cells) if value != cells[one]]
    if others:
        two = rng.choice(others)
        exchanged = cells[:]
        exchanged[one], exchanged[two] = cells[two], cells[one]
        yield "two exchanged", exchanged
        shuffled = cells[:]
        while shuffled == cells:
            rng.shuffle(shuffled)
        yield "shuffled", shuffled


def _of_rows(table: Table, rows: pl.DataFrame, rng: random.Random) -> Iterator[tuple[str, pl.DataFrame]]:
    """The table with rows lost or doubled."""
    for _ in range(3):
        place = rng.randrange(rows.height)
        yield f"without row {place}", pl.concat([rows[:place], rows[place + 1 :]])
    yield "first half", rows[: rows.height // 2]
    yield "one row twice", pl.concat([rows[:1], rows])
    twin = rows[:1].with_columns(pl.concat_str(pl.col(table.key[0]), pl.lit("-x")))
    yield "one row twice under another id", pl.concat([rows, twin])


def damaged(table: Table, rows: pl.DataFrame, rng: random.Random) -> Iterator[tuple[str, pl.DataFrame]]:
    """The table, damaged in one way after the other, in the order of its key."""
    for column in table.columns:
        if (table.name, column.name) not in _EXCUSED:
            for how, cells in _of_column(column, rows[column.name].to_list(), rng):
                yield f"{column.name}: {how}", rows.with_columns(pl.Series(column.name, cells, dtype=column.dtype))
    yield from _of_rows(table, rows, rng)


@pytest.fixture(scope="module")
def world(bench: Bench) -> Iterator[duckdb.DuckDBPyConnection]:
    path = bench.folder / "damaged.duckdb"
    database.build(path, bench.candidate, bench.told, bench.candidate, reference(), TODAY)
    with duckdb.connect(str(path), config={"threads": 1}) as db:
        db.execute("pragma disable_optimizer")
        yield db


@pytest.mark.parametrize("name", TABLES)
def test_damage_is_refused(name: str, bench: Bench, world: duckdb.DuckDBPyConnection) -> None:
    table, rows = TABLES[name], bench.tables[name]
    critical = [rule for rule in bench.rules.values() if rule.severity == "critical"]
    # Those that hold a table against what was extracted find most, so they are asked first.
    looking = sorted((r for r in critical if name in r.query or "known_names" in r.query), key=_likeliest)
    missed = []
    for how, frame in damaged(table, rows, random.Random(name)):
        _load(world, name, frame.sort(table.key, maintain_order=True))
        if not any(world.execute(f"select 1 from ({rule.query}) limit 1").fetchall() for rule in looking):
            missed.append(how)
    _load(world, name, rows)
    assert missed == []


def _likeliest(rule: Rule) -> tuple[bool, bool]:
    return "as_told" not in rule.name and "as_read" not in rule.name, "agree" not in rule.name


def _load(db: duckdb.DuckDBPyConnection, name: str, frame: pl.DataFrame) -> None:
    numbered = frame.with_columns(file_row_number=pl.int_range(pl.len(), dtype=pl.Int64))
    database.load_frame(db, name, numbered)
    database.derive_names(db)
