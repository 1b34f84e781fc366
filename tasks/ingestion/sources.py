"""What a run reads: the sources of `seeds/sources.toml`, checked before anything is read.

[[source]]
name = "archive"            # unique; stands in the table `articles`
kind = "files"              # files, feed, sitemap, urls or warc: `KINDS` says which fields each has
paths = ["archive/2025"]    # relative to this file

docs/sources.md describes every kind and field with examples.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from evpact.errors import ConfigurationError

MAX_MEGABYTES: Final = 20.0
GLOB: Final = re.compile(r"[*?\[]")
"""What makes a path a pattern, unless there is a file of that name."""


@dataclass(frozen=True)
class Source:
    """A place that articles come from.

    Attributes:
        name: Unique name.
        paths: Files, folders and patterns of them (`files`), archives (`warc`).
        kind: How it is read; one of `KINDS`.
        urls: Addresses of feeds, sitemaps or pages.
        list_file: A file with one address a line (`urls`), read anew in every run.
        include: Patterns of which a path or an address must match one; none means all.
        exclude: Patterns of which a path or an address may match none.
        publisher: Publisher of the articles where they do not name one.
        language: ISO 639-1 code of the articles' language where they do not say.
        max_bytes: Size above which a document is set aside.
        max_articles: New articles of one run; the rest is left to the next ones. None means all.
        max_days: Age in days, at the start of a run, above which an article is passed over. None means any.
        pace: Least seconds between two requests to one site; None for the client's own.
        allow_private: Whether addresses of private networks may be read.
    """

    name: str
    paths: tuple[Path, ...] = ()
    kind: str = "files"
    urls: tuple[str, ...] = ()
    list_file: Path | None = None
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    publisher: str | None = None
    language: str | None = None
    max_bytes: int = int(MAX_MEGABYTES * 1_000_000)
    max_articles: int | None = None
    max_days: float | None = None
    pace: float | None = None
    allow_private: bool = False

    @property
    def mirrored(self) -> bool:
        """Whether what the source no longer delivers is no longer released; otherwise what was read stays."""
        return self.kind == "files"

    @property
    def too_large(self) -> str:
        """Why a document above the size is set aside."""
        return f"Larger than {self.max_bytes / 1e6:g} MB; raise max_megabytes of the source, or split it."

    def wants(self, *names: str) -> bool:
        """Whether the patterns let something pass that goes by these names; `*` in a pattern spans slashes."""

        def matches(patterns: Iterable[str]) -> bool:
            plain = [pattern.removeprefix("./").removeprefix("**/") for pattern in patterns]
            return any(fnmatchcase(name, pattern) for name in names for pattern in plain)

        return (not self.include or matches(self.include)) and not matches(self.exclude)

    def wants_url(self, url: str) -> bool:
        """Whether the patterns let an address pass: they are of it, of what follows `//`, or of its path."""
        parts = urlsplit(url)
        return self.wants(url, url.partition("//")[2], parts.path)

    def oldest(self, now: datetime) -> date | None:
        """The day before which an article is passed over by a run that starts now."""
        return (now - timedelta(days=self.max_days)).date() if self.max_days else None


@dataclass(frozen=True)
class _Kind:
    """The fields of a kind of source beside those that all have; exactly one of `places` says where to read."""

    places: tuple[str, ...]
    others: tuple[str, ...]
    max_articles: int | None

    @property
    def fields(self) -> tuple[str, ...]:
        return (*_COMMON, *self.places, *self.others)


_COMMON: Final = ("name", "kind", "include", "exclude", "publisher", "language", "max_megabytes", "max_articles")
_WEB: Final = ("max_days", "pace", "allow_private")
_PAGES_A_RUN: Final = 1_000
_RECORDS_A_RUN: Final = 20_000

KINDS: Final = {
    "files": _Kind(("path", "paths"), (), None),
    "feed": _Kind(("url", "urls"), _WEB, _PAGES_A_RUN),
    "sitemap": _Kind(("url", "urls"), _WEB, _PAGES_A_RUN),
    "urls": _Kind(("urls", "file"), ("pace", "allow_private"), _PAGES_A_RUN),
    "warc": _Kind(("path", "paths"), ("max_days",), _RECORDS_A_RUN),
}


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(map(_is_text, value))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < float("inf")


_TEXT: Final = (_is_text, "must be a text that is not empty.")
_TEXTS: Final = (_is_texts, 'must be a list of one text or more, such as ["a", "b"].')
_NUMBER: Final = (_is_number, "must be a number above 0.")
_CHECKS: Final[dict[str, tuple[Callable[[Any], bool], str]]] = {
    "name": _TEXT,
    "kind": _TEXT,
    "path": _TEXT,
    "paths": _TEXTS,
    "url": _TEXT,
    "urls": _TEXTS,
    "file": _TEXT,
    "include": _TEXTS,
    "exclude": _TEXTS,
    "publisher": _TEXT,
    "language": (
        lambda value: isinstance(value, str) and bool(re.fullmatch(r"[a-z]{2}", value)),
        "must be a code of two letters such as 'en'.",
    ),
    "max_megabytes": _NUMBER,
    "max_articles": (lambda value: _is_number(value) and isinstance(value, int), "must be a whole number above 0."),
    "max_days": (lambda value: _is_number(value) and value <= 100_000, "must be a number of days above 0."),
    "pace": (lambda value: value == 0 or _is_number(value), "must be a number of seconds, 0 or more."),
    "allow_private": (lambda value: isinstance(value, bool), "must be true or false."),
}


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

    def path(self, name: str) -> Path:
        """A path that the file names, relative to the file."""
        return self.file.resolve().parent / Path(name).expanduser()


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
    values = entry.values
    kind = _kind(entry)
    for key, value in values.items():
        if key not in kind.fields:
            raise entry.error(key, f"unknown; a source of kind {values['kind']!r} has {', '.join(kind.fields)}.")
        check, problem = _CHECKS[key]
        if not check(value):
            raise entry.error(key, problem)
    given = [field for field in kind.places if field in values]
    if len(given) != 1:
        raise entry.error(kind.places[-1], f"give either {' or '.join(kind.places)}.")
    return Source(
        name=values["name"].strip(),
        kind=values["kind"],
        paths=_paths(entry),
        urls=_urls(entry),
        list_file=_list_file(entry),
        include=tuple(values.get("include", ())),
        exclude=tuple(values.get("exclude", ())),
        publisher=values.get("publisher"),
        language=values.get("language"),
        max_bytes=int(values.get("max_megabytes", MAX_MEGABYTES) * 1_000_000),
        max_articles=values.get("max_articles", kind.max_articles),
        max_days=values.get("max_days"),
        pace=values.get("pace"),
        allow_private=values.get("allow_private", False),
    )


def _kind(entry: _Entry) -> _Kind:
    for key in ("name", "kind"):
        if key not in entry.values:
            raise entry.error(key, "is missing.")
    kind = entry.values["kind"]
    if not isinstance(kind, str) or kind not in KINDS:
        raise entry.error("kind", f"{kind!r} is unknown; known: {', '.join(KINDS)}.")
    return KINDS[kind]


def _listed(entry: _Entry, one: str, many: str) -> tuple[str, list[str]]:
    """The field of the two that is given, and its texts."""
    if one in entry.values:
        return one, [entry.values[one]]
    return many, entry.values.get(many, [])


def _paths(entry: _Entry) -> tuple[Path, ...]:
    """The paths, whether there is anything at them or not: a missing folder fails its own source, when that is read."""
    return tuple(map(entry.path, _listed(entry, "path", "paths")[1]))


def _urls(entry: _Entry) -> tuple[str, ...]:
    field, urls = _listed(entry, "url", "urls")
    for url in urls:
        if problem := address_problem(url):
            raise entry.error(field, problem)
    return tuple(url.strip() for url in urls)


def address_problem(url: str) -> str | None:
    """What is wrong with an address that a person wrote, or None."""
    try:
        parts = urlsplit(url.strip())
        good = parts.scheme.lower() in ("http", "https") and bool(parts.hostname) and " " not in url.strip()
    except ValueError:
        good = False
    return None if good else f"{url!r} is not an address such as https://example.com/news.xml."


def _list_file(entry: _Entry) -> Path | None:
    if "file" not in entry.values:
        return None
    return entry.path(entry.values["file"])
