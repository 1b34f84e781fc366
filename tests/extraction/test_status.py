"""How far a thing has got, by the words above it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

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
