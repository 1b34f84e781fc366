"""The knowledge of the industry: reviewed tables in `seeds/reference`, read and checked.

A cell with several values separates them with "|"; an empty cell is null, or an empty list. Any fault of a table stops
the run with file, line and column: a wrong reference would make wrong facts.
"""

from __future__ import annotations

import csv
import hashlib
import math
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Final

import polars as pl

from evpact import vocabulary as words
from evpact.errors import ReferenceDataError
from evpact.ids import slug, squeezed
from evpact.reviews import ORGANIZATION_REVIEWS, ContradictionError, Decisions, Review, follow
from evpact.settings import REFERENCE
from evpact.tables import TEXT, TEXTS, Column, Table

PLACE_KIND: Final[words.Vocabulary] = {
    "town": "a town or a district of one",
    "region": "a state, province, county or part of a country",
    "plant": "a site with a name of its own",
    "area": "several countries, or vague: Europe, Southeast Asia",
}

DIMENSION: Final[words.Vocabulary] = {
    "share": "parts of a whole",
    "energy": "energy",
    "power": "power",
    "count": "pieces",
    "mass": "mass",
    "length": "length",
    "time": "time",
    "order": "place in an order",
    "ratio": "multiples",
}

NUMBER_USE: Final[words.Vocabulary] = {
    "cardinal": "a number",
    "ordinal": "a place in an order",
    "magnitude": "multiplies the number before it",
    "fraction": "a part of one",
}

WEAK: Final[words.Vocabulary] = {"yes": "also an everyday word, a person or a company: counts only with corroboration"}


def _text(name: str, description: str, *, required: bool = False, vocabulary: words.Vocabulary | None = None) -> Column:
    return Column(name, TEXT, description, required=required, vocabulary=vocabulary)


def _texts(name: str, description: str) -> Column:
    return Column(name, TEXTS, description, required=True)


LATITUDE: Final = Column("latitude", pl.Float64(), "Degrees north.", minimum=-90, maximum=90)
LONGITUDE: Final = Column("longitude", pl.Float64(), "Degrees east.", minimum=-180, maximum=180)

ORGANIZATIONS: Final = Table(
    "organizations",
    "an organisation of the industry, or an authority below or across countries",
    ("org_id",),
    (
        _text("org_id", "Slug of the name.", required=True),
        _text("name", "Common name.", required=True),
        _text("kind", "What it does.", required=True, vocabulary=words.ORGANIZATION_KIND),
        Column("country", TEXT, "Where it is at home.", code="country"),
        _text("parent_id", "Organisation or country that controls it."),
        _text("wikidata_id", "Wikidata item, where certain."),
        _texts("aliases", "Other names."),
        _texts("weak_aliases", "Names that are also everyday words: they count only with corroboration."),
    ),
)

COUNTRIES: Final = Table(
    "countries",
    "a country, a territory that trades on its own, or a bloc",
    ("code",),
    (
        Column("code", TEXT, "ISO 3166-1 alpha-2, or EU.", required=True, code="country"),
        _text("name", "Common name.", required=True),
        _texts("aliases", "Other names."),
        _texts("demonyms", "Adjectives of nationality, names of its people."),
        _texts("capitals", "Names of places that stand for its government."),
        _texts("government_names", "Institutions that act for it."),
        LATITUDE,
        LONGITUDE,
    ),
)

PLACES: Final = Table(
    "places",
    "a town, region, site or area of the industry; of one name, one at most that is not weak",
    ("name", "country", "region"),
    (
        _text("name", "Name.", required=True),
        _text("kind", "What it is.", required=True, vocabulary=PLACE_KIND),
        Column("country", TEXT, "Country it lies in.", code="country"),
        _text("region", "Region it lies in."),
        LATITUDE,
        LONGITUDE,
        _texts("aliases", "Other names."),
        _text("org_id", "Who runs the site."),
        _text("weak", "Whether the name needs corroboration.", vocabulary=WEAK),
    ),
)

CURRENCIES: Final = Table(
    "currencies",
    "a currency",
    ("code",),
    (
        Column("code", TEXT, "ISO 4217.", required=True, code="currency"),
        _text("name", "Common name.", required=True),
        _texts("symbols", "Signs before or behind an amount."),
        _texts("words", "Words for it, singular and plural."),
    ),
)

UNITS: Final = Table(
    "units",
    "a unit of measure",
    ("unit",),
    (
        _text("unit", "The word that the dataset uses.", required=True),
        _text("dimension", "What is measured in it.", required=True, vocabulary=DIMENSION),
        _texts("words", "Words for it, singular and plural."),
    ),
)

NUMBERS: Final = Table(
    "numbers",
    "a word for a number",
    ("word", "use"),
    (
        _text("word", "The word.", required=True),
        Column("value", pl.Float64(), "Its value.", required=True),
        _text("use", "How it is used.", required=True, vocabulary=NUMBER_USE),
    ),
)

