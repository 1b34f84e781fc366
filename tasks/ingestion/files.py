"""Files and folders to documents, one article each.

Read are `.txt`, `.html`, `.htm`, `.xhtml`, `.md`, `.markdown`, `.json` (a record or a list of them) and `.jsonl` or
`.ndjson` (a record a line), and each of these packed as `.gz`. In a folder, what belongs to saved pages (pictures,
sound, films, fonts, styles, scripts) is passed over in silence, as are hidden files; any other file may be meant as an
article, such as a PDF, and is set aside with the reason.
"""

from __future__ import annotations

import gzip
import itertools
import json
import mimetypes
import sys
import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any, Final

from evpact.errors import InputError
from tasks.ingestion.deliveries import SourceError
from tasks.ingestion.encoding import decode, is_binary
from tasks.ingestion.sources import GLOB, Source
from tasks.records import Document, Rejection

MEDIA_TYPES: Final = {
    ".txt": "text/plain",
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "text/html",
    ".md": "text/markdown",
    ".markdown": "text/markdown",
    ".json": "application/json",
}
LINES: Final = (".jsonl", ".ndjson")
STDIN: Final = "-"

_READABLE: Final = f"evpact reads {', '.join((*MEDIA_TYPES, *LINES))} and these with .gz"
_OF_PAGES: Final = (
    "image/", "audio/", "video/", "font/", "text/css", "text/javascript", "application/javascript",
    "application/vnd.ms-fontobject",
)  # fmt: skip
_UNREADABLE: Final = (OSError, EOFError, zlib.error)
_BAD_JSON: Final = (ValueError, RecursionError)


def collect(source: Source) -> Iterator[Document | Rejection]:
    """The documents of a source of files, in the order of their paths, read one at a time.

    Raises:
        SourceError: There is nothing at one of its paths, or a folder cannot be read; the others have been by then.
    """
    problems = []
    for path in source.paths:
        try:
            yield from _at(path, source)
        except SourceError as error:
            problems.append(str(error))
    if problems:
        raise SourceError(" ".join(problems))


def _at(path: Path, source: Source) -> Iterator[Document | Rejection]:
    try:
        is_folder, exists = path.is_dir(), path.exists()
    except OSError as error:
        raise SourceError(f"{_location(path)} cannot be read: {error.strerror}.") from None
    if is_folder:
        for item in _files(path, source):
            yield from [item] if isinstance(item, Rejection) else _documents(item, source)
    elif exists:
        yield from _documents(path, source)
    elif GLOB.search(str(path)):
        yield from _matching(path, source)
    else:
        raise SourceError(f"There is no file or folder {_location(path)}.")


def _matching(pattern: Path, source: Source) -> Iterator[Document | Rejection]:
    found = matches(pattern)
    if not found:
        raise SourceError(f"Nothing matches the pattern {_location(pattern)}.")
    for path in found:
        if source.wants(path.as_posix(), path.name):
            yield from _documents(path, source)


def matches(pattern: Path) -> list[Path]:
    """The files that a pattern stands for, sorted; `**` stands for any folders."""
    root = Path(pattern.anchor)
    return sorted(path for path in root.glob(str(pattern.relative_to(root))) if path.is_file())


def collect_paths(paths: Sequence[Path | str]) -> Iterator[Document | Rejection]:
    """The documents of files and folders named on the command line; `-` is the standard input.

    What comes from the standard input is taken as records if it begins with a brace or bracket, as HTML if it begins
    with a tag, and as plain text otherwise.

    Raises:
        InputError: There is no such file or folder.
    """
    for path in paths:
        if str(path) != STDIN and not Path(path).exists():
            raise InputError(f"There is no file or folder {path}.")
    for path in paths:
        if str(path) == STDIN:
            yield from _standard_input(Source("paths", ()))
        else:
            yield from collect(Source("paths", (Path(path),)))


def document_id(document: Document) -> str:
    """The name a person knows a document by: the `id` of a record, else the file's name without its endings.

    A record without an `id` that shares its file with others has its number in the file at the end.
    """
    if document.media_type == "application/json":
        record = json.loads(document.raw)
        if isinstance(record.get("id"), str | int) and str(record["id"]).strip():
            return str(record["id"]).strip()
    path, colon, number = document.location.rpartition(":")
    if not (colon and number.isdigit()):
        path, number = document.location, ""
    name = "stdin" if path == STDIN else _stem(Path(path))
    return f"{name}-{number}" if number else name


def _location(path: Path) -> str:
    """The path as text that can be printed and stored, whatever bytes the file's name is made of."""
    return str(path).encode("utf-8", "replace").decode()


def _stem(path: Path) -> str:
    name = path.name[:-3] if path.name.lower().endswith(".gz") else path.name
    return Path(name).stem


def _ending(path: Path) -> str:
    name = path.name.lower()
    return Path(name.removesuffix(".gz")).suffix


