"""Every expectation is proven able to fail."""

from __future__ import annotations

import pytest

from expectations import content_rules
from tests.validation.bench import Bench
from tests.validation.corruptions import CORRUPTIONS


def test_every_expectation_has_a_corruption_and_every_corruption_an_expectation() -> None:
    assert CORRUPTIONS.keys() == {rule.name for rule in content_rules()}


@pytest.fixture(scope="module")
def broken(bench: Bench, request: pytest.FixtureRequest) -> dict[str, dict[str, int]]:
    """What the corruptions of the selected tests break."""
    selected = [getattr(item, "callspec").params["name"] for item in request.session.items if item.name in _TESTS]  # noqa: B009
    return bench.broken({name: CORRUPTIONS[name] for name in selected}, named=True)


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_corruption_is_caught(name: str, broken: dict[str, dict[str, int]]) -> None:
    assert name in broken[name]


_TESTS = {f"{test_corruption_is_caught.__name__}[{name}]" for name in CORRUPTIONS}
