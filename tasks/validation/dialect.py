"""DuckDB for Great Expectations.

Great Expectations fetches rows after it has closed the connection, which a DuckDB cursor does not survive (its issues
10738 and 11579). This dialect fetches all rows at once, before that.
"""

from __future__ import annotations

from typing import Any

from duckdb_sqlalchemy import Dialect
from sqlalchemy.dialects import registry
from sqlalchemy.engine.cursor import FullyBufferedCursorFetchStrategy


class _BufferedContext(Dialect.execution_ctx_cls):  # type: ignore[misc, valid-type]
    cursor: Any
    cursor_fetch_strategy: Any

    def post_exec(self) -> None:
        super().post_exec()
        if self.cursor.description:
            self.cursor_fetch_strategy = FullyBufferedCursorFetchStrategy(
                self.cursor, initial_buffer=self.cursor.fetchall()
            )


class BufferedDialect(Dialect):
    """The DuckDB dialect with buffered results: `duckdb+buffered:////path`."""

    execution_ctx_cls = _BufferedContext
    supports_statement_cache = True

    def connect(self, *arguments: Any, **options: Any) -> Any:
        """A connection that draws no bar of its progress over what the run prints."""
        connection = super().connect(*arguments, **options)
        connection.execute("set enable_progress_bar = false")
        return connection


registry.register("duckdb.buffered", __name__, BufferedDialect.__name__)
