"""Towns of the world by name, and which of several is meant."""

from __future__ import annotations

from tasks.extraction.towns import load_towns, meant


def test_a_town_is_found_however_it_is_written() -> None:
    towns = load_towns()
    assert {each.country for name in ("Šurany", "Surany", "SURANY") for each in towns.named(name)} == {"SK"}
    assert not towns.named("Zorbental")
    assert not towns.named("")


def test_of_several_the_one_in_a_country_at_issue_is_meant_else_one_far_larger_else_none() -> None:
    named = load_towns().named
    assert [town.country for town in (meant(named("Peterborough"), ["CA"]),) if town] == ["CA"]
    assert meant(named("San Fernando")) is None
    assert meant(named("Nakasongola"), ["US"]) is None
