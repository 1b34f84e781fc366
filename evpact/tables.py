"""The tables of a release: every table, column, key and reference, defined once.

Everything else is derived from these definitions: empty frames and type casts, the order of rows, the data package, the
data dictionary in `docs/`, the structural expectations of the gate, and the views that `evpact query` offers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import polars as pl

from evpact import vocabulary as words

TEXT: Final = pl.String()
TEXTS: Final = pl.List(pl.String())


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Attributes:
        name: Name of the column, the same wherever the same thing is meant.
        dtype: Polars type of the column.
        description: What a value means, for people.
        required: Whether a value must always be there.
        vocabulary: Legal words and their meanings; of a list, those of its members.
        references: `table.column` that each value must be found in.
        code: Standard that the value is a code of: `country` (ISO 3166-1 alpha-2 or a bloc).
        minimum: Smallest legal value.
        maximum: Largest legal value.
    """

    name: str
    dtype: pl.DataType
    description: str
    required: bool = False
    vocabulary: words.Vocabulary | None = None
    references: str | None = None
    code: str | None = None
    minimum: float | None = None
    maximum: float | None = None

    @property
    def is_list(self) -> bool:
        """Whether a value is a list."""
        return isinstance(self.dtype, pl.List)


@dataclass(frozen=True)
class Table:
    """A table of a release.

    Attributes:
        name: Name of the table and of its file.
        row: What one row is.
        key: Names of the columns that identify a row; rows are sorted by them.
        columns: Columns in the order of the file.
    """

    name: str
    row: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def schema(self) -> pl.Schema:
        """Polars schema of the table."""
        return pl.Schema({column.name: column.dtype for column in self.columns})

    def __getitem__(self, name: str) -> Column:
        """The column of that name; `KeyError` if there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name} has no column {name}")

    def empty(self) -> pl.DataFrame:
        """A frame of this table without rows."""
        return pl.DataFrame(schema=self.schema)

    def conform(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The frame with exactly this table's columns, types and order of rows.

        Raises:
            polars.exceptions.PolarsError: A column is missing or a value does not fit its type.
        """
        return (
            frame.select(pl.col(column.name).cast(column.dtype) for column in self.columns)
            .sort(self.key, maintain_order=True)
            .rechunk()
        )


def _key(name: str, description: str, references: str | None = None) -> Column:
    return Column(name, TEXT, description, required=True, references=references)


def _word(name: str, vocabulary: words.Vocabulary, description: str, *, required: bool = True) -> Column:
    return Column(name, TEXT, description, required=required, vocabulary=vocabulary)


def _reference(name: str, references: str, description: str, *, required: bool = False) -> Column:
    return Column(name, TEXT, description, required=required, references=references)


def _countries(description: str) -> Column:
    return Column("countries", TEXTS, description, required=True, code="country")


def _country(description: str) -> Column:
    return Column("country", TEXT, description, code="country")


def _count(name: str, description: str, minimum: int = 1) -> Column:
    return Column(name, pl.Int64(), description, required=True, minimum=minimum)


def _span(of: str) -> tuple[Column, Column]:
    return (
        Column(
            "start", pl.Int64(), f"Offset of the first character of {of} in the article's clean text.", True, minimum=0
        ),
        Column(
            "end", pl.Int64(), f"Offset behind the last character of {of} in the article's clean text.", True, minimum=1
        ),
    )


CONFIDENCE: Final = Column(
    "confidence",
    pl.Float64(),
    "How much the row deserves trust, 0 to 1; docs/extraction.md tells what share of events is right at which level.",
    required=True,
    minimum=0,
    maximum=1,
)

