"""The same rows give the same files, in whatever order and pieces they come."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from evpact.tables import TABLES
from tasks.publishing import write_candidate
from tests.publishing.worlds import world


def test_shuffled_rows_columns_and_chunks_give_the_same_bytes(tmp_path: Path) -> None:
    tables = world(with_catl=True)
    shuffled = {
        name: pl.concat([frame[i : i + 1] for i in reversed(range(frame.height))] or [frame], rechunk=False).select(
            reversed(frame.columns)
        )
        for name, frame in tables.items()
    }
    one, two = write_candidate(tables, tmp_path / "one"), write_candidate(shuffled, tmp_path / "two")
    assert one.files == two.files
    for name in TABLES:
        assert (one.folder / f"{name}.parquet").read_bytes() == (two.folder / f"{name}.parquet").read_bytes()


def test_one_other_value_gives_another_content_hash(tmp_path: Path) -> None:
    one = write_candidate(world(), tmp_path / "one")
    two = write_candidate(world(status="agreed"), tmp_path / "two")
    assert one.content_hash != two.content_hash
    assert {name for name in TABLES if one.files[name] != two.files[name]} == {
        "events",
        "partnerships",
        "partnership_history",
    }


def test_the_digest_of_the_rows_is_reckoned_as_documented(tmp_path: Path) -> None:
    import hashlib

    tables = world()
    tables["partnership_parties"] = tables["partnership_parties"].with_columns(role=pl.lit("débit"))
    text = '["partnership_id:string","org_id:string","role:string"],["p1","ford","débit"],["p1","geely","débit"]'
    written = write_candidate(tables, tmp_path)
    assert written.files["partnership_parties"].rows_hash == hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize("dates", ["no day", "2026-02-03"], ids=["not a date", "a date as text"])
def test_a_value_that_does_not_fit_its_type_is_refused(tmp_path: Path, dates: str) -> None:
    tables = world()
    tables["articles"] = tables["articles"].with_columns(words=pl.lit(dates))
    with pytest.raises(pl.exceptions.PolarsError):
        write_candidate(tables, tmp_path)
