"""A spam filter: one comment, ten thousand, a fit with cross-validation, a correction."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.calibration import CalibratedClassifierCV
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import Pipeline, make_pipeline, make_union
from sklearn.svm import LinearSVC as Reference
from threadpoolctl import threadpool_limits

from benchmarks.row import Row, best_of, seconds
from benchmarks.spam_texts import written, youtube
from headwater.engines.classification.cross_validate import cross_validate
from headwater.engines.classification.folds import stratified
from headwater.engines.classification.learner import Learner
from headwater.engines.classification.linear_svc import LinearSVC
from headwater.engines.text.declared import REPRESENTATION
from headwater.engines.text.online import updated
from headwater.engines.text.representation import Representation
from headwater.engines.text.scorer import Scorer

LEARNED = 2_000
BATCH = 10_000
ONE = 1_000
"""Comments that are judged one after the other."""
PEERS_ONE = 100
CORRECTIONS = 200
FOLDS = 10


def learner() -> Learner:
    """Return the text filter with the default settings, and the linear SVM."""
    return Learner(Representation, lambda: LinearSVC(random_state=0))


def scikit_learn() -> Pipeline:
    """Return scikit-learn's pipeline of the same terms and classifier, calibrated likewise.

    It has neither the hand-made features nor the removal of disguises, which ours has.
    """
    settings = REPRESENTATION.clean({})
    shared = {
        "min_df": int(settings["min_df"]),
        "max_df": settings["max_df"],
        "sublinear_tf": settings["sublinear_tf"],
    }
    words = (settings["word_ngram_min"], settings["word_ngram_max"])
    characters = (settings["character_ngram_min"], settings["character_ngram_max"])
    return make_pipeline(
        make_union(
            TfidfVectorizer(ngram_range=words, **shared),
            TfidfVectorizer(analyzer=settings["characters"], ngram_range=characters, **shared),
        ),
        CalibratedClassifierCV(Reference(random_state=0), ensemble=False, cv=5),
    )


def row(work: str, ours: float, theirs: float, goal: str, reached: bool, how: str) -> Row:
    """Return a row with the peer's time, whose goal is a time of ours."""
    return Row(
        work,
        seconds(ours),
        f"{seconds(theirs)} (scikit-learn's pipeline)",
        f"{theirs / ours:,.{0 if theirs > 100 * ours else 1}f} ×",
        goal,
        reached,
        how,
    )


def judging(what: str, texts: list[str], y: list[int]) -> list[Row]:
    """Return the rows of one comment and of a batch, of filters that learned from ``texts``."""
    learn, codes = texts[:LEARNED], np.array(y[:LEARNED], dtype=np.int64)
    fitted = learner().fit(learn, codes)
    judges = Scorer.of(fitted.encoder_, fitted.estimator_)
    peer = scikit_learn().fit(learn, codes)
    batch = (texts * (BATCH // len(texts) + 1))[-BATCH:]
    wanted = fitted.predict_proba(batch)[:, 1]
    assert np.abs(judges.probabilities(batch) - wanted).max() < 1e-9
    assert np.abs([judges.probability(text) for text in batch[:ONE]] - wanted[:ONE]).max() < 1e-9
    same = float(((wanted >= 0.5) == (peer.predict_proba(batch)[:, 1] >= 0.5)).mean())

    def one_by_one(judge: Any, count: int) -> float:
        return best_of(3, lambda: [judge(text) for text in batch[:count]]) / count

    mine = one_by_one(judges.probability, ONE)
    theirs = one_by_one(lambda text: peer.predict_proba([text])[0, 1], PEERS_ONE)
    how = (
        f"Learned from {len(learn):,} texts; {np.mean([len(text) for text in batch]):.0f} "
        f"characters a comment. Ours has the default settings, and equals its own pipeline within "
        f"1e-9; the peer counts the same words and characters without features and without "
        f"undoing disguises; both say the same of {same:.1%}. One thread, best of 3."
    )
    found = [
        row(
            f"judge one comment, {what}",
            mine,
            theirs,
            "under 300 µs",
            mine < 300e-6,
            f"{ONE:,} of ours and {PEERS_ONE} of the peer's one after the other. {how}",
        )
    ]
    mine = best_of(3, lambda: judges.probabilities(batch))
    theirs = best_of(1, lambda: peer.predict_proba(batch))
    speed = f"{BATCH / mine:,.0f} a second, the peer {BATCH / theirs:,.0f}."
    found.append(
        row(
            f"judge {BATCH:,} comments, {what}",
            mine,
            theirs,
            "20,000 a second",
            BATCH / mine >= 20_000,
            f"{speed} {how}",
        )
    )
    return found


def fitting(what: str, texts: list[str], y: list[int]) -> Row:
    """Return the row of a fit and its 10-fold cross-validation, the whole pipeline in the fold."""
    texts, codes = texts[:LEARNED], np.array(y[:LEARNED], dtype=np.int64)
    parts = stratified(codes, FOLDS, 0)
    accuracies = {}

    def ours() -> None:
        measured = cross_validate(learner, texts, codes, parts, metrics=("accuracy",))
        accuracies["ours"] = float((measured.predicted == measured.y).mean())
        learner().fit(texts, codes)

    def theirs() -> None:
        folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
        said = cross_val_predict(scikit_learn(), texts, codes, cv=folds, method="predict_proba")
        accuracies["peer"] = float(((said[:, 1] >= 0.5) == codes).mean())
        scikit_learn().fit(texts, codes)

    mine, peer = best_of(1, ours), best_of(1, theirs)
    return row(
        f"fit with {FOLDS}-fold cross-validation, {what}",
        mine,
        peer,
        "–",
        True,
        f"{len(texts):,} texts, calibrated in every fold, and once more on all; one thread, one "
        f"run. Accuracy {accuracies['ours']:.4f}, the peer {accuracies['peer']:.4f}.",
    )


def correcting(what: str, texts: list[str], y: list[int]) -> Row:
    """Return the row of one correction; the peer is fitted again, for it has no other way."""
    learn, codes = texts[:LEARNED], np.array(y[:LEARNED], dtype=np.int64)
    fitted = learner().fit(learn, codes)
    judges = Scorer.of(fitted.encoder_, fitted.estimator_)
    given = [(text, not label) for text, label in zip(texts, y, strict=True)][-CORRECTIONS:]
    mine = best_of(3, lambda: [updated(judges, [each]) for each in given]) / len(given)
    replayed = best_of(3, lambda: updated(judges, given))
    theirs = best_of(1, lambda: scikit_learn().fit(learn, codes))
    return row(
        f"learn from one correction, {what}",
        mine,
        theirs,
        "under 5 ms",
        mine < 5e-3,
        f"{len(given)} corrections, each by itself; all of them in a row took {seconds(replayed)}. "
        f"The peer is fitted again on {len(learn):,} texts.",
    )


def rows() -> list[Row]:
    found: list[Row] = []
    with threadpool_limits(1):
        texts, y = written(LEARNED + BATCH)
        found += judging("short ones by a grammar", texts, y)
        found.append(fitting("short ones by a grammar", texts, y))
        found.append(correcting("short ones by a grammar", texts, y))
        texts, y = youtube()
        if texts:
            order = np.random.default_rng(0).permutation(len(texts)).tolist()
            texts, y = [texts[i] for i in order], [y[i] for i in order]
            found += judging("YouTube Spam Collection", texts, y)
            found.append(fitting("YouTube Spam Collection", texts, y))
    return found
