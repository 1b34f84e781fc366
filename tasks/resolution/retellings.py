"""Retellings: articles that tell of a partnership which others tell too, where the extractor read nothing sure of it.

One article is easily misread, but its matter is seldom told by one alone. What the extractor found possible between
two of the parties, but too doubtful to be told, is borne out by the others: it counts, with its own sentence and
status, from `BORNE_OUT` on, of household names from `BORNE_OUT_HOUSEHOLD`. (Words in common tell little more: measured
on articles left out of training.) It must be told as in 1 and 4, and all parties must be named. Otherwise an article
retells a matter if

1. nothing was extracted from it about the same parties,
2. it names all of them (a parent or a subsidiary may stand for a party that is not named itself, unless it has a
   matter of its own with the others), and they make up a good part of all organisations that it names (`ABOUT`,
   `ABOUT_HOUSEHOLD`, `ABOUT_PLAIN`), or it has much in common with an article about the matter (`IN_COMMON_MUCH`; not
   of household names): it is about them.
   A near copy of an article about them is about them too, and so is one sentence that names them all and nobody else
   and has words in common with an article about the matter (`IN_COMMON_ALONE`; of household names only beside a word of
   a deal), or a word of a deal in an article that has (`IN_COMMON_PLAIN`; not of household names),
3. it names two of them in one sentence or headline, or in two of which a pronoun begins the second, beside a word of a
   deal (`deal_words.csv`) or a cue of status, or has several words in common in which an article about the matter
   differs from others (`IN_COMMON_PLAIN`); of household names both, the words of a deal and some in common; if the same
   parties have several matters, it has a cue of the kind of one of them alone, or clearly more words in common with it,
4. it is not told `FAR` before or after, and the parties are not of one group, unless it is a stake: others of a group
   are named together for much else.

Only matters of named companies of which one article was surely read (`SURELY_TOLD`) are looked for. What a retelling
says of the status is read by cues (`telling_cues.csv`) in sentences that name the parties, or that follow such ones and
name nobody; where there is none, it is the status told last before. Its confidence is `CONFIDENCE`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, cached_property
from itertools import combinations
from typing import Any, Final, NamedTuple, Self

import ahocorasick
import polars as pl

from evpact.ids import digest, fold, words_of
from evpact.reference import Reference
from evpact.vocabulary import STATUS
from tasks.cues import restarts
from tasks.cues.denials import Denials
from tasks.resolution.matters import BETWEEN, FAR, Texts
from tasks.resolution.names import NameParts, household_names
from tasks.resolution.wording import Wording, sentences

CONFIDENCE: Final = 0.5

ABOUT: Final = 0.3
"""Part that the parties must have in all namings of organisations, for the article to be about them."""

ABOUT_HOUSEHOLD: Final = 0.4
"""The same if all parties are household names: they are in the news for much else."""

ABOUT_PLAIN: Final = 0.5
"""The same for an article to name few but them."""

IN_COMMON: Final = 1
"""Words that an article about household names must share with one about the matter."""

IN_COMMON_PLAIN: Final = 3
"""Words that it must share where it names the parties in different sentences, or others beside no word of a deal."""

IN_COMMON_ALONE: Final = 2
"""The same for others, in an article that names few but them (`ABOUT_PLAIN`), or both in one sentence."""

IN_COMMON_MUCH: Final = 6
"""The same for others, in an article that names many more."""

BORNE_OUT: Final = 0.03
"""Probability from which what the extractor found possible is believed if other articles tell of the same matter."""

BORNE_OUT_HOUSEHOLD: Final = 0.1
"""The same if all parties are household names: they have more to do with one another than one matter."""

SURELY_TOLD: Final = 0.7
"""Confidence that one article must reach in a matter for others to retell it: no misreading shall be borne out."""

LIKELY: Final = 0.1
"""Probability from which its status and sentence are those that the extractor found, whatever words say."""

CLEARLY_MORE: Final = 2
"""Words more than with any other matter of the same parties."""

_UNTOLD: Final = (1 / len(STATUS),) * len(STATUS)
"""How likely each status is where an article says nothing of it."""
_NOBODY: Final = ("group", "government", "association")
_PRONOUNS: Final = ("It ", "Its ", "They ", "Their ")
_SHORTEST_ALONE: Final = 4
_GOES_ON: Final = 3
"""Sentences for which a text goes on about whom it named, as long as it names nobody else."""
_MOST_CUT: Final = 5  # words of a legal form
_MOST_COMPARED: Final = 50  # articles of a matter: more say nothing new


@dataclass(frozen=True)
class _Matter:
    """What is known of a matter from the articles that tell it.

    Attributes:
        who: Its parties.
        kind: Its kind.
        told: Day and status of every dated event, in order; or the status of an undated one.
        words: Gives the words in which an article differs from others of the field.
        own: Of each party the words of its names.
        articles: The articles that tell it.
        roles: Role by party.
        is_household: Whether all parties are household names.
    """

    who: tuple[str, ...]
    kind: str | None
    told: Sequence[tuple[date | None, str]]
    words: Callable[[str], frozenset[str]]
    own: Sequence[frozenset[str]]
    articles: Sequence[str]
    roles: Mapping[str, str]
    is_household: bool

    def status_at(self, day: date | None, *, again: bool = False) -> str:
        """The status told last until a day; the first one before anything was told.

        What is done again is as it was before its end.
        """
        before = [status for told, status in self.told if day is None or told is None or told <= day]
        if again:
            before = [status for status in before if status != "ended"]
        return before[-1] if before else self.told[0][1]

    def is_of_time(self, day: date | None) -> bool:
        first, last = self.told[0][0], self.told[-1][0]
        return day is None or first is None or last is None or first - FAR <= day <= last + FAR

    def in_common(self, words: frozenset[str]) -> int:
        """Words that a text shares with the article most like it."""
        telling = words.difference(*self.own)
        return max(len(telling & self.words(article_id)) for article_id in self.articles[:_MOST_COMPARED])


@dataclass(frozen=True)
class _Doubtful:
    """A deal of two that the extractor found possible in an article.

    Attributes:
        sides: For each of the two, whom his names may mean.
        kind: Its kind.
        status: Its status.
        statuses: How likely each status is, as in `tasks.records.Event`.
        start: Start of the sentence that tells it best.
        end: End of it.
        probability: How likely it is without other articles.
    """

    sides: tuple[frozenset[str], frozenset[str]]
    kind: str | None
    status: str
    statuses: Sequence[float]
    start: int
    end: int
    probability: float

    def is_of(self, matter: _Matter) -> bool:
        """Whether it is of two parties of a matter, and likely, given that others tell of that."""
        one, other = (side.intersection(matter.who) for side in self.sides)
        is_enough = self.probability >= (BORNE_OUT_HOUSEHOLD if matter.is_household else BORNE_OUT)
        return is_enough and bool(one) and bool(other) and len(one | other) > 1


@dataclass(frozen=True)
class _Passage:
    """Where an article tells of a matter.

    Attributes:
        start: Start of the sentence in its text.
        end: End of it.
        names: How it names the parties.
        status: How far it says that it has got, if it does.
        statuses: How likely each status is, where a model says so.
        is_close: Whether it names two parties in one sentence or in the headline.
        is_deal: Whether it does so beside a word of a deal.
        part: Part of the parties in all namings of organisations.
        is_theirs: Whether the sentence names all parties and nobody else.
        again: Whether the sentence tells of something that is done again.
    """

    start: int
    end: int
    names: Mapping[str, str]
    status: str | None
    is_close: bool
    is_deal: bool
    part: float
    is_theirs: bool
    again: bool
    statuses: Sequence[float] = ()


def resolve(
    articles: pl.DataFrame,
    told: pl.DataFrame,
    members: pl.DataFrame,
    doubtful: pl.DataFrame,
    organizations: pl.DataFrame,
    texts: Texts,
    reference: Reference,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The events that articles retell, and their participants.

    Args:
        articles: `article_id`, `title`, `text`, `published`, `story_id`.
        told: Every partnership event by matter: `event_id`, `article_id`, `extractor`, `reported`, `status`,
            `confidence`, `who` (the parties, joined) and `kind`.
        members: `event_id`, `article_id`, `org_id`, `name`, `aliases`, `role` and more of every participant told.
        doubtful: `article_id` and the fields of `tasks.records.Event` of partnerships too doubtful to be told.
        organizations: `org_id`, `name`, `aliases`, `kind`, `parent_id`, `in_reference` of everybody known.
        texts: The words of the articles.
        reference: Places and words.

    Returns:
        Rows with columns of `Statements.events` of `tasks.resolution.statements`, and rows like `members`.
    """
    names = Names.read(members, organizations, reference)
    wording = Wording.load()
    matters = _matters(told, members, organizations, names, texts)
    circles = defaultdict[str, list[frozenset[str]]](list)
    for article_id, who in told.select("article_id", "who").unique().iter_rows():
        circles[article_id].append(frozenset(who.split(BETWEEN)))
    search = _Search(articles, names, wording, circles, _possible(doubtful, names))
    found, untimely = search.tellings(matters)
    days = search.days
    if longer := _told_longer(matters, found, days):  # what was too far off may be near what others retell
        told_again = {matter.who for matter in longer}
        kept = [each for each in found if each[1].who not in told_again]
        more, _ = search.tellings(longer, untimely | {article_id for article_id, _, _ in found})
        found = list({(each[0], each[1].who, each[1].kind): each for each in [*kept, *more]}.values())
    extractor = told["extractor"].drop_nulls().sort().first() if len(told) else None
    events, parties = list[dict[str, Any]](), list[dict[str, Any]]()
    for article_id, matter, passage in found:
        event_id = "e" + digest(article_id, *matter.who, matter.kind, passage.start, passage.end)
        events.append(
            {
                "event_id": event_id,
                "article_id": article_id,
                "extractor": extractor,
                "retold": True,
                "type": "partnership",
                "kind": matter.kind,
                "status": passage.status or matter.status_at(days[article_id], again=passage.again),
                "statuses": list(passage.statuses if passage.status or passage.again else _UNTOLD),
                "evidence_start": passage.start,
                "evidence_end": passage.end,
                "attribution": "stated",
                "confidence": CONFIDENCE,
            }
        )
        parties += [
            {
                "event_id": event_id,
                "article_id": article_id,
                "name": passage.names[org_id],
                "role": matter.roles[org_id],
                "org_id": org_id,
                "kind": "other",
            }
            for org_id in matter.who
        ]
    return (
        pl.DataFrame(events, schema_overrides=_EVENTS) if events else pl.DataFrame(schema=_EVENTS),
        pl.DataFrame(parties, schema_overrides=_PARTIES) if parties else pl.DataFrame(schema=_PARTIES),
    )


