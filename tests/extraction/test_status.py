"""How far a thing has got, by the words above it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tasks.extraction.nlp import parse
from tasks.extraction.rules import RuleExtractor
from tasks.extraction.status import possible
from tasks.extraction.tokens import read_tokens
from tasks.records import Event

Read = Callable[..., tuple[Event, ...]]


@pytest.mark.parametrize(
    ("sentence", "status"),
    [
        ("Renault buys batteries from BYD.", "active"),
        ("Renault will buy batteries from BYD.", "announced"),
        ("Renault may buy batteries from BYD.", "exploring"),
        ("Renault has agreed to buy batteries from BYD.", "agreed"),
        ("Renault is in talks with BYD about batteries.", "negotiating"),
        ("Renault has agreed with BYD to cancel a supply contract.", "ended"),
        ("Renault will continue to buy batteries from BYD.", "active"),
        ("Renault has stopped buying batteries from BYD.", "ended"),
        ("Geely bought a stake in Renault Korea.", "completed"),
        ("Audi will close its factory in Brussels.", "announced"),
        ("Audi closed its factory in Brussels.", "ended"),
        ("BYD expects to sell 5 million cars in 2026.", "announced"),
        ("Under the agreement, BYD will supply Renault with batteries.", "agreed"),
        ("Renault signed a contract with BYD that will supply it with batteries.", "agreed"),
        ("Renault could end its partnership with Geely.", "active"),
        ("Geely is buying a stake in Renault Korea.", "announced"),
        ("Honda and Nissan opened talks on a merger.", "negotiating"),
    ],
)
def test_status(sentence: str, status: str, read: Read) -> None:
    assert [e.status for e in read(sentence)] == [status]


@pytest.mark.parametrize(
    ("sentence", "ends"),
    [
        ("Renault scrapped its plan with BYD.", True),
        ("Renault will not buy batteries from BYD.", True),
        ("Renault's plant in Douai closed its doors in May.", True),
        ("Renault signed a separate paper with BYD.", False),
        ("Renault is building cars with BYD.", False),
    ],
)
def test_an_end_is_seen_only_where_words_speak_of_one(sentence: str, ends: bool, extractor: RuleExtractor) -> None:
    assert ("ended" in possible(read_tokens(parse(sentence)), extractor.drafter.lexicon)) == ends
