"""`sources.toml` is checked before anything is read, and an error says file, line and field."""

from __future__ import annotations

from pathlib import Path

import pytest

from evpact.errors import ConfigurationError
from evpact.settings import SOURCES
from tasks.ingestion.sources import Source, load_sources

GOOD = """[[source]]
name = "archive"
kind = "files"
paths = ["pages", "one.txt"]
include = ["*.html"]
publisher = "The Example"
language = "en"
max_megabytes = 1.5
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "pages").mkdir()
    (tmp_path / "one.txt").write_text("text", encoding="utf-8")
    return tmp_path


def write(folder: Path, text: str) -> Path:
    path = folder / "sources.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_paths_are_relative_to_the_file(folder: Path) -> None:
    (source,) = load_sources(write(folder, GOOD))
    assert source.paths == (folder / "pages", folder / "one.txt")
    assert (source.name, source.include, source.publisher, source.language) == (
        "archive",
        ("*.html",),
        "The Example",
        "en",
    )
    assert source.max_bytes == 1_500_000


def test_the_bundled_sources_are_good() -> None:
    (sample,) = load_sources(SOURCES)
    assert sample.name == "sample"
    assert len(list(sample.paths[0].iterdir())) == 50


@pytest.mark.parametrize(
    ("change", "line", "says"),
    [
        pytest.param(('name = "archive"', 'name = "archive'), "line 2", "not valid TOML", id="bad TOML"),
        pytest.param(('name = "archive"\n', ""), "line 1", "name: is missing", id="no name"),
        pytest.param(('"archive"', '" "'), "line 2", "name: must be a text", id="empty name"),
        pytest.param(('kind = "files"', 'kind = "telepathy"'), "line 3", "kind: 'telepathy' is unknown", id="kind"),
        pytest.param(('["pages", "one.txt"]', "[]"), "line 4", "paths: must be a list", id="empty list"),
        pytest.param(("paths = [", 'path = "x"\npaths = ['), "line 5", "either path", id="path and paths"),
        pytest.param(("include", "inclode"), "line 5", "inclode: unknown", id="unknown key"),
        pytest.param(('"en"', '"English"'), "line 7", "language: must be a code of two letters", id="language"),
        pytest.param(("1.5", "-1"), "line 8", "max_megabytes: must be a number above 0", id="negative size"),
        pytest.param(("1.5", "true"), "line 8", "max_megabytes: must be a number above 0", id="not a number"),
        pytest.param(
            ('kind = "files"', 'kind = "feed"'), "line 4", "paths: unknown; a source of kind 'feed'", id="not its"
        ),
        pytest.param(
            ("1.5", "1.5\nmax_articles = 2.5"), "line 9", "max_articles: must be a whole number", id="fraction"
        ),
        pytest.param(("[[source]]", "[[sources]]"), "line 1", "sources: unknown", id="wrong table"),
        pytest.param(("[[source]]", "[source]"), "line 1", "needs one [[source]] or more", id="single table"),
    ],
)
def test_an_error_names_file_line_and_field(folder: Path, change: tuple[str, str], line: str, says: str) -> None:
    path = write(folder, GOOD.replace(*change, 1))
    with pytest.raises(ConfigurationError) as raised:
        load_sources(path)
    assert str(path) in str(raised.value)
    assert line in str(raised.value)
    assert says in str(raised.value)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ('kind = "feed"\nurl = "ftp://example.com/feed"', "line 4, url: 'ftp://example.com/feed' is not an address"),
        ('kind = "feed"', "line 1, urls: give either url or urls"),
        ('kind = "urls"\nurls = ["https://example.com/1"]\nfile = "one.txt"', "line 5, file: give either urls or file"),
        (
            'kind = "sitemap"\nurl = "https://example.com/s.xml"\nallow_private = "yes"',
            "line 5, allow_private: must be",
        ),
    ],
)
def test_each_kind_has_fields_of_its_own(folder: Path, fields: str, says: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        load_sources(write(folder, f'[[source]]\nname = "wire"\n{fields}\n'))
    assert says in str(raised.value)


def test_patterns_of_a_web_source_are_of_the_address_or_its_path() -> None:
    source = Source("wire", kind="feed", include=("/ev/*", "other.example/*"), exclude=("*?print=1",))
    assert source.wants_url("https://wire.example/ev/1")
    assert source.wants_url("https://other.example/1")
    assert not source.wants_url("https://wire.example/sport/1")
    assert not source.wants_url("https://wire.example/ev/1?print=1")


def test_names_are_unique(folder: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"line 11, name: there is already a source named 'archive'"):
        load_sources(write(folder, GOOD + "\n" + GOOD))


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00", b""], ids=["missing", "not UTF-8", "empty"])
def test_a_file_that_cannot_be_used_is_an_error_that_names_it(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "sources.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigurationError, match=r"sources\.toml"):
        load_sources(path)
