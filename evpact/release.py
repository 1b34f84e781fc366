"""Reading releases: list them, open one, ask it with SQL, prove that it is whole.

    output/releases/index.json                   every release, newest first
    output/releases/<version>/datapackage.json   what the release holds, down to each file's digest
    output/releases/<version>/<table>.parquet
    output/latest                                link to the release to use

A release describes itself: everything here, `Release.verify` included, goes by its manifest and not by the table
definitions of the installed code, so that a release of last year opens and verifies as on its first day.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from datetime import date
from pathlib import Path
from typing import Any, Final

import polars as pl

from evpact.errors import EvpactError, ReleaseError, UnknownVersionError
from evpact.settings import default_output

LATEST: Final = "latest"
RELEASES: Final = "releases"
INDEX: Final = "index.json"
MANIFEST: Final = "datapackage.json"
CHANGES: Final = "changes"

FIELD_TYPES: Final[dict[str, pl.DataType]] = {
    "string": pl.String(),
    "integer": pl.Int64(),
    "number": pl.Float64(),
    "boolean": pl.Boolean(),
    "date": pl.Date(),
    "array": pl.List(pl.String()),
}
"""Type of a column by the type that the manifest gives its field (Frictionless Table Schema)."""

_VERSION = re.compile(r"(\d{4}-\d{2}-\d{2})\.([1-9]\d{0,8})", re.ASCII)
_SLICE = 50_000
_DAMAGE = (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError, pl.exceptions.PolarsError)
"""What reading a file that was altered, or is something else, can raise."""


@dataclass(frozen=True, slots=True)
class ReleaseInfo:
    """What the index tells of a release.

    Attributes:
        version: Day of the run and a number from 1: `2026-11-22.1`.
        created: When it was made, ISO 8601 with time zone.
        content_hash: Digest of the rows of all tables; equal for equal content.
        rows: Rows by table.
        gate: Result of the gate.
        previous: Version of the release it was compared with, or None.
        withdrawn: Why it should not be used any more, or None.
    """

    version: str
    created: str
    content_hash: str
    rows: dict[str, int]
    gate: str
    previous: str | None
    withdrawn: str | None = None


@dataclass(frozen=True)
class Release:
    """A release, opened. It stays the same release even if `latest` moves on.

    Attributes:
        path: Its folder.
        manifest: Its `datapackage.json`.
    """

    path: Path
    manifest: dict[str, Any] = field(repr=False)

    @property
    def version(self) -> str:
        """Its version."""
        return str(self.manifest["version"])

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of its tables in the order of the layers; `changes` is not among them."""
        return tuple(name for name in self._resources if name != CHANGES)

    @property
    def info(self) -> ReleaseInfo:
        """What its manifest has to say to the index."""
        return ReleaseInfo(
            version=self.version,
            created=self.manifest["created"],
            content_hash=self.manifest["contentHash"],
            rows={name: self._resources[name]["rows"] for name in self.tables},
            gate=self.manifest["gate"],
            previous=self.manifest["previousVersion"],
        )

    @property
    def _resources(self) -> dict[str, dict[str, Any]]:
        return {resource["name"]: resource for resource in self.manifest["resources"]}

    def table(self, name: str) -> pl.LazyFrame:
        """A table by name, read when it is collected.

        Raises:
            ReleaseError: The release has no such table.
        """
        if name not in self._resources:
            raise ReleaseError(f"Release {self.version} has no table {name!r}. It has: {', '.join(self._resources)}.")
        return pl.scan_parquet(self.path / self._resources[name]["path"], glob=False)

    def changes(self) -> pl.LazyFrame:
        """Rows added, removed and changed since the previous release: `table`, `key`, `change`, `columns`."""
        return self.table(CHANGES)

    def trace(self, partnership_id: str) -> pl.DataFrame:
        """Where a partnership is told of: one row an event, oldest first, each with its evidence and its article.

        Columns: `reported`, `status`, `evidence`, `title`, `publisher`, `url`, `event_id`, `article_id`; no rows if
        the release has no such partnership.
        """
        return (
            self.table("partnership_history")
            .filter(pl.col("partnership_id") == partnership_id)
            .join(self.table("events").drop("status"), on="event_id")
            .join(self.table("articles"), on="article_id")
            .select("reported", "status", "evidence", "title", "publisher", "url", "event_id", "article_id")
            .sort("reported", "event_id", nulls_last=True)
            .collect()
        )

    def verify(self) -> None:
        """Prove that the release is whole and keeps to its own manifest.

        Checked are size and SHA-256 of every file, then of every table its types, number of rows, digest of the rows,
        unique keys, the constraints of its fields and its references, and at last the digest of the content.

        Raises:
            ReleaseError: Something is missing or differs; the message names the file.
        """
        with _manifest_at_fault(self.path / MANIFEST):
            for entry in [*self.manifest["resources"], *self.manifest["files"]]:
                _verify_file(self.path / _inside(entry["path"]), entry)
            for resource in self.manifest["resources"]:
                _verify_table(self.path / resource["path"], resource)
            for name, resource in self._resources.items():
                for foreign_key in resource["schema"].get("foreignKeys", []):
                    self._verify_reference(name, foreign_key)
            hashes = {name: self._resources[name]["rowsHash"] for name in self.tables}
            if content_hash(hashes) != self.info.content_hash:
                raise ReleaseError(f"{self.path / MANIFEST}: contentHash does not stand for the rows of the tables.")

    def _verify_reference(self, name: str, foreign_key: Mapping[str, Any]) -> None:
        columns, target = foreign_key["fields"], foreign_key["reference"]
        dangling = (
            self.table(name)
            .select(columns)
            .drop_nulls()
            .join(self.table(target["resource"]), left_on=columns, right_on=target["fields"], how="anti")
            .head(1)
            .collect()
        )
        if dangling.height:
            file = self.path / self._resources[name]["path"]
            raise ReleaseError(f"{file}: {dangling.row(0)} of {columns} is not in {target['resource']}.")


