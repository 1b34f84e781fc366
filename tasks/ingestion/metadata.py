"""What a page says of itself: structured data first (JSON-LD, meta elements, microdata), then what it shows."""

from __future__ import annotations

import html
import json
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, islice
from typing import Any, Final
from urllib.parse import urlsplit

from htmldate import find_date
from lxml.html import HtmlElement

from evpact.ids import fold
from tasks.ingestion import dates
from tasks.ingestion.encoding import one_line
from tasks.ingestion.furniture import count_words
from tasks.ingestion.names import authors as names_in
from tasks.ingestion.names import has_role, organisations, without_site, without_tail
from tasks.ingestion.notes import bylines, segments

_ARTICLE_TYPE: Final = re.compile(r"Article|Posting|Report$|Review$|Advertorial|LiveBlog", re.I)
_MAX_NODES: Final = 5_000
_MAX_SHOWN: Final = 50
_MAX_CONTENT: Final = 2_000
_MAX_JSON: Final = 2_000_000
_LOCAL: Final = re.compile(r"T[\d:.]+[+-](?!00)")
_AGREEMENT: Final = 0.6
_CUT: Final = 80
_HEART: Final = 4
_META: Final = {
    "title": ("og:title", "twitter:title", "dc.title", "dcterms.title", "parsely-title", "sailthru.title", "headline"),
    "published": (
        "article:published_time",
        "og:published_time",
        "og:article:published_time",
        "datepublished",
        "date.published",
        "published_time",
        "publishdate",
        "publish-date",
        "pubdate",
        "publication_date",
        "article.published",
        "parsely-pub-date",
        "sailthru.date",
        "dc.date.issued",
        "dcterms.created",
        "dcterms.date",
        "dc.date",
        "dc.date.created",
        "date",
        "cxenseparse:recs:publishtime",
    ),
    "updated": (
        "article:modified_time",
        "og:updated_time",
        "og:modified_time",
        "datemodified",
        "article.updated",
        "dcterms.modified",
        "dc.date.modified",
        "lastmod",
        "last-modified",
        "revision_date",
    ),
    "author": (
        "author",
        "article:author",
        "parsely-author",
        "sailthru.author",
        "dc.creator",
        "dcterms.creator",
        "byl",
        "byline",
        "og:article:author",
    ),
    "site": (
        "og:site_name",
        "application-name",
        "dc.publisher",
        "dcterms.publisher",
        "publisher",
        "article:publisher",
        "twitter:app:name:iphone",
    ),
    "url": ("og:url",),
    "language": ("content-language", "language", "dc.language", "og:locale", "inlanguage"),
}
_PAGE_TYPE: Final = re.compile(r"Article|Posting|WebPage", re.I)
_COMMENTS: Final = re.compile(r"comment|respond|disqus", re.I)
_BYLINE_CLASS: Final = re.compile(
    r"(?:^|[\s_-])(?:by|by-?line|authors?(?:-?name)?|posted-?by|writer|credit-?name)(?:$|[\s_-])", re.I
)
_DATE_CLASS: Final = re.compile(r"date|time|publish|posted|stamp|meta", re.I)
_COPYRIGHT_SIGN: Final = re.compile(r"©|\(c\)|copyright", re.I)
_COPYRIGHT: Final = re.compile(
    r"(?:©|\(c\)|copyright)(?:©|\(c\)|copyright|\d{4}(?:\s*[-–]\s*(?:\d{4}|present))?|,|by\b|\s)*(?P<name>[^.|©\d,]{2,60})",
    re.I,
)


@dataclass
class Metadata:
    """What a page says of its article; None where it says nothing usable."""

    title: str | None = None
    authors: tuple[str, ...] = ()
    publisher: str | None = None
    published: date | None = None
    language: str | None = None
    url: str | None = None
    updated: date | None = None
    published_from: str | None = None


