"""A project's own functions in parameters, named by its settings and by nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from tests.networks.conftest import definition, node
from tests.testapp.models import Person

Make = Callable[..., Any]
pytestmark = pytest.mark.django_db
HERE = "tests.networks.functions"


def shares(text: str) -> Any:
    return definition(
        node("p", "Dirichlet", text), node("C", "Categorical", "p", "testapp.Person.plan")
    )


@pytest.fixture
def own_functions(settings: Any) -> None:
    settings.HEADWATER = {
        **settings.HEADWATER,
        "NETWORK_FUNCTIONS": {
            f"project.{name}": f"{HERE}.{name}" for name in ("vague", "endless", "broken")
        },
    }
    Person.objects.bulk_create(Person(plan=plan) for plan in ["pro", "free", "pro", "team"])


def test_a_function_of_the_project_is_called(own_functions: None, make_network: Make) -> None:
    network = make_network(shares("project.vague(3)"))
    assert network.network_problems() == []
    fit = network.perform_inference()
    assert (fit.status, fit.error) == ("succeeded", "")
    assert network.engine_object["p"].mean.tolist() == pytest.approx([2 / 7, 3 / 7, 2 / 7])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("project.endless(3)", "1,000,000"),
        ("project.broken(3)", "no such prior"),
        (f"{HERE}.vague(3)", "project.vague"),
        ("os.system(3)", "numpy.full"),
    ],
)
def test_nothing_else_is(own_functions: None, make_network: Make, text: str, said: str) -> None:
    network = make_network(shares(text))
    fit = network.perform_inference()
    assert fit.status == "failed"
    assert said in fit.error


def test_settings_that_are_no_names_are_refused(settings: Any) -> None:
    settings.HEADWATER = {"NETWORK_FUNCTIONS": ["numpy.full"]}
    with pytest.raises(SystemCheckError, match="it takes a dict of names and dotted paths"):
        call_command("check")
