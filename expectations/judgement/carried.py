"""Judgements on the way from the working state to the tables: nothing is lost, exchanged or invented on it.

What an article states was read and extracted before; the tables only say which organisations, people and sites are
meant. So each row of the first layers is held against what was extracted, and the other way round.
"""

from __future__ import annotations

from typing import Final

from evpact.tables import TABLES
from expectations.rule import Rule

_WAY: Final = "Find the step of tasks/resolution that changes, exchanges or drops it."
_AS_TOLD: Final = "A table that says something else than what was extracted is wrong, however plausible it looks."
_COMPLETE: Final = "What was extracted must not be lost on the way to the tables."


def _differing(table: str, told: str, columns: tuple[str, ...]) -> str:
    """Rows whose columns are not what `told` has under the same key."""
    (key,) = TABLES[table].key
    return " union all ".join(
        f'select a.{key}, \'{name}\' as column_name, a."{name}"::text as value, t."{name}"::text as told '
        f"from {table} a join {told} t using ({key}) where {_is_other(table, name)}"
        for name in columns
    )


def _is_other(table: str, name: str) -> str:
    if TABLES[table][name].is_list and name != "authors":
        return f'list_sort(list_distinct(a."{name}")) <> list_sort(list_distinct(coalesce(t."{name}", [])))'
    return f'a."{name}" is distinct from t."{name}"'


_ARTICLE: Final = ("title", "publisher", "authors", "language", "url", "published", "source")
_EVENT: Final = (
    "article_id", "type", "kind", "status", "countries", "places", "product", "attribution", "confidence",
    "evidence_start", "evidence_end", "extractor",
)  # fmt: skip
_QUANTITY: Final = ("event_id", "measure", "value", "unit", "start", "end")

# Who an event's participants are told to be: a row for each name and the organisations that are known under it.
_MEANT: Final = (
    "select t.event_id, t.role, t.name, k.org_id from told_participants t join known_names k on k.name = t.name"
)

