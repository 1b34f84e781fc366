"""From characters to tokens and sentences."""

from __future__ import annotations

from spacy.tokens import Doc, Span

Extent = tuple[int, int]
"""Start and end of a stretch of characters."""


def char_span(doc: Doc, start: int, end: int) -> Span:
    """The tokens that a stretch of characters touches.

    Raises:
        ValueError: The stretch lies outside the text.
    """
    span = doc.char_span(start, end, alignment_mode="expand")
    if span is None:
        raise ValueError(f"{start}:{end} lies outside the text.")
    return span


def sentence_of(span: Span) -> Span:
    """The sentence a span begins in; unlike `Span.sent` it does not look through the whole text first."""
    doc, first, last = span.doc, span.start, span.start + 1
    while first > 0 and not doc[first].is_sent_start:
        first -= 1
    while last < len(doc) and not doc[last].is_sent_start:
        last += 1
    return doc[first:last]
