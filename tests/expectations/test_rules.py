from __future__ import annotations

from typing import Any

import duckdb
import polars as pl
import pytest

import expectations
from evpact.tables import TABLES
from evpact.vocabulary import MEASURE, NAME_DECISION, PER
from expectations.limits import limits, names
from tasks.validation.database import MACROS
from tests.resolution.test_likeness import named, newsroom, reviewed

RULES = (*expectations.file_rules(), *expectations.content_rules())


def test_names_are_unique_and_name_their_table() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)
    assert {rule.name for rule in RULES if rule.name.split(".")[0] != rule.table} == set()


def test_every_rule_tells_people_what_holds_why_and_what_to_do() -> None:
    assert {rule.name for rule in RULES if not (rule.holds and rule.reason and rule.remedy)} == set()


def test_every_table_has_critical_rules() -> None:
    assert {rule.table for rule in RULES if rule.severity == "critical"} == TABLES.keys()


@pytest.mark.parametrize("name", [name for name in names() if "reason" in limits(name).columns])
def test_every_bound_has_its_reason(name: str) -> None:
    assert limits(name)["reason"].null_count() == 0


@pytest.mark.parametrize("name", ["quantities", "lengths", "yields"])
def test_bounds_leave_room(name: str) -> None:
    assert limits(name).filter(pl.col("min") >= pl.col("max")).is_empty()


def test_limits_of_quantities_name_known_measures_once_a_unit() -> None:
    lines = limits("quantities").with_columns(pl.col("unit").str.split("|")).explode("unit")
    assert set(lines["measure"]) <= MEASURE.keys()
    assert set(lines["per"].drop_nulls()) <= PER.keys()
    assert not lines.select("measure", "unit", "per").is_duplicated().any()


@pytest.mark.parametrize("name", ["lengths", "fill"])
def test_bounds_name_columns_once(name: str) -> None:
    lines = limits(name)
    assert not lines.select("table", "column").is_duplicated().any()
    for line in lines.iter_rows(named=True):
        assert TABLES[line["table"]][line["column"]]


def test_floors_of_fill_rates_warn_before_they_refuse() -> None:
    assert limits("fill").filter(pl.col("critical_below") >= pl.col("warning_below")).is_empty()


def offending(rule: str, **tables: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """The rows that a rule finds in a few hand-made tables."""
    query = next(r.query for r in RULES if r.name == rule)
    with duckdb.connect() as db:
        db.execute(MACROS)
        for name, rows in tables.items():
            db.register(name, pl.DataFrame(rows).to_arrow())
        return db.execute(query).fetchall()


@pytest.mark.parametrize("decision", NAME_DECISION)
def test_what_a_person_decided_has_a_score_that_says_so(decision: str) -> None:
    room = newsroom(named("Voltair"), named("Kestrel Power"))
    rows = room.tables(reviewed(("Voltair", decision, "Kestrel Power")))["organization_names"].to_dicts()
    assert {(row["decision"], row["reason"]) for row in rows} >= {(decision, "reviewed")}
    tables = {"limit_scores": limits("scores").to_dicts()}
    rule = "organization_names.score.of_reason"
    assert offending(rule, organization_names=rows, **tables) == []
    assert offending(rule, organization_names=[{**row, "score": 0.5} for row in rows], **tables)


def test_who_is_told_without_a_house_has_no_part_in_the_offices_of_namesakes() -> None:
    def told(org_id: str | None, title: str | None) -> dict[str, Any]:
        name = {"slug": "amina-bello", "called": "Amina Bello"}
        return {**name, "title": title, "organization": org_id, "org_id": org_id}

    def person(person_id: str, org_id: str | None, title: str | None) -> dict[str, Any]:
        return {"person_id": person_id, "name": "Amina Bello", "title": title, "org_id": org_id}

    offices = [("kestrel", "chairman"), ("plimbar", "mayor")]
    known = [person(f"amina-bello-{org}", org, title) for org, title in offices]
    everybody = [told(org, title) for org, title in offices] + [told(None, None)]
    namesake = person("amina-bello", None, None)
    surname = {**told(None, "chairman"), "slug": "bello", "called": "Bello"}
    assert offending("people.as_told", people=[*known, namesake], told_people=[*everybody, surname]) == []
    lost = [*known[1:], {**known[0], "title": None}, namesake]
    assert [row[0] for row in offending("people.as_told", people=lost, told_people=everybody)] == [
        "amina-bello-kestrel"
    ]


def test_a_country_may_be_left_out_only_if_a_name_tells_it() -> None:
    def country_of(name: str, country: str | None) -> list[tuple[Any, ...]]:
        own = {"event_id": "e", "role": "supplier"}
        return offending(
            "organizations.kind.told",
            organizations=[{
                "org_id": "plimbar", "name": "Plimbar", "aliases": [name], "kind": "other", "country": country,
                "in_reference": False,
            }],
            told_participants=[{**own, "name": name, "kind": "other", "country": "KE"}],
            participants=[{**own, "mention": name, "org_id": "plimbar"}],
            ref_countries=[{"code": "KE", "name": "Kenya", "aliases": ["Republic of Kenya"]}],
        )  # fmt: skip

    assert country_of("Plimbar Motors", "KE") == country_of("Plimbar Kenya", None) == []
    assert country_of("Plimbar Motors", None)
