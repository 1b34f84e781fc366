"""A source to what it delivers, by its kind; all are read lazily, so that none takes more memory than another."""

from __future__ import annotations

from collections.abc import Iterator

from tasks.ingestion import files
from tasks.ingestion.deliveries import Delivery
from tasks.ingestion.memory import Memory
from tasks.ingestion.pages import collect_feeds, collect_sitemaps, collect_urls
from tasks.ingestion.sources import Source
from tasks.ingestion.warc import collect_archives
from tasks.ingestion.web import Web


def collect(source: Source, memory: Memory, web: Web) -> Iterator[Delivery]:
    """What a source delivers in this run.

    Raises:
        SourceError: It cannot be read, or not wholly; what could be had has been given by then.
    """
    match source.kind:
        case "feed":
            return collect_feeds(source, memory, web)
        case "sitemap":
            return collect_sitemaps(source, memory, web)
        case "urls":
            return collect_urls(source, memory, web)
        case "warc":
            return collect_archives(source, memory)
        case _:
            return files.collect(source)
