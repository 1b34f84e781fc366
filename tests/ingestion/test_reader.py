"""One document to one article in every form it may come in; bad content is set aside and never raises."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from evpact.ids import article_id
from evpact.settings import PROJECT
from tasks.ingestion import reader
from tasks.ingestion.files import collect, document_id
from tasks.ingestion.reader import READER, read
from tasks.ingestion.sources import Source
from tasks.records import Article, Document, Rejection

FIRST = "Two makers of cars have agreed to build a plant for batteries together, they said on Monday in Lisbon."
SECOND = "The plant is to make cells for half a million cars a year, and the first should leave it in two years."
TEXT = f"{FIRST}\n\n{SECOND}"


def article(raw: str | bytes, media_type: str = "text/plain", **hints: Any) -> Article:
    found = read(document(raw, media_type, **hints))
    assert isinstance(found, Article), found
    return found


def document(raw: str | bytes, media_type: str = "text/plain", **hints: Any) -> Document:
    return Document("wire", "a", media_type, raw if isinstance(raw, bytes) else raw.encode(), **hints)


def test_the_same_story_is_the_same_article_in_every_form() -> None:
    page = f"<html><body><article><h1>Makers join forces</h1><p>{FIRST}</p><p>{SECOND}</p></article></body></html>"
    fields = {"title": "Makers join forces"}
    found = [
        article(f"Makers join forces\n\n{TEXT}"),
        article(page, "text/html"),
        article(f"# Makers join forces\n\n{TEXT}", "text/markdown"),
        article(json.dumps(fields | {"text": TEXT}), "application/json"),
        article(json.dumps(fields | {"content": f"<p>{FIRST}</p><p>{SECOND}</p>"}), "application/json"),
        article(json.dumps(fields | {"html": page}), "application/json"),
    ]
    assert {(a.title, a.text, a.article_id, a.language) for a in found} == {
        ("Makers join forces", TEXT, article_id(TEXT), "en")
    }
    assert {a.source for a in found} == {"wire"}


def test_fields_of_a_record() -> None:
    record = {
        "headline": "Makers join forces",
        "body": f"4 min read\n\n{TEXT}\n\nRead next\nAnother headline",
        "published_at": "2025-07-01T23:30:00-07:00",
        "updated_at": "2025-07-03",
        "author": [{"name": "Ann Lee"}, "By Bob Ray"],
        "site": {"name": "The Example"},
        "language": "en-GB",
        "url": "https://example.org/a",
    }
    assert article(json.dumps(record), "application/json") == Article(
        article_id(TEXT),
        "Makers join forces",
        TEXT,
        ("Ann Lee", "Bob Ray"),
        "The Example",
        date(2025, 7, 1),
        "en",
        "https://example.org/a",
        "wire",
        date(2025, 7, 3),
        "field",
    )


@pytest.mark.parametrize(
    "front",
    [
        "---\ntitle: Makers join forces\ndate: 2025-07-01\nauthors:\n  - Ann Lee\n  - Bob Ray\n---\n",
        "+++\ntitle = 'Makers join forces'\ndate = 2025-07-01\nauthors = ['Ann Lee', 'Bob Ray']\n+++\n",
    ],
    ids=["YAML", "TOML"],
)
def test_a_front_matter_and_markup(front: str) -> None:
    body = f"# Makers join forces\n\n{FIRST.replace('Lisbon', '[Lisbon](https://example.org)')}\n\n![x](y.png)\n\n```\ncode\n```\n\n"
    found = article(f"{front}\n{body}## Money **first**\n\n{SECOND}", "text/markdown")
    assert (found.title, found.published, found.authors) == (
        "Makers join forces",
        date(2025, 7, 1),
        ("Ann Lee", "Bob Ray"),
    )
    assert found.text == f"{FIRST}\n\nMoney first\n\n{SECOND}"


def test_hints_of_the_source_fill_what_the_article_does_not_say() -> None:
    found = article(TEXT, publisher="The Example", language="pt", url="https://example.org/a")
    assert (found.publisher, found.language, found.url) == ("The Example", "pt", "https://example.org/a")
    found = article(TEXT, published=date(2025, 7, 1))
    assert (found.published, found.published_from) == (date(2025, 7, 1), "feed")
    record = json.dumps({"text": TEXT, "publisher": "Another", "language": "en", "url": "https://example.org/b"})
    found = article(record, "application/json", publisher="The Example", language="pt", url="https://example.org/a")
    assert (found.publisher, found.language, found.url) == ("Another", "en", "https://example.org/b")


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("utf-8", ""),
        ("utf-8-sig", ""),
        ("utf-16", ""),
        ("cp1252", "windows-1252"),
        ("cp1252", "iso-8859-1"),
        ("cp1252", ""),
    ],
)
def test_encodings(encoding: str, declared: str) -> None:
    story = f"{TEXT} “Žádný problém”, said the São Paulo office – “for €5”."
    if encoding == "cp1252":
        story = story.replace("Žádný problém", "Très bien")
    head = f"<head><meta charset='{declared}'></head>" if declared else ""
    raw = f"<html>{head}<body><article><p>{story}</p></article></body></html>".encode(encoding)
    assert article(raw, "text/html").text.endswith(story[-30:])


@pytest.mark.parametrize(
    ("raw", "media_type", "reason"),
    [
        (b"\x00\x01\x02" * 100, "text/plain", "Binary"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00", "text/html", "Binary"),
        ("Too short to be an article.", "text/plain", "Only 6 words"),
        ("<html><body><nav>Home</nav></body></html>", "text/html", ""),
        ("{broken", "application/json", "Not JSON"),
        ("[1]", "application/json", "Not a record"),
        ('{"title": "x"}', "application/json", "without text"),
        ('{"text": 7, "title": []}', "application/json", "without text"),
        ("[" * 10_000, "application/json", "Not JSON"),
        ("word " * 200_000, "text/markdown", "More than 500,000 characters"),
    ],
    ids=range(10),
)
def test_bad_content_is_set_aside_with_the_reason(raw: str | bytes, media_type: str, reason: str) -> None:
    found = read(document(raw, media_type))
    assert isinstance(found, Rejection)
    assert reason in found.reason
    assert (found.source, found.location) == ("wire", "a")


@pytest.mark.parametrize(
    ("raw", "media_type"),
    [
        pytest.param("((((" * 10_000, "text/plain", id="brackets"),
        pytest.param("By " * 10_000, "text/plain", id="byline without end"),
        pytest.param("a | " * 10_000, "text/plain", id="parts without end"),
        pytest.param("[a](" * 3_000, "text/markdown", id="links that do not close"),
        pytest.param("> " * 10_000, "text/markdown", id="nested quotes"),
        pytest.param("---\n" + "a: &a [*a, *a]\n" * 50 + "---\nx", "text/markdown", id="YAML that refers to itself"),
        pytest.param('{"a":' * 900 + "1" + "}" * 900, "application/json", id="nested record"),
        pytest.param("<html><p>" + "&amp;" * 10_000, "text/html", id="entities"),
        pytest.param("<html>" + "<table><tr><td>" * 80 + "x", "text/html", id="nested tables"),
    ],
)
def test_hostile_content_never_raises(raw: str, media_type: str) -> None:
    assert isinstance(read(document(raw, media_type)), Article | Rejection)


def test_a_page_that_breaks_the_reader_is_set_aside(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(_: str) -> None:
        raise RecursionError("too deep")

    monkeypatch.setitem(reader._READERS, "text/html", breaks)
    found = read(document("<html><p>x", "text/html"))
    assert isinstance(found, Rejection)
    assert found.reason == "The reader fails on it (RecursionError: too deep)."


def test_lone_surrogates_and_controls_do_not_get_through() -> None:
    found = article(
        '{"title": "A\\ud800 title\\u0000", "text": ' + json.dumps(TEXT + "\ud83d\x07") + "}", "application/json"
    )
    assert found.title == "A title"
    assert found.text == TEXT
    found.text.encode()


def test_the_version_of_the_reader_is_named() -> None:
    assert READER.startswith("reader ")


EXPECTED = {
    "a01-nissan-sunderland-chinese-carmakers": (("Staff",), date(2026, 1, 28)),
    "a04-volkswagen-xpeng-first-joint-car": ((), date(2026, 3, 17)),
    "a17-aesc-washington-gigafactory": (("Staff",), date(2025, 5, 10)),
    "a22-norway-registrations": ((), date(2026, 1, 2)),
    "b02": ((), date(2024, 6, 26)),
    "b09": (("Staff",), date(2025, 12, 17)),
    "b23": (("Staff",), date(2024, 10, 12)),
}


def test_bundled_articles() -> None:
    source = Source("sample", (PROJECT / "seeds" / "articles",))
    found = {document_id(d): d for d in collect(source) if isinstance(d, Document)}
    assert len(found) == 50
    for name, (authors, published) in EXPECTED.items():
        read_article = read(found[name])
        assert isinstance(read_article, Article)
        assert (read_article.authors, read_article.published) == (authors, published), name
        assert read_article.publisher == "evpact sample desk"
        assert not any(
            phrase in read_article.text.lower()
            for phrase in ("min read", "all rights reserved", "read next", "related", "facebook", "comment", "cookie")
        ), name


def test_nothing_depends_on_where_a_document_was_found() -> None:
    first = read(Document("wire", "a.txt", "text/plain", TEXT.encode()))
    second = read(Document("wire", "/elsewhere/b.txt", "text/plain", TEXT.encode()))
    assert first == second
