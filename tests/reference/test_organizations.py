"""The reviewed organisations: every name leads to one row, and every code, id and parent is a real one."""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict

import pytest

from evpact.ids import fold, slug
from evpact.settings import REFERENCE
from evpact.vocabulary import ORGANIZATION_KIND

COLUMNS = ["org_id", "name", "kind", "country", "parent_id", "wikidata_id", "aliases", "weak_aliases"]
KINDS = set(ORGANIZATION_KIND) - {"group"}
COUNTRIES = REFERENCE / "countries.csv"

Row = dict[str, str]


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    with (REFERENCE / "organizations.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(scope="module")
def countries() -> list[Row]:
    if not COUNTRIES.exists():
        pytest.skip("seeds/reference/countries.csv is not there")
    with COUNTRIES.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def cell(row: Row, column: str) -> list[str]:
    return row[column].split("|") if row[column] else []


def names(row: Row) -> list[str]:
    return [row["name"], *cell(row, "aliases"), *cell(row, "weak_aliases")]


def test_the_columns_are_as_agreed(rows: list[Row]) -> None:
    assert list(rows[0]) == COLUMNS


def test_the_industry_is_covered(rows: list[Row]) -> None:
    assert len(rows) >= 400
    assert {row["kind"] for row in rows} == KINDS


def test_ids_are_slugs_unique_and_sorted(rows: list[Row]) -> None:
    ids = [row["org_id"] for row in rows]
    assert [org_id for org_id in ids if slug(org_id) != org_id] == []
    assert ids == sorted(set(ids))


def test_no_cell_has_stray_blanks_or_empty_values(rows: list[Row]) -> None:
    values = [value for row in rows for column in COLUMNS for value in cell(row, column)]
    assert [value for value in values if not value or value != value.strip()] == []


def test_a_name_belongs_to_one_organization(rows: list[Row]) -> None:
    owners = defaultdict(set)
    for row in rows:
        for name in names(row):
            owners[fold(name)].add(row["org_id"])
    assert {name: ids for name, ids in owners.items() if len(ids) > 1} == {}


def test_an_alias_is_given_once_and_is_not_the_name(rows: list[Row]) -> None:
    for row in rows:
        assert max(Counter([row["name"], *cell(row, "aliases")]).values()) == 1, row["org_id"]


def test_a_weak_alias_is_not_also_a_sure_one(rows: list[Row]) -> None:
    assert [row["org_id"] for row in rows if set(cell(row, "weak_aliases")) & set(cell(row, "aliases"))] == []


def test_no_organization_is_called_like_a_country_or_its_institutions(rows: list[Row], countries: list[Row]) -> None:
    columns = ("name", "aliases", "demonyms", "capitals", "government_names")
    taken = {fold(name) for country in countries for column in columns for name in cell(country, column)}
    assert [name for row in rows for name in names(row) if fold(name) in taken] == []
    assert {row["org_id"] for row in rows} & {slug(country["name"]) for country in countries} == set()


def test_home_countries_exist(rows: list[Row], countries: list[Row]) -> None:
    codes = {country["code"] for country in countries}
    assert {row["country"] for row in rows} <= codes


def test_parents_exist(rows: list[Row], countries: list[Row]) -> None:
    known = {row["org_id"] for row in rows} | {slug(country["name"]) for country in countries}
    assert {row["org_id"]: row["parent_id"] for row in rows if row["parent_id"] and row["parent_id"] not in known} == {}


def test_nobody_is_an_ancestor_of_itself(rows: list[Row]) -> None:
    parents = {row["org_id"]: row["parent_id"] for row in rows}
    for org_id in parents:
        line = [org_id]
        while line[-1] in parents and parents[line[-1]]:
            line.append(parents[line[-1]])
            assert line.count(line[-1]) == 1, line


def test_wikidata_ids_are_well_formed_and_unique(rows: list[Row]) -> None:
    ids = [row["wikidata_id"] for row in rows if row["wikidata_id"]]
    assert [wikidata_id for wikidata_id in ids if not re.fullmatch(r"Q[1-9]\d*", wikidata_id)] == []
    assert [wikidata_id for wikidata_id, rows_with in Counter(ids).items() if rows_with > 1] == []


@pytest.mark.parametrize(
    ("name", "org_id"),
    [
        ("VW", "volkswagen-group"),
        ("GM", "general-motors"),
        ("Contemporary Amperex Technology", "catl"),
        ("Geely", "geely-holding"),
        ("Geely Automobile", "geely-auto"),
        ("LGES", "lg-energy-solution"),
        ("Renault Samsung", "renault-korea"),
        ("Mini", "mini"),
    ],
)
def test_well_known_names_lead_home(rows: list[Row], name: str, org_id: str) -> None:
    assert [row["org_id"] for row in rows if name in names(row)] == [org_id]


@pytest.mark.parametrize(
    ("org_id", "parent_id"),
    [
        ("skoda-auto", "volkswagen-group"),
        ("volvo-cars", "geely-holding"),
        ("jaguar-land-rover", "tata-motors"),
        ("sk-on", "sk-innovation"),
        ("volvo-trucks", "volvo-group"),
    ],
)
def test_well_known_parents(rows: list[Row], org_id: str, parent_id: str) -> None:
    assert {row["org_id"]: row["parent_id"] for row in rows}[org_id] == parent_id


def test_everyday_words_need_corroboration(rows: list[Row]) -> None:
    weak = {name for row in rows for name in cell(row, "weak_aliases")}
    assert {"Mini", "Smart", "Seat", "Lotus", "Ram", "Ample", "Ola", "Shell", "Target", "Apple", "Vale"} <= weak


def test_household_names_are_listed(rows: list[Row]) -> None:
    with (REFERENCE / "household_names.csv").open(encoding="utf-8", newline="") as lines:
        household = [row["org_id"] for row in csv.DictReader(lines)]
    assert len(household) == len(set(household))
    assert set(household) <= {row["org_id"] for row in rows}
