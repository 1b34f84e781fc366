"""The client against a site that misbehaves: every failure is a reason, and none holds or floods the run."""

from __future__ import annotations

import gzip
import itertools
import socket
import struct
import threading
import time
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from tasks.ingestion import network
from tasks.ingestion.web import FetchError, Page, Request, Web
from tests.ingestion.conftest import Answer, Site, reply

TEXT = reply(b"<p>A deal</p>", content_type="text/html")


def client(**settings: Any) -> Web:
    quick = {"pace": 0, "timeout": 5.0, "total": 9.0, "max_bytes": 100_000, "allow_private": True, "back_off": 0.001}
    return Web(**{**quick, **settings})


@pytest.fixture
def web() -> Iterator[Web]:
    with client() as opened:
        yield opened


def refused(web: Web, url: str) -> FetchError:
    with pytest.raises(FetchError) as caught:
        web.get(url)
    assert caught.value.address == url
    return caught.value


def test_a_page_comes_with_what_its_header_says(web: Web, site: Site) -> None:
    raw = "<p>Żółw</p>".encode("cp1250")
    url = site.set("/a", reply(raw, content_type="Text/HTML; Charset=Windows-1250", etag='"1"', last_modified="then"))
    assert web.get(url) == Page(url, url, 200, "text/html", raw, '"1"', "then", charset="windows-1250")
    assert "User-Agent: evpact/" in site.asked("/a")[0]


def test_what_has_not_changed_is_not_sent_again(web: Web, site: Site) -> None:
    url = site.set("/a", reply(status="304 Not Modified"))
    page = web.get(url, etag='"1"', modified="Mon, 06 May 2024 10:00:00 GMT")
    assert (page.not_modified, page.etag, page.modified) == (True, '"1"', "Mon, 06 May 2024 10:00:00 GMT")
    assert 'If-None-Match: "1"\r\nIf-Modified-Since: Mon' in site.asked("/a")[0]
    assert "304" in refused(web, url).reason
    with pytest.raises(FetchError):
        web.get(url, etag='"1"\r\nX-Injected: yes')
    assert "X-Injected" not in site.asked("/a")[-1]


# --- robots.txt


def robots(text: str) -> bytes:
    return reply(text.encode(), content_type="text/plain")


def test_robots_txt_is_obeyed_and_asked_for_once(web: Web, site: Site) -> None:
    site.set("/robots.txt", robots("User-agent: *\nDisallow: /\n\nUser-agent: Evpact\nDisallow: /private/*/x\n"))
    site.set("/a", TEXT), site.set("/private/1/x", TEXT)
    assert web.get(site.url("/a")).status == 200
    assert "robots.txt" in refused(web, site.url("/private/1/x")).reason
    assert len(site.asked("/robots.txt")) == 1
    assert not site.asked("/private/1/x")


@pytest.mark.parametrize(
    ("answer", "allowed"),
    [
        (reply(b"", "404 Not Found"), True),
        (reply(b"", "403 Forbidden"), True),
        (reply(b"<html>Welcome", content_type="text/html"), True),
        (robots("User-agent: *\nDisallow:\n"), True),
        (reply(b"", "500 Internal Server Error"), False),
        (reply(b"", "503 Service Unavailable"), False),
        (lambda connection: None, False),
        (reply(b"", "302 Found", location="ftp://example.org/"), False),
    ],
)
def test_what_an_answer_for_robots_txt_means(web: Web, site: Site, answer: Answer, allowed: bool) -> None:
    site.set("/robots.txt", answer), site.set("/a", TEXT)
    if allowed:
        assert web.get(site.url("/a")).status == 200
    else:
        refused(web, site.url("/a"))
        assert not site.asked("/a")


def test_a_hostile_robots_txt_is_cut_and_read_quickly(web: Web, site: Site) -> None:
    agents = "".join(f"User-agent: robot{n}\n" for n in range(10_000))
    rules = "".join(f"Disallow: /{n}\n" for n in range(10_000))
    site.set("/robots.txt", robots(f"{agents}{rules}User-agent: *\nDisallow: /a\n{'#' * 2_000_000}"))
    site.set("/b", TEXT)
    assert "robots.txt" in refused(web, site.url("/a")).reason
    assert web.get(site.url("/b")).status == 200


