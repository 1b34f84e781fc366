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
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import combinations
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final, TypeVar

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from benchmarks.score import parts, read_articles, read_labels
from benchmarks.scoring import named_pairs, same_pair, same_participant
from evpact.ids import article_id
from evpact.reference import load_reference
from evpact.settings import REFERENCE
from evpact.vocabulary import FACILITY_KIND, PARTNERSHIP_KIND, STATUS, TRADE_POLICY_KIND
from tasks.extraction.drafted import Framed
from tasks.extraction.events import framed_deal
from tasks.extraction.frames import read_lexicon
from tasks.extraction.lexicon import get_lexicon
from tasks.extraction.linear import BIAS
from tasks.extraction.mentions import known_names
from tasks.extraction.nlp import parse
from tasks.extraction.pairs import DEAL, signs, status_signs
from tasks.extraction.parties import Reader, Understood
from tasks.extraction.rules import RuleExtractor
from tasks.extraction.strangers import LABEL, runs_of
from tasks.extraction.tellings import (
    AFFECTED,
    PRODUCTION,
    SITE,
    TARGET,
    WITH_TOPIC,
    dealings,
    label_of,
    shown_of,
)
from tasks.extraction.tellings import status_signs as telling_status_signs
from tasks.extraction.told import TOLD
from tasks.records import Article

SENTENCES: Final = Path(__file__).parent / "deals"
NEWS: Final = Path(__file__).parent / "articles"

_FOLDS: Final = 5
_RARE: Final = 4
"""Texts that must show a sign for it to count."""
_SMALL: Final = 0.03
"""Weights below this are left out of the table."""
_STRENGTH: Final = 0.1
"""Inverse of the regularisation (scikit-learn's C); chosen by cross-validation."""
_THRESHOLDS: Final = (0.4, 0.5, 0.6, 0.7, 0.8)


_LEFT_OUT: Final = 10
"""One article in so many is left out, so that there are some that no model has learnt from."""
_PROCESSES: Final = 2
_CHUNK: Final = 20
_SLACK: Final = 2
"""Characters by which a sentence and what tells an event may overlap without being the same: a blank, a full stop."""

Deal = tuple[tuple[str, ...], tuple[str, ...], str | None, str | None]
"""Names of the one side, names of the other, kind and status."""
T = TypeVar("T")


@dataclass(frozen=True)
class Example:
    """What a model sees, what is right, and the number of the text it comes from."""

    signs: Sequence[str]
    label: str
    text: int


@dataclass(frozen=True)
class Labelled:
    """A text with the deals it tells, as two sides with kind and status, and with all organisations, if labelled.

    `is_complete` says whether its events, where there are any, name all sentences that tell them.
    """

    article: Article
    deals: Sequence[Deal]
    orgs: frozenset[str] | None
    events: Sequence[Mapping[str, Any]] | None = None
    is_complete: bool = True


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


def labelled_news(folder: Path = NEWS) -> Iterator[Labelled]:
    """The articles written for training."""
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            row = json.loads(line)
            article = Article(
                article_id(row["text"]),
                row["title"],
                row["text"],
                language="en",
                published=date.fromisoformat(row["published"]),
            )
            orgs = frozenset(form for org in row["orgs"] for form in (org["name"], *org.get("also", ())))
            yield Labelled(article, labelled_deals(row["events"]), orgs, row["events"])


def is_left_out(number: str) -> bool:
    """Whether the article with an id is kept from the models, to see what they reach on unseen ones."""
    return int(number, 16) % _LEFT_OUT == 0


def labelled_frames(folder: Path = REFERENCE) -> Iterator[Labelled]:
    """The examples of the frames: what frames know, the models shall believe."""
    for frame in read_lexicon(folder).frames:
        pairs = (pair.partition("=") for pair in frame.expect.split(";"))
        participants = [{"name": name.strip(), "role": role.strip()} for name, _, role in pairs]
        event = {
            "type": frame.type,
            "kind": frame.kind,
            "status": None,
            "participants": participants,
            "evidence": frame.example,
        }
        article = Article(article_id(frame.example), None, frame.example, language="en")
        yield Labelled(article, labelled_deals([event]), None, [event])


def labelled_articles() -> Iterator[Labelled]:
    """The labelled articles that are not held back; of what is told twice, the best sentence alone is labelled."""
    labels = read_labels()
    mine = {i: labels[i] for i in parts(labels)["developing"]}
    for article, label in zip(read_articles(mine), mine.values(), strict=True):
        yield Labelled(article, labelled_deals(label["events"]), None, label["events"], is_complete=False)


