"""What changed is found row by row and told in sentences."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from evpact.tables import TABLES
from tasks.publishing import changes_markdown, compare, write_candidate
from tests.publishing.worlds import Tables, world


def folders(tmp_path: Path, before: Tables, after: Tables) -> tuple[Path, Path]:
    return write_candidate(before, tmp_path / "before").folder, write_candidate(after, tmp_path / "after").folder


def test_added_removed_and_changed_rows_are_named_with_their_columns(tmp_path: Path) -> None:
    before, after = world(with_catl=True), world(status="agreed")
    after["articles"] = after["articles"].with_columns(authors=pl.Series([["Bob"]]), language=pl.lit("en"))
    changes = compare(*folders(tmp_path, before, after))
    rows = {(r["table"], r["key"]): (r["change"], r["columns"]) for r in changes.iter_rows(named=True)}
    assert rows["articles", "a1"] == ("changed", ["authors", "language"])
    assert rows["partnerships", "p1"] == ("changed", ["status"])
    assert rows["partnership_parties", "p2|catl"] == ("removed", [])
    assert ("participants", "e1|ford|partner") not in rows
    back = compare(tmp_path / "after", tmp_path / "before")
    assert back.filter(key="p2|catl")["change"].to_list() == ["added"]


def test_equal_tables_have_no_changes_even_where_values_are_empty(tmp_path: Path) -> None:
    assert compare(*folders(tmp_path, world(with_catl=True), world(with_catl=True))).is_empty()


def test_without_a_previous_release_everything_is_added(tmp_path: Path) -> None:
    tables = world()
    changes = compare(None, write_candidate(tables, tmp_path).folder)
    assert changes.height == sum(frame.height for frame in tables.values())
    assert set(changes["change"]) == {"added"}


def test_a_column_or_table_that_a_release_does_not_have_counts_as_empty(tmp_path: Path) -> None:
    before, after = folders(tmp_path, world(), world())
    path = before / "articles.parquet"
    pl.read_parquet(path).drop("publisher").write_parquet(path)
    (before / "organizations.parquet").unlink()
    changes = compare(before, after)
    assert changes.filter(table="articles").row(0) == ("articles", "a1", "changed", ["publisher"])
    assert set(changes.filter(table="organizations")["change"]) == {"added"}
    assert set(compare(after, before).filter(table="organizations")["change"]) == {"removed"}


def test_the_page_tells_new_and_changed_partnerships_in_sentences(tmp_path: Path) -> None:
    before, after = folders(tmp_path, world(), world(status="agreed", with_catl=True))
    page = changes_markdown(compare(before, after), before, after, "2026-11-22.2", "2026-11-22.1")
    assert "- New: CATL and Ford: supply, agreed\n" in page
    assert "- Changed: Ford and Geely: status negotiating → agreed\n" in page
    assert "- New: CATL and Ford: partnership, supply, agreed. “CATL will supply cells to Ford.” (CATL to" in page
    assert "| partnerships | 2 | 1 | 0 | 1 |" in page


def test_text_from_outside_cannot_shape_the_page(tmp_path: Path) -> None:
    after = write_candidate(world(), tmp_path).folder
    page = changes_markdown(compare(None, after), None, after, "2026-11-22.1", None)
    assert r"“Ford and \*Geely\* \<b\>talk\</b\> about sharing technology.”" in page


def test_a_long_list_is_cut_and_counted(tmp_path: Path) -> None:
    tables = world()
    tables["partnerships"] = pl.concat(
        tables["partnerships"].with_columns(partnership_id=pl.lit(f"p{i}")) for i in range(1, 101)
    )
    after = write_candidate(tables, tmp_path).folder
    page = changes_markdown(compare(None, after), None, after, "2026-11-22.1", None)
    assert "- New: 80 more" in page
    assert sum(line.startswith("- New") for line in page.split("## Events")[0].splitlines()) == 21
    assert len(TABLES) == sum(line.startswith("| ") for line in page.splitlines()) - 1
