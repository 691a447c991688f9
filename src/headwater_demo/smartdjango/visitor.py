"""Which of the measured users somebody who is signed in is, in this session."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

from headwater_demo.smartdjango.models import UserInfo

SESSION_KEY = "smartdjango_user_info"


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who the site takes somebody for."""

    own: UserInfo | None
    """The user that the account is linked to."""
    user_info: UserInfo | None
    """The user that visits are counted for: another one after a switch, else ``own``."""

    @property
    def is_somebody_else(self) -> bool:
        """Whether the visitor uses the site as another user than their own."""
        return self.user_info != self.own


def visitor_of(request: HttpRequest) -> Visitor:
    """Return the visitor; one whose other user is gone is themselves again."""
    own = UserInfo.objects.filter(account__user_id=request.user.pk).first()
    chosen = request.session.get(SESSION_KEY)
    other = UserInfo.objects.filter(pk=chosen).first() if chosen is not None else None
    return Visitor(own=own, user_info=other or own)


def become(request: HttpRequest, user_info: UserInfo | None) -> None:
    """Make the visitor ``user_info`` for the rest of the session; None: themselves."""
    if user_info is None:
        request.session.pop(SESSION_KEY, None)
    else:
        request.session[SESSION_KEY] = user_info.pk
