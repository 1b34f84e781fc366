"""Denials that a deal has ended."""

from __future__ import annotations

import pytest

from evpact.settings import REFERENCE
from tasks.cues.denials import Denials
from tasks.resolution.wording import sentences
from tasks.rows import read_rows


def denied(text: str) -> list[int]:
    return Denials.load().among([text[start:end] for start, end in sentences(text)])


@pytest.mark.parametrize("row", read_rows(REFERENCE / "end_denials.csv", "cue", "denies", "example"), ids=str)
def test_a_cue_denies_in_its_example(row: dict[str, str]) -> None:
    assert denied(row["example"])


@pytest.mark.parametrize(
    "text",
    [
        "Reports that Ford was to buy Geely are nonsense.",
        "Ford has terminated its contract with Geely.",
        "Ford did not say why the contract was terminated.",
        "The alliance fell apart, and Geely sued for damages, which Ford calls baseless.",
    ],
)
def test_what_denies_no_end_is_no_denial(text: str) -> None:
    assert not denied(text)
