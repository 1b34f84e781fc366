"""Reading the reference tables: what a good folder gives, and that each fault is named with its place."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from evpact.errors import ReferenceDataError
from evpact.reference import Reference, load_reference

TABLES = {
    "organizations": (
        "org_id,name,kind,country,parent_id,wikidata_id,aliases,weak_aliases",
        'catl,CATL,battery,CN,,Q1,"Contemporary Amperex, Ltd.|CATL Group",',
        "seres,Seres,automaker,CN,china,,,",
    ),
    "countries": (
        "code,name,aliases,demonyms,capitals,government_names,latitude,longitude",
        "CN,China,PRC,Chinese,Beijing,,35.0,105.0",
        "EU,European Union,EU,,Brussels,European Commission,,",
    ),
    "places": (
        "name,kind,country,region,latitude,longitude,aliases,org_id,weak",
        "CATL Ningde,plant,CN,,26.7,119.5,,catl,",
        "Ningde,town,CN,,26.66,119.55,,,",
        "Europe,area,,,,,,,",
    ),
    "currencies": ("code,name,symbols,words", "CNY,Chinese yuan,RMB,yuan|renminbi"),
    "units": ("unit,dimension,words", "vehicle,count,cars|vehicles"),
    "numbers": ("word,value,use", "third,0.333,fraction", "third,3,ordinal"),
    "organization_reviews": ("name,decision,other,date,reason,by", "AITO,parent,Seres,2026-11-24,its brand,"),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, lines in TABLES.items():
        (tmp_path / f"{name}.csv").write_text("\n".join(lines) + "\n", "utf-8")
    return tmp_path


def change(folder: Path, table: str, old: str, new: str) -> None:
    path = folder / f"{table}.csv"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_cells_are_split_and_typed(folder: Path) -> None:
    reference = load_reference(folder)
    catl, seres = reference.organizations.to_dicts()
    assert catl["aliases"] == ["Contemporary Amperex, Ltd.", "CATL Group"]
    assert (catl["parent_id"], catl["weak_aliases"], seres["parent_id"]) == (None, [], "china")
    assert reference.places["latitude"].to_list() == [26.7, 26.66, None]


def test_countries_are_organizations_too(folder: Path) -> None:
    everyone = load_reference(folder).all_organizations
    assert everyone["org_id"].to_list() == ["catl", "china", "european-union", "seres"]
    china = everyone.row(1, named=True)
    assert (china["kind"], china["country"], china["aliases"], china["weak_aliases"]) == (
        "government",
        "CN",
        ["PRC"],
        [],
    )


def test_the_digest_follows_every_file_of_the_folder(folder: Path) -> None:
    before = load_reference(folder)
    assert load_reference(folder) is before
    (folder / "frames.csv").write_text("trigger\n", "utf-8")
    after = load_reference(folder)
    assert after.digest != before.digest
    assert after.places.equals(before.places)


def test_the_digest_does_not_depend_on_where_the_folder_is(folder: Path, tmp_path: Path) -> None:
    other = folder.rename(tmp_path.parent / f"{tmp_path.name}-moved")
    moved = load_reference(other)
    other.rename(folder)
    assert load_reference(folder).digest == moved.digest


def test_a_byte_order_mark_is_no_fault(folder: Path) -> None:
    path = folder / "units.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert load_reference(folder).units["unit"].to_list() == ["vehicle"]


@pytest.mark.parametrize(
    ("table", "old", "new", "message"),
    [
        pytest.param("units", "unit,", "units,", r"units\.csv, line 1: .*unit,dimension,words", id="header"),
        pytest.param("units", "count,", "", r"units\.csv, line 2: 2 cells instead of 3", id="missing cell"),
        pytest.param("units", "count", "heap", r"units\.csv, line 2, column dimension: 'heap' is not", id="word"),
        pytest.param("units", "vehicle,", ",", r"units\.csv, line 2, column unit: the cell is empty", id="empty"),
        pytest.param("units", "cars|", "cars||", r"line 2, column words: .*empty value", id="empty member"),
        pytest.param("units", "cars|vehicles", "cars|cars", r"line 2, column words: .*twice", id="doubled member"),
        pytest.param("units", "cars", '"cars', r"units\.csv, near line \d: no proper CSV", id="open quote"),
        pytest.param("numbers", "0.333", "a third", r"numbers\.csv, line 2, column value: .*third", id="no number"),
        pytest.param("numbers", "0.333", "nan", r"numbers\.csv, line 2, column value: nan", id="not a number"),
        pytest.param("numbers", "3,ordinal", "3,fraction", r"numbers\.csv, line 3, .*stands in line 2", id="key twice"),
        pytest.param("places", "26.66", "266.6", r"places\.csv, line 3, column latitude: 266\.6", id="off the globe"),
        pytest.param(
            "places", "town,CN", "town,XX", r"places\.csv, line 3, column country: XX .*countries", id="country"
        ),
        pytest.param("places", ",catl", ",cattle", r"places\.csv, line 2, column org_id: cattle", id="operator"),
        pytest.param("organizations", ",china,", ",atlantis,", r"line 3, column parent_id: atlantis", id="parent"),
        pytest.param(
            "organizations", "seres,", "china,", r"line 3, column org_id: china is the country", id="id of a state"
        ),
        pytest.param("countries", "CN,", "China,", r"countries\.csv, line 2, column code: 'China'", id="code"),
        pytest.param("currencies", "CNY,", "¥,", r"currencies\.csv, line 2, column code: '¥'", id="currency code"),
        pytest.param("organization_reviews", "parent", "mother", r"line 2, column decision: 'mother'", id="decision"),
        pytest.param("organization_reviews", "2026-", "24.11.", r"line 2, column date: .*2026-11-24", id="day"),
        pytest.param(
            "organization_reviews", "AITO", "CATL", r"reviews\.csv, line 2: 'CATL' is listed", id="contradiction"
        ),
    ],
)
def test_a_fault_is_named_with_its_place(folder: Path, table: str, old: str, new: str, message: str) -> None:
    change(folder, table, old, new)
    with pytest.raises(ReferenceDataError, match=message):
        load_reference(folder)


def test_the_line_counts_line_breaks_within_cells(folder: Path) -> None:
    change(folder, "organizations", "Contemporary Amperex, Ltd.", "Contemporary\nAmperex")
    change(folder, "organizations", ",china,", ",atlantis,")
    with pytest.raises(ReferenceDataError, match=r"organizations\.csv, line 4, column parent_id"):
        load_reference(folder)


@pytest.mark.parametrize("content", [b"unit,dimension,words\nt\xe9l,count,x\n", b"\xff\xfeu\0n\0"])
def test_another_encoding_is_refused(folder: Path, content: bytes) -> None:
    (folder / "units.csv").write_bytes(content)
    with pytest.raises(ReferenceDataError, match=r"units\.csv.*Save it as UTF-8"):
        load_reference(folder)


def test_a_missing_table_is_named(folder: Path) -> None:
    (folder / "units.csv").unlink()
    with pytest.raises(ReferenceDataError, match=r"units\.csv cannot be read: .*Restore it"):
        load_reference(folder)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(ReferenceDataError, match=re.escape(str(tmp_path / "nowhere"))):
        load_reference(tmp_path / "nowhere")


def test_a_reference_can_key_a_mapping(folder: Path) -> None:
    reference: Reference = load_reference(folder)
    assert {reference: "yes"}[reference] == "yes"
