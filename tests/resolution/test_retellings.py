"""Articles that tell of a partnership which others tell too, where nothing of it was extracted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from evpact.settings import REFERENCE
from tasks.cues import restarts
from tasks.resolution.wording import Wording, sentences
from tasks.rows import read_rows
from tests.resolution.newsroom import Newsroom, partnership, span

SIGNED = (
    "Nordvik Mobility will buy motors from Kestrel Drives, the two companies said in Aalborg.\n\n"
    "The motors go into Nordvik's electric vans at Skagen."
)
ENDED = (
    "Kestrel has terminated its contract with Nordvik Mobility over unpaid bills.\n\n"
    "Kestrel's managers in Aalborg said that the motors had cost too much."
)


def newsroom(text: str, published: date = date(2026, 5, 1), confidence: float = 0.9) -> Newsroom:
    """A deal, and a later article from which nothing was extracted."""
    room = Newsroom()
    deal = partnership(
        "Nordvik Mobility/customer", "Kestrel Drives/supplier", kind="supply", status="agreed", confidence=confidence
    )
    room.report(deal, text=SIGNED, title="Motors", published=date(2026, 1, 1))
    room.report(text=text, title="News", published=published)
    return room


def test_a_later_article_about_the_parties_moves_the_status_though_nothing_was_extracted_from_it() -> None:
    room = newsroom(ENDED)
    row = room.only("partnerships")
    assert (row["kind"], row["status"], row["stories"]) == ("supply", "ended", 2)
    (retold,) = room.tables()["events"].filter("retold").to_dicts()
    assert retold["evidence"] == ENDED[retold["evidence_start"] : retold["evidence_end"]] == ENDED.split("\n")[0]
    mentions = room.tables()["participants"].filter(pl.col("event_id") == retold["event_id"])
    assert set(mentions["mention"]) == {"Kestrel", "Nordvik Mobility"}


@pytest.mark.parametrize(
    ("text", "published"),
    [
        (ENDED, date(2036, 5, 1)),
        ("Kestrel sold more motors to Ford, Geely, Nissan, GM and Foxconn last year than Nordvik.", date(2026, 5, 1)),
        ("Kestrelia and Nordvikings signed a contract.", date(2026, 5, 1)),
        ("Kestrel has a new contract.", date(2026, 5, 1)),
    ],
    ids=["long after", "about many", "other names", "one party"],
)
def test_an_article_about_something_else_is_no_retelling(text: str, published: date) -> None:
    assert newsroom(text, published).only("partnerships")["stories"] == 1


def test_what_was_not_surely_read_is_retold_by_nobody() -> None:
    assert newsroom(ENDED, confidence=0.6).only("partnerships")["stories"] == 1


OTHERS = "Geely, GM and Foxconn sold more, GM in May, Geely and Foxconn in June."


@pytest.mark.parametrize(
    ("text", "stories"),
    [
        (f"{OTHERS} A used Ford or a Nissan from Aalborg or Skagen is all one needs.", 1),
        ("A Ford or a Nissan from Aalborg or Skagen is what many have. Nissan is dearer, Ford is slower.", 1),
        (f"{OTHERS} The contract of Ford and Nissan was signed between Aalborg and Skagen.", 2),
    ],
)
def test_household_names_side_by_side_retell_nothing_without_a_word_of_a_deal(text: str, stories: int) -> None:
    room = Newsroom()
    deal = partnership("Ford/customer", "Nissan/supplier", kind="supply", status="agreed", confidence=0.9)
    signed = "Ford will buy motors for vans from Nissan, they said in Aalborg and Skagen."
    room.report(deal, text=signed, published=date(2026, 1, 1))
    room.report(text=text, published=date(2026, 5, 1))
    assert room.only("partnerships")["stories"] == stories


SOLD = "Nordvik Mobility sold many electric vans in May. Most of what turns in them comes from Kestrel Drives."


@pytest.mark.parametrize(
    ("confidence", "status", "stories"), [(0.05, "active", 2), (0.01, "agreed", 1)], ids=["possible", "hardly possible"]
)
def test_what_an_extractor_found_possible_counts_where_another_article_tells_it(
    confidence: float, status: str, stories: int
) -> None:
    room = newsroom("Somebody drove a van.")
    start, end = span("Most of what turns in them comes from Kestrel Drives.", SOLD)
    deal = partnership(
        "Nordvik Mobility Ltd/customer",
        "Kestrel Drives/supplier",
        kind="supply",
        status="active",
        confidence=confidence,
    )
    found = replace(deal, evidence_start=start, evidence_end=end)
    room.report(text=SOLD, title="Vans", published=date(2026, 6, 1), doubtful=[found])
    row = room.only("partnerships")
    assert (row["status"], row["stories"]) == (status, stories)
    assert room.tables()["events"].filter("retold")["evidence"].to_list() == [SOLD[start:end]] * (stories - 1)


def test_what_is_possible_in_all_articles_alone_is_told_by_none() -> None:
    room = Newsroom()
    deal = partnership("Nordvik Mobility/customer", "Kestrel Drives/supplier", kind="supply", confidence=0.3)
    room.report(text=SIGNED, doubtful=[deal])
    room.report(text=ENDED, doubtful=[deal])
    assert room.table("partnerships") == []


@pytest.mark.parametrize(
    ("sentence", "stories"),
    [
        ("At Skagen and Aalborg Nordvik Mobility still has motors from Kestrel Drives.", 2),
        ("At Skagen and Aalborg Nordvik Mobility and Ford still have motors from Kestrel Drives.", 1),
        ("Nordvik Mobility is larger than Kestrel Drives.", 1),
        ("Many know Kestrel Drives. Its motors are those that Nordvik Mobility has at Skagen and Aalborg.", 2),
        ("Many know Kestrel Drives. The motors are those that Nordvik Mobility has at Skagen and Aalborg.", 1),
    ],
    ids=["theirs", "of others too", "of nothing in common", "taken up by a pronoun", "not taken up"],
)
def test_one_sentence_that_names_the_parties_alone_retells_their_matter(sentence: str, stories: int) -> None:
    others = "Ford, Nissan, GM, Toyota, Foxconn, BYD and CATL were at the fair, as were Geely and Kia."
    assert newsroom(f"{others}\n\n{sentence}").only("partnerships")["stories"] == stories


def test_an_article_may_tell_of_the_end_where_it_names_nobody() -> None:
    text = "Kestrel and its customer Nordvik Mobility have news.\n\nThe contract was terminated on Monday."
    row = newsroom(text).only("partnerships")
    assert (row["status"], row["stories"]) == ("ended", 2)


def test_an_end_that_is_denied_is_none() -> None:
    row = newsroom("Kestrel denied that it was to leave the partnership with Nordvik Mobility.").only("partnerships")
    assert (row["status"], row["stories"]) == ("agreed", 2)


@pytest.mark.parametrize(
    ("sentence", "status"),
    [
        ("ORG has terminated its contract with ORG.", "ended"),
        ("ORG and ORG broke off negotiations.", "ended"),
        ("ORG signed a contract with ORG, ending weeks of speculation.", "agreed"),
        ("ORG is in talks with ORG.", "negotiating"),
        ("Deliveries to ORG are to begin next year, says ORG.", None),
        ("ORG began to deliver motors to ORG.", "active"),
        ("Motors for ORG come from ORG.", None),
        ("ORG denied that it was in talks with ORG.", "ended"),
        ("ORG rejected a report that it was to leave its partnership with ORG.", None),
        ("QUITO - ORG and ORG have founded a joint venture.", "active"),
    ],
)
def test_a_sentence_tells_how_far_a_deal_has_got(sentence: str, status: str | None) -> None:
    names = [(i, i + 3) for i in range(len(sentence)) if sentence.startswith("ORG", i)]
    assert Wording.load().status(sentence, names) == status


@pytest.mark.parametrize("row", read_rows(REFERENCE / "restart_cues.csv", "cue", "example"), ids=str)
def test_a_cue_of_what_is_done_again_stands_in_its_example(row: dict[str, str]) -> None:
    assert restarts().search(row["example"])


def test_sentences_end_where_people_would_say_so() -> None:
    text = "Mr. J. Smith of Foo Co. Ltd. left. “Why?” he asked. It cost $4.5 billion\nEnd"
    assert [text[a:b] for a, b in sentences(text)] == [
        "Mr. J. Smith of Foo Co. Ltd. left.", "“Why?” he asked.", "It cost $4.5 billion", "End",
    ]  # fmt: skip


def retold_at(*texts: tuple[str, date]) -> Newsroom:
    """A deal that is active, and later articles from which nothing was extracted."""
    room = newsroom("Nordvik Mobility has motors from Kestrel Drives in service at Skagen and Aalborg.")
    for text, published in texts:
        room.report(text=text, title="News", published=published)
    return room


STOPPED = "Kestrel Drives of Aalborg has terminated its contract with Nordvik Mobility of Skagen."


def test_an_article_long_after_counts_where_one_in_between_retells_the_same() -> None:
    far = ("Nordvik Mobility still has its motors of Skagen from Kestrel Drives of Aalborg.", date(2030, 5, 1))
    assert retold_at(far).only("partnerships")["stories"] == 2
    between = ("Nordvik Mobility has motors for Skagen from Kestrel Drives of Aalborg.", date(2028, 5, 1))
    assert retold_at(far, between).only("partnerships")["stories"] == 4


@pytest.mark.parametrize(
    ("text", "status"),
    [
        (STOPPED, "ended"),
        (f"{STOPPED} That is nonsense, both say.", "active"),
        (f"{STOPPED} But since May Kestrel again supplies Nordvik.", "active"),
    ],
    ids=["ended", "denied", "done again"],
)
def test_an_end_that_is_denied_or_overcome_is_none(text: str, status: str) -> None:
    assert retold_at((text, date(2027, 5, 1))).only("partnerships")["status"] == status


def test_an_article_may_name_some_of_several_parties() -> None:
    room = Newsroom()
    parties = ("Nordvik Mobility/partner", "Kestrel Drives/partner", "Ovelund/partner")
    deal = partnership(*parties, kind="joint_venture", status="agreed", confidence=0.9)
    room.report(deal, text=SIGNED, title="Motors", published=date(2026, 1, 1))
    text = "Nordvik Mobility and Kestrel Drives have a venture for motors at Skagen and Aalborg."
    room.report(text=text, published=date(2026, 5, 1))
    assert room.only("partnerships")["stories"] == 2
