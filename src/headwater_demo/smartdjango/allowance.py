"""How often somebody may do something: so often in a minute, or in an hour.

Kept in the database, so all processes of the site count together.
"""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import IntegrityError, router, transaction
from django.db.models import F
from django.utils import timezone

from headwater_demo.smartdjango.models import Allowance


def take(user_id: int, purpose: str, *, limit: int, seconds: int) -> bool:
    """Use one of ``limit`` that ``user_id`` has in every ``seconds``; return whether one was left.

    Each step is a single statement with its condition in it: of two processes that ask at the same
    moment for the last one, exactly one gets it.
    """
    now = int(timezone.now().timestamp())
    start = datetime.fromtimestamp(now - now % seconds, tz=UTC)
    mine = Allowance.objects.filter(user_id=user_id, purpose=purpose)
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
                Allowance.objects.create(user_id=user_id, purpose=purpose, started_at=start, used=1)
        except IntegrityError:
            continue
        return True
    return False
