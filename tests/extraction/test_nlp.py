"""What this project runs in place of spaCy's own components gives what those give."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from itertools import combinations
from typing import Any

import pytest
from spacy.tokens import Doc, Token

from benchmarks.score import read_articles, read_labels
from tasks.extraction.nlp import load_nlp
from tasks.extraction.tokens import read_tokens, root_of

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


def test_tokens_are_what_they_are_in_spacy() -> None:
    def shown(token: Any) -> list[object]:
        around = (token.lefts, token.rights, token.children, token.ancestors, token.subtree, token.conjuncts)
        places = [[each.i - token.i for each in tokens] for tokens in around]
        said = [token.text, token.lower_, token.lemma_, token.pos_, token.tag_, token.dep_]
        kinds = [token.like_num, token.is_punct, token.is_title]
        return [places, said, kinds, token.head.i - token.i, token.left_edge.i - token.i]

    for text in TEXTS:
        for sentence in load_nlp()(text).sents:
            tokens = read_tokens(sentence)
            assert [shown(token) for token in tokens] == [shown(token) for token in sentence]
            for start, end in combinations(range(min(len(tokens), 12) + 1), 2):
                assert root_of(tokens[start:end]).i == sentence[start:end].root.i - sentence.start
