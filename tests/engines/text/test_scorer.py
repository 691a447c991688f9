"""A scorer says what the fitted pipeline says, and what scikit-learn's pipeline says."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_pipeline, make_union
from sklearn.svm import LinearSVC as SkLinearSVC

from headwater.engines.artifact import Pipeline, pack, unpack
from headwater.engines.catalog import TECHNIQUES
from headwater.engines.classification.calibrated import Calibrated
from headwater.engines.classification.learner import Learner
from headwater.engines.classification.linear_svc import LinearSVC
from headwater.engines.encoding import Encoder
from headwater.engines.text.representation import Representation
from headwater.engines.text.scorer import Scorer
from tests.engines.text.filters import ODD, learned, scorer, written

SETTINGS: list[dict[str, Any]] = [
    {},
    {"kind": "code_points", "code_points_length": 30},
    {"characters": "char", "features": False, "tf_idf": False},
    {"characters": "none", "stop_words": "english", "word_ngram_max": 3, "binary": True},
    {"words": False, "normalise": False, "lowercase": False, "strip_accents": True},
    {"characters": "none", "vocabulary": "free, my channel, song", "max_length": 20},
]
PLAIN: dict[str, Any] = {
    "word_ngram_max": 2,
    "character_ngram_min": 3,
    "character_ngram_max": 5,
    "sublinear_tf": True,
    "min_df": 2,
    "max_df": 0.85,
}


@cache
def fitted(which: int) -> Learner:
    return learned(count=120, seed=3, **SETTINGS[which])


@given(
    which=st.integers(0, len(SETTINGS) - 1),
    text=st.one_of(
        st.text(max_size=60),
        st.lists(
            st.sampled_from(["free", "FREE!", "my", "channel", "song", "http://a.example", "\0"])
        ).map(" ".join),
        st.sampled_from(ODD),
    ),
)
@settings(max_examples=150, deadline=None, derandomize=True)
def test_one_text_is_judged_as_by_the_pipeline(which: int, text: str) -> None:
    pipeline = fitted(which)
    judges = Scorer.of(pipeline.encoder_, pipeline.estimator_)
    wanted = pipeline.predict_proba([text])[0, 1]
    assert judges.probability(text) == pytest.approx(wanted, abs=1e-9)
    assert judges.probabilities([text, "between", text])[[0, 2]] == pytest.approx(
        [wanted, wanted], abs=1e-9
    )


@pytest.mark.parametrize(
    "key", [key for key, t in TECHNIQUES.items() if t.family == "classification"]
)
@pytest.mark.parametrize("calibration", ["sigmoid", "none"])
def test_every_classifier_is_judged_by_as_it_judges(key: str, calibration: str) -> None:
    options = {"n_estimators": 10} if key == "random_forest" else {}
    if key == "gradient_boosting":
        options = {"max_iter": 5, "n_threads": 1}

    def make() -> Any:
        return TECHNIQUES[key].load()(**options)

    pipeline = learned(
        make, count=80, seed=1, calibration=calibration, characters="none", max_features=40
    )
    judges = Scorer.of(pipeline.encoder_, pipeline.estimator_)
    texts = [*written(30, 9)[0], *ODD]
    wanted = pipeline.predict_proba(texts)[:, 1]
    assert np.abs(judges.probabilities(texts) - wanted).max() < 1e-9
    assert np.abs([judges.probability(text) for text in texts] - wanted).max() < 1e-9
    assert judges.is_linear == (pipeline.estimator_.linear() is not None)


def test_it_says_what_scikit_learns_pipeline_says() -> None:
    """scikit-learn called directly, without anything of ours: words, pieces, SVM, curve."""
    texts, y = written(240, 5)
    others = [*written(200, 6)[0], *(text for text in ODD if "\ud800" not in text)]
    theirs = make_pipeline(
        make_union(
            TfidfVectorizer(ngram_range=(1, 2), min_df=2, max_df=0.85, sublinear_tf=True),
            TfidfVectorizer(
                analyzer="char_wb", ngram_range=(3, 5), min_df=2, max_df=0.85, sublinear_tf=True
            ),
        ),
        SkLinearSVC(random_state=0, tol=1e-10, max_iter=100_000),
    ).fit(texts, y)
    ours = Learner(
        lambda: Representation(normalise=False, features=False, **PLAIN),
        lambda: LinearSVC(random_state=0, tol=1e-10, max_iter=100_000),
    ).fit(texts, y)
    judges = Scorer.of(ours.encoder_, ours.estimator_)
    slope, intercept = ours.estimator_.slope, ours.estimator_.intercept
    log_odds = slope * theirs.decision_function(others) + intercept
    assert np.abs(judges.probabilities(others) - 1 / (1 + np.exp(-log_odds))).max() < 1e-9


def test_a_batch_is_many_single_texts_in_their_order() -> None:
    judges = scorer()
    texts = [*written(1_300, 4)[0], *ODD]
    assert judges.probabilities(texts) == pytest.approx(
        np.array([judges.probability(text) for text in texts]), abs=1e-12
    )
    assert judges.probabilities([]).shape == (0,)


def test_a_megabyte_is_judged_by_its_beginning() -> None:
    judges = scorer()
    kept = judges.representation.settings["max_length"]
    begins = ("subscribe to my channel for free watches " * 1_000)[:kept]
    huge = begins + "song " * 200_000
    assert judges.probability(huge) == judges.probability(begins)
    assert judges.probabilities([huge, "a song", huge])[2] == pytest.approx(
        judges.probability(begins), abs=1e-12
    )


def test_it_is_made_of_an_artifact() -> None:
    pipeline = learned()
    packed = pack(
        Pipeline("text_filter", pipeline.encoder_, pipeline.estimator_, ("ham", "spam"), ("text",))
    )
    judges = Scorer.of(unpack(packed.data, packed.digest))
    texts = [*written(40, 4)[0], *ODD]
    assert np.abs(judges.probabilities(texts) - pipeline.predict_proba(texts)[:, 1]).max() < 1e-9


def test_its_weights_cannot_be_written_to() -> None:
    with pytest.raises(ValueError, match="read-only"):
        scorer().weights[0] = 1.0


def test_what_it_cannot_judge_by_is_told() -> None:
    pipeline = learned(count=60)
    with pytest.raises(ValueError, match="“Encoder” does not turn texts into numbers"):
        Scorer.of(object.__new__(Encoder), pipeline.estimator_)
    texts, y = written(60, 0)
    y[:20] = 2
    three = LinearSVC().fit(pipeline.encoder_.transform(texts), y)
    with pytest.raises(ValueError, match="this classifier has 3"):
        Scorer.of(pipeline.encoder_, Calibrated(three))
