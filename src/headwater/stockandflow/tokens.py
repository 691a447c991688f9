"""Tokens: the right of another program to read the line of a stock."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import unicodedata
from typing import Any

from django.utils import timezone

from headwater.stockandflow.definitions import Partition, Stock
from headwater.stockandflow.discover import find_partition
from headwater.stockandflow.errors import DefinitionError, StockAndFlowError
from headwater.stockandflow.find import find_stock, may_view, view_permission
from headwater.stockandflow.models import FeedToken

_BYTES = 32


def issue_token(
    name: str, owner: Any, partition: str = "", stock: str = ""
) -> tuple[FeedToken, str]:
    """Return a new token of ``owner``, and the secret that opens the feed, to be shown once.

    ``stock`` is the slug of a single stock, or a state of ``partition``; without it the token is
    for all of ``partition``. Only a digest of the secret is kept. Raises DefinitionError for a name
    with control characters, and StockAndFlowError for a stock that there is not, and where
    ``owner`` may not view its objects.
    """
    if not name.strip():
        raise StockAndFlowError("A token needs a name, so that you know later what it was for.")
    if any(unicodedata.category(one) in ("Cc", "Cs") for one in name.strip()):
        raise DefinitionError(
            "The name of a token holds a control character, such as a line break, which cannot be "
            "shown. Write it in one line, of letters, digits and signs."
        )
    if not partition and not stock:
        raise StockAndFlowError("A token is for one stock, or for one partition. Name one.")
    model = (find_partition(partition) if partition else find_stock(stock)).model
    if not may_view(owner, model):
        raise StockAndFlowError(
            f"“{owner}” may not have this token: reading how many there are needs the permission "
            f"“{view_permission(model)}”."
        )
    plain = secrets.token_urlsafe(_BYTES)
    token = FeedToken.objects.create(
        name=name.strip(), owner=owner, partition=partition, stock=stock, digest=digest_of(plain)
    )
    return token, plain


def find_token(plain: str) -> FeedToken | None:
    """Return the token that the secret ``plain`` is of, revoked or not; None where there is none.

    The database compares digests, of which a caller can choose no part; so how long it takes says
    nothing of the secrets that there are.
    """
    digest = digest_of(plain)
    found = FeedToken.objects.select_related("owner").filter(digest=digest).first()
    if found is None or not hmac.compare_digest(found.digest, digest):
        return None
    return found


def revoke(token: FeedToken) -> None:
    """Ensure that ``token`` opens nothing any more; the moment of the first time is kept."""
    now = timezone.now()
    FeedToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now)
    token.refresh_from_db(fields=["revoked_at"])


def opens(token: FeedToken, what: Stock | Partition) -> bool:
    """Return whether ``token`` is for ``what``: it, or all of its partition."""
    if isinstance(what, Partition):
        return token.partition == what.slug and not token.stock
    if what.partition:
        return token.partition == what.partition and token.stock in ("", what.state)
    return not token.partition and token.stock == what.slug


def digest_of(plain: str) -> str:
    """Return what is kept of the secret ``plain``: its SHA-256 digest."""
    return hashlib.sha256(plain.encode()).hexdigest()
