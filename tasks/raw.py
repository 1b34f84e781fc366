"""The bytes of documents, compressed, in a file of their own beside the working state.

SQLite, since it takes large values without taking more memory as they become many.
"""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from evpact.errors import StateError

_COMPRESSION: Final = 3


class RawStore:
    """Bytes by the id of their document, which does not change its bytes.

    Bytes are stored before the document is; those of a document that was not kept after all do no harm.
    """

    def __init__(self, path: Path | None) -> None:
        """Open or create the file; None for memory.

        Raises:
            StateError: It is no such file, or cannot be written.
        """
        self._name = str(path or "in memory")
        with self._explained():
            self._db = sqlite3.connect(path or ":memory:")
            self._db.execute("pragma journal_mode = wal")
            self._db.execute("create table if not exists raw (document_id text primary key, raw blob not null)")

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def add(self, documents: Iterable[tuple[str, bytes]]) -> None:
        """Keep the bytes of documents."""
        rows = ((key, zlib.compress(raw, _COMPRESSION)) for key, raw in documents)
        with self._explained(), self._db:
            self._db.executemany("insert or ignore into raw values (?, ?)", rows)

    def get(self, ids: Collection[str]) -> dict[str, bytes]:
        """The bytes of documents.

        Raises:
            StateError: Those of one are not there.
        """
        found = {}
        with self._explained():
            for key in ids:
                row = self._db.execute("select raw from raw where document_id = ?", (key,)).fetchone()
                if row is None:
                    raise StateError(f"{self._name} lacks documents that the working state tells of: delete both.")
                found[key] = zlib.decompress(row[0])
        return found

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise StateError(f"The working state {self._name} cannot be read or written: {error}.") from error
