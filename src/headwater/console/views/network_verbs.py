"""What can be done to a network with what it learned. GET shows what would change, POST does it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from headwater.console.networks.shown import changes
from headwater.console.rights import may_see_groups
from headwater.console.views.networks import NetworkPage
from headwater.engines.network.definition import Definition
from headwater.engines.network.errors import NetworkError
from headwater.learning.errors import FitError
from headwater.learning.models import Fit
from headwater.networks.functions import network_functions
from headwater.networks.informed import (
    WEIGHT,
    inform_priors,
    limit_components,
    restore_definition,
)
from headwater.networks.models import BayesianNetwork

REFUSALS = (FitError, NetworkError)
"""What cannot be done, each with a sentence."""
MOST = 500
"""Groups that a limit may allow."""


class _Verb(NetworkPage):
    """A question with what would change, and the deed."""

    def ask(
        self,
        template: str,
        network: BayesianNetwork,
        after: Callable[[], Definition],
        context: dict[str, Any],
    ) -> HttpResponse:
        """Return the page that shows the nodes before and after, or why it cannot be done."""
        context |= {"model": network, "changes": [], "sentence": ""}
        status = 200
        try:
            context["changes"] = changes(network.stated(), after())
        except REFUSALS as error:
            context["sentence"], status = str(error), 422
        return self.render(template, context, status=status)

    def refuse(self, network: BayesianNetwork, sentence: str) -> HttpResponse:
        """Return the page that says why it was not done."""
        context = {"model": network, "changes": [], "sentence": sentence}
        return self.render("network_refused.html", context, status=422)


class Inform(_Verb):
    """Uses what was learned as prior; so what was learned must be for the person to see."""

    def find_to_inform(self, pk: int) -> BayesianNetwork:
        """Return the network; raises PermissionDenied also where its result is hidden."""
        network = self.find_to_change(pk)
        if network.current_fit is not None:
            network.current_fit.model = network
            self.require(may_see_groups(self.request.user, network.current_fit))
        return network

    def weight(self, given: str) -> float:
        """Return the weight that is asked for; raises ValueError with a sentence."""
        try:
            weight = float(given or WEIGHT)
        except ValueError:
            weight = -1.0
        if not 0 < weight <= 1:
            raise FitError(f"The weight was “{given}”; it takes a number above 0 and at most 1.")
        return weight

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        network = self.find_to_inform(pk)
        given = request.GET.get("weight", "")

        def after() -> Definition:
            from headwater.engines.network.prior import informed

            weight = self.weight(given)
            engine = network.engine_object
            if engine is None:
                raise FitError(f"“{network}” has no result yet that a prior could know of.")
            return informed(
                network.stated(),
                engine.posterior,
                weight=weight,
                functions=network_functions(),
            )

        context = {"weight": given or f"{WEIGHT:g}", "fit": network.current_fit}
        return self.ask("network_inform.html", network, after, context)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        network = self.find_to_inform(pk)
        try:
            inform_priors(network, weight=self.weight(request.POST.get("weight", "")))
        except REFUSALS as error:
            return self.refuse(network, str(error))
        self.say(
            f"The priors of “{network}” now know what its last run found. The next run starts "
            "from there."
        )
        return self.to_workbench(network)


class Limit(_Verb):
    """Allows at most so many groups."""

    def limit(self, given: str) -> int:
        """Return the limit that is asked for; raises ValueError with a sentence."""
        try:
            limit = int(given)
        except ValueError:
            limit = 0
        if not 1 <= limit <= MOST:
            raise FitError(f"The limit was “{given}”; it takes a whole number from 1 to {MOST}.")
        return limit

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        network = self.find_to_change(pk)
        suggested = suggested_limit(network.current_fit)
        given = request.GET.get("limit") or str(suggested or 2)

        def after() -> Definition:
            from headwater.engines.network.prior import limited

            return limited(network.stated(), self.limit(given), functions=network_functions())

        context = {"limit": given, "suggested": suggested, "fit": network.current_fit}
        return self.ask("network_limit.html", network, after, context)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        network = self.find_to_change(pk)
        try:
            limit = self.limit(request.POST.get("limit", ""))
            limit_components(network, limit)
        except REFUSALS as error:
            return self.refuse(network, str(error))
        self.say(f"“{network}” now looks for {limit} groups at most.")
        return self.to_workbench(network)


class Restore(_Verb):
    """States the network again as it was in a run."""

    def stated_in(self, network: BayesianNetwork, fit_pk: int) -> Fit:
        """Return the fit; raises Http404 where it keeps no definition."""
        fit = self.find_fit(network, fit_pk)
        if not fit.definition:
            raise Http404(f"Run {fit.pk} does not say how the network was stated.")
        return fit

    def get(self, request: HttpRequest, pk: int, fit_pk: int) -> HttpResponse:
        network = self.find_to_change(pk)
        fit = self.stated_in(network, fit_pk)
        return self.ask(
            "network_restore.html",
            network,
            lambda: Definition.from_json(fit.definition),
            {"fit": fit},
        )

    def post(self, request: HttpRequest, pk: int, fit_pk: int) -> HttpResponse:
        network = self.find_to_change(pk)
        fit = self.stated_in(network, fit_pk)
        try:
            restore_definition(network, fit)
        except REFUSALS as error:
            return self.refuse(network, str(error))
        self.say(f"“{network}” is stated again as in run {fit.pk}. Its runs stay as they are.")
        return self.to_workbench(network)


def suggested_limit(fit: Fit | None) -> int | None:
    """Return how many groups to allow after ``fit``: those found and one for what fits none."""
    if fit is None:
        return None
    told = (fit.summary or {}).get("network") or {}
    if told.get("suggested_limit"):
        return int(told["suggested_limit"])
    return fit.n_groups + 1 if fit.n_groups else None