# --- addresses


@pytest.mark.parametrize(
    "url",
    [
        "",
        "no address",
        "\x00",
        "/a",
        "file:///etc/passwd",
        "ftp://example.org/",
        "http:///a",
        "http://[::1/",
        "http://xn--a/",
        "http://\ud800.example/",
        "http://user:secret@example.org/",
        f"http://example.org/{'a' * 10_000}",
    ],
)
def test_what_is_not_asked_for(web: Web, url: str) -> None:
    with pytest.raises(FetchError) as caught:
        web.get(url)
    assert "secret" not in caught.value.reason


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "localhost", "2130706433", "0x7f000001", "127.1", "0", "10.0.0.1", "172.16.0.1", "192.168.1.1"),
        *("100.64.0.1", "169.254.169.254", "224.0.0.1", "240.0.0.1", "255.255.255.255", "[::1]", "[::]", "[fe80::1]"),
        *("[fd00::1]", "[ff02::1]", "[::ffff:127.0.0.1]", "[::ffff:a9fe:a9fe]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]"),
    ],
)
def test_addresses_that_are_not_public_are_refused(host: str) -> None:
    with client(allow_private=False) as web:
        assert "public internet" in refused(web, f"http://{host}:9/").reason


@pytest.mark.parametrize("host", ["169.254.169.254", "[fe80::1]", "224.0.0.1", "[::ffff:a9fe:a9fe]", "0"])
def test_some_addresses_are_refused_to_sources_that_may_use_private_ones_too(web: Web, host: str) -> None:
    assert "public internet" in refused(web, f"http://{host}:9/").reason


def test_a_name_is_checked_when_it_is_connected_to(web: Web, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter(["127.0.0.1", "127.0.0.1", "169.254.169.254"])

    def changing(host: str, port: int, **_: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))]

    monkeypatch.setattr(network, "getaddrinfo", changing)
    site.set("/a", TEXT)
    url = f"http://news.example:{site.port}/a"
    assert web.get(url).status == 200
    assert "169.254.169.254" in refused(web, url).reason


def test_an_open_connection_to_a_private_address_is_not_for_sources_that_may_not_use_it(site: Site) -> None:
    url = site.set("/a", TEXT.replace(b"Connection: close\r\n", b""))
    with client(allow_private=False) as web:
        assert web.get(url, allow_private=True).status == 200
        assert "public internet" in refused(web, url).reason


