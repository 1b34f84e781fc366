"""The whole DAG on a few bundled articles: what it publishes, when it publishes nothing, when it refuses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest

import evpact
from evpact.errors import EvpactError, StateError
from evpact.tables import TABLES
from flows.outcome import Outcome, exclusive
from tests.flows.conftest import write_sources

pytestmark = [pytest.mark.usefixtures("prefect_server"), pytest.mark.xdist_group("prefect")]

FEW = ("a01-nissan-sunderland-chinese-carmakers.txt", "a08-renault-landlord-column.txt", "b09.html", "b23.html")


def run(sources: Path, output: Path, **more: Any) -> Outcome:
    from flows.pipeline import evpact as flow

    state = flow(sources=sources, output=output, processes=1, return_state=True, **more)
    outcome: Any = state.result(raise_on_failure=False)
    if isinstance(outcome, BaseException):
        raise outcome
    assert isinstance(outcome, Outcome)
    return outcome


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Outcome]:
    """Sources, output and outcome of a first run."""
    folder = tmp_path_factory.mktemp("published")
    sources = write_sources(folder, {name: name for name in FEW})
    return sources, folder / "output", run(sources, folder / "output")


def test_a_first_run_publishes_a_whole_release(published: tuple[Path, Path, Outcome]) -> None:
    _, output, outcome = published
    assert outcome.result == "published"
    release = evpact.open_release("latest", output)
    release.verify()
    assert release.version == outcome.version
    assert release.table("articles").select("source", "title").collect().height == len(FEW)
    named = pl.col("name").str.starts_with("Mitsubishi Motors and Nissan:")
    told = release.table("partnerships").filter(named).collect()
    assert told["status"].to_list() == ["active"]
    evidence = release.trace(told["partnership_id"].item())["evidence"].item()
    assert "for instance with Mitsubishi in North America" in evidence
    assert (release.path / "quality" / "index.html").exists()
    assert (release.path / "CHANGES.md").read_text("utf-8")


def test_people_are_one_whatever_they_are_addressed_with(tmp_path: Path) -> None:
    news = tmp_path / "news"
    news.mkdir()
    (news / "first.txt").write_text(
        "Kestrel Motors to get electric bus batteries from CATL\n\n"
        "Kestrel Motors has signed a contract with CATL for batteries for its electric buses. The vehicles will be "
        "built in Kano from 2027.\n\n"
        "“The batteries will last ten years,” said Dr. Amina Bello, chief executive of Kestrel Motors.\n",
        "utf-8",
    )
    (news / "second.txt").write_text(
        "Electric bus maker opens works\n\n"
        "Kestrel Motors opened its electric bus plant in Kano on Monday. Batteries come from CATL.\n\n"
        "“We are proud of the electric buses,” said Amina Bello, chief executive of Kestrel Motors.\n",
        "utf-8",
    )
    sources = tmp_path / "sources.toml"
    sources.write_text('[[source]]\nname = "news"\nkind = "files"\npath = "news"\n', "utf-8")
    assert run(sources, tmp_path / "output").result == "published"
    people = evpact.open_release("latest", tmp_path / "output").table("people").collect()
    assert people["name"].to_list() == ["Amina Bello"]


def test_a_run_that_changes_nothing_works_nothing_out_and_publishes_nothing(
    published: tuple[Path, Path, Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    sources, output, first = published
    with monkeypatch.context() as patch:
        patch.setattr("flows.stages.extract", None)
        again = run(sources, output)
    assert (again.result, again.version) == ("unchanged", first.version)
    assert [info.version for info in evpact.releases(output)] == [first.version]
    monkeypatch.setattr("flows.comparison.fingerprint", lambda folder: "another rule")
    assert run(sources, output).message == f"Nothing new: the tables equal release {first.version}."


def test_names_order_and_lost_state_of_the_inputs_leave_no_trace(
    published: tuple[Path, Path, Outcome], tmp_path: Path
) -> None:
    _, output, _ = published
    copies = {name: f"{number}/{len(FEW) - number}{Path(name).suffix}" for number, name in enumerate(FEW)}
    run(write_sources(tmp_path, copies), tmp_path / "output")
    for name in TABLES:
        one, other = (folder / "latest" / f"{name}.parquet" for folder in (output, tmp_path / "output"))
        assert one.read_bytes() == other.read_bytes(), name


def test_a_release_that_lost_most_of_the_last_one_is_refused_unless_a_person_says_why(
    published: tuple[Path, Path, Outcome], tmp_path: Path
) -> None:
    sources = write_sources(tmp_path, {name: name for name in FEW})
    output = tmp_path / "output"
    first = run(sources, output)
    for name in FEW[:3]:
        (tmp_path / "news" / name).unlink()
    refused = run(sources, output)
    assert refused.result == "refused"
    assert evpact.open_release("latest", output).version == first.version
    said, *where = refused.message.splitlines()
    assert said.startswith("Refused by the gate: ")
    report, pages = (Path(line.partition(":")[2].strip()) for line in where)
    assert "articles" in report.read_text("utf-8")
    assert "articles" in pages.read_text("utf-8")
    assert refused.path.parent.name == "quarantine"
    accepted = run(sources, output, accept_loss="Three sources were taken out")
    assert accepted.result == "published"
    release = evpact.open_release("latest", output)
    assert release.manifest["acceptedLoss"] == "Three sources were taken out"
    assert "Three sources were taken out" in (release.path / "quality" / "REPORT.md").read_text("utf-8")


def test_sources_that_deliver_nothing_stop_the_run_before_anything_is_written(tmp_path: Path) -> None:
    sources = tmp_path / "sources.toml"
    sources.write_text('[[source]]\nname = "x"\nkind = "files"\npaths = ["nowhere"]\n')
    with pytest.raises(EvpactError, match="nowhere"):
        run(sources, tmp_path / "output")
    assert not (tmp_path / "output" / "releases").exists()


def test_a_second_run_on_the_same_output_is_turned_away(tmp_path: Path) -> None:
    with exclusive(tmp_path), pytest.raises(StateError, match="Another run"), exclusive(tmp_path):
        pass
