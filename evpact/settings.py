"""Where things are, unless a person says otherwise."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

PROJECT: Final = Path(__file__).resolve().parent.parent
"""The folder that holds the packages and `seeds/`: the checkout, or site-packages of an installed wheel."""

SOURCES: Final = PROJECT / "seeds" / "sources.toml"
REFERENCE: Final = PROJECT / "seeds" / "reference"
EXTRACTOR: Final = "rules"


def default_output() -> Path:
    """The folder of releases: the environment variable `EVPACT_OUTPUT`, or `output` in the current folder."""
    return Path(os.environ.get("EVPACT_OUTPUT") or "output")


def default_processes() -> int:
    """Processes for work on the CPU: one for each core this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
