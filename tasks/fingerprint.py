"""Versions that cannot be forgotten: a digest of the code and data that a derived result depends on."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

from evpact.ids import digest


@cache
def fingerprint(code: Path, *more: str, packages: tuple[str, ...] = ()) -> str:
    """Digest of all Python files under a folder, of further texts, and of the versions of packages it builds on."""
    sources = [hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(code.rglob("*.py"))]
    return digest(*sources, *more, *(f"{name}=={version(name)}" for name in packages))
