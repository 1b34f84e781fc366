"""Every line of the tables of frames and cues is shown to work by its own example."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest

from evpact import vocabulary as words
from evpact.settings import REFERENCE
from tasks.extraction import get_extractor
from tasks.extraction.drafted import Draft
from tasks.extraction.frames import Frame, read_lexicon
from tasks.extraction.nlp import parse
from tasks.extraction.parties import Understood
from tasks.extraction.rules import RuleExtractor
from tasks.records import Article, Event

CONTEXT = "Electric cars and the batteries of electric vehicles are made by automakers."
"""A sentence that puts an example into the field without stating anything."""


@cache
def extracted(example: str) -> tuple[Event, ...]:
    article = Article("a", None, f"{CONTEXT}\n\n{example}", language="en")
    return get_extractor("rules", REFERENCE).extract(article).events


def framed(extractor: RuleExtractor, example: str) -> tuple[Understood, Sequence[Draft]]:
    """An example word by word, and what frames say of it before the models have their say."""
    text = f"{CONTEXT}\n\n{example}"
    understood = extractor.understand(Article("a", None, text, language="en"), parse(text))
    return understood, extractor.drafter.framed(understood).drafts


def rows(name: str) -> list[dict[str, str]]:
    with (Path(REFERENCE) / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def expected_roles(frame: Frame) -> set[tuple[str, str]]:
    pairs = (pair.partition("=") for pair in frame.expect.split(";"))
    return {(name.strip(), role.strip()) for name, _, role in pairs}


@pytest.mark.parametrize(
    "frame", read_lexicon(REFERENCE).frames, ids=lambda f: f"{'_'.join(f.trigger)}-{f.pos}-{f.type}-{f.kind}"
)
def test_a_frame_is_found_in_its_example(frame: Frame, extractor: RuleExtractor) -> None:
    wanted = expected_roles(frame)
    understood, drafts = framed(extractor, frame.example)
    told = [
        (d.type, d.kind, {(extractor.names_of(p, understood)[0], role) for p, role in d.parties.items()})
        for d in drafts
    ]
    assert any(t == frame.type and frame.kind in {None, k} and wanted <= roles for t, k, roles in told), told


def test_the_models_believe_nearly_all_frames() -> None:
    frames = read_lexicon(REFERENCE).frames[::4]  # all of them take minutes on an old processor
    lost = [f.example for f in frames if f.type not in {event.type for event in extracted(f.example)}]
    assert len(lost) < len(frames) / 25, lost


@pytest.mark.parametrize("row", rows("status_cues.csv"), ids=lambda row: row["cue"])
def test_a_cue_of_status_decides_in_its_example(row: dict[str, str], extractor: RuleExtractor) -> None:
    assert row["status"] in {draft.status for draft in framed(extractor, row["example"])[1]}


@pytest.mark.parametrize("row", rows("kind_cues.csv"), ids=lambda row: row["cue"])
def test_a_cue_of_kind_decides_in_its_example(row: dict[str, str], extractor: RuleExtractor) -> None:
    assert row["kind"] in {draft.kind for draft in framed(extractor, row["example"])[1]}


@pytest.mark.parametrize("row", rows("attribution_cues.csv"), ids=lambda row: row["cue"])
def test_a_cue_of_attribution_decides_in_its_example(row: dict[str, str]) -> None:
    assert row["attribution"] in {event.attribution for event in extracted(row["example"])}


@pytest.mark.parametrize("table", ["things.csv", "scope.csv", "status_cues.csv", "kind_cues.csv"])
def test_no_word_stands_twice(table: str) -> None:
    first = next(iter(rows(table)[0]))
    assert [word for word, n in Counter(row[first] for row in rows(table)).items() if n > 1] == []


def test_kinds_and_roles_are_legal() -> None:
    for frame in read_lexicon(REFERENCE).frames:
        assert frame.kind is None or frame.kind in words.KINDS_BY_TYPE[frame.type]
        assert {role for _, role in frame.roles} <= set(words.ROLE)
