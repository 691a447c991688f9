"""What a source reads, and what of it a user may not view."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import models

from headwater.sources.models import Source
from headwater.sources.reach import crossed, models_reached, unviewable
from tests.testapp.models import City, Employee, Order, Person, Profile

pytestmark = pytest.mark.django_db


def source_of(model: type[models.Model], columns: Any, given: Any) -> Source:
    return Source(
        content_type=ContentType.objects.get_for_model(model), columns=columns, filter=given
    )


@pytest.fixture
def user(django_user_model: Any) -> Callable[..., Any]:
    """Return a function that makes a user with the named permissions."""

    def make(*codenames: str) -> Any:
        made = django_user_model.objects.create_user("+".join(codenames) or "nobody")
        made.user_permissions.set(Permission.objects.filter(codename__in=codenames))
        return made

    return make


@pytest.mark.parametrize(
    ("model", "lookup", "reached"),
    [
        (Person, "age__gte", []),
        (Person, "city", []),
        (Person, "city_id__in", []),
        (Person, "city__isnull", []),
        (Person, "city__name__startswith", [City]),
        (Person, "city_id__name", [City]),
        (Person, "city__pk", [City]),
        (Person, "profile__visits", [Profile]),
        (Person, "profile__isnull", [Profile]),
        (Person, "employee__salary__gt", [Employee]),
        (Order, "person__city__population", [Person, City]),
        (Employee, "person_ptr__name", [Person]),
        (Employee, "pk__name", [Person]),
        (Employee, "name", []),
        (Person, "nothing__at__all", []),
    ],
)
def test_what_a_lookup_crosses_to(model: Any, lookup: str, reached: list[Any]) -> None:
    assert crossed(model, lookup) == reached


def test_all_that_a_source_reads() -> None:
    source = source_of(Order, ["total", "person__age"], {"person__city__name": "Ulm"})
    assert models_reached(source) == {Order, Person, City}
    assert models_reached(source_of(Order, None, [1])) == {Order}


def test_each_model_must_be_viewable(user: Callable[..., Any]) -> None:
    source = source_of(Order, ["total", "person__age"], {"person__city__name__startswith": "U"})
    not_at_all = {"content_type": ["You may not view rows of order (testapp.Order)."]}
    assert unviewable(source, user()) == not_at_all
    assert unviewable(source, AnonymousUser()) == not_at_all
    assert unviewable(source, user("view_order", "view_person")) == {
        "filter": [
            "The filter “person__city__name__startswith” reads rows of city (testapp.City), which "
            "you may not view. Leave it out, or ask for the permission to view them."
        ]
    }
    assert set(unviewable(source, user("view_order", "view_city"))) == {"columns", "filter"}
    assert unviewable(source, user("view_order", "view_person", "view_city")) == {}
