"""Drafts of events: frames found in sentences, with who takes part, how far it has got, and what belongs to it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final, TypeVar

from spacy.tokens import Token

from tasks.extraction.dates import FoundDate
from tasks.extraction.entities import Entities, Entity
from tasks.extraction.frames import Frame, Lexicon, Match, matches
from tasks.extraction.places import FoundPlace
from tasks.extraction.quantities import Figure
from tasks.extraction.status import decide
from tasks.extraction.syntax import governors
from tasks.extraction.view import Sentence

T = TypeVar("T")
S = TypeVar("S", Figure, FoundDate, FoundPlace)

Party = int | str
"""Who takes part: the number of an entity, or the ISO code of a country that is named by an adjective or as a place."""

MEASURES: Final[Mapping[str, frozenset[str]]] = {
    "partnership": frozenset({"investment", "stake", "price", "capacity", "duration", "sales", "jobs", "output", "other"}),
    "investment": frozenset({"investment", "jobs", "duration", "capacity"}),
    "facility": frozenset({"investment", "price", "capacity", "output", "jobs", "duration", "other"}),
    "production": frozenset({"investment", "capacity", "output", "jobs", "duration", "other", "share"}),
    "trade_policy": frozenset({"tariff", "quota", "investment", "price", "duration", "share", "other"}),
    "market": frozenset({"sales", "change", "share", "rank", "duration", "output", "other"}),
    "product": frozenset({"range", "other", "price", "duration"}),
}
"""What may be measured of an event, by type."""

_BY_COUNTRY: Final = {"trade_policy", "market"}
_STATES: Final = {"government", "association"}
_REPORTING: Final = {"say", "tell", "report", "announce", "add", "state", "confirm", "write", "note", "show", "publish"}


@dataclass(frozen=True)
class Understood:
    """An article as it was understood word by word.

    Attributes:
        sentences: Its parsed sentences.
        entities: Who is named.
        figures: What is measured.
        dates: When.
        places: Where.
        published: Day of publication, or None.
        demonyms: ISO code by adjective of nationality, in lower case.
    """

    text: str
    sentences: Sequence[Sentence]
    entities: Entities
    figures: Sequence[Figure]
    dates: Sequence[FoundDate]
    places: Sequence[FoundPlace]
    published: date | None
    demonyms: Mapping[str, str]
    mentions: Mapping[int, tuple[Entity, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Draft:
    """An event in the making.

    Attributes:
        type: A word of `vocabulary.EVENT_TYPE`.
        kind: Kind of its type, or None.
        status: A word of `vocabulary.STATUS`.
        explicit: Whether words of the text say the status, rather than the frame.
        parties: Role by party.
        sentence: Number of its sentence.
        trigger: Word of the sentence that it hangs on.
        frame: The frame that it was read from.
    """

    type: str
    kind: str | None
    status: str
    explicit: bool
    parties: Mapping[Party, str]
    sentence: int
    trigger: Token
    frame: Frame
    product: str | None = None
    figures: tuple[Figure, ...] = ()
    dates: tuple[tuple[FoundDate, str], ...] = ()
    places: tuple[FoundPlace, ...] = ()
    attribution: str = "stated"


class Drafter:
    """Finds drafts in an article, with the word tables it is given."""

    def __init__(self, lexicon: Lexicon, attribution_cues: Mapping[str, str]) -> None:
        self._lexicon = lexicon
        self._attribution = [(re.compile(rf"\b{re.escape(cue)}\b", re.I), a) for cue, a in attribution_cues.items()]

    def drafts(self, article: Understood) -> list[Draft]:
        """All drafts of an article, in the order of the text."""
        found: list[Draft] = []
        for number, sentence in enumerate(article.sentences):
            in_sentence = list(self._in_sentence(article, number, sentence))
            found += self._with_details(article, sentence, _absorbed(in_sentence))
        return found

    def _in_sentence(self, article: Understood, number: int, sentence: Sentence) -> Iterator[Draft]:
        reader = _Reader(article, sentence)
        for alternatives in matches(sentence.doc, self._lexicon, lambda t: self._classes(reader, t)):
            for match in alternatives:
                draft = self._draft(reader, number, match)
                if draft is not None:
                    yield draft
                    break

    def _classes(self, reader: _Reader, token: Token) -> set[str]:
        classes = {thing[0]} if (thing := self._lexicon.thing(token)) else set()
        if reader.entities_at(token):
            classes.add("org")
        figure = reader.figure_at(token)
        if figure:
            classes.add({"money": "money", "share": "stake"}.get(figure.dimension, "product"))
        if not classes and _is_model_name(token):
            classes.add("product_name")
        return classes

    def _draft(self, reader: _Reader, number: int, match: Match) -> Draft | None:
        frame = match.frame
        parties = reader.parties(match)
        if not _is_complete(frame, parties, reader, match):
            return None
        status = decide(match.trigger, frame.done, frame.type, self._lexicon.status_cues)
        return Draft(
            type=frame.type,
            kind=frame.kind or self._kind(frame, match, reader),
            status=status,
            explicit=status != frame.done or frame.done in {"ended", "negotiating"},
            parties=parties,
            sentence=number,
            trigger=match.trigger,
            frame=frame,
            product=reader.product(match),
            attribution=self._attributed(reader.sentence_text),
        )

    def _kind(self, frame: Frame, match: Match, reader: _Reader) -> str | None:
        if frame.type == "partnership":
            return self._partnership_kind(match.trigger)
        if frame.type in {"facility", "trade_policy"}:
            for token in (match.object, match.trigger):
                thing = self._lexicon.thing(token) if token is not None else None
                if thing and thing[0] in {"site", "policy"}:
                    return thing[1]
        return "plant" if frame.type == "facility" else None

    def _partnership_kind(self, trigger: Token) -> str | None:
        """What a cooperation is about: the cue nearest behind its trigger, in the same clause, then any before it."""
        clause = _clause(trigger)
        cues = [(t, kind) for t in clause if (kind := self._lexicon.kind_cues.get(t.lemma_.lower())) and t != trigger]
        behind = [(t.i - trigger.i, kind) for t, kind in cues if t.i > trigger.i]
        before = [(trigger.i - t.i + 100, kind) for t, kind in cues if t.i < trigger.i]
        return min(behind + before)[1] if cues else None

    def _attributed(self, text: str) -> str:
        return next((attribution for cue, attribution in self._attribution if cue.search(text)), "stated")

    def _with_details(self, article: Understood, sentence: Sentence, drafts: list[Draft]) -> list[Draft]:
        """The drafts of a sentence with its figures, dates and places, each given to the nearest that may have it."""
        figures: dict[int, list[Figure]] = {}
        dates: dict[int, list[tuple[FoundDate, str]]] = {}
        places: dict[int, list[FoundPlace]] = {}
        for figure in _inside(article.figures, sentence):
            if not (figure.comparison or figure.conversion):
                able = [d for d in drafts if figure.measure in MEASURES[d.type]]
                _give(figures, figure, able, drafts, sentence.head_of(figure.start, figure.end))
        for found in _inside(article.dates, sentence):
            head = sentence.head_of(found.start, found.end)
            if not _dates_the_report(head, drafts):
                nearest = _nearest(drafts, head)
                if nearest is not None and (role := _date_role(drafts[nearest], found, article.published)):
                    dates.setdefault(nearest, []).append((found, role))
        for place in _inside(article.places, sentence):
            _give(places, place, drafts, drafts, sentence.head_of(place.start, place.end))
        return [
            replace(
                draft,
                figures=tuple(figures.get(i, ())),
                dates=tuple(dates.get(i, ())),
                places=tuple(places.get(i, ())),
            )
            for i, draft in enumerate(drafts)
        ]


class _Reader:
    """Looks up who and what stands at the words of a sentence."""

    def __init__(self, article: Understood, sentence: Sentence) -> None:
        self._article = article
        self._sentence = sentence
        self.sentence_text = article.text[sentence.start : sentence.end]
        self._figures = _inside(article.figures, sentence)

    def entities_at(self, token: Token, *, by_place: bool = False) -> list[Entity]:
        """Entities that a word stands for; places and makers in product names do not act."""
        start, end = self._sentence.span(token)
        found = []
        for entity in self._article.mentions.get(start, ()):
            mention = next(m for m in entity.mentions if m.start == start)
            if mention.end >= end and not entity.observer and (by_place or not mention.locative):
                found.append(entity)
        return found or self._ending_at(end, by_place)

    def _ending_at(self, end: int, by_place: bool) -> list[Entity]:
        return [
            e
            for e in self._article.entities
            if not e.observer
            for m in e.mentions
            if m.end == end and m.form != "name" and (by_place or not m.locative)
        ]

    def figure_at(self, token: Token) -> Figure | None:
        """The figure that a word is part of."""
        start, end = self._sentence.span(token)
        return next((f for f in self._figures if f.start <= start and end <= f.end), None)

    def figures(self) -> list[Figure]:
        """Figures of the sentence that are reported."""
        return [f for f in self._figures if not (f.comparison or f.conversion)]

    def product(self, match: Match) -> str | None:
        """The name of the model that a frame's object is, as written."""
        token = match.object
        if match.frame.type not in {"product", "production"} or token is None or not _is_model_name(token):
            return None
        first = token.left_edge
        while first.i < token.i and not first.is_title and not first.text[0].isupper():
            first = first.nbor(1)
        return self._article.text[self._sentence.span(first)[0] : self._sentence.span(token)[1]]

    def parties(self, match: Match) -> dict[Party, str]:
        """Who fills the roles of a frame; a party keeps the first role it is found in."""
        found: dict[Party, str] = {}
        for position, role in match.frame.roles:
            fallback = "?" in position
            if fallback and role in found.values():
                continue
            for token in match.slots.get(position.replace("?", ""), ()):
                for party in self._fill(token, match.frame.type, position):
                    found.setdefault(party, role)
        if match.frame.type == "trade_policy":
            self._add_affected(match, found)
        return found

    def _fill(self, token: Token, event_type: str, position: str) -> Iterator[Party]:
        by_country = event_type in _BY_COUNTRY
        entities = self.entities_at(token, by_place=by_country)
        for entity in entities:
            if entity.kind not in _STATES or event_type in {"trade_policy", "market", "facility"} or position == "subject":
                yield entity.id
        if not entities:
            for child in token.children:
                if child.dep_ == "appos":
                    yield from (entity.id for entity in self.entities_at(child))
            if by_country and position.endswith("owner") and (code := self._article.demonyms.get(token.lower_)):
                yield code

    def _add_affected(self, match: Match, found: dict[Party, str]) -> None:
        """Whose goods a measure is on: nationalities and countries of origin in its clause."""
        for token in _clause(match.trigger):
            code = self._article.demonyms.get(token.lower_)
            if code and token.dep_ in {"amod", "compound", "nmod"} and not self._is(code, found):
                found[code] = "affected"
            origin = token.dep_ == "pobj" and token.head.lower_ in {"from", "against", "into"}
            if origin:
                for entity in self.entities_at(token, by_place=True):
                    if entity.kind == "government":
                        found.setdefault(entity.id, "affected")

    def _is(self, code: str, found: Iterable[Party]) -> bool:
        return any(
            self._article.entities[p].country == code and self._article.entities[p].kind == "government"
            for p in found
            if isinstance(p, int)
        )


