"""Page: what every page of the console has in common."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.generic import View

from headwater.console.rights import Right, Rights, may_add, may_review, rights
from headwater.console.security import secure
from headwater.learning.models import Fit, StatisticalModel
from headwater.spam.waiting import number_waiting


@dataclass(frozen=True, slots=True)
class Room:
    """One entry of the navigation."""

    key: str
    label: str
    icon: str
    address: str
    count: int | None = None


class Page(View):
    """A page for signed-in people, under the console's policy.

    An unknown object and someone else's object are both “not found”; what a person may not do is
    refused with a sentence.
    """

    room = "overview"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return secure(self._to_sign_in(request))
        try:
            response = super().dispatch(request, *args, **kwargs)
        except Http404 as missing:
            response = self.render("not_found.html", {"sentence": str(missing)}, status=404)
        except PermissionDenied as refused:
            response = self.render("refused.html", {"sentence": str(refused)}, status=403)
        return secure(response)

    def _to_sign_in(self, request: HttpRequest) -> HttpResponse:
        sign_in = reverse("headwater:sign-in")
        if request.headers.get("HX-Request"):
            # A fragment is asked for by a page whose session has ended: the whole page must go.
            page = urlsplit(request.headers.get("HX-Current-URL", "")).path or "/"
            target = redirect_to_login(page, sign_in).url
            return HttpResponse(status=204, headers={"HX-Redirect": target})
        following = request.get_full_path() if request.method == "GET" else "/"
        return redirect_to_login(following, sign_in)

    def render(
        self, template: str, context: dict[str, Any] | None = None, *, status: int = 200
    ) -> HttpResponse:
        """Return the page made of ``template`` with the frame around it."""
        whole = {
            "rooms": self.rooms,  # counted where they are drawn: parts of pages have no frame
            "room": self.room,
            "may_add": may_add(self.request.user),
            **(context or {}),
        }
        return render(self.request, f"headwater/{template}", whole, status=status)

    def rooms(self) -> list[Room]:
        """Return the rooms of the navigation, as the person may see them."""
        seen = StatisticalModel.objects.visible_to(self.request.user)
        return [
            Room("overview", "Overview", "overview", reverse("headwater:overview")),
            Room("models", "Models", "models", reverse("headwater:models"), seen.count()),
            Room("segments", "Segments", "segments", reverse("headwater:segments")),
            Room("stocks", "Stocks and flows", "stocks", reverse("headwater:stocks")),
            *self._moderation(),
            Room("data", "Data", "data", reverse("headwater:data")),
            Room("glossary", "Glossary", "glossary", reverse("headwater:glossary")),
        ]

    @cached_property
    def n_waiting(self) -> int:
        """How many texts wait for the person, who may review them; else 0."""
        return number_waiting() if may_review(self.request.user) else 0

    def _moderation(self) -> list[Room]:
        """Return the room of those who may review content, with how much waits for them.

        Who may only see the filters finds these in its place.
        """
        user = self.request.user
        if not may_review(user):
            if not user.has_perm("headwater_spam.view_spamfilter"):
                return []
            address = reverse("headwater:filters")
            return [Room("moderation", "Spam filters", "moderation", address)]
        address = reverse("headwater:moderation")
        return [Room("moderation", "Moderation", "moderation", address, self.n_waiting)]

    @staticmethod
    def require(right: Right) -> None:
        """Raise PermissionDenied with the reason unless ``right`` is given."""
        if not right:
            raise PermissionDenied(right.reason)

    def say(self, sentence: str, level: int = messages.SUCCESS) -> None:
        """Show ``sentence`` at the top of the next page."""
        messages.add_message(self.request, level, sentence)


class ModelPage(Page):
    """A page about one statistical model that the person may see."""

    room = "models"

    def find_model(self, pk: int) -> StatisticalModel:
        """Return the model, or raise Http404: also for one that the person may not see."""
        visible = StatisticalModel.objects.visible_to(self.request.user)
        return get_object_or_404(
            visible.select_related("source__content_type", "current_fit", "owner"), pk=pk
        )

    def find_fit(self, model: StatisticalModel, pk: object) -> Fit:
        """Return a fit of ``model``, or raise Http404: also for a fit of another model."""
        try:
            number = int(str(pk))
        except ValueError:
            raise Http404(f"“{pk}” is not the number of a run.") from None
        return get_object_or_404(model.fits.defer("artifact"), pk=number)

    def rights(self, model: StatisticalModel) -> Rights:
        """Return what the person may do with ``model``."""
        return rights(self.request.user, model)

    @staticmethod
    def back_to(model: StatisticalModel) -> HttpResponse:
        """Return a redirect to the page of ``model``."""
        return redirect("headwater:model", model.pk)
