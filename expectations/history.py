"""Rules against the release before: a run may add and mend, it may not lose much unnoticed.

Without a release before, the `previous_` tables have no rows and these rules hold.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from evpact.tables import TABLES, Column, Table
from expectations.rule import Rule

MAX_LOSS: Final = 0.2
"""Largest share of the rows or keys of the previous release that may be gone."""

MAX_FILL_DROP: Final = 0.25
"""Largest fall of the share of rows in which a column has a value."""

_FEWEST_LOST: Final = 3  # of three rows one more or less says nothing
_FEWEST_ROWS: Final = 20  # shares of fewer rows are noise
_STABLE_KEYS: Final = ("articles", "organizations", "partnerships")

_REMEDY: Final = (
    "Compare sources and set-aside items of both runs; where a column emptied, find the stage that no longer fills it. "
    "If the loss is meant, as after sources were taken out, run once with `evpact run --accept-loss WHY`; the reason "
    "is kept with the release."
)


def rules() -> Iterator[Rule]:
    """All rules against the release before."""
    for table in TABLES.values():
        yield _rows_kept(table)
        yield from (_fill_kept(table, column) for column in table.columns if column.is_list or not column.required)
    yield from (_keys_kept(TABLES[name]) for name in _STABLE_KEYS)
    yield from _BY_HAND


def filled(column: Column) -> str:
    """SQL condition that a column has a value: not null, and of a list that it has members."""
    return f'coalesce(len("{column.name}"), 0) > 0' if column.is_list else f'"{column.name}" is not null'


def _rows_kept(table: Table) -> Rule:
    return Rule(
        f"{table.name}.rows_kept",
        table.name,
        "critical",
        f"{table.name} has at least {1 - MAX_LOSS:.0%} of the rows of the previous release.",
        "Sources fail and pages change; a release that silently lost a part of the world is worse than none.",
        _REMEDY,
        f"select before, now from (select (select count(*) from previous_{table.name}) as before, "
        f"(select count(*) from {table.name}) as now) "
        f"where before - now >= {_FEWEST_LOST} and now < before * {1 - MAX_LOSS}",
        is_loss=True,
        family=f"Every table has at least {1 - MAX_LOSS:.0%} of the rows of the previous release.",
    )


def _fill_kept(table: Table, column: Column) -> Rule:
    share = f"avg(({filled(column)})::int)"
    return Rule(
        f"{table.name}.{column.name}.fill_kept",
        table.name,
        "critical",
        f"The share of rows with a {table.name}.{column.name} fell by at most {MAX_FILL_DROP:.0%} points.",
        "A column that empties from one release to the next is a broken reader or extractor, not news.",
        _REMEDY,
        f"select round(b.share, 3) as before, round(n.share, 3) as now from "
        f"(select count(*) as n, {share} as share from previous_{table.name}) b, "
        f"(select count(*) as n, {share} as share from {table.name}) n "
        f"where b.n >= {_FEWEST_ROWS} and n.n >= {_FEWEST_ROWS} and b.share - n.share > {MAX_FILL_DROP}",
        column.name,
        is_loss=True,
        family=f"The share of rows with a value fell by at most {MAX_FILL_DROP:.0%} points in every column.",
    )


def _keys_kept(table: Table) -> Rule:
    (key,) = table.key
    kept = f"select {key} from {table.name}"
    if table.name == "partnerships":
        kept += " union all select old_id from redirects where old_id is not null and new_id is not null"
    gone = f"(select {key} from previous_{table.name} where {key} not in ({kept}))"
    return Rule(
        f"{table.name}.keys_kept",
        table.name,
        "critical",
        f"At most {MAX_LOSS:.0%} of the {key}s of the previous release are gone.",
        "These ids are made to be stable: consumers keep them.",
        _REMEDY,
        f"select {key} from {gone} where (select count(*) from {gone}) >= {_FEWEST_LOST} "
        f"and (select count(*) from {gone}) > {MAX_LOSS} * (select count(*) from previous_{table.name})",
        key,
        is_loss=True,
        family=f"At most {MAX_LOSS:.0%} of the ids of the previous release are gone.",
    )


_BY_HAND: Final = (
    Rule(
        "articles.vanished",
        "articles",
        "warning",
        "Every article of the previous release is still there.",
        "A vanished article takes its events with it; a person should know which ones went.",
        "Look whether a source dropped it, or whether its text is now read otherwise and so has another id.",
        "select article_id, title from previous_articles where article_id not in (select article_id from articles)",
        "article_id",
    ),
    Rule(
        "redirects.complete",
        "redirects",
        "critical",
        "Every partnership id of the previous release, and every id that it redirects, is in use or redirected.",
        "Consumers who kept an id must learn what became of it.",
        "Mend tasks/resolution/continuity.py.",
        "select partnership_id as old_id from (select partnership_id from previous_partnerships "
        "union select old_id from previous_redirects) where partnership_id not in "
        "(select partnership_id from partnerships where partnership_id is not null "
        "union all select old_id from redirects where old_id is not null)",
        "old_id",
    ),
    Rule(
        "partnerships.same_partnership",
        "partnerships",
        "critical",
        "A partnership that keeps its id keeps at least one of its parties.",
        "The id stands for one partnership in the world; consumers follow it from release to release.",
        "Find why resolution gave the id to other parties.",
        "select partnership_id, list_sort(list(distinct b.org_id)) as parties_before, "
        "list_sort(list(distinct n.org_id)) as parties_now "
        "from previous_partnership_parties b join partnership_parties n using (partnership_id) group by partnership_id "
        "having len(list_intersect(list(b.org_id), list(n.org_id))) = 0",
    ),
)
