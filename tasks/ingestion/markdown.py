"""Markdown files: a front matter's fields, and the text without its markup."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any, Final

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

_FRONT_MATTER: Final = re.compile(
    r"\A\s*(?P<fence>---|\+\+\+)[ \t]*\n(?P<fields>.{0,20000}?)\n(?P=fence)[ \t]*(?:\n|\Z)", re.S
)
_PARSER: Final = MarkdownIt("commonmark", {"html": True}).enable("table")
_SHOWN: Final = {"text", "code_inline"}


def split_front_matter(text: str) -> tuple[Mapping[str, Any], str]:
    """The fields of a front matter in YAML (`---`) or TOML (`+++`), and the text behind it; none if it is broken."""
    found = _FRONT_MATTER.match(text)
    if not found:
        return {}, text
    try:
        fields = (
            yaml.load(found["fields"], Loader=yaml.BaseLoader)  # noqa: S506 - the base loader makes texts only
            if found["fence"] == "---"
            else {
                key: value if isinstance(value, list) else str(value)
                for key, value in tomllib.loads(found["fields"]).items()
            }
        )
    except (yaml.YAMLError, tomllib.TOMLDecodeError, RecursionError):
        fields = None
    return (fields if isinstance(fields, dict) else {}), text[found.end() :]


def plain_blocks(text: str) -> tuple[str | None, list[str]]:
    """The first heading of the first level, and the text of all blocks but code and HTML."""
    title, blocks, opened = None, [], ""
    for token in _PARSER.parse(text):
        if token.type != "inline":
            opened = token.tag
        elif block := "".join(_shown(token)).strip():
            if opened == "h1" and title is None:
                title = block
            blocks.append(block)
    return title, blocks


def _shown(inline: Token) -> Iterator[str]:
    for token in inline.children or ():
        if token.type in _SHOWN:
            yield token.content
        elif token.type in ("softbreak", "hardbreak"):
            yield " "
