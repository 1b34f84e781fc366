"""Files to documents: one an article, in a fixed order, and whatever cannot be used is set aside with the reason."""

from __future__ import annotations

import gzip
import io
import json
import sys
from pathlib import Path

import pytest

from evpact.errors import InputError
from tasks.ingestion.files import collect, collect_paths, document_id
from tasks.ingestion.sources import Source
from tasks.records import Document, Rejection


def run(source: Source) -> tuple[list[Document], list[Rejection]]:
    found = list(collect(source))
    documents = [item for item in found if isinstance(item, Document)]
    return documents, [item for item in found if isinstance(item, Rejection)]


def of(folder: Path, **settings: object) -> Source:
    return Source("wire", (folder,), **settings)  # type: ignore[arg-type]


def test_folders_are_read_in_depth_in_the_order_of_their_paths(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.md", "a/y.html", "c.HTM"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(name, encoding="utf-8")
    documents, rejections = run(of(tmp_path, publisher="The Example", language="en"))
    assert [document_id(document) for document in documents] == ["y", "z", "b", "c"]
    assert [d.media_type for d in documents] == ["text/html", "text/markdown", "text/plain", "text/html"]
    assert {(d.source, d.publisher, d.language) for d in documents} == {("wire", "The Example", "en")}
    assert not rejections


def test_every_record_of_a_file_is_a_document_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"id": "first", "text": "x"}\n\n{"text": "y"}\n', encoding="utf-8")
    (tmp_path / "b.json").write_text('[{"text": "x"}, {"text": "y"}]', encoding="utf-8")
    (tmp_path / "c.json").write_text('{"text": "only"}', encoding="utf-8")
    documents, rejections = run(of(tmp_path))
    assert [document_id(document) for document in documents] == ["first", "a-3", "b-1", "b-2", "c"]
    assert {document.media_type for document in documents} == {"application/json"}
    assert documents[1].location.endswith("a.jsonl:3")
    assert not rejections


def test_packed_files_are_read_as_what_is_in_them(tmp_path: Path) -> None:
    (tmp_path / "a.html.gz").write_bytes(gzip.compress(b"<p>page</p>"))
    (tmp_path / "b.jsonl.gz").write_bytes(gzip.compress(b'{"text": "x"}\n'))
    documents, _ = run(of(tmp_path))
    assert [(document_id(d), d.media_type) for d in documents] == [("a", "text/html"), ("b-1", "application/json")]
    assert documents[0].raw == b"<p>page</p>"


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        pytest.param("a.txt", b"  \n", "Empty", id="empty"),
        pytest.param("a.txt", bytes(range(256)) * 10, "Binary", id="binary"),
        pytest.param("a.txt", b"x" * 1001, "Larger than 0.001 MB", id="too large"),
        pytest.param("a.txt.gz", gzip.compress(b"x" * 10_000_000), "Larger than", id="decompression bomb"),
        pytest.param("a.txt.gz", b"not packed at all", "Cannot be read", id="broken gz"),
        pytest.param("a.txt.gz", gzip.compress(b"x" * 500)[:-9], "Cannot be read", id="cut gz"),
        pytest.param("a.json", b"[1, 2", "Not JSON", id="bad JSON"),
        pytest.param("a.json", b"[" * 900, "Not JSON", id="nested JSON"),
        pytest.param("a.json", b"[]", "empty list", id="empty list"),
        pytest.param("a.json", b'"text"', "Not a record", id="not a record"),
        pytest.param("a.jsonl", b"\n\n", "Empty", id="empty lines"),
        pytest.param("a.doc2", b"text", "Unknown ending", id="unknown ending"),
        pytest.param("README", b"text", "Unknown ending", id="no ending"),
    ],
)
def test_what_cannot_be_used_is_set_aside_with_the_reason(
    tmp_path: Path, name: str, content: bytes, reason: str
) -> None:
    (tmp_path / name).write_bytes(content)
    documents, (rejection,) = run(of(tmp_path, max_bytes=1000))
    assert not documents
    assert reason in rejection.reason
    assert rejection.source == "wire"
    assert rejection.location.endswith(name)


def test_a_bad_line_does_not_stop_the_good_ones(tmp_path: Path) -> None:
    lines = [b'{"text": "a"}', b"{broken", b"[1]", b'{"text": "' + b"x" * 5000 + b'"}', b'{"text": "b"}']
    (tmp_path / "a.jsonl").write_bytes(b"\n".join(lines))
    documents, rejections = run(of(tmp_path, max_bytes=1000))
    assert [json.loads(document.raw)["text"] for document in documents] == ["a", "b"]
    assert [rejection.location.rpartition(":")[2] for rejection in rejections] == ["2", "3", "4"]


def test_documents_that_cannot_be_read_are_set_aside_and_not_lost(tmp_path: Path) -> None:
    names = ["letter.docx", "paper.pdf", "sheet.xlsx"]
    for name in names:
        (tmp_path / name).write_bytes(b"x")
    documents, rejections = run(of(tmp_path))
    assert not documents
    assert [Path(rejection.location).name for rejection in rejections] == names
    assert all("evpact reads .txt" in rejection.reason for rejection in rejections)


def test_pictures_and_hidden_files_are_passed_over_in_silence(tmp_path: Path) -> None:
    for name in ("photo.jpg", "style.css", "code.js", "type.woff2", ".hidden.txt"):
        (tmp_path / name).write_bytes(b"x")
    assert run(of(tmp_path)) == ([], [])


def test_links_that_lead_back_or_nowhere_end(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("text", encoding="utf-8")
    (tmp_path / "again").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "self.txt").symlink_to(tmp_path / "self.txt")
    (tmp_path / "gone.txt").symlink_to(tmp_path / "missing.txt")
    documents, rejections = run(of(tmp_path))
    assert len(documents) == 1
    assert len(rejections) == 3


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"include": ("*.txt",)}, ["a", "c"]),
        ({"include": ("**/*.txt",)}, ["a", "c"]),
        ({"include": ("deep/*",)}, ["c"]),
        ({"exclude": ("deep/*",)}, ["a", "b"]),
        ({"include": ("*.txt",), "exclude": ("c.*",)}, ["a"]),
    ],
    ids=str,
)
def test_patterns_choose_files(tmp_path: Path, settings: dict[str, object], expected: list[str]) -> None:
    (tmp_path / "deep").mkdir()
    for name in ("a.txt", "b.html", "deep/c.txt"):
        (tmp_path / name).write_text("text", encoding="utf-8")
    documents, rejections = run(of(tmp_path, **settings))
    assert sorted(document_id(document) for document in documents) == expected
    assert not rejections


def test_a_missing_path_of_the_command_line_is_an_error_before_anything_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("text", encoding="utf-8")
    with pytest.raises(InputError, match="nowhere"):
        next(collect_paths([tmp_path / "a.txt", tmp_path / "nowhere"]))


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b'{"id": 7, "text": "x"}\n{"text": "y"}\n', [("7", "application/json"), ("stdin-2", "application/json")]),
        (b'{\n "text": "x"\n}\n', [("stdin", "application/json")]),
        (b"<html><p>x</p>", [("stdin", "text/html")]),
        (b"A headline\n\nA text.", [("stdin", "text/plain")]),
    ],
    ids=["lines", "record", "page", "text"],
)
def test_the_standard_input_is_taken_for_what_it_looks_like(
    monkeypatch: pytest.MonkeyPatch, raw: bytes, expected: list[tuple[str, str]]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))
    found = [item for item in collect_paths(["-"]) if isinstance(item, Document)]
    assert [(document_id(document), document.media_type) for document in found] == expected
