"""Drafts of events: frames found in sentences, with who takes part, how far it has got, and what belongs to it."""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from itertools import combinations
from typing import Final

from tasks.extraction.belonging import Told, details_of
from tasks.extraction.details import (
    GIVEN,
    TAKEN,
    dates_beside,
    with_details,
    with_figures_left,
    with_later_details,
    with_what_belongs,
)
from tasks.extraction.drafted import Draft, Drafts, Framed, Half, deals_of
from tasks.extraction.encoder import Encoder
from tasks.extraction.entities import Entities
from tasks.extraction.frames import Frame, Lexicon, Match, matches, unframed
from tasks.extraction.judging import SURE_OF_STATUS, Judge, likeliest, outvoting
from tasks.extraction.pairs import (
    JOINS,
    JOINS_ANY,
    JOINS_EACH,
    KEPT,
    MAY_BE_UNLIKELY,
    SURE,
    SURE_OF_KIND,
    Pair,
    pairs_in,
    signs,
)
from tasks.extraction.parties import Filled, Party, Reader, Understood
from tasks.extraction.pieces import Seen
from tasks.extraction.scene import scene_of
from tasks.extraction.status import cue_status, decide, is_hypothetical, is_negated, is_said
from tasks.extraction.syntax import clause_head, clause_of, governors, is_below
from tasks.extraction.tokens import Token
from tasks.extraction.told import with_tellings

_ANOTHER: Final = {"second", "third", "another", "further", "separate", "companion", "other", "additional"}
_MODIFIES: Final = {"amod", "det", "nummod"}
"""How a word that sets a deal apart stands at it; in "sell a third of its output" it is what is sold."""
_TAKEN_UP: Final = {"the", "this", "that", "its", "their", "both"}
_LINK_SIGNS: Final = ("»", "›", "|", "•", "▸")
_BARE_SITES: Final = {"plant", "factory", "company", "gigafactory", "headquarters"}
_WITHIN: Final = {"in", "through", "via", "under"}
_DEALS: Final = {"partnership"}
_MOST_PARTED: Final = 8
"""Parties of a deal beyond which it is left whole: circles of more are too many to look through."""


@dataclass(frozen=True)
class Judged:
    """A pair of companies with what the model of pairs says of it."""

    sentence: int
    pair: Pair
    parties: frozenset[Party]
    signs: Sequence[str]
    probability: float


