"""What is remembered of the sources from run to run, in the file of the working state.

    addresses   pages that a source told of: whether they were read, are to be read, or could not be had
    validators  what a server wants to hear to say "not modified" (`ETag`, `Last-Modified`), by address
    archives    how far each archive has been read
    set_aside   what a source delivered that is no document, with the reason
    sources     when each source was last read, what came, and since when it fails

A page is read again when its source says that it has changed. An address that cannot be had is tried again in later
runs, after one hour, four, sixteen and so on; after the last of `TRIES` it is given up, until its source tells of a
change of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import polars as pl

from tasks.database import Database, aware, naive
from tasks.ingestion.addresses import canonical
from tasks.ingestion.deliveries import Bookmark, Delivery, Listing, Visit
from tasks.parallel import batched
from tasks.records import Rejection

TRIES: Final = 6
_FIRST_PAUSE: Final = timedelta(hours=1)
_PAUSE_GROWS: Final = 4
_FIRST_REST: Final = timedelta(days=1)
_AT_ONCE: Final = 2_000

_ADDRESS: Final = pl.Schema(
    {
        "source": pl.String(),
        "address": pl.String(),
        "url": pl.String(),
        "stamp": pl.String(),
        "published": pl.Date(),
        "day": pl.Date(),
        "status": pl.String(),
        "tries": pl.Int64(),
        "next_try": pl.Datetime("us"),
        "failing_since": pl.Datetime("us"),
        "reason": pl.String(),
        "visited": pl.Datetime("us"),
        "alike": pl.Int64(),
    }
)
_VALIDATOR: Final = pl.Schema(
    {"source": pl.String(), "url": pl.String(), "etag": pl.String(), "modified": pl.String(), "stamp": pl.String()}
)
_ARCHIVE: Final = pl.Schema(
    {
        "source": pl.String(),
        "path": pl.String(),
        "head": pl.String(),
        "position": pl.Int64(),
        "size": pl.Int64(),
        "finished": pl.Boolean(),
    }
)
_SET_ASIDE: Final = pl.Schema({"source": pl.String(), "location": pl.String(), "reason": pl.String()})
_SOURCE: Final = pl.Schema(
    {
        "source": pl.String(),
        "read_at": pl.Datetime("us"),
        "good_at": pl.Datetime("us"),
        "failing_since": pl.Datetime("us"),
        "failure": pl.String(),
        "new": pl.Int64(),
        "changed": pl.Int64(),
        "known": pl.Int64(),
        "waiting": pl.Int64(),
    }
)

_VISIT: Final = pl.Schema(
    dict.fromkeys(("source", "url", "address", "outcome", "reason", "etag", "modified"), pl.String())
)

_DUE: Final = (
    "a.source = ? and a.status = 'waiting' and (a.next_try is null or a.next_try <= ?) "
    "and coalesce(a.day >= ?::date, true)"
)
_SIGHT: Final = """
insert into addresses by name select * from batch on conflict (source, address) do update set
    status = if(excluded.stamp <> stamp or (status = 'read' and ?), 'waiting', status),
    tries = if(excluded.stamp = stamp, tries, 0),
    next_try = if(excluded.stamp = stamp, next_try, visited + ?::interval * (pow(2, least(alike, 10))::bigint - 1)),
    published = coalesce(excluded.published, published),
    day = coalesce(excluded.day, day),
    stamp = excluded.stamp
"""
# Many sites give every page the date of the last build. A page that turned out to be the same although it was said to
# have changed is let rest for a day, then for three, seven and so on.
_COUNT_ALIKE: Final = """
update addresses set alike = met.alike from (
    select d.location as url, count(*) - count(distinct r.article_id) as alike
    from documents d join readings r using (document_id) where d.source = ? and r.reason is null group by d.location
) met
where addresses.source = ? and addresses.url = met.url and addresses.alike <> met.alike
"""
_KEEP_VISITS: Final = """
update addresses set
    status = case
        when outcome = 'refused' then 'refused'
        when outcome = 'failed' then if(tries + 1 < ?, 'waiting', 'given up')
        when outcome = 'postponed' then 'waiting'
        else 'read'
    end,
    tries = case outcome when 'failed' then tries + 1 when 'postponed' then tries else 0 end,
    failing_since = case
        when outcome in ('failed', 'refused') then coalesce(failing_since, ?)
        when outcome = 'postponed' then failing_since
    end,
    reason = batch.reason,
    visited = if(outcome in ('read', 'unchanged'), ?, visited),
    next_try = if(outcome = 'failed', ?::timestamp + ?::interval * pow(?, tries)::bigint, null)
