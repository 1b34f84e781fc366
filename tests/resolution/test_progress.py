"""How far a partnership has got when texts tell of it one after another, some of them misread."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from evpact.vocabulary import STATUS
from tasks.resolution.progress import Reading, believed

FIRST = date(2024, 1, 10)


def read(told: str) -> list[Reading]:
    """Readings of "status@month"; of one that the models doubt "status/other@month".

    "~status@month" is a recap, "+status@month" is told to be so again.
    """
    readings = []
    for number, each in enumerate(told.split()):
        status, _, month = each.lstrip("~+").partition("@")
        status, _, other = status.partition("/")
        likely = tuple(0.45 if word in (status, other) else 0.02 for word in STATUS) if other else ()
        day = FIRST + timedelta(days=30 * int(month))
        readings.append(
            Reading(f"s{number}", day, status, likely, recap=each.startswith("~"), afresh=each.startswith("+"))
        )
    return readings


@pytest.mark.parametrize(
    ("told", "standing"),
    [
        ("negotiating@0 agreed@2 active@9", "negotiating agreed active"),
        ("agreed@0 active@6 ~agreed@7", "agreed active active"),
        ("agreed@0 active@6 ended@12", "agreed active ended"),
        ("agreed@0 active@6 ended@12 active@13", "agreed active ended ended"),
        ("agreed@0 active@6 ended@12 +active@13", "agreed active ended active"),
        ("negotiating@0 agreed@6 ended@12 active@30", "negotiating agreed ended active"),
        ("active/negotiating@0 negotiating@4 negotiating@9", "negotiating negotiating negotiating"),
        ("agreed@0 active@8 ended/active@30 active@40", "agreed active active active"),
        ("negotiating@0 agreed@4 agreed@5 negotiating@13", "negotiating agreed agreed agreed"),
        ("negotiating@0 agreed@4 agreed@5 +negotiating@13", "negotiating agreed agreed negotiating"),
        ("negotiating@0 ended@7 +exploring@12", "negotiating ended exploring"),
    ],
)
def test_no_text_decides_alone(told: str, standing: str) -> None:
    assert " ".join(believed(read(told)).values()) == standing


def test_of_one_text_nothing_is_told() -> None:
    twice = [Reading("s1", FIRST, "agreed"), Reading("s1", FIRST, "active")]
    assert believed(twice) == {}