class Drafter:
    """Finds drafts in an article, with the word tables it is given."""

    def __init__(
        self, lexicon: Lexicon, encoder: Encoder, attribution_cues: Mapping[str, str], restarts: re.Pattern[str]
    ) -> None:
        self.lexicon = lexicon
        self._encoder = encoder
        self._restarts = restarts
        self._attribution = [(re.compile(rf"\b{re.escape(cue)}\b", re.I), a) for cue, a in attribution_cues.items()]
        self._attributes = re.compile(rf"\b(?:{'|'.join(map(re.escape, attribution_cues))})\b", re.I)

    def drafts(self, article: Understood, seen: Seen) -> Drafts:
        """All drafts of an article: what frames tell, what only the models see, and what these find possible.

        Args:
            article: The article, word by word.
            seen: The same as the encoder sees it.
        """
        by_sentence: dict[int, list[Draft]] = defaultdict(list)
        framed = self.framed(article)
        scene = scene_of(article, partial(self.may_tell, article))
        judge = Judge(self.lexicon, self._encoder.judge(scene, seen))
        judged = judge.figures(article.figures)
        article = replace(article, figures=[figure for figure, likely in judged if likely >= TAKEN])
        every = self._judged(article, framed, judge)
        named = {each.parties: each.probability for each in sorted(every, key=lambda j: j.probability)}

        def may_deal(two: frozenset[Party]) -> bool:
            return max(named.get(two, 0.0), judge.ever_dealt.get(two, 0.0)) >= JOINS_ANY

        found = [
            part
            for draft in self._with_unframed(article, framed, judge, every)
            for own in _of_founders(draft, article)
            for part in _parted(own, article.entities, may_deal)
        ]
        told = list(
            with_tellings(
                article,
                Framed(found, framed.halves),
                self.lexicon,
                judge,
                lambda number: self.may_tell(article, number),
                cache(lambda number: self._attributed(article.written(number))),
            )
        )
        asked = [Told(d.sentence, tuple(d.parties), d.type, d.status) for d in told]
        details = details_of(article)
        belonging = self._encoder.belong(scene, seen, asked, list(details))
        for draft, own in zip(told, belonging, strict=True):
            resumed = self._restarts.search(article.written(draft.sentence)) is not None
            by_sentence[draft.sentence].append(replace(draft, belonging=own, resumed=resumed))
        beside = dates_beside(article, by_sentence)
        detailed: list[Draft] = []
        for number in sorted(by_sentence):
            detailed += with_details(article, article.sentences[number], by_sentence[number], beside)
        detailed = with_later_details(article, detailed, beside)
        detailed = with_figures_left(article, detailed, [figure for figure, likely in judged if likely >= GIVEN])
        told = with_what_belongs(details, detailed, beside, article.published)
        return Drafts(told, list(self._doubtful(article, judge)))

    def _doubtful(self, article: Understood, judge: Judge) -> Iterator[Draft]:
        """The deals of two companies that the encoder finds possible, each by the sentence that tells it best."""
        for deal in judge.possible_deals():
            if _are_companies(deal.roles, article.entities):
                kind = likeliest(deal.kinds)
                yield Draft(
                    type="partnership",
                    kind=kind,
                    status=likeliest(deal.statuses),
                    explicit=False,
                    parties=deal.roles,
                    sentence=deal.sentence,
                    trigger=article.sentences[deal.sentence].doc[0],
                    frame=unframed(kind),
                    attribution=self._attributed(article.written(deal.sentence)),
                    inferred=True,
                    probability=deal.probability,
                    kinds=deal.kinds,
                    statuses=deal.statuses,
                )

    @staticmethod
    def may_tell(article: Understood, number: int) -> bool:
        """Whether a sentence, by its number, can state anything: no question, no line of linked headlines."""
        return _may_tell(article.written(number))

    def framed(self, article: Understood) -> Framed:
        """What frames see in an article."""
        found: list[Draft] = []
        halves: dict[int, list[Half]] = {}
        for number in range(len(article.sentences)):
            if self.may_tell(article, number):
                drafts, halves[number] = self._in_sentence(article, number, found)
                found += _absorbed(drafts)
        return Framed(found, halves)

    def _with_unframed(
        self, article: Understood, framed: Framed, judge: Judge, every: Sequence[Judged]
    ) -> Iterator[Draft]:
        """What frames tell and the model believes, then a draft for each deal that the model alone sees."""
        told = deals_of(framed.drafts)
        by_place: dict[tuple[int, frozenset[Party]], Judged] = {(j.sentence, j.parties): j for j in every}
        judged: dict[frozenset[Party], Judged] = {}
        for each in sorted(every, key=lambda j: j.probability):
            judged[each.parties] = each
        for draft in framed.drafts:
            yield from self._believed(draft, judged, by_place, judge)
        links = {two: each for two, each in judged.items() if two not in told}
        listed: dict[int, set[Party]] = defaultdict(set)
        for two, link in sorted(links.items(), key=lambda item: (item[1].probability, sorted(item[0])), reverse=True):
            if link.probability < SURE:
                return
            if two not in links or two <= listed[link.sentence]:
                continue  # told with a surer pair; or both stand in lists, whose members the models mixed up
            del links[two]
            kinds = judge.kinds_of_deal(link.sentence, link.pair, link.signs)
            kind = likeliest(kinds)
            statuses = judge.statuses_of_deal(link.sentence, link.pair, link.signs)
            joined = _joined(two, links, link.sentence)
            if joined:
                listed[link.sentence] |= {*two, *joined}
            draft = Draft(
                type="partnership",
                kind=kind,
                status=likeliest(statuses),
                explicit=False,
                parties=judge.roles(link.sentence, [*sorted(two), *joined]),
                sentence=link.sentence,
                trigger=link.pair.top,
                frame=unframed(kind),
                attribution=self._attributed(article.written(link.sentence)),
                probability=link.probability,
                kinds=kinds,
                statuses=statuses,
            )
            if _is_told(draft):
                yield from _one_each(draft)

    def _believed(
        self,
        draft: Draft,
        judged: Mapping[frozenset[Party], Judged],
        by_place: Mapping[tuple[int, frozenset[Party]], Judged],
        judge: Judge,
    ) -> Iterator[Draft]:
        """What a frame tells of a partnership, if the models find it likely, with what they say of kind and status."""
        deals = deals_of([draft])
        if draft.type == "partnership" and not deals:
            return  # somebody's deal with himself
        likely = max((judged[two].probability for two in deals if two in judged), default=None)
        if likely is None:
            yield draft
        elif likely >= KEPT:
            here = [by_place[draft.sentence, two] for two in deals if (draft.sentence, two) in by_place]
            surest = max(
                here or [judged[two] for two in deals if two in judged],
                key=lambda j: (j.probability, sorted(map(str, j.parties))),
            )
            kinds = judge.kinds_of_deal(surest.sentence, surest.pair, surest.signs)
            draft = replace(draft, kind=outvoting(draft.kind, kinds, SURE_OF_KIND), kinds=kinds, probability=likely)
            if here:  # what another sentence tells of the two says nothing of how far it has got in this one
                statuses = judge.statuses_of_deal(surest.sentence, surest.pair, surest.signs)
                sure = SURE_OF_STATUS if draft.explicit else SURE_OF_KIND
                draft = replace(draft, status=outvoting(draft.status, statuses, sure), statuses=statuses)
            yield draft

    def _judged(self, article: Understood, framed: Framed, judge: Judge) -> list[Judged]:
        """Every two companies that a sentence names, with what the models say of them."""
        found = []
        for number, pair in self.pairs(article, framed.drafts):
            shown = signs(pair, framed_deal(pair, number, framed.drafts), framed.halves.get(number, ()))
            parties: frozenset[Party] = frozenset({pair.left.id, pair.right.id})
            found.append(Judged(number, pair, parties, shown, judge.deal(number, pair, shown)))
        return found

    def pairs(self, article: Understood, drafts: Sequence[Draft]) -> Iterator[tuple[int, Pair]]:
        """Every two companies that a sentence names, with the number of the sentence."""
        told: list[frozenset[Party]] = []
        waiting = deque(d for d in drafts if d.type == "partnership")
        for number in range(len(article.sentences)):
            while waiting and waiting[0].sentence <= number:
                told.append(frozenset(waiting.popleft().parties))
            if self.may_tell(article, number):
                yield from ((number, pair) for pair in pairs_in(Reader(article, number, told)))

    def _in_sentence(self, article: Understood, number: int, before: list[Draft]) -> tuple[list[Draft], list[Half]]:
        """What frames tell in a sentence, and the frames that lack something there."""
        found: list[Draft] = []
        halves: list[Half] = []
        tried: list[tuple[Reader, Match, Filled]] = []
        told = [frozenset(d.parties) for d in before if d.type == "partnership"]
        plain = Reader(article, number)
        reader = Reader(article, number, told)
        classes_of = cache(lambda token: self._classes(plain, token))
        for alternatives in matches(article.sentences[number].doc, self.lexicon, classes_of):
            fillings = [(match, reader.fill(match)) for match in alternatives]
            tried += [(reader, match, filled) for match, filled in fillings]
            new = self._first_told(reader, number, fillings, before)
            if not new:
                halves += [Half(match.frame, filled.roles) for match, filled in fillings]
            found += new
            if deals := [frozenset(d.parties) for d in new if d.type == "partnership"]:
                told = [*told, *deals]
                reader = Reader(article, number, told)
        if not any(d.type == "partnership" for d in found):
            others = ((match, reader.by_elimination(match, filled)) for reader, match, filled in tried)
            loose = ((match, other) for match, other in others if other is not None)
            found += self._first_told(plain, number, loose, before)
        return found, halves

    def _first_told(
        self, reader: Reader, number: int, fillings: Iterable[tuple[Match, Filled]], before: list[Draft]
    ) -> list[Draft]:
        """What the first of several readings that is complete tells, if it is stated at all."""
        drafts = (self._draft(reader, number, match, filled, before) for match, filled in fillings)
        draft = next((d for d in drafts if d is not None), None)
        return _one_each(draft) if draft is not None and _is_told(draft) else []

    def _classes(self, reader: Reader, token: Token) -> set[str]:
        classes = {thing[0]} if (thing := self.lexicon.thing(token)) else set()
        if reader.entities_at(token) and not any(c.dep_ == "nummod" for c in token.children):  # "sold 212 Skodas"
            classes.add("org")
        figure = reader.figure_at(token)
        if figure:
            classes.add({"money": "money", "share": "stake"}.get(figure.dimension, "product"))
        if not classes and _is_model_name(token) and not reader.is_date(token):
            classes.add("product_name")
        return classes

    def _draft(self, reader: Reader, number: int, match: Match, filled: Filled, before: list[Draft]) -> Draft | None:
        frame = match.frame
        parties = filled.roles
        earlier = None
        if not _is_complete(match, filled, reader, self.lexicon):
            earlier = _taken_up(match, filled, before)
            if earlier is None:
                return None
            parties = {**earlier.parties, **{p: r for p, r in parties.items() if p not in earlier.parties}}
        event_type, kind = frame.type, frame.kind or self._kind(frame, match)
        if event_type == "partnership" and reader.only_governments(parties):
            policy = self._policy(match)
            if policy is None:
                return None
            event_type, kind, parties = "trade_policy", policy, reader.between_governments(match, parties)
        if event_type == "partnership":
            kind = self._more_exact(kind, match, parties)
        status = decide(match.trigger, frame.done, event_type, self.lexicon)
        return Draft(
            type=event_type,
            kind=kind,
            status=status,
            explicit=earlier is None
            and (
                status != frame.done or frame.done in {"ended", "negotiating"} or is_said(match.trigger, self.lexicon)
            ),
            parties=parties,
            sentence=number,
            trigger=match.trigger,
            frame=frame,
            product=_product(match, reader),
            attribution=self._attributed(reader.text),
            inferred=filled.inferred or earlier is not None,
            another=any(c.lower_ in _ANOTHER and c.dep_ in _MODIFIES for c in match.trigger.children),
        )

    def _kind(self, frame: Frame, match: Match) -> str | None:
        if frame.type == "partnership":
            return self._partnership_kind(match.trigger)
        if frame.type in {"facility", "trade_policy"}:
            for token in (match.object, match.trigger):
                thing = self.lexicon.thing(token) if token is not None else None
                if thing and thing[0] in {"site", "policy"}:
                    return thing[1]
        return "plant" if frame.type == "facility" else None

    def _more_exact(self, kind: str | None, match: Match, parties: Mapping[Party, str]) -> str | None:
        """The kind, where the clause says more: what is done in a joint venture, parts that are made for a customer."""
        if kind in {None, "technology", "manufacturing"} and match.frame.pos == "VERB":
            inside = [t for t in clause_of(match.trigger) if t.dep_ == "pobj" and t.head.lower_ in _WITHIN]
            if any(self.lexicon.thing(t) == ("deal", "joint_venture") for t in inside):
                return "joint_venture"
        if kind == "manufacturing" and match.object is not None and "customer" in parties.values():
            thing = self.lexicon.thing(match.object)
            if thing and thing[1] in {"battery", "part", "material"}:
                return "supply"
        return kind

    def _policy(self, match: Match) -> str | None:
        """Kind of the measure that governments deal about, the nearest to the trigger; None if there is none."""
        things = [(abs(t.i - match.trigger.i), self.lexicon.thing(t)) for t in clause_of(match.trigger)]
        measures = [(near, thing[1]) for near, thing in things if thing and thing[0] == "policy" and thing[1]]
        return min(measures)[1] if measures else None

    def _partnership_kind(self, trigger: Token) -> str | None:
        """What a cooperation is about: the cue nearest behind its trigger, in the same clause, then any before it."""
        cues = [
            (t, kind)
            for t in clause_of(trigger)
            if (kind := self.lexicon.kind_cues.get(t.lemma_.lower())) and t != trigger
        ]
        strong = [(t, kind) for t, kind in cues if t.lemma_.lower() not in self.lexicon.weak_kind_cues]
        strong = [s for s in strong if not any(_is_developed(o, s) for o in strong)]
        ranked = [(t.i - trigger.i if t.i > trigger.i else trigger.i - t.i + 100, kind) for t, kind in strong or cues]
        return min(ranked)[1] if ranked else None

    def _attributed(self, text: str) -> str:
        if not self._attributes.search(text):
            return "stated"
        return next(attribution for cue, attribution in self._attribution if cue.search(text))