from batch where addresses.source = batch.source and addresses.address = batch.address
"""
_KEEP_VALIDATORS: Final = """
insert or replace into validators by name
select source, url, etag, modified from batch where outcome in ('read', 'unchanged')
"""
_TAKE_BACK: Final = """
delete from set_aside using batch
where set_aside.source = batch.source and set_aside.location = batch.url and outcome in ('read', 'unchanged')
"""
_SET_ASIDE_PAGES: Final = """
insert or replace into set_aside by name
select a.source, a.url as location, if(a.status = 'given up', ?, '') || a.reason as reason
from addresses a join batch on a.source = batch.source and a.address = batch.address
where a.status in ('refused', 'given up')
"""
_FINISH: Final = """
insert or replace into sources by name
select b.* exclude (read_at, good_at, failing_since), now.at as read_at,
    if(b.failure is null, now.at, s.good_at) as good_at,
    if(b.failure is null, null, coalesce(s.failing_since, now.at)) as failing_since
from batch b left join sources s using (source), (select ?::timestamp as at) now
"""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A page that a source tells of.

    Attributes:
        url: Its address.
        stamp: What the source says of its state; another stamp than last time means that it has changed.
        published: Day of publication, if the source says.
        day: Day of publication or of the last change, by which pages are taken newest first and passed over when old.
    """

    url: str
    stamp: str = ""
    published: date | None = None
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """A page that is to be read, with what to say to its server."""

    url: str
    published: date | None
    etag: str | None
    modified: str | None


@dataclass
class Counts:
    """What came in one reading of a source; see `Report`."""

    new: int = 0
    changed: int = 0
    known: int = 0
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """What came of a source.

    Attributes:
        source: Its name.
        read_at: When it was last tried (UTC).
        good_at: When it was last read without a failure of its own.
        failing_since: When the failure that it ends in now was first met.
        failure: Why the source as a whole could not be read.
        new: Documents that came in the last run for the first time.
        changed: Documents that came in the last run as new versions of known pages.
        known: Documents and pages that the last run met as they were known.
        waiting: Documents and pages that are left to the next run.
        set_aside: Documents and pages set aside, of all runs that still count.
        unreachable: Pages that could not be had so far and are tried again.
        unfinished: Archives that are left to the next run, or are read in part.
    """

    source: str
    read_at: datetime | None = None
    good_at: datetime | None = None
    failing_since: datetime | None = None
    failure: str | None = None
    new: int = 0
    changed: int = 0
    known: int = 0
    waiting: int = 0
    set_aside: int = 0
    unreachable: int = 0
    unfinished: int = 0


