"""A sound candidate, made by hand: twenty small worlds of six articles each, with everything that the tables can hold.

In each world a carmaker and a battery maker sign, and later run, a joint venture; one of the two reports is syndicated.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from math import prod
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import polars as pl

from evpact.ids import article_id, digest
from evpact.tables import TABLES
from tasks.validation import Told

TODAY = date(2026, 11, 24)
TREES = (
    "Ash",
    "Birch",
    "Cedar",
    "Elm",
    "Fir",
    "Hazel",
    "Larch",
    "Maple",
    "Oak",
    "Pine",
    "Rowan",
    "Spruce",
    "Thorn",
    "Willow",
    "Yew",
    "Alder",
    "Beech",
    "Ebony",
    "Juniper",
    "Laurel",
)
TOWNS = {
    "Debrecen": (47.53, 21.62),
    "Komarom": (47.74, 18.12),
    "Szeged": (46.25, 20.15),
    "Miskolc": (48.10, 20.79),
    "Pecs": (46.08, 18.22),
    "Eger": (47.90, 20.38),
    "Sopron": (47.68, 16.59),
    "Vac": (47.78, 19.13),
    "Tata": (47.65, 18.32),
    "Paks": (46.62, 18.86),
    "Mako": (46.21, 20.48),
    "Baja": (46.18, 18.95),
    "Gyor": (47.68, 17.63),
    "Papa": (47.33, 17.47),
    "Ajka": (47.10, 17.56),
    "Cegled": (47.17, 19.80),
    "Szolnok": (47.17, 20.18),
    "Veszprem": (47.09, 17.91),
    "Kaposvar": (46.36, 17.80),
    "Szekszard": (46.35, 18.70),
}

COUNTRIES = {"HU": (47.2, 19.5), "DE": (51.0, 10.0), "KR": (36.0, 128.0), "NO": (62.0, 10.0)}

NONE = pl.lit([], pl.List(pl.String))

Tables = dict[str, pl.DataFrame]


def reference() -> Any:
    """The part of the reference tables that the gate looks at."""
    rows = [{"org_id": "hungary", "name": "Hungary", "kind": "government", "country": "HU", "aliases": ["Budapest"]}]
    for tree in TREES:
        rows.append({"org_id": f"{tree.lower()}-group", "name": f"{tree} Group", "kind": "automaker", "country": "DE"})
        rows.append(
            {
                "org_id": f"{tree.lower()}-motors",
                "name": f"{tree} Motors",
                "kind": "automaker",
                "country": "DE",
                "parent_id": f"{tree.lower()}-group",
                "wikidata_id": f"Q{1000 + TREES.index(tree)}",
                "aliases": [f"{tree}mobil"],
            }
        )
    schema = {
        name: TABLES["organizations"][name].dtype
        for name in ("org_id", "name", "kind", "country", "parent_id", "wikidata_id", "aliases")
    }
    organizations = pl.DataFrame(rows, schema=schema).with_columns(pl.col("aliases").fill_null([]), weak_aliases=NONE)
    towns = [{"name": town, "country": "HU", "latitude": y, "longitude": x} for town, (y, x) in TOWNS.items()]
    plant = {
        "kind": "plant",
        "name": "Giga Ash",
        "region": "Pest",
        "country": "HU",
        "latitude": 47.4,
        "longitude": 19.2,
    }
    return SimpleNamespace(
        all_organizations=organizations,
        countries=pl.DataFrame(
            [{"code": c, "name": c, "latitude": y, "longitude": x} for c, (y, x) in COUNTRIES.items()]
        ).with_columns(aliases=NONE),
        currencies=pl.DataFrame({"code": ["EUR", "USD", "GBP", "HUF"]}),
        units=pl.DataFrame({"unit": ["percent", "vehicle", "job", "GWh", "month"]}),
        places=pl.DataFrame([*({"kind": "town"} | town for town in towns), plant]).with_columns(
            aliases=NONE, org_id=pl.lit(None, pl.String)
        ),
        organization_reviews=pl.DataFrame(schema={"name": pl.String, "decision": pl.String, "other": pl.String}),
    )


@dataclass
class _Builder:
    """Collects rows; offsets are found by the words."""

    rows: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: {name: [] for name in TABLES})
    texts: dict[str, str] = field(default_factory=dict)

    def add(self, table: str, **values: Any) -> None:
        self.rows[table].append(
            {column.name: [] if column.is_list else None for column in TABLES[table].columns} | values
        )

    def article(self, text: str, *, story: str | None = None, relevant: bool = True, **values: Any) -> str:
        key = article_id(text)
        self.texts[key] = text
        self.add(
            "articles",
            article_id=key,
            words=len(text.split()),
            story_id=story or key,
            relevant=relevant,
            language="en",
            source="sample",
            **values,
        )
        return key

    def event(self, article: str, evidence: str, who: dict[str, tuple[str, str]], **values: Any) -> str:
        start = self.texts[article].index(evidence)
        key = "e" + digest(article, evidence, values["type"])
        confidence = 0.6 + len(evidence) % 30 / 100
        defaults = {"attribution": "stated", "confidence": confidence, "extractor": "rules 1", "retold": False}
        self.add(
            "events",
            event_id=key,
            article_id=article,
            evidence=evidence,
            evidence_start=start,
            evidence_end=start + len(evidence),
            **(defaults | values),
        )
        for org, (role, mention) in who.items():
            self.add("participants", event_id=key, org_id=org, role=role, mention=mention)
        return key

    def quantity(self, event: str, text: str, measure: str, value: float, unit: str, **values: Any) -> None:
        row = next(row for row in self.rows["events"] if row["event_id"] == event)
        start = self.texts[row["article_id"]].index(text)
        self.add(
            "quantities",
            quantity_id="q" + digest(event, measure, float(value), unit, start, start + len(text)),
            event_id=event,
            measure=measure,
            value=value,
            unit=unit,
            bound="exact",
            text=text,
            start=start,
            end=start + len(text),
            **values,
        )

    def figures(self, partnership: str, told: list[tuple[str, str, str]], published: dict[str, date]) -> None:
        """What the quantities of a partnership's events add up to; near copies tell the same."""
        article_of = {event: article for event, article, _ in told}
        quantities = [row for row in self.rows["quantities"] if row["event_id"] in article_of]
        for measure in dict.fromkeys(row["measure"] for row in quantities):
            rows = [row for row in quantities if row["measure"] == measure]
            days = [published[article_of[row["event_id"]]] for row in rows]
            same = {name: rows[0][name] for name in ("measure", "value", "unit", "per", "bound", "org_id")}
            self.add(
                "partnership_quantities",
                figure_id="f" + digest(partnership, *(same | {"value": float(same["value"])}).values()),
                partnership_id=partnership,
                **same,
                articles=len(rows),
                stories=1,
                first_reported=min(days),
                last_reported=max(days),
                conflicting=False,
                quantity_ids=sorted(row["quantity_id"] for row in rows),
            )

    def trust(self, told: list[tuple[str, str, str]]) -> float:
        """Confidence of a partnership: of each story the surest event counts."""
        stories = {row["article_id"]: row["story_id"] for row in self.rows["articles"]}
        sure = {row["event_id"]: row["confidence"] for row in self.rows["events"]}
        doubts: dict[str, float] = {}
        for event, article, _ in told:
            doubts[stories[article]] = min(doubts.get(stories[article], 1.0), 1 - sure[event])
        return round(1 - prod(doubts.values()), 4)

    def date(self, event: str, role: str, day: date, precision: str, text: str) -> None:
        self.add("event_dates", event_id=event, role=role, date=day, precision=precision, text=text)

    def quote(self, article: str, person: str, text: str) -> None:
        start = self.texts[article].index(text)
        self.add(
            "quotes",
            quote_id="s" + digest(article, person, start, start + len(text)),
            article_id=article,
            person_id=person,
            text=text,
            start=start,
            end=start + len(text),
        )


