"""Web archives (WARC) to documents: streamed, never unpacked to disk, and gone on with where a run stopped.

Read are responses with status 200 that hold a page, from files packed record by record with gzip (as Common Crawl and
others write them), with zstd or lz4, or not at all. A record that is broken, cut off or too large is set aside, and
reading goes on with the next one that can be made out.
"""

from __future__ import annotations

import gzip
import io
import re
import zlib
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import IO, Final, cast
from urllib.parse import urlsplit

from fastwarc.stream_io import BrotliReader, ChunkedReader, ZstdReader
from fastwarc.warc import ArchiveIterator, HeaderMap, WarcRecord, WarcRecordType

from evpact.ids import digest
from tasks.ingestion.deliveries import Bookmark, Delivery, SourceError
from tasks.ingestion.encoding import is_binary
from tasks.ingestion.files import matches
from tasks.ingestion.memory import Memory
from tasks.ingestion.sources import GLOB, Source, address_problem
from tasks.records import Document, Rejection

_ENDINGS: Final = (".warc", ".warc.gz", ".warc.zst", ".warc.lz4")
_MEDIA: Final = {"text/html": "text/html", "application/xhtml+xml": "text/html", "text/plain": "text/plain"}
_BROKEN: Final = (OSError, EOFError, zlib.error)
_BREAKS: Final = 1_000
_GZIP: Final = b"\x1f\x8b"
_HEAD: Final = 4_096
_OVERLAP: Final = 8
_TELLING: Final = 128
_PIECE: Final = 1_048_576
_MAX_ADDRESS: Final = 4_000
_START: Final = re.compile(rb"\x1f\x8b\x08|\x28\xb5\x2f\xfd|WARC/\d")
"""How a record begins: packed with gzip or zstd, or plain."""


def collect_archives(source: Source, memory: Memory) -> Iterator[Delivery]:
    """The pages of archives, in the order of their paths, up to so many as a run may read.

    Raises:
        SourceError: There is no archive, or one that was never read to its end is missing or cannot be read; the others
            have been read by then.
    """
    room = source.max_articles
    gone = [path for path in source.paths if not path.exists() and not GLOB.search(str(path))]
    problems = [f"There is no file or folder {path}." for path in gone if not _was_read(path, source, memory)]
    for path in _archives(source, gone):
        try:
            mark = _bookmark(path, source, memory)
            if mark.finished:
                continue
            yield mark
            for item in _pages(path, mark, source, memory) if room != 0 else ():
                if isinstance(item, Document) and room is not None:
                    if room == 0:
                        break
                    room -= 1
                yield item
        except OSError as error:
            problems.append(f"{path} cannot be read: {error.strerror or error}.")
    if problems:
        raise SourceError(problems[0])


def _was_read(path: Path, source: Source, memory: Memory) -> bool:
    mark = memory.bookmark(source.name, str(path))
    return mark is not None and mark.finished


def _archives(source: Source, gone: Collection[Path]) -> Iterator[Path]:
    found = bool(gone)
    for path in source.paths:
        inside = path.rglob("*") if path.is_dir() else [path] if path.exists() else matches(path)
        for archive in sorted(file for file in inside if file.is_file()):
            if archive == path or archive.name.lower().endswith(_ENDINGS):
                found = True
                yield archive
    if not found:
        raise SourceError(f"There is no archive at {', '.join(map(str, source.paths))}.")


def _bookmark(path: Path, source: Source, memory: Memory) -> Bookmark:
    """How far an archive has been read, if it is still the same."""
    with path.open("rb") as stream:
        head, size = digest(stream.read(_HEAD)), path.stat().st_size
    known = memory.bookmark(source.name, str(path))
    if known is None or known.head != head or known.size > size:
        return Bookmark(source.name, str(path), head, 0, size)
    return replace(known, size=size, finished=known.finished and known.size == size)


def _pages(path: Path, mark: Bookmark, source: Source, memory: Memory) -> Iterator[Delivery]:
    """What is new in an archive, each page after a bookmark that says where it begins."""
    with path.open("rb") as file, _unpacked(path) if _is_one_piece(file) else file as stream:
        for position, record in _records(stream, mark.position):
            item = record if isinstance(record, str) else _read(record, source, memory)
            if item is not None:
                yield replace(mark, position=position)
            if isinstance(item, str):
                yield Rejection(source.name, f"{path}, byte {position}", item)
            elif item:
                yield item
    yield replace(mark, position=mark.size, finished=True)


def _is_one_piece(stream: IO[bytes]) -> bool:
    """Whether a file is packed as a whole, not record by record; then no place in it can be gone to directly."""
    stream.seek(0)
    packed = stream.read(2) == _GZIP
    stream.seek(0)
    try:
        places = [record.stream_pos for record in islice(ArchiveIterator(stream, parse_http=False), 4)]
    except OSError:
        return False
    return packed and len(set(places)) < len(places)


