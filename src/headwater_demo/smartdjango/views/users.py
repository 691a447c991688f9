"""Be another user of the site: one that is there, a new one, or oneself again."""

from __future__ import annotations

import random
from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.generic import View

from headwater_demo.smartdjango.allowance import take
from headwater_demo.smartdjango.conf import settings
from headwater_demo.smartdjango.join import join
from headwater_demo.smartdjango.models import UserInfo
from headwater_demo.smartdjango.visitor import become

MAY_SEE_OTHERS = "smartdjango.view_userinfo"
MAY_BE_OTHERS = "smartdjango.be_userinfo"


def may(request: HttpRequest, permission: str) -> bool:
    """Return whether who is signed in has ``permission``."""
    return isinstance(request.user, User) and request.user.has_perm(permission)


def find_user(number: str) -> UserInfo:
    """Return the user with that number, as somebody typed it; raises Http404."""
    if number.isascii() and number.isdecimal() and len(number) < 19:
        found = UserInfo.objects.filter(pk=int(number)).first()
        if found is not None:
            return found
    raise Http404("There is no such user.")


class Act(LoginRequiredMixin, View):
    """A button: it is posted, does one thing, and goes back to where it stood."""

    http_method_names = ["post"]

    def back(self, fallback: str = "smartdjango:home") -> HttpResponse:
        """Return a redirect to the page that the form names, if it is one of this site."""
        following = self.request.POST.get("next", "")
        if url_has_allowed_host_and_scheme(
            following, allowed_hosts={self.request.get_host()}, require_https=False
        ):
            return redirect(following)
        return redirect(fallback)


class NewUser(Act):
    """Make a user of the site, and be that user."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Make the user, so often in an hour at most."""
        limit = settings().SMARTDJANGO_NEW_USERS_PER_HOUR
        if not take(request.user.pk, "new users", limit=limit, seconds=3600):
            messages.error(
                request, f"You have made {limit} users in this hour. Make the next one later."
            )
            return self.back()
        user_info = join(random.SystemRandom())
        become(request, user_info)
        group = (
            f"is in group {user_info.cluster_1} already, without a new fit"
            if user_info.cluster_1
            else "gets a group with the next fit"
        )
        messages.success(request, f"You are {user_info} now, who is new and {group}.")
        return self.back()


class BeUser(Act):
    """Be a user that is there: visits count for that user from now on."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Switch; a number of nobody is not found."""
        if not may(request, MAY_BE_OTHERS):
            raise PermissionDenied("You may not use the site as another user.")
        user_info = find_user(request.POST.get("user", "").strip())
        become(request, user_info)
        messages.success(request, f"You are {user_info} now; what you read counts for them.")
        return self.back()


class BeOneself(Act):
    """Be the user that one's account is linked to."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Switch back."""
        become(request, None)
        messages.success(request, "You are yourself again.")
        return self.back()
