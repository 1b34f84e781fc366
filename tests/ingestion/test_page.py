"""HTML pages: what they say of themselves, and the story without what stands around it."""

from __future__ import annotations

from datetime import date

import pytest

from tasks.ingestion.metadata import Metadata
from tasks.ingestion.page import read_page

STORY = [
    "Two makers of cars have agreed to build a plant for batteries together, they said on Monday in Lisbon.",
    "The plant is to make cells for half a million cars a year, and the first should leave it in two years.",
    "Each of the two holds half of the venture, which will be led by a manager whom both of them trust.",
    "Money first",
    "The bank has promised a loan, and the city a piece of land between the harbour and the railway yard.",
]
PARAGRAPHS = "".join(f"<h2>{line}</h2>" if line == "Money first" else f"<p>{line}</p>" for line in STORY)
TITLE = "Makers join forces in Lisbon"
ATTRIBUTES = " ".join(f"a{n}=x" for n in range(5_000))


def page(
    head: str = "", above: str = "", within: str = "", below: str = "", title: str = TITLE, heading: str = TITLE
) -> str:
    return (
        f"<!doctype html><html lang='en-GB'><head><title>{title}</title>{head}</head><body>{above}<main><article>"
        f"<h1>{heading}</h1>{PARAGRAPHS.replace('</p>', '</p>' + within, 1)}{below}</article></main></body></html>"
    )


def read(html: str) -> tuple[Metadata, list[str]]:
    content = read_page(html)
    assert not isinstance(content, str), content
    return content


def metadata(head: str = "", above: str = "", title: str = TITLE, heading: str = TITLE) -> Metadata:
    return read(page(head, above, title=title, heading=heading))[0]


def linked(data: str) -> str:
    return f'<script type="application/ld+json">{data}</script>'


@pytest.mark.parametrize(
    ("head", "above"),
    [
        pytest.param(
            linked(
                '{"@type": "NewsArticle", "headline": "Makers join forces in Lisbon", "datePublished":'
                '"2024-06-25T23:12:00-04:00", "author": [{"name": "Ann Lee"}, {"name": "Bob Ray"}],'
                '"publisher": {"name": "The Example"}}'
            ),
            "",
            id="JSON-LD",
        ),
        pytest.param(
            linked(
                '{"@graph": [{"@type": "WebSite", "name": "x"}, {"@type": ["Article"], "datePublished": "2024-06-25",'
                '"headline": "Makers join forces in Lisbon", "author": {"@id": "#b"}, "publisher": {"@id": "#c"}},'
                '{"@id": "#b", "name": "Ann Lee and Bob Ray"}, {"@id": "#c", "name": "The Example"}]}'
            ),
            "",
            id="graph with references",
        ),
        pytest.param(
            linked(
                '[{"@type": "NewsArticle", "headline": "Another story", "datePublished": "2020-01-02"},'
                '{"@type": "NewsArticle", "headline": "Makers join forces in Lisbon", "datePublished": "2024-06-25",'
                '"author": ["Ann Lee", "Bob Ray"], "publisher": "The Example",},]'
            ),
            "",
            id="a list with another story, trailing commas",
        ),
        pytest.param(
            '<meta property="article:published_time" content="2024-06-25T01:00:00+09:00">'
            '<meta property="og:site_name" content="The Example"><meta name="author" content="By Ann Lee, Bob Ray">',
            "",
            id="meta elements",
        ),
        pytest.param(
            '<meta property="og:site_name" content="The Example">',
            '<p class="byline">By <a rel="author" href="/a">Ann Lee</a> and <a rel="author" href="/b">Bob Ray</a></p>'
            '<time datetime="2024-06-25T12:00:00Z">today</time>',
            id="author links and time element",
        ),
        pytest.param(
            "",
            '<div itemscope itemtype="https://schema.org/NewsArticle"><span itemprop="author">Ann Lee</span>'
            '<span itemprop="author">Bob Ray</span><span itemprop="datePublished">25 June 2024</span></div>'
            "<footer>© 2024 The Example. All rights reserved.</footer>",
            id="microdata and imprint",
        ),
        pytest.param(
            '<meta property="og:site_name" content="The Example">',
            '<span class="info">By Ann Lee and Bob Ray</span><span class="date">Tuesday, 25 June 2024</span>',
            id="as shown",
        ),
    ],
)
def test_metadata_wherever_they_stand(head: str, above: str) -> None:
    found = metadata(head, above)
    assert found.title == TITLE
    assert found.authors == ("Ann Lee", "Bob Ray")
    assert found.publisher == "The Example"
    assert found.published == date(2024, 6, 25)
    assert found.language == "en"


