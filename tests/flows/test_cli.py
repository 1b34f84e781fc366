"""The command line: what each command shows, and that a person's mistake gets a message and no traceback."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from evpact.settings import PROJECT
from flows.cli import main
from flows.outcome import state_file
from tasks.ingestion.intake import take_in
from tasks.ingestion.memory import Memory
from tasks.ingestion.sources import load_sources
from tasks.ingestion.web import Web
from tasks.state import State
from tests.publishing.worlds import House, world

Run = Callable[..., tuple[int, str, str]]

COMMANDS = (
    "run",
    "ingest",
    "extract",
    "sources",
    "schedule",
    "releases",
    "show",
    "diff",
    "verify",
    "rollback",
    "query",
)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Runs a command; gives its exit code and what it printed, with line breaks of the terminal's width folded."""

    def call(*arguments: str | Path) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["evpact", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capfd.readouterr()
        return int(ended.value.code or 0), out, " ".join(err.split())

    return call


@pytest.fixture
def house(tmp_path: Path) -> House:
    """Two releases: Ford and Geely talk, then agree."""
    house = House(tmp_path)
    house.publish(world(), day=22)
    house.publish(world("agreed", with_catl=True), day=23)
    return house


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(run: Run, command: str) -> None:
    code, out, _ = run(command, "--help")
    assert code == 0
    assert f"evpact {command}" in out


def test_help_answers_without_the_heavy_libraries() -> None:
    code = "import sys, flows.cli; print([m for m in ('prefect', 'great_expectations', 'spacy') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.fixture
def two_sources(tmp_path: Path) -> Path:
    """A source of one article and one of a site that is not there."""
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "a.txt").write_text(
        "Two carmakers agree\n\n" + "They will build batteries together. " * 9, "utf-8"
    )
    (tmp_path / "sources.toml").write_text(
        '[[source]]\nname = "shelf"\nkind = "files"\npath = "news"\n'
        '[[source]]\nname = "dead"\nkind = "feed"\nurl = "http://127.0.0.1:9/feed"\n',
        "utf-8",
    )
    return tmp_path / "sources.toml"


def test_sources_are_tried_without_storing_anything(run: Run, two_sources: Path, tmp_path: Path) -> None:
    code, out, _ = run("sources", "check", "--sources", two_sources)
    assert code == 1, "one cannot be read"
    assert "Two carmakers agree" in out
    assert "allow_private = true" in " ".join(out.split())
    code, out, _ = run("sources", "check", "shelf", "--sources", two_sources, "--jsonl")
    assert (code, json.loads(out)["items"][0]["title"]) == (0, "Two carmakers agree")
    assert {path.name for path in tmp_path.iterdir()} == {"news", "sources.toml"}


def test_sources_say_what_came_and_since_when_one_fails(run: Run, two_sources: Path, tmp_path: Path) -> None:
    with State(state_file(tmp_path)) as state, Web() as web:
        memory = Memory(state.database, datetime(2026, 3, 2, 6, tzinfo=UTC))
        for source in load_sources(two_sources):
            take_in(source, state, memory, web)
    _, out, _ = run("sources", "--sources", two_sources, "--output", tmp_path)
    assert "dead fails since 2026-03-02 06:00; never read without fault." in out
    _, out, _ = run("sources", "--sources", two_sources, "--output", tmp_path, "--jsonl")
    shelf, dead = map(json.loads, out.splitlines())
    assert (shelf["new"], shelf["failure"]) == (1, None)
    assert "not on the public internet" in dead["failure"]


def test_releases_are_listed_newest_first(run: Run, house: House) -> None:
    code, out, _ = run("releases", "--output", house.output)
    assert code == 0
    assert out.index("2026-11-23.1") < out.index("2026-11-22.1")


def test_no_version_is_cut_however_long_the_reason_of_its_withdrawal(run: Run, house: House) -> None:
    reason = "the second source was found to be wrong, and nobody noticed for a day"
    run("rollback", "2026-11-22.1", "--reason", reason, "--output", house.output)
    _, out, _ = run("releases", "--output", house.output)
    assert f"2026-11-23.1 is withdrawn: {reason}" in out
    assert out.splitlines()[1].startswith("2026-11-23.1 ")


def test_where_latest_is_gone_the_releases_are_named(run: Run, house: House) -> None:
    (house.output / "latest").unlink()
    code, _, err = run("show", "--output", house.output)
    assert code == 1
    assert "latest is missing" in err
    assert "name a version: 2026-11-23.1, 2026-11-22.1." in err


