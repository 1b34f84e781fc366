"""How much an event deserves trust, from how it was found.

The score adds up signs that hold on labelled articles; it orders events well, and its levels are measured, not promised:
see `docs/extraction.md` for the precision measured at each.
"""

from __future__ import annotations

from tasks.extraction.merge import Merged


def confidence(merged: Merged, known: int, strangers: int) -> float:
    """Confidence between 0 and 1.

    Args:
        merged: The event.
        known: Participants that the reference knows.
        strangers: Participants found in the text alone.
    """
    draft = merged.draft
    score = 0.5
    score += 0.1 * (len(merged.drafts) > 1)
    score += 0.1 * bool(draft.figures or draft.dates)
    score += 0.1 * (draft.frame.kind is not None or draft.frame.pos == "VERB")
    score += 0.1 * (known > 0 and strangers == 0)
    score -= 0.1 * (strangers > known)
    score -= 0.1 * (draft.attribution != "stated")
    return round(min(max(score, 0.05), 0.95), 2)