def article(fields: str) -> str:
    return linked(f'{{"@type": "NewsArticle", "headline": "{TITLE}", {fields}}}')


SITE = '<meta property="og:site_name" content="The Example">'


@pytest.mark.parametrize(
    ("head", "above", "expected"),
    [
        pytest.param(article('"author": {"givenName": "Ann", "familyName": "Lee"}'), "", ("Ann Lee",), id="two parts"),
        pytest.param(article('"creator": ["Ann Lee"]'), "", ("Ann Lee",), id="creator"),
        pytest.param(
            article('"author": {"@id": "#x"}') + linked('{"@type": "WebPage", "@id": "#p", "author": "Ann Lee"}'),
            "",
            ("Ann Lee",),
            id="of the page's node",
        ),
        pytest.param(
            SITE + article('"author": {"@type": "Organization", "name": "The Example"}'),
            "<p class='byline'>By Ann Lee</p>",
            ("Ann Lee",),
            id="a person rather than the publisher",
        ),
        pytest.param(
            SITE + article('"author": {"@type": "Organization", "name": "The Example"}'),
            "",
            ("The Example",),
            id="the publisher where nobody signs",
        ),
        pytest.param(f"{SITE}<meta name='author' content='The Example'>", "", (), id="a site's name on every page"),
        pytest.param(
            "",
            "<p>By <a rel='author'>Ann Lee</a></p><section><div><p>By <a rel='author'>Bob Ray</a></p></div></section>",
            ("Ann Lee",),
            id="not of a teaser",
        ),
        pytest.param("", "<div id='comments'><span class='author'>Bob Ray</span></div>", (), id="not of a comment"),
    ],
)
def test_who_signs(head: str, above: str, expected: tuple[str, ...]) -> None:
    assert metadata(head, above).authors == expected


def test_the_local_day_is_preferred_to_the_one_of_universal_time() -> None:
    head = linked('{"@type": "NewsArticle", "headline": "x", "datePublished": "2024-06-26T03:12:00Z"}')
    head += '<meta property="article:published_time" content="2024-06-25T23:12:00-04:00">'
    assert metadata(head).published == date(2024, 6, 25)


@pytest.mark.parametrize(
    ("stated", "shown", "expected"),
    [
        pytest.param("2024-06-26T03:12:00Z", "25 June 2024, 11:12 pm", date(2024, 6, 25), id="shown, in the west"),
        pytest.param("Tue, 25 Jun 2024 20:12:00 GMT", "26 June 2024", date(2024, 6, 26), id="shown, in the east"),
        pytest.param("2024-06-26T12:00:00+00:00", "25 June 2024", date(2024, 6, 26), id="nowhere the day before then"),
        pytest.param("2024-06-26T03:12:00+02:00", "25 June 2024", date(2024, 6, 26), id="not of universal time"),
        pytest.param("2024-06-26T03:12:00Z", "Updated 25 June 2024", date(2024, 6, 26), id="of a change"),
    ],
)
def test_the_local_day_may_be_the_one_that_is_shown(stated: str, shown: str, expected: date) -> None:
    found = read(page(article(f'"datePublished": "{stated}"')).replace("</h1>", f"</h1><p class='date'>{shown}</p>", 1))
    assert found[0].published == expected


def test_the_local_day_may_stand_in_the_address() -> None:
    head = '<link rel="canonical" href="https://example.org/2024/06/25/a">'
    assert metadata(head + article('"datePublished": "2024-06-26T03:12:00Z"')).published == date(2024, 6, 25)
    assert metadata(head + article('"datePublished": "2024-06-28T03:12:00Z"')).published == date(2024, 6, 28)


