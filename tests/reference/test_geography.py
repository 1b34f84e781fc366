"""Countries and places: names that lead to one thing, real codes, and coordinates where the place can be."""

from __future__ import annotations

from math import acos, cos, degrees, radians, sin
from typing import Any

import polars as pl
import pytest

from evpact.reference import Reference, load_reference

HUGE = {"AU", "BR", "CA", "CN", "RU", "US"}
Row = dict[str, Any]


@pytest.fixture(scope="module")
def reference() -> Reference:
    return load_reference()


@pytest.fixture(scope="module")
def countries(reference: Reference) -> list[Row]:
    return reference.countries.to_dicts()


@pytest.fixture(scope="module")
def places(reference: Reference) -> list[Row]:
    return reference.places.to_dicts()


def distance(a: Row, b: Row) -> float:
    """Degrees of a great circle between two points."""
    north, south = radians(a["latitude"]), radians(b["latitude"])
    turn = radians(a["longitude"] - b["longitude"])
    return degrees(acos(min(1.0, sin(north) * sin(south) + cos(north) * cos(south) * cos(turn))))


def test_rows_are_sorted_by_key(countries: list[Row], places: list[Row]) -> None:
    codes = [row["code"] for row in countries]
    keys = [(row["name"], row["country"] or "", row["region"] or "") for row in places]
    assert codes == sorted(codes)
    assert keys == sorted(keys)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("U.S.", "US"), ("Britain", "GB"), ("Türkiye", "TR"), ("EU", "EU"), ("Korea", "KR"), ("Beijing", "CN"),
        ("Brussels", "EU"), ("Dutch", "NL"), ("Swiss", "CH"), ("Downing Street", "GB"), ("MOFCOM", "CN"),
        ("European Commission", "EU"), ("White House", "US"), ("Czech Republic", "CZ"), ("Delhi", "IN"),
    ],
)  # fmt: skip
def test_a_name_in_the_news_leads_to_its_country(countries: list[Row], name: str, code: str) -> None:
    lists = ("aliases", "demonyms", "capitals", "government_names")
    assert [row["code"] for row in countries if name == row["name"] or any(name in row[c] for c in lists)] == [code]


def test_no_name_belongs_to_two_countries(reference: Reference) -> None:
    lists = ("aliases", "demonyms", "capitals", "government_names")
    names = pl.concat(
        [
            reference.countries.select("code", "name"),
            *(reference.countries.select("code", name=c).explode("name").drop_nulls() for c in lists),
        ]
    )
    assert names.filter(pl.col("name").is_duplicated()).to_dicts() == []


def test_the_world_is_covered(reference: Reference) -> None:
    assert reference.countries.height >= 195
    assert {"EU", "HK", "TW", "MO", "PR"} <= set(reference.countries["code"])
    towns = reference.places.filter(kind="town")
    assert reference.places.height >= 700
    assert {"AU", "BR", "CD", "CN", "DE", "ID", "IN", "JP", "MA", "MX", "TH", "US", "ZA"} <= set(towns["country"])


def test_a_name_that_needs_no_corroboration_leads_to_one_place(reference: Reference) -> None:
    strong = reference.places.filter(pl.col("weak").is_null())
    names = pl.concat(
        [strong.select("name", "country"), strong.select(pl.col("aliases").alias("name"), "country").explode("name")]
    )
    assert names.drop_nulls("name").filter(pl.col("name").is_duplicated()).to_dicts() == []


def test_no_place_bears_the_name_of_a_country(reference: Reference) -> None:
    names = set(reference.countries["name"]) | set(reference.countries["aliases"].explode().drop_nulls())
    strong = reference.places.filter(pl.col("weak").is_null())
    assert names & {*strong["name"], *strong["aliases"].explode().drop_nulls()} == set()


@pytest.mark.parametrize("name", ["Normal", "Liberty", "Warren", "Reading", "Nice", "Lincoln", "Mobile", "Vance"])
def test_everyday_words_are_marked_weak(places: list[Row], name: str) -> None:
    assert {row["weak"] for row in places if row["name"] == name} == {"yes"}


def test_areas_alone_have_no_country(places: list[Row]) -> None:
    assert [row["name"] for row in places if (row["country"] is None) != (row["kind"] == "area")] == []


def test_a_region_is_itself_a_place_of_that_country(places: list[Row]) -> None:
    regions = {(row["country"], row["name"]) for row in places if row["kind"] == "region"}
    assert {(row["country"], row["region"]) for row in places if row["region"]} - regions == set()


def test_coordinates_come_in_pairs_and_few_lack_them(places: list[Row]) -> None:
    assert [row["name"] for row in places if (row["latitude"] is None) != (row["longitude"] is None)] == []
    towns = [row["latitude"] for row in places if row["kind"] == "town"]
    assert towns.count(None) < len(towns) * 0.02


def test_a_place_lies_in_its_country(countries: list[Row], places: list[Row]) -> None:
    centres = {row["code"]: row for row in countries}
    limits = {code: 55 if code in HUGE else 25 for code in centres}
    located = [row for row in places if row["country"] and row["latitude"] is not None]
    assert [row["name"] for row in located if distance(row, centres[row["country"]]) > limits[row["country"]]] == []


def test_a_place_lies_in_its_region(places: list[Row]) -> None:
    centres = {(row["country"], row["name"]): row for row in places if row["kind"] == "region" and row["latitude"]}
    located = [
        (row, centre)
        for row in places
        if row["latitude"] is not None and (centre := centres.get((row["country"], row["region"])))
    ]
    assert len(located) > 300
    assert [row["name"] for row, centre in located if distance(row, centre) > 12] == []


def test_a_plant_names_its_operator(places: list[Row]) -> None:
    assert [row["name"] for row in places if row["kind"] == "plant" and not row["org_id"]] == []
