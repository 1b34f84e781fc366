"""The working state: the pipeline's memory of what it has read and what it understood.

A DuckDB file, and beside it the bytes of the documents. A row is derived from its input by a named version of the code,
and anew when either changes:

    documents    what the sources delivered                       (key: digest of bytes and hints)
    readings     the article in a document, or why there is none  (by reader version)
    extractions  what an article states                           (by extractor version and the article's content)

What is remembered of the sources themselves stands in the same file; see `tasks.ingestion.memory`.

A folder can be read again and is mirrored: deleting the state loses nothing of it. Feeds, sites and archives go on, so
what was read of them stays. A page that changed is kept in all its versions, of which the newest counts. DuckDB lets
one process write at a time, and each batch is a transaction: an interrupted run goes on where it stopped.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import Any, Final, Self

import polars as pl

from evpact.ids import digest
from tasks.database import Database, aware, naive
from tasks.ingestion.addresses import canonical
from tasks.parallel import batched
from tasks.raw import RawStore
from tasks.records import EXTRACTION, Article, Document, Extraction, Rejection

_READ_AT_ONCE: Final = 32
_READ_BYTES: Final = 32_000_000
_MAX_CLAIMS: Final = 3
"""Addresses with different pages that may name the same canonical address; more of them, and it is that of no page."""

_DOCUMENT: Final = pl.Schema(
    {
        "document_id": pl.String(),
        "source": pl.String(),
        "location": pl.String(),
        "media_type": pl.String(),
        "size": pl.Int64(),
        "url": pl.String(),
        "publisher": pl.String(),
        "language": pl.String(),
        "charset": pl.String(),
        "published": pl.Date(),
        "fetched": pl.Datetime("us"),
        "address": pl.String(),
        "seen": pl.Datetime("us"),
        "delivered": pl.Boolean(),
    }
)
_TYPES: Final[dict[str, pl.DataType]] = {"authors": pl.List(pl.String()), "published": pl.Date(), "updated": pl.Date()}

ARTICLE_SCHEMA: Final = pl.Schema({f.name: _TYPES.get(f.name, pl.String()) for f in fields(Article)})
"""Columns of a frame of articles: the fields of `tasks.records.Article`."""

_READING: Final = pl.Schema(
    {"document_id": pl.String(), "reader": pl.String(), "reason": pl.String(), "address": pl.String(), **ARTICLE_SCHEMA}
)
_EXTRACTION: Final = pl.Schema(
    {
        "article_id": pl.String(),
        "fingerprint": pl.String(),
        "input": pl.String(),
        "extractor": pl.String(),
        "extraction": pl.String(),
    }
)
_UNREAD: Final = "delivered and document_id not in (select document_id from readings where reader = ?)"
_FIELDS: Final = [f.name for f in fields(Document) if f.name != "raw"]

_ARTICLES: Final = f"""
with accepted as (
    select r.* exclude (address), d.fetched, d.seen,
        case when split_part(r.address, '/', 1) = split_part(d.address, '/', 1) then r.address end as canonical,
        d.address as asked
    from readings r join documents d using (document_id)
    where d.delivered and r.reason is null and r.reader = ? and d.source in (select unnest(?))
),
claims as (select canonical, count(distinct asked) as pages from accepted where fetched is not null group by canonical),
placed as (
    select a.*, case when c.pages <= {_MAX_CLAIMS} then a.canonical else a.asked end as place
    from accepted a left join claims c using (canonical)
)
select {", ".join(ARTICLE_SCHEMA)} from placed
qualify fetched is null or place is null
    or row_number() over (
        partition by fetched is null, place order by seen desc, updated desc nulls last, document_id desc
    ) = 1