def _of_founders(draft: Draft, article: Understood) -> Iterator[Draft]:
    """What is told of a joint venture without the venture among its partners; nothing, if fewer than two are left.

    Of a deal of several, an owner is left out who is named only to say whose a partner is.
    """
    several = len(draft.parties) > 2  # a venture may found another
    if draft.type != "partnership" or not (several or draft.kind == "joint_venture"):
        yield draft
        return
    reader = Reader(article, draft.sentence)

    def takes_part(party: Party, role: str) -> bool:
        if isinstance(party, str):
            return True
        if several and reader.is_owner_only(party, draft.parties):
            return False
        if draft.kind != "joint_venture":
            return True
        if article.is_founded_by_any(party, draft.parties):
            return False
        return not (several and role == "target") and not reader.is_venture(party, of_several=several)

    parties = {party: role for party, role in draft.parties.items() if takes_part(party, role)}
    if len(parties) > 1:
        yield replace(draft, parties=parties)


def without_venture(draft: Draft, article: Understood) -> Draft:
    """What several do in a joint venture, in all that an article says of it, without the venture that is theirs."""
    if draft.kind != "joint_venture" or len(draft.parties) < 3:
        return draft
    readers = [Reader(article, number) for number in range(len(article.sentences))]

    def is_theirs(one: int) -> bool:
        return article.is_founded_by_any(one, draft.parties) or any(reader.calls_venture(one) for reader in readers)

    parties = {p: role for p, role in draft.parties.items() if isinstance(p, str) or not is_theirs(p)}
    return replace(draft, parties=parties) if len(parties) > 1 else draft


