"""Data Docs pages that work where a release is: without a network, small, and with what does not hold first.

As Great Expectations renders them, pages load scripts and styles from a dozen hosts, copy 4 MB of pictures beside them,
their index is empty without the network, and a mere warning makes a page say "Failed" in red. Here each page keeps what
Great Expectations says of every expectation, in the order of what a person should look at, with the rows that break it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from html import escape
from pathlib import Path
from typing import Any, Final

from lxml import html as parser

from expectations import Rule
from tasks.validation.verdict import Finding, Group, Verdict, written

Rows = Mapping[str, tuple[int, int]]
"""Rows of each table of the candidate that can be read, and of the release before."""

_TITLE: Final = "<!--release-->"
"""What the name of the release takes the place of, once it has one."""

_HTML: Final = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="stylesheet" href="pages.css">
</head>
<body>
{body}
</body>
</html>
"""

_STYLE: Final = """\
body { font: 15px/1.5 system-ui, sans-serif; max-width: 75rem; margin: 2rem auto; padding: 0 1rem; color: #1c2733; }
a { color: #0b5c8f; }
h1 { margin-bottom: .3rem; }
h2 { margin-top: 2rem; }
table { border-collapse: collapse; width: 100%; margin: .6rem 0; font-size: .93em; }
td, th { border: 1px solid #d5dbe1; padding: .35rem .6rem; text-align: left; vertical-align: top; }
td { overflow-wrap: anywhere; }
th { background: #eef2f5; }
td.mark, td.count { width: 5.5rem; white-space: nowrap; }
td.count { text-align: right; }
code { font-size: .9em; }
details { margin: .4rem 0; }
.verdict { display: inline-block; padding: .3rem .8rem; border-radius: .4rem; font-weight: 600; color: #fff; }
.verdict.critical { background: #b42318; }
.verdict.warning { background: #8a5a00; }
.verdict.good { background: #1a7f37; }
.mark.critical, .count.critical { color: #b42318; font-weight: 600; }
.mark.warning, .count.warning { color: #8a5a00; font-weight: 600; }
.mark.good { color: #1a7f37; }
.quiet { color: #5b6773; }
.wide { overflow-x: auto; }
.wide td { overflow-wrap: break-word; min-width: 4rem; }
.wide th { white-space: nowrap; }
@media (max-width: 40rem) {
  .told > tbody > tr, .told > tbody > tr > td { display: block; border: 0; padding: .1rem 0; width: auto; }
  .told > tbody > tr { border-top: 1px solid #d5dbe1; padding: .5rem 0; }
  .told > tbody > tr:first-child { display: none; }
  .told > tbody > tr > td.count { text-align: left; }
  .told > tbody > tr > td.count::before { content: "Rows: "; }
}
"""

_DESCRIBED: Final = re.compile(r"(\S+) \((critical|warning)\): (.*)", re.DOTALL)
_CODE: Final = re.compile(r"`([^`]+)`")
_WORDS: Final = {"critical": "✘ refuses", "warning": "! warning", "good": "✔ holds"}
_ORDER: Final = ("critical", "warning", "good")


def write(
    pages: Mapping[str, str],
    suites: Mapping[str, Sequence[Rule]],
    verdict: Verdict,
    rows: Rows,
    today: date,
    folder: Path,
) -> None:
    """Write `index.html`, `pages.css`, and a page for each suite.

    Args:
        pages: HTML as rendered by Great Expectations, by suite.
        suites: The rules of each suite.
        verdict: The verdict.
        rows: Rows of each table, and of the release before.
        today: Day of the run.
        folder: Where to write.
    """
    findings = {finding.expectation: finding for finding in verdict.findings}
    (folder / "pages.css").write_text(_STYLE, encoding="utf-8")
    (folder / "index.html").write_text(_index(suites, verdict, findings, rows, today), encoding="utf-8")
    for name, html in pages.items():
        (folder / f"{name}.html").write_text(_page(name, html, findings), encoding="utf-8")


def entitle(folder: Path, title: str) -> None:
    """Let the pages in a folder say whose quality they tell: `Release 2026-11-22.1`."""
    for path in folder.glob("*.html"):
        text = path.read_text("utf-8")
        path.write_text(text.replace(_TITLE, escape(title) + " · "), encoding="utf-8")


def _index(
    suites: Mapping[str, Sequence[Rule]], verdict: Verdict, findings: Mapping[str, Finding], rows: Rows, today: date
) -> str:
    counts = {
        name: Counter(findings[r.name].severity for r in rules if r.name in findings) for name, rules in suites.items()
    }
    worst_first = sorted(suites, key=lambda name: (-counts[name]["critical"], -counts[name]["warning"]))
    lines = "\n".join(
        f'<tr><td><a href="{name}.html">{escape(name)}</a></td>'
        + "".join(f'<td class="count">{count}</td>' for count in (*_counts(rows, name), len(suites[name])))
        + "".join(f'<td class="count {level}">{counts[name][level] or ""}</td>' for level in ("critical", "warning"))
        + "</tr>"
        for name in worst_first
    )
    parts = [
        f"<h1>{_TITLE}Quality</h1>",
        f"<p>{_verdict(verdict)}</p>",
        f'<p class="quiet">Checked on {today}: {_size(rows)}.</p>',
        *(
            [f"<p>A loss was accepted for this run: {escape(verdict.accepted_loss)}</p>"]
            if verdict.accepted_loss
            else []
        ),
        *_broken(verdict.groups("critical", "warning")),
        "<h2>By table</h2>",
        '<div class="wide"><table>\n<tr><th>Table</th><th>Rows</th><th>Before</th><th>Expectations</th>'
        "<th>Refusals</th><th>Warnings</th></tr>",
        f"{lines}\n</table></div>",
        '<p class="quiet">The same with all rows and articles: <a href="REPORT.md">REPORT.md</a>, for programs '
        '<a href="verdict.json">verdict.json</a>.</p>',
    ]
    return _HTML.format(title=f"{_TITLE}Quality", body="\n".join(parts))


