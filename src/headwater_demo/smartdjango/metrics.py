"""The functions that a visit goes through; ``settings.SMARTDJANGO_METRICS`` names them.

A project writes its own beside them: a function that takes a ``Visit`` and returns nothing.
"""

from __future__ import annotations

from django.db.models import F, FloatField, Value
from django.db.models.functions import Cast

from headwater.learning.count import count_for
from headwater_demo.smartdjango.clustering import CLUSTERING
from headwater_demo.smartdjango.models import UserInfo, Visit
from headwater_demo.smartdjango.page_types import time_field, visits_field

COUNTED_FOR_A_VISIT = 1


def average_by_type(visit: Visit) -> None:
    """Bring the user's mean time and number of visits on pages of this type up to date."""
    _average(visit, time_field(visit.page_type), visits_field(visit.page_type))


def average_over_all(visit: Visit) -> None:
    """Bring the user's mean time and number of visits on pages of any type up to date."""
    _average(visit, time_field(), visits_field())


def count_for_refit(visit: Visit) -> None:
    """Count the visit on the statistical model, which learns anew once it has counted enough."""
    count_for(CLUSTERING, COUNTED_FOR_A_VISIT)


def _average(visit: Visit, mean: str, count: str) -> None:
    """Move ``mean`` by (x - mean) / (n + 1) and ``count`` by one.

    In one UPDATE, which the database computes from the row as it is then: of visits that arrive at
    the same moment, in whichever processes, none is lost. The first visit is the mean.
    """
    seconds = Value(visit.seconds, output_field=FloatField())
    UserInfo.objects.filter(pk=visit.user_info_id).update(
        **{
            mean: F(mean) + (seconds - F(mean)) / (Cast(F(count), FloatField()) + 1.0),
            count: F(count) + 1,
        }
    )
