"""Classifiers in the Django admin."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from headwater.classification.models import Classifier
from tests.testapp.models import Person


def test_the_admin_lists_classifiers_only_with_their_score(
    client: Client,
    labelled: list[Person],
    make_classifier: Callable[..., Classifier],
    make_model: Callable[..., Any],
) -> None:
    client.force_login(User.objects.create_superuser("admin"))
    make_model(name="A crowd")
    classifier = make_classifier()
    classifier.perform_inference()
    text = client.get(
        reverse("admin:headwater_classification_classifier_changelist")
    ).content.decode()
    assert "Plans" in text
    assert "A crowd" not in text
    assert "accuracy 0.889" in text
    address = reverse("admin:headwater_classification_classifier_change", args=[classifier.pk])
    form = client.get(address)
    assert "How it is judged" in form.content.decode()
    offered = {value for value, _ in form.context["adminform"].form.fields["technique"].choices}
    assert "svc" in offered
    assert not offered & {"k_means", "text_filter", "bayesian_network"}


def test_the_admin_says_what_is_wrong(
    client: Client, labelled: list[Person], make_classifier: Callable[..., Classifier]
) -> None:
    client.force_login(User.objects.create_superuser("admin"))
    classifier = make_classifier()
    address = reverse("admin:headwater_classification_classifier_change", args=[classifier.pk])
    given = {
        "name": "Plans",
        "technique": "svc",
        "parameters": "{}",
        "encoding": "{}",
        "evaluation": '{"folds": 1}',
        "source": classifier.source_id,
        "engine_meta_iterations": 1,
        "engine_iterations": 100,
        "recalculate": "manual",
    }
    response = client.post(address, given)
    assert "a whole number from 2 to 50" in response.content.decode()
    assert client.post(address, {**given, "evaluation": "{}"}).status_code == 302
    assert Classifier.objects.get(pk=classifier.pk).technique == "svc"
