"""Names of persons, and the offices beside them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from spacy.tokens import Doc, Span, Token

from tasks.extraction.lexicon import WordLists

_PARTICLES: Final = {"van", "von", "de", "del", "da", "di", "bin", "al", "der", "den", "ter"}
_AFTER: Final = 10
_LONGEST: Final = 6
_TITLE_WORDS: Final = 5
_AGE: Final = re.compile(r"[2-9]\d")


@dataclass(frozen=True, slots=True)
class PersonName:
    """A person's name in a text.

    Attributes:
        start: Its first token.
        end: The token after its last.
        title: Tokens of the office beside it, first and end, or None.
    """

    start: int
    end: int
    title: tuple[int, int] | None


def find_person_names(doc: Doc, words: WordLists) -> tuple[PersonName, ...]:
    """Persons named in full, or with an office: "chief executive Ivan Espinosa", "Jacky Liu, head of the unit"."""
    found: dict[int, PersonName] = {}
    for start, end in _candidates(doc, words):
        title = _title_before(doc, start, words) or _title_after(doc, end, words)
        entity = doc[start].ent_type_ == "PERSON"
        whole = end - start > 1
        told = (whole and _has_age(doc, end)) or (entity and _speaks(doc[start:end], words))
        if told or (title and (entity or whole)):
            found.setdefault(start, PersonName(start, end, title))
    return tuple(found[start] for start in sorted(found))


def title_at(doc: Doc, start: int, words: WordLists) -> int | None:
    """The end of the longest office that begins at a token, or None."""
    end = start
    while end < min(start + _TITLE_WORDS, len(doc)) and doc[end].lower_ in words.title_words:
        end += 1
    while end > start and tuple(doc[i].lower_ for i in range(start, end)) not in words.titles:
        end -= 1
    return end if end > start else None


def title_before(doc: Doc, end: int, words: WordLists) -> int | None:
    """The beginning of the longest office that ends right before a token, or None."""
    start = end
    while start > max(end - _TITLE_WORDS, 0) and doc[start - 1].lower_ in words.title_words:
        start -= 1
    while start < end and tuple(doc[i].lower_ for i in range(start, end)) not in words.titles:
        start += 1
    return start if start < end else None


def _candidates(doc: Doc, words: WordLists) -> Iterator[tuple[int, int]]:
    """Stretches of up to six capitalised words, behind any office among them."""
    i = 0
    while i < len(doc):
        if not _is_name_word(doc, i):
            i += 1
            continue
        end = i + 1
        while end < len(doc) and (_is_name_word(doc, end) or _joins(doc, end)) and not doc[end].is_sent_start:
            end += 1
        start = _after_titles(doc, i, end, words)
        if start < end and end - start <= _LONGEST and not _is_company(doc[end - 1], words):
            yield start, end
        i = end


def _is_company(last: Token, words: WordLists) -> bool:
    return last.text in words.legal_forms | words.observer_endings or (last.text,) in words.endings


def _joins(doc: Doc, i: int) -> bool:
    """Whether a word stands within a name: a particle, or the hyphen of "Jung-ho" and what is behind it."""
    if doc[i - 1].text == "-" and not doc[i - 1].whitespace_:
        return doc[i].is_alpha
    if i + 1 == len(doc):
        return False
    if doc[i].text == "-":
        return not doc[i].whitespace_ and not doc[i - 1].whitespace_ and doc[i + 1].is_alpha
    return doc[i].lower_ in _PARTICLES and (_is_name_word(doc, i + 1) or doc[i + 1].lower_ in _PARTICLES)


def _is_name_word(doc: Doc, i: int) -> bool:
    token = doc[i]
    if not token.text[0].isupper() or token.ent_type_ in {"NORP", "DATE"} or (token.is_sent_start and token.is_stop):
        return False
    return token.is_alpha or token.text.endswith(".") or "'" in token.text or "’" in token.text


def _after_titles(doc: Doc, start: int, end: int, words: WordLists) -> int:
    """The token after the last office within a stretch ("Chief Executive Jim Farley")."""
    after = start
    for i in range(start, end):
        stop = title_at(doc, i, words)
        if stop is not None and stop <= end:
            after = max(after, stop)
    return after


def _has_age(doc: Doc, end: int) -> bool:
    """Whether a name is followed by an age: "Shinji Komatsu, 61, said"."""
    behind = [token.text for token in doc[end : end + 3]]
    return len(behind) == 3 and behind[0] == "," and behind[2] in {",", "."} and bool(_AGE.fullmatch(behind[1]))


def _speaks(name: Span, words: WordLists) -> bool:
    """Whether a name of two words or more says something, and is not written like a company's."""
    return " " in name.text and name.root.dep_ == "nsubj" and name.root.head.lemma_ in words.speech_verbs


