"""Runs of capitalised words, which names are, and what stands right beside them."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from typing import Final

from spacy.tokens import Doc, Span, Token

from tasks.extraction.descriptions import Description, description_ending_at
from tasks.extraction.lexicon import Lexicon, Sense

_JOIN_LEGAL_FORMS: Final = {",", "de"}
BETWEEN_LEGAL_FORMS: Final = _JOIN_LEGAL_FORMS | {"(", ")"}
_LONGEST_NUMBER: Final = 3
INNER_WORDS: Final = {"&", "of", "do", "da", "de", "del", "di", "du", "van", "von"}


@dataclass(frozen=True, slots=True)
class Name:
    """A name in an article.

    Attributes:
        start: Its first token.
        end: The token after its last.
        sense: What it stands for; of a name nobody listed, what its surroundings say.
        locative: It only says where, whence or of what nation, so that it does not act.
        product: It is the maker's part of a product's name ("Nissan Leaf").
    """

    start: int
    end: int
    sense: Sense
    locative: bool = False
    product: bool = False


def description_before(name: Span, lexicon: Lexicon) -> Description | None:
    """The description that leads up to a name: "the Chinese supplier Foo"."""
    last = name.start - 1
    if last < 0 or name[0].is_sent_start or not name.doc[last].text[-1].isalpha() or not name.doc[last].is_lower:
        return None
    return description_ending_at(name.doc, last, lexicon)


def description_after(name: Span, lexicon: Lexicon) -> Description | None:
    """The description set behind a name: "Foo, a Nevada recycler"."""
    doc = name.doc
    comma = name.end
    if comma + 2 >= len(doc) or doc[comma].text != ",":
        return None
    for last in range(comma + 1, min(comma + 14, len(doc))):
        if (doc[last].is_punct and doc[last].text != "-") or (
            doc[last].pos_ in {"VERB", "AUX"} and doc[last].tag_ != "VBN"
        ):
            return None
        found = description_ending_at(doc, last, lexicon)
        if found is not None and found.start == comma + 1:
            return found if found.determiner or found.possessor is not None else None
        if found is not None and doc[comma + 1 : found.start].text.lower() == "one of":
            return found
    return None


def end_of_capitals(doc: Doc, start: int, lexicon: Lexicon, stops: Set[int]) -> int:
    """The end of the words of a name that go on at a token: a legal form, an office or the sentence ends them."""
    end = start
    while end < len(doc) and end not in stops and doc[end - 1].text not in lexicon.words.legal_forms:
        if _is_name_word(doc, end) or _is_electric_prefix(doc, end) or _is_numbered(doc, end):
            end += 1
        elif end + 1 not in stops and _is_name_word(doc, end + 1) and _joins(doc, start - 1, end, lexicon):
            end += 2
        else:
            break
    return end


def _is_name_word(doc: Doc, i: int) -> bool:
    """Whether a token goes on with a name: capitalised, within the sentence, no adjective of nationality."""
    if i >= len(doc) or doc[i].is_sent_start or doc[i].is_punct:
        return False
    return is_capitalised(doc[i]) and doc[i].ent_type_ != "NORP"


def is_capitalised(token: Token) -> bool:
    """Whether a word is written as a name: with a capital, be it within ("eFoo"), but for units ("40 kWh")."""
    if token.text[0].isupper():
        return True
    is_counted = token.i > 0 and token.doc[token.i - 1].like_num
    return token.text[0].islower() and not is_counted and any(char.isupper() for char in token.text[1:])


def _is_numbered(doc: Doc, i: int) -> bool:
    """Whether a small number within a name goes on with it: "Foo 9 Materials"."""
    return doc[i].is_digit and len(doc[i]) <= _LONGEST_NUMBER and _is_name_word(doc, i + 1)


def _is_electric_prefix(doc: Doc, i: int) -> bool:
    """Whether a lower-case letter begins a word of a name, as in "e-Mobility"."""
    return i + 2 < len(doc) and len(doc[i]) == 1 and doc[i].is_lower and doc[i + 1].text == "-" and doc[i + 2].is_title


def _joins(doc: Doc, first: int, i: int, lexicon: Lexicon) -> bool:
    """Whether a word may stand within a name: "&", "do", an inner hyphen, "and" in what an authority is for."""
    token = doc[i]
    if token.text == "-":
        return not token.whitespace_ and not doc[i - 1].whitespace_
    if token.text == "of" and lexicon.is_authority(doc[i - 1].text):
        return True
    if token.text == "and":
        return lexicon.is_authority(doc[first].text)
    if token.text == "of":
        following = doc[i + 1] if i + 1 < len(doc) else token
        return token.ent_type_ == "ORG" and token.ent_iob_ == "I" and following.ent_iob_ == "I"
    return token.text in INNER_WORDS


def legal_end(doc: Doc, start: int, lexicon: Lexicon) -> int:
    """The end of legal forms that follow, with what joins them ("Foo Co., Ltd.", "Foo, S.A. de C.V.", "(Pvt) Ltd")."""
    end, forms = start, lexicon.words.legal_forms
    while end < len(doc):
        if _is_bracketed(doc, end, lexicon):
            end += 3
            continue
        following = end + 1 if doc[end].text in _JOIN_LEGAL_FORMS and end + 1 < len(doc) else end
        if doc[following].text not in forms or doc[following].is_sent_start:
            break
        end = following + 1
    return end


def _is_bracketed(doc: Doc, start: int, lexicon: Lexicon) -> bool:
    """Whether a legal form, letter or place stands in brackets before a legal form: "(Pty) Ltd", "(Thailand) Co."."""
    if start + 3 >= len(doc) or (doc[start].text, doc[start + 2].text) != ("(", ")"):
        return False
    within, forms = doc[start + 1].text, lexicon.words.legal_forms
    is_part = within in forms or within in lexicon.homes or (len(within) == 1 and within.isupper())
    return is_part and doc[start + 3].text in forms


def legal_start(name: Span, lexicon: Lexicon) -> int:
    """The number of words of a name before the legal forms at its end; one at least."""
    size, forms = len(name), lexicon.words.legal_forms
    while size > 1 and (name[size - 1].text in forms or name[size - 1].text in BETWEEN_LEGAL_FORMS):
        size -= 1
    return size