@dataclass(frozen=True)
class _Search:
    """Looks through articles for those that retell matters.

    Attributes:
        articles: `article_id`, `title`, `text`, `published`, `story_id`.
        names: How they call organisations.
        wording: What they say of deals.
        circles: The parties of the partnerships that were extracted from each article.
        possible: The deals that the extractor found possible in each.
    """

    articles: pl.DataFrame
    names: Names
    wording: Wording
    circles: Mapping[str, Sequence[frozenset[str]]]
    possible: Mapping[str, Sequence[_Doubtful]]

    @cached_property
    def days(self) -> dict[str, date | None]:
        """Day of publication by article."""
        return dict(self.articles.select("article_id", "published").iter_rows())

    def tellings(
        self, matters: Sequence[_Matter], among: Collection[str] | None = None
    ) -> tuple[list[tuple[str, _Matter, _Passage]], set[str]]:
        """Articles that retell matters, and those that might, were they of their time.

        Args:
            matters: What is looked for.
            among: The articles to look at; otherwise all.
        """
        by_pair = defaultdict[tuple[str, str], list[_Matter]](list)
        for matter in matters:
            for pair in combinations(matter.who, 2):
                by_pair[pair].append(matter)
        wanted = {name for matter in matters for name in matter.who}
        parts = _Parts(matters)
        found, rest = list[tuple[str, _Matter, _Passage]](), list[tuple[str, _Matter, _Passage]]()
        untimely = set[str]()
        asked = self.articles if among is None else self.articles.filter(pl.col("article_id").is_in(list(among)))
        for article_id, title, text in asked.select("article_id", "title", "text").sort("article_id").iter_rows():
            whole = _Text(title or "", text, self.names, wanted)
            if len(whole.named) < 2:
                continue
            read = [
                {meant for org_id in circle for meant in self.names.may_mean(org_id)}
                for circle in self.circles.get(article_id, ())
            ]
            named = {
                id(part): part
                for pair in combinations(sorted(whole.named), 2)
                for matter in by_pair.get(pair, ())
                if (part := parts.named(matter, whole.named)) is not None
                and not any(len(circle.intersection(part.who)) > 1 for circle in read)
            }
            timely = [matter for matter in named.values() if matter.is_of_time(self.days[article_id])]
            if len(timely) < len(named):
                untimely.add(article_id)
            for matter, passage, is_about in _retold(
                timely, whole, read, self.possible.get(article_id, ()), self.wording
            ):
                (found if is_about else rest).append((article_id, matter, passage))
        story = dict(self.articles.select("article_id", "story_id").iter_rows())
        told_in = {(story[article_id], id(matter)) for matter in matters for article_id in matter.articles}
        told_in |= {(story[article_id], id(matter)) for article_id, matter, _ in found}
        return found + [each for each in rest if (story[each[0]], id(each[1])) in told_in], untimely


