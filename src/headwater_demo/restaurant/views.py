"""Menu intelligence: which dishes are alike, in what they differ, and which are unusual."""

from __future__ import annotations

from typing import Any

from django.views.generic import TemplateView

from headwater.words import counted
from headwater_demo.analysis import Analysis
from headwater_demo.analysis_views import Progress, Room, Run, card
from headwater_demo.restaurant.dishes import DishRow, dish_rows
from headwater_demo.restaurant.essence import essence_of
from headwater_demo.restaurant.models import MenuItem
from headwater_demo.restaurant.pictures import factors_picture, groups_picture
from headwater_demo.restaurant.tiers import dishes, insight, tiers
from headwater_demo.restaurant.unusual import unusual_of
from headwater_demo.statistical_models import MENU_ESSENCE, MENU_SEGMENTS, UNUSUAL_DISHES


class Restaurant(Room):
    """Who may see the menu, and its analyses."""

    permission_required = ("restaurant.view_menuitem", "restaurant.view_orderdata")
    permission_denied_message = "You may not see the restaurant's menu and orders."
    analyses = {
        "segments": MENU_SEGMENTS,
        "essence": MENU_ESSENCE,
        "unusual": UNUSUAL_DISHES,
    }
    rows = MenuItem
    page = "restaurant:menu"


class RunAnalysis(Restaurant, Run):
    """Asks for one of the analyses."""


class AnalysisProgress(Restaurant, Progress):
    """How far one of them is."""


class Menu(Restaurant, TemplateView):
    """The three analyses, and the menu with the figures of its orders."""

    template_name = "restaurant/menu.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the dishes and what was found in them."""
        menu = dish_rows()
        found = self.found()
        return super().get_context_data(
            menu=menu,
            n_orders=sum(row.times_ordered for row in menu),
            segments=self._segments(found["segments"], menu),
            essence=self._essence(found["essence"]),
            unusual=self._unusual(found["unusual"], menu),
            **kwargs,
        )

    def _segments(self, analysis: Analysis, menu: list[DishRow]) -> dict[str, Any]:
        fit = analysis.fit
        if fit is None:
            return card("segments", analysis, "restaurant")
        found = tiers(fit.summary.get("groups") or [])
        in_segment: dict[str | None, list[MenuItem]] = {}
        for row in sorted(menu, key=lambda row: (row.dish.price, row.dish.name)):
            in_segment.setdefault(row.dish.segment, []).append(row.dish)
        names = {tier.letter: tier.name for tier in found}
        picture = groups_picture(
            fit,
            self.request.user,
            key="segments",
            title=f"{counted(fit.n_groups, 'segment')} of the menu by effort and price",
            x="prep_time",
            y="price",
            behind=analysis.is_behind,
            names=names,
        )
        return card(
            "segments",
            analysis,
            "restaurant",
            insight=insight(found) if found else "",
            tiers=[(tier, in_segment.get(tier.letter, [])) for tier in found],
            names=names,
            chart=picture,
        )

    def _essence(self, analysis: Analysis) -> dict[str, Any]:
        fit = analysis.fit
        found = essence_of(fit.summary, fit.n_rows or 0) if fit is not None else None
        picture = (
            factors_picture(fit, self.request.user, key="essence")
            if fit is not None and found is not None
            else None
        )
        return card("essence", analysis, "restaurant", found=found, chart=picture)

    def _unusual(self, analysis: Analysis, menu: list[DishRow]) -> dict[str, Any]:
        fit, model = analysis.fit, analysis.model
        if fit is None or model is None:
            return card("unusual", analysis, "restaurant")
        outside = int((fit.summary.get("outside") or {}).get("n", 0))
        return card(
            "unusual",
            analysis,
            "restaurant",
            found=unusual_of(model, fit, [row.dish for row in menu]),
            chart=groups_picture(
                fit,
                self.request.user,
                key="unusual",
                title=f"{dishes(outside)} outside of every group of similar dishes",
                x="price",
                y="spice_level",
                behind=analysis.is_behind,
            ),
        )
