"""Who is atypical: the users far from what Example 1 expects of one metric."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator

from headwater.learning.errors import FitError
from headwater.networks.atypical import annotate_atypical
from headwater.networks.models import BayesianNetwork
from headwater_demo.smartdjango.models import UserInfo
from headwater_demo.smartdjango.networks import METRIC
from headwater_demo.smartdjango.views.pages import Page
from headwater_demo.smartdjango.views.users import MAY_SEE_OTHERS, may

DEVIATIONS = 2.0
ROWS = 20


@dataclass(frozen=True, slots=True)
class Expectation:
    """What the network expects of the next user's metric; places are per cent of the picture."""

    low: float
    high: float

    @property
    def mean(self) -> float:
        """The middle."""
        return (self.low + self.high) / 2

    @property
    def deviation(self) -> float:
        """One standard deviation."""
        return (self.high - self.low) / (2 * DEVIATIONS)

    def deviations(self, value: float) -> float:
        """Return how many standard deviations ``value`` lies from the middle, with its sign."""
        return (value - self.mean) / self.deviation

    @property
    def words(self) -> dict[str, str]:
        """The numbers as the page shows them."""
        names = ("low", "high", "mean", "deviation")
        return {name: decimals(getattr(self, name)) for name in names}

    def place(self, value: float) -> float:
        """Return where ``value`` is drawn: the picture is twice as wide as the interval."""
        return round(min(99.0, max(1.0, 50 + 12.5 * self.deviations(value))), 2)


def decimals(value: float) -> str:
    """Return a number with two decimals and a real minus.

    >>> decimals(-0.3469)
    '−0.35'
    """
    return f"{value:,.2f}".replace("-", "−")


class Atypical(Page):
    """The visitor's own metric; the users outside of the interval, to whom may see users."""

    template_name = "smartdjango/atypical.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the interval, and users with whether they are atypical."""
        context = super().get_context_data(**kwargs)
        network = (
            BayesianNetwork.objects.select_related("current_fit")
            .defer("current_fit__artifact")
            .filter(name=METRIC)
            .first()
        )
        context.update(network=network, name=METRIC)
        if network is None:
            return context
        try:
            expected = Expectation(*network.typical_interval(deviations=DEVIATIONS))
        except FitError as error:
            return context | {"why_not": str(error)}
        user_info: UserInfo | None = context["user_info"]
        if user_info is not None:
            context["own_metric"] = decimals(user_info.avg1)
            context["own_is_atypical"] = network.is_atypical(user_info.avg1, deviations=DEVIATIONS)
        context.update(expected=expected.words, fit=network.current_fit)
        if may(self.request, MAY_SEE_OTHERS):
            context.update(self._users(network, expected))
        return context

    def _users(self, network: BayesianNetwork, expected: Expectation) -> dict[str, Any]:
        """Return one page of users, how many there are, and how many of them are atypical."""
        users = annotate_atypical(
            UserInfo.objects.order_by("pk"), network, field="avg1", deviations=DEVIATIONS
        )
        atypical = users.filter(is_atypical=True)
        everybody = self.request.GET.get("show") == "all"
        page = Paginator(users if everybody else atypical, ROWS).get_page(
            self.request.GET.get("page")
        )
        return {
            "may_see_users": True,
            "everybody": everybody,
            "n_users": UserInfo.objects.count(),
            "n_atypical": page.paginator.count if not everybody else atypical.count(),
            "users": page,
            "rows": [
                (
                    user,
                    decimals(user.avg1),
                    decimals(expected.deviations(user.avg1)),
                    expected.place(user.avg1),
                )
                for user in page
            ],
        }
