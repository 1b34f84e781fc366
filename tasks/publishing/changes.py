"""What a release changes against the one before: as a table for programs, as a page for people."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import polars as pl

from evpact import vocabulary as words
from evpact.tables import (
    ARTICLES,
    EVENTS,
    ORGANIZATIONS,
    PARTICIPANTS,
    PARTNERSHIP_PARTIES,
    PARTNERSHIPS,
    TABLES,
    TEXT,
    TEXTS,
    Column,
    Table,
)

CHANGES_TABLE: Final = Table(
    "changes",
    "a row of a table that differs from the previous release",
    ("table", "key"),
    (
        Column("table", TEXT, "Name of the table.", required=True),
        Column("key", TEXT, "Values of the table's key, in its order, joined by `|`.", required=True),
        Column("change", TEXT, "What happened to the row.", required=True, vocabulary=words.CHANGE),
        Column("columns", TEXTS, "Columns whose values differ, of a changed row; else empty.", required=True),
    ),
)

_BEFORE: Final = " before"
_SHOWN: Final = 20
_LONGEST: Final = 240


def compare(previous: Path | None, candidate: Path) -> pl.DataFrame:
    """Rows added, removed and changed, as `CHANGES_TABLE`; all are added if there is no previous release.

    A table or column that a release does not have counts as empty there, so that releases of any age can be compared.

    Args:
        previous: Folder of the previous release's tables, or None.
        candidate: Folder of the new tables.
    """
    parts = (_compare_table(table, _rows(previous, table), _rows(candidate, table)) for table in TABLES.values())
    return CHANGES_TABLE.conform(pl.concat(parts))


def _rows(folder: Path | None, table: Table) -> pl.LazyFrame:
    """A release's rows in the table's present columns and types: an older one may lack some."""
    path = folder / f"{table.name}.parquet" if folder else None
    if path is None or not path.exists():
        return table.empty().lazy()
    frame = pl.scan_parquet(path, glob=False)
    there = frame.collect_schema()
    return frame.select(
        (pl.col(name) if name in there else pl.lit(None)).cast(dtype, strict=False).alias(name)
        for name, dtype in table.schema.items()
    )


def _compare_table(table: Table, before: pl.LazyFrame, after: pl.LazyFrame) -> pl.DataFrame:
    key, others = list(table.key), [name for name in table.schema if name not in table.key]
    differs = [pl.col(name).ne_missing(pl.col(name + _BEFORE)) for name in others]
    columns = [pl.when(test).then(pl.lit(name)).alias(name) for name, test in zip(others, differs, strict=True)]
    changed = (
        after.join(before, on=key, suffix=_BEFORE)
        .filter(pl.any_horizontal(differs))
        .select(*key, pl.concat_list(columns).list.drop_nulls().alias("columns"))
    )
    unchanged = pl.lit([], dtype=TEXTS).alias("columns")
    found = {
        "added": after.join(before, on=key, how="anti").select(*key, unchanged),
        "removed": before.join(after, on=key, how="anti").select(*key, unchanged),
        "changed": changed,
    }
    return pl.concat(
        frame.select(
            pl.lit(table.name).alias("table"),
            pl.concat_str(key, separator="|").alias("key"),
            pl.lit(change).alias("change"),
            "columns",
        )
        for change, frame in found.items()
    ).collect()


def changes_markdown(
    changes: pl.DataFrame, previous: Path | None, candidate: Path, version: str, previous_version: str | None
) -> str:
    """The changes for people: counts by table, then the partnerships and events that are new, changed or gone.

    Of each sort the latest are told, some twenty; the rest is counted.
    """
    lines = [
        f"# {version}",
        "",
        f"Changes since {previous_version}." if previous_version else "The first release: everything is new.",
        "",
        *_counts(changes, candidate),
    ]
    for title, table, parts in (("Partnerships", PARTNERSHIPS, _partnerships), ("Events", EVENTS, _events)):
        added, changed, removed = (
            changes.filter(pl.col("table") == table.name, pl.col("change") == change)
            for change in ("added", "changed", "removed")
        )
        told = [*_told("New", added, parts(candidate), table)]
        if previous is not None:
            told += _told_changed(changed, previous, candidate, parts(candidate), table)
            told += _told("Gone", removed, parts(previous), table)
        lines += ["", f"## {title}", "", *(told or ["No changes."])]
    return "\n".join(lines) + "\n"


def _counts(changes: pl.DataFrame, candidate: Path) -> Iterator[str]:
    counts = {(table, change): n for table, change, n in changes.group_by("table", "change").len().iter_rows()}
    yield f"| table | rows | {' | '.join(words.CHANGE)} |"
    yield f"|---|---:{'|---:' * len(words.CHANGE)}|"
    for name, table in TABLES.items():
        rows = _rows(candidate, table).select(pl.len()).collect().item()
        yield f"| {name} | {rows:,} | {' | '.join(f'{counts.get((name, change), 0):,}' for change in words.CHANGE)} |"


def _names(parties: pl.LazyFrame, folder: Path, key: str) -> pl.LazyFrame:
    """`names`: the organisations of each key in the order of their ids."""
    organizations = _rows(folder, ORGANIZATIONS).select("org_id", "name")
    sorted_names = pl.struct("org_id", "name").unique().sort().struct.field("name").alias("names")
    return parties.join(organizations, on="org_id").group_by(key).agg(sorted_names)


def _partnerships(folder: Path) -> pl.LazyFrame:
    """The parts of a sentence on each partnership, and `told`, the day that orders them."""
    names = _names(_rows(folder, PARTNERSHIP_PARTIES), folder, "partnership_id")
    return _rows(folder, PARTNERSHIPS).join(names, on="partnership_id", how="left").with_columns(told="last_reported")


def _events(folder: Path) -> pl.LazyFrame:
    """The parts of a sentence on each event with its article, and `told`, the day that orders them."""
    names = _names(_rows(folder, PARTICIPANTS), folder, "event_id")
    articles = _rows(folder, ARTICLES).select("article_id", "title", "publisher", told="published")
    return _rows(folder, EVENTS).join(articles, on="article_id", how="left").join(names, on="event_id", how="left")


def _latest(changes: pl.DataFrame, parts: pl.LazyFrame, table: Table) -> list[dict[str, Any]]:
    key = table.key[0]
    keys = changes.lazy().select(pl.col("key").alias(key), "columns")
    latest = parts.join(keys, on=key).sort("told", key, descending=[True, False], nulls_last=True).head(_SHOWN)
    return latest.collect().to_dicts()


def _told(label: str, changes: pl.DataFrame, parts: pl.LazyFrame, table: Table) -> Iterator[str]:
    yield from (f"- {label}: {_sentence(row)}" for row in _latest(changes, parts, table))
    yield from _untold(label, changes)


def _told_changed(
    changes: pl.DataFrame, previous: Path, candidate: Path, parts: pl.LazyFrame, table: Table
) -> Iterator[str]:
    key = table.key[0]
    rows = _latest(changes, parts, table)
    keys = [row[key] for row in rows]
    before, after = (
        {row[key]: row for row in frame.filter(pl.col(key).is_in(keys)).collect().iter_rows(named=True)}
        for frame in (_rows(previous, table), _rows(candidate, table))
    )
    for row in rows:
        differences = "; ".join(
            f"{column.replace('_', ' ')} {_value(before[row[key]][column])} → {_value(after[row[key]][column])}"
            for column in row["columns"]
        )
        yield f"- Changed: {_subject(row)}: {differences}"
    yield from _untold("Changed", changes)


def _untold(label: str, changes: pl.DataFrame) -> Iterator[str]:
    if changes.height > _SHOWN:
        yield f"- {label}: {changes.height - _SHOWN:,} more; see `changes.parquet`."


def _subject(row: Mapping[str, Any]) -> str:
    *names, last = [_plain(name) for name in row["names"] or ["nobody named"]]
    return f"{', '.join(names)} and {last}" if names else last


def _sentence(row: Mapping[str, Any]) -> str:
    """`Ford and Geely: technology, negotiating`; of an event also what the article says."""
    what = ", ".join(row[part].replace("_", " ") for part in ("type", "kind", "status") if row.get(part))
    if "evidence" not in row:
        return f"{_subject(row)}: {what}"
    origin = ", ".join(_plain(str(row[part])) for part in ("title", "publisher", "told") if row[part])
    return f"{_subject(row)}: {what}. “{_plain(row['evidence'])}” ({origin})"


def _value(value: object) -> str:
    if isinstance(value, list):
        value = ", ".join(value)
    return "(none)" if value in (None, "") else _plain(str(value))


def _plain(text: str) -> str:
    """Text from outside on one line, cut where it is long, its characters no Markdown."""
    text = " ".join(text.split())
    return re.sub(r"([\\`*_{}\[\]<>#|&~])", r"\\\1", text if len(text) <= _LONGEST else text[:_LONGEST] + "…")
