"""What is no part of a story is known by its phrases and its form; sentences of a story are left alone."""

from __future__ import annotations

import pytest

from tasks.ingestion.furniture import EFFECTS, PLACES, effect, key, phrases


@pytest.mark.parametrize(
    "line",
    [
        "⏱️ 3 min read",
        "Facebook  X  LinkedIn  Email",
        "Share on Facebook   Print   Report an error",
        "© 2026 The Example. All rights reserved.",
        "(c) The Example 2025",
        "Your email address will not be published. Required fields are marked *",
        "ALSO READ: Another maker opens a plant",
        "Sign up for our free newsletter and never miss a story.",
        "This column does not necessarily reflect the views of the editors.",
        "A worker at the plant. (File photo)",
        "Advertisement",
        "***",
    ],
)
def test_furniture(line: str) -> None:
    assert effect(line) == "line"


@pytest.mark.parametrize("line", ["Read next", "Most viewed", "Related articles", "Comments (41)"])
def test_heads_of_blocks(line: str) -> None:
    assert effect(line) == "block"


@pytest.mark.parametrize(
    "line",
    [
        "What next?",
        "The two will share what they earn.",
        "Related parties hold a third of the shares, the filing says.",
        "Next year the company wants to sell twice as many.",
        "Sources close to the talks said a signature was near.",
        "The app must follow the terms of service that the regulator and all the makers agreed on last year in Rome.",
        "Photographs of the car leaked in May.",
        "Tagged batteries can be traced to the mine.",
    ],
)
def test_sentences_of_a_story_are_no_furniture(line: str) -> None:
    assert effect(line) is None


def test_the_table_is_sound() -> None:
    for place in PLACES:
        known = phrases(place)
        assert known, place
        assert all(phrase == key(phrase) and phrase for phrase in known)
        assert set(known.values()) <= set(EFFECTS)
