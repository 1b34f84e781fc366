"""Judgements: rules written by hand, each with its reason. Mere numbers stand in `expectations/limits`."""

from __future__ import annotations

from collections.abc import Iterator

from expectations.judgement import articles, carried, events, figures, organizations, partnerships, shares
from expectations.rule import Rule


def rules() -> Iterator[Rule]:
    """All judgements, in the order of the layers of the dataset."""
    for module in (articles, carried, events, figures, organizations, partnerships):
        yield from module.RULES
    yield from shares.rules()
