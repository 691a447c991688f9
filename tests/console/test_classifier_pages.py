"""The pages of classifiers: the list, the form, what was learned and how well that is done."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from headwater.classification.models import Classifier
from headwater.console.classifiers.threshold import threshold_of
from headwater.learning.models import StatisticalModel
from headwater.sources.import_upload import import_upload
from headwater.sources.uploads import receive_upload
from headwater.spam.models import SpamFilter
from tests.classification.conftest import labelled, make_classifier
from tests.testapp.models import Person

__all__ = ["labelled", "make_classifier"]


def text_of(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


@pytest.fixture
def fitted_classifier(
    labelled: list[Person], make_classifier: Callable[..., Classifier]
) -> Classifier:
    """A classifier that was really fitted."""
    classifier = make_classifier()
    assert classifier.perform_inference().error == ""
    return classifier


def test_the_page_says_what_is_learned_and_how_well(
    page: Client, fitted_classifier: Classifier
) -> None:
    response = page.get(reverse("headwater:model", args=[fitted_classifier.pk]))
    assert response.status_code == 200
    text = text_of(response)
    assert "2 classes, 89% right on 90 rows" in text
    assert "learns <strong>plan</strong> from x, y" in text
    for chart in ("confusion", "precision-recall", "calibration", "folds", "weights"):
        assert f'data-chart="chart-{chart}"' in text
    shown = response.context["classifier"]
    assert [row.name for row in shown.classes] == ["free", "pro"]
    assert sum(row.n for row in shown.classes) == shown.n_labelled == 90
    assert shown.n_unlabelled == 30
    assert sum(row.predicted for row in shown.classes) == 120
    assert shown.before is None
    assert len(response.content) < 120_000


def test_the_slider_begins_with_the_confusion_matrix_of_the_page(
    page: Client, fitted_classifier: Classifier
) -> None:
    response = page.get(reverse("headwater:model", args=[fitted_classifier.pk]))
    (data,) = re.findall(
        r'<script id="threshold-threshold-data" type="application/json">(.*?)</script>',
        response.content.decode(),
    )
    points = json.loads(data)["points"]
    matrix = fitted_classifier.current_fit.summary["classification"]["confusion"]["matrix"]
    at_half = next(point for point in points if point[0] == 0.5)
    assert at_half[1:] == [matrix[0][0], matrix[0][1], matrix[1][0], matrix[1][1]]
    # Without a script the table of thresholds is there.
    assert "data-threshold-slider hidden" in text_of(response)
    assert '<details class="hw-fold" data-threshold-table open>' in text_of(response)


def test_two_runs_stand_side_by_side(page: Client, fitted_classifier: Classifier) -> None:
    first = fitted_classifier.current_fit
    fitted_classifier.technique = "random_forest"
    fitted_classifier.parameters = {"n_estimators": 10}
    fitted_classifier.save()
    second = fitted_classifier.perform_inference(recalculate=True)
    assert second.error == ""
    response = page.get(reverse("headwater:model", args=[fitted_classifier.pk]))
    shown = response.context["classifier"]
    assert shown.before == first
    accuracy = shown.metrics[0]
    assert accuracy.before.startswith(f"{first.scores['metrics']['accuracy']['mean']:.3f}")
    assert accuracy.verdict in ("better", "worse", "may be chance")
    assert "judged on the same 90 rows in the same parts" in text_of(response)
    assert shown.weights is None  # a forest has no weights
    for fit in (first, second):
        old = page.get(reverse("headwater:fit", args=[fitted_classifier.pk, fit.pk]))
        assert old.status_code == 200
        assert "How well it does" in text_of(old)
    compared = page.get(
        reverse("headwater:compare", args=[fitted_classifier.pk]),
        {"before": first.pk, "after": second.pk},
    )
    assert compared.status_code == 200
    assert "Measures" in text_of(compared)
    assert "The settings differ: the technique" in text_of(compared)


def test_the_other_pages_show_classifiers(page: Client, fitted_classifier: Classifier) -> None:
    for name in ("overview", "models", "segments", "segment-runs", "glossary"):
        response = page.get(reverse(f"headwater:{name}"))
        assert response.status_code == 200
        assert ("Plans" in text_of(response)) is (name in ("overview", "models"))
    analyse = page.get(reverse("headwater:analyse"))
    assert "Logistic regression" not in text_of(analyse)
    edit = page.get(reverse("headwater:edit", args=[fitted_classifier.pk]))
    assert edit.url == reverse("headwater:classifier-edit", args=[fitted_classifier.pk])


def test_classes_compare_with_the_groups_of_another_model(
    page: Client, fitted_classifier: Classifier, make_model: Callable[..., Any]
) -> None:
    groups = make_model(name="Groups")
    assert groups.perform_inference().error == ""
    response = page.get(
        reverse("headwater:compare-models"),
        {"before": fitted_classifier.current_fit_id, "after": groups.current_fit_id},
    )
    assert response.status_code == 200
    assert "are in groups that match" in text_of(response)


def test_settings_that_changed_are_named(page: Client, fitted_classifier: Classifier) -> None:
    address = reverse("headwater:model", args=[fitted_classifier.pk])
    assert "Settings changed" not in text_of(page.get(address))
    fitted_classifier.evaluation = {"folds": 4}
    fitted_classifier.save()
    assert "<strong>Settings changed</strong>: how it is judged" in text_of(page.get(address))


def test_what_a_person_may_not_see_is_hidden(
    client: Client, fitted_classifier: Classifier, make_user: Callable[..., Any]
) -> None:
    client.force_login(make_user("reader", "view_statisticalmodel"))
    response = client.get(reverse("headwater:model", args=[fitted_classifier.pk]))
    assert response.status_code == 200
    assert response.context["classifier"] is None
    assert "hidden from you" in text_of(response)
    assert "data-chart" not in text_of(response)


def test_a_classifier_without_rows_says_which_filters_use_it(page: Client) -> None:
    settings = Classifier.objects.create(name="SVM for comments", technique="linear_svc")
    settings.full_clean()
    address = reverse("headwater:model", args=[settings.pk])
    assert "Settings only" in text_of(page.get(address))
    SpamFilter.objects.create(name="Comments", classifier=settings)
    response = text_of(page.get(address))
    assert "that use its technique and settings</strong>: “Comments”" in response
    assert "used by “Comments”" in text_of(page.get(reverse("headwater:models")))
    # What is in use cannot be deleted, and is not offered to be.
    delete = reverse("headwater:delete", args=[settings.pk])
    asked = text_of(page.get(delete))
    assert "It cannot be deleted now: the filter “Comments” uses its technique" in asked
    assert "btn-danger" not in asked
    page.post(delete)
    assert Classifier.objects.filter(pk=settings.pk).exists()
    assert "the filter “Comments” uses its technique" in text_of(page.get(address))
    SpamFilter.objects.all().delete()
    assert "btn-danger" in text_of(page.get(delete))


def test_filters_that_a_person_may_not_see_are_counted_and_not_named(
    client: Client, make_user: Callable[..., Any]
) -> None:
    owner = make_user("olga")
    settings = Classifier.objects.create(name="SVM", technique="linear_svc", owner=owner)
    SpamFilter.objects.create(name="Secret", classifier=settings)
    client.force_login(owner)
    delete = reverse("headwater:delete", args=[settings.pk])
    assert "Secret" not in text_of(client.get(delete))
    assert "1 filter that you may not see uses its technique" in text_of(client.get(delete))
    SpamFilter.objects.create(name="Mine", classifier=settings, owner=owner)
    assert "the filters “Mine” and 1 other use its" in text_of(client.get(delete))


def filled(**changes: Any) -> dict[str, Any]:
    """Return the form as a person fills it in."""
    values: dict[str, Any] = {
        "name": "Who is on the plan",
        "rows": "testapp.person",
        "shown_rows": "testapp.person",
        "label": "plan",
        "columns": ["x", "y"],
        "technique": "svc",
        "shown_technique": "svc",
        "p_kernel": "rbf",
        "p_C": "2",
        "p_degree": "3",
        "p_coef0": "0",
        "p_class_weight": "none",
        "p_decision_function_shape": "ovr",
        "p_shrinking": "on",
        "p_tol": "0.001",
        "p_cache_size": "200",
        "p_random_state": "0",
        "v_folds": "5",
        "v_metric": "f1",
        "v_calibration": "sigmoid",
        "v_seed": "42",
        "e_scale": "standard",
        "e_missing": "mean",
        "e_category_weight": "1",
        "e_max_categories": "50",
        "engine_iterations": "1000",
        "engine_meta_iterations": "1",
        "results_storage": "dmf:testapp.Person.segment",
        "recalculate": "manual",
    }
    return values | changes


def test_the_form_makes_a_classifier(page: Client, labelled: list[Person]) -> None:
    asked = page.get(reverse("headwater:classifier-create"))
    assert asked.status_code == 200
    response = page.post(reverse("headwater:classifier-create"), filled())
    assert response.status_code == 302, response.context["form"].errors
    made = Classifier.objects.get(name="Who is on the plan")
    assert made.parameters["C"] == 2
    assert made.evaluation["metric"] == "f1"
    assert made.source is not None
    assert made.source.known_column == "plan"
    assert isinstance(StatisticalModel.objects.get(pk=made.pk).specific, Classifier)
    edit = page.get(reverse("headwater:classifier-edit", args=[made.pk]))
    assert edit.context["form"]["label"].value() == "plan"
    assert edit.context["form"]["p_C"].value() == 2


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"label": ""}, "label", "Say which column holds the known label"),
        ({"columns": ["x", "plan"]}, "label", "the answer would be given away"),
        ({"columns": []}, "columns", "Choose at least one column"),
        ({"v_search": "{"}, "v_search", "not written as JSON"),
        ({"v_folds": "1"}, "v_folds", "a whole number from 2 to 50"),
        ({"p_C": "0"}, "p_C", "a number above 0"),
        (
            {"label": "segment"},
            "label",
            "would be replaced by what is predicted",
        ),
    ],
)
def test_the_form_says_what_is_wrong_at_its_field(
    page: Client, labelled: list[Person], changes: dict[str, Any], field: str, sentence: str
) -> None:
    response = page.post(reverse("headwater:classifier-create"), filled(**changes))
    assert response.status_code == 422
    errors = response.context["form"].errors
    assert sentence in " ".join(errors.get(field, [])), errors
    assert not Classifier.objects.exists()


def test_another_technique_brings_its_own_parameters(page: Client, labelled: list[Person]) -> None:
    response = page.get(reverse("headwater:classifier-create"), filled(technique="random_forest"))
    assert response.status_code == 200
    form = response.context["form"]
    assert "p_n_estimators" in form.fields
    assert form["p_n_estimators"].value() == "100"
    assert not form.errors


def test_the_slider_needs_points() -> None:
    assert threshold_of([], positive="yes", negative="no") is None
    made = threshold_of(
        [[0, 0, 2, 0, 3], [0.5, 2, 0, 1, 2], [1, 2, 0, 3, 0]], positive="yes", negative="no"
    )
    assert made is not None
    assert (made.start, made.now.precision, made.now.recall) == (1, "100%", "67%")


def test_a_classifier_of_a_dataset_is_found_from_its_dataset(page: Client, analyst: User) -> None:
    lines = ["size,kind", *(f"{at % 2 * 10 + at / 20},{'ab'[at % 2]}" for at in range(20))]
    file = ContentFile("\n".join(lines).encode(), name="things.csv")
    upload = receive_upload(file, file_name="things.csv", user=analyst)
    dataset = import_upload(upload, analyst).dataset
    form = filled(
        rows=f"dataset:{dataset.pk}",
        shown_rows=f"dataset:{dataset.pk}",
        label="kind",
        columns=["size"],
        results_storage="",
        v_folds="4",
    )
    response = page.post(reverse("headwater:classifier-create"), form)
    assert response.status_code == 302, response.context["form"].errors
    made = Classifier.objects.get()
    assert made.perform_inference().error == ""
    address = reverse("headwater:model", args=[made.pk])
    assert response.url == address
    assert page.get(address).context["classifier"].n_labelled == 20
    listed = page.get(reverse("headwater:dataset", args=[dataset.pk]))
    assert f'href="{address}"' in text_of(listed)
    edit = page.get(reverse("headwater:classifier-edit", args=[made.pk]))
    assert edit.context["form"]["rows"].value() == f"dataset:{dataset.pk}"