def framed_deal(pair: Pair, number: int, framed: Sequence[Draft]) -> Draft | None:
    """What frames tell of a pair: in the sentence of that number, or else anywhere in the article."""
    two = {pair.left.id, pair.right.id}
    told = [d for d in framed if d.type == "partnership" and two <= set(d.parties)]
    return next((d for d in told if d.sentence == number), told[0] if told else None)


def _joined(parties: Collection[Party], links: dict[frozenset[Party], Judged], sentence: int) -> list[Party]:
    """Who takes part too: companies of the sentence that are linked to one of the others; takes their links out.

    A link to each of the others must be possible: not told elsewhere, not between two that belong together, not between
    clauses that are coordinated ("Foo works with Bar, and Baz has joined Qux"), and on the whole not all too unlikely.
    """
    members = list(parties)
    joined: list[Party] = []
    for other in sorted({p for two, judged in links.items() if judged.sentence == sentence for p in two} - {*members}):
        found = [links.get(frozenset({other, member})) for member in members]
        odds = [
            judged.probability
            for judged in found
            if judged is not None and judged.sentence == sentence and not _stand_apart(judged.pair)
        ]
        unlikely = sum(each < JOINS_EACH for each in odds)
        if len(odds) == len(members) and max(odds) >= JOINS and unlikely <= len(members) * MAY_BE_UNLIKELY:
            joined.append(other)
            members.append(other)
    for two in combinations(sorted(members), 2):
        links.pop(frozenset(two), None)
    return joined


