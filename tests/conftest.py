"""Fixtures of all rooms."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def _nothing_loaded() -> Iterator[None]:
    """Forget parameters that an earlier test loaded: primary keys begin anew in each test."""
    from headwater.learning.assign import forget

    forget()
    yield
    forget()


@pytest.fixture(scope="session", autouse=True)
def _no_files_left() -> Iterator[None]:
    """Remove the files of datasets after the last test."""
    yield
    import shutil

    from headwater.sources.storage import dataset_root

    shutil.rmtree(dataset_root(), ignore_errors=True)


@pytest.fixture
def make_people(db: None) -> Callable[..., list[Any]]:
    """Return a function that makes people in two groups, around (0, 0) and (10, 10)."""
    import numpy as np

    from tests.testapp.models import Person

    def make(n: int = 60, *, seed: int = 1, **values: Any) -> list[Any]:
        rng = np.random.default_rng(seed)
        people = []
        for i in range(n):
            centre = 0.0 if i % 3 else 10.0
            x, y = rng.normal(centre, 1.0, size=2)
            people.append(Person(name=f"Person {i}", x=float(x), y=float(y), **values))
        return Person.objects.bulk_create(people)

    return make


@pytest.fixture
def make_source(db: None) -> Callable[..., Any]:
    """Return a function that makes a source of people."""
    from django.contrib.contenttypes.models import ContentType

    from headwater.sources.models import Source
    from tests.testapp.models import Person

    def make(model: Any = Person, columns: tuple[str, ...] = ("x", "y"), **values: Any) -> Source:
        content_type = ContentType.objects.get_for_model(model, for_concrete_model=False)
        return Source.objects.create(content_type=content_type, columns=list(columns), **values)

    return make


@pytest.fixture
def make_model(make_source: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that makes a statistical model of people; nothing is fitted."""
    from headwater.learning.models import StatisticalModel

    def make(**values: Any) -> StatisticalModel:
        defaults: dict[str, Any] = {
            "name": "People",
            "technique": "k_means",
            "parameters": {"n_clusters": 2},
            "results_storage": "dmf:testapp.Person.group",
        }
        source = values.pop("source", None) or make_source(**values.pop("of", {}))
        return StatisticalModel.objects.create(source=source, **(defaults | values))

    return make
