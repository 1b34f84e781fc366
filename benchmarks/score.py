"""Scores extraction of the bundled articles against their labels: `make score`.

Prints the table for the part that was used while developing and the part that was held back (every third article),
confidence beside what it is worth, and every disagreement with its sentence: the place to start for who wants to make
extraction better. Ends with 1 if a figure lies below its floor in `floors.toml`.

    python -m benchmarks.score                      both parts
    python -m benchmarks.score --labels FOLDER      other labels: JSON files in the form of benchmarks/labels, each
                                                    naming its article in `file`, read from --articles FOLDER
"""

from __future__ import annotations

import argparse
import json
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from benchmarks.scoring import Disagreement, Score, score
from evpact.settings import EXTRACTOR, REFERENCE
from flows.reading import extraction_record, read_paths
from tasks.extraction import extract_articles
from tasks.records import Article

LABELS: Final = Path(__file__).parent / "labels"
FLOORS: Final = Path(__file__).parent / "floors.toml"
ARTICLES: Final = Path(__file__).parents[1] / "seeds" / "articles"
LEVELS: Final = (0.8, 0.7, 0.6, 0.0)

_HELD_BACK: Final = "held back"
_DEVELOPING: Final = "developing"


def read_labels(folder: Path = LABELS) -> dict[str, dict[str, Any]]:
    """Labelled articles by id: `file`, `relevant` and `events`, in the order of their ids."""
    labels = (json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.json")))
    return {label["id"]: label for label in labels}


def parts(labels: Mapping[str, Any]) -> dict[str, list[str]]:
    """Ids of the articles of each part: every third is held back."""
    ids = sorted(labels)
    held = ids[2::3]
    return {_DEVELOPING: [i for i in ids if i not in held], _HELD_BACK: held}


def extract_labelled(labels: Mapping[str, Any], articles: Path = ARTICLES) -> dict[str, list[dict[str, Any]]]:
    """Events extracted from the labelled articles, in the form of the labels."""
    read = read_articles(labels, articles)
    found = extract_articles(read, EXTRACTOR, REFERENCE, processes=2)
    return {
        i: extraction_record(i, article, extraction)["events"]
        for i, article, extraction in zip(labels, read, found, strict=True)
    }


def read_articles(labels: Mapping[str, Any], articles: Path = ARTICLES) -> list[Article]:
    """The articles that labels are of, in the order of the labels."""
    readings = [reading for _, reading in read_paths([str(articles / label["file"]) for label in labels.values()])]
    read = [reading for reading in readings if isinstance(reading, Article)]
    if len(read) < len(readings):
        raise SystemExit(next(reading for reading in readings if isinstance(reading, str)))
    return read


def score_parts(labels: Mapping[str, dict[str, Any]], found: Mapping[str, list[dict[str, Any]]]) -> dict[str, Score]:
    """The score of each part."""
    return {part: score({i: labels[i]["events"] for i in ids}, found) for part, ids in parts(labels).items()}


def below_floors(scores: Mapping[str, Score], floors: Mapping[str, Mapping[str, float]]) -> list[str]:
    """Figures that lie below their floors, as sentences."""
    figures = {part: one.figures() for part, one in scores.items()}
    return [
        f"{part}: {name} is {figures[part][name]:.3f}, its floor {floor:.3f}"
        for part, pinned in floors.items()
        for name, floor in pinned.items()
        if figures[part][name] < floor
    ]


def read_floors() -> dict[str, dict[str, float]]:
    """Pinned floors by part and figure."""
    return tomllib.loads(FLOORS.read_text("utf-8"))


def main() -> int:
    """Print the report; 1 if a figure lies below its floor, 0 otherwise."""
    parser = argparse.ArgumentParser(
        prog="score", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--labels", type=Path, default=LABELS, help="folder of labels")
    parser.add_argument("--articles", type=Path, default=ARTICLES, help="folder of the articles they name")
    parser.add_argument("--held-back", action="store_true", help="show the disagreements of the held-back part too")
    options = parser.parse_args()
    console = Console()
    labels = read_labels(options.labels)
    if not labels:
        parser.error(f"there are no labels in {options.labels}")
    scores = score_parts(labels, extract_labelled(labels, options.articles))
    _print_disagreements(console, scores[_DEVELOPING].disagreements)
    if options.held_back:
        _print_disagreements(console, scores[_HELD_BACK].disagreements)
    console.print(_table(scores))
    console.print(_confidences(scores))
    failed = below_floors(scores, read_floors()) if options.labels == LABELS else []
    for line in failed:
        console.print(f"[red]{line}[/red]")
    return 1 if failed else 0


def _print_disagreements(console: Console, disagreements: list[Disagreement]) -> None:
    article = None
    for one in disagreements:
        if one.article != article:
            article = one.article
            console.print(f"\n[bold]{article}[/bold]")
        console.print(f"  [yellow]{one.what}[/yellow] {one.detail}", highlight=False)
        console.print(f"    {' '.join(one.evidence.split())}", style="dim", highlight=False)
    console.print()


def _table(scores: Mapping[str, Score]) -> Table:
    table = Table("figure", *(f"{part}, {s.articles} articles" for part, s in scores.items()))
    table.title = "precision, recall, F1 of so many labelled"
    for name in ("pairs", "events", "quantities"):
        table.add_row(name, *(_share(getattr(s, name)) for s in scores.values()))
    for name in sorted({name for s in scores.values() for name in s.by_type}):
        table.add_row(f"  {name}", *(_share(s.by_type.get(name)) for s in scores.values()))
    for name in ("status", "kind", "country", "date"):
        table.add_row(name, *(_value(s.matched[name]) for s in scores.values()))
    table.add_row("false alarms", *(f"{s.false_alarms} of {s.irrelevant}" for s in scores.values()))
    return table


def _confidences(scores: Mapping[str, Score]) -> Table:
    table = Table("confidence", *(f"right, {part}" for part in scores))
    for level in LEVELS:
        at = [[right for c, right in s.confidences if c >= level] for s in scores.values()]
        table.add_row(
            f"≥ {level}" if level else "all", *(f"{sum(r) / len(r):.2f} of {len(r)}" if r else "none" for r in at)
        )
    return table


def _share(share: Any) -> str:
    if share is None:
        return ""
    return f"{share.precision:.2f} {share.recall:.2f} {share.f1:.2f} of {share.labelled}"


def _value(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


if __name__ == "__main__":
    sys.exit(main())