def releases(output: str | Path | None = None) -> list[ReleaseInfo]:
    """Every release of an output folder, newest first; none if nothing was released yet.

    Args:
        output: The folder; the environment variable `EVPACT_OUTPUT`, or `output`, where it is not given.

    Raises:
        ReleaseError: The index is damaged.
    """
    path = _folder(output) / RELEASES / INDEX
    if not path.exists():
        return []
    names = {f.name for f in fields(ReleaseInfo)}
    with _damaged(path, "the next `evpact run` writes it anew"):
        entries = json.loads(path.read_text("utf-8"))
        return [ReleaseInfo(**{name: entry[name] for name in names}) for entry in entries]


def open_release(version: str = LATEST, output: str | Path | None = None) -> Release:
    """Open a release.

    Args:
        version: A version, or `latest`.
        output: The folder of releases; the environment variable `EVPACT_OUTPUT`, or `output`, where it is not given.

    Raises:
        UnknownVersionError: There is no such release; the message lists those there are.
        ReleaseError: Nothing was released yet, or the release is incomplete; the message names the file.
    """
    folder = _folder(output)
    path = _latest(folder) if version == LATEST else folder / RELEASES / version
    if version != LATEST and (version_key(version) is None or not path.is_dir()):
        known = ", ".join(_versions(folder)) or "none yet, run `evpact run`"
        raise UnknownVersionError(f"There is no release {version!r} in {folder}. Known: {known}.")
    release = Release(path, _read_manifest(path / MANIFEST))
    if version not in (LATEST, release.version):
        raise ReleaseError(f"{path / MANIFEST} says that it is {release.version}: the folder was renamed or replaced.")
    return release


