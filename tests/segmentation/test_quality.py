"""Quality: how well segments are apart in a sentence, and what fits none by name."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from headwater.learning.models import Fit
from headwater.segmentation.quality import anomaly_sentence, quality_sentence


@pytest.mark.parametrize(
    ("silhouette", "sentence"),
    [
        (0.71, "The segments are clearly apart (silhouette 0.71)."),
        (0.7, "The segments are reasonably well apart (silhouette 0.7)."),
        (0.51, "The segments are reasonably well apart (silhouette 0.51)."),
        (0.26, "The segments are weakly apart, so another"),
        (0.25, "The segments are hardly apart: read them as a division"),
        (-0.2, "The segments are hardly apart: read them as a division"),
        (None, "How well the segments are apart cannot be told"),
    ],
)
def test_the_silhouette_reads_as_kaufman_and_rousseeuw_have_it(
    silhouette: float | None, sentence: str
) -> None:
    told = quality_sentence({"groups": [{}, {}], "quality": {"silhouette": silhouette}})
    assert told.startswith(sentence)


def test_quality_says_what_is_left_out_and_what_was_sampled() -> None:
    quality = {"silhouette": 0.6, "sampled": 1998, "n_noise": 1, "noise_share": 0.1}
    assert quality_sentence({"groups": [{}] * 3, "quality": quality}) == (
        "The segments are reasonably well apart (silhouette 0.6, estimated from 1,998 rows). "
        "1 row is outside of every segment (10%) and not counted in it."
    )
    assert quality_sentence({"groups": [], "quality": quality}).startswith("There are no segments")
    assert quality_sentence({"groups": [{}], "quality": quality}).startswith("There is one segment")
    assert quality_sentence({"groups": [{}]}) == ""


@pytest.mark.django_db
def test_dishes_that_fit_nowhere_are_named(run_sample: Callable[[str], Fit]) -> None:
    fit = run_sample("dishes")
    assert anomaly_sentence(fit) == (
        "Found 2 groups of similar rows and 3 that fit none: Overcooked special, Burnt experiment "
        "and Mystery dish."
    )
    assert anomaly_sentence(fit, with_rows=False) == (
        "Found 2 groups of similar rows and 3 that fit none."
    )
    fit.summary["outside"] = {"n": 20, "ids": list(range(1, 13))}
    assert anomaly_sentence(fit).endswith("Mystery dish and 8 more.")
    fit.summary["outside"] = {}
    assert anomaly_sentence(fit) == ""
    fit.summary["outliers"] = {"n": 1, "sample": [[3, 4.2]]}
    assert anomaly_sentence(fit) == ("1 row lies far from the middle of every segment: Pasta C.")
