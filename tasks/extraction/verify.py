"""Nothing an extractor says is taken on trust: words must be legal and spans must lie in the article."""

from __future__ import annotations

import math

from evpact import vocabulary as words
from tasks.records import Article, Event, Extraction


class ExtractorFaultError(Exception):
    """An extractor broke its contract: a fault of its code, not of the article."""


def verified(article: Article, extraction: Extraction) -> Extraction:
    """The extraction, unchanged, once it is shown to keep the contract of `tasks.records`.

    Raises:
        ExtractorFaultError: It is of another article, has an illegal word, or a span outside the text.
    """
    faults = list(_faults(article, extraction))
    if faults:
        raise ExtractorFaultError(f"{extraction.extractor} on {article.article_id}: {'; '.join(faults)}")
    return extraction


def _faults(article: Article, extraction: Extraction) -> list[str]:
    size = len(article.text)
    events = (*extraction.events, *extraction.doubtful)
    spans = [(e.evidence_start, e.evidence_end) for e in events]
    spans += [(q.start, q.end) for e in events for q in e.quantities]
    spans += [(q.start, q.end) for q in extraction.quotes]
    faults = [f"span {start}:{end} is outside the text" for start, end in spans if not 0 <= start < end <= size]
    if extraction.article_id != article.article_id:
        faults.append(f"it is of article {extraction.article_id}")
    faults += [fault for event in events for fault in _event_faults(event)]
    people = {person.name for person in extraction.people}
    faults += [f"quote of unknown person {q.person!r}" for q in extraction.quotes if q.person not in people]
    return faults


def _event_faults(event: Event) -> list[str]:
    legal = [
        (event.type, words.EVENT_TYPE),
        (event.status, words.STATUS),
        (event.attribution, words.ATTRIBUTION),
        *((p.role, words.ROLE) for p in event.participants),
        *((p.kind, words.ORGANIZATION_KIND) for p in event.participants),
        *((d.role, words.DATE_ROLE) for d in event.dates),
        *((q.measure, words.MEASURE) for q in event.quantities),
        *((q.bound, words.BOUND) for q in event.quantities),
        *((q.per, words.PER) for q in event.quantities if q.per is not None),
    ]
    if event.kind is not None:
        legal.append((event.kind, words.KINDS_BY_TYPE.get(event.type, {})))
    faults = [f"{word!r} is not among {', '.join(vocabulary)}" for word, vocabulary in legal if word not in vocabulary]
    if not 0 <= event.confidence <= 1:
        faults.append(f"confidence {event.confidence} is not between 0 and 1")
    faults += [f"quantity value {q.value} is not finite" for q in event.quantities if not math.isfinite(q.value)]
    return faults
