"""Names that nobody listed: which runs of capitalised words mean an organisation.

A linear model, trained on labelled sentences (`training/`), judges each run by how it is written ("Foo Motors"), what
is said beside it ("the battery maker Foo", "China's Foo"), the place it has in its sentence ("an agreement with Foo"),
and what the statistical recogniser takes it for; the encoder has a say as well. A name is believed everywhere or
nowhere: by the mean of what its runs show.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from spacy.tokens import Doc, Span, Token

from tasks.extraction.descriptions import Description, description_ending_at
from tasks.extraction.lexicon import Lexicon, Sense, singulars
from tasks.extraction.linear import probability_of
from tasks.extraction.persons import title_at
from tasks.extraction.pieces import Seen
from tasks.extraction.runs import (
    Name,
    description_after,
    description_before,
    end_of_capitals,
    is_capitalised,
    legal_end,
    legal_start,
)

LABEL: Final = "organization"
"""What the model tells runs apart by."""

BELIEVED: Final = 0.5
"""Probability from which a run is taken for an organisation; in `docs/extraction.md` is what others would give."""

_LINEAR: Final = 0.5
_ENCODER: Final = 0.5
"""How much the log odds of the linear model and of the encoder count."""

SURE: Final = 2.5
"""Log odds from which the encoder is believed where a name begins and ends, whatever else is known of its words."""

SURER: Final = 4.0
"""The same where its words were taken for those of a person: "Japan's Foo Electrode, a senior executive said"."""

_PLACES: Final = {"GPE", "LOC", "FAC"}
_DATES: Final = {"DATE", "TIME"}
_SIDE_PREPOSITIONS: Final = {"with", "by", "from", "between", "for", "of"}
_DEAL_PREPOSITIONS: Final = {"with", "between", "from", "to", "by"}
_PORTFOLIO_OFFICES: Final = {"minister", "secretary", "commissioner"}
_OBSERVER: Final = Sense("observer", None, "other", None)
_INTRODUCTIONS: Final = {",", ":", "-", "–", "—", "including", "like"}
_BEHIND_PLACES: Final = {",", "-", "--", "–", "—", "(", "|"}
_MOST_WORDS: Final = 4
_ENDS_OF_WORDS: Final = (2, 3, 4)


@dataclass(frozen=True)
class Run:
    """A run of capitalised words that no listed name has taken.

    Attributes:
        span: Its words.
        barred: Whether it cannot be an organisation: a thing, a place, a share's symbol.
        signs: What shows of it, as named signs for a linear model.
    """

    span: Span
    barred: bool
    signs: tuple[str, ...]


def find_strangers(
    doc: Doc,
    lexicon: Lexicon,
    listed: Collection[Name],
    taken: Collection[int],
    surnames: Collection[str],
    seen: Seen | None = None,
) -> Iterator[Name]:
    """Names of organisations and observers that the reference lacks.

    Args:
        doc: The article.
        lexicon: Word lists and the model.
        listed: Names that are known.
        taken: Tokens that are part of a person's name or office.
        surnames: Words of the names of persons.
        seen: The article as the encoder sees it; without, the linear model decides alone.
    """
    finder = _Strangers(doc, lexicon, listed, taken, surnames)
    groups: dict[str, list[Run]] = defaultdict(list)
    for run in finder.runs():
        if not run.barred:
            groups[run.span.text].append(run)
    for runs in groups.values():
        scores = [_score(run, lexicon, seen) for run in runs]
        if probability_of(sum(scores) / len(runs)) >= BELIEVED:
            senses = [finder.sense(run.span) for run in runs]
            told = next((sense for sense in senses if sense.category == "observer" or sense.kind != "other"), senses[0])
            yield from (Name(run.span.start, run.span.end, told) for run in runs)


def find_sure(
    doc: Doc,
    lexicon: Lexicon,
    listed: Sequence[Name],
    taken: Collection[int],
    surnames: Collection[str],
    seen: Seen,
) -> Iterator[Name]:
    """Names of which the encoder is sure, though part of them is listed by itself or they are no run of capitals.

    "Pos Malaysia" is no country, "Sedemac of Pune" is Sedemac, "Elkem" may begin a sentence. What is taken for a person
    or his office stays so, unless the encoder is surer.
    """
    finder = _Strangers(doc, lexicon, listed, taken, surnames)
    by_token = {i: name for name in listed for i in range(name.start, name.end)}
    for start, end in seen.name_spans():
        span = doc.char_span(start, end)
        score = seen.name_score(start, end) or 0.0
        if span is None or score < SURE or span.text in finder.things or not _is_written_as_name(span, lexicon):
            continue
        if span[0].sent != span[-1].sent or (score < SURER and any(token.i in taken for token in span)):
            continue
        parts = {by_token[token.i] for token in span if token.i in by_token}
        # A longer name that nobody listed was guessed: of "In Vietnam Kim Long Motors will" the first word is none.
        within = all(name.sense.org_id is None or (span.start <= name.start and name.end <= span.end) for name in parts)
        whole = any((name.start, name.end) == (span.start, span.end) for name in parts)
        several = sum(name.sense.category == "organization" for name in parts) > 1 and not _is_all_capitals(span)
        if within and not whole and not several and not _is_where(span) and not _is_model(span, parts, lexicon):
            yield Name(span.start, span.end, finder.sense(span))


def _is_written_as_name(span: Span, lexicon: Lexicon) -> bool:
    """Whether the first and the last word have a capital, and not all are legal forms: "Volvo trucks" is Volvo."""
    has_capitals = all(any(char.isupper() for char in token.text) for token in (span[0], span[-1]))
    return has_capitals and not all(token.is_punct or token.text in lexicon.words.legal_forms for token in span)


def _is_all_capitals(span: Span) -> bool:
    """Whether each word has a capital: "Adani Total Energies" is one name, "Ford and Volvo" are two."""
    return all(token.text[0].isupper() or token.text == "-" for token in span)


def _is_model(span: Span, parts: Collection[Name], lexicon: Lexicon) -> bool:
    """Whether it is a listed maker and what he makes: "Fisker Ocean", where the article also tells of "the Ocean"."""
    maker = next((name for name in parts if name.start == span.start and name.sense.kind == "automaker"), None)
    rest = [token.text for token in span.doc[maker.end : span.end]] if maker else []
    if not rest or " ".join(rest) in lexicon.homes or span[-1].ent_type_ == "GPE":
        return False
    doc, size = span.doc, len(rest)
    places = [i for i in range(1, len(doc) - size + 1) if [token.text for token in doc[i : i + size]] == rest]
    return any(doc[i - 1].tag_ in {"DT", "PRP$", "POS"} for i in places)


def _is_where(span: Span) -> bool:
    """Whether the parser takes a name for a place, behind a preposition."""
    return len(span) == 1 and span.root.ent_type_ in _PLACES and span.root.dep_ == "pobj"


def _score(run: Run, lexicon: Lexicon, seen: Seen | None) -> float:
    """Log odds that a run is the name of an organisation."""
    linear = lexicon.names.score(LABEL, run.signs)
    if seen is None:
        return linear
    ends = {run.span.end_char, run.span[: legal_start(run.span, lexicon)].end_char}
    said = [score for end in ends if (score := seen.name_score(run.span.start_char, end)) is not None]
    return _LINEAR * linear + _ENCODER * max(said) if said else linear


def runs_of(
    doc: Doc, lexicon: Lexicon, listed: Collection[Name], taken: Collection[int], surnames: Collection[str]
) -> list[Run]:
    """The runs among which `find_strangers` chooses; for training."""
    return list(_Strangers(doc, lexicon, listed, taken, surnames).runs())


class _Strangers:
    """Runs of one article, and what is said of them."""

    def __init__(
        self, doc: Doc, lexicon: Lexicon, listed: Collection[Name], taken: Collection[int], surnames: Collection[str]
    ) -> None:
        self._doc = doc
        self._lexicon = lexicon
        self._surnames = surnames
        self._models = {doc[name.end].text for name in listed if name.product and name.end < len(doc)}
        self._stops = {i for name in listed for i in range(name.start, name.end)} | set(taken)
        self.things = {token.text for token in doc if _is_thing(token, lexicon)}
        self._organizations = {
            i for name in listed if name.sense.category == "organization" for i in range(name.start, name.end)
        }

    def runs(self) -> Iterator[Run]:
        """Stretches of capitalised words that no listed name has taken, in running sentences."""
        for sentence in self._doc.sents:
            i = sentence.end if _is_headline(sentence) else sentence.start
            while i < sentence.end:
                if i in self._stops or not self._may_begin(self._doc[i]):
                    i += 1
                    continue
                end = end_of_capitals(self._doc, i + 1, self._lexicon, self._stops)
                span = self._doc[i : legal_end(self._doc, end, self._lexicon)]
                barred = self._is_no_name(span)
                yield Run(span, barred, () if barred else tuple(sorted(set(self._signs(span)))))
                i = span.end

    def _may_begin(self, token: Token) -> bool:
        if not is_capitalised(token) or token.is_punct or token.text in self._lexicon.words.legal_forms:
            return False
        if token.ent_type_ == "NORP" or (token.ent_type_ in _DATES and not token.is_sent_start):
            return False
        if token.is_sent_start and (token.is_stop or token.pos_ != "PROPN"):
            follows = token.nbor(1) if token.i + 1 < len(token.doc) else token
            goes_on = follows.text[:1].isupper() and not follows.is_sent_start and follows.ent_type_ != "NORP"
            return not token.is_stop and (token.ent_type_ in {"ORG", "PRODUCT"} or goes_on)
        return True

    def _is_no_name(self, run: Span) -> bool:
        """Whether it is a thing, a place, a person, a portfolio ("Heavy Industries Minister") or a share's symbol."""
        lists = self._lexicon.words
        if run[-1].text in lists.no_organizations or any(char.isdigit() for char in run[-1].text):
            return True
        if run.text in self.things or self._is_listed_with_places(run):
            return True
        doc, before, after = run.doc, run.start - 1, run.end
        if all(token.text in self._surnames or token.text in lists.legal_forms for token in run):
            return True
        if run[0].text in self._models or run.text in self._lexicon.homes:
            return True
        if len(run) == 1 and run.text in self._lexicon.endings:
            return True
        follows = doc[after].text if after < len(doc) else ""
        if follows.lower() in _PORTFOLIO_OFFICES:
            return True
        if run.text.isupper() and "." in run.text and len(run) == 1 and follows == ")":
            return True
        if run.text.isupper() and ((before >= 0 and doc[before].text == ":") or follows == ":"):
            return True
        return (before < 0 or doc[before].is_space) and run.text.isupper() and follows in _BEHIND_PLACES

    def _is_listed_with_places(self, run: Span) -> bool:
        """Whether it goes on a list of places: "showrooms in Colombo, Kandy and Kurunegala"."""
        above, listed = run.root, []
        while above.dep_ == "conj":
            above = above.head
            listed.append(above)
        in_place = above.dep_ == "pobj" and above.head.lower_ == "in"
        return in_place and any(t.text in self._lexicon.homes and t.i not in self._organizations for t in listed)

    # What shows of a run

    def _signs(self, run: Span) -> Iterator[str]:
        yield from self._written(run)
        yield from self._recognised(run)
        yield from self._placed(run)
        yield from (name for name, holds in self._said(run) if holds)

    def _written(self, run: Span) -> Iterator[str]:
        words = [token.text for token in run]
        yield f"words={min(len(words), _MOST_WORDS)}"
        yield f"shape={' '.join(map(_shape, words[:_MOST_WORDS]))}"
        yield from (f"word={word.lower()}" for word in words)
        yield f"first={words[0].lower()}"
        yield f"last={words[-1].lower()}"
        yield from (f"end={words[-1].lower()[-size:]}" for size in _ENDS_OF_WORDS)

    def _recognised(self, run: Span) -> Iterator[str]:
        follows = run.doc[run.end] if run.end < len(run.doc) else None
        whole = run[0].ent_iob_ == "B" and (follows is None or follows.ent_iob_ != "I")
        yield f"label={run.root.ent_type_}"
        yield f"label={run.root.ent_type_}{' whole' if whole else ' part'}"
        yield f"labels={'+'.join(sorted({token.ent_type_ for token in run}))}"
        yield f"tag={run.root.tag_}"

    def _placed(self, run: Span) -> Iterator[str]:
        doc, root = run.doc, run.root
        head = root.head
        yield f"dep={root.dep_}"
        if head.pos_ == "ADP":
            yield f"prep={head.lower_}"
            yield f"prep={head.lower_}<{head.head.lemma_.lower()}"
        else:
            yield f"head={root.dep_}<{head.lemma_.lower()}"
        for step in (1, 2):
            before, after = run.start - step, run.end - 1 + step
            yield f"before {step}={doc[before].lower_ if before >= 0 else ''}"
            yield f"after {step}={doc[after].lower_ if after < len(doc) else ''}"
        yield f"after={' '.join(token.lower_ for token in doc[run.end : run.end + 2])}"
        if run[0].is_sent_start:
            yield "begins"

    def _said(self, run: Span) -> Iterator[tuple[str, bool]]:
        words, root, lists = [token.text for token in run], run.root, self._lexicon.words
        determined = run.start > 0 and run.doc[run.start - 1].tag_ in {"DT", "PRP$"}
        yield "determined", determined
        yield "common", self._lexicon.is_common(run.text)
        yield "home", any(word in self._lexicon.homes for word in words)
        yield "ending", len(words) > 1 and self._lexicon.ending_of(words) is not None
        yield "legal form", words[-1] in lists.legal_forms
        yield "authority", self._lexicon.is_authority(words[0]) and "of" in words
        yield "described", self._description(run) is not None
        yield "acts", root.dep_ in {"nsubj", "nsubjpass"} and self._is_acting(root.head)
        yield "side", root.dep_ == "pobj" and root.head.lower_ in _SIDE_PREPOSITIONS
        yield "owner", root.dep_ == "poss"
        yield "maker", root.dep_ == "compound" and root.head.is_lower and not root.is_upper
        yield "beside", any(other.i in self._organizations for other in _coordinated(root))
        yield "deal", self._has_deal(root)
        yield "listed", self._is_introduced(run)
        yield "office", self._has_office(run)
        yield "nation", self._nation_before(run) is not None

    # What it means

    def sense(self, run: Span) -> Sense:
        """What a name stands for, if it is one of an organisation."""
        words, lists = [token.text for token in run], self._lexicon.words
        if (len(words) > 1 and words[-1] in lists.observer_endings) or self._is_observer(run):
            return _OBSERVER
        ending = self._lexicon.ending_of(words) if len(words) > 1 else None
        kind = self._lexicon.kind_of(words) if ending else ""
        if self._lexicon.is_authority(words[0]) and "of" in words:
            kind = "government"
        if kind == "government" and (nation := self._nation_before(run)) is not None:
            return replace(self._lexicon.countries[nation], category="institution")
        country = next((self._lexicon.homes[word] for word in words if word in self._lexicon.homes), None)
        described = self._description(run)
        if described is not None:
            return Sense("organization", None, described.kind or kind or "other", described.country or country)
        return Sense("organization", None, kind or "other", country)

    def _is_observer(self, run: Span) -> bool:
        """Whether it comments rather than acts: "research firm Foo", "an analyst at Foo", "Foo analysts"."""
        end = run.start
        if end > 1 and run.doc[end - 1].lower_ in {"at", "with", "from"}:
            end -= 1
        words = tuple(run.doc[i].lower_ for i in range(max(end - 3, 0), end))
        cues = self._lexicon.words.observer_cues
        behind = run.doc[run.end].lower_ if run.end < len(run.doc) else ""
        if any((word,) in cues for word in singulars(behind)):
            return True
        return any((*words[first:-1], last) in cues for first in range(len(words)) for last in singulars(words[-1]))

    def _description(self, run: Span) -> Description | None:
        return description_before(run, self._lexicon) or description_after(run, self._lexicon) or self._said_to_be(run)

    def _said_to_be(self, run: Span) -> Description | None:
        """What a sentence says that a name is: "Foo is a battery maker"."""
        verb = run.root.head
        if run.root.dep_ != "nsubj" or verb.lemma_ != "be":
            return None
        nouns = [child for child in verb.children if child.dep_ == "attr"]
        found = description_ending_at(run.doc, nouns[0].i, self._lexicon) if nouns else None
        return found if found is not None and not found.plural else None

    def _has_deal(self, root: Token) -> bool:
        """Whether a name is a side of a deal: "an agreement with Foo", "Foo signed a contract"."""
        while root.dep_ in {"conj", "appos"}:
            root = root.head
        if root.dep_ == "pobj" and root.head.lower_ in _DEAL_PREPOSITIONS:
            above = root.head.head
        elif root.dep_ in {"nsubj", "poss"}:
            above = root.head
        else:
            return False
        told = [above, *(child for child in above.children if child.dep_ == "dobj")]
        return any(token.lemma_.lower() in self._lexicon.words.deals for token in told)

    def _is_acting(self, verb: Token) -> bool:
        """Whether organisations do this: "Foo supplies", "Foo is to supply"."""
        verbs = [verb, *(child for child in verb.children if child.dep_ == "xcomp")]
        return any(each.lemma_ in self._lexicon.words.acting for each in verbs)

    def _has_office(self, run: Span) -> bool:
        """Whether somebody holds an office there: "Foo chairman", "Foo's chief executive"."""
        after = run.end + (run.end < len(run.doc) and run.doc[run.end].tag_ == "POS")
        end = title_at(run.doc, after, self._lexicon.words) if after < len(run.doc) else None
        return end is not None and not self._lexicon.words.titles[tuple(t.lower_ for t in run.doc[after:end])]

    def _nation_before(self, run: Span) -> str | None:
        """The country whose possessive stands right before a name: "China's Foo"."""
        doc, end = run.doc, run.start - 1
        if end < 1 or doc[end].tag_ != "POS":
            return None
        names = (doc[max(end - size, 0) : end].text for size in (3, 2, 1))
        return next((self._lexicon.homes[name] for name in names if name in self._lexicon.homes), None)

    def _is_introduced(self, run: Span) -> bool:
        """Whether a list of names begins here: "four operators, Foo, Bar and Baz", "suppliers such as Foo"."""
        doc, last = run.doc, run.start - 1
        if last > 1 and doc[last].lower_ == "as" and doc[last - 1].lower_ == "such":
            last -= 2
        elif last > 0 and doc[last].lower_ in _INTRODUCTIONS:
            last -= 1
        else:
            return False
        if last > 0 and doc[last].text == ",":
            last -= 1
        found = description_ending_at(doc, last, self._lexicon) if last >= 0 else None
        return found is not None and found.plural


