"""What a person sees in the terminal: progress and short lines on standard error, results on standard output."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

T = TypeVar("T")

OUT: Final = Console(highlight=False)
ERR: Final = Console(stderr=True, highlight=False)


def progress(items: Iterable[T], description: str, total: int | None = None) -> Iterator[T]:
    """The items, with a bar on standard error while they are gone through; silent where no one watches."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=ERR, transient=True, disable=not ERR.is_terminal) as bar:
        yield from bar.track(items, total=total, description=description)


def counted(number: int, thing: str) -> str:
    """A number of things as people say it: `1 article`, `1,200 articles`."""
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"
