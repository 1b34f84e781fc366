"""How much an event deserves trust, from how it was found.

What the model of pairs found has the model's probability. Of what frames found, each sign adds or takes what it was
seen to be worth on labelled articles. The score orders events; what precision it stands for at three levels is measured
and written down in `docs/extraction.md`.
"""

from __future__ import annotations

from typing import Final

from tasks.extraction.merge import Merged

_BASE: Final = 0.6
_SEVERAL_PARTIES: Final = 0.15
_MEASURED: Final = 0.1
_TOLD_AGAIN: Final = 0.1
_EXACT_FRAME: Final = 0.05
_DATED: Final = 0.05
_LONE_NOUN: Final = -0.05
_INFERRED: Final = -0.2
_STRANGER: Final = -0.1
_HEARSAY: Final = -0.1


def confidence(merged: Merged, known: int, strangers: int) -> float:
    """Confidence between 0 and 1.

    Args:
        merged: The event.
        known: Participants that the reference knows.
        strangers: Participants found in the text alone.
    """
    draft = merged.draft
    if draft.probability is not None:
        return round(draft.probability, 2)
    several = known + strangers > 1
    signs = (
        (several, _SEVERAL_PARTIES),
        (bool(draft.figures), _MEASURED),
        (len(merged.drafts) > 1, _TOLD_AGAIN),
        (draft.frame.kind is not None, _EXACT_FRAME),
        (bool(draft.dates), _DATED),
        (draft.trigger.pos_ == "NOUN" and not several, _LONE_NOUN),
        (draft.inferred, _INFERRED),
        (strangers > known, _STRANGER),
        (draft.attribution != "stated", _HEARSAY),
    )
    return round(min(max(_BASE + sum(worth for holds, worth in signs if holds), 0.05), 0.95), 2)
