"""A tree that is kept is cut elsewhere: letters nested, nothing learned anew, labels written."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from django.db import transaction
from scipy.cluster.hierarchy import fcluster, linkage

from headwater.console.automation_shown import why
from headwater.engines.clustering.hierarchical import Hierarchical
from headwater.learning.errors import AlreadyRunning, FitError
from headwater.learning.models import Fit, FitStatus, Membership, StatisticalModel
from headwater.learning.request import open_fit
from headwater.segmentation.cut import cut_fit, preview_cut
from headwater.segmentation.fit_rows import members_of
from tests.segmentation.rows import SPICES, add_rows, blobs, make_analysis, make_dataset, person
from tests.testapp.models import Person

pytestmark = pytest.mark.django_db

Make = Callable[..., Any]


@pytest.fixture
def never_grown(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Return a function after which growing a tree is an error."""

    def fit(*args: Any, **options: Any) -> None:
        raise AssertionError("a tree is grown anew")

    return lambda: monkeypatch.setattr(Hierarchical, "fit", fit)


def _labels(fit: Fit) -> dict[Any, str]:
    grouping = members_of(fit).grouping
    letters = [grouping.letters[group] for group in grouping.labels.tolist()]
    return dict(zip(grouping.ids.tolist(), letters, strict=True))


def _groups(labels: dict[Any, str]) -> set[frozenset[Any]]:
    return {
        frozenset(key for key, one in labels.items() if one == letter)
        for letter in set(labels.values())
    }


def test_each_cut_of_the_spices_is_scipys(never_grown: Callable[[], None]) -> None:
    model = make_analysis(make_dataset(SPICES), "hierarchical", n_clusters=3)
    fit = model.perform_inference()
    never_grown()
    X = np.column_stack([SPICES[name] for name in ("heat", "sweet", "fresh")])
    tree = linkage((X - X.mean(axis=0)) / X.std(axis=0), "ward")
    for k in range(2, 9):
        shown = preview_cut(fit, k)
        json.dumps(shown, allow_nan=False)
        expected = fcluster(tree, k, "maxclust")
        points = {point[3]: point[2] for point in shown["scatter"]["points"]}
        ours = {key: shown["cut"]["letters"][group] for key, group in points.items()}
        assert _groups(ours) == _groups(dict(zip(range(1, 9), map(str, expected), strict=True)))
        assert shown["cut"]["sizes"] == [list(points.values()).count(group) for group in range(k)]
        assert {group["letter"] for group in shown["groups"]} == set(shown["cut"]["letters"])


def test_a_preview_has_all_that_a_summary_has_and_keeps_nothing(
    never_grown: Callable[[], None],
) -> None:
    model = make_analysis(make_dataset(blobs([30, 20, 10])), "hierarchical", n_clusters=3)
    fit = model.perform_inference()
    never_grown()
    shown = preview_cut(fit, 3)
    assert set(shown) == {*fit.summary, "cut"}
    for key, value in fit.summary.items():
        if key != "matching":
            assert json.loads(json.dumps(shown[key])) == value, key
    assert preview_cut(fit, 4)["matching"]["compared"] == 60
    assert list(model.fits.all()) == [fit]


def test_a_cut_is_a_fit_of_the_same_model_that_serves(never_grown: Callable[[], None]) -> None:
    model = make_analysis(make_dataset(blobs([30, 20, 10])), "hierarchical", n_clusters=2)
    fit = model.perform_inference()
    never_grown()
    cut = cut_fit(fit, 3, person())
    assert (cut.status, cut.error) == (FitStatus.SUCCEEDED, "")
    assert cut.pk != fit.pk
    assert (cut.n_groups, cut.n_rows, cut.parameters["n_clusters"]) == (3, 60, 3)
    assert (cut.requested_by, why(cut)) == (person(), "cut at 3")
    model.refresh_from_db()
    assert (model.current_fit, model.parameters) == (cut, {"n_clusters": 3})
    assert model.letters == ["A", "B", "C"]
    shown = preview_cut(fit, 3)
    assert json.loads(json.dumps(shown)) == cut.summary
    assert cut.summary["tree"]["letters"] == fit.summary["tree"]["letters"]
    # Its artifact gives new rows their group, and can be cut again.
    assert model.assign({"spent": 0.0, "visits": 0.0}) == "A"
    assert _labels(cut_fit(cut, 2)) == _labels(fit)
    fit.refresh_from_db()
    assert fit.n_groups == 2  # history is left as it was


