"""Measured figures: value, unit, bound, period, measure."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from evpact import vocabulary as words
from evpact.reference import load_reference
from evpact.settings import REFERENCE
from tasks.extraction.dates import find_dates
from tasks.extraction.nlp import parse
from tasks.extraction.numbers import NumberReader
from tasks.extraction.quantities import Figure, find_quantities
from tasks.extraction.quantity_words import QuantityLexicon


@pytest.fixture(scope="module")
def lexicon() -> QuantityLexicon:
    return QuantityLexicon(load_reference(), REFERENCE)


@pytest.fixture(scope="module")
def numbers() -> NumberReader:
    return NumberReader(load_reference().numbers, ["RM"])


def figures(text: str, lexicon: QuantityLexicon) -> list[Figure]:
    doc = parse(text)
    return list(find_quantities(doc, lexicon, [(d.start, d.end) for d in find_dates(doc, date(2026, 2, 4))]))


def reported(text: str, lexicon: QuantityLexicon) -> list[Figure]:
    return [figure for figure in figures(text, lexicon) if not figure.comparison and not figure.conversion]


def rows(name: str) -> Iterator[dict[str, str]]:
    with (REFERENCE / name).open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,187", 1187),
        ("5,00,000", 500_000),
        ("4.1bn", 4_100_000_000),
        ("650m", 650_000_000),
        ("1.5 lakh", 150_000),
        ("1.5 lakh crore", 1_500_000_000_000),
        ("280k", 280_000),
        ("1,5 million", 1_500_000),
        ("RM82 million", 82_000_000),
        ("seventeen", 17),
        ("thirty-five", 35),
        ("two hundred and fifty thousand", 250_000),
        ("half a million", 500_000),
        ("one and a half million", 1_500_000),
        ("two and a half", 2.5),
        ("a dozen", 12),
        ("two-thirds", 2 / 3),
        ("twenty-first", 21),
        ("12 500", 12_500),
        ("418'227", 418_227),
        ("11th", 11),
    ],
    ids=str,
)
def test_a_number_is_read_in_full(text: str, value: float, numbers: NumberReader) -> None:
    assert [number.value for number in numbers.find(text)] == [pytest.approx(value, rel=1e-12)]


@pytest.mark.parametrize("text", ["F-150", "Q4", "EV6", "MG4", "e-208", "x" + "9" * 400, "9" * 400])
def test_what_only_looks_like_a_number_is_none(text: str, numbers: NumberReader) -> None:
    assert not list(numbers.find(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The maker will invest £450 million in the plant.", [(450_000_000, "GBP", "investment")]),
        ("The firm earmarked Rs 5,000 crore for cells.", [(50_000_000_000, "INR", "investment")]),
        ("It promised the venture 1,800 crore rupees.", [(18_000_000_000, "INR", "investment")]),
        ("The partner put 700 million U.S. dollars into the start-up.", [(700_000_000, "USD", "investment")]),
        ("Work on the RM82 million plant has begun.", [(82_000_000, "MYR", "investment")]),
        ("They lost a supply contract worth 3.9 trillion won.", [(3_900_000_000_000, "KRW", "price")]),
        ("The car is priced at EUR 22,900.", [(22_900, "EUR", "price")]),
        ("It took charges of $19.5 billion.", [(19_500_000_000, "USD", "other")]),
        ("A fifth stake in the venture was sold.", [(20, "percent", "stake")]),
        ("The two formed a 50-50 joint venture.", [(50, "percent", "stake")]),
        ("They hold the company 51:49.", [(51, "percent", "stake"), (49, "percent", "stake")]),
        ("The brand had a market share of 19.1 per cent.", [(19.1, "percent", "share")]),
        ("Brussels imposed a duty of 35.3% on the cars.", [(35.3, "percent", "tariff")]),
        ("Sales were down 8.6% in 2025.", [(-8.6, "percent", "change")]),
        ("They reported a decline of over 10 per cent in sales.", [(-10, "percent", "change")]),
        ("Sales more than tripled.", [(3, "times", "change")]),
        ("Output halved.", [(-50, "percent", "change")]),
        ("The line can build 120,000 engines a year.", [(120_000, "engine", "capacity")]),
        ("The works built 188,000 vehicles in 2024.", [(188_000, "vehicle", "output")]),
        ("It sold half a million cars.", [(500_000, "vehicle", "sales")]),
        ("The brand sold 36,000 Tavascans.", [(36_000, "vehicle", "sales")]),
        ("Deliveries came to 418,227 in the quarter.", [(418_227, "vehicle", "sales")]),
        ("It may import 8,000 electric cars.", [(8_000, "vehicle", "quota")]),
        ("It will assemble 50,000 premium VF 6 and VF 7 SUVs a year.", [(50_000, "vehicle", "capacity")]),
        ("The plant brings 1,600 jobs.", [(1_600, "job", "jobs")]),
        ("The maker will cut 4,000 jobs.", [(-4_000, "job", "jobs")]),
        ("The deal covers 75 gigawatt-hours of cells.", [(75, "GWh", "capacity")]),
        ("The contract is for 75 GWh.", [(75, "GWh", "sales")]),
        ("The country led the market for the 11th consecutive year.", [(11, "year", "duration")]),
        ("It led for 11 years in a row.", [(11, "year", "duration")]),
        ("The car has a range of 700 kilometres.", [(700, "km", "range")]),
        ("The brand ranked second with 194.8 GWh sold.", [(2, "rank", "rank"), (194.8, "GWh", "sales")]),
        ("It is No. 1 in the market.", [(1, "rank", "rank")]),
        ("The network has 11,000 charging points.", [(11_000, "charger", "other")]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_figure_has_value_unit_and_measure(
    text: str, expected: list[tuple[float, str, str]], lexicon: QuantityLexicon
) -> None:
    assert [(f.value, f.unit, f.measure) for f in reported(text, lexicon)] == expected


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("It will build as many as 500 cars.", "max"),
        ("It will build up to 500 cars.", "max"),
        ("It must be done within 3 years.", "max"),
        ("It sold more than 500 cars.", "min"),
        ("It sold 500 cars or more.", "min"),
        ("It sold nearly 500 cars.", "approx"),
        ("It sold 500 cars.", "exact"),
        ("It will spend the money over 3 years.", "exact"),
    ],
    ids=lambda value: value,
)
def test_a_bound_is_told_by_the_words_beside_the_figure(text: str, bound: str, lexicon: QuantityLexicon) -> None:
    (figure,) = reported(text, lexicon)
    assert figure.bound == bound
    assert text[figure.start : figure.end] in ("500 cars", "3 years")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The plant will make 20-25 GWh of cells.", [(20, "GWh", "min"), (25, "GWh", "max")]),
        ("It takes three to six months.", [(3, "month", "min"), (6, "month", "max")]),
        ("It will invest $2-3 billion.", [(2e9, "USD", "min"), (3e9, "USD", "max")]),
        ("It will invest Rs 500-600 crore.", [(5e9, "INR", "min"), (6e9, "INR", "max")]),
        ("Between 10 and 15 percent of sales were exports.", [(10, "percent", "min"), (15, "percent", "max")]),
        ("Duties ranging from 17 percent to 38 percent apply.", [(17, "percent", "min"), (38, "percent", "max")]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_range_is_two_figures(text: str, expected: list[tuple[float, str, str]], lexicon: QuantityLexicon) -> None:
    assert [(f.value, f.unit, f.bound) for f in reported(text, lexicon)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The share was 95.9 per cent, up from 88.9 per cent a year before.", [95.9]),
        ("They raised their share from 10.4 to 13.7 per cent.", [13.7]),
        ("It sold 12,000 cars, compared with 10,000 a year earlier.", [12_000]),
        ("It will pay €2bn ($2.2bn) for the stake.", [2e9]),
        ("The contract is worth 9.6 trillion won (about $6.5 billion).", [9.6e12]),
        ("The rate is 17% for one maker, down from 17.4%.", [17]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_bases_and_conversions_are_not_reported(text: str, expected: list[float], lexicon: QuantityLexicon) -> None:
    assert [figure.value for figure in reported(text, lexicon)] == expected
    assert len(figures(text, lexicon)) > len(expected), "they are found, and marked"


@pytest.mark.parametrize(
    ("text", "per"),
    [
        ("It can build 500 cars a year.", "year"),
        ("It can build 500 cars annually.", "year"),
        ("It has an annual capacity of 500 cars.", "year"),
        ("It builds 500 cars a month.", "month"),
        ("Some 500 cars from China may enter each year.", "year"),
        ("The grant is $500 per car.", "unit"),
        ("It sold 500 cars.", None),
        ("It sold 500 cars, more than a year earlier.", None),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_period_is_told_before_or_behind_the_figure(text: str, per: str | None, lexicon: QuantityLexicon) -> None:
    assert [figure.per for figure in reported(text, lexicon)] == [per]


@pytest.mark.parametrize(
    "text",
    [
        "The Model 3 won in 2025.",
        "In 2030 the 43-year-old will be fifty.",
        "Factory 56 makes the car.",
        "The 500e is a small car.",
        "Section 301 duties apply.",
        "The two companies signed at 11.30.",
        "It met three times.",
        "The third generation of the car is here.",
        "It is World Car of the Year 2025.",
        "Call 0191 498 0000.",
        "($1 = about 1,450 won)",
        "It began two years ago.",
        "",
        "It signed a contract for the Volta Zero truck.",
        "The Polestar Two and the Model Three sold well.",
    ],
)
def test_what_measures_nothing_is_no_figure(text: str, lexicon: QuantityLexicon) -> None:
    assert not reported(text, lexicon)


def test_a_bare_figure_goes_on_from_the_one_before(lexicon: QuantityLexicon) -> None:
    text = "The plant will build 50,000 cars a year. Its capacity is to grow to 150,000 later."
    assert [(f.value, f.unit, f.measure, f.per) for f in reported(text, lexicon)] == [
        (50_000, "vehicle", "capacity", "year"),
        (150_000, "vehicle", "capacity", "year"),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The city ordered 40 electric buses. Another 22 are an option.", [(40, "vehicle"), (22, "vehicle")]),
        ("Most of its buses come from Volvo, which has delivered nineteen.", [(19, "vehicle")]),
        ("Sun Mobility runs swap stations here. The first ten opened in May.", [(10, "station")]),
        ("Of the venture, Atlas has 40 percent, followed by Borealis with 25.", [(40, "percent"), (25, "percent")]),
        ("The plant costs 90 million euros. The state gives 17 million.", [(90e6, "EUR"), (17e6, "EUR")]),
        ("It sold 7,000 tonnes of it to Ford and 4,000 to Kia.", [(7_000, "tonne"), (4_000, "tonne")]),
        ("The two makers of the buses signed on Monday.", []),
        ("Its buses run on Route 12 at 80.", []),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_unsaid_unit_is_the_one_told_before(
    text: str, expected: list[tuple[float, str]], lexicon: QuantityLexicon
) -> None:
    assert [(f.value, f.unit) for f in reported(text, lexicon)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Four fast chargers stand behind the hall.", [(4, "charger")]),
        ("It replaced 17 of its refurbished vans.", [(17, "vehicle")]),
        ("A 40-bus order was won.", [(40, "vehicle")]),
        ("It has a two-speed gearbox.", []),
        ("About one in five cars is electric.", [(20, "percent")]),
        (
            "Premier African keeps a tenth of it; another fifth of the shares is sold.",
            [(10, "percent"), (20, "percent")],
        ),
        ("Importers pay no customs duty.", [(0, "percent")]),
        ("It is owned in equal parts by the two.", [(50, "percent")]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_counts_and_parts(text: str, expected: list[tuple[float, str]], lexicon: QuantityLexicon) -> None:
    assert [(f.value, f.unit) for f in reported(text, lexicon)] == expected


@pytest.mark.parametrize(
    ("text", "country", "unit"),
    [
        ("It costs $5 million.", None, "USD"),
        ("It costs $5 million.", "CA", "CAD"),
        ("It costs C$7 million.", None, "CAD"),
        ("It costs 5 million rupees.", "NP", "NPR"),
        ("It costs 5 million dirhams.", "MA", "MAD"),
        ("It costs 5 million dirhams.", "DE", "AED"),
        ("It costs R640-million.", "ZA", "ZAR"),
        ("It costs €5 million.", "CA", "EUR"),
    ],
)
def test_a_shared_currency_is_that_of_the_country(
    text: str, country: str | None, unit: str, lexicon: QuantityLexicon
) -> None:
    (figure,) = find_quantities(parse(text), lexicon, country=country)
    assert figure.unit == unit


def test_a_bare_dollar_is_foreign_where_the_own_is_told_in_full(lexicon: QuantityLexicon) -> None:
    text = "It costs C$7 million, the parent said. The loan is for $5 million."
    assert [f.unit for f in find_quantities(parse(text), lexicon, country="CA")] == ["CAD", "USD"]


def test_every_local_currency_is_one(lexicon: QuantityLexicon) -> None:
    codes = set(load_reference().currencies["code"])
    assert {row["code"] for row in rows("local_currencies.csv")} <= codes


@pytest.mark.parametrize("row", [pytest.param(r, id=f"{r['cue']}-{r['dimension']}") for r in rows("measures.csv")])
def test_every_cue_makes_its_example_measure_what_it_says(row: dict[str, Any], lexicon: QuantityLexicon) -> None:
    assert row["measure"] in words.MEASURE
    (figure,) = reported(row["example"], lexicon)
    assert figure.measure == row["measure"]
    assert (figure.value < 0) == (row["sign"] == "-")


@pytest.mark.parametrize("row", [pytest.param(r, id=r["word"]) for r in rows("multiples.csv")])
def test_every_multiple_is_found_in_its_example(row: dict[str, Any], lexicon: QuantityLexicon) -> None:
    (figure,) = reported(row["example"], lexicon)
    factor = float(row["factor"])
    assert (figure.value, figure.unit) == ((factor, "times") if factor > 1 else (-100 * (1 - factor), "percent"))


@pytest.mark.parametrize("row", [pytest.param(r, id=r["phrase"]) for r in rows("bounds.csv")])
def test_every_bound_bounds(row: dict[str, Any], lexicon: QuantityLexicon) -> None:
    before, behind = (f"{row['phrase']} ", "") if row["place"] == "before" else ("", f" {row['phrase']}")
    (figure,) = reported(f"It has {before}500 km{behind} of range.", lexicon)
    assert figure.bound == row["bound"]
