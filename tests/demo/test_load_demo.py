"""``load_demo`` loads what is missing, keeps what is there, and says what it did."""

from __future__ import annotations

import uuid
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.utils import timezone

from headwater.learning.models import StatisticalModel
from headwater.spam.models import SpamFilter
from headwater_demo.shop.load import features
from headwater_demo.shop.models import Customer, CustomerMonth
from headwater_demo.smartdjango.load import load_users
from headwater_demo.smartdjango.models import (
    Account,
    CommentPreTraining,
    MessagePreTraining,
    UserInfo,
    Visit,
)

pytestmark = pytest.mark.django_db


def load(*arguments: str) -> str:
    said = StringIO()
    call_command("load_demo", *arguments, stdout=said)
    return said.getvalue()


def test_everything_is_loaded(demo_folder: Path) -> None:
    said = load()

    assert UserInfo.objects.count() == 200
    assert Customer.objects.count() == 4372
    assert CustomerMonth.objects.count() == 13674
    assert StatisticalModel.objects.count() == 10
    assert SpamFilter.objects.count() == 2
    assert CommentPreTraining.objects.count() == 500
    assert MessagePreTraining.objects.count() == 240
    password = (demo_folder / "password").read_text().strip()
    for name in ("demo", "analyst", "moderator"):
        assert User.objects.get(username=name).check_password(password)
    assert User.objects.get(username="demo").is_superuser
    assert "200 users generated" in said
    assert "4,372 customers" in said


def test_second_run_changes_nothing(small_shop: None) -> None:
    load()
    UserInfo.objects.update(cluster_1="B")
    Customer.objects.update(segment="C")
    StatisticalModel.objects.filter(name="Clustering (Example)").update(description="mine")
    User.objects.get(username="demo").set_password("changed")
    keys = list(UserInfo.objects.values_list("pk", flat=True))

    said = load()

    assert list(UserInfo.objects.values_list("pk", flat=True)) == keys
    assert not UserInfo.objects.exclude(cluster_1="B").exists()
    assert not Customer.objects.exclude(segment="C").exists()
    assert StatisticalModel.objects.get(name="Clustering (Example)").description == "mine"
    assert "200 users are there" in said


def test_another_number_replaces_the_users_and_says_so(small_shop: None) -> None:
    load()
    said = load("--users", "40")

    assert UserInfo.objects.count() == 40
    assert "the 200 users there were are replaced by 40 new ones" in said
    assert not UserInfo.objects.exclude(cluster_1=None).exists()
    assert Account.objects.exclude(user_info=None).count() == 3
    assert "40 users are there" in load()


def test_recreate_replaces_as_many_and_forgets_what_was_measured(small_shop: None) -> None:
    load("--users", "40")
    user_info = UserInfo.objects.latest("pk")
    Visit.objects.create(
        view=uuid.uuid4(),
        number=1,
        user_info=user_info,
        page_type="A",
        seconds=3,
        counted_at=timezone.now(),
    )
    UserInfo.objects.filter(pk=user_info.pk).update(avg_time_pages=1_000)
    assert "40 users are there" in load("--users", "40")
    assert UserInfo.objects.filter(avg_time_pages=1_000).exists()

    assert "replaced by 40 new ones" in load("--users", "40", "--recreate")
    assert not UserInfo.objects.filter(avg_time_pages=1_000).exists()
    assert not Visit.objects.exists()
    assert Account.objects.exclude(user_info=None).count() == 3


def test_a_setting_says_how_many(small_shop: None, settings: Any) -> None:
    settings.HEADWATER_DEMO_USERS = 60
    load()
    assert UserInfo.objects.count() == 60
    settings.HEADWATER_DEMO_USERS = 80
    assert "60 users are there" in load()
    assert "replaced by 80 new ones" in load("--recreate")


@pytest.mark.parametrize("n", [200, 800, 2_000, 20_000])
def test_each_size_is_made(n: int) -> None:
    assert load_users(n).created == n
    assert UserInfo.objects.count() == n


def test_users_are_kept_if_replacing_them_fails() -> None:
    load_users(40)

    def fail(done: int, total: int) -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        load_users(80, progress=fail)
    assert UserInfo.objects.count() == 40


def test_progress_is_told() -> None:
    told: list[tuple[int, int]] = []
    load_users(2_500, progress=lambda done, total: told.append((done, total)))
    assert told == [(1_000, 2_500), (2_000, 2_500), (2_500, 2_500)]


@pytest.mark.parametrize("number", ["0", "3", "-5", "many", "1e3", "5000001", ""])
def test_a_number_that_does_not_fit_gets_a_sentence(number: str) -> None:
    with pytest.raises(CommandError, match="must be a whole number from 4 to 5,000,000"):
        load(f"--users={number}")


def test_models_point_at_what_they_learn_from_and_write_to(small_shop: None) -> None:
    load("--users", "40")
    shop = StatisticalModel.objects.get(name="Shop customers")
    assert shop.source.model is Customer
    assert shop.results_storage == "dmf:shop.Customer.segment"
    shop.full_clean()


def test_features_of_the_shop() -> None:
    load("--users", "40")
    customer = Customer.objects.get(number=12347)
    months = customer.months.all()
    assert customer.last_order == date(2011, 12, 7)
    assert customer.recency_days == 2
    assert customer.orders == sum(month.orders for month in months)
    assert customer.revenue == sum(month.revenue for month in months)
    assert customer.months_active == len(months)
    assert Customer.objects.filter(recency_days=0, last_order=date(2011, 12, 9)).exists()
    assert not Customer.objects.filter(refunds_share__gt=1).exists()
    assert not Customer.objects.filter(refunds_share__lt=0).exists()


@pytest.mark.parametrize(
    ("revenue", "refunds", "share"),
    [("100", "25", 0.25), ("0", "10", 1.0), ("10", "30", 1.0), ("0", "0", 0.0)],
)
def test_share_refunded(revenue: str, refunds: str, share: float) -> None:
    day = date(2011, 11, 30)
    month = CustomerMonth(
        month=date(2011, 11, 1), orders=1, revenue=Decimal(revenue), refunds=Decimal(refunds)
    )
    customer = features(Customer(number=1, last_order=day), [month], at=date(2011, 12, 9))
    assert customer.refunds_share == share
    assert customer.recency_days == 9


def test_analyst_may_look_but_not_run(small_shop: None) -> None:
    load("--users", "40")
    analyst = User.objects.get(username="analyst")
    assert analyst.has_perm("headwater_learning.view_statisticalmodel")
    assert analyst.has_perm("smartdjango.view_userinfo")
    assert not analyst.has_perm("headwater_learning.run_inference")
    assert not analyst.has_perm("headwater_learning.change_statisticalmodel")
    assert not analyst.has_perm("auth.view_user")
    assert analyst.has_perm("headwater_spam.view_spamfilter")
    assert not analyst.has_perm("headwater_spam.review_content")
    assert not analyst.has_perm("smartdjango.view_contactmessage")


def test_the_moderator_judges_and_does_nothing_else(small_shop: None) -> None:
    load("--users", "40")
    moderator = User.objects.get(username="moderator")
    assert moderator.has_perm("headwater_spam.review_content")
    assert not moderator.has_perm("headwater_learning.run_inference")
    assert not moderator.has_perm("smartdjango.change_commentofmysite")
    assert not moderator.is_staff
