"""How fast extraction is beside the bare parser: `python -m benchmarks.speed`.

The bundled articles, repeated to some thousands, go through extraction and through `nlp.pipe` of the same spaCy model,
each in one process, one after the other in the same run; both are loaded and warm before the clock starts. What counts
is the ratio: timings of shared machines differ from run to run.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterable
from typing import TypeVar

import spacy
from rich.console import Console

from benchmarks.score import read_articles, read_labels
from evpact.settings import EXTRACTOR, REFERENCE
from flows.console import ERR
from tasks.extraction import get_extractor
from tasks.extraction.nlp import model_name

T = TypeVar("T")


def main() -> None:
    """Print both times and their ratio."""
    parser = argparse.ArgumentParser(prog="speed", description=__doc__)
    parser.add_argument("--articles", type=int, default=2000, help="how many articles to read (default 2000)")
    options = parser.parse_args()
    console = Console(highlight=False, soft_wrap=True)
    sample = read_articles(read_labels())
    articles = [sample[n % len(sample)] for n in range(options.articles)]
    extractor = get_extractor(EXTRACTOR, REFERENCE)
    nlp = spacy.load(model_name())
    for article in sample[:5]:
        extractor.extract(article)
        nlp(article.text)
    parsing = _seconds("nlp.pipe", nlp.pipe, [article.text for article in articles], len(sample))
    extracting = _seconds("extraction", lambda read: map(extractor.extract, read), articles, len(sample))
    words = sum(len(article.text.split()) for article in articles)
    console.print(f"{len(articles)} articles, {words} words, one process")
    for name, seconds in (("nlp.pipe", parsing), ("extraction", extracting)):
        rates = f"{len(articles) / seconds:6.1f} articles/s  {words / seconds:7.0f} words/s"
        console.print(f"{name:10} {seconds:7.1f} s  {rates}")
    console.print(f"extraction takes {extracting / parsing:.2f} of the time of the bare parser")


def _seconds(name: str, work: Callable[[list[T]], Iterable[object]], items: list[T], each: int) -> float:
    """How long the work takes; after `each` so many items a line says how far it has got."""
    start = time.perf_counter()
    for done, _ in enumerate(work(items), start=1):
        if done % each == 0:
            ERR.print(f"{name}: {done} of {len(items)}, {time.perf_counter() - start:.0f} s", style="dim")
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
