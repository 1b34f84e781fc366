"""Judgements on `quantities` and `event_dates`: figures and days must be sane, and be those of the text."""

from __future__ import annotations

from typing import Final

from expectations.rule import Rule, tolerated

_NUMBERS: Final = "Look at the text of the figure and mend the reading of numbers and units in tasks/extraction."
_DATES: Final = "Look at the text of the date and mend the reading of dates in tasks/extraction."

# The line of limit_quantities for a figure: its unit by name before `money`, its `per` before none.
_LIMIT: Final = """
    select q.*, l.min, l.max, l.reason as limit_reason from quantities q left join lateral (
        select * from limit_quantities l
        where l.measure = q.measure and (l.per is null or l.per = q.per)
        and (list_contains(string_split(l.unit, '|'), q.unit)
             or l.unit = 'money' and q.unit in (select code from ref_currencies))
        order by l.unit = 'money', l.per is null, l.unit limit 1
    ) l on true"""

# Figures written with one number and at most one word for its magnitude; whatever else is written is not judged.
# A single letter may be a magnitude or not; a number below 1000 may take its magnitude from its neighbour, as in
# "3 to 4 million".
_VALUES: Final = r"""
    with written as (
        select quantity_id, event_id, text, value, unit,
            regexp_extract_all(text, '\d+(?:[.,\x{a0}\x{202f}\x{2009} ]\d+)*') as numbers
        from quantities
        where unit in (select code from ref_currencies) or unit in ('percent', 'vehicle', 'job')
    ), counted as (
        select *, case when regexp_full_match(numbers[1], '\d+,\d{1,2}') then replace(numbers[1], ',', '.')
            else regexp_replace(numbers[1], '[^\d.]', '', 'g') end as digits
        from written where len(numbers) = 1
    ), scaled as (
        select c.*, try_cast(digits as double) as number,
            (select list(s.factor) from limit_scales s
            where regexp_matches(lower(c.text), '\d\W*' || s.word || '\b')) as factors,
            (select bool_and(s.certain) from limit_scales s
            where regexp_matches(lower(c.text), '\d\W*' || s.word || '\b')) as certain
        from counted c where length(digits) - length(replace(digits, '.', '')) <= 1
    )
    select quantity_id, event_id, text, value, unit from scaled
    where number > 0 and isfinite(value) and coalesce(len(factors), 0) <= 1 and not exists (
        select 1 from (
            select unnest(factors) as factor
            union all select 1 where factors is null or not certain
            union all select factor from limit_scales where factors is null and number < 1000)
        where abs(abs(value) - number * factor) <= 0.01 * number * factor)"""

