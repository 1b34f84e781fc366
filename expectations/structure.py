"""Structural rules, all derived from `evpact.tables`: nobody writes these by hand, and none can be forgotten.

A new column, vocabulary, code, bound or reference in the definitions is checked from the next run on.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import polars as pl

from evpact.tables import TABLES, Column, Table
from evpact.vocabulary import BLOC_CODES
from expectations.rule import Rule, quoted

_REMEDY: Final = (
    "Mend the stage that writes this table; if the value is meant, change its definition in evpact/tables.py."
)

VERBATIM: Final = {"evidence", "text"}
"""Columns that copy stretches of an article: line breaks are part of them."""

# Control and bidirectional characters, byte order marks, noncharacters: invisible, and never part of a word.
_INVISIBLE: Final = (
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x{9f}\x{200b}\x{200e}\x{200f}\x{2028}-\x{202e}\x{2066}-\x{2069}"
    r"\x{feff}\x{fffe}\x{ffff}]"
)
_SPACE: Final = r"[\s\x{a0}\x{2000}-\x{200a}\x{202f}\x{3000}]"
# UTF-8 read as Latin-1 or Windows-1252 ("Ã©", "â€™", "Ð¼"), and the sign for what could not be decoded.
_BROKEN_ENCODING: Final = (
    r"[ÃÂÐÑÅÄ][\x{80}-\x{bf}€™ŒœŠšŽž‚ƒ„…†‡ˆ‰‹›‘’“”•–—˜]|â€|â‚|ï»¿|\x{fffd}|&(amp|quot|lt|gt|nbsp|#\d+);"
)


def file_rules() -> Iterator[Rule]:
    """One rule a table: its file is there, can be read, and has exactly the columns and types of the definition."""
    for table in TABLES.values():
        yield Rule(
            f"{table.name}.file",
            table.name,
            "critical",
            f"{table.name}.parquet is there, can be read to its end, and has exactly the defined columns and types.",
            "Consumers rely on the columns and types of evpact/tables.py; an incomplete file is no release.",
            "Write the candidate again; if the columns were changed on purpose, change evpact/tables.py.",
            f"select table_name, fault, expected, found from file_faults where table_name = '{table.name}'",
        )


def content_rules() -> Iterator[Rule]:
    """All structural rules on the rows."""
    for table in TABLES.values():
        yield from _table_rules(table)
        for column in table.columns:
            yield from _column_rules(table, column)


def _name(column: str) -> str:
    return f'"{column}"'


def _keys(table: Table, *more: str) -> str:
    return ", ".join(map(_name, dict.fromkeys((*table.key, *more))))


def _table_rules(table: Table) -> Iterator[Rule]:
    key = _keys(table)
    known = " and ".join(f"{_name(column)} is not null" for column in table.key)

    def rule(what: str, holds: str, reason: str, query: str, *, warns: bool = False) -> Rule:
        return Rule(
            f"{table.name}.{what}", table.name, "warning" if warns else "critical", holds, reason, _REMEDY, query
        )

    yield rule(
        "key_unique",
        f"No two rows of {table.name} share their key ({', '.join(table.key)}).",
        "The key identifies a row, in joins and from release to release.",
        f"select {key}, count(*) as times from {table.name} group by {key} having count(*) > 1",
    )
    yield rule(
        "sorted",
        f"The rows of {table.name} stand in the order of their key.",
        "A fixed order makes the same content the same bytes.",
        f"select {key} from (select *, row({key}) < lag(row({key})) over (order by file_row_number) as back "
        f"from {table.name} where {known}) where back",
    )
    texts = [column for column in table.columns if column.dtype in (pl.String(), pl.List(pl.String()))]
    yield rule(
        "text_clean",
        f"No text in {table.name} is empty, has spaces around it, or holds invisible control characters.",
        "Blank stands for unknown only as null; invisible characters break joins and searches.",
        _any_text(table, texts, lambda c: _dirty(c.name)),
    )
    broken = _any_text(table, texts, lambda c: f"regexp_matches(value, '{_BROKEN_ENCODING}')")
    yield rule(
        "encoding",
        f"No text in {table.name} was decoded with the wrong encoding or holds markup entities.",
        "“CitroÃ«n” is found by nobody who looks for “Citroën”.",
        broken,
        warns=True,
    )
    yield rule(
        "encoding.widespread",
        f"At most 5% of the rows of {table.name} hold a text that was decoded with the wrong encoding.",
        "One page with a wrong label is a nuisance; many are a fault of the reader.",
        f"select count(*) as values_broken, (select count(*) from {table.name}) as rows_checked from ({broken}) "
        f"having count(*) >= 3 and count(*) > 0.05 * (select count(*) from {table.name})",
    )


def _any_text(table: Table, columns: list[Column], condition: object) -> str:
    assert callable(condition)
    return " union all ".join(
        f"select {_keys(table)}, '{column.name}' as column_name, value from "
        f"(select {_keys(table)}, {_values(column)} as value from {table.name}) where {condition(column)}"
        for column in columns
    )


def _dirty(column: str) -> str:
    edges = rf"^{_SPACE}|{_SPACE}$|^$"
    breaks = "" if column in VERBATIM else r"|[\n\r\t]"
    return f"regexp_matches(value, '{edges}|{_INVISIBLE}{breaks}')"


def _values(column: Column) -> str:
    return f"unnest({_name(column.name)})" if column.is_list else _name(column.name)


def _column_rules(table: Table, column: Column) -> Iterator[Rule]:
    name = _name(column.name)
    source = table.name
    if column.is_list:
        source = f"(select * exclude ({name}), unnest({name}) as {name} from {table.name})"

    def rule(what: str, holds: str, reason: str, condition: str, rows: str = source) -> Rule:
        return Rule(
            f"{table.name}.{column.name}.{what}",
            table.name,
            "critical",
            f"{table.name}.{column.name} {holds}.",
            reason,
            _REMEDY,
            f"select {_keys(table, column.name)} from {rows} where {condition}",
            column.name,
        )

    if column.required:
        yield rule("required", "is never null", "The definition of the column says so.", f"{name} is null", table.name)
    if column.name in table.key and not column.references and column.dtype == pl.String() and not column.vocabulary:
        yield rule(
            "id_form",
            "is made of lower-case ASCII letters, digits and hyphens",
            "Ids stand in addresses, file names and joins.",
            f"not regexp_full_match({name}, '[a-z0-9]+([._-]+[a-z0-9]+)*') or length({name}) > 200",
        )
    if column.vocabulary is not None:
        yield rule(
            "vocabulary",
            f"is one of {', '.join(column.vocabulary)}",
            "A word outside the vocabulary means nothing to consumers.",
            f"{name} not in ({quoted(column.vocabulary)})",
        )
    if column.code == "country":
        yield rule(
            "country",
            f"is an ISO 3166-1 alpha-2 code or {', '.join(sorted(BLOC_CODES))}",
            "Countries are joined by their code.",
            f"{name} not in ({quoted(sorted(BLOC_CODES))}) and {name} not in (select code from ref_countries)",
        )
    if column.minimum is not None or column.maximum is not None:
        low, high = column.minimum, column.maximum
        bounds = [f"{name} >= {low}"] * (low is not None) + [f"{name} <= {high}"] * (high is not None)
        yield rule(
            "within",
            f"is finite and lies between {'-∞' if low is None else low} and {'∞' if high is None else high}",
            "The definition of the column says so.",
            f"not (isfinite({name}::double) and {' and '.join(bounds)})",
        )
    elif column.dtype == pl.Float64():
        yield rule("finite", "is a finite number", "NaN and infinity are no figures.", f"not isfinite({name})")
    if column.references:
        target, key = column.references.split(".")
        yield rule(
            "references",
            f"is found in {column.references}",
            "Every reference points at a row of the same release.",
            f"{name} is not null and {name} not in (select {key} from {target} where {key} is not null)",
        )
    if column.is_list:
        yield rule(
            "members",
            "has no null members and none twice",
            "A list is a set of known values.",
            f"len(list_filter({name}, lambda x: x is null)) > 0 or len({name}) <> len(list_distinct({name}))",
            table.name,
        )
