"""What must hold of a release.

    structure   derived from the table definitions in `evpact.tables`
    judgement   written by hand, each rule with its reason; mere numbers stand in `limits/*.csv`
    history     against the release before

A rule is a query for the rows that break it (`expectations.rule`). `tasks.validation` runs them with Great
Expectations. To add one, write it into the module of its subject and a corruption that it must catch into
`tests/validation/corruptions.py`; a test fails without.
"""

from __future__ import annotations

from expectations import history, judgement, structure
from expectations.rule import Rule

__all__ = ["Rule", "content_rules", "file_rules"]


def file_rules() -> tuple[Rule, ...]:
    """Rules on the files; only where they hold is it possible to look at the rows."""
    return tuple(structure.file_rules())


def content_rules() -> tuple[Rule, ...]:
    """All rules on the rows, grouped by nothing: structure, judgements, then history."""
    return (*structure.content_rules(), *judgement.rules(), *history.rules())
