"""The verdict for machines and for people."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from expectations.rule import Severity
from tasks.validation.verdict import Group, Verdict, written


def write(verdict: Verdict, folder: Path) -> None:
    """Write `verdict.json` and `REPORT.md` into a folder."""
    (folder / "verdict.json").write_text(verdict.to_json(), encoding="utf-8")
    (folder / "REPORT.md").write_text(markdown(verdict), encoding="utf-8")


def markdown(verdict: Verdict) -> str:
    """The verdict as Markdown."""
    return "\n".join(_lines(verdict))


def paragraphs(verdict: Verdict, severity: Severity) -> Iterator[str]:
    """What does not hold, for a terminal: one paragraph for all that has the same remedy."""
    for remedy, groups in groupby(verdict.groups(severity), key=lambda group: group.remedy):
        lines = []
        for group in groups:
            lines.append(f"{severity}: {group.message}")
            if group.why:
                lines.append(f"  Why: {group.why}")
        yield "\n".join([*lines, f"  What to do: {remedy}"])


def _lines(verdict: Verdict) -> Iterator[str]:
    critical, warnings = verdict.of("critical"), verdict.of("warning")
    if verdict.refused:
        headline = f"Refused: {len(critical)} of {verdict.checked} expectations that must hold do not"
    elif warnings:
        headline = f"Passed with {len(warnings)} warning{'s' * (len(warnings) != 1)}"
    else:
        headline = "Passed"
    yield f"# {headline}"
    yield ""
    yield f"{verdict.checked} expectations were evaluated. What they say of each table is in [index.html](index.html)."
    if verdict.accepted_loss:
        yield ""
        yield f"That much of the release before is gone was accepted for this run: {_inline(verdict.accepted_loss)}"
    if verdict.findings:
        yield ""
        yield from _table(
            [{"expectation": f.expectation, "severity": f.severity, "rows": f.count} for f in verdict.findings]
        )
    for group in verdict.groups("critical", "warning"):
        yield from _group(group)
    yield ""


def _group(group: Group) -> Iterator[str]:
    yield ""
    yield f"## {group.severity.capitalize()}: {_inline(group.name)}"
    for text in (group.message, group.why and f"Why: {group.why}", f"What to do: {group.remedy}"):
        if text:
            yield ""
            yield _prose(text)
    for of, count, rows in group.tables:
        if of:
            yield ""
            yield f"{_inline(of)}:"
        yield ""
        yield from _table(rows)
        if count > len(rows):
            yield ""
            yield f"… and {count - len(rows)} more."
    if group.articles:
        yield ""
        yield "Articles they come from:"
        yield ""
        yield from (f"- {_cell(a.article_id)} {_inline(a.title or 'without title')}" for a in group.articles)


def _table(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    names = list(rows[0])
    yield f"| {' | '.join(names)} |"
    yield f"|{' --- |' * len(names)}"
    yield from (f"| {' | '.join(_cell(row.get(name)) for name in names)} |" for row in rows)


def _cell(value: Any) -> str:
    """A value as code, so that nothing in it is taken for Markdown or markup."""
    if value is None:
        return "*null*"
    text = _visible(written(value)).replace("`", "'").replace("|", "¦")
    return f"`{text}`" if text.strip() else f"`{text!r}`"


def _inline(text: str) -> str:
    return re.sub(r"([\\`*_{}\[\]<>#|])", r"\\\1", _visible(text))


def _prose(text: str) -> str:
    """A text of ours, in which what stands between backticks is code."""
    parts = text.split("`")
    return "".join(_cell(part) if place % 2 and place < len(parts) - 1 else _inline(part)
                   for place, part in enumerate(parts))  # fmt: skip


def _visible(text: str) -> str:
    """The text in one line, with invisible characters spelt out."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
