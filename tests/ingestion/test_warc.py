"""Archives: which records are pages, what becomes of broken ones, and where the next run goes on."""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fastwarc.warc import WarcRecord, WarcRecordType

from tasks.ingestion.deliveries import Bookmark, Delivery, SourceError
from tasks.ingestion.memory import Memory
from tasks.ingestion.sources import Source
from tasks.ingestion.warc import collect_archives
from tasks.records import Document, Rejection
from tasks.state import State

NOW = datetime(2026, 3, 2, tzinfo=UTC)
BODY = b"<html><body><p>Two carmakers build batteries together.</p></body></html>"


@pytest.fixture
def memory() -> Iterator[Memory]:
    with State(None) as state:
        yield Memory(state.database, NOW)


def record(
    url: str = "https://wire.example/1",
    body: bytes = BODY,
    kind: WarcRecordType = WarcRecordType.response,
    status: str = "200 OK",
    packed: bool = True,
    date: str = "2026-02-01T10:00:00Z",
    **headers: str,
) -> bytes:
    """A record as it stands in an archive."""
    fields = {"Content-Type": "text/html", **{name.replace("_", "-"): value for name, value in headers.items()}}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    made = WarcRecord()
    made.init_headers(kind)
    made.headers["WARC-Target-URI"] = url
    made.headers["WARC-Date"] = date
    made.headers["Content-Type"] = "application/http; msgtype=response"
    made.set_bytes_content(f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + body)
    out = io.BytesIO()
    made.write(out)
    return gzip.compress(out.getvalue()) if packed else out.getvalue()


def numbered(count: int, packed: bool = True) -> list[bytes]:
    return [record(f"https://wire.example/{n}", BODY + str(n).encode(), packed=packed) for n in range(count)]


def read(path: Path, content: bytes, memory: Memory, **fields: Any) -> list[Delivery]:
    path.write_bytes(content)
    return list(collect_archives(Source("wire", (path,), "warc", **fields), memory))


def urls(deliveries: Sequence[Delivery]) -> list[str]:
    return [str(item.url).rpartition("/")[2] for item in deliveries if isinstance(item, Document)]


def reasons(deliveries: Sequence[Delivery]) -> str:
    return " ".join(item.reason for item in deliveries if isinstance(item, Rejection))


@pytest.mark.parametrize("packed", [True, False], ids=["gz", "plain"])
def test_responses_with_a_page_are_documents_and_nothing_else(tmp_path: Path, memory: Memory, packed: bool) -> None:
    records = [
        record("https://wire.example/page", packed=packed, Content_Type="text/html; charset=iso-8859-2"),
        record("https://wire.example/asked", kind=WarcRecordType.request, packed=packed),
        record("https://wire.example/again", kind=WarcRecordType.revisit, packed=packed),
        record("https://wire.example/gone", status="404 Not Found", packed=packed),
        record("https://wire.example/picture", packed=packed, Content_Type="image/png"),
        record("https://wire.example/robots.txt", packed=packed, Content_Type="text/plain"),
        record("dns:wire.example", packed=packed),
    ]
    found = read(tmp_path / "a.warc", b"".join(records), memory)
    (document,) = [item for item in found if isinstance(item, Document)]
    assert (document.url, document.charset, document.raw) == ("https://wire.example/page", "iso-8859-2", BODY)
    assert document.fetched == datetime(2026, 2, 1, 10, tzinfo=UTC)
    assert reasons(found) == ""


@pytest.mark.parametrize("form", ["records", "plain", "one piece"])
def test_the_next_run_goes_on_where_this_one_stopped(tmp_path: Path, memory: Memory, form: str) -> None:
    content = b"".join(numbered(5, packed=form == "records"))
    content = gzip.compress(content) if form == "one piece" else content
    met = []
    for _ in range(4):
        found = read(tmp_path / "a.warc.gz", content, memory, max_articles=2)
        met.append(urls(found))
        memory.keep(found)
    assert met == [["0", "1"], ["2", "3"], ["4"], []]


def test_an_archive_that_grew_is_read_on_and_one_that_was_replaced_anew(tmp_path: Path, memory: Memory) -> None:
    first, second, other = (record(f"https://wire.example/{n}", BODY + n.encode() * 5_000, packed=False) for n in "123")
    for content, expected in ((first, ["1"]), (first + second, ["2"]), (other + second, ["3", "2"])):
        found = read(tmp_path / "a.warc", content, memory)
        memory.keep(found)
        assert urls(found) == expected