@dataclass
class _Page:
    """A page's structured data.

    Attributes:
        tree: The page.
        meta: Contents of meta elements by name, in lower case.
        article: The JSON-LD node of the article, or an empty one.
        nodes: All JSON-LD nodes by `@id`.
    """

    tree: HtmlElement
    meta: dict[str, list[str]] = field(default_factory=dict)
    article: dict[str, Any] = field(default_factory=dict)
    nodes: dict[str, dict[str, Any]] = field(default_factory=dict)

    def first(self, kind: str) -> Iterator[str]:
        """The contents of the meta elements that tell of a kind of thing, best first."""
        for name in _META[kind]:
            yield from self.meta.get(name, ())[:_MAX_SHOWN]


def read_metadata(tree: HtmlElement) -> Metadata:
    """The metadata of a parsed page."""
    page = _page(tree)
    publisher, sites = _publisher(page)
    published, published_from = _published(page)
    return Metadata(
        title=_title(page, sites),
        authors=_authors(page, [*sites, publisher or ""]),
        publisher=publisher,
        published=published,
        language=_language(page),
        url=_url(page),
        updated=_updated(page, published),
        published_from=published_from,
    )


def _page(tree: HtmlElement) -> _Page:
    page = _Page(tree)
    for element in tree.iter("meta"):
        content = element.get("content")
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            if content and content.strip() and (name := element.get(attribute)):
                page.meta.setdefault(name.strip().lower(), []).append(content.strip()[:_MAX_CONTENT])
    nodes = list(_linked_data(tree))
    page.nodes = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str) and len(node) > 1}
    page.article = _article_node(page, nodes)
    return page


def _linked_data(tree: HtmlElement) -> Iterator[dict[str, Any]]:
    """All nodes of a page's JSON-LD, outer before inner."""
    count = 0
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        waiting: deque[Any] = deque([_json(script.text or "")])
        while waiting and count < _MAX_NODES:
            value = waiting.popleft()
            if isinstance(value, dict):
                count += 1
                yield value
                waiting.extend(value.values())
            elif isinstance(value, list):
                waiting.extend(value[:_MAX_NODES])