@pytest.mark.parametrize(
    "other",
    [
        '<div class="related"><a href="/b">Another</a> <time datetime="2023-01-02">2 January 2023</time></div>',
        '<article><h3>Another</h3><p class="published">2 January 2023</p></article>',
        '<blockquote class="tweet"><time datetime="2023-01-02">2 January 2023</time></blockquote>',
        '<p class="comment-date">2 January 2023</p>',
        '<a href="/b">Another story with a headline of many words <span class="date">2 January 2023</span></a>',
        '<p class="date">Updated: 2 January 2025</p>',
        '<time class="modified" datetime="2025-01-02">2 January 2025</time>',
    ],
)
def test_days_of_other_stories_of_comments_and_of_changes_are_not_that_of_publication(other: str) -> None:
    html = page().replace("</h1>", f"</h1>{other}<p>Lisbon, 25 June 2024</p>", 1)
    assert read(html)[0].published == date(2024, 6, 25)


def test_what_a_time_element_shows_counts_more_than_what_it_hides() -> None:
    html = page(above='<time datetime="2024-07-03T10:18:46Z">Publié le 25 juin 2024</time>')
    assert read(html)[0].published == date(2024, 6, 25)


@pytest.mark.parametrize(
    "data",
    [
        '{"@type": "NewsArticle", "headline": "A "great" deal", "datePublished": "2024-06-25"}',
        '{"@type": "NewsArticle", // old\n "headline": "A deal", "datePublished": "2024-06-25"}',
        '{"@type": "NewsArticle", "headline": "A deal", "datePublished": "2024-06-25"}}',
        '{"@type": "WebPage", "@id": "#a", "datePublished": "2024-06-25"}',
        '{"@type": "Recipe", "review": [{"@type": "Review", "datePublished": "2024-06-30"}], '
        '"datePublished": "2024-06-25"}',
    ],
    ids=["quotes", "remark", "a brace too many", "a page", "readers' reviews"],
)
def test_the_day_in_structured_data_that_are_not_as_they_should_be(data: str) -> None:
    assert metadata(linked(data)).published == date(2024, 6, 25)


@pytest.mark.parametrize(
    ("head", "above", "expected"),
    [
        (article('"datePublished": "2024-06-25"'), "", (date(2024, 6, 25), "json-ld")),
        ('<meta name="pubdate" content="2024-06-25">', "", (date(2024, 6, 25), "meta")),
        ("", '<b itemprop="datePublished">25 June 2024</b>', (date(2024, 6, 25), "microdata")),
        ("", '<time datetime="2024-06-25">today</time>', (date(2024, 6, 25), "time")),
        ("", '<p class="date">25/06/2024</p>', (date(2024, 6, 25), "text")),
        ("", '<p class="date">05/06/2024</p>', (date(2024, 6, 5), "text")),
        ('<link rel="canonical" href="https://example.org/2024/06/25/a">', "", (date(2024, 6, 25), "address")),
        ("", "", (None, None)),
    ],
)
def test_where_the_day_was_found(head: str, above: str, expected: tuple[date | None, str | None]) -> None:
    found = metadata(head, above)
    assert (found.published, found.published_from) == expected


@pytest.mark.parametrize(
    ("modified", "expected"),
    [
        ("2024-06-27T08:00:00Z", date(2024, 6, 27)),
        ("2024-06-25T22:00:00Z", None),
        ("2024-06-01", None),
        ("1970-01-01", None),
        ("soon", None),
    ],
)
def test_an_update_is_later_than_the_publication(modified: str, expected: date | None) -> None:
    assert metadata(article(f'"datePublished": "2024-06-25", "dateModified": "{modified}"')).updated == expected


@pytest.mark.parametrize("day", ["1970-01-01", "2199-05-01", "soon", "2 hours ago"])
def test_a_day_out_of_reason_is_unknown(day: str) -> None:
    assert metadata(f'<meta property="article:published_time" content="{day}">').published is None


