"""What a run leaves on its page in Prefect's UI: what came in, what was extracted, the verdict, what changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import polars as pl
from prefect.artifacts import create_markdown_artifact, create_table_artifact

from tasks.records import EXTRACTION, Rejection

if TYPE_CHECKING:
    from tasks.validation import Verdict

_LISTED = 100


def intake(documents: int, new: int, rejections: Sequence[Rejection]) -> None:
    """What came in, and what was set aside with its reason."""
    rows = [{"source": r.source, "where": r.location, "reason": r.reason} for r in rejections[:_LISTED]]
    create_table_artifact(
        rows or [{"source": "", "where": "", "reason": "nothing was set aside"}],
        key="evpact-intake",
        description=f"{documents} documents, {new} of them new; {len(rejections)} set aside.",
    )


def extraction(extractor: str, extractions: pl.DataFrame) -> None:
    """What was extracted: events by type and status, and how many articles state anything."""
    found = [EXTRACTION.validate_json(text) for text in extractions["extraction"]]
    counts = Counter((event.type, event.status) for article in found for event in article.events)
    rows = [{"type": kind, "status": status, "events": n} for (kind, status), n in sorted(counts.items())]
    create_table_artifact(
        rows or [{"type": "", "status": "", "events": 0}],
        key="evpact-extraction",
        description=f"{extractor}: {sum(counts.values())} events in {sum(a.relevant for a in found)} of "
        f"{len(found)} articles.",
    )


def verdict(result: Verdict) -> None:
    """The verdict of the gate, with what it found."""
    rows = [
        {"expectation": f.expectation, "severity": f.severity, "rows": f.count, "message": f.message}
        for f in result.findings
    ]
    create_table_artifact(
        rows or [{"expectation": "all", "severity": "", "rows": 0, "message": "every expectation holds"}],
        key="evpact-verdict",
        description=f"{'Refused' if result.refused else 'Passed'}: {result.checked} expectations checked.",
    )


def changes(markdown: str) -> None:
    """What changed against the release before."""
    create_markdown_artifact(markdown, key="evpact-changes", description="Changes of this release.")
