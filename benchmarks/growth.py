"""How resolution grows with the number of events: `python -m benchmarks.growth`.

Invented articles of one to three events each, in the frames that resolution reads: companies of the reference and
others, pairs and circles of parties, changing kinds and statuses, figures and places, every fifth article a cut copy
of the one before. Each size runs in a process of its own, so that the peak of memory is that of this size alone.

    python -m benchmarks.growth --events 10000 100000 1000000
"""

from __future__ import annotations

import argparse
import multiprocessing
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from random import Random
from typing import Final

import polars as pl
from rich.console import Console
from rich.table import Table

from benchmarks.memory import peak
from evpact.ids import digest
from evpact.reference import load_reference
from evpact.settings import REFERENCE
from evpact.vocabulary import PARTNERSHIP_KIND, STATUS
from tasks.records import EXTRACTION, Event, Extraction, Participant, Quantity
from tasks.resolution import resolve
from tasks.state import ARTICLE_SCHEMA

SIZES: Final = (10_000, 100_000, 1_000_000)

_WORDS: Final = 60
_EVENTS_PER_COMPANY: Final = 25
_TOWNS: Final = ("Debrecen", "Sunderland", "Zaragoza", "Valencia", "Tychy", "Karawang", "Halol")
_TYPES: Final = ("partnership", "partnership", "partnership", "market", "production")
_KINDS: Final = (*PARTNERSHIP_KIND, None, None)
_FIRST: Final = date(2020, 1, 1)


def main() -> None:
    """Print time, on the clock and of the CPU, and peak memory of every size."""
    parser = argparse.ArgumentParser(prog="growth", description=__doc__)
    parser.add_argument("--events", type=int, nargs="+", default=SIZES, help="sizes (default 10000 100000 1000000)")
    sizes = parser.parse_args().events
    table = Table(
        "events",
        "articles",
        "partnerships",
        "seconds",
        "CPU seconds",
        "CPU µs per event",
        "peak memory above the input, GB",
    )
    for size in sizes:
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(1, mp_context=context) as pool:
            events, articles, partnerships, seconds, cpu, memory = pool.submit(measure, size).result()
        table.add_row(
            f"{events:,}",
            f"{articles:,}",
            f"{partnerships:,}",
            f"{seconds:.1f}",
            f"{cpu:.1f}",
            f"{cpu / events * 1e6:.0f}",
            f"{memory:.2f}",
        )
    Console().print(table)


def measure(size: int) -> tuple[int, int, int, float, float, float]:
    """Events, articles, partnerships, seconds, seconds of the CPU, and gigabytes above what was in use before."""
    reference = load_reference(REFERENCE)
    known = reference.organizations.sort("org_id").head(400)["name"].to_list()
    articles, extractions = frames(size, known)
    before, start, cpu_start = peak(), time.perf_counter(), time.process_time()
    tables = resolve(articles, extractions, reference)
    seconds, cpu, memory = time.perf_counter() - start, time.process_time() - cpu_start, (peak() - before) / 1e9
    return tables["events"].height, articles.height, tables["partnerships"].height, seconds, cpu, memory


def frames(size: int, known: list[str]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Articles and extractions with about `size` events in all; the same ones for the same size."""
    rng = Random(size)  # noqa: S311
    companies = known + [f"{word} Motors" for word in _names(rng, size // _EVENTS_PER_COMPANY)]
    vocabulary = list(_names(rng, 20_000))
    articles, extractions, told, text = list[dict[str, object]](), list[tuple[str, str, str]](), 0, ""
    while told < size:
        if rng.random() < 0.8 or not text:
            text = " ".join(rng.choices(vocabulary, k=_WORDS))
        else:
            text = text[: rng.randrange(len(text) // 2, len(text))]
        name = "a" + digest(len(articles))
        events = tuple(_event(rng, companies) for _ in range(rng.choice((1, 2, 3))))
        told += len(events)
        day = None if rng.random() < 0.05 else _FIRST + timedelta(days=rng.randrange(2000))
        paper = f"Paper {rng.randrange(200)}"
        articles.append({"article_id": name, "text": text, "authors": [], "publisher": paper, "published": day})
        extraction = EXTRACTION.dump_json(Extraction(name, "bench 1", events)).decode()
        extractions.append((name, "bench 1", extraction))
    return (
        pl.DataFrame(articles, schema=ARTICLE_SCHEMA).with_columns(source=pl.lit("bench")),
        pl.DataFrame(extractions, schema=["article_id", "extractor", "extraction"], orient="row"),
    )


def _event(rng: Random, companies: list[str]) -> Event:
    kind = rng.choice(_TYPES)
    # Companies near each other in the list are partners again and again; a few have partners everywhere.
    first = rng.randrange(len(companies)) if rng.random() < 0.95 else rng.randrange(min(20, len(companies)))
    chosen = {first, *((first + rng.randrange(1, 8)) % len(companies) for _ in range(rng.choice((1, 1, 1, 2))))}
    money = (Quantity(rng.choice((1e9, 2e9, 2.4e9)), "EUR", "investment", 0, 5),) if rng.random() < 0.3 else ()
    return Event(
        kind,
        rng.choice(_KINDS) if kind == "partnership" else None,
        rng.choice(tuple(STATUS)),
        tuple(Participant(companies[n], "partner" if kind == "partnership" else "subject") for n in sorted(chosen)),
        0,
        30,
        places=(rng.choice(_TOWNS),) if rng.random() < 0.4 else (),
        quantities=money,
        confidence=round(rng.uniform(0.5, 0.95), 2),
    )


def _names(rng: Random, count: int) -> Iterator[str]:
    """Invented words."""
    for _ in range(count):
        yield "".join(
            rng.choice("bcdfghklmnprstvw") + rng.choice("aeiou") for _ in range(rng.choice((2, 3, 4)))
        ).title()


if __name__ == "__main__":
    main()
