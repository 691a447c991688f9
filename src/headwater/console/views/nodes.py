"""The nodes of a network: added, changed, moved, deleted."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from headwater.console.networks.drawing import drawing_of
from headwater.console.networks.edges import uses
from headwater.console.networks.node_form import NodeForm
from headwater.console.views.networks import NetworkPage
from headwater.networks.models import BayesianNetwork, BayesianNetworkNode


class NodePage(NetworkPage):
    """A page about one node of a network that the person may change."""

    @staticmethod
    def find_node(network: BayesianNetwork, node_pk: int) -> BayesianNetworkNode:
        """Return the node, or raise Http404: also for a node of another network."""
        return get_object_or_404(network.nodes.all(), pk=node_pk)

    def shown(
        self, form: NodeForm, network: BayesianNetwork, node: BayesianNetworkNode | None
    ) -> HttpResponse:
        """Return the page with ``form``."""
        status = 422 if form.is_bound and form.errors else 200
        context = {
            "form": form,
            "model": network,
            "node": node,
            "drawing": drawing_of(network.stated()),
        }
        return self.render("network_node.html", context, status=status)

    def given(
        self, request: HttpRequest, network: BayesianNetwork, node: BayesianNetworkNode | None
    ) -> HttpResponse:
        """Save what was given, or show it again as what was pressed asks."""
        act = request.POST.get("act", "save")
        if act != "save":
            acted = NodeForm.acted(
                request.POST, act, user=request.user, network=network, instance=node
            )
            return self.shown(acted, network, node)
        form = NodeForm(request.POST, user=request.user, network=network, instance=node)
        if not form.is_valid():
            if node is not None:
                node.refresh_from_db()
            return self.shown(form, network, node)
        saved, done = form.save()
        verb = "added" if node is None else "saved"
        self.say(" ".join([f"The node “{saved}” was {verb}.", *done]))
        return self.to_workbench(network)


class CreateNode(NodePage):
    """A new node."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        network = self.find_to_change(pk)
        return self.shown(NodeForm(None, user=request.user, network=network), network, None)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.given(request, self.find_to_change(pk), None)


class EditNode(NodePage):
    """One node."""

    def get(self, request: HttpRequest, pk: int, node_pk: int) -> HttpResponse:
        network = self.find_to_change(pk)
        node = self.find_node(network, node_pk)
        form = NodeForm(None, user=request.user, network=network, instance=node)
        return self.shown(form, network, node)

    def post(self, request: HttpRequest, pk: int, node_pk: int) -> HttpResponse:
        network = self.find_to_change(pk)
        return self.given(request, network, self.find_node(network, node_pk))


class DeleteNode(NodePage):
    """GET asks, POST deletes."""

    def get(self, request: HttpRequest, pk: int, node_pk: int) -> HttpResponse:
        network = self.find_to_change(pk)
        node = self.find_node(network, node_pk)
        context = {
            "model": network,
            "node": node,
            "edges": [*node.edges_in.all(), *node.edges_out.all()],
            "columns": [column.label for column in node.columns.all()],
            "used_by": [one.name for one in network.nodes.all() if node.name in uses(one.params)],
        }
        return self.render("network_node_delete.html", context)

    def post(self, request: HttpRequest, pk: int, node_pk: int) -> HttpResponse:
        network = self.find_to_change(pk)
        node = self.find_node(network, node_pk)
        name = node.name
        node.delete()
        self.say(f"The node “{name}” and its edges were deleted.")
        return self.to_workbench(network)


class MoveNode(NodePage):
    """Moves a node one place up or down in the list."""

    def post(self, request: HttpRequest, pk: int, node_pk: int) -> HttpResponse:
        network = self.find_to_change(pk)
        node = self.find_node(network, node_pk)
        with transaction.atomic():
            order = list(network.nodes.select_for_update())
            at = order.index(node)
            to = at + (-1 if request.POST.get("to") == "up" else 1)
            if 0 <= to < len(order):
                order.insert(to, order.pop(at))
            for position, one in enumerate(order):
                if one.position != position:
                    one.position = position
                    one.save(update_fields=["position"])
        return self.to_workbench(network, "#nodes-title")
