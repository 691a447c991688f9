"""Reads: the models whose rows a stock, a partition or one of its facets is counted from."""

from __future__ import annotations

from django.apps import apps
from django.db import models

from headwater.sources.reach import crossed
from headwater.stockandflow.definitions import FacetUse, Partition, Stock


def models_counted(counted: Partition | Stock) -> list[type[models.Model]]:
    """Return the model of the objects of ``counted``, then those that its conditions join.

    Parents of the model and tables between two models have no rows of their own to be seen. Asks
    the database nothing; raises DefinitionError or FieldError where the definition does not hold.
    """
    model = counted.model
    query = counted.objects().query
    tables = {
        str(getattr(one, "table_name", ""))
        for alias, one in query.alias_map.items()
        if query.alias_refcount[alias]  # a join that turned out to be needless stays in the map
    }
    own = {model._meta.concrete_model, *model._meta.get_parent_list()}
    joined = [
        other
        for other in apps.get_models()
        if other._meta.db_table in tables and not other._meta.proxy and other not in own
    ]
    return [model, *joined]


def models_of_facet(counted: Partition | Stock, use: FacetUse) -> list[type[models.Model]]:
    """Return the related models whose rows the facet reads."""
    return crossed(counted.model, use.lookup)
