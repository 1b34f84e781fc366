"""Names that mean the same organisation are one, others stay apart."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from evpact.errors import ReferenceDataError
from evpact.reference import load_reference
from evpact.settings import REFERENCE
from tasks.records import Participant, Person
from tasks.resolution.names import Affixes, NameParts
from tests.resolution.newsroom import Newsroom, article, partnership, told


def org_ids(*participants: Participant) -> list[str]:
    """Ids of the organisations that the participants, each in an article of its own, resolve to."""
    room = Newsroom()
    for participant in participants:
        room.report(told("product", participant))
    mentions = {row["mention"]: row["org_id"] for row in room.table("participants")}
    return [mentions[participant.name] for participant in participants]


def named(
    name: str, *aliases: str, country: str | None = None, kind: str = "other", org_id: str | None = None
) -> Participant:
    return Participant(name, "subject", aliases, kind, country, org_id)


@pytest.mark.parametrize(
    ("participant", "org_id"),
    [
        (named("Nissan"), "nissan"),
        (named("NISSAN MOTOR CO., LTD."), "nissan"),
        (named("Ford Group"), "ford"),
        (named("Precision Hon Hai", "Foxconn"), "foxconn"),
        (named("the Dearborn carmaker", org_id="ford"), "ford"),
        (named("G.M."), "general-motors"),
        (named("24M"), "24m-technologies"),
        (named("Britain", kind="government"), "united-kingdom"),
        (named("Geely Commercial Vehicle", "Geely"), "geely-commercial-vehicle"),
        (named("General Electric"), "general-electric"),
        (named("Nissan" + " Co." * 2000), "nissan"),
        (named("Nissan", org_id="no-such-id"), "nissan"),
    ],
    ids=lambda value: value.name[:30] if isinstance(value, Participant) else value,
)
def test_a_listed_organization_is_found_by_id_name_or_alias(participant: Participant, org_id: str) -> None:
    assert org_ids(participant) == [org_id]


@pytest.mark.parametrize(
    "names",
    [
        ("Shanghai e-drive", "Shanghai Edrive Co.", "SHANGHAI E DRIVE Co., Ltd."),
        ("Škodlivá Energie a.s.", "Skodliva Energie"),
        ("Cell & Pack GmbH", "Cell and Pack"),
        ("Zenvolt Group", "Zenvolt"),
    ],
    ids=lambda names: names[0],
)
def test_spelling_variants_of_an_unlisted_name_are_one(names: tuple[str, ...]) -> None:
    assert len(set(org_ids(*map(named, names)))) == 1


@pytest.mark.parametrize(
    "participants",
    [
        (named("Northcell Energy"), named("Northcell Materials")),
        (named("Northcell", country="SE"), named("Northcell", country="US")),
        (named("Chinese carmakers", kind="group"), named("Chinese Carmakers Co.")),
        (named("Alpha Cells", "AC"), named("Anode Chemistry", "AC"), named("AC")),
    ],
    ids=["another word", "another country", "a group and a company", "an abbreviation of two"],
)
def test_different_organizations_stay_apart(participants: tuple[Participant, ...]) -> None:
    room = Newsroom()
    for participant in participants:
        room.report(told("product", participant))
    assert len(room.table("organizations")) == len(participants)


def test_an_abbreviation_told_in_one_article_names_the_organization_in_another() -> None:
    full, short = org_ids(named("Amber Raja Cell Works", "ARCW"), named("ARCW"))
    assert full == short == "amber-raja-cell-works"


@pytest.mark.parametrize(
    ("mention", "country", "org_id", "home"),
    [
        ("Chinese carmakers", None, "chinese-carmakers", "CN"),
        ("several other Chinese automakers", None, "chinese-carmakers", "CN"),
        ("Chinese automotive manufacturers", None, "chinese-carmakers", "CN"),
        ("carmakers from China", None, "chinese-carmakers", "CN"),
        ("a number of carmakers", "CN", "chinese-a-number-carmakers", "CN"),
        ("carmakers", None, "carmakers", None),
        ("Korean cell makers", None, "south-korean-battery-makers", "KR"),
        ("Chinese and Korean battery makers", None, "chinese-and-south-korean-battery-makers", None),
        ("state-owned Chinese car companies", None, "chinese-state-owned-carmakers", "CN"),
        ("European suppliers", None, "european-suppliers", None),
    ],
    ids=lambda value: str(value),
)
def test_unnamed_groups_are_called_by_nationality_and_noun(
    mention: str, country: str | None, org_id: str, home: str | None
) -> None:
    room = Newsroom()
    room.report(told("product", named(mention, country=country, kind="group")))
    row = room.only("organizations")
    assert (row["org_id"], row["kind"], row["country"]) == (org_id, "group", home)


def test_a_found_organization_goes_by_what_most_articles_call_it() -> None:
    room = Newsroom()
    for name, kind in [
        ("Shanghai Edrive Co.", "other"),
        ("Shanghai e-drive", "supplier"),
        ("Shanghai e-drive", "other"),
    ]:
        room.report(told("product", named(name, kind=kind, country="CN" if kind == "supplier" else None)))
    assert room.only("organizations") == {
        "org_id": "shanghai-e-drive",
        "name": "Shanghai e-drive",
        "kind": "supplier",
        "country": "CN",
        "parent_id": None,
        "wikidata_id": None,
        "aliases": ["Shanghai Edrive Co."],
        "in_reference": False,
    }


def test_only_organizations_in_use_and_their_parents_are_released() -> None:
    room = Newsroom()
    room.report(partnership("Geely/partner", "Ford/partner"))
    assert {row["org_id"] for row in room.table("organizations")} == {"ford", "geely", "zhejiang-geely"}


def test_people_are_told_apart_by_their_organization() -> None:
    room = Newsroom()
    room.add(
        article("a1"),
        told("product", Participant("Geely Commercial Vehicle", "subject", ("Geely",))),
        people=[Person("Li Wei", "chairman", "Geely"), Person("Jane Doe", "CEO", "Ford")],
    )
    room.add(article("a2"), people=[Person("Li Wei", "president", "Nissan"), Person("Jane Doe")])
    people = {row["person_id"]: row["org_id"] for row in room.table("people")}
    assert people == {
        "li-wei-geely-commercial-vehicle": "geely-commercial-vehicle",
        "li-wei-nissan": "nissan",
        "jane-doe": "ford",
    }


def test_a_broken_word_list_is_named(tmp_path: Path) -> None:
    (tmp_path / "legal_forms.csv").write_text("word\nLtd.\n")
    with pytest.raises(ReferenceDataError, match=r"legal_forms\.csv"):
        Affixes.load(tmp_path)


def test_every_word_for_groups_is_listed_once() -> None:
    with (REFERENCE / "group_names.csv").open(encoding="utf-8", newline="") as lines:
        words = Counter(word for row in csv.DictReader(lines) for word in row["words"].split("|"))
    assert [word for word, times in words.items() if times > 1] == []


def test_an_area_is_no_arm_of_a_company_that_is_called_like_the_first_word_of_it() -> None:
    parts = NameParts.load(load_reference())
    assert parts.arm(("southeast", "asia")) is None
    assert parts.arm(("byd", "brazil")) == (("byd",), "BR")
