"""Arguments are proven before anything is started: a mistake in one is told at once, with exit code 2."""

from __future__ import annotations

import os
from pathlib import Path

from evpact.errors import ConfigurationError


class ArgumentError(ConfigurationError):
    """An argument of a command is wrong."""


def check_run(sources: Path, output: Path, reference: Path, extractor: str) -> None:
    """Prove that a run could begin with these arguments.

    Raises:
        ArgumentError: One of them names nothing that can be used.
        ConfigurationError: The file of sources is there, but wrong.
    """
    check_sources(sources)
    check_extraction(reference, extractor)
    # Of a folder that one may not enter nothing can be asked, not even by `Path.exists`.
    there = next(path for path in (output, *output.absolute().parents) if os.access(path, os.F_OK))
    if not there.is_dir():
        raise ArgumentError(f"--output {output}: {there} is a file. Name a folder; it is made if it is not there.")
    if not os.access(there, os.W_OK | os.X_OK):
        raise ArgumentError(f"--output {output}: {there} cannot be written to. Name another folder.")
    from tasks.ingestion.sources import load_sources

    load_sources(sources)


def check_sources(sources: Path) -> None:
    """Prove that there is such a file of sources.

    Raises:
        ArgumentError: There is none.
    """
    if not sources.is_file():
        what = "is a folder" if sources.is_dir() else "does not exist"
        raise ArgumentError(f"--sources {sources} {what}: name a TOML file like seeds/sources.toml.")


def check_extraction(reference: Path, extractor: str) -> None:
    """Prove that articles could be extracted with these arguments.

    Raises:
        ArgumentError: One of them names nothing that can be used.
    """
    from tasks.extraction import EXTRACTORS

    if extractor not in EXTRACTORS:
        raise ArgumentError(f"There is no extractor {extractor!r}. Choose one of: {', '.join(EXTRACTORS)}.")
    check_reference(reference)


def check_reference(reference: Path) -> None:
    """Prove that there is such a folder of reference tables.

    Raises:
        ArgumentError: There is none.
    """
    if not (reference / "organizations.csv").is_file():
        what = "is not a folder of reference tables" if reference.is_dir() else "is not a folder"
        raise ArgumentError(
            f"--reference {reference} {what}: it has no organizations.csv. Start with a copy of seeds/reference."
        )
