"""Dates, resolved against the day of publication."""

from __future__ import annotations

from datetime import date

import pytest

from tasks.extraction.dates import find_dates
from tasks.extraction.nlp import parse

TUESDAY = date(2025, 12, 16)


def values(text: str, published: date | None = TUESDAY) -> list[str]:
    return [found.value for found in find_dates(parse(text), published)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Production starts in early 2027.", "2027"),
        ("Production starts in summer 2027.", "2027"),
        ("It was built by the end of 2026.", "2026"),
        ("It starts in mid-2025.", "2025"),
        ("It opens in the second half of 2026.", "2026-H2"),
        ("It opens in H1 2026.", "2026-H1"),
        ("Sales rose in Q3 2025.", "2025-Q3"),
        ("Sales rose in 3Q25.", "2025-Q3"),
        ("Sales rose in the fourth quarter of 2024.", "2024-Q4"),
        ("It opens in FY2026.", "2026"),
        ("It lasts until the 2028-29 financial year.", "2029"),
        ("They met in March 2024.", "2024-03"),
        ("They met on 3 November 2025.", "2025-11-03"),
        ("They met on Nov. 3rd, 2025.", "2025-11-03"),
        ("They met on 01.12.2025.", "2025-12-01"),
        ("They met on 2025-12-01.", "2025-12-01"),
        ("Sales rose in the first six months of 2025.", "2025-H1"),
        ("Sales rose in the first nine months of 2025.", "2025"),
    ],
    ids=lambda value: value,
)
def test_a_complete_date_needs_no_publication(text: str, expected: str) -> None:
    assert values(text, None) == [expected] == values(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It said so on Tuesday.", "2025-12-16"),
        ("It said so on Thursday.", "2025-12-11"),
        ("It will open on Thursday.", "2025-12-18"),
        ("It said so last Tuesday.", "2025-12-09"),
        ("It said so today.", "2025-12-16"),
        ("It closed in late November.", "2025-11"),
        ("It ended in September.", "2025-09"),
        ("It will start in September.", "2026-09"),
        ("It plans to build cars from September.", "2026-09"),
        ("It began to build cars in February.", "2025-02"),
        ("It runs since last March.", "2025-03"),
        ("It has a plant there since May.", "2025-05"),
        ("It would use cells under a deal of last June.", "2025-06"),
        ("It has ordered motors for delivery until next March.", "2026-03"),
        ("The exemption ends on 30 June.", "2026-06-30"),
        ("Parliament cut the duty, effective 1 February.", "2026-02-01"),
        ("It has been running since the spring.", "2025"),
        ("The contract will lapse in the summer.", "2026"),
        ("In the spring it opened a plant.", "2025"),
        ("It starts before the year is out.", "2025"),
        ("It begins in the coming fiscal year.", "2026"),
        ("On 3 November it signed.", "2025-11-03"),
        ("It was signed only on Dec. 23.", "2024-12-23"),
        ("It signed on November 30 last year.", "2024-11-30"),
        ("It began in January this year.", "2025-01"),
        ("Sales rose last year.", "2024"),
        ("It opens next month.", "2026-01"),
        ("It said so last week.", "2025-12"),
        ("In the second half of this year it will start.", "2025-H2"),
        ("In the fourth quarter, deliveries came to 418,227.", "2025-Q4"),
        ("By the end of the year it opened 35 shops.", "2025"),
        ("It must start within two years.", "2027"),
        ("It began three months ago.", "2025-09"),
        ("It wants ten plants by the end of the decade.", "2030"),
        ("It wants the line running by August.", "2026-08"),
        ("It should be ready by year-end.", "2025"),
        ("It will open in two years.", "2027"),
        ("It will open next summer.", "2026"),
        ("Sales rose in the April-June quarter.", "2025-Q2"),
        ("November sales rose.", "2025-11"),
    ],
    ids=lambda value: value,
)
def test_a_relative_date_is_resolved_by_the_publication_or_left_out(text: str, expected: str) -> None:
    assert values(text) == [expected]
    assert values(text, None) == []


def test_day_and_month_are_told_apart_by_the_publication() -> None:
    assert (
        values("They met on 12/01/2025.", date(2025, 12, 16))
        == ["2025-12-01"]
        == values("They met on 12/01/2025.", None)
    )
    assert values("They met on 01/12/2025.", date(2025, 12, 16)) == ["2025-12-01"]
    assert values("They met on 25/12/2025.", None) == ["2025-12-25"]


@pytest.mark.parametrize(
    "text",
    [
        "It was popular in the 1990s.",
        "Their 2025 World Car of the Year is here.",
        "They sold 2,025 cars.",
        "It may march on.",
        "The Q4 e-tron is here.",
        "It cost $2025.",
        "It cost $2,024.50 then.",
        "",
    ],
)
def test_what_only_looks_like_a_date_is_none(text: str) -> None:
    assert values(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It will open by June 2027.", ["deadline"]),
        ("It has run since 2022.", ["since"]),
        ("It opened in 2022.", ["point"]),
        ("Cells will be delivered from 2026 to 2030.", ["since", "deadline"]),
        ("Cells will be made between 2027 and 2032.", ["since", "deadline"]),
        ("SEOUL, Dec 16, 2025 (desk) - They met in 2024.", ["dateline", "point"]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_kind_of_a_date_is_told_by_its_preposition(text: str, expected: list[str]) -> None:
    assert [found.kind for found in find_dates(parse(text), TUESDAY)] == expected


def test_the_span_is_the_date_as_written() -> None:
    text = "It opens by the end of January 2027, not on Friday."
    assert [text[found.start : found.end] for found in find_dates(parse(text), TUESDAY)] == [
        "the end of January 2027",
        "Friday",
    ]
