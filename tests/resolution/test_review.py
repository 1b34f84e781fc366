"""What a person is asked, and how a decision is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from shutil import copytree
from typing import Any, cast

import polars as pl
import pytest

from evpact.errors import ConfigurationError
from evpact.reference import load_reference
from evpact.release import Release
from evpact.reviews import Review
from evpact.settings import REFERENCE
from tasks.resolution.review import decide, questions
from tests.resolution.newsroom import REFERENCE as SMALL
from tests.resolution.newsroom import Newsroom, partnership
from tests.resolution.test_likeness import named, newsroom, reviewed

DAY = date(2026, 11, 24)


@dataclass
class Tables:
    """A release that is not on disk."""

    tables: dict[str, pl.DataFrame]

    def table(self, name: str) -> pl.LazyFrame:
        return self.tables[name].lazy()


def release() -> Release:
    names = (named("Voltair Energy", partner="Ford"), named("Voltair"), named("Zenvolt"), named("Zenvolt"))
    tables: Any = Tables(newsroom(*names).tables())
    return cast("Release", tables)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copytree(REFERENCE, tmp_path / "reference")


def test_doubts_and_new_organizations_are_asked_with_their_sentences() -> None:
    asked = questions(release(), SMALL)
    assert [(q.kind, q.name, q.articles) for q in asked] == [("new", "Zenvolt", 2), ("names", "Voltair Energy", 1)]
    assert asked[1].other == "Voltair"
    assert all(q.evidence for q in asked)


def test_a_party_that_is_told_unsurely_or_called_like_a_place_is_asked_about() -> None:
    room = Newsroom()
    for name, confidence in (("Que.", 0.5), ("Zenvolt", 0.9), ("Sunderland", 0.9)):
        room.report(partnership("Ford/partner", f"{name}/partner", confidence=confidence))
    tables: Any = Tables(room.tables())
    asked = questions(cast("Release", tables), SMALL)
    assert [(q.kind, q.name, q.other) for q in asked] == [
        ("party", "Que.", "is told unsurely"),
        ("party", "Sunderland", "has the name of a place"),
    ]


def test_what_was_decided_is_not_asked_again() -> None:
    decided = reviewed(("Voltair", "different", "Voltair Energy"), ("Zenvolt", "same", "Ford"))
    assert questions(release(), decided) == []


def test_a_decision_is_a_line_of_the_table_and_the_next_one_is_checked_against_it(folder: Path) -> None:
    decide(Review("Zenvolt", "same", "BYD"), "one site,\none board", "Ann", DAY, folder, release())
    (row,) = load_reference(folder).organization_reviews.to_dicts()
    assert tuple(row.values()) == ("Zenvolt", "same", "BYD", DAY, "one site, one board", "Ann")
    with pytest.raises(ConfigurationError, match="Nothing was written"):
        decide(Review("Zenvolt", "same", "Tesla"), "why not", "", DAY, folder, release())
    assert load_reference(folder).organization_reviews.height == 1


def test_a_decision_leaves_what_is_extracted_alone(folder: Path) -> None:
    before = load_reference(folder)
    decide(Review("Zenvolt", "same", "BYD"), "known", "", DAY, folder, release())
    after = load_reference(folder)
    assert after.digest == before.digest
    assert after.reviews_digest != before.reviews_digest


@pytest.mark.parametrize(
    ("name", "reason", "told"),
    [("Zenvold", "known", "Did you mean 'Zenvolt'"), ("Qqqqqqq", "known", "evpact review"), ("Zenvolt", " ", "reason")],
)
def test_a_mistake_is_told_with_the_way_out(name: str, reason: str, told: str, folder: Path) -> None:
    with pytest.raises(ConfigurationError, match=told):
        decide(Review(name, "same", "BYD"), reason, "", DAY, folder, release())
