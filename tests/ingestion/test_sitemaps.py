"""Sitemaps, well-formed and not, to the addresses in them."""

from __future__ import annotations

import gzip
from datetime import date

import pytest

from tasks.ingestion.sitemaps import Link, SitemapError, read_sitemap

HOME = "https://example.org/map/"


def read(raw: bytes) -> tuple[list[Link], str | None]:
    links: list[Link] = []
    try:
        for link in read_sitemap(raw, HOME):
            links.append(link)
    except SitemapError as error:
        return links, str(error)
    return links, None


def urls(raw: bytes) -> list[str]:
    links, problem = read(raw)
    assert problem is None
    return [link.url for link in links]


def of(*addresses: str) -> bytes:
    return f"<urlset>{''.join(f'<url><loc>{address}</loc></url>' for address in addresses)}</urlset>".encode()


def test_news_come_with_what_the_sitemap_says_of_them() -> None:
    raw = b"""<?xml version="1.0" encoding="UTF-8"?>
    <urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:image="http://example.org/image"
            xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
      <url><loc> https://example.org/a </loc><lastmod>2024-05-06T23:30:00-08:00</lastmod>
        <image:image><image:loc>https://example.org/a.jpg</image:loc></image:image>
        <news:news><news:publication><news:name>The Example</news:name><news:language>de-AT</news:language>
          </news:publication><news:publication_date>2024-05-05</news:publication_date>
          <news:title><![CDATA[A &amp; B]]></news:title></news:news></url></urlset>"""
    day, published = date(2024, 5, 6), date(2024, 5, 5)
    expected = Link("https://example.org/a", False, day, "A & B", published, "2024-05-06T23:30:00-08:00")
    assert read(raw) == ([expected], None)


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_forms_of_sitemaps(pack: type[bytes]) -> None:
    assert urls(pack(of("https://example.org/a", "/b"))) == ["https://example.org/a", "https://example.org/b"]
    assert urls(pack(b"\xef\xbb\xbfhttps://example.org/a\r\nhttps://example.org/b\n")) == [
        "https://example.org/a",
        "https://example.org/b",
    ]
    links, _ = read(pack(b"<sitemapindex><sitemap><loc>/1.xml.gz</loc></sitemap></sitemapindex>"))
    assert links == [Link("https://example.org/1.xml.gz", is_sitemap=True)]


def test_addresses_are_not_twisted() -> None:
    assert urls(of("/a?b=1&copy=2&amp;d=3", "<![CDATA[/a?b=1&c=2]]>")) == [
        "https://example.org/a?b=1&copy=2&d=3",
        "https://example.org/a?b=1&c=2",
    ]


def test_an_ampersand_at_the_end_of_a_piece_stays_whole() -> None:
    for shift in range(65_500, 65_545):
        start = b"<urlset><!--" + b"x" * (shift - 50) + b"-->"
        assert urls(start + of("/a?b=1&amp;c=2")[8:]) == ["https://example.org/a?b=1&c=2"]


@pytest.mark.parametrize(
    ("raw", "links", "problem"),
    [
        (b"", 0, "Empty"),
        (b"<html><body>Sign in</body></html>", 0, "begins with <html>"),
        (b"%PDF-1.7\0\1\2", 0, "Binary"),
        (b"Not found", 0, "Neither"),
        (of("/a", "/b")[:-25], 1, "breaks off"),
        (gzip.compress(of("/a", "/b"), mtime=0)[:-9], 0, "cut off"),
        (gzip.compress(b"\n" * 200_000_000, mtime=0), 0, "Empty"),
        (b"<urlset><url>" + b"<a>" * 100_000, 0, "breaks off"),
        (b"<urlset><url>" + b"<a/>" * 100_000, 0, "in one entry"),
        (b"<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>" + of("/&a;")[:-5], 1, "breaks off"),
    ],
)
def test_what_is_broken_is_read_as_far_as_it_goes(raw: bytes, links: int, problem: str) -> None:
    found, reason = read(raw)
    assert len(found) == links
    assert reason is not None
    assert problem in reason
    assert "root:" not in str(found)


def test_entities_are_not_expanded() -> None:
    levels = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 50}">' for n in range(9))
    bomb = f'<!DOCTYPE x [<!ENTITY e0 "aaaaaaaaaa">{levels}]>'.encode() + of("/x?&e9;")
    assert urls(bomb) == ["https://example.org/x?&e9;"]
