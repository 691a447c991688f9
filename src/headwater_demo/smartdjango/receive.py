"""Receive what a page tells about one view of it: check it, remember it, put it to the metrics."""

from __future__ import annotations

import re

from django.core import signing
from django.db import IntegrityError, router, transaction
from django.utils import timezone

from headwater_demo.smartdjango import pipeline
from headwater_demo.smartdjango.allowance import take
from headwater_demo.smartdjango.conf import settings
from headwater_demo.smartdjango.models import UserInfo, Visit
from headwater_demo.smartdjango.token import TokenError, ViewToken, read_token

VIEWS_OF_A_PAGE_LOAD = 100
"""A tab that comes back from hiding begins a new view, so often at most."""
SHORTEST_VIEW = 0.1
"""Seconds; a page is told to keep shorter looks to itself."""
_SECONDS = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?", re.ASCII)
CLOCK_SLACK = 5.0
"""Seconds by which a page's clock may run ahead of the server's."""


class Refused(ValueError):  # noqa: N818
    """A view that is not counted; ``status`` is HTTP's, the sentence says why."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


def receive(account: int, *, token: str, number: str, seconds: str) -> Visit:
    """Return the visit, counted; ``account`` is the primary key of who is signed in.

    The three texts are as the page sent them. Raises ``Refused``; nothing is counted then.
    """
    try:
        said = read_token(token)
    except TokenError as error:
        raise Refused(403, str(error)) from None
    if said.account != account:
        raise Refused(403, "The page was made for somebody else. Load it again.")
    view_number = _number(number)
    time = _seconds(seconds, age=_age(token))
    if not take(account, "views", limit=settings().SMARTDJANGO_VIEWS_PER_MINUTE, seconds=60):
        raise Refused(
            429,
            f"More than {settings().SMARTDJANGO_VIEWS_PER_MINUTE} views came within a minute. "
            "This one is not counted.",
        )
    visit = _remember(said, view_number, time)
    pipeline.process(visit)
    return visit


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 4):
        raise Refused(400, f"“number” was “{text[:40]}”; it takes a whole number.")
    number = int(text)
    if not 1 <= number <= VIEWS_OF_A_PAGE_LOAD:
        raise Refused(
            400, f"“number” was {number}; it takes a number from 1 to {VIEWS_OF_A_PAGE_LOAD}."
        )
    return number


def _seconds(text: str, *, age: float) -> float:
    longest = settings().SMARTDJANGO_LONGEST_VIEW
    if not _SECONDS.fullmatch(text) or float(text) < SHORTEST_VIEW:
        raise Refused(
            400,
            f"“seconds” was “{text[:40]}”; it takes a number of at least {SHORTEST_VIEW:g}, such "
            "as 12.5.",
        )
    seconds = float(text)
    if seconds > longest:
        raise Refused(
            422, f"The view took {seconds:,.0f} s; longer than {longest:,} s is not counted."
        )
    if seconds > age + CLOCK_SLACK:
        raise Refused(
            422, f"The view took {seconds:,.0f} s, but the page is only {age:,.0f} s old."
        )
    return seconds


def _age(token: str) -> float:
    """Return how many seconds ago the token, which is a good one, was made."""
    stamp = token.rsplit(":", 2)[1]
    return timezone.now().timestamp() - signing.b62_decode(stamp)


def _remember(said: ViewToken, number: int, seconds: float) -> Visit:
    """Store the visit; the database's unique constraint lets each view in once."""
    if not UserInfo.objects.filter(pk=said.user_info).exists():
        raise Refused(410, "The user that this page was shown to does not exist any more.")
    try:
        with transaction.atomic(using=router.db_for_write(Visit)):
            return Visit.objects.create(
                view=said.view,
                number=number,
                user_info_id=said.user_info,
                page_type=said.page_type,
                seconds=seconds,
                counted_at=timezone.now(),
            )
    except IntegrityError:
        raise Refused(409, "This view is counted already.") from None
