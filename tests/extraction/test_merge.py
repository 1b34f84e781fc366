"""What is one event and what are two."""

from __future__ import annotations

import pytest

from tests.extraction.conftest import Read


@pytest.mark.parametrize(
    ("text", "count"),
    [
        pytest.param(
            "Ford formed a joint venture with Geely. The joint venture of Ford and Geely grows.", 1, id="twice"
        ),
        pytest.param("Ford buys cells from BYD. Ford has taken a licence for BYD's technology.", 2, id="two kinds"),
        pytest.param("BYD sold 400000 cars in May 2025. BYD sold 300000 cars in June 2025.", 2, id="two periods"),
        pytest.param("CATL is building a plant in Debrecen. CATL is building a plant in Erfurt.", 2, id="two towns"),
        pytest.param(
            "Honda and Hitachi will form a joint venture. In it the two will develop electric motors together.",
            1,
            id="venture and what is done in it",
        ),
        pytest.param(
            "Kia signed a supply contract with CATL. Kia signed another supply contract with CATL.", 2, id="another"
        ),
        pytest.param(
            "In 2021 Kia signed a supply contract with CATL worth 2 billion dollars. "
            "In 2025 Kia signed a supply contract with CATL worth 700 million dollars.",
            2,
            id="two sums and dates",
        ),
        pytest.param("BYD builds electric cars in Szeged. Kia builds electric cars in Zilina.", 2, id="two makers"),
    ],
)
def test_number_of_events(text: str, count: int, read: Read) -> None:
    assert len(read(text)) == count


def test_parties_of_a_general_agreement_join_the_exact_event(read: Read) -> None:
    (event,) = read("Seres signed an agreement with Huawei to acquire a 10 percent stake in Avatr.")
    assert {p.name for p in event.participants} == {"Seres", "Huawei", "Avatr"}
    assert (event.kind, event.status) == ("equity", "agreed")


def test_a_general_word_joins_one_kind_only(read: Read) -> None:
    events = read(
        "Kia buys cells from CATL. The cooperation of Kia and CATL grows. Kia and CATL develop software together."
    )
    assert {e.kind for e in events} == {"supply", "technology"}


@pytest.mark.parametrize(
    ("text", "status"),
    [
        pytest.param(
            "Kia will buy cells from CATL. CATL put the value of the contract at 2 billion dollars.",
            "agreed",
            id="there is a contract",
        ),
        pytest.param(
            "Kia is in talks with CATL about battery cells. Kia would buy the cells from CATL from 2028.",
            "negotiating",
            id="talks, then their subject",
        ),
        pytest.param(
            "Kia has scrapped its joint venture with CATL. The joint venture of Kia and CATL was founded in 2021.",
            "ended",
            id="an end, then its history",
        ),
    ],
)
def test_status_of_a_thing_told_twice(text: str, status: str, read: Read) -> None:
    (event,) = read(text)
    assert event.status == status


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("BYD is building a car plant in Szeged. BYD invested 2 billion dollars.", id="plant"),
        pytest.param(
            "CATL makes cells for Kia at its factory in Debrecen, a project of 2 billion dollars.",
            id="plant of a supplier",
        ),
        pytest.param(
            "Kia and CATL will build a battery plant in Zilina through a joint venture. "
            "Kia and CATL will invest 2 billion dollars.",
            id="plant of the partners",
        ),
        pytest.param("Kia formed a joint venture with CATL. Kia is investing 2 billion dollars.", id="venture"),
    ],
)
def test_a_sum_belongs_to_what_it_is_for(text: str, read: Read) -> None:
    (event,) = read(text)
    assert event.type != "investment"
    assert [q.value for q in event.quantities] == [2_000_000_000]


def test_three_of_whom_each_two_have_a_deal_have_one(read: Read) -> None:
    found = read(
        "Ford develops electric motors with Geely. Ford develops electric motors with Renault, too. Geely and Renault "
        "develop electric motors together."
    )
    parties = [{p.name for p in event.participants} for event in found if event.type == "partnership"]
    assert parties == [{"Ford", "Geely", "Renault"}]


def test_two_who_hold_stakes_in_a_third_hold_none_in_one_another(read: Read) -> None:
    text = (
        "Ford has a stake in the battery maker Rimac. Volkswagen bought a stake in Rimac. "
        "Ford and Volkswagen hold equal stakes."
    )
    stakes = [{p.name for p in event.participants} for event in read(text) if event.kind == "equity"]
    assert {"Ford", "Volkswagen"} not in stakes
    assert stakes
