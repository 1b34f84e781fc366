"""Days of publication in the shapes that pages write them in; none rather than a wrong one."""

from __future__ import annotations

from datetime import date

import pytest

from tasks.ingestion import dates


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Published on Feb 04, 2026.", date(2026, 2, 4)),
        ("First Published: Mar 21 2024 | 9:14 AM IST", date(2024, 3, 21)),
        ("Fri 12 Dec 2025 11.00 GMT", date(2025, 12, 12)),
        ("Saturday, 10th May 2025, 06:00 BST", date(2025, 5, 10)),
        ("19.12.2025", date(2025, 12, 19)),
        ("2.3.2026", date(2026, 3, 2)),
        ("25/04/2026", date(2026, 4, 25)),
        ("04/25/2026", date(2026, 4, 25)),
        ("02/03/2026, 3 p.m. ET", date(2026, 2, 3)),
        ("3. März 2025", date(2025, 3, 3)),
        ("4 de marzo de 2025", date(2025, 3, 4)),
        ("12 września 2020", date(2020, 9, 12)),
        ("5. tammikuuta 2020", date(2020, 1, 5)),
        ("5 мая 2020", date(2020, 5, 5)),
        ("2025年7月1日", date(2025, 7, 1)),
        ("2025년 7월 1일", date(2025, 7, 1)),
        ("Tue, 25 Jun 2024 23:30:00 +0200", date(2024, 6, 25)),
        ("1719340000", date(2024, 6, 25)),
    ],
    ids=str,
)
def test_shapes_of_dates(text: str, expected: date) -> None:
    assert dates.parse(text) == expected


def test_the_day_is_the_one_of_the_time_as_written() -> None:
    assert dates.parse("2024-06-25T23:12:00-04:00") == date(2024, 6, 25)


@pytest.mark.parametrize(
    "text",
    [
        "2 hours ago",
        "yesterday",
        "1970-01-01",
        "1989-11-09",
        "2199-01-01",
        "30 February 2025",
        "2025-13-01",
        "02/03/2026",
        "12. listopada 2020",  # November in Poland, October in Croatia
        "",
    ],
)
def test_no_date_rather_than_a_wrong_one(text: str) -> None:
    assert dates.parse(text) is None


def test_an_ambiguous_date_is_read_as_told() -> None:
    assert dates.parse("02/03/2026", month_first=True) == date(2026, 2, 3)
    assert dates.parse("02/03/2026", month_first=False) == date(2026, 3, 2)
