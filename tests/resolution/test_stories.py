"""Articles printed from one text are one story; independent texts are not."""

from __future__ import annotations

import random
from datetime import date
from itertools import pairwise

import pytest

from tests.resolution.newsroom import Newsroom, article

PARAGRAPHS = [
    "The lower house approved the battery bill on Monday after two days of debate, only the farmers' party against.",
    "Makers of cells will get back a third of what they spend on machines, if they stay for at least ten years.",
    "The minister said that plants in the two eastern provinces would come first, as the mines there close in 2029.",
    "Opponents call the plan a gift to foreign groups, which have bought most of the land at the former steelworks.",
    "Three companies have asked for permits so far; the largest wants to employ nine hundred people from next summer.",
    "The upper house votes in March, and most observers expect it to ask for a lower ceiling on what plants receive.",
]
OTHER_DESK = [
    "Deputies have passed a law on subsidies for battery factories: one third of the cost of equipment is refunded.",
    "Only one party voted no on Monday. Whoever takes the money must run the factory for a decade, the law demands.",
    "The eastern provinces, where coal mining ends in 2029, are to be served first, according to the minister.",
    "So far, permits have been requested by three firms, and one of them promises nine hundred jobs by summer.",
    "A vote in the second chamber follows in March, where a cap on aid is likely to be tightened, analysts say.",
]


def stories(*texts: list[str], dates: list[date | None] | None = None) -> list[str]:
    """Story of each text."""
    room = Newsroom()
    for number, paragraphs in enumerate(texts):
        published = dates[number] if dates else None
        room.add(article(f"a{number}", published, text="\n\n".join(paragraphs)))
    return [row["story_id"] for row in room.table("articles")]


ADDED = [
    "Shares in the largest applicant rose by four percent after the vote and kept the gain until the close of trade."
]
COPIES = {
    "cut to the first half": PARAGRAPHS[:3],
    "a paragraph dropped": PARAGRAPHS[:2] + PARAGRAPHS[3:],
    "a paragraph moved": PARAGRAPHS[2:] + PARAGRAPHS[:2],
    "a paragraph added": PARAGRAPHS[:3] + ADDED + PARAGRAPHS[3:],
    "moved, dropped and added": PARAGRAPHS[3:5] + ADDED + PARAGRAPHS[:2],
    "small edits": [
        p.replace("on Monday", "Monday").replace("said that", "said").replace("cells", "batteries") for p in PARAGRAPHS
    ],
    "cut to a third": PARAGRAPHS[:2],
    "cut to a third, edited, with a paragraph of the desk": [
        PARAGRAPHS[0].replace("approved", "passed"),
        *ADDED,
        PARAGRAPHS[1].replace("at least ten", "ten"),
    ],
    "in capitals": [p.upper() for p in PARAGRAPHS],
}


@pytest.mark.parametrize("copy", COPIES.values(), ids=COPIES.keys())
def test_a_near_copy_is_of_the_same_story(copy: list[str]) -> None:
    assert stories(PARAGRAPHS, copy, OTHER_DESK) == ["a0", "a0", "a2"]


def test_an_independent_text_on_the_same_matter_that_quotes_a_sentence_is_another_story() -> None:
    assert stories(PARAGRAPHS, [*OTHER_DESK, PARAGRAPHS[2]]) == ["a0", "a1"]


def test_a_digest_does_not_join_the_stories_in_it() -> None:
    rng = random.Random(7)
    many = [[" ".join(rng.choices("abcdefghijklmnopqrstuvwxyz", k=120))] for _ in range(16)]
    digest = [paragraph for text in many for paragraph in text]
    assert len(set(stories(*many, digest))) == 17


def test_stubs_of_a_few_words_are_stories_of_their_own() -> None:
    assert stories(["Subscribe to read on today."], ["Subscribe to read on, today!"]) == ["a0", "a1"]


def test_copies_of_copies_are_one_story_under_the_earliest_article() -> None:
    windows = [PARAGRAPHS[:4], PARAGRAPHS[1:5], PARAGRAPHS[2:6]]
    dates = [None, date(2026, 3, 2), date(2026, 3, 1)]
    assert set(stories(*windows, dates=dates)) == {"a2"}


def test_many_copies_are_one_story() -> None:
    texts = [[*PARAGRAPHS, f"Copy number {number}."] for number in range(40)]
    found = stories(*texts)
    assert all(a == b for a, b in pairwise(found))
