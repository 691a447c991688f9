"""The metrics endpoint counts a view once, and refuses everything else with a sentence."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import User
from django.core import signing
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from headwater_demo.smartdjango.allowance import take
from headwater_demo.smartdjango.forget import forget_visits
from headwater_demo.smartdjango.models import Account, Allowance, UserInfo, Visit
from headwater_demo.smartdjango.token import SALT, make_token, read_token

pytestmark = [pytest.mark.django_db, pytest.mark.urls("headwater_demo.urls")]

METRICS = "/smartdjango/metrics/"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def user_info(admin: User) -> UserInfo:
    return UserInfo.objects.get(account__user=admin)


@pytest.fixture
def token(admin: User, user_info: UserInfo, long_ago: Any) -> str:
    """The token of a page of type A that was opened a minute ago."""
    with long_ago(60):
        return make_token(account=admin.pk, user_info=user_info.pk, page_type="A")


@pytest.fixture
def tell(client: Client, admin: User, token: str) -> Callable[..., HttpResponse]:
    client.force_login(admin)

    def tell(**sent: str) -> Any:
        body = {"token": token, "number": "1", "seconds": "12.5"} | sent
        return client.post(METRICS, urlencode(body), content_type=FORM)

    return tell


def sentence(response: Any) -> str:
    assert response.headers["Content-Type"].startswith("text/plain")
    return str(response.content.decode())


def unchanged(user_info: UserInfo) -> bool:
    before = (user_info.avg_time_pages, user_info.visits_pages, user_info.visits_pages_a)
    user_info.refresh_from_db()
    now = (user_info.avg_time_pages, user_info.visits_pages, user_info.visits_pages_a)
    return now == before and not Visit.objects.exists()


def test_a_view_moves_the_means_and_counts(tell: Callable[..., Any], user_info: UserInfo) -> None:
    response = tell()
    assert (response.status_code, response.content) == (204, b"")

    now = UserInfo.objects.get(pk=user_info.pk)
    n, mean = user_info.visits_pages_a, user_info.avg_time_pages_a
    assert now.visits_pages_a == n + 1
    assert now.avg_time_pages_a == pytest.approx((n * mean + 12.5) / (n + 1), rel=1e-12)
    n, mean = user_info.visits_pages, user_info.avg_time_pages
    assert now.visits_pages == n + 1
    assert now.avg_time_pages == pytest.approx((n * mean + 12.5) / (n + 1), rel=1e-12)
    assert now.visits_pages_b == user_info.visits_pages_b
    assert now.avg_time_pages_b == user_info.avg_time_pages_b
    visit = Visit.objects.get()
    assert (visit.user_info, visit.page_type, visit.seconds) == (now, "A", 12.5)


def test_the_same_view_counts_once(tell: Callable[..., Any], user_info: UserInfo) -> None:
    assert tell().status_code == 204
    again = tell(seconds="20")
    assert again.status_code == 409
    assert "counted already" in sentence(again)
    assert UserInfo.objects.get(pk=user_info.pk).visits_pages == user_info.visits_pages + 1

    # The tab was hidden, and came back: that is another view.
    assert tell(number="2").status_code == 204
    assert UserInfo.objects.get(pk=user_info.pk).visits_pages == user_info.visits_pages + 2


@pytest.mark.parametrize(
    ("sent", "status", "words"),
    [
        ({"seconds": "0"}, 400, "it takes a number of at least 0.1"),
        ({"seconds": "-3"}, 400, "it takes a number of at least 0.1"),
        ({"seconds": "nan"}, 400, "it takes a number of at least 0.1"),
        ({"seconds": "inf"}, 400, "it takes a number of at least 0.1"),
        ({"seconds": ""}, 400, "it takes a number of at least 0.1"),
        ({"seconds": "a while"}, 400, "“a while”"),
        ({"seconds": "1e300"}, 400, "it takes a number of at least 0.1"),
        ({"seconds": "1_0"}, 400, "it takes a number of at least 0.1"),
        ({"seconds": "0.01"}, 400, "it takes a number of at least 0.1"),
        ({"seconds": "3601"}, 422, "longer than 3,600 s is not counted"),
        ({"seconds": "90"}, 422, "but the page is only 6"),
        ({"number": ""}, 400, "it takes a whole number"),
        ({"number": "0"}, 400, "from 1 to 100"),
        ({"number": "101"}, 400, "from 1 to 100"),
        ({"number": "-1"}, 400, "it takes a whole number"),
        ({"number": "٣"}, 400, "it takes a whole number"),
        ({"number": "99999999999"}, 400, "it takes a whole number"),
        ({"token": ""}, 403, "not one that this site has made"),
        ({"token": "a:b:c"}, 403, "not one that this site has made"),
    ],
)
def test_what_does_not_fit_is_refused(
    tell: Callable[..., Any], user_info: UserInfo, sent: dict[str, str], status: int, words: str
) -> None:
    response = tell(**sent)
    assert response.status_code == status
    assert words in sentence(response)
    assert unchanged(user_info)


@pytest.mark.parametrize("page_type", ["K", "a", "AB", ""])
def test_types_are_a_to_j(tell: Callable[..., Any], admin: User, page_type: str) -> None:
    response = tell(token=make_token(account=admin.pk, user_info=1, page_type=page_type))
    assert response.status_code == 403
    assert f"no pages of type “{page_type}”" in sentence(response)


def test_a_changed_token_is_refused(
    tell: Callable[..., Any], token: str, user_info: UserInfo
) -> None:
    swapped = token.swapcase()
    assert tell(token=swapped).status_code == 403
    # Signed with our key, but for another purpose.
    other = signing.dumps(["0" * 32, 1, user_info.pk, "A"], salt="something else")
    assert tell(token=other).status_code == 403
    # Ours, but of another shape.
    assert tell(token=signing.dumps({"page_type": "A"}, salt=SALT)).status_code == 403
    assert tell(token=signing.dumps([1, 2, 3, 4], salt=SALT)).status_code == 403
    assert unchanged(user_info)


def test_an_old_token_is_refused(
    tell: Callable[..., Any], admin: User, user_info: UserInfo, long_ago: Any
) -> None:
    with long_ago(6 * 3600 + 10):
        old = make_token(account=admin.pk, user_info=user_info.pk, page_type="A")
    response = tell(token=old)
    assert response.status_code == 403
    assert "opened more than 6 hours ago" in sentence(response)
    assert unchanged(user_info)


def test_a_token_of_somebody_else_is_refused(
    client: Client, token: str, stranger: User, user_info: UserInfo
) -> None:
    client.force_login(stranger)
    body = f"token={token}&number=1&seconds=3"
    response = client.post(METRICS, body, content_type=FORM)
    assert response.status_code == 403
    assert "made for somebody else" in sentence(response)
    client.logout()
    response = client.post(METRICS, body, content_type=FORM)
    assert response.status_code == 403
    assert "Nobody is signed in" in sentence(response)
    assert unchanged(user_info)


def test_a_view_of_a_user_who_is_gone(tell: Callable[..., Any], user_info: UserInfo) -> None:
    Account.objects.update(user_info=None)
    user_info.delete()
    response = tell()
    assert response.status_code == 410
    assert "does not exist any more" in sentence(response)


@pytest.mark.parametrize("method", ["get", "head", "put", "patch", "delete", "options"])
def test_only_post(client: Client, admin: User, method: str) -> None:
    client.force_login(admin)
    response = getattr(client, method)(METRICS)
    assert response.status_code == 405
    assert response.headers["Allow"] == "POST"


def test_a_large_body_is_not_read(client: Client, admin: User, user_info: UserInfo) -> None:
    client.force_login(admin)
    for body in ("seconds=1&token=" + "x" * 2_000, ""):
        response = client.post(METRICS, body, content_type=FORM)
        assert response.status_code == 413
        assert "2,000 bytes" in sentence(response)
    assert unchanged(user_info)


def test_only_a_form_is_taken(client: Client, admin: User) -> None:
    client.force_login(admin)
    response = client.post(METRICS, '{"seconds": 1}', content_type="application/json")
    assert response.status_code == 415


def test_no_more_than_so_many_in_a_minute(
    tell: Callable[..., Any], settings: Any, user_info: UserInfo
) -> None:
    settings.SMARTDJANGO_VIEWS_PER_MINUTE = 3
    # A refused view uses nothing up.
    assert tell(seconds="-1").status_code == 400
    answers = [tell(number=str(number)) for number in range(1, 6)]
    # The minute may end in between, and begin a new allowance.
    counted = [answer.status_code for answer in answers].count(204)
    assert 3 <= counted <= 5
    assert counted == Visit.objects.count()
    Allowance.objects.update(used=3, started_at=timezone.now() + timedelta(minutes=1))
    response = tell(number="10")
    assert response.status_code == 429
    assert "More than 3 views came within a minute" in sentence(response)
    assert Visit.objects.count() == counted


def test_an_allowance_begins_anew(admin: User) -> None:
    def take_one() -> bool:
        return take(admin.pk, "views", limit=2, seconds=3600)

    first = [take_one() for _ in range(3)]
    if first != [True, True, False]:  # the hour has just begun
        first = [take_one() for _ in range(2)]
        assert first == [True, False]
    earlier = timezone.now() - timedelta(hours=2)
    Allowance.objects.update(started_at=earlier)
    assert take_one()
    assert Allowance.objects.get().used == 1
    # One purpose, and one person, does not use up another's.
    assert take(admin.pk, "new users", limit=1, seconds=3600)


def test_the_page_carries_a_good_token(client: Client, admin: User, user_info: UserInfo) -> None:
    client.force_login(admin)
    tokens = set()
    for _ in range(2):
        page = client.get("/smartdjango/pages/C/five-quiet-kettles/").content.decode()
        found = re.search(r'data-token="([^"]+)"', page)
        assert found is not None
        said = read_token(found[1])
        assert (said.account, said.user_info, said.page_type) == (admin.pk, user_info.pk, "C")
        tokens.add(said.view)
    assert len(tokens) == 2


def test_old_visits_are_forgotten(tell: Callable[..., Any]) -> None:
    tell()
    assert forget_visits() == 0
    Visit.objects.update(counted_at=timezone.now() - timedelta(hours=13))
    assert forget_visits() == 1
    assert not Visit.objects.exists()
