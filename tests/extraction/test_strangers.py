"""Names nobody listed: believed by what stands beside them, not because they are written with capitals."""

from __future__ import annotations

import pytest

from evpact.reference import load_reference
from tasks.extraction.lexicon import get_lexicon
from tasks.extraction.mentions import find_names
from tasks.extraction.nlp import parse
from tests.extraction.conftest import encoder, names_in


@pytest.mark.parametrize(
    ("text", "name"),
    [
        pytest.param("Zorvex will supply Plimbar with cathode material until 2030.", "Zorvex", id="supplier"),
        pytest.param("The bus operator signed a contract with Kortalo in May.", "Kortalo", id="side of a contract"),
        pytest.param("The joint venture of Zorvex and Plimbar has begun production.", "Plimbar", id="venture"),
        pytest.param("Zorvex said on Tuesday that it would buy cells from BYD.", "Zorvex", id="speaker"),
        pytest.param("BYD will supply eZorvex Trucks with cells.", "eZorvex Trucks", id="capital within"),
        pytest.param("BYD will supply Zorvex 6 Corp. with cells.", "Zorvex 6 Corp.", id="number within"),
    ],
)
def test_believes_a_name_by_what_it_does(text: str, name: str) -> None:
    assert name in names_in(text)[1]


@pytest.mark.parametrize(
    ("text", "no_name"),
    [
        pytest.param("BYD will build a plant near Plimbarstad, a town in the north.", "Plimbarstad", id="town"),
        pytest.param("The factory in Zorvexhausen supplies BYD with seats.", "Zorvexhausen", id="place of a plant"),
        pytest.param("The deal was signed on Wednesday. Monday brought another.", "Monday", id="weekday"),
        pytest.param("SEOUL -- Hyundai Motor will buy cells from SK On.", "SEOUL", id="dateline"),
        pytest.param("BYD signed a joint development agreement (JDA). JDA supplies BYD.", "JDA", id="abbreviation"),
    ],
)
def test_capitals_alone_make_no_organisation(text: str, no_name: str) -> None:
    assert no_name not in names_in(text)[1]


def test_a_name_is_believed_everywhere_or_nowhere() -> None:
    doc = parse("Zorvex, a battery maker, signed a supply contract with BYD. The shares of Zorvex rose.")
    found = [doc[n.start : n.end].text for n in find_names(doc, get_lexicon(load_reference()))]
    assert found.count("Zorvex") == 2


@pytest.mark.parametrize(
    ("text", "name"),
    [
        pytest.param("Pos Malaysia has ordered 143 electric vans from Foton.", "Pos Malaysia", id="a country in it"),
        pytest.param("The controllers come from Sedemac of Pune.", "Sedemac", id="a town behind it"),
        pytest.param("Elkem will supply Northvolt with anode material.", "Elkem", id="begins a sentence"),
    ],
)
def test_a_name_begins_and_ends_where_the_encoder_is_sure(text: str, name: str) -> None:
    doc = parse(text)
    seen = encoder().see("", text, [0])
    assert name in [doc[n.start : n.end].text for n in find_names(doc, get_lexicon(load_reference()), seen=seen)]
