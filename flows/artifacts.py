"""What a run leaves on its page in Prefect's UI: what came in, what was extracted, the verdict, what changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import polars as pl
from prefect.artifacts import create_markdown_artifact, create_table_artifact

from flows.console import counted
from tasks.records import EXTRACTION, Rejection

if TYPE_CHECKING:
    from tasks.ingestion.memory import Report
    from tasks.validation import Verdict


def intake(documents: int, new: int, reports: Sequence[Report], rejections: Sequence[Rejection]) -> None:
    """What came in from each source, and what was set aside with its reason."""
    create_table_artifact(
        [
            {
                "source": r.source,
                "new": r.new,
                "changed": r.changed,
                "known": r.known,
                "waiting": r.waiting,
                "set aside": r.set_aside,
                "failing since": f"{r.failing_since:%Y-%m-%d %H:%M}" if r.failing_since else "",
                "failure": r.failure or "",
            }
            for r in reports
        ],
        key="evpact-sources",
        description=f"{counted(len(reports), 'source')}, {sum(bool(r.failure) for r in reports)} failed.",
    )
    create_table_artifact(
        [{"source": r.source, "where": r.location, "reason": r.reason} for r in rejections]
        or [{"source": "", "where": "", "reason": "nothing was set aside"}],
        key="evpact-intake",
        description=f"{counted(documents, 'document')}, {new:,} new; {sum(r.set_aside for r in reports):,} set aside.",
    )


def extraction(extractor: str, extractions: pl.DataFrame) -> None:
    """What was extracted: events by type and status, and how many articles state anything."""
    found = [EXTRACTION.validate_json(text) for text in extractions["extraction"]]
    counts = Counter((event.type, event.status) for article in found for event in article.events)
    rows = [{"type": kind, "status": status, "events": n} for (kind, status), n in sorted(counts.items())]
    create_table_artifact(
        rows or [{"type": "", "status": "", "events": 0}],
        key="evpact-extraction",
        description=f"{extractor}: {counted(sum(counts.values()), 'event')} in {sum(a.relevant for a in found):,} of "
        f"{counted(len(found), 'article')}.",
    )


def verdict(result: Verdict) -> None:
    """The verdict of the gate, with what it found."""
    rows = [
        {"expectation": g.name, "severity": g.severity, "rows": g.count, "message": g.message, "what to do": g.remedy}
        for g in result.groups("critical", "warning")
    ]
    create_table_artifact(
        rows or [{"expectation": "all", "severity": "", "rows": 0, "message": "every expectation holds"}],
        key="evpact-verdict",
        description=f"{'Refused' if result.refused else 'Passed'}: {result.checked} expectations checked, "
        f"{counted(len(result.of('critical')), 'refusal')}, {counted(len(result.of('warning')), 'warning')}.",
    )


def changes(markdown: str) -> None:
    """What changed against the release before."""
    create_markdown_artifact(markdown, key="evpact-changes", description="Changes of this release.")
