"""How far extracted events agree with labels of the same articles.

An event agrees with a labelled one if the types do and at least half of the participants; of several possible pairings
the one with the most in common counts, each event once. What is then counted:

pairs       two named organisations in a partnership, once an article
events      events that agree
quantities  value, unit and measure, wherever in the article they hang
status, kind, country, date   on events that agree
false alarm an article without any event of the field that yields one
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import combinations
from typing import Any, Final, TypeVar

from evpact.reference import load_reference
from evpact.settings import REFERENCE
from evpact.vocabulary import EVENT_TYPE

T = TypeVar("T")
Event = Mapping[str, Any]
"""An event in the form of the labels: type, kind, status, participants, countries, dates, quantities, evidence."""

_SITES: Final = {"facility", "production"}
_HALF: Final = 0.5
_LEGAL_FORMS: Final = {
    "inc", "incorporated", "corp", "corporation", "co", "company", "ltd", "limited", "llc", "plc", "ag", "sa", "se",
    "nv", "bv", "gmbh", "kg", "spa", "ab", "oyj", "asa", "as", "kk", "pte", "pvt", "private", "group", "holding",
    "holdings", "the", "and", "of",
}  # fmt: skip
_STATE_WORDS: Final = {
    "government", "governments", "authorities", "administration", "ministry", "officials", "federal", "state",
}  # fmt: skip
_GROUP_WORDS: Final = _STATE_WORDS | {
    "auto", "automobile", "automotive", "automaker", "automakers", "car", "carmaker", "carmakers", "carmaking",
    "vehicle", "ev", "nev", "electric", "oem", "oems", "maker", "makers", "manufacturer", "manufacturers", "producer",
    "producers", "company", "companies", "firm", "firms", "brand", "brands", "groups", "supplier", "suppliers",
    "partner", "partners", "rivals", "players", "exporters", "startups", "made", "officialdom",
}  # fmt: skip


@dataclass(frozen=True)
class Share:
    """Hits among what was labelled and what was found."""

    hits: int
    labelled: int
    found: int

    @property
    def precision(self) -> float:
        """Share of what was found that is right."""
        return self.hits / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """Share of what is labelled that was found."""
        return self.hits / self.labelled if self.labelled else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        both = self.labelled + self.found
        return 2 * self.hits / both if both else 0.0


@dataclass(frozen=True)
class Disagreement:
    """One difference between label and extraction, for a person to look at.

    Attributes:
        article: Id of the article.
        what: `missed`, `invented`, or the attribute that differs.
        detail: Type, participants or the two values.
        evidence: The sentence.
    """

    article: str
    what: str
    detail: str
    evidence: str


@dataclass
class Score:
    """Figures over a set of articles."""

    articles: int = 0
    pairs: Share = Share(0, 0, 0)
    events: Share = Share(0, 0, 0)
    quantities: Share = Share(0, 0, 0)
    by_type: dict[str, Share] = field(default_factory=dict)
    """An event that agrees with a label of a neighbouring type counts among those of the label's."""
    matched: dict[str, float | None] = field(default_factory=dict)
    """Share right on events that agree: status, kind, country, date; None where no label tells one."""
    false_alarms: int = 0
    irrelevant: int = 0
    confidences: list[tuple[float, bool]] = field(default_factory=list)
    """Confidence of each event found, and whether it agrees with a label."""
    disagreements: list[Disagreement] = field(default_factory=list)

    def figures(self) -> dict[str, float]:
        """The figures that have floors, by name, between 0 and 1."""
        shares = {"pairs": self.pairs, "events": self.events, "quantities": self.quantities}
        lines = {f"{name}_f1": share.f1 for name, share in shares.items()}
        lines |= {f"{name}_precision": share.precision for name, share in shares.items()}
        lines |= {name: value for name, value in self.matched.items() if value is not None}
        lines["no_false_alarm"] = 1 - self.false_alarms / self.irrelevant if self.irrelevant else 1.0
        return lines


