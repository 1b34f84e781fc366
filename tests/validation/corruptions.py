"""One small corruption for each expectation: what it must catch, and nothing else.

`CORRUPTIONS` maps the name of a rule to a function that breaks one thing of a sound sample. Rules derived from the
table definitions and from `expectations/limits` have derived corruptions; those of judgements are
written by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import polars as pl

from evpact.tables import TABLES, Column, Table
from evpact.tables import references as all_references
from expectations.limits import limits
from tests.validation.sound import TODAY, Tables

ALL = 10**6
MOJIBAKE = "CitroÃ«n"


@dataclass
class Sample:
    """A candidate that corruptions change in place, with texts and the release before."""

    tables: Tables
    texts: pl.DataFrame
    previous: Tables | None = None
    changed: set[str] = field(default_factory=set)

    def put(self, table: str, frame: pl.DataFrame) -> None:
        """Replace a table; its rows are put in order."""
        self.tables[table] = TABLES[table].conform(frame)
        self.changed.add(table)

    def set(self, table: str, column: str, value: Any, rows: int = 1, where: pl.Expr | None = None) -> None:
        """Set a column of the first rows that meet a condition to a value or an expression."""
        chosen = pl.lit(True) if where is None else where
        frame = self.tables[table].with_columns(_chosen=chosen)
        frame = frame.with_columns(_chosen=pl.col("_chosen") & (pl.col("_chosen").cum_sum() <= rows))
        if not isinstance(value, pl.Expr):
            value = pl.lit(pl.Series([value], dtype=TABLES[table][column].dtype)).first()
        self.put(table, frame.with_columns(pl.when("_chosen").then(value).otherwise(pl.col(column)).alias(column)))

    def drop(self, table: str, where: pl.Expr) -> None:
        """Remove rows."""
        self.put(table, self.tables[table].filter(~where))

    def repeat(self, table: str, where: pl.Expr | None = None, **changes: pl.Expr) -> None:
        """Add the first row that meets a condition once more, with changes."""
        frame = self.tables[table]
        row = (frame if where is None else frame.filter(where)).head(1)
        self.put(table, pl.concat([frame, row.with_columns(**changes)]))

    def rename(self, table: str, column: str, new: str) -> None:
        """Give the id of the first row another value, in every table that refers to it."""
        old = self.tables[table][column][0]
        places = [(table, column)] + [
            (t.name, c.name) for t, c, target, key in all_references() if (target.name, key.name) == (table, column)
        ]
        for name, referring in places:
            self.set(name, referring, new, ALL, pl.col(referring) == old)

    def remember(self, **tables: pl.DataFrame) -> None:
        """Let the release before be this sample with other tables."""
        self.previous = dict(self.tables) | tables
        self.changed |= {f"previous_{name}" for name in TABLES}


Apply = Callable[[Sample], None]


@dataclass(frozen=True)
class Corruption:
    """What is done to a sound sample, and which other critical rules this breaks of necessity."""

    apply: Apply
    also: frozenset[str] = frozenset()


def _also(*names: str) -> Callable[[Apply], Corruption]:
    return lambda apply: Corruption(apply, frozenset(names))


def key_of(table: str) -> str:
    return TABLES[table].key[0]


# -- derived from the table definitions


def _structural() -> Iterator[tuple[str, Apply]]:
    for table in TABLES.values():
        yield f"{table.name}.key_unique", _repeated(table.name)
        yield f"{table.name}.sorted", _unsorted(table.name)
        column = _TEXT_COLUMN[table.name]
        yield f"{table.name}.text_clean", _texted(table, column, "unclean\u200b text ")
        yield f"{table.name}.encoding", _texted(table, column, MOJIBAKE)
        yield f"{table.name}.encoding.widespread", _texted(table, column, MOJIBAKE, ALL)
        for each in table.columns:
            yield from _of_column(table, each)


_TEXT_COLUMN = {
    "articles": "title",
    "events": "product",
    "participants": "mention",
    "quantities": "text",
    "event_dates": "text",
    "quotes": "text",
    "organizations": "aliases",
    "organization_names": "other",
    "people": "title",
    "facilities": "place",
    "partnerships": "name",
    "partnership_parties": "role",
    "partnership_history": "status",
    "partnership_quantities": "unit",
    "redirects": "last_version",
}


def _texted(table: Table, column: str, text: str, rows: int = 1) -> Apply:
    value = [text] if table[column].is_list else text
    return lambda s: s.set(table.name, column, value, rows)


def _repeated(table: str) -> Apply:
    return lambda s: s.repeat(table)


def _set_all(table: str, column: str, value: Any) -> Apply:
    return lambda s: s.set(table, column, value, ALL)


def _unsorted(table: str) -> Apply:
    def apply(s: Sample) -> None:
        s.tables[table] = s.tables[table].reverse()
        s.changed.add(table)

    return apply


def _of_column(table: Table, column: Column) -> Iterator[tuple[str, Apply]]:
    t, c, prefix = table.name, column.name, f"{table.name}.{column.name}"

    def setting(value: Any) -> Apply:
        return lambda s: s.set(t, c, [value] if column.is_list else value, 1, _has_value(column))

    if column.required:
        yield f"{prefix}.required", lambda s: s.set(t, c, None)
    if column.name in table.key and not column.references and not column.vocabulary:
        yield f"{prefix}.id_form", lambda s: s.rename(t, c, "Has Spaces")
    if column.vocabulary is not None:
        yield f"{prefix}.vocabulary", setting("nonsense")
    if column.code == "country":
        yield f"{prefix}.country", setting("XX")
    if column.minimum is not None:
        yield f"{prefix}.within", setting(column.minimum - 1 if column.dtype == pl.Int64() else float("nan"))
    elif column.dtype == pl.Float64():
        yield f"{prefix}.finite", setting(float("inf"))
    if column.references:
        yield f"{prefix}.references", setting("gone")
    if column.is_list:
        yield f"{prefix}.members", lambda s: s.set(t, c, pl.col(c).list.concat(pl.col(c)), 1, pl.col(c).list.len() > 0)


def _has_value(column: Column) -> pl.Expr:
    return pl.col(column.name).list.len() > 0 if column.is_list else pl.col(column.name).is_not_null()


# -- derived from expectations/limits


def _limits() -> Iterator[tuple[str, Apply]]:
    for line in limits("lengths").iter_rows(named=True):
        table, column = line["table"], line["column"]
        yield f"{table}.{column}.length", _lengthened(table, column, line["max"] + 1)
    for line in limits("fill").iter_rows(named=True):
        table, column = TABLES[line["table"]], line["column"]
        empty: list[str] | None = [] if table[column].is_list else None
        if line["critical_below"] is not None:
            yield f"{table.name}.{column}.fill", _set_all(table.name, column, empty)
        yield f"{table.name}.{column}.fill_low", _emptied(table.name, column, empty, line["warning_below"])


def _lengthened(table: str, column: str, length: int) -> Apply:
    longer = pl.concat_str(pl.col(column), pl.lit("x" * length)).str.slice(0, length)
    return lambda s: s.set(table, column, longer, 1, pl.col(column).is_not_null())


def _emptied(table: str, column: str, empty: Any, floor: float) -> Apply:
    """Leave just too few rows with a value."""

    def apply(s: Sample) -> None:
        frame = s.tables[table]
        has = _has_value(TABLES[table][column])
        keep = int(frame.height * floor - 0.001)
        surplus = frame.filter(has).height - keep
        s.set(table, column, empty, surplus, has)

    return apply


# -- against the release before


def _history() -> Iterator[tuple[str, Apply]]:
    for table in TABLES.values():
        yield f"{table.name}.rows_kept", _was_larger(table)
        for column in table.columns:
            if column.is_list or not column.required:
                yield f"{table.name}.{column.name}.fill_kept", _was_fuller(table.name, column)
    for name in ("articles", "organizations", "partnerships"):
        yield f"{name}.keys_kept", _had_other_keys(name)


def _was_larger(table: Table) -> Apply:
    def apply(s: Sample) -> None:
        frame = s.tables[table.name]
        twin = frame.with_columns(pl.concat_str(pl.col(key_of(table.name)), pl.lit("-gone")))
        s.remember(**{table.name: pl.concat([frame, twin])})

    return apply


def _was_fuller(table: str, column: Column) -> Apply:
    def apply(s: Sample) -> None:
        frame = s.tables[table]
        value = pl.lit(pl.Series([["x"] if column.is_list else None], dtype=column.dtype)).first()
        filler = {pl.String(): pl.lit("x"), pl.Date(): pl.lit(TODAY), pl.Float64(): pl.lit(1.0)}.get(
            column.dtype, value
        )
        s.remember(**{table: frame.with_columns(filler.alias(column.name))})
        if frame.filter(_has_value(column)).height > 0.7 * frame.height:
            _emptied(table, column.name, [] if column.is_list else None, 0.7)(s)

    return apply


def _had_other_keys(table: str) -> Apply:
    def apply(s: Sample) -> None:
        key = key_of(table)
        s.remember(**{table: s.tables[table].with_columns(pl.concat_str(pl.col(key), pl.lit("-gone")))})

    return apply


# -- judgements


def _event(kind: str) -> pl.Expr:
    return pl.col("type") == kind


def _in_article(s: Sample, table: str, column: str, value: Any, rows: int, events: pl.Expr) -> None:
    """Set a column of rows whose event meets a condition."""
    ids = s.tables["events"].filter(events)["event_id"]
    s.set(table, column, value, rows, pl.col("event_id").is_in(ids.implode()))


def _shift_evidence(s: Sample, rows: int) -> None:
    """Evidence and its offset one character later, in agreement with the text: the first word is cut."""
    s.set("events", "evidence_start", pl.col("evidence_start") + 1, rows)
    s.set("events", "evidence", pl.col("evidence").str.slice(1), rows)


def _swap_text(s: Sample, rows: int, text: str) -> None:
    """Add markup to texts, behind everything that is quoted from them."""
    chosen = pl.int_range(pl.len()) < rows
    s.texts = s.texts.with_columns(pl.when(chosen).then(pl.col("text") + text).otherwise("text").alias("text"))
    s.changed.add("texts")


def _many_events(s: Sample, number: int) -> None:
    """More events of one article, each with its participant and figure."""
    row = s.tables["events"].filter(_event("product")).head(1)
    copies = [
        row.with_columns(
            event_id=pl.lit(f"extra{n:03}"),
            product=pl.lit(None, pl.String),
            places=pl.lit(["Oslo"[: n % 3 + 2]], pl.List(pl.String)),
            countries=pl.lit([["NO", "DE", "HU", "KR"][n % 4]], pl.List(pl.String)),
            status=pl.lit(["completed", "announced", "agreed", "active", "ended", "exploring", "negotiating"][n % 7]),
        )
        for n in range(number)
    ]
    who = s.tables["participants"].filter(event_id=row["event_id"][0])
    s.put("events", pl.concat([s.tables["events"], *copies]))
    s.put(
        "participants",
        pl.concat(
            [s.tables["participants"], *(who.with_columns(event_id=pl.lit(f"extra{n:03}")) for n in range(number))]
        ),
    )


def _cycle(s: Sample) -> None:
    """Three found organisations that control each other in a ring."""
    ids = s.tables["organizations"].filter(~pl.col("in_reference"))["org_id"].head(3).to_list()
    for org, parent in zip(ids, ids[1:] + ids[:1], strict=True):
        s.set("organizations", "parent_id", parent, 1, pl.col("org_id") == org)


def _replace_organization(s: Sample) -> None:
    """All participations of one battery maker, with parties and figures, go to another."""
    for table in ("participants", "partnership_parties", "quantities"):
        s.set(table, "org_id", "birch-cells", ALL, pl.col("org_id") == "ash-cells")


def _families(s: Sample, rows: int) -> None:
    """Battery makers become daughters of the carmakers they partner with."""
    for tree in ("ash", "birch", "cedar", "elm", "fir")[:rows]:
        s.set("organizations", "parent_id", f"{tree}-motors", 1, pl.col("org_id") == f"{tree}-cells")


def _same_mention(s: Sample) -> None:
    """Both parties of a partnership are named by the same word."""
    ids = s.tables["partnership_history"].filter(partnership_id="ash-venture")["event_id"]
    s.set("participants", "mention", "Ash", ALL, pl.col("event_id").is_in(ids.implode()))


def _dateless_ending(s: Sample, rows: int) -> None:
    ids = s.tables["event_dates"].filter(role="signed")["event_id"].head(rows)
    s.set("events", "status", "completed", ALL, pl.col("event_id").is_in(ids.implode()))


def _lost(s: Sample, table: str, keep: int) -> None:
    s.put(table, s.tables[table].head(keep))


def _twice_partnership(s: Sample) -> None:
    """The partnership once more under another id, with parties and history."""
    first = pl.col("partnership_id") == "ash-venture"
    for table in ("partnerships", "partnership_parties", "partnership_history"):
        twin = s.tables[table].filter(first).with_columns(partnership_id=pl.lit("ash-venture-again"))
        s.put(table, pl.concat([s.tables[table], twin]))


def _untold_partnership(s: Sample) -> None:
    """A partnership that no event tells of; its parties are not told of either."""
    first = pl.col("partnership_id") == "ash-venture"
    s.repeat(
        "partnerships",
        first,
        partnership_id=pl.lit("untold"),
        name=pl.lit("Ash Motors – Ash Cells: supply"),
        kind=pl.lit("supply"),
    )
    for org in ("ash-motors", "ash-cells"):
        s.repeat("partnership_parties", first & (pl.col("org_id") == org), partnership_id=pl.lit("untold"))


def _other_parties_before(s: Sample) -> None:
    parties = s.tables["partnership_parties"]
    s.remember(partnership_parties=parties.with_columns(pl.concat_str(pl.lit("other-"), "org_id").alias("org_id")))


JUDGEMENTS: dict[str, Apply | Corruption] = {
    "articles.not_empty": lambda s: s.put("articles", s.tables["articles"].clear()),
    "articles.text_known": lambda s: s.repeat(
        "articles", article_id=pl.lit("azzz"), story_id=pl.lit("azzz"), relevant=pl.lit(False)
    ),
    "articles.complete": lambda s: s.drop("articles", ~pl.col("relevant") & (pl.col("title").str.starts_with("Ash"))),
    "articles.published.plausible": _also("partnership_history.reported.of_article")(
        lambda s: s.set("articles", "published", date(1970, 1, 1), 1, ~pl.col("relevant"))
    ),
    "articles.url.form": lambda s: s.set("articles", "url", "javascript:alert(1)"),
    "articles.language.form": lambda s: s.set("articles", "language", "english"),
    "articles.words.agree": lambda s: s.set("articles", "words", pl.col("words") * 3),
    "articles.story_id.stands_for_itself": lambda s: s.set(
        "articles",
        "story_id",
        s.tables["articles"].filter(pl.col("story_id") != pl.col("article_id"))["article_id"][0],
        1,
        ~pl.col("relevant"),
    ),
    "articles.relevant.agrees": lambda s: s.set("articles", "relevant", ~pl.col("relevant")),
    "articles.title.repeats": lambda s: s.set("articles", "title", "Before you continue", 20),
    "articles.title.plain": lambda s: s.set("articles", "title", "Plant <b>opens</b>"),
    "articles.title.plain.widespread": lambda s: s.set(
        "articles", "title", pl.concat_str(pl.col("title"), pl.lit(" <br>")), ALL
    ),
    "articles.authors.names": lambda s: s.set("articles", "authors", ["mail@desk.example"]),
    "articles.authors.names.widespread": lambda s: s.set("articles", "authors", ["mail@desk.example"], ALL),
    "articles.text_clean_source": lambda s: _swap_text(s, 1, " CafÃ©"),
    "articles.text_clean_source.widespread": lambda s: _swap_text(s, ALL, " CafÃ©"),
    "articles.same_day": _also(
        "partnership_history.reported.of_article",
        "partnerships.first_reported.agrees",
        "partnerships.last_reported.agrees",
        "partnership_quantities.counts_agree",
    )(lambda s: s.set("articles", "published", date(2025, 1, 1), ALL)),
    "events.kind.fits_type": lambda s: s.set("events", "kind", "tariff", 1, _event("facility")),
    "events.evidence.equals_text": lambda s: s.set("events", "evidence_end", pl.col("evidence_end") - 1),
    "events.evidence.whole_words": lambda s: _shift_evidence(s, 1),
    "events.evidence.whole_words.widespread": lambda s: _shift_evidence(s, ALL),
    "events.participants.some": lambda s: _in_article_drop(s, "participants", _event("product")),
    "events.partnership.two_sides": lambda s: s.drop(
        "participants",
        (pl.col("org_id") == "ash-cells")
        & (pl.col("role") == "partner")
        & (pl.col("event_id") == _first_event(s, "ash-venture")),
    ),
    "events.duplicates": lambda s: _twice_event(s, "facility", pl.lit("again")),
    "events.restated": lambda s: _twice_event(s, "facility", pl.lit("again"), status=pl.lit("announced")),
    "events.attribution.denied_ended": lambda s: s.set("events", "attribution", "denied"),
    "events.status.of_market": lambda s: s.set("events", "status", "active", 1, _event("market")),
    "events.status.of_market.widespread": lambda s: s.set("events", "status", "active", ALL, _event("market")),
    "events.product.in_text": lambda s: s.set("events", "product", "Model Nowhere", 1, _event("product")),
    "events.product.in_text.widespread": lambda s: s.set("events", "product", "Model Nowhere", ALL, _event("product")),
    "events.places.in_text": lambda s: s.set("events", "places", ["Nowhere"]),
    "events.places.in_text.widespread": lambda s: s.set("events", "places", ["Nowhere"], ALL),
    "events.confidence.varies": lambda s: s.set("events", "confidence", 0.5, ALL),
    "events.confidence.level": lambda s: s.set("events", "confidence", pl.col("confidence") / 10, ALL),
    "events.extractor.one": lambda s: s.set("events", "extractor", "rules 0"),
    "events.per_article": lambda s: _many_events(s, 61),
    "events.per_article.many": lambda s: _many_events(s, 27),
    "participants.mention.in_text": lambda s: s.set(
        "participants", "mention", "Ash Motors of Nowhere", 1, pl.col("org_id") == "ash-motors"
    ),
    "participants.mention.in_text.widespread": lambda s: s.set(
        "participants", "mention", pl.concat_str("mention", pl.lit(" of Nowhere")), ALL
    ),
    "participants.mention.fits_organization": lambda s: s.set(
        "participants", "mention", "Norway", 1, pl.col("role") == "subject"
    ),
    "participants.mention.fits_organization.widespread": _also("organizations.mentions_fit")(
        lambda s: _in_article(s, "participants", "mention", "Oslo", ALL, _event("market") | _event("product"))
    ),
    "organizations.mentions_fit": lambda s: _in_article(
        s,
        "participants",
        "mention",
        "Norway",
        2,
        pl.col("evidence").str.contains("Ash") & (_event("market") | _event("trade_policy")),
    ),
    "quotes.text.equals_text": lambda s: s.set("quotes", "start", pl.col("start") + 1),
    "quotes.duplicates": lambda s: s.repeat("quotes", quote_id=pl.lit("again")),
    "quotes.person_id.in_text": lambda s: s.set(
        "quotes", "person_id", "birch-dunn", 1, pl.col("person_id") == "ash-dunn"
    ),
    "quotes.person_id.in_text.widespread": lambda s: s.set(
        "quotes", "person_id", "birch-dunn", ALL, pl.col("person_id") != "birch-dunn"
    ),
    "quantities.text.equals_text": lambda s: s.set("quantities", "end", pl.col("end") + 1),
    "quantities.unit.known": lambda s: s.set("quantities", "unit", "furlong", 1, pl.col("unit") == "vehicle"),
    "quantities.value.within_limits": lambda s: s.set("quantities", "value", -40.0, 1, pl.col("unit") == "GWh"),
    "quantities.unit.fits_measure": lambda s: s.set(
        "quantities", "measure", "duration", 1, pl.col("measure") == "tariff"
    ),
    "quantities.unit.fits_measure.widespread": lambda s: s.set(
        "quantities", "measure", "rank", ALL, pl.col("unit") == "percent"
    ),
    "quantities.value.agrees_with_text": lambda s: s.set(
        "quantities", "value", pl.col("value") / 1000, 1, pl.col("unit") == "EUR"
    ),
    "quantities.unit.agrees_with_text": lambda s: s.set("quantities", "unit", "USD", 1, pl.col("unit") == "EUR"),
    "quantities.value.whole": lambda s: s.set("quantities", "value", 1200.5, 1, pl.col("unit") == "job"),
    "quantities.org_id.takes_part": lambda s: s.set("quantities", "org_id", "hungary", 1, pl.col("unit") == "EUR"),
    "quantities.duplicates": lambda s: s.repeat("quantities", quantity_id=pl.lit("again")),
    "event_dates.date.plausible": lambda s: s.set(
        "event_dates", "date", date(1912, 1, 1), 1, pl.col("text") == "next year"
    ),
    "event_dates.date.no_epoch": lambda s: s.set(
        "event_dates", "date", date(1970, 1, 1), 1, pl.col("text") == "next year"
    ),
    "event_dates.date.fits_precision": lambda s: s.set(
        "event_dates", "date", date(2027, 3, 5), 1, pl.col("text") == "2027"
    ),
    "event_dates.date.agrees_with_text": lambda s: s.set(
        "event_dates", "date", date(2037, 1, 1), 1, pl.col("text") == "2027"
    ),
    "event_dates.date.near_publication": lambda s: s.set(
        "event_dates", "date", date(2052, 1, 1), 1, pl.col("text") == "next year"
    ),
    "event_dates.date.near_publication.widespread": lambda s: s.set(
        "event_dates", "date", date(2052, 1, 1), ALL, pl.col("text") == "next year"
    ),
    "event_dates.text.in_text": lambda s: s.set("event_dates", "text", "in spring", 1, pl.col("text") == "next year"),
    "event_dates.text.in_text.widespread": lambda s: s.set(
        "event_dates", "text", "in spring", ALL, pl.col("text") == "next year"
    ),
    "event_dates.start_before_end": lambda s: s.repeat(
        "event_dates", pl.col("text") == "next year", role=pl.lit("end"), date=pl.lit(date(2024, 1, 1))
    ),
    "event_dates.date.past_if_done": lambda s: s.set(
        "events", "status", "completed", 1, _event("trade_policy") & (pl.col("evidence").str.contains("Ash"))
    ),
    "event_dates.date.past_if_done.widespread": lambda s: s.set(
        "events", "status", "completed", ALL, _event("trade_policy")
    ),
    "organizations.in_reference.true": lambda s: s.set(
        "organizations", "in_reference", True, 1, ~pl.col("in_reference")
    ),
    "organizations.agrees_with_reference": lambda s: s.set(
        "organizations", "kind", "materials", 1, pl.col("in_reference")
    ),
    "organizations.parent_id.agrees_with_reference": lambda s: s.set(
        "organizations", "parent_id", "birch-group", 1, pl.col("org_id") == "ash-motors"
    ),
    "organizations.parent_id.no_cycle": _cycle,
    "organizations.wikidata_id.form": lambda s: s.set(
        "organizations", "wikidata_id", "Q-1", 1, ~pl.col("in_reference")
    ),
    "organizations.name.unique": lambda s: s.set(
        "organizations", "name", "BIRCH cells", 1, pl.col("org_id") == "ash-cells"
    ),
    "organizations.name.letters": lambda s: s.set(
        "organizations", "name", "<b>Ash Cells</b>", 1, pl.col("org_id") == "ash-cells"
    ),
    "organizations.aliases.own": lambda s: s.set(
        "organizations", "aliases", ["Birch Motors"], 1, pl.col("org_id") == "ash-cells"
    ),
    "organizations.aliases.one_owner": lambda s: s.set(
        "organizations", "aliases", ["Ash Power"], 2, ~pl.col("in_reference")
    ),
    "organization_names.same_is_one": lambda s: s.set("organization_names", "decision", "different", 1),
    "organizations.used": lambda s: s.repeat(
        "organizations", ~pl.col("in_reference"), org_id=pl.lit("orphan"), name=pl.lit("Orphan")
    ),
    "people.name.letters": lambda s: s.set("people", "name", "Carla 007"),
    "people.name.capital": lambda s: s.set("people", "name", "the founder dunn"),
    "people.name.capital.widespread": lambda s: s.set("people", "name", "the founder dunn", ALL),
    "people.named_for_something": lambda s: s.repeat(
        "people",
        person_id=pl.lit("zoe-null"),
        name=pl.lit("Zoe Null"),
        title=pl.lit(None, pl.String),
        org_id=pl.lit(None, pl.String),
    ),
    "people.duplicates": lambda s: s.repeat("people", person_id=pl.lit("again")),
    "facilities.coordinates.both": lambda s: s.set("facilities", "latitude", None),
    "facilities.coordinates.in_country": lambda s: s.set("facilities", "latitude", -pl.col("latitude")),
    "facilities.coordinates.in_country.widespread": lambda s: s.set("facilities", "latitude", -pl.col("latitude"), ALL),
    "facilities.duplicates": lambda s: s.repeat("facilities", facility_id=pl.lit("again")),
    "facilities.country.of_events": lambda s: s.set("facilities", "country", "NO"),
    "facilities.country.of_events.widespread": lambda s: s.set("facilities", "country", "NO", ALL),
    "facilities.told": lambda s: s.repeat("facilities", facility_id=pl.lit("untold"), place=pl.lit("Elsewhere")),
    "partnerships.two_parties": lambda s: s.drop("partnership_parties", pl.col("org_id") == "ash-cells"),
    "partnerships.not_within_one_family": lambda s: _families(s, 1),
    "partnerships.not_within_one_family.widespread": lambda s: _families(s, 5),
    "partnerships.parties_named_apart": _same_mention,
    "partnerships.history_known": _untold_partnership,
    "partnerships.articles.agrees": lambda s: s.set("partnerships", "articles", 4),
    "partnerships.stories.agrees": lambda s: s.set("partnerships", "stories", 3),
    "partnerships.publishers.agrees": lambda s: s.set("partnerships", "publishers", 0),
    "partnerships.first_reported.agrees": lambda s: s.set(
        "partnerships", "first_reported", pl.col("first_reported") - timedelta(days=1)
    ),
    "partnerships.last_reported.agrees": lambda s: s.set(
        "partnerships", "last_reported", pl.col("last_reported") + timedelta(days=1)
    ),
    "partnerships.countries.agrees": lambda s: s.set("partnerships", "countries", ["DE"]),
    "partnerships.status.latest": lambda s: s.set("partnerships", "status", "negotiating"),
    "partnerships.kind.told": lambda s: s.set("partnerships", "kind", "supply"),
    "partnerships.name.names_parties": lambda s: s.set("partnerships", "name", "A venture"),
    "partnerships.name.names_parties.widespread": lambda s: s.set("partnerships", "name", "A venture", ALL),
    "partnerships.duplicates": _twice_partnership,
    "partnerships.same_partnership": _other_parties_before,
    "partnership_parties.org_id.takes_part": lambda s: s.set(
        "partnership_parties", "org_id", "hungary", 1, pl.col("org_id") == "ash-cells"
    ),
    "partnership_parties.role.told": lambda s: s.set("partnership_parties", "role", "supplier"),
    "partnership_parties.role.told.widespread": lambda s: s.set("partnership_parties", "role", "supplier", ALL),
    "partnership_history.event_id.of_partnership": lambda s: _into_history(
        s, _event("facility") & (pl.col("facility_id") == "ash-plant")
    ),
    "partnership_history.event_id.has_party": lambda s: s.set(
        "partnership_history", "partnership_id", "birch-venture", 1, pl.col("partnership_id") == "ash-venture"
    ),
    "partnership_history.complete": lambda s: s.drop(
        "partnership_history", pl.col("event_id") == _first_event(s, "ash-venture")
    ),
    "partnership_history.attribution.of_event": lambda s: s.set("partnership_history", "attribution", "rumoured"),
    "partnership_quantities.told": lambda s: s.set("partnership_quantities", "value", pl.col("value") + 1),
    "partnership_quantities.complete": lambda s: s.drop("partnership_quantities", pl.col("figure_id") == _figure(s)),
    "partnership_quantities.counts_agree": lambda s: s.set("partnership_quantities", "articles", 9),
    "partnership_quantities.conflicting.of_two": lambda s: s.set("partnership_quantities", "conflicting", True),
    "redirects.old_id.unused": lambda s: s.set("redirects", "old_id", "ash-venture"),
    "redirects.reason.fits": lambda s: s.set("redirects", "reason", "unsourced"),
    "redirects.complete": lambda s: s.remember(
        redirects=s.tables["redirects"].with_columns(pl.concat_str("old_id", pl.lit("-once")))
    ),
    "partnership_history.status.of_event": lambda s: s.set(
        "partnership_history", "status", "exploring", 1, pl.col("status") == "agreed"
    ),
    "partnership_history.reported.of_article": lambda s: s.set(
        "partnership_history", "reported", date(2024, 1, 1), 1, pl.col("status") == "agreed"
    ),
    "articles.vanished": lambda s: s.remember(
        articles=pl.concat(
            [s.tables["articles"], s.tables["articles"].head(1).with_columns(article_id=pl.lit("agone"))]
        )
    ),
}


def _in_article_drop(s: Sample, table: str, events: pl.Expr) -> None:
    ids = s.tables["events"].filter(events)["event_id"].head(1)
    s.drop(table, pl.col("event_id").is_in(ids.implode()))


def _figure(s: Sample) -> str:
    first: str = s.tables["partnership_quantities"]["figure_id"][0]
    return first


def _first_event(s: Sample, partnership: str) -> str:
    first: str = s.tables["partnership_history"].filter(partnership_id=partnership, status="agreed")["event_id"][0]
    return first


def _twice_event(s: Sample, kind: str, event_id: pl.Expr, **changes: pl.Expr) -> None:
    event = s.tables["events"].filter(_event(kind))["event_id"][0]
    s.repeat("events", pl.col("event_id") == event, event_id=event_id, **changes)
    s.repeat("participants", pl.col("event_id") == event, event_id=event_id)


def _into_history(s: Sample, events: pl.Expr) -> None:
    event = s.tables["events"].filter(events)["event_id"][0]
    article = s.tables["articles"].join(s.tables["events"].filter(event_id=event), on="article_id", how="semi")
    s.repeat(
        "partnership_history",
        pl.col("partnership_id") == "ash-venture",
        event_id=pl.lit(event),
        status=pl.lit("active"),
        reported=pl.lit(article["published"][0]),
    )


# -- yields: the smallest change that leaves the bounds


def _cleared(*tables: str) -> Apply:
    def apply(s: Sample) -> None:
        for table in tables:
            s.put(table, s.tables[table].clear())

    return apply


def _thinned(table: str, keep: int) -> Apply:
    return lambda s: _lost(s, table, keep)


YIELDS: dict[str, Apply] = {
    "events.yield.events_per_relevant_articles": _cleared("events"),
    "events.yield.events_per_relevant_articles.unusual": _thinned("events", 100),
    "articles.yield.relevant_articles_per_articles": lambda s: s.set("articles", "relevant", False, ALL),
    "articles.yield.relevant_articles_per_articles.unusual": lambda s: s.set("articles", "relevant", True, ALL),
    "participants.yield.participants_per_events": _cleared("participants"),
    "quantities.yield.quantities_per_events": _cleared("quantities"),
    "quantities.yield.quantities_per_events.unusual": _thinned("quantities", 20),
    "event_dates.yield.event_dates_per_events": _cleared("event_dates"),
    "event_dates.yield.event_dates_per_events.unusual": _thinned("event_dates", 10),
    "quotes.yield.quotes_per_relevant_articles": _cleared("quotes"),
    "quotes.yield.quotes_per_relevant_articles.unusual": _thinned("quotes", 5),
    "people.yield.people_per_relevant_articles.unusual": _thinned("people", 2),
    "partnerships.yield.partnerships_per_events": _cleared("partnerships"),
    "partnerships.yield.partnerships_per_events.unusual": _thinned("partnerships", 10),
    "organizations.yield.organizations_per_events": _cleared("organizations"),
    "facilities.yield.facilities_per_events.unusual": _cleared("facilities"),
}


# -- rules that a corruption breaks of necessity besides its own

_COUNTS = ("partnerships.articles.agrees", "partnerships.stories.agrees", "partnerships.publishers.agrees")
_DAYS = (
    "partnerships.first_reported.agrees",
    "partnerships.last_reported.agrees",
    "partnership_quantities.counts_agree",
)
_OF_EVENTS = tuple(
    f"{table}.event_id.references" for table in ("participants", "quantities", "event_dates", "partnership_history")
)
_OF_ORGANIZATIONS = tuple(
    f"{table}.org_id.references"
    for table in (
        "participants",
        "quantities",
        "organization_names",
        "people",
        "facilities",
        "partnership_parties",
        "partnership_quantities",
    )
)
_OF_PARTNERSHIPS = (
    *(
        f"{table}.partnership_id.references"
        for table in ("partnership_parties", "partnership_history", "partnership_quantities")
    ),
    "redirects.new_id.references",
)
_LEFT_HISTORY = (
    "partnership_quantities.told",
    *_COUNTS,
    *_DAYS,
    "partnerships.status.latest",
    "partnership_history.event_id.has_party",
    "partnership_history.complete",
)
_LEFT_PARTNERSHIP = ("partnership_parties.org_id.takes_part", "partnerships.two_parties")

ALSO: dict[str, tuple[str, ...]] = {
    # A figure that says something else than the quantities it is made from.
    **{
        f"partnership_quantities.{what}": ("partnership_quantities.told",)
        for what in (
            "partnership_id.required",
            "partnership_id.references",
            "measure.required",
            "measure.vocabulary",
            "value.required",
            "value.finite",
            "per.vocabulary",
            "bound.required",
            "bound.vocabulary",
            "org_id.references",
        )
    },
    **{
        f"partnership_quantities.{what}": ("partnership_quantities.counts_agree",)
        for what in ("articles.within", "stories.within", "first_reported.fill_kept", "last_reported.fill_kept")
    },
    **{
        f"partnership_quantities.quantity_ids.{what}": ("partnership_quantities.complete",)
        for what in ("required", "fill_kept")
    },
    **{
        f"quantities.{what}": ("partnership_quantities.told",)
        for what in (
            "org_id.references",
            "per.vocabulary",
            "value.within_limits",
            "value.agrees_with_text",
            "value.whole",
            "org_id.takes_part",
            "yield.quantities_per_events",
        )
    },
    "quantities.yield.quantities_per_events.unusual": (
        "partnership_quantities.told",
        "partnership_quantities.counts_agree",
    ),
    "partnership_history.status.required": ("partnerships.status.latest",),
    "partnerships.keys_kept": ("redirects.complete",),
    "redirects.rows_kept": ("redirects.complete",),
    "redirects.new_id.fill_kept": ("redirects.reason.fits",),
    # A row that stands twice says what it says twice.
    "events.key_unique": ("events.duplicates",),
    "quantities.key_unique": ("quantities.duplicates",),
    "quotes.key_unique": ("quotes.duplicates",),
    "organizations.key_unique": ("organizations.name.unique",),
    # Copies of the text differ from the text; coded words are no words of the vocabulary.
    "events.encoding.widespread": ("events.product.in_text.widespread",),
    "event_dates.encoding.widespread": ("event_dates.text.in_text.widespread",),
    "participants.encoding.widespread": (
        "participants.mention.in_text.widespread",
        "participants.mention.fits_organization.widespread",
        "organizations.mentions_fit",
        "partnerships.parties_named_apart",
    ),
    "partnerships.encoding.widespread": ("partnerships.name.names_parties.widespread",),
    "partnership_parties.encoding.widespread": (
        "partnership_parties.role.vocabulary",
        "partnership_parties.role.told.widespread",
    ),
    "articles.encoding.widespread": ("articles.title.repeats",),
    **{
        f"{table}.{what}": (f"{table}.text.equals_text",)
        for table in ("quantities", "quotes")
        for what in ("text_clean", "encoding", "encoding.widespread", "text.length", "end.within")
    },
    **{
        f"{table}.{what}": (f"{table}.{column}.vocabulary",)
        for table, column in (("partnership_parties", "role"), ("partnership_history", "status"))
        for what in ("text_clean", "encoding")
    },
    "partnership_history.encoding.widespread": ("partnership_history.status.vocabulary",),
    "events.evidence_end.within": ("events.evidence.equals_text",),
    "events.evidence.length": ("events.evidence.equals_text",),
    "events.extractor.length": ("events.extractor.one",),
    # A key that is gone leaves those behind who refer to it.
    "articles.article_id.required": ("articles.story_id.references",),
    "articles.article_id.id_form": ("articles.text_known", "articles.complete"),
    "articles.not_empty": ("articles.complete", "events.article_id.references", "quotes.article_id.references"),
    "events.event_id.required": _OF_EVENTS,
    "organizations.org_id.required": _OF_ORGANIZATIONS,
    "organizations.org_id.id_form": ("organization_names.same_is_one",),
    "organization_names.org_id.references": ("organization_names.same_is_one",),
    "people.person_id.required": ("quotes.person_id.references",),
    "facilities.facility_id.required": ("events.facility_id.references",),
    "partnerships.partnership_id.required": (*_OF_PARTNERSHIPS, "partnerships.two_parties"),
    "participants.event_id.references": ("events.participants.some",),
    "partnership_parties.org_id.references": ("partnership_parties.org_id.takes_part",),
    "partnerships.history_known": ("partnership_parties.org_id.takes_part",),
    **{
        f"partnership_parties.{what}": _LEFT_PARTNERSHIP
        for what in ("partnership_id.required", "partnership_id.references", "org_id.required")
    },
    **{
        f"partnership_history.{what}": _LEFT_HISTORY
        for what in (
            "partnership_id.required",
            "partnership_id.references",
            "event_id.required",
            "event_id.references",
            "event_id.of_partnership",
            "event_id.has_party",
            "complete",
        )
    },
    # What is derived from a value no longer agrees with it.
    "articles.words.within": ("articles.words.agree",),
    **{
        f"partnerships.{column}.within": (f"partnerships.{column}.agrees",)
        for column in ("articles", "stories", "publishers")
    },
    **{
        f"partnerships.countries.{what}": ("partnerships.countries.agrees",)
        for what in ("country", "members", "fill_kept")
    },
    **{f"events.countries.{what}": ("partnerships.countries.agrees",) for what in ("fill", "fill_low", "fill_kept")},
    **{
        f"articles.published.{what}": ("partnership_history.reported.of_article", *_DAYS)
        for what in ("fill", "fill_low", "fill_kept")
    },
    **{f"articles.publisher.{what}": ("partnerships.publishers.agrees",) for what in ("fill_low", "fill_kept")},
    **{
        f"partnerships.{column}.{what}": _DAYS
        for column in ("first_reported", "last_reported")
        for what in ("fill", "fill_low", "fill_kept")
    },
    "partnership_history.reported.fill_kept": ("partnership_history.reported.of_article",),
    **{
        f"organizations.country.{what}": ("organizations.agrees_with_reference",)
        for what in ("fill", "fill_low", "fill_kept")
    },
    **{
        f"facilities.{what}": ("facilities.coordinates.both",)
        for what in ("latitude.fill_low", "latitude.fill_kept", "longitude.fill_kept")
    },
    "organizations.name.unique": ("organizations.mentions_fit",),
    # More rows before are more keys before.
    **{f"{table}.rows_kept": (f"{table}.keys_kept",) for table in ("articles", "organizations")},
    "partnerships.rows_kept": ("partnerships.keys_kept", "redirects.complete"),
    # A table that is nearly empty.
    **{
        f"events.yield.events_per_relevant_articles{what}": (*_OF_EVENTS, *_COUNTS, *_DAYS, "articles.relevant.agrees")
        for what in ("", ".unusual")
    },
    **{
        f"articles.yield.relevant_articles_per_articles{what}": ("articles.relevant.agrees",)
        for what in ("", ".unusual")
    },
    "participants.yield.participants_per_events": (
        "events.participants.some",
        "events.partnership.two_sides",
        "partnership_history.event_id.has_party",
        "partnership_parties.org_id.takes_part",
        "partnership_parties.role.told.widespread",
        "quantities.org_id.takes_part",
    ),
    "people.yield.people_per_relevant_articles.unusual": ("quotes.person_id.references",),
    **{f"partnerships.yield.partnerships_per_events{what}": _OF_PARTNERSHIPS for what in ("", ".unusual")},
    "organizations.yield.organizations_per_events": _OF_ORGANIZATIONS,
    "facilities.yield.facilities_per_events.unusual": ("events.facility_id.references",),
}


def _corruptions() -> dict[str, Corruption]:
    plain = [*_structural(), *_limits(), *_history(), *JUDGEMENTS.items(), *YIELDS.items()]
    return {
        name: apply if isinstance(apply, Corruption) else Corruption(apply, frozenset(ALSO.get(name, ())))
        for name, apply in plain
    }


CORRUPTIONS = _corruptions()
