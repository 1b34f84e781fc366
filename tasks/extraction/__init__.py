"""Article -> events: one way in, one way out.

An extractor is anything with the methods of `Extractor`. The one that comes with the project is `rules`; another (a
trained model, a language model behind an API) registers here under its own name, is chosen in the settings, and is
measured by the same score. What it returns is checked, not trusted: see `tasks.extraction.verify`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Final, Protocol

from evpact.errors import ConfigurationError
from evpact.reference import load_reference
from tasks.extraction.verify import verified
from tasks.parallel import batched, map_batches
from tasks.records import Article, Extraction


class Extractor(Protocol):
    """Understands one article at a time, deterministically and without a network.

    Attributes:
        name: Name and version, as the column `events.extractor` holds it.
        fingerprint: Changes whenever the same article might be understood otherwise: code, data or model changed.
    """

    name: str
    fingerprint: str

    def extract(self, article: Article) -> Extraction:
        """What the article states."""
        ...


EXTRACTORS: Final[dict[str, str]] = {"rules": "tasks.extraction.rules:RuleExtractor"}
"""Extractors by name: `module:callable`, called with the folder of reference tables."""

_BATCH = 16


def get_extractor(name: str, reference: Path) -> Extractor:
    """The extractor of that name, built on a folder of reference tables.

    Raises:
        ConfigurationError: There is no extractor of that name.
        ReferenceDataError: A reference table is wrong.
    """
    if name not in EXTRACTORS:
        raise ConfigurationError(f"There is no extractor {name!r}. Choose one of: {', '.join(EXTRACTORS)}.")
    return _built(name, reference, load_reference(reference).digest)


@lru_cache(maxsize=2)
def _built(name: str, reference: Path, digest: str) -> Extractor:
    """The extractor, built once for each state of the tables: compiling them takes seconds."""
    module, _, attribute = EXTRACTORS[name].partition(":")
    build: Callable[[Path], Extractor] = getattr(import_module(module), attribute)
    return build(reference)


def extract_articles(
    articles: Sequence[Article], name: str, reference: Path, processes: int = 1
) -> Iterator[Extraction]:
    """Extract many articles, in their order, in several processes where that pays.

    Raises:
        ConfigurationError: There is no extractor of that name.
        ReferenceDataError: A reference table is wrong.
    """
    get_extractor(name, reference)  # a fault of the tables is told here, not by a dead process
    return map_batches(
        _extract_batch,
        batched(articles, _BATCH),
        processes=processes,
        initializer=_start_worker,
        initargs=(name, reference),
    )


_worker: Extractor | None = None


def _start_worker(name: str, reference: Path) -> None:
    global _worker
    _worker = get_extractor(name, reference)


def _extract_batch(articles: Sequence[Article]) -> list[Extraction]:
    assert _worker is not None
    return [verified(article, _worker.extract(article)) for article in articles]
