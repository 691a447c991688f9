"""A new version of a dataset: what is of the earlier one, and what comes of running it again."""

from __future__ import annotations

from typing import Any

import pytest

from headwater.learning.models import Fit, StatisticalModel
from headwater.segmentation.fit_rows import members_of
from headwater.segmentation.rerun import is_stale, request_rerun, stale_analyses
from headwater.sources.models import Dataset
from tests.segmentation.rows import add_rows, blobs, make_analysis, make_dataset, person

pytestmark = pytest.mark.django_db(transaction=True)  # tests run tasks as soon as it commits


@pytest.fixture
def dataset() -> Dataset:
    return make_dataset(blobs([60, 40, 30]))


def _labels(fit: Fit) -> dict[int, str]:
    grouping = members_of(fit).grouping
    letters = [*grouping.letters, ""]
    found = [letters[group] for group in grouping.labels.tolist()]
    return dict(zip(grouping.ids.tolist(), found, strict=True))


def _rerun(model: StatisticalModel) -> Fit:
    fit = request_rerun(StatisticalModel.objects.get(pk=model.pk), person())
    fit.refresh_from_db()
    return fit


@pytest.mark.parametrize(
    ("technique", "parameters"),
    [("k_means", {"n_clusters": 3}), ("hierarchical", {"n_clusters": 3}), ("dbscan", {"eps": 0.5})],
)
def test_rows_that_came_went_and_changed(
    dataset: Dataset, technique: str, parameters: dict[str, Any]
) -> None:
    model = make_analysis(dataset, technique, **parameters)
    before = model.perform_inference()
    assert stale_analyses(dataset) == []
    assert not is_stale(before)
    values = blobs([60, 40, 30])
    values["spent"][0], values["visits"][0] = values["spent"][70], values["visits"][70]
    new = blobs([0, 90, 0], first_id=1000)  # B is the largest now
    kept = {name: [*column[:50], *column[60:], *new[name]] for name, column in values.items()}
    order = list(range(len(kept["spent"])))[::-1]  # a file in another order
    add_rows(dataset, {name: [column[i] for i in order] for name, column in kept.items()})
    (stale,) = stale_analyses(dataset)
    assert (stale.model, stale.fit, stale.version, stale.current) == (model, before, 1, 2)
    assert stale.missing == ()
    after = _rerun(model)
    assert (after.status, after.error) == ("succeeded", "")
    assert (after.source["version"], after.requested_by) == (2, person())
    one, other = _labels(before), _labels(after)
    assert set(range(51, 61)).isdisjoint(other)
    same = [key for key in one if key in other and one[key] and other[key]]
    assert {key for key in same if one[key] != other[key]} == {1}
    assert other[1] == "B"
    came = {other[key] for key in range(1000, 1090)} - {""}
    assert came == {"B"}
    assert stale_analyses(dataset) == []
    assert is_stale(before)


def test_a_column_that_is_gone_is_named_and_the_run_before_goes_on_serving(
    dataset: Dataset,
) -> None:
    model = make_analysis(dataset, n_clusters=3)
    before = model.perform_inference()
    values = blobs([60, 40, 30])
    del values["visits"]
    add_rows(dataset, values)
    assert stale_analyses(dataset)[0].missing == ("visits",)
    after = _rerun(model)
    assert after.status == "failed"
    assert "has no column “visits”" in after.error
    model.refresh_from_db()
    assert model.current_fit == before
    assert model.assign({"spent": 0.0, "visits": 0.0}) == "A"


def test_a_column_that_became_text_is_a_category_then(dataset: Dataset) -> None:
    model = make_analysis(dataset, n_clusters=2)
    model.perform_inference()
    values = blobs([60, 40, 30])
    values["visits"] = ["few" if value < 4 else "many" for value in values["visits"]]
    add_rows(dataset, values)
    after = _rerun(model)
    assert (after.status, after.error) == ("succeeded", "")
    kinds = {column["name"]: column["kind"] for column in after.summary["columns"]}
    assert kinds == {"spent": "numeric", "visits": "categorical"}
