"""A release appears as a whole or not at all, is never overwritten, and can be withdrawn."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from evpact import open_release, releases
from evpact.errors import ReleaseError, StateError, UnknownVersionError
from tasks.publishing import disk, publication, quarantine, repair, rollback
from tests.publishing.worlds import House, world

ONE, TWO, THREE = "2026-11-22.1", "2026-11-22.2", "2026-11-22.3"
FIRST, SECOND, THIRD = world(), world(status="agreed"), world(with_catl=True)


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def versions(output: Path) -> list[str]:
    return [info.version for info in releases(output)]


def test_a_release_is_laid_out_as_promised(house: House) -> None:
    outcome = house.publish(FIRST)
    assert outcome.release is not None
    assert outcome.release.version == ONE
    folder = house.output / "releases" / ONE
    assert {p.name for p in folder.iterdir() if p.suffix != ".parquet"} == {"datapackage.json", "CHANGES.md", "quality"}
    assert (house.output / "latest").readlink() == Path("releases") / ONE
    assert {p.name for p in house.output.iterdir() if not p.name.startswith(".")} == {"releases", "latest"}
    open_release(output=house.output).verify()


def test_each_release_follows_the_one_before(house: House) -> None:
    for tables, day in ((FIRST, 22), (SECOND, 22), (THIRD, 23)):
        house.publish(tables, day)
    assert [(info.version, info.previous) for info in releases(house.output)] == [
        ("2026-11-23.1", TWO),
        (TWO, ONE),
        (ONE, None),
    ]
    assert open_release(output=house.output).version == "2026-11-23.1"
    assert "Changes since 2026-11-22.2." in (house.output / "latest" / "CHANGES.md").read_text()


def test_tables_that_equal_the_latest_release_publish_nothing(house: House) -> None:
    house.publish(FIRST)
    again = house.publish(FIRST, day=23)
    assert again.release is None
    assert ONE in again.message
    assert versions(house.output) == [ONE]


def test_a_clock_that_went_back_does_not_put_the_new_release_behind_the_old(house: House) -> None:
    house.publish(FIRST, day=23)
    house.publish(SECOND, day=22)
    assert open_release(output=house.output).version == "2026-11-23.2"


@pytest.mark.parametrize("make", [Path.mkdir, Path.touch], ids=["empty folder", "file"])
def test_what_already_has_the_version_is_left_alone(house: House, make: Callable[..., Any]) -> None:
    (house.output / "releases").mkdir(parents=True)
    taken = house.output / "releases" / ONE
    make(taken)
    before = taken.stat().st_ino
    outcome = house.publish(FIRST)
    assert outcome.release is not None
    assert outcome.release.version == TWO
    assert taken.stat().st_ino == before
    assert versions(house.output) == [TWO]


@pytest.mark.parametrize("content", [(), ("kept",)], ids=["empty", "full"])
def test_moving_into_place_never_overwrites(tmp_path: Path, content: tuple[str, ...]) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    source.mkdir()
    target.mkdir()
    for name in content:
        (target / name).touch()
    with pytest.raises(FileExistsError):
        disk.move(source, target)
    assert sorted(p.name for p in target.iterdir()) == sorted(content)


@pytest.mark.parametrize(
    ("step", "call", "committed"),
    [
        ("copy_tree", 1, False),
        ("compare", 1, False),
        ("data_package", 1, False),
        ("move", 1, False),
        ("write_whole", 2, True),
        ("point", 2, True),
    ],
)
def test_a_crash_at_any_step_leaves_the_former_state_and_is_mended_by_the_next_run(
    house: House, monkeypatch: pytest.MonkeyPatch, step: str, call: int, committed: bool
) -> None:
    house.publish(FIRST)
    original, calls = getattr(publication, step), 0

    def crash(*arguments: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == call:
            raise KeyboardInterrupt
        return original(*arguments)

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(publication, step, crash)
        house.publish(SECOND)
    assert open_release(output=house.output).version == ONE
    for version in versions(house.output):
        open_release(version, house.output).verify()

    assert (house.publish(SECOND).release is None) == committed
    assert open_release(output=house.output).version == TWO
    assert versions(house.output) == [TWO, ONE]
    assert open_release(output=house.output).info.previous == ONE
    assert not (house.output / ".publishing").exists()


def test_what_a_killed_process_left_is_cleaned_up(house: House) -> None:
    house.publish(FIRST)
    (house.output / ".publishing" / house.candidate(SECOND).content_hash[:16] / "quality").mkdir(parents=True)
    (house.output / ".latest.new").symlink_to("nowhere")
    (house.output / "releases" / ".index.json.new").write_text("[{")
    house.publish(SECOND)
    assert {p.name for p in house.output.iterdir()} - {".publishing.lock"} == {"releases", "latest"}
    assert {p.name for p in (house.output / "releases").iterdir()} == {ONE, TWO, "index.json"}


@pytest.mark.parametrize("damage", [Path.unlink, lambda path: path.write_text("[{")], ids=["lost", "damaged"])
def test_the_index_is_rebuilt_from_the_releases(house: House, damage: Callable[[Path], None]) -> None:
    for tables in (FIRST, SECOND, THIRD):
        house.publish(tables)
    rollback(house.output, ONE, "wrong")
    before = releases(house.output)
    damage(house.output / "releases" / "index.json")
    (house.output / "latest").unlink()
    latest = repair(house.output)
    assert releases(house.output) == before
    assert latest is not None
    assert latest.version == ONE
    assert open_release(output=house.output).version == ONE


def test_an_incomplete_release_is_passed_over(house: House) -> None:
    house.publish(FIRST)
    house.publish(SECOND)
    (house.output / "releases" / TWO / "events.parquet").unlink()
    outcome = house.publish(THIRD)
    assert outcome.release is not None
    assert outcome.release.version == THREE
    assert outcome.release.info.previous == ONE
    assert versions(house.output) == [THREE, ONE]


def test_without_symbolic_links_latest_is_a_file_that_names_the_release(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise OSError("no symbolic links here")

    monkeypatch.setattr(Path, "symlink_to", refused)
    house.publish(FIRST)
    house.publish(SECOND)
    assert (house.output / "latest").read_text() == f"releases/{TWO}\n"
    assert open_release(output=house.output).version == TWO


def test_tables_altered_after_the_gate_saw_them_are_not_published(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    altered = house.candidate(FIRST).folder / "events.parquet"
    stage = publication._stage

    def tampered(*arguments: Any) -> Path:
        altered.write_bytes(b"PAR1")
        return stage(*arguments)

    monkeypatch.setattr(publication, "_stage", tampered)
    with pytest.raises(ReleaseError, match=r"events\.parquet was altered"):
        house.publish(FIRST)
    assert versions(house.output) == []
    assert not (house.output / "latest").exists()


def test_a_second_run_that_publishes_is_told_to_wait(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.publish(FIRST)
    monkeypatch.setattr(publication, "_PATIENCE", 0)
    with FileLock(house.output / ".publishing.lock"), pytest.raises(StateError, match="Another run"):
        house.publish(SECOND)


def test_a_refused_candidate_lies_in_quarantine_and_latest_stays(house: House) -> None:
    house.publish(FIRST)
    refused = house.candidate(SECOND)
    folder = quarantine(refused, house.quality, house.output)
    assert folder.parent == house.output / "quarantine"
    assert {p.name for p in folder.iterdir()} == {*(f"{name}.parquet" for name in SECOND), "quality"}
    (house.quality / "verdict.json").write_text('{"again": true}')
    assert quarantine(refused, house.quality, house.output) == folder
    assert json.loads((folder / "quality" / "verdict.json").read_text()) == {"again": True}
    assert open_release(output=house.output).version == ONE
    assert versions(house.output) == [ONE]


def test_rolling_back_withdraws_newer_releases_and_never_reuses_their_numbers(house: House) -> None:
    for tables in (FIRST, SECOND):
        house.publish(tables)
    assert rollback(house.output, ONE, "a parser went wrong").version == ONE
    assert open_release(output=house.output).version == ONE
    assert {info.version: info.withdrawn for info in releases(house.output)} == {TWO: "a parser went wrong", ONE: None}
    open_release(TWO, house.output).verify()
    house.publish(THIRD)
    latest = open_release(output=house.output)
    assert (latest.version, latest.info.previous) == (THREE, ONE)


def test_withdrawn_content_is_not_published_again_until_somebody_brings_it_back(house: House) -> None:
    for tables in (FIRST, SECOND):
        house.publish(tables)
    rollback(house.output, ONE)
    again = house.publish(SECOND)
    assert again.release is None
    assert f"evpact rollback {TWO}" in again.message
    rollback(house.output, TWO)
    assert open_release(output=house.output).version == TWO
    assert all(info.withdrawn is None for info in releases(house.output))


@pytest.mark.parametrize("version", ["2026-11-22.9", "../x", "latest", ""])
def test_rolling_back_to_an_unknown_version_changes_nothing(house: House, version: str) -> None:
    house.publish(FIRST)
    before = releases(house.output)
    with pytest.raises(UnknownVersionError):
        rollback(house.output, version)
    assert releases(house.output) == before


def test_rolling_back_to_a_damaged_release_changes_nothing(house: House) -> None:
    for tables in (FIRST, SECOND):
        house.publish(tables)
    path = house.output / "releases" / ONE / "quality" / "verdict.json"
    path.write_text("[]")
    with pytest.raises(ReleaseError, match=r"verdict\.json"):
        rollback(house.output, ONE)
    assert open_release(output=house.output).version == TWO


def test_without_the_findings_of_the_gate_nothing_is_published(house: House) -> None:
    shutil.rmtree(house.quality)
    with pytest.raises(ReleaseError, match="quality holds nothing"):
        house.publish(FIRST)
    assert versions(house.output) == []


def test_withdrawals_that_cannot_be_read_stop_the_run_rather_than_be_forgotten(house: House) -> None:
    for tables in (FIRST, SECOND):
        house.publish(tables)
    rollback(house.output, ONE)
    (house.output / "releases" / "withdrawn.json").write_text("[]")
    with pytest.raises(ReleaseError, match=r"withdrawn\.json"):
        house.publish(THIRD)
    assert open_release(output=house.output).version == ONE


def test_a_folder_in_the_place_of_latest_is_named_with_the_way_out(house: House) -> None:
    (house.output / "latest" / "mine").mkdir(parents=True)
    with pytest.raises(ReleaseError, match="latest cannot be swapped"):
        house.publish(FIRST)
    (house.output / "latest" / "mine").rmdir()
    (house.output / "latest").rmdir()
    assert house.publish(FIRST).release is None
    assert open_release(output=house.output).version == ONE
