"""Train the two linear models of the extractor on labelled sentences.

    python -m training.train            prints what cross-validation gives, and writes the tables of weights

`training/deals/*.jsonl` holds the sentences, written for this project: `text`, `orgs` (every organisation named) and
`deals` (every partnership told, with `parties`, `kind` and `status` as in `evpact.vocabulary`). The pairs are trained
on the labelled articles of `benchmarks/` too, but never on those held back.
"""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from benchmarks.score import parts, read_articles, read_labels
from benchmarks.scoring import named_pairs, same_pair
from evpact.ids import article_id
from evpact.reference import load_reference
from evpact.settings import REFERENCE
from evpact.vocabulary import PARTNERSHIP_KIND, STATUS
from tasks.extraction.lexicon import get_lexicon
from tasks.extraction.linear import BIAS
from tasks.extraction.mentions import known_names
from tasks.extraction.nlp import parse
from tasks.extraction.pairs import DEAL, signs
from tasks.extraction.rules import RuleExtractor
from tasks.extraction.strangers import LABEL, runs_of
from tasks.records import Article

SENTENCES: Final = Path(__file__).parent / "deals"

_FOLDS: Final = 5
_RARE: Final = 2
"""Texts that must show a sign for it to count."""
_SMALL: Final = 0.02
"""Weights below this are left out of the table."""
_STRENGTH: Final = 0.1
"""Inverse of the regularisation (scikit-learn's C); chosen by cross-validation."""
_THRESHOLDS: Final = (0.4, 0.5, 0.6, 0.7, 0.8)


@dataclass(frozen=True)
class Example:
    """What a model sees, what is right, and the number of the text it comes from."""

    signs: Sequence[str]
    label: str
    text: int


@dataclass(frozen=True)
class Labelled:
    """A text with the deals it tells, as two sides with kind and status, and with all organisations, if labelled."""

    article: Article
    deals: Sequence[tuple[tuple[str, ...], tuple[str, ...], str | None, str]]
    orgs: frozenset[str] | None


def labelled_sentences(folder: Path = SENTENCES) -> Iterator[Labelled]:
    """The sentences written for training."""
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            row = json.loads(line)
            deals = [
                ((one,), (other,), deal["kind"], deal["status"])
                for deal in row["deals"]
                for one, other in combinations(deal["parties"], 2)
            ]
            article = Article(article_id(row["text"]), None, row["text"], language="en")
            yield Labelled(article, deals, frozenset(row["orgs"]))


def labelled_articles() -> Iterator[Labelled]:
    """The labelled articles that are not held back."""
    labels = read_labels()
    mine = {i: labels[i] for i in parts(labels)["developing"]}
    for article, label in zip(read_articles(mine), mine.values(), strict=True):
        events = [event for event in label["events"] if event["type"] == "partnership"]
        deals = [(*pair, e["kind"], e["status"]) for e in events for pair in named_pairs([e])]
        yield Labelled(article, deals, None)


def name_examples(texts: Sequence[Labelled], folder: Path = REFERENCE) -> Iterator[Example]:
    """Every run of capitalised words that may be a name, and whether it is an organisation's."""
    lexicon = get_lexicon(load_reference(folder), folder)
    for number, text in enumerate(texts):
        if text.orgs is None:
            continue
        doc = parse(text.article.text)
        for run in runs_of(doc, lexicon, *known_names(doc, lexicon)):
            if not run.barred:
                right = run.span.text in text.orgs
                yield Example(run.signs, LABEL if right else "", number)


def pair_examples(
    texts: Sequence[Labelled], extractor: RuleExtractor
) -> Iterator[tuple[Example, Example | None, Example | None]]:
    """Every two companies of a sentence: whether a deal between them is told, of what kind, and how far it has got."""
    for number, text in enumerate(texts):
        understood = extractor.understand(text.article, parse(text.article.text))
        drafts = extractor.drafter.framed(understood)
        for _, pair in extractor.drafter.pairs(understood, drafts):
            sides = tuple((e.name, *e.aliases) for e in (pair.left, pair.right))
            deal = next((d for d in text.deals if same_pair(d[:2], sides)), None)
            shown = signs(pair)
            yield (
                Example(shown, DEAL if deal else "", number),
                Example(shown, deal[2], number) if deal and deal[2] else None,
                Example(shown, deal[3], number) if deal else None,
            )


