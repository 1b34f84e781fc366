"""Data Docs pages that work where a release is: without a network, and small.

As Great Expectations renders them, pages load scripts and styles from a dozen hosts, copy 4 MB of pictures beside them,
and their index is empty without the network. Here they keep their content and get one stylesheet and a plain index.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Final

from expectations import Rule
from tasks.validation.verdict import Finding

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

_INDEX: Final = """<h1>Quality</h1>
<p>What the gate expects of each table, and how much of it does not hold. The findings with their rows and articles
are in <a href="REPORT.md">REPORT.md</a>, for programs in <a href="verdict.json">verdict.json</a>.</p>
<table>
<tr><th>Table</th><th>Expectations</th><th>Critical findings</th><th>Warnings</th></tr>
{rows}
</table>"""

_STYLE: Final = """\
body { font: 15px/1.5 system-ui, sans-serif; max-width: 75rem; margin: 2rem auto; padding: 0 1rem; color: #1c2733; }
a { color: #0b5c8f; }
table { border-collapse: collapse; width: 100%; margin: .6rem 0; font-size: .93em; }
td, th { border: 1px solid #d5dbe1; padding: .35rem .6rem; text-align: left; vertical-align: top; }
td { overflow-wrap: anywhere; }
th { background: #eef2f5; }
pre, code { font-size: .9em; white-space: pre-wrap; overflow-wrap: anywhere; }
.fa-check-circle::before { content: "\\2714"; color: #1a7f37; }
.fa-times::before, .fa-exclamation-triangle::before { content: "\\2718"; color: #b42318; }
.critical { color: #b42318; font-weight: 600; }
.warning { color: #8a5a00; font-weight: 600; }
"""

# What a page of Great Expectations shows between its side bar and its footer, less the box with clock times.
_CONTENT: Final = re.compile(r'<div class="col-md-10 col-lg-10.*?>(.*)</div>\s*</div>\s*</div>\s*<footer', re.DOTALL)
_LEAVE_OUT: Final = re.compile(
    r"<script\b.*?</script>|<img\b[^>]*>"
    r'|<div id="section-1-content-block-3" .*?(?=<div id="section-2")|<a href="[./]*expectations/[^>]*>',
    re.DOTALL,
)


def write(
    pages: Mapping[str, str], suites: Mapping[str, Sequence[Rule]], findings: Sequence[Finding], folder: Path
) -> None:
    """Write `index.html`, `pages.css`, and a page for each suite.

    Args:
        pages: HTML as rendered by Great Expectations, by suite.
        suites: The rules of each suite.
        findings: What does not hold.
        folder: Where to write.
    """
    (folder / "pages.css").write_text(_STYLE, encoding="utf-8")
    (folder / "index.html").write_text(_index(suites, findings), encoding="utf-8")
    for name, html in pages.items():
        (folder / f"{name}.html").write_text(_page(name, html), encoding="utf-8")


def _page(name: str, html: str) -> str:
    content = _CONTENT.search(html)
    body = _LEAVE_OUT.sub("", content[1] if content else html)
    title = f"Expectations on {escape(name)}"
    return _HTML.format(title=title, body=f'<p><a href="index.html">All tables</a></p>\n<h1>{title}</h1>\n{body}')


def _index(suites: Mapping[str, Sequence[Rule]], findings: Sequence[Finding]) -> str:
    severities = {finding.expectation: finding.severity for finding in findings}
    rows = []
    for name, rules in suites.items():
        broken = Counter(severities.get(rule.name) for rule in rules)
        counts = "".join(f'<td class="{level}">{broken[level] or ""}</td>' for level in ("critical", "warning"))
        rows.append(f'<tr><td><a href="{name}.html">{escape(name)}</a></td><td>{len(rules)}</td>{counts}</tr>')
    return _HTML.format(title="Quality", body=_INDEX.format(rows="\n".join(rows)))
