"""The stock admin: each stock and flow a section, nothing added or deleted, actions at work."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import clear_url_caches, reverse

from headwater.stockandflow import count_stocks
from headwater.stockandflow.models import FollowedField
from tests.stockapp.models import (
    Notice,
    Parcel,
    Subscriber,
    SubscriberEvent,
    Team,
    Ticket,
    TicketEvent,
)
from tests.stockapp.stock_admin import stock_admin

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = timedelta(days=1)
TRIAL = "/stock-admin/stocks-stage/trial/"
WINNING = "/stock-admin/flows-stage/winning/"


def staff(*codenames: str) -> User:
    user = User.objects.create_user("staff", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return user


@pytest.fixture
def signed_in(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("root"))
    return client


def listed(response: Any) -> list[str]:
    return [str(one) for one in response.context["cl"].result_list]


def groups(response: Any) -> dict[str, list[str]]:
    return {
        group["name"]: [one["name"] for one in group["models"]]
        for group in response.context["app_list"]
    }


def test_the_index_lists_stocks_and_flows_by_process(signed_in: Client) -> None:
    Subscriber.objects.create(stage="guest/new")
    count_stocks(MONDAY, only=["stage"])
    found = groups(signed_in.get("/stock-admin/"))
    assert found["Stocks of Subscribers by stage"] == [
        "On trial",
        "Paying",
        "Lapsed",
        "Guest/new",
    ]
    assert found["Flows of Subscribers by stage"] == [
        "Winning",
        "Losing",
        "Winning back",
        "Signing up",
    ]
    assert found["Flows of ticket-status"] == ["Arriving", "Closing"]
    assert "Answering" in found["Flows"]
    own = [name for name in found if name.endswith(("stage", "place", "status", "Flows"))]
    assert own == [
        "Stocks of Subscribers by stage",
        "Flows of Subscribers by stage",
        "Flows of ticket-status",
        "Flows",
    ]


def test_all_pages_that_the_index_leads_to_open(signed_in: Client) -> None:
    person = Subscriber.objects.create(stage="guest/new", name="Ann")
    Subscriber.objects.create(stage="trial", name="Bo")
    Ticket.objects.create(title="Broken")
    Parcel.objects.create(place="hall")
    count_stocks(MONDAY)
    Subscriber.objects.filter(name="Bo").update(stage="paying")
    person.delete()
    count_stocks(MONDAY + DAY)
    index = signed_in.get("/stock-admin/")
    opened = 0
    for group in index.context["app_list"]:
        assert signed_in.get(group["app_url"]).status_code == 200
        for entry in group["models"]:
            response = signed_in.get(entry["admin_url"])
            assert response.status_code == 200, entry["admin_url"]
            assert group["name"] in response.content.decode()  # the breadcrumbs
            for row in response.context["cl"].result_list:
                address = response.context["cl"].url_for_result(row)
                assert signed_in.get(address).status_code == 200, address
                opened += 1
                history = address.replace("/change/", "/history/")
                assert signed_in.get(history).status_code == 200
    assert opened >= 7
    assert not ContentType.objects.filter(app_label__startswith="stocks-").exists()


def test_a_section_has_the_objects_of_its_stock(signed_in: Client) -> None:
    Subscriber.objects.bulk_create(
        Subscriber(name=name, stage=stage)
        for name, stage in [("Ann", "trial"), ("Bo", "trial"), ("Cy", "paying"), ("Di", "")]
    )
    response = signed_in.get(TRIAL)
    assert sorted(listed(response)) == ["Ann", "Bo"]
    assert listed(signed_in.get(TRIAL, {"q": "bo"})) == ["Bo"]
    assert listed(signed_in.get("/stock-admin/stocks-stage/paying/")) == ["Cy"]
    other = Subscriber.objects.get(name="Cy")
    assert signed_in.get(f"{TRIAL}{other.pk}/change/").status_code == 302  # not in this stock


def test_a_state_that_is_new_gets_a_section_at_its_count(signed_in: Client) -> None:
    address = "/stock-admin/stocks-stage/guest/"
    assert signed_in.get(address).status_code == 404
    Subscriber.objects.create(stage="guest", name="Ann")
    count_stocks(MONDAY, only=["stage"])
    assert listed(signed_in.get(address)) == ["Ann"]
    assert reverse("stock_admin:stocks-stage_guest_changelist") == address
    assert signed_in.get(address.removesuffix("/")).status_code == 301


def test_a_process_that_has_shown_no_page_finds_a_section(signed_in: Client) -> None:
    stock_admin._admins.clear()
    stock_admin._patterns[:] = stock_admin._fixed
    clear_url_caches()
    Subscriber.objects.create(stage="trial", name="Ann")
    assert listed(signed_in.get(TRIAL, {"q": "ann"})) == ["Ann"]


def test_a_field_that_is_followed_no_more_has_no_section(signed_in: Client) -> None:
    row = FollowedField.objects.create(
        slug="regions", name="Teams by region", model="stockapp.Team", field="region"
    )
    Team.objects.create(name="A", region="north")
    count_stocks(MONDAY, only=["regions"])
    assert groups(signed_in.get("/stock-admin/"))["Stocks of Teams by region"] == ["North"]
    assert listed(signed_in.get("/stock-admin/stocks-regions/north/")) == ["A"]
    row.delete()
    assert "Stocks of Teams by region" not in groups(signed_in.get("/stock-admin/"))
    assert signed_in.get("/stock-admin/stocks-regions/north/").status_code == 404


def test_nothing_is_added_changed_or_deleted(signed_in: Client) -> None:
    one = Subscriber.objects.create(stage="trial", name="Ann")
    response = signed_in.get(TRIAL)
    assert response.context["has_add_permission"] is False
    assert [name for name, _ in response.context["action_form"].fields["action"].choices] == [
        "",
        "promote",
        "archive",
    ]
    for path in ("add/", f"{one.pk}/delete/"):
        assert signed_in.get(f"{TRIAL}{path}").status_code == 403
    page = signed_in.get(f"{TRIAL}{one.pk}/change/")
    assert page.context["has_change_permission"] is False
    assert 'name="_save"' not in page.content.decode()
    assert signed_in.post(f"{TRIAL}{one.pk}/change/", {"name": "Bo"}).status_code == 403
    action = {"action": "delete_selected", "_selected_action": [one.pk], "index": 0}
    signed_in.post(TRIAL, action)
    assert Subscriber.objects.get().name == "Ann"


def test_an_action_works_on_the_chosen_objects_also_once_they_have_left(
    signed_in: Client,
) -> None:
    people = Subscriber.objects.bulk_create(
        Subscriber(name=name, stage="trial") for name in ("Ann", "Bo", "Cy")
    )
    outside = Subscriber.objects.create(name="Di", stage="lapsed")
    chosen = [people[0].pk, people[2].pk, outside.pk]
    response = signed_in.post(
        TRIAL, {"action": "promote", "_selected_action": chosen, "index": 0, "select_across": 0}
    )
    assert response.status_code == 302
    assert Notice.objects.get().text == "Ann, Cy"
    assert set(Subscriber.objects.filter(stage="paying")) == {people[0], people[2]}
    for name in "xyz":
        Subscriber.objects.create(name=name, stage="trial", is_active=False)
    signed_in.post(
        f"{TRIAL}?is_active__exact=0",
        {"action": "promote", "_selected_action": ["1"], "index": 0, "select_across": 1},
    )
    assert Notice.objects.latest("pk").text == "x, y, z"
    assert list(Subscriber.objects.filter(stage="trial")) == [people[1]]


def test_an_action_that_changes_objects_needs_that_right(client: Client) -> None:
    Subscriber.objects.create(stage="trial")
    client.force_login(user := staff("view_subscriber"))

    def offered() -> list[str]:
        fields = client.get(TRIAL).context["action_form"].fields
        return [name for name, _ in fields["action"].choices if name]

    assert offered() == ["promote"]
    user.user_permissions.add(Permission.objects.get(codename="change_subscriber"))
    assert offered() == ["promote", "archive"]


def test_options_can_let_people_change_an_object(client: Client) -> None:
    ticket = Ticket.objects.create(title="Broken")
    client.force_login(user := staff("view_ticket"))
    count_stocks(MONDAY, only=["ticket-status"])
    index = client.get("/stock-admin/").context["app_list"]
    address = next(
        one["admin_url"]
        for group in index
        if group["name"] == "Stocks of ticket-status"
        for one in group["models"]
        if one["name"] == "New"
    )
    change = f"{address}{ticket.pk}/change/"
    values = {"title": "Mended", "status": "closed"}
    assert client.post(change, values).status_code == 403
    user.user_permissions.add(Permission.objects.get(codename="change_ticket"))
    response = client.post(change, values)
    assert (response.status_code, response.url) == (302, address)
    ticket.refresh_from_db()
    assert (ticket.title, ticket.status) == ("Mended", "closed")
    assert LogEntry.objects.get().content_type == ContentType.objects.get_for_model(Ticket)
    # The tracker has seen it: the project's own class was saved.
    closing = client.get("/stock-admin/flows-ticket-status/closing/")
    assert [one.headwater_subject for one in closing.context["cl"].result_list] == [ticket]


def test_facets_are_filters(signed_in: Client) -> None:
    south = Team.objects.create(name="S", region="south")
    Subscriber.objects.create(name="Ann", stage="trial", country="no", team=south)
    Subscriber.objects.create(name="Bo", stage="trial", country="dk")
    filters = signed_in.get(TRIAL).context["cl"].filter_specs
    assert [one.title for one in filters] == ["Country", "Region", "is active"]
    assert filters[0].lookup_choices == [("no", "no"), ("se", "se"), ("fi", "fi")]
    assert listed(signed_in.get(TRIAL, {"facet-country": "no"})) == ["Ann"]
    assert listed(signed_in.get(TRIAL, {"facet-region": "south"})) == ["Ann"]
    assert listed(signed_in.get(TRIAL, {"facet-country": "fi"})) == []
    assert listed(signed_in.get(TRIAL, {"facet-country": "dk"})) == []  # no value of the facet
    assert signed_in.get(TRIAL, {"_facets": "True"}).status_code == 200


def test_a_flow_lists_its_events(signed_in: Client) -> None:
    south = Team.objects.create(name="S", region="south")
    people = Subscriber.objects.bulk_create(
        Subscriber(name=name, stage="trial", team=team)
        for name, team in [("Ann", south), ("Bo", None), ("Cy", None)]
    )
    count_stocks(MONDAY, only=["stage"])
    Subscriber.objects.exclude(name="Cy").update(stage="paying")
    count_stocks(MONDAY + DAY, only=["stage"])
    Subscriber.objects.get(name="Bo").delete()
    response = signed_in.get(WINNING)
    text = response.content.decode()
    assert "Ann" in text
    assert f"{people[1].pk} (gone)" in text
    assert [listed(response), "On trial" in text, "Paying" in text] == [
        ["trial → paying"] * 2,
        True,
        True,
    ]
    assert len(listed(signed_in.get(WINNING, {"facet-region": "south"}))) == 1
    event = SubscriberEvent.objects.get(subject_id=people[1].pk, flow="winning")
    page = signed_in.get(f"{WINNING}{event.pk}/change/").content.decode()
    assert f"{people[1].pk} (gone)" in page
    assert signed_in.post(f"{WINNING}{event.pk}/change/", {"flow": "x"}).status_code == 403
    assert signed_in.get(f"{WINNING}{event.pk}/delete/").status_code == 403
    TicketEvent.objects.create(subject_id=3, flow="answering", source="waiting", sink="answered")
    response = signed_in.get("/stock-admin/flows/answering/")
    assert [one.subject_id for one in response.context["cl"].result_list] == [3]


def test_people_see_the_sections_of_objects_that_they_may_view(client: Client) -> None:
    assert client.get(TRIAL).url.startswith("/stock-admin/login/")
    client.force_login(staff("view_subscriber"))
    assert set(groups(client.get("/stock-admin/"))) == {
        "Stocks of Subscribers by stage",
        "Flows of Subscribers by stage",
    }
    assert client.get(TRIAL).status_code == 200
    assert client.get("/stock-admin/flows-ticket-status/closing/").status_code == 403
    assert client.get("/stock-admin/stocks-place/").status_code == 404
    User.objects.update(is_staff=False)
    assert client.get(TRIAL).url.startswith("/stock-admin/login/")


def test_pages_take_as_many_queries_for_many_rows(signed_in: Client) -> None:
    signed_in.get(TRIAL)
    taken = []
    for number in (3, 40):
        team = Team.objects.create(name="S", region="south")
        made = Subscriber.objects.bulk_create(
            Subscriber(stage="trial", team=team) for _ in range(number)
        )
        SubscriberEvent.objects.bulk_create(
            SubscriberEvent(
                subject=one, partition="stage", flow="winning", source="trial", sink="paying"
            )
            for one in made
        )
        for address in (TRIAL, WINNING):
            with CaptureQueriesContext(connection) as queries:
                signed_in.get(address)
            taken.append(len(queries))
    assert taken[:2] == taken[2:]
    assert max(taken) <= 14


def test_the_project_knows_nothing_of_the_proxies(signed_in: Client) -> None:
    signed_in.get("/stock-admin/")
    assert stock_admin._admins
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
    models = {shown.opts.model for shown in stock_admin._admins.values()}
    assert not models & set(apps.get_models(include_auto_created=True))
    assert all(one._meta.proxy for one in models)
    related = {one.related_model for one in Team._meta.get_fields() if one.is_relation}
    assert not models & related


def test_checks_and_addresses_ask_the_database_nothing(
    django_assert_num_queries: Any,
) -> None:
    from headwater.stockandflow.admin_site import StockAndFlowAdminSite

    with django_assert_num_queries(0):
        site = StockAndFlowAdminSite("other")
        patterns, app_name, name = site.urls
    assert (app_name, name, bool(patterns)) == ("admin", "other", True)
