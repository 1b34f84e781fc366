"""Datelines end where the report begins, and name nobody who takes part."""

from __future__ import annotations

import pytest

from tasks.extraction.datelines import datelines
from tasks.extraction.nlp import parse


@pytest.mark.parametrize(
    "dateline",
    [
        "SEOUL, Feb 10 (Agency) - ",
        "WINTHROP, Maine — ",
        "SHANGHAI/DETROIT, 3 March (ABC) -- ",
        "SAINT-JÉRÔME — ",
        "XI'AN -- ",
        "Lima, June 4, 2024 – ",
        "LIBERTY, N.C. — ",
        "Taipei, May 8 (ABC) ",
        "PUNE, Aug 17 (ABC): ",
        "Nagoya, Japan; September 30, 2024: ",
    ],
)
def test_a_dateline_ends_where_the_report_begins(dateline: str) -> None:
    text = f"{dateline}The carmaker will build a plant."
    assert [text[end:] for _, end in datelines(text)] == ["The carmaker will build a plant."]


@pytest.mark.parametrize(
    "text",
    [
        "BYD – China's largest carmaker – will build a plant.",
        "Kia Motors - The second brand of the group grows.",
        "Taiwan Semiconductor (TSMC) Makes chips.",
        "THE PLANT IS LATE and nobody knows why.",
    ],
)
def test_a_name_before_a_dash_is_no_dateline(text: str) -> None:
    assert not list(datelines(text))


def test_a_dateline_is_a_sentence_by_itself() -> None:
    doc = parse("SEOUL, Feb 10 (Agency) - Kia will build a plant. It will open next year.")
    assert [s.text for s in doc.sents] == [
        "SEOUL, Feb 10 (Agency) -",
        "Kia will build a plant.",
        "It will open next year.",
    ]
