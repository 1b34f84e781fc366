"""A source tried out: a few of its articles are read, and nothing is kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from tasks.ingestion.collect import collect
from tasks.ingestion.deliveries import Delivery, Visit
from tasks.ingestion.memory import Memory
from tasks.ingestion.reader import read
from tasks.ingestion.sources import Source
from tasks.ingestion.web import Web
from tasks.records import Article, Document, Rejection
from tasks.state import State

_TRIED: Final = 3
_SHOWN: Final = 10


@dataclass(frozen=True)
class Trial:
    """What came of trying a source.

    Attributes:
        source: Its name.
        items: The first things it delivers, each with its place: the article, or why it is set aside.
        waiting: Further pages that it tells of, so far as lists were read.
        failure: Why it cannot be read, or not wholly.
    """

    source: str
    items: tuple[tuple[str, Article | str], ...]
    waiting: int = 0
    failure: str | None = None


def try_source(source: Source, web: Web, now: datetime) -> Trial:
    """Read the first articles of a source as if it had never been read."""
    items: list[tuple[str, Article | str]] = []
    failure = None
    few = replace(source, max_articles=_TRIED)
    with State(None) as state:
        memory = Memory(state.database, now)
        try:
            for item in _readings(collect(few, memory, web), memory):
                items.append(item)
                if sum(isinstance(reading, Article) for _, reading in items) == _TRIED or len(items) == _SHOWN:
                    break
        except Exception as error:  # of what kind, nobody can know who has not seen the source
            failure = str(error) or repr(error)
        waiting = memory.waiting(source.name, source.oldest(memory.now))
    return Trial(source.name, tuple(items), waiting, failure)


def _readings(deliveries: Iterator[Delivery], memory: Memory) -> Iterator[tuple[str, Article | str]]:
    for item in deliveries:
        memory.keep([item])
        if isinstance(item, Visit) and item.document is None:
            yield item.url, item.reason or "Not modified."
            continue
        found = item.document if isinstance(item, Visit) else item
        if isinstance(found, Document):
            reading = read(found)
            yield found.location, reading.reason if isinstance(reading, Rejection) else reading
        elif isinstance(found, Rejection):
            yield found.location, found.reason
