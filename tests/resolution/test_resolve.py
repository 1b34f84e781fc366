"""The tables hold together, and no order of the input changes them."""

from __future__ import annotations

import random
from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from evpact.tables import TABLES, references
from tasks.records import EventDate, Participant, Person, Quantity, Quote
from tasks.resolution import resolve
from tests.resolution.newsroom import REFERENCE, TEXT, Newsroom, article, partnership, span, told


def busy_newsroom() -> Newsroom:
    """Every table has rows, names are spelled in several ways, and an article comes from two sources."""
    room = Newsroom()
    edrive, chinese = Participant("Shanghai Edrive Co.", "supplier", country="CN"), "group"
    venture = partnership(
        "Ford Motor Co./partner",
        "Geely/partner",
        kind="joint_venture",
        places=("Sunderland",),
        countries=("GB",),
        quantities=(Quantity(5e9, "USD", "investment", *span("$5 billion"), whose="Ford Motor Co."),),
        dates=(EventDate("2027-Q3", "start", "the third quarter"),),
        confidence=0.7,
    )
    people = [Person("Jane Doe", "chief executive", "Ford Motor Co.")]
    room.add(
        article("a1", date(2026, 1, 5), publisher="A"),
        venture,
        people=people,
        quotes=[Quote("Jane Doe", *span("We build it."))],
    )
    room.add(article("a1", publisher="B", source="feed"), venture)
    room.add(
        article("a2", date(2026, 2, 5), publisher="B"),
        partnership("Ford/partner", "Geely Auto/partner", status="ended", confidence=0.6),
        partnership("Nissan/host", Participant("several Chinese automakers", "partner", kind=chinese)),
        partnership("Nissan/customer", edrive, kind="supply"),
    )
    room.add(
        article("a3"),
        partnership("Nissan Motor/customer", "Shanghai e-drive/supplier", kind="supply"),
        told("facility", "Nissan/subject", kind="plant", places=("Sunderland",)),
        told("production", "Geely/manufacturer", places=("Valencia",), countries=("ES",)),
        people=[Person("Jane Doe", None, "Nissan"), Person("Li Wei")],
    )
    room.extractions.pop(1)
    return room


def test_every_reference_points_at_a_row_and_keys_are_unique() -> None:
    tables = busy_newsroom().tables()
    for name, table in TABLES.items():
        assert tables[name].schema == table.schema
        assert tables[name].is_empty() == (name == "redirects")
        assert tables[name].select(table.key).is_unique().all(), name
        required = [column.name for column in table.columns if column.required]
        assert sum(tables[name].select(required).null_count().row(0)) == 0, name
    for table, column, target, key in references():
        values = tables[table.name][column.name].drop_nulls()
        assert values.is_in(tables[target.name][key.name].implode()).all(), f"{table.name}.{column.name}"


def test_every_stretch_is_the_text_between_its_offsets_in_any_script() -> None:
    tables = busy_newsroom().tables()
    assert tables["quantities"]["text"].to_list() == ["$5 billion"]
    assert tables["quotes"]["text"].to_list() == ["We build it."]
    assert set(tables["events"]["evidence"]) == {TEXT}


def test_nothing_in_gives_empty_tables() -> None:
    articles, extractions = busy_newsroom().frames()
    tables = resolve(articles.clear(), extractions.clear(), REFERENCE)
    assert {name: frame.schema for name, frame in tables.items()} == {name: t.schema for name, t in TABLES.items()}
    assert all(frame.is_empty() for frame in tables.values())


