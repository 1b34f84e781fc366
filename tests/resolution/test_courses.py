"""The course of a partnership: one step for each event, also of one that tells of two partnerships."""

from __future__ import annotations

from datetime import date

import polars as pl

from tasks.resolution import courses


def test_an_event_of_two_matters_is_one_step_of_each() -> None:
    told = pl.DataFrame(
        {
            "matter": ["a--b", "a--c"],
            "event_id": ["e1", "e1"],
            "story_id": ["s1", "s1"],
            "reported": [date(2026, 2, 1)] * 2,
            "status": ["agreed", "agreed"],
            "statuses": [[], []],
            "attribution": ["stated", "stated"],
            "evidence": ["Foo and Bar signed a contract.", "Foo and Bar signed a contract."],
        }
    )
    none = pl.DataFrame(schema={"event_id": pl.String(), "mark": pl.String()})
    found = courses.resolve(told, none, none)
    assert sorted(found.select("matter", "event_id", "now").rows()) == [
        ("a--b", "e1", "agreed"),
        ("a--c", "e1", "agreed"),
    ]
