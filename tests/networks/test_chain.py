"""A network learns from labels of another model, and follows when they are learned anew."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from headwater.learning.models import RECALCULATE, Fit, FitReason, FitStatus
from tests.networks.conftest import definition, mixture, node
from tests.testapp.models import Person

Make = Callable[..., Any]
pytestmark = pytest.mark.django_db

SHARES = definition(
    node("shares", "Dirichlet", "numpy.ones(2)"),
    node("G", "Categorical", "shares", "testapp.Person.group"),
)


def test_labels_of_one_model_are_data_of_another(
    make_people: Make, make_model: Make, make_network: Make
) -> None:
    make_people(60)
    make_model().perform_inference()
    network = make_network(SHARES)
    fit = network.perform_inference()
    assert (fit.status, fit.error) == (FitStatus.SUCCEEDED, "")
    counts = [Person.objects.filter(group=letter).count() for letter in "AB"]
    exact = [(1 + count) / 62 for count in counts]  # the conjugate update in closed form
    assert network.engine_object["shares"].mean.tolist() == pytest.approx(exact)


def test_an_automated_network_follows(
    make_people: Make,
    make_model: Make,
    make_network: Make,
    django_capture_on_commit_callbacks: Any,
) -> None:
    make_people(60)
    labels = make_model()
    labels.perform_inference()
    network = make_network(SHARES, counter_threshold=5, threshold_actions=RECALCULATE)
    Person.objects.update(group=None)
    with django_capture_on_commit_callbacks():
        labels.perform_inference(recalculate=True)
    waiting = Fit.objects.get(model_id=network.pk)
    assert (waiting.status, waiting.reason) == (FitStatus.QUEUED, FitReason.CHAIN)
    assert "“People”" in waiting.reason_detail


def test_a_circle_is_refused(make_people: Make, make_network: Make) -> None:
    stated = definition(
        *mixture(3).nodes,
        node("shares", "Dirichlet", "numpy.ones(2)"),
        node("G", "Categorical", "shares", "testapp.Person.group"),
        network_type="clustering",
    )
    network = make_network(stated, results_storage="dmf:testapp.Person.group")
    with pytest.raises(ValidationError, match="would learn from its own labels"):
        network.full_clean()
