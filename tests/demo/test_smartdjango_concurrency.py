"""Views that arrive at the same moment: none is lost, none counts twice."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client

from headwater.learning.models import StatisticalModel
from headwater_demo.smartdjango.allowance import take
from headwater_demo.smartdjango.clustering import CLUSTERING
from headwater_demo.smartdjango.models import Allowance, UserInfo, Visit
from headwater_demo.smartdjango.token import make_token
from headwater_demo.statistical_models import load_statistical_models
from tests.demo.conftest import chance

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("headwater_demo.urls"),
]

METRICS = "/smartdjango/metrics/"
THREADS = 16


def at_once(work: Callable[[Any], Any], given: list[Any]) -> list[Any]:
    """Return what ``work`` gives for each, done by many threads with connections of their own."""

    def and_close(one: Any) -> Any:
        try:
            return work(one)
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(and_close, given))


def test_a_hundred_views_at_once(admin: User, settings: Any, long_ago: Any) -> None:
    settings.SMARTDJANGO_VIEWS_PER_MINUTE = 1_000
    load_statistical_models()
    StatisticalModel.objects.filter(name=CLUSTERING).update(counter_threshold=None)
    user_info = UserInfo.objects.get(account__user=admin)
    client = Client()
    client.force_login(admin)
    rng = chance(5)
    with long_ago(120):
        views = [
            (
                make_token(account=admin.pk, user_info=user_info.pk, page_type=page_type),
                page_type,
                round(rng.uniform(0.5, 100), 3),
            )
            for page_type in rng.choices("ABJ", k=100)
        ]

    def tell(view: tuple[str, str, float]) -> int:
        browser = Client()
        browser.cookies = client.cookies
        sent = f"token={view[0]}&number=1&seconds={view[2]}"
        kind = "application/x-www-form-urlencoded"
        status: int = browser.post(METRICS, sent, content_type=kind).status_code
        return status

    # Every view is told twice: by pagehide and by visibilitychange, say.
    answers = at_once(tell, views + views)

    assert sorted(answers) == [204] * 100 + [409] * 100
    now = UserInfo.objects.get(pk=user_info.pk)
    assert now.visits_pages == user_info.visits_pages + 100
    total = user_info.visits_pages * user_info.avg_time_pages + sum(view[2] for view in views)
    assert now.avg_time_pages == pytest.approx(total / now.visits_pages, rel=1e-12)
    for page_type in "abj":
        times = [view[2] for view in views if view[1] == page_type.upper()]
        before = getattr(user_info, f"visits_pages_{page_type}")
        mean = getattr(user_info, f"avg_time_pages_{page_type}")
        visits = getattr(now, f"visits_pages_{page_type}")
        assert visits == before + len(times)
        assert getattr(now, f"avg_time_pages_{page_type}") == pytest.approx(
            (before * mean + sum(times)) / visits, rel=1e-12
        )
    assert Visit.objects.count() == 100
    assert StatisticalModel.objects.get(name=CLUSTERING).counter == 100


def test_an_allowance_is_never_overdrawn(admin: User) -> None:
    # A day: the test does not cross its end, but for one in some ten thousand runs.
    answers = at_once(lambda _: take(admin.pk, "views", limit=30, seconds=86_400), [None] * 80)
    assert answers.count(True) == 30
    assert Allowance.objects.get().used == 30