def _stand_apart(pair: Pair) -> bool:
    """Whether two stand in clauses that are coordinated, each with a subject of its own."""
    clauses = {clause_head(pair.left_at), clause_head(pair.right_at)}
    return len(clauses) > 1 and any(verb.dep_ == "conj" and _has_own_subject(verb) for verb in clauses)


def _parted(draft: Draft, entities: Entities, may_deal: Callable[[frozenset[Party]], bool]) -> list[Draft]:
    """A deal of several, or as many deals as there are largest circles of them of whom each two may have one.

    What frames and lists join is parted so: "Foo supplies Bar, and Baz supplies Qux".
    """
    parties = list(draft.parties)
    if draft.type != "partnership" or not 2 < len(parties) <= _MOST_PARTED or not _are_companies(parties, entities):
        return [draft]
    possible = [
        frozenset(circle)
        for size in range(len(parties), 1, -1)
        for circle in combinations(parties, size)
        if all(may_deal(frozenset(two)) for two in combinations(circle, 2))
    ]
    largest = [circle for circle in possible if not any(circle < other for other in possible)]
    return [replace(draft, parties={p: r for p, r in draft.parties.items() if p in own}) for own in largest] or [draft]


def _are_companies(parties: Iterable[Party], entities: Entities) -> bool:
    return all(not isinstance(party, str) and entities[party].kind != "group" for party in parties)


