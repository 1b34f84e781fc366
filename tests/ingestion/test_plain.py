"""Text saved from a browser loses what stood around the story."""

from __future__ import annotations

from datetime import date

import pytest

from tasks.ingestion.metadata import Metadata
from tasks.ingestion.plain import read_plain

FIRST = "Two makers of cars have agreed to build a plant for batteries together, they said on Monday in Lisbon."
SECOND = "The plant is to make cells for half a million cars a year, and the first should leave it in two years."
STORY = [FIRST, "Money first", SECOND]


def read(text: str) -> tuple[Metadata, list[str]]:
    content = read_plain(text)
    assert not isinstance(content, str)
    return content


def page(head: str = "", tail: str = "", between: str = "Money first") -> str:
    return f"{head}\n\n{FIRST}\n\n{between}\n\n{SECOND}\n\n{tail}"


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        pytest.param(
            "Makers join forces in Lisbon\n\nAnn Lee, Motoring Correspondent\n4 Min Read\n⏱️ 3 min read\nFeb 04, 2026",
            Metadata("Makers join forces in Lisbon", ("Ann Lee",), None, date(2026, 2, 4), published_from="text"),
            id="byline with an office, reading times",
        ),
        pytest.param(
            "News > Motoring\n\nMakers join forces in Lisbon\n\n10th May 2025, 06:00 BST\nBy Ann Lee, Daily Example",
            Metadata(
                "Makers join forces in Lisbon", ("Ann Lee",), "Daily Example", date(2025, 5, 10), published_from="text"
            ),
            id="path of sections, publisher in the byline",
        ),
        pytest.param(
            "Skip to main content\n\nANALYSIS\n\nMakers join forces in Lisbon\n\nLISBON | 19.12.2025 | Example Press",
            Metadata("Makers join forces in Lisbon", (), "Example Press", date(2025, 12, 19), published_from="text"),
            id="all in one line",
        ),
        pytest.param(
            "Makers join forces in Lisbon\n\nSource: Example Wire   Editor: Bob Ray   2026-03-17 09:26:31",
            Metadata("Makers join forces in Lisbon", (), "Example Wire", date(2026, 3, 17), published_from="text"),
            id="an editor is no author",
        ),
        pytest.param(
            "Makers join forces in Lisbon\n\nAnn Lee\nFeb 4, 2026\n\nMakers join forces in Lisbon",
            Metadata("Makers join forces in Lisbon", ("Ann Lee",), None, date(2026, 2, 4), published_from="text"),
            id="bare name, title twice",
        ),
        pytest.param("", Metadata(None, (), None, None), id="nothing above the story"),
    ],
)
def test_what_stands_above_the_story_is_metadata(head: str, expected: Metadata) -> None:
    metadata, paragraphs = read(page(head))
    assert metadata == expected
    assert paragraphs == STORY


@pytest.mark.parametrize(
    "tail",
    [
        "Share this article\nFacebook  X  Email\n\nLeave a Reply\n\nI think they should have asked. It will not work.",
        "Read These Next\n\nimg\n\nAnother headline\n\nThis is the first sentence of a story that is another one.",
        "Most viewed\n1. Another headline\n2. A third headline",
        "CARS BATTERIES PORTUGAL",
        "Editing by Bob Ray\n\n© 2026 Example Press. All rights reserved.\nTerms of Service Privacy Policy",
        "[Web editor: Bob Ray]",
        "Follow us | Terms of use | Privacy | © 2025 Example Press",
        "Comments (41)\nWant to stay up to date? Sign up for our free newsletter.",
    ],
    ids=lambda tail: tail[:20],
)
def test_what_stands_below_the_story_goes(tail: str) -> None:
    assert read(page("Makers join forces in Lisbon", tail))[1] == STORY


def test_a_biography_of_the_author_below_the_story_goes() -> None:
    tail = "Ann Lee is a reporter who covers cars and trains and lives near the sea."
    head = "Makers join forces in Lisbon\nBy Ann Lee\n"
    assert read(page(head, tail))[1] == STORY
    assert tail in read(page("Makers join forces in Lisbon\nBy Bob Ray", tail))[1]


def test_a_block_within_the_story_goes_and_the_story_goes_on() -> None:
    block = "Related stories\nAnother headline\nA third headline"
    more = [
        f"{number} sentences follow here, each as long as the ones of a story are, so that it goes on and on."
        for number in ("Ten", "Six", "Two")
    ]
    _, paragraphs = read(f"Makers join forces in Lisbon\n\n{FIRST}\n\n{block}\n\n" + "\n\n".join(more))
    assert paragraphs == [FIRST, *more]


@pytest.mark.parametrize(
    "line", ["ALSO READ | Another headline", "Advertisement", "Story continues below", "3 min read"]
)
def test_lines_between_paragraphs_go(line: str) -> None:
    assert read(page("Makers join forces in Lisbon", between=line))[1] == [FIRST, SECOND]


def test_lines_broken_at_a_fixed_width_are_put_together() -> None:
    broken = (
        "Two makers of cars have agreed to build a plant for batteries\n"
        "together, they said on Monday in Lisbon, where the mayor of the\n"
        "city was glad to hear it."
    )
    _, paragraphs = read(f"Makers join forces in Lisbon\n\n{broken}\n\n{SECOND}")
    assert paragraphs == [broken.replace("\n", " "), SECOND]


def test_the_day_may_stand_in_the_dateline() -> None:
    metadata, _ = read(f"Makers join forces\n\nLISBON, Dec 26, 2025 (Example Wire) - {FIRST}\n\n{SECOND}")
    assert metadata.published == date(2025, 12, 26)
    assert metadata.publisher == "Example Wire"


@pytest.mark.parametrize(
    ("stamp", "day"),
    [
        ("Updated: Feb 6, 2026\nPublished: Feb 4, 2026", 4),
        ("Last updated on Feb 6, 2026 | Published Feb 4, 2026", 4),
        ("Feb 4, 2026 (updated Feb 6, 2026)", 4),
        ("Updated Feb 6, 2026", 6),
    ],
)
def test_the_day_of_a_change_counts_only_where_there_is_no_other(stamp: str, day: int) -> None:
    assert read(page(f"Makers join forces in Lisbon\n\nBy Ann Lee\n{stamp}"))[0].published == date(2026, 2, day)


def test_a_date_in_the_story_is_not_the_day_of_publication() -> None:
    metadata, _ = read(f"Makers join forces\n\nOn 3 March 2019 the two had met for the first time. {FIRST}\n\n{SECOND}")
    assert metadata.published is None


def test_a_text_beyond_all_measure_is_refused() -> None:
    assert isinstance(read_plain("word " * 200_000), str)
