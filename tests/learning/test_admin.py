"""The admin: lists, the actions run and reset, and who may use them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from headwater.learning.models import Fit, FitStatus
from tests.testapp.models import Person

pytestmark = pytest.mark.django_db

Make = Callable[..., Any]
MODELS = "admin:headwater_learning_statisticalmodel_changelist"


@pytest.fixture
def staff(client: Any, django_user_model: Any) -> Any:
    """A client signed in as staff with the view permission only."""
    user = django_user_model.objects.create_user("staff", password="x", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_statisticalmodel"))
    client.force_login(user)
    client.user = user
    return client


def act(client: Any, action: str, *models: Any, **more: str) -> Any:
    return client.post(
        reverse(MODELS),
        {"action": action, "_selected_action": [model.pk for model in models], **more},
        follow=True,
    )


def test_pages_open(admin_client: Any, make_people: Make, make_model: Make) -> None:
    make_people(12)
    model = make_model()
    fit = model.perform_inference()
    for name, arguments in [
        (MODELS, []),
        ("admin:headwater_learning_statisticalmodel_add", []),
        ("admin:headwater_learning_statisticalmodel_change", [model.pk]),
        ("admin:headwater_learning_fit_changelist", []),
        ("admin:headwater_learning_fit_change", [fit.pk]),
        ("admin:headwater_sources_source_changelist", []),
        ("admin:headwater_sources_source_change", [model.source_id]),
    ]:
        assert admin_client.get(reverse(name, args=arguments)).status_code == 200, name


def test_labels_go_only_where_one_may_change_rows(
    client: Any, django_user_model: Any, make_people: Make, make_model: Make
) -> None:
    make_people(12)
    model = make_model(results_storage="")
    user = django_user_model.objects.create_user("staff", password="x", is_staff=True)
    names = ["view_statisticalmodel", "change_statisticalmodel", "view_person"]
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    client.force_login(user)
    change = reverse("admin:headwater_learning_statisticalmodel_change", args=[model.pk])
    given = {
        "name": model.name,
        "source": model.source_id,
        "encoding": "{}",
        "technique": "k_means",
        "parameters": '{"n_clusters": 2}',
        "engine_meta_iterations": 1,
        "engine_iterations": 100,
        "recalculate": "manual",
        "results_storage": "dmf:testapp.Person.group",
    }
    refused = client.post(change, given)
    assert refused.status_code == 200
    assert "You may not change rows of person" in refused.content.decode()
    user.user_permissions.add(Permission.objects.get(codename="change_person"))
    assert client.post(change, given).status_code == 302
    model.refresh_from_db()
    assert model.results_storage == "dmf:testapp.Person.group"


def test_run_queues_a_fit(
    admin_client: Any, make_people: Make, make_model: Make, django_capture_on_commit_callbacks: Any
) -> None:
    make_people(12)
    model = make_model()
    with django_capture_on_commit_callbacks() as waiting:
        page = act(admin_client, "run_inference", model)
    assert "An inference of “People” is queued" in page.content.decode()
    fit = model.fits.get()
    assert fit.status == FitStatus.QUEUED
    assert fit.requested_by.username == "admin"
    page = act(admin_client, "run_inference", model)
    assert "waits for a worker already" in page.content.decode()
    assert model.fits.count() == 1
    for hand_over in waiting:
        hand_over()
    fit.refresh_from_db()
    assert fit.status == FitStatus.SUCCEEDED, fit.error


def test_reset_says_how_many(admin_client: Any, make_people: Make, make_model: Make) -> None:
    make_people(12)
    model = make_model()
    model.perform_inference()
    page = act(admin_client, "reset_inference", model)
    asked = page.content.decode()
    assert "“People”: 12 labels in testapp.Person.group will be cleared." in asked
    assert 'name="confirmed"' in asked
    assert Person.objects.exclude(group=None).count() == 12
    page = act(admin_client, "reset_inference", model, confirmed="yes")
    assert "“People” is reset; the labels of 12 rows are cleared." in page.content.decode()
    assert not Person.objects.exclude(group=None).exists()


def test_viewing_is_not_running(staff: Any, make_people: Make, make_model: Make) -> None:
    make_people(12)
    model = make_model()
    model.perform_inference()
    page = staff.get(reverse(MODELS)).content.decode()
    assert "People" in page
    assert "run_inference" not in page
    act(staff, "run_inference", model)
    act(staff, "reset_inference", model, confirmed="yes")
    assert model.fits.count() == 1
    assert Person.objects.exclude(group=None).count() == 12
    staff.user.user_permissions.add(Permission.objects.get(codename="run_inference"))
    act(staff, "run_inference", model)
    assert model.fits.count() == 2


def test_no_permission_no_page(client: Any, django_user_model: Any) -> None:
    client.force_login(django_user_model.objects.create_user("plain", is_staff=True))
    assert client.get(reverse(MODELS)).status_code == 403
    assert client.get(reverse("admin:headwater_learning_fit_changelist")).status_code == 403


def test_a_get_changes_nothing(admin_client: Any, make_people: Make, make_model: Make) -> None:
    model = make_model()
    admin_client.get(reverse(MODELS), {"action": "run_inference", "_selected_action": model.pk})
    assert not Fit.objects.exists()


def test_fits_are_read_only(admin_client: Any, make_people: Make, make_model: Make) -> None:
    make_people(12)
    fit = make_model().perform_inference()
    assert admin_client.get(reverse("admin:headwater_learning_fit_add")).status_code == 403
    change = reverse("admin:headwater_learning_fit_change", args=[fit.pk])
    assert admin_client.post(change, {"status": "failed"}).status_code == 403


def test_bad_settings_are_refused_in_the_form(admin_client: Any, make_model: Make) -> None:
    model = make_model()
    page = admin_client.post(
        reverse("admin:headwater_learning_statisticalmodel_change", args=[model.pk]),
        {
            "name": "People",
            "source": model.source_id,
            "technique": "k_means",
            "parameters": '{"n_clusters": 1}',
            "encoding": "{}",
            "engine_meta_iterations": 1,
            "engine_iterations": 100,
            "results_storage": "dmf:testapp.Person.nothing",
        },
    )
    content = page.content.decode()
    assert "takes a whole number from 2 to 500" in content
    assert "which testapp.Person does not have" in content


def test_waiting_fits_can_be_cancelled(
    admin_client: Any, make_people: Make, make_model: Make
) -> None:
    from headwater.learning.request import open_fit

    fit = open_fit(make_model())
    admin_client.post(
        reverse("admin:headwater_learning_fit_changelist"),
        {"action": "cancel", "_selected_action": [fit.pk]},
    )
    fit.refresh_from_db()
    assert fit.status == FitStatus.CANCELLED


def test_a_source_of_rows_that_one_may_not_view(
    client: Any, django_user_model: Any, make_model: Make
) -> None:
    model = make_model(of={"columns": ["x", "city__population"], "filter": {"city__name": "Ulm"}})
    user = django_user_model.objects.create_user("half", is_staff=True)
    names = ["view_person", "change_statisticalmodel", "view_source", "change_source"]
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    client.force_login(user)
    change_model = reverse("admin:headwater_learning_statisticalmodel_change", args=[model.pk])
    change_source = reverse("admin:headwater_sources_source_change", args=[model.source_id])
    as_model = {
        "name": "Mine",
        "source": model.source_id,
        "technique": "k_means",
        "parameters": "{}",
        "encoding": "{}",
        "engine_meta_iterations": 1,
        "engine_iterations": 100,
    }
    as_source = {
        "content_type": model.source.content_type_id,
        "columns": '["x", "city__population"]',
        "filter": '{"city__name__startswith": "U"}',
    }
    sentence = "reads rows of city (testapp.City), which you may not view."
    for address, given in [(change_model, as_model), (change_source, as_source)]:
        assert client.post(address, given).content.decode().count(sentence) == 2
    user.user_permissions.add(Permission.objects.get(codename="view_city"))
    for address, given in [(change_model, as_model), (change_source, as_source)]:
        assert client.post(address, given).status_code == 302, address


def test_automation_is_set_and_the_counter_only_shown(
    admin_client: Any, make_model: Make, make_source: Make
) -> None:
    model = make_model(counter=7)
    address = reverse("admin:headwater_learning_statisticalmodel_change", args=[model.pk])
    page = admin_client.get(address)
    form = page.context["adminform"].form
    given = {name: form.initial.get(name) for name in form.fields}
    given |= {"parameters": "{}", "encoding": "{}", "counter": "99", "counter_threshold": "10"}
    given |= {"threshold_actions": ":recalculat", "recalculate": "daily", "owner": ""}
    given |= {"recalculate_at": "03:00", "technique": "variational_mixture"}
    page = admin_client.post(address, given)
    assert page.status_code == 200
    assert "“:recalculat” is no action. Did you mean “:recalculate”?" in page.content.decode()
    admin_client.post(address, given | {"threshold_actions": ":recalculate"})
    model.refresh_from_db()
    assert (model.counter, model.counter_threshold, model.recalculate) == (7, 10, "daily")
    assert "7 of 10" in admin_client.get(reverse(MODELS)).content.decode()


def test_the_counter_is_reset(admin_client: Any, staff: Any, make_model: Make) -> None:
    model = make_model(counter=1234)
    page = act(admin_client, "reset_counter", model)
    assert "The counter of “People” was at 1,234, and is at 0." in page.content.decode()
    model.refresh_from_db()
    assert model.counter == 0


def test_who_may_only_view_resets_no_counter(staff: Any, make_model: Make) -> None:
    model = make_model(counter=5)
    act(staff, "reset_counter", model)
    act(staff, "assign_pending", model)
    model.refresh_from_db()
    assert model.counter == 5


def test_pending_rows_are_assigned_by_a_worker(
    admin_client: Any, make_people: Make, make_model: Make, django_capture_on_commit_callbacks: Any
) -> None:
    make_people(30)
    model = make_model()
    page = act(admin_client, "assign_pending", model)
    assert "“People” has no inference yet" in page.content.decode()
    model.perform_inference()
    make_people(10, seed=2)
    with django_capture_on_commit_callbacks() as waiting:
        page = act(admin_client, "assign_pending", model)
    assert "The rows of “People” without a label get one from a worker." in page.content.decode()
    assert Person.objects.filter(group=None).count() == 10
    for hand_over in waiting:
        hand_over()
    assert not Person.objects.filter(group=None).exists()


def test_a_source_may_read_labels(admin_client: Any, make_model: Make, make_source: Make) -> None:
    source = make_source(columns=("x",))
    address = reverse("admin:headwater_sources_source_change", args=[source.pk])
    given = {"content_type": source.content_type_id, "columns": '["x", "group"]', "filter": "{}"}
    page = admin_client.post(address, given)
    assert "“group” of person holds free text" in page.content.decode()
    make_model()
    assert admin_client.post(address, given).status_code == 302
    source.refresh_from_db()
    assert source.columns == ["x", "group"]