def _is_complete(frame: Frame, parties: Mapping[Party, str], reader: _Reader, match: Match) -> bool:
    roles_by_position = {position.replace("?", ""): role for position, role in frame.roles}
    for need in frame.needs:
        if need == "one" and not parties:
            return False
        if need == "two" and len(parties) < 2:
            return False
        if need in roles_by_position and roles_by_position[need] not in parties.values():
            return False
        if need.startswith("figure"):
            wanted = need.partition(":")[2]
            if not any(not wanted or wanted in {f.measure, f.dimension} for f in reader.figures()):
                return False
    return bool(parties)


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
    same_class = draft.type == other.type or {draft.type, other.type} <= {"facility", "production", "investment"}
    if not same_class or not set(draft.parties) <= set(other.parties) or not _same_clause(draft, other):
        return False
    if draft.type == "partnership" and draft.kind and other.kind and draft.kind != other.kind:
        return False
    return _weight(draft) < _weight(other)


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
    return a.trigger in governors(b.trigger) or b.trigger in governors(a.trigger) or _clause_head(a.trigger) == _clause_head(
        b.trigger
    )


def _clause_head(token: Token) -> Token:
    while token.head != token and not (
        token.pos_ in {"VERB", "AUX"} and token.dep_ in {"conj", "relcl", "advcl", "ccomp", "parataxis"}
    ):
        token = token.head
    return token


