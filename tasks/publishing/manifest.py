"""The manifest of a release, `datapackage.json`: a Data Package of the Frictionless standard, version 2.

https://datapackage.org/standard/data-package/ — beyond the standard stand `rows` and `rowsHash` of a table and
`contentHash`, `previousVersion`, `gate`, `code`, `configuration` and `files` (all that is no table) of the package.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from evpact.release import FIELD_TYPES, file_hash
from evpact.tables import Column, Table
from tasks.publishing.candidate import TableFile

_PROFILES: Final = "https://datapackage.org/profiles/2.0"
_LICENCES: Final = [{"name": "MIT", "title": "MIT License; sentences quoted as evidence remain their publishers' own"}]
_CONTRIBUTORS: Final = [{"title": "The evpact contributors", "roles": ["creator"]}]
_TYPES: Final = {dtype: name for name, dtype in FIELD_TYPES.items()}
_COUNTRY_CODE: Final = "^[A-Z]{2}$"


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a release comes from.

    Attributes:
        created: When the run was, with time zone; its day is the release's day.
        sources: Digest of what each configured source delivered, by the source's name.
        code: Digest or commit of the code.
        configuration: Digest of settings and reference tables.
        gate: Result of the gate, as the index shows it.
        accepted_loss: Why it may lack much of the release before, if a person said so.
    """

    created: datetime
    sources: Mapping[str, str]
    code: str
    configuration: str
    gate: str
    accepted_loss: str | None = None


def data_package(
    version: str,
    previous: str | None,
    content_hash: str,
    tables: Sequence[tuple[Table, TableFile]],
    provenance: Provenance,
    folder: Path,
) -> dict[str, Any]:
    """The manifest of the release whose files are in `folder`; `tables` are those to describe, in their order."""
    described = {f"{table.name}.parquet" for table, _ in tables}
    others = [p for p in sorted(folder.rglob("*")) if p.is_file() and p.relative_to(folder).as_posix() not in described]
    return {
        "$schema": f"{_PROFILES}/datapackage.json",
        "name": "evpact",
        "title": "Who partners with whom in the electric-vehicle industry",
        "description": "Partnerships, investments, plants, trade measures and market figures as news articles state "
        "them, every row traceable to a stretch of a source text.",
        "version": version,
        "created": provenance.created.astimezone(UTC).isoformat(timespec="seconds"),
        "previousVersion": previous,
        "contentHash": content_hash,
        "gate": provenance.gate,
        **({"acceptedLoss": provenance.accepted_loss} if provenance.accepted_loss else {}),
        "code": provenance.code,
        "configuration": provenance.configuration,
        "licenses": _LICENCES,
        "contributors": _CONTRIBUTORS,
        "sources": [{"title": name, "digest": digest} for name, digest in sorted(provenance.sources.items())],
        "resources": [_resource(table, file) for table, file in tables],
        "files": [
            {"path": p.relative_to(folder).as_posix(), "bytes": p.stat().st_size, "hash": f"sha256:{file_hash(p)}"}
            for p in others
        ],
    }


def _resource(table: Table, file: TableFile) -> dict[str, Any]:
    return {
        "$schema": f"{_PROFILES}/dataresource.json",
        "name": table.name,
        "path": f"{table.name}.parquet",
        "type": "table",
        "description": f"One row is {table.row}.",
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "rows": file.rows,
        "bytes": file.bytes,
        "hash": f"sha256:{file.sha256}",
        "rowsHash": file.rows_hash,
        "schema": {
            "$schema": f"{_PROFILES}/tableschema.json",
            "fields": [_field(column) for column in table.columns],
            "primaryKey": list(table.key),
            "foreignKeys": [_foreign_key(column) for column in table.columns if column.references],
        },
    }


def _field(column: Column) -> dict[str, Any]:
    return {
        "name": column.name,
        "type": _TYPES[column.dtype],
        "description": column.description,
        "constraints": _constraints(column),
    }


def _constraints(column: Column) -> dict[str, Any]:
    of_value: dict[str, Any] = {
        "enum": list(column.vocabulary) if column.vocabulary else None,
        "pattern": _COUNTRY_CODE if column.code == "country" else None,
        "minimum": column.minimum,
        "maximum": column.maximum,
    }
    of_value = {name: value for name, value in of_value.items() if value is not None}
    if column.is_list and of_value:
        of_value = {"jsonSchema": {"items": of_value}}
    return {"required": column.required} | of_value


def _foreign_key(column: Column) -> dict[str, Any]:
    table, _, name = str(column.references).partition(".")
    return {"fields": [column.name], "reference": {"resource": table, "fields": [name]}}
