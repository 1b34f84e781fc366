"""What sentences tell of plants, sales and measures without a frame: judged by the model of tellings."""

from __future__ import annotations

import pytest

from tests.extraction.conftest import Read


def told(read: Read, text: str) -> set[tuple[str, str]]:
    """Type and name of whoever takes part in what a text tells."""
    return {(event.type, p.name) for event in read(text) for p in event.participants}


def test_an_event_is_seen_without_a_frame(read: Read) -> None:
    text = "Ground was broken last week for the Debrecen works of CATL, where 1,500 people are to find jobs."
    assert ("facility", "CATL") in told(read, text)


def test_a_deal_is_seen_with_whom_the_passage_is_about(read: Read) -> None:
    text = "Gotion has signed up a new customer. Its cells will go into the vans of Stellantis."
    (event,) = [event for event in read(text) if event.type == "partnership"]
    assert {p.name for p in event.participants} == {"Gotion", "Stellantis"}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Lucid lost money again last year, and its shares fell.", id="losses"),
        pytest.param("A Ford spokesman said that demand for electric cars is weak.", id="opinion"),
    ],
)
def test_what_is_no_event_stays_none(text: str, read: Read) -> None:
    assert read(text) == ()
