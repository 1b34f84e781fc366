"""The working state: the pipeline's memory of what it has read and what it understood.

One DuckDB file. A row is derived from its input by a named version of the code, and anew when either changes:

    documents    what the sources delivered, as bytes             (key: digest of bytes and hints)
    readings     the article in a document, or why there is none  (by reader version)
    extractions  what an article states                           (by extractor version and the article's content)

Deleting the file loses nothing that the sources still deliver. DuckDB lets one process write at a time, and each batch
is a transaction: an interrupted run goes on where it stopped.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import astuple
from pathlib import Path
from typing import Any, Self

import duckdb
import polars as pl

from evpact.errors import StateError
from evpact.ids import digest
from tasks.records import EXTRACTION, Article, Document, Extraction, Rejection

_SCHEMA = """
create table if not exists documents (
    document_id text primary key, source text, location text, media_type text, raw blob, url text, publisher text,
    language text, delivered boolean default true
);
create table if not exists readings (
    document_id text primary key, reader text, reason text,
    article_id text, title text, text text, authors text[], publisher text, published date, language text, url text,
    source text
);
create table if not exists extractions (
    article_id text primary key, fingerprint text, input text, extractor text, extraction text
);
"""

_DOCUMENT = pl.Schema(
    {
        "document_id": pl.String(),
        "source": pl.String(),
        "location": pl.String(),
        "media_type": pl.String(),
        "raw": pl.Binary(),
        "url": pl.String(),
        "publisher": pl.String(),
        "language": pl.String(),
    }
)

ARTICLE_SCHEMA = pl.Schema(
    {
        "article_id": pl.String(),
        "title": pl.String(),
        "text": pl.String(),
        "authors": pl.List(pl.String()),
        "publisher": pl.String(),
        "published": pl.Date(),
        "language": pl.String(),
        "url": pl.String(),
        "source": pl.String(),
    }
)
"""Columns of a frame of articles: the fields of `tasks.records.Article`."""

_READING = pl.Schema({"document_id": pl.String(), "reader": pl.String(), "reason": pl.String(), **ARTICLE_SCHEMA})
_EXTRACTION = pl.Schema(
    {
        "article_id": pl.String(),
        "fingerprint": pl.String(),
        "input": pl.String(),
        "extractor": pl.String(),
        "extraction": pl.String(),
    }
)


def document_id(document: Document) -> str:
    """Id of a document: its bytes and all hints that its reading may depend on, not the place it was found at."""
    hints = (document.media_type, document.source, document.url, document.publisher, document.language)
    return "d" + digest(hashlib.sha256(document.raw).hexdigest(), *hints)


def article_input(article: Article) -> str:
    """Digest of everything in an article that an extractor may look at."""
    return digest(*astuple(article))


def articles_of(frame: pl.DataFrame) -> Iterator[Article]:
    """The articles of a frame with the columns of `ARTICLE_SCHEMA`."""
    for row in frame.select(ARTICLE_SCHEMA.names()).iter_rows(named=True):
        yield Article(**row | {"authors": tuple(row["authors"])})


class State:
    """The working state in one file; use it as a context manager."""

    def __init__(self, path: Path) -> None:
        """Open or create the state.

        Raises:
            StateError: Another process holds it, or the file is no working state.
        """
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = duckdb.connect(str(path))
            self._db.execute(_SCHEMA)
        except (duckdb.Error, OSError) as error:
            if "lock" in str(error).lower():
                raise StateError(f"{path} is in use by another run of evpact: wait until it ends.") from error
            raise StateError(f"{path} cannot be used as working state ({error}). Delete it to start afresh.") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.begin()
        try:
            yield
        except BaseException:
            self._db.rollback()
            raise
        self._db.commit()

    def _frame(self, sql: str, *parameters: object) -> pl.DataFrame:
        frame: pl.DataFrame = self._db.sql(sql, params=list(parameters)).pl()
        return frame

    def _upsert(self, table: str, rows: Iterable[Mapping[str, Any]], schema: pl.Schema) -> None:
        batch = pl.DataFrame(list(rows), schema=schema)
        with self._transaction():
            self._db.register("batch", batch)
            self._db.execute(f"insert or replace into {table} by name select * from batch")
            self._db.unregister("batch")

    def add_documents(self, documents: Iterable[Document]) -> list[str]:
        """Remember a batch of documents; gives their ids. Those known already are left as they are."""
        rows = {document_id(d): d for d in documents}
        known = self._frame("select document_id from documents where document_id in (select unnest(?))", list(rows))
        new = rows.keys() - set(known["document_id"])
        self._upsert(
            "documents",
            (
                {
                    "document_id": key,
                    "source": d.source,
                    "location": d.location,
                    "media_type": d.media_type,
                    "raw": d.raw,
                    "url": d.url,
                    "publisher": d.publisher,
                    "language": d.language,
                }
                for key, d in rows.items()
                if key in new
            ),
            _DOCUMENT,
        )
        return list(rows)

    def set_delivered(self, source: str, documents: Collection[str]) -> None:
        """Let exactly these documents of a source count; what it no longer delivers is remembered, not released."""
        self._db.execute(
            "update documents set delivered = document_id in (select unnest(?)) where source = ?",
            [list(documents), source],
        )

    def unread(self, reader: str) -> list[str]:
        """Ids of the documents that this version of the reader has not read yet."""
        frame = self._frame(
            "select document_id from documents where delivered and document_id not in "
            "(select document_id from readings where reader = ?) order by all",
            reader,
        )
        return frame["document_id"].to_list()

    def documents(self, ids: Collection[str]) -> dict[str, Document]:
        """Documents by id."""
        frame = self._frame(
            "select * exclude (delivered) from documents where document_id in (select unnest(?)) order by document_id",
            list(ids),
        )
        return {row.pop("document_id"): Document(**row) for row in frame.iter_rows(named=True)}

    def store_readings(self, reader: str, readings: Mapping[str, Article | Rejection]) -> None:
        """Remember what a reader made of documents, by document id."""
        rows = (
            {"document_id": key, "reader": reader}
            | (
                {"reason": reading.reason}
                if isinstance(reading, Rejection)
                else {name: getattr(reading, name) for name in ARTICLE_SCHEMA}
            )
            for key, reading in readings.items()
        )
        self._upsert("readings", rows, _READING)

    def articles(self, reader: str, sources: Collection[str]) -> pl.DataFrame:
        """Articles that the sources deliver, one row a document, as the reader understood them.

        The same text under several addresses gives several rows of one `article_id`.
        """
        return self._frame(
            f"select {', '.join('r.' + name for name in ARTICLE_SCHEMA)} "
            "from readings r join documents d using (document_id) "
            "where d.delivered and r.reason is null and r.reader = ? and d.source in (select unnest(?)) order by all",
            reader,
            list(sources),
        ).cast(ARTICLE_SCHEMA)

    def rejections(self, reader: str, sources: Collection[str]) -> list[Rejection]:
        """Documents that the reader set aside, with its reasons."""
        frame = self._frame(
            "select d.source, d.location, r.reason from readings r join documents d using (document_id) "
            "where d.delivered and r.reason is not null and r.reader = ? "
            "and d.source in (select unnest(?)) order by all",
            reader,
            list(sources),
        )
        return [Rejection(**row) for row in frame.iter_rows(named=True)]

    def delivered(self, sources: Collection[str]) -> dict[str, str]:
        """Digest of what each source delivers."""
        frame = self._frame(
            "select source, document_id from documents where delivered and source in (select unnest(?)) order by all",
            list(sources),
        )
        groups = frame.group_by("source", maintain_order=True).agg("document_id")
        return dict.fromkeys(sources, digest()) | {name: digest(*ids) for name, ids in groups.iter_rows()}

    def count(self, sources: Collection[str]) -> int:
        """Number of documents that the sources deliver."""
        frame = self._frame(
            "select count(*) from documents where delivered and source in (select unnest(?))", list(sources)
        )
        return int(frame.item())

    def unextracted(self, fingerprint: str, articles: pl.DataFrame) -> list[Article]:
        """Those of the articles that this version of an extractor has not seen as they are now."""
        done = self._frame("select article_id, input from extractions where fingerprint = ?", fingerprint)
        inputs = dict(done.iter_rows())
        return [a for a in articles_of(articles) if inputs.get(a.article_id) != article_input(a)]

    def store_extractions(self, fingerprint: str, extractions: Mapping[str, Extraction]) -> None:
        """Remember extractions by the digest of the article they were made from (`article_input`)."""
        rows = (
            {
                "article_id": extraction.article_id,
                "fingerprint": fingerprint,
                "input": key,
                "extractor": extraction.extractor,
                "extraction": EXTRACTION.dump_json(extraction).decode(),
            }
            for key, extraction in extractions.items()
        )
        self._upsert("extractions", rows, _EXTRACTION)

    def extractions(self, fingerprint: str, articles: pl.DataFrame) -> pl.DataFrame:
        """Extractions of the articles: `article_id`, `extractor`, `extraction` (JSON of `tasks.records.Extraction`)."""
        return self._frame(
            "select article_id, extractor, extraction from extractions "
            "where fingerprint = ? and article_id in (select unnest(?)) order by all",
            fingerprint,
            articles["article_id"].unique().to_list(),
        )
