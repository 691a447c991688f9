"""Feed: the line of a stock for other programs, and the tokens that open it."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from headwater.stockandflow import Stock, count_stocks
from headwater.stockandflow.errors import StockAndFlowError
from headwater.stockandflow.models import FeedToken
from headwater.stockandflow.tokens import digest_of, find_token, issue_token, revoke
from tests.stockapp.models import Subscriber

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = timedelta(days=1)
PAYING = "/feeds/stage.paying/line/"


@pytest.fixture
def owner() -> User:
    user = User.objects.create_user("owner")
    user.user_permissions.add(Permission.objects.get(codename="view_subscriber"))
    return user


@pytest.fixture
def secret(owner: User) -> str:
    return issue_token("Hall screen", owner, "stage", "paying")[1]


def counted(*days: int) -> None:
    """Count on ``days`` after a Monday; each time one more is paying, and lives in Norway."""
    for day in days:
        Subscriber.objects.create(stage="paying", country="no")
        count_stocks(MONDAY + day * DAY, only=["stage"])


def get(client: Client, secret: str, address: str = PAYING, **query: Any) -> Any:
    return client.get(address, query, headers={"Authorization": f"Bearer {secret}"})


def test_the_line_of_a_stock_has_points_labels_and_a_colour(client: Client, secret: str) -> None:
    Subscriber.objects.create(stage="paying", country="se")
    counted(0, 1, 3)
    response = get(client, secret)
    assert response.status_code == 200
    assert response.json() == {
        "slug": "stage.paying",
        "name": "Paying",
        "period": "daily",
        "moments": [
            "2026-03-02T09:00:00+00:00",
            "2026-03-03T09:00:00+00:00",
            "2026-03-04T00:00:00+00:00",
            "2026-03-05T09:00:00+00:00",
        ],
        "backfilled": [False] * 4,
        "labels": ["2026-03-02", "2026-03-03", "2026-03-04", "2026-03-05"],
        "colour": "#e69f00",
        "points": [2, 3, None, 4],
    }
    assert response.headers["Cache-Control"] == "private, no-store"
    assert response.headers["Content-Type"] == "application/json"


def test_it_can_be_narrowed_to_a_value_and_to_the_last_counts(client: Client, secret: str) -> None:
    Subscriber.objects.create(stage="paying", country="se")
    counted(0, 1, 2)
    answer = get(client, secret, facet="country", value="no", periods=2).json()
    assert (answer["facet"], answer["value"]) == ("country", "no")
    assert (answer["points"], answer["labels"]) == ([2, 3], ["2026-03-03", "2026-03-04"])
    assert get(client, secret, facet="country", value="").json()["points"] == [0, 0, 0]
    assert get(client, secret, periods=1).json()["points"] == [4]


def test_a_partition_has_the_lines_of_its_stocks(client: Client, owner: User) -> None:
    _, secret = issue_token("All", owner, "stage")
    counted(0)
    Subscriber.objects.create(stage="guest")
    counted(1)
    answer = get(client, secret, "/feeds/stage/line/").json()
    assert [(one["slug"], one["name"], one["points"]) for one in answer["stocks"]] == [
        ("stage.trial", "On trial", [0, 0]),
        ("stage.paying", "Paying", [1, 2]),
        ("stage.lapsed", "Lapsed", [0, 0]),
        ("stage.guest", "guest", [0, 1]),
    ]
    assert len({one["colour"] for one in answer["stocks"]}) == 4
    assert get(client, secret).json()["colour"] == answer["stocks"][1]["colour"]
    assert get(client, secret, "/feeds/stage.guest/line/").json()["points"] == [0, 1]
    response = get(client, secret, "/feeds/stage.gest/line/")
    assert response.status_code == 404
    assert "There is no stock “stage.gest”" in response.json()["error"]


def test_a_single_stock_has_a_line(
    client: Client, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    big = Stock("big", "Big", Subscriber.objects.filter(score__gt=5))
    monkeypatch.setattr("headwater.stockandflow.find.all_stocks", lambda: [big])
    monkeypatch.setattr("headwater.stockandflow.analysis.series.all_stocks", lambda: [big])
    monkeypatch.setattr("headwater.stockandflow.count.all_stocks", lambda: [big])
    Subscriber.objects.create(score=7)
    count_stocks(MONDAY, only=["big"])
    _, secret = issue_token("Big", owner, stock="big")
    answer = get(client, secret, "/feeds/big/line/").json()
    assert (answer["slug"], answer["points"], answer["colour"]) == ("big", [1], "#0072b2")


def test_nothing_counted_is_an_empty_line(client: Client, secret: str) -> None:
    answer = get(client, secret).json()
    assert (answer["period"], answer["points"], answer["labels"]) == (None, [], [])
    assert get(client, secret, shape="geckoboard").json() == {
        "x_axis": {"type": "datetime", "labels": []},
        "series": [{"name": "Paying", "data": []}],
    }
    assert get(client, secret, shape="geckoboard-classic").json() == {
        "item": [],
        "settings": {"axisx": [], "axisy": [], "colour": "e69f00"},
    }


def test_shapes_of_a_dashboard_leave_out_what_was_not_counted(
    client: Client, owner: User, secret: str
) -> None:
    counted(0, 1, 3)
    assert get(client, secret, shape="geckoboard").json() == {
        "x_axis": {"type": "datetime", "labels": ["2026-03-02", "2026-03-03", "2026-03-05"]},
        "series": [{"name": "Paying", "data": [1, 2, 3]}],
    }
    assert get(client, secret, shape="geckoboard-classic").json() == {
        "item": [1, 2, 3],
        "settings": {
            "axisx": ["2026-03-02", "2026-03-03", "2026-03-05"],
            "axisy": [1, 3],
            "colour": "e69f00",
        },
    }
    _, whole = issue_token("All", owner, "stage")
    series = get(client, whole, "/feeds/stage/line/", shape="geckoboard").json()["series"]
    assert {one["name"]: one["data"] for one in series} == {
        "On trial": [0, 0, 0],
        "Paying": [1, 2, 3],
        "Lapsed": [0, 0, 0],
    }
    response = get(client, whole, "/feeds/stage/line/", shape="geckoboard-classic")
    assert (response.status_code, "has one line" in response.json()["error"]) == (400, True)


def test_a_token_comes_in_the_header_or_the_address(client: Client, secret: str) -> None:
    assert client.get(PAYING, {"token": secret}).status_code == 200
    basic = base64.b64encode(f"{secret}:X".encode()).decode()
    assert client.get(PAYING, headers={"Authorization": f"Basic {basic}"}).status_code == 200
    for wrong in ("Basic !!", "Basic /w==", "Bearer ", "Digest x", f"Bearer {secret}x"):
        response = client.get(PAYING, headers={"Authorization": wrong})
        assert response.status_code == 401
        assert response.headers["WWW-Authenticate"] == "Bearer"
        assert response.json()["error"].endswith(".")


def test_only_a_digest_of_the_secret_is_kept(owner: User) -> None:
    token, plain = issue_token("Hall screen", owner, "stage")
    other, _ = issue_token("Hall screen", owner, "stage")
    assert len(plain) >= 43
    assert token.digest == digest_of(plain) != other.digest
    assert plain not in str(FeedToken.objects.filter(pk=token.pk).values().get())
    assert find_token(plain) == token
    assert find_token(token.digest) is None


def test_a_revoked_token_opens_nothing(client: Client, secret: str) -> None:
    token = FeedToken.objects.get()
    revoke(token)
    first = token.revoked_at
    revoke(token)
    assert token.revoked_at == first is not None
    response = get(client, secret)
    assert response.status_code == 401
    assert "“Hall screen” was revoked on" in response.json()["error"]


def test_a_token_opens_what_it_is_for(client: Client, owner: User, secret: str) -> None:
    for slug in ("stage.trial", "stage", "place", "nothing", "ticket-status.new"):
        response = get(client, secret, f"/feeds/{slug}/line/")
        assert response.status_code == 403
        assert response.json() == {
            "error": f"The token “Hall screen” does not open the feed of “{slug}”."
        }


@pytest.mark.parametrize("is_active", [True, False])
def test_its_owner_must_still_be_there_and_may_view(
    client: Client, owner: User, secret: str, is_active: bool
) -> None:
    assert get(client, secret).status_code == 200
    if is_active:
        owner.user_permissions.clear()
    else:
        User.objects.update(is_active=False)
    response = get(client, secret)
    assert response.status_code == 403
    expected = "no permission “stockapp.view_subscriber”" if is_active else "has left this site"
    assert expected in response.json()["error"]


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"periods": "0"}, "periods is “0”"),
        ({"periods": "1001"}, "periods is “1001”"),
        ({"periods": "-3"}, "periods is “-3”"),
        ({"periods": "9" * 30}, "whole number from 1 to 1000"),
        ({"periods": "many"}, "periods is “many”"),
        ({"facet": "hat"}, "has no facet “hat”"),
        ({"facet": "country", "value": "dk"}, "has no value “dk”"),
        ({"value": "no"}, "is of no facet"),
        ({"shape": "round"}, "There is no shape “round”"),
    ],
)
def test_what_cannot_be_answered_is_said(
    client: Client, secret: str, query: dict[str, str], sentence: str
) -> None:
    response = get(client, secret, **query)
    assert response.status_code == 400
    assert sentence in response.json()["error"]


def test_a_feed_is_only_read(client: Client, secret: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    for method in ("post", "put", "delete", "patch"):
        response = getattr(strict, method)(PAYING, headers={"Authorization": f"Bearer {secret}"})
        assert (response.status_code, response.headers["Allow"]) == (405, "GET, HEAD")
        assert "only read" in response.json()["error"]
    assert client.head(PAYING, headers={"Authorization": f"Bearer {secret}"}).status_code == 200
    with CaptureQueriesContext(connection) as queries:
        get(client, secret)
    said = " ".join(one["sql"] for one in queries)
    assert "SELECT" in said
    assert not any(word in said for word in ("INSERT", "UPDATE", "DELETE"))


def test_it_takes_as_many_queries_for_many_counts(client: Client, owner: User) -> None:
    _, secret = issue_token("All", owner, "stage")
    taken = []
    for days in ((0, 1), range(2, 9)):
        counted(*days)
        with CaptureQueriesContext(connection) as queries:
            answer = get(client, secret, "/feeds/stage/line/", facet="country", value="no")
        assert answer.status_code == 200
        taken.append(len(queries))
    assert taken[0] == taken[1] <= 12


@pytest.mark.parametrize(
    ("name", "partition", "stock", "sentence"),
    [
        (" ", "stage", "", "needs a name"),
        ("Hall\x00screen", "stage", "", "control character"),
        ("x", "", "", "is for one stock"),
        ("x", "colours", "", "No partition “colours”"),
        ("x", "", "big", "no stock “big”"),
        ("x", "ticket-status", "new", "“stockapp.view_ticket”"),
    ],
)
def test_a_token_is_for_something_that_its_owner_may_view(
    owner: User, name: str, partition: str, stock: str, sentence: str
) -> None:
    with pytest.raises(StockAndFlowError, match=sentence):
        issue_token(name, owner, partition, stock)
