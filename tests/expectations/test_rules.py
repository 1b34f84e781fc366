from __future__ import annotations

import polars as pl
import pytest

import expectations
from evpact.tables import TABLES
from evpact.vocabulary import MEASURE, PER
from expectations.limits import limits, names

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
