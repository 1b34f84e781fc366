"""Small texts, and what is to be understood of them."""

from __future__ import annotations

from datetime import date

import pytest

from tasks.extraction.rules import RuleExtractor
from tasks.records import Article, Event
from tests.extraction.conftest import Read


def _names(event: Event) -> set[str]:
    return {p.name for p in event.participants}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Pfizer and BioNTech formed a joint venture to build a vaccine plant in Kenya.", id="pharma"),
        pytest.param("Maersk signed a deal with Hapag-Lloyd to share ships on the Atlantic.", id="shipping"),
    ],
)
def test_other_industries_yield_nothing(text: str, read: Read) -> None:
    assert read(text, title=None) == ()


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("If Ford were to buy batteries from BYD, it would save money.", id="condition"),
        pytest.param("Will Ford form a joint venture with Geely?", id="question"),
        pytest.param("Cooperation among carmakers is growing.", id="general remark"),
        pytest.param("Build cheap electric cars.", id="advice"),
        pytest.param(
            "More: Ford signs deal with Geely » BMW drops Northvolt » Kia opens plant » Archive", id="teasers"
        ),
    ],
)
def test_what_nobody_states_is_no_event(text: str, read: Read) -> None:
    assert read(text) == ()


def test_headline_lead_and_recap_are_one_event(read: Read) -> None:
    events = read(
        "Renault will buy motors from Bosch.\n\nRenault plans to buy electric motors from Bosch for a new model.\n\n"
        "The companies say that Bosch will supply the motors to Renault from 2027."
    )
    assert len(events) == 1
    assert _names(events[0]) == {"Renault", "Bosch"}
    assert events[0].kind == "supply"


def test_a_denial_ends_it(read: Read) -> None:
    (event,) = read("Ford denied that it is in talks with Geely about a joint venture for electric cars.")
    assert (event.type, event.status, event.attribution) == ("partnership", "ended", "denied")


def test_a_third_of_what_is_sold_is_no_third_deal(read: Read) -> None:
    (event,) = read(
        "Coorabie Lithium will sell a third of its output to VinFast.\n\nThe talks between Coorabie Lithium and "
        "VinFast concern lithium for batteries."
    )
    assert _names(event) == {"Coorabie Lithium", "VinFast"}


@pytest.mark.parametrize(
    ("text", "owners"),
    [
        ("Ionity, which BMW, Ford and Mercedes-Benz own together, opened a station.", {"BMW", "Ford", "Mercedes-Benz"}),
        ("Brightmark Cells, owned by Stellantis and Samsung SDI, hired 300 people.", {"Stellantis", "Samsung SDI"}),
        ("It is run by Brightmark Cells, a company held by Stellantis and Samsung SDI.", {"Stellantis", "Samsung SDI"}),
    ],
)
def test_who_own_a_company_together_are_partners_without_it(text: str, owners: set[str], read: Read) -> None:
    (venture,) = (event for event in read(text) if event.kind == "joint_venture")
    assert _names(venture) == owners


@pytest.mark.parametrize(
    ("text", "founders"),
    [
        ("Brightmark Cells is a joint venture of Stellantis and Samsung SDI.", {"Stellantis", "Samsung SDI"}),
        (
            "Brightmark Cells was founded in 2022 as a joint venture of Stellantis and Samsung SDI, which build cars.",
            {"Stellantis", "Samsung SDI"},
        ),
        (
            "Renault and Nissan agreed to found Brightmark Energy with Dongfeng; it will build an electric car.",
            {"Renault", "Nissan", "Dongfeng"},
        ),
        ("Ford works with SK On in the Brightmark Cells joint venture.", {"Ford", "SK On"}),
        (
            "Zorvex Driveline and Italy's Torrini Trasmissioni signed a joint venture contract to make electric axles. "
            "Zorvex will hold 51 per cent and Torrini 49 per cent in the company, which will be called Zorvex Torrini "
            "e-Drive. The partners will invest 30 million dollars.",
            {"Zorvex Driveline", "Torrini Trasmissioni"},
        ),
        (
            "Toyota and Panasonic signed the contract for Brightmark Cells, the joint company that makes batteries.",
            {"Toyota", "Panasonic"},
        ),
    ],
)
def test_a_venture_is_none_of_its_founders(text: str, founders: set[str], read: Read) -> None:
    assert [_names(event) for event in read(text) if event.type == "partnership"] == [founders]


def test_whose_a_partner_is_takes_no_part(read: Read) -> None:
    (event,) = read("Huaihai of Xuzhou has founded a joint venture for batteries with BYD's Findreams.")
    assert _names(event) == {"Huaihai", "Findreams"}


def test_a_second_contract_is_another_event(read: Read) -> None:
    events = read(
        "Ford cancelled a battery contract with LG Energy Solution. "
        "Ford has a second contract with LG Energy Solution for battery cells."
    )
    assert [e.status for e in events][:1] == ["ended"]
    assert len(events) == 2


def test_figures_of_the_next_sentence_belong_to_the_event_before(read: Read) -> None:
    (event,) = read("CATL is building a battery plant in Debrecen. Some 9,000 jobs are to come there by 2030.")
    assert [(q.value, q.unit, q.measure) for q in event.quantities] == [(9000, "job", "jobs")]


def test_customers_counted_together_are_one_supply_each(read: Read) -> None:
    events = read("CATL counts Volkswagen and BMW among its customers.")
    assert sorted(tuple(sorted(_names(e))) for e in events) == [("BMW", "CATL"), ("CATL", "Volkswagen")]


def test_they_are_the_companies_named_before(read: Read) -> None:
    (event,) = read("Ford and SK On said they will jointly build a battery plant in Kentucky.")
    assert _names(event) == {"Ford", "SK On"}


def test_the_same_article_is_understood_alike_twice(extractor: RuleExtractor) -> None:
    article = Article("a", None, "BYD builds electric cars in Szeged.", (), None, date(2026, 2, 1), "en", None, "s")
    assert extractor.extract(article) == extractor.extract(article)


def test_an_article_in_another_language_yields_nothing(extractor: RuleExtractor) -> None:
    text = "Volkswagen und XPeng entwickeln electric vehicles."
    assert extractor.extract(Article("a", None, text, (), None, None, "de", None, "s")).events == ()
