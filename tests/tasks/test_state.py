"""The working state remembers, derives anew what a new version asks for, and lets one run in at a time."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

from evpact.errors import StateError
from tasks.records import Article, Document, Extraction, Rejection
from tasks.state import State, article_input


def document(text: str, source: str = "wire", location: str = "a.txt") -> Document:
    return Document(source, location, "text/plain", text.encode())


def article(text: str) -> Article:
    return Article(f"a-{text}", None, text, ("Ann",), published=date(2026, 1, 2), source="wire")


def added(state: State, *texts: str) -> list[str]:
    return state.add_documents([document(text) for text in texts]).ids


@pytest.fixture
def state(tmp_path: Path) -> State:
    return State(tmp_path / "state.duckdb")


def test_a_document_is_read_once_by_each_version_of_the_reader(state: State) -> None:
    key = added(state, "one")[0]
    assert list(state.unread("reader 1")) == [[(key, document("one"))]]
    state.store_readings("reader 1", {key: article("one")})
    assert state.count_unread("reader 1") == 0
    assert state.count_unread("reader 2") == 1


def test_the_same_bytes_at_another_place_are_the_same_document(state: State) -> None:
    state.add_documents([document("one")])
    again = state.add_documents([document("one", location="b/c.txt")])
    assert (again.new, again.changed, again.known) == (0, 0, 1)


def test_what_a_folder_no_longer_holds_does_not_count(state: State) -> None:
    one, two = added(state, "one", "two")
    state.store_readings("r", {one: article("one"), two: article("two")})
    state.set_delivered("wire", [two])
    assert state.articles("r", ["wire"])["text"].to_list() == ["two"]
    state.set_delivered("wire", [one, two])
    assert state.articles("r", ["wire"]).height == 2


def test_articles_and_rejections_come_back_as_they_went_in(state: State) -> None:
    one, two = added(state, "one", "two")
    state.store_readings("r", {one: article("one"), two: Rejection("wire", "a.txt", "no text")})
    frame = state.articles("r", ["wire"])
    assert state.unextracted("x", frame) == [article("one")]
    assert state.rejections("r", ["wire"]) == [Rejection("wire", "a.txt", "no text")]
    assert state.articles("r", ["another"]).is_empty()


def test_an_article_is_extracted_again_when_it_or_the_extractor_changes(state: State) -> None:
    key = added(state, "one")[0]
    old = article("one")
    state.store_readings("r", {key: old})
    frame = state.articles("r", ["wire"])
    state.store_extractions("x 1", {article_input(old): Extraction(old.article_id, "x")})
    assert state.unextracted("x 1", frame) == []
    assert state.unextracted("x 2", frame) == [old]
    dated = Article(**{name: getattr(old, name) for name in Article.__slots__} | {"published": date(2025, 1, 1)})
    state.store_readings("r", {key: dated})
    assert state.unextracted("x 1", state.articles("r", ["wire"])) == [dated]


def test_a_file_that_is_no_state_is_named_with_the_way_out(tmp_path: Path) -> None:
    path = tmp_path / "state.duckdb"
    path.write_text("not a database " * 500)
    with pytest.raises(StateError, match=r"state\.duckdb.*Delete it"):
        State(path)


def test_a_state_of_the_first_format_opens_and_is_filled_anew(tmp_path: Path) -> None:
    path = tmp_path / "state.duckdb"
    with duckdb.connect(str(path)) as old:
        old.execute("create table documents (document_id text primary key, source text, raw blob, delivered boolean)")
        old.execute("insert into documents values ('d1', 'wire', 'x', true)")
        old.execute("create table readings (document_id text primary key, reader text)")
    with State(path) as state:
        assert state.count(["wire"]) == 0
        assert state.add_documents([document("one")]).new == 1
    with State(path) as state:
        assert state.count(["wire"]) == 1


def test_a_state_of_a_newer_evpact_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "state.duckdb"
    with duckdb.connect(str(path)) as newer:
        newer.execute("create table format as select 99 as number")
    with pytest.raises(StateError, match="newer evpact"):
        State(path)


def web_page(text: str, url: str, day: int) -> Document:
    return replace(document(text), url=url, fetched=datetime(2026, 1, day, tzinfo=UTC))


def released(state: State, *pages: tuple[Document, str | None]) -> list[str]:
    """Texts that count of pages that name a canonical address, kept in this order."""
    for page, canonical in pages:
        (key,) = state.add_documents([page]).ids
        state.store_readings("r", {key: replace(article(page.raw.decode()), url=canonical or page.url)})
    return sorted(state.articles("r", ["wire"])["text"])


def test_of_the_versions_of_a_page_the_one_fetched_last_counts(state: State) -> None:
    new, old = web_page("new", "https://x.example/a?utm_source=mail", 2), web_page("old", "https://x.example/a", 1)
    assert released(state, (new, None), (old, None)) == ["new"]


def test_pages_that_name_the_same_canonical_address_are_versions(state: State) -> None:
    new, old = web_page("new", "https://x.example/amp/a", 2), web_page("old", "https://x.example/a", 1)
    assert released(state, (new, "https://x.example/a"), (old, None)) == ["new"]


@pytest.mark.parametrize(
    "canonical", ["https://x.example/", "https://y.example/a", "https://x.example/news"], ids=["home", "other", "many"]
)
def test_a_canonical_address_that_cannot_be_right_loses_no_page(state: State, canonical: str) -> None:
    pages = [(web_page(f"text {n}", f"https://x.example/{n}", n), canonical) for n in range(1, 6)]
    assert len(released(state, *pages)) == 5


def test_a_second_process_is_told_to_wait(tmp_path: Path) -> None:
    path = tmp_path / "state.duckdb"
    code = f"from tasks.state import State; from pathlib import Path; State(Path({str(path)!r}))"
    with State(path):
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "in use by another run" in done.stderr
