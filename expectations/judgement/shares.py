"""Judgements that are lines of a table: lengths of texts, fill rates of columns, rows of a thing for each other thing.

The bounds and their reasons are data in `expectations/limits`; each line is a rule of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from evpact.tables import TABLES
from expectations.history import filled
from expectations.limits import Limits, limits
from expectations.rule import Rule, Severity, tolerated

_LENGTHS_BROKEN: Final = 0.02
_FEWEST_ROWS: Final = 20  # shares of fewer rows are noise
_COUNTED: Final = {"relevant articles": "(select * from articles where relevant)"}


def rules() -> Iterator[Rule]:
    """One rule for each line of lengths.csv and yields.csv, and for each bound of fill.csv."""
    for line in limits("lengths").iter_rows(named=True):
        yield from tolerated(_length(line), of=line["table"], share=_LENGTHS_BROKEN)
    for line in limits("fill").iter_rows(named=True):
        yield from (
            _fill(line, severity) for severity in ("critical", "warning") if line[f"{severity}_below"] is not None
        )
    yield from map(_yield, limits("yields").iter_rows(named=True))


def _length(line: Limits) -> Rule:
    table, column = TABLES[line["table"]], line["column"]
    keys = ", ".join(f'"{key}"' for key in table.key)
    return Rule(
        f"{table.name}.{column}.length",
        table.name,
        "warning",
        f"{table.name}.{column} has {line['min']} to {line['max']} characters.",
        line["reason"],
        "Mend the stage that finds it; the bounds are in expectations/limits/lengths.csv.",
        f'select {keys}, length("{column}") as characters, left("{column}", 200) as begins from {table.name} '
        f'where length("{column}") not between {line["min"]} and {line["max"]}',
        column,
    )


def _fill(line: Limits, severity: Severity) -> Rule:
    table = TABLES[line["table"]]
    column, floor = table[line["column"]], line[f"{severity}_below"]
    return Rule(
        f"{table.name}.{column.name}.fill" + ("_low" if severity == "warning" else ""),
        table.name,
        severity,
        f"At least {floor:.0%} of the rows of {table.name} have a {column.name} (from {_FEWEST_ROWS} rows on).",
        line["reason"],
        "Find why the values are missing; the floors are in expectations/limits/fill.csv.",
        f"select rows, round(share, 3) as share from (select count(*) as rows, avg(({filled(column)})::int) as share "
        f"from {table.name}) where rows >= {_FEWEST_ROWS} and share < {floor}",
        column.name,
    )


def _yield(line: Limits) -> Rule:
    counted, per, low, high = line["table"], line["per"], line["min"], line["max"]
    table = "articles" if counted in _COUNTED else counted
    return Rule(
        f"{table}.yield.{counted.replace(' ', '_')}_per_{per.replace(' ', '_')}"
        + (".unusual" if line["severity"] == "warning" else ""),
        table,
        line["severity"],
        f"There are {low:g} to {high:g} {counted} for each of the {per} (from {line['from_rows']} {per} on).",
        line["reason"],
        "Look at what was extracted and set aside; the bounds are in expectations/limits/yields.csv.",
        f"select counted, per, round(counted / per, 4) as ratio from "
        f"(select (select count(*) from {_COUNTED.get(counted, counted)}) as counted, "
        f"(select count(*) from {_COUNTED.get(per, per)}) as per) "
        f"where per >= {line['from_rows']} and counted / per not between {low} and {high}",
    )
