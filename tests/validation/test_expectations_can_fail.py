"""Every expectation is proven able to fail, for its own reason."""

from __future__ import annotations

import pytest

from expectations import content_rules
from tests.validation.conftest import Bench
from tests.validation.corruptions import CORRUPTIONS


def test_every_expectation_has_a_corruption_and_every_corruption_an_expectation() -> None:
    assert CORRUPTIONS.keys() == {rule.name for rule in content_rules()}


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_corruption_is_caught_for_its_reason(name: str, bench: Bench) -> None:
    corruption, sample = CORRUPTIONS[name], bench.sample()
    corruption.apply(sample)
    findings = bench.findings(sample, name)
    assert name in findings
    assert findings[name].severity == bench.rules[name].severity
    assert findings[name].count > 0
    others = {other for other, finding in findings.items() if finding.severity == "critical"} - {name}
    assert others <= corruption.also
