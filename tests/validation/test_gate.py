from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest

import expectations
from evpact.errors import ReleaseError
from evpact.tables import TABLES
from expectations import Rule
from tasks.validation import Verdict, check, entitle, paragraphs, validate
from tasks.validation.report import markdown
from tests.validation.bench import Bench
from tests.validation.corruptions import ALL, Sample, after_extraction
from tests.validation.sound import TODAY, reference, write

EVIDENCE = "events.evidence.equals_text"


def judged(bench: Bench, folder: Path, candidate: Path, rules: tuple[Rule, ...] | None = None) -> Verdict:
    return check(candidate, bench.told, None, reference(), TODAY, rules=rules)


def test_sound_candidate_passes_every_expectation_and_has_pages_that_need_no_network(
    bench: Bench, tmp_path: Path
) -> None:
    quality = tmp_path / "quality"
    verdict = validate(bench.candidate, bench.told, bench.candidate, quality, reference(), TODAY)
    assert verdict == Verdict(False, len(expectations.file_rules()) + len(expectations.content_rules()), ())
    assert json.loads((quality / "verdict.json").read_text()) == {
        "refused": False,
        "checked": verdict.checked,
        "findings": [],
        "accepted_loss": None,
    }
    pages = {path.name: path.read_text() for path in quality.glob("*.html")}
    assert pages.keys() == {"index.html", "files.html", *(f"{table}.html" for table in TABLES)}
    links = {link for html in pages.values() for link in re.findall(r'(?:href|src)="([^"#]+)"', html)}
    assert links <= {*pages, "pages.css", "REPORT.md", "verdict.json"}
    assert sum(path.stat().st_size for path in quality.rglob("*")) < 1_000_000


def test_refused_candidate_has_a_report_that_names_expectation_table_rows_and_articles(
    bench: Bench, tmp_path: Path
) -> None:
    sample = Sample(dict(bench.tables), bench.texts)
    sample.set("events", "evidence_start", pl.col("evidence_start") + 1, 1)
    sample.set("articles", "url", 'javascript:<script>alert("|`")</script>', 1)
    candidate = write(sample.tables, tmp_path / "candidate")
    verdict = validate(candidate, bench.told, None, tmp_path / "quality", reference(), TODAY)
    assert verdict.refused
    findings = {finding.expectation: finding for finding in verdict.findings}
    assert findings.keys() >= {EVIDENCE, "articles.url.form"}
    finding, event = findings[EVIDENCE], sample.tables["events"].row(0, named=True)
    title = bench.tables["articles"].filter(article_id=event["article_id"])["title"][0]
    assert (finding.table, finding.column, finding.severity, finding.count) == ("events", "evidence", "critical", 1)
    assert finding.rows[0]["event_id"] == event["event_id"]
    assert [(article.article_id, article.title) for article in finding.articles] == [(event["article_id"], title)]
    report = (tmp_path / "quality" / "REPORT.md").read_text()
    for name in (EVIDENCE, event["event_id"], event["article_id"], title):
        assert name in report
    entitle(tmp_path / "quality", "Release 1")
    index, page = ((tmp_path / "quality" / f"{name}.html").read_text() for name in ("index", "articles"))
    assert "Release 1 · Quality" in index
    assert "Refused: " in index
    assert index.index("articles.url.form") < index.index("By table")
    assert page.index("✘ refuses") < page.index("articles.url.form") < page.index("✔ holds")
    assert "<script" not in index + page
    assert "Failed" not in index + page


def test_a_warning_is_no_failure_on_its_page(bench: Bench, tmp_path: Path) -> None:
    rule = _rule("select event_id from events")
    check(bench.candidate, bench.told, None, reference(), TODAY, rules=(rule,), pages=tmp_path)
    for name in ("index", "events"):
        page = (tmp_path / f"{name}.html").read_text()
        assert "! warning" in page
        assert "Failed" not in page
    assert "Passed with 1 warning<" in (tmp_path / "index.html").read_text()


def test_a_page_shows_names_and_lists_as_people_write_them(bench: Bench, tmp_path: Path) -> None:
    rule = replace(
        _rule("select partnership_id, ['aito', 'seres'] as parties from partnerships"), remedy="Ask `evpact review`."
    )
    check(bench.candidate, bench.told, None, reference(), TODAY, rules=(rule,), pages=tmp_path)
    page = (tmp_path / "index.html").read_text()
    partnership = bench.tables["partnerships"].sort("partnership_id").row(0, named=True)
    assert f"<td>{partnership['partnership_id']}</td><td>aito, seres</td><td>{partnership['name']}</td>" in page
    assert "Ask <code>evpact review</code>." in page
    assert f"Checked on 2026-11-24: {bench.tables['articles'].height} articles, " in page


