"""HTML pages: metadata, and the story without what stands around it."""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain, islice
from typing import Final

from lxml.etree import Comment, XPath, _Element, iterwalk
from lxml.html import HtmlElement
from trafilatura import bare_extraction, load_html
from trafilatura.settings import Extractor

from tasks.ingestion.ballast import attributes_problem, without_ballast
from tasks.ingestion.body import MAX_CHARACTERS, paragraphs
from tasks.ingestion.deck import find_deck, with_deck
from tasks.ingestion.encoding import normalise, one_line
from tasks.ingestion.metadata import Metadata, read_metadata

_OPTIONS: Final = Extractor(output_format="python", comments=False)
_LARGE: Final = 1_000_000
_MAX_HTML: Final = 20_000_000
_MAX_ELEMENTS: Final = 100_000
_MAX_STORY_ELEMENTS: Final = 20_000
_MAX_HEADINGS: Final = 50
_MAX_NAMES: Final = 500
_MAX_DEPTH: Final = 250  # libxml2 stops at 256 and loses what follows
_TOO_DEEP: Final = XPath(f"boolean(self::*{'/*' * _MAX_DEPTH})")

_MARK: Final = r"[\s_-](?:%s)(?=$|[\s_-])"  # begins with what is rare, which makes the search fast
_STRONG: Final = re.compile(
    _MARK % r"cookies?|consent|gdpr|newsletters?|sharedaddy|related(?:posts?|articles?|stories|content|links)?|readnext"
    r"|read-next|also-?read|recommended|recommendations?|recirc(?:ulation)?|most-?(?:read|viewed|popular|commented)"
    r"|trending|comments?|commentlist|disqus(?:_thread)?|respond|author-?(?:bio|box|info|card)|about-?author|biography"
    r"|sponsored|outbrain|taboola|breadcrumbs?|jp-relatedposts|navbar|pagination"
)
_LAYOUT: Final = re.compile(_MARK % r"sidebar|footer|masthead|navigation|menu")
_WEAK: Final = re.compile(
    _MARK
    % r"nl|sign-?up|subscribe|subscription|share|sharing|share-?bar|social(?:-?icons?)?|popular|teasers?|promo|bio"
    r"|advert(?:isement)?|ad-?slot|ads?|tags?(?:-?(?:list|box|links))?|topics|caption|cap|figcaption|wp-caption-text|credits?"
    r"|copyright|print|tools|dnldapp|pull(?:-?quote)?|widget|menu|nav|pager"
)
_STORY: Final = re.compile(_MARK % r"(?:article|story|post|entry|page)[_-]*(?:body|content|text)" + "|articlebody")
_SETTING: Final = re.compile(r"(?:has|with|no|is|js|not|without)[-_].|.*[:\[]")
_MARKS: Final = {"story": _STORY, "strong": _STRONG, "layout": _LAYOUT, "weak": _WEAK}
_MAX_PARTS: Final = 2
_WEAK_LENGTH: Final = 600
_LAYOUT_STORY: Final = 400
_ROLES: Final = {"navigation", "search", "dialog", "alertdialog", "banner", "contentinfo", "complementary"}
_TAGS: Final = ("aside", "nav", "form", "button", "figcaption", "noscript", "template", "dialog")
_NEVER: Final = ("html", "body", "main", "article", "h1", "h2", "img", "br")
_SHARE_OF_TEXT: Final = 0.4
_PARAGRAPH: Final = 80
_LITTLE: Final = 0.4
_SHORT: Final = 1000
_APART: Final = ("p", "item", "head")
_BLOCKS: Final = ("p", "div", "td", "section", "article", "blockquote", "span", "font")

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
logging.getLogger("htmldate").setLevel(logging.CRITICAL)


def read_page(text: str) -> tuple[Metadata, list[str]] | str:
    """The metadata and paragraphs of a page, or the reason why it has none."""
    if len(text) > _LARGE:  # scripts of a small page may be the only ones to tell its day
        text = without_ballast(text)
    if len(text) > _MAX_HTML:
        return f"More than {_MAX_HTML:,} characters of HTML, scripts not counted."
    if problem := attributes_problem(text):
        return problem
    tree = load_html(text)
    if tree is None:
        return "Not HTML."
    elements = list(tree.iter())  # held to the end: lxml then makes the object of an element once, not at every walk
    if problem := _excess(tree, len(elements)):
        return problem
    metadata = read_metadata(tree)
    deck = find_deck(tree)
    _unfold_tables(tree)
    _prune(tree)
    if sum(1 for _ in tree.iter()) > _MAX_STORY_ELEMENTS:
        return f"More than {_MAX_STORY_ELEMENTS:,} elements of text."
    if _text_length(tree) > MAX_CHARACTERS:
        return f"More than {MAX_CHARACTERS:,} characters of text."
    titles, links = _headings(tree), _links(tree)
    lines = _story(tree)
    if _length(lines) < _SHORT and _length(lines) < _LITTLE * _story_lengths(tree)[tree]:
        lines = max(lines, _story(load_html(text)), key=_length)
    if not lines:
        return "No story found on the page."
    lines = with_deck(deck, lines)
    return metadata, paragraphs(
        lines,
        title=metadata.title,
        authors=metadata.authors,
        publisher=metadata.publisher,
        titles=titles,
        links=links,
    )


def _headings(tree: HtmlElement) -> list[str]:
    return [one_line(normalise(heading.text_content())) for heading in islice(tree.iter("h1"), _MAX_HEADINGS)]


def _links(tree: HtmlElement) -> set[str]:
    """The texts of links that are not in headings."""
    headings = {link for heading in tree.iter("h1", "h2", "h3", "h4", "h5", "h6") for link in heading.iter("a")}
    return {
        one_line(normalise(link.text_content()))
        for link in tree.iter("a")
        if _leads_away(link) and link not in headings
    }


