"""What an article says has not come about yet."""

from __future__ import annotations

from pathlib import Path

import pytest

from evpact.errors import ReferenceDataError
from evpact.settings import REFERENCE
from tasks.extraction.limits import Limits
from tasks.rows import read_rows
from tests.extraction.conftest import Read


@pytest.mark.parametrize("row", read_rows(REFERENCE / "status_limits.csv", "cue", "highest", "example"), ids=str)
def test_a_cue_stands_in_its_example(row: dict[str, str]) -> None:
    found = Limits.read(REFERENCE).by_status
    lowest = next((status for status, cues in found.items() if cues.search(row["example"].lower())), None)
    assert lowest == row["highest"]


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Ford will buy batteries from BYD, both announced. The contract is to be signed in April.", "announced"),
        ("Ford and BYD run a joint venture for batteries. Talks between Ford and BYD have not begun.", "exploring"),
        (
            "Ford and BYD have signed a memorandum on battery supplies. The contract will be signed in April.",
            "agreed",
        ),
        (
            "Ford has agreed to buy batteries from BYD. Its contract with Kia for vans has not been signed.",
            "agreed",
        ),
        (
            "Kia is in talks with Geely about vans. BYD supplies Ford with batteries. It rains. It snows. It hails. "
            "Nothing has been signed.",
            "active",
        ),
    ],
)
def test_no_deal_is_further_than_the_article_says(text: str, status: str, read: Read) -> None:
    deals = [event for event in read(text) if {p.name for p in event.participants} == {"Ford", "BYD"}]
    assert {event.status for event in deals} == {status}


def test_a_status_that_is_no_limit_is_told(tmp_path: Path) -> None:
    (tmp_path / "status_limits.csv").write_text("cue,highest,example\nnot signed,ended,It is not signed.\n")
    with pytest.raises(ReferenceDataError, match="ended"):
        Limits.read(tmp_path)