class _Parts:
    """Matters of several, as articles tell them that name some of the parties alone."""

    def __init__(self, matters: Sequence[_Matter]) -> None:
        self._told = {matter.who for matter in matters}
        self._parts: dict[tuple[int, tuple[str, ...]], _Matter] = {}

    def named(self, matter: _Matter, named: Collection[str]) -> _Matter | None:
        """A matter with those of its parties that are named; None if these have one of their own."""
        who = tuple(party for party in matter.who if party in named)
        if len(who) == len(matter.who):
            return matter
        if who in self._told:
            return None
        return self._parts.setdefault((id(matter), who), replace(matter, who=who))


def _told_longer(
    matters: Sequence[_Matter], found: Sequence[tuple[str, _Matter, _Passage]], days: Mapping[str, date | None]
) -> list[_Matter]:
    """The matters of those parties of which some are told over a longer time by those that retell them."""
    added = defaultdict[tuple[tuple[str, ...], str | None], list[tuple[date, str]]](list)
    for article_id, matter, passage in found:
        if (day := days[article_id]) is not None:
            added[matter.who, matter.kind].append((day, passage.status or matter.status_at(day)))
    longer = {
        matter.who
        for matter in matters
        if (more := added.get((matter.who, matter.kind)))
        and matter.told[0][0] is not None
        and not (matter.told[0][0] <= min(more)[0] and max(more)[0] <= (matter.told[-1][0] or date.min))
    }
    return [
        replace(matter, told=sorted([*_dated(matter.told), *added.get((matter.who, matter.kind), ())]) or matter.told)
        for matter in matters
        if matter.who in longer
    ]


