"""Judgements on `events`, `participants` and `quotes`: what each article states."""

from __future__ import annotations

from typing import Final

from evpact.vocabulary import EVENT_KIND, EVENT_TYPE, KINDS_BY_TYPE
from expectations.rule import Rule, quoted, tolerated

_EXTRACTOR: Final = (
    "Look at the evidence in its article and mend tasks/extraction, or the reference table that misled it."
)
_SPANS: Final = "Find where the offsets or the text changed after extraction: both must come from the same clean text."

# Latin, Greek and Cyrillic: scripts that put spaces between words.
_WITHIN_WORD: Final = r"[0-9A-Za-z\x{c0}-\x{52f}]{2}"

_LEGAL_KINDS: Final = " or ".join(
    f"(type = '{kind}' and kind in ({quoted(kinds)}))" for kind, kinds in KINDS_BY_TYPE.items()
)

# A participant fits its organisation if one of its names stands in the mention or the other way round.
# Governments act under the names of capitals and institutions, groups under descriptions.
_UNFIT_MENTIONS: Final = """
    select p.event_id, p.org_id, p.role, p.mention, o.name from participants p join organizations o using (org_id)
    where o.kind not in ('government', 'group') and p.mention is not null and o.name is not null and not exists (
        select 1 from (
            select unnest(list_append(coalesce(f.aliases, []), f.name)) as known from organizations f
            where f.org_id = o.org_id or f.org_id = o.parent_id or f.parent_id = o.org_id
            union all
            select unnest(list_append(coalesce(r.aliases, []), r.name)) from ref_organizations r
            where r.org_id = o.org_id
        )
        where contains(plain(p.mention), plain(known)) or contains(plain(known), plain(p.mention))
    )"""

