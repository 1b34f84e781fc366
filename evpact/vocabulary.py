"""The words a release may use, each with its meaning: the single definition of every coded column.

A vocabulary maps a code to what it means. Tables (`evpact.tables`), the data dictionary, the gate and the extractor
all read these; adding a word here is enough to make it legal everywhere.
"""

from __future__ import annotations

from typing import Final

Vocabulary = dict[str, str]

EVENT_TYPE: Final[Vocabulary] = {
    "partnership": "two or more organisations cooperate, talk about it, or end it",
    "investment": "a stated or clear sum goes into a plant, programme or company",
    "facility": "a plant, line, headquarters or research centre is planned, built, opened, expanded, sold or closed",
    "production": "making a product starts, is planned, moves, stops or reaches a volume",
    "trade_policy": "a government measure or negotiation on vehicles or batteries",
    "market": "sales, deliveries, registrations, exports, share or rank, past or forecast",
    "product": "a model, platform or technology is unveiled, launched, renewed, recalled or wins an award",
}

PARTNERSHIP_KIND: Final[Vocabulary] = {
    "joint_venture": "a company or venture held together",
    "supply": "parts, batteries, materials, offtake",
    "technology": "licensing, shared platform or software, joint development",
    "manufacturing": "one builds for or with another",
    "equity": "stake, merger, takeover",
    "distribution": "sales, import, retail",
    "charging": "charging networks, battery swapping",
    "other": "another form of cooperation",
}

FACILITY_KIND: Final[Vocabulary] = {
    "plant": "a factory or a line in it",
    "headquarters": "a head office, national or regional",
    "research": "a research, development, design or test centre",
    "other": "another site, such as a depot, a shop or a charging site",
}

TRADE_POLICY_KIND: Final[Vocabulary] = {
    "tariff": "customs duty",
    "quota": "a limit or an allowance by number",
    "subsidy": "money, tax relief or incentive",
    "price_undertaking": "minimum prices or commitments on price",
    "regulation": "local-content, emission, safety or other rule",
    "investigation": "a formal inquiry, such as an anti-subsidy case",
}

KINDS_BY_TYPE: Final[dict[str, Vocabulary]] = {
    "partnership": PARTNERSHIP_KIND,
    "facility": FACILITY_KIND,
    "trade_policy": TRADE_POLICY_KIND,
}
"""The kinds an event of a type may have; the other types have none."""

EVENT_KIND: Final[Vocabulary] = {
    kind: meaning for kinds in reversed(KINDS_BY_TYPE.values()) for kind, meaning in kinds.items()
} | {"other": "none of the more exact kinds of its type"}

STATUS: Final[Vocabulary] = {
    "exploring": "one side is open to it, considers it, studies it",
    "negotiating": "the sides talk",
    "announced": "decided or planned, not yet in force",
    "agreed": "signed or approved, not yet in force",
    "active": "in force, running, has started",
    "completed": "done and past: a stake bought, a figure reported, a model launched",
    "ended": "stopped, cancelled, refused, denied",
}

ROLE: Final[Vocabulary] = {
    "partner": "shares the thing on equal terms, or in a way the article leaves open",
    "supplier": "delivers parts, batteries, materials, technology or vehicles",
    "customer": "receives what is supplied or built",
    "investor": "puts in money or buys a stake",
    "target": "receives the money, or is what the stake is in",
    "manufacturer": "makes the product",
    "host": "gives the place",
    "regulator": "takes the measure",
    "affected": "is the other side of the measure",
    "subject": "whom or what the figure, site or product belongs to",
}

ATTRIBUTION: Final[Vocabulary] = {
    "stated": "the article states it in its own voice, or a party to it does",
    "reported": "the article passes on a report of others",
    "rumoured": "unnamed sources or speculation",
    "denied": "a party denies it",
}

MEASURE: Final[Vocabulary] = {
    "investment": "money put in, including a subsidy's sum",
    "stake": "share held or bought in a company",
    "price": "price of a product or value of a contract",
    "capacity": "what a site can make or hold",
    "output": "what was or will be made",
    "sales": "sold, delivered, registered, exported or contracted",
    "change": "relative change; a fall is negative",
    "share": "share of a market or a total",
    "jobs": "jobs; cuts are negative",
    "quota": "a limit or an allowance",
    "tariff": "a rate of duty",
    "duration": "a length of time",
    "range": "driving range",
    "rank": "place in an order",
    "other": "another measured figure of the event",
}

PER: Final[Vocabulary] = {
    "year": "for each year",
    "month": "for each month",
    "unit": "for each piece",
}

BOUND: Final[Vocabulary] = {
    "exact": "as the figure stands",
    "min": "at least, over, more than",
    "max": "at most, up to",
    "approx": "about, nearly, some",
}

DATE_ROLE: Final[Vocabulary] = {
    "start": "takes or took effect",
    "end": "ends or ended",
    "signed": "was signed or agreed",
    "period": "the period a figure is of",
}

DATE_PRECISION: Final[Vocabulary] = {
    "day": "a day",
    "month": "a month",
    "quarter": "a quarter of a year",
    "half": "half a year",
    "year": "a year",
}

ORGANIZATION_KIND: Final[Vocabulary] = {
    "automaker": "makes cars, vans, trucks, buses or two-wheelers, or is a brand of such a maker",
    "battery": "makes battery cells or packs",
    "supplier": "makes parts for vehicles",
    "technology": "makes chips, software, sensors, or offers mobility services",
    "charging": "runs or builds charging or battery-swapping networks",
    "materials": "mines, refines, makes or recycles battery materials",
    "government": "a country, bloc, region, city or an authority of one",
    "association": "an industry association or trade union",
    "group": "an unnamed group that acts as one, such as Chinese carmakers",
    "other": "anything else: banks, energy companies, universities",
}

NAME_DECISION: Final[Vocabulary] = {
    "same": "both name one organisation",
    "parent": "the name is that of an organisation which the other controls",
    "different": "they name two organisations that neither is nor controls the other",
}

NAME_REASON: Final[Vocabulary] = {
    "reviewed": "a person decided so",
    "text": "an article uses both names for one organisation, such as an abbreviation with its expansion",
    "reference": "the name, or another name, of a listed organisation",
    "legal_form": "they differ only in spelling, spaces, hyphens or legal form",
    "ending": "they differ by a word that leaves a name the same, such as Group or Motors",
    "arm": "one is the other with a country behind it",
    "place": "one has a town or country in front",
    "short": "one has words behind it that say what it does",
    "called": "articles call both the same for short, and both deal with the same one",
    "misspelling": "they differ by one letter",
    "acronym": "one is made of the first letters of the other",
}

REDIRECT: Final[Vocabulary] = {
    "renamed": "the same partnership under another id, since its kind or parties are told more exactly now",
    "merged": "turned out to be the same as another partnership",
    "split": "turned out to be several; the new id is the one that most of its articles tell of",
    "unsourced": "gone: no article that told of it is in the release",
    "not_told": "gone: its articles are there, but are no longer read as telling of it",
}

CHANGE: Final[Vocabulary] = {
    "added": "the key is new in this release",
    "removed": "the key is no longer in this release",
    "changed": "the key stands in both releases with other values",
}

BLOC_CODES: Final = {"EU"}
"""Codes that stand beside ISO 3166-1 alpha-2 wherever a country is asked for."""