def _dated(told: Sequence[tuple[date | None, str]]) -> list[tuple[date, str]]:
    return [(day, status) for day, status in told if day is not None]


_EVENTS: Final = {
    name: pl.String() for name in ("event_id", "article_id", "extractor", "type", "kind", "status", "attribution")
} | {
    "evidence_start": pl.Int64(),
    "evidence_end": pl.Int64(),
    "confidence": pl.Float64(),
    "retold": pl.Boolean(),
    "statuses": pl.List(pl.Float64()),
}
_PARTIES: Final = dict.fromkeys(("event_id", "article_id", "name", "role", "org_id", "kind"), pl.String())


def _matters(
    told: pl.DataFrame,
    members: pl.DataFrame,
    organizations: pl.DataFrame,
    names: Names,
    texts: Texts,
) -> list[_Matter]:
    """The matters of named companies."""
    nobody = organizations.filter(pl.col("kind").is_in(_NOBODY)).select("org_id")
    parties = told.select("who").unique().with_columns(org_id=pl.col("who").str.split(BETWEEN)).explode("org_id")
    unnamed = parties.join(nobody, on="org_id", how="semi").select("who").unique()
    sure = pl.col("confidence").max().over("who", "kind") >= SURELY_TOLD
    named = told.filter(sure).join(unnamed, on="who", how="anti").sort("reported", "event_id", nulls_last=True)
    ranked = (
        named.select("who", "event_id")
        .join(members.select("event_id", "org_id", "role"), on="event_id")
        .group_by("who", "org_id", "role")
        .len()
        .sort("who", "org_id", pl.col("role") == "partner", "len", "role", descending=[False] * 3 + [True, False])
        .unique(["who", "org_id"], keep="first", maintain_order=True)
    )
    roles = {(who, org_id): role for who, org_id, role in ranked.select("who", "org_id", "role").iter_rows()}
    household = household_names()
    heads = _heads(organizations)
    words_of_names = cache(names.words)  # one has many a matter
    found = []
    tellings = defaultdict[tuple[str, str | None], list[tuple[str, date | None, str]]](list)
    for who, kind, *telling in named.select("who", "kind", "article_id", "reported", "status").iter_rows():
        tellings[who, kind].append((telling[0], telling[1], telling[2]))
    for (who, kind), rows in tellings.items():
        orgs = tuple(who.split(BETWEEN))
        told_in = sorted({article_id for article_id, _, _ in rows})
        course = [(reported, status) for _, reported, status in rows]
        dated = [telling for telling in course if telling[0] is not None]
        if kind != "equity" and len({heads.get(org_id, org_id) for org_id in orgs}) < len(orgs):
            continue
        found.append(
            _Matter(
                orgs,
                kind,
                dated or course[:1],
                texts.words,
                tuple(map(words_of_names, orgs)),
                told_in,
                {org_id: roles.get((who, org_id), "partner") for org_id in orgs},
                household.issuperset(orgs),
            )
        )
    return found


