"""What `evpact review` shows: questions for a person, each with the sentences and the commands that answer it."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Final

from rich.markup import escape
from rich.padding import Padding

from evpact.reviews import ORGANIZATION_REVIEWS
from evpact.settings import REFERENCE
from evpact.vocabulary import NAME_REASON
from flows.console import OUT

if TYPE_CHECKING:
    from pathlib import Path

    from tasks.resolution.review import Question

_TOLD: Final = {
    "same": "counted as one organisation",
    "different": "counted as two organisations",
    "parent": "the second is taken for the parent of the first",
}


def show_questions(questions: list[Question], limit: int, reference: Path) -> None:
    """The questions that are worth most, with what to type to answer them.

    Args:
        questions: What is asked, worth most first.
        limit: How many to show.
        reference: The folder of reference tables in which a decision is kept.
    """
    if not questions:
        OUT.print("Nothing to decide: every name is settled.")
        return
    for number, question in enumerate(questions[:limit], start=1):
        _HEADINGS[question.kind](number, question)
    rest = len(questions) - limit
    if rest > 0:
        OUT.print(f"{rest:,} more are worth less; `--limit {len(questions)}` shows all.", style="dim")
    OUT.print(
        f"A decision is kept in {reference / ORGANIZATION_REVIEWS.name}.csv and counts from the next `evpact run` on"
        f"{'' if reference == REFERENCE else ' with this --reference'}.",
        style="dim",
        soft_wrap=True,
    )


def _names(number: int, q: Question) -> None:
    OUT.print(f"[bold]{number}. {escape(q.name)}  ↔  {escape(q.other)}[/]", soft_wrap=True)
    OUT.print(
        f"   {_TOLD[q.decision]} ({q.score:.2f}): {NAME_REASON[q.reason]}; {_articles(q)}", style="cyan", soft_wrap=True
    )
    _sentences(q.name, q.evidence)
    _sentences(q.other, q.other_evidence)
    names = f"{shlex.quote(q.name)} {shlex.quote(q.other)}"
    OUT.print(
        f"   evpact review same {names} --reason '…'   (or different, or parent)\n",
        style="dim",
        markup=False,
        soft_wrap=True,
    )


def _new(number: int, q: Question) -> None:
    OUT.print(f"[bold]{number}. {escape(q.name)}[/] is new ({escape(q.other)}); {_articles(q)}", soft_wrap=True)
    _sentences(q.name, q.evidence)
    OUT.print(
        "   Known under another name? evpact review same "
        f"{shlex.quote(q.name)} 'the other name' --reason '…'\n"
        "   Else give it a row in seeds/reference/organizations.csv.\n",
        style="dim",
        markup=False,
        soft_wrap=True,
    )


def _party(number: int, q: Question) -> None:
    doubt = f"may be no organisation: it {escape(q.other)} ({q.score:.2f})"
    OUT.print(f"[bold]{number}. {escape(q.name)}[/] {doubt}; {_articles(q)}", soft_wrap=True)
    _sentences(q.name, q.evidence)
    OUT.print(
        "   None? Give the last word of the name a row in seeds/reference/no_organizations.csv.\n"
        f"   Known under another name? evpact review same {shlex.quote(q.name)} 'the other name' --reason '…'\n",
        style="dim",
        markup=False,
        soft_wrap=True,
    )


def _contested(number: int, q: Question) -> None:
    OUT.print(f"[bold]{number}. {escape(q.name)}[/] is contested; {_articles(q)}", soft_wrap=True)
    _sentences("", q.evidence)
    OUT.print(
        f"   All that is told: evpact show --partnership {shlex.quote(q.other)}\n",
        style="dim",
        markup=False,
        soft_wrap=True,
    )


_HEADINGS: Final = {"names": _names, "new": _new, "party": _party, "contested": _contested}


def _articles(q: Question) -> str:
    return "1 article" if q.articles == 1 else f"{q.articles:,} articles"


def _sentences(name: str, sentences: tuple[str, ...]) -> None:
    for text in sentences:
        shown = escape(" ".join(text.split()))
        marked = shown.replace(escape(name), f"[bold]{escape(name)}[/]") if name else shown
        OUT.print(Padding(f"“{marked}”", (0, 2, 0, 5)))
