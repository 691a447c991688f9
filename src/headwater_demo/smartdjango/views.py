"""The front page of SmartDjango: another one for every group of users."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.contrib.auth.models import User
from django.db.models import Min
from django.http import Http404
from django.views.generic import TemplateView

from headwater_demo.smartdjango.fronts import front_for
from headwater_demo.smartdjango.models import UserInfo
from headwater_demo.smartdjango.usage import usage_model, usage_of

MAY_SEE_OTHERS = "smartdjango.view_userinfo"


class Home(LoginRequiredMixin, TemplateView):
    """The site as the signed-in user sees it; with ``?user=17``, as another user does."""

    template_name = "smartdjango/home.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return what the page shows: the user, their front page, their group."""
        own = UserInfo.objects.filter(account__user_id=self.request.user.pk).first()
        user_info = self._chosen(own)
        model = usage_model()
        fit = model.current_fit if model is not None else None
        context = super().get_context_data(**kwargs)
        context.update(
            user_info=user_info,
            own=own,
            front=front_for(user_info),
            model=model,
            fit=fit,
            usage=usage_of(user_info, fit) if user_info is not None and fit is not None else None,
        )
        if self._may_see_others():
            context.update(may_switch=True, **self._others(user_info))
        return context

    def _chosen(self, own: UserInfo | None) -> UserInfo | None:
        """Return the user to show the site as; others only to whom may see them."""
        asked = self.request.GET.get("user", "").strip()
        if not asked or (own is not None and asked == str(own.pk)):
            return own
        if asked.isascii() and asked.isdecimal() and len(asked) < 19:
            found = UserInfo.objects.filter(pk=int(asked)).first()
            if found is not None and self._may_see_others():
                return found
        raise Http404("There is no such user.")

    def _may_see_others(self) -> bool:
        user = self.request.user
        return isinstance(user, User) and user.has_perm(MAY_SEE_OTHERS)

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
