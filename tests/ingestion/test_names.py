"""Names in bylines, and titles without the site's name."""

from __future__ import annotations

import pytest

from tasks.ingestion.names import authors, without_site


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
        (["Ann Lee in Berlin"], ("Ann Lee", "Berlin")),
    ],
    ids=str,
)
def test_names_in_bylines(bylines: list[str], expected: tuple[str, ...]) -> None:
    assert authors(bylines, ["The Example"]) == expected


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