@dataclass(frozen=True)
class Trained:
    """A logistic regression over signs that stand in several texts."""

    vectors: DictVectorizer
    model: LogisticRegression

    def probabilities(self, examples: Sequence[Example]) -> NDArray[np.float64]:
        """Probability of each class by example; classes as in `model.classes_`."""
        found: NDArray[np.float64] = self.model.predict_proba(
            self.vectors.transform([dict.fromkeys(e.signs, 1) for e in examples])
        )
        return found

    def weights(self, labels: Iterable[str]) -> Iterator[tuple[str, str, float]]:
        """Label, sign and weight, that of the bias first."""
        names = [BIAS, *self.vectors.get_feature_names_out()]
        classes = list(self.model.classes_)
        rows = self.model.coef_ if len(classes) > 2 else [-self.model.coef_[0], self.model.coef_[0]]
        biases = self.model.intercept_ if len(classes) > 2 else [-self.model.intercept_[0], self.model.intercept_[0]]
        for label in labels:
            if label in classes:
                place = classes.index(label)
                for name, weight in zip(names, [biases[place], *rows[place]], strict=True):
                    if name == BIAS or abs(weight) >= _SMALL:
                        yield label, name, float(weight)


def train(examples: Sequence[Example]) -> Trained:
    """Fit a model; signs that stand in one text alone are left out."""
    texts: dict[str, set[int]] = defaultdict(set)
    for example in examples:
        for sign in example.signs:
            texts[sign].add(example.text)
    common = {sign for sign, where in texts.items() if len(where) >= _RARE}
    vectors = DictVectorizer()
    rows = vectors.fit_transform([{sign: 1 for sign in e.signs if sign in common} for e in examples])
    return Trained(
        vectors, LogisticRegression(C=_STRENGTH, max_iter=5000, tol=1e-3).fit(rows, [e.label for e in examples])
    )


def cross_validated(examples: Sequence[Example]) -> list[dict[str, float]]:
    """Probability of every label for each example, by a model that has not seen its text."""
    found: list[dict[str, float]] = [{} for _ in examples]
    for seen, unseen in GroupKFold(_FOLDS).split(examples, groups=[e.text for e in examples]):
        trained = train([examples[i] for i in seen])
        for i, row in zip(unseen, trained.probabilities([examples[i] for i in unseen]), strict=True):
            found[i] = dict(zip(trained.model.classes_, map(float, row), strict=True))
    return found


def report_thresholds(name: str, examples: Sequence[Example], label: str) -> None:
    """Print precision and recall of a label at several thresholds, cross-validated."""
    probabilities = [each.get(label, 0.0) for each in cross_validated(examples)]
    wanted = sum(e.label == label for e in examples)
    print(f"{name}: {len(examples)} examples, {wanted} of {label}")
    for threshold in _THRESHOLDS:
        taken = [e.label == label for e, p in zip(examples, probabilities, strict=True) if p >= threshold]
        print(f"  from {threshold}: precision {sum(taken) / max(1, len(taken)):.2f}, recall {sum(taken) / wanted:.2f}")


def report_right(name: str, examples: Sequence[Example]) -> None:
    """Print how often the likeliest label is right, cross-validated."""
    right = [max(p, key=p.__getitem__) == e.label for e, p in zip(examples, cross_validated(examples), strict=True)]
    print(f"{name}: {len(examples)} examples, {sum(right) / len(right):.2f} right")


def write_weights(path: Path, rows: Iterable[tuple[str, str, float]]) -> None:
    """Write a table of weights, sorted so that a change of the data shows as a readable change of the table."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("label", "sign", "weight"))
        writer.writerows((label, sign, f"{weight:.3f}") for label, sign, weight in sorted(rows))


def main() -> None:
    """Train both models, names first: the second sees the names that the first finds."""
    sentences = list(labelled_sentences())
    names = list(name_examples(sentences))
    report_thresholds("names", names, LABEL)
    write_weights(REFERENCE / "name_weights.csv", train(names).weights([LABEL]))
    pairs = list(pair_examples([*sentences, *labelled_articles()], RuleExtractor(REFERENCE)))
    deals, kinds, statuses = ([example for group in pairs if (example := group[i])] for i in range(3))
    report_thresholds("pairs", deals, DEAL)
    report_right("kinds", kinds)
    report_right("statuses", statuses)
    weights = [
        *train(deals).weights([DEAL]),
        *train(kinds).weights(PARTNERSHIP_KIND),
        *train(statuses).weights(STATUS),
    ]
    write_weights(REFERENCE / "pair_weights.csv", weights)


if __name__ == "__main__":
    main()
