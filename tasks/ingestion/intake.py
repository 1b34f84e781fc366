"""A source to the working state, a batch at a time, each batch kept as a whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from evpact.errors import StateError
from tasks.ingestion.collect import collect
from tasks.ingestion.deliveries import Delivery, Listing, Visit
from tasks.ingestion.memory import Counts, Memory, Report
from tasks.ingestion.sources import Source
from tasks.ingestion.web import Web
from tasks.parallel import batched
from tasks.records import Document
from tasks.state import State

_AT_ONCE = 256
_BYTES = 16_000_000
_PAGES_AT_ONCE = 16
"""Pages come slowly: fewer of them are lost when a run is stopped."""

Watch = Callable[[Iterator[Delivery]], Iterator[Delivery]]


def take_in(source: Source, state: State, memory: Memory, web: Web, watch: Watch = iter) -> Report:
    """Keep what a source delivers, and tell what came.

    Whatever is wrong with the source, the others can go on: a failure is told and remembered, not raised.

    Args:
        source: The source.
        state: Where documents are kept.
        memory: What is remembered of the sources.
        web: The client for what is on the web.
        watch: Goes through the deliveries and shows that they come.

    Raises:
        StateError: The working state cannot be written.
    """
    counts = Counts()
    failures: list[str] = []
    met: list[str] = []
    memory.begin(source.name, mirrored=source.mirrored)
    size = _AT_ONCE if source.kind in ("files", "warc") else _PAGES_AT_ONCE
    deliveries = _until_failure(watch(collect(source, memory, web)), failures)
    with _told(failures):
        for batch in batched(deliveries, size, _weight, _BYTES):
            met += _keep(batch, source, counts, state, memory)
    failure = next(iter(failures), None)
    if source.mirrored and failure is None:
        state.set_delivered(source.name, met)
    counts.waiting += memory.waiting(source.name, source.oldest(memory.now))
    memory.finish(source.name, counts, failure)
    return memory.report(source.name)


def _until_failure(deliveries: Iterator[Delivery], failures: list[str]) -> Iterator[Delivery]:
    """What is delivered; if that ends with a failure, what came before is not lost with it."""
    with _told(failures):
        yield from deliveries


@contextmanager
def _told(failures: list[str]) -> Iterator[None]:
    """Add what goes wrong to the failures, of whatever kind it is: nobody can know who has not seen the source."""
    try:
        yield
    except StateError:
        raise
    except Exception as error:
        failures.append(str(error) or repr(error))


def reports(sources: Iterable[Source], state: State, memory: Memory) -> tuple[Report, ...]:
    """How the last reading of each source went; what the reader set aside is counted too."""
    found = [memory.report(source.name) for source in sources]
    rejected = state.rejected([report.source for report in found])
    return tuple(replace(r, set_aside=r.set_aside + rejected.get(r.source, 0)) for r in found)


def _weight(item: Delivery) -> int:
    document = item.document if isinstance(item, Visit) else item
    return len(document.raw) if isinstance(document, Document) else 0


def _keep(batch: list[Delivery], source: Source, counts: Counts, state: State, memory: Memory) -> list[str]:
    """Keep a batch; gives the ids of its documents.

    Documents that the source delivers anew in every run are rationed. Its lists then count as not read: they are asked
    for again.
    """
    loose = [item for item in batch if isinstance(item, Document)]
    visits = [item for item in batch if isinstance(item, Visit)]
    room = None if source.max_articles is None else max(0, source.max_articles - counts.new - counts.changed)
    with state.database.transaction():
        added = state.add_documents(loose, room)
        read = state.add_documents(visit.document for visit in visits if visit.document)
        counts.waiting += added.waiting
        memory.keep([item for item in batch if not (isinstance(item, Listing) and counts.waiting)])
    counts.new += added.new + read.new
    counts.changed += added.changed + read.changed
    counts.known += added.known + read.known + sum(visit.outcome == "unchanged" for visit in visits)
    return added.ids
