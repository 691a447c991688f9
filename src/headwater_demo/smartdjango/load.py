"""Fill the table of users."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db import connections, router, transaction

from headwater_demo.smartdjango.models import Account, UserInfo

DEFAULT_USERS = 200
_BATCH = 1_000


@dataclass(frozen=True, slots=True)
class LoadedUsers:
    """What ``load_users`` did."""

    users: int
    replaced: int
    """Users that were there before and are gone."""
    created: int


def load_users(
    n: int | None = None, *, progress: Callable[[int, int], None] | None = None
) -> LoadedUsers:
    """Ensure that there are ``n`` generated users; None: those there are, else 200.

    A table of that size is left alone. One of another size is emptied and filled anew, with new
    primary keys, all or nothing. ``progress`` is told the rows done, and of how many.
    """
    present = UserInfo.objects.count()
    if present and n in (None, present):
        return LoadedUsers(users=present, replaced=0, created=0)
    wanted = DEFAULT_USERS if n is None else n

    from headwater_demo.smartdjango.generate import generate_users

    columns = generate_users(wanted)
    using = router.db_for_write(UserInfo)
    with transaction.atomic(using=using):
        Account.objects.using(using).update(user_info=None)
        _empty(using)
        for start in range(0, wanted, _BATCH):
            stop = min(start + _BATCH, wanted)
            # tolist() gives Python's own numbers, which database drivers take.
            rows = zip(*(column[start:stop].tolist() for column in columns.values()), strict=True)
            UserInfo.objects.using(using).bulk_create(
                UserInfo(**dict(zip(columns, row, strict=True))) for row in rows
            )
            if progress is not None:
                progress(stop, wanted)
    return LoadedUsers(users=wanted, replaced=present, created=wanted)


def _empty(using: str) -> None:
    """Delete every user at once; ``delete()`` would first read a large table into memory."""
    connection = connections[using]
    table = connection.ops.quote_name(UserInfo._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table}")  # noqa: S608 - the name is the model's own
