"""Work in several processes, and what becomes of them when it is interrupted."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Sequence

from tasks.parallel import map_batches


def _hears_ctrl_c(items: Sequence[int]) -> list[bool]:
    os.kill(os.getpid(), signal.SIGINT)
    return [True for _ in items]


def _first_at_once(items: Sequence[int]) -> list[int]:
    time.sleep(0 if items[0] == 0 else 600)
    return list(items)


def test_ctrl_c_is_for_the_process_that_asked() -> None:
    assert list(map_batches(_hears_ctrl_c, [[1], [2]], processes=2)) == [True, True]


def test_who_asks_for_no_more_does_not_wait_for_what_is_begun() -> None:
    results = map_batches(_first_at_once, [[0], [1], [2]], processes=2)
    assert next(results) == 0
    results.close()  # type: ignore[attr-defined]
