"""How much an event deserves trust, from how it was found, and how likely each status of it is.

What the model of pairs found has the model's probability. Of what frames found, each sign adds or takes what it was
seen to be worth on labelled articles. The score orders events; what precision it stands for at three levels is measured
and written down in `docs/extraction.md`.
"""

from __future__ import annotations

import math
from typing import Final

from evpact.vocabulary import STATUS
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

_OF_MODELS: Final = 0.6
_OF_READING: Final = 0.35
"""What the models' log odds of a status count for, and what it does that it was read so in the end.

Fitted on 1,850 partnerships in labelled articles that no model has learnt from.
"""
_LEAST: Final = 1e-4
_DIGITS: Final = 3


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


def statuses(merged: Merged) -> tuple[float, ...]:
    """How likely each word of `STATUS` is of a partnership, in that order; empty where no model has a say.

    The sentence decides that the status was read from: the first that names who takes part.
    """
    drafts = sorted(merged.drafts, key=lambda draft: (draft.inferred, draft.sentence))
    said = next((draft.statuses for draft in drafts if draft.statuses), None)
    if said is None:
        return ()
    read = merged.draft.status
    odds = [math.exp(_OF_MODELS * math.log(said[word] + _LEAST) + _OF_READING * (word == read)) for word in STATUS]
    return tuple(round(each / sum(odds), _DIGITS) for each in odds)
