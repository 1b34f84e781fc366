"""From a candidate to a release or into quarantine; withdrawing releases; mending after a crash.

    releases/<version>/        the truth: a folder that is renamed into place when it is complete, and never changed
    releases/withdrawn.json    the truth: why releases are not to be used any more, by version
    releases/index.json        derived from both
    latest                     derived from both: the newest release that is not withdrawn
    .publishing/               releases in the making; what lies here when nobody publishes is left from a crash

Each operation changes the truth in one step and derives the rest. A crash before that step changes nothing; after it,
`latest` and the index are behind but each consistent in itself, and the next operation, or `repair`, brings them up.
"""

from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from evpact.errors import ReleaseError, StateError, UnknownVersionError
from evpact.release import (
    INDEX,
    LATEST,
    MANIFEST,
    RELEASES,
    Release,
    file_hash,
    open_release,
    version_key,
)
from evpact.tables import TABLES
from tasks.publishing.candidate import Candidate, write_table
from tasks.publishing.changes import CHANGES_TABLE, changes_markdown, compare
from tasks.publishing.disk import copy_tree, move, point, write_whole
from tasks.publishing.manifest import Provenance, data_package
from tasks.validation import entitle

QUARANTINE: Final = "quarantine"
_WITHDRAWN: Final = "withdrawn.json"
_STAGING: Final = ".publishing"
_LOCK: Final = ".publishing.lock"
_PATIENCE: Final = 30.0
"""Seconds to wait for another run that is publishing."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a candidate.

    Attributes:
        release: The new release, or None if there is none.
        message: The same for people.
    """

    release: Release | None
    message: str


def publish(candidate: Candidate, quality: Path, output: Path, provenance: Provenance) -> Outcome:
    """Make a candidate that has passed the gate the latest release, unless its content is the latest already.

    Content that was withdrawn before is not published again: on a schedule, the next run would otherwise undo a
    rollback without anybody asking for it. `rollback` to the withdrawn version brings it back.

    A version never sorts before an older one: if the clock has gone backwards, the day of the newest release counts.

    Args:
        candidate: Tables as `write_candidate` wrote them, anywhere; they are copied and compared with what was written.
        quality: Folder of what the gate checked and found.
        output: Folder of releases.
        provenance: Where the tables come from.

    Raises:
        ReleaseError: The candidate's files were altered since, or the version appeared meanwhile.
        StateError: Another run is publishing.
    """
    with _alone(output):
        latest = _repair(output)
        published, withdrawn = _complete(output), _read_withdrawn(output)
        if latest and latest.info.content_hash == candidate.content_hash:
            return Outcome(None, f"Nothing new: the tables equal release {latest.version}.")
        for former in published:
            if former.version in withdrawn and former.info.content_hash == candidate.content_hash:
                return Outcome(
                    None,
                    f"Not published: these tables are those of release {former.version}, which was withdrawn "
                    f"({withdrawn[former.version]}). `evpact rollback {former.version}` brings it back.",
                )
        version = _next_version(output, published, provenance.created.date())
        folder = _stage(candidate, quality, output, f"Release {version}")
        _describe(folder, candidate, version, latest, provenance)
        try:
            move(folder, output / RELEASES / version)
        except OSError as error:
            raise ReleaseError(f"Release {version} could not be put in its place ({error}): run again.") from error
        _derive(output)
    return Outcome(open_release(version, output), f"Published {version}.")


def quarantine(candidate: Candidate, quality: Path, output: Path) -> Path:
    """Put a refused candidate aside with the reasons; gives its folder, which is named after its content.

    The same tables refused again take the place of the former ones, with the reasons of this time.

    Raises:
        StateError: Another run is publishing.
    """
    with _alone(output):
        _repair(output)
        folder = _stage(candidate, quality, output, f"Refused candidate {candidate.content_hash[:16]}")
        target = output / QUARANTINE / candidate.content_hash[:16]
        target.parent.mkdir(exist_ok=True)
        shutil.rmtree(target, ignore_errors=True)
        move(folder, target)
    return target


def rollback(output: Path, version: str, reason: str = "") -> Release:
    """Make an earlier release the latest again; all newer ones are marked as withdrawn, their files stay.

    A withdrawn version is brought back the same way. No version is ever used twice.

    Raises:
        UnknownVersionError: There is no such release; the message lists those there are.
        ReleaseError: The release is damaged; nothing was changed.
        StateError: Another run is publishing.
    """
    key = version_key(version)
    if key is None:
        raise UnknownVersionError(
            f"{version!r} is no version like 2026-11-22.1; `evpact releases` lists those there are."
        )
    release = open_release(version, output)
    release.verify()
    with _alone(output):
        _repair(output)
        newer = [name for name, other in _taken(output).items() if other > key]
        withdrawn = dict.fromkeys(newer, reason or f"rolled back to {version}") | _read_withdrawn(output)
        withdrawn.pop(version, None)
        write_whole(output / RELEASES / _WITHDRAWN, _pretty(withdrawn))
        _derive(output)
    return release


