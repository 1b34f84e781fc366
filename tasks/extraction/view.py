"""The parse that frames are read from: sentences in which every known name is one plain word.

Statistical parsers stumble over names they never saw ("Geely" read as an adverb takes the whole clause with it). Who is
named is known before syntax matters, so each name is put before the tagger and the parser as one frequent company name,
and "per cent" as "percent" and the like; offsets still point into the article.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from spacy.language import Language
from spacy.tokens import Doc, Span

from tasks.extraction.tokens import Token, read_tokens, root_of

STAND_IN: Final = "Microsoft"
_PLAINER: Final = (
    (re.compile(r"per cent\b", re.IGNORECASE), "percent"),
    (re.compile(r"\b(?:co|tie|link|off|mass|know|two|three)-[a-z]+\b", re.IGNORECASE), ""),
    (re.compile(r"(?<=\d\s)(?:crore|lakh)\b", re.IGNORECASE), "million"),
    (re.compile(r"(?:(?<=\d\s)|(?<=illion\s))(?:won|yuan|rand|ringgit|rupiah|baht|reais)\b"), "dollars"),
)
"""Phrases that the parser takes for something else, and what it is given instead: a word that it knows ("9 trillion
won"), or the phrase as one word ("tie-up")."""


@dataclass(frozen=True)
class Sentence:
    """A sentence as the parser saw it.

    Attributes:
        doc: Parsed words, names and fixed phrases as one word each.
        starts: Offset in the article of the first character of each word.
        ends: Offset behind the last character of each word.
    """

    doc: Sequence[Token]
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    @property
    def start(self) -> int:
        """Offset of the first character in the article."""
        return self.starts[0]

    @property
    def end(self) -> int:
        """Offset behind the last character in the article."""
        return self.ends[-1]

    def span(self, token: Token) -> tuple[int, int]:
        """Offsets of a word in the article."""
        return self.starts[token.i], self.ends[token.i]

    def token_at(self, offset: int) -> Token:
        """The word that holds a character of the article, or the last one before it."""
        return self.doc[max(0, bisect_right(self.starts, offset) - 1)]

    def head_of(self, start: int, end: int) -> Token:
        """The word on which all others between two offsets depend."""
        first, last = self.token_at(start), self.token_at(max(start, end - 1))
        return root_of(self.doc[first.i : last.i + 1])


def read_sentences(nlp: Language, sentences: Iterable[Span], names: Iterable[tuple[int, int]]) -> list[Sentence]:
    """Parse sentences anew, each name one word.

    Args:
        nlp: The pipeline whose tagger and parser are used.
        sentences: Sentences of the article's Doc.
        names: Offsets of the names of organisations in the article; overlapping ones are left out.
    """
    spans = sorted(set(names))
    made: list[_Words | Sentence] = []
    for sentence in sentences:
        inside = [s for s in spans if sentence.start_char <= s[0] and s[1] <= sentence.end_char]
        text = sentence.text
        phrases = [
            (sentence.start_char + m.start(), sentence.start_char + m.end(), plainer or m.group())
            for pattern, plainer in _PLAINER
            for m in pattern.finditer(text)
        ]
        if not inside and not phrases and not any(token.is_space for token in sentence):
            made.append(_as_it_is(sentence))
        elif (words := _words(sentence, inside, phrases)).texts:
            made.append(words)
    return _parsed(nlp, made)


@dataclass(frozen=True)
class _Words:
    texts: list[str] = field(default_factory=list)
    spaces: list[bool] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)


def _words(sentence: Span, names: Sequence[tuple[int, int]], phrases: Sequence[tuple[int, int, str]]) -> _Words:
    made = _Words()
    joined = {start: (end, STAND_IN) for start, end in names} | {
        start: (end, plainer) for start, end, plainer in phrases
    }
    covered = -1
    for token in sentence:
        if token.is_space or token.idx < covered:
            continue
        start, end, word, last = token.idx, token.idx + len(token), token.text, token
        if start in joined:
            end, word = joined[start]
            end = max(end, start + 1)
            while last.i + 1 < sentence.end and last.idx + len(last) < end:
                last = last.nbor(1)
            covered = end
        made.texts.append(word)
        made.spaces.append(last.idx + len(last) == end and bool(last.whitespace_))
        made.starts.append(start)
        made.ends.append(end)
    return made


def _as_it_is(sentence: Span) -> Sentence:
    """A sentence without names, as it was parsed within its article."""
    starts = tuple(token.idx for token in sentence)
    return Sentence(read_tokens(sentence), starts, tuple(t.idx + len(t) for t in sentence))


def _parsed(nlp: Language, made: Iterable[_Words | Sentence]) -> list[Sentence]:
    """Sentences in their order, those parsed that are only words as yet."""
    parts = list(made)
    words = [part for part in parts if isinstance(part, _Words)]
    docs = [
        Doc(nlp.vocab, words=each.texts, spaces=each.spaces, sent_starts=[n == 0 for n in range(len(each.texts))])
        for each in words
    ]
    if docs:
        for name in ("tok2vec", "tagger"):
            component: Any = nlp.get_pipe(name)
            docs = list(component.pipe(docs))
        parser: Any = nlp.get_pipe("sentence_parser")
        parser.parse(docs)
        docs = list(map(nlp.get_pipe("wording"), docs))
    anew = iter(Sentence(read_tokens(d), tuple(w.starts), tuple(w.ends)) for d, w in zip(docs, words, strict=True))
    return [part if isinstance(part, Sentence) else next(anew) for part in parts]
