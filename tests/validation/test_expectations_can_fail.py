"""Every expectation is proven able to fail, for its own reason."""

from __future__ import annotations

import pytest

from expectations import content_rules
from tests.validation.bench import Bench
from tests.validation.corruptions import CORRUPTIONS


def test_every_expectation_has_a_corruption_and_every_corruption_an_expectation() -> None:
    assert CORRUPTIONS.keys() == {rule.name for rule in content_rules()}


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_corruption_is_caught_for_its_reason(name: str, bench: Bench) -> None:
    corruption, sample = CORRUPTIONS[name], bench.sample()
    corruption.apply(sample)
    broken = bench.broken(sample, name)
    assert name in broken
    critical = {other for other in broken if bench.rules[other].severity == "critical"}
    assert critical - {name} <= corruption.also