def _is_thing(token: Token, lexicon: Lexicon) -> bool:
    """Whether a word in brackets abbreviates the common nouns before it: "silicon carbide (SiC)"."""
    doc, i = token.doc, token.i
    if not (1 < i < len(doc) - 1 and doc[i - 1].text == "(" and doc[i + 1].text == ")" and len(token) > 1):
        return False
    before = doc[max(i - 1 - len(token), 0) : i - 1]
    nouns = [word for word in before if word.is_lower and word.is_alpha]
    is_initial = token.text[0].isupper() and any(word.text[0] == token.text[0].lower() for word in nouns)
    is_noun = before[-1].is_lower and before[-1].pos_ == "NOUN" and not lexicon.noun_ending_at(doc, before[-1].i)
    return is_initial and is_noun


def _shape(word: str) -> str:
    """How a word is written: "X" all capitals, "xX" capitals within, "Xx" with a capital, "x" without."""
    if word.isupper():
        return "X"
    if any(char.isupper() for char in word[1:]):
        return "xX"
    return "Xx" if word[:1].isupper() else "x"


def _coordinated(root: Token) -> list[Token]:
    beside = root.dep_ == "conj" or (root.dep_ == "appos" and root.ent_type_ != "PERSON")
    return ([root.head] if beside else []) + [child for child in root.children if child.dep_ == "conj"]


def _is_headline(sentence: Span) -> bool:
    """Whether most words are capitalised and no sentence is ended, so that capitals mean nothing."""
    words = [token for token in sentence if token.is_alpha]
    last = next((token for token in reversed(sentence) if not token.is_space), None)
    closed = last is not None and last.text in {".", "!", "?", '"', "”", "’", ")", ":"}
    return not closed and sum(token.text[0].isupper() for token in words) >= 0.6 * len(words)
