"""The how-to page on the schedule does what it says."""

from __future__ import annotations

from typing import Any

from headwater.stockandflow.models import ScheduledRun
from tests.docs.test_how_to import HOW_TO, run_page, smartdjango

__all__ = ["smartdjango"]  # the fixture of those pages


def test_the_page_works_as_written(smartdjango: Any) -> None:
    assert run_page(HOW_TO / "periodic.md") == 7
    assert "“Users by group”" in ScheduledRun.objects.get().result