def query(sql: str, version: str = LATEST, output: str | Path | None = None) -> pl.DataFrame:
    """Ask a release with SQL (DuckDB); every table is a view, `changes` too.

    The query runs in a database of its own in memory, which can neither read nor write files, nor reach the network.

    Raises:
        EvpactError: The SQL is wrong, in DuckDB's own words, or is more than one query.
        ReleaseError: As of `open_release`.
    """
    import duckdb

    release = open_release(version, output)
    names = [resource["name"] for resource in release.manifest["resources"]]
    # The tables come in as Polars frames. Views on the files with `allowed_paths` would be as fast, but a file that
    # DuckDB may read it may also overwrite: `COPY … TO` emptied a table of a release that way.
    # Without a temporary directory it does not put a large query's rows into `.tmp` of the current folder either.
    with duckdb.connect(":memory:", config={"temp_directory": ""}) as database:
        for name in names:
            database.register(name, release.table(name))
        database.execute("set enable_external_access = false")
        database.execute("set lock_configuration = true")
        try:
            for statement in database.extract_statements(sql)[:-1]:
                if statement.expected_result_type == [duckdb.ExpectedResultType.QUERY_RESULT]:
                    raise EvpactError(
                        f"Only the last of several queries would be answered: ask {statement.query!r} alone."
                    )
            result = database.sql(sql)
            if result is None:
                raise EvpactError("This SQL gives no rows: ask with `select …`.")
            return pl.DataFrame(result.to_arrow_table())
        except duckdb.CatalogException as error:
            raise EvpactError(f"{error}\n\nTables of release {release.version}: {', '.join(names)}.") from error
        except (duckdb.Error, pl.exceptions.PolarsError) as error:
            raise EvpactError(str(error)) from error
        except RuntimeError as error:
            if str(error) == "Query interrupted":  # DuckDB makes this of Ctrl-C
                raise KeyboardInterrupt from error
            raise


def version_key(version: str) -> tuple[date, int] | None:
    """Day and number of a version, which order versions; None if it is no version."""
    match = _VERSION.fullmatch(version)
    try:
        return (date.fromisoformat(match[1]), int(match[2])) if match else None
    except ValueError:
        return None


def rows_hash(frame: pl.DataFrame) -> str:
    """SHA-256 of what a table says, whatever library and version wrote the file.

    It is taken of compact JSON in UTF-8: an array of `column:type` with the manifest's field types, then the rows, each
    an array of its values, all separated by commas. Dates are ISO 8601, numbers the shortest text that reads back as
    the same double.
    """
    types = {dtype: name for name, dtype in FIELD_TYPES.items()}
    digest = hashlib.sha256(_json([f"{name}:{types[dtype]}" for name, dtype in frame.schema.items()]))
    for part in frame.iter_slices(_SLICE):
        digest.update(b"," + _json(part.rows())[1:-1])
    return digest.hexdigest()


def content_hash(rows_hashes: Mapping[str, str]) -> str:
    """Digest of a whole dataset from the digests of its tables' rows."""
    return hashlib.sha256(_json(sorted(rows_hashes.items()))).hexdigest()


def file_hash(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str).encode()


def _folder(output: str | Path | None) -> Path:
    return (default_output() if output is None else Path(output)).absolute()


def _versions(folder: Path) -> list[str]:
    path = folder / RELEASES
    found = {e.name: key for e in path.iterdir() if (key := version_key(e.name))} if path.is_dir() else {}
    return sorted(found, key=found.__getitem__, reverse=True)


def _latest(folder: Path) -> Path:
    """Folder that `latest` leads to: a link or, where there are no links, a file that holds the path."""
    link = folder / LATEST
    if link.is_dir():
        return link.resolve()
    if link.is_file():
        with _damaged(link, "the next `evpact run` mends it"):
            target = link.read_text("utf-8").strip()
            if version_key(Path(target).name):
                return folder / RELEASES / Path(target).name
            raise ValueError("it holds no path of a release")
    what = "leads nowhere: the release it names is gone" if link.is_symlink() else "is missing"
    known = _versions(folder)
    if known or link.is_symlink():
        meanwhile = f"; until then name a version: {', '.join(known)}" if known else ""
        raise ReleaseError(f"{link} {what}. The next `evpact run` mends it{meanwhile}.")
    raise ReleaseError(f"There is no release in {folder} yet. Make one with `evpact run`, or name another folder.")


