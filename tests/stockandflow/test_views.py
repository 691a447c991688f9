"""Views: a project's own pages, one object of a stock after the other."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth.models import AnonymousUser, Permission, User
from django.core.exceptions import ImproperlyConfigured
from django.test import Client, RequestFactory

from headwater.stockandflow.views import next_in_stock, place_in_stock, step_in_stock
from tests.stockapp.models import Subscriber, Ticket

pytestmark = pytest.mark.django_db
NEW = "/feeds/ticket-status.new"


@pytest.fixture
def viewer() -> User:
    user = User.objects.create_user("viewer")
    user.user_permissions.add(
        *Permission.objects.filter(codename__in=["view_ticket", "view_subscriber"])
    )
    return user


@pytest.fixture
def signed_in(client: Client, viewer: User) -> Client:
    client.force_login(viewer)
    return client


def query(address: str) -> dict[str, str]:
    return {key: values[-1] for key, values in parse_qs(urlsplit(address).query).items()}


def test_it_leads_from_one_to_the_next_and_ends(signed_in: Client, viewer: User) -> None:
    tickets = [Ticket.objects.create(title=f"T{n}") for n in range(3)]
    address, seen = f"{NEW}/next/", []
    for _ in tickets:
        response = signed_in.get(address)
        assert response.status_code == 302
        seen.append(urlsplit(response.url).path)
        assert query(response.url) == {
            "view": "short",
            "stock": "ticket-status.new",
            "index": str(len(seen) - 1),
        }
        request = RequestFactory().get(response.url)
        request.user = viewer
        place = place_in_stock(request, tickets[len(seen) - 1].pk)
        assert place is not None
        assert (place.stock, place.number, place.sentence) == ("new", len(seen), "")
        address = place.next
    assert seen == [f"/tickets/{one.pk}/" for one in tickets]
    response = signed_in.get(address)
    assert (response.status_code, response.context["first"]) == (200, f"{NEW}/first/")
    assert "There is none after the last of 3 objects in “new”." in response.content.decode()
    assert signed_in.get(place.previous).url.startswith(f"/tickets/{tickets[1].pk}/")
    assert signed_in.get(place.first).url.startswith(f"/tickets/{tickets[0].pk}/")
    assert signed_in.get(place.last).url.startswith(f"/tickets/{tickets[2].pk}/")
    response = signed_in.get(f"{NEW}/previous/", {"after": tickets[0].pk, "index": 0})
    assert "There is none before the first of 3 objects" in response.content.decode()


def test_one_that_has_left_is_said(signed_in: Client, viewer: User) -> None:
    first, second = (Ticket.objects.create(title=title) for title in "ab")
    Ticket.objects.filter(pk=first.pk).update(status="closed")
    response = signed_in.get(f"{NEW}/next/", {"after": first.pk, "index": 0})
    assert response.url.startswith(f"/tickets/{second.pk}/")
    assert query(response.url)["left"] == "1"
    request = RequestFactory().get(response.url)
    request.user = viewer
    place = place_in_stock(request, second.pk)
    assert place is not None
    assert place.number == 1
    assert place.sentence == "The object that you saw before is not in “new” any more."


def test_a_facet_goes_along(rf: RequestFactory, viewer: User) -> None:
    Subscriber.objects.create(stage="trial", country="se")
    norwegian = Subscriber.objects.create(stage="trial", country="no")
    view = next_in_stock(url_of=lambda one: f"/people/{one.pk}", order_by=("-score",))
    request = rf.get("/queue/", {"facet": "country", "value": "no"})
    request.user = viewer
    response: Any = view(request, slug="stage.trial")
    assert urlsplit(response.url).path == f"/people/{norwegian.pk}"
    assert query(response.url) == {
        "facet": "country",
        "value": "no",
        "stock": "stage.trial",
        "index": "0",
    }
    request = rf.get(response.url)
    request.user = viewer
    place = place_in_stock(request, norwegian.pk)
    assert place is not None
    assert query(place.next) == {
        "facet": "country",
        "value": "no",
        "index": "0",
        "after": str(norwegian.pk),
    }


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        (f"{NEW}/next/", "No object is in “new” now."),
        ("/feeds/colours.red/next/", "There is no stock “colours.red”."),
        ("/feeds/stage.trial/next/?facet=country&value=dk", "has no value “dk”"),
        ("/feeds/stage.trial/next/?facet=hat", "has no facet “hat”"),
    ],
)
def test_where_there_is_none_a_page_says_so(signed_in: Client, address: str, sentence: str) -> None:
    response = signed_in.get(address)
    assert response.status_code == 404
    assert sentence in response.content.decode()


def test_only_people_who_may_view_the_objects_are_led(client: Client) -> None:
    Ticket.objects.create()
    response = client.get(f"{NEW}/next/?index=3")
    assert response.status_code == 302
    assert "next=/feeds/ticket-status.new/next/%3Findex%3D3" in response.url
    client.force_login(User.objects.create_user("nobody"))
    assert client.get(f"{NEW}/next/").status_code == 403


def test_a_step_is_no_post(signed_in: Client) -> None:
    assert signed_in.post(f"{NEW}/next/").status_code == 405


def test_pages_that_nobody_steps_through_have_no_place(rf: RequestFactory, viewer: User) -> None:
    for address in ("/", "/?stock=colours.red"):
        request = rf.get(address)
        request.user = viewer
        assert place_in_stock(request, 1) is None
    request = rf.get("/?stock=stage.trial")
    request.user = AnonymousUser()
    assert place_in_stock(request, 1) is None


def test_a_project_that_gives_no_page_or_step_is_told(rf: RequestFactory, viewer: User) -> None:
    Subscriber.objects.create(stage="trial")
    request = rf.get("/")
    request.user = viewer
    with pytest.raises(ImproperlyConfigured, match="has no get_absolute_url"):
        next_in_stock()(request, slug="stage.trial")
    with pytest.raises(ImproperlyConfigured, match="There is no step “up”"):
        step_in_stock("up")
