"""What a run is given, what it gives back, and how it keeps other runs out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from filelock import FileLock, Timeout

from evpact.errors import ConfigurationError, StateError


def state_file(output: Path) -> Path:
    """File of the working state in a folder of releases."""
    return output / "state" / "evpact.duckdb"


@dataclass(frozen=True)
class Settings:
    """The parameters of a run, as `flows.pipeline.evpact` has them, and the moment it started (UTC)."""

    sources: Path
    output: Path
    reference: Path
    extractor: str
    processes: int
    accept_loss: str | None
    started: datetime

    @property
    def state(self) -> Path:
        """File of the working state."""
        return state_file(self.output)

    @property
    def made(self) -> Path:
        """File that remembers what the latest release was made from."""
        return self.state.with_name("made.json")

    @property
    def staging(self) -> Path:
        """Folder of candidates that no consumer looks into."""
        return self.output / "staging"


@dataclass(frozen=True)
class Outcome:
    """How a run ended.

    Attributes:
        result: Whether a release was published, nothing had changed, or the gate refused the candidate.
        message: The same for people: a sentence, and below it where to read on if there is anything to mend.
        version: The release that is latest after the run, if any.
        path: Folder of the release, or of the quarantined candidate.
    """

    result: Literal["published", "unchanged", "refused"]
    message: str
    version: str | None
    path: Path


@contextmanager
def exclusive(output: Path) -> Iterator[None]:
    """Hold the output folder for one run, on top of whatever limits a Prefect server enforces.

    Raises:
        StateError: Another run holds it.
        ConfigurationError: The folder cannot be made or written to.
    """
    try:
        output.mkdir(parents=True, exist_ok=True)
        lock = FileLock(output / ".lock")
        lock.acquire(timeout=0)
    except Timeout as error:
        raise StateError(
            f"Another run is writing to {output}: wait until it ends, or choose another --output."
        ) from error
    except OSError as error:
        raise ConfigurationError(f"Cannot write to {output}: {error.strerror}. Choose another --output.") from error
    try:
        yield
    finally:
        lock.release()
