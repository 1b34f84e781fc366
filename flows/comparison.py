"""Whether a run has anything to do: what it would be made from, compared with what the latest release was made from.

A release, and the gate's verdict on it, follow from the articles, the code, the reference tables and the release
before, and from nothing else. Where all of them are those of the latest release, working them out again would give that
release again: the run ends there. Anything that differs, be it a bound of an expectation or the version of a library,
is a reason for a whole run.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

import polars as pl

from evpact.ids import digest
from evpact.reference import load_reference
from evpact.release import Release, file_hash, rows_hash
from evpact.settings import PROJECT, REFERENCE
from tasks.fingerprint import fingerprint
from tasks.publishing.disk import write_whole

_CODE = ("evpact", "expectations", "tasks")


@dataclass(frozen=True)
class Made:
    """A release and what it was made from.

    Attributes:
        inputs: As `inputs_of` has it.
        version: Version of the release.
        content_hash: Digest of its rows.
    """

    inputs: str
    version: str
    content_hash: str

    @classmethod
    def of(cls, inputs: str, release: Release) -> Made:
        """A release that was made from these inputs."""
        return cls(inputs, release.version, release.info.content_hash)


def inputs_of(articles: pl.DataFrame, extractor: str, reference: Path) -> str:
    """Digest of everything that a candidate and its verdict follow from, but the release before.

    Args:
        articles: The distinct articles, with every field of `tasks.records.Article`.
        extractor: Fingerprint of the extractor.
        reference: Folder of the reference tables.
    """
    tables = {load_reference(folder) for folder in (REFERENCE, reference)}
    return digest(
        rows_hash(articles),
        extractor,
        *sorted(digest(table.digest, table.reviews_digest) for table in tables),
        *(fingerprint(PROJECT / folder) for folder in _CODE),
        *(file_hash(path) for path in sorted((PROJECT / "expectations").rglob("*.csv"))),
        *_libraries(),
    )


def _libraries() -> list[str]:
    """Versions of all that evpact is built on."""
    names = sorted({match[0] for line in requires("evpact") or () if (match := re.match(r"[\w.-]+", line))})
    return [f"{name}=={_version(name)}" for name in names]


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:  # needed on other systems only
        return ""


def recall(path: Path) -> Made | None:
    """What was remembered last, or None; a damaged file is as good as none."""
    try:
        return Made(**json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def remember(path: Path, made: Made) -> None:
    """Remember it for the next run."""
    write_whole(path, json.dumps(asdict(made), indent=1) + "\n")
