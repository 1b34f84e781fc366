"""Feeds, well-formed and not, to entries."""

from __future__ import annotations

import json
from datetime import date
from html import escape

import pytest

from tasks.ingestion.feeds import Entry, Feed, read_feed

HOME = "https://example.org/feed/"
ATTRIBUTES = " ".join(f"a{n}=x" for n in range(5_000))
STORY = "Alpha and Beta have signed an agreement on the supply of cells for electric buses. " * 6


def entries(raw: bytes | str, charset: str | None = None) -> list[Entry]:
    feed = read_feed(raw.encode() if isinstance(raw, str) else raw, HOME, charset)
    assert isinstance(feed, Feed), feed
    return list(feed.entries)


def rss(*items: str) -> str:
    return (
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>The Example</title><language>en-us</language>'
        f"{''.join(f'<item>{item}</item>' for item in items)}</channel></rss>"
    )


ATOM = f"""<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>The Example</title><entry><title type="html">A
 &lt;i&gt;deal&lt;/i&gt; of A &amp;amp; B</title><link href="../a?b=1&amp;utm_source=feed"/><id>tag:1</id>
 <published>2024-05-05T23:30:00-08:00</published><updated>2024-05-07T01:00:00Z</updated>
 <author><name>Jane Doe</name></author><author><name>Jim Roe</name></author><summary>Short.</summary>
 <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>{STORY}</p></div></content></entry></feed>"""
RSS = rss(
    "<title>A deal of A &amp;amp; B</title><link>/a?b=1&amp;utm_source=feed</link><guid>tag:1</guid>"
    "<pubDate>Sun, 05 May 2024 23:30:00 -0800</pubDate><dc:creator>By Jane Doe and Jim Roe</dc:creator>"
    f"<description>Short.</description><content:encoded><![CDATA[<p>{STORY}</p>]]></content:encoded>"
)
JSON = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "The Example",
        "language": "en",
        "items": [
            {
                "id": "tag:1",
                "url": "/a?b=1&utm_source=feed",
                "title": "A deal of A & B",
                "date_published": "2024-05-05T23:30:00-08:00",
                "authors": [{"name": "Jane Doe"}, {"name": "Jim Roe"}],
                "summary": "Short.",
                "content_html": f"<p>{STORY}</p>",
            }
        ],
    }
)


@pytest.mark.parametrize("raw", [ATOM, RSS, JSON], ids=["atom", "rss", "json"])
def test_the_same_entry_in_three_formats(raw: str) -> None:
    feed = read_feed(raw.encode(), HOME)
    assert isinstance(feed, Feed)
    (entry,) = feed.entries
    assert entry.url == "https://example.org/a?b=1&utm_source=feed"
    assert (entry.key, entry.title) == ("tag:1", "A deal of A & B")
    assert entry.published == date(2024, 5, 5)
    assert entry.authors == ("Jane Doe", "Jim Roe")
    assert STORY.strip() in (entry.content or "")


@pytest.mark.parametrize(
    ("content", "whole"),
    [
        (f"<p>{STORY}</p>", True),
        (f"<p>{STORY}</p><p>Terms were not given ...</p>", False),
        (f"<p>{STORY} […]</p><p>The post A deal appeared first on The Example.</p>", False),
        (f"<p>{STORY} [&amp;#8230;]</p>".replace("&amp;", "&"), False),
        ("<p>Alpha and Beta have signed.</p>", False),
    ],
)
def test_only_a_whole_story_is_full_text(content: str, whole: bool) -> None:
    (entry,) = entries(rss(f"<title>A</title><content:encoded><![CDATA[{content}]]></content:encoded>"))
    assert (entry.content is not None) == whole


def test_a_description_as_long_as_a_story_is_one() -> None:
    short, long = entries(rss(f"<description>{STORY}</description>", f"<description>{STORY * 3}</description>"))
    assert (short.content, long.content) == (None, f"<p>{STORY * 3}</p>".replace(" </p>", "</p>"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-2", "windows-1250"])
def test_encodings(encoding: str) -> None:
    raw = f'<?xml version="1.0" encoding="{encoding}"?>{rss("<title>Żółw</title>")}'.encode(encoding)
    assert [entry.title for entry in entries(raw)] == ["Żółw"]


def test_the_header_tells_an_encoding_that_the_feed_does_not() -> None:
    assert [entry.title for entry in entries(rss("<title>Привет, мир</title>").encode("koi8-r"), "koi8-r")] == [
        "Привет, мир"
    ]


@pytest.mark.parametrize(
    "raw",
    [
        rss("<title>A</title><link>/a</link>", "<title>B</title><link>/b</link>")[:-20],
        "\n\nWarning: mysql in line 7\n" + rss("<title>A</title><link>/a</link>", "<title>B</title><link>/b</link>"),
        rss("<title>A</title><link>/a</link><description>a < b & c &nbsp; <b></description>", "<link>/b</link>"),
        rss("<title>A</title><link>/a</link>", "<link>/b</link>").replace("</item>", ""),
        rss("<title>A\x08\x1f</title><link>/a</link>", "<link>/b</link>"),
        rss("<media:x>?</media:x><link>/a</link>", "<link>/b</link>"),
    ],
)
def test_ill_formed_feeds_are_read(raw: str) -> None:
    assert [entry.url for entry in entries(raw)] == ["https://example.org/a", "https://example.org/b"]


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b" \n", "Empty"),
        (b"\x1f\x8b\x08\0\0\0", "Binary"),
        (b"<!doctype html><title>Sign in</title>", "web page"),
        (b'<html><link rel="alternate" type="application/rss+xml" href="/rss.xml">', "names /rss.xml"),
        (b"https://example.org/other.xml", "Not a feed"),
        (b"/etc/passwd", "Not a feed"),
        (b'{"a": ' * 100_000, "Not a feed"),
        (b'{"items": {}}', "Not a feed"),
        (rss(f"<description>{escape(f'<p {ATTRIBUTES}>')}</description>").encode(), "attributes"),
    ],
)
def test_what_is_no_feed_is_refused(raw: bytes, reason: str) -> None:
    assert reason in str(read_feed(raw, HOME))


def test_entities_are_neither_expanded_nor_fetched() -> None:
    levels = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 50}">' for n in range(9))
    doctype = f'<!DOCTYPE rss [<!ENTITY e0 "aaaaaaaaaa">{levels}<!ENTITY file SYSTEM "file:///etc/passwd">]>'
    (entry,) = entries(doctype + rss("<title>&e9; &file; deal</title><link>/a</link>"))
    assert entry.title is not None
    assert entry.title.endswith("deal")
    assert len(entry.title) < 100


def test_a_large_feed_is_read_in_pieces_and_whole() -> None:
    padding = "x" * 3000
    items = [f"<title>{n}</title><link>/{n}</link><description>{padding}</description>" for n in range(450)]
    found = entries(f'<?xml version="1.0"?>{rss(*items)}')
    assert [(entry.title, entry.url) for entry in found] == [(str(n), f"https://example.org/{n}") for n in range(450)]


def test_values_of_the_wrong_kind_count_as_not_given() -> None:
    items = [{"id": 7, "url": 7, "title": ["x"], "authors": ["x", None], "content_html": 7, "date_published": "2027"}]
    assert entries(json.dumps({"title": 1, "items": [*items, None, "x"]})) == [Entry(None, "7")]
    assert entries(json.dumps({"authors": 7, "items": [{"id": "a", "authors": 7, "author": 7}]})) == [Entry(None, "a")]