class _Text:
    """An article with whom it names where; the headline stands at negative places before the text."""

    def __init__(self, title: str, text: str, names: Names, wanted: set[str]) -> None:
        self.title, self.text = title, text
        shift = len(title) + 1
        self._found = [(start - shift, end - shift, org_id) for start, end, org_id in names.find(f"{title}\n{text}")]
        self._names = names
        self._own = {org_id for _, _, org_id in self._found}
        self.named = {meant for _, _, org_id in self._found for meant in names.may_mean(org_id) if meant in wanted}

    @property
    def namings(self) -> int:
        """How often it names an organisation."""
        return len(self._found)

    def kin(self, who: Sequence[str]) -> int:
        """How often it names others whose names may stand for one of these."""
        return sum(
            org_id not in who and not set(who).isdisjoint(self._names.may_mean(org_id)) for _, _, org_id in self._found
        )

    def hits(self, who: Sequence[str]) -> list[tuple[int, int, str]]:
        """Where the text names these parties; a relative's name stands for one that is not named itself."""
        found = [hit for hit in self._found if hit[2] in who]
        missing = set(who) - self._own
        stands_for = [
            (start, end, meant)
            for start, end, org_id in self._found
            if org_id not in who
            for meant in self._names.may_mean(org_id)
            if meant in missing
        ]
        return sorted(found + stands_for)

    def rather_named(self, who: Sequence[str]) -> Iterator[tuple[str, ...]]:
        """These parties with relatives who are named, in place of those whom the text does not name themselves."""
        missing = set(who) - self._own
        for org_id in self._own.difference(who):
            if len(missing) == 1 and not missing.isdisjoint(self._names.may_mean(org_id)):
                yield tuple(sorted({*who, org_id} - missing))

    def namings_in(self, start: int, end: int) -> int:
        """How often a stretch names an organisation that is no state: those mostly say where."""
        return sum(start <= a < end and org_id not in self._names.states for a, _, org_id in self._found)

    def stretch(self, start: int, end: int) -> str:
        return self.title[start + len(self.title) + 1 :] if start < 0 else self.text[start:end]

    def sentences(self) -> Iterator[tuple[int, int]]:
        """The headline as one that ends at -1, then those of the text."""
        if self.title:
            yield -len(self.title) - 1, -1
        yield from sentences(self.text)


def _possible(doubtful: pl.DataFrame, names: Names) -> dict[str, list[_Doubtful]]:
    """What the extractor found possible, by article."""
    found = defaultdict[str, list[_Doubtful]](list)
    meant_by = cache(names.meant_by)  # an article has many a deal of one company
    columns = ("kind", "status", "statuses", "evidence_start", "evidence_end", "confidence")
    for article_id, participants, *rest in doubtful.select("article_id", "participants", *columns).iter_rows():
        one, other = (meant_by(p["name"], *p["aliases"]) | {p["org_id"]} - {None} for p in participants)
        found[article_id].append(_Doubtful((one, other), *rest))
    return found


