"""How much memory a process has used."""

from __future__ import annotations

import resource
import sys


def peak(who: int = resource.RUSAGE_SELF) -> int:
    """Largest memory so far, in bytes: of this process, or of the largest one that it started (`RUSAGE_CHILDREN`)."""
    used = resource.getrusage(who).ru_maxrss
    return used if sys.platform == "darwin" else used * 1024
