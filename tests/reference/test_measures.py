"""Currencies, units and number words: each word means one thing, and the words of the guide are there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import polars as pl
import pytest

from evpact.reference import Reference, load_reference


@pytest.fixture(scope="module")
def reference() -> Reference:
    return load_reference()


def meanings(frame: pl.DataFrame, key: str, columns: Iterable[str]) -> dict[str, set[str]]:
    """What each word stands for, whatever its case."""
    found = defaultdict(set)
    for row in frame.iter_rows(named=True):
        for word in [row[key], *(word for column in columns for word in row[column])]:
            found[word.casefold()].add(row[key])
    return found


@pytest.mark.parametrize(
    ("table", "key"), [("currencies", ["code"]), ("units", ["unit"]), ("numbers", ["word", "use"])]
)
def test_rows_are_sorted_by_key(reference: Reference, table: str, key: list[str]) -> None:
    keys = getattr(reference, table).select(key).rows()
    assert keys == sorted(keys)


def test_a_word_means_one_currency(reference: Reference) -> None:
    found = meanings(reference.currencies, "code", ["symbols", "words"])
    assert {word: codes for word, codes in found.items() if len(codes) > 1} == {}
    assert reference.currencies.height >= 40


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("$", "USD"), ("us$", "USD"), ("a$", "AUD"), ("c$", "CAD"), ("hk$", "HKD"), ("r$", "BRL"), ("€", "EUR"),
        ("¥", "JPY"), ("rmb", "CNY"), ("yuan", "CNY"), ("₹", "INR"), ("rs", "INR"), ("won", "KRW"), ("rp", "IDR"),
        ("baht", "THB"), ("rm", "MYR"), ("kronor", "SEK"), ("zł", "PLN"), ("forint", "HUF"), ("francs", "CHF"),
    ],
)  # fmt: skip
def test_a_sign_or_word_leads_to_its_currency(reference: Reference, word: str, code: str) -> None:
    assert meanings(reference.currencies, "code", ["symbols", "words"])[word] == {code}


def test_a_word_means_one_unit(reference: Reference) -> None:
    found = meanings(reference.units, "unit", ["words"])
    assert {word: units for word, units in found.items() if len(units) > 1} == {}


@pytest.mark.parametrize(
    ("word", "unit", "dimension"),
    [
        ("%", "percent", "share"), ("percentage points", "percent", "share"), ("gigawatt-hours", "GWh", "energy"),
        ("mw", "MW", "power"), ("cars", "vehicle", "count"), ("electric vehicles", "vehicle", "count"),
        ("batteries", "battery", "count"), ("engines", "engine", "count"), ("employees", "job", "count"),
        ("charging piles", "charger", "count"), ("swap stations", "station", "count"),
        ("showrooms", "dealership", "count"),
        ("metric tons", "tonne", "mass"), ("miles", "mile", "length"), ("months", "month", "time"),
        ("x", "times", "ratio"),
        ("rank", "rank", "order"),
    ],
)  # fmt: skip
def test_a_word_leads_to_its_unit(reference: Reference, word: str, unit: str, dimension: str) -> None:
    assert meanings(reference.units, "unit", ["words"])[word] == {unit}
    assert reference.units.filter(unit=unit)["dimension"].to_list() == [dimension]


@pytest.mark.parametrize(
    ("word", "use", "value"),
    [
        ("seventeen", "cardinal", 17), ("dozen", "magnitude", 12), ("k", "magnitude", 1e3), ("lakh", "magnitude", 1e5),
        ("mn", "magnitude", 1e6), ("crore", "magnitude", 1e7), ("bn", "magnitude", 1e9), ("tn", "magnitude", 1e12),
        ("half", "fraction", 0.5), ("third", "fraction", 1 / 3), ("third", "ordinal", 3), ("twelfth", "ordinal", 12),
    ],
)  # fmt: skip
def test_a_number_word_has_its_value(reference: Reference, word: str, use: str, value: float) -> None:
    assert reference.numbers.filter(word=word, use=use)["value"].to_list() == [value]


def test_uses_agree_with_values(reference: Reference) -> None:
    value, use = pl.col("value"), pl.col("use")
    whole = value == value.floor()
    fits = pl.when(use == "fraction").then(value.is_between(0, 1, closed="none")).otherwise(whole & (value >= 0))
    assert reference.numbers.filter(~fits).to_dicts() == []
