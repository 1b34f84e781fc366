"""Persons named with an office or quoted, and what they are quoted with."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from spacy.tokens import Doc, Span, Token

from evpact.ids import fold
from tasks.extraction.lexicon import load_words
from tasks.extraction.persons import PersonName, find_person_names
from tasks.records import Person, Quote

if TYPE_CHECKING:
    from tasks.extraction.entities import Entities, Entity

_QUOTED: Final = re.compile(
    r"“(?P<curly>[^”]+)(?:”|$)|(?<![\w\"])\"(?P<straight>[^\"]+)\"|«\s?(?P<angle>[^»]+?)\s?»"
    r"|(?<!\w)‘(?P<single>[^‘]{12,}?[,.?!])’(?!\w)"
)
_PARAGRAPH: Final = re.compile(r"[^\n]+(?:\n(?!\n)[^\n]+)*")
_OF: Final = {"of", "at", "for", "with", "in"}
_WIDEST: Final = 8
"""Tokens between a person's office and the organisation, and between a quote and who said it."""


def find_people(doc: Doc, entities: Entities) -> tuple[Person, ...]:
    """Persons named with an office or quoted, in the order of the text, each once under the fullest name.

    Args:
        doc: The parsed text.
        entities: Whom the text is about, as `link_entities` found them.
    """
    found: dict[str, Person] = {}
    for name in find_person_names(doc, load_words()):
        text = doc[name.start : name.end].text
        entity = _organization(doc, name, entities)
        person = Person(
            name=text,
            title=_title(doc, name),
            organization=entity.name if entity else None,
            org_id=entity.org_id if entity else None,
        )
        key = next((key for key in found if _same_person(key, fold(text))), fold(text))
        found[key] = _joined(found[key], person) if key in found else person
    return tuple(found.values())


def find_quotes(doc: Doc, people: Iterable[Person]) -> tuple[Quote, ...]:
    """What named persons are quoted with, in the order of the text; the parts of a broken one are quotes too.

    Quotes whose speaker is not certain are left out. Spans lie within the quotation marks.
    """
    speakers = _speakers_by_token(doc, people)
    quotes: list[Quote] = []
    last: tuple[int, str] | None = None
    for number, spans in enumerate(_quoted_by_paragraph(doc.text)):
        for start, end in spans:
            inner = doc.char_span(start, end, alignment_mode="contract")
            if inner is None or not inner.text.strip():
                continue
            before = last[1] if last is not None and number - last[0] <= 1 else None
            speaker = _speaker(doc, inner, speakers, before)
            if speaker is None and last is not None and last[0] == number and _goes_on(inner):
                speaker = last[1]
            if speaker is not None:
                quotes.append(Quote(speaker, start, end))
                last = (number, speaker)
    return tuple(quotes)


def _same_person(one: str, other: str) -> bool:
    """Whether a name is the other one or its last words."""
    short, long = sorted((one.split(), other.split()), key=len)
    return long[-len(short) :] == short


def _joined(one: Person, other: Person) -> Person:
    belongs = one if one.organization else other
    return Person(
        name=max(one.name, other.name, key=len),
        title=one.title or other.title,
        organization=belongs.organization,
        org_id=belongs.org_id,
    )


def _title(doc: Doc, name: PersonName) -> str | None:
    return doc[name.title[0] : name.title[1]].text if name.title else None


def _organization(doc: Doc, name: PersonName, entities: Entities) -> Entity | None:
    """Where a person holds the office: "Nissan chief executive …", "…, chairman of CALB"."""
    if name.title is None:
        return None
    first, end = name.title
    before = []
    for i in range(first - 1, max(first - 1 - _WIDEST, -1), -1):
        if i < name.end <= first or _ends_phrase(doc[i]):
            break
        entity = entities.at(i)
        if entity is not None and not entity.observer:
            before.append(entity)
    if before:
        # "Foo Hungary managing director" works for Foo; only where nobody else is named is it a state's office.
        return next((entity for entity in before if entity.kind != "government"), before[0])
    beside = entities.at(end) if end < len(doc) and first >= name.end else None
    if beside is not None and not beside.observer:
        return beside
    if end < len(doc) and doc[end].lower_ in _OF:
        for i in range(end + 1, min(end + 1 + _WIDEST, len(doc))):
            if _ends_phrase(doc[i]):
                return None
            entity = entities.at(i)
            if entity is not None and not entity.observer:
                return entity
    return None


