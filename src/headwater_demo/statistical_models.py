"""The statistical models that the demo brings along."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction

from headwater.learning.models import StatisticalModel
from headwater.sources.models import Source
from headwater_demo.people import ADMIN
from headwater_demo.shop.models import Customer
from headwater_demo.smartdjango.clustering import CLUSTERING
from headwater_demo.smartdjango.models import UserInfo

SHOP_CUSTOMERS = "Shop customers"


def load_statistical_models() -> list[str]:
    """Ensure that the demo's two models exist; return the names of those that were made.

    A model that exists stays as its users have changed it. Nothing is fitted.
    """
    made = [
        _ensure(
            CLUSTERING,
            model=UserInfo,
            columns=["avg_time_pages_a", "avg_time_pages"],
            results_storage="dmf:smartdjango.UserInfo.cluster_1",
            description=(
                "Users of SmartDjango who spend their time in the same way: how long they stay "
                "on pages of type A, and on pages of any type."
            ),
            restarts=15,
            counter_threshold=10,
            threshold_actions=":recalculate",
            # Both columns are seconds: their own scale is the right one.
            encoding={"standardise": False},
        ),
        _ensure(
            SHOP_CUSTOMERS,
            model=Customer,
            columns=["recency_days", "orders", "revenue", "months_active", "refunds_share"],
            results_storage="dmf:shop.Customer.segment",
            description=(
                "Customers of a real online shop who buy in the same way: how long ago, how "
                "often, for how much, in how many months, and how much of it they sent back."
            ),
            encoding={
                "standardise": True,
                "log": ["recency_days", "orders", "revenue", "months_active"],
            },
            # Most customers sent nothing back and ordered in one month: exact repetitions, which
            # an indifferent prior takes for groups without any spread. This one expects groups
            # half as wide as the whole, as firmly as a hundred customers would show it.
            parameters={"dof_prior": 100, "scale_prior": 25},
        ),
    ]
    return [name for name in made if name is not None]


@transaction.atomic
def _ensure(
    name: str,
    *,
    model: type[models.Model],
    columns: list[str],
    restarts: int = 1,
    **values: Any,
) -> str | None:
    if StatisticalModel.objects.filter(name=name).exists():
        return None
    source = Source(content_type=ContentType.objects.get_for_model(model), columns=columns)
    source.full_clean()
    source.save()
    statistical_model = StatisticalModel(
        name=name,
        technique="variational_mixture",
        source=source,
        engine_meta_iterations=restarts,
        owner=get_user_model().objects.filter(username=ADMIN).first(),
        **values,
    )
    statistical_model.full_clean()
    statistical_model.save()
    return name


def labelled_rows() -> dict[str, models.QuerySet[Any]]:
    """Return, by name of the demo's models, the rows that have a label."""
    return {
        CLUSTERING: UserInfo.objects.exclude(cluster_1=None),
        SHOP_CUSTOMERS: Customer.objects.exclude(segment=None),
    }