def _files(folder: Path, source: Source) -> Iterator[Path | Rejection]:
    """The files of a folder and the folders in it that may hold articles, each folder once, sorted."""
    waiting, seen = [folder], {folder.resolve()}
    found: list[Path] = []
    while waiting:
        current = waiting.pop()
        try:
            entries = sorted(current.iterdir())
        except OSError as error:
            if current == folder:
                raise SourceError(f"{_location(current)} cannot be read: {error.strerror}.") from None
            yield Rejection(source.name, _location(current), _reason(error))
            continue
        for path in entries:
            if path.name.startswith("."):
                continue
            if path.exists() and not (path.is_file() or path.is_dir()):
                yield Rejection(source.name, _location(path), "Neither a file nor a folder.")
            elif not path.is_dir():
                found.append(path)
            elif (real := path.resolve()) in seen:
                yield Rejection(source.name, _location(path), "The link leads to a folder that is read already.")
            else:
                seen.add(real)
                waiting.append(path)
    for path in sorted(found):
        if not source.wants(path.relative_to(folder).as_posix(), path.name):
            continue
        if _ending(path) in MEDIA_TYPES or _ending(path) in LINES:
            yield path
        elif not (mimetypes.guess_type(path.name)[0] or "").startswith(_OF_PAGES):
            yield Rejection(source.name, _location(path), f"Unknown ending {path.suffix!r}; {_READABLE}.")


def _documents(path: Path, source: Source) -> Iterator[Document | Rejection]:
    location, ending = _location(path), _ending(path)
    try:
        with gzip.open(path) if path.name.lower().endswith(".gz") else path.open("rb") as stream:
            if ending in LINES:
                yield from _records_by_line(_lines(stream, source.max_bytes), location, source)
            elif ending in MEDIA_TYPES:
                yield from _whole(stream.read(source.max_bytes + 1), MEDIA_TYPES[ending], location, source)
            else:
                yield Rejection(source.name, location, f"Unknown ending {path.suffix!r}; {_READABLE}.")
    except _UNREADABLE as error:
        yield Rejection(source.name, location, _reason(error))


def _standard_input(source: Source) -> Iterator[Document | Rejection]:
    stream = sys.stdin.buffer
    first = stream.readline(source.max_bytes + 1)
    if _is_record(first):
        yield from _records_by_line(itertools.chain([first], _lines(stream, source.max_bytes)), STDIN, source)
        return
    raw = first + stream.read(source.max_bytes + 1)
    start = raw.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    media = {b"{": "application/json", b"[": "application/json", b"<": "text/html"}.get(start, "text/plain")
    yield from _whole(raw, media, STDIN, source)


def _is_record(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except _BAD_JSON:
        return False


def _lines(stream: IO[bytes] | gzip.GzipFile, limit: int) -> Iterator[bytes]:
    """The lines of a stream; of a line above the limit only so much that it is seen to be above it."""
    while line := stream.readline(limit + 1):
        rest = line
        while len(line) > limit and rest and not rest.endswith(b"\n"):
            rest = stream.readline(limit)
        yield line


def _reason(error: BaseException) -> str:
    return f"Cannot be read: {getattr(error, 'strerror', None) or error}."


def _document(raw: bytes, media_type: str, location: str, source: Source) -> Document:
    return Document(source.name, location, media_type, raw, None, source.publisher, source.language)


def _unfit(raw: bytes, source: Source) -> str | None:
    if not raw.strip():
        return "Empty."
    if is_binary(raw):
        return "Binary data, not text."
    if len(raw) > source.max_bytes:
        return source.too_large
    return None


def _whole(raw: bytes, media_type: str, location: str, source: Source) -> Iterator[Document | Rejection]:
    if reason := _unfit(raw, source):
        yield Rejection(source.name, location, reason)
    elif media_type != "application/json":
        yield _document(raw, media_type, location, source)
    else:
        yield from _records(raw, location, source)


def _records(raw: bytes, location: str, source: Source) -> Iterator[Document | Rejection]:
    try:
        content = json.loads(decode(raw))
    except _BAD_JSON as error:
        yield Rejection(source.name, location, f"Not JSON: {error}.")
        return
    if not isinstance(content, list):
        yield _record(content, location, source)
        return
    if not content:
        yield Rejection(source.name, location, "An empty list.")
    for number, item in enumerate(content, 1):
        yield _record(item, f"{location}:{number}", source)


def _record(content: Any, location: str, source: Source) -> Document | Rejection:
    if not isinstance(content, dict):
        return Rejection(source.name, location, "Not a record: expected a JSON object with title and text.")
    raw = json.dumps(content, sort_keys=True).encode()
    return _document(raw, "application/json", location, source)


def _records_by_line(lines: Iterable[bytes], location: str, source: Source) -> Iterator[Document | Rejection]:
    empty = True
    for number, line in enumerate(lines, 1):
        if line.strip():
            empty = False
            yield _line_record(line, f"{location}:{number}", source)
    if empty:
        yield Rejection(source.name, location, "Empty.")


def _line_record(line: bytes, location: str, source: Source) -> Document | Rejection:
    if reason := _unfit(line, source):
        return Rejection(source.name, location, reason)
    try:
        return _record(json.loads(decode(line)), location, source)
    except _BAD_JSON as error:
        return Rejection(source.name, location, f"Not JSON: {error}.")