def _unpacked(path: Path) -> IO[bytes]:
    return cast(IO[bytes], gzip.open(path))


def _records(stream: IO[bytes], position: int) -> Iterator[tuple[int, WarcRecord | str]]:
    """The responses from a position on, each with its place; where the archive is broken, a sentence that says so."""
    begin: int | None = position
    for _ in range(_BREAKS):
        if begin is None:
            return
        stream.seek(begin)
        last, good, problem = begin, False, ""
        try:
            for record in ArchiveIterator(stream, parse_http=True, auto_decode="none"):
                last, good = record.stream_pos, True
                if record.record_type == WarcRecordType.response:
                    yield last, record
        except _BROKEN as error:
            problem = str(error)
        following = _next_start(stream, last + 1) if problem or _is_packed(stream, begin) else None
        if following and not problem:  # what is cut off within unpacks to nothing, silently, with all behind it
            problem = "the rest unpacks to no record"
        if problem and (good or begin == position):
            yield last, f"Broken after this place: {problem}."
        begin = following
    yield last, f"Broken in {_BREAKS:,} places; the rest is not read."


def _is_packed(stream: IO[bytes], position: int) -> bool:
    stream.seek(position)
    return stream.read(2) == _GZIP


def _next_start(stream: IO[bytes], position: int) -> int | None:
    """Where the next record begins."""
    try:
        stream.seek(position)
        overlap = b""
        while piece := stream.read(_PIECE):
            text = overlap + piece
            for found in _START.finditer(text):
                if _may_be_record(text[found.start() : found.start() + _HEAD]):
                    return position - len(overlap) + found.start()
            position += len(piece)
            overlap = text[-_OVERLAP:]
    except _BROKEN:
        pass
    return None


def _may_be_record(start: bytes) -> bool:
    """Whether what looks like a packed record unpacks to one; too few bytes to tell may be one."""
    if not start.startswith(_GZIP) or len(start) < _TELLING:
        return True
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(start, 5) == b"WARC/"
    except zlib.error:
        return False


def _read(record: WarcRecord, source: Source, memory: Memory) -> Document | str | None:
    """The page in a response, the reason why it is set aside, or None if it is none that is wanted."""
    http, url = record.http_headers, (record.headers.get("WARC-Target-URI") or "").strip("<> ")
    media_type = _MEDIA.get((record.http_content_type or "text/html").strip().lower())
    fetched = min(record.record_date or memory.now, memory.now)
    oldest = source.oldest(memory.now)
    if http is None or http.status_code is None:
        return f"{url}: Not an answer of HTTP." if record.is_http else None
    if http.status_code != 200 or not media_type or not _is_page(url) or not source.wants_url(url):
        return None
    if oldest and fetched.date() < oldest:
        return None
    if record.content_length > source.max_bytes:
        return f"{url}: {source.too_large}"
    raw = record.reader.read(record.content_length)
    if len(raw) < record.content_length:
        return f"{url}: Cut off after {len(raw):,} of {record.content_length:,} bytes."
    raw = _body(raw, http, source.max_bytes + 1)
    if len(raw) > source.max_bytes:
        return f"{url}: {source.too_large}"
    if not raw.strip() or is_binary(raw, record.http_charset):
        return f"{url}: {'Binary data, not text' if raw.strip() else 'Empty'}."
    return Document(
        source.name,
        url,
        media_type,
        raw,
        url,
        source.publisher,
        source.language,
        record.http_charset,
        fetched=fetched,
    )


def _is_page(url: str) -> bool:
    return len(url) <= _MAX_ADDRESS and address_problem(url) is None and urlsplit(url).path != "/robots.txt"


def _body(raw: bytes, http: HeaderMap, limit: int) -> bytes:
    """The body as it was before it was packed for transfer, up to `limit` bytes.

    Many archives keep the headers of a packed answer with an unpacked body; such a body is left as it is.
    """
    try:
        if "chunked" in (http.get("Transfer-Encoding") or "").lower():
            raw = ChunkedReader(io.BytesIO(raw)).read(limit)
    except OSError:
        pass
    unpack = _UNPACKERS.get((http.get("Content-Encoding") or "").strip().lower())
    try:
        return unpack(raw, limit) if unpack else raw
    except (OSError, zlib.error):
        return raw


def _inflate(raw: bytes, limit: int) -> bytes:
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 32).decompress(raw, limit)
    except zlib.error:  # "deflate" without the wrapping, as some servers send it
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(raw, limit)


_UNPACKERS: Final[dict[str, Callable[[bytes, int], bytes]]] = {
    "gzip": _inflate,
    "x-gzip": _inflate,
    "deflate": _inflate,
    "br": lambda raw, limit: BrotliReader(io.BytesIO(raw)).read(limit),
    "zstd": lambda raw, limit: ZstdReader(io.BytesIO(raw)).read(limit),
}