def _leads_away(link: HtmlElement) -> bool:
    """Whether a link is none to a place within its page, as those of a table of contents are."""
    return re.match(r"#[\w-]", link.get("href") or "") is None


def _story(tree: HtmlElement) -> list[str]:
    """The lines of the story in a page; none where the library finds none or gives up."""
    try:
        body = getattr(bare_extraction(tree, options=_OPTIONS), "body", None)
    except Exception:
        return []
    return [] if body is None else list(_lines(body))


def _length(lines: Sequence[str]) -> int:
    return sum(map(len, lines))


def _excess(tree: HtmlElement, elements: int) -> str | None:
    """In what a page goes beyond all that pages of articles have."""
    if elements > _MAX_ELEMENTS:
        return f"More than {_MAX_ELEMENTS:,} elements."
    if _TOO_DEEP(tree):
        return f"Elements nested more than {_MAX_DEPTH} deep."
    return None


def _prune(tree: HtmlElement) -> None:
    """Remove what its tag, role or class marks as no part of a story, unless much of the page's text is in it."""
    for element in list(tree.iter("script", "style", "template", "noscript", Comment)):
        if "ld+json" not in (element.get("type") or ""):
            _drop(element)
    lengths, stories = _text_lengths(tree), _story_lengths(tree)
    most, most_story = _SHARE_OF_TEXT * lengths[tree], _SHARE_OF_TEXT * stories[tree]
    for element, length in lengths.items():
        if length <= most and stories[element] <= most_story and _is_furniture(element, length, stories[element]):
            _drop(element)


def _unfold_tables(tree: HtmlElement) -> None:
    """Make plain sections of tables that only lay out the page: those with paragraphs or tables in their cells."""
    for table in list(tree.iter("table")):
        if table.find(".//table") is not None or any(len(cell.findall("p")) >= 2 for cell in table.iter("td")):
            for part in table.iter("table", "tbody", "tr", "td"):
                if part.tag != "table" or part is table:
                    part.tag = "div"


def _drop(element: HtmlElement) -> None:
    if element.getparent() is not None:
        element.drop_tree()


def _text_lengths(tree: HtmlElement) -> dict[HtmlElement, int]:
    """Characters of visible text in every element."""
    lengths: dict[HtmlElement, int] = {}
    for _, element in iterwalk(tree, events=("end",)):
        own = "" if element.tag == "script" else element.text or ""
        lengths[element] = len(own) + sum(lengths.get(child, 0) + len(child.tail or "") for child in element)
    return lengths


def _text_length(tree: HtmlElement) -> int:
    """Characters of visible text."""
    return _length(list(tree.itertext())) - sum(len(script.text or "") for script in tree.iter("script"))


def _story_lengths(tree: HtmlElement) -> Counter[HtmlElement]:
    """Characters in every element that stand in long paragraphs, their links not counted."""
    lengths: Counter[HtmlElement] = Counter({tree: 0})
    for block in tree.iter(*_BLOCKS):
        length = len(block.text or "") + sum(len(child.tail or "") for child in block)
        if length >= _PARAGRAPH:
            for element in chain([block], block.iterancestors()):
                lengths[element] += length
    return lengths


def _is_furniture(element: HtmlElement, length: int, story: int) -> bool:
    tag = element.tag
    if not isinstance(tag, str) or tag in _NEVER:
        return False
    if tag in _TAGS or element.get("role") in _ROLES:
        return True
    marks = _marks(element.get("class", "")[:_MAX_NAMES])
    if (name := element.get("id", "")[:_MAX_NAMES]) and name.count("-") + name.count("_") <= _MAX_PARTS:
        marks |= _marks(name)
    if prop := element.get("itemprop"):
        marks |= _marks(prop[:_MAX_NAMES]) & {"story"}
    return "story" not in marks and (
        "strong" in marks
        or ("layout" in marks and story <= _LAYOUT_STORY)
        or ("weak" in marks and length <= _WEAK_LENGTH)
    )


@lru_cache(maxsize=4096)
def _marks(names: str) -> frozenset[str]:
    """What names mark an element as: part of a story, or furniture to this or that degree."""
    marks = " ".join(["", *(name for name in names.lower().split() if not _SETTING.match(name))])
    return frozenset(mark for mark, pattern in _MARKS.items() if pattern.search(marks))


def _lines(body: _Element) -> Iterator[str]:
    """The paragraphs, headings, list items and rows of a story, each as a line."""
    for block in body:
        if block.tag == "list":
            for item in block.iter("item"):
                yield from _broken(item)
        elif block.tag == "table":
            for row in block.iter("row"):
                if cells := [text for cell in row.iter("cell") if (text := one_line(" ".join(cell.itertext())))]:
                    yield " | ".join(cells)
        else:
            yield from _broken(block)


def _broken(element: _Element) -> Iterator[str]:
    """The text of an element, cut where it has a line break or a paragraph within."""
    parts: list[str] = []
    for event, inner in iterwalk(element, events=("start", "end")):
        apart = ["\n"] if inner is not element and inner.tag in _APART else []
        if event == "start":
            parts += [*apart, *(["\n"] if inner.tag == "lb" else []), inner.text or ""]
        else:
            parts += [*apart, (inner.tail or "") if inner is not element else ""]
    for line in "".join(_joined(parts)).split("\n"):
        if text := one_line(line):
            yield text


def _joined(parts: list[str]) -> list[str]:
    return [part if part == "\n" else re.sub(r"\s+", " ", normalise(part)) for part in parts]