@pytest.mark.parametrize(
    ("title", "heading", "head"),
    [
        pytest.param(f"{TITLE} | The Example", TITLE, "", id="site behind a bar"),
        pytest.param(f"{TITLE}-The Example", "", '<meta property="og:site_name" content="The Example">', id="glued"),
        pytest.param("The Example", TITLE, f'<meta property="og:title" content="{TITLE}">', id="title is the site"),
        pytest.param(f"{TITLE} | The Example", "The Example", "", id="heading is the site"),
        pytest.param(
            "Lisbon plant deal", TITLE, f'<meta property="og:title" content="{TITLE} - here is how">', id="h1"
        ),
        pytest.param("", "", linked(f'{{"@type": "Article", "headline": "{TITLE}"}}'), id="headline alone"),
        pytest.param(
            TITLE,
            f"Live <b>blog</b>: {TITLE}",
            linked(f'{{"@type": "Article", "headline": "{TITLE}"}}'),
            id="headline without the kicker",
        ),
        pytest.param(
            "", f"Cars<br>{TITLE}", f'<meta property="og:title" content="{TITLE}">', id="title without the kicker"
        ),
        pytest.param(
            "", TITLE, linked('{"@type": "Article", "headline": "Makers join forces in …"}'), id="a headline cut short"
        ),
    ],
)
def test_the_title_is_the_headline_without_the_site(title: str, heading: str, head: str) -> None:
    assert metadata(head, title=title, heading=heading).title == TITLE


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("https://example.org/a", "https://example.org/a"),
        ("javascript:alert(1)", None),
        ("/a", None),
        ("file:///a", None),
    ],
)
def test_only_addresses_of_the_web_are_addresses(href: str, expected: str | None) -> None:
    assert metadata(f'<link rel="canonical" href="{href}">').url == expected


@pytest.mark.parametrize(
    "furniture",
    [
        pytest.param("<div class='cookie-banner'><p>We use cookies to improve this site.</p></div>", id="cookies"),
        pytest.param("<ul class='share'><li>Facebook</li><li>X</li><li>E-mail</li></ul>", id="share"),
        pytest.param("<div class='meta'><span>By Ann Lee</span> <span>3 min read</span></div>", id="byline"),
        pytest.param("<figure><img src='a'><figcaption>A worker at the gate.</figcaption></figure>", id="caption"),
        pytest.param("<p>A worker at the gate of the old plant in Lisbon. (File photo)</p>", id="caption as paragraph"),
        pytest.param("<p><b>ALSO READ:</b> <a href='/b'>Another maker opens a plant in Porto</a></p>", id="also read"),
        pytest.param("<aside class='related'><h3>Related</h3><p>Another maker opens up.</p></aside>", id="related"),
        pytest.param("<div class='newsletter'><p>Five stories before breakfast, every day.</p></div>", id="newsletter"),
        pytest.param("<div id='ad-slot'><p>Buy the new car that all of us dream of.</p></div>", id="advertisement"),
        pytest.param("<p><a href='/b'>ANOTHER MAKER OPENS A PLANT IN PORTO</a></p>", id="a link alone"),
        pytest.param("<p>Les også: <a href='/b'>En annen fabrikk åpner i Porto</a></p>", id="read also in Norwegian"),
        pytest.param("<p>会員限定の有料記事もお読みいただけます。</p>", id="for subscribers, in Japanese"),
        pytest.param("<p>___</p>", id="a rule of underscores"),
    ],
)  # fmt: skip
def test_furniture_within_the_story_goes(furniture: str) -> None:
    assert read(page(within=furniture))[1] == STORY


@pytest.mark.parametrize(
    "furniture",
    [
        pytest.param("<section class='comments'><p>I would never buy a car from them.</p></section>", id="comments"),
        pytest.param("<div class='author-bio'><p>Ann Lee covers cars and trains for us.</p></div>", id="author box"),
        pytest.param("<p>Topics: <a href='/t'>Cars</a>, <a href='/u'>Batteries</a></p>", id="topics"),
        pytest.param("<h3>Most read</h3><ol><li><a href='/b'>Another headline</a></li></ol>", id="most read"),
        pytest.param("<p>© 2026 The Example. All rights reserved.</p>", id="copyright"),
        pytest.param("<p>This column does not necessarily reflect the opinion of the editors.</p>", id="disclaimer"),
        pytest.param("<p>Sign up for our free newsletter and never miss a story.</p>", id="newsletter"),
    ],
)  # fmt: skip
def test_furniture_below_the_story_goes(furniture: str) -> None:
    assert read(page(below=furniture))[1] == STORY


