"""Signing in and out."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from headwater.console.security import secure


class SignIn(LoginView):
    """The console's own sign-in page."""

    template_name = "headwater/sign_in.html"
    redirect_authenticated_user = True

    def get_default_redirect_url(self) -> str:
        return reverse("headwater:overview")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return secure(super().dispatch(request, *args, **kwargs))


class SignOut(LogoutView):
    """Ends the session; only by POST."""

    http_method_names = ["post", "options"]

    def get_default_redirect_url(self) -> str:
        return reverse("headwater:sign-in")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return secure(super().dispatch(request, *args, **kwargs))