def score(labels: Mapping[str, Sequence[Event]], found: Mapping[str, Sequence[Event]]) -> Score:
    """Compare the events of articles with their labels.

    Args:
        labels: Labelled events by article; empty for one with nothing of the field.
        found: Extracted events by article, with a `confidence` each; an article that lacks counts as empty.
    """
    total = Score(articles=len(labels))
    counts: dict[str, Counter[str]] = {name: Counter() for name in (*EVENT_TYPE, "pairs", "quantities")}
    right: Counter[str] = Counter()
    told: Counter[str] = Counter()
    for article, wanted in sorted(labels.items()):
        got = found.get(article, ())
        matched = _pair_up(wanted, got, _likeness)
        _count(counts["pairs"], named_pairs(wanted), named_pairs(got), same_pair)
        _count(counts["quantities"], _all(wanted, "quantities"), _all(got, "quantities"), _same_quantity)
        for event in wanted:
            counts[event["type"]]["labelled"] += 1
        agreed: dict[int, str] = {id(event): label["type"] for label, event in matched}
        for event in got:
            counts[agreed.get(id(event)) or event["type"]]["found"] += 1
        for label, event in matched:
            counts[label["type"]]["hits"] += 1
            _compare(label, event, told, right)
        if not wanted:
            total.irrelevant += 1
            total.false_alarms += bool(got)
        total.confidences += [(event["confidence"], id(event) in agreed) for event in got]
        total.disagreements += _disagreements(article, wanted, got, matched)
    total.pairs, total.quantities = _share(counts.pop("pairs")), _share(counts.pop("quantities"))
    total.by_type = {name: _share(count) for name, count in counts.items() if count}
    total.events = _share(sum(counts.values(), Counter()))
    total.matched = {
        name: right[name] / told[name] if told[name] else None for name in ("status", "kind", "country", "date")
    }
    return total


def _share(count: Counter[str]) -> Share:
    return Share(count["hits"], count["labelled"], count["found"])


def _count(count: Counter[str], wanted: Sequence[T], got: Sequence[T], equal: Callable[[T, T], bool]) -> None:
    count["labelled"] += len(wanted)
    count["found"] += len(got)
    count["hits"] += len(_pair_up(wanted, got, equal))


def _compare(label: Event, event: Event, told: Counter[str], right: Counter[str]) -> None:
    """What two events that agree say of status, kind, country and date, where the label says something."""
    told["status"] += 1
    right["status"] += label["status"] == event["status"]
    if label["type"] == "partnership" and label["kind"]:
        told["kind"] += 1
        right["kind"] += label["kind"] == event["kind"]
    if label["countries"]:
        told["country"] += 1
        right["country"] += _overlap(label["countries"], event["countries"], lambda a, b: a == b)  # type: ignore[assignment]
    if label["dates"]:
        told["date"] += 1
        right["date"] += bool({d["value"] for d in label["dates"]} & {d["value"] for d in event["dates"]})


def _disagreements(
    article: str, wanted: Sequence[Event], got: Sequence[Event], matched: Sequence[tuple[Event, Event]]
) -> Iterator[Disagreement]:
    labels, events = {id(label) for label, _ in matched}, {id(event) for _, event in matched}
    for label, event in matched:
        for name in ("status", "kind"):
            if label[name] != event[name] and (name == "status" or label["kind"]):
                detail = f"{label[name]} read as {event[name]}"
                yield Disagreement(article, name, detail, label["evidence"])
    for what, found, agreed in (("missed", wanted, labels), ("invented", got, events)):
        for event in found:
            if id(event) not in agreed:
                who = ", ".join(_names(p)[0] for p in event["participants"])
                yield Disagreement(article, what, f"{event['type']} of {who or 'nobody'}", event["evidence"])


def _likeness(label: Event, event: Event) -> float:
    """How much two events have in common; 0 where they do not agree."""
    sides = _overlap(_sides(label), _sides(event), _same)
    if sides < _HALF or not _types_agree(label["type"], event["type"], sides):
        return 0.0
    words, others = set(_words(label["evidence"])), set(_words(event["evidence"]))
    return float(
        sides
        + 0.3 * (label["type"] == event["type"])
        + 0.3 * _overlap(label["quantities"], event["quantities"], _same_amount)
        + 0.2 * _overlap(label["countries"], event["countries"], lambda a, b: a == b)
        + 0.4 * len(words & others) / max(1, len(words | others))
    )


def _types_agree(label: str, event: str, sides: float) -> bool:
    """A site and what is made there are one class; money put into something may be told as that thing."""
    if label == event or {label, event} <= _SITES:
        return True
    other = {label, event} - {"investment"}
    return len(other) == 1 and bool(other & (_SITES | {"partnership"})) and sides > 0.99


def _pair_up(left: Sequence[T], right: Sequence[T], likeness: Callable[[T, T], float]) -> list[tuple[T, T]]:
    """Pairs of the most alike, each taken once."""
    rated = sorted(((likeness(a, b), i, j) for i, a in enumerate(left) for j, b in enumerate(right)), reverse=True)
    used: tuple[set[int], set[int]] = set(), set()
    pairs = []
    for alike, i, j in rated:
        if alike and i not in used[0] and j not in used[1]:
            used[0].add(i)
            used[1].add(j)
            pairs.append((left[i], right[j]))
    return pairs