order by all
"""


@dataclass(frozen=True)
class Added:
    """What became of documents that were added.

    Attributes:
        ids: Ids of those that are kept now.
        new: How many came for the first time.
        changed: How many are new versions of pages that are known.
        known: How many were known as they are.
        waiting: How many there was no room for.
    """

    ids: list[str]
    new: int
    changed: int
    known: int
    waiting: int


def document_id(document: Document) -> str:
    """Id of a document: its bytes and all hints that its reading may depend on, not the place it was found at."""
    hints = (
        document.media_type,
        document.source,
        document.url,
        document.publisher,
        document.language,
        *(hint for hint in (document.charset, document.published) if hint),
    )
    return "d" + digest(hashlib.sha256(document.raw).hexdigest(), *hints)


def article_input(article: Article) -> str:
    """Digest of everything in an article that an extractor may look at."""
    return digest(*astuple(article))


def articles_of(frame: pl.DataFrame) -> Iterator[Article]:
    """The articles of a frame with the columns of `ARTICLE_SCHEMA`."""
    for row in frame.select(ARTICLE_SCHEMA.names()).iter_rows(named=True):
        yield Article(**row | {"authors": tuple(row["authors"])})


class State:
    """The working state in one file, or in memory for a trial; use it as a context manager.

    Attributes:
        database: The file, which others may keep tables of their own in.
    """

    def __init__(self, path: Path | None) -> None:
        """Open or create the state; one of an older version is carried over as far as it can be.

        Raises:
            StateError: Another process holds it, the file is no working state, or a newer evpact made it.
        """
        self.database = Database(path)
        self._raw = RawStore(path and path.with_suffix(".raw"))
        self.database.ensure("documents", _DOCUMENT, ["document_id"])
        self.database.ensure("readings", _READING, ["document_id"], derived=True)
        self.database.ensure("extractions", _EXTRACTION, ["article_id"], derived=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.database.close()
        self._raw.close()

    def add_documents(self, documents: Iterable[Document], at_most: int | None = None) -> Added:
        """Remember a batch of documents, of those not known yet the first `at_most`."""
        rows = {document_id(d): d for d in documents}
        known = self._among("document_id", rows)
        new = [key for key in rows if key not in known][:at_most]
        addresses = [address for key in new if (address := _address(rows[key].url))]
        met = self._among("address", addresses)
        self._raw.add((key, rows[key].raw) for key in new)
        with self.database.transaction():
            self.database.insert("documents", (_document_row(key, rows[key]) for key in new), _DOCUMENT)
            self._see_again({key: rows[key] for key in rows if key in known})
        changed = len(set(addresses) & met)
        return Added([*known, *new], len(new) - changed, changed, len(known), len(rows) - len(known) - len(new))

    def _among(self, column: str, values: Collection[str]) -> set[str]:
        """Which of the values the documents have in a column."""
        sql = f"select distinct {column} from documents where {column} in (select unnest(?))"
        return set(self.database.frame(sql, list(values)).to_series())

    def _see_again(self, documents: Mapping[str, Document]) -> None:
        """Note that known documents were delivered once more: a page that is again as it was is the newest version."""
        rows = [{"document_id": key, "seen": naive(d.fetched)} for key, d in documents.items()]
        self.database.execute_with(
            pl.DataFrame(rows, schema={"document_id": pl.String(), "seen": pl.Datetime("us")}),
            "update documents set delivered = true, seen = greatest(documents.seen, batch.seen) from batch "
            "where documents.document_id = batch.document_id",
        )

    def set_delivered(self, source: str, documents: Collection[str]) -> None:
        """Let exactly these documents of a source count; what it no longer delivers is remembered, not released."""
        self.database.execute(
            "update documents set delivered = document_id in (select unnest(?)) where source = ?",
            list(documents),
            source,
        )

    def unread(self, reader: str) -> Iterator[list[tuple[str, Document]]]:
        """The documents that this version of the reader has not read yet, by id, some at a time.

        A batch has so many documents as fit into 32 MB, and one at least.
        """
        todo = self.database.frame(
            f"select document_id, size from documents where {_UNREAD} order by all",
            reader,
        )
        for batch in batched(todo.iter_rows(), _READ_AT_ONCE, weigh=lambda row: row[1], weight=_READ_BYTES):
            yield list(self.documents([key for key, _ in batch]).items())

    def count_unread(self, reader: str) -> int:
        """How many documents this version of the reader has not read yet."""
        frame = self.database.frame(f"select count(*) from documents where {_UNREAD}", reader)
        return int(frame.item())

    def documents(self, ids: Collection[str]) -> dict[str, Document]:
        """Documents by id."""
        columns = ", ".join(["document_id", *_FIELDS])
        frame = self.database.frame(
            f"select {columns} from documents where document_id in (select unnest(?)) order by document_id", list(ids)
        )
        raw = self._raw.get(frame["document_id"].to_list())
        return {
            (key := row.pop("document_id")): Document(**row | {"raw": raw[key], "fetched": aware(row["fetched"])})
            for row in frame.iter_rows(named=True)
        }

    def store_readings(self, reader: str, readings: Mapping[str, Article | Rejection]) -> None:
        """Remember what a reader made of documents, by document id."""
        rows = ({"document_id": key, "reader": reader} | _reading_row(reading) for key, reading in readings.items())
        self.database.insert("readings", rows, _READING)

    def articles(self, reader: str, sources: Collection[str]) -> pl.DataFrame:
        """Articles that the sources deliver, as the reader understood them; of a page of the web the newest version.

        One row a document: the same text under several addresses gives several rows of one `article_id`. Two documents
        are versions of one page if they were fetched from the same address, or if both name the same canonical address
        on their own site. A canonical address that many different pages name is that of none of them.
        """
        return self.database.frame(_ARTICLES, reader, list(sources)).cast(ARTICLE_SCHEMA)

    def rejections(self, reader: str, sources: Collection[str], at_most: int | None = None) -> list[Rejection]:
        """Documents that the reader set aside, with its reasons."""
        frame = self.database.frame(
            "select d.source, d.location, r.reason from readings r join documents d using (document_id) "
            "where d.delivered and r.reason is not null and r.reader = ? "
            "and d.source in (select unnest(?)) order by all limit ?",
            reader,
            list(sources),
            at_most,
        )
        return [Rejection(**row) for row in frame.iter_rows(named=True)]

    def rejected(self, sources: Collection[str]) -> dict[str, int]:
        """How many documents of each source were set aside when they were read last."""
        frame = self.database.frame(
            "select d.source, count(*) from readings r join documents d using (document_id) where d.delivered "
            "and r.reason is not null and d.source in (select unnest(?)) group by all",
            list(sources),
        )
        return dict(frame.iter_rows())

    def delivered(self, sources: Collection[str]) -> dict[str, str]:
        """Digest of what each source delivers."""
        frame = self.database.frame(
            "select source, document_id from documents where delivered and source in (select unnest(?)) order by all",
            list(sources),
        )
        groups = frame.group_by("source", maintain_order=True).agg("document_id")
        return dict.fromkeys(sources, digest()) | {name: digest(*ids) for name, ids in groups.iter_rows()}

    def count(self, sources: Collection[str]) -> int:
        """Number of documents that the sources deliver."""
        frame = self.database.frame(
            "select count(*) from documents where delivered and source in (select unnest(?))", list(sources)
        )
        return int(frame.item())

    def unextracted(self, fingerprint: str, articles: pl.DataFrame) -> list[Article]:
        """Those of the articles that this version of an extractor has not seen as they are now."""
        done = self.database.frame("select article_id, input from extractions where fingerprint = ?", fingerprint)
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
        self.database.insert("extractions", rows, _EXTRACTION)

    def extractions(self, fingerprint: str, articles: pl.DataFrame) -> pl.DataFrame:
        """Extractions of the articles: `article_id`, `extractor`, `extraction` (JSON of `tasks.records.Extraction`)."""
        return self.database.frame(
            "select article_id, extractor, extraction from extractions "
            "where fingerprint = ? and article_id in (select unnest(?)) order by all",
            fingerprint,
            articles["article_id"].unique().to_list(),
        )


def _document_row(key: str, document: Document) -> dict[str, Any]:
    return {name: getattr(document, name) for name in _FIELDS} | {
        "document_id": key,
        "size": len(document.raw),
        "fetched": naive(document.fetched),
        "address": _address(document.url),
        "seen": naive(document.fetched),
        "delivered": True,
    }


def _reading_row(reading: Article | Rejection) -> dict[str, Any]:
    if isinstance(reading, Rejection):
        return {"reason": reading.reason}
    return {name: getattr(reading, name) for name in ARTICLE_SCHEMA} | {"address": _address(reading.url)}


def _address(url: str | None) -> str | None:
    """Host and path of an address as they are compared; None for the entrance of a site, which is no article's."""
    place = canonical(url).partition("://")[2] if url else ""
    return None if place.partition("/")[2] == "" else place
