"""Feed: the line of a stock as JSON, for programs that have a token."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.utils.formats import date_format
from django.views.decorators.csrf import csrf_exempt

from headwater.stockandflow.definitions import Partition, Stock
from headwater.stockandflow.errors import StockAndFlowError
from headwater.stockandflow.find import (
    find_facet,
    find_stock_or_partition,
    may_view,
    view_permission,
)
from headwater.stockandflow.line import Lines, lines_of
from headwater.stockandflow.models import FeedToken
from headwater.stockandflow.split import value_text
from headwater.stockandflow.tokens import find_token, opens

PERIODS = 100
MOST_PERIODS = 1000


class _RefusedError(Exception):
    """The answer is a sentence."""

    def __init__(self, status: HTTPStatus, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


@csrf_exempt  # nothing is written, and no session is asked
@login_not_required  # a token opens it, nobody signs in
def feed(request: HttpRequest, slug: str) -> JsonResponse:
    """Return the line of the stock or partition ``slug`` to a program that has a token for it.

    The token comes as ``Authorization: Bearer …``, as the user name of ``Authorization: Basic …``,
    or as ``?token=``. ``?facet=`` and ``?value=`` narrow the objects down, ``?periods=`` says how
    many counts are asked for, ``?shape=`` the shape. What cannot be answered is a JSON object with
    an ``error``, a sentence.
    """
    try:
        answer = _answer(request, slug)
    except _RefusedError as refused:
        answer = JsonResponse({"error": str(refused)}, status=refused.status)
        if refused.status == HTTPStatus.UNAUTHORIZED:
            answer.headers["WWW-Authenticate"] = "Bearer"
        if refused.status == HTTPStatus.METHOD_NOT_ALLOWED:
            answer.headers["Allow"] = "GET, HEAD"
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["Vary"] = "Authorization"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def _answer(request: HttpRequest, slug: str) -> JsonResponse:
    if request.method not in ("GET", "HEAD"):
        raise _RefusedError(
            HTTPStatus.METHOD_NOT_ALLOWED,
            f"A feed is only read: {request.method} does nothing here. Use GET.",
        )
    token = _token(request)
    what = _opened(token, slug)
    facet = request.GET.get("facet") or None
    value = request.GET.get("value", "")
    shape = _shape(request)
    if facet is not None:
        _check_value(what, facet, value)
    elif value:
        raise _RefusedError(
            HTTPStatus.BAD_REQUEST, f"The value “{value}” is of no facet. Add facet=…."
        )
    try:
        lines = lines_of(what, facet=facet, value=value, counts=_periods(request))
    except StockAndFlowError as error:
        raise _RefusedError(HTTPStatus.NOT_FOUND, str(error)) from None
    answer = shape(what, lines)
    if facet is not None and shape is _plain:
        answer |= {"facet": facet, "value": value}
    return JsonResponse(answer)


def _token(request: HttpRequest) -> FeedToken:
    plain = _secret(request)
    if not plain:
        raise _RefusedError(
            HTTPStatus.UNAUTHORIZED,
            "This feed needs a token. Send it as “Authorization: Bearer …”, or add ?token=….",
        )
    token = find_token(plain)
    if token is None:
        raise _RefusedError(HTTPStatus.UNAUTHORIZED, "There is no such token.")
    if token.revoked_at is not None:
        raise _RefusedError(
            HTTPStatus.UNAUTHORIZED,
            f"The token “{token}” was revoked on {date_format(token.revoked_at, 'j F Y')}. "
            "Ask for a new one.",
        )
    return token


def _secret(request: HttpRequest) -> str:
    scheme, _, given = request.headers.get("Authorization", "").strip().partition(" ")
    if scheme.lower() == "bearer":
        return given.strip()
    if scheme.lower() == "basic":  # dashboards send what they call an API key as a user name
        try:
            return base64.b64decode(given, validate=True).decode().partition(":")[0]
        except (binascii.Error, UnicodeDecodeError):
            return ""
    return request.GET.get("token", "")


def _opened(token: FeedToken, slug: str) -> Stock | Partition:
    """Return what ``slug`` names, where the token is for it and its owner may still view it."""
    closed = _RefusedError(
        HTTPStatus.FORBIDDEN, f"The token “{token}” does not open the feed of “{slug}”."
    )
    try:
        what = find_stock_or_partition(slug)
    except StockAndFlowError as error:
        if token.stock == slug or token.partition == slug.partition(".")[0]:
            raise _RefusedError(HTTPStatus.NOT_FOUND, str(error)) from None
        raise closed from None  # who has no token for it need not learn what there is
    if not opens(token, what):
        raise closed
    if not token.owner.is_active:
        raise _RefusedError(
            HTTPStatus.FORBIDDEN,
            f"The token “{token}” opens nothing any more: who asked for it has left this site.",
        )
    if not may_view(token.owner, what.model):
        raise _RefusedError(
            HTTPStatus.FORBIDDEN,
            f"The token “{token}” opens nothing any more: who asked for it has no permission "
            f"“{view_permission(what.model)}”.",
        )
    return what


def _check_value(what: Stock | Partition, facet: str, value: str) -> None:
    try:
        values = [value_text(one) for one in find_facet(what, facet).facet.current_values()]
    except StockAndFlowError as error:
        raise _RefusedError(HTTPStatus.BAD_REQUEST, str(error)) from None
    if value not in (*values, ""):
        known = ", ".join(f"“{one}”" for one in values) or "none"
        raise _RefusedError(
            HTTPStatus.BAD_REQUEST,
            f"The facet “{facet}” has no value “{value}”. It has: {known}; an empty one is any "
            "other value, or none.",
        )


def _periods(request: HttpRequest) -> int:
    given = request.GET.get("periods") or str(PERIODS)
    if not (given.isascii() and given.isdecimal() and 1 <= int(given[:5]) <= MOST_PERIODS):
        raise _RefusedError(
            HTTPStatus.BAD_REQUEST,
            f"periods is “{given}”; it must be a whole number from 1 to {MOST_PERIODS}.",
        )
    return int(given)


Shape = Callable[[Stock | Partition, Lines], dict[str, Any]]


def _shape(request: HttpRequest) -> Shape:
    shapes: dict[str, Shape] = {
        "": _plain,
        "geckoboard": _geckoboard,
        "geckoboard-classic": _geckoboard_classic,
    }
    given = request.GET.get("shape", "")
    if given not in shapes:
        raise _RefusedError(
            HTTPStatus.BAD_REQUEST,
            f"There is no shape “{given}”. There are: "
            f"{', '.join(f'“{one}”' for one in shapes if one)}; without one, the feed's own.",
        )
    return shapes[given]


def _plain(what: Stock | Partition, lines: Lines) -> dict[str, Any]:
    """Return the feed's own shape: ``null`` where a period was missed."""
    answer: dict[str, Any] = {
        "slug": what.slug,
        "name": str(what),
        "period": lines.period or None,
        "moments": [moment.isoformat() for moment in lines.moments],
        "backfilled": list(lines.backfilled),
        "labels": list(lines.labels),
    }
    if isinstance(what, Stock):
        (line,) = lines.lines
        return answer | {"colour": line.colour, "points": list(line.counts)}
    return answer | {
        "stocks": [
            {
                "slug": line.slug,
                "name": line.name,
                "colour": line.colour,
                "points": list(line.counts),
            }
            for line in lines.lines
        ]
    }


