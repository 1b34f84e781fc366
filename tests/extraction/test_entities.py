"""Entities: who is spoken of, under which names, and what else stands for them."""

from __future__ import annotations

import pytest

from evpact.reference import load_reference
from tasks.extraction.entities import Entities, Entity, link_entities
from tasks.extraction.nlp import parse


def read(text: str) -> tuple[str, Entities]:
    return text, link_entities(parse(text), load_reference())


def entity(entities: Entities, name: str) -> Entity:
    return next(e for e in entities if name in (e.name, *e.aliases))


def who(text: str, phrase: str) -> set[str]:
    """Names of the entities that the last word of a phrase stands for, where the phrase stands last."""
    doc = parse(text)
    end = text.rindex(phrase) + len(phrase)
    word = next(token for token in doc if token.idx + len(token) == end)
    return {e.name for e in link_entities(doc, load_reference()).all_at(word)}


def test_the_fullest_name_and_its_other_forms() -> None:
    text = "General Motors (GM) buys cells from Plimbar Battery Co. GM pays Plimbar in advance."
    entities = read(text)[1]
    gm, plimbar = entity(entities, "GM"), entity(entities, "Plimbar")
    assert (gm.name, gm.aliases) == ("General Motors", ("GM",))
    assert (plimbar.name, plimbar.kind, plimbar.org_id) == ("Plimbar Battery Co.", "battery", None)
    assert [text[m.start : m.end] for m in plimbar.mentions] == ["Plimbar Battery Co.", "Plimbar"]


def test_organizations_that_share_a_word_stay_apart() -> None:
    entities = read("Renault builds it with Renault Korea, and Renault do Brasil sells it.")[1]
    assert {"Renault", "Renault Korea", "Renault do Brasil"} <= {e.name for e in entities}


def test_a_listed_company_is_called_by_its_first_word() -> None:
    entities = read("Core Lithium ships ore. Core signed a contract with Tesla, and Core will be paid by Tesla.")[1]
    assert {e.name for e in entities} == {"Core Lithium", "Tesla"}


def test_a_name_of_two_is_short_for_the_one_that_was_named() -> None:
    entities = read("Volvo Group has orders for electric trucks. Volvo will build them, and Renault will sell them.")[1]
    assert {e.name for e in entities} == {"Volvo Group", "Renault"}
    assert {e.org_id for e in read("Volvo will build electric cars, and Renault will sell them.")[1]} == {
        "volvo-cars",
        "renault",
    }


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Volvo Buses has orders from MCV. Volvo will send chassis.", {"Volvo Buses", "MCV"}),
        (
            "Volvo Buses has orders from MCV. Volvo Cars has none. Volvo sells cars.",
            {"Volvo Buses", "MCV", "Volvo Cars"},
        ),
        ("Toyota Tsusho has orders from MCV. Toyota buys lithium.", {"Toyota Tsusho", "MCV", "Toyota"}),
        ("IOC signed first. Indian Oil Corporation and SUN Mobility work together, and IOC pays.",
         {"Indian Oil Corporation", "SUN Mobility"}),
        ("BYD has an importer, EVDirect. It has sold many BYDs.", {"BYD", "EVDirect"}),
        ("eZorvex Trucks (Pty) Ltd signed a deal with Ford. Ford will supply eZorvex Trucks with cells.",
         {"eZorvex Trucks (Pty) Ltd", "Ford"}),
        ("PT Zorvex Plimbar Energi signed a deal with Ford. Ford will supply Zorvex with cells.",
         {"PT Zorvex Plimbar Energi", "Ford"}),
        ("Zorvex Components Ltd signed a deal with Ford. Zorvex will hold half of Zorvex Plimbar.",
         {"Zorvex Components Ltd", "Ford", "Zorvex Plimbar"}),
    ],
)  # fmt: skip
def test_a_short_name_is_that_of_whom_the_article_names_in_full(text: str, names: set[str]) -> None:
    assert {e.name for e in read(text)[1]} == names


def test_who_only_owns_the_company_spoken_of_does_not_act() -> None:
    entities = read("Hino has signed a contract with BYD, the Toyota Motor group company said.")[1]
    assert [m.locative for e in entities if e.name == "Toyota Motor" for m in e.mentions] == [True]


@pytest.mark.parametrize(
    "text",
    [
        "Honda and BYD gave up a plan to get ahead of Tesla.",
        "Honda and BYD want to build cars together and overtake Tesla.",
        "Honda and BYD build cars together to compete with Ford and Tesla.",
        "Honda and BYD together sell more cars than Tesla.",
    ],
)
def test_who_is_only_measured_against_does_not_act(text: str) -> None:
    assert [m.locative for e in read(text)[1] if e.name == "Tesla" for m in e.mentions] == [True]


def test_a_description_of_a_trade_far_behind_means_the_only_one_of_it() -> None:
    text = (
        "Hyundai buys cells from Exide Industries. The car is small. It is cheap. It is blue. "
        "The cell maker works with drawings from others."
    )
    exide = next(e for e in read(text)[1] if e.name == "Exide Industries")
    assert any(m.form == "description" for m in exide.mentions)


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Plimbar Zorvex Motors", "PZM"),  # "Motors" says little, but has its letter
        ("Plimbarwerk Zorvex", "PWZ"),
        ("Plimbar Zorvex Assembly", "PZAC"),  # of "Company", which is not written
        ("P7 Mobility", "P7"),
        ("Plimbar Body & Zorvex", "PBZ"),
    ],
)
def test_an_abbreviation_means_the_name_whose_letters_it_has(name: str, short: str) -> None:
    text = f"{name}, a Swedish battery maker, signed a deal with Ford. {short} supplies Renault. Ford praised {short}."
    assert {e.name for e in read(text)[1] if e.kind != "government"} == {name, "Ford", "Renault"}


