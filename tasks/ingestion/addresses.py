"""Addresses of articles: whether two are the same, and what a link on a page leads to."""

from __future__ import annotations

import re
from fnmatch import translate
from functools import cache
from typing import Final
from urllib.parse import quote, unquote_plus, urljoin, urlsplit, urlunsplit

from evpact.settings import REFERENCE
from tasks.rows import read_rows

TABLE: Final = REFERENCE / "tracking_parameters.csv"
_PORTS: Final = {"http": 80, "https": 443}
_ESCAPE: Final = re.compile("%([0-9a-fA-F]{2})")
_UNRESERVED: Final = re.compile(r"[A-Za-z0-9._~-]")
_WEB: Final = re.compile(r"https?://[^\s/?#@<>\"'\\]*[^\s/?#@<>\"'\\.:](?:[/?#][^\s<>\"\\]*)?")
_SAFE: Final = "!#$%&'()*+,/:;=?@[]~"


def resolve(base: str, link: object) -> str | None:
    """The address that a link leads to, if it leads to a page of the web."""
    if not isinstance(link, str) or not link.strip():
        return None
    try:
        url = link.strip()
        parts = urlsplit(url)
        if parts.scheme not in _PORTS:
            url = urljoin(base, url)
            parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in _PORTS and parts.hostname and not re.search(r"\s", url) else None


def address_of(text: str | None) -> str | None:
    """A text as the address that it is: of the web, with a host, and with nothing that ends a link on a page."""
    url = (text or "").strip()
    return url if _WEB.fullmatch(url) else None


def canonical(url: str) -> str:
    """The address without what does not tell articles apart; for comparing, not for asking.

    That is: the fragment, the default port, parameters that only tell where a reader came from (those of
    `seeds/reference/tracking_parameters.csv`), upper case in scheme and host, and ways of writing the same character.
    What is no address stays as it is.
    """
    try:
        parts = urlsplit(url.strip())
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return url
    if parts.scheme not in _PORTS or not host:
        return url
    place = f"[{host}]" if ":" in host else host
    if port is not None and port != _PORTS[parts.scheme]:
        place += f":{port}"
    kept = [pair for pair in parts.query.split("&") if pair and not _is_tracking(pair.partition("=")[0])]
    return urlunsplit((parts.scheme, place, _escaped(parts.path) or "/", _escaped("&".join(kept)), ""))


def _is_tracking(name: str) -> bool:
    return _tracking().fullmatch(unquote_plus(name).lower()) is not None


@cache
def _tracking() -> re.Pattern[str]:
    return re.compile("|".join(translate(row["parameter"]) for row in read_rows(TABLE, "parameter", "meaning")))


def _escaped(text: str) -> str:
    """The text with each character escaped that must be, and no other."""

    def one(match: re.Match[str]) -> str:
        character = chr(int(match[1], 16))
        return character if _UNRESERVED.fullmatch(character) else match[0].upper()

    return _ESCAPE.sub(one, quote(text, safe=_SAFE, errors="replace"))