ARTICLES: Final = Table(
    "articles",
    "one distinct article",
    ("article_id",),
    (
        _key("article_id", "Made from the content: the same text gives the same id, wherever it came from."),
        Column("title", TEXT, "Headline, without the site's name."),
        Column("publisher", TEXT, "Who published it, as the article or the source says."),
        Column("authors", TEXTS, "Names of the authors, in the order of the byline.", required=True),
        Column("language", TEXT, "ISO 639-1 code of the language."),
        Column("url", TEXT, "Address of the article, where known."),
        Column("published", pl.Date(), "Day of publication; null if unknown."),
        Column("source", TEXT, "Name of the configured source that delivered it.", required=True),
        _count("words", "Words of the clean text."),
        _reference(
            "story_id", "articles.article_id", "Article that stands for all near copies of this text.", required=True
        ),
        Column("relevant", pl.Boolean(), "Whether it states anything in the scope of the dataset.", required=True),
    ),
)

EVENTS: Final = Table(
    "events",
    "one thing that an article states",
    ("event_id",),
    (
        _key("event_id", "Made from the article and what is stated."),
        _reference("article_id", "articles.article_id", "The article that states it.", required=True),
        _word("type", words.EVENT_TYPE, "What sort of thing it is."),
        _word("kind", words.EVENT_KIND, "More exact sort, for partnership, facility and trade_policy.", required=False),
        _word("status", words.STATUS, "How far it has got as the article tells it."),
        _countries("Where it takes place (for market: which market); not the participants' home."),
        Column("places", TEXTS, "Towns, plants and regions of the event, as written.", required=True),
        _reference("facility_id", "facilities.facility_id", "The site it concerns, if one."),
        Column("product", TEXT, "The model, platform or product it concerns, as written."),
        _word("attribution", words.ATTRIBUTION, "On whose word the article states it."),
        CONFIDENCE,
        Column("evidence", TEXT, "The sentence or two that state it best, exactly as in the article.", required=True),
        Column("evidence_start", pl.Int64(), "Offset of the evidence in the article's clean text.", True, minimum=0),
        Column("evidence_end", pl.Int64(), "Offset behind the evidence in the article's clean text.", True, minimum=1),
        Column("extractor", TEXT, "Name and version of the extractor that read it.", required=True),
        Column(
            "retold",
            pl.Boolean(),
            "Whether it was read in the light of other articles that tell of the same partnership, where the extractor "
            "alone read nothing sure of it.",
            required=True,
        ),
    ),
)

PARTICIPANTS: Final = Table(
    "participants",
    "an organisation's part in an event",
    ("event_id", "org_id", "role"),
    (
        _key("event_id", "The event.", "events.event_id"),
        _key("org_id", "The organisation.", "organizations.org_id"),
        _word("role", words.ROLE, "What it does in the event."),
        Column("mention", TEXT, "The fullest name the article gives it.", required=True),
    ),
)

QUANTITIES: Final = Table(
    "quantities",
    "a measured figure of an event",
    ("quantity_id",),
    (
        _key("quantity_id", "Made from the event and the figure."),
        _reference("event_id", "events.event_id", "The event it belongs to.", required=True),
        _reference("org_id", "organizations.org_id", "Whose figure it is, if one participant's."),
        _word("measure", words.MEASURE, "What is measured."),
        Column("value", pl.Float64(), "The figure in full; a fall or a cut is negative.", required=True),
        Column("unit", TEXT, "ISO 4217 code for money, `percent`, or a unit of the reference table.", required=True),
        _word("per", words.PER, "What each the figure is for.", required=False),
        _word("bound", words.BOUND, "Whether the figure is exact, a bound or a round number."),
        Column("text", TEXT, "The figure as the article writes it.", required=True),
        *_span("the figure"),
    ),
)

EVENT_DATES: Final = Table(
    "event_dates",
    "a date of an event",
    ("event_id", "role"),
    (
        _key("event_id", "The event.", "events.event_id"),
        _word("role", words.DATE_ROLE, "What happens on that date."),
        Column("date", pl.Date(), "First day of what is meant.", required=True),
        _word("precision", words.DATE_PRECISION, "How exact the date is."),
        Column("text", TEXT, "The date as the article writes it.", required=True),
    ),
)