RULES: Final = (
    Rule(
        "events.kind.fits_type",
        "events",
        "critical",
        "The kind is one of those of the event's type: "
        + "; ".join(f"{t}: {', '.join(k)}" for t, k in KINDS_BY_TYPE.items()),
        "Each type has its own kinds, and the other types none.",
        _EXTRACTOR,
        f"select event_id, type, kind from events where type in ({quoted(EVENT_TYPE)}) "
        f"and kind in ({quoted(EVENT_KIND)}) and not ({_LEGAL_KINDS})",
        "kind",
    ),
    Rule(
        "events.evidence.equals_text",
        "events",
        "critical",
        "The evidence is exactly the article's clean text from evidence_start to evidence_end.",
        "Every row must be traceable to what was read.",
        _SPANS,
        "select event_id, article_id, evidence, evidence_start, evidence_end, "
        "text[evidence_start + 1 : evidence_end] as text_there from events join texts using (article_id) "
        "where evidence_start >= 0 and (evidence <> text_there or length(evidence) <> evidence_end - evidence_start)",
        "evidence",
    ),
    *tolerated(
        Rule(
            "events.evidence.whole_words",
            "events",
            "warning",
            "The evidence begins and ends at the border of a word.",
            "Evidence is whole sentences; one that begins within a word has shifted offsets.",
            _SPANS,
            "select event_id, article_id, evidence from events join texts using (article_id) where "
            f"regexp_full_match(text[evidence_start : evidence_start + 1], '{_WITHIN_WORD}') "
            f"or regexp_full_match(text[evidence_end : evidence_end + 1], '{_WITHIN_WORD}')",
            "evidence",
        ),
        of="events",
        share=0.02,
    ),
    Rule(
        "events.participants.some",
        "events",
        "critical",
        "Every event has a participant; only a market figure of the whole world has none.",
        "An event is something that somebody does.",
        "Mend the extraction of roles; an event nobody takes part in is no event.",
        "select event_id, article_id, type, evidence from events where type <> 'market' "
        "and event_id not in (select event_id from participants)",
    ),
    Rule(
        "events.partnership.two_sides",
        "events",
        "critical",
        "A partnership event has two different organisations or more.",
        "Nobody partners with himself.",
        "Mend the extraction of roles, or the resolution that took two names for one organisation.",
        "select event_id, article_id, evidence, (select list_sort(list(distinct org_id)) from participants p "
        "where p.event_id = e.event_id) as organizations from events e where type = 'partnership' and "
        "(select count(distinct org_id) from participants p where p.event_id = e.event_id) < 2",
    ),
    Rule(
        "events.duplicates",
        "events",
        "critical",
        "No event of an article stands there twice: same evidence, type, kind, status, places, product, participants, "
        "dates and figures.",
        "Said twice, it is still one event.",
        "Mend the merging of events within an article.",
        """with told as (
            select e.*,
                (select list_sort(list(row(org_id, role))) from participants p where p.event_id = e.event_id) as who,
                (select list_sort(list(row(role, date))) from event_dates d where d.event_id = e.event_id) as whens,
                (select list_sort(list(row(measure, value, unit))) from quantities q
                where q.event_id = e.event_id) as figures
            from events e)
        select min(event_id) as event_id, list_sort(list(event_id)) as events, article_id, type, evidence from told
        group by article_id, evidence, type, kind, status, countries, places, product, who, whens, figures
        having count(*) > 1""",
    ),
    Rule(
        "events.restated",
        "events",
        "warning",
        "One sentence states a thing of one type about the same organisations once.",
        "Two such events may be two figures of one sentence, or one event read twice.",
        "Look whether the events should be merged.",
        """with told as (
            select e.*, (select list_sort(list(distinct org_id)) from participants p
            where p.event_id = e.event_id) as who
            from events e)
        select min(event_id) as event_id, list_sort(list(event_id)) as events, article_id, type, evidence from told
        where type not in ('market', 'trade_policy') group by article_id, evidence, type, who having count(*) > 1""",
    ),
    Rule(
        "events.attribution.denied_ended",
        "events",
        "warning",
        "What is denied is `ended`.",
        "A rumour that is denied has come to nothing.",
        _EXTRACTOR,
        "select event_id, article_id, attribution, status, evidence from events "
        "where attribution = 'denied' and status <> 'ended'",
        "status",
    ),
    *tolerated(
        Rule(
            "events.status.of_market",
            "events",
            "warning",
            "A market figure is `completed`, or `announced` if it is a forecast.",
            "Figures of a time that is past do not change any more; those of one to come are foretold.",
            _EXTRACTOR,
            "select event_id, article_id, status, evidence from events "
            "where type = 'market' and status not in ('completed', 'announced')",
            "status",
        ),
        of="(select * from events where type = 'market')",
        share=0.2,
    ),
    *tolerated(
        Rule(
            "events.product.in_text",
            "events",
            "warning",
            "The product stands in the article as written.",
            "Only what the article says may be told of it.",
            _EXTRACTOR,
            "select event_id, article_id, product from events join readings using (article_id) "
            "where not contains(words, flat(product))",
            "product",
        ),
        of="(select * from events where product is not null)",
        share=0.05,
    ),
    *tolerated(
        Rule(
            "events.places.in_text",
            "events",
            "warning",
            "A place stands in the article as written.",
            "Only what the article says may be told of it.",
            _EXTRACTOR,
            "select event_id, article_id, place from "
            "(select event_id, article_id, unnest(places) as place from events) "
            "join readings using (article_id) where not contains(words, flat(place))",
            "places",
        ),
        of="events",
        share=0.05,
    ),
    Rule(
        "events.confidence.varies",
        "events",
        "critical",
        "Confidence is not the same for all events (from 30 events on).",
        "A constant says nothing about the trust that a row deserves.",
        "Find why the extractor no longer tells easy from hard cases.",
        "select min(confidence) as confidence, count(*) as events from events "
        "having count(*) >= 30 and min(confidence) = max(confidence)",
        "confidence",
    ),
    Rule(
        "events.confidence.level",
        "events",
        "warning",
        "The mean confidence lies between 0.2 and 0.99 (from 30 events on).",
        "News is neither all guesswork nor all certain.",
        "Calibrate the confidence anew on gold.",
        "select round(avg(confidence), 3) as mean, count(*) as events from events "
        "having count(*) >= 30 and avg(confidence) not between 0.2 and 0.99",
        "confidence",
    ),
    Rule(
        "events.extractor.one",
        "events",
        "critical",
        "All events were read by one extractor in one version.",
        "A release is the work of one extractor; a mixture cannot be made again.",
        "Run again, so that all articles are read by the configured extractor.",
        "select min(event_id) as event_id, extractor, count(*) as events from events group by extractor "
        "having (select count(distinct extractor) from events) > 1",
        "extractor",
    ),
    *tolerated(
        Rule(
            "events.per_article",
            "events",
            "warning",
            "No article states more than 60 events.",
            "The richest news article states some fifteen; sixty is a list that was read as news, or a loop.",
            "Look at the article; set lists and tables aside in tasks/ingestion.",
            "select article_id, count(*) as events from events group by article_id having count(*) > 60",
        ),
        of="(select distinct article_id from events)",
        share=0.01,
    ),
    Rule(
        "events.per_article.many",
        "events",
        "warning",
        "No article states more than 25 events.",
        "The richest news article states some fifteen.",
        "Look whether the events of the article should be merged.",
        "select article_id, count(*) as events from events group by article_id having count(*) > 25",
    ),
    *tolerated(
        Rule(
            "participants.mention.in_text",
            "participants",
            "warning",
            "The mention stands in the article or its title.",
            "A participant is somebody whom the article names.",
            _EXTRACTOR,
            "select event_id, org_id, role, mention from participants join events using (event_id) "
            "join readings using (article_id) where not contains(words, flat(mention))",
            "mention",
        ),
        of="participants",
        share=0.02,
    ),
    *tolerated(
        Rule(
            "participants.mention.fits_organization",
            "participants",
            "warning",
            "The mention and the names of the organisation have a name in common.",
            "Otherwise the event was given to somebody else.",
            "Mend the alias that led to the organisation, or give it the name as an alias in seeds/reference.",
            _UNFIT_MENTIONS,
            "mention",
        ),
        of="participants",
        share=0.1,
    ),
    *tolerated(
        Rule(
            "organizations.mentions_fit",
            "organizations",
            "warning",
            "No organisation gets a third or more of its participations under names that are not its own (from two "
            "on).",
            "Then the organisation stands in for another one.",
            "Mend the alias that led to the organisation, or give it the name as an alias in seeds/reference.",
            f"select org_id, count(*) as under_other_names, list_sort(list(distinct mention))[:5] as mentions "
            f"from ({_UNFIT_MENTIONS}) u group by org_id having count(*) >= 2 "
            "and count(*) * 3 >= (select count(*) from participants p where p.org_id = u.org_id)",
        ),
        of="organizations",
        share=0.02,
    ),
    Rule(
        "quotes.text.equals_text",
        "quotes",
        "critical",
        "The quote is exactly the article's clean text from start to end.",
        "People must not be quoted with what they did not say.",
        _SPANS,
        'select quote_id, article_id, q.text, start, "end", t.text[start + 1 : "end"] as text_there '
        "from quotes q join texts t using (article_id) "
        'where start >= 0 and (q.text <> text_there or length(q.text) <> "end" - start)',
        "text",
    ),
    *tolerated(
        Rule(
            "quotes.duplicates",
            "quotes",
            "warning",
            "No stretch of an article is quoted twice.",
            "One stretch was said by one person.",
            _EXTRACTOR,
            'select min(quote_id) as quote_id, article_id, start, "end", list_sort(list(person_id)) as people '
            "from quotes "
            'group by article_id, start, "end" having count(*) > 1',
        ),
        of="quotes",
        share=0.02,
    ),
    *tolerated(
        Rule(
            "quotes.person_id.in_text",
            "quotes",
            "warning",
            "The article names the person who is quoted: the last word of the name stands in it.",
            "A quote belongs to somebody whom the article introduces.",
            _EXTRACTOR,
            "select quote_id, article_id, person_id, name from quotes join people using (person_id) "
            "join readings using (article_id) "
            # Some write "Müller" as "Mueller", others as "Muller".
            "where not contains(person_key(plain(words)), person_key(plain(list_last(string_split(flat(name), ' ')))))",
            "person_id",
        ),
        of="quotes",
        share=0.02,
    ),
)
