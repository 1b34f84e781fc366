"""Sources of the web and archives, read in several runs: what is kept, what is asked for again, what is told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tasks.ingestion import read_documents
from tasks.ingestion.intake import take_in
from tasks.ingestion.memory import TRIES, Memory, Report
from tasks.ingestion.sources import Source
from tasks.ingestion.web import Web
from tasks.state import State
from tests.ingestion.conftest import Site, reply

START = datetime(2026, 3, 2, 6, tzinfo=UTC)
WORDS = "The two carmakers said on Monday that they will build batteries together in a new plant near the port. " * 3


class Desk:
    """A working state that reads sources run after run."""

    def __init__(self, state: State) -> None:
        self.state, self.now = state, START

    def run(self, source: Source, *, later: timedelta = timedelta(hours=6)) -> Report:
        self.now += later
        with Web(pace=0, back_off=0.01, allow_private=True) as web:
            report = take_in(source, self.state, Memory(self.state.database, self.now), web)
        for readings in [dict(read_documents(self.state.unread("r")))]:
            self.state.store_readings("r", readings)
        return report

    def texts(self, source: str = "wire") -> list[str]:
        """The beginnings of the articles that count."""
        return sorted(text.partition(".")[0] for text in self.state.articles("r", [source])["text"])

    def reasons(self) -> list[str]:
        return [r.reason for r in Memory(self.state.database, self.now).set_aside(["wire"])]


@pytest.fixture
def desk() -> Iterator[Desk]:
    with State(None) as state:
        yield Desk(state)


def page(text: str, **headers: str) -> bytes:
    body = f"<html><head><title>{text}</title></head><body><article><p>{text}. {WORDS}</p></article></body></html>"
    return reply(body.encode(), content_type="text/html", **headers)


def rss(*items: str) -> bytes:
    body = f'<rss version="2.0"><channel><title>Wire</title>{"".join(items)}</channel></rss>'
    return reply(body.encode(), content_type="application/rss+xml")


def item(link: str, title: str = "News", date: str = "Mon, 02 Mar 2026 08:00:00 GMT", text: str = "") -> str:
    content = f"<description><![CDATA[{text}]]></description>" if text else ""
    return f"<item><title>{title}</title><link>{link}</link><pubDate>{date}</pubDate>{content}</item>"


def web_source(kind: str, *urls: str, **fields: Any) -> Source:
    return Source("wire", kind=kind, urls=urls, allow_private=True, pace=0, **{"max_articles": 10, **fields})


def test_pages_of_a_feed_are_fetched_once_and_stay_when_they_roll_off(site: Site, desk: Desk) -> None:
    one, two = site.set("/1", page("One")), site.set("/2", page("Two"))
    feed = web_source("feed", site.set("/feed", rss(item(one)), rss(item(two))))
    assert (first := desk.run(feed)).new == 1, first
    assert desk.run(feed).new == 1
    desk.run(feed)
    assert desk.texts() == ["One", "Two"]
    assert (len(site.asked("/1")), len(site.asked("/2"))) == (1, 1)


def test_full_text_in_a_feed_is_taken_from_it(site: Site, desk: Desk) -> None:
    feed = web_source("feed", site.set("/feed", rss(item("https://wire.example/1", text=f"<p>Whole. {WORDS * 8}</p>"))))
    desk.run(feed)
    assert desk.texts() == ["Whole"]
    assert [path for path, _ in site.requests] == ["/robots.txt", "/feed"]


def test_of_a_page_that_changed_both_versions_are_kept_and_the_newest_counts(site: Site, desk: Desk) -> None:
    urls = web_source("urls", site.set("/1", page("Old", etag='"1"'), page("New", etag='"2"')))
    assert desk.run(urls).new == 1
    report = desk.run(urls)
    assert (report.new, report.changed) == (0, 1)
    assert desk.texts() == ["New"]
    assert desk.state.count(["wire"]) == 2
    assert 'if-none-match: "1"' in site.asked("/1")[1].lower()


def test_a_page_that_is_as_it_was_long_ago_again_is_the_newest(site: Site, desk: Desk) -> None:
    urls = web_source("urls", site.set("/1", page("Old"), page("New"), page("Old")))
    for expected in ("Old", "New", "Old"):
        desk.run(urls)
        assert desk.texts() == [expected]


def test_what_is_not_modified_is_known(site: Site, desk: Desk) -> None:
    urls = web_source("urls", site.set("/1", page("One", etag='"1"'), reply(b"", "304 Not Modified")))
    desk.run(urls)
    assert desk.run(urls).known == 1
    assert desk.texts() == ["One"]


def sitemap(*entries: str, root: str = "urlset") -> bytes:
    return reply(f'<{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{"".join(entries)}</{root}>'.encode())


def test_a_large_source_is_worked_off_newest_first_in_several_runs(site: Site, desk: Desk) -> None:
    pages = [site.set(f"/{day}", page(f"Day {day}")) for day in range(1, 6)]
    links = [f"<url><loc>{url}</loc><lastmod>2026-02-0{day}</lastmod></url>" for day, url in enumerate(pages, 1)]
    index = site.set("/index", sitemap(f"<sitemap><loc>{site.url('/map')}</loc></sitemap>", root="sitemapindex"))
    site.set("/map", sitemap(*links))
    source = web_source("sitemap", index, max_articles=2, exclude=("/3",))
    assert desk.run(source).waiting == 2
    assert desk.texts() == ["Day 4", "Day 5"]
    assert desk.run(source).waiting == 0
    assert desk.texts() == ["Day 1", "Day 2", "Day 4", "Day 5"]


def test_a_page_whose_date_in_the_sitemap_moves_is_read_again(site: Site, desk: Desk) -> None:
    url = site.set("/1", page("Old"), page("New"))
    entry = "<url><loc>{}</loc><lastmod>2026-02-0{}</lastmod></url>"
    source = web_source("sitemap", site.set("/map", sitemap(entry.format(url, 1)), sitemap(entry.format(url, 2))))
    desk.run(source)
    assert desk.run(source).changed == 1
    assert desk.texts() == ["New"]


def test_a_page_that_is_only_said_to_change_is_left_alone_ever_longer(site: Site, desk: Desk) -> None:
    url = site.set("/1", page("One"))
    maps = [sitemap(f"<url><loc>{url}</loc><lastmod>2026-02-01T{hour:02}:00:00Z</lastmod></url>") for hour in range(24)]
    source = web_source("sitemap", site.set("/map", *maps))
    counter = iter(range(100))
    site.answers["/1"] = [lambda peer: peer.sendall(page(f"One. {WORDS} <!-- {next(counter)} -->"))]
    for _ in range(16):
        desk.run(source)
    assert 3 <= len(site.asked("/1")) <= 4, "within four days"
    assert desk.texts() == ["One"]


def test_old_pages_are_passed_over(site: Site, desk: Desk) -> None:
    site.set("/1", page("One"))
    feed = rss(item(site.url("/1"), date="Mon, 05 Jan 2026 08:00:00 GMT"))
    desk.run(web_source("feed", site.set("/feed", feed), max_days=7))
    assert desk.texts() == []


def test_a_page_that_fails_is_tried_again_ever_later_and_given_up(site: Site, desk: Desk) -> None:
    urls = web_source("urls", site.set("/1", reply(b"", "500 Internal Server Error")))
    for hours in (0.5, 1, 4, 16, 64, 256):
        before = len(site.asked("/1"))
        assert desk.run(urls, later=timedelta(hours=hours)).failure is None
        assert len(site.asked("/1")) > before
        before = len(site.asked("/1"))
        desk.run(urls, later=timedelta(minutes=1))
        assert len(site.asked("/1")) == before, "too soon"
    assert len(desk.reasons()) == 1
    assert desk.reasons()[0].startswith(f"Given up after {TRIES} tries")


def test_pages_that_were_not_asked_for_since_their_site_wants_rest_were_not_tried(site: Site, desk: Desk) -> None:
    busy = reply(b"", "429 Too Many Requests", retry_after="7200")
    pages = [f"/{n}" for n in range(3)]
    urls = web_source("urls", *(site.set(path, busy) for path in pages))
    for _ in range(TRIES):
        assert desk.run(urls, later=timedelta(days=60)).failure is None
    assert [len(site.asked(path)) for path in pages] == [2, 2, 2], "one a run, the least tried first"
    assert desk.reasons() == []


def test_a_source_that_fails_says_since_when_and_keeps_what_it_had(site: Site, desk: Desk) -> None:
    site.set("/1", page("One"))
    feed = web_source("feed", site.set("/feed", rss(item(site.url("/1"))), reply(b"", "404 Not Found")))
    assert desk.run(feed).failure is None
    failed = desk.run(feed)
    since = desk.now
    assert "404" in (failed.failure or "")
    assert desk.run(feed).failing_since == since
    assert desk.texts() == ["One"]


def test_a_dead_feed_does_not_take_the_pages_of_another_with_it(site: Site, desk: Desk) -> None:
    site.set("/1", page("One"))
    good, dead = site.set("/feed", rss(item(site.url("/1")))), site.set("/dead", reply(b"", "404 Not Found"))
    report = desk.run(web_source("feed", good, dead))
    assert "404" in (report.failure or "")
    assert (report.new, desk.texts()) == (1, ["One"])


def test_a_folder_that_is_gone_fails_its_source_and_takes_nothing_back(desk: Desk, tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.txt").write_text(f"{name}. {WORDS}")
    shelf = Source("wire", (tmp_path / "one", tmp_path / "two", tmp_path / "th*ee"))
    assert desk.run(shelf).failure == f"Nothing matches the pattern {tmp_path / 'th*ee'}."
    shelf = Source("wire", shelf.paths[:2])
    assert desk.run(shelf).failure is None
    (tmp_path / "one").rename(tmp_path / "gone")
    (tmp_path / "two" / "b.txt").write_text(f"three. {WORDS}")
    assert desk.run(shelf).failure == f"There is no file or folder {tmp_path / 'one'}."
    assert desk.texts() == ["one", "three", "two"], "what the other folder has is read; nothing is taken back"


def test_what_is_no_page_is_set_aside(site: Site, desk: Desk) -> None:
    gone = site.set("/gone", reply(b"", "302 Found", location="/"))
    site.set("/", page("Home"))
    desk.run(
        web_source("urls", gone, site.set("/pdf", reply(b"%PDF", content_type="application/pdf")), site.url("/404"))
    )
    assert desk.texts() == []
    assert len(desk.reasons()) == 3


def test_the_list_of_a_file_is_read_line_by_line(site: Site, desk: Desk, tmp_path: Path) -> None:
    lines = tmp_path / "list.txt"
    lines.write_text(f"# remark\n\n{site.set('/1', page('One'))}\nnonsense\n", "utf-8")
    source = Source("wire", kind="urls", list_file=lines, allow_private=True, pace=0, max_articles=9)
    assert desk.run(source).set_aside == 1
    assert desk.texts() == ["One"]


def test_an_interrupted_run_keeps_what_came_and_goes_on(desk: Desk, tmp_path: Path) -> None:
    records = [{"title": f"T{n}", "text": f"{n}. {WORDS}"} for n in range(600)]
    (tmp_path / "news.jsonl").write_text("\n".join(map(json.dumps, records)), "utf-8")
    source = Source("wire", (tmp_path / "news.jsonl",))

    def stopping(items: Iterator[Any]) -> Iterator[Any]:
        for number, delivered in enumerate(items):
            if number == 400:
                raise KeyboardInterrupt
            yield delivered

    memory = Memory(desk.state.database, START)
    with Web() as web, pytest.raises(KeyboardInterrupt):
        take_in(source, desk.state, memory, web, stopping)
    assert 0 < desk.state.count(["wire"]) < 400
    with Web() as web:
        report = take_in(source, desk.state, memory, web)
    assert (report.known, report.new + report.known) == (256, 600)