def _break_file(path: Path, how: str) -> None:
    frame = pl.read_parquet(path)
    match how:
        case "missing":
            path.unlink()
        case "empty":
            path.write_bytes(b"")
        case "truncated":
            path.write_bytes(path.read_bytes()[:-200])
        case "damaged":
            content = bytearray(path.read_bytes())
            content[4:400] = b"\xff" * 396
            path.write_bytes(bytes(content))
        case "no Parquet":
            path.write_text("<html>Sign in</html>")
        case "a folder":
            path.unlink()
            path.mkdir()
        case "column more":
            frame.with_columns(note=pl.lit("x")).write_parquet(path)
        case "column less":
            frame.drop("evidence").write_parquet(path)
        case "other type":
            frame.with_columns(pl.col("confidence").cast(pl.Float32)).write_parquet(path)
        case "other order":
            frame.select(reversed(frame.columns)).write_parquet(path)
        case "row number column":
            frame.with_columns(file_row_number=pl.lit(0)).write_parquet(path)


@pytest.mark.parametrize(
    "how",
    [
        "missing",
        "empty",
        "truncated",
        "damaged",
        "no Parquet",
        "a folder",
        "column more",
        "column less",
        "other type",
        "other order",
        "row number column",
    ],
)
def test_faulty_file_is_refused_for_that_alone(how: str, bench: Bench, tmp_path: Path) -> None:
    candidate = write(bench.tables, tmp_path / "candidate")
    _break_file(candidate / "events.parquet", how)
    verdict = judged(bench, tmp_path, candidate)
    assert verdict.refused
    assert [finding.expectation for finding in verdict.findings] == ["events.file"]


def test_every_file_has_an_expectation_that_can_fail(bench: Bench, tmp_path: Path) -> None:
    candidate = write({name: frame[:, 1:] for name, frame in bench.tables.items()}, tmp_path / "candidate")
    verdict = judged(bench, tmp_path, candidate)
    assert [f.expectation for f in verdict.findings] == [rule.name for rule in expectations.file_rules()]


def _rule(query: str) -> Rule:
    return Rule("events.trial", "events", "warning", "It holds.", "Because.", "Mend it.", query)


@pytest.mark.parametrize(
    ("rules", "refused"),
    [
        pytest.param((_rule("select event_id from events where false"),), False, id="holds"),
        pytest.param((_rule("select event_id from events"),), False, id="warning"),
        pytest.param((_rule("select no_such_column from events"),), True, id="crashed warning"),
        pytest.param((_rule("selec"),), True, id="no SQL"),
        pytest.param((), True, id="no rules"),
    ],
)
def test_only_broken_critical_rules_and_rules_that_do_not_run_refuse(
    rules: tuple[Rule, ...], refused: bool, bench: Bench, tmp_path: Path
) -> None:
    assert judged(bench, tmp_path, bench.candidate, rules).refused is refused


def test_finding_shows_some_rows_and_counts_all(bench: Bench, tmp_path: Path) -> None:
    verdict = judged(bench, tmp_path, bench.candidate, (_rule("select event_id from events"),))
    (finding,) = verdict.findings
    assert finding.count == bench.tables["events"].height
    assert len(finding.rows) == 20
    assert 0 < len(finding.articles) <= 20


