"""The command line `evpact`. Heavy libraries are imported inside the commands, so that `--help` answers at once."""

from __future__ import annotations

import json
import os
import sys
from contextlib import ExitStack
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any, Literal, NoReturn

import polars as pl
from cyclopts import App, Parameter, validators
from rich.markup import escape

from evpact.errors import EvpactError, ReleaseError
from evpact.release import ReleaseInfo, open_release, releases
from evpact.release import query as query_release
from evpact.settings import EXTRACTOR, REFERENCE, SOURCES, default_output, default_processes
from flows.arguments import ArgumentError, check_extraction, check_reference, check_run
from flows.console import ERR, OUT
from flows.interruption import INTERRUPTED, on_interruption

FAULT = 1
MISUSE = 2

app = App(
    name="evpact",
    help="""News in, a trustworthy dataset out: who partners with whom in the electric-vehicle industry.

    First steps: `evpact run` reads what `seeds/sources.toml` names and publishes a release; `evpact show` says what is
    in it; `evpact query "select * from partnerships"` asks it.

    Exit codes: 0 done (also when there was nothing new), 1 a fault that the message explains, 2 wrong arguments,
    3 the gate refused the candidate, 130 interrupted.""",
    help_format="markdown",
    version=lambda: f"evpact {version('evpact')}",
    default_parameter=Parameter(negative=()),
    suppress_keyboard_interrupt=False,  # `main` has a word to say
)

Sources = Annotated[
    Path, Parameter(help="TOML file that says what to read. Default: `seeds/sources.toml`.", show_default=False)
]
Output = Annotated[
    Path | None, Parameter(help="Folder of releases. Default: the environment's EVPACT_OUTPUT, or `output` here.")
]
Reference = Annotated[
    Path,
    Parameter(
        help="Folder of the reviewed tables of organisations, places and words. Default: `seeds/reference`.",
        show_default=False,
    ),
]
Extractor = Annotated[str, Parameter(help="Which extractor turns articles into events.")]
Processes = Annotated[int | None, Parameter(help="Processes for work on the CPU. Default: one a core.",
                                            validator=validators.Number(gte=1))]  # fmt: skip
Version = Annotated[str, Parameter(help="A version such as 2026-11-22.1, or `latest`.")]


def _no_option(_: type, path: str) -> None:
    if path.startswith("-") and path != "-":
        raise ValueError(f"There is no option {path}; a file of that name is ./{path}.")


Paths = Annotated[
    list[Annotated[str, Parameter(allow_leading_hyphen=True, validator=_no_option)]],
    Parameter(help="Files and folders, or `-` for standard input.", allow_leading_hyphen=True),
]


@app.command
def run(
    *,
    sources: Sources = SOURCES,
    output: Output = None,
    reference: Reference = REFERENCE,
    extractor: Extractor = EXTRACTOR,
    processes: Processes = None,
    accept_loss: Annotated[
        str | None,
        Parameter(
            help="Why this run may publish a release that lacks much of the one before, as after sources were taken "
            "out. Without, the gate refuses it. The reason is kept with the release."
        ),
    ] = None,
) -> int:
    """Run the whole pipeline once: ingest, extract, resolve, validate, publish.

    Only what is new is worked on; a run that changes nothing publishes nothing. Needs no Prefect server; with
    `PREFECT_API_URL` set the run reports to that one.
    """
    from flows import prefect_defaults

    output = output or default_output()
    check_run(sources, output, reference, extractor)
    if accept_loss is not None and not accept_loss.strip():
        raise ArgumentError("--accept-loss needs a reason, for whoever looks at the release in a year.")
    prefect_defaults.apply(quiet=True)
    from flows.terminal import run_in_terminal

    return run_in_terminal(
        sources=sources,
        output=output,
        reference=reference,
        extractor=extractor,
        processes=processes or default_processes(),
        accept_loss=accept_loss,
    )


@app.command
def ingest(paths: Paths, *, jsonl: bool = False) -> int:
    """Read files and show the clean articles in them; nothing is stored.

    Reads .txt, .html, .md, .json and .jsonl, packed as .gz or not. What holds no article is named on standard error
    with the reason, and the rest goes on.

    Exit codes: 0 articles were found, whatever was set aside; 1 there was none, or a path does not exist.

    Parameters
    ----------
    jsonl
        One article a line: `id` (file stem), `title`, `authors`, `publisher`, `published`, `published_from` (where that
        was found), `updated`, `language`, `url`, `text`.
    """
    from flows.reading import article_record, read_paths, show_article

    tally = _Tally()
    for identifier, reading in read_paths(paths):
        if isinstance(reading, str):
            tally.set_aside(reading)
            continue
        tally.articles += 1
        if jsonl:
            _print_json(article_record(identifier, reading))
        else:
            show_article(identifier, reading)
    return tally.exit_code()


