"""What the encoder is asked, and what the models say together."""

from __future__ import annotations

from pathlib import Path
from shutil import copy

import pytest

from evpact.errors import ReferenceDataError
from evpact.settings import REFERENCE
from tasks.extraction.belonging import DATE, FIGURE, Detail, Told
from tasks.extraction.encoder import ENCODER, KIND_OF_DEAL, Encoder, Opinions
from tasks.extraction.judging import likeliest, outvoting
from tasks.extraction.pairs import DEAL
from tasks.extraction.pieces import PIECES, passages_of
from tasks.extraction.scene import Question, Scene, Somebody, questions_of
from tests.extraction.conftest import Read, encoder


def scene(text: str, *names: str, times: int = 1) -> Scene:
    """A text of so many equal sentences, the names in each."""
    sentence = len(text)
    places = [(n * (sentence + 1), n * (sentence + 1) + sentence) for n in range(times)]
    people = tuple(
        Somebody(
            "supplier",
            tuple((start + text.index(name), start + text.index(name) + len(name), False) for start, _ in places),
            observer=False,
            names=(name,),
        )
        for name in names
    )
    return Scene(
        title="",
        text=" ".join([text] * times),
        sentences=tuple(places),
        telling=frozenset(range(times)),
        people=people,
        nations=(),
        present=tuple(frozenset(range(len(names))) for _ in places),
        kin=frozenset(),
        figures=(),
    )


def asked(about: Scene) -> list[Question]:
    """The questions about a scene."""
    starts = [start for start, _ in about.sentences]
    return list(questions_of(about, passages_of(encoder().pieces(about.text), starts)))


def judged(about: Scene) -> Opinions:
    """What the encoder says of a scene."""
    seen = encoder().see(about.title, about.text, [start for start, _ in about.sentences])
    return encoder().judge(about, seen)


def test_every_two_of_a_sentence_are_asked_about() -> None:
    (question,) = asked(scene("Foo, Bar and Baz met.", "Foo", "Bar", "Baz"))
    assert question.pairs == ((0, 0, 1), (0, 0, 2), (0, 1, 2))
    assert question.tellings == ((0, 0), (0, 1), (0, 2))


def test_who_is_named_elsewhere_is_asked_about_too() -> None:
    about = scene("Foo makes cells.", "Foo", times=2)
    other = Somebody("automaker", ((17, 20, False),), observer=False, names=("Bar",))
    text = "Foo makes cells. Bar buys all its cells."
    about = Scene(
        "", text, ((0, 16), (17, 40)), frozenset({0, 1}),
        (Somebody("supplier", ((0, 3, False),), observer=False, names=("Foo",)), other), (),
        (frozenset({0}), frozenset({1})), frozenset(), (),
    )  # fmt: skip
    (question,) = asked(about)
    assert question.pairs == ((0, 0, 1), (1, 1, 0))
    assert not question.pair_facts[:, 0].any()


def test_a_text_of_many_names_is_asked_about_within_bounds() -> None:
    names = [f"Firm{number}" for number in range(300)]
    about = scene(f"{', '.join(names)} met.", *names, times=30)
    questions = asked(about)
    assert sum(len(question.pairs) for question in questions) < 30_000
    assert all(len(question.pieces) <= 4 * 460 for question in questions)


def test_what_is_told_of_whom_does_not_depend_on_when_it_is_asked() -> None:
    about = scene("Foo supplies Bar with battery cells.", "Foo", "Bar")
    first, second = (judged(about).of_deal(0, 0, 1) for _ in range(2))
    assert first is not None
    assert second is not None
    assert first.score(DEAL) == second.score(DEAL) > 0
    assert likeliest(first.likelihoods(KIND_OF_DEAL)) == "supply"


def test_a_date_belongs_to_the_event_of_its_clause() -> None:
    text = "Foo opened its battery plant in Poland in 2019, and Bar will build one in Spain in 2027."
    about = scene(text, "Foo", "Bar")
    seen = encoder().see("", text, [0])
    details = [Detail(DATE, text.index(year), text.index(year) + 4) for year in ("2019", "2027")]
    told = [Told(0, (0,), "facility", "active"), Told(0, (1,), "facility", "announced")]
    opened, planned = encoder().belong(about, seen, told, details)
    assert opened[details[0]] > opened[details[1]]
    assert planned[details[1]] > planned[details[0]]


def test_what_stands_far_away_is_not_asked_about() -> None:
    about = scene("Foo makes cells here.", "Foo", times=9)
    seen = encoder().see("", about.text, [start for start, _ in about.sentences])
    far, near = (Detail(FIGURE, start, start + 3) for start, _ in (about.sentences[8], about.sentences[1]))
    (own,) = encoder().belong(about, seen, [Told(0, (0,), "production", None)], [far, near])
    assert set(own) == {near}


def test_a_text_without_names_is_asked_nothing() -> None:
    assert judged(scene("It rains.")).deals == {}


def test_a_missing_or_broken_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(ReferenceDataError, match=r"encoder\.onnx is missing"):
        Encoder(tmp_path)
    copy(REFERENCE / PIECES, tmp_path)
    (tmp_path / ENCODER).write_bytes(b"no model")
    with pytest.raises(ReferenceDataError, match=r"encoder\.onnx is no model"):
        Encoder(tmp_path)


def test_only_a_sure_model_outvotes() -> None:
    assert outvoting("agreed", {"active": 0.7, "agreed": 0.3}, 0.9) == "agreed"
    assert outvoting("agreed", {"active": 0.7, "agreed": 0.3}, 0.6) == "active"
    assert outvoting(None, {"active": 0.5, "agreed": 0.5}, 0.6) is None


def test_a_deal_is_seen_whose_sides_stand_in_two_sentences(read: Read) -> None:
    events = read("Nikola has built its first 12 electric trucks in Ulm. The axles come from Meritor of Michigan.")
    parties = [{p.name for p in event.participants} for event in events if event.type == "partnership"]
    assert {"Nikola", "Meritor"} in parties
