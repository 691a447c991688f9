"""Any two runs side by side."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse

from headwater.learning.models import Membership, StatisticalModel
from tests.testapp.models import Person


def _two_runs(model: StatisticalModel) -> tuple[int, int]:
    first = model.current_fit_id
    moving = list(Person.objects.filter(group="A").values_list("pk", flat=True)[:4])
    Person.objects.filter(pk__in=moving).update(x=10.0, y=10.0)
    second = model.perform_inference(recalculate=True)
    assert first is not None
    return first, second.pk


def test_sizes_means_and_moved_rows(page: Client, fitted: StatisticalModel) -> None:
    first, second = _two_runs(fitted)
    address = reverse("headwater:compare", args=[fitted.pk])

    response = page.get(f"{address}?before={first}&after={second}")
    text = response.content.decode()

    assert "4 of 60 rows moved to another group (7%)" in text
    assert "−6.7 points" in text
    assert "+6.7 points" in text
    assert "The settings were the same." in text
    assert [[cell[0] for cell in row.cells] for row in response.context["cross"]] == [
        [36, 4],
        [0, 20],
    ]


def test_without_kept_labels_sizes_and_means_still_compare(
    page: Client, fitted: StatisticalModel
) -> None:
    first, second = _two_runs(fitted)
    Membership.objects.filter(fit=first).delete()

    text = page.get(
        reverse("headwater:compare", args=[fitted.pk]) + f"?before={first}&after={second}"
    ).content.decode()

    assert "Which rows moved is not known" in text
    assert "−6.7 points" in text


def test_different_settings_are_told(page: Client, fitted: StatisticalModel) -> None:
    fitted.parameters = {"n_clusters": 3}
    fitted.save()
    first, second = _two_runs(fitted)

    text = page.get(
        reverse("headwater:compare", args=[fitted.pk]) + f"?before={first}&after={second}"
    ).content.decode()

    assert "The settings differ: the parameters." in text
    assert "new" in text


def test_a_run_without_a_result_cannot_be_compared(
    page: Client, fitted: StatisticalModel, make_fit: object
) -> None:
    failed = make_fit(fitted, status="failed", error="x")  # type: ignore[operator]
    address = reverse("headwater:compare", args=[fitted.pk])

    response = page.get(f"{address}?before={failed.pk}&after={fitted.current_fit_id}")

    assert response.status_code == 404
