"""The signed token in a measured page: whose view it is, of which type, and since when."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.core import signing

from headwater_demo.smartdjango.conf import settings
from headwater_demo.smartdjango.page_types import PAGE_TYPES

SALT = "headwater_demo.smartdjango.view"


class TokenError(ValueError):
    """A token that is not one of ours, or not good any more."""


@dataclass(frozen=True, slots=True)
class ViewToken:
    """What the server knew when it made the page."""

    view: uuid.UUID
    """Of this page load, and of no other."""
    account: int
    """Primary key of who was signed in."""
    user_info: int
    """Primary key of the measured user that the page was shown to."""
    page_type: str


def make_token(*, account: int, user_info: int, page_type: str) -> str:
    """Return a token, with the time, for a page that is being made."""
    return signing.dumps([uuid.uuid4().hex, account, user_info, page_type], salt=SALT)


def read_token(text: str) -> ViewToken:
    """Return what a token says; raises ``TokenError`` for a forged, damaged or old one."""
    oldest = settings().SMARTDJANGO_TOKEN_AGE
    try:
        view, account, user_info, page_type = signing.loads(text, salt=SALT, max_age=oldest)
        token = ViewToken(uuid.UUID(hex=str(view)), int(account), int(user_info), str(page_type))
    except signing.SignatureExpired:
        raise TokenError(
            f"The page was opened more than {oldest / 3600:.3g} hours ago. Load it again."
        ) from None
    except (signing.BadSignature, ValueError, TypeError):
        raise TokenError("The token of the page is not one that this site has made.") from None
    if token.page_type not in PAGE_TYPES or len(token.page_type) != 1:
        raise TokenError(f"There are no pages of type “{token.page_type}”; types are A to J.")
    return token