class Memory:
    """The tables of one working state; all moments are those of the run, never of the clock.

    Args:
        database: The file of the working state.
        now: When the run started.
    """

    def __init__(self, database: Database, now: datetime) -> None:
        self._db, self.now, self._now = database, now.astimezone(UTC), naive(now)
        database.ensure("addresses", _ADDRESS, ["source", "address"])
        database.ensure("validators", _VALIDATOR, ["source", "url"])
        database.ensure("archives", _ARCHIVE, ["source", "path"])
        database.ensure("set_aside", _SET_ASIDE, ["source", "location"])
        database.ensure("sources", _SOURCE, ["source"])

    def sight(self, source: str, sightings: Iterable[Sighting], *, again: bool = False) -> None:
        """Remember pages that a source tells of; those not known yet, or told of with another stamp, become due.

        Args:
            source: Name of the source.
            sightings: The pages.
            again: Whether pages that were read become due too.
        """
        for batch in batched(sightings, _AT_ONCE):
            rows = {canonical(s.url): s for s in reversed(batch)}
            frame = pl.DataFrame(
                [
                    {"source": source, "address": address, "status": "waiting", "tries": 0, "alike": 0}
                    | asdict(sighting)
                    for address, sighting in rows.items()
                ],
                schema=_ADDRESS,
            )
            self._db.execute_with(frame, _SIGHT, again, _FIRST_REST)

    def due(self, source: str, at_most: int | None, oldest: date | None = None) -> Iterator[Due]:
        """Pages that are to be read now, newest first.

        Those never tried come before those that failed, and those never read before those that were.
        """
        frame = self._db.frame(
            "select a.url, a.published, v.etag, v.modified from addresses a left join validators v using (source, url) "
            f"where {_DUE} order by a.tries, a.visited nulls first, a.day desc nulls last, a.url limit ?",
            source,
            self._now,
            oldest,
            at_most,
        )
        return (Due(**row) for row in frame.iter_rows(named=True))

    def waiting(self, source: str, oldest: date | None = None) -> int:
        """How many pages are to be read now."""
        return int(self._db.frame(f"select count(*) from addresses a where {_DUE}", source, self._now, oldest).item())

    def keep(self, deliveries: Iterable[Delivery]) -> None:
        """Remember what came of pages, how far lists and archives were read, and what was set aside."""
        visits = [item for item in deliveries if isinstance(item, Visit)]
        listings = [item for item in deliveries if isinstance(item, Listing)]
        marks = {(item.source, item.path): item for item in deliveries if isinstance(item, Bookmark)}
        rejections = {(r.source, r.location): r for r in deliveries if isinstance(r, Rejection)}
        with self._db.transaction():
            self._keep_visits(visits)
            self._db.insert("validators", map(asdict, listings), _VALIDATOR)
            self._db.insert("archives", map(asdict, marks.values()), _ARCHIVE)
            self._db.insert("set_aside", map(asdict, rejections.values()), _SET_ASIDE)

    def _keep_visits(self, visits: Sequence[Visit]) -> None:
        rows = {v.url: _visit_row(v) for v in visits}
        frame = pl.DataFrame(list(rows.values()), schema=_VISIT)
        self._db.execute_with(frame, _KEEP_VISITS, TRIES, self._now, self._now, self._now, _FIRST_PAUSE, _PAUSE_GROWS)
        self._db.execute_with(frame, _KEEP_VALIDATORS)
        self._db.execute_with(frame, _TAKE_BACK)
        self._db.execute_with(frame, _SET_ASIDE_PAGES, f"Given up after {TRIES} tries: ")

    def listing(self, source: str, url: str) -> Listing:
        """What is known of a feed or sitemap since it was read last."""
        frame = self._db.frame("select * from validators where source = ? and url = ?", source, url)
        return Listing(**frame.row(0, named=True)) if frame.height else Listing(source, url)

    def bookmark(self, source: str, path: str) -> Bookmark | None:
        """How far an archive has been read."""
        frame = self._db.frame("select * from archives where source = ? and path = ?", source, path)
        return Bookmark(**frame.row(0, named=True)) if frame.height else None

    def begin(self, source: str, *, mirrored: bool) -> None:
        """Make ready for a reading: a mirrored source tells again of all that it has set aside.

        How often a page came with other bytes but the same article is counted, see `_COUNT_ALIKE`.
        """
        if mirrored:
            self._db.execute("delete from set_aside where source = ?", source)
        else:
            self._db.execute(_COUNT_ALIKE, source, source)

    def finish(self, source: str, counts: Counts, failure: str | None) -> None:
        """Remember how the reading of a source went."""
        frame = pl.DataFrame([{"source": source, "failure": failure} | asdict(counts)], schema=_SOURCE)
        self._db.execute_with(frame, _FINISH, self._now)

    def report(self, source: str) -> Report:
        """How the last reading of a source went, and what is open from all."""
        frame = self._db.frame(
            "select s.*, (select count(*) from set_aside a where a.source = s.source) as set_aside, "
            "(select count(*) from addresses a where a.source = s.source and a.failing_since is not null "
            "and a.status = 'waiting') as unreachable, (select count(*) from archives a where a.source = s.source "
            "and not a.finished) as unfinished from sources s where s.source = ?",
            source,
        )
        if frame.is_empty():
            return Report(source)
        row = frame.row(0, named=True)
        moments = {name: aware(row[name]) for name in ("read_at", "good_at", "failing_since")}
        return Report(**row | moments)

    def set_aside(self, sources: Collection[str], at_most: int | None = None) -> list[Rejection]:
        """What the sources delivered that is no document, with the reasons."""
        frame = self._db.frame(
            "select source, location, reason from set_aside where source in (select unnest(?)) order by all limit ?",
            list(sources),
            at_most,
        )
        return [Rejection(**row) for row in frame.iter_rows(named=True)]


def _visit_row(visit: Visit) -> dict[str, Any]:
    return {name: getattr(visit, name, None) for name in _VISIT} | {"address": canonical(visit.url)}