def test_letters_are_nested_and_come_back(never_grown: Callable[[], None]) -> None:
    rng = np.random.default_rng(3)
    values = {"x": rng.normal(size=40).tolist(), "y": rng.normal(size=40).tolist()}
    model = make_analysis(make_dataset(values), "hierarchical", n_clusters=4)
    current = model.perform_inference()
    never_grown()
    found: dict[int, dict[Any, str]] = {4: _labels(current)}
    grown = current
    for k in (6, 2, 3, 6, 5, 4):
        current = cut_fit(grown if k % 2 else current, k)
        labels = _labels(current)
        assert found.setdefault(k, labels) == labels  # the same cut, the same letters
        assert labels == _of_preview(current, k) == _of_preview(grown, k)
    for k in range(2, 6):
        fewer, more = found[k], found[k + 1]
        (new,) = set(more.values()) - set(fewer.values())
        split = {fewer[key] for key, letter in more.items() if letter == new}
        assert len(split) == 1
        assert all(more[key] in (letter, new) for key, letter in fewer.items())
        (old,) = split
        assert list(more.values()).count(old) >= list(more.values()).count(new)


def _of_preview(fit: Fit, k: int) -> dict[Any, str]:
    shown = preview_cut(fit, k)
    points = {point[3]: point[2] for point in shown["scatter"]["points"]}
    return {key: shown["cut"]["letters"][group] for key, group in points.items()}


def test_letters_of_groups_that_were_given_before_are_not_given_to_others() -> None:
    dataset = make_dataset(blobs([30, 20, 10]))
    model = make_analysis(dataset, "hierarchical", n_clusters=5)
    model.perform_inference()
    model.parameters = {"n_clusters": 3}
    model.save()
    later = model.perform_inference(recalculate=True)  # D and E are gone
    cut = cut_fit(later, 4)
    assert cut.n_groups == 4
    new = set(_labels(cut).values()) - set(_labels(later).values())
    assert new.isdisjoint("ABCDE")


def test_labels_go_to_the_field_of_a_model(make_people: Make, make_model: Make) -> None:
    make_people(60)
    model = make_model(technique="hierarchical", parameters={"n_clusters": 2})
    fit = model.perform_inference()
    cut = cut_fit(fit, 4)
    assert (cut.status, cut.error) == (FitStatus.SUCCEEDED, "")
    assert dict(Person.objects.values_list("pk", "group")) == _labels(cut)
    assert 0 < cut.written["updated"] < 60
    assert cut.summary["matching"]["moved"] == cut.written["updated"]
    assert not cut.summary["notes"]


def test_rows_that_came_went_and_changed_are_told(make_people: Make, make_model: Make) -> None:
    people = make_people(60)
    model = make_model(technique="hierarchical", parameters={"n_clusters": 2})
    fit = model.perform_inference()
    model.increment_counter(7)
    people[0].delete()
    Person.objects.filter(pk=people[1].pk).update(x=-50.0)
    Person.objects.create(x=1.0, y=1.0)
    cut = cut_fit(fit, 3)
    assert (cut.status, cut.error) == (FitStatus.SUCCEEDED, "")
    gone, changed, new = cut.summary["notes"]
    assert gone == "1 row is gone since this run, and left out of all figures."
    assert changed.startswith("1 row is of another value since this run")
    assert new == "1 row is newer than this run, and in no figure."
    assert sum(group["size"] for group in cut.summary["groups"]) == 59
    assert (cut.n_rows, cut.written["missing"]) == (60, 1)
    again = cut_fit(cut, 2)
    assert _labels(again) == _labels(fit)
    model.refresh_from_db()
    assert model.counter == 7  # these rows count towards the next fit as before
    assert model.assign_pending(refresh=True).assigned >= 1


