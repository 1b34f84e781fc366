"""The first layer of spaCy's models, kept for each form of a word: the same vectors for less work.

What that layer makes of a word depends on nothing but how the word is written. It takes a third of a model's time, and
most words of a text have been seen before.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Doc
from thinc.api import Model

MOST_FORMS: Final = 50_000
"""Forms of words that are kept, some 40 megabytes; when there are more, all are forgotten."""


def remember_embeddings(tok2vec: Model[Any, Any]) -> None:
    """Let a model of vectors (spaCy's `Tok2Vec`, which embeds by hashes) keep what it makes of each form of a word."""
    embed = tok2vec.layers[0]
    features, _, hashed, mixed, _ = embed.layers
    remembered = _Remembered(features.attrs["columns"], hashed, mixed)
    tok2vec.layers[0] = Model("remembered", lambda model, docs, is_train: (remembered(docs), _cannot_learn))


def _cannot_learn(gradient: Any) -> Any:
    raise NotImplementedError("Vectors that are kept cannot be trained.")


class _Remembered:
    def __init__(self, columns: list[int | str], hashed: Model[Any, Any], mixed: Model[Any, Any]) -> None:
        self._columns = columns
        self._hashed = hashed
        self._mixed = mixed
        self._vectors: dict[tuple[int, ...], NDArray[np.float32]] = {}

    def __call__(self, docs: list[Doc]) -> list[NDArray[np.float32]]:
        """The vectors of the words of each text."""
        if len(self._vectors) > MOST_FORMS:
            self._vectors.clear()
        return [self._embedded(doc) for doc in docs]

    def _embedded(self, doc: Doc) -> NDArray[np.float32]:
        forms = [tuple(form) for form in doc.to_array(self._columns).tolist()]
        new = [form for form in dict.fromkeys(forms) if form not in self._vectors]
        if new:
            made = self._mixed.predict(self._hashed.predict(np.array(new, dtype=np.uint64)))
            self._vectors.update(zip(new, made, strict=True))
        return np.array([self._vectors[form] for form in forms]).reshape(len(forms), -1)