def _counts(rows: Rows, name: str) -> list[str]:
    return [f"{count:,}" for count in rows[name]] if name in rows else ["", ""]


def _size(rows: Rows) -> str:
    """What is in the candidate, by its main tables."""
    named = [f"{rows[name][0]:,} {name}" for name in ("articles", "events", "partnerships") if name in rows]
    return ", ".join(named) or "no table can be read"


def _verdict(verdict: Verdict) -> str:
    critical, warnings = len(verdict.of("critical")), len(verdict.of("warning"))
    level, words = "good", "Passed"
    if warnings:
        level, words = "warning", f"Passed with {warnings} warning{'s' * (warnings > 1)}"
    if verdict.refused:
        level, words = "critical", f"Refused: {critical} expectation{'s' * (critical > 1)} that must hold"
        words += f" do{'es' * (critical == 1)} not"
    return f'<span class="verdict {level}">{words}</span> {verdict.checked} expectations were evaluated.'


def _broken(groups: Sequence[Group]) -> Iterator[str]:
    """What does not hold, what refuses first."""
    if groups:
        yield "<h2>What does not hold</h2>"
        yield '<table class="told">\n<tr><th></th><th>Expectation</th><th>Rows</th></tr>'
        for group in sorted(groups, key=lambda group: _ORDER.index(group.severity)):
            yield _row(group.severity, group.name, _detail(group), str(group.count))
        yield "</table>"


def _page(name: str, html: str, findings: Mapping[str, Finding]) -> str:
    """The page of a suite: every expectation that Great Expectations tells of, what does not hold first."""
    told = [match.groups() for match in map(_DESCRIBED.fullmatch, _descriptions(html)) if match]
    parts = [
        '<p><a href="index.html">All tables</a></p>',
        f"<h1>{_TITLE}Expectations on {escape(name)}</h1>",
        *_broken([Group((findings[rule],)) for rule, _, _ in told if rule in findings]),
        "<h2>What holds</h2>",
        '<table class="told">\n<tr><th></th><th>Expectation</th></tr>',
        *(_row("good", rule, _prose(text), severity=severity) for rule, severity, text in told if rule not in findings),
        "</table>",
    ]
    return _HTML.format(title=f"{_TITLE}Expectations on {escape(name)}", body="\n".join(parts))


def _descriptions(html: str) -> Iterator[str]:
    """The texts of the expectations in a page of Great Expectations."""
    for cell in parser.fromstring(html).iter("td"):
        yield " ".join(cell.text_content().split())


def _row(level: str, rule: str, text: str, count: str | None = None, severity: str | None = None) -> str:
    weight = f' <span class="quiet">({severity})</span>' if severity else ""
    rows = f'<td class="count">{count}</td>' if count else ""
    return (
        f'<tr><td class="mark {level}">{_WORDS[level]}</td><td><code>{escape(rule)}</code>{weight}<br>{text}</td>'
        f"{rows}</tr>"
    )


def _detail(group: Group) -> str:
    """What is wrong, why and what to do, and behind a click the rows and articles."""
    parts = [_prose(group.message)]
    parts += [f"<br>Why: {_prose(group.why)}"] if group.why else []
    parts.append(f"<br>What to do: {_prose(group.remedy)}")
    for of, count, rows in group.tables:
        names = list(rows[0])
        head = "".join(f"<th>{escape(name)}</th>" for name in names)
        body = "".join(
            "<tr>" + "".join(f"<td>{_value(row.get(name))}</td>" for name in names) + "</tr>" for row in rows
        )
        shown = "The rows" if len(rows) == count else f"{len(rows)} of {count} rows"
        shown += f" of {escape(of)}" if of else ""
        table = f'<div class="wide"><table><tr>{head}</tr>{body}</table></div>'
        parts.append(f"<details><summary>{shown}</summary>{table}</details>")
    if group.articles:
        titles = "; ".join(f"{escape(a.title or 'without title')} ({escape(a.article_id)})" for a in group.articles)
        parts.append(f"<details><summary>Articles they come from</summary><p>{titles}</p></details>")
    return "".join(parts)


def _value(value: Any) -> str:
    return '<span class="quiet">null</span>' if value is None else escape(written(value))


def _prose(text: str) -> str:
    """A text of ours, in which what stands between backticks is code."""
    return _CODE.sub(r"<code>\1</code>", escape(text))
