"""What a page says of itself: structured data first (JSON-LD, meta elements, microdata), then what it shows."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any, Final

from lxml.html import HtmlElement

from tasks.ingestion.days import day_of_publication, day_of_update
from tasks.ingestion.encoding import one_line
from tasks.ingestion.furniture import count_words
from tasks.ingestion.names import authors as names_in
from tasks.ingestion.names import has_role, organisations, title_parts, without_site, without_tail
from tasks.ingestion.notes import bylines, segments
from tasks.ingestion.structured import MAX_SHOWN, Page, best_agreement, read_structured, text_of, texts_of, words_of

_AGREEMENT: Final = 0.6
_CUT: Final = 80
_HEART: Final = 4
_COMMENTS: Final = re.compile(r"comment|respond|disqus", re.I)
_BYLINE_CLASS: Final = re.compile(
    r"(?:^|[\s_-])(?:by|by-?line|authors?(?:-?name)?|posted-?by|writer|credit-?name)(?:$|[\s_-])", re.I
)
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


def read_metadata(tree: HtmlElement) -> Metadata:
    """The metadata of a parsed page."""
    page = read_structured(tree)
    publisher, sites = _publisher(page)
    published, published_from = day_of_publication(page)
    return Metadata(
        title=_title(page, sites),
        authors=_authors(page, [*sites, publisher or ""]),
        publisher=publisher,
        published=published,
        language=_language(page),
        url=page.url,
        updated=day_of_update(page, published),
        published_from=published_from,
    )


# Title


def _title(page: Page, sites: list[str]) -> str | None:
    """The headline that structured data give; else the heading that agrees best with them."""
    headings = [text for h in page.headings if (text := without_site(text_of(h), sites)) and text not in sites]
    headlines = [title for text in _headlines(page, headings) if (title := _clean_title(text, sites))]
    others = [title for text in page.first("title") if (title := _clean_title(text, sites))]
    named = page.title_element
    bare = without_site(named, sites)
    named_bare = bare if bare != named else without_tail(named)
    if not (headlines or others) and (found := _lower_heading(page, named, headings)):
        return found
    titles = [*headlines, *others, named_bare]
    best = max(headings, key=lambda heading: best_agreement(heading, titles), default="")
    for headline in headlines:
        if count_words(headline) > 1 and not _is_cut(headline, [*titles, *headings]):
            return headline
    if best_agreement(best, titles) >= _AGREEMENT:
        return next((title for title in others if _is_heart(title, best)), best)
    if stated := [*others, *headlines]:
        return next((title for title in stated if not _is_cut(title, titles)), stated[0])
    if len(headings) == 1 and count_words(headings[0]) >= 3 and not _is_tail_of(headings[0], named):
        return headings[0]
    return named_bare or best or None


def _headlines(page: Page, headings: list[str]) -> list[str]:
    """The headline that JSON-LD gives; its name, where that is shown as the heading: some write a description there."""
    shown = {words_of(heading) for heading in headings}
    headlines, names = (texts_of(page.article.get(field)) for field in ("headline", "name"))
    named = [name for name in names if words_of(name) in shown]
    return headlines if any(words_of(headline) in shown for headline in headlines) else named or headlines


def _lower_heading(page: Page, named: str, headings: list[str]) -> str | None:
    """A heading of the second order that is one part of the page's title, where the first is its other part or none."""
    parts = {words_of(part): part for part in title_parts(named)}
    first = next((words_of(heading) for heading in headings if words_of(heading) in parts), "")
    for heading in page.tree.xpath("(//h2)[position() <= 20]"):
        words = words_of(text_of(heading))
        if words in parts and words != first and len(words.split()) >= 2:
            is_behind = bool(first) and list(parts).index(first) < list(parts).index(words)
            if not is_behind or len(words.split()) > len(first.split()):
                return text_of(heading)
    return None


def _is_tail_of(heading: str, named: str) -> bool:
    """Whether a heading is what stands behind the headline in the page's title, such as the site's name."""
    parts = [words_of(part) for part in title_parts(named)]
    return len(parts) > 1 and parts[-1] == words_of(heading)


def _clean_title(text: str, sites: list[str]) -> str:
    return without_site(one_line(_unescaped(text)), sites)


def _is_cut(headline: str, others: Iterable[str]) -> bool:
    """Whether a headline was cut to the length that search engines allow."""
    words = words_of(headline)
    return headline.endswith(("…", "...")) or (
        len(headline) >= _CUT
        and any(words_of(other).startswith(words) and words_of(other) != words for other in others)
    )


