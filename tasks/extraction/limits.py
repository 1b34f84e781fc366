"""Limits of status: what an article says has not come about yet.

"The contract has not been signed so far", "no talks have been held": such words seldom stand where the deal itself is
told, and outweigh how that is told. A line of `status_limits.csv` says how far a deal can have got at most of which
its words are said; … stands for up to eight words. A line with `agreed` names what is signed before a contract is (a
memorandum): where an article says that of a deal, no limit below that holds for it.

A limit is said of the deals of those whom its sentence names; if it names nobody, of what was told shortly before it,
or else of what the article told first. So is a denial that a deal has ended (`tasks.cues.denials`): it is then told to
have got as far as is likeliest.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Final, Self

from evpact.errors import ReferenceDataError
from evpact.vocabulary import STATUS
from tasks.cues import gapped
from tasks.cues.denials import Denials
from tasks.extraction.judging import likeliest
from tasks.extraction.merge import Merged
from tasks.extraction.parties import Party, Reader, Understood
from tasks.rows import read_rows

_FILE: Final = "status_limits.csv"
_NEAR: Final = 3
"""Sentences after which one that names nobody still speaks of what was told."""

_SIGNED: Final = "agreed"
_ENDED: Final = "ended"
_RANK: Final = {status: rank for rank, status in enumerate(s for s in STATUS if s != _ENDED)}


@dataclass(frozen=True)
class Limits:
    """The cues, compiled.

    Attributes:
        by_status: Pattern of the cues of each highest status, the lowest first.
        denials: What denies that a deal has ended.
    """

    by_status: Mapping[str, re.Pattern[str]]
    denials: Denials

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read the table from a folder.

        Raises:
            ReferenceDataError: It is missing or wrong.
        """
        rows = read_rows(folder / _FILE, "cue", "highest", "example")
        wrong = next((row["highest"] for row in rows if row["highest"] not in _RANK), None)
        if wrong is not None:
            raise ReferenceDataError(f"{folder / _FILE}: {wrong!r} is no status that can be a limit.")
        cues = {status: [row["cue"] for row in rows if row["highest"] == status] for status in _RANK}
        return cls({status: gapped(own) for status, own in cues.items() if own}, Denials.load(folder))

    def limited(self, merged: Sequence[Merged], article: Understood) -> list[Merged]:
        """What an article tells, none of it further than it says."""
        deals = [each for each in merged if each.draft.type == "partnership"]
        said = dict(self._said(article))
        limits: dict[int, str] = {}
        for number, status in said.items():
            for each in self._meant(number, deals, article):
                limits[id(each)] = min(limits.get(id(each), status), status, key=_RANK.__getitem__)
        written = [article.written(number) for number in range(len(article.sentences))]
        going_on = {id(each) for number in self.denials.among(written) for each in self._meant(number, deals, article)}
        found = []
        for each in merged:
            told = _going_on(each) if id(each) in going_on else each
            limit = limits.get(id(each))
            found.append(told if limit is None else _capped(told, self._lifted(limit, each, article), said))
        return found

    def _said(self, article: Understood) -> Iterator[tuple[int, str]]:
        """Limits by the number of the sentence that says them."""
        for number in range(len(article.sentences)):
            text = article.written(number).lower()
            found = (status for status, pattern in self._limits if pattern.search(text))
            if (lowest := next(found, None)) is not None:
                yield number, lowest

    @cached_property
    def _limits(self) -> list[tuple[str, re.Pattern[str]]]:
        return [(status, pattern) for status, pattern in self.by_status.items() if _RANK[status] < _RANK[_SIGNED]]

    def _meant(self, number: int, deals: Sequence[Merged], article: Understood) -> list[Merged]:
        """The deals of which a sentence says a limit: those of one circle, if it tells none itself."""
        own = [each for each in deals if any(d.sentence == number for d in each.drafts)]
        named = _companies(number, article)
        if own or named:
            able = [each for each in own or deals if named <= set(each.draft.parties)]
        else:
            told = sorted({d.sentence for each in deals for d in each.drafts})
            near = [sentence for sentence in told if number - _NEAR <= sentence < number]
            meant = [*near[-1:], *told[:1]][:1]
            able = [each for each in deals if any(d.sentence in meant for d in each.drafts)]
        return able if len({frozenset(each.draft.parties) for each in able}) == 1 else []

    def _lifted(self, limit: str, each: Merged, article: Understood) -> str:
        """The limit; that of what is signed, if the article says of the deal that something is."""
        parties, told = set(each.draft.parties), {draft.sentence for draft in each.drafts}
        named = (_companies(number, article) for number in range(len(article.sentences)))
        own = told | {number for number, who in enumerate(named) if who and who <= parties}
        signs = self.by_status.get(_SIGNED)
        rest = (self._without_limits(article.written(number).lower()) for number in sorted(own))
        is_signed = signs is not None and any(signs.search(text) for text in (article.title.lower(), *rest))
        return _SIGNED if is_signed else limit

    def _without_limits(self, text: str) -> str:
        for _, pattern in self._limits:
            text = pattern.sub(" ", text)
        return text


def _capped(merged: Merged, limit: str, said: Collection[int]) -> Merged:
    """What is told, no further than a limit.

    What has not begun has not ended: an end told nowhere but in sentences that say a limit is none.
    """
    drafts = tuple(replace(d, statuses=_cut(d.statuses, limit)) for d in merged.drafts)
    able = next((d.statuses for d in drafts if d.statuses), {limit: 1.0})
    status = merged.draft.status
    if status == _ENDED:
        is_beyond = all(d.sentence in said for d in merged.drafts if d.status == _ENDED)
    else:
        is_beyond = _RANK[status] > _RANK[limit]
    if not is_beyond:
        return merged
    return Merged(replace(merged.draft, status=likeliest({s: p for s, p in able.items() if s != _ENDED})), drafts)


def _going_on(merged: Merged) -> Merged:
    """What is told of a deal whose end is denied: anything but that."""
    drafts = tuple(replace(d, statuses=_without_end(d.statuses)) for d in merged.drafts)
    if merged.draft.status != _ENDED:
        return Merged(merged.draft, drafts)
    likely = next((d.statuses for d in drafts if d.statuses), {"active": 1.0})
    return Merged(replace(merged.draft, status=likeliest(likely), attribution="stated"), drafts)


def _without_end(statuses: Mapping[str, float]) -> Mapping[str, float]:
    """How likely each status is where the end is none of them."""
    left = 1.0 - statuses.get(_ENDED, 0.0)
    return {s: p / left for s, p in statuses.items() if s != _ENDED} | {_ENDED: 0.0} if left and statuses else statuses


def _cut(statuses: Mapping[str, float], limit: str) -> Mapping[str, float]:
    """How likely each status is where none can be further than a limit; an end is as likely as it was."""
    able = {s: p for s, p in statuses.items() if s != _ENDED and _RANK[s] <= _RANK[limit]}
    total, left = sum(able.values()), 1.0 - statuses.get(_ENDED, 0.0)
    if not total:
        return statuses
    return {s: able[s] * left / total if s in able else p if s == _ENDED else 0.0 for s, p in statuses.items()}


def _companies(number: int, article: Understood) -> set[Party]:
    return {e.id for _, entities in Reader(article, number).present() for e in entities if e.kind != "government"}
