"""Who may see which stocks; what is hidden is said."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.db.models import Case, Value, When
from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains

from headwater.console.flows.reads import models_counted
from headwater.console.rights import may_see_facet, may_see_stock
from headwater.stockandflow import Flow, Partition, Process, Stock, count_stocks
from tests.console.stock_panel import play
from tests.console.stock_records import state_processes
from tests.stockapp.models import Subscriber, Team, Ticket, UrgentTicket
from tests.stockapp.stocks import stage

pytestmark = pytest.mark.django_db
Maker = Callable[..., User]


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_without_the_permission_a_process_is_not_listed_and_not_found(make_user: Maker) -> None:
    play(2)
    stranger = signed_in(make_user("stranger"))

    html = stranger.get("/stocks/")

    assertNotContains(html, "Subscribers by stage")
    assertContains(html, "No stocks that you may see")
    assertContains(html, "hidden from you, as you may not view the objects")
    for address in ("", "levels.csv", "series.json", "?part=stage"):
        assert stranger.get(f"/stocks/stage/{address}").status_code == 404
    assert stranger.post("/stocks/stage/count/").status_code == 404


def test_with_the_permission_it_is_shown(make_user: Maker) -> None:
    play(2)
    reader = signed_in(make_user("reader", "view_subscriber", "view_team"))

    assertContains(reader.get("/stocks/"), "Subscribers by stage")
    assertContains(reader.get("/stocks/stage/"), 'value="region:north"')


def test_a_facet_that_crosses_to_a_hidden_model_is_hidden_and_said(make_user: Maker) -> None:
    play(2)
    reader = signed_in(make_user("reader", "view_subscriber"))

    html = reader.get("/stocks/stage/")

    assertContains(html, 'value="country:no"')
    assertNotContains(html, "region:north")
    assertNotContains(html, "team__region")
    told = "The facet “Region” is hidden from you: seeing it needs the permission "
    assertContains(html, f"{told}“stockapp.view_team”.")
    asked = reader.get("/stocks/stage/?only=region:north")
    assertContains(asked, "There is no facet “region” here that you may see")
    everything = reader.get("/stocks/stage/levels.csv").content
    assert reader.get("/stocks/stage/levels.csv?only=region:north").content == everything
    assert reader.get("/stocks/stage/levels.csv?only=country:no").content != everything


def test_models_that_conditions_join_count(make_user: Maker) -> None:
    by_region = Partition("by-region", Subscriber, "team__region")
    by_case = Partition(
        "by-case", Subscriber, Case(When(team__region="north", then=Value("n")), default=Value("s"))
    )
    northern = Stock("northern", "Northern", Subscriber.objects.filter(team__region="north"))
    by_key = Stock("by-key", "By key", Subscriber.objects.filter(team=1))
    reader = make_user("reader", "view_subscriber")

    for crossing in (by_region, by_case, northern):
        assert models_counted(crossing) == [Subscriber, Team]
        right = may_see_stock(reader, crossing)
        assert not right
        assert "“stockapp.view_team”" in right.reason
    assert models_counted(by_key) == [Subscriber]
    assert may_see_stock(reader, by_key)
    assert may_see_stock(reader, stage)


def test_the_parent_of_a_model_needs_no_permission_of_its_own(make_user: Maker) -> None:
    urgent = Stock("late", "Late", UrgentTicket.objects.filter(is_answered=False))

    assert models_counted(urgent) == [UrgentTicket]
    assert may_see_stock(make_user("reader", "view_urgentticket"), urgent)


def test_a_definition_that_does_not_hold_is_hidden_with_its_reason(analyst: User) -> None:
    broken = Partition("broken", Subscriber, "colour", name="By colour")

    right = may_see_stock(analyst, broken)

    assert not right
    assert "“By colour” cannot be shown, as its definition does not hold." in right.reason


def test_each_facet_is_weighed_by_itself(make_user: Maker) -> None:
    reader = make_user("reader", "view_subscriber")
    by_slug = {use.facet.slug: use for use in stage.facet_uses}

    assert may_see_facet(reader, stage, by_slug["country"])
    assert not may_see_facet(reader, stage, by_slug["region"])


def test_a_process_that_is_partly_hidden_says_so(
    make_user: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = Stock("waiting", "Waiting", Ticket.objects.filter(is_answered=False))
    keen = Stock("keen", "Keen", Subscriber.objects.filter(stage="trial"))
    asking = Flow("asking", "Secret flow", sources=[None], sinks=[waiting])
    mixed = Process("mixed", "Mixed", stocks=[stage, waiting, keen], flows=[asking])
    state_processes(monkeypatch, mixed, partitions=(stage,))
    Ticket.objects.create()
    count_stocks()
    reader = signed_in(make_user("reader", "view_subscriber"))

    single = reader.get("/stocks/mixed/?part=single-stocks")

    assertContains(single, "“Waiting” is hidden from you: seeing it needs")
    assertContains(single, "Keen")
    assertNotContains(single, "Secret flow")
    assert b"waiting" not in reader.get("/stocks/mixed/series.csv?part=single-stocks").content
    assertContains(reader.get("/stocks/"), "Parts of it are hidden from you")


def test_an_unknown_process_is_not_found(page: Client) -> None:
    response = page.get("/stocks/nobody/")

    assertContains(response, "To the stocks", status_code=404)
