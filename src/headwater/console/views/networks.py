"""Bayesian networks: made, set, and stated on a workbench."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from headwater.console.networks.drawing import drawing_of
from headwater.console.networks.edge_form import EdgeForm
from headwater.console.networks.examples import EXAMPLES
from headwater.console.networks.form import NetworkForm
from headwater.console.networks.shown import shown_nodes, shown_problems
from headwater.console.rights import may_add
from headwater.console.state import model_state, progress_of
from headwater.console.views.page import ModelPage
from headwater.engines.network.definition import Definition
from headwater.learning.models import UNFINISHED
from headwater.networks.models import BayesianNetwork
from headwater.networks.restate import restate
from headwater.networks.validate import network_problems


class NetworkPage(ModelPage):
    """A page about one network that the person may see."""

    def find_network(self, pk: int) -> BayesianNetwork:
        """Return the network, or raise Http404: also for a model that is none."""
        model = self.find_model(pk).specific
        if not isinstance(model, BayesianNetwork):
            raise Http404(f"“{model}” is no Bayesian network, so it has no nodes.")
        return model

    def find_to_change(self, pk: int) -> BayesianNetwork:
        """Return the network; raises PermissionDenied where the person may not change it."""
        network = self.find_network(pk)
        self.require(self.rights(network).change)
        return network

    @staticmethod
    def to_workbench(network: BayesianNetwork, part: str = "") -> HttpResponse:
        """Return a redirect to the workbench, at ``part`` of it."""
        return redirect(f"{reverse('headwater:network', args=[network.pk])}{part}")

    def workbench(
        self, network: BayesianNetwork, edge_form: EdgeForm | None = None
    ) -> HttpResponse:
        """Return the workbench of ``network``; with ``edge_form`` as it was filled."""
        rights = self.rights(network)
        whole = network.definition()
        stated = Definition.from_json(whole)
        rows = list(network.nodes.all())
        pks = {row.name: row.pk for row in rows}
        problems = network_problems(whole)
        missing = [one for one in problems if one.missing_edge is not None]
        latest = network.fits.defer("artifact", "summary", "trace").first()

        def address(name: str) -> str:
            return reverse("headwater:node", args=[network.pk, pks[name]])

        context: dict[str, Any] = {
            "model": network,
            "rights": rights,
            "state": model_state(network, latest),
            "progress": progress_of(latest)
            if latest and latest.effective_status in UNFINISHED
            else None,
            "drawing": drawing_of(stated, address=address) if rights.change else drawing_of(stated),
            "nodes": shown_nodes(rows, stated, problems),
            "edges": list(network.edges.select_related("parent", "child")),
            "problems": shown_problems(network, problems, stated, may_change=bool(rights.change)),
            "n_missing": len({one.missing_edge for one in missing}),
            "examples": list(EXAMPLES.values()) if not rows else [],
            "edge_form": edge_form or EdgeForm(None, network=network),
        }
        wrong = edge_form is not None and bool(edge_form.errors)
        return self.render("network.html", context, status=422 if wrong else 200)


class Workbench(NetworkPage):
    """The nodes and edges of a network, its drawing, and what is wrong with it."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.workbench(self.find_network(pk))


class _Settings(NetworkPage):
    """What making a network and changing its settings have in common."""

    def shown(self, form: NetworkForm, network: BayesianNetwork | None) -> HttpResponse:
        """Return the page with ``form``."""
        status = 422 if form.is_bound and form.errors else 200
        return self.render("network_edit.html", {"form": form, "model": network}, status=status)


class CreateNetwork(_Settings):
    """A new network; it belongs to whoever makes it."""

    def get(self, request: HttpRequest) -> HttpResponse:
        self.require(may_add(request.user))
        return self.shown(NetworkForm(None, user=request.user), None)

    def post(self, request: HttpRequest) -> HttpResponse:
        self.require(may_add(request.user))
        form = NetworkForm(request.POST, user=request.user)
        if not form.is_valid():
            return self.shown(form, None)
        network = form.save()
        example = EXAMPLES.get(form.cleaned_data["example"])
        following = example.next_step if example else "Add its first node."
        self.say(f"“{network}” was made. {following}")
        return self.to_workbench(network)


class EditNetwork(_Settings):
    """The settings of a network."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        network = self.find_to_change(pk)
        return self.shown(NetworkForm(None, user=request.user, instance=network), network)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        network = self.find_to_change(pk)
        form = NetworkForm(request.POST, user=request.user, instance=network)
        if not form.is_valid():
            network.refresh_from_db()
            return self.shown(form, network)
        self.say(f"The settings of “{form.save()}” were saved.")
        return self.to_workbench(network)


class BeginWithExample(NetworkPage):
    """Fills a network that has no nodes with those of an example."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        network = self.find_to_change(pk)
        example = EXAMPLES.get(request.POST.get("example", ""))
        if example is None:
            raise Http404("There is no such example.")
        if network.nodes.exists():
            self.say(
                f"“{network}” has nodes already, and an example would replace them. Delete them "
                "first, or make a new network.",
                messages.WARNING,
            )
            return self.to_workbench(network)
        restate(network, example.definition, observed=example.observed)
        self.say(f"The nodes of “{example.label}” were added. {example.next_step}")
        return self.to_workbench(network)