def test_show_says_what_is_in_a_release_and_traces_a_partnership(run: Run, house: House) -> None:
    _, out, _ = run("show", "--output", house.output)
    assert "2026-11-23.1" in out
    assert "partnerships" in out
    code, out, _ = run("show", "--partnership", "p1", "--output", house.output)
    assert code == 0
    assert "Ford and *Geely* <b>talk</b>" in " ".join(out.split())
    assert "Ford talks to Geely" in " ".join(out.split())


def test_diff_tells_the_change(run: Run, house: House) -> None:
    code, out, _ = run("diff", "2026-11-22.1", "latest", "--output", house.output)
    assert code == 0
    assert "agreed" in out


def test_query_answers_for_people_and_programs(run: Run, house: House) -> None:
    sql = "select partnership_id, countries from partnerships order by all"
    assert "p1" in run("query", sql, "--output", house.output)[1]
    assert run("query", sql, "--as", "csv", "--output", house.output)[1].splitlines()[1] == "p1,CN|US"
    line = run("query", sql, "--as", "jsonl", "--output", house.output)[1].splitlines()[0]
    assert json.loads(line) == {"partnership_id": "p1", "countries": ["CN", "US"]}


def test_rows_too_wide_for_the_terminal_are_shown_one_field_a_line(run: Run, house: House) -> None:
    _, out, _ = run("query", "select * from partnerships", "--output", house.output)
    assert "partnership_id  p1" in out
    assert "countries       CN, US" in out
    assert out.splitlines()[-1] == "2 rows"


@pytest.mark.parametrize(("column", "shown"), [("range", 100), ("repeat('so ', 99)", 20)], ids=["table", "records"])
def test_rows_that_are_left_out_are_told(run: Run, house: House, column: str, shown: int) -> None:
    _, out, _ = run("query", f"select {column} from range(250)", "--output", house.output)
    assert out.splitlines()[-1] == f"250 rows; the first {shown} are shown, `--as csv` gives all"


def test_rollback_makes_an_earlier_release_the_latest(run: Run, house: House) -> None:
    assert run("rollback", "2026-11-22.1", "--output", house.output)[0] == 0
    assert "2026-11-22.1" in run("show", "--output", house.output)[1]


def test_verify_finds_an_altered_file(run: Run, house: House) -> None:
    assert run("verify", "--output", house.output)[0] == 0
    table = house.output / "releases" / "2026-11-23.1" / "events.parquet"
    table.write_bytes(table.read_bytes()[:-1] + b"x")
    code, _, err = run("verify", "--output", house.output)
    assert code == 1
    assert "events.parquet" in err


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["show", "2020-01-01.1"], "2020-01-01.1"),
        (["show", "../secrets"], "../secrets"),
        (["show", "--partnership", "nobody"], "nobody"),
        (["rollback", "2020-01-01.1"], "2020-01-01.1"),
        (["query", "select * from nowhere"], "nowhere"),
        (["query", "selekt"], "selekt"),
        (["query", "select 1; select 2"], "select 1"),
        (["extract", "missing.txt"], "missing.txt"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_mistake_is_named_without_a_traceback(run: Run, house: House, arguments: list[str], named: str) -> None:
    where = [] if arguments[0] == "extract" else ["--output", house.output]
    code, _, err = run(*arguments, *where)
    assert code == 1
    assert named in err
    assert "Traceback" not in err


@pytest.mark.parametrize("command", ["run", "schedule --every 1h"])
@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ("--sources missing.toml", "missing.toml does not exist"),
        ("--sources tests", "tests is a folder"),
        ("--reference tests", "no organizations.csv"),
        ("--extractor oracle", "Choose one of: rules"),
        ("--output README.md/out", "README.md is a file"),
        ("--processes many", "many"),
    ],
)
def test_a_wrong_argument_is_told_before_anything_starts(
    run: Run, command: str, arguments: str, named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(PROJECT)
    monkeypatch.setattr("flows.server.own_server", None)
    monkeypatch.setattr("flows.terminal.run_in_terminal", None)
    code, _, err = run(*command.split(), *arguments.split())
    assert code == 2
    assert named in err


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ([], "either --cron"),
        (["--every", "6h", "--cron", "0 6 * * *"], "either --cron"),
        (["--every", "often"], "often"),
        (["--cron", "at six"], "at six"),
        (["--every", "6h", "--timezone", "Mars/Base"], "Mars/Base"),
    ],
)
def test_a_wrong_schedule_is_told_before_a_server_starts(
    run: Run, arguments: list[str], named: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("flows.server.own_server", None)
    code, _, err = run("schedule", "--output", tmp_path, *arguments)
    assert code == 2
    assert named in err


def test_the_extractor_and_the_reference_of_extract_are_arguments_too(run: Run) -> None:
    assert run("extract", "README.md", "--extractor", "oracle")[0] == 2
    assert run("extract", "README.md", "--reference", "missing")[0] == 2


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ("sources --sources missing.toml", "missing.toml does not exist"),
        ("sources check --sources missing.toml", "missing.toml does not exist"),
        ("sources check nobody", "no source 'nobody'"),
        ("sources chekc", "It has: check."),
        ("review sam A B --reason x", "It has: same, different, parent."),
        ("review --reference missing", "no organizations.csv"),
    ],
)
def test_a_wrong_argument_has_one_exit_code_everywhere(run: Run, arguments: str, named: str) -> None:
    code, _, err = run(*arguments.split())
    assert code == 2
    assert named in err


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may enter every folder")
def test_a_folder_that_may_not_be_entered_is_told(run: Run, tmp_path: Path) -> None:
    shut = tmp_path / "shut"
    shut.mkdir(mode=0)
    code, _, err = run("run", "--output", shut / "inside" / "output")
    assert code == 2
    assert f"{shut} cannot be written to" in err
    assert run("show", "--output", shut)[0] == 1


