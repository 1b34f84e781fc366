"""What an article as a whole yields, and what yields nothing."""

from __future__ import annotations

from datetime import date

import pytest

from evpact.settings import REFERENCE
from tasks.extraction import extract_articles, get_extractor
from tasks.extraction.verify import verified
from tasks.records import Article, Event, Extraction

FIELD = "Electric cars and the batteries of electric vehicles are made by automakers."


def extract(text: str, *, published: date | None = date(2026, 2, 4), language: str = "en") -> Extraction:
    article = Article("a", None, text, published=published, language=language)
    return verified(article, get_extractor("rules", REFERENCE).extract(article))


def events(text: str, of: str | None = None) -> list[Event]:
    return [event for event in extract(f"{FIELD}\n\n{text}").events if of in (None, event.type)]


@pytest.mark.parametrize(
    "text",
    [
        "Two dairy groups plan to merge. Their joint venture will open a plant in Denmark and invest 50 million euros.",
        "The airline signed a codeshare agreement with its rival and will buy 40 aircraft, it said on Tuesday.",
        "The drug maker licensed a vaccine from its partner and opened a laboratory in Basel, the companies said.",
    ],
    ids=["dairy", "airline", "pharma"],
)
def test_business_of_other_fields_yields_nothing(text: str) -> None:
    assert not extract(text).relevant


def test_a_sentence_without_a_word_of_the_field_counts_where_the_article_is_full_of_them() -> None:
    told = "Zorvex Holding bought 40 percent of Plimbar Systems in March, and Plimbar Systems will pay for it."
    full = " ".join([FIELD, "A maker of electric motors and a battery plant with charging stations are to come."])
    assert [e.kind for e in extract(f"{full}\n\n{told}").events if e.type == "partnership"] == ["equity"]
    assert extract(f"Somebody drove an electric car. The cheese is ripe. It is good. {told}").events == ()


@pytest.mark.parametrize(
    "text",
    [
        "If Ford were to merge with Geely, the plants in Europe would have a future.",
        "Will Ford form a joint venture with Geely?",
        "Cooperation in the industry is growing, and costs are rising.",
    ],
    ids=["condition", "question", "remark"],
)
def test_what_is_not_stated_is_no_partnership(text: str) -> None:
    assert events(text, "partnership") == []


def test_lead_detail_and_recap_are_one_event() -> None:
    found = events(
        "Ford signed a supply contract with CATL on Monday. The contract between Ford and CATL is worth 2 billion "
        "dollars.\n\nFord and CATL had talked about the supply contract for a year.",
        "partnership",
    )
    assert len(found) == 1
    assert {p.org_id for p in found[0].participants} == {"ford", "catl"}
    assert found[0].status == "agreed"


def test_a_denial_ends_what_was_rumoured() -> None:
    (event,) = events("BYD denied that it was in talks with Ford about a joint venture.", "partnership")
    assert (event.status, event.attribution) == ("ended", "denied")


def test_somebody_in_office_speaks_for_the_company() -> None:
    (event,) = events(
        "Nissan's chief executive Ivan Espinosa is open to working with Chinese carmakers.", "partnership"
    )
    assert [(p.name, p.kind) for p in event.participants] == [("Nissan", "automaker"), ("Chinese carmakers", "group")]
    assert event.status == "exploring"


@pytest.mark.parametrize(
    ("text", "parties"),
    [
        ("Geely and Renault run a factory through their joint venture Zorvex Drive.", {"Geely", "Renault"}),
        (
            "Geely and Renault signed a contract for a joint venture. Zorvex, as the company is to be called, will "
            "make electric motors for Geely and Renault.",
            {"Geely", "Renault"},
        ),
        ("At their joint company Zorvex, Geely and Renault will make electric motors.", {"Geely", "Renault"}),
        ("Tesla buys the cells of its electric cars from BYD's battery arm FinDreams.", {"Tesla", "FinDreams"}),
        (
            "Zorvex, an electric van maker, is owned by Geely, Renault and other shareholders.",
            {"Zorvex", "Geely", "Renault"},
        ),
    ],
    ids=["venture", "venture by name", "joint company", "owner of a part", "rest of a list"],
)
def test_only_those_who_share_a_deal_are_its_parties(text: str, parties: set[str]) -> None:
    assert {p.name for event in events(text, "partnership") for p in event.participants} == parties


