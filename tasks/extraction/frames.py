"""Frames: what makes an event, as data, and where one stands in a sentence.

A frame is a line of `seeds/reference/frames.csv`:

    trigger   a verb or noun (lemma), or a phrase: a verb and its particle or object, a compound, "letter of intent"
    object    class of thing that the object must be (`things.csv`), or `org`, `money`, `stake`; empty for any
    roles     position=role pairs; a position is `subject`, `object`, a preposition, or `<position>_owner`;
              a position with "?" is looked at only if no other position has filled the role;
              `topic` is whom the passage is about
    needs     what must be there for the frame to count: `one` or `two` participants, a filled position,
              `singular`, `figure` or `figure:<measure or money>` in the sentence, `concrete` for a figure, date, place
              or model in it; `cue` for a status cue above;
              `role:<role>` for a party in that role; `class:<class>` and `word:<lemma>` for such a thing or
              word in the clause
    done      status once it is a fact
    example   a sentence in which the frame stands; the test of the line, with the participants in `expect`

Lines of one trigger are tried from the top: the more specific stand first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final

from evpact import vocabulary as words
from evpact.errors import ReferenceDataError
from tasks.extraction.linear import Linear, read_linear
from tasks.extraction.syntax import slots
from tasks.extraction.tokens import Token
from tasks.rows import read_rows

ANY: Final = "*"
"""Stands for any verb in a trigger of several words: "* together"."""

_IN_PHRASE = {"prt", "prep", "advmod", "dobj", "xcomp", "npadvmod"}

_COLUMNS: Final = ("trigger", "pos", "object", "roles", "needs", "type", "kind", "done", "example", "expect")


@dataclass(frozen=True)
class Frame:
    """A line of the table of frames."""

    trigger: tuple[str, ...]
    pos: str
    object: str
    roles: tuple[tuple[str, str], ...]
    needs: tuple[str, ...]
    type: str
    kind: str | None
    done: str
    example: str
    expect: str


@dataclass(frozen=True)
class Lexicon:
    """The word tables that frames are matched with.

    Attributes:
        frames: All frames in the order of their table.
        things: Class and kind of things by lemma or compound.
        status_cues: Status by cue.
        kind_cues: Kind of partnership by cue.
        lasting: Cues of what is in force already, also where it is said of the time ahead ("will continue to").
        weak_kind_cues: Cues of kind that count only where there is no other ("battery").
        pairs: The model by which two companies of a sentence are judged.
        tellings: The model by which somebody in a sentence is judged.
    """

    frames: tuple[Frame, ...]
    things: Mapping[str, tuple[str, str | None]]
    status_cues: Mapping[str, str]
    kind_cues: Mapping[str, str]
    lasting: frozenset[str] = frozenset()
    weak_kind_cues: frozenset[str] = frozenset()
    pairs: Linear = field(default_factory=lambda: Linear({}))
    tellings: Linear = field(default_factory=lambda: Linear({}))

    @cached_property
    def endings(self) -> frozenset[frozenset[str]]:
        """Words that speak of an end together: the triggers of frames of what has ended once it is a fact."""
        return frozenset(frozenset(frame.trigger) for frame in self.frames if frame.done == "ended")

    @cached_property
    def by_first_word(self) -> dict[tuple[str, str], list[Frame]]:
        """Frames by the lemma and part of speech of the word they hang on, phrases first; of any verb by `ANY`."""
        index: dict[tuple[str, str], list[Frame]] = defaultdict(list)
        for frame in self.frames:
            hook = frame.trigger[0] if frame.pos == "VERB" or "of" in frame.trigger else frame.trigger[-1]
            index[hook, frame.pos].append(frame)
        of_any = index.get((ANY, "VERB"), [])
        for (hook, pos), frames in index.items():
            if pos == "VERB" and hook != ANY:
                frames.extend(of_any)
            frames.sort(key=lambda f: -len(f.trigger))
        return dict(index)

    def thing(self, token: Token) -> tuple[str, str | None] | None:
        """Class and kind of what a noun names, the compound before the bare noun."""
        lemma = token.lemma_.lower()
        if lemma not in self._nouns and token.lower_ not in self.things:
            return None
        before = token.nbor(-1).lower_ if token.i > 0 else ""
        return self.things.get(f"{before} {lemma}") or self.things.get(lemma) or self.things.get(token.lower_)

    @cached_property
    def _nouns(self) -> frozenset[str]:
        """The last words of the names of things."""
        return frozenset(name.rpartition(" ")[2] for name in self.things)


def unframed(kind: str | None, event_type: str = "partnership") -> Frame:
    """What stands for a frame in an event that a model found."""
    return Frame(
        (ANY,), "VERB", "", (("subject", "partner"), ("with", "partner")), (), event_type, kind, "active", "", ""
    )


def read_lexicon(folder: Path) -> Lexicon:
    """The word tables of a reference folder.

    Raises:
        ReferenceDataError: A table is missing, or a line of it has an illegal word.
    """
    things = read_rows(folder / "things.csv", "word", "class", "kind")
    statuses = _placed(folder / "status_cues.csv", "cue", "status", "lasting", "example")
    kinds = _placed(folder / "kind_cues.csv", "cue", "kind", "weak", "example")
    return Lexicon(
        frames=tuple(_frame(row, place) for row, place in _placed(folder / "frames.csv", *_COLUMNS)),
        things={row["word"]: (row["class"], row["kind"] or None) for row in things},
        status_cues={row["cue"]: _legal(row["status"], words.STATUS, place) for row, place in statuses},
        kind_cues={row["cue"]: _legal(row["kind"], words.PARTNERSHIP_KIND, place) for row, place in kinds},
        lasting=frozenset(row["cue"] for row, _ in statuses if row["lasting"]),
        weak_kind_cues=frozenset(row["cue"] for row, _ in kinds if row["weak"]),
        pairs=read_linear(folder / "pair_weights.csv"),
        tellings=read_linear(folder / "telling_weights.csv"),
    )


def _placed(path: Path, *columns: str) -> list[tuple[dict[str, str], str]]:
    """The rows of a table, each with the place to name where it is wrong."""
    return [(row, f"{path}, line {line}") for line, row in enumerate(read_rows(path, *columns), start=2)]


def _legal(word: str, vocabulary: Iterable[str], place: str) -> str:
    if word not in vocabulary:
        raise ReferenceDataError(f"{place}: {word!r} is not one of {', '.join(vocabulary)}.")
    return word


def _frame(row: dict[str, str], place: str) -> Frame:
    roles = tuple((position, _legal(role, words.ROLE, place)) for position, _, role in
                  (pair.partition("=") for pair in row["roles"].split()))  # fmt: skip
    kind = row["kind"] or None
    if kind is not None:
        _legal(kind, words.KINDS_BY_TYPE.get(row["type"], {}), place)
    return Frame(
        trigger=tuple(row["trigger"].split()),
        pos=_legal(row["pos"], ("VERB", "NOUN"), place),
        object=row["object"],
        roles=roles,
        needs=tuple(row["needs"].split()),
        type=_legal(row["type"], words.EVENT_TYPE, place),
        kind=kind,
        done=_legal(row["done"], words.STATUS, place),
        example=row["example"],
        expect=row["expect"],
    )


@dataclass(frozen=True)
class Match:
    """A frame that stands in a sentence.

    Attributes:
        frame: The frame.
        trigger: The word it hangs on.
        slots: Heads of the noun phrases by position.
        object: Head of the object, if any.
    """

    frame: Frame
    trigger: Token
    slots: Mapping[str, list[Token]]
    object: Token | None


def matches(
    sentence: Iterable[Token], lexicon: Lexicon, classes_of: Callable[[Token], set[str]]
) -> Iterator[list[Match]]:
    """For every trigger in a sentence, the frames whose form fits it, in the order in which they are to be tried.

    Args:
        sentence: Words of a parsed sentence.
        lexicon: Word tables.
        classes_of: Classes of the thing that a word names, organisations and figures included.
    """
    for token in sentence:
        pos = {"VERB": "VERB", "NOUN": "NOUN", "PROPN": "NOUN", "AUX": "VERB"}.get(token.pos_, "")
        index = lexicon.by_first_word
        frames = index.get((token.lemma_.lower(), pos)) or index.get((ANY, pos))
        if not frames:
            continue
        standing = _standing(frames, token)
        if not standing:
            continue
        positions = slots(token)
        fitting = []
        for frame in standing:
            things = positions.get(_object_position(frame), [])
            thing = next((t for t in things if frame.object in classes_of(t)), None) if frame.object else None
            if frame.object and thing is None:
                continue
            fitting.append(Match(frame, token, positions, thing or next(iter(things), None)))
        if fitting:
            yield fitting


def _object_position(frame: Frame) -> str:
    if frame.pos == "NOUN":
        return "of"
    positions = {position for position, _ in frame.roles}
    return "subject" if "subject_owner" in positions and "subject" not in positions else "object"


def _standing(frames: Iterable[Frame], token: Token) -> list[Frame]:
    """The frames whose trigger stands at a word."""
    lemma, near, before = token.lemma_.lower(), _near(token), {c.lower_ for c in token.lefts}
    return [frame for frame in frames if _stands(frame, token, lemma, near, before)]


def _near(token: Token) -> set[str]:
    """Particles, prepositions and objects of a verb, as they stand and as lemmas."""
    found = [c for c in token.children if c.dep_ in _IN_PHRASE]
    found += [c for each in found for c in each.children if c.dep_ in {"pobj", "advmod"}]
    return {word for c in found for word in (c.lemma_.lower(), c.lower_)}


def _stands(frame: Frame, token: Token, lemma: str, near: set[str], before: set[str]) -> bool:
    if len(frame.trigger) == 1:
        return True
    if frame.pos == "VERB" and frame.trigger[0] in {ANY, lemma}:  # a verb with its particle, preposition or object
        return near.issuperset(frame.trigger[1:])
    if "of" in frame.trigger:  # "letter of intent"
        after = [token.nbor(n).lemma_.lower() for n in range(1, len(frame.trigger)) if token.i + n < len(token.doc)]
        return tuple(after) == frame.trigger[1:]
    return (
        before.issuperset(frame.trigger[:-1])
        or all(  # a compound, or a noun and its adjective
            token.i >= n and token.nbor(-n).lower_ == word
            for n, word in enumerate(reversed(frame.trigger[:-1]), start=1)
        )
    )
