"""Places, the countries they lie in, and how they stand in their sentence."""

from __future__ import annotations

import csv

import pytest

from evpact.reference import load_reference
from evpact.settings import REFERENCE
from tasks.extraction.nlp import parse
from tasks.extraction.places import FoundPlace, Gazetteer, countries_of, find_places


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer(load_reference(), REFERENCE)


def places(text: str, gazetteer: Gazetteer) -> list[FoundPlace]:
    found = find_places(parse(text), gazetteer)
    assert all(text[place.start : place.end] == place.text for place in found)
    return list(found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The plant in Hefei makes cars.", [("Hefei", "CN")]),
        ("The plant in Sao Jose dos Pinhais makes cars.", [("Sao Jose dos Pinhais", "BR")]),
        ("They met in Normal, Illinois.", [("Normal", "US"), ("Illinois", "US")]),
        ("It stands in Smyrna, Tenn., by the road.", [("Smyrna", "US"), ("Tenn.", "US")]),
        ("It stands in northern France.", [("northern France", "FR")]),
        ("It is sold in North America.", [("North America", None)]),
        ("It costs US$200 million to build in Indonesia.", [("Indonesia", "ID")]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_listed_places_have_their_country(
    text: str, expected: list[tuple[str, str | None]], gazetteer: Gazetteer
) -> None:
    found = places(text, gazetteer)
    assert [(place.text, place.country) for place in found] == expected
    assert all(place.strong for place in found)


@pytest.mark.parametrize(
    "text",
    ["That is normal, and nice.", "Reading the letter took long.", "Normal people drive.", "The Northern line", ""],
)
def test_everyday_words_are_no_places(text: str, gazetteer: Gazetteer) -> None:
    assert not places(text, gazetteer)


@pytest.mark.parametrize(
    ("text", "name", "country"),
    [
        ("They will build it in Zorbental, Austria, by June.", "Zorbental", "AT"),
        ("They will build it near Zorbental, in the mountains.", "Zorbental", None),
        ("The carmaker closed its Zorbental plant.", "Zorbental", None),
        ("The plant in Zorben County, Georgia, makes cells.", "Zorben County", "US"),
    ],
    ids=lambda value: value,
)
def test_an_unlisted_place_is_believed_on_its_surroundings(
    text: str, name: str, country: str | None, gazetteer: Gazetteer
) -> None:
    place = places(text, gazetteer)[0]
    assert (place.text, place.country, place.strong, place.in_locative) == (name, country, False, True)


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("The cars are built in China.", "locative"),
        ("The cars are sold across China.", "locative"),
        ("The line stands in the south of China.", "locative"),
        ("The maker closed its Chinese plant.", "attributive"),
        ("Its China sales fell.", "attributive"),
        ("China imposed duties.", "other"),
        ("The Chinese carmaker grew.", "other"),
        ("The cars come from China.", "other"),
    ],
    ids=lambda value: value,
)
def test_a_country_is_a_place_or_an_actor_by_its_position(text: str, position: str, gazetteer: Gazetteer) -> None:
    (place,) = places(text, gazetteer)
    assert (place.country, place.position) == ("CN", position)


def test_a_name_shared_by_places_is_told_by_the_article(gazetteer: Gazetteer) -> None:
    british = places("The UK plant near Sunderland grows. A second one in Washington will make cells.", gazetteer)
    american = places("The United States acted. In Washington, the duty was raised.", gazetteer)
    assert british[-1].country == "GB"
    assert american[-1].country == "US"


def test_a_region_behind_a_comma_stands_as_the_town_before_it(gazetteer: Gazetteer) -> None:
    found = places("It opened a plant in Thoothukudi, Tamil Nadu, on Monday.", gazetteer)
    assert [(place.text, place.position, place.preposition) for place in found] == [
        ("Thoothukudi", "locative", "in"),
        ("Tamil Nadu", "locative", "in"),
    ]
    assert countries_of(found) == ("IN",)


def test_what_is_something_else_is_no_place(gazetteer: Gazetteer) -> None:
    text = "Bank of America lent the money."
    assert not find_places(parse(text), gazetteer, avoid=[(0, len("Bank of America"))])


def test_every_abbreviated_region_is_known_by_its_name(gazetteer: Gazetteer) -> None:
    regions = {(row["name"], row["country"]) for row in load_reference().places.iter_rows(named=True)}
    with (REFERENCE / "region_abbreviations.csv").open(encoding="utf-8", newline="") as lines:
        missing = [row["region"] for row in csv.DictReader(lines) if (row["region"], row["country"]) not in regions]
    assert not missing


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The buses are built in Nakasongola.", [("Nakasongola", "UG")]),
        ("The plant at Surany makes cells.", [("Surany", "SK")]),
        ("The Polish firm makes packs at its Zawiercie plant.", [("Polish", "PL"), ("Zawiercie", "PL")]),
        ("They met in Peterborough, Ontario.", [("Peterborough", "CA"), ("Ontario", "CA")]),
        ("A Canadian firm opened a hall in Peterborough.", [("Canadian", "CA"), ("Peterborough", "CA")]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_towns_of_the_world_have_their_country(
    text: str, expected: list[tuple[str, str | None]], gazetteer: Gazetteer
) -> None:
    assert [(place.text, place.country) for place in places(text, gazetteer)] == expected


@pytest.mark.parametrize(
    "text",
    [
        "Nakasongola Motors makes buses.",
        "The works of John Halden grew. They believe in Halden.",
        "Deliveries begin in March.",
        "The Best was yet to come, and Nice to have.",
    ],
)
def test_what_bears_the_name_of_a_town_is_none(text: str, gazetteer: Gazetteer) -> None:
    assert not countries_of(places(text, gazetteer))


def test_who_is_called_as_a_town_is_no_town(gazetteer: Gazetteer) -> None:
    text = "The cells are made at Nakasongola."
    assert not countries_of(find_places(parse(text), gazetteer, actors={"nakasongola"}))