RULES: Final = (
    Rule(
        "quantities.text.equals_text",
        "quantities",
        "critical",
        "The text of the figure is exactly the article's clean text from start to end.",
        "Every figure must be traceable to what was read.",
        "Find where the offsets or the text changed after extraction: both must come from the same clean text.",
        'select quantity_id, q.event_id, q.text, start, "end", t.text[start + 1 : "end"] as text_there '
        "from quantities q join events e using (event_id) join texts t using (article_id) "
        'where start >= 0 and (q.text <> text_there or length(q.text) <> "end" - start)',
        "text",
    ),
    Rule(
        "quantities.unit.known",
        "quantities",
        "critical",
        "The unit is an ISO 4217 code or a unit of the reference table.",
        "Figures are compared by their unit.",
        "Add the unit to the reference table of units, or mend its reading.",
        "select quantity_id, event_id, unit, text from quantities "
        "where unit not in (select code from ref_currencies) and unit not in (select unit from ref_units)",
        "unit",
    ),
    *tolerated(
        Rule(
            "quantities.value.within_limits",
            "quantities",
            "warning",
            "The figure lies within the limits of its measure and unit in expectations/limits/quantities.csv.",
            "What lies outside was never true; mostly a magnitude was misread.",
            _NUMBERS,
            f"select quantity_id, event_id, measure, value, unit, per, text, min, max, limit_reason from ({_LIMIT}) "
            "where isfinite(value) and value not between min and max",
            "value",
        ),
        of="quantities",
        share=0.02,
        least=6,  # a misreading in a text that is printed three times is no fault of the reader
    ),
    *tolerated(
        Rule(
            "quantities.unit.fits_measure",
            "quantities",
            "warning",
            "Measure and unit go together: expectations/limits/quantities.csv has a line for them.",
            "A tariff in vehicles or a stake in months was misread.",
            _NUMBERS + " If the pair is meant, add a line with its limits.",
            f"select quantity_id, event_id, measure, unit, value, text from ({_LIMIT}) "
            "where min is null and measure <> 'other'",
            "unit",
        ),
        of="quantities",
        share=0.15,
    ),
    *tolerated(
        Rule(
            "quantities.value.agrees_with_text",
            "quantities",
            "warning",
            "The figure is the number of its text times its magnitude (million, crore …).",
            "A thousandfold figure is the fault that readers notice last and remember longest.",
            _NUMBERS,
            _VALUES,
            "value",
        ),
        of="quantities",
        share=0.02,
    ),
    *tolerated(
        Rule(
            "quantities.unit.agrees_with_text",
            "quantities",
            "warning",
            "A sign in the text (€, £, $, %, GWh …) goes with the unit, by expectations/limits/signs.csv.",
            "Pounds taken for euros are wrong by a fifth, yen by a hundredfold.",
            _NUMBERS,
            "select quantity_id, event_id, text, unit, string_agg(sign, ' ' order by sign) as signs, "
            "string_agg(units, ' ' order by sign) as fitting "
            "from quantities join limit_signs on contains(text, sign) group by all "
            "having not bool_or(list_contains(string_split(units, '|'), unit))",
            "unit",
        ),
        of="quantities",
        share=0.02,
    ),
    Rule(
        "quantities.value.whole",
        "quantities",
        "warning",
        "Vehicles, engines, batteries, jobs and ranks are counted in whole numbers.",
        "A half vehicle is an average or a misreading.",
        _NUMBERS,
        "select quantity_id, event_id, value, unit, text from quantities "
        "where unit in ('vehicle', 'engine', 'battery', 'job', 'rank') and abs(value - round(value)) > 1e-6",
        "value",
    ),
    Rule(
        "quantities.org_id.takes_part",
        "quantities",
        "critical",
        "The organisation that a figure belongs to takes part in its event.",
        "The figure is one participant's, or the whole event's.",
        "Mend the resolution of the figure's owner.",
        "select quantity_id, event_id, org_id, text from quantities q join organizations using (org_id) "
        "where not exists (select 1 from participants p where p.event_id = q.event_id and p.org_id = q.org_id)",
        "org_id",
    ),
    Rule(
        "quantities.duplicates",
        "quantities",
        "critical",
        "No stretch of text gives one event the same measure with the same value twice.",
        "One figure in the text is one quantity.",
        _NUMBERS,
        "select min(quantity_id) as quantity_id, event_id, measure, value, unit, start from quantities "
        'group by event_id, measure, value, unit, per, start, "end" having count(*) > 1',
    ),
    *tolerated(
        Rule(
            "event_dates.date.plausible",
            "event_dates",
            "warning",
            "The date lies between 1950 and forty years after publication (or after the run, if that is unknown).",
            "The industry's history begins after 1950, and nobody plans farther.",
            _DATES,
            "select event_id, role, date, d.text, published from event_dates d join events using (event_id) "
            "join articles using (article_id), run where date < date '1950-01-01' "
            "or date > coalesce(published, today) + interval 40 years",
            "date",
        ),
        of="event_dates",
        share=0.02,
    ),
    *tolerated(
        Rule(
            "event_dates.date.no_epoch",
            "event_dates",
            "warning",
            "1970-01-01 is told only where the text says 1970.",
            "It is what a computer makes of no date.",
            _DATES,
            "select event_id, role, date, text from event_dates "
            "where date = date '1970-01-01' and not contains(text, '70')",
            "date",
        ),
        of="event_dates",
        share=0.02,
    ),
    Rule(
        "event_dates.date.fits_precision",
        "event_dates",
        "critical",
        "The date is the first day of its month, quarter, half or year.",
        "The definition of the column says so.",
        _DATES,
        "select event_id, role, date, precision, text from event_dates where case precision "
        "when 'year' then date <> date_trunc('year', date) when 'quarter' then date <> date_trunc('quarter', date) "
        "when 'half' then day(date) <> 1 or month(date) not in (1, 7) "
        "when 'month' then day(date) <> 1 else false end",
        "date",
    ),
    *tolerated(
        Rule(
            "event_dates.date.agrees_with_text",
            "event_dates",
            "warning",
            "If the text names years, the date is in one of them; one year is allowed for financial years.",
            "The text is what the article says.",
            _DATES,
            r"select event_id, role, date, text from (select *, regexp_extract_all(text, '\b(?:19|20)\d\d\b') as years "
            "from event_dates) where len(years) > 0 and not list_bool_or(list_transform(years, "
            "lambda y: abs(y::int - year(date)) <= 1))",
            "date",
        ),
        of="event_dates",
        share=0.02,
    ),
    *tolerated(
        Rule(
            "event_dates.date.near_publication",
            "event_dates",
            "warning",
            "A date whose text names no year lies within 15 years of publication.",
            "“Next spring” and “two years ago” are near the day of writing.",
            _DATES,
            r"select event_id, role, date, d.text, published from event_dates d join events using (event_id) "
            r"join articles using (article_id) where not regexp_matches(d.text, '\d\d\d\d') "
            "and abs(date_diff('day', published, date)) > 15 * 366",
            "date",
        ),
        of="event_dates",
        share=0.02,
    ),
    *tolerated(
        Rule(
            "event_dates.text.in_text",
            "event_dates",
            "warning",
            "The text of the date stands in the article or its title.",
            "Only what the article says may be told of it.",
            _DATES,
            "select event_id, role, d.text from event_dates d join events using (event_id) "
            "join readings using (article_id) where not contains(words, flat(d.text))",
            "text",
        ),
        of="event_dates",
        share=0.02,
    ),
    Rule(
        "event_dates.start_before_end",
        "event_dates",
        "warning",
        "An event ends on or after its start.",
        "Time runs one way; mostly a role was misread.",
        _DATES,
        "select s.event_id, s.role, s.date as start_date, e.date as end_date from event_dates s "
        "join event_dates e using (event_id) where s.role = 'start' and e.role = 'end' and e.date < s.date",
        "date",
    ),
    *tolerated(
        Rule(
            "event_dates.date.past_if_done",
            "event_dates",
            "warning",
            "What is completed did not start, and was not signed, more than a month after publication.",
            "News does not report the future as done.",
            "Look whether status or date was misread.",
            "select event_id, d.role, date, d.text, published, type, status from event_dates d "
            "join events using (event_id) join articles using (article_id) "
            "where status = 'completed' and d.role in ('start', 'signed', 'period') and date > published + 31",
            "date",
        ),
        of="event_dates",
        share=0.05,
    ),
)
