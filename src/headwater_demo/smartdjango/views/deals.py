"""Deals: what the site offers to a group of users."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.generic import View

from headwater_demo.smartdjango.models import Product, UserInfo
from headwater_demo.smartdjango.views.pages import Page
from headwater_demo.smartdjango.visitor import visitor_of

EVERYBODY = "all"


class OwnDeals(LoginRequiredMixin, View):
    """Sends a visitor to the deals of their group."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        """Redirect to ``/smartdjango/deals/B/``, or to the deals for everybody."""
        user_info = visitor_of(request).user_info
        letter = user_info.cluster_1 if user_info is not None else None
        return redirect("smartdjango:group-deals", letter or EVERYBODY)


class GroupDeals(Page):
    """The products for one group, or those for everybody."""

    template_name = "smartdjango/deals.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the products."""
        asked = self.kwargs["letter"]
        if asked != EVERYBODY and not (len(asked) <= 2 and asked.isascii() and asked.isupper()):
            raise Http404("Groups have a capital letter.")
        letter = None if asked == EVERYBODY else asked
        if letter is not None and not self._is_known(letter):
            raise Http404("There is no such group.")
        products = Product.objects.filter_for_group(letter).prefetch_related("groups")
        context = super().get_context_data(**kwargs)
        context.update(letter=letter, products=products)
        return context

    @staticmethod
    def _is_known(letter: str) -> bool:
        """Whether a user is in the group, or a product is for it."""
        return (
            UserInfo.objects.filter(cluster_1=letter).exists()
            or Product.objects.filter(groups__letter=letter).exists()
        )
