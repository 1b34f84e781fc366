"""What stands on a page and is not the story: known by phrases, which are data, and by form.

The phrases are in `seeds/reference/furniture.csv`, in lower case without punctuation, `#` for any number. A phrase's
place says how it is recognised:

    line       the line holds nothing but this and other such phrases ("Share", "Facebook X LinkedIn", "4 min read")
    start      a short line begins with it ("Sign up for …")
    prefix     a line begins with it and a colon, a bar or a dash ("ALSO READ: …")
    within     a short line holds it anywhere ("… all rights reserved")
    label      the line is a section's name; meant so only above the story ("Analysis")
    credit     a word in the brackets at the end of a line that is a picture's caption ("… (file photo)")
    by, and, after, byline, no name, role, publisher
               words of bylines: what goes before, between and behind names, what stands for a name, what stands there
               and is none, offices, and words in publishers' names
    change, publication
               what stands before the day of a change, and before that of publication

and its effect what goes with it: the `line` alone, the `block` of short lines behind it (and the rest of the page, if
no story goes on there), or the `rest` of the page.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from functools import cache
from typing import Final, Literal

from evpact.errors import ReferenceDataError
from evpact.ids import fold
from evpact.settings import REFERENCE

Effect = Literal["line", "block", "rest"]

TABLE: Final = REFERENCE / "furniture.csv"
PLACES: Final = (
    *("line", "start", "prefix", "within", "credit", "label"),
    *("by", "and", "after", "byline", "no name", "role", "publisher"),
    *("change", "publication"),
)
EFFECTS: Final = ("line", "block", "rest")

MAX_LINE: Final = 600
"""Characters above which a line is too long for anything but a paragraph, and is not looked at further."""

_SHORT: Final = 32
_VERY_SHORT: Final = 20
_LONG_CAPTION: Final = 45
_COPYRIGHT: Final = re.compile(r"^\W*(?:©|\(c\)|&copy;|copyright\b)", re.I)
_AFTER_PREFIX: Final = re.compile(r"\s*(?:[:|»>\]\)]|[-–—](?:\s|$))")
_SENTENCE_END: Final = re.compile(r"[.!?…。！？][\"'”’“‘»«」』)\]]*(?:\s*\([^()]{1,12}\))?$")
_IN_BRACKETS: Final = re.compile(r"[(\[](?P<text>[^()\[\]]{2,60})[)\]]\W*$")
_NUMBER: Final = re.compile(r"\d[\d.,:]*")
_BETWEEN_WORDS: Final = re.compile(r"(?:[^\w#]|_)+")
_WORD: Final = re.compile(r"\w+")
_IDEOGRAPHS: Final = re.compile("[\u3040-\u30ff\u3400-\u9fff]")


@cache
def phrases(place: str) -> dict[str, Effect]:
    """The phrases of a place, each with its effect.

    Raises:
        ReferenceDataError: The table is missing or has an unknown place or effect.
    """
    try:
        with TABLE.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
    except OSError as error:
        raise ReferenceDataError(f"Cannot read {TABLE}: {error.strerror}.") from None
    for number, row in enumerate(rows, 2):
        if row["place"] not in PLACES or row["effect"] not in EFFECTS:
            raise ReferenceDataError(f"{TABLE}, line {number}: unknown place or effect.")
    return {key(row["phrase"]): row["effect"] for row in rows if row["place"] == place}  # type: ignore[misc]


def key(line: str) -> str:
    """The words of a line as the table writes them."""
    return " ".join(_BETWEEN_WORDS.sub(" ", _NUMBER.sub("#", fold(line))).split())


def holds(text: str, place: str) -> bool:
    """Whether a text holds one of the phrases of a place, anywhere in it."""
    words = f" {key(text)} "
    return any(f" {phrase} " in words for phrase in phrases(place))


def count_words(line: str) -> int:
    """Words of a line; of scripts without spaces, two characters count as one."""
    words = len(_WORD.findall(line))
    return words if line.isascii() else words + len(_IDEOGRAPHS.findall(line)) // 2


def is_sentence(line: str) -> bool:
    """Whether a line ends as sentences do and is long enough for one, or is too long for anything else."""
    words = count_words(line)
    return words >= 25 or (words >= 4 and _SENTENCE_END.search(line) is not None)


def is_story(line: str) -> bool:
    """Whether a line has the form of a paragraph of a story."""
    return is_sentence(line) and count_words(line) >= 10


def is_label(line: str) -> bool:
    """Whether a line is the name of a section, or a path of such names."""
    parts = [key(part) for part in re.split(r"[|›»>/•·:]", line)]
    known = phrases("label")
    return all(part in known for part in parts if part)


def effect(line: str) -> Effect | None:
    """What kind of furniture a line is; None for a line of the story."""
    if len(line) > MAX_LINE:
        return None
    if _COPYRIGHT.match(line) and count_words(line) <= _SHORT:
        return "line"
    words = key(line).split()
    if not words:
        return "line"
    if len(words) > 2 * _SHORT:
        return None
    return _all_known(words) or _prefixed(line) or _phrased(words) or ("line" if _is_caption(line) else None)


def _all_known(words: list[str]) -> Effect | None:
    """The effect of a line that is made of known phrases only, read from the left, longest first."""
    known, longest = phrases("line"), _longest("line")
    found: list[Effect] = []
    position = 0
    while position < len(words):
        for length in range(min(longest, len(words) - position), 0, -1):
            if phrase_effect := known.get(" ".join(words[position : position + length])):
                found.append(phrase_effect)
                position += length
                break
        else:
            return None
    return max(found, key=EFFECTS.index)


@cache
def _longest(place: str) -> int:
    return max(len(phrase.split()) for phrase in phrases(place))


def _prefixed(line: str) -> Effect | None:
    found = _prefix_pattern().match(line.lstrip("([*•►▶➤👉⏱️ "))
    if found and _AFTER_PREFIX.match(line.lstrip("([*•►▶➤👉⏱️ "), found.end()):
        return "line"
    return None


@cache
def _prefix_pattern() -> re.Pattern[str]:
    spaced = (r"\W+".join(map(re.escape, phrase.split())) for phrase in _by_length(phrases("prefix")))
    return re.compile(rf"(?:{'|'.join(spaced)})(?!\w)", re.I)


def _by_length(known: Iterable[str]) -> list[str]:
    return sorted(known, key=lambda phrase: (-len(phrase), phrase))


def _phrased(words: list[str]) -> Effect | None:
    if len(words) > _SHORT:
        return None
    line = f" {' '.join(words)} "
    starts = phrases("start")
    beginnings = (" ".join(words[:length]) for length in range(1, min(_longest("start"), len(words)) + 1))
    for beginning in beginnings:
        if phrase_effect := starts.get(beginning):
            return phrase_effect
    for phrase, phrase_effect in phrases("within").items() if count_words(line) <= _VERY_SHORT else ():
        if (phrase if _IDEOGRAPHS.match(phrase) else f" {phrase} ") in line:
            return phrase_effect
    return None


def _is_caption(line: str) -> bool:
    found = _IN_BRACKETS.search(line) if count_words(line) <= _LONG_CAPTION else None
    return found is not None and any(word in phrases("credit") for word in key(found["text"]).split())
