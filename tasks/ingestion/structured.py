"""What a page says of itself for machines: JSON-LD and meta elements, mended where they are broken."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import Any, Final
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from evpact.ids import fold
from tasks.ingestion.encoding import one_line

MAX_SHOWN: Final = 50
"""Elements of a kind beyond which no more are looked at."""

_ARTICLE_TYPE: Final = re.compile(r"Article|Posting|Report$|Review$|Advertorial|LiveBlog|Recipe$|HowTo$", re.I)
_PAGE_TYPE: Final = re.compile(r"Article|Posting|WebPage", re.I)
_OTHERS_WORDS: Final = ("comment", "comments", "review", "reviews", "reviewBody", "suggestedAnswer", "acceptedAnswer")
_COLON: Final = re.compile(r"^(dc|dcterms):")
_MAX_NAMES: Final = 5
_MAX_NODES: Final = 5_000
_MAX_CONTENT: Final = 2_000
_MAX_JSON: Final = 2_000_000
_PAIR: Final = re.compile(
    r'"(?P<name>@type|datePublished|dateModified|dateCreated)"\s*:\s*"(?P<value>[^"\\\n]{1,100})"'
)
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


@dataclass
class Page:
    """A page and its structured data.

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
            yield from self.meta.get(name, ())[:MAX_SHOWN]

    @cached_property
    def headings(self) -> list[HtmlElement]:
        """The main headings."""
        return list(islice(self.tree.iter("h1"), MAX_SHOWN))

    @cached_property
    def headline(self) -> HtmlElement | None:
        """The heading that agrees best with the titles that the page states."""
        titles = [*texts_of(self.article.get("headline")), *self.first("title"), self.title_element]
        return max(self.headings, key=lambda h: best_agreement(text_of(h), titles), default=None)

    @cached_property
    def title_element(self) -> str:
        """The text of the page's `title`."""
        element = self.tree.find(".//title")
        return one_line(element.text or "") if element is not None else ""

    @cached_property
    def url(self) -> str | None:
        """The address that the page gives as its own."""
        links = [e.get("href") for e in self.tree.iter("link") if "canonical" in (e.get("rel") or "").lower().split()]
        for url in [*links, *self.first("url"), *texts_of(self.article.get("url"))]:
            if isinstance(url, str) and re.match(r"https?://[^\s/]+\.[^\s]+$", url.strip()):
                return url.strip()
        return None

    @cached_property
    def host(self) -> str:
        """The host of its address, empty if that is not known."""
        try:
            return urlsplit(self.url or "").hostname or ""
        except ValueError:
            return ""

    def resolved(self, value: Any) -> Any:
        """A JSON-LD value with references to other nodes replaced by these."""
        if isinstance(value, list):
            return [self.resolved(item) for item in value[:MAX_SHOWN]]
        if isinstance(value, dict) and isinstance(value.get("@id"), str) and not value.get("name"):
            return self.nodes.get(value["@id"], value)
        return value

    def article_nodes(self) -> Iterator[dict[str, Any]]:
        """The JSON-LD node of the article, then those of pages."""
        for node in (self.article, *self.nodes.values()):
            if node is self.article or _PAGE_TYPE.search(_types(node)):
                yield node


def read_structured(tree: HtmlElement) -> Page:
    """The structured data of a parsed page."""
    page = Page(tree)
    for element in tree.iter("meta"):
        content = element.get("content")
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            if content and content.strip():
                for name in (element.get(attribute) or "").lower().split()[:_MAX_NAMES]:
                    known = _COLON.sub(r"\1.", name)
                    page.meta.setdefault(known, []).append(content.strip()[:_MAX_CONTENT])
    nodes = list(_linked_data(tree))
    page.nodes = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str) and len(node) > 1}
    page.article = _article_node(page, nodes)
    return page


def _linked_data(tree: HtmlElement) -> Iterator[dict[str, Any]]:
    """All nodes of a page's JSON-LD but those that its readers wrote, outer before inner."""
    count = 0
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        waiting: deque[Any] = deque(_values(script.text or ""))
        while waiting and count < _MAX_NODES:
            value = waiting.popleft()
            if isinstance(value, dict):
                count += 1
                yield value
                waiting.extend(inner for name, inner in value.items() if name not in _OTHERS_WORDS)
            elif isinstance(value, list):
                waiting.extend(value[:_MAX_NODES])


def _values(text: str) -> list[Any]:
    """The values of a script, its usual defects mended; of what is broken for good, the days alone."""
    text = re.sub(r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>|;)\s*$", "", text[:_MAX_JSON])
    for candidate in (text, re.sub(r",(\s*[}\]])", r"\1", text)):
        try:
            return [json.JSONDecoder(strict=False).raw_decode(candidate.lstrip())[0]]
        except (ValueError, RecursionError):
            continue
    pairs: dict[str, str] = {}
    for match in _PAIR.finditer(text):
        pairs.setdefault(match["name"], match["value"])
    return [pairs]


def _types(node: dict[str, Any]) -> str:
    return " ".join(texts_of(node.get("@type")))


def _article_node(page: Page, nodes: Iterable[dict[str, Any]]) -> dict[str, Any]:
    found = [
        node
        for node in nodes
        if _ARTICLE_TYPE.search(_types(node)) and (node.get("headline") or node.get("datePublished"))
    ]
    shown = {words_of(title) for title in [*page.first("title"), *map(text_of, page.headings)]}
    agreeing = (node for node in found if any(words_of(text) in shown for text in texts_of(node.get("headline"))))
    return next(agreeing, found[0] if found else {})


def texts_of(value: Any) -> list[str]:
    """The texts of a JSON-LD value: itself, its members, or their names."""
    values = value if isinstance(value, list) else [value]
    texts = [item.get("name") or item.get("@value") if isinstance(item, dict) else item for item in values[:50]]
    return [
        one_line(text)
        for item in texts
        for text in (item if isinstance(item, list) else [item])
        if isinstance(text, str)
    ]


def words_of(text: str) -> str:
    """The words of a text as they are compared."""
    return " ".join(re.findall(r"\w+", fold(text)))


def best_agreement(text: str, others: Iterable[str]) -> float:
    """How much a text agrees with the one of the others that it agrees with most; see `agreement`."""
    return max((agreement(text, other) for other in others), default=0)


def agreement(first: str, second: str) -> float:
    """Share of words in common, 0 to 1: of the shorter text if that is at least half as long as the other."""
    some, others = set(words_of(first).split()), set(words_of(second).split())
    if not some or not others:
        return 0
    shorter, longer = sorted((len(some), len(others)))
    common = len(some & others)
    return common / shorter if 2 * shorter >= longer and shorter >= 3 else common / longer


def text_of(element: HtmlElement) -> str:
    """The text of an element, with a space between its parts, but for a mark such as the colon behind a kicker."""
    if not isinstance(element.tag, str):
        return ""
    parts = islice(element.itertext(), _MAX_NODES)
    return one_line("".join(part if part[:1] in ":;,.!?)…" else f" {part}" for part in parts)[:2000])
