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
from tasks.validation import Told
from tests.validation.sound import TODAY, Tables, told_of, venture

ALL = 10**6
ASH, BIRCH = venture("Ash"), venture("Birch")
MOJIBAKE = "CitroÃ«n"


@dataclass
class Sample:
    """A candidate that corruptions change in place, with texts and the release before.

    What it was made from changes with it, as if the fault lay in what was read and extracted, unless it is kept.
    """

    tables: Tables
    texts: pl.DataFrame
    previous: Tables | None = None
    changed: set[str] = field(default_factory=set)
    kept: Told | None = None

    def keep(self) -> None:
        """Let the fault of what follows lie between what was extracted and the tables."""
        self.kept = told_of(self.tables, self.texts)

    @property
    def told(self) -> Told:
        """What it was made from."""
        return self.kept or told_of(self.tables, self.texts)

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
        yield f"{table}.{column}.length.widespread", _lengthened(table, column, line["max"] + 1, ALL)
    for line in limits("fill").iter_rows(named=True):
        table, column = TABLES[line["table"]], line["column"]
        empty: list[str] | None = [] if table[column].is_list else None
        if line["critical_below"] is not None:
            yield f"{table.name}.{column}.fill", _set_all(table.name, column, empty)
        yield f"{table.name}.{column}.fill_low", _emptied(table.name, column, empty, line["warning_below"])


def _lengthened(table: str, column: str, length: int, rows: int = 1) -> Apply:
    longer = pl.concat_str(pl.col(column), pl.lit("x" * length)).str.slice(0, length)
    return lambda s: s.set(table, column, longer, rows, pl.col(column).is_not_null())


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