def test_the_version_is_that_of_the_project(run: Run) -> None:
    stated = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert run("--version")[:2] == (0, f"evpact {stated}\n")


def test_nothing_released_yet_says_what_to_do(run: Run, tmp_path: Path) -> None:
    code, _, err = run("show", "--output", tmp_path)
    assert code == 1
    assert "evpact run" in err
    code, _, err = run("releases", "--output", tmp_path)
    assert code == 1
    assert "evpact run" in err


def test_bad_toml_is_named_with_its_line(run: Run, tmp_path: Path) -> None:
    sources = tmp_path / "sources.toml"
    sources.write_text('[[source]]\nname = "a"\nkind = files\n')
    code, _, err = run("run", "--sources", sources, "--output", tmp_path)
    assert code == 1
    assert "line 3" in err


def test_what_toml_writes_in_brackets_is_not_lost_in_a_message(run: Run, tmp_path: Path) -> None:
    (tmp_path / "sources.toml").write_text('[[sauce]]\nname = "a"\n')
    assert "write [[source]] entries" in run("sources", "--sources", tmp_path / "sources.toml")[2]


def test_ingest_prints_one_article_a_line_and_names_what_it_set_aside(run: Run, tmp_path: Path) -> None:
    good = PROJECT / "seeds" / "articles" / "b09.html"
    (tmp_path / "empty.txt").touch()
    code, out, err = run("ingest", good, tmp_path / "empty.txt", "--jsonl")
    assert code == 0
    assert "empty.txt" in err
    assert "articles: 1, set aside: 1" in err
    (article,) = [json.loads(line) for line in out.splitlines()]
    assert article["id"] == "b09"
    assert article["published"] == "2025-12-17"
    assert set(article) >= {"title", "authors", "publisher", "language", "text"}


@pytest.mark.parametrize("command", ["ingest", "extract"])
def test_where_there_is_no_article_the_exit_code_says_so(run: Run, tmp_path: Path, command: str) -> None:
    (tmp_path / "empty.txt").touch()
    assert run(command, tmp_path / "empty.txt", "--jsonl")[:2] == (1, "")


@pytest.mark.parametrize("arguments", [["ingest", "-", "--jsonl"], ["extract", "--jsonl", "-"]], ids=" ".join)
def test_a_dash_is_the_standard_input(run: Run, monkeypatch: pytest.MonkeyPatch, arguments: list[str]) -> None:
    text = "Two carmakers agree\n\n" + "They will build batteries together. " * 9
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    code, out, _ = run(*arguments)
    record = json.loads(out)
    assert (code, record["id"], record["title"]) == (0, "stdin", "Two carmakers agree")


def test_an_unknown_option_is_not_taken_for_a_file(run: Run) -> None:
    assert run("ingest", "--json", "pyproject.toml")[0] == 2


def test_extract_speaks_to_people_and_programs(run: Run) -> None:
    article = PROJECT / "seeds" / "articles" / "a01-nissan-sunderland-chinese-carmakers.txt"
    code, out, _ = run("extract", article)
    assert code == 0
    assert "“Preparing Sunderland for the new Leaf has cost Nissan £450 million.”" in out
    (record,) = [json.loads(line) for line in run("extract", article, "--jsonl")[1].splitlines()]
    assert record["id"] == article.stem
    assert {"value": 450_000_000.0, "unit": "GBP", "measure": "investment", "per": None, "bound": "exact"} in [
        quantity for event in record["events"] for quantity in event["quantities"]
    ]
