"""Events are tied to sites that are known, and to no others."""

from __future__ import annotations

from typing import Any

import pytest

from tasks.records import Event, Participant
from tests.resolution.newsroom import Newsroom, partnership, told


def facility(*events: Event) -> dict[str, Any] | None:
    room = Newsroom()
    room.report(*events)
    rows = room.table("facilities")
    assert len(rows) < 2
    assert {row["facility_id"] for row in room.table("events")} == ({rows[0]["facility_id"]} if rows else {None})
    return rows[0] if rows else None


def test_a_site_is_its_operator_town_and_kind() -> None:
    assert facility(
        told("facility", "Nissan Motor/subject", kind="research", places=("Sunderland",), countries=("GB",))
    ) == {
        "facility_id": "nissan-sunderland-research",
        "name": "Nissan Sunderland research centre",
        "kind": "research",
        "org_id": "nissan",
        "place": "Sunderland",
        "country": "GB",
        "latitude": 54.9,
        "longitude": -1.4,
    }


def test_a_listed_plant_is_itself_whoever_is_told_to_run_it() -> None:
    site = facility(
        told("production", "Ford/manufacturer", places=("Spain", "Valencia", "Almussafes")),
        partnership(
            "Geely/manufacturer", "Ford/partner", kind="manufacturing", places=("Almussafes plant",), countries=("ES",)
        ),
    )
    assert site is not None
    assert (site["facility_id"], site["org_id"]) == ("almussafes-plant", "ford")
    assert (site["name"], site["place"]) == ("Almussafes Plant", "Valencian Community")


@pytest.mark.parametrize(
    ("countries", "country"),
    [(("ES",), "ES"), (("EU", "VE"), "VE"), ((), None), (("US",), None), (("ES", "VE"), None)],
    ids=lambda value: str(value),
)
def test_a_town_of_several_countries_is_told_by_the_event_or_not_at_all(
    countries: tuple[str, ...], country: str | None
) -> None:
    site = facility(told("facility", "Geely/subject", kind="plant", places=("Valencia",), countries=countries))
    assert (site and site["country"]) == country


def test_a_town_near_the_only_plant_of_the_operator_is_that_plant() -> None:
    site = facility(
        told("production", "Ford/manufacturer", places=("Valencia",), countries=("ES",)),
        told("production", "Ford/manufacturer", places=("Almussafes",)),
    )
    assert site is not None
    assert site["facility_id"] == "almussafes-plant"


@pytest.mark.parametrize("who", ["Ford/subject", "Geely/manufacturer"])
def test_a_town_far_away_or_of_another_operator_is_not(who: str) -> None:
    site = facility(told("facility", who, kind="plant", places=("Sagunto",), countries=("ES",)))
    assert site is not None
    assert site["place"] == "Sagunto"


def test_a_site_told_without_operator_is_that_of_the_only_one_the_article_has_there() -> None:
    site = facility(
        told("facility", "Nissan/subject", kind="plant", places=("Sunderland",)),
        told("production", "Britain/host", places=("Sunderland",)),
    )
    assert site is not None
    assert site["org_id"] == "nissan"


@pytest.mark.parametrize("place", ["Andalusia", "Spain", "Atlantis", ""])
def test_a_place_that_is_no_known_town_makes_no_site(place: str) -> None:
    assert facility(told("facility", "Geely/subject", kind="plant", places=(place,), countries=("ES",))) is None


@pytest.mark.parametrize(
    "who",
    [
        (Participant("Britain", "host", kind="government"),),
        (Participant("Chinese carmakers", "manufacturer", kind="group"),),
        ("Geely/manufacturer", "Ford/manufacturer"),
        ("Geely/partner", "Ford/partner"),
    ],
    ids=["a government", "a group", "two makers", "partners"],
)
def test_an_operator_is_one_company_or_none(who: tuple[str | Participant, ...]) -> None:
    site = facility(told("production", *who, places=("Sunderland",)))
    assert site is not None
    assert (site["facility_id"], site["org_id"]) == ("sunderland-plant", None)


@pytest.mark.parametrize(
    ("event", "has_site"),
    [
        (told("investment", "Geely/investor", places=("Sunderland",)), True),
        (partnership("Nissan/host", "Geely/partner", kind="joint_venture", places=("Sunderland",)), True),
        (partnership("Nissan/partner", "Geely/partner", kind="joint_venture", places=("Sunderland",)), False),
        (partnership("Nissan/host", "Geely/partner", kind="charging", places=("Sunderland",)), False),
        (told("market", "Geely/subject", places=("Sunderland",)), False),
    ],
    ids=["an investment", "a venture with a host", "a venture of two", "a charging network", "a market"],
)
def test_other_events_have_a_site_only_if_it_is_plain(event: Event, has_site: bool) -> None:
    assert (facility(event) is not None) == has_site