def _retold(
    matters: Sequence[_Matter],
    text: _Text,
    read: Sequence[set[str]],
    doubtful: Sequence[_Doubtful],
    wording: Wording,
) -> Iterator[tuple[_Matter, _Passage, bool]]:
    """What an article may retell, and whether it is about it.

    Of several matters of the same parties it is the one most like it, if it is clearly so. An article from which
    something else of one of the parties was read must name two of them in one sentence.
    """
    words = wording.telling_words(f"{text.title}\n{text.text}") if matters else frozenset[str]()
    everybody = {matter.who for matter in matters}
    for who in sorted(everybody):
        if not everybody.isdisjoint(text.rather_named(who)):
            continue
        same = sorted(
            (matter for matter in matters if matter.who == who), key=lambda m: (-m.in_common(words), m.kind or "~")
        )
        same = [matter for matter in same if matter.kind] or same
        if len(same) > 1:  # an article without a word of a venture is not about one
            same = [matter for matter in same if wording.is_told(matter.kind, f"{text.title}\n{text.text}")] or same
        passage = _passage(who, text, wording)
        if passage is None:
            continue
        borne_out = [deal for deal in doubtful if deal.is_of(same[0])]
        if borne_out:
            deal = max(borne_out, key=lambda each: (each.probability, -each.start))
            own = next((matter for matter in same if matter.kind == deal.kind), same[0])
            if passage.status is None or deal.probability >= LIKELY:
                passage = replace(passage, start=deal.start, end=deal.end, status=deal.status, statuses=deal.statuses)
            yield own, passage, True
            continue
        same = [matter for matter in same if _is_said(matter.kind, passage, text, wording)] or same
        shared = [matter.in_common(words) for matter in same]
        if len(same) == 1 or shared[0] - shared[1] >= CLEARLY_MORE:
            is_other = shared[0] < IN_COMMON_MUCH and any(not circle.isdisjoint(who) for circle in read)
            is_elsewhere = is_other and not passage.is_close
            is_theirs = passage.is_theirs and _is_theirs(
                passage, same[0].is_household, same[0].in_common(_words(passage, text, wording)), shared[0]
            )
            is_about = _is_about(passage, same[0].is_household, shared[0])
            yield same[0], passage, not is_elsewhere and (is_theirs or is_about)


def _words(passage: _Passage, text: _Text, wording: Wording) -> frozenset[str]:
    """The words in which a sentence differs from others of the field."""
    return wording.telling_words(text.text[passage.start : passage.end])


def _is_said(kind: str | None, passage: _Passage, text: _Text, wording: Wording) -> bool:
    """Whether headline or passage have a cue of a kind, or a sign of one that is hardly told without."""
    said = f"{text.title}\n{text.text[passage.start : passage.end]}"
    return kind in wording.kind_cues(said) or (kind in wording.signs and wording.is_told(kind, said))


def _is_theirs(passage: _Passage, is_household: bool, in_sentence: int, shared: int) -> bool:
    """Whether a sentence that names the parties alone tells of a matter; it and its article share so many words."""
    if is_household:
        return passage.is_deal and in_sentence >= IN_COMMON_ALONE
    return in_sentence >= IN_COMMON_ALONE or (passage.is_deal and shared >= IN_COMMON_PLAIN)


def _is_about(passage: _Passage, is_household: bool, shared: int) -> bool:
    """Whether an article is about a matter with which it shares so many words."""
    if is_household:
        return passage.is_deal and shared >= IN_COMMON and passage.part >= ABOUT_HOUSEHOLD
    enough = IN_COMMON_ALONE if passage.is_close or passage.part >= ABOUT_PLAIN else IN_COMMON_PLAIN
    return shared >= IN_COMMON_MUCH or (passage.part >= ABOUT and (passage.is_deal or shared >= enough))


def _passage(who: Sequence[str], text: _Text, wording: Wording) -> _Passage | None:
    """Where an article tells of a matter of these parties, and how far it says that it has got."""
    parties = text.hits(who)
    if len({org_id for _, _, org_id in parties}) < len(who):
        return None
    extents = list(_going_on(parties, text))
    before = [(start, end) for (start, end), _ in extents]
    told = [
        _read(*extent, _since(extent, last, text), parties, text, wording, goes_on)
        for last, (extent, goes_on) in zip([None, *before], extents, strict=False)
    ]
    named = [sentence for sentence in told if sentence.parties]
    best = max(
        (sentence for sentence in named if sentence.start >= 0),
        key=lambda each: (each.parties > 1, each.is_deal, each.says, each.parties, not each.has_others, -each.start),
        default=None,
    )
    if best is None:
        return None
    if any(sentence.status == "ended" for sentence in told) and _is_end_denied(extents, text):
        told = [sentence for sentence in told if sentence.status != "ended"]
    saying = max(
        (sentence for sentence in told if sentence.says),
        key=lambda each: (each.again, min(each.parties, 2), each.start < 0, -each.start),
        default=None,
    )
    if saying is not None and saying.again and saying.start >= 0:
        best = saying
    return _Passage(
        best.start,
        best.end,
        {org_id: text.stretch(a, b)[: b - a] for a, b, org_id in sorted(parties, reverse=True)},
        saying.status if saying is not None else None,
        is_close=any(sentence.parties > 1 for sentence in named),
        is_deal=any(sentence.parties > 1 and sentence.is_deal for sentence in named),
        part=len(parties) / max(text.namings - text.kin(who), len(parties)),
        is_theirs=best.parties == len(who) and not best.has_others,
        again=best.again,
    )


