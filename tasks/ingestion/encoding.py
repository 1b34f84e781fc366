"""Bytes to text, whatever they claim to be."""

from __future__ import annotations

import codecs
import re
import unicodedata
from typing import Final

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WIDE_TAGS: Final = (
    (b"<\0\0\0", "utf-32-le"),
    (b"\0\0\0<", "utf-32-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
_DECLARATION: Final = re.compile(
    rb"""<(?:meta|\?xml)[^>]{0,300}?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]{2,40})""", re.I
)
_DECLARED_WITHIN: Final = 8192

# Browsers read these labels as the larger set of characters that pages under the label in fact use.
_LABELS: Final = {
    "ascii": "cp1252",
    "us-ascii": "cp1252",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "big5": "big5hkscs",
    "iso-8859-9": "cp1254",
}
_NOT_OF_PAGES: Final = {"idna", "punycode", "unicode-escape", "raw-unicode-escape", "utf-7", "undefined"}
# Latin letters in an encoding that is not declared are nearly always cp1252, and too few to tell it from its relatives.
_GUESSES: Final = ["cp1252", "cp1251", "koi8_r", "cp1253", "gb18030", "big5", "cp932", "cp949"]
_GUESS_FROM: Final = 20_000

_NOT_OF_TEXT: Final = bytes(set(range(32)) - set(b"\t\n\r\f\x1b"))
_CONTROLS: Final = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f"
    "\ufe00-\ufe0e\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
)
# Joiners are spelling in the scripts from Arabic to Sinhala, and noise elsewhere.
_JOINERS: Final = re.compile("(?<![\u0600-\u0dff])[\u200c\u200d]")
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2}(?=$|[-_])")
_LINE_ENDS: Final = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")


def is_binary(raw: bytes, charset: str | None = None) -> bool:
    """Whether the bytes are no text in any encoding: null bytes or many controls, and no mark of UTF-16 or UTF-32."""
    if any(raw.startswith(bom) for bom, _ in _BOMS) or _wide(raw, charset):
        return False
    head = raw[:_DECLARED_WITHIN]
    controls = len(head) - len(head.translate(None, _NOT_OF_TEXT))
    return b"\0" in head or controls > len(head) // 20


def decode(raw: bytes, charset: str | None = None) -> str:
    """The text of the bytes: by byte-order mark, as UTF-8, as declared, or as they look; never fails.

    Args:
        raw: The bytes.
        charset: The encoding that a header names. It counts more than what the bytes declare, as in browsers, unless
            it is Latin-1, which many servers name for all that they send.
    """
    for bom, encoding in _BOMS:
        if raw.startswith(bom):
            return raw[len(bom) :].decode(encoding, "replace")
    if wide := _wide(raw, charset):
        return raw.decode(wide, "replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        pass
    named = [_codec(charset), _declared(raw)]
    for name in reversed(named) if named[0] == "cp1252" else named:
        if name and name != "utf-8":
            return raw.decode(name, "replace")
    text = raw.decode("utf-8", "replace")
    wrong = text.count("\ufffd")
    if sum(c > "\x7f" for c in text[:_GUESS_FROM]) - wrong > wrong:  # a few broken bytes in a page of UTF-8
        return text
    return raw.decode(_guessed(raw), "replace")


def _declared(raw: bytes) -> str | None:
    found = _DECLARATION.search(raw[:_DECLARED_WITHIN])
    if not found:
        return None
    label = found[1].decode("ascii", "replace")
    return "utf-8" if label.lower().startswith("utf") else _codec(label)  # read byte by byte, so it is not UTF-16


def _codec(label: str | None) -> str | None:
    """The codec of text that a label stands for."""
    known = (label or "").strip().lower()
    try:
        name = codecs.lookup(_LABELS.get(known, known)).name
        "".encode(name)  # those of Python that are not of text refuse
    except (LookupError, ValueError):
        return None
    return None if name in _NOT_OF_PAGES else name


def _wide(raw: bytes, charset: str | None) -> str | None:
    """The encoding of two or four bytes a character that a header names or an opening tag shows, if it is one."""
    codec = _codec(charset)
    if codec and codec.startswith(("utf-16", "utf-32")) and b"\0" in raw[:_DECLARED_WITHIN]:
        return codec
    return next((encoding for tag, encoding in _WIDE_TAGS if raw.startswith(tag)), None)


def _guessed(raw: bytes) -> str:
    from charset_normalizer import from_bytes  # rarely needed, and slow to load

    telling = b"\n".join(line for line in raw.split(b"\n") if not line.isascii())[:_GUESS_FROM]
    best = from_bytes(telling, cp_isolation=_GUESSES).best()
    return best.encoding if best else "cp1252"


def normalise(text: str) -> str:
    """The text in NFC without controls, invisible marks and lone surrogates; every line end is a newline."""
    if text.isascii() and text.isprintable():
        return text
    text = _LINE_ENDS.sub("\n", text)
    return unicodedata.normalize("NFC", _JOINERS.sub("", _CONTROLS.sub("", text)))


def language_code(label: str) -> str | None:
    """The ISO 639-1 code that a label such as "en-GB" begins with."""
    found = _LANGUAGE.match(label)
    return found[0].lower() if found else None


def one_line(text: str) -> str:
    """The normalised text with every run of white space as one space."""
    return " ".join(normalise(text).split())
