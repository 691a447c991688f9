"""RFM: quintile scores with ties, means per segment by brute force, and the usual words."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest

from headwater.learning.models import Fit, Membership
from headwater.segmentation.names import segment_names
from headwater.segmentation.rfm import Rfm, RfmColumns, RfmError, quintiles, rfm_of
from headwater.segmentation.rfm_words import RFM_WORDS, rfm_word
from tests.segmentation.rows import make_analysis, make_dataset


def customers(seed: int = 3) -> dict[str, list[Any]]:
    rng = np.random.default_rng(seed)
    truth = np.repeat([0, 1, 2], [20, 30, 25])
    at = np.arange(75), truth
    days = rng.integers([1, 60, 200], [30, 120, 365], size=(75, 3))[at]
    return {
        "customer": [f"c{i:02d}" for i in rng.permutation(75)],
        "days_since_last_order": days.astype(float).tolist(),
        "orders": rng.integers([15, 5, 1], [30, 12, 3], size=(75, 3))[at].tolist(),
        "total_spent": rng.uniform([900, 300, 10], [2000, 500, 99], size=(75, 3))[at].tolist(),
    }


def fitted(values: dict[str, list[Any]], **roles: str) -> Fit:
    fit = make_analysis(make_dataset(values, **roles), "k_means", n_clusters=3).perform_inference()
    assert fit.status == "succeeded", fit.error
    return fit


def found(fit: Fit, **options: Any) -> Rfm:
    rfm = rfm_of(fit, **options)
    assert rfm is not None
    return rfm


def test_scores_are_fifths_where_all_values_differ() -> None:
    values = np.random.default_rng(1).permutation(100).astype(float)
    assert quintiles(values).tolist() == (values // 20 + 1).astype(int).tolist()


def test_equal_values_have_equal_scores_and_more_never_less() -> None:
    values = np.random.default_rng(2).integers(4, size=500).astype(float)
    scores = quintiles(values)
    for value in range(4):
        assert len(set(scores[values == value].tolist())) == 1
    assert (np.diff(scores[np.argsort(values)]) >= 0).all()
    assert quintiles(np.full(9, 2.5)).tolist() == [3] * 9


def test_words_cover_all_scores_and_each_can_be_said() -> None:
    grid = [(r / 20, w / 20) for r in range(20, 101) for w in range(20, 101)]
    assert {rfm_word(*means).word for means in grid} == {one.word for one in RFM_WORDS}
    assert rfm_word(5, 5).word == "champions"
    assert rfm_word(1, 1).word == "lost"
    assert rfm_word(2, 4).word == "at risk"


@pytest.mark.django_db
def test_means_are_those_of_the_rows() -> None:
    values = customers()
    fit = fitted(values)
    rfm = found(fit)
    assert rfm.columns == RfmColumns("days_since_last_order", "orders", "total_spent")
    assert rfm.notes == ()
    n = len(values["customer"])
    letter_of = {key: group for *_, group, key in fit.summary["scatter"]["points"]}
    names = segment_names(fit)

    def score(column: str, i: int, sign: int) -> int:
        own = sign * values[column][i]
        others = [sign * value for value in values[column]]
        below, equal = sum(v < own for v in others), sum(v == own for v in others)
        return min(5, int(5 * (below + equal / 2) / n) + 1)

    for segment in rfm.segments:
        rows = [
            i
            for i, key in enumerate(values["customer"])
            if fit.summary["scatter"]["letters"][letter_of[key]] == segment.letter
        ]
        assert segment.n == len(rows)
        assert segment.name == names[segment.letter]
        for column, sign, mean in [
            ("days_since_last_order", -1, segment.recency),
            ("orders", 1, segment.frequency),
            ("total_spent", 1, segment.monetary),
        ]:
            assert mean == pytest.approx(np.mean([score(column, i, sign) for i in rows]))
    assert [one.word for one in sorted(rfm.segments, key=lambda one: -one.recency)] == [
        "champions", "loyal", "lost",
    ]  # fmt: skip
    assert rfm.segments[0].sentence.endswith(", of 5).")


@pytest.mark.django_db
def test_a_later_date_is_more_recent() -> None:
    values = customers()
    days = values.pop("days_since_last_order")
    dated = {**values, "last_order": [dt.datetime(2026, 1, 1) - dt.timedelta(d) for d in days]}
    dataset = make_dataset(dated)
    version = dataset.current
    assert version is not None
    for column in version.columns:
        if column["name"] == "last_order":
            column["type"] = "date"
    version.save()
    model = make_analysis(dataset, "k_means", n_clusters=3, columns=["orders", "total_spent"])
    fit = model.perform_inference()
    by_date = found(fit)
    assert by_date.columns.recency == "last_order"

    letter_of = {key: group for *_, group, key in fit.summary["scatter"]["points"]}
    scores = quintiles(-np.array(days))
    for segment in by_date.segments:
        index = fit.summary["scatter"]["letters"].index(segment.letter)
        rows = [i for i, key in enumerate(values["customer"]) if letter_of[key] == index]
        assert segment.recency == pytest.approx(scores[rows].mean())


@pytest.mark.django_db
def test_columns_can_be_named_and_without_them_there_is_no_reading() -> None:
    values = customers()
    renamed = dict(zip(["customer", "a", "b", "c"], values.values(), strict=True))
    fit = fitted(renamed)
    assert rfm_of(fit) is None
    named = found(fit, columns=RfmColumns("a", "b", "c"))
    guessed = found(fitted(values))
    assert [one.word for one in named.segments] == [one.word for one in guessed.segments]
    with pytest.raises(RfmError, match=r"“x” is no column.*there is a, b, c"):
        rfm_of(fit, columns=RfmColumns("x", "b", "c"))
    with pytest.raises(RfmError, match="three different columns"):
        rfm_of(fit, columns=RfmColumns("a", "b", "b"))
    Membership.objects.all().delete()
    with pytest.raises(RfmError, match="not kept any more"):
        rfm_of(fit, columns=RfmColumns("a", "b", "c"))


@pytest.mark.django_db
def test_rows_without_a_value_are_told_and_left_out() -> None:
    values = customers()
    values["orders"][4] = None
    rfm = found(fitted(values))
    assert rfm.notes == ("1 row of this run lacks a value or is gone, and is not scored.",)
    assert sum(one.n for one in rfm.segments) == 74