def _ends_phrase(token: Token) -> bool:
    return token.text in {",", ";", ".", ":", "(", ")"} or token.is_space or token.pos_ in {"VERB", "AUX", "SCONJ"}


# Quotes


def _quoted_by_paragraph(text: str) -> Iterator[list[tuple[int, int]]]:
    """The insides of quotation marks, paragraph by paragraph; a quote left open runs to the end of its paragraph."""
    for paragraph in _PARAGRAPH.finditer(text):
        spans = []
        for match in _QUOTED.finditer(paragraph.group()):
            group = match.lastgroup or 0
            start, end = match.start(group), match.end(group)
            spans.append((paragraph.start() + start, paragraph.start() + end))
        yield spans


def _speakers_by_token(doc: Doc, people: Iterable[Person]) -> dict[int, str]:
    """The person that a token names, by a full name or by one word of it that no other person has."""
    words: dict[str, str | None] = {}
    for person in people:
        for word in person.name.split():
            words[word] = person.name if words.get(word, person.name) == person.name else None
    return {token.i: name for token in doc if (name := words.get(token.text)) and token.text[0].isupper()}


def _speaker(doc: Doc, inner: Span, speakers: dict[int, str], before: str | None) -> str | None:
    """Who says a quote: told behind it ("…," Espinosa said), or before it (Espinosa said: "…")."""
    behind = _attribution_behind(doc, inner)
    found = _named_in(behind, speakers, before) if behind is not None else None
    return found or _named_in(_attribution_before(doc, inner), speakers, before)


def _attribution_behind(doc: Doc, inner: Span) -> Span | None:
    """The rest of the sentence behind a quote that does not end one."""
    start = inner.end + 1
    if start >= len(doc) or doc[start].is_space:
        return None
    end = start
    while end < len(doc) and not doc[end].is_space and doc[end].text not in {".", '"', "“", ";"}:
        end += 1
    return doc[start:end]


def _attribution_before(doc: Doc, inner: Span) -> Span:
    """The beginning of the sentence that a quote stands in."""
    start = end = max(inner.start - 1, 0)
    while start > 0 and not doc[start].is_sent_start and doc[start - 1].text not in {'"', "”"}:
        start -= 1
    return doc[start:end]


def _named_in(words: Span, speakers: dict[int, str], before: str | None) -> str | None:
    """The speaker in an attribution: a person beside a verb of saying, or a pronoun for the speaker before."""
    verbs = load_words().speech_verbs
    saying = [token for token in words if token.lemma_.lower() in verbs and token.pos_ in {"VERB", "AUX"}]
    if not saying:
        says = words.text.lower().startswith("according to") or words.text.lower().endswith(("according to", ":"))
        return next((speakers[token.i] for token in words if token.i in speakers), None) if says else None
    named = [token for token in words if token.i in speakers]
    if named:
        nearest = min(named, key=lambda token: (abs(token.i - saying[0].i), token.i))
        return speakers[nearest.i] if abs(nearest.i - saying[0].i) <= 3 * _WIDEST else None
    if any(token.lower_ in {"he", "she"} for token in words):
        return _last_spoken_of(words, speakers, before)
    return None


def _last_spoken_of(words: Span, speakers: dict[int, str], before: str | None) -> str | None:
    """Whom "he" or "she" means: the last person of the paragraph, or else the speaker before; no one unnamed."""
    for i in range(words.start - 1, -1, -1):
        token = words.doc[i]
        if token.is_space and "\n\n" in token.text:
            break
        if i in speakers:
            return speakers[i]
        if token.dep_ == "nsubj" and any(child.lower_ in {"a", "an", "one"} for child in token.children):
            return None
    return before


def _goes_on(inner: Span) -> bool:
    """Whether a quote is a sentence of its own, so that it may go on with what the same person said before."""
    return inner.text[0].isupper() and len(inner) > 2