QUOTES: Final = Table(
    "quotes",
    "something a named person is quoted with",
    ("quote_id",),
    (
        _key("quote_id", "Made from the article and the place of the quote in it."),
        _reference("article_id", "articles.article_id", "The article that quotes.", required=True),
        _reference("person_id", "people.person_id", "Who is quoted.", required=True),
        Column("text", TEXT, "What stands between the quotation marks.", required=True),
        *_span("the quote"),
    ),
)

ORGANIZATIONS: Final = Table(
    "organizations",
    "a company, government, bloc, association, or an unnamed group that acts as one",
    ("org_id",),
    (
        _key("org_id", "Readable slug."),
        Column("name", TEXT, "Common name.", required=True),
        _word("kind", words.ORGANIZATION_KIND, "What it does."),
        _country("Where it is at home."),
        _reference("parent_id", "organizations.org_id", "The organisation that controls it."),
        Column("wikidata_id", TEXT, "Wikidata item, where certain."),
        Column("aliases", TEXTS, "Other names it goes by.", required=True),
        Column("in_reference", pl.Boolean(), "Known beforehand (true) or found in the texts (false).", required=True),
    ),
)

ORGANIZATION_NAMES: Final = Table(
    "organization_names",
    "a name that articles use, held against another: why both are one organisation, or are not though they look alike",
    ("name_id",),
    (
        _key("name_id", "Made from the organisation, the name, and whom it was held against."),
        _reference("org_id", "organizations.org_id", "The organisation that the name counts as.", required=True),
        Column("name", TEXT, "The name as articles write it.", required=True),
        Column("other", TEXT, "The name that it was held against.", required=True),
        Column(
            "other_id",
            TEXT,
            "The organisation of that name: the same, or another one of the release or the reference.",
            required=True,
        ),
        _word("decision", words.NAME_DECISION, "What the name is to the other."),
        _word("reason", words.NAME_REASON, "Why they were held against one another."),
        Column(
            "score",
            pl.Float64(),
            "How surely the decision `same`, or else a merge, would be right.",
            required=True,
            minimum=0,
            maximum=1,
        ),
        _count("articles", "Articles that use the name for the organisation."),
    ),
)

PEOPLE: Final = Table(
    "people",
    "a person quoted or named with an office",
    ("person_id",),
    (
        _key("person_id", "Readable slug."),
        Column("name", TEXT, "Fullest name.", required=True),
        Column("title", TEXT, "Office, as written."),
        _reference("org_id", "organizations.org_id", "The organisation it is held at."),
    ),
)

FACILITIES: Final = Table(
    "facilities",
    "a plant, headquarters, research centre",
    ("facility_id",),
    (
        _key("facility_id", "Readable slug of operator, place and kind."),
        Column("name", TEXT, "Name for people.", required=True),
        _word("kind", words.FACILITY_KIND, "What sort of site."),
        _reference("org_id", "organizations.org_id", "Who runs or plans it."),
        Column("place", TEXT, "Town or region."),
        _country("Country it stands in."),
        Column("latitude", pl.Float64(), "Degrees north, of the place; null where unknown.", minimum=-90, maximum=90),
        Column("longitude", pl.Float64(), "Degrees east, of the place; null where unknown.", minimum=-180, maximum=180),
    ),
)

PARTNERSHIPS: Final = Table(
    "partnerships",
    "one partnership in the world, however many articles tell of it",
    ("partnership_id",),
    (
        _key("partnership_id", "Stable from release to release as sources are added."),
        Column("name", TEXT, "The parties and the kind, for people.", required=True),
        _word("kind", words.PARTNERSHIP_KIND, "What sort of cooperation, where told.", required=False),
        _word("status", words.STATUS, "How far it has got by the last article, in the light of all that tell of it."),
        Column(
            "contested",
            pl.Boolean(),
            "Whether its sources disagree: about its course, or at one time about a sum or stake.",
            required=True,
        ),
        Column("first_reported", pl.Date(), "Day of the first article that tells of it; null if none is dated."),
        Column("last_reported", pl.Date(), "Day of the last article that tells of it; null if none is dated."),
        _count("articles", "Articles that tell of it."),
        _count("stories", "Independent texts among them: near copies count once."),
        _count("publishers", "Different publishers among them.", minimum=0),
        _countries("Countries of its events."),
        CONFIDENCE,
    ),
)

