"""Review: what a person should decide about a release, and how a decision is kept."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Final

import polars as pl

from evpact.errors import ConfigurationError, ReferenceDataError
from evpact.ids import squeezed
from evpact.reference import Reference, load_reference
from evpact.release import Release
from evpact.reviews import ORGANIZATION_REVIEWS, ContradictionError, Decisions, Review

_CERTAIN: Final = 0.9
"""Merges of this score and above are not asked about."""

_SETTLED: Final = ("reviewed", "reference")
_FEWEST_ARTICLES: Final = 2
_SENTENCES: Final = 2
_SURE: Final = 0.6
"""Parties of whom an event is surer than this are not asked about, unless they have the name of a place."""


@dataclass(frozen=True)
class Question:
    """Something that a person should decide.

    Attributes:
        kind: `names`, `new`, `party` or `contested`.
        worth: How much a decision is worth: the doubt times the articles that it concerns.
        name: A name in the texts, or the name of a partnership.
        other: The name that it was held against; of a partnership its id.
        decision: What the rules made of both names: a word of `vocabulary.NAME_DECISION`.
        reason: Why: a word of `vocabulary.NAME_REASON`.
        score: How surely they are the same, or the one's parent.
        articles: Articles that it concerns.
        evidence: Sentences with the name.
        other_evidence: Sentences with the other.
    """

    kind: str
    worth: float
    name: str
    other: str
    decision: str
    reason: str
    score: float
    articles: int
    evidence: tuple[str, ...]
    other_evidence: tuple[str, ...] = ()


def questions(release: Release, reference: Reference) -> list[Question]:
    """What a person should decide, what is worth most first; what was decided since is left out.

    Raises:
        ReleaseError: The release is older than the table `organization_names`.
    """
    tables = {
        name: release.table(name).collect()
        for name in ("organization_names", "organizations", "participants", "events", "partnerships",
                     "partnership_history", "partnership_parties")
    }  # fmt: skip
    sentences = tables["participants"].join(
        tables["events"].select("event_id", "evidence", "article_id", "confidence"), on="event_id"
    )
    asked = [
        *_about_names(tables["organization_names"], sentences, reference.decisions),
        *_about_new(tables["organizations"], sentences, reference.decisions),
        *_about_contested(tables),
    ]
    names = {question.name for question in asked}
    parties = _about_parties(tables["organizations"], tables["partnership_parties"], sentences, reference)
    asked += (question for question in parties if question.name not in names)
    return sorted(asked, key=lambda question: (-question.worth, question.kind, question.name, question.other))


def _about_names(names: pl.DataFrame, sentences: pl.DataFrame, decisions: Decisions) -> Iterable[Question]:
    unsure = names.filter(
        ~pl.col("reason").is_in(_SETTLED) & ((pl.col("decision") != "same") | (pl.col("score") < _CERTAIN))
    )
    for row in unsure.iter_rows(named=True):
        a, b = squeezed(row["name"]), squeezed(row["other"])
        if (a, b) in decisions.apart or (a in decisions.same and decisions.same[a] == decisions.same.get(b)):
            continue
        doubt = 1 - abs(2 * row["score"] - 1)
        yield Question(
            "names",
            doubt * row["articles"],
            row["name"],
            row["other"],
            row["decision"],
            row["reason"],
            row["score"],
            row["articles"],
            _said(sentences.filter((pl.col("org_id") == row["org_id"]) & (pl.col("mention") == row["name"]))),
            _said(sentences.filter((pl.col("org_id") == row["other_id"]) & (pl.col("mention") != row["name"]))),
        )


def _about_new(organizations: pl.DataFrame, sentences: pl.DataFrame, decisions: Decisions) -> Iterable[Question]:
    new = organizations.filter(~pl.col("in_reference") & (pl.col("kind") != "group"))
    told = sentences.group_by("org_id").agg(articles=pl.col("article_id").n_unique())
    for row in new.join(told, on="org_id").filter(pl.col("articles") >= _FEWEST_ARTICLES).iter_rows(named=True):
        if squeezed(row["name"]) not in decisions.names:
            said = _said(sentences.filter(pl.col("org_id") == row["org_id"]))
            about = ", ".join(text for text in (row["kind"], row["country"]) if text)
            yield Question("new", row["articles"] / 2, row["name"], about, "", "", 0.0, row["articles"], said)


def _about_parties(
    organizations: pl.DataFrame, parties: pl.DataFrame, sentences: pl.DataFrame, reference: Reference
) -> Iterable[Question]:
    """Parties that nobody listed and that may be no organisation: told unsurely, or called like a place."""
    places = {
        squeezed(name) for row in reference.places.iter_rows(named=True) for name in (row["name"], *row["aliases"])
    }
    told = sentences.group_by("org_id").agg(
        articles=pl.col("article_id").n_unique(), confidence=pl.col("confidence").max()
    )
    unlisted = organizations.filter(~pl.col("in_reference") & (pl.col("kind") != "group"))
    rows = unlisted.join(parties.select("org_id").unique(), on="org_id", how="semi").join(told, on="org_id")
    for row in rows.iter_rows(named=True):
        key = squeezed(row["name"])
        is_place = key in places
        if (is_place or row["confidence"] < _SURE) and key not in reference.decisions.names:
            said = _said(sentences.filter(pl.col("org_id") == row["org_id"]))
            why = "has the name of a place" if is_place else "is told unsurely"
            worth = (1 - row["confidence"] / 2) * row["articles"]
            yield Question("party", worth, row["name"], why, "", "", row["confidence"], row["articles"], said)


def _about_contested(tables: dict[str, pl.DataFrame]) -> Iterable[Question]:
    history = tables["partnership_history"].join(tables["events"].select("event_id", "evidence"), on="event_id")
    for row in tables["partnerships"].filter("contested").iter_rows(named=True):
        told = history.filter(pl.col("partnership_id") == row["partnership_id"]).sort("reported", "event_id")
        said = tuple(f"{status}: {text}" for status, text in told.select("status", "evidence").unique(
            "status", keep="last", maintain_order=True).iter_rows())  # fmt: skip
        yield Question(
            "contested", float(row["articles"]), row["name"], row["partnership_id"], "", "", 0.0, row["articles"], said
        )


def _said(sentences: pl.DataFrame) -> tuple[str, ...]:
    """A few sentences of different articles, the surest first."""
    return tuple(
        sentences.sort("confidence", "evidence", descending=[True, False])
        .unique("article_id", keep="first", maintain_order=True)["evidence"]
        .head(_SENTENCES)
    )


def decide(review: Review, reason: str, by: str, day: date, reference: Path, release: Release | None) -> str:
    """Keep a decision in the reviewed table of a reference folder; gives the line that was added.

    Args:
        review: The decision.
        reason: Why.
        by: Who decides, or "".
        day: When.
        reference: The folder.
        release: The release whose names were looked at, if there is one.

    Raises:
        ConfigurationError: A name is unknown, the reason is missing, or the decision contradicts others.
        ReferenceDataError: A table of the folder is wrong, or cannot be written.
    """
    known = load_reference(reference)
    path = reference / f"{ORGANIZATION_REVIEWS.name}.csv"
    if not reason.strip():
        raise ConfigurationError('A decision needs its reason, for whoever looks at it in a year: --reason "…".')
    names = _names(known, release)
    for name in (review.name, review.other):
        _check_known(name, names)
    try:
        known.decided([*known.reviews, review])
    except ContradictionError as error:
        raise ConfigurationError(
            f"This cannot be decided: {error}. Nothing was written; former decisions stand in {path}, "
            "where a line may be corrected or removed."
        ) from error
    cells = [" ".join(text.split()) for text in (review.name, review.decision, review.other, str(day), reason, by)]
    return _append(path, cells)


def _names(reference: Reference, release: Release | None) -> dict[str, str]:
    """A way to write each name that texts or the reference use, by its letters and digits."""
    everyone = reference.all_organizations
    names = [
        *everyone["name"],
        *everyone["aliases"].explode().drop_nulls(),
        *everyone["weak_aliases"].explode().drop_nulls(),
    ]
    names += [*reference.organization_reviews["name"], *reference.organization_reviews["other"]]
    if release is not None:
        found = release.table("organizations").collect()
        names += [*found["name"], *found["aliases"].explode().drop_nulls()]
        names += release.table("participants").select("mention").unique().collect()["mention"].to_list()
    return {squeezed(name): name for name in names}


def _check_known(name: str, names: dict[str, str]) -> None:
    if squeezed(name) in names:
        return
    close = [names[key] for key in get_close_matches(squeezed(name), names, n=3, cutoff=0.7)]
    hint = f"Did you mean {' or '.join(repr(each) for each in close)}?" if close else "`evpact review` lists names."
    raise ConfigurationError(f"No text and no table knows the name {name!r}. {hint}")


def _append(path: Path, cells: list[str]) -> str:
    """Add a row to a table in one step, so that nobody ever reads half of it."""
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(cells)
    try:
        former = path.read_text("utf-8-sig")
        whole = former + ("" if former.endswith("\n") else "\n") + line.getvalue()
        draft = path.with_suffix(".new")
        draft.write_text(whole, "utf-8")
        draft.replace(path)
    except OSError as error:
        raise ReferenceDataError(f"{path} cannot be written: {error.strerror}.") from error
    return line.getvalue().strip()
