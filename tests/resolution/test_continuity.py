"""What stays from release to release: the ids of stories, and where old ids of partnerships lead."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from evpact.errors import ReleaseError
from evpact.release import Release
from evpact.tables import TABLES
from tasks.records import Article, Event
from tasks.resolution import Previous, resolve
from tests.resolution.newsroom import REFERENCE, Newsroom, article, partnership

FORD_GEELY = ("Ford/partner", "Geely/partner")
WIRE = " ".join(f"word{number}" for number in range(60))

Tables = dict[str, pl.DataFrame]


def publish(*told: tuple[Article, tuple[Event, ...]], before: Tables | None = None, version: str = "v1") -> Tables:
    """The tables of a release of these articles; `before` are those of the release before."""
    room = Newsroom()
    for each, events in told:
        room.add(each, *events)
    return resolve(*room.frames(), REFERENCE, None if before is None else Previous(version, before))


def test_a_story_keeps_its_id_when_an_older_copy_turns_up() -> None:
    def copy(name: str, day: int) -> tuple[Article, tuple[Event, ...]]:
        return article(name, date(2026, 5, day), text=f"{WIRE} copy {name}"), ()

    first = publish(copy("b", 2))
    second = publish(copy("b", 2), copy("a", 1), copy("c", 3), before=first)
    assert second["articles"]["story_id"].to_list() == ["b", "b", "b"]
    assert publish(copy("a", 1), copy("c", 3), before=second)["articles"]["story_id"].to_list() == ["a", "a"]


def redirects(tables: Tables) -> dict[str, tuple[str | None, str, str]]:
    return {row[0]: row[1:] for row in tables["redirects"].iter_rows()}


def test_an_id_that_is_no_longer_used_leads_to_what_became_of_the_partnership() -> None:
    vague = article("a"), (partnership(*FORD_GEELY),)
    known = article("b"), (partnership(*FORD_GEELY, kind="supply"),)
    whole = article("c"), (partnership(*FORD_GEELY, "Nissan/partner", kind="supply"),)
    first = publish(vague)
    second = publish(vague, known, before=first)
    assert redirects(second) == {"ford--geely--unspecified": ("ford--geely--supply", "renamed", "v1")}
    third = publish(vague, known, whole, before=second, version="v2")
    assert redirects(third) == {
        "ford--geely--unspecified": ("ford--geely--nissan--supply", "renamed", "v1"),
        "ford--geely--supply": ("ford--geely--nissan--supply", "renamed", "v2"),
    }
    assert redirects(publish(vague, known, before=third, version="v3")) == {
        "ford--geely--unspecified": ("ford--geely--supply", "renamed", "v1"),
        "ford--geely--nissan--supply": ("ford--geely--supply", "renamed", "v3"),
    }
    assert redirects(publish(whole, before=second)) == {
        "ford--geely--unspecified": (None, "unsourced", "v1"),
        "ford--geely--supply": (None, "unsourced", "v1"),
    }


def test_a_merge_a_split_and_a_partnership_that_is_no_longer_read_are_told_apart() -> None:
    pair = article("a"), (partnership(*FORD_GEELY, kind="supply", confidence=0.9),)
    vague = article("b", title="A stake"), (partnership(*FORD_GEELY),)
    stake = partnership(*FORD_GEELY, kind="equity", confidence=0.9)
    side_by_side = article("b", title="A stake"), (partnership(*FORD_GEELY), stake)
    first = publish(pair)
    apart = publish(
        pair,
        (article("b", title="A stake"), (*side_by_side[1], partnership(*FORD_GEELY, kind="supply", confidence=0.9))),
    )
    assert redirects(publish(pair, vague, before=apart)) == {
        "ford--geely--unspecified": ("ford--geely--supply", "merged", "v1"),
        "ford--geely--equity": (None, "not_told", "v1"),
    }
    both = publish(
        (
            article("a", title="A stake"),
            tuple(partnership(*FORD_GEELY, kind=k, confidence=0.9) for k in ("equity", "technology")),
        ),
        before=first,
    )
    assert redirects(both) == {"ford--geely--supply": ("ford--geely--equity", "split", "v1")}
    better = publish((article("a"), (partnership(*FORD_GEELY, kind="equity"),)), before=first)
    assert redirects(better) == {"ford--geely--supply": ("ford--geely--equity", "renamed", "v1")}
    assert redirects(publish((article("a"), ()), before=first)) == {"ford--geely--supply": (None, "not_told", "v1")}


ARTICLES = [
    (
        article(f"a{number}", date(2026, 1 + number, 1) if number % 4 else None, text=text),
        (partnership(*who, kind=kind, status=status, attribution=attribution),),
    )
    for number, (who, kind, status, attribution, text) in enumerate(
        [
            (FORD_GEELY, None, "exploring", "stated", WIRE),
            (FORD_GEELY, "supply", "negotiating", "stated", WIRE + " copy"),
            ((*FORD_GEELY, "Nissan/partner"), "supply", "agreed", "stated", "other"),
            (FORD_GEELY, "equity", "ended", "denied", "some"),
            (("Nissan/partner", "Geely/partner"), "supply", "active", "stated", "text"),
            (FORD_GEELY, "supply", "ended", "stated", "more"),
            (FORD_GEELY, "other", "negotiating", "rumoured", "words"),
        ]
    )
]


@settings(max_examples=25, deadline=None)
@given(st.permutations(ARTICLES), st.sets(st.integers(1, len(ARTICLES) - 1), max_size=3))
def test_publishing_in_pieces_ends_as_publishing_all_at_once(
    order: list[tuple[Article, tuple[Event, ...]]], cuts: set[int]
) -> None:
    whole = publish(*ARTICLES)
    tables: Tables | None = None
    used: set[str] = set()
    for version, end in enumerate([*sorted(cuts), len(order)]):
        tables = publish(*order[:end], before=tables, version=f"v{version}")
        used.update(tables["partnerships"]["partnership_id"])
    assert tables is not None
    for name in TABLES.keys() - {"redirects", "articles"}:
        assert_frame_equal(tables[name], whole[name])
    assert_frame_equal(tables["articles"].drop("story_id"), whole["articles"].drop("story_id"))
    copies = [
        set(frame["articles"].group_by("story_id").agg("article_id")["article_id"].list.sort().list.join(" "))
        for frame in (tables, whole)
    ]
    assert copies[0] == copies[1]  # under whichever id
    leads = dict(tables["redirects"].select("old_id", "new_id").iter_rows())
    ids = set(tables["partnerships"]["partnership_id"])
    assert used <= ids | leads.keys()
    assert set(leads.values()) <= ids
    assert not ids & leads.keys()


def test_a_damaged_release_before_is_named_with_the_way_out(tmp_path: Path) -> None:
    (tmp_path / "articles.parquet").write_bytes(b"no table")
    manifest = {"version": "2026-11-01.1", "resources": [{"name": "articles", "path": "articles.parquet"}]}
    with pytest.raises(ReleaseError, match=r"2026-11-01\.1 .* rollback"):
        Previous.read(Release(tmp_path, manifest))
