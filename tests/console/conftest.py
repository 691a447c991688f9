"""People who look at the console, and models that they find there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from headwater.learning.models import Fit, StatisticalModel


@pytest.fixture
def analyst(db: None) -> User:
    """Someone who may do everything."""
    return User.objects.create_superuser("analyst", password="analyst")


@pytest.fixture
def page(client: Client, analyst: User) -> Client:
    """A browser in which the analyst is signed in."""
    client.force_login(analyst)
    return client


@pytest.fixture
def make_user(db: None) -> Callable[..., User]:
    """Return a function that makes a person with the named permissions."""

    def make(name: str, *codenames: str) -> User:
        user = User.objects.create_user(name, password=name)
        user.user_permissions.add(*Permission.objects.filter(codename__in=codenames))
        return user

    return make


@pytest.fixture
def fitted(make_people: Callable[..., Any], make_model: Callable[..., Any]) -> StatisticalModel:
    """A model with two groups that were really found and written."""
    make_people(60)
    model = make_model()
    assert model.perform_inference().status == "succeeded"
    return model


@pytest.fixture
def make_fit() -> Callable[..., Fit]:
    """Return a function that makes a row of a fit, nothing run."""

    def make(model: StatisticalModel, **values: Any) -> Fit:
        return Fit.objects.create(
            model=model, technique=model.technique, parameters=model.parameters, **values
        )

    return make
