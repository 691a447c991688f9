"""The statistical models that the demo brings along."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction

from headwater.engines.network.definition import Definition
from headwater.learning.models import StatisticalModel
from headwater.networks.models import BayesianNetwork
from headwater.networks.restate import restate
from headwater.sources.models import Source
from headwater_demo.delivery.models import Customer as DeliveryCustomer
from headwater_demo.people import ADMIN
from headwater_demo.restaurant.models import MenuItem
from headwater_demo.shop.models import Customer
from headwater_demo.smartdjango.clustering import CLUSTERING
from headwater_demo.smartdjango.models import UserInfo
from headwater_demo.smartdjango.networks import (
    GRAPH_INTERVALS,
    GROUPS_OF_USERS,
    METRIC,
    ONE_METRIC,
)
from headwater_demo.spam_filters import COMMENT_FILTER, CONTACT_FILTER

SHOP_CUSTOMERS = "Shop customers"
MENU_SEGMENTS = "Menu segments"
MENU_ESSENCE = "Menu essence"
UNUSUAL_DISHES = "Unusual dishes"
DELIVERY_CUSTOMERS = "Delivery customers"
_NAMES = (
    METRIC,
    CLUSTERING,
    SHOP_CUSTOMERS,
    MENU_SEGMENTS,
    MENU_ESSENCE,
    UNUSUAL_DISHES,
    DELIVERY_CUSTOMERS,
    COMMENT_FILTER,
    CONTACT_FILTER,
)
_WRITES: dict[str, tuple[type[models.Model], str]] = {
    CLUSTERING: (UserInfo, "cluster_1"),
    SHOP_CUSTOMERS: (Customer, "segment"),
    MENU_SEGMENTS: (MenuItem, "segment"),
    DELIVERY_CUSTOMERS: (DeliveryCustomer, "segment"),
}
"""Model -> the field that takes its labels."""
_DISH = ["price", "prep_time", "calories", "spice_level", "cuisine_type"]
_DISH_ENCODING = {"scale": "standard", "category_weight": 0.7}
"""Two dishes of different cuisines are then one spread apart (0.7 times the root of 2), as two
dishes are whose prices differ by one spread."""


def load_statistical_models() -> list[str]:
    """Ensure that the demo's models exist; return the names of those that were made.

    A model that exists stays as its users have changed it. Nothing is fitted.
    """
    made = [
        _ensure_network(
            METRIC,
            ONE_METRIC,
            graph_intervals=GRAPH_INTERVALS,
            description=(
                "The mean and the precision of one metric of SmartDjango's users, “average 1”. "
                "Who lies far from it is atypical."
            ),
        ),
        _ensure_network(
            CLUSTERING,
            GROUPS_OF_USERS,
            results_storage="dmf:smartdjango.UserInfo.cluster_1",
            description=(
                "Users of SmartDjango who spend their time in the same way: how long they stay "
                "on pages of any type, and on pages of type A."
            ),
            engine_meta_iterations=15,
            # A visit counts 1 and a new user 5: see SMARTDJANGO_METRICS.
            counter_threshold=10,
            threshold_actions=":recalculate",
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
                "scale": "standard",
                "log": ["recency_days", "orders", "revenue", "months_active"],
            },
            # Most customers sent nothing back and ordered in one month: exact repetitions, which
            # an indifferent prior takes for groups without any spread. This one expects groups
            # half as wide as the whole, as firmly as a hundred customers would show it.
            parameters={"dof_prior": 100, "scale_prior": 25},
        ),
        *_of_the_menu(),
        _ensure(
            DELIVERY_CUSTOMERS,
            model=DeliveryCustomer,
            technique="hierarchical",
            columns=[
                "average_order_value",
                "order_frequency",
                "preferred_cuisine_diversity",
                "peak_ordering_time",
                "seasonal_variation",
            ],
            name_column="name",
            results_storage="dmf:delivery.Customer.segment",
            description=(
                "Customers of a food delivery who order in the same way, as a tree that can be "
                "cut into any number of segments; four at first."
            ),
            encoding={"scale": "standard"},
            parameters={"n_clusters": 4, "linkage": "ward"},
        ),
    ]
    return [name for name in made if name is not None]


def _of_the_menu() -> list[str | None]:
    """Ensure that the restaurant's three models exist."""
    return [
        _ensure(
            MENU_SEGMENTS,
            model=MenuItem,
            technique="k_means",
            columns=_DISH,
            name_column="name",
            results_storage="dmf:restaurant.MenuItem.segment",
            description="Dishes that are alike in price, effort, calories, spice and cuisine.",
            encoding=_DISH_ENCODING,
            parameters={"n_clusters": 3},
            engine_meta_iterations=10,
        ),
        _ensure(
            MENU_ESSENCE,
            model=MenuItem,
            technique="pca",
            columns=_DISH,
            name_column="name",
            description="The two factors in which the dishes differ most.",
            encoding=_DISH_ENCODING,
            parameters={"n_components": 2},
        ),
        _ensure(
            UNUSUAL_DISHES,
            model=MenuItem,
            technique="dbscan",
            columns=_DISH,
            name_column="name",
            description="Dishes that no other one is like: they may be worth a look.",
            encoding=_DISH_ENCODING,
            parameters={"eps": 1.2, "min_samples": 2},
        ),
    ]


def demo_models() -> list[StatisticalModel]:
    """Return the demo's models, those that were not deleted, in the order to fit them."""
    by_name = StatisticalModel.objects.select_related("current_fit").defer("current_fit__artifact")
    found = {model.name: model for model in by_name.filter(name__in=_NAMES)}
    return [found[name].specific for name in _NAMES if name in found]


def needs_fit(model: StatisticalModel) -> bool:
    """Return whether one of the demo's models has no fit, or none of the rows that are there now.

    Rows that were replaced have no labels. A network of one metric gives none: it needs a fit
    where the number of users is another than it has seen.
    """
    if model.current_fit is None:
        return True
    if model.name == METRIC:
        return model.current_fit.n_rows != UserInfo.objects.count()
    if model.name not in _WRITES:
        return False
    rows, field = _WRITES[model.name]
    return not rows._default_manager.exclude(**{field: None}).exists()


@transaction.atomic
def _ensure(
    name: str,
    *,
    model: type[models.Model],
    columns: list[str],
    technique: str = "variational_mixture",
    name_column: str = "",
    **values: Any,
) -> str | None:
    if StatisticalModel.objects.filter(name=name).exists():
        return None
    source = Source(
        content_type=ContentType.objects.get_for_model(model),
        columns=columns,
        name_column=name_column,
    )
    source.full_clean()
    source.save()
    statistical_model = StatisticalModel(
        name=name, technique=technique, source=source, owner=_owner(), **values
    )
    statistical_model.full_clean()
    statistical_model.save()
    return name


@transaction.atomic
def _ensure_network(
    name: str,
    definition: Definition,
    *,
    graph_intervals: dict[str, str] | None = None,
    **values: Any,
) -> str | None:
    if StatisticalModel.objects.filter(name=name).exists():
        return None
    network = BayesianNetwork(name=name, owner=_owner(), **values)
    network.network_type = definition.network_type
    network.full_clean()
    network.save()
    restate(network, definition, graph_intervals=graph_intervals)
    return name


def _owner() -> User | None:
    return User.objects.filter(username=ADMIN).first()
