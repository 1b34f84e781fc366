"""Judgements on `organizations`, `people` and `facilities`: who and what acts."""

from __future__ import annotations

from typing import Final

from expectations.rule import LETTER, Rule, tolerated

_REFERENCE: Final = "Mend tasks/resolution, or the organisation in seeds/reference/organizations.csv."

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
    Rule(
        "organizations.name.unique",
        "organizations",
        "critical",
        "No two organisations have the same name, whatever its case and punctuation, unless the reference has it so.",
        "One organisation under two ids splits its partnerships.",
        "Merge them in tasks/resolution, or tell them apart in the reference.",
        "select org_id, name from organizations o where plain(name) in "
        "(select plain(name) from organizations group by plain(name) having count(*) > 1) and plain(name) not in "
        "(select plain(name) from ref_organizations group by plain(name) having count(*) > 1)",
        "name",
    ),
    Rule(
        "organizations.name.letters",
        "organizations",
        "critical",
        "A name has a letter, and is no sentence, address or markup.",
        "What has none of that is no organisation.",
        "Mend the recognition of names in tasks/extraction.",
        f"select org_id, name from organizations where not regexp_matches(name, '[{LETTER}]') "
        r"or regexp_matches(name, '[<>{}@]|https?:|www\.|[.!?] [A-Z][a-z]+ [a-z]+ ')",
        "name",
    ),
    Rule(
        "organizations.aliases.own",
        "organizations",
        "critical",
        "No alias is the name of another organisation, unless the reference has it so.",
        "Under that alias, the one would get the events of the other.",
        _REFERENCE,
        "select a.org_id, alias, o.org_id as named_so from "
        "(select org_id, unnest(aliases) as alias from organizations) a join organizations o "
        "on plain(a.alias) = plain(o.name) and a.org_id <> o.org_id where not exists "
        "(select 1 from ref_organizations r where r.org_id = a.org_id and list_contains(r.aliases, a.alias))",
        "aliases",
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
    Rule(
        "people.name.letters",
        "people",
        "critical",
        "A person's name has two letters in a row and no digits, address or markup.",
        "What has none of that is nobody.",
        "Mend the recognition of people in tasks/extraction.",
        f"select person_id, name from people where not regexp_matches(name, '[{LETTER}][{LETTER}]') "
        r"or regexp_matches(name, '[0-9<>{}@]|https?:')",
        "name",
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
    Rule(
        "people.named_for_something",
        "people",
        "critical",
        "A person is quoted, or named with an office or organisation.",
        "Others are not in the table by definition.",
        "Find what lost its reference, or leave the person out.",
        "select person_id, name from people where title is null and org_id is null "
        "and person_id not in (select person_id from quotes)",
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
        "warning",
        "An event tells of every site.",
        "A site that nothing tells of has lost its events.",
        "Find what lost its reference.",
        "select facility_id, name from facilities "
        "where facility_id not in (select facility_id from events where facility_id is not null)",
    ),
)
