"""What events of all articles add up to, by the rules in `tasks.resolution.partnerships`."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tasks.records import Event, EventDate, Participant, Quantity
from tasks.resolution.matters import BETWEEN
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
            "contested": False,
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
        ([("agreed", 0), ("announced", 3)], "agreed"),
        ([("active", 0), ("completed", 1), ("active", 2)], "active"),
        ([("negotiating", 0), ("ended", 1), ("negotiating", 2)], "ended"),
        ([("negotiating", 0), ("ended", 1), ("agreed", 4)], "agreed"),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(f"{word}@{day}" for word, day in value),
)
def test_status_is_the_furthest_told_until_the_end(told_by_date: list[tuple[str, int | None]], status: str) -> None:
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
        room.report(partnership(*FORD_GEELY, kind=kind, confidence=0.9))
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


def report_all(*tellings: tuple[Event, date | None]) -> Newsroom:
    """A newsroom in which each event is told by an article of its own."""
    room = Newsroom()
    for event, published in tellings:
        room.report(event, published=published)
    return room


def summary(room: Newsroom) -> dict[str, tuple[str, int]]:
    """Status and number of articles by partnership."""
    return {row["partnership_id"]: (row["status"], row["articles"]) for row in room.table("partnerships")}


@pytest.mark.parametrize(
    ("product", "day", "expected"),
    [
        ("Torrent", date(2026, 9, 1), {"": ("ended", 3), "--2026-09-01": ("agreed", 2)}),
        ("Brook", date(2026, 9, 1), {"": ("agreed", 5)}),
        (None, date(2028, 9, 1), {"": ("agreed", 5)}),
        ("Brook", date(2029, 9, 1), {"": ("ended", 3), "--2029-09-01": ("agreed", 2)}),
    ],
    ids=["another product", "the same again", "nothing of it", "years later"],
)
def test_what_is_told_after_the_end_is_a_new_partnership_only_if_it_is_another_matter_or_long_after(
    product: str | None, day: date, expected: dict[str, tuple[str, int]]
) -> None:
    signed = EventDate("2026-01", "signed", "in January")
    room = report_all(
        (partnership(*FORD_GEELY, kind="supply", status="agreed", product="Brook"), date(2026, 1, 10)),
        (partnership(*FORD_GEELY, kind="supply", status="ended"), date(2026, 3, 1)),
        (partnership(*FORD_GEELY, kind="supply", status="agreed", dates=(signed,)), date(2026, 8, 1)),
        (partnership(*FORD_GEELY, kind="supply", status="negotiating", product=product), day),
        (partnership(*FORD_GEELY, kind="supply", status="agreed"), day + timedelta(days=30)),
    )
    assert summary(room) == {f"ford--geely--supply{later}": told for later, told in expected.items()}


def test_talks_on_another_place_are_a_new_partnership_and_keep_what_belongs_to_each_apart() -> None:
    def supply(place: str, status: str) -> Event:
        return partnership(*FORD_GEELY, kind="supply", status=status, places=(place,))

    room = report_all(
        (supply("Debrecen", "active"), DAYS[0]),
        (supply("Debrecen", "announced"), DAYS[1]),
        (supply("Saarlouis", "negotiating"), DAYS[2]),
        (supply("Debrecen", "ended"), DAYS[3]),
    )
    assert summary(room) == {"ford--geely--supply": ("ended", 3), "ford--geely--supply--2026-03-01": ("negotiating", 1)}


@pytest.mark.parametrize(
    ("second", "days", "contested"),
    [
        (partnership(*FORD_GEELY, status="ended", attribution="denied"), 2, True),
        (partnership(*FORD_GEELY, status="ended", attribution="denied"), 40, False),
        (partnership(*FORD_GEELY, status="ended"), 2, False),
        (partnership(*FORD_GEELY, status="ended"), 0, True),
        (partnership(*FORD_GEELY, status="active"), 2, False),
    ],
    ids=["denied", "denied later", "ended", "ended on the same day", "went on"],
)
def test_a_partnership_is_contested_whose_sources_disagree(second: Event, days: int, contested: bool) -> None:
    room = report_all(
        (partnership(*FORD_GEELY, status="negotiating"), DAYS[0]), (second, DAYS[0] + timedelta(days=days))
    )
    assert room.only("partnerships")["contested"] is contested
    assert len(room.table("partnership_history")) == 2


def test_an_event_without_kind_joins_what_its_own_article_does_not_tell_beside_it() -> None:
    room = Newsroom()
    room.report(partnership(*FORD_GEELY, kind="equity", status="negotiating"), published=DAYS[0])
    room.report(
        partnership(*FORD_GEELY, status="ended"),
        partnership(*FORD_GEELY, kind="technology", status="active", confidence=0.9),
        published=DAYS[1],
    )
    assert summary(room) == {"ford--geely--equity": ("ended", 2), "ford--geely--technology": ("active", 1)}


def test_another_kind_with_the_same_sum_is_the_same_partnership() -> None:
    def told_as(kind: str, *, value: float) -> Event:
        figures = (Quantity(value, "USD", "investment", 0, 3),)
        return partnership(*FORD_GEELY, kind=kind, quantities=figures, confidence=0.9)

    room = report_all(*((told_as(kind, value=5e9), DAYS[0]) for kind in ("joint_venture", "joint_venture", "equity")))
    assert summary(room) == {"ford--geely--joint-venture": ("announced", 3)}
    room.report(told_as("technology", value=7e8))
    assert len(summary(room)) == 2


def test_fewer_parties_join_the_one_circle_that_they_are_part_of() -> None:
    all_three = partnership(*FORD_GEELY, "Nissan/partner", kind="joint_venture")
    room = report_all((all_three, DAYS[0]), (partnership(*FORD_GEELY, kind="joint_venture"), DAYS[1]))
    assert summary(room) == {"ford--geely--nissan--joint-venture": ("announced", 2)}
    room.report(partnership("Ford/partner", "Nissan/partner", kind="joint_venture"))
    assert len(summary(room)) == 3


def test_a_group_and_a_parent_stand_for_the_company_where_nobody_else_can_be_meant() -> None:
    group = Participant("Chinese automakers", "partner", kind="group")
    plan = [
        (partnership("Nissan/host", group, kind="manufacturing", status="exploring", places=("Sunderland",)), DAYS[0]),
        (partnership("Nissan/host", "Geely/partner", kind="manufacturing", places=("Sunderland",)), DAYS[2]),
        (
            partnership(
                "Nissan/host", "Zhejiang Geely Holding Group/partner", kind="manufacturing", places=("Sunderland",)
            ),
            DAYS[2],
        ),
    ]
    assert list(summary(report_all(*plan[:2]))) == ["geely--nissan--manufacturing"]
    assert list(summary(report_all(*plan[1:]))) == ["nissan--zhejiang-geely--manufacturing"]
    apart = (partnership("Nissan/host", group, kind="manufacturing", places=("Barcelona",)), date(2025, 1, 1))
    assert len(summary(report_all(plan[1], apart))) == 2


def test_figures_of_all_sources_stand_side_by_side() -> None:
    def told_of(*figures: Quantity) -> Event:
        return partnership(*FORD_GEELY, kind="joint_venture", quantities=figures)

    def sum_of(value: float, bound: str = "exact") -> Quantity:
        return Quantity(value, "EUR", "investment", 0, 3, bound=bound)

    capacity = Quantity(30_000, "MWh", "capacity", 4, 6), Quantity(30, "GWh", "capacity", 4, 6)
    phases = Quantity(100, "vehicle", "output", 0, 2), Quantity(300, "vehicle", "output", 3, 5)
    room = report_all(
        (told_of(sum_of(2.4e9), capacity[0], *phases), DAYS[0]),
        (told_of(sum_of(2.8e9), capacity[1]), DAYS[0]),
        (told_of(sum_of(2e9, "min")), DAYS[1]),
    )
    told = {
        (row["measure"], row["value"], row["bound"]): (row["stories"], row["conflicting"])
        for row in room.table("partnership_quantities")
    }
    assert told == {
        ("investment", 2.4e9, "exact"): (1, True),
        ("investment", 2.8e9, "exact"): (1, True),
        ("investment", 2e9, "min"): (1, False),
        ("capacity", 30, "exact"): (2, False),
        ("output", 100, "exact"): (1, False),
        ("output", 300, "exact"): (1, False),
    }
    assert room.only("partnerships")["contested"] is True


def test_copies_of_one_text_do_not_disagree() -> None:
    room = Newsroom()
    text = "Ford and Geely sign a contract for a venture in Cologne, of which they tell the shares, little else. " * 3
    for number, stake in enumerate((23.0, 2.0)):
        held = Quantity(stake, "percent", "stake", 0, 3)
        event = partnership(*FORD_GEELY, kind="equity", quantities=(held,))
        room.report(event, published=DAYS[number], text=f"{text} {number}", title="Ford and Geely")
    assert [row["conflicting"] for row in room.table("partnership_quantities")] == [False, False]
    assert (room.only("partnerships")["stories"], room.only("partnerships")["contested"]) == (1, False)


def test_a_list_of_many_parties_still_gives_an_id_of_bearable_length() -> None:
    room = Newsroom()
    for last in ("One", "Two"):
        room.report(partnership(*(f"Company of the long name number {n}/partner" for n in [*range(12), last])))
    names = list(summary(room))
    assert len(names) == 2
    assert all(len(name) < 200 for name in names)


WORDS = "The swapping stations near Barendrecht and Xiamen open"
"""What two articles on one matter have in common."""


def test_a_kind_misread_in_one_article_splits_nothing_off() -> None:
    room = Newsroom()
    for number, (kind, confidence) in enumerate([("charging", 0.9), ("charging", 0.9), ("manufacturing", 0.95)]):
        event = partnership(*FORD_GEELY, kind=kind, confidence=confidence)
        room.report(event, published=DAYS[number], text=f"{WORDS} {number}.", title="News")
    assert summary(room) == {"ford--geely--charging": ("announced", 3)}
    room.report(partnership(*FORD_GEELY, kind="supply", confidence=0.9), text="Motors from Graz.", published=DAYS[4])
    assert len(summary(room)) == 2


def test_a_stake_beside_a_venture_is_part_of_it_unless_it_is_done_and_the_venture_goes_on() -> None:
    def both(status: str) -> Newsroom:
        room = Newsroom()
        room.report(
            partnership(*FORD_GEELY, kind="equity", status=status, confidence=0.9),
            partnership(*FORD_GEELY, kind="joint_venture", status="agreed", confidence=0.9),
        )
        return room

    assert list(summary(both("agreed"))) == ["ford--geely--joint-venture"]
    assert len(summary(both("completed"))) == 2


def test_a_state_body_without_a_part_and_a_parent_beside_its_subsidiary_are_no_parties() -> None:
    room = Newsroom()
    room.report(
        partnership("Ford/partner", "Geely/partner", "Zhejiang Geely Holding Group/partner", kind="joint_venture")
    )
    room.report(partnership(*FORD_GEELY, Participant("Britain", "partner", kind="government"), kind="joint_venture"))
    assert summary(room) == {"ford--geely--joint-venture": ("announced", 2)}


def test_a_plan_told_in_other_words_soon_after_the_signing_is_no_new_one() -> None:
    def supply(place: str, status: str) -> Event:
        return partnership(*FORD_GEELY, kind="supply", status=status, places=(place,))

    signed, planned = (supply("Debrecen", "agreed"), date(2026, 5, 1)), supply("Saarlouis", "announced")
    assert summary(report_all(signed, (planned, date(2026, 5, 8)))) == {"ford--geely--supply": ("agreed", 2)}
    assert len(summary(report_all(signed, (planned, date(2026, 9, 1))))) == 2


@pytest.mark.parametrize("most", ["zhejiang-geely", "geely"])
def test_a_brand_and_its_parent_told_side_by_side_are_whom_more_stories_tell(most: str) -> None:
    room = Newsroom()
    group = partnership("Zhejiang Geely Holding Group/partner", "Nissan/partner", kind="manufacturing")
    brand = partnership("Geely/partner", "Nissan/partner", kind="manufacturing")
    room.report(group, brand, published=date(2026, 5, 1))
    room.report(brand if most == "geely" else group, published=date(2026, 5, 20))
    row = room.only("partnerships")
    assert (row["partnership_id"], row["stories"]) == (BETWEEN.join([*sorted([most, "nissan"]), "manufacturing"]), 2)


@pytest.mark.parametrize(("other", "partnerships"), [("Nissan", 2), ("Zorvalt Cells", 1)])
def test_a_small_company_deals_with_a_group_or_its_brand_but_hardly_with_both(other: str, partnerships: int) -> None:
    room = Newsroom()
    for name, day in (("Geely", date(2023, 2, 1)), ("Zhejiang Geely Holding Group", date(2025, 9, 1))):
        room.report(partnership(f"{name}/customer", f"{other}/supplier", kind="supply"), published=day)
    assert len(room.table("partnerships")) == partnerships


def test_one_that_is_the_parent_of_one_party_and_the_child_of_another_is_told_of_once() -> None:
    room = Newsroom()
    for name, stories in (("Geely", 1), ("Lynk & Co", 2), ("Zhejiang Geely Holding Group", 2)):
        for _ in range(stories):
            room.report(partnership(f"{name}/partner", "Nissan/partner", kind="supply"), published=DAYS[0])
    assert sum(row["stories"] for row in room.table("partnerships")) == 5
    assert room.tables()["partnership_history"]["event_id"].is_unique().all()


def test_a_brand_told_with_fewer_others_than_its_parent_is_the_parent() -> None:
    room = Newsroom()
    whole = partnership("Zhejiang Geely Holding Group/partner", "Nissan/partner", "Ford/partner", kind="joint_venture")
    room.report(whole, published=DAYS[0])
    room.report(whole, partnership("Geely/partner", "Nissan/partner", kind="joint_venture"), published=DAYS[1])
    assert room.only("partnerships")["stories"] == 2


def test_what_headlines_call_a_merger_is_one_though_it_was_read_as_something_else() -> None:
    room = Newsroom()
    supply = partnership("Ford/partner", "Geely/partner", kind="supply", confidence=0.9)
    room.report(supply, title="Ford and Geely talk of a merger", text="Ford and Geely talk to each other.")
    room.report(supply, title="No merger of Ford and Geely", text="Ford and Geely have called it off again.")
    assert room.only("partnerships")["kind"] == "equity"
    room.report(supply, title="Geely's order", text="Geely has an order of Ford for cells.")
    assert room.only("partnerships")["kind"] == "supply"


def test_a_stranger_whom_one_story_names_beside_what_several_tell_is_no_party() -> None:
    room = Newsroom()
    room.report(partnership(*FORD_GEELY, kind="equity"), published=DAYS[0])
    room.report(partnership(*FORD_GEELY, "Bombay House/partner", kind="equity"), published=DAYS[1])
    assert room.only("partnerships")["partnership_id"] == "bombay-house--ford--geely--equity"
    room.report(partnership(*FORD_GEELY, kind="equity"), published=DAYS[2])
    row = room.only("partnerships")
    assert (row["partnership_id"], row["stories"]) == ("ford--geely--equity", 3)
    room.report(partnership(*FORD_GEELY, "Nissan/partner", kind="equity"), published=DAYS[3])
    assert list(summary(room)) == ["ford--geely--equity", "ford--geely--nissan--equity"]


def test_what_one_does_with_the_venture_called_after_both_is_their_venture() -> None:
    room = Newsroom()
    room.report(partnership(*FORD_GEELY, kind="joint_venture", status="agreed"), published=DAYS[0])
    room.report(partnership("Geely Ford Batteries/partner", "Ford/partner", kind="supply"), published=DAYS[1])
    assert summary(room) == {"ford--geely--joint-venture": ("agreed", 2)}


def test_a_company_called_after_a_listed_one_that_articles_name_beside_it_is_its_arm() -> None:
    room = Newsroom()
    room.report(partnership("Geely Zorvalt Designs Corp/partner", "Tevarin Motors/partner", kind="equity"))
    assert len(room.table("partnerships")) == 1
    room.report(
        partnership("Geely Zorvalt Designs Corp/partner", "Tevarin Motors/partner", kind="equity"),
        partnership("Geely/target", "Tevarin Motors/investor", kind="equity"),
    )
    assert len(room.table("partnerships")) == 1
    parents = {row["org_id"]: row["parent_id"] for row in room.table("organizations")}
    assert parents["geely-zorvalt-designs"] == "geely"
