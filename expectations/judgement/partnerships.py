"""Judgements on `partnerships`, the tables that hang on it, and `redirects`: what the articles add up to."""

from __future__ import annotations

from typing import Final

from evpact.vocabulary import ATTRIBUTION, PARTNERSHIP_KIND, REDIRECT, STATUS
from expectations.rule import Rule, quoted, tolerated

_PARTY_ROLES: Final = ("partner", "supplier", "customer", "investor", "target", "manufacturer", "host")
_RESOLUTION: Final = "Mend tasks/resolution: partnerships are derived from their history and nothing else."

_LEVELS: Final = quoted("active" if status == "completed" else status for status in STATUS if status != "active")
"""Statuses in their order; what is active and what is completed has got equally far."""

# Everything a partnership's history adds up to.
_ADDED_UP: Final = """
    select h.partnership_id, count(distinct e.article_id) as articles, count(distinct a.story_id) as stories,
        count(distinct a.publisher) as publishers,
        min(a.published) as first_reported, max(a.published) as last_reported,
        list_sort(list_distinct(flatten(list(e.countries)))) as countries
    from partnership_history h join events e using (event_id) join articles a using (article_id)
    group by h.partnership_id"""


def _agrees(column: str, *, nullable: bool = False) -> Rule:
    differs = "is distinct from" if nullable else "<>"
    return Rule(
        f"partnerships.{column}.agrees",
        "partnerships",
        "critical",
        f"`{column}` is what the articles in the partnership's history add up to.",
        "Counts and dates that disagree with the rows they count are worth nothing.",
        _RESOLUTION,
        f"select p.partnership_id, p.{column}, c.{column} as in_history from partnerships p "
        f"join ({_ADDED_UP}) c using (partnership_id) where p.{column} {differs} c.{column}",
        column,
    )


_IN_ONE_STORY: Final = """exists (
    select 1 from quantities x join events e on e.event_id = x.event_id
    join articles c on c.article_id = e.article_id join articles d on d.story_id = c.story_id
    join events f on f.article_id = d.article_id join quantities y on y.event_id = f.event_id
    where list_contains(a.quantity_ids, x.quantity_id) and list_contains(b.quantity_ids, y.quantity_id))"""
"""Whether one story tells both of two figures, `a` and `b`."""

