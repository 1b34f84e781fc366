"""What `evpact ingest` and `evpact extract` do: files in, articles and events shown, no state touched."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.markup import escape
from rich.padding import Padding

from flows.console import OUT, progress
from tasks.ingestion import read_documents
from tasks.ingestion.files import collect_paths, document_id
from tasks.parallel import batched
from tasks.records import Article, Rejection

if TYPE_CHECKING:
    from tasks.records import Event, Extraction

_BATCH = 64


def read_paths(paths: Sequence[str]) -> Iterator[tuple[str, Article | str]]:
    """Articles by id, or what was set aside and why, in the order of the files."""
    for batch in batched(collect_paths(paths), _BATCH):
        documents = [(document_id(item), item) for item in batch if not isinstance(item, Rejection)]
        readings = read_documents([documents])
        for item in batch:
            name, reading = ("", item) if isinstance(item, Rejection) else next(readings)
            if isinstance(reading, Rejection):
                yield "", f"{reading.location}: {reading.reason}"
            else:
                yield name, reading


def extract_paths(
    paths: Sequence[str], extractor: str, reference: Path, processes: int
) -> Iterator[tuple[str, tuple[Article, Extraction] | str]]:
    """Articles and what they state by id, or what was set aside and why, in the order of the files.

    Raises:
        ConfigurationError: There is no extractor of that name.
        ReferenceDataError: A reference table is wrong.
    """
    from tasks.extraction import extract_articles

    readings = list(progress(read_paths(paths), "Reading"))
    articles = [reading for _, reading in readings if isinstance(reading, Article)]
    found = progress(extract_articles(articles, extractor, reference, processes), "Extracting", len(articles))
    for identifier, reading in readings:
        yield identifier, reading if isinstance(reading, str) else (reading, next(found))


def article_record(identifier: str, article: Article) -> dict[str, Any]:
    """An article as a line of JSON."""
    return {
        "id": identifier,
        "title": article.title,
        "authors": list(article.authors),
        "publisher": article.publisher,
        "published": article.published.isoformat() if article.published else None,
        "published_from": article.published_from,
        "updated": article.updated.isoformat() if article.updated else None,
        "language": article.language,
        "url": article.url,
        "text": article.text,
    }


def extraction_record(identifier: str, article: Article, extraction: Extraction) -> dict[str, Any]:
    """What an article states in the form of the labels in `benchmarks/labels`."""
    return {
        "id": identifier,
        "url": article.url,
        "title": article.title,
        "published": article.published.isoformat() if article.published else None,
        "relevant": extraction.relevant,
        "extractor": extraction.extractor,
        "events": [_event_record(event, article.text) for event in extraction.events],
    }


def _event_record(event: Event, text: str) -> dict[str, Any]:
    return {
        "type": event.type,
        "kind": event.kind,
        "status": event.status,
        "participants": [{"name": p.name, "aliases": list(p.aliases), "role": p.role} for p in event.participants],
        "places": list(event.places),
        "countries": list(event.countries),
        "dates": [{"value": d.value, "role": d.role} for d in event.dates],
        "quantities": [
            {"value": q.value, "unit": q.unit, "measure": q.measure, "per": q.per, "bound": q.bound}
            for q in event.quantities
        ],
        "product": event.product,
        "attribution": event.attribution,
        "confidence": event.confidence,
        "evidence": text[event.evidence_start : event.evidence_end],
    }


def show_article(identifier: str, article: Article) -> None:
    """An article for people."""
    OUT.rule(f"[bold]{escape(identifier)}", align="left")
    OUT.print(f"[bold]{escape(article.title or 'without a title')}[/]")
    facts = (article.publisher, ", ".join(article.authors), article.published, article.language, article.url)
    OUT.print(" · ".join(escape(str(fact)) for fact in facts if fact) or "nothing else known", style="dim")
    OUT.print(f"\n{article.text}\n", markup=False)


def show_extraction(identifier: str, article: Article, extraction: Extraction) -> None:
    """What an article states, for people: events as sentences, each with its evidence, figures and confidence.

    What the extractor finds too doubtful to be told stands below, the likeliest first.
    """
    OUT.rule(f"[bold]{escape(identifier)}", align="left")
    OUT.print(f"[bold]{escape(article.title or 'without a title')}[/]  [dim]{article.published or 'undated'}[/]")
    if article.is_foreign:
        OUT.print(f"is in another language ({escape(str(article.language))}): only English is read\n", style="dim")
    elif not extraction.events:
        OUT.print("states nothing in scope\n", style="dim")
    for event in extraction.events:
        OUT.print(f"\n[bold cyan]{_headline(event)}[/]  [dim]confidence {event.confidence:.2f}[/]")
        OUT.print(f"  {escape(_parties(event)) or 'nobody named'}")
        for line in _details(event, article.text):
            OUT.print(f"  {escape(line)}")
        OUT.print(
            Padding(f"“{escape(article.text[event.evidence_start : event.evidence_end])}”", (0, 2)), style="italic"
        )
    if extraction.doubtful:
        OUT.print("\nPossible, but told only where another article bears it out:", style="dim")
    for event in sorted(extraction.doubtful, key=lambda e: -e.confidence):
        OUT.print(f"  {_headline(event)}: {escape(_parties(event))}, confidence {event.confidence:.2f}", style="dim")
    OUT.print()


def _headline(event: Event) -> str:
    attribution = "" if event.attribution == "stated" else f" ({event.attribution})"
    return f"{event.type}{f' · {event.kind}' if event.kind else ''} · {event.status}{attribution}"


def _parties(event: Event) -> str:
    return "; ".join(f"{p.name} as {p.role}" for p in event.participants)


def _details(event: Event, text: str) -> Iterator[str]:
    where = ", ".join((*event.places, *event.countries))
    if where:
        yield f"where: {where}"
    for found in event.dates:
        yield f"{found.role}: {found.value} (“{found.text}”)"
    for q in event.quantities:
        per = f" per {q.per}" if q.per else ""
        bound = "" if q.bound == "exact" else f" ({q.bound})"
        yield f"{q.measure}: {q.value:,.10g} {q.unit}{per}{bound} (“{text[q.start : q.end]}”)"
