"""CPU work over many items, in their order, in several processes where that pays."""

from __future__ import annotations

import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from itertools import chain, islice
from multiprocessing import active_children, get_context
from typing import Any, TypeVar

T = TypeVar("T")
R = TypeVar("R")


def batched(
    items: Iterable[T], size: int, weigh: Callable[[T], int] = lambda _: 0, weight: int = sys.maxsize
) -> Iterator[list[T]]:
    """The items in lists of up to `size` that together weigh up to `weight`, or of one that weighs more."""
    batch: list[T] = []
    load = 0
    for item in items:
        if batch and (len(batch) == size or load + weigh(item) > weight):
            yield batch
            batch, load = [], 0
        batch.append(item)
        load += weigh(item)
    if batch:
        yield batch


def map_batches(
    work: Callable[[Sequence[T]], Sequence[R]],
    batches: Iterable[Sequence[T]],
    *,
    processes: int,
    initializer: Callable[..., None] | None = None,
    initargs: tuple[Any, ...] = (),
) -> Iterator[R]:
    """The results of `work` on batches of items, item by item in their order.

    Batches are taken only a little ahead of the results that are handed out.

    Args:
        work: A function of a module that gives one result for each item of a batch.
        batches: What to work on.
        processes: Processes at most; a single batch is worked on in this one.
        initializer: Run once in every process before its first batch.
        initargs: Arguments of the initializer.
    """
    waiting = iter(batches)
    first = list(islice(waiting, 2))
    if processes == 1 or len(first) < 2:
        if initializer and first:
            initializer(*initargs)
        for batch in chain(first, waiting):
            yield from work(batch)
        return
    # Spawned, not forked: the caller may run threads (Prefect does), and a lock forked while held stays locked.
    with ProcessPoolExecutor(processes, get_context("spawn"), initializer, initargs) as pool:
        running: deque[Future[Sequence[R]]] = deque()
        try:
            for batch in chain(first, waiting):
                with _deaf_to_interruption():
                    running.append(pool.submit(work, batch))
                if len(running) > processes:
                    yield from running.popleft().result()
            for future in running:
                yield from future.result()
        except BaseException:  # whoever interrupts, or asks for no more, is not to wait for what is begun
            for process in active_children():
                process.terminate()
            raise


@contextmanager
def _deaf_to_interruption() -> Iterator[None]:
    """Processes started within never hear Ctrl-C, at which each would print a traceback; this one hears it after."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