@pytest.mark.parametrize("packed", [True, False], ids=["gz", "plain"])
def test_what_is_broken_is_set_aside_and_the_rest_read(tmp_path: Path, memory: Memory, packed: bool) -> None:
    one, two, three = numbered(3, packed)
    broken = two[: len(two) // 2] if packed else two.replace(b"Content-Length: ", b"Content-Length: x")
    found = read(tmp_path / "a.warc", one + broken + b"\0" * 50 + three, memory)
    assert urls(found) == ["0", "2"]
    assert "Broken" in reasons(found)


def test_wherever_a_packed_record_is_cut_off_the_next_one_is_read(tmp_path: Path, memory: Memory) -> None:
    one, two, three = numbered(3)
    for cut in range(20, len(two) - 10, 3):
        found = read(tmp_path / f"{cut}.warc.gz", one + two[:cut] + three, memory)
        assert {"0", "2"} <= set(urls(found)), cut
        assert "Broken" in reasons(found), cut


@pytest.mark.parametrize("packed", [True, False], ids=["gz", "plain"])
def test_a_cut_archive_gives_what_is_whole(tmp_path: Path, memory: Memory, packed: bool) -> None:
    content = b"".join(numbered(3, packed))
    found = read(tmp_path / "a.warc", content[: -40 if packed else -20], memory)
    assert urls(found) == ["0", "1"]
    assert "Cut off" in reasons(found) or "Broken" in reasons(found)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"garbage" * 1000, "Broken"),
        (gzip.compress(b"garbage" * 1000), "Broken"),
        (record(body=b"x" * 3_000_000), "Larger than 1 MB"),
        (record(body=gzip.compress(b" " * 50_000_000, mtime=0), Content_Encoding="gzip"), "Larger than 1 MB"),
        (record(body=b"\0\1\2" * 100), "Binary"),
        (record(body=b" "), "Empty"),
        (gzip.compress(b"WARC/1.0\r\nX: " + b"x" * 50_000_000, mtime=0), "Broken"),
    ],
    ids=["garbage", "packed garbage", "large", "bomb", "binary", "empty", "endless header"],
)
def test_hostile_archives_are_set_aside_with_the_reason(
    tmp_path: Path, memory: Memory, content: bytes, says: str
) -> None:
    found = read(tmp_path / "a.warc.gz", content + record("https://wire.example/after"), memory, max_bytes=1_000_000)
    assert says in reasons(found)
    assert urls(found) == ["after"]


def test_a_body_packed_for_transfer_is_unpacked_and_one_that_only_claims_it_left(
    tmp_path: Path, memory: Memory
) -> None:
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(BODY), BODY)
    records = [
        record(body=gzip.compress(BODY), Content_Encoding="gzip"),
        record(body=chunked, Transfer_Encoding="chunked"),
        record(body=BODY, Content_Encoding="gzip", Transfer_Encoding="chunked"),
        record(body=BODY, Content_Encoding="br"),
    ]
    found = read(tmp_path / "a.warc.gz", b"".join(records), memory)
    assert [item.raw for item in found if isinstance(item, Document)] == [BODY] * 4


def test_patterns_and_age_choose_pages(tmp_path: Path, memory: Memory) -> None:
    records = [
        record("https://wire.example/ev/1"),
        record("https://wire.example/sport/2"),
        record("https://wire.example/ev/3", date="2025-02-01T10:00:00Z"),
    ]
    assert urls(read(tmp_path / "a.warc.gz", b"".join(records), memory, include=("/ev/*",), max_days=60)) == ["1"]


def test_every_page_stands_after_the_place_where_it_begins(tmp_path: Path, memory: Memory) -> None:
    records = numbered(3)
    found = read(tmp_path / "a.warc.gz", b"".join(records), memory)
    marks = [item.position for item in found if isinstance(item, Bookmark)]
    assert marks == [0, 0, len(records[0]), len(records[0] + records[1]), len(b"".join(records))]


def test_without_an_archive_the_source_fails(tmp_path: Path, memory: Memory) -> None:
    with pytest.raises(SourceError, match="no archive"):
        list(collect_archives(Source("wire", (tmp_path / "*.warc.gz",), "warc"), memory))


def test_an_archive_may_be_deleted_once_it_was_read(tmp_path: Path, memory: Memory) -> None:
    memory.keep(read(tmp_path / "a.warc.gz", b"".join(numbered(2)), memory))
    (tmp_path / "a.warc.gz").unlink()
    assert list(collect_archives(Source("wire", (tmp_path / "a.warc.gz",), "warc"), memory)) == []
    with pytest.raises(SourceError, match=r"no file or folder .*b\.warc"):
        list(collect_archives(Source("wire", (tmp_path / "a.warc.gz", tmp_path / "b.warc"), "warc"), memory))