PARTNERSHIP_PARTIES: Final = Table(
    "partnership_parties",
    "a party of a partnership",
    ("partnership_id", "org_id"),
    (
        _key("partnership_id", "The partnership.", "partnerships.partnership_id"),
        _key("org_id", "The party.", "organizations.org_id"),
        _word("role", words.ROLE, "What it does in the partnership."),
    ),
)

PARTNERSHIP_HISTORY: Final = Table(
    "partnership_history",
    "one event that told of a partnership",
    ("partnership_id", "event_id"),
    (
        _key("partnership_id", "The partnership.", "partnerships.partnership_id"),
        _key("event_id", "The event.", "events.event_id"),
        Column("reported", pl.Date(), "Day the article was published; null if unknown."),
        _word("status", words.STATUS, "Status as told by that event."),
        _word("attribution", words.ATTRIBUTION, "On whose word the article states it."),
        Column("recap", pl.Boolean(), "Whether it is told as something earlier, not as news.", required=True),
        _word(
            "standing",
            words.STATUS,
            "How far the partnership had got by that article, in the light of all that tell of it: texts are misread, "
            "and tell of what is past.",
        ),
    ),
)

PARTNERSHIP_QUANTITIES: Final = Table(
    "partnership_quantities",
    "a figure of a partnership, however many articles tell it",
    ("figure_id",),
    (
        _key("figure_id", "Made from the partnership and the figure."),
        _reference("partnership_id", "partnerships.partnership_id", "The partnership.", required=True),
        _word("measure", words.MEASURE, "What is measured."),
        Column("value", pl.Float64(), "The figure in full; a fall or a cut is negative.", required=True),
        Column("unit", TEXT, "As in `quantities`; energy in GWh and power in GW, where told in MW or more.", True),
        _word("per", words.PER, "What each the figure is for.", required=False),
        _word("bound", words.BOUND, "Whether the figure is exact, a bound or a round number."),
        _reference("org_id", "organizations.org_id", "Whose figure it is, if one participant's."),
        _count("articles", "Articles that tell it."),
        _count("stories", "Independent texts among them."),
        Column("first_reported", pl.Date(), "Day of the first article that tells it; null if none is dated."),
        Column("last_reported", pl.Date(), "Day of the last article that tells it; null if none is dated."),
        Column(
            "conflicting",
            pl.Boolean(),
            "Whether another source tells another figure for the same thing, which cannot hold as well.",
            required=True,
        ),
        Column("quantity_ids", TEXTS, "Where it is told: the rows of `quantities`.", required=True),
    ),
)

REDIRECTS: Final = Table(
    "redirects",
    "a partnership of an earlier release whose id is no longer used",
    ("old_id",),
    (
        _key("old_id", "The id in earlier releases."),
        _reference("new_id", "partnerships.partnership_id", "Where to look now; null if it is gone."),
        _word("reason", words.REDIRECT, "What became of it."),
        Column("last_version", TEXT, "Version of the last release that had the old id.", required=True),
    ),
)

TABLES: Final[dict[str, Table]] = {
    table.name: table
    for table in (
        ARTICLES,
        EVENTS,
        PARTICIPANTS,
        QUANTITIES,
        EVENT_DATES,
        QUOTES,
        ORGANIZATIONS,
        ORGANIZATION_NAMES,
        PEOPLE,
        FACILITIES,
        PARTNERSHIPS,
        PARTNERSHIP_PARTIES,
        PARTNERSHIP_HISTORY,
        PARTNERSHIP_QUANTITIES,
        REDIRECTS,
    )
}
"""Every table of a release by name, in the order of the layers."""


def references() -> Iterator[tuple[Table, Column, Table, Column]]:
    """Every reference between tables: referring table and column, referred table and column."""
    for table in TABLES.values():
        for column in table.columns:
            if column.references:
                target, name = column.references.split(".")
                yield table, column, TABLES[target], TABLES[target][name]
