"""The metrics pipeline: a list in the settings, whose functions do not stop each other."""

from __future__ import annotations

import logging
import uuid
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.checks import run_checks
from django.db import connection
from django.utils import timezone

from headwater.learning.models import StatisticalModel
from headwater_demo.smartdjango.checks import check_metrics, check_numbers
from headwater_demo.smartdjango.clustering import CLUSTERING
from headwater_demo.smartdjango.metrics import average_by_type, average_over_all, count_for_refit
from headwater_demo.smartdjango.models import UserInfo, Visit
from headwater_demo.smartdjango.page_types import PAGE_TYPES, time_field, visits_field
from headwater_demo.smartdjango.pipeline import process
from headwater_demo.statistical_models import load_statistical_models

pytestmark = pytest.mark.django_db

HERE = __name__
METRICS = "headwater_demo.smartdjango.metrics"


def fails(visit: Visit) -> None:
    """A metric that changes something and then fails."""
    UserInfo.objects.filter(pk=visit.user_info_id).update(age=99)
    raise ValueError("no luck")


def breaks_the_statement(visit: Visit) -> None:
    """A metric whose statement the database refuses."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM no_such_table")


def counts_a_year(visit: Visit) -> None:
    """A metric of the project's own."""
    UserInfo.objects.filter(pk=visit.user_info_id).update(age=77)


NOT_A_FUNCTION = 3


@pytest.fixture
def visit(admin: User) -> Visit:
    user_info = UserInfo.objects.get(account__user=admin)
    return Visit.objects.create(
        view=uuid.uuid4(),
        number=1,
        user_info=user_info,
        page_type="D",
        seconds=31.0,
        counted_at=timezone.now(),
    )


@pytest.mark.parametrize("page_type", PAGE_TYPES)
def test_each_type_has_its_mean(visit: Visit, page_type: str) -> None:
    user_info = visit.user_info
    times = [3.25, 100.0, 0.001, 17.5]
    UserInfo.objects.filter(pk=user_info.pk).update(**{visits_field(page_type): 0})
    for seconds in times:
        visit.page_type, visit.seconds = page_type, seconds
        average_by_type(visit)
    now = UserInfo.objects.get(pk=user_info.pk)
    assert getattr(now, visits_field(page_type)) == 4
    assert getattr(now, time_field(page_type)) == pytest.approx(sum(times) / 4, rel=1e-12)
    # And nothing else is touched.
    for other in ["", *PAGE_TYPES]:
        if other != page_type:
            assert getattr(now, time_field(other)) == getattr(user_info, time_field(other))
            assert getattr(now, visits_field(other)) == getattr(user_info, visits_field(other))


def test_one_statement_each(visit: Visit, django_assert_num_queries: Any) -> None:
    for metric in (average_by_type, average_over_all):
        with django_assert_num_queries(1) as captured:
            metric(visit)
        assert captured[0]["sql"].startswith("UPDATE")


def test_counting_for_a_refit(visit: Visit) -> None:
    count_for_refit(visit)  # without the model there is nothing to count on
    load_statistical_models()
    count_for_refit(visit)
    count_for_refit(visit)
    assert StatisticalModel.objects.get(name=CLUSTERING).counter == 2


def test_one_that_fails_does_not_stop_the_others(
    visit: Visit, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.SMARTDJANGO_METRICS = [
        f"{HERE}.fails",
        f"{HERE}.breaks_the_statement",
        f"{HERE}.no_such_function",
        f"{METRICS}.average_over_all",
    ]
    before = visit.user_info
    with caplog.at_level(logging.ERROR):
        failed = process(visit)
    assert failed == settings.SMARTDJANGO_METRICS[:3]
    assert [record.exc_info is not None for record in caplog.records] == [True] * 3
    assert f"The metric “{HERE}.fails” failed for User {before.pk}, 31.0 s on a page of type D" in (
        caplog.text
    )
    now = UserInfo.objects.get(pk=before.pk)
    assert now.visits_pages == before.visits_pages + 1
    assert now.age == before.age  # what the failed one did is undone


def test_a_project_names_its_own(visit: Visit, settings: Any) -> None:
    settings.SMARTDJANGO_METRICS = (f"{HERE}.counts_a_year",)
    assert process(visit) == []
    now = UserInfo.objects.get(pk=visit.user_info_id)
    assert now.age == 77
    assert now.visits_pages == visit.user_info.visits_pages
    assert check_metrics() == []


@pytest.mark.parametrize(
    ("path", "words", "hint"),
    [
        (f"{METRICS}.average_by_typ", "has no “average_by_typ”", "Did you mean “average_by_type”?"),
        ("headwater_demo.metricks.f", "cannot be imported", "package.module.function"),
        ("average", "is no dotted path", "package.module.function"),
        (3, "is no dotted path", "package.module.function"),
        (f"{HERE}.NOT_A_FUNCTION", "is no function", "package.module.function"),
    ],
)
def test_a_path_that_leads_nowhere_is_found_by_the_checks(
    settings: Any, path: object, words: str, hint: str
) -> None:
    settings.SMARTDJANGO_METRICS = [f"{METRICS}.average_over_all", path]
    (found,) = [message for message in run_checks() if message.id == "smartdjango.E002"]
    assert f"settings.SMARTDJANGO_METRICS names “{path}”" in found.msg
    assert words in found.msg
    assert hint in str(found.hint)


def test_a_function_named_twice(settings: Any) -> None:
    settings.SMARTDJANGO_METRICS = [f"{METRICS}.average_over_all"] * 2
    (found,) = check_metrics()
    assert "would count twice" in found.msg


def test_a_setting_that_is_no_list(settings: Any) -> None:
    settings.SMARTDJANGO_METRICS = f"{METRICS}.average_over_all"
    (found,) = check_metrics()
    assert "is a str; it takes a list" in found.msg


@pytest.mark.parametrize("value", [0, -1, "60", None, True, 1.5])
def test_numbers_of_the_settings(settings: Any, value: object) -> None:
    settings.SMARTDJANGO_VIEWS_PER_MINUTE = value
    (found,) = check_numbers()
    assert "settings.SMARTDJANGO_VIEWS_PER_MINUTE" in found.msg
    assert "for the default, 60" in str(found.hint)