def _clause(trigger: Token) -> list[Token]:
    head = _clause_head(trigger)
    return list(head.subtree)


def _distance(a: Token, b: Token) -> float:
    """Steps between two words in the parse, and a little for the words between them."""
    above_a = [a, *a.ancestors]
    above_b = [b, *b.ancestors]
    depth = {t.i: n for n, t in enumerate(above_b)}
    steps = next((n + depth[t.i] for n, t in enumerate(above_a) if t.i in depth), len(above_a) + len(above_b))
    return steps + abs(a.i - b.i) / 100


def _nearest(drafts: Sequence[Draft], head: Token) -> int | None:
    if not drafts:
        return None
    return min(range(len(drafts)), key=lambda i: (_distance(drafts[i].trigger, head), i))


def _give(given: dict[int, list[T]], item: T, able: Sequence[Draft], drafts: Sequence[Draft], head: Token) -> None:
    nearest = _nearest(able, head)
    if nearest is not None:
        given.setdefault(next(i for i, d in enumerate(drafts) if d is able[nearest]), []).append(item)


def _inside(found: Sequence[S], sentence: Sentence) -> list[S]:
    return [f for f in found if sentence.start <= f.start and f.end <= sentence.end]


def _dates_the_report(head: Token, drafts: Sequence[Draft]) -> bool:
    """Whether a date says when something was said, not when it happens."""
    verb = next((t for t in (head, *governors(head)) if t.pos_ == "VERB"), None)
    return verb is not None and verb.lemma_.lower() in _REPORTING and not any(d.trigger == verb for d in drafts)


def _date_role(draft: Draft, found: FoundDate, published: date | None) -> str | None:
    if draft.type == "market":
        return "end" if found.kind == "deadline" else "period"
    if draft.status == "ended":
        return "end"
    ahead = (published is not None and found.value[:4] > str(published.year)) or (
        published is not None and found.value > published.isoformat()
    )
    if found.kind == "deadline" and draft.type == "product":
        return "end"
    if draft.status in {"negotiating", "exploring"} and not ahead:
        return None
    if draft.status == "agreed" and not ahead:
        return "signed"
    return "start"


def _is_model_name(token: Token) -> bool:
    """Whether a word looks like the name of a model: a proper noun, or letters with digits ("EV4", "ID.4")."""
    text = token.text
    return token.pos_ == "PROPN" or (any(c.isdigit() for c in text) and any(c.isalpha() for c in text))

