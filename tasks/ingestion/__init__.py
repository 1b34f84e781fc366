"""Sources -> articles: what is configured, what it delivers, and the clean article in each document.

sources   what a run reads, from `sources.toml`
files     files and folders -> documents
reader    a document -> an article, or the reason why there is none
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tasks.parallel import map_batches
from tasks.records import Article, Document, Rejection

_BATCH = 32


def read_documents(documents: Sequence[Document], processes: int = 1) -> Iterator[Article | Rejection]:
    """Read many documents, in their order, in several processes where that pays."""
    return map_batches(_read_batch, documents, size=_BATCH, processes=processes)


def _read_batch(documents: Sequence[Document]) -> list[Article | Rejection]:
    from tasks.ingestion.reader import read

    return [read(document) for document in documents]
