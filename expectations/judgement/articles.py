"""Judgements on `articles`: what was read."""

from __future__ import annotations

from typing import Final

from expectations.rule import LETTER, NO_SPACE, Rule, tolerated

_READER: Final = "Look at the article and mend its reading in tasks/ingestion."

RULES: Final = (
    Rule(
        "articles.not_empty",
        "articles",
        "critical",
        "There is at least one article.",
        "A release without articles holds nothing; a run that read nothing must not replace one that did.",
        "Check that the sources in sources.toml deliver.",
        "select count(*) as articles from articles having count(*) = 0",
    ),
    Rule(
        "articles.text_known",
        "articles",
        "critical",
        "Every article has its clean text in the working state.",
        "What cannot be read again cannot be proven.",
        "Give the gate the texts that the tables were made from.",
        "select article_id, title from articles where article_id not in (select article_id from texts)",
        "article_id",
    ),
    Rule(
        "articles.complete",
        "articles",
        "critical",
        "Every article of the working state that counts for this run is in the table.",
        "An article that was read must not be lost on the way to the tables.",
        "Find the stage between the working state and the candidate that drops it.",
        "select article_id, left(text, 80) as text_begins from texts "
        "where article_id not in (select article_id from articles)",
        "article_id",
    ),
    *tolerated(
        Rule(
            "articles.published.plausible",
            "articles",
            "warning",
            "The day of publication lies between 1990 and the day of the run; one day is allowed for time zones.",
            "There was no web before 1990, 1970-01-01 is a clock that was never set, and tomorrow is unwritten.",
            _READER + " An unknown day is null.",
            "select article_id, published, today from articles, run "
            "where published < date '1990-01-01' or published > today + 1",
            "published",
        ),
        of="articles",
        share=0.02,
    ),
    Rule(
        "articles.url.form",
        "articles",
        "critical",
        "An address starts with http:// or https://, names a host, and has no spaces, quotes or angle brackets.",
        "Consumers turn it into a link: javascript: and the like are attacks, paths of this machine are leaks.",
        _READER + " An unknown address is null.",
        "select article_id, url from articles where not regexp_full_match(url, "
        r"'https?://[^\s/?#@<>\x22\x27\\]*[^\s/?#@<>\x22\x27\\.:]([/?#][^\s<>\x22\\]*)?')",
        "url",
    ),
    Rule(
        "articles.language.form",
        "articles",
        "critical",
        "A language is a code of two letters (ISO 639-1).",
        "Languages are filtered by their code.",
        _READER,
        "select article_id, language from articles where not regexp_full_match(language, '[a-z]{2}')",
        "language",
    ),
    Rule(
        "articles.words.agree",
        "articles",
        "critical",
        "`words` counts the words of the clean text.",
        "Another count means that row and text are of different articles.",
        "Find why the row and the text of the working state do not belong together.",
        f"select article_id, words, len(regexp_extract_all(text, '{NO_SPACE}+')) as words_of_text from articles "
        "join texts using (article_id) where words <> words_of_text",
        "words",
    ),
    Rule(
        "articles.story_id.stands_for_itself",
        "articles",
        "critical",
        "The article that stands for a story stands for itself too.",
        "Otherwise a story has two names, and independent texts are counted wrongly.",
        "Mend the grouping of near copies in tasks/resolution.",
        "select a.article_id, a.story_id, s.story_id as story_of_that from articles a "
        "join articles s on s.article_id = a.story_id where s.story_id <> s.article_id",
        "story_id",
    ),
    Rule(
        "articles.story_id.of_a_copy",
        "articles",
        "critical",
        "Of the words of an article and of the one that stands for its story, a quarter or more of the shorter are "
        "shared.",
        "Independent texts that are taken for copies of one make a rumour of what many report.",
        "Mend the grouping of near copies in tasks/resolution.",
        """with words as (select article_id, list_distinct(string_split(flat(text), ' ')) as words from texts)
        select a.article_id, a.story_id, a.title from articles a join words one using (article_id)
        join words other on other.article_id = a.story_id where a.story_id <> a.article_id
        and len(list_intersect(one.words, other.words)) * 4 < least(len(one.words), len(other.words))""",
        "story_id",
    ),
    Rule(
        "articles.relevant.agrees",
        "articles",
        "critical",
        "An article is relevant exactly if it has events.",
        "Both say whether it states anything in scope.",
        "Find why events of the article are missing, or why it was marked.",
        "select article_id, title, relevant, (article_id in (select article_id from events)) as has_events "
        "from articles where relevant <> (article_id in (select article_id from events))",
        "relevant",
    ),
    Rule(
        "articles.title.repeats",
        "articles",
        "critical",
        "No title stands over more than a tenth of the stories (from 20 stories on).",
        "A title that repeats is the site's name, a consent page, or another column.",
        "Look at the pages and mend the reading of titles in tasks/ingestion.",
        "select title, count(distinct story_id) as stories from articles where title is not null group by title "
        "having count(distinct story_id) >= 3 and (select count(distinct story_id) from articles) >= 20 "
        "and count(distinct story_id) > 0.1 * (select count(distinct story_id) from articles)",
        "title",
    ),
    *tolerated(
        Rule(
            "articles.title.plain",
            "articles",
            "warning",
            "A title is plain text without markup or addresses.",
            "Markup in a title was not meant for readers.",
            _READER,
            r"select article_id, title from articles where regexp_matches(title, "
            r"'</?[a-zA-Z][^<>]*>|https?://|^[{\[].*[}\]]$')",
            "title",
        ),
        of="articles",
        share=0.02,
    ),
    *tolerated(
        Rule(
            "articles.authors.names",
            "articles",
            "warning",
            "An author is a name: has letters, no address, at most 80 characters.",
            "Bylines catch dates, addresses and share buttons.",
            _READER,
            "select article_id, author from (select article_id, unnest(authors) as author from articles) "
            f"where not regexp_matches(author, '[{LETTER}][{LETTER}]') "
            r"or regexp_matches(author, '@|https?:|www\.|[<>{}]') "
            "or length(author) > 80",
            "authors",
        ),
        of="articles",
        share=0.1,
    ),
    *tolerated(
        Rule(
            "articles.text_clean_source",
            "articles",
            "warning",
            "The clean text has no markup and was decoded with the right encoding.",
            "Every stretch that is quoted from it carries the fault on.",
            _READER,
            "select article_id, title from articles join texts using (article_id) where regexp_matches(text, "
            r"'\x{fffd}|[ÃÂ][\x{80}-\x{bf}]|â€[\x{80}-\x{bf}™œ\x9d]|</?(p|div|span|script|a|br|li)\b[^<>]*>')",
        ),
        of="articles",
        share=0.05,
    ),
    Rule(
        "articles.same_day",
        "articles",
        "warning",
        "No day is the day of publication of more than half of the dated stories (from 30 stories on).",
        "A day that repeats is the day of the crawl or of the page's footer.",
        "Look at the pages of that day and mend the reading of dates in tasks/ingestion.",
        "select published, count(distinct story_id) as stories from articles where published is not null "
        "group by published having (select count(distinct story_id) from articles where published is not null) >= 30 "
        "and stories > 0.5 * (select count(distinct story_id) from articles where published is not null)",
        "published",
    ),
)
