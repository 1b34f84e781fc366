"""Which addresses are the same, and where links lead."""

from __future__ import annotations

import pytest

from tasks.ingestion.addresses import address_of, canonical, resolve


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("HTTP://Example.ORG:80/a#part", "http://example.org/a"),
        ("https://example.org:443", "https://example.org/"),
        ("https://example.org/a?utm_source=x&id=7&fbclid=y", "https://example.org/a?id=7"),
        ("https://example.org/%7ea/%e4", "https://example.org/~a/%E4"),
        ("https://example.org/ä", "https://example.org/%C3%A4"),
        ("https://example.org./a?UTM_Medium=1", "https://example.org/a"),
    ],
)
def test_ways_to_write_one_address(one: str, other: str) -> None:
    assert canonical(one) == canonical(other) == canonical(canonical(one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://example.org/a?id=1", "https://example.org/a?id=2"),
        ("https://example.org/a?id=1&id=2", "https://example.org/a?id=2&id=1"),
        ("https://example.org/A", "https://example.org/a"),
        ("https://example.org:8443/", "https://example.org/"),
        ("https://example.org/a%2Fb", "https://example.org/a/b"),
        ("https://example.org/?source=1", "https://example.org/"),
    ],
)
def test_addresses_that_may_differ_stay_apart(one: str, other: str) -> None:
    assert canonical(one) != canonical(other)


@pytest.mark.parametrize("nonsense", ["", "no address", "http://[", "http://a:b/", "mailto:x@example.org"])
def test_what_is_no_address_stays_as_it_is(nonsense: str) -> None:
    assert canonical(nonsense) == nonsense


def test_half_a_character_in_an_address_does_no_harm() -> None:
    assert canonical("https://example.org/\ud800") == "https://example.org/?"


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)", "/srv/news/a.html", "https://cahiers-de-l'auto.example/a", "https://.", "https://a b/",
        'https://example.org/"><script>', "https://user@example.org/", "",
    ],
)  # fmt: skip
def test_what_would_be_no_link_on_a_page_is_no_address(link: str) -> None:
    assert address_of(link) is None
    assert address_of(" https://example.org/l'auto?a=1#b ") == "https://example.org/l'auto?a=1#b"


def test_links_are_resolved_if_they_lead_to_the_web() -> None:
    base = "https://example.org/feed/"
    assert resolve(base, " ../a?b=1&c=2 ") == "https://example.org/a?b=1&c=2"
    assert resolve(base, "//example.com/x;") == "https://example.com/x"
    assert [resolve(base, link) for link in ("javascript:x", "file:///etc/passwd", "http://[", "", None, 7)] == [
        None
    ] * 6
