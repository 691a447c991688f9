"""How often somebody may do something: so often in a minute, or in an hour.

Kept in the database, so all processes of the site count together.
"""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import IntegrityError, router, transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from headwater_demo.smartdjango.models import Allowance

SALT = "headwater_demo.smartdjango.address"


def take(user_id: int | None, purpose: str, *, limit: int, seconds: int, address: str = "") -> bool:
    """Use one of ``limit`` that somebody has in every ``seconds``; return whether one was left.

    Who is not signed in is told apart by ``address``, see ``address_of``. Each step is a single
    statement with its condition in it: of two processes that ask at the same moment for the last
    one, exactly one gets it.
    """
    now = int(timezone.now().timestamp())
    start = datetime.fromtimestamp(now - now % seconds, tz=UTC)
    whose = {"user_id": user_id, "address": "" if user_id is not None else address}
    mine = Allowance.objects.filter(**whose, purpose=purpose)
    for _ in range(2):
        if mine.filter(started_at__gte=start, used__lt=limit).update(used=F("used") + 1):
            return True
        if mine.filter(started_at__lt=start).update(started_at=start, used=1):
            return True
        if mine.exists():
            # Used up; or another process began the new stretch in between, so look once more.
            continue
        try:
            with transaction.atomic(using=router.db_for_write(Allowance)):
                Allowance.objects.create(**whose, purpose=purpose, started_at=start, used=1)
        except IntegrityError:
            continue
        return True
    return False


def address_of(request: HttpRequest) -> str:
    """Return a digest of where a request comes from, which only this site can make."""
    address = str(request.META.get("REMOTE_ADDR", ""))
    return salted_hmac(
        "headwater_demo.smartdjango.address", address, algorithm="sha256"
    ).hexdigest()
