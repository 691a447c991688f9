"""Insights: sentences by rules, of figures that are shown; nothing where there is nothing."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from headwater.segmentation.insight import insight_of
from headwater.segmentation.names import AVERAGE
from headwater.segmentation.rules import RULES
from headwater.segmentation.segment import Difference, Segment
from tests.segmentation.made import bare_segments, fit_of, names_without_database, told_of

NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?(?:e−?\d+)?%?")


def shown_numbers(segment: Segment) -> set[str]:
    """Return every number that stands on the card of ``segment``."""
    texts = [segment.name, segment.letter, segment.size_text, segment.share_text, segment.rows]
    for one in segment.characteristics:
        texts += [one.label, one.text, one.lowest, one.highest, one.overall]
    texts += [one.sentence for one in segment.reasons]
    return {number for text in texts for number in NUMBER.findall(text)}


NAMES = [
    "total_spending", "order_frequency", "days_since_last_order", "avg_order_value", "price",
    "customer_rating", "prep_minutes", "peak_ordering_time", "cuisine_diversity", "age", "q3",
    "seasonal_variation", "membership_years", "discount_share", "sweetness", "height",
]  # fmt: skip


@given(
    names=st.lists(st.sampled_from(NAMES), min_size=1, max_size=5, unique=True),
    n_groups=st.integers(2, 5),
    seed=st.integers(0, 10_000),
    scale=st.sampled_from([1e-7, 0.01, 1.0, 3e4]),
    apart_by=st.sampled_from([0.0, 1.0, 4.0]),
    size=st.integers(2, 30),
)
@hypothesis_settings(max_examples=60, deadline=None)
def test_every_number_in_a_sentence_is_on_the_page(
    names: list[str], n_groups: int, seed: int, scale: float, apart_by: float, size: int
) -> None:
    rng = np.random.default_rng(seed)
    groups = np.concatenate([np.arange(n_groups), rng.integers(n_groups, size=n_groups * size)])
    columns: dict[str, Any] = {
        name: scale * (rng.normal(size=n_groups)[groups] * apart_by + rng.normal(size=len(groups)))
        for name in names
    }
    columns["member"] = (rng.random(n_groups)[groups] < rng.random(len(groups))).astype(float)
    columns["town"] = rng.choice(["Bath 7", "York", "Hull"], size=len(groups)).tolist()
    fit = fit_of(columns, groups, kinds={"member": "boolean", "town": "categorical"})
    for segment, told in told_of(fit):
        shown = shown_numbers(segment)
        for text in (told.insight, told.recommendation, told.message):
            assert set(NUMBER.findall(text)) <= shown, text
            assert "$" not in text


def test_templates_hold_no_number_of_their_own() -> None:
    for rule in RULES:
        for text in (rule.title, rule.insight, rule.recommendation, rule.message):
            assert not re.search(r"\d", text), rule.key


def test_each_rule_can_speak_and_none_before_it_takes_its_place() -> None:
    def difference(column: str, role: str, tends: Any, strength: float = 2.0) -> Difference:
        return Difference(
            column, column, "numeric", None, "higher" if tends == "high" else "lower",
            "5.1", "3.2", strength, True, False, "Sentence.", role, tends, "trait",
        )  # fmt: skip

    (segment,) = bare_segments(fit_of({"x": np.zeros(10)}, np.zeros(10, int)), {"A": ()})
    for rule in RULES:
        differences = tuple(
            replace(one, is_clear=rule.is_certain)
            for i, condition in enumerate(rule.conditions)
            for one in [difference(f"column{i}", condition.role, condition.tends or "high")]
        )
        share = 0.5 if rule.least_share else 0.1
        told = insight_of(replace(segment, differences=differences, share=share))
        assert told.rule == rule.key
        assert told.title == rule.title


def test_columns_that_contradict_each_other_tell_nothing_of_their_role() -> None:
    rng = np.random.default_rng(8)
    groups = np.repeat([0, 1], 40)
    columns = {
        "prep_minutes": rng.normal(np.array([10, 40])[groups], 2),
        "cook_minutes": rng.normal(np.array([90, 20])[groups], 2),
    }
    assert {told.rule for _, told in told_of(fit_of(columns, groups))} == {"two_differences"}


def test_noise_is_said_to_be_nothing_distinctive() -> None:
    for seed in range(5):
        rng = np.random.default_rng(seed)
        columns = {name: rng.normal(size=400) for name in NAMES[:8]}
        columns["town"] = rng.choice(["Bath", "York", "Hull"], size=400).tolist()
        fit = fit_of(columns, rng.integers(4, size=400), kinds={"town": "categorical"})
        for segment, told in told_of(fit):
            assert not segment.apart
            assert told.rule == "nothing"
            assert told.insight.startswith("Nothing distinctive: ")
            assert told.message == ""
        assert all(AVERAGE in name for name in names_without_database(fit).values())