def _title_before(doc: Doc, start: int, words: WordLists) -> tuple[int, int] | None:
    """The office before a name: "managing director and CEO Shenu Agarwal", "chairman of the group, Li Ming"."""
    if doc[start].is_sent_start:
        return None
    comma = start > 1 and doc[start - 1].text == ","
    end = start - 1 if comma else start
    first = title_before(doc, end, words)
    if first is None:
        return _title_of_somewhere(doc, end, words) if comma else None
    while first > 1 and doc[first - 1].lower_ in {"and", "&"}:
        earlier = title_before(doc, first - 1, words)
        if earlier is None:
            break
        first = earlier
    return first, end


def _title_of_somewhere(doc: Doc, end: int, words: WordLists) -> tuple[int, int] | None:
    """The office in "chairman of the group", which ends before a token."""
    for i in range(end - 1, max(end - _AFTER, 0), -1):
        if doc[i].is_punct or doc[i].is_space or doc[i].pos_ in {"VERB", "AUX"}:
            return None
        if doc[i].lower_ in {"of", "at", "for"}:
            first = title_before(doc, i, words)
            return None if first is None else (first, i)
    return None


def _title_after(doc: Doc, end: int, words: WordLists) -> tuple[int, int] | None:
    if end >= len(doc) or doc[end].text not in {",", "("}:
        return None
    for i in range(end + 1, min(end + _AFTER, len(doc))):
        if doc[i].is_sent_start or doc[i].text in {",", ";"} or doc[i].pos_ in {"VERB", "AUX"}:
            return None
        stop = title_at(doc, i, words)
        if stop is not None:
            return i, _with_second_title(doc, stop, words)
    return None


def _with_second_title(doc: Doc, end: int, words: WordLists) -> int:
    """The end of "MD and group CEO", from the end of its first office."""
    if end >= len(doc) or doc[end].lower_ not in {"and", "&"}:
        return end
    return next((stop for i in (end + 1, end + 2) if (stop := title_at(doc, i, words)) is not None), end)


def surname_tokens(doc: Doc, persons: Iterable[PersonName]) -> Iterator[int]:
    """The tokens at which the last word of a person's name stands alone, if his whole name comes first.

    After "Shinji Komatsu, 61, said" it is he whom "Komatsu" means, not the maker of excavators.
    """
    firsts: dict[str, int] = {}
    for token in doc:
        firsts.setdefault(token.text, token.i)
    for person in persons:
        last = doc[person.end - 1]
        if person.end - person.start > 1 and firsts[last.text] == last.i:
            yield from (token.i for token in doc[person.end :] if token.text == last.text)


def office_tokens(doc: Doc, words: WordLists) -> Iterator[int]:
    """Tokens of offices that are written with capitals, so that they are not taken for names."""
    for token in doc:
        if token.text[0].isupper():
            end = title_at(doc, token.i, words)
            if end is not None:
                yield from range(token.i, end)


def name_words(doc: Doc, names: tuple[PersonName, ...]) -> frozenset[str]:
    """The words of which persons' names are made here, so that "Espinosa" alone is known to be one."""
    return frozenset(doc[i].text for name in names for i in range(name.start, name.end) if doc[i].is_alpha)
