"""The room of stocks and flows: with nothing, with one count, with two, and with two years."""

from __future__ import annotations

import datetime as dt
import json
import re
from itertools import pairwise
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from headwater.stockandflow import Facet, Flow, Partition, Process, Stock, count_stocks
from headwater.stockandflow.models import FlowRecord, StockFacetRecord, StockRecord
from tests.console.stock_panel import play
from tests.console.stock_records import MIDNIGHT, state_processes, write_counts
from tests.stockapp.models import Subscriber, Ticket
from tests.stockapp.stocks import stage

pytestmark = pytest.mark.django_db
ADDRESS = "/stocks/stage/"


def option(html: bytes, key: str) -> dict[str, Any]:
    """Return the chart option of the page."""
    found = re.search(rf'<script id="chart-{key}"[^>]*>(.*?)</script>', html.decode(), re.DOTALL)
    assert found is not None, f"no chart {key}"
    drawn: dict[str, Any] = json.loads(found.group(1))
    return drawn


def values(point: Any) -> list[Any]:
    """Return the numbers of a point, which may have a marker."""
    return point["value"] if isinstance(point, dict) else point  # type: ignore[no-any-return]


def section(html: bytes, key: str) -> str:
    """Return the section of the page with ``key``."""
    found = re.search(
        rf'<section class="hw-stocks-section" id="{key}".*?</section>', html.decode(), re.S
    )
    assert found is not None, f"no section {key}"
    return found.group(0)


def test_the_navigation_leads_to_the_list(page: Client) -> None:
    assertContains(page.get("/"), '<a href="/stocks/">')
    assertContains(page.get("/stocks/"), 'aria-current="page"')