def venture(tree: str) -> str:
    """Id of the joint venture of the world of this name."""
    return f"{tree.lower()}-cells--{tree.lower()}-motors--joint-venture"


def _world(b: _Builder, number: int, tree: str, town: str) -> None:
    name, cells, person = f"{tree} Motors", f"{tree} Cells", f"carla-{tree.lower()}-dunn"
    plant = f"{tree.lower()}-cells-{town.lower()}-plant"
    motors_id, cells_id, partnership = f"{tree.lower()}-motors", f"{tree.lower()}-cells", venture(tree)
    day = date(2025, 1, 6) + timedelta(days=7 * number)
    sides = {motors_id: ("partner", name), cells_id: ("partner", cells)}

    signed = f"{name} and {cells} signed an agreement on 4 March 2025 to build batteries together in {town}."
    money = "The venture will invest €2.3 billion and create 1,200 jobs."
    said = f"We start in 2027 with {tree} cells"
    first = f"{signed} {money}\n\n“{said},” said Carla {tree}-Dunn, chief executive of {name}."
    a1 = b.article(
        first,
        title=f"{name} and {cells} sign",
        publisher="Daily Volt",
        authors=["Ann Reed"],
        published=day,
        url=f"https://volt.example/{number}/first",
    )
    a2 = b.article(
        f"{first}\n\nReporting by the agency for {tree}.",
        title=f"{tree} venture signed",
        publisher="Wire Copy",
        published=day + timedelta(days=1),
        story=a1,
        url=f"https://wire.example/{number}",
    )
    running = f"The battery venture of {name} and {cells} has started work in {town}."
    a3 = b.article(
        f"{running} It can make 40 GWh a year.",
        title=f"{tree} venture starts",
        publisher="Charge Weekly",
        authors=["Bo Lind", "Cy Marsh"],
        published=day + timedelta(days=500),
    )
    sold = f"{name} sold 120,000 vehicles in Norway in 2024, up 12%."
    shown = f"Its new model, the {tree} One, was unveiled in Oslo."
    a4 = b.article(
        f"{sold} {shown}",
        title=f"{name} grows in Norway",
        publisher="Daily Volt",
        published=day + timedelta(days=2),
        url=f"https://volt.example/{number}/sales",
    )
    tariff = f"Hungary will cut its tariff on cars of {name} to 7.5% next year."
    opened = f"{cells} Co. opened a plant in {town} with 900 staff."
    a5 = b.article(
        f"{tariff} {opened}",
        title=f"Budapest cuts duty for {tree}",
        publisher="Charge Weekly",
        published=day + timedelta(days=3),
        url=f"https://charge.example/{number}",
    )
    b.article(
        f"A dairy in {town} was sold to a cheese maker from the valley of {tree}.",
        title=f"{tree} valley dairy sold",
        publisher="Farm Post",
        published=day + timedelta(days=4),
        relevant=False,
    )

    told = []
    for article in (a1, a2):
        event = b.event(
            article,
            signed,
            sides,
            type="partnership",
            kind="joint_venture",
            status="agreed",
            countries=["HU"],
            places=[town],
        )
        b.quantity(event, "€2.3 billion", "investment", 2.3e9, "EUR", org_id=motors_id)
        b.quantity(event, "1,200 jobs", "jobs", 1200, "job")
        b.date(event, "signed", date(2025, 3, 4), "day", "4 March 2025")
        b.date(event, "start", date(2027, 1, 1), "year", "2027")
        b.quote(article, person, said)
        told.append((event, article, "agreed"))
    event = b.event(
        a3, running, sides, type="partnership", kind="joint_venture", status="active", countries=["HU"], places=[town]
    )
    b.quantity(event, "40 GWh", "capacity", 40, "GWh", per="year")
    told.append((event, a3, "active"))
    event = b.event(a4, sold, {motors_id: ("subject", name)}, type="market", status="completed", countries=["NO"])
    b.quantity(event, "120,000 vehicles", "sales", 120000, "vehicle")
    b.quantity(event, "12%", "change", 12, "percent")
    b.date(event, "period", date(2024, 1, 1), "year", "2024")
    b.event(
        a4,
        shown,
        {motors_id: ("subject", name)},
        type="product",
        status="completed",
        countries=["NO"],
        places=["Oslo"],
        product=f"{tree} One",
    )
    event = b.event(
        a5,
        tariff,
        {"hungary": ("regulator", "Hungary"), motors_id: ("affected", name)},
        type="trade_policy",
        kind="tariff",
        status="announced",
        countries=["HU"],
    )
    b.quantity(event, "7.5%", "tariff", 7.5, "percent")
    b.date(event, "start", date(2026, 1, 1), "year", "next year")
    b.event(
        a5,
        opened,
        {cells_id: ("subject", f"{cells} Co.")},
        type="facility",
        kind="plant",
        status="active",
        countries=["HU"],
        places=[town],
        facility_id=plant,
    )

    b.add(
        "organizations",
        org_id=f"{tree.lower()}-group",
        name=f"{tree} Group",
        kind="automaker",
        country="DE",
        in_reference=True,
    )
    b.add(
        "organizations",
        org_id=motors_id,
        name=name,
        kind="automaker",
        country="DE",
        parent_id=f"{tree.lower()}-group",
        wikidata_id=f"Q{1000 + number}",
        aliases=[f"{tree}mobil"],
        in_reference=True,
    )
    b.add(
        "organizations",
        org_id=cells_id,
        name=cells,
        kind="battery",
        country="KR",
        aliases=[f"{cells} Co."],
        in_reference=False,
    )
    b.add(
        "organization_names",
        name_id="n" + digest(cells_id, f"{cells} Co.", cells_id),
        org_id=cells_id,
        name=f"{cells} Co.",
        other=cells,
        other_id=cells_id,
        decision="same",
        reason="legal_form",
        score=0.95,
        articles=1,
    )
    b.add("people", person_id=person, name=f"Carla {tree}-Dunn", title="chief executive", org_id=motors_id)
    b.add(
        "facilities",
        facility_id=plant,
        name=f"{cells} {town} plant",
        kind="plant",
        org_id=cells_id,
        place=town,
        country="HU",
        latitude=TOWNS[town][0],
        longitude=TOWNS[town][1],
    )
    published = {row["article_id"]: row["published"] for row in b.rows["articles"]}
    b.add(
        "partnerships",
        partnership_id=partnership,
        name=f"{cells} and {name}: joint venture",
        kind="joint_venture",
        status="active",
        first_reported=day,
        last_reported=day + timedelta(days=500),
        articles=3,
        stories=2,
        publishers=3,
        countries=["HU"],
        contested=False,
        confidence=b.trust(told),
    )
    b.add(
        "redirects",
        old_id=f"{partnership}-rumour",
        new_id=partnership,
        reason="merged",
        last_version="2026-11-01.1",
    )
    b.figures(partnership, told, published)
    for org in sides:
        b.add("partnership_parties", partnership_id=partnership, org_id=org, role="partner")
    for event, article, status in told:
        b.add(
            "partnership_history",
            partnership_id=partnership,
            event_id=event,
            reported=published[article],
            status=status,
            attribution="stated",
            recap=False,
            standing=status,
        )


