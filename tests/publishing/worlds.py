"""A small world of partnerships, and ways to publish it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl

from evpact.tables import TABLES
from tasks.publishing import Candidate, Outcome, Provenance, publish, write_candidate

Tables = dict[str, pl.DataFrame]

_PLAIN = {"attribution": "stated", "recap": False}


def world(status: str = "negotiating", *, with_catl: bool = False) -> Tables:
    """Ford and Geely talk; `with_catl`, a second article tells that Ford buys cells."""
    rows: dict[str, list[dict[str, Any]]] = {
        "articles": [_article("a1", "Ford talks to Geely", date(2026, 2, 3))],
        "events": [_event("e1", "a1", "technology", status, "Ford and *Geely* <b>talk</b>\nabout sharing technology.")],
        "participants": [_participant("e1", "geely", "partner"), _participant("e1", "ford", "partner")],
        "quantities": [],
        "event_dates": [],
        "quotes": [],
        "organizations": [_organization("geely", "Geely", "CN"), _organization("ford", "Ford", "US")],
        "organization_names": [],
        "people": [],
        "facilities": [],
        "partnerships": [_partnership("p1", "technology", status, date(2026, 2, 3))],
        "partnership_parties": [
            {"partnership_id": "p1", "org_id": org, "role": "partner"} for org in ("geely", "ford")
        ],
        "partnership_history": [
            {
                "partnership_id": "p1",
                "event_id": "e1",
                "reported": date(2026, 2, 3),
                "status": status,
                "standing": status,
                **_PLAIN,
            }
        ],
        "partnership_quantities": [],
        "redirects": [],
    }
    if with_catl:
        rows["articles"].append(_article("a2", "CATL to supply Ford", None))
        rows["events"].append(_event("e2", "a2", "supply", "agreed", "CATL will supply cells to Ford."))
        rows["participants"] += [_participant("e2", "catl", "supplier"), _participant("e2", "ford", "customer")]
        rows["organizations"].append(_organization("catl", "CATL", "CN"))
        rows["partnerships"].append(_partnership("p2", "supply", "agreed", None))
        rows["partnership_parties"] += [
            {"partnership_id": "p2", "org_id": "catl", "role": "supplier"},
            {"partnership_id": "p2", "org_id": "ford", "role": "customer"},
        ]
        rows["partnership_history"].append(
            {
                "partnership_id": "p2",
                "event_id": "e2",
                "reported": None,
                "status": "agreed",
                "standing": "agreed",
                **_PLAIN,
            }
        )
    return {name: pl.DataFrame(rows[name], schema=table.schema) for name, table in TABLES.items()}


def _article(article_id: str, title: str, published: date | None) -> dict[str, Any]:
    return {
        "article_id": article_id,
        "title": title,
        "publisher": "The Wire",
        "authors": ["Ann", "Bob"],
        "published": published,
        "source": "wire",
        "words": 120,
        "story_id": article_id,
        "relevant": True,
    }


def _event(event_id: str, article_id: str, kind: str, status: str, evidence: str) -> dict[str, Any]:
    return {
        "event_id": event_id,
        "article_id": article_id,
        "type": "partnership",
        "kind": kind,
        "status": status,
        "countries": [],
        "places": [],
        "attribution": "stated",
        "confidence": 0.9,
        "evidence": evidence,
        "evidence_start": 0,
        "evidence_end": len(evidence),
        "extractor": "rules 1",
        "retold": False,
    }


def _participant(event_id: str, org_id: str, role: str) -> dict[str, Any]:
    return {"event_id": event_id, "org_id": org_id, "role": role, "mention": org_id.title()}


def _organization(org_id: str, name: str, country: str) -> dict[str, Any]:
    return {
        "org_id": org_id,
        "name": name,
        "kind": "automaker",
        "country": country,
        "aliases": [],
        "in_reference": True,
    }


def _partnership(partnership_id: str, kind: str, status: str, reported: date | None) -> dict[str, Any]:
    return {
        "partnership_id": partnership_id,
        "name": partnership_id,
        "kind": kind,
        "status": status,
        "contested": False,
        "first_reported": reported,
        "last_reported": reported,
        "articles": 1,
        "stories": 1,
        "publishers": 1,
        "countries": ["CN", "US"],
        "confidence": 0.9,
    }


class House:
    """An output folder, and what is needed to publish to it."""

    def __init__(self, folder: Path) -> None:
        self.output = folder / "output"
        self.quality = folder / "quality"
        self._candidate = folder / "candidate"
        (self.quality / "pages").mkdir(parents=True)
        (self.quality / "verdict.json").write_text("{}")
        (self.quality / "pages" / "index.html").write_text("<p>all well")

    def candidate(self, tables: Tables) -> Candidate:
        return write_candidate(tables, self._candidate)

    def publish(self, tables: Tables, day: int = 22) -> Outcome:
        provenance = Provenance(
            created=datetime(2026, 11, day, 6, 30, tzinfo=UTC),
            sources={"wire": "abc"},
            code="c0de",
            configuration="c0ff",
            gate="passed",
        )
        return publish(self.candidate(tables), self.quality, self.output, provenance)