def test_what_many_tables_lost_is_told_in_one_paragraph(bench: Bench, tmp_path: Path) -> None:
    half = write({name: frame.head(frame.height // 2) for name, frame in bench.tables.items()}, tmp_path / "half")
    rules = tuple(rule for rule in bench.rules.values() if rule.is_loss)
    verdict = check(half, bench.told, bench.candidate, reference(), TODAY, rules=rules)
    assert len(verdict.findings) > len(TABLES)
    (paragraph,) = paragraphs(verdict, "critical")
    articles = bench.tables["articles"].height
    assert f"articles {articles} → {articles // 2}, events " in paragraph
    assert paragraph.count("What to do:") == paragraph.count("--accept-loss") == 1
    assert paragraph.count("Why:") == len({finding.why for finding in verdict.findings})
    assert markdown(verdict).count("--accept-loss") == paragraph.count("Why:")


def test_unreadable_previous_release_is_told_to_a_person(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "events.parquet").write_text("broken")
    with pytest.raises(ReleaseError, match=r"events\.parquet"):
        check(bench.candidate, bench.told, tmp_path, reference(), TODAY)


def _swap(table: str, one: str, two: str) -> Callable[[Sample], None]:
    return lambda s: s.put(table, s.tables[table].with_columns(pl.col(one).alias(two), pl.col(two).alias(one)))


def _half(s: Sample) -> None:
    for table in TABLES:
        s.put(table, s.tables[table].head(s.tables[table].height // 2))


def _other_article(s: Sample) -> None:
    s.set("events", "evidence", s.tables["events"]["evidence"][5], 1)


def _exchange(s: Sample) -> None:
    """Carmakers exchange all their participations, mentions left as they are."""
    other = {"ash-motors": "birch-motors", "birch-motors": "ash-motors"}
    s.put("participants", s.tables["participants"].with_columns(pl.col("org_id").replace(other)))


def _shift_all(s: Sample) -> None:
    for table, start, end in (("events", "evidence_start", "evidence_end"), ("quotes", "start", "end")):
        s.put(table, s.tables[table].with_columns(pl.col(start) + 1, pl.col(end) + 1))


UNPLANNED: dict[str, Callable[[Sample], None]] = {
    "title and publisher swapped": _swap("articles", "title", "publisher"),
    "name and title of people swapped": _swap("people", "name", "title"),
    "type and status swapped": _swap("events", "type", "status"),
    "latitude and longitude swapped": _swap("facilities", "latitude", "longitude"),
    "first and last swapped": _swap("partnerships", "first_reported", "last_reported"),
    "start and end swapped": _swap("quotes", "start", "end"),
    "unit and measure swapped": _swap("quantities", "unit", "measure"),
    "mention and organisation swapped": _swap("participants", "mention", "org_id"),
    "all offsets shifted": _shift_all,
    "money in thousands": lambda s: s.set("quantities", "value", pl.col("value") / 1000, ALL, pl.col("unit") == "EUR"),
    "money in dollars": lambda s: s.set("quantities", "unit", "USD", ALL, pl.col("unit") == "EUR"),
    "infinite confidence": lambda s: s.set("events", "confidence", float("inf")),
    "not a number": lambda s: s.set("quantities", "value", float("nan")),
    "negative capacity": lambda s: s.set("quantities", "value", -pl.col("value"), 1, pl.col("measure") == "capacity"),
    "blank name": lambda s: s.set("organizations", "name", "  "),
    "control character": lambda s: s.set("articles", "title", "Volt\x00age"),
    "text direction turned": lambda s: s.set("facilities", "name", "Plant \u202egro.live"),
    "latin-1 read as utf-8": lambda s: s.set("organizations", "name", "Å koda", 1, pl.col("in_reference")),
    "published at the epoch": lambda s: s.set("articles", "published", date(1970, 1, 1)),
    "published tomorrow week": lambda s: s.set("articles", "published", date(2026, 12, 1)),
    "dates of events at the epoch": lambda s: s.set("event_dates", "date", date(1970, 1, 1), ALL),
    "alias of another": lambda s: s.set(
        "organizations", "aliases", ["Birch Motors"], 1, pl.col("org_id") == "ash-cells"
    ),
    "participants exchanged": _exchange,
    "evidence of another article": _other_article,
    "half of all rows gone": _half,
    "table without rows": lambda s: s.put("quantities", s.tables["quantities"].clear()),
    "list with duplicates": lambda s: s.set("events", "countries", ["HU", "HU"]),
    "id with spaces": lambda s: s.rename("people", "person_id", "carla dunn"),
    "script as address": lambda s: s.set("articles", "url", "javascript:void(0)"),
    "file as address": lambda s: s.set("articles", "url", "file:///home/me/page.html"),
    "address with a password": lambda s: s.set("articles", "url", "https://me:secret@host.example/"),
    "rows repeated": lambda s: s.put("participants", pl.concat([s.tables["participants"]] * 2)),
    "story of an unknown article": lambda s: s.set("articles", "story_id", "a0"),
    "own parent": lambda s: s.set("organizations", "parent_id", pl.col("org_id"), 1, ~pl.col("in_reference")),
    "country in lower case": lambda s: s.set("facilities", "country", "hu"),
}


@pytest.fixture(scope="module")
def broken(bench: Bench) -> dict[str, dict[str, int]]:
    return bench.broken({name: after_extraction(apply) for name, apply in UNPLANNED.items()})


@pytest.mark.parametrize("fault", UNPLANNED)
def test_fault_nobody_wrote_an_expectation_for_is_refused(
    fault: str, bench: Bench, broken: dict[str, dict[str, int]]
) -> None:
    assert any(bench.rules[name].severity == "critical" for name in broken[fault])
