"""What a large web archive costs: `python -m benchmarks.archive --megabytes 1024`.

An archive of the size is made from the bundled pages, each a text of its own and filled up to the size of pages as they
are on the web, and taken in from end to end: collected into a working state, then read. Printed are the time of both
and the peak of memory, of this process and of the largest that it started.
"""

from __future__ import annotations

import argparse
import gzip
import random
import resource
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from benchmarks.memory import peak
from evpact.settings import PROJECT
from tasks.ingestion import read_documents
from tasks.ingestion.intake import take_in
from tasks.ingestion.memory import Memory
from tasks.ingestion.reader import READER
from tasks.ingestion.sources import Source
from tasks.ingestion.web import Web
from tasks.parallel import batched
from tasks.state import State

_HEAD = (
    "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://archive.example/{number}\r\n"
    "WARC-Date: 2026-01-01T00:00:00Z\r\nContent-Type: application/http; msgtype=response\r\n"
    "Content-Length: {length}\r\n\r\n"
)
_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"


def main() -> None:
    """Make an archive, take it in, print what it cost."""
    parser = argparse.ArgumentParser(prog="archive", description=__doc__)
    parser.add_argument("--megabytes", type=float, default=32, help="size of the archive in MiB (default 32)")
    parser.add_argument("--page", type=float, default=60, help="size of a page in KiB (default 60)")
    parser.add_argument("--packed", action="store_true", help="pack each record with gzip")
    parser.add_argument("--processes", type=int, default=1, help="processes that read pages (default 1)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / ("pages.warc.gz" if options.packed else "pages.warc")
        write_archive(path, int(options.megabytes * 2**20), int(options.page * 2**10))
        measure(path, Path(folder) / "state.duckdb", options.processes)


def write_archive(path: Path, size: int, page: int) -> None:
    """An archive of at least so many bytes, of pages of about so many bytes; always the same."""
    noise = random.Random(1)  # noqa: S311
    pages = [file.read_bytes() for file in sorted((PROJECT / "seeds" / "articles").glob("*.html"))]
    with path.open("wb") as stream:
        number = 0
        while stream.tell() < size:
            body = pages[number % len(pages)] + f"<p>This is number {number} of its kind.</p><script>/* ".encode()
            body += noise.randbytes(max(0, page - len(body)) // 2).hex().encode() + b" */</script>"
            head = _HEAD.format(number=number, length=len(_ANSWER) + len(body)).encode()
            record = head + _ANSWER + body + b"\r\n\r\n"
            stream.write(gzip.compress(record, 1) if path.suffix == ".gz" else record)
            number += 1


def measure(archive: Path, state_path: Path, processes: int) -> None:
    """Take the archive in and print what it cost."""
    console = Console(highlight=False, soft_wrap=True)
    megabytes = archive.stat().st_size / 2**20
    console.print(f"{archive.name}: {megabytes:,.0f} MiB; {_memory()} at the start")
    with State(state_path) as state, Web() as web:
        began = time.perf_counter()
        memory = Memory(state.database, datetime(2026, 2, 1, tzinfo=UTC))
        report = take_in(Source("archive", (archive,), "warc"), state, memory, web)
        seconds = time.perf_counter() - began
        console.print(f"collected {report.new:,} pages: {seconds:.0f} s, {megabytes / seconds:.0f} MiB/s; {_memory()}")
        began = time.perf_counter()
        read = sum(_kept(state, processes))
        seconds = time.perf_counter() - began
        console.print(f"read {read:,} pages in {processes} processes: {seconds:.0f} s, {read / seconds:.0f} pages/s")
    console.print(f"{_memory()}; working state {state_path.stat().st_size / 2**20:,.0f} MiB")


def _kept(state: State, processes: int) -> Iterator[int]:
    for batch in batched(read_documents(state.unread(READER), processes), 256):
        state.store_readings(READER, dict(batch))
        yield len(batch)


def _memory() -> str:
    own, largest = (peak(who) / 2**20 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return f"peak {own:,.0f} MiB here, {largest:,.0f} MiB in the largest process started"


if __name__ == "__main__":
    main()
