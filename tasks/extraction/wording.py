"""Parts of speech and lemmas, looked up rather than worked out for every word anew: the same as spaCy's, much faster.

spaCy's rules for them hold some two hundred patterns against each word. But nearly all are about a single word, its tag
and its place in the parse, so what they say of such a word is worked out once and kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

import numpy as np
from spacy.pipeline import AttributeRuler, Lemmatizer
from spacy.tokens import Doc
from spacy.vocab import Vocab

from evpact.errors import ConfigurationError

_CONDITIONS: Final = {"LOWER", "TAG", "DEP", "IS_SPACE"}
_READ: Final[list[int | str]] = ["LOWER", "ORTH", "TAG", "DEP", "POS", "LEMMA"]
_WRITTEN: Final[list[int | str]] = ["TAG", "DEP", "POS", "LEMMA"]


class Wording:
    """Sets what an attribute ruler and a lemmatizer of spaCy set, but for the morphology.

    Args:
        vocab: Vocabulary of the pipeline.
        ruler: Its rules; of those about a word none may undo what one about several words says.
        lemmatizer: It goes by a word, its part of speech and its morphology.

    Raises:
        ConfigurationError: A rule looks at more of a word than itself, its tag and its place.
    """

    def __init__(self, vocab: Vocab, ruler: AttributeRuler, lemmatizer: Lemmatizer) -> None:
        self._vocab = vocab
        self._lemmatizer = _with_sets(lemmatizer)
        rules: list[Any] = ruler.patterns
        of_several = [rule for rule in rules if any(len(words) > 1 for words in rule["patterns"])]
        of_one = [rule for rule in rules if rule not in of_several]
        self._phrases = AttributeRuler(vocab)
        self._phrases.add_patterns(of_several)
        self._words = AttributeRuler(vocab)
        self._words.add_patterns(of_one)
        self._named = re.compile("|".join(_conditions(of_one)))
        self._classes: dict[int, int] = {}
        self._ruled: dict[tuple[int, int, int], tuple[int, int, int, int, int]] = {}
        self._lemmas: dict[tuple[int, int, int], int] = {}

    def __call__(self, doc: Doc) -> Doc:
        """Set the parts of speech and lemmas of a tagged and parsed text."""
        if len(doc):
            self._phrases(doc)
            values: Any = np.array([self._row(*row) for row in doc.to_array(_READ).tolist()], dtype=np.uint64)
            doc.from_array(_WRITTEN, values)
        return doc

    def _row(self, lower: int, orth: int, tag: int, dep: int, pos: int, lemma: int) -> tuple[int, int, int, int]:
        """Tag, place, part of speech and lemma of a word; the last two may be set already."""
        if lower not in self._classes:
            self._classes[lower] = lower if self._named.fullmatch(self._vocab.strings[lower]) else 0
        key = (self._classes[lower], tag, dep)
        if key not in self._ruled:
            self._ruled[key] = self._rules(lower, tag, dep)
        tag, dep, own_pos, own_lemma, morph = self._ruled[key]
        pos, lemma = pos or own_pos, lemma or own_lemma
        if not lemma:
            form = (orth, pos, morph)
            if form not in self._lemmas:
                self._lemmas[form] = self._lemma(*form)
            lemma = self._lemmas[form]
        return tag, dep, pos, lemma

    def _rules(self, lower: int, tag: int, dep: int) -> tuple[int, int, int, int, int]:
        """Tag, place, part of speech, lemma if any, and morphology that the rules give a word."""
        strings = self._vocab.strings
        doc = Doc(self._vocab, words=[strings[lower]], tags=[strings[tag]], deps=[strings[dep]], heads=[0])
        tag, dep, pos, lemma, morph = self._words(doc).to_array([*_WRITTEN, "MORPH"])[0].tolist()
        return tag, dep, pos, lemma, morph

    def _lemma(self, orth: int, pos: int, morph: int) -> int:
        strings = self._vocab.strings
        doc = Doc(self._vocab, words=[strings[orth]], pos=[strings[pos]], morphs=[strings[morph]])
        return self._lemmatizer(doc)[0].lemma


def _with_sets(lemmatizer: Lemmatizer) -> Lemmatizer:
    """A lemmatizer that looks words up in sets, where it comes with lists that it goes through from the beginning."""
    known = lemmatizer.lookups.get_table("lemma_index")
    for pos in list(known):
        known[pos] = frozenset(known[pos])
    return lemmatizer


def _conditions(rules: Iterable[Any]) -> Iterator[str]:
    """Expressions for the words that rules name, blanks among them."""
    yield r"\s+"
    for rule in rules:
        for (word,) in rule["patterns"]:
            if not _CONDITIONS.issuperset(word):
                raise ConfigurationError(f"The English model has a rule that is not understood here: {word}.")
            named = word.get("LOWER", {"IN": []})
            if isinstance(named, str):
                yield re.escape(named)
            else:
                yield from map(re.escape, named.get("IN", []))
                yield from [named["REGEX"]] if "REGEX" in named else []