@app.command
def extract(
    paths: Paths,
    *,
    jsonl: bool = False,
    reference: Reference = REFERENCE,
    extractor: Extractor = EXTRACTOR,
    processes: Processes = None,
) -> int:
    """Read files and show what the articles state; nothing is stored.

    Without `--jsonl` each article is shown with its events as sentences, their evidence, figures and confidence: the
    best way to see what the extractor understands, and what not.

    Exit codes: 0 articles were found, whatever was set aside; 1 there was none, or a path does not exist.

    Parameters
    ----------
    jsonl
        One article a line: `id` (file stem), `url`, `title`, `published`, `relevant`, `extractor`, and `events` in the
        form of the labels in `benchmarks/labels`.
    """
    from flows.reading import extract_paths, extraction_record, show_extraction

    check_extraction(reference, extractor)
    tally = _Tally()
    for identifier, reading in extract_paths(paths, extractor, reference, processes or default_processes()):
        if isinstance(reading, str):
            tally.set_aside(reading)
            continue
        tally.articles += 1
        if jsonl:
            _print_json(extraction_record(identifier, *reading))
        else:
            show_extraction(identifier, *reading)
    return tally.exit_code()


class _Tally:
    """How many articles were found, and what was set aside, which is told on standard error."""

    def __init__(self) -> None:
        self.articles = self.aside = 0

    def set_aside(self, reason: str) -> None:
        """Tell of a document that holds no article."""
        self.aside += 1
        ERR.print(f"[yellow]set aside[/] {escape(reason)}", soft_wrap=True)

    def exit_code(self) -> int:
        """Set aside is ordinary, as long as there is an article; the last line says how many of each."""
        if self.aside or not self.articles:
            ERR.print(f"articles: {self.articles:,}, set aside: {self.aside:,}")
        return 0 if self.articles else FAULT


sources_app = App(
    name="sources",
    help="""Show the sources: what is configured, when each was last read, what came, and what failed since when.

    `evpact sources check` tries them without storing anything.""",
)
app.command(sources_app)

Jsonl = Annotated[bool, Parameter(help="One source a line, as JSON.")]


@sources_app.default
def show_sources(*, sources: Sources = SOURCES, output: Output = None, jsonl: Jsonl = False) -> int:
    """Show what is configured, when each source was last read, what came, and what failed since when."""
    from flows.sources import report_record, reports, show_reports

    found = reports(sources, output or default_output())
    if jsonl:
        for source, report in found:
            _print_json(report_record(source, report))
    else:
        show_reports(found)
    return 0


@sources_app.command(name="check")
def check_sources(
    names: Annotated[list[str] | None, Parameter(help="Names of sources. Default: all.")] = None,
    *,
    sources: Sources = SOURCES,
    jsonl: Jsonl = False,
) -> int:
    """Try sources without storing anything: the first articles, what would be set aside and why, how long it takes.

    Exit code 1 if a source cannot be read.
    """
    from flows.sources import show_trial, trial_record, trials

    faults = 0
    for source, trial, seconds in trials(sources, names or []):
        faults += trial.failure is not None
        if jsonl:
            _print_json(trial_record(source, trial, seconds))
        else:
            show_trial(source, trial, seconds)
    return FAULT if faults else 0


@app.command
def schedule(
    *,
    cron: Annotated[
        str | None, Parameter(help='When to run, as cron says it: "0 6 * * *" is six every morning.')
    ] = None,
    every: Annotated[str | None, Parameter(help="Or how often: 30m, 6h, 1d.")] = None,
    timezone: Annotated[str, Parameter(help="Time zone of --cron.")] = "UTC",
    sources: Sources = SOURCES,
    output: Output = None,
    reference: Reference = REFERENCE,
    extractor: Extractor = EXTRACTOR,
    processes: Processes = None,
) -> int:
    """Serve the pipeline on a schedule, one run at a time, until interrupted.

    With `PREFECT_API_URL` set, the runs are scheduled by that Prefect server and shown there; otherwise a server is
    started on this machine for as long as this command runs. A run that is due while another still goes on is skipped.
    """
    from flows import prefect_defaults
    from flows.server import has_server, own_server, use

    output = output or default_output()
    check_run(sources, output, reference, extractor)
    prefect_defaults.apply()
    from flows.schedule import make_schedule, serve

    parameters = {
        "sources": str(sources.resolve()),
        "output": str(output.resolve()),
        "reference": str(reference.resolve()),
        "extractor": extractor,
        "processes": processes or default_processes(),
    }
    when = make_schedule(cron, every, timezone)
    with ExitStack() as stack:
        if not has_server():
            ERR.print("Starting a Prefect server …", style="dim")
            use(stack.enter_context(own_server()).wait())
            ERR.print(f"Runs are shown at {os.environ['PREFECT_API_URL'].removesuffix('/api')}", soft_wrap=True)
        serve(when, parameters)
    return 0


