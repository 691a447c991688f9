"""The page that shows what a refit inside of a request costs."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from headwater.learning.models import Fit, FitStatus, StatisticalModel
from headwater_demo.smartdjango.clustering import CLUSTERING
from headwater_demo.smartdjango.refit import Waits
from headwater_demo.statistical_models import load_statistical_models

pytestmark = [pytest.mark.django_db, pytest.mark.urls("headwater_demo.urls")]

WAITING = "/smartdjango/waiting/"


@pytest.fixture
def model(admin: User) -> StatisticalModel:
    load_statistical_models()
    StatisticalModel.objects.filter(name=CLUSTERING).update(engine_meta_iterations=1)
    return StatisticalModel.objects.get(name=CLUSTERING)


def test_both_are_measured(client: Client, admin: User, model: StatisticalModel) -> None:
    client.force_login(admin)
    page = client.get(WAITING).content.decode()
    assert "Measure both" in page
    assert "site-slow" not in page
    assert not Fit.objects.exists()  # looking measures nothing

    page = client.post(WAITING, follow=True).content.decode()
    queued, inside = model.fits.order_by("-pk")
    assert inside.status == FitStatus.SUCCEEDED
    assert inside.requested_by is None
    assert queued.status == FitStatus.QUEUED  # no worker has seen it yet
    assert queued.requested_by == admin
    assert "A visitor would have waited" in page
    assert "site-slow" in page
    assert "is being run by the worker" in page
    assert "Measure again" in page

    # While one waits, another is refused with a sentence.
    page = client.post(WAITING, follow=True).content.decode()
    assert "waits for a worker already" in page
    assert model.fits.count() == 2


def test_who_may_not_run_it(client: Client, analyst: User, model: StatisticalModel) -> None:
    client.force_login(analyst)
    page = client.get(WAITING).content.decode()
    assert "this needs the permission “run_inference”" in page
    assert "Measure both" not in page
    assert client.post(WAITING).status_code == 403
    assert not Fit.objects.exists()
    analyst.user_permissions.add(Permission.objects.get(codename="run_inference"))
    client.force_login(User.objects.get(pk=analyst.pk))
    assert "Measure both" in client.get(WAITING).content.decode()


def test_a_fit_that_fails_says_why(client: Client, admin: User, model: StatisticalModel) -> None:
    nodes = model.specific.nodes
    nodes.filter(name="alpha").update(distribution_params="nothing_known")
    client.force_login(admin)
    page = client.post(WAITING, follow=True).content.decode()
    assert "nothing_known" in page
    assert "A visitor would have waited" not in page


def test_the_model_was_deleted(client: Client, admin: User) -> None:
    client.force_login(admin)
    assert "does not exist any more" in client.get(WAITING).content.decode()
    assert "was deleted" in client.post(WAITING, follow=True).content.decode()


def test_buttons_need_a_token(admin: User, model: StatisticalModel) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(admin)
    assert browser.post(WAITING).status_code == 403
    assert Client().post(WAITING).headers["Location"].startswith("/sign-in/")
    assert not Fit.objects.exists()


def test_the_bars() -> None:
    waits = Waits(inside=2.0, queued=0.01)
    assert waits.times == pytest.approx(200)
    assert waits.share == pytest.approx(0.5)
    assert Waits(inside=1.0, queued=0.0).share == 0.3  # still to be seen
    assert Waits(inside=1.0, queued=2.0).share == 100.0
