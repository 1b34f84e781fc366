"""What the linear models and the encoder say together of an article.

The linear models see signs with names, the encoder sees the whole article: they err in different places. Their log odds
are added up with weights that were fitted on labelled articles which neither was trained on. Where the encoder was not
asked, the linear models decide alone, and the other way round.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, TypeVar

from evpact.vocabulary import FACILITY_KIND, PARTNERSHIP_KIND, STATUS, TRADE_POLICY_KIND
from tasks.extraction.encoder import (
    EVENTS,
    KIND_OF_DEAL,
    KIND_OF_POLICY,
    KIND_OF_SITE,
    MEASURES,
    REPORTED,
    ROLE_OF_ONE,
    ROLE_OF_OTHER,
    STATUS_OF,
    Opinion,
    Opinions,
)
from tasks.extraction.frames import Lexicon
from tasks.extraction.linear import Linear, probability_of
from tasks.extraction.pairs import DEAL, Pair, status_signs
from tasks.extraction.parties import Party
from tasks.extraction.quantities import Figure
from tasks.extraction.tellings import WITH_TOPIC, Telling
from tasks.extraction.tellings import status_signs as telling_status_signs

Said = TypeVar("Said", str, str | None)


@dataclass(frozen=True)
class Weights:
    """How much whose log odds count."""

    linear: float
    encoder: float
    bias: float = 0.0


OF_PAIRS: Final = Weights(linear=0.3, encoder=0.7)
OF_TELLINGS: Final = Weights(linear=0.4, encoder=0.8, bias=0.4)
OF_DETAILS: Final = Weights(linear=0.4, encoder=0.8)
"""Of whether a site is one of production, and who is affected by a measure or the target of a sum."""
OF_TOPICS: Final = Weights(linear=0.2, encoder=0.8)
OF_DISTANT: Final = Weights(linear=0.0, encoder=0.74, bias=-1.1)
"""Of deals with somebody whom neither the sentence names nor the passage is about."""
OF_LABELS: Final = Weights(linear=0.3, encoder=1.0)
"""Of kinds and statuses, one of which holds."""

_KINDS: Final = {kind: kind for kind in PARTNERSHIP_KIND}
_STATUSES: Final = {status: status for status in STATUS}
"""Labels by what the linear models call them."""

SURE_OF_STATUS: Final = 0.7
"""Probability from which the models outvote a status that words of the text say."""

POSSIBLE: Final = 0.03
"""Probability from which a deal is possible: if another article tells it, this one likely does."""

SURE_OF_MEASURE: Final = 0.7
"""Probability from which the encoder outvotes what the words beside a figure say that it measures."""

_LEAST_INVESTED: Final = 1000
"""Sums below are prices."""


def together(weights: Weights, linear: float, opinion: Opinion | None, output: str) -> float:
    """Probability of what both have a say in."""
    if opinion is None:
        return probability_of(linear)
    return probability_of(weights.linear * linear + weights.encoder * opinion.score(output) + weights.bias)


@dataclass(frozen=True)
class Possible:
    """A deal of two that the encoder finds possible.

    Attributes:
        sentence: Number of the sentence that tells it best.
        roles: Role by party.
        kinds: Probability of each kind.
        statuses: Probability of each status.
        probability: How likely it is.
    """

    sentence: int
    roles: Mapping[Party, str]
    kinds: Mapping[str, float]
    statuses: Mapping[str, float]
    probability: float


class Judge:
    """Judges what sentences of an article tell.

    Args:
        lexicon: The linear models.
        opinions: What the encoder says of the article.
    """

    def __init__(self, lexicon: Lexicon, opinions: Opinions) -> None:
        self._lexicon = lexicon
        self._opinions = opinions

    def deal(self, sentence: int, pair: Pair, signs: Sequence[str]) -> float:
        """Probability that a sentence tells a deal between two whom it names."""
        opinion = self._opinions.of_deal(sentence, pair.left.id, pair.right.id)
        return together(OF_PAIRS, self._lexicon.pairs.score(DEAL, signs), opinion, DEAL)

    @cached_property
    def ever_dealt(self) -> Mapping[frozenset[Party], float]:
        """How likely the encoder finds that two have a deal, by the sentence that tells it best, naming both or not."""
        return {
            two: together(OF_DISTANT, 0.0, self._opinions.deals[asked], DEAL) for two, asked in self._best_told.items()
        }

    @cached_property
    def _best_told(self) -> Mapping[frozenset[Party], tuple[int, int, int]]:
        """Sentence and order in which the encoder finds a deal of two likeliest."""
        best: dict[frozenset[Party], tuple[float, tuple[int, int, int]]] = {}
        for asked, opinion in self._opinions.deals.items():
            two: frozenset[Party] = frozenset(asked[1:])
            best[two] = max((opinion.score(DEAL), asked), best.get(two, (-math.inf, asked)))
        return {two: asked for two, (_, asked) in best.items()}

    def possible_deals(self) -> Iterator[Possible]:
        """Every two who may have a deal, by the sentence that tells it best, naming both or not."""
        for two, probability in self.ever_dealt.items():
            if probability >= POSSIBLE:
                sentence, one, other = self._best_told[two]
                opinion = self._opinions.deals[sentence, one, other]
                yield Possible(
                    sentence,
                    self.roles(sentence, (one, other)),
                    _probabilities(opinion.likelihoods(KIND_OF_DEAL)),
                    _probabilities(opinion.likelihoods(STATUS_OF)),
                    probability,
                )

    def kinds_of_deal(self, sentence: int, pair: Pair, signs: Sequence[str]) -> dict[str, float]:
        """Probability of each kind of the deal."""
        opinion = self._opinions.of_deal(sentence, pair.left.id, pair.right.id)
        return _likelihoods(self._lexicon.pairs, _KINDS, signs, opinion, KIND_OF_DEAL)

    def statuses_of_deal(self, sentence: int, pair: Pair, signs: Sequence[str]) -> dict[str, float]:
        """Probability of each status of the deal."""
        opinion = self._opinions.of_deal(sentence, pair.left.id, pair.right.id)
        own = status_signs(pair, signs, self._lexicon)
        return _likelihoods(self._lexicon.pairs, _STATUSES, own, opinion, STATUS_OF)

    def told(self, telling: Telling, signs: Sequence[str]) -> dict[str, float]:
        """Probability that a sentence tells an event of somebody, by label."""
        scores, opinion = self._lexicon.tellings.scores(signs), self._told(telling)
        return {label: together(OF_TELLINGS, scores.get(label, 0.0), opinion, label) for label in EVENTS}

    def statuses_told(self, label: str, telling: Telling, signs: Sequence[str]) -> dict[str, float]:
        """Probability of each status of the event."""
        own = telling_status_signs(telling, label, signs, self._lexicon)
        return _likelihoods(self._lexicon.tellings, _STATUSES, own, self._told(telling), STATUS_OF)

    def kind_told(self, label: str, telling: Telling, signs: Sequence[str]) -> str:
        """The likeliest kind of a site or a measure."""
        kinds, outputs = (
            (TRADE_POLICY_KIND, KIND_OF_POLICY) if label == "trade_policy" else (FACILITY_KIND, KIND_OF_SITE)
        )
        return likeliest(
            _likelihoods(self._lexicon.tellings, {k: k for k in kinds}, signs, self._told(telling), outputs)
        )

    def holds(self, output: str, telling: Telling, signs: Sequence[str]) -> bool:
        """Whether `tellings.PRODUCTION`, `AFFECTED` or `TARGET` is likely of somebody."""
        return together(OF_DETAILS, self._lexicon.tellings.score(output, signs), self._told(telling), output) > 0.5

    def unnamed(self, telling: Telling, topics: Mapping[Party, Sequence[str]]) -> Iterator[tuple[int, float]]:
        """Those with whom a sentence may tell a deal of somebody though it does not name them, and how likely.

        Args:
            telling: Of whom the sentence may tell it.
            topics: Signs by each whom the passage, the article or the sentence before is about.
        """
        for other, opinion in self._opinions.distant(telling.reader.number, telling.who):
            if other in topics:
                score = self._lexicon.tellings.score(WITH_TOPIC, topics[other])
                yield other, together(OF_TOPICS, score, opinion, DEAL)
            else:
                yield other, together(OF_DISTANT, 0.0, opinion, DEAL)

    def kinds_with_unnamed(self, telling: Telling, other: int, signs: Sequence[str]) -> dict[str, float]:
        """Probability of each kind of such a deal."""
        opinion = self._opinions.of_deal(telling.reader.number, telling.who, other)
        labels = {kind: f"{WITH_TOPIC}: {kind}" for kind in PARTNERSHIP_KIND}
        return _likelihoods(self._lexicon.tellings, labels, signs, opinion, KIND_OF_DEAL)

    def statuses_with_unnamed(self, telling: Telling, other: int, signs: Sequence[str]) -> dict[str, float]:
        """Probability of each status of such a deal."""
        opinion = self._opinions.of_deal(telling.reader.number, telling.who, other)
        own = telling_status_signs(telling, WITH_TOPIC, signs, self._lexicon)
        return _likelihoods(self._lexicon.tellings, _STATUSES, own, opinion, STATUS_OF)

    def figures(self, found: Sequence[Figure]) -> list[tuple[Figure, float]]:
        """The figures of the article, with what the encoder finds that they measure, and whether they measure an event.

        Told with each figure is the probability that it does; without an opinion it is as likely as not.
        """
        judged: list[tuple[Figure, float]] = []
        for number, figure in enumerate(found):
            opinion = self._opinions.figures.get(number)
            if opinion is None:
                judged.append((figure, 0.5))
                continue
            measures = {m: math.exp(p) for m, p in opinion.likelihoods(MEASURES).items()}
            if figure.value < 0:
                measures["share"] = 0.0  # nobody has less than nothing of a whole
            if figure.dimension == "money" and abs(figure.value) < _LEAST_INVESTED:
                measures["investment"] = 0.0  # nor does anybody invest the price of a share
            measure = outvoting(figure.measure, measures, SURE_OF_MEASURE)
            judged.append((replace(figure, measure=measure), probability_of(opinion.score(REPORTED))))
        return judged

    def roles(self, sentence: int, parties: Collection[Party]) -> dict[Party, str]:
        """The likeliest role of each party of a deal by the surest opinion on him; `partner` where there is none."""
        found: dict[Party, tuple[float, str]] = dict.fromkeys(parties, (-math.inf, "partner"))
        for one in parties:
            for other in parties:
                opinion = self._opinions.deals.get((sentence, one, other)) if one != other else None  # type: ignore[arg-type]
                if opinion is not None:
                    for party, outputs in ((one, ROLE_OF_ONE), (other, ROLE_OF_OTHER)):
                        role = likeliest(opinion.likelihoods(outputs))
                        found[party] = max(found[party], (opinion.score(DEAL), role.rpartition(" ")[2]))
        return {party: role for party, (_, role) in found.items()}

    def _told(self, telling: Telling) -> Opinion | None:
        return self._opinions.told.get((telling.reader.number, telling.who))


def likeliest(probabilities: Mapping[str, float]) -> str:
    """The label with the highest probability; of equals the first in the alphabet."""
    return min(probabilities, key=lambda label: (-probabilities[label], label))


def outvoting(said: Said, probabilities: Mapping[str, float], sure: float) -> Said | str:
    """What somebody else said, unless another label reaches a probability."""
    best = likeliest(probabilities)
    return best if probabilities[best] >= sure else said


def _likelihoods(
    model: Linear, labels: Mapping[str, str], signs: Sequence[str], opinion: Opinion | None, outputs: Sequence[str]
) -> dict[str, float]:
    """Probabilities of labels, one of which holds; `labels` says under what name the linear model has each."""
    by_name = model.scores(signs)
    scores = {label: by_name.get(name, 0.0) for label, name in labels.items()}
    if opinion is not None:
        said = opinion.likelihoods(outputs)
        scores = {label: OF_LABELS.linear * s + OF_LABELS.encoder * said[label] for label, s in scores.items()}
    return _probabilities(scores)


def _probabilities(scores: Mapping[str, float]) -> dict[str, float]:
    """Probabilities by label, one of which holds, from their log odds."""
    top = max(scores.values())
    odds = {label: math.exp(score - top) for label, score in scores.items()}
    return {label: each / sum(odds.values()) for label, each in odds.items()}
