"""Deals that no frame tells: judged by the model of pairs."""

from __future__ import annotations

from pathlib import Path

import pytest

from evpact.errors import ReferenceDataError
from tasks.extraction.linear import Linear, read_linear
from tests.extraction.conftest import Read


def test_weights_are_summed_with_the_bias() -> None:
    model = Linear({"deal": {"": -1.0, "path=supply": 2.0}, "none": {}})
    assert model.score("deal", ["path=supply", "unheard of"]) == 1.0
    assert model.probability("none", ["path=supply"]) == 0.5


def test_a_weight_that_is_no_number_is_named(tmp_path: Path) -> None:
    (tmp_path / "weights.csv").write_text("label,sign,weight\ndeal,path=supply,heavy\n")
    with pytest.raises(ReferenceDataError, match="line 2: 'heavy' is not a number"):
        read_linear(tmp_path / "weights.csv")


def test_a_deal_is_seen_without_a_frame(read: Read) -> None:
    events = read("The electric vans run on cells by CATL, which Ford has sourced since 2023.")
    parties = [{p.name for p in event.participants} for event in events if event.type == "partnership"]
    assert {"CATL", "Ford"} in parties


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Ford sold more electric cars in Norway than BYD and Kia.", id="compared"),
        pytest.param("Analysts expect Ford and BYD to lose market share to Kia.", id="expected"),
        pytest.param("If Ford ever bought cells from Gotion, shareholders would be surprised.", id="condition"),
    ],
)
def test_companies_in_one_sentence_are_no_partners(text: str, read: Read) -> None:
    assert [event for event in read(text) if event.type == "partnership"] == []


def test_who_is_described_by_the_other_may_have_a_deal_with_him(read: Read) -> None:
    events = read("Zorvex runs a hydroxide plant in Suining together with Plimbar, its big neighbour in Jiangxi.")
    parties = [{p.name for p in event.participants} for event in events if event.type == "partnership"]
    assert parties == [{"Zorvex", "Plimbar"}]
