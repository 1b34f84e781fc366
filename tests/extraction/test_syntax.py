"""Who stands in which grammatical position."""

from __future__ import annotations

import pytest

from tasks.extraction.nlp import parse
from tasks.extraction.syntax import slots
from tasks.extraction.tokens import read_tokens


@pytest.mark.parametrize(
    ("sentence", "trigger", "position", "expected"),
    [
        pytest.param("Google supplies Apple with chips.", "supplies", "subject", {"Google"}, id="active subject"),
        pytest.param("Apple was bought by Google.", "bought", "subject", {"Google"}, id="passive subject"),
        pytest.param("Apple was bought by Google.", "bought", "object", {"Apple"}, id="passive object"),
        pytest.param("Google plans to build a factory.", "build", "subject", {"Google"}, id="control"),
        pytest.param("Google, which bought Apple, grew.", "bought", "subject", {"Google"}, id="relative clause"),
        pytest.param("Google signed an agreement with Apple.", "agreement", "subject", {"Google"}, id="light verb"),
        pytest.param("Google signed an agreement with Apple.", "agreement", "with", {"Apple"}, id="with"),
        pytest.param("Google uses Apple's chips.", "uses", "object_owner", {"Apple"}, id="owner of the object"),
        pytest.param("Google agreed to buy all of Apple.", "buy", "object", {"all", "Apple"}, id="whole"),
        pytest.param("Google is open to building cars.", "building", "subject", {"Google"}, id="open to"),
        pytest.param("The factory is run by Google and Apple.", "run", "subject", {"Google", "Apple"}, id="conjuncts"),
    ],
)
def test_positions(sentence: str, trigger: str, position: str, expected: set[str]) -> None:
    word = next(t for t in read_tokens(parse(sentence)) if t.text == trigger)
    assert {t.text for t in slots(word).get(position, [])} == expected
