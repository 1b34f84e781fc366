"""The sources as a person sees them: how they went so far, and what they give when they are tried."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.markup import escape
from rich.table import Table

from flows.arguments import ArgumentError, check_sources
from flows.console import OUT
from flows.outcome import state_file
from tasks.ingestion.intake import reports as reports_of
from tasks.ingestion.memory import Memory, Report
from tasks.ingestion.sources import Source, load_sources
from tasks.ingestion.trial import Trial, try_source
from tasks.ingestion.web import Web
from tasks.records import Article
from tasks.state import State


def reports(sources: Path, output: Path) -> list[tuple[Source, Report]]:
    """Every configured source with how its last reading went; nothing is created where nothing was read yet.

    Raises:
        ArgumentError: There is no file of sources.
        ConfigurationError: It is wrong.
        StateError: A run is going on.
    """
    check_sources(sources)
    configured = load_sources(sources)
    path = state_file(output)
    if not path.exists():
        return [(source, Report(source.name)) for source in configured]
    with State(path) as state:
        found = reports_of(configured, state, Memory(state.database, datetime.now(UTC)))
    return list(zip(configured, found, strict=True))


def report_record(source: Source, report: Report) -> dict[str, Any]:
    """A source as a line of JSON."""
    moments = {name: _iso(getattr(report, name)) for name in ("read_at", "good_at", "failing_since")}
    counts = ("new", "changed", "known", "waiting", "unfinished", "set_aside", "unreachable")
    return {
        "source": source.name,
        "kind": source.kind,
        **moments,
        "failure": report.failure,
        **{name: getattr(report, name) for name in counts},
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None


def show_reports(found: Sequence[tuple[Source, Report]]) -> None:
    """The table of the sources, and below it what is wrong."""
    table = Table(box=None, pad_edge=False)
    table.add_column("source", overflow="fold")
    for heading in ("kind", "last read, UTC"):
        table.add_column(heading, no_wrap=True)
    for heading in ("new", "changed", "waiting", "set aside"):
        table.add_column(heading, no_wrap=True, justify="right")
    table.add_column("", no_wrap=True)
    for source, report in found:
        counts = (report.new, report.changed, report.waiting, report.set_aside)
        figures = [f"{count:,}" for count in counts] if report.read_at else ["–"] * len(counts)
        table.add_row(escape(source.name), source.kind, _moment(report.read_at), *figures, _mark(report))
    OUT.print(table)
    for source, report in found:
        name = escape(source.name)
        if report.failure:
            OUT.print(f"\n[yellow]{name}[/] fails since {_moment(report.failing_since)}; {_last_good(report)}")
            OUT.print(f"  {escape(report.failure)}", soft_wrap=True)
        if report.unreachable:
            OUT.print(f"\n{name}: {report.unreachable:,} pages cannot be had so far and are tried again.")
        if report.unfinished:
            OUT.print(f"\n{name}: archives still to be read: {report.unfinished:,}; the next run goes on.")


def _moment(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if moment else "never"


def _mark(report: Report) -> str:
    if report.read_at is None:
        return ""
    return "[yellow]fails[/]" if report.failure else "[green]good[/]"


def _last_good(report: Report) -> str:
    return f"last read without fault {_moment(report.good_at)}." if report.good_at else "never read without fault."


def trials(sources: Path, names: Sequence[str]) -> Iterator[tuple[Source, Trial, float]]:
    """Try the sources of these names, or all, one after the other; gives the seconds that each took too.

    Raises:
        ArgumentError: There is no file of sources, or no source of that name in it.
        ConfigurationError: The file of sources is wrong.
    """
    check_sources(sources)
    configured = load_sources(sources)
    for name in names:
        if name not in {source.name for source in configured}:
            known = ", ".join(source.name for source in configured)
            raise ArgumentError(f"There is no source {name!r} in {sources}; there are {known}.")
    with Web() as web:
        for source in configured:
            if not names or source.name in names:
                began = time.monotonic()
                trial = try_source(source, web, datetime.now(UTC))
                yield source, trial, time.monotonic() - began


def trial_record(source: Source, trial: Trial, seconds: float) -> dict[str, Any]:
    """A trial as a line of JSON."""
    return {
        "source": source.name,
        "kind": source.kind,
        "failure": trial.failure,
        "seconds": round(seconds, 2),
        "waiting": trial.waiting,
        "items": [_item_record(place, reading) for place, reading in trial.items],
    }


def _item_record(place: str, reading: Article | str) -> dict[str, Any]:
    if isinstance(reading, str):
        return {"place": place, "set_aside": reading}
    published = reading.published.isoformat() if reading.published else None
    return {"place": place, "title": reading.title, "published": published, "words": len(reading.text.split())}


def show_trial(source: Source, trial: Trial, seconds: float) -> None:
    """A trial for people."""
    mark = "[yellow]fails[/]" if trial.failure else "[green]good[/]"
    more = f", {trial.waiting:,} more pages in its lists" if trial.waiting else ""
    OUT.print(f"[bold]{escape(source.name)}[/] ({source.kind}) {mark}, {seconds:.1f} s{more}", soft_wrap=True)
    if trial.failure:
        OUT.print(f"  [yellow]{escape(trial.failure)}[/]", soft_wrap=True)
    if not trial.items and not trial.failure:
        OUT.print("  delivers nothing", style="dim")
    for place, reading in trial.items:
        if isinstance(reading, str):
            OUT.print(f"  [yellow]set aside[/] {escape(place)}: {escape(reading)}", soft_wrap=True)
        else:
            about = f"{reading.published or 'undated'}, {len(reading.text.split()):,} words"
            OUT.print(f"  {escape(reading.title or 'without a title')} [dim]({about})[/]", soft_wrap=True)
            OUT.print(f"    {escape(place)}", style="dim", soft_wrap=True)