def _is_developed(thing: tuple[Token, str], cue: tuple[Token, str]) -> bool:
    """Whether a cue is no more than the developing of what another names: "the development of a charging network"."""
    return cue[1] == "technology" and thing[1] in {"charging", "other"} and cue[0] in governors(thing[0])


def _may_tell(sentence: str) -> bool:
    """Whether a sentence can state anything: no question, no line of linked headlines."""
    return not sentence.endswith("?") and not any(sentence.count(sign) > 1 for sign in _LINK_SIGNS)


def _is_told(draft: Draft) -> bool:
    """Whether it is stated at all: no condition, and no remark that something does not happen."""
    trigger = draft.trigger
    if (
        draft.inferred
        and draft.type != "partnership"
        and any(t.dep_ in {"relcl", "acl"} and not _has_own_subject(t) for t in (trigger, trigger.head))
    ):
        return False  # "the line that builds the car" tells of the line
    if (
        trigger.tag_ == "VB"
        and trigger.dep_ == "ROOT"
        and not any(c.dep_ in {"aux", "nsubj", "nsubjpass"} for c in trigger.children)
    ):
        return False  # "Build cheap cars."
    if trigger.dep_ == "amod" and draft.type != "partnership":
        return False  # "Chinese-built cars"
    denied = draft.type != "partnership" and is_negated(draft.trigger)
    return not denied and not is_hypothetical(draft.trigger)


def _has_own_subject(verb: Token) -> bool:
    """Whether a relative clause says itself who acts: "the market, which it has led for years"."""
    return any(c.dep_ in {"nsubj", "nsubjpass"} and c.tag_ not in {"WDT", "WP"} for c in verb.children)


def _one_each(draft: Draft) -> list[Draft]:
    """The draft, or one for each of several whom one supplier serves, or from whom one customer buys: as many deals."""
    for role, other in (("supplier", "customer"), ("customer", "supplier")):
        one = {p: r for p, r in draft.parties.items() if r == role}
        others = {p: r for p, r in draft.parties.items() if r == other}
        if len(one) == 1 and len(others) > 1 and len(one) + len(others) == len(draft.parties):
            return [replace(draft, parties={**one, party: other}) for party in others]
    return [draft]


def _taken_up(match: Match, filled: Filled, before: list[Draft]) -> Draft | None:
    """The partnership told before that a noun takes up: "the venture", "the contract"."""
    definite = any(c.lower_ in _TAKEN_UP and c.dep_ in {"det", "poss"} for c in match.trigger.children)
    if match.frame.pos != "NOUN" or match.frame.type not in _DEALS or not definite:
        return None
    if match.frame.trigger[-1] in _BARE_SITES:
        return None  # "the company", "the plant" is anybody's
    known = set(filled.roles)
    for draft in reversed(before):
        same_kind = match.frame.kind is None or draft.kind in {None, match.frame.kind}
        if draft.type == "partnership" and same_kind and known <= set(draft.parties):
            return draft
    return None


def _is_complete(match: Match, filled: Filled, reader: Reader, lexicon: Lexicon) -> bool:
    frame = match.frame
    for need in frame.needs:
        if need == "two" and len(filled.roles) < 2:
            return False
        if need.startswith("role:"):
            if need.partition(":")[2] not in filled.roles.values():
                return False
            continue
        if need == "singular":
            if match.trigger.tag_ in {"NNS", "NNPS"}:
                return False
            continue
        if ":" in need and not need.startswith("figure") and not _stands_in_clause(need, match.trigger, lexicon):
            return False
        if need == "cue":
            head = match.trigger.head
            head = head.head if head.pos_ == "ADP" else head
            if filled.inferred or cue_status(head, lexicon.status_cues) is None:
                return False
            continue
        if need == "concrete":
            if not (reader.is_concrete() or (match.object is not None and _is_model_name(match.object))):
                return False
        elif need.startswith("figure"):
            wanted = need.partition(":")[2]
            if not any(not wanted or wanted in {f.measure, f.dimension} for f in reader.figures()):
                return False
        elif ":" not in need and need not in {"one", "two"} and need not in filled.positions:
            return False
    return bool(filled.roles)


def _stands_in_clause(need: str, trigger: Token, lexicon: Lexicon) -> bool:
    what, _, name = need.partition(":")
    words = [t for t in clause_of(trigger) if t != trigger]
    if what == "word":
        return any(t.lemma_.lower() == name for t in words)
    return any((thing := lexicon.thing(t)) is not None and thing[0] == name for t in words)


