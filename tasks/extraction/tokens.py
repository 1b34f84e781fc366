"""The words of a parsed sentence, read once.

spaCy makes an object for a word whenever it is asked for one, and looks up its strings whenever they are. What a
sentence tells is read from the same words over and over, so they are made plain objects with the same names.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from spacy.tokens import Doc, Span


@dataclass(slots=True, eq=False)
class Token:
    """A word of a sentence, as far as it is asked for; all names mean what they mean in spaCy.

    Attributes:
        doc: All words of the sentence.
        i: Position in the sentence.
        text: The word as it stands.
        lower_: The same in lower case.
        lemma_: Its lemma.
        pos_: Its coarse part of speech.
        tag_: Its fine part of speech.
        dep_: Its dependency.
        like_num: Whether it is a number, in digits or words.
        is_punct: Whether it is a punctuation mark.
        is_title: Whether it has a capital at its beginning only.
        head: The word that it depends on; the word itself at the top.
        children: The words that depend on it, in their order.
    """

    doc: Sequence[Token] = field(repr=False)
    i: int
    text: str
    lower_: str
    lemma_: str
    pos_: str
    tag_: str
    dep_: str
    like_num: bool
    is_punct: bool
    is_title: bool
    head: Token = field(init=False, repr=False)
    children: list[Token] = field(init=False, repr=False, default_factory=list)

    @property
    def lefts(self) -> list[Token]:
        """The words before it that depend on it."""
        return [child for child in self.children if child.i < self.i]

    @property
    def rights(self) -> list[Token]:
        """The words behind it that depend on it."""
        return [child for child in self.children if child.i > self.i]

    @property
    def ancestors(self) -> Iterator[Token]:
        """What it depends on, directly or not, the nearest first."""
        token = self
        while token.head is not token:
            token = token.head
            yield token

    @property
    def subtree(self) -> Iterator[Token]:
        """It with all that depends on it, directly or not."""
        waiting = [(self, False)]
        while waiting:
            token, opened = waiting.pop()
            if opened:
                yield token
            else:
                waiting += [(child, False) for child in reversed(token.rights)]
                waiting.append((token, True))
                waiting += [(child, False) for child in reversed(token.lefts)]

    @property
    def conjuncts(self) -> list[Token]:
        """What it is coordinated with."""
        first = self
        while first.dep_ == "conj" and first.head is not first:
            first = first.head
        found = [first]
        for token in found:
            found += [child for child in token.rights if child.dep_ == "conj"]
        return [token for token in found if token is not self]

    @property
    def left_edge(self) -> Token:
        """The first word of those that depend on it, directly or not."""
        return min(self.subtree, key=lambda token: token.i)

    def nbor(self, step: int = 1) -> Token:
        """The word so many words behind it, or, of a negative number, before it."""
        return self.doc[self.i + step]


def read_tokens(words: Doc | Span) -> list[Token]:
    """The words of a sentence that is parsed."""
    made: list[Token] = []
    for i, word in enumerate(words):
        made.append(
            Token(
                made,
                i,
                word.text,
                word.lower_,
                word.lemma_,
                word.pos_,
                word.tag_,
                word.dep_,
                word.like_num,
                word.is_punct,
                word.is_title,
            )
        )
    for token, word in zip(made, words, strict=True):
        token.head = made[token.i + word.head.i - word.i]
        if token.head is not token:
            token.head.children.append(token)
    return made


def root_of(words: Sequence[Token]) -> Token:
    """Of neighbouring words the one on which the others depend.

    Of several such it is the one least deep in the sentence, a punctuation mark only if there is nothing else.
    """
    inside = range(words[0].i, words[-1].i + 1)
    tops = [token for token in words if token.head is token or token.head.i not in inside]
    return min(tops, key=_depth)


def _depth(token: Token) -> int:
    if token.is_punct and not token.children and token.head is not token:
        return len(token.doc)
    return sum(1 for _ in token.ancestors)
