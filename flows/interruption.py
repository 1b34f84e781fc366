"""Ctrl-C ends a run within seconds, whatever it is doing.

`KeyboardInterrupt` alone does not see to that: DuckDB makes another error of it, a finaliser that happens to be at work
swallows it, and Prefect may wait long for a server that is gone. So it is remembered that it came, and what has not
ended by itself some seconds later is ended.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import active_children
from threading import Event, Thread
from types import FrameType
from typing import Final

from flows.console import ERR

INTERRUPTED: Final = 130
"""Exit code of what was interrupted, as shells have it."""

_PATIENCE: Final = 5.0
"""Seconds that an interrupted run has to end by itself."""


def on_interruption(act: Callable[[int, FrameType | None], None] = signal.default_int_handler) -> None:
    """What Ctrl-C does from now on, and with it the end of the terminal and a request to terminate.

    They all come to the same: what was started beside the command is in no group with it and must be ended by it.
    Polars, once imported, has a handler of Ctrl-C below Python's that leaves a wait for other processes uninterrupted;
    this takes its place.
    """
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)  # Windows has no SIGHUP
        if number and signal.getsignal(number) != signal.SIG_IGN:  # as under nohup
            signal.signal(number, act)


@contextmanager
def interruptible(message: str, clean_up: Callable[[], None]) -> Iterator[None]:
    """Within the context, an interruption ends the process soon, with a message and exit code 130.

    Args:
        message: What is kept and how to go on.
        clean_up: Ends what would stay behind if the process has to be ended from outside the work.

    Raises:
        SystemExit: Ctrl-C came, and something was raised, whatever it was.
    """
    came, on_its_way, swallowed, told = Event(), Event(), Event(), Event()

    def interrupt(_: int, __: FrameType | None) -> None:
        if not on_its_way.is_set():  # once is enough: pressed again, it would only disturb the end
            on_its_way.set()
            came.set()
            raise KeyboardInterrupt

    def unraisable(found: sys.UnraisableHookArgs) -> None:
        if found.exc_type is KeyboardInterrupt:
            on_its_way.clear()
            swallowed.set()
        else:
            sys.__unraisablehook__(found)

    def tell() -> None:
        if not told.is_set():
            told.set()
            ERR.print(message, soft_wrap=True)

    def insist() -> None:
        came.wait()
        until = time.monotonic() + _PATIENCE
        while swallowed.wait(max(until - time.monotonic(), 0)):
            swallowed.clear()
            time.sleep(0.1)  # not into what swallowed it, which is just ending
            os.kill(os.getpid(), signal.SIGINT)
        clean_up()
        for child in active_children():
            child.kill()
        ERR.show_cursor()
        tell()
        os._exit(INTERRUPTED)

    Thread(target=insist, daemon=True).start()
    on_interruption(interrupt)
    sys.unraisablehook = unraisable
    try:
        yield
    except BaseException:
        if not came.is_set():
            raise
        tell()
        sys.exit(INTERRUPTED)
