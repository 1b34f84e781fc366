"""Rules as Great Expectations suites: one suite a table, one expectation a rule.

Great Expectations runs, records and renders; it does not decide. To it an empty suite is a success, a crashed check an
ordinary failure, and a failed warning makes the whole result a failure: `tasks.validation.verdict` decides on counts.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, ClassVar, Final

os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")

import great_expectations as gx
from great_expectations.core.run_identifier import RunIdentifier
from great_expectations.data_context.types.base import ProgressBarsConfig
from great_expectations.expectations.core.unexpected_rows_expectation import UnexpectedRowsExpectation
from great_expectations.expectations.metadata_types import FailureSeverity
from great_expectations.render.renderer.page_renderer import ValidationResultsPageRenderer
from great_expectations.render.view.view import DefaultJinjaPageView

import tasks.validation.dialect  # noqa: F401  registers the dialect
from expectations import Rule
from tasks.validation.verdict import MAX_ROWS, Outcome

_MAX_MESSAGE: Final = 300


class ExpectNoRows(UnexpectedRowsExpectation):
    """Expects that a query finds nothing; the column `broken` of its rows holds their number."""

    metric_dependencies: ClassVar[tuple[str, ...]] = ("unexpected_rows_query.table",)

    def _validate(self, metrics: dict[str, Any], *_: Any, **__: Any) -> dict[str, Any]:
        rows = [dict(row) for row in metrics["unexpected_rows_query.table"]]
        count = rows[0]["broken"] if rows else 0
        for row in rows:
            del row["broken"]
        return {"success": not rows, "result": {"observed_value": count, "details": {"unexpected_rows": rows}}}


class Gate:
    """Evaluates rules on a database made by `tasks.validation.database.build`, and builds pages on all it evaluated."""

    def __init__(self, database: Path, today: date) -> None:
        """Open the database; `today` stands in the pages as the time of the run."""
        self._context = gx.get_context(mode="ephemeral")
        self._context.variables.progress_bars = ProgressBarsConfig(globally=False)
        self._source = self._context.data_sources.add_sql("gate", connection_string=f"duckdb+buffered:///{database}")
        # Rules name their tables themselves; Great Expectations wants some batch of data to begin with.
        self._batch = self._source.add_query_asset("run", "select * from run").add_batch_definition_whole_table("all")
        self._results: dict[str, Any] = {}
        self._run = RunIdentifier(run_name="gate", run_time=datetime(today.year, today.month, today.day, tzinfo=UTC))

        self._release()

    def _release(self) -> None:
        """Close all connections, so that others can open the file."""
        self._source.get_engine().dispose()
        self._source.get_execution_engine().engine.dispose()

    def evaluate(self, suites: Mapping[str, Sequence[Rule]]) -> list[Outcome]:
        """Run suites of rules; a name must not stand for two suites, or for two rules of one."""
        definitions = [self._definition(name, rules) for name, rules in suites.items()]
        if not definitions:
            return []
        checkpoint = gx.Checkpoint(
            name=" ".join(suites), validation_definitions=definitions, result_format={"result_format": "COMPLETE"}
        )
        result = self._context.checkpoints.add(checkpoint).run(run_id=self._run)
        self._release()
        self._results |= {suite.suite_name: suite for suite in result.run_results.values()}
        return [_outcome(r) for suite in result.run_results.values() for r in suite.results]

    def _definition(self, name: str, rules: Sequence[Rule]) -> gx.ValidationDefinition:
        suite = self._context.suites.add(gx.ExpectationSuite(name=name, expectations=list(map(_expectation, rules))))
        return self._context.validation_definitions.add(
            gx.ValidationDefinition(name=name, data=self._batch, suite=suite)
        )

    def pages(self) -> dict[str, str]:
        """Data Docs pages on everything evaluated so far, by suite."""
        render, view = ValidationResultsPageRenderer(), DefaultJinjaPageView()
        return {name: view.render(render.render(result)) for name, result in self._results.items()}  # type: ignore[no-untyped-call]


def _expectation(rule: Rule) -> ExpectNoRows:
    query = f"select count(*) over () as broken, * from ({rule.query}) order by all limit {MAX_ROWS}"
    return ExpectNoRows(
        unexpected_rows_query=_escaped(query) + " /* {batch} */",
        description=f"{rule.name} ({rule.severity}): {rule.holds} {rule.reason}",
        severity=FailureSeverity(rule.severity),
        meta={"rule": rule.name},
    )


def _escaped(query: str) -> str:
    """The query with what Great Expectations (braces) and SQLAlchemy (colons) would take for parameters escaped."""
    braces = query.replace("{", "{{").replace("}", "}}")
    return re.sub(r"(?<![:\w\\]):(?=\w)", r"\:", braces)


def _outcome(result: Any) -> Outcome:
    name = result.expectation_config.meta["rule"]
    crash = _crash(result.exception_info or {})
    if crash is None and "observed_value" not in result.result:
        crash = "it gave no result."
    if crash is not None:
        return Outcome(name, crash=crash)
    return Outcome(name, result.result["observed_value"], tuple(result.result["details"]["unexpected_rows"]))


def _crash(info: dict[str, Any]) -> str | None:
    """The message of an exception; info holds it directly, or by metric."""
    for part in (info, *(value for value in info.values() if isinstance(value, dict))):
        if part.get("raised_exception"):
            return str(part.get("exception_message")).splitlines()[0][:_MAX_MESSAGE]
    return None