_CODES: Final = {"country": re.compile("[A-Z]{2}"), "currency": re.compile("[A-Z]{3}")}

_REVIEW: Final = ("name", "decision", "other")

REFERENCE_TABLES: Final = (ORGANIZATIONS, COUNTRIES, PLACES, CURRENCIES, UNITS, NUMBERS, ORGANIZATION_REVIEWS)


@dataclass(frozen=True, eq=False)
class Reference:
    """The reference tables, with list cells split; compared and hashed by identity.

    Attributes:
        organizations: As `ORGANIZATIONS`.
        countries: As `COUNTRIES`.
        places: As `PLACES`.
        currencies: As `CURRENCIES`.
        units: As `UNITS`.
        numbers: As `NUMBERS`.
        digest: SHA-256 over names and bytes of all files of the folder, the word lists included and the decisions left
            out: on it depends what an article states.
        organization_reviews: As `reviews.ORGANIZATION_REVIEWS`.
        reviews_digest: SHA-256 of the decisions.
    """

    organizations: pl.DataFrame
    countries: pl.DataFrame
    places: pl.DataFrame
    currencies: pl.DataFrame
    units: pl.DataFrame
    numbers: pl.DataFrame
    digest: str
    organization_reviews: pl.DataFrame = field(default_factory=ORGANIZATION_REVIEWS.empty)
    reviews_digest: str = ""

    @cached_property
    def decisions(self) -> Decisions:
        """What people decided about names, and what follows from it.

        Raises:
            ContradictionError: The decisions contradict one another or the reference.
        """
        return self.decided(self.reviews)

    @property
    def reviews(self) -> list[Review]:
        """The decisions of people, in the order of their table."""
        return [Review(*row) for row in self.organization_reviews.select(_REVIEW).iter_rows()]

    def decided(self, reviews: Iterable[Review]) -> Decisions:
        """What would follow from other decisions.

        Raises:
            ContradictionError: They contradict one another or the reference.
        """
        everyone = self.all_organizations.select("org_id", "name", pl.concat_list("aliases", "weak_aliases"))
        names = {squeezed(name): org_id for org_id, name, _ in everyone.iter_rows()}
        listed = {squeezed(alias): org_id for org_id, _, aliases in everyone.iter_rows() for alias in aliases}
        return follow(reviews, listed | names, names)

    @cached_property
    def all_organizations(self) -> pl.DataFrame:
        """Organisations, and every country and bloc as one (`org_id` is the slug of its name), sorted by `org_id`."""
        states = self.countries.select(
            pl.col("name").map_elements(slug, return_dtype=pl.String).alias("org_id"),
            "name",
            pl.lit("government").alias("kind"),
            pl.col("code").alias("country"),
            pl.lit(None, pl.String).alias("parent_id"),
            pl.lit(None, pl.String).alias("wikidata_id"),
            "aliases",
            pl.lit([], TEXTS).alias("weak_aliases"),
        )
        return pl.concat([self.organizations, states]).sort("org_id")


def load_reference(folder: Path = REFERENCE) -> Reference:
    """Read and check the reference tables of a folder; a folder that has not changed is read once.

    Raises:
        ReferenceDataError: A table is missing or wrong; the message names file, line and column, and the way out.
    """
    folder = folder.resolve()
    return _load(folder, _digest(folder, is_review=False), _digest(folder, is_review=True))


@lru_cache(maxsize=4)
def _load(folder: Path, digest: str, reviews_digest: str) -> Reference:
    sheets = {table.name: _Sheet.read(folder / f"{table.name}.csv", table) for table in REFERENCE_TABLES}
    frames = {name: sheet.frame for name, sheet in sheets.items()}
    reference = Reference(**frames, digest=digest, reviews_digest=reviews_digest)
    _check_references(sheets)
    reviews = sheets[ORGANIZATION_REVIEWS.name]
    try:
        _ = reference.decisions
    except ContradictionError as error:
        line = reviews.lines[error.place]
        raise ReferenceDataError(
            f"{reviews.path}, line {line}: {error}. Correct or remove one of the decisions."
        ) from error
    return reference


def _digest(folder: Path, *, is_review: bool) -> str:
    """Digest of the decisions, or of everything else in the folder."""
    whole = hashlib.sha256()
    try:
        for path in sorted(p for p in folder.iterdir() if p.is_file()):
            if (path.stem == ORGANIZATION_REVIEWS.name) != is_review:
                continue
            whole.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    except OSError as error:
        raise _unreadable(error) from error
    return whole.hexdigest()


def _unreadable(error: OSError) -> ReferenceDataError:
    return ReferenceDataError(f"{error.filename} cannot be read: {error.strerror}. Restore it from the repository.")