@settings(max_examples=15, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_the_input_changes_nothing(order: random.Random) -> None:
    articles, extractions = (frame[order.sample(range(len(frame)), len(frame))] for frame in busy_newsroom().frames())
    expected = busy_newsroom().tables()
    for name, frame in resolve(articles, extractions, REFERENCE).items():
        assert_frame_equal(frame, expected[name], check_exact=True)


def test_the_row_with_most_metadata_stands_for_an_article_delivered_twice() -> None:
    rows = {row["article_id"]: row for row in busy_newsroom().table("articles")}
    assert rows["a1"]["publisher"] == "A"
    assert rows["a1"]["published"] == date(2026, 1, 5)


def test_an_event_told_twice_in_the_same_words_is_there_once_with_the_better_confidence() -> None:
    room = Newsroom()
    room.report(*(partnership("Ford/partner", "Geely/partner", confidence=c) for c in (0.3, 0.8, 0.5)))
    assert room.only("events")["confidence"] == 0.8


def test_an_event_keeps_its_id_when_other_articles_come() -> None:
    room = busy_newsroom()
    before = set(room.tables()["events"]["event_id"])
    room.report(partnership("Ford/partner", Participant("Shanghai e-drive", "supplier", country="US")))
    assert before < set(room.tables()["events"]["event_id"])


def test_articles_without_events_are_kept_as_irrelevant() -> None:
    room = Newsroom()
    room.report()
    assert room.only("articles")["relevant"] is False


def test_extractions_of_unknown_articles_are_left_out() -> None:
    room = busy_newsroom()
    articles, extractions = room.frames()
    tables = resolve(articles.filter(pl.col("article_id") == "a1"), extractions, REFERENCE)
    assert set(tables["events"]["article_id"]) == {"a1"}


@pytest.mark.parametrize(
    ("roles", "kept"),
    [
        (("partner", "supplier"), ["supplier"]),
        (("supplier", "investor"), ["investor", "supplier"]),
        (("partner", "partner"), ["partner"]),
    ],
    ids="/".join,
)
def test_partner_gives_way_to_a_role_that_says_more(roles: tuple[str, str], kept: list[str]) -> None:
    room = Newsroom()
    room.report(told("product", f"Ford/{roles[0]}", f"Ford Motor Company/{roles[1]}"))
    rows = room.table("participants")
    assert [row["role"] for row in rows] == kept
    if len(kept) == 1 and roles[0] == roles[1]:
        assert rows[0]["mention"] == "Ford Motor Company"


def test_a_figure_belongs_to_the_participant_that_its_event_calls_so() -> None:
    room = Newsroom()
    figures = (
        Quantity(50, "percent", "stake", 0, 3, whose="Ford"),
        Quantity(40, "percent", "stake", 0, 3, whose="Volvo"),
        Quantity(10, "percent", "stake", 0, 3),
    )
    room.report(
        partnership(Participant("Ford Motor Company", "partner", ("Ford",)), "Geely/partner", quantities=figures)
    )
    assert {row["value"]: row["org_id"] for row in room.table("quantities")} == {50: "ford", 40: None, 10: None}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["2027"], (date(2027, 1, 1), "year")),
        (["2027-H2"], (date(2027, 7, 1), "half")),
        (["2027-Q4"], (date(2027, 10, 1), "quarter")),
        (["2027-02"], (date(2027, 2, 1), "month")),
        (["2028-02-29"], (date(2028, 2, 29), "day")),
        (["2027", "2027-Q3"], (date(2027, 7, 1), "quarter")),
        (["2028", "2027"], (date(2027, 1, 1), "year")),
        (["2027-02-29", "soon", "2027-13", "2027-Q5", "0000-01-01", "２０２７"], None),
    ],
    ids=lambda value: " ".join(map(str, value or ["none"])),
)
def test_a_date_is_the_first_day_of_the_most_exact_value(values: list[str], expected: tuple[date, str] | None) -> None:
    room = Newsroom()
    room.report(told("market", "Ford/subject", dates=tuple(EventDate(value, "start", value) for value in values)))
    found = [(row["date"], row["precision"]) for row in room.table("event_dates")]
    assert found == ([expected] if expected else [])


def test_what_differs_only_in_two_names_of_one_organization_is_told_once() -> None:
    room = Newsroom()
    sum_told = (Quantity(5e9, "USD", "investment", *span("$5 billion")),)
    room.add(
        article("a1", date(2026, 1, 5)),
        partnership("GM/customer", "Foxconn/supplier", kind="supply", confidence=0.6),
        partnership("General Motors/customer", "Foxconn/supplier", kind="supply", confidence=0.7),
        partnership("General Motors/customer", "Ford/supplier", kind="supply"),
        partnership("General Motors/customer", "Foxconn/supplier", kind="supply", quantities=sum_told, confidence=0.5),
    )
    tables = room.tables()
    sides = tables["participants"].join(tables["events"], on="event_id").filter(org_id="foxconn")
    assert sorted(sides["confidence"]) == [0.5, 0.7]
