"""The front page of SmartDjango: another one for every group of users."""

from __future__ import annotations

from typing import Any

from django.db.models import Min
from django.http import Http404

from headwater_demo.smartdjango.clustering import clustering
from headwater_demo.smartdjango.fronts import front_for
from headwater_demo.smartdjango.models import UserInfo
from headwater_demo.smartdjango.usage import usage_of
from headwater_demo.smartdjango.views.pages import Page
from headwater_demo.smartdjango.views.users import MAY_BE_OTHERS, MAY_SEE_OTHERS, find_user, may


class Home(Page):
    """The site as the visitor sees it; with ``?user=17``, as another user does."""

    template_name = "smartdjango/home.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return what the page shows: the user, their front page, their group."""
        context = super().get_context_data(**kwargs)
        user_info = self._chosen(self.visitor.user_info)
        model = clustering()
        fit = model.current_fit if model is not None else None
        context.update(
            user_info=user_info,
            looks_at_another=user_info != self.visitor.user_info,
            front=front_for(user_info),
            model=model,
            fit=fit,
            usage=usage_of(user_info, fit) if user_info is not None and fit is not None else None,
            may_be_others=may(self.request, MAY_BE_OTHERS),
        )
        if may(self.request, MAY_SEE_OTHERS):
            context.update(may_switch=True, **self._others(user_info))
        return context

    def _chosen(self, own: UserInfo | None) -> UserInfo | None:
        """Return the user to show the site as; others only to whom may see them."""
        asked = self.request.GET.get("user", "").strip()
        if not asked or (own is not None and asked == str(own.pk)):
            return own
        found = find_user(asked)
        if not may(self.request, MAY_SEE_OTHERS):
            raise Http404("There is no such user.")
        return found

    @staticmethod
    def _others(user_info: UserInfo | None) -> dict[str, Any]:
        """Return the neighbours of a user, and the first user of each group."""
        key = user_info.pk if user_info is not None else 0
        users = UserInfo.objects.order_by("pk")
        return {
            "previous": users.filter(pk__lt=key).last(),
            "next": users.filter(pk__gt=key).first(),
            "examples": list(
                UserInfo.objects.exclude(cluster_1=None)
                .exclude(cluster_1="")
                .order_by("cluster_1")
                .values("cluster_1")
                .annotate(first=Min("pk"))
            ),
        }
