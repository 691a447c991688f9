"""Error rates from labels and an audit: exact where all is known, true about 95 times of 100."""

from __future__ import annotations

import json

import numpy as np
import pytest

from headwater.engines.classification.intervals import jeffreys
from headwater.engines.classification.rates import ErrorRates, Stratum, error_rates

RNG = 20_260


def rates(*strata: Stratum, draws: int = 20_000) -> ErrorRates:
    return error_rates(strata, np.random.default_rng(RNG), draws=draws)


def test_estimates_are_weighted_by_inverse_probability() -> None:
    told = rates(
        Stratum("accepted", "ham", 9000, 300, 3),
        Stratum("refused", "spam", 1000, 100, 95),
        Stratum("queue", "person", 500, 500, 200),
    )
    accepted_spam, refused_ham = 3 * 30, 5 * 10
    spam = accepted_spam + 950 + 200
    assert told.false_negative is not None
    assert told.false_positive is not None
    assert told.spam is not None
    assert told.false_negative.share == pytest.approx(accepted_spam / spam)
    assert told.false_positive.share == pytest.approx(refused_ham / (10_500 - spam))
    assert told.spam.share == pytest.approx(spam / 10_500)
    assert (told.n, told.labelled) == (10_500, 900)
    assert told.sentence.startswith("About 0.54% (")
    assert told.sentence.endswith(
        "of spam is accepted: estimated from 900 labels for 10,500 items, with 95% intervals."
    )
    assert json.loads(json.dumps(told.as_json()))["n"] == 10_500


def test_what_is_labelled_in_full_leaves_no_doubt() -> None:
    told = rates(
        Stratum("accepted", "ham", 90, 90, 9),
        Stratum("refused", "spam", 30, 30, 27),
        Stratum("empty", "person", 0, 0, 0),
    )
    assert told.false_negative is not None
    assert told.false_negative.as_json() == {"share": 0.25, "low": 0.25, "high": 0.25}
    assert told.false_positive is not None
    assert told.false_positive.share == told.false_positive.high == pytest.approx(3 / 84)


def test_one_stratum_of_many_items_has_the_interval_of_jeffreys() -> None:
    told = rates(Stratum("accepted", "ham", 10**7, 200, 8), draws=200_000)
    assert told.accepted_spam is not None
    low, high = jeffreys(8, 200)
    assert told.accepted_spam.low == pytest.approx(float(low), rel=0.02)
    assert told.accepted_spam.high == pytest.approx(float(high), rel=0.02)


def test_no_error_found_leaves_room_above_only() -> None:
    told = rates(
        Stratum("accepted", "ham", 1000, 50, 0),
        Stratum("refused", "spam", 1000, 50, 50),
    )
    assert told.false_negative is not None
    assert told.false_negative.share == told.false_negative.low == 0
    assert 0.02 < told.false_negative.high < 0.08


def test_nothing_is_told_without_labels() -> None:
    told = rates(Stratum("queue", "person", 40, 40, 20), Stratum("accepted", "ham", 900, 0, 0))
    assert told.false_negative is None
    assert told.sentence == (
        "Of the 940 items, none of the 900 of “accepted” was labelled by a person: the error rates "
        "can be told once some of them are, drawn at random."
    )
    assert rates().sentence == "There are no items yet."
    only_ham = rates(Stratum("accepted", "ham", 40, 40, 0))
    assert only_ham.false_negative is None
    assert only_ham.false_positive is not None
    with pytest.raises(ValueError, match="“accepted” has 5 items, 6 of them labelled"):
        rates(Stratum("accepted", "ham", 5, 6, 0))


def test_the_same_seed_gives_the_same_intervals() -> None:
    stratum = Stratum("accepted", "ham", 1000, 50, 2)
    assert rates(stratum) == rates(stratum)


def test_intervals_hold_the_truth_about_95_times_of_100() -> None:
    """Six hundred populations are judged and audited; each has its own true rates."""
    rng = np.random.default_rng(77)
    held = {"false_positive": 0, "false_negative": 0, "spam": 0}
    trials = 600
    for _ in range(trials):
        n = {"ham": 6000, "spam": 1500, "person": 400}
        spam = {
            "ham": rng.binomial(6000, 0.02),
            "spam": rng.binomial(1500, 0.96),
            "person": rng.binomial(400, 0.5),
        }
        audited = {"ham": 300, "spam": 150, "person": 400}
        strata = [
            Stratum(key, key, n[key], audited[key], _drawn(rng, n[key], spam[key], audited[key]))  # type: ignore[arg-type]
            for key in n
        ]
        told = error_rates(strata, rng, draws=1000)
        all_spam, all_items = sum(spam.values()), sum(n.values())
        truth = {
            "false_negative": spam["ham"] / all_spam,
            "false_positive": (n["spam"] - spam["spam"]) / (all_items - all_spam),
            "spam": all_spam / all_items,
        }
        for name, value in truth.items():
            rate = getattr(told, name)
            held[name] += rate.low <= value <= rate.high
    # Four standard deviations of a count at 95 % are 0.036 of 600.
    for name, times in held.items():
        assert times / trials == pytest.approx(0.95, abs=0.036), name


def _drawn(rng: np.random.Generator, n: int, spam: int, audited: int) -> int:
    return int(rng.hypergeometric(spam, n - spam, audited))
