"""Quality may not silently fall: the bundled articles are extracted and scored against their labels."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from benchmarks.score import below_floors, extract_labelled, read_floors, read_labels, score_parts
from benchmarks.scoring import score


@pytest.fixture(scope="module")
def labels() -> dict[str, dict[str, Any]]:
    return read_labels()


def test_no_figure_lies_below_its_floor(labels: dict[str, dict[str, Any]]) -> None:
    scores = score_parts(labels, extract_labelled(labels))
    floors = read_floors()
    assert {part: floors[part].keys() for part in scores} == {part: s.figures().keys() for part, s in scores.items()}
    assert below_floors(scores, floors) == []


def test_labels_agree_with_themselves_in_every_figure(labels: dict[str, dict[str, Any]]) -> None:
    events = {i: _with_confidence(label["events"]) for i, label in labels.items()}
    assert set(score(events, events).figures().values()) == {1.0}


@pytest.mark.parametrize(
    ("name", "spoil"),
    [
        ("status", lambda e: e | {"status": "ended" if e["status"] != "ended" else "active"}),
        ("kind", lambda e: e | {"kind": "another"}),
        ("country", lambda e: e | {"countries": ["XX"]}),
        ("date", lambda e: e | {"dates": [{"value": "1999", "role": "start"}]}),
        ("quantities_f1", lambda e: e | {"quantities": [q | {"value": q["value"] * 2 + 1} for q in e["quantities"]]}),
        ("pairs_f1", lambda e: e | {"participants": e["participants"][:1]}),
        ("events_f1", lambda e: e | {"type": "market" if e["type"] == "partnership" else "partnership"}),
    ],
)
def test_a_spoiled_attribute_is_seen(labels: dict[str, dict[str, Any]], name: str, spoil: Any) -> None:
    events = {i: _with_confidence(label["events"]) for i, label in labels.items()}
    spoiled = {i: [spoil(copy.deepcopy(e)) for e in one] for i, one in events.items()}
    assert score(events, spoiled).figures()[name] < 0.5


def test_no_type_has_more_hits_than_were_found_of_it(labels: dict[str, dict[str, Any]]) -> None:
    events = {i: _with_confidence(label["events"]) for i, label in labels.items()}
    neighbours = {"facility": "production"}
    retyped = {i: [e | {"type": neighbours.get(e["type"], e["type"])} for e in one] for i, one in events.items()}
    assert {share.precision for share in score(events, retyped).by_type.values()} == {1.0}


def test_an_event_of_an_irrelevant_article_is_a_false_alarm(labels: dict[str, dict[str, Any]]) -> None:
    irrelevant = next(i for i, label in labels.items() if not label["events"])
    event = _with_confidence(next(label["events"] for label in labels.values() if label["events"]))[0]
    assert score({irrelevant: []}, {irrelevant: [event]}).figures()["no_false_alarm"] == 0


def _with_confidence(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [event | {"confidence": 1.0} for event in events]