@dataclass(frozen=True)
class _Sheet:
    """A table as read, with the line in which each row ends, for messages."""

    path: Path
    frame: pl.DataFrame
    lines: list[int]

    @classmethod
    def read(cls, path: Path, table: Table) -> _Sheet:
        seen: dict[tuple[object, ...], int] = {}
        rows = []
        for line, cells in _rows(path, [column.name for column in table.columns]):
            row = {column.name: _parsed(path, line, column, cells[column.name]) for column in table.columns}
            key = tuple(row[name] for name in table.key)
            if key in seen:
                written = ", ".join(str(value) for value in key if value is not None)
                raise ReferenceDataError(
                    f"{path}, line {line}, column {table.key[0]}: {written} stands in line {seen[key]} already. "
                    "Remove one of them."
                )
            seen[key] = line
            rows.append(row)
        return cls(path, pl.DataFrame(rows, schema=table.schema), list(seen.values()))

    def check(self, column: str, known: Collection[str], of: str) -> None:
        """Refuses a value that is not known; `of` says where it should stand."""
        for line, value in zip(self.lines, self.frame[column], strict=True):
            if value is not None and value not in known:
                raise ReferenceDataError(
                    f"{self.path}, line {line}, column {column}: {value} is not in {of}. "
                    "Correct it, or add the row it refers to."
                )


def _rows(path: Path, names: list[str]) -> Iterator[tuple[int, dict[str, str]]]:
    line = 1
    try:
        # A byte order mark is what spreadsheets write before UTF-8.
        with path.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.reader(lines, strict=True)
            if next(reader, None) != names:
                raise ReferenceDataError(
                    f"{path}, line 1: the columns must be {','.join(names)}. Correct the first line."
                )
            for cells in reader:
                line = reader.line_num
                if len(cells) != len(names):
                    raise ReferenceDataError(
                        f"{path}, line {line}: {len(cells)} cells instead of {len(names)}. "
                        "Put a cell that holds a comma in quotes."
                    )
                yield line, dict(zip(names, cells, strict=True))
    except UnicodeDecodeError as error:
        raise ReferenceDataError(f"{path}, near line {line}: not UTF-8 ({error.reason}). Save it as UTF-8.") from error
    except csv.Error as error:
        raise ReferenceDataError(f"{path}, near line {line}: no proper CSV ({error}). Check the quotes.") from error
    except OSError as error:
        raise _unreadable(error) from error


def _parsed(path: Path, line: int, column: Column, cell: str) -> object:
    try:
        return _members(cell) if column.is_list else _value(cell.strip(), column)
    except ValueError as error:
        raise ReferenceDataError(f"{path}, line {line}, column {column.name}: {error}. Correct the cell.") from error


def _members(cell: str) -> list[str]:
    members = [member.strip() for member in cell.split("|")] if cell.strip() else []
    if "" in members or len(set(members)) < len(members):
        raise ValueError(f'{cell!r} has an empty value or the same twice between "|"')
    return members


def _value(cell: str, column: Column) -> str | float | date | None:
    if not cell:
        if column.required:
            raise ValueError("the cell is empty")
        return None
    if column.dtype == pl.Float64():
        return _number(cell, column)
    if column.dtype == pl.Date():
        return _date(cell)
    if column.vocabulary and cell not in column.vocabulary:
        raise ValueError(f"{cell!r} is not one of {', '.join(column.vocabulary)}")
    if column.code and not _CODES[column.code].fullmatch(cell):
        raise ValueError(f"{cell!r} has not the form of a {column.code} code")
    return cell


def _date(cell: str) -> date:
    try:
        return date.fromisoformat(cell)
    except ValueError as error:
        raise ValueError(f"{cell!r} is not a day such as 2026-11-24") from error


def _number(cell: str, column: Column) -> float:
    value = float(cell)
    low = -math.inf if column.minimum is None else column.minimum
    high = math.inf if column.maximum is None else column.maximum
    if not (math.isfinite(value) and low <= value <= high):
        raise ValueError(f"{cell} is not a number from {low} to {high}")
    return value


def _check_references(sheets: Mapping[str, _Sheet]) -> None:
    organizations, countries, places = (sheets[table.name] for table in (ORGANIZATIONS, COUNTRIES, PLACES))
    states = {slug(name): name for name in countries.frame["name"]}
    for line, org_id in zip(organizations.lines, organizations.frame["org_id"], strict=True):
        if org_id in states:
            raise ReferenceDataError(
                f"{organizations.path}, line {line}, column org_id: {org_id} is the country {states[org_id]} "
                f"of {countries.path.name}. Remove the row or change its id."
            )
    ids = {*organizations.frame["org_id"], *states}
    codes = set(countries.frame["code"])
    organizations.check("country", codes, countries.path.name)
    organizations.check("parent_id", ids, f"{organizations.path.name} nor {countries.path.name}")
    places.check("country", codes, countries.path.name)
    places.check("org_id", ids, f"{organizations.path.name} nor {countries.path.name}")
