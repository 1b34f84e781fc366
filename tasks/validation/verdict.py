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

# What an id stands for, so that a person need not look it up.
_NAMES: Final = {
    "article_id": ("title", "select article_id, title from articles union all "
                   "select article_id, title from previous_articles"),
    "event_id": ("evidence", "select event_id, evidence from events"),
    "quantity_id": ("evidence", "select quantity_id, evidence from quantities join events using (event_id)"),
    "partnership_id": ("partnership", "select partnership_id, name from partnerships union all "
                       "select partnership_id, name from previous_partnerships"),
    "org_id": ("organization", "select org_id, name from organizations union all "
               "select org_id, name from previous_organizations"),
}  # fmt: skip


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
        message: What is wrong, and what was expected.
        why: Why it must hold; empty if the gate itself is at fault.
        remedy: What to do.
        count: Number of offending rows.
        rows: Up to 20 of them: key columns and offending values.
        articles: Up to 20 articles that those rows come from.
        family: What is expected of every table alike, if the rule is one of such.
    """

    expectation: str
    table: str
    column: str | None
    severity: Severity
    message: str
    why: str
    remedy: str
    count: int
    rows: tuple[dict[str, Any], ...] = ()
    articles: tuple[SourceArticle, ...] = ()
    family: str | None = None

    @property
    def subject(self) -> str:
        """Table, or table and column, that the rule is about."""
        return self.expectation.rpartition(".")[0]


@dataclass(frozen=True, slots=True)
class Group:
    """What people are told in one go: a finding, or findings of one family, severity and remedy.

    Attributes:
        findings: At least one.
    """

    findings: tuple[Finding, ...]

    @property
    def severity(self) -> Severity:
        """Severity of all of them."""
        return self.findings[0].severity

    @property
    def name(self) -> str:
        """Name of the expectation: `events.rows_kept`, or `*.rows_kept` where several tables break it."""
        first = self.findings[0].expectation
        return first if len(self.findings) == 1 else f"*.{first.rpartition('.')[2]}"

    @property
    def message(self) -> str:
        """What is wrong, and what was expected: of several tables once, with the numbers of each."""
        first, *more = self.findings
        return f"{first.family} Not so: {', '.join(map(_brief, self.findings))}." if more else first.message

    @property
    def why(self) -> str:
        """Why it must hold."""
        return self.findings[0].why

    @property
    def remedy(self) -> str:
        """What to do."""
        return self.findings[0].remedy

    @property
    def count(self) -> int:
        """Number of offending rows."""
        return sum(finding.count for finding in self.findings)

    @property
    def tables(self) -> list[tuple[str, int, tuple[dict[str, Any], ...]]]:
        """Rows to show as a table each, with its table and how many there are; single rows of several findings as one.

        The name of the table is empty where there is but one to show.
        """
        if len(self.findings) == 1:
            return [("", self.count, self.findings[0].rows)] if self.findings[0].rows else []
        if all(len(finding.rows) == 1 for finding in self.findings):
            return [("", self.count, tuple({"of": f.subject, **row} for f in self.findings for row in f.rows))]
        return [(finding.subject, finding.count, finding.rows) for finding in self.findings if finding.rows]

    @property
    def articles(self) -> tuple[SourceArticle, ...]:
        """Articles that the rows come from, each once."""
        return tuple(dict.fromkeys(article for finding in self.findings for article in finding.articles))


def written(value: Any) -> str:
    """A value of a row for people: a list as they write one."""
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _brief(finding: Finding) -> str:
    """`events 67 → 26` where the only row has these numbers, else how many rows there are."""
    row = finding.rows[0] if len(finding.rows) == 1 else {}
    numbers = f"{row['before']:,} → {row['now']:,}" if row.keys() == {"before", "now"} else f"{finding.count:,}"
    return f"{finding.subject} {numbers}"


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

    def groups(self, *severities: Severity) -> list[Group]:
        """The findings of some severities, one after the other, as people are told of them.

        Those with the same remedy stand side by side.
        """
        return [group for severity in severities for group in self._groups(severity)]

    def _groups(self, severity: Severity) -> list[Group]:
        found: dict[tuple[str, str], list[Finding]] = {}
        for finding in self.of(severity):
            found.setdefault((finding.remedy, finding.family or finding.expectation), []).append(finding)
        remedies = list(dict.fromkeys(remedy for remedy, _ in found))
        keys = sorted(found, key=lambda key: remedies.index(key[0]))
        return [Group(tuple(found[key])) for key in keys]

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
    return Finding(expectation, table, None, "critical", message, "", "Mend the rule or the gate.", 0)


def _finding(rule: Rule, outcome: Outcome, db: duckdb.DuckDBPyConnection) -> Finding:
    rows = _named(outcome.rows[:MAX_ROWS], db)
    columns = {row.get("column_name") for row in rows}
    times = "One row does" if outcome.count == 1 else f"{outcome.count} rows do"
    return Finding(
        expectation=rule.name,
        table=rule.table,
        column=columns.pop() if len(columns) == 1 and rule.column is None else rule.column,
        severity=rule.severity,
        message=f"{times} not keep this: {_sentence(rule.holds)}",
        why=_sentence(rule.reason),
        remedy=_sentence(rule.remedy),
        count=outcome.count,
        rows=tuple({name: _plain(value) for name, value in row.items()} for row in rows),
        articles=tuple(_articles(rows, db)),
        family=rule.family,
    )


def _named(rows: Sequence[Mapping[str, Any]], db: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """The rows, each with what its ids stand for, unless it tells that by itself."""
    found = [dict(row) for row in rows]
    for column, (name, query) in _NAMES.items():
        bare = [row for row in found if row.get(column) is not None and name not in row and "name" not in row]
        if not bare:
            continue
        try:
            names = dict(
                db.execute(
                    f"select id, any_value(told) from ({query}) as named(id, told) "
                    "where id in (select unnest(?::text[])) group by id",
                    [[row[column] for row in bare]],
                ).fetchall()
            )
        except duckdb.CatalogException:  # a table whose file could not be read
            continue
        for row in bare if names else ():
            row[name] = names.get(row[column])
    return found


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