def _json(text: str) -> Any:
    """The value of a script, its usual defects mended; None if that does not help."""
    text = re.sub(r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>|;)\s*$", "", text[:_MAX_JSON])
    for candidate in (text, re.sub(r",(\s*[}\]])", r"\1", text)):
        try:
            return json.loads(candidate, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _types(node: dict[str, Any]) -> str:
    return " ".join(_texts(node.get("@type")))


def _article_node(page: _Page, nodes: Iterable[dict[str, Any]]) -> dict[str, Any]:
    found = [
        node
        for node in nodes
        if _ARTICLE_TYPE.search(_types(node)) and (node.get("headline") or node.get("datePublished"))
    ]
    shown = {_words(title) for title in [*page.first("title"), *(_text_of(h) for h in _headings(page))]}
    agreeing = (node for node in found if any(_words(text) in shown for text in _texts(node.get("headline"))))
    return next(agreeing, found[0] if found else {})


def _texts(value: Any) -> list[str]:
    """The texts of a JSON-LD value: itself, its members, or their names."""
    values = value if isinstance(value, list) else [value]
    texts = [item.get("name") or item.get("@value") if isinstance(item, dict) else item for item in values[:50]]
    return [
        one_line(text)
        for item in texts
        for text in (item if isinstance(item, list) else [item])
        if isinstance(text, str)
    ]


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", fold(text)))


def _text_of(element: HtmlElement) -> str:
    """The text of an element, with a space between its parts, but for a mark such as the colon behind a kicker."""
    if not isinstance(element.tag, str):
        return ""
    parts = islice(element.itertext(), _MAX_NODES)
    return one_line("".join(part if part[:1] in ":;,.!?)…" else f" {part}" for part in parts)[:2000])


def _resolved(page: _Page, value: Any) -> Any:
    """The value with references to other nodes replaced by these."""
    if isinstance(value, list):
        return [_resolved(page, item) for item in value[:50]]
    if isinstance(value, dict) and isinstance(value.get("@id"), str) and not value.get("name"):
        return page.nodes.get(value["@id"], value)
    return value


# Title


def _headings(page: _Page) -> list[HtmlElement]:
    return list(islice(page.tree.iter("h1"), _MAX_SHOWN))


def _title(page: _Page, sites: list[str]) -> str | None:
    """The headline that structured data give; else the heading that agrees best with what the metadata state."""
    headings = [text for h in _headings(page) if (text := without_site(_text_of(h), sites)) and text not in sites]
    headlines = [title for text in _texts(page.article.get("headline")) if (title := _clean_title(text, sites))]
    stated = [*headlines, *(title for text in page.first("title") if (title := _clean_title(text, sites)))]
    named = _title_element(page)
    bare = without_site(named, sites)
    titles = [*stated, bare if bare != named else without_tail(named)]
    best = max(headings, key=lambda heading: _best_agreement(heading, titles), default="")
    for headline in headlines:
        if count_words(headline) > 1 and not _is_cut(headline, [*titles, *headings]):
            return headline
    if _best_agreement(best, titles) >= _AGREEMENT:
        return next((title for title in stated[len(headlines) :] if _is_heart(title, best)), best)
    if stated:
        return stated[0]
    if len(headings) == 1 and count_words(headings[0]) >= 3:
        return headings[0]
    return titles[-1] or best or None


def _clean_title(text: str, sites: list[str]) -> str:
    return without_site(one_line(_unescaped(text)), sites)


def _is_cut(headline: str, others: Iterable[str]) -> bool:
    """Whether a headline was cut to the length that search engines allow."""
    words = _words(headline)
    return headline.endswith(("…", "...")) or (
        len(headline) >= _CUT and any(_words(other).startswith(words) and _words(other) != words for other in others)
    )


def _is_heart(title: str, heading: str) -> bool:
    """Whether a title is the heading without the kicker before it or the line below it."""
    words, all_words = _words(title), _words(heading)
    return count_words(title) >= _HEART and (all_words.startswith(f"{words} ") or f" {all_words}".endswith(f" {words}"))


def _title_element(page: _Page) -> str:
    element = page.tree.find(".//title")
    return one_line(element.text or "") if element is not None else ""


def _best_agreement(heading: str, titles: list[str]) -> float:
    return max((_agreement(heading, title) for title in titles), default=0)


def _agreement(heading: str, title: str) -> float:
    """Share of words in common, 0 to 1: of the shorter text if that is at least half as long as the other."""
    first, second = set(_words(heading).split()), set(_words(title).split())
    if not first or not second:
        return 0
    shorter, longer = sorted((len(first), len(second)))
    common = len(first & second)
    return common / shorter if 2 * shorter >= longer and shorter >= 3 else common / longer


def _unescaped(text: str) -> str:
    """The text with entities resolved that were escaped twice."""
    return html.unescape(text) if "&" in text else text


# Publisher


def _publisher(page: _Page) -> tuple[str | None, list[str]]:
    """The publisher, and all names that the site is known by."""
    named = _texts(_resolved(page, page.article.get("publisher")))
    sites = [text for text in page.first("site") if not re.match(r"https?:|@", text)]
    names = [name for text in [*named, *sites] if 1 <= count_words(name := one_line(_unescaped(text))) <= 8]
    names = names or [name for name in (_site_in_title(page), _copyright(page.tree)) if name]
    in_words = [name for name in names if not re.fullmatch(r"[\w.-]+\.[a-z]{2,}", name)]
    domain = urlsplit(_url(page) or "").hostname or ""
    return next(iter(in_words or names), None), [*names, domain]


def _site_in_title(page: _Page) -> str | None:
    """What stands behind the headline in the page's `title` element."""
    named = _title_element(page)
    for headline in [*page.first("title"), *(_text_of(h) for h in _headings(page))]:
        rest = named.removeprefix(headline)
        if headline and rest != named and (site := re.match(r"\s*(?:[|–—·•»-]|::)\s*([^|]{3,40})$", rest)):
            return site[1].strip()
    return None


def _copyright(tree: HtmlElement) -> str | None:
    for element in reversed(list(tree.iter("footer", "small", "p", "div", "span", "td", "font", "li"))):
        if _COPYRIGHT_SIGN.search(element.text or "") and (found := _COPYRIGHT.search(_text_of(element)[:300])):
            name = re.split(r"\ball rights\b", found["name"], flags=re.I)[0].strip(" -–—:;")
            if 1 <= count_words(name) <= 6:
                return one_line(name)
    return None


# Authors


def _authors(page: _Page, not_authors: list[str]) -> tuple[str, ...]:
    """Who signs: persons and agencies as far as some are named, else the publisher or desk stated to be the author."""
    linked, meta = list(_linked_authors(page)), [_unescaped(text) for text in page.first("author")]
    for texts in (linked, meta, _marked_authors(page.tree)):
        if found := names_in(texts, not_authors, stated=True):
            return found
    bylines = (names_in([text], not_authors) for text in _shown_bylines(page.tree))
    # Of meta elements, only a desk's: many sites write their own name into each page's, or that of who made the site.
    return next((names for names in bylines if names), ()) or organisations([*linked, *filter(has_role, meta)])


def _linked_authors(page: _Page) -> Iterator[str]:
    """The authors of the article's node; of the page's, where that has none."""
    for node in (page.article, *page.nodes.values()):
        if node is page.article or _PAGE_TYPE.search(_types(node)):
            value = _resolved(page, node.get("author") or node.get("creator"))
            names = [_person_name(person) for person in (value if isinstance(value, list) else [value])[:_MAX_SHOWN]]
            if any(names):
                yield from (_unescaped(name) for name in names)
                return


def _person_name(person: Any) -> str:
    if isinstance(person, dict) and not person.get("name"):
        person = " ".join(text for part in ("givenName", "familyName") for text in _texts(person.get(part))[:1])
    return ", ".join(_texts(person))


def _marked_authors(tree: HtmlElement) -> Iterator[str]:
    """The texts marked as the author's by microdata or links: the first of them, and those that stand beside it."""
    place = None
    for element in tree.xpath(
        "//*[contains(@itemprop, 'author') or contains(@rel, 'author')][not(self::meta or self::link)]"
        "[not(ancestor::*[contains(@itemprop, 'citation') or contains(@itemprop, 'comment')])]"
    )[:_MAX_SHOWN]:
        names = element.xpath(".//*[@itemprop='name']")
        text = _text_of(names[0] if names else element)[:200]
        if text and (place is None or _place(element) == place):
            place = _place(element)
            yield text


def _place(element: HtmlElement) -> HtmlElement | None:
    parent = element.getparent()
    return None if parent is None else parent.getparent()


def _shown_bylines(tree: HtmlElement) -> Iterator[str]:
    """The texts that look like bylines by their class or their form."""
    for element in tree.iter("span", "div", "p", "a", "address", "cite", "strong", "li", "font", "td"):
        marks = f"{element.get('class') or ''} {element.get('id') or ''} {element.get('data-testid') or ''}"
        marked = _BYLINE_CLASS.search(marks) is not None
        if marked or element.tag == "font" or (element.text or "").lstrip()[:3].lower() == "by ":
            text = _text_of(element)
            if text and count_words(text) <= 20 and not _is_of_comments(element):
                yield from bylines([text]) if not marked else [segments(text)[0] if segments(text) else ""]


def _is_of_comments(element: HtmlElement) -> bool:
    return any(
        _COMMENTS.search(f"{outer.get('class') or ''} {outer.get('id') or ''}")
        for outer in chain([element], element.iterancestors())
        if outer.tag not in ("html", "body")
    )


# Date


def _published(page: _Page) -> tuple[date | None, str | None]:
    """The day of publication, and where it was found."""
    stated = {
        "json-ld": _texts(page.article.get("datePublished")),
        "meta": list(page.first("published")),
        "microdata": _times(page.tree.xpath("//*[@itemprop='datePublished'][not(self::meta)]")[:3]),
    }
    month_first = _month_first(page)
    for place, texts in stated.items():
        if day := _local_day(texts, chain.from_iterable(stated.values()), month_first):
            return day, place
    later: tuple[tuple[str, Callable[[], date | None]], ...] = (
        ("time", lambda: _time_element(page.tree, month_first)),
        ("text", lambda: _shown_date(page.tree, month_first)),
        ("guess", lambda: _guessed_date(page)),
    )
    return next(((day, place) for place, find in later if (day := find())), (None, None))


def _updated(page: _Page, published: date | None) -> date | None:
    """The day of the last change, if one is stated that is later than the day of publication."""
    texts = [
        *_texts(page.article.get("dateModified")),
        *page.first("updated"),
        *_times(page.tree.xpath("//*[@itemprop='dateModified'][not(self::meta)]")[:3]),
    ]
    day = _local_day(texts, texts, _month_first(page))
    return day if day and (published is None or day > published) else None


def _local_day(texts: Iterable[str], all_texts: Iterable[str], month_first: bool | None) -> date | None:
    """The first day in the texts, as it was where the article appeared.

    Where the first is of universal time ("…T03:12:00Z"), another with a zone ("…T23:12:00-04:00") tells the local day.
    """
    found = ((text, day) for text in texts if (day := dates.parse(text, month_first=month_first)))
    text, day = next(found, ("", None))
    if day is None or _LOCAL.search(text):
        return day
    local = (dates.parse(other) for other in all_texts if _LOCAL.search(other))
    return next((other for other in local if other and abs((other - day).days) == 1), day)


def _month_first(page: _Page) -> bool | None:
    """How 02/03/2026 is read in the page's language; None where that depends on the country and none is given."""
    locale = (page.tree.get("lang") or "").replace("_", "-").lower()
    return None if locale in ("", "en") else locale == "en-us"


def _times(elements: Iterable[HtmlElement]) -> list[str]:
    return [element.get("datetime") or element.get("content") or _text_of(element) for element in elements]


def _time_element(tree: HtmlElement, month_first: bool | None) -> date | None:
    for element in islice(tree.iter("time"), _MAX_SHOWN):
        if day := dates.parse(element.get("datetime") or _text_of(element), month_first=month_first):
            return day
    return None


def _shown_date(tree: HtmlElement, month_first: bool | None) -> date | None:
    for element in tree.iter("span", "p", "div", "font", "li", "td", "small"):
        if _DATE_CLASS.search(f"{element.get('class') or ''} {element.get('id') or ''}"):
            text = _text_of(element)
            if count_words(text) <= 25 and (day := dates.parse(text, month_first=month_first)):
                return day
    return None


def _guessed_date(page: _Page) -> date | None:
    try:
        found = find_date(
            page.tree, original_date=True, url=_url(page), min_date=str(dates.FIRST), max_date=str(dates.LAST)
        )
    except Exception:
        return None
    day = dates.parse(found) if found else None
    # The first of January is made of a year alone, such as that of the copyright.
    return None if day and (day.month, day.day) == (1, 1) else day


# Language and address


def _language(page: _Page) -> str | None:
    for text in [
        page.tree.get("lang") or "",
        page.tree.get("xml:lang") or "",
        *_texts(page.article.get("inLanguage")),
        *page.first("language"),
    ]:
        if found := re.match(r"([a-zA-Z]{2})(?:$|[-_,;\s])", text.strip()):
            return found[1].lower()
    return None


def _url(page: _Page) -> str | None:
    links = [e.get("href") for e in page.tree.iter("link") if "canonical" in (e.get("rel") or "").lower().split()]
    for url in [*links, *page.first("url"), *_texts(page.article.get("url"))]:
        if isinstance(url, str) and re.match(r"https?://[^\s/]+\.[^\s]+$", url.strip()):
            return url.strip()
    return None