@contextmanager
def _damaged(path: Path, way_out: str) -> Iterator[None]:
    try:
        yield
    except _DAMAGE as error:
        reason = (
            "is missing" if isinstance(error, FileNotFoundError) else f"is damaged ({type(error).__name__}: {error})"
        )
        raise ReleaseError(f"{path} {reason}: {way_out}.") from error


def _manifest_at_fault(path: Path) -> Any:
    return _damaged(path, "the release is not complete; use another, or restore its folder")


def _read_manifest(path: Path) -> dict[str, Any]:
    """The manifest, once it has all that reading relies on and every file it names is there in full size."""
    with _manifest_at_fault(path):
        manifest: dict[str, Any] = json.loads(path.read_text("utf-8"))
        if version_key(manifest["version"]) is None:
            raise ValueError(f"{manifest['version']!r} is no version")
        _ = Release(path.parent, manifest).info
        for entry in [*manifest["resources"], *manifest["files"]]:
            _verify_size(path.parent / _inside(entry["path"]), entry)
    return manifest


def _inside(path: str) -> str:
    """The path of a manifest's entry, if it stays inside the release."""
    if Path(path).is_absolute() or ".." in Path(path).parts:
        raise ValueError(f"{path!r} leads out of the release")
    return path


def _verify_size(path: Path, entry: Mapping[str, Any]) -> None:
    if not path.is_file():
        raise ReleaseError(f"{path} is missing: the release is not complete.")
    if path.stat().st_size != entry["bytes"]:
        raise ReleaseError(f"{path} has {path.stat().st_size} bytes instead of {entry['bytes']}: it was altered.")


def _verify_file(path: Path, entry: Mapping[str, Any]) -> None:
    _verify_size(path, entry)
    if f"sha256:{file_hash(path)}" != entry["hash"]:
        raise ReleaseError(f"{path} does not have the SHA-256 of the manifest: it was altered.")


def _verify_table(path: Path, resource: Mapping[str, Any]) -> None:
    try:
        frame = pl.read_parquet(path, glob=False)
    except pl.exceptions.PolarsError as error:
        raise ReleaseError(f"{path} is not readable as Parquet: {error}") from error
    schema = resource["schema"]
    expected = {column["name"]: FIELD_TYPES[column["type"]] for column in schema["fields"]}
    if dict(frame.schema) != expected or list(frame.schema) != list(expected):
        raise ReleaseError(f"{path} does not have the columns and types of the manifest.")
    if frame.height != resource["rows"]:
        raise ReleaseError(f"{path} has {frame.height} rows instead of {resource['rows']}.")
    if rows_hash(frame) != resource["rowsHash"]:
        raise ReleaseError(f"{path} does not have the rows that the manifest stands for.")
    if frame.select(schema["primaryKey"]).is_duplicated().any():
        raise ReleaseError(f"{path} has rows with the same {', '.join(schema['primaryKey'])}.")
    for column in schema["fields"]:
        for fault in _faults(frame[column["name"]], column.get("constraints", {})):
            raise ReleaseError(f"{path}: {column['name']} {fault}.")


def _faults(values: pl.Series, constraints: Mapping[str, Any]) -> Iterable[str]:
    """What in a column breaks the constraints of its field; those of an array's members are a JSON schema."""
    if constraints.get("required") and values.null_count():
        yield "has empty values"
    if isinstance(values.dtype, pl.List):
        constraints = constraints.get("jsonSchema", {}).get("items", {})
        values = values.explode()
    values = values.drop_nulls()
    if "enum" in constraints and not values.is_in(constraints["enum"]).all():
        yield "has values outside its vocabulary"
    if "pattern" in constraints and not values.str.contains(constraints["pattern"]).all():
        yield f"has values that are not of the form {constraints['pattern']}"
    if "minimum" in constraints and (values < constraints["minimum"]).any():
        yield f"has values under {constraints['minimum']}"
    if "maximum" in constraints and (values > constraints["maximum"]).any():
        yield f"has values over {constraints['maximum']}"