def _is_end_denied(extents: Sequence[tuple[tuple[int, int], bool]], text: _Text) -> bool:
    """Whether one of the sentences that are about the parties says that their deal has not ended."""
    denying = Denials.load().among([text.stretch(*extent) for extent, _ in extents])
    return any(extents[number][1] for number in denying)


def _going_on(parties: Sequence[tuple[int, int, str]], text: _Text) -> Iterator[tuple[tuple[int, int], bool]]:
    """The sentences, and whether each is about the parties: it names one, or goes on about them and names nobody."""
    since = _GOES_ON + 1
    for start, end in text.sentences():
        if any(start <= a < end for a, _, _ in parties):
            since = 0
        elif text.namings_in(start, end):
            since = _GOES_ON + 1
        else:
            since += 1
        yield (start, end), since <= _GOES_ON


def _since(extent: tuple[int, int], last: tuple[int, int] | None, text: _Text) -> int:
    """Where a sentence begins, or the one before if a pronoun takes up whom that names: "Its purchase of Foo"."""
    if last is not None and last[0] >= 0 and text.stretch(*extent).startswith(_PRONOUNS):
        return last[0]
    return extent[0]


class _Sentence(NamedTuple):
    """A sentence or headline.

    Attributes:
        start: Its start, negative if it is the headline.
        end: Its end.
        parties: How many of the parties it names, or takes up from the one before.
        status: How far it says that they have got.
        says: Whether it says something of that, were it that they have not ended.
        is_deal: Whether it has a word of a deal or of its status.
        has_others: Whether it names somebody else.
        again: Whether it tells of something that is done again.
    """

    start: int
    end: int
    parties: int
    status: str | None
    says: bool
    is_deal: bool
    has_others: bool = False
    again: bool = False


def _read(
    start: int,
    end: int,
    since: int,
    parties: Sequence[tuple[int, int, str]],
    text: _Text,
    wording: Wording,
    goes_on: bool,
) -> _Sentence:
    """What a sentence says of the parties; one that goes on about them may speak of "the two" and their deal."""
    sentence = text.stretch(start, end)
    spans = [(a - start, b - start) for a, b, _ in parties if start <= a < end]
    has_deal = wording.names_deal(sentence)
    if not spans and not (has_deal and goes_on):
        return _Sentence(start, end, 0, None, says=False, is_deal=False)
    status = wording.status(sentence, spans)
    says = status is not None or wording.denies_end(sentence, spans)
    named = [org_id for a, _, org_id in parties if since <= a < end]
    some = len(set(named))
    has_others = text.namings_in(since, end) > len(named)
    again = status != "ended" and restarts().search(sentence) is not None
    return _Sentence(start, end, some, status, says, has_deal or status is not None, has_others, again)


