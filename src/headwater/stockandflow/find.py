"""Find: a stock by its slug, a facet by its, and what a person may see of them."""

from __future__ import annotations

from typing import Any

from django.db.models import Model

from headwater.stockandflow.definitions import FacetUse, Partition, Stock
from headwater.stockandflow.definitions.slug import MAX_STATE
from headwater.stockandflow.discover import all_partitions, all_stocks
from headwater.stockandflow.errors import DefinitionError

OF = "."
"""Stands between the slug of a partition and a state; no slug has one."""


def find_stock(slug: str) -> Stock:
    """Return the stock ``slug``: of a single stock, or ``partition.state``.

    A state may be any text: one that no object is in is an empty stock. Raises DefinitionError
    where there is no such stock. Asks the database at most once, for fields that are followed.
    """
    partition, dot, state = slug.partition(OF)
    if not dot:
        for stock in all_stocks():
            if stock.slug == slug:
                return stock
    elif 0 < len(state) <= MAX_STATE:
        for one in all_partitions():
            if one.slug == partition:
                return one.stock(state)
    raise DefinitionError(f"There is no stock “{slug}”. {_known()}")


def find_stock_or_partition(slug: str) -> Stock | Partition:
    """Return the stock ``slug``, or else the partition; raise DefinitionError if there is none."""
    try:
        return find_stock(slug)
    except DefinitionError:
        for one in all_partitions():
            if one.slug == slug:
                return one
        raise


def find_facet(stock: Stock | Partition, slug: str) -> FacetUse:
    """Return the facet ``slug`` of ``stock``; raise DefinitionError where it has none such."""
    for use in stock.facet_uses:
        if use.facet.slug == slug:
            return use
    known = ", ".join(f"“{use.facet.slug}”" for use in stock.facet_uses) or "none"
    raise DefinitionError(f"{stock.what} has no facet “{slug}”. It has: {known}.")


def view_permission(model: type[Model]) -> str:
    """Return the permission to view objects of ``model``: that of the model with the table."""
    options: Any = (model._meta.concrete_model or model)._meta
    return f"{options.app_label}.view_{options.model_name}"


def may_view(user: Any, model: type[Model]) -> bool:
    """Return whether ``user`` is active and may view objects of ``model``."""
    return bool(user.is_active and user.has_perm(view_permission(model)))


def _known() -> str:
    stocks = ", ".join(f"“{one.slug}”" for one in all_stocks())
    states = ", ".join(f"“{one.slug}{OF}…”" for one in all_partitions())
    named = "; and of partitions: ".join(one for one in (stocks, states) if one)
    return f"There are: {named}." if named else "The project states none."
