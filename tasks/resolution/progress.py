"""Progress: how far a partnership had got when one text after another told of it.

No text decides alone: it may be misread, and what it tells may be long past.

- **What a text says** is how likely the extractor's models find each status in it, set against how common that status
  is (by its root: what is told of one partnership is not drawn from all); of several events of one text their mean
  counts, somewhat more the more there are. Where no model has a say, the status that was read is right in `READ_RIGHT`
  of all cases. In `PAST` of all cases, of a recap in `PAST_OF_RECAPS`, a text tells an earlier status than the present
  one; after the end, one that texts before it have told.
- **From one text to the next** a partnership stays what it is the less likely, the longer that takes (`STAYS`,
  `MEMORY`); it may end (`ENDS`), and else moves on. It hardly ever goes back (`GOES_BACK`), or begins again soon after
  its end (`BEGINS_AGAIN`; `BEGINS_AGAIN_LATER`), unless a text says that it is so again (`AFRESH`).
- **The status** at each text is the likeliest in the light of all texts, those before it and those after it, among the
  statuses that were read. What one text alone tells is as it was read.

This is a hidden Markov model, whose states are found by the forward and backward passes of Rabiner (1989), "A Tutorial
on Hidden Markov Models and Selected Applications in Speech Recognition".
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from evpact.vocabulary import STATUS

READ_RIGHT: Final = 0.9
PAST: Final = 0.15
PAST_OF_RECAPS: Final = 0.5
STAYS: Final = 0.4
MEMORY: Final = 1000
"""Days after which a status is less likely to have lasted by the factor e."""
ENDS: Final = 0.15
GOES_BACK: Final = 0.01
BEGINS_AGAIN: Final = 0.1
BEGINS_AGAIN_LATER: Final = 0.4
PAUSE: Final = 180
"""Days in which the one becomes the other: news of long ago is seldom told once more as if it were new."""
AFRESH: Final = 0.4
"""How likely something has begun anew of which a text says so, and how unlikely such a text looks back."""

_SHARE: Final = np.array([0.03, 0.04, 0.07, 0.20, 0.45, 0.10, 0.11])
"""How common each status is among 1,850 partnerships in labelled articles, in the order of `STATUS`."""
_WEIGHED: Final = _SHARE**0.5
_FIRST: Final = np.array([0.12, 0.15, 0.20, 0.25, 0.20, 0.06, 0.02])
"""How likely each is when a partnership is told for the first time: news begins early."""
_ORDER: Final = {status: place for place, status in enumerate(STATUS)}
_ENDED: Final = _ORDER["ended"]
_TALKS: Final = tuple(_ORDER[status] for status in ("exploring", "negotiating"))
_GOING_ON: Final = tuple(_ORDER[status] for status in ("active", "completed"))
_EARLIER: Final = tuple(
    [_ORDER[other] for other in ("negotiating", "announced", "agreed", "active") if _ORDER[other] < place]
    for place in _ORDER.values()
)
"""What texts go on telling when it is past, by what has become of it."""
_SHORTEST_STAY: Final = 0.1
_LEAST: Final = 1e-4

_Vector = npt.NDArray[np.float64]


class Reading(NamedTuple):
    """An event as far as it says how far its partnership has got.

    Attributes:
        story_id: The text it is from.
        reported: When that was published.
        status: The status that was read.
        statuses: How likely each status is, in the order of `STATUS`, or nothing.
        recap: Whether it is told as something earlier.
        afresh: Whether it is told as something that is done again.
    """

    story_id: str
    reported: date
    status: str
    statuses: Sequence[float] = ()
    recap: bool = False
    afresh: bool = False


def believed(readings: Sequence[Reading]) -> dict[str, str]:
    """The status of a partnership at each text, by `story_id`, in their order.

    Args:
        readings: Its events in the order of publication.

    Returns:
        Nothing, if they are of one text.
    """
    texts: dict[str, list[Reading]] = {}
    for reading in readings:
        texts.setdefault(reading.story_id, []).append(reading)
    if len(texts) < 2:
        return {}
    read = {reading.status for reading in readings}
    if len(read) == 1:
        return dict.fromkeys(texts, *read)
    able = np.array([status in read for status in STATUS])
    known = frozenset[int]()
    said = []
    for own in texts.values():
        said.append(_said(own, known, able))
        known |= {_ORDER[reading.status] for reading in own}
    days = [own[0].reported for own in texts.values()]
    afresh = [frozenset(place for reading in own for place in _begun_anew(reading)) for own in texts.values()]
    steps = [_steps((later - day).days, anew) for (day, later), anew in zip(pairwise(days), afresh[1:], strict=True)]
    forward = [_FIRST * said[0]]
    for step, now in zip(steps, said[1:], strict=True):
        forward.append(_normed((forward[-1] @ step) * now))
    backward = [np.ones(len(STATUS))]
    for step, now in zip(reversed(steps), reversed(said), strict=False):
        backward.append(_normed(step @ (now * backward[-1])))
    names = tuple(STATUS)
    return {
        story: names[int(np.argmax(before * after))]
        for story, before, after in zip(texts, forward, reversed(backward), strict=True)
    }


def _begun_anew(reading: Reading) -> tuple[int, ...]:
    """What a text says to be so again; which talks are held is often misread."""
    told = _ORDER[reading.status]
    return () if not reading.afresh else _TALKS if told in _TALKS else (told,)


def _said(readings: Sequence[Reading], known: frozenset[int], able: npt.NDArray[np.bool_]) -> _Vector:
    """How well what a text says goes with each able status, if others are known from texts before it."""
    logs = np.sum([np.log(_likelihood(reading, known)) for reading in readings], axis=0) / len(readings) ** 0.5
    return np.where(able, np.exp(logs - logs[able].max()), 0.0)


def _likelihood(reading: Reading, known: frozenset[int]) -> _Vector:
    if reading.statuses:
        present = np.array(reading.statuses) / _WEIGHED
    else:
        present = np.full(len(STATUS), 1 - READ_RIGHT)
        present[_ORDER[reading.status]] += READ_RIGHT / _WEIGHED[_ORDER[reading.status]]
    past = PAST * (1 - AFRESH) if reading.afresh else PAST_OF_RECAPS if reading.recap else PAST
    return np.asarray(_tellings(past, known - {_ENDED}) @ (present / present.sum() + _LEAST))


@lru_cache(maxsize=256)
def _tellings(past: float, known: frozenset[int]) -> npt.NDArray[np.float64]:
    """How often texts tell each status where a partnership has got to each; `known` are those told before an end."""
    shares = np.zeros((len(STATUS), len(STATUS)))
    for status in range(len(STATUS)):
        earlier = sorted(known) if status == _ENDED else _EARLIER[status]
        shares[status, earlier or [status]] = 1 / max(len(earlier), 1)
    return np.asarray((1 - past) * np.eye(len(STATUS)) + past * shares)


@lru_cache(maxsize=4096)
def _steps(days: int, afresh: frozenset[int]) -> npt.NDArray[np.float64]:
    """How likely each status is some days after each; `afresh` are those that are said to be so again.

    Talks may be held again after anything, what runs or is signed again had ended.
    """
    stays = max(_SHORTEST_STAY, round(STAYS * float(np.exp(-days / MEMORY)), 2))
    steps = np.full((len(STATUS), len(STATUS)), GOES_BACK)
    for status in range(_ENDED):
        further = range(status + 1, _ENDED)
        steps[status, further] = (1 - stays - ENDS) / max(len(further), 1)
        steps[status, _ENDED] = ENDS
    for status in _GOING_ON:  # what is done may be told as running, and the other way round
        steps[status, _GOING_ON] = (1 - stays) / 10
    np.fill_diagonal(steps, stays)
    again = BEGINS_AGAIN_LATER + (BEGINS_AGAIN - BEGINS_AGAIN_LATER) * float(np.exp(-days / PAUSE))
    steps[_ENDED] = again / _ENDED
    steps[_ENDED, _ENDED] = stays
    for status in range(_ENDED + 1):
        if anew := [each for each in afresh if each != status and (status == _ENDED or each in _TALKS)]:
            steps[status, anew] = AFRESH / len(anew)
    return np.asarray(steps / steps.sum(axis=1, keepdims=True))


def _normed(vector: _Vector) -> _Vector:
    total = vector.sum()
    return vector / total if total else vector
