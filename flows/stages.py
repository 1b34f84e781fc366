"""The stages of the DAG as Prefect tasks: each calls the plain functions of `tasks/` and tells what came of it.

Parameters and results are paths and small summaries. Articles and extractions stay in the working state, tables in the
candidate's folder. Ingestion, the stage that meets the outside, is retried.
"""

from __future__ import annotations

import logging
import shutil
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import polars as pl
from prefect import task
from prefect.cache_policies import NO_CACHE

from evpact.errors import EvpactError, InputError
from evpact.ids import digest
from evpact.reference import load_reference
from evpact.release import open_release
from flows import artifacts
from flows.comparison import Made, inputs_of, recall, remember
from flows.console import counted, progress
from flows.outcome import Outcome, Settings
from tasks.extraction import extract_articles, get_extractor
from tasks.ingestion import read_documents
from tasks.ingestion.intake import reports, take_in
from tasks.ingestion.memory import Memory, Report
from tasks.ingestion.reader import READER
from tasks.ingestion.sources import load_sources
from tasks.ingestion.web import Web
from tasks.parallel import batched
from tasks.publishing import Candidate, Provenance, quarantine, repair, write_candidate
from tasks.publishing import publish as publish_candidate
from tasks.records import Rejection
from tasks.resolution.articles import distinct_articles
from tasks.state import State, article_input

if TYPE_CHECKING:
    from prefect.client.schemas.objects import State as RunState
    from prefect.client.schemas.objects import TaskRun
    from prefect.tasks import Task

    from tasks.validation import Verdict

log = logging.getLogger("evpact")

_BATCH = 256
_KEPT = 32
"""Extractions that are stored together: an interrupted run loses at most as many."""

_TOLD = 10
"""Rejections that the terminal shows."""

_LISTED = 100
"""Rejections that the run's page shows."""


@dataclass(frozen=True)
class Intake:
    """What the sources delivered.

    Attributes:
        sources: Their names with the digest of what they deliver.
        documents: How many documents that is.
        new: How many of them were read anew.
        reports: How each source went.
        rejections: Some of what is set aside, with the reasons.
    """

    sources: dict[str, str]
    documents: int
    new: int
    reports: tuple[Report, ...]
    rejections: tuple[Rejection, ...]


@dataclass(frozen=True)
class Comparison:
    """What a run would be made from.

    Attributes:
        inputs: Its digest, as `flows.comparison.inputs_of` has it.
        outcome: How the run ends if that is what the latest release was made from, or None.
    """

    inputs: str
    outcome: Outcome | None


def _worth_retrying(task: Task[..., Any], run: TaskRun, state: RunState[Any]) -> bool:
    """Whether a failure may pass by itself: not a person's mistake, which stays as it is."""
    return not isinstance(state.result(raise_on_failure=False), EvpactError)


@task(
    description="Collects what the sources deliver and reads articles from what is new.",
    retries=2,
    retry_delay_seconds=10,
    retry_condition_fn=_worth_retrying,
    cache_policy=NO_CACHE,
)
def ingest(settings: Settings) -> Intake:
    """Sources -> documents -> articles in the working state; a source that fails does not stop the others."""
    sources = load_sources(settings.sources)
    names = [source.name for source in sources]
    with State(settings.state) as state, Web() as web:
        memory = Memory(state.database, settings.started)
        for source in sources:
            take_in(source, state, memory, web, partial(progress, description=f"Collecting {source.name}"))
        unread = state.count_unread(READER)
        readings = read_documents(state.unread(READER), settings.processes)
        for batch in batched(progress(readings, "Reading articles", unread), _BATCH):
            state.store_readings(READER, dict(batch))
        intake = Intake(
            sources=state.delivered(names),
            documents=state.count(names),
            new=unread,
            reports=reports(sources, state, memory),
            rejections=(*memory.set_aside(names, _LISTED), *state.rejections(READER, names, _LISTED))[:_LISTED],
        )
    _tell(intake)
    artifacts.intake(intake.documents, intake.new, intake.reports, intake.rejections)
    if not intake.documents:
        failures = "".join(f" {report.source}: {report.failure}" for report in intake.reports if report.failure)
        raise InputError(
            f"The sources in {settings.sources} deliver nothing, so there is nothing to release.{failures} "
            f"`evpact sources check --sources {settings.sources}` tries them."
        )
    return intake


def _tell(intake: Intake) -> None:
    set_aside = sum(report.set_aside for report in intake.reports)
    log.info("%s, %d new, %d set aside", counted(intake.documents, "document"), intake.new, set_aside)
    for report in intake.reports:
        if report.waiting or report.unfinished:
            log.info("%s: left to the next run: %s", report.source, _rest(report))
    for rejection in intake.rejections[:_TOLD]:
        log.warning("set aside %s: %s", rejection.location, rejection.reason)
    if set_aside > _TOLD:
        log.warning("and %d more; the run's page in Prefect lists them", set_aside - _TOLD)
    for report in intake.reports:
        if report.failure:
            since = f"{report.failing_since:%Y-%m-%d %H:%M}"
            log.warning("source %s fails since %s UTC: %s", report.source, since, report.failure)


def _rest(report: Report) -> str:
    parts = (report.waiting, "document", ""), (report.unfinished, "archive", " in part or as a whole")
    return ", ".join(counted(count, what) + how for count, what, how in parts if count)


