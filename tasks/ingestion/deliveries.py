"""What sources deliver while they are read: documents, what is set aside, and what to remember for the next run.

All of it comes in one stream, and a stretch of the stream is kept in one transaction. So what is remembered of an
address or an archive is true of exactly the documents that were kept with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from evpact.errors import EvpactError
from tasks.records import Document, Rejection

Outcome = Literal["read", "unchanged", "failed", "refused", "postponed"]


@dataclass(frozen=True, slots=True)
class Visit:
    """A page that was asked for, and what came of it.

    Attributes:
        source: Name of the source.
        url: The address.
        outcome: It was read, was still as it had been, could not be had this time, cannot be had at all, or was not
            asked for since its site wants to be left alone.
        document: What was read.
        reason: Why it could not be had.
        etag: Its `ETag`, to be sent with the next request.
        modified: Its `Last-Modified`, to be sent with the next request.
    """

    source: str
    url: str
    outcome: Outcome
    document: Document | None = None
    reason: str | None = None
    etag: str | None = None
    modified: str | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """A feed or sitemap, all of whose entries have been delivered.

    Attributes:
        source: Name of the source.
        url: The address.
        etag: Its `ETag`, to be sent with the next request.
        modified: Its `Last-Modified`, to be sent with the next request.
        stamp: What the index that names it says of its state.
    """

    source: str
    url: str
    etag: str | None = None
    modified: str | None = None
    stamp: str | None = None


@dataclass(frozen=True, slots=True)
class Bookmark:
    """How far an archive has been read: all that begins before `position` has been delivered.

    Attributes:
        source: Name of the source.
        path: The archive.
        head: Digest of its first bytes, by which it is known again.
        position: Where to go on: bytes from the beginning, unpacked if the archive is packed in one piece.
        size: Bytes of the file.
        finished: Whether that is its end.
    """

    source: str
    path: str
    head: str
    position: int
    size: int
    finished: bool = False


class SourceError(EvpactError):
    """A source that could not be read, or only in part; says why."""


Delivery = Document | Rejection | Visit | Listing | Bookmark