@app.command(name="releases")
def list_releases(*, output: Output = None) -> int:
    """List all releases, newest first."""
    from rich.table import Table

    known = releases(output)
    if not known:
        raise ReleaseError(f"There is no release in {output or default_output()} yet. Make one with `evpact run`.")
    table = Table(box=None, pad_edge=False)
    table.add_column("version", no_wrap=True, min_width=max(len(info.version) for info in known))
    table.add_column("created", no_wrap=True)
    table.add_column("gate")
    for heading in ("articles", "events", "partnerships"):
        table.add_column(heading, justify="right")
    table.add_column("")
    for info in known:
        mark = "withdrawn" if info.withdrawn else ""
        table.add_row(info.version, info.created[:16].replace("T", " "), info.gate, *_counts(info), mark)
    OUT.print(table)
    for info in known:
        if info.withdrawn:
            OUT.print(f"\n{info.version} is withdrawn: {escape(info.withdrawn)}", soft_wrap=True)
    return 0


def _counts(info: ReleaseInfo) -> list[str]:
    return [f"{info.rows.get(name, 0):,}" for name in ("articles", "events", "partnerships")]


@app.command
def show(
    version: Version = "latest",
    *,
    partnership: Annotated[
        str | None, Parameter(help="Show one partnership with every sentence that tells of it.")
    ] = None,
    output: Output = None,
) -> int:
    """Show what is in a release, or all that is told of one partnership."""
    from flows.terminal import show_partnership, show_release

    if "--" in version:  # between the parties of an id
        raise ReleaseError(f"{version} is no version. A partnership is shown by `evpact show --partnership {version}`.")
    release = open_release(version, output)
    if partnership is None:
        show_release(release)
    else:
        show_partnership(release, partnership)
    return 0


@app.command
def diff(old: Version, new: Version = "latest", *, output: Output = None) -> int:
    """Show what changed from one release to another."""
    from rich.markdown import Markdown

    from tasks.publishing import changes_markdown, compare

    before, after = open_release(old, output), open_release(new, output)
    changes = compare(before.path, after.path)
    OUT.print(Markdown(changes_markdown(changes, before.path, after.path, after.version, before.version)))
    return 0


@app.command
def verify(version: Version = "latest", *, output: Output = None) -> int:
    """Prove that a release is whole: every file, digest, type, key and reference."""
    release = open_release(version, output)
    release.verify()
    OUT.print(
        f"Release {release.version} is whole: {len(release.tables)} tables, {sum(release.info.rows.values()):,} rows."
    )
    return 0


@app.command
def rollback(
    version: Annotated[str, Parameter(help="A version such as 2026-11-22.1; `evpact releases` lists them.")],
    *,
    reason: Annotated[str, Parameter(help="Why, for the index.")] = "",
    output: Output = None,
) -> int:
    """Withdraw every release newer than VERSION and make that one the latest again; files stay where they are."""
    from tasks.publishing import rollback as roll_back

    release = roll_back(output or default_output(), version, reason)
    OUT.print(f"The latest release is {release.version} again.")
    return 0


@app.command
def query(
    sql: Annotated[str, Parameter(help='For example "select name, status from partnerships order by last_reported".')],
    *,
    version: Version = "latest",
    as_: Annotated[Literal["table", "csv", "jsonl"], Parameter(name="--as", help="How rows are printed.")] = "table",
    output: Output = None,
) -> int:
    """Ask a release with SQL (DuckDB): every table of it is a view."""
    from flows.terminal import show_rows

    rows = query_release(sql, version, output)
    if as_ == "csv":
        sys.stdout.write(_flat(rows).write_csv())
    elif as_ == "jsonl":
        sys.stdout.write(rows.write_ndjson())
    else:
        show_rows(rows)
    return 0