def _counted(lines: Lines) -> list[int]:
    """Return the places that were counted for every line: dashboards take no gap in a line."""
    return [
        place
        for place in range(len(lines.moments))
        if all(line.counts[place] is not None for line in lines.lines)
    ]


def _geckoboard(what: Stock | Partition, lines: Lines) -> dict[str, Any]:
    """Return the shape of a custom line chart: series over dates. It chooses its own colours."""
    places = _counted(lines)
    return {
        "x_axis": {"type": "datetime", "labels": [lines.labels[place] for place in places]},
        "series": [
            {"name": line.name, "data": [line.counts[place] for place in places]}
            for line in lines.lines
        ],
    }


def _geckoboard_classic(what: Stock | Partition, lines: Lines) -> dict[str, Any]:
    """Return the older shape: one line, a few labels spread over each axis, and a colour."""
    if isinstance(what, Partition):
        raise _RefusedError(
            HTTPStatus.BAD_REQUEST,
            "The shape “geckoboard-classic” has one line, and “"
            f"{what.slug}” has several stocks. Ask for one, as “{what.slug}.…”, or use "
            "shape=geckoboard.",
        )
    (line,) = lines.lines
    places = _counted(lines)
    counts = [count for place in places if (count := line.counts[place]) is not None]
    ends = sorted({0, len(places) // 2, len(places) - 1}) if places else []
    return {
        "item": counts,
        "settings": {
            "axisx": [lines.labels[places[place]] for place in ends],
            "axisy": sorted({min(counts), max(counts)}) if counts else [],
            "colour": line.colour.removeprefix("#"),
        },
    }
