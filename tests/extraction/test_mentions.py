"""Names: listed ones, and those that the text itself shows to be organisations."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from evpact.errors import ReferenceDataError
from evpact.reference import load_reference
from evpact.settings import REFERENCE
from evpact.vocabulary import ORGANIZATION_KIND
from tasks.extraction.lexicon import load_words
from tasks.extraction.nlp import MAX_CHARACTERS, parse
from tests.extraction.conftest import names_in


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        pytest.param("A heading\n\nFord builds cars.", 2, id="paragraph"),
        pytest.param("Renault buys parts from Foobar Co., a Chinese maker. It pays.", 2, id="legal form within"),
        pytest.param("It works with Toyota Motor Corp. The deal ends in 2027.", 2, id="legal form at the end"),
        pytest.param("The deal was signed on Feb. 13 in the U.S. market.", 1, id="abbreviations"),
        pytest.param("“Why not? We are open,” Espinosa said. He left.", 3, id="quotation"),
        pytest.param("Output fell 4.5 percent to Rs. 500 crore.", 1, id="numbers"),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text: str, sentences: int) -> None:
    assert len(list(parse(text).sents)) == sentences


def test_a_huge_text_is_read_to_a_limit() -> None:
    doc = parse("Ford builds cars.\n\n" * (MAX_CHARACTERS // 10))
    assert len(doc.text) <= MAX_CHARACTERS


@pytest.mark.parametrize(
    ("text", "name"),
    [
        pytest.param("Tesla's plant is closed.", "Tesla", id="possessive"),
        pytest.param("The Volkswagen-owned brand sells well.", "Volkswagen", id="hyphen"),
        pytest.param("Shares of Rivian Automotive, Inc. rose.", "Rivian Automotive, Inc.", id="legal form"),
        pytest.param("Zorvex Lithium opened a mine.", "Zorvex Lithium", id="ending"),
        pytest.param("The battery maker Zorvex opened a plant.", "Zorvex", id="described before"),
        pytest.param("Zorvex, a Nevada recycler, opened a plant.", "Zorvex", id="described behind"),
        pytest.param("Suppliers such as Zorvex and Plimbar will follow.", "Plimbar", id="list"),
        pytest.param("China's Plimbar will supply the batteries.", "Plimbar", id="nation"),
        pytest.param("The bus maker Zorvex e-Mobility opened a plant.", "Zorvex e-Mobility", id="lower-case letter"),
    ],
)
def test_finds_the_whole_name(text: str, name: str) -> None:
    assert name in names_in(text)[1]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        pytest.param("The car was named World Car of the Year in Geneva.", "Car", id="award"),
        pytest.param("SEOUL, Dec 26 - Sales of electric cars rose.", "SEOUL", id="dateline"),
        pytest.param("Ontario Premier Doug Ford was not pleased.", "Ford", id="surname"),
        pytest.param("Chief executive Mira Zorvex said sales of EVs fell.", "Zorvex", id="person"),
        pytest.param("He got a smart phone and a seat in the river boat.", "seat", id="everyday words"),
        pytest.param("The Munich Motor Show opens in September.", "Munich Motor Show", id="event"),
        pytest.param("Ford cars carry the new Turing chip.", "Turing", id="thing with a name"),
    ],
)
def test_takes_nothing_else_for_an_organization(text: str, word: str) -> None:
    _, found = names_in(text)
    assert not any(word in name for name, how in found.items() if not how.locative)


def test_a_weak_name_counts_where_the_article_supports_it() -> None:
    assert "Seat" in names_in("Seat builds the car in Martorell. Seat SA is owned by Volkswagen.")[1]


@pytest.mark.parametrize(
    ("text", "product"),
    [
        pytest.param("He drives a Nissan Leaf.", True, id="model"),
        pytest.param("The Nissan plant is large.", False, id="plant"),
        pytest.param("The Nissan Sunderland plant is large.", False, id="plant with place"),
    ],
)
def test_marks_the_maker_in_a_products_name(text: str, product: bool) -> None:
    assert names_in(text)[1]["Nissan"].product is product


@pytest.mark.parametrize(
    ("text", "name", "locative"),
    [
        pytest.param("The plant stands in China.", "China", True, id="place"),
        pytest.param("Chinese cars sell well.", "Chinese", True, id="adjective"),
        pytest.param("Canada struck a deal with China.", "China", False, id="partner"),
        pytest.param("Brussels opened an investigation.", "Brussels", False, id="capital acts"),
        pytest.param("The fair opens in Brussels.", "Brussels", True, id="capital is a place"),
        pytest.param("It got a grant from Liverpool City Council.", "Liverpool City Council", False, id="council"),
    ],
)
def test_tells_a_state_from_a_place(text: str, name: str, locative: bool) -> None:
    assert names_in(text)[1][name].locative is locative


def test_a_name_in_brackets_behind_what_ends_no_company_is_listed_unless_it_is_an_abbreviation() -> None:
    names = names_in("Hon Hai Precision Industry (Foxconn) will build cars for Nissan. Foxconn has a plant in Ohio.")[1]
    assert names["Foxconn"].sense.org_id == "foxconn"


def test_two_names_joined_by_and_are_two() -> None:
    assert {"Volkswagen", "Rivian"} <= set(names_in("Volkswagen and Rivian founded a venture.")[1])


def test_word_lists_hold_legal_words() -> None:
    words = load_words()
    kinds = {noun.kind for noun in words.nouns.values()} | {kind for kind, _ in words.endings.values()}
    assert kinds - {""} <= set(ORGANIZATION_KIND)
    assert {noun.refers_back for noun in words.nouns.values()} == {"yes", "no", "plural", "venture"}


def test_headquarters_are_of_known_organizations_and_countries() -> None:
    reference = load_reference()
    seats = load_words().headquarters
    assert {org_id for _, ids in seats.values() for org_id in ids} - {""} <= set(reference.organizations["org_id"])
    assert {country for country, _ in seats.values()} <= set(reference.countries["code"])


def test_a_broken_word_list_is_named(tmp_path: Path) -> None:
    shutil.copytree(REFERENCE, tmp_path / "reference")
    (tmp_path / "reference" / "titles.csv").write_text("name\nchairman\n", encoding="utf-8")
    with pytest.raises(ReferenceDataError, match=r"titles\.csv, line 1"):
        load_words(tmp_path / "reference")


@pytest.mark.parametrize(
    ("text", "companies"),
    [
        ("Geely may license it. Shinji Komatsu, 61, was glad. Komatsu waits.", {"Geely"}),
        ("Komatsu buys cells from Geely. Shinji Komatsu, 61, was glad.", {"Geely", "Komatsu"}),
    ],
)
def test_a_surname_is_that_of_whom_the_article_has_named_in_full(text: str, companies: set[str]) -> None:
    assert set(names_in(text)[1]) == companies
