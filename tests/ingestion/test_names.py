"""Names in bylines, and titles without the site's name."""

from __future__ import annotations

import pytest

from tasks.ingestion.names import authors, without_site, without_tail


@pytest.mark.parametrize(
    ("bylines", "expected"),
    [
        (["By Ann Lee and Bob Ray"], ("Ann Lee", "Bob Ray")),
        (["Ann Lee, Motoring Correspondent"], ("Ann Lee",)),
        (["Written by: ANN LEE | Editor"], ("ANN LEE",)),
        (["Ann Lee", "ann lee", "Bob Ray"], ("Ann Lee", "Bob Ray")),
        (["Ann Lee ann@example.org @annlee https://example.org/ann"], ("Ann Lee",)),
        (["Ann Lee, PhD"], ("Ann Lee",)),
        (["Ludwig van der Berg; María de la Cruz"], ("Ludwig van der Berg", "María de la Cruz")),
        (["By Staff"], ("Staff",)),
        (["The Example"], ()),
        (["https://www.facebook.com/example"], ()),
        (["Last Updated"], ()),
        (["Ann Lee in Berlin"], ("Ann Lee",)),
        (["Ann Lee (al)", "Bob Ray (br"], ("Ann Lee", "Bob Ray")),
        (["Ann Lee Updated on"], ("Ann Lee",)),
        (["Ann Lee Senior Reporter"], ("Ann Lee Senior",)),
        (["Ann Lee og Bob Ray"], ("Ann Lee", "Bob Ray")),
        (["José Ortega y Gasset"], ("José Ortega y Gasset",)),
        (["이순신 기자"], ("이순신",)),
        (["annlee"], ()),
        (["Name"], ()),
    ],
    ids=str,
)
def test_names_in_bylines(bylines: list[str], expected: tuple[str, ...]) -> None:
    assert authors(bylines, ["The Example"]) == expected


def test_a_stated_author_may_be_a_handle_or_an_agency() -> None:
    assert authors(["dpa, annlee7", "The Example", "Desk Editor"], ["The Example"], stated=True) == ("dpa", "annlee7")


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Two makers of cars join forces - Motor News", "Two makers of cars join forces"),
        ("Two makers of cars show an AI-Made Car", "Two makers of cars show an AI-Made Car"),
        ("Two makers - at last", "Two makers - at last"),
    ],
)
def test_a_title_loses_a_tail_that_may_be_an_unknown_site(title: str, expected: str) -> None:
    assert without_tail(title) == expected


@pytest.mark.parametrize(
    "title",
    [
        "Two makers join forces | The Example",
        "Two makers join forces - example.com",
        "Two makers join forces-The Example",
        "The Example :: Two makers join forces",
        "Two makers join forces » Example",
        "Two makers join forces",
    ],
)
def test_a_title_loses_the_name_of_its_site(title: str) -> None:
    assert without_site(title, ["The Example", "www.example.com"]) == "Two makers join forces"


@pytest.mark.parametrize(
    "title", ["Lead-acid is dead - long live lithium", "Who won? The list | 2025 - the year in cars"]
)
def test_a_title_keeps_its_own_dashes(title: str) -> None:
    assert without_site(title, ["The Example"]) == title
