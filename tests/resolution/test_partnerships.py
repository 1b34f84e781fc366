"""What events of all articles add up to, by the rules in `tasks.resolution.partnerships`."""

from __future__ import annotations

from datetime import date

import pytest

from tasks.records import Participant
from tests.resolution.newsroom import Newsroom, partnership, told

FORD_GEELY = ("Ford/partner", "Geely/partner")
DAYS = [date(2026, month, 1) for month in range(1, 7)]


def test_articles_with_other_names_tell_of_one_partnership() -> None:
    room = Newsroom()
    room.report(
        partnership("Ford Motor Company/customer", "Geely/partner", kind="technology", countries=("US",)),
        published=DAYS[0],
        publisher="A",
    )
    room.report(
        partnership("Geely Auto/supplier", "Ford/partner", kind="technology", countries=("CN",)),
        published=DAYS[1],
        publisher="A",
    )
    room.report(partnership("Geely/supplier", "Ford/customer", kind="technology", countries=("US",)))
    tables = room.tables()
    assert tables["partnerships"].to_dicts() == [
        {
            "partnership_id": "ford--geely--technology",
            "name": "Ford and Geely: technology",
            "kind": "technology",
            "status": "announced",
            "first_reported": DAYS[0],
            "last_reported": DAYS[1],
            "articles": 3,
            "stories": 3,
            "publishers": 1,
            "countries": ["CN", "US"],
            "confidence": 0.875,
        }
    ]
    parties = tables["partnership_parties"].to_dicts()
    assert {row["org_id"]: row["role"] for row in parties} == {"ford": "customer", "geely": "supplier"}
    assert tables["partnership_history"]["reported"].sort(nulls_last=True).to_list() == [DAYS[0], DAYS[1], None]


@pytest.mark.parametrize(
    ("told_by_date", "status"),
    [
        ([("negotiating", 0), ("ended", 3)], "ended"),
        ([("ended", 3), ("negotiating", 0)], "ended"),
        ([("ended", 0), ("negotiating", 3)], "negotiating"),
        ([("agreed", 2), ("announced", 2)], "agreed"),
        ([("active", 2), ("ended", 2)], "ended"),
        ([("announced", 1), ("ended", None)], "announced"),
        ([("announced", None), ("agreed", None)], "agreed"),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(f"{word}@{day}" for word, day in value),
)
def test_status_is_the_latest_told(told_by_date: list[tuple[str, int | None]], status: str) -> None:
    room = Newsroom()
    for word, day in told_by_date:
        room.report(partnership(*FORD_GEELY, status=word), published=None if day is None else DAYS[day])
    assert room.only("partnerships")["status"] == status


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        (["equity", None], {"ford--geely--equity": 2}),
        (["equity", "supply"], {"ford--geely--equity": 1, "ford--geely--supply": 1}),
        (
            ["joint_venture", "supply", None],
            {"ford--geely--joint-venture": 1, "ford--geely--supply": 1, "ford--geely--unspecified": 1},
        ),
        ([None, None], {"ford--geely--unspecified": 2}),
    ],
    ids=lambda value: " ".join(map(str, value)),
)
def test_a_pair_has_one_partnership_for_each_kind(kinds: list[str | None], expected: dict[str, int]) -> None:
    room = Newsroom()
    for kind in kinds:
        room.report(partnership(*FORD_GEELY, kind=kind))
    assert {row["partnership_id"]: row["articles"] for row in room.table("partnerships")} == expected


def test_one_party_more_is_another_partnership() -> None:
    room = Newsroom()
    room.report(partnership(*FORD_GEELY, kind="equity"), partnership(*FORD_GEELY, "Nissan/partner", kind="equity"))
    assert [row["name"] for row in room.table("partnerships")] == [
        "Ford and Geely: equity",
        "Ford, Geely and Nissan: equity",
    ]


def test_groups_and_governments_are_parties_too() -> None:
    room = Newsroom()
    room.report(
        partnership("Nissan/partner", Participant("Chinese automakers", "partner", kind="group")),
        partnership("Nissan/investor", Participant("Britain", "host", kind="government")),
    )
    assert [row["partnership_id"] for row in room.table("partnerships")] == [
        "chinese-carmakers--nissan--unspecified",
        "nissan--united-kingdom--unspecified",
    ]


@pytest.mark.parametrize(
    "event",
    [
        partnership("Ford/partner"),
        partnership("Ford/partner", "Ford Motor Co./supplier"),
        partnership("Ford/partner", "Geely/affected"),
        told("market", *FORD_GEELY),
    ],
    ids=["one party", "one party twice", "a bystander", "another type"],
)
def test_fewer_than_two_parties_make_no_partnership(event: object) -> None:
    room = Newsroom()
    room.report(event)  # type: ignore[arg-type]
    assert room.table("partnerships") == []
    assert [row["type"] for row in room.table("events")] in ([], ["market"])


def test_near_copies_count_as_one_story_and_add_no_confidence() -> None:
    room = Newsroom()
    wire = " ".join(f"word{number}" for number in range(100))
    for copy in range(20):
        event = partnership(*FORD_GEELY, confidence=0.4 + copy / 100)
        room.report(event, text=f"{wire} copy {copy}", publisher=f"P{copy}")
    room.report(partnership(*FORD_GEELY, confidence=0.5))
    row = room.only("partnerships")
    assert (row["articles"], row["stories"], row["publishers"]) == (21, 2, 20)
    assert row["confidence"] == round(1 - (1 - 0.59) * 0.5, 4)