def test_ids_follow_the_text() -> None:
    entities = read("Honda and Nissan met. Renault was told.")[1]
    assert [(e.id, e.name) for e in entities] == [(0, "Honda"), (1, "Nissan"), (2, "Renault")]


def test_an_unknown_company_learns_its_kind_and_country_from_the_text() -> None:
    zorvex = entity(read("Zorvex, a Swedish battery maker, signed a deal with Ford.")[1], "Zorvex")
    assert (zorvex.kind, zorvex.country) == ("battery", "SE")


@pytest.mark.parametrize(
    ("text", "phrase", "names"),
    [
        pytest.param(
            "Renault will build a car for Ford. The French group hopes to save money.",
            "The French group",
            {"Renault"},
            id="nation",
        ),
        pytest.param(
            "XPeng makes chips. Its chip was chosen by BMW and Volkswagen. The Wolfsburg-based carmaker pays.",
            "The Wolfsburg-based carmaker",
            {"Volkswagen"},
            id="town",
        ),
        pytest.param(
            "Zorvex Motors signed a deal with Kia. The Pune company will build a plant.",
            "The Pune company",
            {"Zorvex Motors"},
            id="town, of whom nobody lists",
        ),
        pytest.param(
            "Ford and CATL signed a deal. The battery maker will build a plant.",
            "The battery maker",
            {"CATL"},
            id="kind",
        ),
        pytest.param("BYD opened a plant. The company hired 300 people.", "The company", {"BYD"}, id="any company"),
        pytest.param(
            "Toyota sells cars. Renault builds vans for the company.",
            "the company",
            {"Toyota"},
            id="not its own subject",
        ),
        pytest.param(
            "Honda and Nissan signed a deal. The two companies will share a platform.",
            "The two companies",
            {"Honda", "Nissan"},
            id="two",
        ),
        pytest.param("Honda, Nissan and Kia met. The pair will talk.", "The pair", set(), id="two of three is unknown"),
        pytest.param("Honda met Nissan. The new company will be based in Tokyo.", "The new company", set(), id="new"),
        pytest.param("Volkswagen's Chinese arm builds it.", "Chinese arm", {"Volkswagen"}, id="part of its owner"),
        pytest.param("Nissan said it would build a car.", "it", {"Nissan"}, id="it"),
        pytest.param(
            "Ford built a plant. Kia's purchases of cells are meant for its partner in Ohio.",
            "its",
            {"Kia"},
            id="its, of an owner",
        ),
        pytest.param("The plant opened in May. It makes 5,000 cars.", "It", set(), id="it is a plant"),
        pytest.param("Nissan is pleased. It is one of several signs.", "It", set(), id="empty it"),
        pytest.param("Honda and Nissan met. They will share a car.", "They", {"Honda", "Nissan"}, id="they"),
    ],
)
def test_follows_phrases_back(text: str, phrase: str, names: set[str]) -> None:
    assert who(text, phrase) == names


@pytest.mark.parametrize(
    ("text", "name", "kind", "country"),
    [
        pytest.param("Three Korean battery makers lost orders.", "Korean battery makers", "group", "KR", id="nation"),
        pytest.param("European manufacturers fear the tariff.", "European manufacturers", "group", None, id="area"),
        pytest.param("The Indian government cut the duty.", "Indian government", "government", "IN", id="government"),
        pytest.param("Turkey's Trade Ministry raised the duty.", "Trade Ministry", "government", "TR", id="ministry"),
    ],
)
def test_unnamed_actors(text: str, name: str, kind: str, country: str | None) -> None:
    found = entity(read(text)[1], name)
    assert (found.kind, found.country, found.acts) == (kind, country, True)


def test_a_government_is_its_country_whatever_it_is_called() -> None:
    entities = read("Canada cut its tariff. Ottawa had shut Chinese cars out. The fair was in Toronto.")[1]
    canada = entity(entities, "Canada")
    assert (canada.org_id, canada.aliases) == ("canada", ("Ottawa",))


def test_a_joint_venture_knows_its_parents() -> None:
    entities = read("Zorvex Energy, a joint venture of CATL and Stellantis, opened a plant. Ford came.")[1]
    venture = entity(entities, "Zorvex Energy")
    assert venture.joint_venture
    assert [entities[i].name for i in venture.parents] == ["CATL", "Stellantis"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Ford sold more cars, Reuters reported.", id="news agency"),
        pytest.param("Ford sold more cars, research firm Plimbar said.", id="research firm"),
        pytest.param("Analysts at Plimbar expect more of Ford.", id="analysts"),
        pytest.param("Ford sold more cars, the Plimbar Times reported.", id="newspaper"),
    ],
)
def test_those_who_only_report_do_not_act(text: str) -> None:
    assert [e.name for e in read(text)[1] if e.acts] == ["Ford"]


def test_words_are_looked_up_by_token() -> None:
    doc = parse("Honda and Nissan met. The pair will talk.")
    entities = link_entities(doc, load_reference())
    pair = next(token for token in doc if token.text == "pair")
    assert entities.at(pair) is None
    assert [e.name for e in entities.all_at(pair)] == ["Honda", "Nissan"]
    assert [e.name for e in entities.within(0, 3)] == ["Honda", "Nissan"]


def test_the_same_text_gives_the_same_entities() -> None:
    text = "Zorvex Motors and Ford signed a deal. The two companies will build it in China. It said so."
    assert read(text)[1].all == read(text)[1].all
