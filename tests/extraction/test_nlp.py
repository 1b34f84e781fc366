"""What this project runs in place of spaCy's own components gives what those give."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import Any

import pytest
from spacy.tokens import Doc, Token

from benchmarks.score import read_articles, read_labels
from tasks.extraction.nlp import load_nlp

TEXTS = [
    *(article.text for article in read_articles(dict(list(read_labels().items())[:8]))),
    "He ain't gonna build it. There's a plant, there are two. Let's go, y'all gotta c'mon; 'nuff said.",
    "\n\n  It is nothin' but got 'em.\n\nSales\n\nFord",
    "",
]


def until(component: str, text: str) -> Doc:
    """A text that has gone through all that stands before a component."""
    nlp = load_nlp()
    before = nlp.pipe_names[: nlp.pipe_names.index(component)]
    parts: list[Any] = [nlp.get_pipe(name) for name in before]
    return reduce(lambda doc, part: part(doc), parts, nlp.make_doc(text))


@pytest.mark.parametrize(
    ("own", "replaced", "shown"),
    [
        ("sentence_parser", ("parser",), lambda token: (token.head.i, token.dep_, token.is_sent_start)),
        (
            "wording",
            ("attribute_ruler", "lemmatizer"),
            lambda token: (token.tag_, token.dep_, token.pos_, token.lemma_),
        ),
        ("recogniser", ("ner",), lambda token: (token.ent_type_, token.ent_iob_)),
    ],
)
def test_own_components_give_what_those_they_replace_give(
    own: str, replaced: tuple[str, ...], shown: Callable[[Token], tuple[str, ...]]
) -> None:
    nlp = load_nlp()
    parts: list[Any] = [nlp.get_pipe(name) for name in replaced]
    mine: Any = nlp.get_pipe(own)
    for text in TEXTS:
        doc = until(own, text)
        wanted = reduce(lambda done, part: part(done), parts, doc.copy())
        assert [shown(token) for token in mine(doc)] == [shown(token) for token in wanted]
