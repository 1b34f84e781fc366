"""Releases open, answer SQL without reaching beyond themselves, and show what was done to them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
from polars.testing import assert_frame_equal

import evpact
from evpact.errors import EvpactError, ReleaseError, UnknownVersionError
from evpact.release import MANIFEST, content_hash, file_hash, rows_hash
from evpact.tables import TABLES, Column
from tasks.publishing import Provenance, publish, write_candidate

VERSION = "2026-11-22.1"


def value(column: Column, number: int) -> Any:
    """A legal value, the same for a key and for what refers to it."""
    if column.vocabulary:
        return list(column.vocabulary)[number % len(column.vocabulary)]
    if column.name == "country" or column.name == "countries":
        return ["DE", "IN"] if column.is_list else "DE"
    by_type: dict[str, Any] = {
        "String": f"{(column.references or column.name).rpartition('.')[2]} {number}",
        "List": [f"{column.name} é {number}"],
        "Int64": number,
        "Float64": number / 7,
        "Boolean": number % 2 == 0,
        "Date": date(2026, 1, number),
    }
    return by_type[str(column.dtype.base_type())]


def tables(rows: int = 3) -> dict[str, pl.DataFrame]:
    """Every table with some rows of legal values."""
    return {
        name: pl.DataFrame(
            [{c.name: value(c, n) for c in table.columns} for n in range(1, rows + 1)], schema=table.schema
        )
        for name, table in TABLES.items()
    }


@pytest.fixture
def output(tmp_path: Path) -> Path:
    (tmp_path / "quality").mkdir()
    (tmp_path / "quality" / "verdict.json").write_text("{}")
    provenance = Provenance(datetime(2026, 11, 22, tzinfo=UTC), {"wire": "abc"}, "c0de", "c0ff", "passed")
    publish(write_candidate(tables(), tmp_path / "candidate"), tmp_path / "quality", tmp_path / "output", provenance)
    return tmp_path / "output"


@pytest.fixture
def folder(output: Path) -> Path:
    return output / "releases" / VERSION


def rewrite_manifest(folder: Path, change: Callable[[dict[str, Any]], Any]) -> None:
    manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
    change(manifest)
    (folder / MANIFEST).write_text(json.dumps(manifest))


def forge(folder: Path, name: str, frame: pl.DataFrame) -> None:
    """Put another table in place with a manifest that agrees to it, as a careless hand would."""
    path = folder / f"{name}.parquet"
    frame.write_parquet(path)

    def agree(manifest: dict[str, Any]) -> None:
        resource = next(r for r in manifest["resources"] if r["name"] == name)
        resource |= {
            "rows": frame.height,
            "bytes": path.stat().st_size,
            "hash": f"sha256:{file_hash(path)}",
            "rowsHash": rows_hash(frame),
        }
        hashes = {r["name"]: r["rowsHash"] for r in manifest["resources"] if r["name"] != "changes"}
        manifest["contentHash"] = content_hash(hashes)

    rewrite_manifest(folder, agree)


def test_what_was_published_comes_back(output: Path) -> None:
    release = evpact.open_release("latest", output)
    assert release.version == VERSION
    assert release.tables == tuple(TABLES)
    for name, frame in tables().items():
        assert_frame_equal(release.table(name).collect(), TABLES[name].conform(frame))
    assert release.changes().collect().height == 3 * len(TABLES)
    release.verify()


def test_the_index_tells_of_every_release(output: Path) -> None:
    (info,) = evpact.releases(output)
    assert info == evpact.open_release(VERSION, output).info
    assert (info.version, info.gate, info.rows["events"]) == (VERSION, "passed", 3)


def test_the_folder_may_be_named_by_the_environment(output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EVPACT_OUTPUT", str(output))
    assert evpact.open_release().path == output / "releases" / VERSION
    assert len(evpact.releases()) == 1
    assert evpact.query("select count(*) n from events").item() == 3


def test_other_tools_read_the_files_by_path_alone(output: Path) -> None:
    path = output / "latest" / "articles.parquet"
    pandas = pytest.importorskip("pandas")
    assert pandas.read_parquet(path)["authors"][0].tolist() == ["authors é 1"]
    with duckdb.connect() as database:
        rows = database.execute(f"select authors[1] from '{path}' order by article_id").fetchall()
    assert rows[0] == ("authors é 1",)


def test_a_partnership_is_traced_to_sentences_and_articles(output: Path) -> None:
    trace = evpact.open_release(output=output).trace("partnership_id 2")
    assert trace.row(0, named=True) == {
        "reported": date(2026, 1, 2),
        "status": "announced",
        "evidence": "evidence 2",
        "title": "title 2",
        "publisher": "publisher 2",
        "url": "url 2",
        "event_id": "event_id 2",
        "article_id": "article_id 2",
    }


def test_before_the_first_release_people_are_told_how_to_make_one(tmp_path: Path) -> None:
    assert evpact.releases(tmp_path) == []
    with pytest.raises(ReleaseError, match="evpact run"):
        evpact.open_release(output=tmp_path)


@pytest.mark.parametrize("version", ["2026-11-22.2", "../x", f"../releases/{VERSION}", "", ".", "2026-13-40.1", "/etc"])
def test_an_unknown_version_is_refused_with_those_there_are(output: Path, version: str) -> None:
    (output / "x").mkdir()
    with pytest.raises(UnknownVersionError, match=VERSION):
        evpact.open_release(version, output)


def test_an_unknown_table_is_refused_with_those_there_are(output: Path) -> None:
    with pytest.raises(ReleaseError, match="partnership_history"):
        evpact.open_release(output=output).table("partners")


@pytest.mark.parametrize(
    ("damage", "named"),
    [
        (lambda f: (f / MANIFEST).unlink(), MANIFEST),
        (lambda f: (f / MANIFEST).write_bytes(b"\xff"), MANIFEST),
        (lambda f: (f / MANIFEST).write_text("[" * 100_000), MANIFEST),
        (lambda f: (f / MANIFEST).write_text("[1]"), MANIFEST),
        (lambda f: rewrite_manifest(f, lambda m: m.pop("contentHash")), MANIFEST),
        (lambda f: rewrite_manifest(f, lambda m: m.update(resources=None)), MANIFEST),
        (lambda f: rewrite_manifest(f, lambda m: m["resources"][0].update(path="../../x")), MANIFEST),
        (lambda f: rewrite_manifest(f, lambda m: m.update(version="2026-11-22.7")), MANIFEST),
        (lambda f: (f / "events.parquet").unlink(), "events.parquet"),
        (lambda f: (f / "events.parquet").write_bytes(b"PAR1"), "events.parquet"),
    ],
    ids=[
        "no manifest",
        "not UTF-8",
        "endless JSON",
        "other JSON",
        "entry missing",
        "entry of another type",
        "path that leads out",
        "another version",
        "no table",
        "table cut off",
    ],
)
def test_an_incomplete_release_does_not_open(folder: Path, damage: Callable[[Path], Any], named: str) -> None:
    damage(folder)
    with pytest.raises(ReleaseError, match=named):
        evpact.open_release(VERSION, folder.parent.parent)


def test_a_damaged_index_is_named(output: Path) -> None:
    (output / "releases" / "index.json").write_text('[{"version": 1}]')
    with pytest.raises(ReleaseError, match=r"index\.json"):
        evpact.releases(output)


@pytest.mark.parametrize("name", ["events.parquet", "changes.parquet", "CHANGES.md", "quality/verdict.json"])
def test_one_flipped_bit_in_any_file_is_found(folder: Path, name: str) -> None:
    content = bytearray((folder / name).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / name).write_bytes(content)
    with pytest.raises(ReleaseError, match=name):
        evpact.open_release(VERSION, folder.parent.parent).verify()


@pytest.mark.parametrize(
    ("table", "forged", "fault"),
    [
        ("articles", lambda f: f.with_columns(words=pl.col("words").cast(pl.Int32)), "columns and types"),
        ("events", lambda f: pl.concat([f, f]), "same event_id"),
        ("events", lambda f: f.with_columns(status=pl.lit("done")), "status .* vocabulary"),
        ("events", lambda f: f.with_columns(evidence=pl.lit(None, pl.String)), "evidence has empty"),
        ("events", lambda f: f.with_columns(confidence=pl.lit(1.5)), "confidence .* over 1"),
        ("events", lambda f: f.with_columns(countries=pl.lit(["Germany"])), "countries .* form"),
        ("organizations", lambda f: f.with_columns(parent_id=pl.lit("nobody")), "nobody.* not in organizations"),
        ("people", lambda f: f.head(1), r"quotes\.parquet: .* not in people"),
    ],
    ids=["type", "key", "word", "empty value", "range", "code", "reference to itself", "reference"],
)
def test_a_table_that_breaks_its_own_description_is_found_even_if_all_digests_agree(
    folder: Path, table: str, forged: Callable[[pl.DataFrame], pl.DataFrame], fault: str
) -> None:
    if fault == "columns and types":
        frame = forged(pl.read_parquet(folder / f"{table}.parquet"))
        frame.write_parquet(folder / f"{table}.parquet")
        path = folder / f"{table}.parquet"
        facts = {"bytes": path.stat().st_size, "hash": f"sha256:{file_hash(path)}"}
        rewrite_manifest(folder, lambda m: m["resources"][0].update(facts))
    else:
        forge(folder, table, forged(pl.read_parquet(folder / f"{table}.parquet")))
    with pytest.raises(ReleaseError, match=fault):
        evpact.open_release(VERSION, folder.parent.parent).verify()


def test_an_opened_release_stays_the_same_when_latest_moves_on(output: Path) -> None:
    release = evpact.open_release(output=output)
    (output / "latest").unlink()
    assert release.table("events").collect().height == 3


def test_a_copy_of_a_release_without_links_opens_too(output: Path, tmp_path: Path) -> None:
    (tmp_path / "copy").mkdir()
    (output / "releases" / VERSION).rename(tmp_path / "copy" / "latest")
    assert evpact.open_release(output=tmp_path / "copy").version == VERSION


def test_a_link_that_leads_nowhere_is_named(output: Path) -> None:
    (output / "releases" / VERSION).rename(output / "away")
    with pytest.raises(ReleaseError, match="latest leads nowhere"):
        evpact.open_release(output=output)


@pytest.mark.parametrize("name", [*TABLES, "changes"])
def test_every_table_is_a_view(output: Path, name: str) -> None:
    expected = 3 * len(TABLES) if name == "changes" else 3
    assert evpact.query(f"select count(*) from {name}", output=output).item() == expected


def test_lists_and_dates_come_out_of_sql_as_they_are(output: Path) -> None:
    frame = evpact.query("select countries, published from events join articles using (article_id)", output=output)
    assert frame.schema == {"countries": pl.List(pl.String()), "published": pl.Date()}


@pytest.mark.parametrize(
    "sql",
    [
        "from read_text('{secret}')",
        "from '{secret}'",
        "from read_csv('{secret}')",
        "from glob('{parent}/*')",
        "from '{table}'",
        "copy events to '{secret}'",
        "copy events to '{table}' (use_tmp_file false)",
        "attach '{parent}/other.db'",
        "export database '{parent}/export'",
        "install httpfs",
        "from 'https://example.org/x.parquet'",
        "set enable_external_access = true",
        "set threads = 1; select 1",
        "select getenv('HOME')",
    ],
)
def test_sql_reaches_nothing_but_the_tables(output: Path, tmp_path: Path, sql: str) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("a,b\n1,2\n")
    before = {p: p.stat().st_mtime_ns for p in tmp_path.rglob("*")}
    table = output / "releases" / VERSION / "events.parquet"
    with pytest.raises(EvpactError):
        evpact.query(sql.format(secret=secret, parent=tmp_path, table=table), output=output)
    assert {p: p.stat().st_mtime_ns for p in tmp_path.rglob("*")} == before
    evpact.open_release(output=output).verify()


def test_a_query_may_change_nothing_that_the_next_one_sees(output: Path) -> None:
    evpact.query("create or replace view events as select 1 as event_id; from events", output=output)
    assert evpact.query("select count(*) from events", output=output).item() == 3


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("selec 1", "syntax error"),
        (
            "from partners",
            "partners does not exist(.|\n)*partnership_history, partnership_quantities, redirects, changes",
        ),
        ("select nothing from events", "nothing"),
        ("select 1 as a, 2 as a", "more than once"),
        ("", "no rows"),
    ],
    ids=["syntax", "table", "column", "column twice", "empty"],
)
def test_wrong_sql_is_explained(output: Path, sql: str, message: str) -> None:
    with pytest.raises(EvpactError, match=message):
        evpact.query(sql, output=output)


def test_reading_costs_polars_alone() -> None:
    heavy = ["duckdb", "great_expectations", "pandas", "prefect", "pyarrow", "pydantic", "spacy"]
    code = f"import sys, evpact; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