def test_proxies_of_the_environment_are_not_used(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", site.url())
    with client(allow_private=False) as web:
        assert "public internet" in refused(web, "http://10.0.0.1/").reason
    with client() as web, socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        listener.close()
        assert "HTTP_PROXY is set but not used" in refused(web, f"http://127.0.0.1:{port}/").reason
    assert not site.requests


# --- redirects


def redirect(to: str) -> bytes:
    return reply(b"", "301 Moved Permanently", location=to)


def test_redirects_are_followed(web: Web, site: Site) -> None:
    site.set("/a", redirect("b?x=1")), site.set("/b?x=1", redirect(site.url("/c#part"))), site.set("/c", TEXT)
    page = web.get(site.url("/a"))
    assert (page.url, page.final_url) == (site.url("/a"), site.url("/c"))


@pytest.mark.parametrize(
    ("to", "reason"),
    [
        ("/a", "circle"),
        ("http://169.254.169.254/latest/meta-data", "169.254.169.254 is not on the public internet"),
        ("file:///etc/passwd", "Only http"),
        ("http://user:secret@127.0.0.1/", "password"),
        ("/forbidden", "robots.txt"),
    ],
)
def test_redirects_are_checked_like_first_addresses(web: Web, site: Site, to: str, reason: str) -> None:
    site.set("/robots.txt", robots("User-agent: *\nDisallow: /forbidden\n"))
    error = refused(web, site.set("/a", redirect(to)))
    assert reason in error.reason
    assert "secret" not in error.reason


def test_a_public_site_cannot_redirect_to_this_machine(site: Site) -> None:
    with client(allow_private=False) as web:
        url = site.set("/a", redirect("http://127.0.0.1:9/"))
        with pytest.raises(FetchError, match="public internet"):
            web.get(url)


def test_redirects_without_end_end(web: Web, site: Site) -> None:
    for number in range(20):
        site.set(f"/{number}", redirect(f"/{number + 1}"))
    assert "redirects" in refused(web, site.url("/0")).reason
    assert not site.asked("/15")


# --- failures


@pytest.mark.parametrize(
    ("status", "tries", "worth_retrying"),
    [
        ("404 Not Found", 1, False),
        ("410 Gone", 1, False),
        ("403 Forbidden", 1, False),
        ("204 No Content", 1, False),
        ("500 Internal Server Error", 1, True),
        ("503 Service Unavailable", 3, True),
        ("429 Too Many Requests", 3, True),
        ("799 Odd", 1, False),
    ],
)
def test_only_what_may_pass_is_tried_again(web: Web, site: Site, status: str, tries: int, worth_retrying: bool) -> None:
    error = refused(web, site.set("/a", reply(b"", status)))
    assert status[:3] in error.reason
    assert (len(site.asked("/a")), error.worth_retrying) == (tries, worth_retrying)


def reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


@pytest.mark.parametrize(
    "first", [reply(b"", "502 Bad Gateway"), reset, lambda connection: None, TEXT[:-5], b"HTTP/1.1 200 OK\r\n"]
)
def test_a_failure_that_passes_does_no_harm(web: Web, site: Site, first: Answer) -> None:
    assert web.get(site.set("/a", first, TEXT)).raw == b"<p>A deal</p>"


@pytest.mark.parametrize(
    "answer", [b"", b"\x00\xff garbage\r\n\r\n", b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 50_000, reset]
)
def test_what_is_no_answer_is_a_reason(web: Web, site: Site, answer: Answer) -> None:
    assert refused(web, site.set("/a", answer)).worth_retrying


def test_a_site_that_asks_for_time_gets_it(web: Web, site: Site) -> None:
    soon = reply(b"", "429 Too Many Requests", retry_after="0")
    assert web.get(site.set("/a", soon, soon, TEXT)).status == 200
    at = format_datetime(datetime.now(UTC) + timedelta(hours=2), usegmt=True)
    error = refused(web, site.set("/b", reply(b"", "503 Service Unavailable", retry_after=at)))
    assert ("left alone" in error.reason, error.worth_retrying) == (True, True)
    refused(web, site.set("/c", TEXT))
    assert (len(site.asked("/b")), site.asked("/c")) == (1, [])


@pytest.mark.parametrize("odd", ["soon", "-5", "1e9", "", "Mon, 99 Foo 2024"])
def test_a_wish_for_time_that_cannot_be_read_is_none(web: Web, site: Site, odd: str) -> None:
    assert web.get(site.set("/a", reply(b"", "503 Service Unavailable", retry_after=odd), TEXT)).status == 200


def test_a_pause_is_kept_between_requests_to_a_site(site: Site) -> None:
    site.set("/robots.txt", robots("User-agent: *\nCrawl-delay: 0.2\n"))
    times: list[float] = []

    def answer(connection: socket.socket) -> None:
        times.append(time.monotonic())
        connection.sendall(TEXT)

    site.set("/a", answer)
    with client() as web:
        pages = list(web.get_all([Request(site.url("/a"))] * 3))
    assert all(isinstance(page, Page) for page in pages)
    assert all(later - sooner >= 0.19 for sooner, later in itertools.pairwise(times))


# --- sizes and times


def drip(head: bytes) -> Answer:
    def answer(connection: socket.socket) -> None:
        connection.sendall(head)
        while True:
            connection.sendall(b"A")
            time.sleep(0.05)

    return answer


@pytest.mark.parametrize("head", [b"", b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n"])
def test_a_site_that_drips_does_not_hold_the_run(site: Site, head: bytes) -> None:
    with client(total=0.4) as web:
        error = refused(web, site.set("/a", drip(head)))
    assert ("Not done within 0.4 s" in error.reason, error.worth_retrying) == (True, True)
    assert len(site.asked("/a")) == 1


def test_a_site_that_does_not_answer_is_given_up(site: Site) -> None:
    url = site.set("/a", lambda connection: time.sleep(5))
    with client(timeout=0.05) as web:
        assert "No answer within 0.05 s" in refused(web, url).reason


def endless(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
    while True:
        connection.sendall(b"<p>more</p>" * 1000)


def packet(body: bytes) -> bytes:
    return gzip.compress(body, mtime=0)


def packed(body: bytes, encoding: str = "gzip") -> bytes:
    return reply(body, content_encoding=encoding)


@pytest.mark.parametrize(
    "answer",
    [
        endless,
        reply(b"x" * 100_001),
        b"HTTP/1.1 200 OK\r\nContent-Length: 9999999999999\r\n\r\n",
        packed(packet(bytes(50_000_000))),
        packed(zlib.compress(bytes(50_000_000)), "deflate"),
        packed(packet(b"") * 6000),
    ],
)
def test_what_is_too_large_is_not_read(web: Web, site: Site, answer: Answer) -> None:
    assert "Larger than 0.1 MB" in refused(web, site.set("/a", answer)).reason


@pytest.mark.parametrize(
    "answer",
    [
        packed(packet(b"A deal")),
        packed(packet(b"A ") + packet(b"deal") + b"\0\0"),
        packed(zlib.compress(b"A deal"), "deflate"),
        packed(zlib.compress(b"A deal")[2:-4], "deflate"),
        packed(b"A deal", "UTF-8"),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nA \r\n4\r\ndeal\r\n0\r\n\r\n",
        b"HTTP/1.0 200 OK\r\n\r\nA deal",
        b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nA deal and more than was said",
    ],
)
def test_ways_to_send_a_body(web: Web, site: Site, answer: bytes) -> None:
    assert web.get(site.set("/a", answer)).raw == b"A deal"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (packed(b"A deal"), "broken"),
        (packed(packet(b"A deal")[:-9]), "ends before its end"),
        (packed(b"A deal", "br"), "'br'"),
        (packed(b"A deal", "gzip, gzip"), "'gzip, gzip'"),
        (reply(b"%PDF", content_type="application/pdf"), "application/pdf"),
        (reply(b"x", content_type="IMAGE/png"), "image/png"),
        (reply(b"x", content_type="application/vnd.ms-excel"), "ms-excel"),
    ],
)
def test_bodies_that_cannot_be_read(web: Web, site: Site, answer: bytes, reason: str) -> None:
    assert reason in refused(web, site.set("/a", answer)).reason


# --- many


def test_many_pages_come_in_order_and_one_at_a_time_from_a_site(web: Web, site: Site) -> None:
    other, now, most = Site(), [0], [0]
    lock = threading.Lock()

    def answer(connection: socket.socket) -> None:
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        time.sleep(0.01)
        with lock:
            now[0] -= 1
        connection.sendall(TEXT)

    urls = [site.set(f"/{number}", answer) for number in range(12)]
    urls[3:3] = [site.url("/none"), other.set("/a", TEXT), "no address"]
    found = list(web.get_all(Request(url) for url in urls))
    other.close()
    assert [item.url if isinstance(item, Page) else item.address for item in found] == urls
    assert [n for n, item in enumerate(found) if isinstance(item, FetchError)] == [3, 5]
    assert most == [1]


def test_requests_are_taken_as_pages_are(web: Web, site: Site) -> None:
    taken = itertools.count()
    site.set("/a", TEXT)
    pages = web.get_all(Request(site.url("/a")) for _ in taken)
    assert isinstance(next(pages), Page)
    pages.close()
    assert next(taken) < 50


def test_a_dead_site_does_not_stop_another(web: Web, site: Site) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        dead = f"http://127.0.0.1:{listener.getsockname()[1]}/"
    urls = [dead + "a", site.set("/a", TEXT), dead + "b"]
    first, second, third = web.get_all(map(Request, urls))
    assert isinstance(second, Page)
    assert isinstance(first, FetchError)
    assert isinstance(third, FetchError)
    assert "No connection" in third.reason