def test_without_processes_the_list_says_how_to_begin(
    page: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    state_processes(monkeypatch)

    html = page.get("/stocks/")

    assertContains(html, "No stocks yet")
    assertContains(html, "partitions = [orders]")
    assertContains(html, "python manage.py run_periodic_schedule")


def test_the_example_of_the_empty_list_can_be_stated() -> None:
    from headwater.console.views.stocks import EXAMPLE

    code = EXAMPLE.replace("from shop.models import Order\n", "").replace("Order,", "Ticket,")
    scope: dict[str, Any] = {"Ticket": Ticket}
    exec(code, scope)  # noqa: S102

    (stated,) = scope["partitions"]
    assert [flow.slug for flow in stated.flows] == ["paying", "shipping"]
    assert stated.objects().count() == 0


def test_a_definition_that_does_not_hold_is_said(
    page: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from headwater.console.flows import process_found
    from headwater.stockandflow.errors import DefinitionError

    def broken() -> list[Process]:
        raise DefinitionError("“stocks” of shop.stocks is 7; it must be a list.")

    monkeypatch.setattr(process_found, "all_processes", broken)

    assertContains(page.get("/stocks/"), "“stocks” of shop.stocks is 7; it must be a list.")


def test_the_list_says_levels_changes_and_when_it_was_counted(page: Client) -> None:
    levels = play(3)

    html = page.get("/stocks/").content.decode()

    card = html[html.index('id="process-stage"') :]
    card = card[: card.index("</section>")]
    for state, words in (("trial", "On trial"), ("paying", "Paying"), ("lapsed", "Lapsed")):
        change = levels[-1][state] - levels[-2][state]
        told = f"+{change}" if change > 0 else f"{change}".replace("-", "−")
        assert re.search(
            rf"{words}</span><b>{levels[-1][state]}</b><span[^>]*>{re.escape(told)}<", card
        ), words
    assert "Over the last 3 counts" in card
    assert card.count("<polygon") == 3
    assert "The next is due now" in card


def test_a_page_with_no_count_says_what_it_needs(page: Client) -> None:
    html = page.get(ADDRESS)

    assertContains(html, "Not counted yet. The next is due now")
    assert "Needs one count. The next is due" in section(html.content, "levels")
    assert "Needs one count." in section(html.content, "series")
    assert "Needs two counts." in section(html.content, "cumulative")
    assert "Needs two counts." in section(html.content, "flows")
    assert "Needs one count." in section(html.content, "books")
    # What is stated is drawn all the same.
    assert "rates need two counts" in section(html.content, "diagram")
    assert "stage is “Paying”" in section(html.content, "definition")


def test_a_page_with_one_count_has_levels_and_no_trend(page: Client) -> None:
    (levels,) = play(1)

    html = page.get(ADDRESS).content

    largest = max(("trial", "paying", "lapsed"), key=lambda state: levels[state])
    name = {"trial": "On trial", "paying": "Paying", "lapsed": "Lapsed"}[largest]
    assert f"{name} holds most, {levels[largest]} objects" in section(html, "levels")
    assert "one count is no trend yet" in section(html, "series")
    assert "Needs two counts. The next is due" in section(html, "cumulative")
    assert "The books balance: the one page is exact" in section(html, "books")
    drawn = option(html, "series")["series"][1:]
    assert [len(line["data"]) for line in drawn] == [1, 1, 1]
    assert all(line["data"][0]["symbol"].startswith("path://") for line in drawn)


def test_levels_and_series_are_what_was_counted(page: Client) -> None:
    levels = play(9)

    html = page.get(ADDRESS).content

    names = {"On trial": "trial", "Paying": "paying", "Lapsed": "lapsed"}
    series = {line["name"]: line["data"] for line in option(html, "series")["series"][1:]}
    assert {name: [values(point)[1] for point in line] for name, line in series.items()} == {
        name: [one[state] for one in levels] for name, state in names.items()
    }
    stacked = option(html, "cumulative")["series"]
    together = [point["value"][1] for point in stacked[0]["data"]]
    assert together == [sum(one[state] for state in names.values()) for one in levels]
    assert [line["name"] for line in stacked[1:]] == ["Lapsed", "Paying", "On trial"]
    assert "The books balance: all 9 pages are exact" in section(html, "books")


def test_bars_of_inflow_and_outflow_explain_the_levels(page: Client) -> None:
    levels = play(8)

    html = page.get(ADDRESS).content

    bars = [one for one in option(html, "flows")["series"] if one["type"] == "bar"]
    net = {name: [0] * 7 for name in ("On trial", "Paying", "Lapsed")}
    for bar in bars:
        net[bar["name"]] = [a + b for a, b in zip(net[bar["name"]], bar["data"], strict=True)]
    states = {"On trial": "trial", "Paying": "paying", "Lapsed": "lapsed"}
    assert net == {
        name: [after[state] - before[state] for before, after in pairwise(levels)]
        for name, state in states.items()
    }


def test_the_same_state_has_the_same_colour_on_all_charts(page: Client) -> None:
    play(4)

    html = page.get(ADDRESS).content

    colours: dict[str, set[str]] = {}
    for key in ("series", "cumulative", "flows"):
        for one in option(html, key)["series"]:
            if one["name"]:
                colours.setdefault(one["name"], set()).add(one["itemStyle"]["color"])
    assert colours == {"On trial": {"$group-0"}, "Paying": {"$group-1"}, "Lapsed": {"$group-2"}}
    assert re.search(r'hw-tank hw-tone-1"><title>Paying', section(html, "diagram"))
    assert re.search(r"hw-mark-1[^>]*>[^P]*Paying", section(html, "levels"))


def test_two_years_of_days_are_drawn_by_the_week_and_stay_light(page: Client) -> None:
    write_counts("stage", range(700), {"trial": 10, "paying": 20, "lapsed": 5})

    response = page.get(ADDRESS)
    html = response.content

    assert len(html) < 300_000
    drawn = option(html, "series")["series"][1]["data"]
    assert 90 < len(drawn) <= 130
    assert [values(point)[1] for point in drawn][-1] == 10 + 699
    assert "at the last count of each week" in section(html, "series")
    table = section(html, "series")
    assert table.count("<tr>") == 61
    assert "All 101 moments as a table" in table
    assert section(html, "books").count("hw-book-page") == 6
    by_day = page.get(f"{ADDRESS}?step=daily").content
    assert len(option(by_day, "series")["series"][1]["data"]) == 700


def test_chosen_days_narrow_the_pictures_and_the_books(page: Client) -> None:
    write_counts("stage", range(60), {"trial": 10, "paying": 20, "lapsed": 5})

    html = page.get(f"{ADDRESS}?since=2025-01-11&until=2025-01-20").content

    drawn = option(html, "series")["series"][1]["data"]
    assert [values(point)[1] for point in drawn] == list(range(20, 30))
    assert "10 pages" in section(html, "books")
    assert (
        "Page 11, from"
        in page.get(f"{ADDRESS}?since=2025-01-11&until=2025-01-20&book=2").content.decode()
    )
    assert "Show everything" in html.decode()


def test_what_cannot_be_asked_for_is_said(page: Client) -> None:
    play(2)

    html = page.get(f"{ADDRESS}?since=yesterday&until=2026-02-30&step=never&only=colour:red")

    assertContains(html, "“yesterday” after “From” is no date")
    assertContains(html, "“2026-02-30” after “to” is no date")
    assertContains(html, "There is no step “never” here")
    assertContains(html, "There is no facet “colour” here that you may see")
    assertContains(
        page.get(f"{ADDRESS}?since=2026-03-05&until=2026-03-01"), "were taken the other way"
    )
    assert page.get(f"{ADDRESS}?part=colour").status_code == 404
    assert page.get(f"{ADDRESS}?book=never").status_code == 200


def test_often_chosen_days_reckon_from_the_last_count(page: Client) -> None:
    play(3)

    html = page.get(ADDRESS).content.decode()

    assert 'href="?since=2026-02-02">30 days</a>' in html
    assert 'href="?since=2025-03-04">1 year</a>' in html
    assert (
        '<b aria-current="true">30 days</b>'
        in page.get(f"{ADDRESS}?since=2026-02-02").content.decode()
    )


@pytest.mark.parametrize(
    ("parameter", "given", "sentence"),
    [
        ("periods", "99", "“99” is no number of periods from 1 to 24; the forecast is made for 6."),
        ("periods", "9" * 5000, "is no number of periods from 1 to 24"),
        ("moves-from", "soon", "“soon” as “moves-from” is no date such as 2026-03-31"),
        ("moves-to", "2026-99-99T00:00", "as “moves-to” is no date"),
        ("book", "never", "“never” is no page of the books; the newest ones are shown."),
        ("rate:trial:paying", "9", "“9” for the rate “trial → paying” is no factor from 0 to 3"),
        ("rate::trial", "nan", "“nan” for the rate “outside → trial” is no factor from 0 to 3"),
        ("rate::colour", "2", "There is no move “:colour” here, so its rate was left out"),
    ],
)
def test_what_a_section_cannot_do_is_said(
    page: Client, parameter: str, given: str, sentence: str
) -> None:
    play(2)

    response = page.get(ADDRESS, {parameter: given})

    (told,) = response.context["filters"].problems
    assert sentence in told
    assert sentence in response.content.decode()


def test_what_sections_can_do_is_not_odd(page: Client) -> None:
    play(2)
    asked = {"periods": "6", "moves-from": "2026-03-02", "moves-to": "", "book": "1"}
    asked |= {"rate:trial:paying": "0.5", "rate::trial": "3.0", "rate:lapsed:": "0"}

    assert page.get(ADDRESS, asked).context["filters"].problems == ()


def test_days_in_which_nothing_was_counted_are_said(page: Client) -> None:
    play(3)

    html = page.get(f"{ADDRESS}?since=2027-01-01").content

    assert "there is not one count" in section(html, "series")
    assert "there are not two counts" in section(html, "flows")
    assert "No page of the books was closed" in section(html, "books")


def test_missed_periods_are_gaps_and_late_counts_are_marked(page: Client) -> None:
    write_counts(
        "stage",
        [0, 1, 2, 5, 6, 7, 8, 9],
        {"trial": 10, "paying": 20, "lapsed": 5},
        backfilled=[6, 7],
    )

    html = page.get(ADDRESS).content

    line = option(html, "series")["series"][1]["data"]
    assert [values(point)[1] for point in line] == [10, 11, 12, None, None, 15, 16, 17, 18, 19]
    hollow = [point for point in line if isinstance(point, dict) and "itemStyle" in point]
    assert [point["value"][1] for point in hollow] == [16, 17]
    told = section(html, "series")
    assert "2 periods were not counted: the lines stop there." in told
    assert "2 counts were worked out from events afterwards: hollow points." in told
    assert told.count("not counted</td>") == 2
    carried = option(html, "series")["series"][0]["data"]
    assert "Not counted" in carried[3]["told"]
    assert "worked out from events" in carried[6]["told"]


def test_a_state_that_is_gone_is_retired_and_keeps_its_line(page: Client) -> None:
    play(2)
    Subscriber.objects.filter(stage="lapsed").update(stage="dormant")
    last = StockRecord.objects.latest("counted_at").counted_at
    count_stocks(as_of=last + dt.timedelta(days=1), only=["stage"])
    Subscriber.objects.filter(stage="dormant").update(stage="")
    count_stocks(as_of=last + dt.timedelta(days=2), only=["stage"])

    html = page.get(ADDRESS).content

    levels = section(html, "levels")
    assert re.search("Retired.*dormant", levels)
    names = [line["name"] for line in option(html, "series")["series"][1:]]
    assert names == ["On trial", "Paying", "Lapsed", "dormant"]
    assert "dormant: 0</title>" in section(html, "diagram")
    later = page.get(f"{ADDRESS}?since={(last + dt.timedelta(days=2)).date()}").content
    assert "dormant" not in section(later, "diagram")


def test_a_facet_narrows_levels_and_series(page: Client) -> None:
    play(3)

    html = page.get(f"{ADDRESS}?only=country:se").content

    there = {
        state: Subscriber.objects.filter(stage=state, country="se").count()
        for state in ("trial", "paying", "lapsed")
    }
    drawn = option(html, "series")["series"][1:]
    assert [values(line["data"][-1])[1] for line in drawn] == list(there.values())
    assert "only Country: se" in section(html, "series")
    assert f"{sum(there.values())} objects in all" in section(html, "levels")
    other = page.get(f"{ADDRESS}?only=country:").content
    assert "only Country: any other, or none" in section(other, "series")


def test_an_unknown_value_shows_all_objects(page: Client) -> None:
    play(2)

    html = page.get(f"{ADDRESS}?only=country:atlantis").content

    whole = page.get(ADDRESS).content
    assert "“atlantis” is no value of the facet “Country”" in html.decode()
    assert option(html, "series") == option(whole, "series")
    assert "only Country" not in section(html, "levels")


def test_a_value_that_only_earlier_counts_had_can_be_chosen(page: Client) -> None:
    play(2)
    records = StockFacetRecord.objects.filter(record__partition="stage", facet="country")
    records.filter(value="se").update(value="su")

    html = page.get(f"{ADDRESS}?only=country:su").content.decode()

    assert '<option value="country:su" selected>su (in earlier counts)</option>' in html
    assert '<option value="country:se">se</option>' in html
    assert "is no value of the facet" not in html
    assert "only Country: su" in section(html.encode(), "series")


def test_relabelled_moves_can_be_left_out(page: Client) -> None:
    play(3)
    record = FlowRecord.objects.filter(partition="stage", events__gt=0).latest("ended_at")
    assertNotContains(page.get(ADDRESS), "Leave relabelled moves out")
    FlowRecord.objects.filter(pk=record.pk).update(relabelled=record.events)

    def moves(address: str) -> int:
        bars = [one for one in option(page.get(address).content, "flows")["series"] if one["name"]]
        return sum(abs(number) for bar in bars for number in bar["data"])

    assertContains(page.get(ADDRESS), "Leave relabelled moves out")
    ends = sum(1 for end in (record.source, record.sink) if end)
    assert moves(ADDRESS) - moves(f"{ADDRESS}?relabelled=no") == ends * record.events


def test_single_stocks_have_lines_that_do_not_add_up(
    page: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = Stock("waiting", "Waiting", Ticket.objects.filter(is_answered=False))
    urgent = Stock("urgent", "Urgent", Ticket.objects.filter(priority=1))
    answering = Flow("answering", "Answering", sources=[waiting], sinks=[None])
    desk = Process("desk", "Desk", stocks=[waiting, urgent], flows=[answering])
    state_processes(monkeypatch, desk)
    Ticket.objects.create(priority=1)
    Ticket.objects.create(priority=2)
    noon = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
    for day in range(3):
        count_stocks(as_of=noon + dt.timedelta(days=day), only=["waiting", "urgent"])
        Ticket.objects.create(priority=1)
    FlowRecord.objects.filter(flow="answering").delete()
    for day, events in enumerate([4, 6]):
        at = noon + dt.timedelta(days=day)
        FlowRecord.objects.create(
            flow="answering",
            source="waiting",
            sink="",
            period="daily",
            period_start=at,
            started_at=at,
            ended_at=at + dt.timedelta(days=1),
            events=events,
        )

    html = page.get("/stocks/desk/").content

    drawn = option(html, "series")["series"][1:]
    assert {line["name"]: [values(point)[1] for point in line["data"]] for line in drawn} == {
        "Waiting": [2, 3, 4],
        "Urgent": [1, 2, 3],
    }
    assert not re.search(b'id="(cumulative|books|moves)"', html)
    assert "their levels do not add up" in section(html, "levels")
    assert "5 a day" in section(html, "diagram")
    assert "10 moves" in section(html, "flows")
    assert "2 objects" not in section(html, "levels").split("<table")[0]
    assertContains(page.get("/stocks/"), "<polyline", count=2)


def test_a_process_with_two_parts_has_a_tab_for_each(
    page: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_country = Partition("by-country", Subscriber, "country", name="By country")
    both = Process("both", "Both ways", stocks=[stage, by_country], description="Two looks.")
    state_processes(monkeypatch, both, partitions=(stage, by_country))
    play(2)
    count_stocks(only=["by-country"])

    first = page.get("/stocks/both/").content.decode()
    second = page.get("/stocks/both/?part=by-country").content.decode()

    assert "Two looks." in first
    assert 'href="?part=by-country"' in first
    assert ("Paying" in first, "Paying" in second) == (True, False)
    assert 'href="?part=by-country" aria-current="page"' in second
    assert 'name="part" value="by-country"' in second
    assert "/stocks/both/series.csv?part=by-country" in second


def test_names_are_escaped(page: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    odd = Partition(
        "odd",
        Subscriber,
        "country",
        name="<b>odd</b>",
        names={"no": "<script>alert(1)</script>"},
        facets=[Facet("stage", "<i>", "stage", ["<u>"])],
    )
    state_processes(monkeypatch, Process("odd", "<em>Odd</em>", stocks=[odd]), partitions=(odd,))
    Subscriber.objects.create(country="no")
    Subscriber.objects.create(country="<hr>")
    count_stocks(only=["odd"])

    for address in ("/stocks/", "/stocks/odd/"):
        html = page.get(address).content.decode()
        for tag in ("<b>odd", "<script>alert", "<i>", "<u>", "<em>", "<hr>"):
            assert tag not in html, (address, tag)


def test_count_now_is_queued_once_in_a_period(page: Client, analyst: User) -> None:
    Subscriber.objects.create(stage="trial")

    first = page.post(f"{ADDRESS}count/", follow=True)

    assertContains(first, "Counting “Subscribers by stage” is queued.")
    assert StockRecord.objects.get(stock="trial").count == 1
    assertContains(first, "Counted in this period already")
    assert "disabled aria-describedby" in first.content.decode()
    second = page.post(f"{ADDRESS}count/", follow=True)
    assertContains(second, "was counted already in this period, so nothing was queued")
    assert StockRecord.objects.filter(stock="trial").count() == 1


def test_count_now_needs_a_token_and_the_permission(analyst: User, make_user: Any) -> None:
    guarded = Client(enforce_csrf_checks=True)
    guarded.force_login(analyst)
    assert guarded.post(f"{ADDRESS}count/").status_code == 403

    reader = Client()
    reader.force_login(make_user("reader", "view_subscriber"))
    html = reader.get(ADDRESS)
    assertContains(html, "headwater_stockandflow.add_stockrecord")
    assert reader.post(f"{ADDRESS}count/").status_code == 403
    assert not StockRecord.objects.exists()

    counter = Client()
    counter.force_login(make_user("counter", "view_subscriber", "add_stockrecord"))
    assert counter.post(f"{ADDRESS}count/").status_code == 302
    assert StockRecord.objects.exists()


def test_the_next_count_is_said_in_the_time_of_the_project(page: Client) -> None:
    Subscriber.objects.create(stage="trial")
    count_stocks(only=["stage"])

    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    assertContains(page.get(ADDRESS), f"The next is due at 00:00, {tomorrow.day} {tomorrow:%B %Y}.")


def test_records_that_nobody_states_do_no_harm(page: Client) -> None:
    write_counts("gone", range(3), {"a": 1}, begin=MIDNIGHT)

    assert page.get("/stocks/gone/").status_code == 404
    html = page.get("/stocks/").content.decode()
    found = re.search(r'<section class="card" id="retired".*?</section>', html, re.S)
    assert found is not None
    assert '<code>balance("gone")</code>' in found.group(0)
    assert "a: 3" in found.group(0)
    assert '<time datetime="2025-01-03T02:00:00' in found.group(0)


def test_only_who_may_see_all_records_sees_what_is_retired(client: Client, make_user: Any) -> None:
    write_counts("gone", range(3), {"a": 1}, begin=MIDNIGHT)

    client.force_login(make_user("reader", "view_subscriber"))
    assertNotContains(client.get("/stocks/"), "Retired")
    client.force_login(make_user("keeper", "view_stockrecord"))
    assertContains(client.get("/stocks/"), "Its records and its books are kept")