@pytest.mark.parametrize(
    "text",
    [
        "Under the joint venture, Geely and Renault will make electric motors in Spain.",
        "Geely, founded by Li Shufu, and Renault set up a joint venture for electric motors.",
    ],
    ids=["behind a comma", "founded by a person"],
)
def test_a_partner_is_not_taken_for_the_venture(text: str) -> None:
    assert {p.name for event in events(text, "partnership") for p in event.participants} == {"Geely", "Renault"}


def test_rates_by_maker_are_one_measure_but_not_two_governments() -> None:
    found = events(
        "The European Union has put tariffs on electric cars from China. BYD pays 17 percent, Geely 18.8 percent. "
        "The United States imposed a tariff of 100 percent on electric cars from China.",
        "trade_policy",
    )
    regulators = [{p.name for p in event.participants if p.role == "regulator"} for event in found]
    assert {"European Union"} in regulators
    assert {"United States"} in regulators


def test_governments_that_deal_about_tariffs_make_policy() -> None:
    (event,) = events("China and the European Union opened talks on minimum prices for Chinese electric cars.")
    assert (event.type, event.kind, event.status) == ("trade_policy", "price_undertaking", "negotiating")
    assert {(p.name, p.role) for p in event.participants} == {("China", "affected"), ("European Union", "regulator")}


def test_figures_of_two_markets_are_two_events() -> None:
    found = events(
        "Nissan's UK sales fell by 10 per cent in 2025, and across Europe they were down 2.1 per cent.", "market"
    )
    assert {(event.countries, event.places, event.quantities[0].value) for event in found} == {
        (("GB",), (), -10.0),
        ((), ("Europe",), -2.1),
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("CATL and Nio signed a battery supply agreement, the companies said on Monday.", [("2026-02-02", "signed")]),
        ("CATL and Nio signed a battery supply agreement in January, Nio said on Monday.", [("2026-01", "signed")]),
        ("CATL will supply batteries to Nio, the companies said on Monday.", []),
        ("CATL will supply batteries to Nio.\n\nThe deliveries are to begin in 2027.", [("2027", "start")]),
        ("BYD sold 300,000 electric cars in January, 12% more than in 2024.", [("2026-01", "period")]),
    ],
    ids=["reported", "own before reported", "a plan is not dated by its report", "next paragraph", "comparison"],
)
def test_an_event_has_the_dates_that_are_its_own(text: str, expected: list[tuple[str, str]]) -> None:
    (event,) = events(text)
    assert [(found.value, found.role) for found in event.dates] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("BYD will open an electric car plant in Hungary. CATL will supply batteries to BYD.", [("HU",), ("HU",)]),
        ("Electric cars are still rare in Thailand. BYD will build a battery plant in the country.", [("TH",)]),
        ("Geely bought a stake in Renault Korea.", [("KR",)]),
        ("SK On supplies batteries to Ford from Tennessee.", [("US",)]),
        ("CATL and Nio signed a battery swapping agreement.", [("CN",)]),
        ("Honda and Nissan ended their merger talks.", [()]),
    ],
    ids=["sentence before", "the country", "branch", "from a state", "network at home", "a merger is nowhere"],
)
def test_an_event_lies_where_it_happens(text: str, expected: list[tuple[str, ...]]) -> None:
    assert [event.countries for event in events(text)] == expected


def test_other_languages_are_left_alone() -> None:
    assert not extract(f"{FIELD} Ford and Geely form a joint venture.", language="de").relevant


def test_processes_do_not_change_what_is_found() -> None:
    texts = [f"{FIELD}\n\nFord formed a joint venture with Geely in {year}." for year in range(2000, 2020)]
    articles = [Article(f"a{n}", None, text, language="en") for n, text in enumerate(texts)]
    alone = list(extract_articles(articles, "rules", REFERENCE, processes=1))
    assert list(extract_articles(articles, "rules", REFERENCE, processes=2)) == alone
    assert all(extraction.relevant for extraction in alone)
