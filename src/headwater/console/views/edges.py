"""The edges of a network: added, deleted, and those that parameters ask for."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from headwater.console.networks.edge_form import EdgeForm
from headwater.console.views.networks import NetworkPage
from headwater.networks.edges import add_missing_edges


class CreateEdge(NetworkPage):
    """Adds an edge."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        network = self.find_to_change(pk)
        form = EdgeForm(request.POST, network=network)
        if not form.is_valid():
            return self.workbench(network, form)
        self.say(f"The edge {form.save()} was added.")
        return self.to_workbench(network)


class DeleteEdge(NetworkPage):
    """Deletes an edge; it can be added again at once, so nothing is asked."""

    def post(self, request: HttpRequest, pk: int, edge_pk: int) -> HttpResponse:
        network = self.find_to_change(pk)
        edge = get_object_or_404(network.edges.select_related("parent", "child"), pk=edge_pk)
        told = str(edge)
        edge.delete()
        self.say(f"The edge {told} was deleted.")
        return self.to_workbench(network)


class AddMissingEdges(NetworkPage):
    """Adds every edge that parameters ask for."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        network = self.find_to_change(pk)
        added = add_missing_edges(network)
        if added:
            arrows = ", ".join(f"{parent} → {child}" for parent, child in added)
            self.say(f"Added {arrows}.")
        else:
            self.say(f"“{network}” lacks no edge.", messages.INFO)
        return self.to_workbench(network)
