"""The gate: a candidate in, a verdict out.

    told                what the candidate was made from
    database            candidate, what it was made from, previous release and reference tables as one DuckDB file
    great_expectations  runs rules as Great Expectations suites on it, and builds the Data Docs pages
    verdict             what was found, and whether it refuses
    report              the verdict as JSON and for people

Great Expectations takes five seconds to import and is imported when a candidate is validated.
"""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import expectations
from evpact.tables import TABLES
from expectations import Rule
from tasks.validation import docs, report
from tasks.validation.database import build, row_counts
from tasks.validation.docs import entitle
from tasks.validation.report import paragraphs
from tasks.validation.told import Told
from tasks.validation.verdict import Finding, SourceArticle, Verdict, findings_of

if TYPE_CHECKING:
    from evpact.reference import Reference

__all__ = ["Finding", "SourceArticle", "Told", "Verdict", "check", "entitle", "paragraphs", "validate"]


def validate(
    candidate: Path,
    told: Told,
    previous: Path | None,
    quality: Path,
    reference: Reference,
    today: date,
    accepted_loss: str | None = None,
) -> Verdict:
    """Check a candidate, and write what was found: `verdict.json`, `REPORT.md`, and Data Docs from `index.html` on.

    Args:
        candidate: Folder with `<table>.parquet` for every table of `evpact.tables.TABLES`.
        told: What the candidate was made from.
        previous: Folder of the release before, if there is one.
        quality: Folder to write into; made if it is not there.
        reference: The reference tables.
        today: Day of the run.
        accepted_loss: Why this candidate may lack much of the release before, if a person says so.

    Raises:
        ReleaseError: The previous release cannot be read.
    """
    quality.mkdir(parents=True, exist_ok=True)
    verdict = check(candidate, told, previous, reference, today, pages=quality, accepted_loss=accepted_loss)
    report.write(verdict, quality)
    return verdict


def check(
    candidate: Path,
    told: Told,
    previous: Path | None,
    reference: Reference,
    today: date,
    *,
    rules: tuple[Rule, ...] | None = None,
    pages: Path | None = None,
    accepted_loss: str | None = None,
) -> Verdict:
    """The verdict on a candidate, as `validate` has it.

    Files come first: where one is missing, broken or of another shape, looking at rows would tell nothing new.

    Args:
        candidate: As in `validate`.
        told: As in `validate`.
        previous: As in `validate`.
        reference: As in `validate`.
        today: As in `validate`.
        rules: Rules on the rows to check instead of all.
        pages: Folder for Data Docs pages; none are built without.
        accepted_loss: As in `validate`.
    """
    from tasks.validation.great_expectations import Gate

    rules = expectations.content_rules() if rules is None else rules
    if accepted_loss:
        rules = tuple(replace(rule, severity="warning") if rule.is_loss else rule for rule in rules)
    evaluated: dict[str, tuple[Rule, ...]] = {}
    checked, findings = 0, list[Finding]()
    with tempfile.TemporaryDirectory(prefix="evpact-gate-") as folder:
        database = Path(folder) / "candidate.duckdb"
        build(database, candidate, told, previous, reference, today)
        gate = Gate(database, today)
        for suites in ({"files": expectations.file_rules()}, _by_table(rules)):
            outcomes = gate.evaluate(suites)
            evaluated |= suites
            checked += len(outcomes)
            findings += findings_of([rule for suite in suites.values() for rule in suite], outcomes, database)
            if any(finding.severity == "critical" for finding in findings):
                break
        refused = any(finding.severity == "critical" for finding in findings)
        verdict = Verdict(refused, checked, tuple(findings), accepted_loss)
        if pages is not None:
            docs.write(gate.pages(), evaluated, verdict, row_counts(database), today, pages)
    return verdict


def _by_table(rules: tuple[Rule, ...]) -> dict[str, tuple[Rule, ...]]:
    suites = {name: tuple(rule for rule in rules if rule.table == name) for name in TABLES}
    return {name: suite for name, suite in suites.items() if suite}
