"""People of whom some are known to be on a plan, and classifiers of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from headwater.classification.models import Classifier
from tests.testapp.models import Person


@pytest.fixture
def labelled(make_people: Callable[..., Any]) -> list[Person]:
    """120 people in two overlapping clouds; of 90 it is known whether they are on the plan."""
    people: list[Person] = make_people(120)
    rng = np.random.default_rng(5)
    for at, person in enumerate(people):
        far = person.x > 5
        known = at < 90
        swapped = rng.random() < 0.1
        person.plan = None if not known else ("pro" if far != swapped else "free")
    Person.objects.bulk_update(people, ["plan"])
    return people


@pytest.fixture
def make_classifier(make_source: Callable[..., Any]) -> Callable[..., Classifier]:
    """Return a function that makes a classifier of people's plans."""

    def make(**values: Any) -> Classifier:
        of = {"known_column": "plan", **values.pop("of", {})}
        defaults: dict[str, Any] = {
            "name": "Plans",
            "technique": "logistic_regression",
            "evaluation": {"folds": 5},
            "results_storage": "dmf:testapp.Person.segment",
        }
        source = values.pop("source", None) or make_source(**of)
        return Classifier.objects.create(source=source, **(defaults | values))

    return make
