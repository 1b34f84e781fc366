"""Sources -> articles: what is configured, what it delivers, and the clean article in each document.

sources     what a run reads, from `sources.toml`
collect     a source -> documents, by the kind of the source: files, pages (feed, sitemap, urls), archives (warc)
memory      what is remembered of addresses, archives and sources from run to run
intake      a source -> working state, a batch at a time
reader      a document -> an article, or the reason why there is none
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from tasks.parallel import map_batches
from tasks.records import Article, Document, Rejection


def read_documents(
    batches: Iterable[Sequence[tuple[str, Document]]], processes: int = 1
) -> Iterator[tuple[str, Article | Rejection]]:
    """Read batches of documents, each with an id that stands with its reading, in several processes where that pays."""
    return map_batches(_read_batch, batches, processes=processes)


def _read_batch(documents: Sequence[tuple[str, Document]]) -> list[tuple[str, Article | Rejection]]:
    from tasks.ingestion.reader import read

    return [(key, read(document)) for key, document in documents]