def _overlap(left: Sequence[T], right: Sequence[T], equal: Callable[[T, T], bool]) -> float:
    """F1 of two lists."""
    return 2 * len(_pair_up(left, right, equal)) / (len(left) + len(right)) if left or right else 1.0


def _all(events: Sequence[Event], part: str) -> list[Any]:
    return [item for event in events for item in event[part]]


def _same_amount(label: Event, quantity: Event) -> bool:
    """Value, with a tolerance for rounding and whatever its sign, and unit."""
    units = [re.sub("car|unit", "vehicle", (q["unit"] or "").casefold().removesuffix("s")) for q in (label, quantity)]
    near = abs(abs(label["value"]) - abs(quantity["value"])) <= 0.005 * abs(label["value"])
    return near and units[0] == units[1]


def _same_quantity(label: Event, quantity: Event) -> bool:
    same_sign = label["value"] * quantity["value"] >= 0
    return same_sign and _same_amount(label, quantity) and label["measure"] == quantity["measure"]


# ---- names ----


def _sides(event: Event) -> list[tuple[str, ...]]:
    return [_names(p) for p in event["participants"]]


def named_pairs(events: Sequence[Event]) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Pairs of named organisations in partnerships, each once."""
    pairs: list[tuple[tuple[str, ...], tuple[str, ...]]] = []
    for event in events:
        named = [side for side in _sides(event) if not _group(_words(side[0]))]
        if event["type"] == "partnership":
            for pair in combinations(named, 2):
                if not any(same_pair(pair, other) for other in pairs):
                    pairs.append(pair)
    return pairs


def same_pair(a: Sequence[Sequence[str]], b: Sequence[Sequence[str]]) -> bool:
    """Whether two pairs of organisations, each told by its names, are the same in any order."""
    return (_same(a[0], b[0]) and _same(a[1], b[1])) or (_same(a[0], b[1]) and _same(a[1], b[0]))


def same_participant(participant: Event, names: Sequence[str]) -> bool:
    """Whether a labelled participant is meant by any of some names."""
    return _same(_names(participant), names)


def _names(participant: Event) -> tuple[str, ...]:
    return (*(name.strip() for name in participant["name"].split("|")), *participant.get("aliases", ()))


def _same(a: Sequence[str], b: Sequence[str]) -> bool:
    return any(_same_name(x, y) for x in a for y in b)


@lru_cache(maxsize=100_000)
def _same_name(a: str, b: str) -> bool:
    """Whether two names mean one organisation: equal words, one the beginning of the other, one nation or group."""
    one, other = _words(a), _words(b)
    if not one or not other:
        return False
    if "".join(one).rstrip("s") == "".join(other).rstrip("s"):
        return True
    for meaning in (_nation, _group):
        if meaning(one) or meaning(other):
            return meaning(one) == meaning(other)
    short, long = sorted(([w.rstrip("s") for w in words] for words in (one, other)), key=len)
    return short[0] == long[0] and set(short) <= set(long) and len(short[0]) > 1


@lru_cache(maxsize=100_000)
def _words(name: str) -> tuple[str, ...]:
    """Words without case, accents, possessives and legal forms."""
    flat = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c)).casefold()
    flat = re.sub(r"(?<=\b[a-z])\.(?=[a-z]\b)|[’']s", "", flat)
    found = re.findall(r"[a-z0-9]+", flat)
    return tuple(w for w in found if w not in _LEGAL_FORMS) or tuple(found)


def _nation(words: tuple[str, ...]) -> str | None:
    """The country or bloc that a name stands for: by its name, its people, its capital or its government."""
    nations = _nations()
    if words in nations:
        return nations[words]
    if "european" in words and {"commission", "parliament", "council"} & set(words):
        return "EU"
    return nations.get(_without_group_words(words)) if _STATE_WORDS & set(words) else None


def _group(words: tuple[str, ...]) -> str | None:
    """The nation of an unnamed group ("Chinese carmakers"), `any` for one without, None for what is no such group."""
    rest = _without_group_words(words)
    if len(rest) == len(words):
        return None
    return _nations().get(rest) if rest else "any"


def _without_group_words(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(w for w in words if w not in _GROUP_WORDS)


@lru_cache(maxsize=1)
def _nations() -> dict[tuple[str, ...], str]:
    countries = load_reference(REFERENCE).countries
    return {
        _words(name): row["code"]
        for row in countries.iter_rows(named=True)
        for name in (row["name"], *row["aliases"], *row["demonyms"], *row["capitals"])
    }