@task(
    description="Compares what there is to work on with what the latest release was made from.", cache_policy=NO_CACHE
)
def compare(settings: Settings, intake: Intake) -> Comparison:
    """Articles, code and tables -> their digest, and the outcome if they are those of the latest release."""
    extractor = get_extractor(settings.extractor, settings.reference)
    with State(settings.state) as state:
        articles = distinct_articles(state.articles(READER, list(intake.sources)))
    inputs = inputs_of(articles, extractor.fingerprint, settings.reference)
    latest = repair(settings.output)
    if latest is None or recall(settings.made) != Made.of(inputs, latest):
        return Comparison(inputs, None)
    message = f"Nothing new: articles, code and reference tables are those of release {latest.version}."
    return Comparison(inputs, Outcome("unchanged", message, latest.version, latest.path))


@task(description="Extracts what each new article states.", cache_policy=NO_CACHE)
def extract(settings: Settings, intake: Intake) -> int:
    """Articles -> events in the working state; gives the number of articles extracted."""
    extractor = get_extractor(settings.extractor, settings.reference)
    with State(settings.state) as state:
        articles = distinct_articles(state.articles(READER, list(intake.sources)))
        todo = state.unextracted(extractor.fingerprint, articles)
        found = extract_articles(todo, settings.extractor, settings.reference, settings.processes)
        pairs = zip(todo, progress(found, "Extracting events", len(todo)), strict=True)
        for batch in batched(pairs, _KEPT):
            state.store_extractions(extractor.fingerprint, {article_input(a): e for a, e in batch})
        extractions = state.extractions(extractor.fingerprint, articles)
    log.info("%s, %d extracted anew", counted(articles.height, "article"), len(todo))
    artifacts.extraction(extractor.name, extractions)
    return len(todo)


@task(description="Resolves what all articles state into the tables of a candidate.", cache_policy=NO_CACHE)
def resolve(settings: Settings, intake: Intake) -> Candidate:
    """Articles and events -> tables in a folder that no consumer looks into."""
    from tasks.resolution import Previous
    from tasks.resolution import resolve as resolve_tables

    reference = load_reference(settings.reference)
    extractor = get_extractor(settings.extractor, settings.reference)
    with State(settings.state) as state:
        articles = distinct_articles(state.articles(READER, list(intake.sources)))
        extractions = state.extractions(extractor.fingerprint, articles)
    shutil.rmtree(settings.staging, ignore_errors=True)
    former = repair(settings.output)
    tables = resolve_tables(articles, extractions, reference, Previous.read(former) if former else None)
    candidate = write_candidate(tables, settings.staging / "candidate")
    articles.write_parquet(settings.staging / "articles.parquet")
    extractions.write_parquet(settings.staging / "extractions.parquet")
    rows = sum(file.rows for file in candidate.files.values())
    log.info("candidate of %d tables, %s", len(candidate.files), counted(rows, "row"))
    return candidate


@task(description="Runs the gate: every expectation over the candidate's files.", cache_policy=NO_CACHE)
def validate(settings: Settings, candidate: Candidate) -> Verdict:
    """Candidate -> verdict, with its pages beside the candidate."""
    from tasks.validation import Told, paragraphs
    from tasks.validation import validate as validate_candidate

    former = repair(settings.output)
    verdict = validate_candidate(
        candidate.folder,
        told=Told.read(
            *(pl.read_parquet(settings.staging / f"{name}.parquet") for name in ("articles", "extractions"))
        ),
        previous=former.path if former else None,
        quality=settings.staging / "quality",
        reference=load_reference(settings.reference),
        today=settings.started.date(),
        accepted_loss=settings.accept_loss,
    )
    if verdict.accepted_loss:
        log.warning("a loss of much of the release before is accepted for this run: %s", verdict.accepted_loss)
    log.info("gate: %d expectations checked, %d do not hold", verdict.checked, len(verdict.findings))
    for paragraph in (*paragraphs(verdict, "warning"), *paragraphs(verdict, "critical")):
        log.warning("%s", paragraph)
    artifacts.verdict(verdict)
    return verdict


@task(description="Publishes a sound candidate as a new version, or sets a refused one aside.", cache_policy=NO_CACHE)
def publish(settings: Settings, intake: Intake, inputs: str, candidate: Candidate, verdict: Verdict) -> Outcome:
    """Candidate and verdict -> release or quarantine."""
    quality = settings.staging / "quality"
    if verdict.refused:
        folder = quarantine(candidate, quality, settings.output)
        critical = len(verdict.of("critical"))
        message = (
            f"Refused by the gate: {counted(critical, 'expectation')} that must hold do{'es' * (critical == 1)} not.\n"
            f"Report: {folder / 'quality' / 'REPORT.md'}\nPages:  {folder / 'quality' / 'index.html'}"
        )
        return Outcome("refused", message, None, folder)
    published = publish_candidate(candidate, quality, settings.output, _provenance(settings, intake, verdict))
    latest = open_release(output=settings.output)
    if latest.info.content_hash == candidate.content_hash:
        remember(settings.made, Made.of(inputs, latest))
    if published.release is None:
        return Outcome("unchanged", published.message, latest.version, latest.path)
    artifacts.changes((latest.path / "CHANGES.md").read_text("utf-8"))
    return Outcome("published", published.message, latest.version, latest.path)


def _provenance(settings: Settings, intake: Intake, verdict: Verdict) -> Provenance:
    extractor = get_extractor(settings.extractor, settings.reference)
    reference = load_reference(settings.reference)
    return Provenance(
        created=settings.started,
        sources=intake.sources,
        code=digest(version("evpact"), READER, extractor.fingerprint),
        configuration=digest(reference.digest, reference.reviews_digest, settings.sources.read_text("utf-8")),
        gate="passed with warnings" if verdict.findings else "passed",
        accepted_loss=verdict.accepted_loss,
    )