def labelled_deals(events: Iterable[Mapping[str, Any]]) -> list[Deal]:
    """Every two parties of the partnerships among labelled events."""
    partnerships = [event for event in events if event["type"] == "partnership"]
    return [
        (*pair, e["kind"], e["status"]) for e in partnerships for pair in named_pairs([e]) if _deal_together(pair, e)
    ]


def _deal_together(pair: Sequence[Sequence[str]], event: Mapping[str, Any]) -> bool:
    """Whether two parties deal with each other: not two suppliers of one customer, or two customers of one supplier."""
    roles = [{p["role"] for p in event["participants"] if same_participant(p, names)} for names in pair]
    on_one_side = roles[0] == roles[1] and roles[0] in ({"supplier"}, {"customer"})
    return not (on_one_side and {"supplier", "customer"} <= {p["role"] for p in event["participants"]})


def name_examples(number: int, text: Labelled) -> list[Example]:
    """Every run of capitalised words that may be a name, and whether it is an organisation's."""
    lexicon = get_lexicon(load_reference(REFERENCE), REFERENCE)
    doc = parse(text.article.text)
    return [
        Example(run.signs, LABEL if run.span.text in (text.orgs or ()) else "", number)
        for run in runs_of(doc, lexicon, *known_names(doc, lexicon))
        if not run.barred
    ]


@dataclass
class Examples:
    """Examples of a text for the models of pairs and of tellings, by what is to be learnt."""

    deals: list[Example] = field(default_factory=list)
    kinds: list[Example] = field(default_factory=list)
    statuses: list[Example] = field(default_factory=list)
    told: dict[str, list[Example]] = field(default_factory=lambda: defaultdict(list))

    def add(self, other: Examples) -> None:
        """Take in the examples of another text."""
        self.deals += other.deals
        self.kinds += other.kinds
        self.statuses += other.statuses
        for label, examples in other.told.items():
            self.told[label] += examples


@lru_cache(maxsize=1)
def extractor() -> RuleExtractor:
    """The extractor, built once in a process."""
    return RuleExtractor(REFERENCE)


def examples_of(number: int, text: Labelled) -> Examples:
    """What the models of pairs and of tellings may learn from a text."""
    rules = extractor()
    understood = rules.understand(text.article, parse(text.article.text))
    framed = rules.drafter.framed(understood)
    found = Examples()
    for place, pair in rules.drafter.pairs(understood, framed.drafts):
        sides = tuple((e.name, *e.aliases) for e in (pair.left, pair.right))
        sentence = understood.sentences[place]
        here = [e for e in text.events or () if is_told_in(e, text.article.text, sentence.start, sentence.end)]
        told = [*labelled_deals(here), *text.deals]
        deal = next((d for d in told if same_pair(d[:2], sides)), None)
        shown = signs(pair, framed_deal(pair, place, framed.drafts), framed.halves.get(place, ()))
        found.deals.append(Example(shown, DEAL if deal else "", number))
        if deal and deal[2]:
            found.kinds.append(Example(shown, deal[2], number))
        if deal and deal[3]:
            by_status = status_signs(pair, shown, rules.drafter.lexicon)
            found.statuses.append(Example(by_status, deal[3], number))
    if text.events is not None and text.is_complete:
        _add_tellings(found, number, text, understood, framed)
    return found