def sound() -> tuple[Tables, pl.DataFrame]:
    """The tables of a sound candidate, and the texts of its articles."""
    builder = _Builder()
    for number, (tree, town) in enumerate(zip(TREES, TOWNS, strict=True)):
        _world(builder, number, tree, town)
    builder.add(
        "organizations",
        org_id="hungary",
        name="Hungary",
        kind="government",
        country="HU",
        aliases=["Budapest"],
        in_reference=True,
    )
    tables = {
        name: table.conform(pl.DataFrame(builder.rows[name], schema=table.schema)) for name, table in TABLES.items()
    }
    return tables, pl.DataFrame({"article_id": list(builder.texts), "text": list(builder.texts.values())})


def told_of(tables: Tables, texts: pl.DataFrame) -> Told:
    """What tables like these could have been made from: every name means one organisation, every slug one person."""
    articles, people, who = (tables[name] for name in ("articles", "people", "organizations"))
    known = who.unique("org_id").select("org_id", "kind", "country", "in_reference", organization="name")
    given = pl.when("in_reference").then("org_id").alias("org_id")
    members = tables["participants"].join(known, on="org_id", how="left")
    mentions = tables["participants"].unique(["event_id", "org_id"]).select("event_id", "org_id", whose="mention")
    quotes = tables["quotes"].unique("quote_id").join(people.unique("person_id"), on="person_id", how="left")
    persons = people.join(known, on="org_id", how="left").join(
        tables["quotes"].select("person_id", "article_id"), on="person_id", how="left"
    )
    return Told.of(
        {
            "told_articles": texts.unique("article_id").join(
                articles.unique("article_id").drop("words"), on="article_id", how="left"
            ),
            "told_events": tables["events"].unique("event_id"),
            "told_participants": members.select(
                "event_id", "role", "kind", "country", given, name="mention", aliases=NONE
            ),
            "told_quantities": tables["quantities"].join(mentions, on=["event_id", "org_id"], how="left"),
            "told_dates": tables["event_dates"],
            "told_people": persons.select(
                "article_id", "name", "title", "organization", given, called="name", slug="person_id"
            ),
            "told_quotes": quotes.select("article_id", "start", "end", person="name", slug="person_id"),
        }
    )


def write(tables: Tables, folder: Path) -> Path:
    """Write the tables as they are, in whatever order, with whatever columns."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, frame in tables.items():
        frame.write_parquet(folder / f"{name}.parquet")
    return folder
