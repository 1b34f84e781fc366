"""Names that nobody listed: which are one, which are not, what articles say for and against, and what people decide."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from evpact.reference import Reference
from evpact.reviews import ORGANIZATION_REVIEWS
from tasks.records import Participant
from tests.resolution.newsroom import REFERENCE, Newsroom, article, partnership, told

Name = tuple[str, dict[str, Any]]


def named(name: str, *aliases: str, partner: str | None = None, **fields: Any) -> Name:
    return name, {"aliases": aliases, "partner": partner, **fields}


def newsroom(*names: Name) -> Newsroom:
    """Each name in an article of its own, with its partner."""
    room = Newsroom()
    for name, fields in names:
        fields = dict(fields)
        partner = fields.pop("partner")
        one = Participant(name, "supplier", **fields)
        room.report(partnership(one, f"{partner}/customer") if partner else told("product", one))
    return room


def ids(room: Newsroom, reference: Reference = REFERENCE) -> dict[str, str]:
    return {row["mention"]: row["org_id"] for row in room.tables(reference)["participants"].to_dicts()}


def reviewed(*decisions: tuple[str, str, str]) -> Reference:
    rows = [(*decision, date(2026, 11, 24), "known", None) for decision in decisions]
    return replace(REFERENCE, organization_reviews=pl.DataFrame(rows, schema=ORGANIZATION_REVIEWS.schema, orient="row"))


@pytest.mark.parametrize(
    "names",
    [
        (named("PT Nusa Baterai Tbk"), named("Nusa Baterai")),
        (named("Elektrowerk Süd GmbH & Co. KG"), named("Elektrowerk Sued"), named("ELEKTROWERK SUD")),
        (named("The Charging House"), named("Charging House GmbH")),
        (named("Groupe Voltéo"), named("Volteo SAS"), named("Volteo Group")),
        (named("Sunderland e-volt", partner="Ford"), named("Sunderland Evolt Co."), named("Evolt", partner="Ford")),
        (named("Voltair Energy", partner="Ford"), named("Voltair", partner="Ford", kind="battery", country="NO"),
         named("Voltair Energy AS", kind="battery", country="NO")),
        (named("Zhongxin Lithium", partner="Ford"), named("Zhongxin Lithum", partner="Ford")),
        (named("Arctic Cell Works", partner="Ford", country="FI"), named("ACW", partner="Ford", country="FI")),
        (named("Northcell AB", country="SE", partner="Ford"), named("Northcell", country="US", partner="Ford")),
        (named("Automotriz Cordillera Blanca S.A.C.", partner="Ford"), named("Cordillera Blanca", partner="Ford")),
        (named("Northcell"), named("Northcell China", country="CN"), named("Northcell Korea", country="KR")),
        (named("Ford"), named("Ford China", country="CN")),
    ],
    ids=lambda names: names[-1][0],
)  # fmt: skip
def test_names_of_one_organization_are_one(names: tuple[Name, ...]) -> None:
    found = ids(newsroom(*names))
    assert len({found[name] for name, _ in names}) == 1


@pytest.mark.parametrize(
    "names",
    [
        (named("General Traction"), named("General Dynamo"), named("General Group")),
        (named("National Motors"), named("National Group")),
        (named("Voltair Energy"), named("Voltair")),
        (named("Voltair Energy", partner="Ford", country="NO"), named("Voltair", partner="Ford", country="FR")),
        (named("Sunderland Evolt", partner="Ford"), named("Valencia Evolt", partner="Ford"), named("Evolt")),
        (named("Zhongxin Lithium", country="CN"), named("Zhengxin Lithium", country="CN")),
        (named("Gigafactory Vega 6", partner="Ford"), named("Gigafactory Vega 7", partner="Ford")),
        (named("Arctic Cell Works"), named("ACW")),
        (named("Ford"), named("Ford Commercial Vehicle", partner="Geely")),
        (named("Chinese carmakers", kind="group"), named("Chinese Carmakers Ltd")),
    ],
    ids=lambda names: names[-1][0],
)
def test_different_organizations_stay_apart(names: tuple[Name, ...]) -> None:
    found = ids(newsroom(*names))
    assert len({found[name] for name, _ in names}) == len(names)


def test_two_that_an_article_names_as_two_are_not_one_for_being_alike() -> None:
    room = newsroom(named("Voltair Energy", partner="Ford"), named("Voltair", partner="Ford", country="NO"))
    room.report(partnership("Voltair Energy/partner", Participant("Voltair", "partner", country="NO"), "Ford/partner"))
    found = ids(room)
    assert found["Voltair"] != found["Voltair Energy"]


def test_a_name_with_a_trade_behind_a_listed_one_has_it_as_parent() -> None:
    rows = newsroom(named("Ford Energy"), named("Geely Battery Systems")).table("organizations")
    assert {row["org_id"]: row["parent_id"] for row in rows if not row["in_reference"]} == {
        "ford-energy": "ford",
        "geely-battery-systems": "geely",
    }


def test_no_parent_is_guessed_where_unrelated_ones_share_the_word() -> None:
    rows = newsroom(named("General Battery"), named("Nissan Energy", country="TH")).table("organizations")
    assert {row["parent_id"] for row in rows if not row["in_reference"]} == {None}


def test_every_merge_and_near_miss_is_told_with_its_reason() -> None:
    room = newsroom(
        named("Shanghai Edrive Co."), named("Shanghai e-drive"), named("Shanghai e-drive"), named("Voltair Energy"),
        named("Voltair"), named("Ford Energy"), named("Ford Motor Co."),
    )  # fmt: skip
    rows = room.table("organization_names")
    assert {(row["name"], row["other"], row["decision"], row["reason"], row["articles"]) for row in rows} == {
        ("Shanghai Edrive Co.", "Shanghai e-drive", "same", "legal_form", 1),
        ("Voltair Energy", "Voltair", "different", "short", 1),
        ("Ford Energy", "Ford", "parent", "short", 1),
        ("Ford Motor Co.", "Ford", "same", "legal_form", 1),
    }


def test_a_decision_goes_before_every_rule() -> None:
    room = newsroom(
        named("Northcell", country="SE"), named("Kestrel Power", country="US"), named("Northcell AB"),
        named("Ford Motor", org_id="ford"), named("Ford"), named("Voltair", partner="Ford"), named("Motor City Works"),
    )  # fmt: skip
    reference = reviewed(
        ("Northcell", "same", "Kestrel Power"),
        ("Northcell AB", "different", "Northcell"),
        ("Ford Motor", "parent", "Ford"),
        ("Motor City Works", "same", "Geely"),
        ("Voltair", "parent", "Northcell"),
    )
    found = ids(room, reference)
    assert found["Northcell"] == found["Kestrel Power"] != found["Northcell AB"]
    assert (found["Ford"], found["Motor City Works"]) == ("ford", "geely")
    rows = {row["org_id"]: row for row in room.tables(reference)["organizations"].to_dicts()}
    assert rows[found["Ford Motor"]]["parent_id"] == "ford"
    assert rows[found["Voltair"]]["parent_id"] == found["Northcell"]


def test_no_chain_of_likenesses_joins_what_a_person_told_apart() -> None:
    names = named("Voltair Energy", "VEX"), named("VEX", "Volt Exchange"), named("Volt Exchange")
    assert len(set(ids(newsroom(*names)).values())) == 1
    found = ids(newsroom(*names), reviewed(("Volt Exchange", "different", "Voltair Energy")))
    assert found["Volt Exchange"] != found["Voltair Energy"]


_WORDS = ("Volt", "Nova", "Sunderland", "Energy", "Motors", "Group", "Ltd", "China", "General", "Ford")
_NAMES = st.lists(st.sampled_from(_WORDS), min_size=1, max_size=3).map(" ".join)
_TELLINGS = st.builds(
    named, _NAMES, partner=st.sampled_from([None, "Ford", "Geely"]), country=st.sampled_from([None, "CN", "GB"]),
    kind=st.sampled_from(["other", "battery", "automaker"]),
)  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(st.lists(_TELLINGS, min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_neither_order_nor_repetition_changes_who_is_who(tellings: list[Name], order: random.Random) -> None:
    articles, extractions = newsroom(*tellings).frames()
    once = newsroom(*tellings).tables()
    shuffled = pl.concat([extractions, extractions])[order.sample(range(2 * len(extractions)), 2 * len(extractions))]
    room = newsroom(*tellings)
    room.frames = lambda: (articles[::-1], shuffled)  # type: ignore[method-assign]
    for name, frame in room.tables().items():
        assert_frame_equal(frame, once[name], check_exact=True)
    mentioned = once["participants"]["org_id"]
    assert mentioned.is_in(once["organizations"]["org_id"].implode()).all()


def test_two_are_likelier_one_if_those_they_deal_with_are_alike_too() -> None:
    room = Newsroom()
    room.report(partnership("Sarathi Swap Energy Pvt Ltd/partner", "Dhruva Vehicles Ltd/partner"))
    room.report(partnership("Sarathi Swap/partner", "Dhruva/partner"))
    found = ids(room)
    assert found["Sarathi Swap"] == found["Sarathi Swap Energy Pvt Ltd"]
    assert found["Dhruva"] == found["Dhruva Vehicles Ltd"]


@pytest.mark.parametrize(("text", "are_one"), [("Lakeshore wants kiosks of Zuri.", True), ("It wants kiosks.", False)])
def test_two_are_likelier_one_if_an_article_about_one_names_whom_the_other_deals_with(text: str, are_one: bool) -> None:
    room = Newsroom()
    room.report(partnership("Lakeshore Service Stations/partner", "Zuri Ride/partner"))
    room.add(article("a-lakeshore", text=text), replace(told("product", "Lakeshore/subject"), evidence_end=len(text)))
    found = ids(room)
    assert (found["Lakeshore"] == found["Lakeshore Service Stations"]) is are_one