@dataclass(frozen=True)
class Names:
    """How texts call organisations, compiled to be found; the longest name counts.

    Attributes:
        forms: Names by `org_id`.
        relatives: Whom a name may also stand for.
        states: Those that are governments.
        parts: What says where and what rather than who.
    """

    automaton: ahocorasick.Automaton
    forms: Mapping[str, frozenset[str]]
    relatives: Mapping[str, tuple[str, ...]]
    states: frozenset[str]
    parts: NameParts

    @classmethod
    def read(cls, members: pl.DataFrame, organizations: pl.DataFrame, reference: Reference) -> Self:
        """Names from the texts and from the reference, also without their legal forms.

        Those that nobody listed may be called by the first word, if it tells.
        """
        written = members.select("org_id", form=pl.concat_list(pl.concat_list("name"), "aliases")).explode("form")
        listed = organizations.select("org_id", form=pl.concat_list(pl.concat_list("name"), "aliases")).explode("form")
        forms = defaultdict[str, set[str]](set)
        for org_id, form in pl.concat([written, listed]).unique().drop_nulls().iter_rows():
            forms[org_id].add(form)
        parts = NameParts.load(reference)
        for names in forms.values():
            names |= {bare for name in names if (bare := _without_legal_form(name, parts))}
        firsts = defaultdict[str, set[str]](set)
        for org_id, names in forms.items():
            for name in names:
                firsts[name.split()[0]].add(org_id)
        unlisted = organizations.filter(~pl.col("in_reference") & ~pl.col("kind").is_in(_NOBODY))
        for org_id, name in unlisted.select("org_id", "name").iter_rows():
            core = " ".join(parts.affixes.stem(name))
            for word in {name.split()[0], *(w for w in name.split() if w.casefold() == core)}:
                if len(word) >= _SHORTEST_ALONE and firsts[word] <= {org_id} and parts.is_telling(words_of(word)):
                    forms[org_id].add(word)
        meant: dict[str, str | None] = {}
        for org_id in sorted(forms):
            for name in forms[org_id]:
                meant[name] = None if name in meant else org_id
        automaton = ahocorasick.Automaton()
        for name, whose in meant.items():
            automaton.add_word(name, (len(name), whose))
        automaton.make_automaton()
        whose_forms = {org_id: frozenset(names) for org_id, names in forms.items()}
        states = frozenset(organizations.filter(pl.col("kind") == "government")["org_id"])
        return cls(automaton, whose_forms, _relatives(organizations), states, parts)

    def find(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Start, end and `org_id` of everybody named, in order; a name of several organisations is nobody's."""
        if not len(self.automaton):
            return
        spans = [
            (last + 1 - length, -last - 1, org_id or "")
            for last, (length, org_id) in self.automaton.iter(text)
            if not _continues(text, last - length) and not _continues(text, last + 1)
        ]
        taken = 0
        for start, minus_end, org_id in sorted(spans):
            if start >= taken:
                taken = -minus_end
                if org_id:
                    yield start, taken, org_id

    def may_mean(self, org_id: str) -> tuple[str, ...]:
        """The organisation, and others that its name may stand for."""
        return (org_id, *self.relatives.get(org_id, ()))

    def meant_by(self, *names: str) -> frozenset[str]:
        """Whom these names may mean, with their legal forms and what says their trade, or without."""
        return frozenset(
            meant
            for name in names
            for start, end, org_id in self.find(name)
            if not start and self.parts.plain.issuperset(self.parts.affixes.core(name)[len(words_of(name[:end])) :])
            for meant in self.may_mean(org_id)
        )

    def words(self, org_id: str) -> frozenset[str]:
        """The words of its names, folded, but for those of places: they say where an arm is."""
        words = {word for name in self.forms.get(org_id, ()) for word in re.findall(r"[\w’'-]+", fold(name))}
        return frozenset(word for word in words if (word,) not in self.parts.places)


def _without_legal_form(name: str, parts: NameParts) -> str | None:
    """A name of several words as it is written, without legal forms: "Foo Bar" of "The Foo Bar Co., Ltd."."""
    core, words = parts.affixes.core(name), name.split()
    if len(core) < 2 or words_of(name) == core:
        return None
    cuts = ((first, last) for first in range(_MOST_CUT) for last in range(len(words), len(words) - _MOST_CUT, -1))
    found = next((" ".join(words[a:b]) for a, b in cuts if words_of(" ".join(words[a:b])) == core), None)
    return found.rstrip(",") if found else None


def _heads(organizations: pl.DataFrame) -> dict[str, str]:
    """The head of the group by `org_id`, of companies that belong to one."""
    states = set(organizations.filter(pl.col("kind").is_in(_NOBODY))["org_id"])
    above = {
        org_id: parent
        for org_id, parent in organizations.select("org_id", "parent_id").drop_nulls().iter_rows()
        if parent not in states
    }
    heads = {}
    for org_id in above:
        head, seen = org_id, {org_id}
        while head in above and above[head] not in seen:
            head = above[head]
            seen.add(head)
        heads[org_id] = head
    return heads


def _relatives(organizations: pl.DataFrame) -> dict[str, tuple[str, ...]]:
    """Who may be meant by the name of another: a subsidiary by its parent's, a parent by that of its like named arm."""
    known = {row[0]: row[1:] for row in organizations.select("org_id", "name", "kind", "parent_id").iter_rows()}
    found = defaultdict[str, set[str]](set)
    for org_id, (name, kind, parent) in known.items():
        if parent in known and known[parent][1] not in _NOBODY:
            found[parent].add(org_id)
            if kind == known[parent][1] and name.split()[0] == known[parent][0].split()[0]:
                found[org_id].add(parent)
    return {org_id: tuple(sorted(others)) for org_id, others in found.items()}


def _continues(text: str, place: int) -> bool:
    """Whether a letter or digit stands at a place."""
    return 0 <= place < len(text) and text[place].isalnum()