def _is_heart(title: str, heading: str) -> bool:
    """Whether a title is the heading without the kicker before it or the line below it."""
    words, all_words = words_of(title), words_of(heading)
    if title.endswith(("…", "...")):
        return False
    return count_words(title) >= _HEART and (all_words.startswith(f"{words} ") or f" {all_words}".endswith(f" {words}"))


def _unescaped(text: str) -> str:
    """The text with entities resolved that were escaped twice."""
    return html.unescape(text) if "&" in text else text


# Publisher


def _publisher(page: Page) -> tuple[str | None, list[str]]:
    """The publisher, and all names that the site is known by."""
    named = texts_of(page.resolved(page.article.get("publisher")))
    sites = [text for text in page.first("site") if not re.match(r"https?:|@", text)]
    names = [name for text in [*named, *sites] if 1 <= count_words(name := one_line(_unescaped(text))) <= 8]
    names = names or [name for name in (_site_in_title(page), _copyright(page.tree)) if name]
    in_words = [name for name in names if not re.fullmatch(r"[\w.-]+\.[a-z]{2,}", name)]
    return next(iter(in_words or names), None), [*names, page.host]


def _site_in_title(page: Page) -> str | None:
    """What stands behind the headline in the page's `title` element."""
    named = page.title_element
    for headline in [*page.first("title"), *(text_of(h) for h in page.headings)]:
        rest = named.removeprefix(headline)
        if headline and rest != named and (site := re.match(r"\s*(?:[|–—·•»-]|::)\s*([^|]{3,40})$", rest)):
            return site[1].strip()
    return None


def _copyright(tree: HtmlElement) -> str | None:
    for element in reversed(list(tree.iter("footer", "small", "p", "div", "span", "td", "font", "li"))):
        if _COPYRIGHT_SIGN.search(element.text or "") and (found := _COPYRIGHT.search(text_of(element)[:300])):
            name = re.split(r"\ball rights\b", found["name"], flags=re.I)[0].strip(" -–—:;")
            if 1 <= count_words(name) <= 6:
                return one_line(name)
    return None


# Authors


def _authors(page: Page, not_authors: list[str]) -> tuple[str, ...]:
    """Who signs: persons and agencies as far as some are named, else the publisher or desk stated to be the author."""
    linked, meta = list(_linked_authors(page)), [_unescaped(text) for text in page.first("author")]
    for texts in (linked, meta, _marked_authors(page.tree)):
        if found := names_in(texts, not_authors, stated=True):
            return found
    bylines = (names_in([text], not_authors) for text in _shown_bylines(page.tree))
    # Of meta elements, only a desk's: many sites write their own name into each page's, or that of who made the site.
    return next((names for names in bylines if names), ()) or organisations([*linked, *filter(has_role, meta)])


def _linked_authors(page: Page) -> Iterator[str]:
    """The authors of the article's node; of the page's, where that has none."""
    for node in page.article_nodes():
        value = page.resolved(node.get("author") or node.get("creator"))
        names = [_person_name(person) for person in (value if isinstance(value, list) else [value])[:MAX_SHOWN]]
        if any(names):
            yield from (_unescaped(name) for name in names)
            return


def _person_name(person: Any) -> str:
    if isinstance(person, dict) and not person.get("name"):
        person = " ".join(text for part in ("givenName", "familyName") for text in texts_of(person.get(part))[:1])
    return ", ".join(texts_of(person))


def _marked_authors(tree: HtmlElement) -> Iterator[str]:
    """The texts marked as the author's by microdata or links: the first of them, and those that stand beside it."""
    place = None
    for element in tree.xpath(
        "//*[contains(@itemprop, 'author') or contains(@rel, 'author')][not(self::meta or self::link)]"
        "[not(ancestor::*[contains(@itemprop, 'citation') or contains(@itemprop, 'comment')])]"
    )[:MAX_SHOWN]:
        names = element.xpath(".//*[@itemprop='name']")
        text = text_of(names[0] if names else element)[:200]
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
            text = text_of(element)
            if text and count_words(text) <= 20 and not _is_of_comments(element):
                yield from bylines([text]) if not marked else [segments(text)[0] if segments(text) else ""]


def _is_of_comments(element: HtmlElement) -> bool:
    return any(
        _COMMENTS.search(f"{outer.get('class') or ''} {outer.get('id') or ''}")
        for outer in chain([element], element.iterancestors())
        if outer.tag not in ("html", "body")
    )


# Language


def _language(page: Page) -> str | None:
    for text in [
        page.tree.get("lang") or "",
        page.tree.get("xml:lang") or "",
        *texts_of(page.article.get("inLanguage")),
        *page.first("language"),
    ]:
        if found := re.match(r"([a-zA-Z]{2})(?:$|[-_,;\s])", text.strip()):
            return found[1].lower()
    return None
