"""Judgements on `partnerships`, `partnership_parties`, `partnership_history`: what the articles add up to."""

from __future__ import annotations

from typing import Final

from evpact.vocabulary import PARTNERSHIP_KIND, STATUS
from expectations.rule import Rule, quoted, tolerated

_RESOLUTION: Final = "Mend tasks/resolution: partnerships are derived from their history and nothing else."

# Everything a partnership's history adds up to.
_ADDED_UP: Final = """
    select h.partnership_id, count(distinct e.article_id) as articles, count(distinct a.story_id) as stories,
        count(distinct a.publisher) as publishers,
        min(a.published) as first_reported, max(a.published) as last_reported,
        list_sort(list_distinct(flatten(list(e.countries)))) as countries, list_distinct(list(e.kind)) as kinds
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
            "The parties are not only an organisation and those that control it.",
            "A maker and its own parent are mostly one party under two names.",
            "Look at the mentions: if one name was taken for two organisations, mend the alias in seeds/reference.",
            """with recursive up(org_id, ancestor) as (
                select org_id, parent_id from organizations where parent_id is not null
                union select u.org_id, o.parent_id from up u join organizations o on o.org_id = u.ancestor
                where o.parent_id is not null)
            select partnership_id, list_sort(list(org_id)) as parties from partnership_parties p group by partnership_id
            having count(distinct org_id) >= 2 and not exists (
                select 1 from partnership_parties a join partnership_parties b using (partnership_id)
                where a.partnership_id = p.partnership_id and a.org_id < b.org_id
                and row(a.org_id, b.org_id) not in (select row(org_id, ancestor) from up)
                and row(b.org_id, a.org_id) not in (select row(org_id, ancestor) from up))""",
        ),
        of="partnerships",
        share=0.1,
    ),
    Rule(
        "partnerships.parties_named_apart",
        "partnerships",
        "critical",
        "The articles name the two parties of a partnership apart: not by the same words.",
        "“Hyundai” counted as Hyundai Motor and as its group is one party, not two.",
        "Mend the alias that leads to both organisations.",
        """select partnership_id, list_sort(list(distinct org_id)) as parties,
        list_sort(list(distinct plain(mention))) as names
        from partnership_history join participants using (event_id)
        join partnership_parties using (partnership_id, org_id)
        group by partnership_id having count(distinct org_id) >= 2 and count(distinct plain(mention)) = 1""",
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
        "The status is that of an event told on the last day that the history knows.",
        "`status` is the latest told.",
        _RESOLUTION,
        f"""select p.partnership_id, p.status, list_sort(list(h.status)) as latest_in_history from partnerships p
        join partnership_history h using (partnership_id)
        where h.reported is not distinct from
            (select max(reported) from partnership_history m where m.partnership_id = p.partnership_id)
        group by p.partnership_id, p.status having not list_contains(list(h.status), p.status)
        and p.status in ({quoted(STATUS)}) and bool_and(h.status in ({quoted(STATUS)}))""",
        "status",
    ),
    Rule(
        "partnerships.kind.told",
        "partnerships",
        "critical",
        "The kind is that of one of its events.",
        "Nothing else tells what sort of cooperation it is.",
        _RESOLUTION,
        f"select p.partnership_id, p.kind, c.kinds from partnerships p join ({_ADDED_UP}) c using (partnership_id) "
        f"where p.kind in ({quoted(PARTNERSHIP_KIND)}) and not list_contains(c.kinds, p.kind)",
        "kind",
    ),
    *tolerated(
        Rule(
            "partnerships.name.names_parties",
            "partnerships",
            "warning",
            "The name holds the name of at least two of its parties.",
            "People find a partnership by its parties.",
            _RESOLUTION,
            "select p.partnership_id, p.name, list_sort(list(o.name)) as parties from partnerships p "
            "join partnership_parties q using (partnership_id) join organizations o using (org_id) "
            "group by p.partnership_id, p.name having count(*) >= 2 "
            "and count(*) filter (contains(plain(p.name), plain(o.name))) < 2",
            "name",
        ),
        of="partnerships",
        share=0.2,
    ),
    Rule(
        "partnerships.duplicates",
        "partnerships",
        "warning",
        "No two partnerships have the same parties and kind.",
        "Mostly they are one, told in two articles.",
        "Look whether resolution should have joined them.",
        """with sided as (
            select p.partnership_id, p.kind, (select list_sort(list(distinct org_id)) from partnership_parties q
            where q.partnership_id = p.partnership_id) as parties from partnerships p)
        select min(partnership_id) as partnership_id, list_sort(list(partnership_id)) as partnerships, kind, parties
        from sided where len(parties) > 1 group by kind, parties having count(*) > 1""",
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
    *tolerated(
        Rule(
            "partnership_parties.role.told",
            "partnership_parties",
            "warning",
            "The role of a party is one it has in an event of the history.",
            "Only the articles give roles.",
            _RESOLUTION,
            """select partnership_id, org_id, role from partnership_parties p where not exists (
                select 1 from partnership_history h join participants q using (event_id)
                where h.partnership_id = p.partnership_id and q.org_id = p.org_id and q.role = p.role)""",
            "role",
        ),
        of="partnership_parties",
        share=0.2,
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
)
