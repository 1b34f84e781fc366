"""Word lists as CSV files."""

from __future__ import annotations

import csv
from pathlib import Path

from evpact.errors import ReferenceDataError


def read_rows(path: Path, *columns: str) -> list[dict[str, str]]:
    """The rows of a word list that must have just these columns, the first of them filled.

    Raises:
        ReferenceDataError: It is missing or wrong.
    """
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            reader = csv.DictReader(lines, strict=True)
            if tuple(reader.fieldnames or ()) != columns:
                raise ReferenceDataError(f"{path}, line 1: the columns must be {','.join(columns)}.")
            rows = list(reader)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ReferenceDataError(f"{path} cannot be read: {error}. Restore it from the repository.") from error
    for line, row in enumerate(rows, start=2):
        if None in row or None in row.values() or not row[columns[0]]:
            raise ReferenceDataError(
                f"{path}, line {line}: {len(columns)} cells are needed, the first of them not empty."
            )
    return rows
