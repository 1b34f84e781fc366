"""What the gate found, and whether it refuses."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import duckdb

from expectations.rule import Rule, Severity

MAX_ROWS: Final = 20
"""Rows and articles that a finding shows."""

_MAX_TEXT: Final = 300

# Ways from a row to the articles it was made from, the most exact first.
_ARTICLES: Final = {
    "article_id": "select unnest(?::text[]) as article_id",
    "event_id": "select article_id from events where event_id in (select unnest(?::text[]))",
    "quantity_id": "select article_id from quantities join events using (event_id) "
    "where quantity_id in (select unnest(?::text[]))",
    "quote_id": "select article_id from quotes where quote_id in (select unnest(?::text[]))",
    "partnership_id": "select article_id from partnership_history join events using (event_id) "
    "where partnership_id in (select unnest(?::text[]))",
    "facility_id": "select article_id from events where facility_id in (select unnest(?::text[]))",
    "person_id": "select article_id from quotes where person_id in (select unnest(?::text[]))",
    "org_id": "select article_id from participants join events using (event_id) "
    "where org_id in (select unnest(?::text[]))",
}


@dataclass(frozen=True, slots=True)
class SourceArticle:
    """An article that offending rows were made from; the title is null where it has none or is unknown."""

    article_id: str
    title: str | None


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that does not hold.

    Attributes:
        expectation: Stable name of the rule, such as `events.evidence.equals_text`.
        table: Table that breaks it.
        column: Column that breaks it, if it is one.
        severity: `critical` or `warning`.
        message: What is wrong, what was expected and why, and what to do.
        count: Number of offending rows.
        rows: Up to 20 of them: key columns and offending values.
        articles: Up to 20 articles that those rows come from.
    """

    expectation: str
    table: str
    column: str | None
    severity: Severity
    message: str
    count: int
    rows: tuple[dict[str, Any], ...] = ()
    articles: tuple[SourceArticle, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """The verdict on a candidate.

    Attributes:
        refused: Whether the candidate must not be published.
        checked: Number of rules that were evaluated.
        findings: What does not hold, in the order of the rules.
        accepted_loss: Why it may lack much of the release before, if a person said so.
    """

    refused: bool
    checked: int
    findings: tuple[Finding, ...]
    accepted_loss: str | None = None

    def of(self, severity: Severity) -> tuple[Finding, ...]:
        """The findings of a severity."""
        return tuple(finding for finding in self.findings if finding.severity == severity)

    def to_json(self) -> str:
        """The verdict as JSON."""
        return json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What running a rule gave: the number of offending rows and some of them, or why it could not be run."""

    rule: str
    count: int = 0
    rows: tuple[dict[str, Any], ...] = ()
    crash: str | None = None


def findings_of(rules: Sequence[Rule], outcomes: Iterable[Outcome], database: Path) -> list[Finding]:
    """What does not hold. A rule that crashed or was never run is critical, whatever its own severity."""
    by_rule = {outcome.rule: outcome for outcome in outcomes}
    findings = [] if rules else [_fault("gate.empty", "gate", "The gate has no rules, so it cannot say anything.")]
    with duckdb.connect(str(database)) as db:
        for rule in rules:
            outcome = by_rule.get(rule.name)
            if outcome is None:
                findings.append(_fault(rule.name, rule.table, f"The rule was not evaluated. {rule.holds}"))
            elif outcome.crash is not None:
                message = f"The rule could not be evaluated: {outcome.crash} It says: {rule.holds}"
                findings.append(_fault(rule.name, rule.table, message))
            elif outcome.count:
                findings.append(_finding(rule, outcome, db))
    return findings


def _fault(expectation: str, table: str, message: str) -> Finding:
    return Finding(expectation, table, None, "critical", f"{message} Mend the rule or the gate.", 0)


def _finding(rule: Rule, outcome: Outcome, db: duckdb.DuckDBPyConnection) -> Finding:
    rows = outcome.rows[:MAX_ROWS]
    columns = {row.get("column_name") for row in rows}
    times = "One row does" if outcome.count == 1 else f"{outcome.count} rows do"
    return Finding(
        expectation=rule.name,
        table=rule.table,
        column=columns.pop() if len(columns) == 1 and rule.column is None else rule.column,
        severity=rule.severity,
        message=f"{times} not keep this: {_sentence(rule.holds)} Why: {_sentence(rule.reason)} "
        f"What to do: {rule.remedy}",
        count=outcome.count,
        rows=tuple({name: _plain(value) for name, value in row.items()} for row in rows),
        articles=tuple(_articles(rows, db)),
    )


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _plain(value: Any) -> Any:
    """The value as JSON has it; long texts are cut."""
    if isinstance(value, str):
        return value if len(value) <= _MAX_TEXT else f"{value[:_MAX_TEXT]}…"
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value[:MAX_ROWS]]
    return value if value is None or isinstance(value, bool | int) else str(value)


def _articles(rows: Sequence[Mapping[str, Any]], db: duckdb.DuckDBPyConnection) -> list[SourceArticle]:
    for column, query in _ARTICLES.items():
        ids = [row[column] for row in rows if row.get(column) is not None]
        if not ids or not (found := _titles(query, ids, db)):
            continue
        return found
    return []


def _titles(query: str, ids: list[str], db: duckdb.DuckDBPyConnection) -> list[SourceArticle]:
    try:
        rows = db.execute(
            f"with found as (select distinct article_id from ({query})) "
            "select article_id, coalesce(any_value(a.title), any_value(p.title)) from found "
            "left join articles a using (article_id) left join previous_articles p using (article_id) "
            f"group by article_id order by article_id limit {MAX_ROWS}",
            [ids],
        ).fetchall()
    except duckdb.CatalogException:  # a table whose file could not be read
        return []
    return [SourceArticle(*row) for row in rows]