def _add_tellings(found: Examples, number: int, text: Labelled, understood: Understood, framed: Framed) -> None:
    """Everybody in a sentence, with the labels of the events that it tells of him."""
    rules = extractor()
    lexicon = rules.drafter.lexicon
    for place, sentence in enumerate(understood.sentences):
        if not rules.drafter.may_tell(understood, place):
            continue
        told = [e for e in text.events or () if is_told_in(e, text.article.text, sentence.start, sentence.end)]
        here = [e for e in told if e["type"] != "partnership"]
        deals = [e for e in told if e["type"] == "partnership"]
        drafts = [d for d in framed.drafts if d.sentence == place]
        reader = Reader(understood, place)
        seen = shown_of(reader, drafts, framed.halves.get(place, ()), lexicon)
        for telling, topic, shown in dealings(seen, reader):
            sides = [rules.names_of(party, understood) for party in (telling.who, topic)]
            deal = next((e for e in deals if all(role_in(e, side) != "" for side in sides)), None)
            found.told[WITH_TOPIC].append(Example(shown, WITH_TOPIC if deal else "", number))
            if deal and deal["status"]:
                by_status = telling_status_signs(telling, WITH_TOPIC, shown, lexicon)
                found.told["status"].append(Example(by_status, deal["status"], number))
            if deal and deal["kind"]:
                found.told["kind of deal"].append(Example(shown, f"{WITH_TOPIC}: {deal['kind']}", number))
        for telling, shown in seen:
            names = rules.names_of(telling.who, understood)
            mine = [(e, role) for e in here if (role := role_in(e, names)) != ""]
            labels = {label_of(e["type"]): (e, role) for e, role in reversed(mine)}
            for label in TOLD:
                found.told[label].append(Example(shown, label if label in labels else "", number))
            for label, (event, role) in labels.items():
                if event["status"]:
                    by_status = telling_status_signs(telling, label, shown, lexicon)
                    found.told["status"].append(Example(by_status, event["status"], number))
                if label == SITE:
                    made = event["type"] == PRODUCTION
                    found.told[PRODUCTION].append(Example(shown, PRODUCTION if made else "", number))
                if label == "trade_policy":
                    found.told[AFFECTED].append(Example(shown, AFFECTED if role == AFFECTED else "", number))
                if label == "investment":
                    found.told[TARGET].append(Example(shown, TARGET if role == TARGET else "", number))
                if event["kind"]:
                    found.told[f"kind of {label}"].append(Example(shown, event["kind"], number))


def is_told_in(event: Mapping[str, Any], text: str, start: int, end: int) -> bool:
    """Whether a sentence is one of those that tell a labelled event."""
    told = [(at, at + len(s)) for s in (event["evidence"], *event.get("also", ())) if (at := text.find(s)) >= 0]
    return any(first < end - _SLACK and start < last - _SLACK for first, last in told)


def role_in(event: Mapping[str, Any], names: Sequence[str]) -> str | None:
    """The role that somebody has in a labelled event; empty if he has none or only gives it its place."""
    for participant in event["participants"]:
        if participant["role"] != "host" and same_participant(participant, names):
            role: str | None = participant["role"]
            return role
    return ""


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


def _in_parallel(work: Callable[[int, Labelled], T], texts: Sequence[Labelled]) -> Iterator[T]:
    with ProcessPoolExecutor(_PROCESSES, mp_context=get_context("spawn")) as pool:
        yield from pool.map(work, range(len(texts)), texts, chunksize=_CHUNK)


def main() -> None:
    """Train the models, that of names first: the others see the names that it finds."""
    sentences = list(labelled_sentences())
    news = [text for text in labelled_news() if not is_left_out(text.article.article_id)]
    names = [example for examples in _in_parallel(name_examples, [*sentences, *news]) for example in examples]
    report_thresholds("names", names, LABEL)
    write_weights(REFERENCE / "name_weights.csv", train(names).weights([LABEL]))
    found = Examples()
    for examples in _in_parallel(examples_of, [*sentences, *news, *labelled_frames(), *labelled_articles()]):
        found.add(examples)
    report_thresholds("pairs", found.deals, DEAL)
    report_right("kinds", found.kinds)
    report_right("statuses", found.statuses)
    weights = [
        *train(found.deals).weights([DEAL]),
        *train(found.kinds).weights(PARTNERSHIP_KIND),
        *train(found.statuses).weights(STATUS),
    ]
    write_weights(REFERENCE / "pair_weights.csv", weights)
    for label in (*TOLD, WITH_TOPIC):
        report_thresholds(f"tellings of {label}", found.told[label], label)
    report_right("statuses of tellings", found.told["status"])
    weights = [row for label, examples in sorted(found.told.items()) for row in train(examples).weights(_labels(label))]
    write_weights(REFERENCE / "telling_weights.csv", weights)


def _labels(learnt: str) -> Collection[str]:
    """The labels whose weights are kept of what is learnt of tellings."""
    kinds: dict[str, Collection[str]] = {
        "status": STATUS,
        f"kind of {SITE}": FACILITY_KIND,
        "kind of trade_policy": TRADE_POLICY_KIND,
    }
    kinds["kind of deal"] = [f"{WITH_TOPIC}: {kind}" for kind in PARTNERSHIP_KIND]
    return kinds.get(learnt, (learnt,))


if __name__ == "__main__":
    main()
