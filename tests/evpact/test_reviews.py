"""Decisions about names hold together, or are refused with the one that does not fit."""

from __future__ import annotations

import pytest

from evpact.reviews import ContradictionError, Review, follow

NAMES = {"ford": "ford", "tesla": "tesla"}
LISTED = NAMES | {"fordmotor": "ford"}


def test_decisions_are_followed_through() -> None:
    found = follow(
        [Review("A-One", "same", "B"), Review("b", "same", "Ford Motor"), Review("C", "different", "A One")],
        LISTED,
        NAMES,
    )
    assert found.org_ids == {"aone": "ford", "b": "ford", "fordmotor": "ford"}
    assert ("c", "b") in found.apart
    assert ("c", "ford") in found.not_listed


def test_another_name_of_a_listed_organization_can_be_split_off() -> None:
    found = follow([Review("Ford Motor", "parent", "Ford")], LISTED, NAMES)
    assert found.not_listed == {("fordmotor", "ford")}
    assert found.parents == {"fordmotor": "ford"}


@pytest.mark.parametrize(
    ("reviews", "place", "told"),
    [
        ([("A", "same", "a.")], 0, "one name"),
        ([("A", "same", "B"), ("B", "different", "A")], 1, "decided before"),
        ([("A", "same", "B"), ("B", "same", "C"), ("A", "different", "C")], 2, "make both the same"),
        ([("Ford", "same", "X"), ("X", "same", "Tesla")], 1, "lists as two"),
        ([("A", "parent", "Ford"), ("A", "same", "Ford Motor")], 0, "make both ford"),
        ([("A", "parent", "B"), ("B", "parent", "C"), ("C", "parent", "A")], 2, "their own parent"),
        ([("A", "parent", "B"), ("A", "parent", "C")], 1, "another parent"),
        ([("Tesla", "parent", "A")], 0, "set its parent_id"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_contradiction_names_the_decision(reviews: list[tuple[str, str, str]], place: int, told: str) -> None:
    with pytest.raises(ContradictionError, match=told) as refused:
        follow([Review(*review) for review in reviews], LISTED, NAMES)
    assert refused.value.place == place