RULES: Final = (
    Rule(
        "partnerships.two_parties",
        "partnerships",
        "critical",
        "A partnership has two different parties or more.",
        "Nobody partners with himself.",
        _RESOLUTION,
        "select partnership_id, name, (select list_sort(list(distinct org_id)) from partnership_parties q "
        "where q.partnership_id = p.partnership_id) as parties from partnerships p where "
        "(select count(distinct org_id) from partnership_parties q where q.partnership_id = p.partnership_id) < 2",
    ),
    *tolerated(
        Rule(
            "partnerships.not_within_one_family",
            "partnerships",
            "warning",
            "The parties are not only an organisation and those that control it, unless it is the stake.",
            "A maker and its own parent are mostly one party under two names.",
            "Look at the mentions: if one name was taken for two organisations, mend the alias in seeds/reference.",
            """with recursive up(org_id, ancestor) as (
                select org_id, parent_id from organizations where parent_id is not null
                union select u.org_id, o.parent_id from up u join organizations o on o.org_id = u.ancestor
                where o.parent_id is not null)
            select partnership_id, list_sort(list(org_id)) as parties from partnership_parties p
            where partnership_id not in (select partnership_id from partnerships where kind = 'equity')
            group by partnership_id having count(distinct org_id) >= 2 and not exists (
                select 1 from partnership_parties a join partnership_parties b using (partnership_id)
                where a.partnership_id = p.partnership_id and a.org_id < b.org_id
                and row(a.org_id, b.org_id) not in (select row(org_id, ancestor) from up)
                and row(b.org_id, a.org_id) not in (select row(org_id, ancestor) from up))""",
        ),
        of="partnerships",
        share=0.1,
    ),
    *tolerated(
        Rule(
            "partnerships.parties_named_apart",
            "partnerships",
            "warning",
            "The articles name the two parties of a partnership apart: not by the same words.",
            "“Hyundai” counted as Hyundai Motor and as its group is one party, not two.",
            "Mend the alias that leads to both organisations.",
            """select partnership_id, list_sort(list(distinct org_id)) as parties,
            list_sort(list(distinct plain(mention))) as names
            from partnership_history join participants using (event_id)
            join partnership_parties using (partnership_id, org_id)
            group by partnership_id having count(distinct org_id) >= 2 and count(distinct plain(mention)) = 1""",
        ),
        of="partnerships",
        share=0.02,
    ),
    Rule(
        "partnerships.history_known",
        "partnerships",
        "critical",
        "An event tells of every partnership.",
        "A partnership that nothing tells of is invented.",
        _RESOLUTION,
        "select partnership_id, name from partnerships "
        "where partnership_id not in (select partnership_id from partnership_history where partnership_id is not null)",
    ),
    *map(_agrees, ("articles", "stories", "publishers", "countries")),
    _agrees("first_reported", nullable=True),
    _agrees("last_reported", nullable=True),
    Rule(
        "partnerships.status.latest",
        "partnerships",
        "critical",
        "The status is the standing at a step of the last day (at any, if none is dated).",
        "`status` is how far the articles say that it has got.",
        _RESOLUTION,
        f"""select p.partnership_id, p.status, list_sort(list(h.standing)) as standings
        from partnerships p join partnership_history h using (partnership_id)
        join (select partnership_id, max(reported) as last from partnership_history group by partnership_id) m
            using (partnership_id)
        where h.reported is not distinct from m.last
        group by p.partnership_id, p.status
        having p.status in ({quoted(STATUS)}) and not list_contains(list(h.standing), p.status)""",
        "status",
    ),
    *tolerated(
        Rule(
            "partnerships.kind.told",
            "partnerships",
            "warning",
            "The kind is that of a partnership event in which two of the parties take part.",
            "Articles tell what sort of cooperation it is.",
            _RESOLUTION,
            f"""select p.partnership_id, p.kind from partnerships p where p.kind in ({quoted(PARTNERSHIP_KIND)})
            and not exists (
                select 1 from events e join participants t using (event_id) join partnership_parties q
                on q.partnership_id = p.partnership_id and q.org_id = t.org_id
                where e.type = 'partnership' and e.kind = p.kind group by e.event_id having count(*) > 1)""",
            "kind",
        ),
        of="partnerships",
        share=0.05,
    ),
    Rule(
        "partnerships.status.furthest",
        "partnerships",
        "critical",
        "Where one text alone tells of it, and of no end, the status is the furthest that a dated event tells (any, if "
        "none is dated).",
        "`status` is how far the articles say that it has got.",
        _RESOLUTION,
        f"""with told as (
            select partnership_id, status, case when status in ('active', 'completed') then 'active' else status end
            as level, reported, max(reported) over (partition by partnership_id) as last from partnership_history),
        ranked as (
            select partnership_id, level, max(list_position([{_LEVELS}], level)) over (partition by partnership_id)
            as furthest, bool_or(status = 'ended') over (partition by partnership_id) as has_end
            from told where last is null or reported is not null)
        select distinct p.partnership_id, p.status, list_extract([{_LEVELS}], furthest) as furthest
        from partnerships p join ranked using (partnership_id) where p.stories = 1 and not has_end and furthest > 0
        and list_position([{_LEVELS}], case when p.status in ('active', 'completed') then 'active' else p.status end)
            <> furthest""",
        "status",
    ),
    Rule(
        "partnerships.confidence.agrees",
        "partnerships",
        "critical",
        "The confidence is that not all stories err: of each the surest event counts.",
        "A partnership deserves the trust that its events deserve together, no other.",
        _RESOLUTION,
        """select p.partnership_id, p.confidence, round(together, 4) as in_history from partnerships p join (
            select partnership_id, 1 - product(doubt) as together from (
                select h.partnership_id, a.story_id, 1 - max(e.confidence) as doubt
                from partnership_history h join events e using (event_id) join articles a using (article_id)
                group by all) group by partnership_id) using (partnership_id)
        where abs(p.confidence - together) > 0.0002""",
        "confidence",
    ),
    Rule(
        "partnerships.contested.of_two",
        "partnerships",
        "critical",
        "Contested is a partnership only if two stories tell of it, and tell of an end or of conflicting figures; and "
        "if sums or stakes conflict on one day, it is.",
        "It takes two to disagree.",
        _RESOLUTION,
        f"""select partnership_id, contested, stories from partnerships p where (contested and (stories < 2
            or not exists (
            select 1 from partnership_history h where h.partnership_id = p.partnership_id and h.status = 'ended')
            and not exists (select 1 from partnership_quantities f where f.partnership_id = p.partnership_id
            and f.conflicting)))
        or (not contested and exists (
            select 1 from partnership_quantities a join partnership_quantities b on a.partnership_id = b.partnership_id
            and a.figure_id < b.figure_id and a.measure = b.measure and a.unit = b.unit
            and a.per is not distinct from b.per and a.org_id is not distinct from b.org_id
            and a.bound = 'exact' and b.bound = 'exact' and a.first_reported = b.last_reported
            where a.partnership_id = p.partnership_id and a.measure in ('investment', 'stake', 'price')
            and a.value <> b.value and a.articles = 1 and b.articles = 1 and not {_IN_ONE_STORY}))""",
        "contested",
    ),
    Rule(
        "partnerships.name.names_parties",
        "partnerships",
        "critical",
        "The name is made of the names of all parties, and ends with the kind, or with “cooperation” where none is "
        "told.",
        "People find a partnership by its parties.",
        _RESOLUTION,
        """select p.partnership_id, p.name, p.kind, list_sort(list(o.name)) as parties from partnerships p
        join partnership_parties q using (partnership_id) join organizations o using (org_id)
        group by p.partnership_id, p.name, p.kind
        having not bool_and(contains(p.name, o.name))
        or length(regexp_replace(p.name, ': [^:]*$', '')) <> sum(length(o.name)) + 2 * count(*) + 1
        or not ends_with(p.name, ': ' || coalesce(replace(p.kind, '_', ' '), 'cooperation'))""",
        "name",
    ),
    Rule(
        "partnerships.duplicates",
        "partnerships",
        "warning",
        "No two partnerships have the same parties and kind and are told of at the same time.",
        "Mostly they are one, told in two articles.",
        "Look whether resolution should have joined them.",
        """with sided as (
            select p.*, (select list_sort(list(distinct org_id)) from partnership_parties q
            where q.partnership_id = p.partnership_id) as parties from partnerships p)
        select a.partnership_id, b.partnership_id as other, a.kind, a.parties from sided a join sided b
        on a.parties = b.parties and a.kind is not distinct from b.kind and a.partnership_id < b.partnership_id
        where len(a.parties) > 1 and coalesce(a.last_reported >= b.first_reported, true)
        and coalesce(b.last_reported >= a.first_reported, true)""",
    ),
    Rule(
        "partnerships.partnership_id.names_parties",
        "partnerships",
        "critical",
        "The id holds those of the parties, and ends with the kind, or with the kind and a day.",
        "The id stays the same from release to release because it is made from nothing else.",
        _RESOLUTION,
        """select p.partnership_id, p.kind, list_sort(list(q.org_id)) as parties from partnerships p
        join partnership_parties q using (partnership_id) group by p.partnership_id, p.kind
        having length(p.partnership_id) < 120 and not bool_and(contains('--' || p.partnership_id,
            '--' || q.org_id || '--'))
        or not regexp_matches(p.partnership_id, '--' || coalesce(replace(p.kind, '_', '-'), 'unspecified')
            || '(--\\d{4}-\\d\\d-\\d\\d)?$')""",
        "partnership_id",
    ),
    Rule(
        "partnership_parties.org_id.takes_part",
        "partnership_parties",
        "critical",
        "A party takes part in an event of the partnership's history.",
        "Only the articles make somebody a party.",
        _RESOLUTION,
        """select partnership_id, org_id, role from partnership_parties p where not exists (
            select 1 from partnership_history h join participants q using (event_id)
            where h.partnership_id = p.partnership_id and q.org_id = p.org_id)""",
        "org_id",
    ),
    Rule(
        "partnership_parties.role.told",
        "partnership_parties",
        "critical",
        "The role of a party is one it has in an event of the history; `partner` only where no other is told.",
        "Only the articles give roles.",
        _RESOLUTION,
        f"""with told as (
            select h.partnership_id, q.org_id, list(distinct q.role) as roles from partnership_history h
            join participants q using (event_id) where q.role in ({quoted(_PARTY_ROLES)}) group by all)
        select partnership_id, org_id, role, roles as told from partnership_parties join told using (partnership_id,
            org_id)
        where role in ({quoted(_PARTY_ROLES)}) and (not list_contains(roles, role) or role = 'partner'
            and len(roles) > 1)""",
        "role",
    ),
    Rule(
        "partnership_history.event_id.of_partnership",
        "partnership_history",
        "critical",
        "Only events of type partnership tell of a partnership.",
        "The other types tell of other things.",
        _RESOLUTION,
        "select partnership_id, event_id, type from partnership_history join events using (event_id) "
        "where type <> 'partnership'",
        "event_id",
    ),
    Rule(
        "partnership_history.event_id.has_party",
        "partnership_history",
        "critical",
        "A party of the partnership takes part in each event of its history.",
        "An event of others is another partnership's.",
        _RESOLUTION,
        """select partnership_id, event_id from partnership_history h where not exists (
            select 1 from participants q join partnership_parties p using (org_id)
            where q.event_id = h.event_id and p.partnership_id = h.partnership_id)""",
        "event_id",
    ),
    Rule(
        "partnership_history.complete",
        "partnership_history",
        "critical",
        "Every partnership event tells of a partnership.",
        "A partnership event without one was lost on the way.",
        _RESOLUTION,
        "select event_id, article_id, evidence from events where type = 'partnership' "
        "and event_id not in (select event_id from partnership_history)",
        "event_id",
    ),
    Rule(
        "partnership_history.status.of_event",
        "partnership_history",
        "critical",
        "The status is that of the event.",
        "The history is what the events told.",
        _RESOLUTION,
        "select partnership_id, event_id, h.status, e.status as status_of_event from partnership_history h "
        f"join events e using (event_id) where h.status <> e.status and h.status in ({quoted(STATUS)}) "
        f"and e.status in ({quoted(STATUS)})",
        "status",
    ),
    Rule(
        "partnership_history.standing.told",
        "partnership_history",
        "critical",
        "The standing is a status that a step of the partnership tells, and of one text one.",
        "Where no sentence says it, nobody can trace how far a partnership had got.",
        _RESOLUTION,
        f"""with steps as (
            select h.partnership_id, h.event_id, h.status, h.standing, a.story_id from partnership_history h
            join events e using (event_id) join articles a using (article_id))
        select partnership_id, event_id, status, standing from steps s where standing in ({quoted(STATUS)})
        and (not exists (
            select 1 from steps t where t.partnership_id = s.partnership_id and t.status = s.standing)
        or exists (select 1 from steps t where t.partnership_id = s.partnership_id and t.story_id = s.story_id
            and t.standing <> s.standing))""",
        "standing",
    ),
    Rule(
        "partnership_history.reported.of_article",
        "partnership_history",
        "critical",
        "The day is that of the article's publication.",
        "The history is what the articles told, when they told it.",
        _RESOLUTION,
        "select partnership_id, event_id, reported, published from partnership_history join events using (event_id) "
        "join articles using (article_id) where reported is distinct from published",
        "reported",
    ),
    Rule(
        "partnership_history.attribution.of_event",
        "partnership_history",
        "critical",
        "The attribution is that of the event.",
        "The history is what the events told.",
        _RESOLUTION,
        "select partnership_id, event_id, h.attribution, e.attribution as attribution_of_event "
        f"from partnership_history h join events e using (event_id) where h.attribution <> e.attribution "
        f"and h.attribution in ({quoted(ATTRIBUTION)}) and e.attribution in ({quoted(ATTRIBUTION)})",
        "attribution",
    ),
    Rule(
        "partnership_history.recap.told",
        "partnership_history",
        "critical",
        "A recap is told in words for what was earlier, or with a day over a month before; and what is told in such "
        "words is a recap.",
        "Readers of the news take what is no recap for news.",
        _RESOLUTION,
        """select h.partnership_id, h.event_id, recap, evidence from partnership_history h join events e
            using (event_id),
            (select '(?i)\\b(?:' || string_agg(regexp_escape(cue), '|') || ')\\b' as cues from ref_recap_cues)
        where recap <> (regexp_matches(evidence, cues) or exists (
            select 1 from event_dates d where d.event_id = h.event_id and d.role in ('start', 'signed')
            group by d.event_id having max(d.date + case d.precision when 'day' then interval 1 day
                when 'month' then interval 1 month when 'quarter' then interval 3 months
                when 'half' then interval 6 months else interval 1 year end) < h.reported - 45))""",
        "recap",
    ),
    Rule(
        "partnership_quantities.told",
        "partnership_quantities",
        "critical",
        "Each of `quantity_ids` is a quantity of an event of the partnership, and says the same.",
        "A figure that nobody tells is invented.",
        _RESOLUTION,
        """select figure_id, partnership_id, quantity_id, f.measure, f.value, f.unit
        from (select *, unnest(quantity_ids) as quantity_id from partnership_quantities) f
        where quantity_id is not null and not exists (
            select 1 from quantities q join partnership_history h using (event_id)
            where q.quantity_id = f.quantity_id and h.partnership_id = f.partnership_id and q.measure = f.measure
            and q.per is not distinct from f.per and q.bound = f.bound and q.org_id is not distinct from f.org_id
            and (q.unit = f.unit and q.value = f.value or exists (
                select 1 from (values ('MWh', 'GWh', 1e-3), ('TWh', 'GWh', 1e3), ('MW', 'GW', 1e-3))
                as common(told, unit, factor) where told = q.unit and common.unit = f.unit
                and abs(q.value * factor - f.value) <= 1e-9 * abs(f.value))))""",
        "quantity_ids",
    ),
    Rule(
        "partnership_quantities.complete",
        "partnership_quantities",
        "critical",
        "Every quantity of an event of a partnership is one of its figures.",
        "No source's figure is left out.",
        _RESOLUTION,
        "select quantity_id, event_id, text from quantities join partnership_history using (event_id) where "
        "quantity_id not in (select unnest(quantity_ids) from partnership_quantities where quantity_ids is not null)",
    ),
    Rule(
        "partnership_quantities.counts_agree",
        "partnership_quantities",
        "critical",
        "Articles, stories and days are those of the quantities that tell the figure.",
        "Counts and dates that disagree with the rows they count are worth nothing.",
        _RESOLUTION,
        """select f.figure_id, f.articles, f.stories, f.first_reported, f.last_reported, c.*
        from partnership_quantities f join (
            select figure_id, count(distinct article_id) as articles_told, count(distinct story_id) as stories_told,
                min(published) as first_told, max(published) as last_told
            from (select figure_id, unnest(quantity_ids) as quantity_id from partnership_quantities)
            join quantities using (quantity_id) join events using (event_id) join articles using (article_id)
            group by figure_id) c using (figure_id)
        where f.articles <> articles_told or f.stories <> stories_told
        or f.first_reported is distinct from first_told or f.last_reported is distinct from last_told""",
    ),
    Rule(
        "partnership_quantities.conflicting.of_two",
        "partnership_quantities",
        "critical",
        "A conflicting figure has another one beside it.",
        "It takes two to disagree.",
        _RESOLUTION,
        """select figure_id, partnership_id, measure, value, unit from partnership_quantities f
        where conflicting and not exists (
            select 1 from partnership_quantities o where o.figure_id <> f.figure_id and o.conflicting
            and o.partnership_id = f.partnership_id and o.measure = f.measure and o.unit = f.unit)""",
        "conflicting",
    ),
    Rule(
        "redirects.old_id.unused",
        "redirects",
        "critical",
        "No partnership has an id that leads elsewhere.",
        "An id stands for one thing.",
        "Mend tasks/resolution/continuity.py.",
        "select old_id, new_id from redirects where old_id in (select partnership_id from partnerships)",
        "old_id",
    ),
    Rule(
        "redirects.reason.fits",
        "redirects",
        "critical",
        "A redirect leads somewhere, unless its reason is that the partnership is gone.",
        "Consumers follow `new_id` and read `reason` where there is none.",
        "Mend tasks/resolution/continuity.py.",
        "select old_id, new_id, reason from redirects "
        f"where (new_id is null) <> (reason in ('unsourced', 'not_told')) and reason in ({quoted(REDIRECT)})",
        "reason",
    ),
    Rule(
        "partnership_quantities.conflicting.complete",
        "partnership_quantities",
        "critical",
        "Two exact figures for the same thing, each told by a story of its own, are conflicting.",
        "Consumers must see that the sources disagree.",
        _RESOLUTION,
        f"""select a.figure_id, a.partnership_id, a.measure, a.value, b.value as other from partnership_quantities a
        join partnership_quantities b on a.partnership_id = b.partnership_id and a.measure = b.measure
        and a.unit = b.unit and a.per is not distinct from b.per and a.org_id is not distinct from b.org_id
        where a.bound = 'exact' and b.bound = 'exact' and a.value <> b.value and not a.conflicting
        and not {_IN_ONE_STORY}""",
        "conflicting",
    ),
    Rule(
        "redirects.known",
        "redirects",
        "critical",
        "A redirect leads on from an id of the release before, or was in that release with the same last version, and "
        "the same partnership as long as that is there.",
        "An id that never was leads nobody; `last_version` says where to read what it stood for.",
        "Mend tasks/resolution/continuity.py.",
        """select r.old_id, r.last_version, p.last_version as before from redirects r
        left join previous_redirects p using (old_id) where case
            when not regexp_full_match(r.last_version, '\\d{4}-\\d\\d-\\d\\d[.][1-9]\\d*') then true
            when p.old_id is not null and r.old_id not in (select partnership_id from previous_partnerships)
                then p.last_version <> r.last_version or (r.new_id is distinct from p.new_id
                    and p.new_id in (select partnership_id from partnerships))
            else exists (select 1 from previous_articles)
                and r.old_id not in (select partnership_id from previous_partnerships) end""",
        "old_id",
    ),
)
