"""CPU work over many items, in their order, in several processes where that pays."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context
from typing import Any, TypeVar

T = TypeVar("T")
R = TypeVar("R")


def batched(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """The items in lists of up to `size`."""
    source = iter(items)
    while batch := list(islice(source, size)):
        yield batch


def map_batches(
    work: Callable[[Sequence[T]], Sequence[R]],
    items: Sequence[T],
    *,
    size: int,
    processes: int,
    initializer: Callable[..., None] | None = None,
    initargs: tuple[Any, ...] = (),
) -> Iterator[R]:
    """The results of `work` on batches of items, item by item in their order.

    Args:
        work: A function of a module that gives one result for each item of a batch.
        items: What to work on.
        size: Items of a batch.
        processes: Processes at most; a single batch is worked on in this one.
        initializer: Run once in every process before its first batch.
        initargs: Arguments of the initializer.
    """
    batches = list(batched(items, size))
    workers = min(processes, len(batches))
    if workers <= 1:
        if initializer:
            initializer(*initargs)
        for batch in batches:
            yield from work(batch)
        return
    # Spawned, not forked: the caller may run threads (Prefect does), and a lock forked while held stays locked.
    with ProcessPoolExecutor(workers, get_context("spawn"), initializer, initargs) as pool:
        for results in pool.map(work, batches):
            yield from results
