"""The data dictionary says what the definitions say."""

from __future__ import annotations

from docs.generate import DICTIONARY, data_dictionary


def test_the_page_is_what_the_definitions_make_it() -> None:
    assert DICTIONARY.read_text("utf-8") == data_dictionary(), "run `make docs` and commit docs/data-dictionary.md"