def repair(output: Path) -> Release | None:
    """Mend what a crash left: remove releases in the making, bring `latest` and the index up to the releases.

    Gives the latest release, or None if there is none yet.

    Raises:
        StateError: Another run is publishing.
    """
    with _alone(output):
        return _repair(output)


@contextmanager
def _alone(output: Path) -> Iterator[None]:
    output.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(output / _LOCK, timeout=_PATIENCE):
            try:
                yield
            finally:
                shutil.rmtree(output / _STAGING, ignore_errors=True)
    except Timeout as error:
        raise StateError(f"Another run is publishing to {output}: wait until it ends.") from error


def _repair(output: Path) -> Release | None:
    (output / RELEASES).mkdir(exist_ok=True)
    shutil.rmtree(output / _STAGING, ignore_errors=True)
    return _derive(output)


def _derive(output: Path) -> Release | None:
    """Write the index and let `latest` lead to the newest release that is not withdrawn; gives that release."""
    newest_first, withdrawn = list(reversed(_complete(output))), _read_withdrawn(output)
    index = [asdict(replace(r.info, withdrawn=withdrawn.get(r.version))) for r in newest_first]
    write_whole(output / RELEASES / INDEX, _pretty(index))
    latest = next((release for release in newest_first if release.version not in withdrawn), None)
    if latest is not None:
        try:
            point(output / LATEST, f"{RELEASES}/{latest.version}")
        except OSError as error:
            raise ReleaseError(f"{output / LATEST} cannot be swapped ({error}): remove it and run again.") from error
    return latest


def _complete(output: Path) -> list[Release]:
    """The complete releases, oldest first; anything else among them is left alone and reported."""
    found = []
    for path in (output / RELEASES).iterdir():
        if version_key(path.name):
            try:
                found.append(open_release(path.name, output))
            except ReleaseError as error:
                _log.warning("%s is passed over: %s", path, error)
    return sorted(found, key=_order)


def _order(release: Release) -> tuple[date, int]:
    key = version_key(release.version)
    assert key is not None, "open_release accepts no other"
    return key


def _read_withdrawn(output: Path) -> dict[str, str]:
    path = output / RELEASES / _WITHDRAWN
    if not path.exists():
        return {}
    try:
        return {str(version): str(reason) for version, reason in json.loads(path.read_text("utf-8")).items()}
    except (OSError, ValueError, AttributeError) as error:
        raise ReleaseError(f"{path} is damaged ({error}): restore it, or delete it to withdraw nothing.") from error


def _next_version(output: Path, published: list[Release], today: date) -> str:
    """A version that nothing ever had: neither a release, nor a withdrawn one, nor anything else of that name."""
    day = max([today, *(_order(release)[0] for release in published)])
    numbers = [number for its_day, number in _taken(output).values() if its_day == day]
    return f"{day}.{max(numbers, default=0) + 1}"


def _taken(output: Path) -> dict[str, tuple[date, int]]:
    """Every version that something has or had, with its order."""
    names = [*_read_withdrawn(output), *(path.name for path in (output / RELEASES).iterdir())]
    return {name: key for name in names if (key := version_key(name))}


def _stage(candidate: Candidate, quality: Path, output: Path, title: str) -> Path:
    """A copy of the candidate and of what the gate found, with a title on its pages, where releases are made.

    Raises:
        ReleaseError: A table is not the one that was written, or `quality` is empty.
    """
    folder = output / _STAGING / candidate.content_hash[:16]
    folder.mkdir(parents=True)
    for name, file in candidate.files.items():
        source, copy = candidate.folder / f"{name}.parquet", folder / f"{name}.parquet"
        shutil.copyfile(source, copy)
        if file_hash(copy) != file.sha256:
            raise ReleaseError(f"{source} was altered since it was written: run again.")
    copy_tree(quality, folder / "quality")
    if not (folder / "quality").exists():
        raise ReleaseError(f"{quality} holds nothing: no release and no refusal without what the gate found.")
    entitle(folder / "quality", title)
    return folder


def _describe(
    folder: Path, candidate: Candidate, version: str, previous: Release | None, provenance: Provenance
) -> None:
    """Add the changes and, last, the manifest."""
    former, former_version = (previous.path, previous.version) if previous else (None, None)
    changes = compare(former, folder)
    tables = [(table, candidate.files[name]) for name, table in TABLES.items()]
    tables.append((CHANGES_TABLE, write_table(changes, CHANGES_TABLE, folder)))
    text = changes_markdown(changes, former, folder, version, former_version)
    (folder / "CHANGES.md").write_text(text, "utf-8")
    manifest = data_package(version, former_version, candidate.content_hash, tables, provenance, folder)
    (folder / MANIFEST).write_text(_pretty(manifest), "utf-8")


def _pretty(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"