RULES: Final = (
    Rule(
        "articles.as_read",
        "articles",
        "critical",
        "Title, publisher, authors, language, address, day and source of an article are those that were read with its "
        "text.",
        "A title over another text, or another day, makes every row that hangs on the article wrong.",
        _WAY,
        _differing("articles", "told_articles", _ARTICLE),
    ),
    Rule(
        "events.extracted",
        "events",
        "critical",
        "An event was extracted from its article, or else is a partnership that is marked as `retold`.",
        "An event that nothing was extracted for is invented, unless other articles tell what it tells.",
        _WAY,
        """select event_id, article_id, type, retold, evidence from events
        where retold <> (event_id not in (select event_id from told_events)) or retold and type <> 'partnership'""",
        "event_id",
    ),
    Rule(
        "events.retold.of_a_matter",
        "events",
        "critical",
        "A retold event belongs to a partnership that another article tells as extracted.",
        "It is read in the light of others, so there must be others.",
        _WAY,
        """select event_id, article_id, evidence from events e where retold and not exists (
            select 1 from partnership_history h join partnership_history o using (partnership_id)
            join events f on f.event_id = o.event_id and not f.retold where h.event_id = e.event_id)""",
        "retold",
    ),
    Rule(
        "events.as_told",
        "events",
        "critical",
        "Every column of an event, but its site, is what was extracted.",
        _AS_TOLD,
        _WAY,
        _differing("events", "told_events", _EVENT),
    ),
    Rule(
        "events.complete",
        "events",
        "critical",
        "Every extracted event is there; only a partnership may be missing if its parties are one organisation, and "
        "what an article tells twice of one organisation under two names.",
        _COMPLETE,
        _WAY,
        """with sides as (
            select t.event_id, count(distinct t.org_id) as sides from told_participants t
            where t.role in ('partner', 'supplier', 'customer', 'investor', 'target', 'manufacturer', 'host')
            and t.org_id in (select org_id from ref_organizations)
            and squeezed(t.name) not in (select squeezed(unnest([name, other])) from ref_reviews)
            group by t.event_id)
        select event_id, article_id, type, kind from told_events t left join sides using (event_id)
        where event_id not in (select event_id from events) and article_id in (select article_id from articles)
        and (type <> 'partnership' or coalesce(sides, 0) > 1)
        and not exists (select 1 from events o where o.article_id = t.article_id
            and o.evidence_start = t.evidence_start and o.type = t.type
            and o.kind is not distinct from t.kind and o.status = t.status
            and o.product is not distinct from t.product and o.places = t.places and o.countries = t.countries
            and (select list_sort(list(row(measure, value, unit))) from told_quantities where event_id = t.event_id)
                is not distinct from
                (select list_sort(list(row(measure, value, unit))) from quantities where event_id = o.event_id)
            and not exists (select 1 from told_participants p where p.event_id = t.event_id and not exists (
                select 1 from participants q join known_names k using (org_id)
                where q.event_id = o.event_id and q.role = p.role and k.name = p.name)))""",
        "event_id",
    ),
    Rule(
        "participants.as_told",
        "participants",
        "critical",
        "A participant was extracted for its event, in this role and under this mention.",
        _AS_TOLD,
        _WAY,
        "select event_id, org_id, role, mention from participants p where event_id in (select event_id from "
        "told_events) and not exists (select 1 from told_participants t where t.event_id = p.event_id and t.role = "
        "p.role and t.name = p.mention)",
    ),
    Rule(
        "participants.complete",
        "participants",
        "critical",
        "Every extracted participant is there: under its name, or as an organisation known under it; in its role, or "
        "as `partner` in another one.",
        _COMPLETE,
        _WAY,
        f"""select t.event_id, t.role, t.name from told_participants t
        where t.event_id in (select event_id from events) and not exists (
            select 1 from participants p where p.event_id = t.event_id and p.mention = t.name
            and (p.role = t.role or t.role = 'partner'))
        and not exists (
            select 1 from ({_MEANT}) m join participants p using (event_id, org_id)
            where m.event_id = t.event_id and m.name = t.name and (p.role = t.role or t.role = 'partner'))""",
    ),
    Rule(
        "participants.org_id.goes_by_mention",
        "participants",
        "critical",
        "The organisation is known under the mention, as its name, as an alias, or by a row of organization_names; an "
        "article that retells may call it by words of one of those, or of a name of what it controls or belongs to.",
        "Otherwise the event was given to somebody else.",
        _WAY,
        """select event_id, org_id, role, mention from participants p where not exists (
            select 1 from known_names k where k.org_id = p.org_id and k.name = p.mention
            or p.event_id in (select event_id from events where retold)
                and is_part_of(p.mention, k.name)
                and k.org_id in (select org_id from organizations where p.org_id in (org_id, parent_id)
                    union all select parent_id from organizations where org_id = p.org_id))""",
        "org_id",
    ),
    Rule(
        "participants.org_id.as_told",
        "participants",
        "critical",
        "Where the article itself says which organisation of the reference is meant, it is that one, unless a person "
        "decided about the name.",
        "The context of an article goes before the likeness of names.",
        _WAY,
        """select p.event_id, p.org_id, p.role, p.mention, any_value(t.org_id) as told from participants p
        join told_participants t on t.event_id = p.event_id and t.role = p.role and t.name = p.mention
        where squeezed(t.name) not in (select squeezed(unnest([name, other])) from ref_reviews)
        group by p.event_id, p.org_id, p.role, p.mention
        having bool_and(t.org_id in (select org_id from ref_organizations)) and not list_contains(list(t.org_id),
            p.org_id)""",
        "org_id",
    ),
    Rule(
        "quantities.as_told",
        "quantities",
        "critical",
        "A figure was extracted for its event, with this measure, value, unit and place in the text.",
        _AS_TOLD,
        _WAY,
        "select quantity_id, 'quantity_id' as column_name, text as value, null as told from quantities "
        "where quantity_id not in (select quantity_id from told_quantities) union all "
        + _differing("quantities", "told_quantities", _QUANTITY),
    ),
    Rule(
        "quantities.bound_and_per.as_told",
        "quantities",
        "critical",
        "Bound and `per` of a figure are those that were extracted with it.",
        _AS_TOLD,
        _WAY,
        """select quantity_id, per, bound, text from quantities q
        where quantity_id in (select quantity_id from told_quantities) and not exists (select 1 from told_quantities t
        where t.quantity_id = q.quantity_id and t.per is not distinct from q.per and t.bound = q.bound)""",
    ),
    Rule(
        "quantities.complete",
        "quantities",
        "critical",
        "Every figure that was extracted for an event is there.",
        _COMPLETE,
        _WAY,
        "select quantity_id, event_id, measure, value, unit from told_quantities where event_id in "
        "(select event_id from events) and quantity_id not in (select quantity_id from quantities)",
        "quantity_id",
    ),
    Rule(
        "quantities.org_id.as_told",
        "quantities",
        "critical",
        "A figure belongs to the participant that was extracted with it, and to nobody where none was.",
        _AS_TOLD,
        _WAY,
        """select q.quantity_id, q.event_id, q.org_id, list_sort(list(distinct t.whose)) as told from quantities q
        join told_quantities t using (quantity_id) group by q.quantity_id, q.event_id, q.org_id having case
            when q.org_id is null then count(*) = 1 and (
                select count(*) from told_participants p where p.event_id = q.event_id
                and (squeezed(p.name) = squeezed(min(t.whose))
                or list_contains(list_transform(p.aliases, lambda a: squeezed(a)), squeezed(min(t.whose))))) = 1
            else not bool_or(coalesce(exists (
                select 1 from told_participants p join participants o
                on o.event_id = p.event_id and o.org_id = q.org_id
                where p.event_id = q.event_id and (p.name = t.whose or list_contains(p.aliases, t.whose))
                and (o.mention = p.name or exists (
                    select 1 from known_names k where k.org_id = q.org_id and k.name = p.name))), false)) end""",
        "org_id",
    ),
    Rule(
        "event_dates.as_told",
        "event_dates",
        "critical",
        "A date was extracted for its event, in this role, with this day, precision and text.",
        _AS_TOLD,
        _WAY,
        "select event_id, role, date, precision, text from event_dates d where not exists (select 1 from told_dates t "
        "where t.event_id = d.event_id and t.role = d.role and t.text = d.text and t.date = d.date "
        "and t.precision = d.precision)",
    ),
    Rule(
        "event_dates.complete",
        "event_dates",
        "critical",
        "Every role for which an event was extracted with a date has one.",
        _COMPLETE,
        _WAY,
        "select distinct event_id, role from told_dates t where event_id in (select event_id from events) and not "
        "exists (select 1 from event_dates d where d.event_id = t.event_id and d.role = t.role)",
    ),
    Rule(
        "quotes.as_told",
        "quotes",
        "critical",
        "A quote was extracted from its article, at this place, and from this person.",
        _AS_TOLD,
        _WAY,
        """select quote_id, article_id, person_id, start, "end" from quotes q where not exists (
            select 1 from told_quotes t where t.article_id = q.article_id and t.start = q.start and t."end" = q."end"
            and q.person_id in (select person_id from people where is_person(person_id, org_id, t.slug)))""",
    ),
    Rule(
        "quotes.complete",
        "quotes",
        "critical",
        "Every extracted quote is there.",
        _COMPLETE,
        _WAY,
        """select article_id, person, start, "end" from told_quotes t where article_id in (
            select article_id from articles) and not exists (
            select 1 from told_participants m where plain(m.name) = plain(t.person)) and not exists (
            select 1 from quotes q where t.article_id = q.article_id and t.start = q.start and t."end" = q."end")""",
    ),
    Rule(
        "people.as_told",
        "people",
        "critical",
        "Somebody was extracted whose name is the person's, and whose office is, if it has one.",
        _AS_TOLD,
        _WAY,
        """with told as (
            select person_id, p.name = t.called as named, p.title is not distinct from t.title as titled,
                -- A surname alone may be somebody else's: "Mr Li, chairman" gives Ma Li no office.
                t.title is not null and (contains(t.slug, '-') or t.slug = p.person_id) as has_title,
                p.title is not null as shows_title
            from people p join told_people t on is_person(p.person_id, p.org_id, t.slug)
                -- Who is told without an organisation has no part in the offices of namesakes who have one.
                and (p.org_id is not null or coalesce(t.organization, t.org_id) is null))
        select person_id, name, title from people where person_id not in (
            select person_id from told group by person_id
            having bool_or(named) and (bool_or(titled and shows_title) or not bool_or(has_title or shows_title)))""",
    ),
    Rule(
        "people.complete",
        "people",
        "critical",
        "Everybody who was extracted with an office, an organisation or a quote is there.",
        _COMPLETE,
        _WAY,
        """select slug as person_id, min(name) as name, min(article_id) as article_id from told_people t
        where article_id in (select article_id from articles)
            and not exists (select 1 from told_participants m where plain(m.name) = plain(t.called))
        group by slug
        having (bool_or(title is not null or org_id is not null) or slug in (select slug from told_quotes))
            and not exists (select 1 from people p where is_person(p.person_id, p.org_id, slug))""",
    ),
    Rule(
        "people.org_id.as_told",
        "people",
        "critical",
        "The organisation of a person is one that was extracted with the name, and none where none was.",
        _AS_TOLD,
        _WAY,
        """with told as (
            select person_id, p.org_id as has, t.organization, t.article_id, t.org_id as told_id
            from people p join told_people t on is_person(p.person_id, p.org_id, t.slug))
        select person_id, has as org_id, list_sort(list(distinct organization)) as told from told
        group by person_id, has having case when has is null then bool_and(coalesce(told_id in (
            select org_id from ref_organizations), false)) else not bool_or(coalesce(has = told_id, false)
            or exists (select 1 from known_names k where k.org_id = has and k.name = organization)
            or exists (select 1 from told_participants t join told_events e using (event_id)
                join known_names k on k.name = t.name
                where e.article_id = told.article_id and k.org_id = has
                and (t.name = organization or list_contains(t.aliases, organization)))) end""",
        "org_id",
    ),
    Rule(
        "quotes.quote_id.made",
        "quotes",
        "critical",
        "The id of a quote is made from its article, person and place.",
        "The same row has the same id from release to release.",
        _WAY,
        """select quote_id, article_id, person_id, start, "end" from quotes
        where quote_id <> id_of('s', [article_id, person_id, start::text, "end"::text])""",
        "quote_id",
    ),
    Rule(
        "partnership_quantities.figure_id.made",
        "partnership_quantities",
        "critical",
        "The id of a figure is made from the partnership and the figure.",
        "The same row has the same id from release to release.",
        _WAY,
        """select figure_id, partnership_id, measure, value, unit from partnership_quantities
        where (value = 0 or abs(value) between 0.001 and 1e15) and figure_id <> id_of('f',
            [partnership_id, measure, value::text, unit, per, bound, org_id])""",
        "figure_id",
    ),
)
