"""One extractor for all tests of a session, and a short way to what it reads from a text."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache

import pytest
from spacy.tokens import Doc

from evpact.reference import load_reference
from evpact.settings import REFERENCE
from tasks.extraction.encoder import Encoder
from tasks.extraction.lexicon import get_lexicon
from tasks.extraction.mentions import find_names
from tasks.extraction.nlp import parse
from tasks.extraction.rules import RuleExtractor
from tasks.extraction.runs import Name
from tasks.records import Article, Event

Read = Callable[..., tuple[Event, ...]]


@pytest.fixture(scope="session")
def extractor() -> RuleExtractor:
    return RuleExtractor(REFERENCE)


@pytest.fixture(scope="session")
def read(extractor: RuleExtractor) -> Read:
    """The events of a text, which is taken to have been published on 1 February 2026."""

    def events(text: str, title: str | None = "Electric vehicles and batteries: electric cars") -> tuple[Event, ...]:
        return extractor.extract(Article("a", title, text, (), None, date(2026, 2, 1), "en", None, "s")).events

    return events


@cache
def encoder() -> Encoder:
    """The encoder of the reference, loaded once."""
    return Encoder(REFERENCE)


def names_in(text: str, title: str | None = None) -> tuple[Doc, dict[str, Name]]:
    """A parsed text, and the names in it."""
    doc = parse(text)
    seen = encoder().see(title or "", text, [sentence.start_char for sentence in doc.sents])
    found = find_names(doc, get_lexicon(load_reference()), title, seen)
    return doc, {doc[name.start : name.end].text: name for name in found}
