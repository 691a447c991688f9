"""The how-to pages on automation do what they say."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from headwater.learning.changes import count_changes
from headwater.learning.models import Fit, StatisticalModel
from headwater_demo.smartdjango.models import UserInfo
from tests.docs.test_how_to import HOW_TO, run_page, smartdjango

__all__ = ["smartdjango"]  # the fixture of those pages


@pytest.mark.parametrize("page", ["count.md", "schedule.md", "new-rows.md", "chain.md"])
def test_a_page_works_as_written(smartdjango: Any, page: str) -> None:
    StatisticalModel.objects.update(
        counter=0, counter_threshold=None, threshold_actions="", recalculate="manual"
    )
    long_ago = timezone.now() - timedelta(days=30)
    Fit.objects.update(requested_at=long_ago)  # else it stands for the period of the schedule
    assert run_page(HOW_TO / page) >= 5


def test_what_count_changes_says_of_update_fields(smartdjango: Any) -> None:
    StatisticalModel.objects.update(counter=0, counter_threshold=None)
    counting = count_changes(UserInfo, "Clustering (Example)")
    try:
        user = UserInfo.objects.get(pk=UserInfo.objects.order_by("pk").values("pk")[:1])
        user.save(update_fields=["age"])
        assert StatisticalModel.objects.get(name="Clustering (Example)").counter == 0
        user.save(update_fields=["avg_time_pages"])
        assert StatisticalModel.objects.get(name="Clustering (Example)").counter == 1
    finally:
        counting.disconnect()
