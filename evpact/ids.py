"""Identifiers made from content alone: no counter, no clock, no path, no order of inputs."""

from __future__ import annotations

import hashlib
import re
import unicodedata

_SEPARATOR = "\x1f"
_DIGITS = 16
_UNDECOMPOSED = str.maketrans(
    {"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "ß": "ss", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe"}
)


def digest(*parts: object) -> str:
    """Sixteen hexadecimal digits that stand for the parts in their order."""
    text = _SEPARATOR.join("" if part is None else str(part) for part in parts)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]


def fold(text: str) -> str:
    """The text casefolded, without accents, compatibility forms unified."""
    if text.isascii():
        return text.casefold()
    flat = unicodedata.normalize("NFKD", text.translate(_UNDECOMPOSED))
    return "".join(c for c in flat if not unicodedata.combining(c)).casefold()


def words_of(text: str) -> tuple[str, ...]:
    """Letters and digits of a name as folded words; "&" is a word, other punctuation separates.

    >>> words_of("Mahindra & Mahindra Ltd.")
    ('mahindra', 'and', 'mahindra', 'ltd')
    """
    return tuple(re.findall(r"[^\W_]+", fold(text).replace("&", " and ")))


def squeezed(name: str) -> str:
    """The name without spaces, hyphens, case and accents.

    >>> squeezed("Shanghai e-drive") == squeezed("SHANGHAI EDRIVE")
    True
    """
    return "".join(words_of(name)) or fold(name)


def slug(text: str) -> str:
    """A readable identifier of ASCII letters, digits and hyphens.

    A text in another script, of which nothing readable would be left, gives a digest instead of an empty string.

    >>> slug("São José dos Pinhais")
    'sao-jose-dos-pinhais'
    >>> slug("Contemporary Amperex & Co., Ltd.")
    'contemporary-amperex-co-ltd'
    """
    return re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-") or f"x-{digest(text)}"


def article_id(text: str) -> str:
    """Id of an article: the words of its clean text, whatever their case, spacing and punctuation."""
    return "a" + digest(" ".join(re.findall(r"\w+", fold(text))))
