"""What of an extraction is not believed as it stands."""

from __future__ import annotations

import re

import pytest

from evpact.settings import REFERENCE
from tasks.records import Person
from tasks.resolution.readings import agency
from tasks.resolution.wording import Wording
from tasks.rows import read_rows
from tests.resolution.newsroom import Newsroom, article, partnership


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("ROTTERDAM (ANP) – Elvaro has", "ANP"),
        ("Pune, May 19 (PTI) Vahnika is", "PTI"),
        ("Madrid, Mar 11 (EFE).- Arandela will", "EFE"),
        ("Ford (F) has signed", None),
        ("Ford Motor and Geely (both listed) have signed", None),
        ("Geely has signed", None),
    ],
)
def test_the_agency_is_read_from_the_dateline(text: str, name: str | None) -> None:
    assert agency(text) == name


def test_an_agency_is_no_party() -> None:
    room = Newsroom()
    room.report(partnership("ANP/partner", "Ford/partner", "Geely/partner"), text="ROTTERDAM (ANP) – Ford and Geely.")
    room.report(partnership("ANP/partner", "Ford/partner"), text="ROTTERDAM (ANP) – Ford has a venture.")
    assert [row["partnership_id"] for row in room.table("partnerships")] == ["ford--geely--unspecified"]


def test_what_is_denied_is_ended_and_an_end_that_is_denied_is_none() -> None:
    for sentence, told, status in (
        ("Ford has denied that it plans a venture with Geely.", "announced", ("ended", "denied")),
        ("Ford denied that it was in talks with Geely.", "ended", ("ended", "denied")),
        ("Ford has denied that it would leave its venture with Geely.", "ended", ("active", "stated")),
    ):
        room = Newsroom()
        room.report(partnership("Ford/partner", "Geely/partner", status=told, attribution="denied"), text=sentence)
        (event,) = room.table("events")
        assert (event["status"], event["attribution"]) == status


def test_every_cue_of_a_status_stands_in_its_example_and_tells_it() -> None:
    wording = Wording.load()
    for row in read_rows(REFERENCE / "telling_cues.csv", "cue", "status", "of_deal", "example"):
        names = [match.span() for match in re.finditer("Ford|BYD", row["example"])]
        assert row["status"] in wording.statuses(row["example"], names), row["cue"]


def test_a_person_in_office_is_no_party() -> None:
    room = Newsroom()
    room.add(article("a"), people=[Person("Mary Barra", "chief executive")])
    room.report(partnership("General Motors/partner", "Mary Barra/partner"))
    room.report(partnership("General Motors/partner", "Mary Barra/partner", "Ford/partner"))
    assert [row["partnership_id"] for row in room.table("partnerships")] == ["ford--general-motors--unspecified"]
