"""A run and a release as a person at a terminal sees them."""

from __future__ import annotations

import atexit
import logging
import time
from contextlib import ExitStack, nullcontext
from textwrap import indent
from typing import TYPE_CHECKING, Any

import polars as pl
from rich.cells import cell_len
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table

from evpact.errors import EvpactError
from flows.console import ERR, OUT, counted
from flows.interruption import interruptible
from flows.server import has_server, own_server, use, without_heartbeat

if TYPE_CHECKING:
    from evpact.release import Release
    from flows.outcome import Outcome

_SHOWN = 12
_ROWS = 100
"""Rows of an answer that are shown in a table."""

_RECORDS = 20
"""Rows of an answer that are shown one field a line."""

_WIDEST = 2**16 - 1
"""Characters of the widest table that Polars writes."""

_EXIT = {"published": 0, "unchanged": 0, "refused": 3}


class _Lines(logging.Handler):
    """What the stages log, as lines for people."""

    def emit(self, record: logging.LogRecord) -> None:
        style = "yellow" if record.levelno >= logging.WARNING else "default"
        ERR.print(escape(indent(record.getMessage(), "  ")), style=style, soft_wrap=True)


def run_in_terminal(**parameters: Any) -> int:
    """Run the flow, show its progress and its outcome; gives the exit code.

    Raises:
        EvpactError: Something that a person can mend.
        SystemExit: It was interrupted.
    """
    stack = ExitStack()
    atexit.register(stack.close)  # before Prefect is imported, hence after what Prefect still sends at exit
    with interruptible(
        "Interrupted. What was read and extracted so far is kept: the same command goes on from there.", stack.close
    ):
        return _run(stack, parameters)


def _run(stack: ExitStack, parameters: dict[str, Any]) -> int:
    """As `run_in_terminal`; the server that it starts ends with the stack."""
    began = time.monotonic()
    ERR.print("[bold]evpact[/] starting …", style="dim")
    log = logging.getLogger("evpact")
    log.setLevel(logging.INFO)
    log.addHandler(_Lines())
    server = None if has_server() else stack.enter_context(own_server(temporary=True))
    from flows.pipeline import evpact  # takes as long as the server does, beside it

    if server is not None:
        use(server.wait())
    with without_heartbeat() if server else nullcontext():
        state = evpact(**parameters, return_state=True)
    outcome: Any = state.result(raise_on_failure=False)
    if isinstance(outcome, EvpactError):
        raise outcome
    if isinstance(outcome, BaseException):
        ERR.print_exception() if ERR.is_terminal else ERR.print(f"[red]evpact:[/] {escape(repr(outcome))}")
        return 1
    _show_outcome(outcome, time.monotonic() - began)
    return _EXIT[outcome.result]


def _show_outcome(outcome: Outcome, seconds: float) -> None:
    from evpact.release import open_release

    colour = "red" if outcome.result == "refused" else "green"
    said, *where = outcome.message.splitlines()
    OUT.print(f"\n[bold {colour}]{escape(said)}[/] [dim]({seconds:.0f} s)[/]", soft_wrap=True)
    for line in where:
        OUT.print(escape(line), soft_wrap=True)
    if outcome.result == "published" and outcome.version:
        show_release(open_release(outcome.version, outcome.path.parent.parent))


def show_release(release: Release) -> None:
    """What is in a release: its tables, its newest partnerships, and how to go on."""
    info = release.info
    OUT.print(f"\nRelease [bold]{info.version}[/] at {escape(str(release.path))} · gate: {info.gate}", soft_wrap=True)
    tables = Table(box=None, pad_edge=False)
    tables.add_column("table")
    tables.add_column("rows", justify="right")
    for name, rows in info.rows.items():
        tables.add_row(name, f"{rows:,}")
    OUT.print(Padding(tables, (1, 2)))
    newest = (
        release.table("partnerships")
        .sort("last_reported", "partnership_id", descending=[True, False], nulls_last=True)
        .head(_SHOWN)
        .collect()
    )
    if newest.height:
        OUT.print("  Latest partnerships", style="bold")
        for row in newest.iter_rows(named=True):
            reported = str(row["last_reported"] or "–")
            OUT.print(f"  {reported:<10}  {row['status']:<11}  {escape(row['name'])}", soft_wrap=True)
            OUT.print(f"{'':27}{row['partnership_id']}", style="dim", soft_wrap=True)
    OUT.print(
        '\nGo on with `evpact show --partnership ID` or `evpact query "select …"`, or open the Parquet files there.',
        style="dim",
        soft_wrap=True,
    )


def show_partnership(release: Release, partnership: str) -> None:
    """All that is told of a partnership, oldest first, each with its sentence and where it stands.

    Raises:
        EvpactError: The release has no such partnership.
    """
    found = release.table("partnerships").filter(pl.col("partnership_id") == partnership).collect()
    if found.is_empty():
        raise EvpactError(
            f"Release {release.version} has no partnership {partnership!r}. List them with "
            '`evpact query "select partnership_id, name from partnerships"`.'
        )
    row = found.row(0, named=True)
    OUT.print(f"[bold]{escape(row['name'])}[/] · {row['status']} · confidence {row['confidence']:.2f}")
    OUT.print(
        f"{counted(row['articles'], 'article')}, {counted(row['stories'], 'independent text')}, "
        f"{counted(row['publishers'], 'publisher')}\n",
        style="dim",
    )
    for told in release.trace(partnership).iter_rows(named=True):
        OUT.print(f"[bold]{told['reported'] or 'undated'}[/] {told['status']}")
        OUT.print(Padding(f"“{escape(told['evidence'])}”", (0, 2)))
        where = " · ".join(escape(str(told[name])) for name in ("publisher", "title", "url") if told[name])
        OUT.print(Padding(where, (0, 2, 1, 2)), style="dim")


def show_rows(rows: pl.DataFrame) -> None:
    """The answer to a query: a table where one fits the width of the terminal, otherwise one field a line."""
    with pl.Config(
        tbl_rows=-1,
        tbl_cols=-1,
        tbl_width_chars=_WIDEST,
        fmt_str_lengths=_WIDEST,
        fmt_table_cell_list_len=-1,
        tbl_hide_dataframe_shape=True,
        tbl_hide_column_data_types=True,
    ):
        table = str(rows.head(_ROWS))
    if fits := cell_len(table.partition("\n")[0]) <= OUT.width:
        OUT.print(table, soft_wrap=True, markup=False)
    else:
        _show_records(rows.head(_RECORDS))
    shown = min(rows.height, _ROWS if fits else _RECORDS)
    rest = "" if shown == rows.height else f"; the first {shown} are shown, `--as csv` gives all"
    OUT.print(f"{counted(rows.height, 'row')}{rest}", style="dim", soft_wrap=True)


def _show_records(rows: pl.DataFrame) -> None:
    width = max(map(len, rows.columns))
    for number, row in enumerate(rows.iter_rows(named=True), start=1):
        OUT.rule(str(number), align="left", style="dim")
        for name, value in row.items():
            told = ", ".join(map(str, value)) if isinstance(value, list) else "–" if value is None else value
            OUT.print(f"{name:<{width}}  {told}", soft_wrap=True, markup=False)
