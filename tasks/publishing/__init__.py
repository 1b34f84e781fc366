"""From tables to a release that consumers see, or into quarantine."""

from tasks.publishing.candidate import Candidate, TableFile, write_candidate
from tasks.publishing.changes import changes_markdown, compare
from tasks.publishing.manifest import Provenance
from tasks.publishing.publication import Outcome, publish, quarantine, repair, rollback

__all__ = [
    "Candidate",
    "Outcome",
    "Provenance",
    "TableFile",
    "changes_markdown",
    "compare",
    "publish",
    "quarantine",
    "repair",
    "rollback",
    "write_candidate",
]
