"""Corrections teach at once, alike in every process, and one of them cannot spoil a filter."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from headwater.engines.artifact import Pipeline, pack, unpack
from headwater.engines.classification.learner import Learner
from headwater.engines.classification.linear_svc import LinearSVC
from headwater.engines.classification.naive_bayes import MultinomialNB
from headwater.engines.classification.svc import SVC
from headwater.engines.text.online import MOST, can_update, updated
from headwater.engines.text.representation import Representation
from headwater.engines.text.scorer import Scorer
from tests.engines.text.filters import BOTH, HONEST, ODD, SPAM, scorer, written

NEW_SPAM = ["diploma", "casino", "pills", "mortgage", "investor", "crypto"]


def pairs(texts: list[str], y: NDArray[np.int64]) -> list[tuple[str, bool]]:
    return [(text, bool(label)) for text, label in zip(texts, y, strict=True)]


def accuracy(judges: Scorer, texts: list[str], y: NDArray[np.int64]) -> float:
    return float(((judges.probabilities(texts) >= 0.5) == (y == 1)).mean())


def loss(judges: Scorer, texts: list[str], y: NDArray[np.int64]) -> float:
    p = judges.probabilities(texts)
    return float(-np.log(np.where(y == 1, p, 1 - p)).mean())


def log_odds(judges: Scorer, text: str) -> float:
    return judges.score(*judges.row(text))


def test_a_corrected_text_comes_to_its_side() -> None:
    judges = scorer()
    wrong = 0
    for text, is_spam in [
        ("my sister and the people for free", True),
        ("visit the concert today please", True),
        ("click for the lovely song", False),
        ("this people never really cheap", False),
    ]:
        before = judges.probability(text)
        after = judges
        for _ in range(4):
            after = updated(after, [(text, is_spam)])
        assert (after.probability(text) >= 0.5) == is_spam
        if (before >= 0.5) != is_spam:
            wrong += 1
            # It is sure, and no surer than that.
            p = after.probability(text) if is_spam else 1 - after.probability(text)
            assert p == pytest.approx(0.75, abs=1e-9)
        assert judges.probability(text) == before
    assert wrong


def test_what_is_clear_already_teaches_nothing() -> None:
    judges = scorer()
    text = "subscribe to my channel for free watches and coupons!!!"
    assert judges.probability(text) > 0.75
    assert np.array_equal(updated(judges, [(text, True)]).weights, judges.weights)


def test_corrections_one_by_one_all_at_once_and_again_are_the_same_to_the_last_digit() -> None:
    judges = scorer()
    texts, y = written(80, 11, NEW_SPAM)
    corrections = [*pairs(texts, y), *((text, True) for text in ODD)]
    at_once = updated(judges, corrections)
    one_by_one = judges
    for each in corrections:
        one_by_one = updated(one_by_one, [each])
    packed = pack(
        Pipeline("text_filter", judges.representation, judges.estimator, ("ham", "spam"), ("text",))
    )
    elsewhere = updated(Scorer.of(unpack(packed.data, packed.digest)), corrections)
    for other in (one_by_one, elsewhere, updated(judges, corrections)):
        assert other.weights.tobytes() == at_once.weights.tobytes()
        assert other.bias == at_once.bias
    assert at_once.weights.tobytes() != judges.weights.tobytes()
    assert updated(judges, []).weights.tobytes() == judges.weights.tobytes()


def test_honest_corrections_do_not_hurt() -> None:
    judges = scorer(count=100)
    held_out = written(600, 21)
    after = updated(judges, pairs(*written(200, 22)))
    assert accuracy(after, *held_out) >= accuracy(judges, *held_out) - 0.005
    assert loss(after, *held_out) <= loss(judges, *held_out) + 0.005


def test_where_spam_changes_its_words_corrections_catch_up() -> None:
    """The filter knew the new words from honest texts: a diploma at school, a casino in a song."""
    texts, y = written(300, 31)
    rng = np.random.default_rng(0)
    texts = [
        f"{text} {rng.choice(NEW_SPAM)}" if not label and rng.random() < 0.4 else text
        for text, label in zip(texts, y, strict=True)
    ]
    made = Learner(lambda: Representation(features=False), LinearSVC).fit(texts, y)
    judges = Scorer.of(made.encoder_, made.estimator_)
    held_out = written(500, 32, NEW_SPAM)
    after = updated(judges, pairs(*written(200, 33, NEW_SPAM)))
    assert accuracy(judges, *held_out) < 0.8
    assert accuracy(after, *held_out) > accuracy(judges, *held_out) + 0.15
    assert loss(after, *held_out) < 0.7 * loss(judges, *held_out)
    # And what it knew before is not lost.
    before = written(500, 34)
    assert accuracy(after, *before) > accuracy(judges, *before) - 0.05


def test_one_wrong_label_does_not_flip_the_filter() -> None:
    judges = scorer()
    texts, y = written(500, 41)
    clear = [
        t for t, p in zip(texts, judges.probabilities(texts), strict=True) if abs(p - 0.5) > 0.3
    ]
    for text in clear[:10]:
        wrong = judges.probability(text) < 0.5
        after = updated(judges, [(text, wrong)])
        moved = log_odds(after, text) - log_odds(judges, text)
        assert abs(moved) <= MOST + 1e-9
        assert (moved > 0) == wrong
        assert accuracy(after, texts, y) > accuracy(judges, texts, y) - 0.03


def test_no_weight_moves_further_than_the_greatest_of_the_fit() -> None:
    judges = scorer()
    groups = np.array(judges.representation.groups_)
    greatest = np.abs(judges.weights[groups != "feature"]).max()
    for text in (*HONEST, *SPAM, *BOTH, "free " * 400):
        moved = updated(judges, [(text, judges.probability(text) < 0.5)]).weights - judges.weights
        assert np.abs(moved).max() <= greatest + 1e-12
        assert not moved[groups == "feature"].any()


def test_counts_are_updated_too() -> None:
    judges = scorer(MultinomialNB, tf_idf=False, features=False, characters="none")
    texts, y = written(300, 51)
    text = "song song song guitar free free " * 20
    is_spam = judges.probability(text) < 0.5
    after = updated(judges, [(text, is_spam)])
    assert (log_odds(after, text) > log_odds(judges, text)) == is_spam
    assert accuracy(after, texts, y) > accuracy(judges, texts, y) - 0.03


def test_texts_without_a_known_term_teach_nothing() -> None:
    judges = scorer()
    after = updated(judges, [("", True), ("\0", True), ("zzqx", True), ("\N{FIRE}", True)])
    assert np.array_equal(after.weights, judges.weights)


def test_what_is_not_linear_or_has_no_terms_is_left_to_the_next_fit() -> None:
    assert can_update(scorer(count=60))
    for judges in (scorer(SVC, count=60), scorer(count=60, kind="code_points")):
        assert not can_update(judges)
        with pytest.raises(ValueError, match="at the next fit"):
            updated(judges, [("a", True)])