def _many_events(s: Sample, number: int, place: int = 0) -> None:
    """More events of one article, each with its participant and figure."""
    row = s.tables["events"].filter(_event("product") & ~pl.col("event_id").str.starts_with("extra"))[place : place + 1]
    copies = [
        row.with_columns(
            event_id=pl.lit(f"extra{place}-{n:03}"),
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
            [
                s.tables["participants"],
                *(who.with_columns(event_id=pl.lit(f"extra{place}-{n:03}")) for n in range(number)),
            ]
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
    ids = s.tables["partnership_history"].filter(partnership_id=ASH)["event_id"]
    s.set("participants", "mention", "Ash", ALL, pl.col("event_id").is_in(ids.implode()))


def _dateless_ending(s: Sample, rows: int) -> None:
    ids = s.tables["event_dates"].filter(role="signed")["event_id"].head(rows)
    s.set("events", "status", "completed", ALL, pl.col("event_id").is_in(ids.implode()))


def _lost(s: Sample, table: str, keep: int) -> None:
    s.put(table, s.tables[table].head(keep))


def _twice_partnership(s: Sample) -> None:
    """The partnership once more under another id, with parties and history."""
    first = pl.col("partnership_id") == ASH
    for table in ("partnerships", "partnership_parties", "partnership_history"):
        twin = s.tables[table].filter(first).with_columns(partnership_id=pl.lit(f"{ASH}--2026-01-01"))
        s.put(table, pl.concat([s.tables[table], twin]))


def _untold_partnership(s: Sample) -> None:
    """A partnership that no event tells of; its parties are not told of either."""
    first = pl.col("partnership_id") == ASH
    s.repeat(
        "partnerships",
        first,
        partnership_id=pl.lit("untold"),
        name=pl.lit("Ash Cells and Ash Motors: supply"),
        kind=pl.lit("supply"),
    )
    for org in ("ash-motors", "ash-cells"):
        s.repeat("partnership_parties", first & (pl.col("org_id") == org), partnership_id=pl.lit("untold"))


def _other_parties_before(s: Sample) -> None:
    parties = s.tables["partnership_parties"]
    s.remember(partnership_parties=parties.with_columns(pl.concat_str(pl.lit("other-"), "org_id").alias("org_id")))


def after_extraction(apply: Apply) -> Apply:
    """The same, but what was extracted stays as it was."""

    def kept(s: Sample) -> None:
        s.keep()
        apply(s)

    return kept


def _of_ash(column: str) -> pl.Expr:
    return pl.col(column).is_in(["ash-cells", "carla-ash-dunn"])


def _no_copy(s: Sample) -> None:
    """An article that has no word in common with the one that stands for it."""
    row = s.tables["articles"].filter(pl.col("story_id") != pl.col("article_id")).row(0, named=True)
    other = (
        pl.when(pl.col("article_id") == row["article_id"]).then(pl.lit("Quite unlike prose. " * 5)).otherwise("text")
    )
    s.texts = s.texts.with_columns(text=other)
    s.changed.add("texts")


def _nobodies(s: Sample) -> None:
    """People without office, organisation and quote."""
    s.set("people", "title", None, ALL)
    s.set("people", "org_id", None, ALL)
    _lost(s, "quotes", 0)


def _lists(s: Sample) -> None:
    """Three articles are lists."""
    for place in range(3):
        _many_events(s, 61, place)


def _contested_alone(s: Sample) -> None:
    """A partnership that one story tells of is contested."""
    s.set("partnerships", "stories", 1)
    s.set("partnerships", "contested", True)


def _told_further_alone(s: Sample) -> None:
    """A partnership that one story tells of has not got as far as that says."""
    s.set("partnerships", "stories", 1)
    s.set("partnerships", "status", "agreed")
    s.set("partnership_history", "standing", "agreed", ALL)


def _another_figure(s: Sample) -> None:
    """What was the copy of an article tells of another sum, and nobody notes that they conflict."""
    s.set("articles", "story_id", pl.col("article_id"), ALL)
    rows = s.tables["partnership_quantities"].filter(measure="investment").head(1)
    one, other = rows["quantity_ids"][0]
    figures = s.tables["partnership_quantities"].filter(~pl.col("figure_id").is_in(rows["figure_id"].implode()))
    twins = [
        rows.with_columns(figure_id=pl.lit(f"f{key}"), quantity_ids=pl.lit([key], pl.List(pl.String)), value=value)
        for key, value in ((one, pl.col("value")), (other, pl.col("value") * 2))
    ]
    s.put("partnership_quantities", pl.concat([figures, *twins]))


def _plant_elsewhere(s: Sample) -> None:
    """A listed plant stands in a town that nobody tells."""
    s.set("facilities", "name", "Giga Ash")
    s.set("facilities", "place", "Oslo")


JUDGEMENTS: dict[str, Apply] = {
    "articles.not_empty": lambda s: s.put("articles", s.tables["articles"].clear()),
    "articles.text_known": lambda s: s.repeat(
        "articles", article_id=pl.lit("azzz"), story_id=pl.lit("azzz"), relevant=pl.lit(False)
    ),
    "articles.complete": lambda s: s.drop("articles", ~pl.col("relevant") & (pl.col("title").str.starts_with("Ash"))),
    "articles.published.plausible": lambda s: s.set("articles", "published", date(1970, 1, 1), 1, ~pl.col("relevant")),
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
    "articles.same_day": lambda s: s.set("articles", "published", date(2025, 1, 1), ALL),
    "events.kind.fits_type": lambda s: s.set("events", "kind", "tariff", 1, _event("facility")),
    "events.evidence.equals_text": lambda s: s.set("events", "evidence_end", pl.col("evidence_end") - 1),
    "events.evidence.whole_words": lambda s: _shift_evidence(s, 1),
    "events.evidence.whole_words.widespread": lambda s: _shift_evidence(s, ALL),
    "events.participants.some": lambda s: _in_article_drop(s, "participants", _event("product")),
    "events.partnership.two_sides": lambda s: s.drop(
        "participants",
        (pl.col("org_id") == "ash-cells")
        & (pl.col("role") == "partner")
        & (pl.col("event_id") == _first_event(s, ASH)),
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
    "participants.mention.fits_organization.widespread": lambda s: _in_article(
        s, "participants", "mention", "Oslo", ALL, _event("market") | _event("product")
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
        "quotes", "person_id", "carla-birch-dunn", 1, pl.col("person_id") == "carla-ash-dunn"
    ),
    "quotes.person_id.in_text.widespread": lambda s: s.set(
        "quotes", "person_id", "carla-birch-dunn", ALL, pl.col("person_id") != "carla-birch-dunn"
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
    "partnerships.kind.told.widespread": lambda s: s.set("partnerships", "kind", "supply", ALL),
    "partnerships.name.names_parties": lambda s: s.set("partnerships", "name", "A venture"),
    "partnerships.duplicates": _twice_partnership,
    "partnerships.same_partnership": _other_parties_before,
    "partnership_parties.org_id.takes_part": lambda s: s.set(
        "partnership_parties", "org_id", "hungary", 1, pl.col("org_id") == "ash-cells"
    ),
    "partnership_parties.role.told": lambda s: s.set("partnership_parties", "role", "supplier"),
    "partnership_history.event_id.of_partnership": lambda s: _into_history(
        s, _event("facility") & (pl.col("facility_id") == "ash-cells-debrecen-plant")
    ),
    "partnership_history.event_id.has_party": lambda s: s.set(
        "partnership_history", "partnership_id", BIRCH, 1, pl.col("partnership_id") == ASH
    ),
    "partnership_history.complete": lambda s: s.drop("partnership_history", pl.col("event_id") == _first_event(s, ASH)),
    "partnership_history.attribution.of_event": lambda s: s.set("partnership_history", "attribution", "rumoured"),
    "partnership_quantities.told": lambda s: s.set("partnership_quantities", "value", pl.col("value") + 1),
    "partnership_quantities.complete": lambda s: s.drop("partnership_quantities", pl.col("figure_id") == _figure(s)),
    "partnership_quantities.counts_agree": lambda s: s.set("partnership_quantities", "articles", 9),
    "partnership_quantities.conflicting.of_two": lambda s: s.set("partnership_quantities", "conflicting", True),
    "redirects.old_id.unused": lambda s: s.set("redirects", "old_id", ASH),
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
    "articles.published.plausible.widespread": lambda s: s.set("articles", "published", date(1970, 1, 1), ALL),
    "articles.story_id.of_a_copy": _no_copy,
    "events.per_article.widespread": _lists,
    "organizations.mentions_fit.widespread": lambda s: _in_article(
        s, "participants", "mention", "Norway", ALL, _event("market") | _event("trade_policy")
    ),
    "quotes.duplicates.widespread": lambda s: s.put(
        "quotes", pl.concat([s.tables["quotes"], s.tables["quotes"].with_columns(quote_id=pl.col("quote_id") + "x")])
    ),
    "quantities.value.within_limits.widespread": lambda s: s.set(
        "quantities", "value", -40.0, ALL, pl.col("unit") == "GWh"
    ),
    "quantities.value.agrees_with_text.widespread": lambda s: s.set(
        "quantities", "value", pl.col("value") / 1000, ALL, pl.col("unit") == "EUR"
    ),
    "quantities.unit.agrees_with_text.widespread": lambda s: s.set(
        "quantities", "unit", "USD", ALL, pl.col("unit") == "EUR"
    ),
    "event_dates.date.plausible.widespread": lambda s: s.set("event_dates", "date", date(1912, 1, 1), ALL),
    "event_dates.date.no_epoch.widespread": lambda s: s.set("event_dates", "date", date(1970, 1, 1), ALL),
    "event_dates.date.agrees_with_text.widespread": lambda s: s.set(
        "event_dates", "date", date(2037, 1, 1), ALL, pl.col("text") == "2027"
    ),
    "organizations.name.unique.widespread": lambda s: s.set("organizations", "name", "Ash", ALL),
    "organizations.name.letters.widespread": lambda s: s.set("organizations", "name", "<b>007</b>", ALL),
    "organizations.aliases.own.widespread": lambda s: s.set("organizations", "aliases", ["Birch Motors"], ALL),
    "people.name.letters.widespread": lambda s: s.set("people", "name", "Carla 007", ALL),
    "people.named_for_something.widespread": _nobodies,
    "partnerships.parties_named_apart.widespread": lambda s: s.set("participants", "mention", "Ash", ALL),
    "partnerships.status.furthest": _told_further_alone,
    "partnership_history.standing.told": lambda s: s.set("partnership_history", "standing", "exploring"),
    "partnerships.confidence.agrees": lambda s: s.set("partnerships", "confidence", pl.col("confidence") - 0.01),
    "partnerships.contested.of_two": _contested_alone,
    "partnerships.partnership_id.names_parties": lambda s: s.rename(
        "partnerships", "partnership_id", "ash-cells--birch-motors--joint-venture"
    ),
    "partnership_history.recap.told": lambda s: s.set("partnership_history", "recap", True),
    "partnership_quantities.conflicting.complete": _another_figure,
    "redirects.known": lambda s: s.set("redirects", "last_version", "yesterday"),
    "facilities.as_listed": lambda s: s.set("facilities", "latitude", pl.col("latitude") + 0.5),
    "facilities.place.told": _plant_elsewhere,
    "facilities.name.of_parts": lambda s: s.set("facilities", "name", "Birch Cells Komarom plant"),
    "events.facility_id.at_place": lambda s: s.set("events", "places", ["Oslo"], 1, _event("facility")),
    "events.facility_id.of_operator": lambda s: s.set("facilities", "org_id", "birch-cells", 1, _of_ash("org_id")),
    "events.facility_id.complete": lambda s: s.set("events", "facility_id", None, 1, _event("facility")),
    "organizations.aliases.told": lambda s: s.set("organizations", "aliases", [], 1, _of_ash("org_id")),
    "organizations.kind.told": after_extraction(
        lambda s: s.set("organizations", "kind", "materials", 1, _of_ash("org_id"))
    ),
    "organizations.parent_id.of_names": lambda s: s.set(
        "organizations", "parent_id", "birch-cells", 1, _of_ash("org_id")
    ),
    "organization_names.name.told": lambda s: s.set("organization_names", "articles", 7),
    "organization_names.other.known": lambda s: s.set("organization_names", "other", "Nobody"),
    "organization_names.name_id.made": lambda s: s.set("organization_names", "name_id", "nffff"),
    "organization_names.complete": lambda s: s.drop("organization_names", _of_ash("org_id")),
    "organization_names.score.of_reason": lambda s: s.set("organization_names", "score", 0.2),
    "organization_names.reason.reference": lambda s: s.set("organization_names", "reason", "reference"),
    # What was extracted stays as it was, the tables change.
    "articles.as_read": after_extraction(lambda s: s.set("articles", "title", "Something else happened")),
    "events.extracted": after_extraction(lambda s: s.repeat("events", event_id=pl.lit("einvented"))),
    "events.retold.of_a_matter": lambda s: s.set(
        "events",
        "retold",
        True,
        ALL,
        pl.col("event_id").is_in(s.tables["partnership_history"].filter(partnership_id=ASH)["event_id"].implode()),
    ),
    "events.as_told": after_extraction(lambda s: s.set("events", "status", "exploring")),
    "events.complete": after_extraction(lambda s: s.drop("events", _event("facility"))),
    "participants.as_told": after_extraction(lambda s: s.set("participants", "mention", "Ash", 1)),
    "participants.complete": after_extraction(lambda s: s.drop("participants", _of_ash("org_id"))),
    "participants.org_id.goes_by_mention": after_extraction(
        lambda s: s.set("participants", "org_id", "birch-cells", 1, _of_ash("org_id"))
    ),
    "participants.org_id.as_told": after_extraction(
        lambda s: s.set("participants", "org_id", "ash-group", 1, pl.col("org_id") == "ash-motors")
    ),
    "quantities.as_told": after_extraction(lambda s: s.set("quantities", "value", pl.col("value") * 10)),
    "quantities.bound_and_per.as_told": after_extraction(lambda s: s.set("quantities", "bound", "approx")),
    "quantities.complete": after_extraction(lambda s: _lost(s, "quantities", 90)),
    "quantities.org_id.as_told": after_extraction(lambda s: s.set("quantities", "org_id", None, ALL)),
    "event_dates.as_told": after_extraction(lambda s: s.set("event_dates", "date", pl.col("date") + timedelta(days=1))),
    "event_dates.complete": after_extraction(lambda s: _lost(s, "event_dates", 40)),
    "quotes.as_told": after_extraction(lambda s: s.set("quotes", "start", pl.col("start") + 1)),
    "quotes.complete": after_extraction(lambda s: _lost(s, "quotes", 5)),
    "people.as_told": after_extraction(lambda s: s.set("people", "title", "chief cook")),
    "people.complete": after_extraction(lambda s: _lost(s, "people", 5)),
    "people.org_id.as_told": after_extraction(
        lambda s: s.set("people", "org_id", "birch-motors", 1, _of_ash("person_id"))
    ),
    "quotes.quote_id.made": lambda s: s.set("quotes", "quote_id", "sffff"),
    "partnership_quantities.figure_id.made": lambda s: s.set("partnership_quantities", "figure_id", "fffff"),
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
        pl.col("partnership_id") == ASH,
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
    "quotes.yield.quotes_per_relevant_articles.unusual": _thinned("quotes", 1),
    "people.yield.people_per_relevant_articles.unusual": _thinned("people", 2),
    "partnerships.yield.partnerships_per_events": _cleared("partnerships"),
    "partnerships.yield.partnerships_per_events.unusual": _thinned("partnerships", 10),
    "organizations.yield.organizations_per_events": _cleared("organizations"),
    "facilities.yield.facilities_per_events.unusual": _cleared("facilities"),
}


CORRUPTIONS: dict[str, Apply] = {**dict((*_structural(), *_limits(), *_history())), **JUDGEMENTS, **YIELDS}
