"""Judgements on `organizations`, `people` and `facilities`: who and what acts."""

from __future__ import annotations

from typing import Final

from evpact.vocabulary import BLOC_CODES
from expectations.rule import LETTER, Rule, quoted, tolerated

_REFERENCE: Final = "Mend tasks/resolution, or the organisation in seeds/reference/organizations.csv."

# Towns and plants of the reference, a row for each of their names.
_SITES: Final = """
    select squeezed(form) as form, case when kind = 'plant' then name end as plant,
        case when kind = 'plant' then coalesce(region, name) else name end as place, country, latitude, longitude,
        org_id as operator
    from (select *, unnest(list_append(coalesce(aliases, []), name)) as form from ref_places
        where kind in ('town', 'plant'))"""

RULES: Final = (
    Rule(
        "organizations.in_reference.true",
        "organizations",
        "critical",
        "in_reference says whether the reference table knows the id.",
        "Consumers trust reviewed rows more.",
        _REFERENCE,
        "select org_id, name, in_reference from organizations "
        "where in_reference <> (org_id in (select org_id from ref_organizations))",
        "in_reference",
    ),
    Rule(
        "organizations.agrees_with_reference",
        "organizations",
        "critical",
        "An organisation of the reference has the name, kind, country and Wikidata item that stand there.",
        "The reference was reviewed by people; nothing on the way may change it.",
        _REFERENCE,
        "select o.org_id, o.name, r.name as name_there, o.kind, r.kind as kind_there, o.country, "
        "r.country as country_there, o.wikidata_id, r.wikidata_id as wikidata_id_there "
        "from organizations o join ref_organizations r using (org_id) where o.name is distinct from r.name "
        "or o.kind is distinct from r.kind or o.country is distinct from r.country "
        "or o.wikidata_id is distinct from r.wikidata_id",
    ),
    Rule(
        "organizations.parent_id.agrees_with_reference",
        "organizations",
        "critical",
        "The parent of an organisation of the reference is the one that stands there, or null if that is not released.",
        "Who controls whom was reviewed by people.",
        _REFERENCE,
        "select o.org_id, o.parent_id, r.parent_id as parent_there from organizations o "
        "join ref_organizations r using (org_id) where o.parent_id is distinct from r.parent_id "
        "and coalesce(o.parent_id, r.parent_id) in (select org_id from organizations)",
        "parent_id",
    ),
    Rule(
        "organizations.parent_id.no_cycle",
        "organizations",
        "critical",
        "Nobody is its own parent, directly or through others.",
        "Groups are added up along the chain of parents.",
        _REFERENCE,
        """with recursive up(org_id, ancestor) as (
            select org_id, parent_id from organizations where parent_id is not null
            union select u.org_id, o.parent_id from up u join organizations o on o.org_id = u.ancestor
            where o.parent_id is not null)
        select org_id, parent_id from organizations where org_id in (select org_id from up where org_id = ancestor)""",
        "parent_id",
    ),
    Rule(
        "organizations.wikidata_id.form",
        "organizations",
        "critical",
        "A Wikidata item is Q and a number, and stands for one organisation.",
        "It is a key into another dataset.",
        _REFERENCE,
        "select org_id, wikidata_id from organizations where not regexp_full_match(wikidata_id, 'Q[1-9][0-9]*') "
        "or wikidata_id in (select wikidata_id from organizations group by wikidata_id having count(*) > 1)",
        "wikidata_id",
    ),
    *tolerated(
        Rule(
            "organizations.name.unique",
            "organizations",
            "warning",
            "No two organisations have the same name, whatever its case and punctuation, unless the reference has it "
            "so.",
            "One organisation under two ids splits its partnerships.",
            "Merge them in tasks/resolution, or tell them apart in the reference.",
            "select org_id, name from organizations o where plain(name) in "
            "(select plain(name) from organizations group by plain(name) having count(*) > 1) and plain(name) not in "
            "(select plain(name) from ref_organizations group by plain(name) having count(*) > 1)",
            "name",
        ),
        of="organizations",
        share=0.02,
    ),
    *tolerated(
        Rule(
            "organizations.name.letters",
            "organizations",
            "warning",
            "A name has a letter, and is no sentence, address or markup.",
            "What has none of that is no organisation.",
            "Mend the recognition of names in tasks/extraction.",
            f"select org_id, name from organizations where not regexp_matches(name, '[{LETTER}]') "
            r"or regexp_matches(name, '[<>{}@]|https?:|www\.|[.!?] [A-Z][a-z]+ [a-z]+ ')",
            "name",
        ),
        of="organizations",
        share=0.02,
    ),
    *tolerated(
        Rule(
            "organizations.aliases.own",
            "organizations",
            "warning",
            "No alias is the name of another organisation, unless the reference has it so.",
            "Under that alias, the one would get the events of the other.",
            _REFERENCE,
            "select a.org_id, alias, o.org_id as named_so from "
            "(select org_id, unnest(aliases) as alias from organizations) a join organizations o "
            "on plain(a.alias) = plain(o.name) and a.org_id <> o.org_id where not exists "
            "(select 1 from ref_organizations r where r.org_id = a.org_id and list_contains(r.aliases, a.alias))",
            "aliases",
        ),
        of="organizations",
        share=0.02,
    ),
    Rule(
        "organizations.aliases.one_owner",
        "organizations",
        "warning",
        "No alias is shared by two organisations, unless the reference has it so.",
        "An alias with two owners leads to either by chance.",
        _REFERENCE,
        """with named as (select org_id, unnest(aliases) as alias from organizations)
        select min(org_id) as org_id, plain(alias) as alias, list_sort(list(distinct org_id))[:20] as owners
        from named n where not exists
        (select 1 from ref_organizations r where r.org_id = n.org_id and list_contains(r.aliases, n.alias))
        group by plain(alias) having count(distinct org_id) > 1""",
        "aliases",
    ),
    Rule(
        "organizations.used",
        "organizations",
        "critical",
        "An organisation that was found in texts takes part in something, has a person or a site, or is a parent.",
        "It is there only because a text told of it.",
        "Remove what nothing refers to, or find what lost its reference.",
        "select org_id, name from organizations where not in_reference "
        "and org_id not in (select org_id from participants) "
        "and org_id not in (select org_id from people where org_id is not null) "
        "and org_id not in (select org_id from facilities where org_id is not null) "
        "and org_id not in (select parent_id from organizations where parent_id is not null)",
    ),
    Rule(
        "organization_names.same_is_one",
        "organization_names",
        "critical",
        "Two names are the same exactly if they lead to one organisation.",
        "The table says why names were merged; it must say what was done.",
        "Mend tasks/resolution/linking.py.",
        "select org_id, name, other_id, decision from organization_names "
        "where (decision = 'same' and org_id <> other_id) "
        "or (decision in ('parent', 'different') and org_id = other_id)",
        "decision",
    ),
    *tolerated(
        Rule(
            "people.name.letters",
            "people",
            "warning",
            "A person's name has two letters in a row and no digits, address or markup.",
            "What has none of that is nobody.",
            "Mend the recognition of people in tasks/extraction.",
            f"select person_id, name from people where not regexp_matches(name, '[{LETTER}][{LETTER}]') "
            r"or regexp_matches(name, '[0-9<>{}@]|https?:')",
            "name",
        ),
        of="people",
        share=0.05,
    ),
    *tolerated(
        Rule(
            "people.name.capital",
            "people",
            "warning",
            "A person's name has a capital letter, or is in a script without capitals.",
            "An office or another common noun is nobody's name.",
            "Mend the recognition of people in tasks/extraction.",
            "select person_id, name, title from people where name = lower(name) and lower(name) <> upper(name)",
            "name",
        ),
        of="people",
        share=0.05,
    ),
    *tolerated(
        Rule(
            "people.named_for_something",
            "people",
            "warning",
            "A person is quoted, or named with an office or organisation.",
            "Others are not in the table by definition.",
            "Find what lost its reference, or leave the person out.",
            "select person_id, name from people where title is null and org_id is null "
            "and person_id not in (select person_id from quotes)",
        ),
        of="people",
        share=0.2,
    ),
    Rule(
        "people.duplicates",
        "people",
        "warning",
        "No two people of one organisation have the same name.",
        "Mostly they are one.",
        "Merge them in tasks/resolution.",
        "select min(person_id) as person_id, plain(name) as name, org_id, list_sort(list(person_id))[:20] as people "
        "from people group by plain(name), org_id having count(*) > 1",
        "name",
    ),
    Rule(
        "facilities.coordinates.both",
        "facilities",
        "critical",
        "A site has both coordinates or none, and does not lie at 0° N 0° E.",
        "Half a position is none, and nothing stands in the Gulf of Guinea's middle.",
        "Mend the place in seeds/reference.",
        "select facility_id, latitude, longitude from facilities where (latitude is null) <> (longitude is null) "
        "or (abs(latitude) < 0.01 and abs(longitude) < 0.01)",
    ),
    *tolerated(
        Rule(
            "facilities.coordinates.in_country",
            "facilities",
            "warning",
            "A site lies in its country: not farther from its middle than expectations/limits/radius.csv says.",
            "Coordinates of a namesake, or latitude and longitude swapped.",
            "Mend the place in seeds/reference, or the resolution of places.",
            "select facility_id, f.country, f.latitude, f.longitude, "
            "round(2 * 6371 * asin(sqrt(least(1, sin(radians(f.latitude - c.latitude) / 2) ** 2 "
            "+ cos(radians(f.latitude)) * cos(radians(c.latitude)) "
            "* sin(radians(f.longitude - c.longitude) / 2) ** 2)))) as km_from_middle "
            "from facilities f join ref_countries c on c.code = f.country "
            "where f.latitude is not null and f.longitude is not null and c.latitude is not null "
            "and km_from_middle > coalesce("
            "(select km from limit_radius where code = f.country), (select km from limit_radius where code = '*'))",
        ),
        of="(select * from facilities where latitude is not null and longitude is not null)",
        share=0.1,
    ),
    Rule(
        "facilities.duplicates",
        "facilities",
        "warning",
        "An organisation has one site of a kind in a place.",
        "Mostly two are one.",
        "Merge them in tasks/resolution.",
        "select min(facility_id) as facility_id, org_id, plain(place) as place, country, kind, "
        "list_sort(list(facility_id)) as facilities from facilities "
        "where place is not null and org_id is not null "
        "group by org_id, plain(place), country, kind having count(*) > 1",
    ),
    *tolerated(
        Rule(
            "facilities.country.of_events",
            "facilities",
            "warning",
            "A site stands in one of the countries of the events that tell of it.",
            "Site and event are in the same place.",
            "Look which of the two is wrong.",
            "select facility_id, f.country, "
            "list_sort(list_distinct(flatten(list(e.countries)))) as countries_of_events "
            "from facilities f join events e using (facility_id) where f.country is not null group by all "
            "having len(flatten(list(e.countries))) > 0 and not list_contains(flatten(list(e.countries)), f.country)",
            "country",
        ),
        of="facilities",
        share=0.2,
    ),
    Rule(
        "facilities.told",
        "facilities",
        "critical",
        "An event tells of every site.",
        "A site that nothing tells of has lost its events.",
        "Find what lost its reference.",
        "select facility_id, name from facilities "
        "where facility_id not in (select facility_id from events where facility_id is not null)",
    ),
    Rule(
        "facilities.as_listed",
        "facilities",
        "critical",
        "A site has the coordinates and the country that the reference gives its town, or the listed plant it is.",
        "The reference was reviewed by people; a site elsewhere is another one.",
        "Mend tasks/resolution/facilities.py, or the place in seeds/reference/places.csv.",
        f"""select facility_id, name, place, country, latitude, longitude from facilities f where not exists (
            select 1 from ({_SITES}) r where r.latitude is not distinct from f.latitude
            and r.longitude is not distinct from f.longitude and (r.country is null or r.country = f.country)
            and (r.plant = f.name or r.plant is null and squeezed(r.place) = squeezed(f.place)))""",
    ),
    Rule(
        "facilities.place.told",
        "facilities",
        "critical",
        "The place of a listed plant is its region or a town that an event at it tells.",
        "People find a site by its place.",
        "Mend tasks/resolution/facilities.py.",
        f"""select facility_id, f.name, f.place from facilities f join ({_SITES}) r on r.plant = f.name
        where f.place is distinct from r.place and not exists (
            select 1 from events e join ({_SITES}) t on t.place = f.place
            and list_contains(list_transform(e.places, lambda x: squeezed(x)), t.form)
            where e.facility_id = f.facility_id)""",
        "place",
    ),
    Rule(
        "facilities.name.of_parts",
        "facilities",
        "critical",
        "The name is that of a listed plant, of this operator if the list has one, or else is made of operator, place "
        "and kind.",
        "People know a site by who runs it, where, and what it is.",
        "Mend tasks/resolution/facilities.py.",
        f"""select facility_id, f.name, f.org_id, f.place, f.kind from facilities f left join organizations o
            using (org_id)
        where not exists (select 1 from ({_SITES}) r where r.plant = f.name and f.kind = 'plant'
            and (r.operator is null or r.operator = f.org_id))
        and f.name <> concat_ws(' ', o.name, f.place, case f.kind when 'research' then 'research centre'
            when 'other' then 'site' else f.kind end)""",
        "name",
    ),
    Rule(
        "events.facility_id.at_place",
        "events",
        "critical",
        "The site of an event is the plant, or lies within 40 km of the town, that is one of the event's places; in "
        "one of its countries.",
        "An event that is told of one town and counted at another's site tells of the wrong plant.",
        "Mend tasks/resolution/facilities.py.",
        f"""select event_id, article_id, facility_id, places, countries from events e join facilities f
            using (facility_id)
        where not exists (
            select 1 from ({_SITES}) r where list_contains(list_transform(e.places, lambda x: squeezed(x)), r.form)
            and (r.plant = f.name or 2 * 6371 * asin(sqrt(least(1, sin(radians(f.latitude - r.latitude) / 2) ** 2
                + cos(radians(f.latitude)) * cos(radians(r.latitude))
                * sin(radians(f.longitude - r.longitude) / 2) ** 2))) <= 40
                or (f.latitude is null or r.latitude is null) and squeezed(r.place) = squeezed(f.place)))
        or len(list_filter(e.countries, lambda c: c not in ({quoted(sorted(BLOC_CODES))}))) > 0
            and f.country is not null and not list_contains(e.countries, f.country)""",
        "facility_id",
    ),
    Rule(
        "events.facility_id.of_operator",
        "events",
        "critical",
        "Who runs the site of an event takes part in it, or in another event of its article at that site, or the "
        "reference lists the plant as his; and the site is of the event's kind.",
        "Two makers in one town have two plants.",
        "Mend tasks/resolution/facilities.py.",
        f"""select event_id, article_id, facility_id, f.org_id, type, e.kind from events e join facilities f
        using (facility_id) where f.org_id is not null and not exists (
            select 1 from participants p join events o using (event_id)
            where o.article_id = e.article_id and o.facility_id = e.facility_id and p.org_id = f.org_id)
        and not exists (select 1 from ({_SITES}) r where r.plant = f.name and r.operator = f.org_id)
        or f.kind <> case when type = 'facility' then coalesce(e.kind, 'other') else 'plant' end
        and not exists (select 1 from ({_SITES}) r where r.plant = f.name and f.kind = 'plant')""",
        "facility_id",
    ),
    Rule(
        "events.facility_id.complete",
        "events",
        "critical",
        "An event about a site has one, if one of its places is the only listed town or plant of that name there; and "
        "so has any event at such a plant that may have one.",
        "A plant whose events are lost looks as if nothing happened there.",
        "Mend tasks/resolution/facilities.py.",
        f"""with told as (
            select event_id, article_id, type, kind, places, unnest(places) as place,
                list_filter(countries, lambda c: c not in ({quoted(sorted(BLOC_CODES))})) as own
            from events where facility_id is null and (type in ('facility', 'production', 'investment')
                or kind in ('joint_venture', 'manufacturing', 'supply'))),
        sites as (select distinct * from ({_SITES}))
        select event_id, article_id, type, told.place, min(coalesce(r.plant, r.place)) as site from told
        join sites r on r.form = squeezed(told.place)
        and (len(own) = 0 or r.country is null or list_contains(own, r.country))
        group by event_id, article_id, type, told.place
        having count(*) = 1 and (told.type in ('facility', 'production') or min(r.plant) is not null)""",
        "facility_id",
    ),
    Rule(
        "organizations.aliases.told",
        "organizations",
        "critical",
        "The aliases of an organisation of the reference are those that stand there; those of another were extracted, "
        "and every name that is counted as its own is among them.",
        "Under an alias that nobody uses for it, an organisation gets the events of another.",
        _REFERENCE,
        """select o.org_id, o.name, o.aliases, null as mention from organizations o join ref_organizations r
            using (org_id)
        where list_sort(o.aliases) <> list_sort(r.aliases) and not list_has_all(list_concat(r.aliases, r.weak_aliases),
            o.aliases)
        or not list_has_all(o.aliases, r.aliases)
        union all select distinct o.org_id, o.name, o.aliases, p.mention from organizations o
        join participants p using (org_id) where not o.in_reference
        and p.mention <> o.name and not list_contains(o.aliases, p.mention)
        and not (p.event_id in (select event_id from events where retold) and (
            len(list_filter(list_append(o.aliases, o.name), lambda x: is_part_of(p.mention, x))) > 0
            or exists (select 1 from organizations k where (k.parent_id = o.org_id or k.org_id = o.parent_id)
                and (is_part_of(k.name, p.mention) or list_contains(k.aliases, p.mention)))))
        union all select o.org_id, o.name, o.aliases, alias from (select *, unnest(aliases) as alias
            from organizations) o
        where not o.in_reference and alias not in (
            select name from told_participants union all select unnest(aliases) from told_participants
            union all select organization from told_people where organization is not null)""",
        "aliases",
    ),
    Rule(
        "organizations.kind.told",
        "organizations",
        "critical",
        "The kind and the country of an organisation that is not in the reference are ones that were extracted for a "
        'name of it; it has the only country that was, unless a name tells that: "CFAO Kenya" is CFAO\'s arm there.',
        "What no article tells is invented.",
        _REFERENCE,
        """select o.org_id, o.name, o.kind, o.country from organizations o where not o.in_reference and (
            o.kind not in (select 'other' union all select t.kind from told_participants t
                where t.name = o.name or list_contains(o.aliases, t.name))
            or o.kind = 'other' and exists (select 1 from told_participants t join participants p
                on p.event_id = t.event_id and p.role = t.role and p.mention = t.name
                where p.org_id = o.org_id and t.kind <> 'other')
            or o.kind <> 'group' and o.country is not null and o.country not in (
                select t.country from told_participants t where t.country is not null
                and (t.name = o.name or list_contains(o.aliases, t.name)))
            or o.kind <> 'group' and o.country is null and exists (
                select 1 from told_participants t join participants p
                on p.event_id = t.event_id and p.role = t.role and p.mention = t.name where p.org_id = o.org_id
                having count(distinct t.country) = 1 and not bool_or(exists (select 1 from ref_countries c
                    where c.code = t.country and len(list_filter(list_append(c.aliases, c.name),
                        lambda x: is_part_of(x, t.name))) > 0))))""",
    ),
    Rule(
        "organizations.parent_id.of_names",
        "organizations",
        "critical",
        "An organisation that is not in the reference has a parent exactly if a row of organization_names says so.",
        "Who controls whom is never guessed without telling why.",
        _REFERENCE,
        """select org_id, name, parent_id from organizations o where not in_reference and (
            parent_id is not null and not exists (select 1 from organization_names n where n.org_id = o.org_id
                and n.decision = 'parent' and n.other_id = o.parent_id)
            or parent_id is null and exists (select 1 from organization_names n where n.org_id = o.org_id
                and n.decision = 'parent'))""",
        "parent_id",
    ),
    Rule(
        "organization_names.name.told",
        "organization_names",
        "critical",
        "A name was extracted, and is used, or given for another, by no fewer articles than are counted; it is used by "
        "no more if it counts as one organisation only.",
        "The table says how many articles a decision about the name would concern.",
        "Mend tasks/resolution/linking.py.",
        """with given as (
            select name, article_id, true as used from told_participants t join told_events using (event_id)
                where t.kind <> 'group'
            union all select organization, article_id, true from told_people where organization is not null
            union all select unnest(t.aliases), article_id, false
                from told_participants t join told_events using (event_id) where t.kind <> 'group'),
        told as (select name, count(distinct article_id) as articles,
            count(distinct article_id) filter (used) as used from given group by name),
        owned as (select name, count(distinct org_id) as owners from organization_names group by name)
        select name_id, org_id, n.name, n.articles, t.articles as told from organization_names n
        left join told t using (name) join owned using (name)
        where t.articles is null or n.articles > t.articles or (owners = 1 and n.articles < t.used
            and n.name not in (select name from known_names k where k.org_id <> n.org_id))""",
    ),
    Rule(
        "organization_names.other.known",
        "organization_names",
        "critical",
        "The other name is one that the other organisation is known under.",
        "A decision about two names must say which.",
        "Mend tasks/resolution/linking.py.",
        "select name_id, org_id, name, other, other_id from organization_names n where not exists (select 1 from "
        "known_names k where k.org_id = n.other_id and k.name = n.other)",
        "other",
    ),
    Rule(
        "organization_names.name_id.made",
        "organization_names",
        "critical",
        "The id is made from the organisation, the name and the other organisation.",
        "The same row has the same id from release to release.",
        "Mend tasks/resolution/linking.py.",
        "select name_id, org_id, name, other_id from organization_names where name_id <> id_of('n', [org_id, name, "
        "other_id])",
        "name_id",
    ),
    Rule(
        "organization_names.complete",
        "organization_names",
        "critical",
        "Every name under which a company takes part or somebody works for it, other than its own, has a row that "
        "says why it counts as it.",
        "A merge that nobody can look up cannot be judged.",
        "Mend tasks/resolution/linking.py.",
        """select distinct p.org_id, p.mention as name from participants p join organizations o using (org_id)
        join told_participants t on t.event_id = p.event_id and t.role = p.role and t.name = p.mention
        where t.kind <> 'group' and p.mention <> o.name and not exists (select 1 from organization_names n
            where n.org_id = p.org_id and n.name = p.mention and n.decision = 'same')
        union all select null, organization from told_people t where organization is not null
        and article_id in (select article_id from articles)
        and organization not in (select name from organization_names where decision = 'same')
        and organization not in (select name from organizations)
        and organization not in (select name from told_participants where kind = 'group')""",
    ),
    Rule(
        "organization_names.score.of_reason",
        "organization_names",
        "critical",
        "The score lies within the limits of its reason in expectations/limits/scores.csv, and is 1 or 0 as a person "
        "decided.",
        "The score says what is worth a look.",
        "Mend tasks/resolution/likeness.py.",
        "select name_id, n.reason, decision, score, l.reason as limit_reason from organization_names n "
        "join limit_scores l on l.why = n.reason where score not between l.min and l.max "
        "or n.reason = 'reviewed' and score <> (decision = 'same')::int",
        "score",
    ),
    Rule(
        "organization_names.reason.reference",
        "organization_names",
        "critical",
        "The reason is the reference exactly where it lists the name for the organisation, with or without its legal "
        "form, unless a person decided or an article says so.",
        "Who looks up why two names are one must find the true reason.",
        "Mend tasks/resolution/matching.py.",
        """select name_id, n.org_id, n.name, reason from organization_names n where decision = 'same'
            and n.org_id = other_id
        and reason not in ('reviewed', 'text') and (reason = 'reference') <> exists (
            select 1 from (select org_id, unnest(list_concat([name], aliases, weak_aliases)) as listed
                from ref_organizations) r where r.org_id = n.org_id and (squeezed(r.listed) = squeezed(n.name)
                or reason = 'reference' and starts_with(squeezed(r.listed), squeezed(n.name))))""",
        "reason",
    ),
)
