"""Stepping through the objects of a stock, also while they leave it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from headwater.console.flows.object_shown import fields_of
from headwater.stockandflow import count_stocks
from tests.console.stock_panel import BEGIN
from tests.stockapp.models import Subscriber, Team

AT = "/stocks/stage/objects/stage.trial"


@pytest.fixture
def people(db: None) -> list[Subscriber]:
    """Five on trial, and one who pays."""
    team = Team.objects.create(name="Red")
    made = [
        Subscriber.objects.create(
            name=f"Person {i}", stage="trial", country="no" if i % 2 else "se", team=team
        )
        for i in range(1, 6)
    ]
    Subscriber.objects.create(name="Payer", stage="paying")
    return made


def steps(html: str) -> dict[str, str]:
    """Return key -> address of the links to step."""
    found = re.findall(r'href="([^"]+)"(?: rel="\w+")? data-step="(\w+)"', html)
    return {key: address.replace("&amp;", "&") for address, key in found}


def test_from_the_first_to_the_last(page: Client, people: list[Subscriber]) -> None:
    seen = []
    address = f"{AT}/1/"
    for _ in people:
        html = page.get(address).content.decode()
        seen.append(next(one.name for one in people if f"<h1>{one.name}</h1>" in html))
        ways = steps(html)
        address = ways.get("next", "")

    assert seen == [f"Person {i}" for i in range(1, 6)]
    assert set(ways) == {"first", "previous"}
    assert "Subscriber 5 of 5 objects in On trial." in html
    assert "<h1>Person 4</h1>" in page.get(ways["previous"]).content.decode()
    assert "<h1>Person 1</h1>" in page.get(ways["first"]).content.decode()
    first = steps(page.get(f"{AT}/1/").content.decode())
    assert set(first) == {"next", "last"}
    assert "<h1>Person 5</h1>" in page.get(first["last"]).content.decode()


def test_a_number_leads_to_its_object(page: Client, people: list[Subscriber]) -> None:
    response = page.get(f"{AT}/", {"index": "3", "only": "country:no"})

    assert response["Location"] == f"{AT}/3/?only=country%3Ano"
    assert page.get(f"{AT}/", {"index": "x"})["Location"] == f"{AT}/1/"
    beyond = page.get(f"{AT}/9/").content.decode()
    assert "There is no number 9: On trial holds 5 objects now. This is the last one." in beyond
    assert "<h1>Person 5</h1>" in beyond


@pytest.mark.parametrize("deleted", [False, True])
def test_an_object_that_left_meanwhile_is_told(
    page: Client, people: list[Subscriber], deleted: bool
) -> None:
    second = steps(page.get(f"{AT}/1/").content.decode())["next"]
    third = steps(page.get(second).content.decode())["next"]
    if deleted:
        people[1].delete()
    else:
        Subscriber.objects.filter(pk=people[1].pk).update(stage="paying")

    html = page.get(third).content.decode()

    assert "<h1>Person 3</h1>" in html
    assert "The object that you looked at has left On trial meanwhile." in html
    assert "Subscriber 2 of 4 objects in On trial." in html
    back = page.get(steps(html)["previous"]).content.decode()
    assert "<h1>Person 1</h1>" in back
    assert "meanwhile" not in back


def test_the_last_one_left_meanwhile(page: Client, people: list[Subscriber]) -> None:
    html = page.get(f"{AT}/4/").content.decode()
    Subscriber.objects.filter(pk__in=[people[3].pk, people[4].pk]).update(stage="")

    after = page.get(steps(html)["next"]).content.decode()

    assert "<h1>Person 3</h1>" in after
    assert "has left On trial meanwhile. There is no object after the one that you" in after


def test_all_left_meanwhile(page: Client, people: list[Subscriber]) -> None:
    html = page.get(f"{AT}/1/").content.decode()
    Subscriber.objects.all().delete()

    after = page.get(steps(html)["next"]).content.decode()

    assert "This stock holds no object now." in after
    assert "has left On trial meanwhile." in after


def test_a_facet_narrows(page: Client, people: list[Subscriber]) -> None:
    html = page.get(f"{AT}/1/", {"only": "country:no"}).content.decode()

    assert "Subscriber 1 of 3 objects in On trial, Country: no." in html
    assert "only=country%3Ano" in steps(html)["next"]
    assert "<h1>Person 3</h1>" in page.get(steps(html)["next"]).content.decode()
    Subscriber.objects.filter(pk=people[1].pk).update(country="dk")
    other = page.get(f"{AT}/1/", {"only": "country:"}).content.decode()
    assert "<h1>Person 2</h1>" in other
    assert "Subscriber 1 of 1 object in On trial, Country: any other, or none." in other
    none = page.get(f"{AT}/1/", {"only": "country:fi"}).content.decode()
    assert "This stock holds no object now, of those that are chosen." in none


@pytest.mark.parametrize(
    ("only", "sentence"),
    [
        ("country:xx", "“xx” is no value of the facet “Country”; all objects are shown."),
        ("country:n\x00", "“n�” is no value of the facet “Country”; all objects are shown."),
        ("country", "“country” names a facet and no value of it"),
        ("colour:red", "There is no facet “colour” here that you may see"),
    ],
)
def test_what_cannot_be_chosen_is_said_and_all_are_shown(
    page: Client, people: list[Subscriber], only: str, sentence: str
) -> None:
    for address in (f"{AT}/1/", "/stocks/stage/"):
        assert sentence in page.get(address, {"only": only}).content.decode(), address

    html = page.get(f"{AT}/1/", {"only": only}).content.decode()
    assert "Subscriber 1 of 5 objects in On trial." in html
    assert "only=" not in steps(html)["next"]


def test_its_way_through_the_stocks(page: Client, people: list[Subscriber]) -> None:
    count_stocks(as_of=BEGIN, only=["stage"])
    Subscriber.objects.filter(pk=people[0].pk).update(stage="lapsed")
    count_stocks(as_of=BEGIN + dt.timedelta(days=3), only=["stage"])
    Subscriber.objects.filter(pk=people[0].pk).update(stage="trial")
    count_stocks(as_of=BEGIN + dt.timedelta(days=5), only=["stage"])

    response = page.get(f"{AT}/1/")

    way = response.context["way"]
    assert [(step.source, step.sink, step.stay) for step in way] == [
        ("Lapsed", "On trial", ""),
        ("On trial", "Lapsed", "2 days"),
        ("", "On trial", ""),
    ]
    assert [step.is_inferred for step in way] == [True, True, True]
    assert [step.is_opening for step in way] == [False, False, True]
    assert way[1].flow == "Losing"
    assert "when it was in between is not known" in response.content.decode()


def test_without_the_permission_nothing_is_shown(
    client: Client, people: list[Subscriber], make_user: Callable[..., User]
) -> None:
    client.force_login(make_user("visitor"))

    response = client.get(f"{AT}/1/")

    assert response.status_code == 404
    assert "Person 1" not in response.content.decode()


def test_what_a_field_leads_to_needs_its_own_permission(
    client: Client, people: list[Subscriber], make_user: Callable[..., User]
) -> None:
    client.force_login(make_user("some", "view_subscriber"))
    some = client.get(f"{AT}/1/").context["fields"]
    client.force_login(make_user("more", "view_subscriber", "view_team"))
    more = client.get(f"{AT}/1/").context["fields"]

    told = [{one.label: one.value for one in fields}["Team"] for fields in (some, more)]
    assert told == [str(people[0].team_id), "Red"]
    named = {one.label: one.value for one in more}
    assert named["Stage"] == "On trial"
    assert named["Is active"] == "yes"
    assert named["Joined"] == "–"


def test_secrets_are_hidden(page: Client, db: None) -> None:
    person = User.objects.create_user("secretive", password="a long secret")

    shown = {one.label: one.value for one in fields_of(person, person)}

    assert "Username" in shown
    assert "Password" not in shown
    assert not any("$" in value for value in shown.values())


@pytest.mark.parametrize(
    "address",
    [
        "/stocks/none/objects/stage.trial/1/",
        "/stocks/stage/objects/nothing/1/",
        "/stocks/stage/objects/waiting/1/",
        "/stocks/stage/objects/place.x/1/",
    ],
)
def test_what_is_not_there_is_not_found(page: Client, address: str) -> None:
    assert page.get(address).status_code == 404


def test_actions_are_those_of_the_admin_that_the_person_may_run(
    client: Client, make_user: Callable[..., User], people: list[Subscriber]
) -> None:
    staff = make_user("staff", "view_subscriber", "change_subscriber")
    User.objects.filter(pk=staff.pk).update(is_staff=True)
    client.force_login(staff)

    response = client.get(f"{AT}/2/")
    address = response.context["actions_address"]
    form = {"_selected_action": people[1].pk, "select_across": "0", "index": "0"}
    done = client.post(address, {**form, "action": "wake"})

    assert [(one.name, one.label) for one in response.context["actions"]] == [
        ("wake", "Wake subscribers")
    ]
    html = response.content.decode()
    assert f'action="{address}"' in html
    assert all(f'name="{name}" value="{value}"' in html for name, value in form.items())
    assert done.status_code == 302
    assert list(Subscriber.objects.filter(score=7)) == [people[1]]
    change = reverse("admin:stockapp_subscriber_change", args=[people[1].pk])
    assert ("In the admin", change) in response.context["pages"]


def test_who_is_not_staff_has_no_actions(
    client: Client, make_user: Callable[..., User], people: list[Subscriber]
) -> None:
    client.force_login(make_user("other", "view_subscriber", "change_subscriber"))

    response = client.get(f"{AT}/2/")

    assert response.context["actions"] == []
    assert response.context["pages"] == []
    assert "for staff only" in response.content.decode()