@pytest.mark.parametrize(
    "above",
    [
        pytest.param("<p>Ann Lee</p><p>Updated 25 June 2024, 10:30</p>", id="name and day"),
        pytest.param(f"<h1>Motoring: {TITLE}</h1>", id="the title in other words"),
    ],
)
def test_what_stands_between_title_and_story_goes(above: str) -> None:
    html = page(linked(f'{{"@type": "NewsArticle", "headline": "{TITLE}", "author": "Bob Ray"}}'))
    assert read(html.replace("</h1>", f"</h1>{above}"))[1] == STORY


DECK = "Half a million cars a year are to get their cells from Lisbon, say both of the makers."


@pytest.mark.parametrize("name", ["name='description'", "property='og:description'"])
def test_the_deck_that_the_description_repeats_is_part_of_the_text(name: str) -> None:
    html = page(f"<meta {name} content='{DECK}'>").replace("<main>", f"<h1>{TITLE}</h1><h2>{DECK}</h2><main>")
    assert read(html)[1] == [DECK, *STORY]


def test_a_refrain_is_no_pull_quote() -> None:
    refrain = "".join(f"<p>The {n} of them shall be built in Lisbon.</p>" for n in ("first", "second", "third", "last"))
    assert len(read(page(below=refrain + refrain))[1]) == len(STORY) + 8
    assert len(read(page(below=f"<p>{STORY[1]}</p>"))[1]) == len(STORY)


def test_what_frames_the_story_may_be_called_a_sidebar() -> None:
    blocks = "".join(f"<div class='sidebar-grid__content'><p>{line * 5}</p></div>" for line in STORY if "." in line)
    assert len(read(f"<html><body><h1>{TITLE}</h1><article>{blocks}</article></body></html>")[1]) == 4


def test_a_list_behind_the_last_sentence_is_kept_but_for_links() -> None:
    shows = ["5 July: the first cells, made in Lisbon", "9 July: the first car with them, in Porto"]
    below = "".join(f"<p>{line}</p>" for line in shows)
    below += "<p><a href='/c'>Another story about another plant somewhere</a></p>"
    assert read(page(below=below))[1] == [*STORY, *shows]


def test_a_story_that_scripts_alone_would_show_is_taken_from_structured_data() -> None:
    head = article(f'"articleBody": "{" ".join(STORY)}"')
    html = f"<html><head>{head}</head><body><div id='root'><p>Loading …</p></div></body></html>"
    assert read(html)[1] == [" ".join(STORY)]


def test_headings_with_an_entry_in_a_table_of_contents_stay() -> None:
    contents = "<ul class='toc'><li><a href='#a'>Money comes first in Lisbon, as ever</a></li></ul>"
    within = "<h2 id='a'>Money comes first in Lisbon, as ever</h2><p>The makers have yet to agree on the price.</p>"
    assert "Money comes first in Lisbon, as ever" in read(page(above=contents, within=within))[1]


def test_broken_lines_and_lists_are_paragraphs() -> None:
    within = (
        "<div>First of two lines that belong together.<br><br>Second of the two lines that do.</div>"
        "<ul><li>One item of a list</li><li>Another item of it</li></ul>"
    )
    _, paragraphs = read(page(within=within))
    assert paragraphs[1:5] == [
        "First of two lines that belong together.",
        "Second of the two lines that do.",
        "One item of a list",
        "Another item of it",
    ]


def test_a_story_in_a_table_that_lays_out_the_page_is_found() -> None:
    links = "".join(f"<p><a href='/{n}'>Another headline, number {n}</a></p>" for n in range(6))
    story = PARAGRAPHS.replace("<h2>Money first</h2>", "")
    html = f"<html><body><table><tr><td>{links}</td><td><h1>{TITLE}</h1>{story}</td></tr></table></body></html>"
    assert read(html)[1] == [line for line in STORY if line != "Money first"]


def test_text_is_normalised() -> None:
    _, paragraphs = read(
        page(within="<p>A ne\u0301w\u200bs\u00a0item \n about  “bat\u00adteries”\u2028of Sa\u0303o Paulo is told.</p>")
    )
    assert paragraphs[1] == "A néws item about “batteries” of São Paulo is told."


