"""What is one event and what are two."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tasks.records import Event

Read = Callable[..., tuple[Event, ...]]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        pytest.param(
            "Ford formed a joint venture with Geely. The joint venture of Ford and Geely grows.", 1, id="twice"
        ),
        pytest.param("Ford buys cells from BYD. Ford licenses technology from BYD.", 2, id="two kinds"),
        pytest.param("BYD sold 400000 cars in May 2025. BYD sold 300000 cars in June 2025.", 2, id="two periods"),
        pytest.param("CATL is building a plant in Debrecen. CATL is building a plant in Erfurt.", 2, id="two towns"),
        pytest.param("BYD builds electric cars in Szeged. Kia builds electric cars in Zilina.", 2, id="two makers"),
    ],
)
def test_number_of_events(text: str, count: int, read: Read) -> None:
    assert len(read(text)) == count


def test_parties_of_a_general_agreement_join_the_exact_event(read: Read) -> None:
    (event,) = read("Seres signed an agreement with Huawei to acquire a 10 percent stake in Avatr.")
    assert {p.name for p in event.participants} == {"Seres", "Huawei", "Avatr"}
    assert (event.kind, event.status) == ("equity", "agreed")
