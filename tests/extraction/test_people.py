"""Persons with their offices, and what they are quoted with."""

from __future__ import annotations

import pytest

from evpact.reference import load_reference
from tasks.extraction.entities import link_entities
from tasks.extraction.nlp import parse
from tasks.extraction.people import find_people, find_quotes
from tasks.records import Person


def people_in(text: str) -> tuple[Person, ...]:
    doc = parse(text)
    return find_people(doc, link_entities(doc, load_reference()))


def quotes_in(text: str) -> list[tuple[str, str]]:
    doc = parse(text)
    return [(q.person, text[q.start : q.end]) for q in find_quotes(doc, people_in(text))]


@pytest.mark.parametrize(
    ("text", "person"),
    [
        pytest.param(
            "Nissan chief executive Ivan Espinosa opened the plant.",
            Person("Ivan Espinosa", "chief executive", "Nissan", "nissan"),
            id="office before",
        ),
        pytest.param(
            "The deal was signed by Robin Zeng, chairman of CATL.",
            Person("Robin Zeng", "chairman", "CATL", "catl"),
            id="office behind",
        ),
        pytest.param(
            "Zorvex Motors is small. The company's managing director and CEO Mira Plimbar left.",
            Person("Mira Plimbar", "managing director and CEO", "Zorvex Motors", None),
            id="two offices of a company nobody listed",
        ),
    ],
)
def test_an_office_and_where_it_is_held(text: str, person: Person) -> None:
    assert people_in(text) == (person,)


def test_a_person_is_one_under_the_fullest_name() -> None:
    people = people_in("Nissan chief executive Ivan Espinosa spoke. Chief executive Espinosa left.")
    assert [p.name for p in people] == ["Ivan Espinosa"]


OPENING = "Nissan chief executive Ivan Espinosa spoke on Monday. "


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        pytest.param("“We're always open,” Espinosa stated.", ["We're always open,"], id="curly, said behind"),
        pytest.param('Espinosa said: "We are always open."', ["We are always open."], id="straight, said before"),
        pytest.param("“We are open,” he said. “We always were.”", ["We are open,", "We always were."], id="two parts"),
        pytest.param("The “nervous system” of the car is new.", [], id="no speech"),
        pytest.param("A dealer was pleased. “It sells itself,” he said.", [], id="somebody unnamed"),
    ],
)
def test_quotes_have_their_speaker_and_no_marks(text: str, quoted: list[str]) -> None:
    assert quotes_in(OPENING + text) == [("Ivan Espinosa", each) for each in quoted]


def test_we_in_a_quote_is_the_speakers_house() -> None:
    text = OPENING + "“We are always open,” Espinosa stated."
    entities = link_entities(parse(text), load_reference())
    assert "We" in [text[m.start : m.end] for m in entities[0].mentions]