@pytest.mark.parametrize(
    "html",
    [
        pytest.param("<html><body>" + "<div>" * 10_000 + PARAGRAPHS, id="10,000 nested tags"),
        pytest.param("<html><body>" + "<p>x y z" * 150_000, id="150,000 elements"),
        pytest.param(f"<html><body><article>{PARAGRAPHS}<p>{'word ' * 120_000}</p></article>", id="one huge line"),
        pytest.param(f"<html><body {ATTRIBUTES}>{PARAGRAPHS}", id="attributes"),
        pytest.param(f"<html><body x='>' \" {ATTRIBUTES}>{PARAGRAPHS}", id="attributes behind quotes"),
        pytest.param("<" * 100_000, id="no HTML"),
        pytest.param("", id="nothing"),
    ],
)  # fmt: skip
def test_a_hostile_page_is_set_aside_with_the_reason(html: str) -> None:
    assert isinstance(read_page(html), str)


@pytest.mark.parametrize(
    ("title", "above"),
    [
        pytest.param(
            "The Example » Blog » Deal of the year", "<h1>The Example</h1><h2>Deal of the year</h2>", id="site first"
        ),
        pytest.param("Deal of the year | The Example", "<h1>The Example</h1><h2>Deal of the year</h2>", id="site last"),
        pytest.param("Deal of the year", "<h1>Batteries and more</h1><h2>Deal of the year</h2>", id="section"),
        pytest.param(
            "Deal of the year | Batteries", "<h1>Deal of the year</h1><h2>Batteries</h2>", id="a section below"
        ),
    ],
)
def test_the_headline_may_be_a_heading_of_the_second_order(title: str, above: str) -> None:
    html = page(title=title, above=above).replace(f"<h1>{TITLE}</h1>", "", 1)
    assert read(html)[0].title == "Deal of the year"


@pytest.mark.parametrize(
    "head",
    [
        linked('{"@type": "Article", "name": "Makers join forces in Lisbon", "headline": "event in Portugal"}'),
        '<meta property="og:title" content="Makers join forces in …">',
        '<meta property="x:title dc:title" content="Makers join forces in Lisbon">',
    ],
    ids=["a description in the place of the headline", "cut", "several names in one"],
)
def test_the_title_where_metadata_are_not_as_they_should_be(head: str) -> None:
    assert metadata(head, title="The Example").title == TITLE


HEAVY = "var a = '<p>no text</p>'; /* <!-- */" + "x" * 18_000_000


@pytest.mark.parametrize(
    "heavy",
    [
        pytest.param(f"<script>{HEAVY}</script>", id="script"),
        pytest.param(f"<SCRIPT async>{HEAVY}</SCRIPT >", id="script in capitals"),
        pytest.param(f"<style>{HEAVY}</style>", id="style"),
        pytest.param(f"<!-- <script> {HEAVY}>-->", id="comment"),
        pytest.param(f'<img src="data:image/png;base64,{"A" * 18_000_000}">', id="picture"),
        pytest.param("<script>var a = 1;</script>" * 500_000, id="500,000 scripts"),
    ],
)
def test_what_is_no_text_does_not_count_for_the_size_of_a_page(heavy: str) -> None:
    data = linked('{"@type": "NewsArticle", "headline": "x", "datePublished": "2024-06-25"}')
    found, paragraphs = read(page(data + heavy, title="What a <script> does"))
    assert (found.published, paragraphs) == (date(2024, 6, 25), STORY)


@pytest.mark.parametrize(
    "head",
    [
        linked("[" * 50_000),
        linked(
            '{"@type": "NewsArticle", "headline": {"a": [1]}, "author": 7, "datePublished": [null], "publisher": []}'
        ),
        linked('{"@type": {}, "headline": "x", "author": {"@id": 3}}'),
        "<meta name='author'><meta property='og:title' content=''><link rel=canonical>",
        linked('{"@id": "#a", "@type": "Article", "headline": "x", "author": {"@id": "#a"}}'),
        "<!DOCTYPE x [<!ENTITY a 'b'><!ENTITY c '&a;&a;&a;'>]>",
    ],
    ids=["nested", "wrong types", "wrong ids", "empty", "circle", "entities"],
)
def test_broken_metadata_do_not_lose_the_story(head: str) -> None:
    assert read(page(head))[1] == STORY
