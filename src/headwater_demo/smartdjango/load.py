"""Fill the tables of users and products."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db import connections, models, router, transaction

from headwater_demo.smartdjango.catalogue import PRODUCTS
from headwater_demo.smartdjango.conf import settings
from headwater_demo.smartdjango.models import Account, Product, ProductGroup, UserInfo, Visit

_BATCH = 1_000


@dataclass(frozen=True, slots=True)
class LoadedUsers:
    """What ``load_users`` did."""

    users: int
    replaced: int
    """Users that were there before and are gone."""
    created: int


def load_users(
    n: int | None = None,
    *,
    recreate: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> LoadedUsers:
    """Ensure that there are ``n`` generated users; None: those there are, else as the setting says.

    A table with as many generated users is left alone, with all that was measured and all who
    joined since, unless ``recreate``. Any other is emptied and filled anew, with new primary keys,
    all or nothing. ``progress`` is told the rows done, and of how many.
    """
    present = UserInfo.objects.count()
    if present and not recreate:
        joined = UserInfo.objects.exclude(joined_at=None).count()
        if n in (None, present - joined):
            return LoadedUsers(users=present, replaced=0, created=0)
    wanted = settings().HEADWATER_DEMO_USERS if n is None else n

    from headwater_demo.smartdjango.generate import generate_users

    columns = generate_users(wanted)
    using = router.db_for_write(UserInfo)
    with transaction.atomic(using=using):
        Account.objects.using(using).update(user_info=None)
        _empty(Visit, using)
        _empty(UserInfo, using)
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


def load_products() -> int:
    """Ensure that there are products; return how many were made. Those that exist stay."""
    if Product.objects.exists():
        return 0
    with transaction.atomic(using=router.db_for_write(Product)):
        for offer in PRODUCTS:
            product = Product.objects.create(
                name=offer.name, description=offer.description, price=offer.price
            )
            ProductGroup.objects.bulk_create(
                ProductGroup(product=product, letter=letter) for letter in offer.groups
            )
    return len(PRODUCTS)


def _empty(model: type[models.Model], using: str) -> None:
    """Delete every row at once; ``delete()`` would first read a large table into memory."""
    connection = connections[using]
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table}")  # noqa: S608 - the name is the model's own