def test_what_cannot_be_cut_is_refused_with_a_sentence() -> None:
    dataset = make_dataset(SPICES)
    flat = make_analysis(dataset, "k_means", n_clusters=2).perform_inference()
    model = make_analysis(dataset, "hierarchical", n_clusters=3)
    fit = model.perform_inference()
    for cut in (preview_cut, cut_fit):
        with pytest.raises(FitError, match="has no tree to cut"):
            cut(flat, 3)
        with pytest.raises(FitError, match="Groups"):
            cut(fit, 0)
        with pytest.raises(FitError, match="9 groups are asked for and there are 8 rows"):
            cut(fit, 9)
    assert list(model.fits.all()) == [fit]
    model.refresh_from_db()
    assert (model.current_fit, model.parameters) == (fit, {"n_clusters": 3})
    assert cut_fit(fit, 3) == fit  # it is cut so already
    open_fit(model)
    with pytest.raises(AlreadyRunning):
        cut_fit(fit, 4)


def test_a_tree_that_serves_no_more_can_be_looked_at_only() -> None:
    dataset = make_dataset(blobs([30, 20]))
    model = make_analysis(dataset, "hierarchical", n_clusters=2)
    first = model.perform_inference()
    add_rows(dataset, blobs([30, 25]))
    model = StatisticalModel.objects.get(pk=model.pk)
    model.perform_inference(recalculate=True)
    assert sum(preview_cut(first, 3)["cut"]["sizes"]) == 50  # of its own version of the dataset
    with pytest.raises(FitError, match="is not the run that serves any more"):
        cut_fit(first, 3)
    Membership.objects.filter(fit=first).delete()
    with pytest.raises(FitError, match="is not kept any more"):
        preview_cut(first, 3)


def test_a_tree_of_points_that_stand_for_rows_is_cut_too() -> None:
    model = make_analysis(make_dataset(blobs([3000, 1500, 900])), "hierarchical", n_clusters=3)
    fit = model.perform_inference()
    assert fit.status == FitStatus.SUCCEEDED, fit.error
    shown = preview_cut(fit, 2)
    assert sorted(shown["cut"]["sizes"]) == [2400, 3000]
    cut = cut_fit(fit, 2)
    assert sorted(group["size"] for group in cut.summary["groups"]) == [2400, 3000]
    assert _labels(cut_fit(cut, 3)) == _labels(fit)


def test_labels_that_the_field_cannot_hold_leave_all_as_it_was(
    make_people: Make, make_model: Make
) -> None:
    make_people(60)
    model = make_model(
        technique="hierarchical",
        parameters={"n_clusters": 2},
        results_storage="dmf:testapp.Person.letter",
    )
    fit = model.perform_inference()
    failed = cut_fit(fit, 30)
    assert failed.status == FitStatus.FAILED
    assert "testapp.Person.letter holds 1 character" in failed.error
    model.refresh_from_db()
    assert (model.current_fit, model.parameters) == (fit, {"n_clusters": 2})
    assert dict(Person.objects.values_list("pk", "letter")) == _labels(fit)


def test_of_many_rows_a_preview_looks_at_some_and_counts_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("headwater.segmentation.cut.SAMPLED", 50)
    model = make_analysis(make_dataset(blobs([150, 100, 3])), "hierarchical", n_clusters=3)
    fit = model.perform_inference()
    shown = preview_cut(fit, 4)
    kept = cut_fit(fit, 4)
    assert shown["cut"]["sizes"] == kept.summary["cut"]["sizes"]
    for ours, all_rows in zip(shown["groups"], kept.summary["groups"], strict=True):
        assert (ours["letter"], ours["size"]) == (all_rows["letter"], all_rows["size"])
        assert ours["share"] == all_rows["share"]
        means = [group["columns"]["spent"]["mean"] for group in (ours, all_rows)]
        assert means[0] == pytest.approx(means[1], abs=1.0)
    assert len(shown["scatter"]["points"]) < 150
    assert "sizes are of all" in shown["notes"][-1]
    assert not kept.summary["notes"]


@pytest.mark.django_db(transaction=True)
def test_of_very_many_rows_a_worker_makes_the_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("headwater.segmentation.cut.AT_ONCE", 50)
    model = make_analysis(make_dataset(blobs([30, 20, 10])), "hierarchical", n_clusters=3)
    fit = model.perform_inference()
    with transaction.atomic():
        waiting = cut_fit(fit, 4)
        assert waiting.status == FitStatus.QUEUED
    waiting.refresh_from_db()  # tests run tasks as soon as it commits
    assert (waiting.status, waiting.error, waiting.n_groups) == (FitStatus.SUCCEEDED, "", 4)
    model.refresh_from_db()
    assert (model.current_fit, model.parameters) == (waiting, {"n_clusters": 4})
