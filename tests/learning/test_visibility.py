"""Who sees which statistical model."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, Permission

from headwater.learning.models import StatisticalModel

pytestmark = pytest.mark.django_db


def test_own_models_or_all_with_the_permission(
    make_model: Callable[..., Any], django_user_model: Any
) -> None:
    ann, bob, root = (
        django_user_model.objects.create_user("ann"),
        django_user_model.objects.create_user("bob"),
        django_user_model.objects.create_superuser("root"),
    )
    mine = make_model(name="Ann's", owner=ann, results_storage="")
    nobodys = make_model(name="Nobody's", results_storage="")

    def seen(user: Any) -> list[StatisticalModel]:
        return list(StatisticalModel.objects.visible_to(user))

    assert seen(ann) == [mine]
    assert seen(bob) == seen(AnonymousUser()) == []
    assert seen(root) == [mine, nobodys]
    bob.user_permissions.add(Permission.objects.get(codename="view_statisticalmodel"))
    assert seen(django_user_model.objects.get(pk=bob.pk)) == [mine, nobodys]
