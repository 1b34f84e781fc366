"""What a run reads: the sources of `seeds/sources.toml`, checked before anything is read.

[[source]]
name = "archive"            # unique; stands in the table `articles`
kind = "files"
paths = ["archive/2025"]    # files and folders, relative to this file (or `path = "…"` for a single one)
include = ["*.html"]        # optional: only files that match one of these
exclude = ["drafts/*"]      # optional: none of these
publisher = "The Example"   # optional: where a page does not say
language = "en"             # optional: ISO 639-1
max_megabytes = 20          # optional: larger documents are set aside
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from evpact.errors import ConfigurationError

KINDS: Final = ("files",)
MAX_MEGABYTES: Final = 20.0

_TEXTS: Final = ("name", "kind", "path", "publisher", "language")
_LISTS: Final = ("paths", "include", "exclude")
_KEYS: Final = (*_TEXTS, *_LISTS, "max_megabytes")


@dataclass(frozen=True)
class Source:
    """A place that articles come from.

    Attributes:
        name: Unique name.
        kind: How it is read; `files`.
        paths: Files and folders; folders are read with all folders in them.
        include: Patterns of which a file in a folder must match one; none means every file.
        exclude: Patterns of which a file in a folder may match none.
        publisher: Publisher of the articles where they do not name one.
        language: ISO 639-1 code of the articles' language where they do not say.
        max_bytes: Size above which a document is set aside.
    """

    name: str
    paths: tuple[Path, ...]
    kind: str = "files"
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    publisher: str | None = None
    language: str | None = None
    max_bytes: int = int(MAX_MEGABYTES * 1_000_000)


@dataclass(frozen=True)
class _Entry:
    """One `[[source]]` of a file, able to say where in the file it is."""

    file: Path
    line: int
    lines: tuple[str, ...]
    values: Mapping[str, Any]

    def error(self, field: str, problem: str) -> ConfigurationError:
        """The problem with the file, the line of the field, and the field's name."""
        pattern = re.compile(rf"""\s*["']?{re.escape(field)}["']?\s*=""")
        offset = next((i for i, line in enumerate(self.lines) if pattern.match(line)), 0)
        return ConfigurationError(f"{self.file}, line {self.line + offset}, {field}: {problem}")


def load_sources(path: Path) -> tuple[Source, ...]:
    """The sources of a TOML file, in its order.

    Raises:
        ConfigurationError: The file is missing, is not TOML, or an entry is wrong; names file, line and field.
    """
    text = _text(path)
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"{path} is not valid TOML: {error}.") from None
    for key in content:
        if key != "source":
            raise ConfigurationError(f"{path}, line {_line_of(text, key)}, {key}: unknown; write [[source]] entries.")
    entries = _entries(path, text, content.get("source"))
    sources = tuple(_source(entry) for entry in entries)
    seen: set[str] = set()
    for entry, source in zip(entries, sources, strict=True):
        if source.name in seen:
            raise entry.error("name", f"there is already a source named {source.name!r}; names must be unique.")
        seen.add(source.name)
    return sources


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise ConfigurationError(f"Cannot read the sources in {path}: {error.strerror}.") from None
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{path} is not UTF-8 text (byte {error.start}).") from None


def _line_of(text: str, key: str) -> int:
    pattern = re.compile(rf"""\s*(?:\[+\s*)?["']?{re.escape(key)}\b""")
    return next((i for i, line in enumerate(text.splitlines(), 1) if pattern.match(line)), 1)


def _entries(path: Path, text: str, values: object) -> tuple[_Entry, ...]:
    if not isinstance(values, list) or not values or not all(isinstance(value, dict) for value in values):
        raise ConfigurationError(f"{path}, line {_line_of(text, 'source')}, source: needs one [[source]] or more.")
    lines = text.splitlines()
    starts = [i for i, line in enumerate(lines) if re.match(r"\s*\[\[\s*source\s*\]\]", line)]
    if len(starts) != len(values):  # written inline: `source = [{…}]`
        starts = [_line_of(text, "source") - 1] * len(values)
    ends = [*starts[1:], len(lines)]
    return tuple(
        _Entry(path, start + 1, tuple(lines[start:end]), value)
        for start, end, value in zip(starts, ends, values, strict=True)
    )


def _source(entry: _Entry) -> Source:
    _check_fields(entry)
    values = entry.values
    if values["kind"] not in KINDS:
        raise entry.error("kind", f"{values['kind']!r} is unknown; known: {', '.join(KINDS)}.")
    language = values.get("language")
    if language is not None and not re.fullmatch(r"[a-z]{2}", language):
        raise entry.error("language", f"{language!r} is not a code of two letters such as 'en'.")
    return Source(
        name=values["name"].strip(),
        kind=values["kind"],
        paths=_paths(entry),
        include=tuple(values.get("include", ())),
        exclude=tuple(values.get("exclude", ())),
        publisher=values.get("publisher"),
        language=language,
        max_bytes=int(values.get("max_megabytes", MAX_MEGABYTES) * 1_000_000),
    )


def _check_fields(entry: _Entry) -> None:
    for key, value in entry.values.items():
        if key not in _KEYS:
            raise entry.error(key, f"unknown; known are {', '.join(_KEYS)}.")
        if key in _TEXTS and not (isinstance(value, str) and value.strip()):
            raise entry.error(key, "must be a text that is not empty.")
        if key in _LISTS and not (
            isinstance(value, list) and value and all(isinstance(item, str) and item.strip() for item in value)
        ):
            raise entry.error(key, 'must be a list of one text or more, such as ["articles"].')
        if key == "max_megabytes" and (isinstance(value, bool) or not isinstance(value, int | float) or value <= 0):
            raise entry.error(key, "must be a number above 0.")
    for key in ("name", "kind"):
        if key not in entry.values:
            raise entry.error(key, "is missing.")
    if ("path" in entry.values) == ("paths" in entry.values):
        raise entry.error("paths", 'give either path = "…" or paths = ["…", "…"].')


def _paths(entry: _Entry) -> tuple[Path, ...]:
    field = "path" if "path" in entry.values else "paths"
    names = [entry.values["path"]] if field == "path" else entry.values["paths"]
    paths = []
    for name in names:
        path = entry.file.resolve().parent / Path(name).expanduser()
        if not path.exists():
            raise entry.error(field, f"there is no file or folder {path}.")
        paths.append(path)
    return tuple(paths)
