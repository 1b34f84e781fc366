"""The training data is sound, and training learns from it."""

from __future__ import annotations

from evpact.vocabulary import PARTNERSHIP_KIND, STATUS
from training.train import Example, labelled_sentences, train


def test_sentences_are_labelled_within_the_vocabulary_and_the_text() -> None:
    texts = list(labelled_sentences())
    assert len({each.article.article_id for each in texts}) == len(texts) > 1000
    for each in texts:
        words = each.article.text
        assert all(name in words for name in each.orgs or ())
        for one, other, kind, status in each.deals:
            assert one[0] in words and other[0] in words and one != other, words
            assert kind in {*PARTNERSHIP_KIND, None} and status in STATUS, words


def test_a_sign_of_deals_gets_a_weight_and_a_sign_seen_in_one_text_none() -> None:
    examples = [Example(["between=supply", f"only in {n}"], "deal", n) for n in range(5)]
    examples += [Example(["between=rival"], "", n) for n in range(5, 10)]
    weights = {sign: weight for label, sign, weight in train(examples).weights(["deal"])}
    assert weights["between=supply"] > 0 > weights["between=rival"]
    assert not any(sign.startswith("only in") for sign in weights)
