"""Phrases that describe an organisation without naming it: "the Stuttgart-based carmaker", "Chinese battery makers"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from spacy.tokens import Doc, Token

from tasks.extraction.lexicon import Lexicon

_MODIFIER_TAGS: Final = {"JJ", "JJR", "JJS", "NN", "NNP", "NNPS", "VBN", "VBG", "CD", "RB", "RBR", "RBS", "HYPH", "POS"}
_NUMBERS: Final = {"two": 2, "both": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_DEFINITE: Final = {"the", "this", "that", "these", "those", "both", "each", "either"}
_POSSESSIVE: Final = {"its", "their", "our", "his", "her"}
_WIDEST: Final = 12


@dataclass(frozen=True, slots=True)
class Description:
    """A noun phrase whose noun is a word for an organisation.

    Attributes:
        start: Its first token, the determiner included.
        end: The token after the noun.
        noun: The first token of the noun, which may have several words.
        kind: What the noun implies, or "" where it fits any.
        refers_back: Whether the noun takes up somebody, as `lexicon.Noun` says it.
        country: Country that the phrase gives it, or None.
        place: The town of "Stuttgart-based" or "the Dearborn company", or None.
        area: Where a group is from if not a country: "European", "foreign".
        determiner: `definite`, `indefinite`, `possessive` or "".
        plural: Whether it means several.
        number: How many, if the phrase says so.
        possessor: The token before the possessive "'s" within the phrase ("Geely's Swedish offshoot"), or None.
    """

    start: int
    end: int
    noun: int
    kind: str
    refers_back: str
    country: str | None
    place: str | None
    area: str | None
    determiner: str
    plural: bool
    number: int | None
    possessor: int | None

    @property
    def modified(self) -> int:
        """The first token after the determiner and the number."""
        return self.start + (self.determiner != "") + (self.number is not None)


def find_descriptions(doc: Doc, lexicon: Lexicon) -> Iterator[Description]:
    """Descriptions in the order of the text; of nouns that overlap, the longest."""
    for last in range(len(doc)):
        found = description_ending_at(doc, last, lexicon)
        if found is not None:
            yield found


def description_ending_at(doc: Doc, last: int, lexicon: Lexicon) -> Description | None:
    """The description whose noun ends with that token, or None."""
    token = doc[last]
    hyphenated = last > 1 and doc[last - 1].text == "-"  # the tagger takes "up" of "start-up" for a preposition
    if not (hyphenated or token.pos_ in {"NOUN", "PROPN"}) or (last + 1 < len(doc) and _goes_on(doc[last + 1])):
        return None
    noun = lexicon.noun_ending_at(doc, last)
    if noun is None:
        return None
    start = _start_of_phrase(doc, noun[0])
    words = [doc[i].lower_ for i in range(start, noun[0])]
    country, place = _origin(doc, start, noun[0], lexicon)
    return Description(
        start=start,
        end=last + 1,
        noun=noun[0],
        kind=noun[1].kind,
        refers_back=noun[1].refers_back,
        country=country,
        place=place,
        area=_area(words, lexicon),
        determiner=_determiner(words),
        plural=_is_plural(token),
        number=next((_NUMBERS[word] for word in words if word in _NUMBERS), _number_in(token)),
        possessor=next((i - 1 for i in range(noun[0] - 1, start, -1) if doc[i].tag_ == "POS"), None),
    )


def _goes_on(token: Token) -> bool:
    """Whether the noun before is only the first part of a compound ("battery maker shares")."""
    return (token.tag_ in {"NN", "NNS"} and token.is_lower) or token.tag_ == "HYPH"


def _start_of_phrase(doc: Doc, noun: int) -> int:
    start = noun
    while start > max(0, noun - _WIDEST) and not doc[start].is_sent_start:
        before = doc[start - 1]
        if before.tag_ in {"DT", "PRP$", "PDT", "PRP"} and before.lower_ in (_DEFINITE | _POSSESSIVE | {"a", "an"}):
            return start - 1
        if before.tag_ not in _MODIFIER_TAGS or before.is_space:
            return start
        start -= 1
    return start


def _determiner(words: list[str]) -> str:
    if not words:
        return ""
    if words[0] in _DEFINITE:
        return "definite"
    if words[0] in _POSSESSIVE:
        return "possessive"
    return "indefinite" if words[0] in {"a", "an"} else ""


def _number_in(noun: Token) -> int | None:
    return {"pair": 2, "duo": 2, "trio": 3}.get(noun.lower_)


def _is_plural(token: Token) -> bool:
    return token.tag_ in {"NNS", "NNPS"} or token.lower_ in {"oems"}


def _area(words: list[str], lexicon: Lexicon) -> str | None:
    for size in (3, 2, 1):
        for i in range(len(words) + 1 - size):
            if tuple(words[i : i + size]) in lexicon.words.areas:
                return " ".join(words[i : i + size])
    return None


def _origin(doc: Doc, start: int, end: int, lexicon: Lexicon) -> tuple[str | None, str | None]:
    """The country and the town that the words before a noun give it."""
    country = place = None
    for i in range(start, end):
        for size in (3, 2, 1):
            text = doc[i : min(i + size, end)].text
            if text in lexicon.demonyms or text in lexicon.homes:
                country = country or lexicon.demonyms.get(text) or lexicon.homes[text]
                break
        if doc[i].tag_ in {"NNP", "NNPS"} and (i + 1 == end or doc[i + 1].text == "-"):
            place = None if doc[i].text in lexicon.country_words else doc[i].text
    return country, place