review = App(
    name="review",
    help="""Show what a person should decide: names that may be one organisation, new organisations that many
    articles name, partnerships whose sources disagree; what is worth most comes first.

    `evpact review same A B --reason …`, `different` and `parent` take a decision. It is kept with its date and reason
    in `organization_reviews.csv` of the reference folder, goes before every rule, and counts from the next run on.""",
    help_format="markdown",
    default_parameter=Parameter(negative=()),
)
app.command(review)

Name = Annotated[str, Parameter(help="A name as articles write it, or any name of a listed organisation.")]
Reason = Annotated[str, Parameter(help="Why, for whoever looks at it in a year.")]
By = Annotated[str, Parameter(help="Who decides.")]


@review.default
def list_questions(
    *,
    limit: Annotated[int, Parameter(help="How many to show.", validator=validators.Number(gte=1))] = 10,
    reference: Reference = REFERENCE,
    output: Output = None,
) -> int:
    """Show what a person should decide, most worth first, each with sentences and the commands that answer it."""
    from evpact.reference import load_reference
    from flows.review import show_questions
    from tasks.resolution.review import questions

    check_reference(reference)
    show_questions(questions(open_release(output=output), load_reference(reference)), limit, reference)
    return 0


@review.command(name="same")
def review_same(
    name: Name, other: Name, *, reason: Reason, by: By = "", reference: Reference = REFERENCE, output: Output = None
) -> int:
    """Decide that both names are those of one organisation."""
    return _decide("same", name, other, reason, by, reference, output)


@review.command(name="different")
def review_different(
    name: Name, other: Name, *, reason: Reason, by: By = "", reference: Reference = REFERENCE, output: Output = None
) -> int:
    """Decide that they are two organisations, neither of which controls the other."""
    return _decide("different", name, other, reason, by, reference, output)


@review.command(name="parent")
def review_parent(
    name: Name, other: Name, *, reason: Reason, by: By = "", reference: Reference = REFERENCE, output: Output = None
) -> int:
    """Decide that they are two organisations, and the second controls the first."""
    return _decide("parent", name, other, reason, by, reference, output)


def _decide(decision: str, name: str, other: str, reason: str, by: str, reference: Path, output: Path | None) -> int:
    from datetime import UTC, datetime

    from evpact.reviews import Review
    from tasks.resolution.review import decide

    check_reference(reference)
    release = open_release(output=output) if releases(output) else None
    taken = Review(name, decision, other)
    line = decide(taken, reason, by, datetime.now(UTC).date(), reference, release)
    OUT.print(f"Decided: {escape(str(taken))}. It counts from the next `evpact run` on.", soft_wrap=True)
    OUT.print(line, style="dim", markup=False, soft_wrap=True)
    return 0


def _flat(rows: pl.DataFrame) -> pl.DataFrame:
    """Lists as text, since CSV has none."""
    lists = [name for name, dtype in rows.schema.items() if isinstance(dtype, pl.List)]
    return rows.with_columns(pl.col(lists).cast(pl.List(pl.String())).list.join("|"))


def _print_json(record: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(record, ensure_ascii=False) + "\n")


def _check_command(words: list[str]) -> None:
    """Prove that a command of a command is one; otherwise the options of what was meant are said to be unknown."""
    for group in (sources_app, review):
        known = [name for name in group if not name.startswith("-")]
        if words[:1] == list(group.name) and words[1:] and words[1] not in known and not words[1].startswith("-"):
            raise ArgumentError(f"`evpact {words[0]}` has no command {words[1]!r}. It has: {', '.join(known)}.")


def main() -> NoReturn:
    """Entry point of the command `evpact`."""
    on_interruption()
    try:
        _check_command(sys.argv[1:])
        code = app(sys.argv[1:], result_action="return_value")
    except EvpactError as error:
        ERR.print(f"[red]evpact:[/] {escape(str(error))}", soft_wrap=True)
        code = MISUSE if isinstance(error, ArgumentError) else FAULT
    except PermissionError as error:
        ERR.print(
            f"[red]evpact:[/] {escape(str(error.filename))}: {error.strerror}. Name one that you may use.",
            soft_wrap=True,
        )
        code = FAULT
    except BrokenPipeError:  # the reader of a pipe, such as `head`, has seen enough
        sys.stderr.close()
        code = 0
    except KeyboardInterrupt:
        ERR.print("Interrupted.")
        code = INTERRUPTED
    sys.exit(code if isinstance(code, int) else 0)
