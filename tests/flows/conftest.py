"""Prefect's test server, started once and for the tests of flows alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from evpact.settings import PROJECT

ARTICLES = PROJECT / "seeds" / "articles"


@pytest.fixture(scope="session")
def prefect_server() -> Iterator[None]:
    """A temporary Prefect server; the heartbeat is off, which saves a second of every run."""
    from flows import prefect_defaults

    prefect_defaults.apply(quiet=True)
    from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings
    from prefect.testing.utilities import prefect_test_harness

    with (
        prefect_test_harness(server_startup_timeout=120),
        temporary_settings(updates={PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}),
    ):
        yield


def write_sources(folder: Path, articles: dict[str, str]) -> Path:
    """A sources file for a folder of copies of bundled articles: name of the copy by name of the article."""
    (folder / "news").mkdir(parents=True)
    for name, copy in articles.items():
        target = folder / "news" / copy
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes((ARTICLES / name).read_bytes())
    sources = folder / "sources.toml"
    sources.write_text('[[source]]\nname = "sample"\nkind = "files"\npaths = ["news"]\n')
    return sources