def _absorbed(drafts: list[Draft]) -> list[Draft]:
    """The drafts without those that say less of what another one of the sentence says.

    A general partnership ("an agreement with Huawei") takes on what is below it in the parse ("to acquire a stake in
    Yinwang"): one event, of the more exact kind, with the parties of both.
    """
    kept = list(drafts)
    for general in drafts:
        if general.type != "partnership" or general.frame.kind is not None:
            continue
        below = [
            d for d in kept
            if d is not general and d.type == "partnership" and d.frame.kind and general.trigger in governors(d.trigger)
        ]  # fmt: skip
        if below and general in kept:
            kept.remove(general)
            exact = below[0]
            parties = dict(exact.parties) | {p: r for p, r in general.parties.items() if p not in exact.parties}
            status = general.status if general.explicit and not exact.explicit else exact.status
            kept[kept.index(exact)] = replace(exact, parties=parties, status=status, explicit=True)
    return [d for d in kept if not any(_says_less(d, other) for other in kept if other is not d)]


def _says_less(draft: Draft, other: Draft) -> bool:
    """Whether a draft repeats another one of its sentence: same class of thing, no further party, a weaker frame."""
    if _is_purpose(draft, other):
        return True
    same_class = draft.type == other.type or {draft.type, other.type} <= {"facility", "production", "investment"}
    if not same_class or not set(draft.parties) <= set(other.parties) or not _same_clause(draft, other):
        return False
    if "investment" in (draft.type, other.type) and draft.type != other.type:
        investment, purpose = (draft, other) if draft.type == "investment" else (other, draft)
        if investment.trigger in governors(purpose.trigger) and investment.trigger.pos_ == "NOUN":
            return draft is purpose  # "an investment of £450 million for the production of the Leaf"
    if other.frame.trigger[-1] in _BARE_SITES and draft.trigger in governors(other.trigger):
        return False
    if draft.frame.trigger[-1] in _BARE_SITES and other.trigger in governors(draft.trigger):
        return True  # "shares its factory with", "opened a plant"
    if draft.type == "partnership" and draft.kind and other.kind and draft.kind != other.kind:
        return False
    return _weight(draft) < _weight(other)


def _is_purpose(draft: Draft, other: Draft) -> bool:
    """Whether a plant or a sum is no more than what a partnership is for.

    It is where it stands below the partnership ("a joint venture to build a plant"), where the partners build it by
    that very partnership ("build a plant through a joint venture"), or where a mere noun names a plant of one of them
    ("makes cells for Kia, a project of 2 billion dollars").
    """
    if other.type != "partnership" or not set(draft.parties) <= set(other.parties):
        return False
    if is_below(draft.trigger, other.trigger):
        return draft.type in {"facility", "investment"}
    if draft.type != "facility" or other.kind == "equity":
        return False
    return draft.trigger.pos_ == "NOUN" or (len(draft.parties) > 1 and is_below(other.trigger, draft.trigger))


def _weight(draft: Draft) -> tuple[int, int, int, int, int]:
    order = ("production", "facility", "investment")
    return (
        len(draft.parties),
        -order.index(draft.type) if draft.type in order else 0,
        draft.frame.kind is not None,
        draft.explicit,
        -draft.trigger.i,
    )


def _same_clause(a: Draft, b: Draft) -> bool:
    above = a.trigger in governors(b.trigger) or b.trigger in governors(a.trigger)
    return above or clause_head(a.trigger) == clause_head(b.trigger)


def _product(match: Match, reader: Reader) -> str | None:
    """The name of the model that a frame's object is, as written."""
    token = match.object
    if match.frame.type not in {"product", "production"} or token is None or not _is_model_name(token):
        return None
    first = token.left_edge
    while first.i < token.i and not first.is_title and not first.text[0].isupper():
        first = first.nbor(1)
    return reader.written(first, token)


def _is_model_name(token: Token) -> bool:
    """Whether a word looks like the name of a model: a proper noun, or letters with digits ("EV4", "ID.4")."""
    text = token.text
    return token.pos_ == "PROPN" or (any(c.isdigit() for c in text) and any(c.isalpha() for c in text))


__all__ = ["Drafter", "Party", "Understood"]
