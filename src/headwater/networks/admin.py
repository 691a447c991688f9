"""Bayesian networks, their nodes and their columns in the Django admin."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import QuerySet
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from headwater.learning.admin import StatisticalModelAdmin, StatisticalModelForm
from headwater.learning.errors import FitError
from headwater.networks.models import (
    BayesianNetwork,
    BayesianNetworkEdge,
    BayesianNetworkNode,
    BayesianNetworkNodeColumn,
)
from headwater.sources.models import Source
from headwater.sources.reach import unviewable

if TYPE_CHECKING:
    _NodeAdmin = admin.ModelAdmin[BayesianNetworkNode]
    _ColumnInline = admin.TabularInline[BayesianNetworkNodeColumn, BayesianNetworkNode]
    _EdgeInline = admin.TabularInline[BayesianNetworkEdge, BayesianNetwork]
    _NodeInline = admin.TabularInline[BayesianNetworkNode, BayesianNetwork]
    _ColumnForm = forms.ModelForm[BayesianNetworkNodeColumn]
    _FormSet = BaseInlineFormSet[
        BayesianNetworkNodeColumn, BayesianNetworkNode, forms.ModelForm[Any]
    ]
else:
    _NodeAdmin = admin.ModelAdmin
    _ColumnInline = _EdgeInline = _NodeInline = admin.TabularInline
    _ColumnForm = forms.ModelForm
    _FormSet = BaseInlineFormSet

FOUND = ("What was found", {"fields": ["groups_found"]})
SEEDS = 2**32
"""Random seeds are below it."""


class NetworkForm(StatisticalModelForm):
    """The settings of a network that reads only what ``user`` may view."""

    def clean(self) -> dict[str, Any]:
        """Refuse a change by who may not view what the nodes read: an owner sees their means."""
        cleaned = super().clean() or self.cleaned_data
        network = self.instance
        reads = self.user is not None and network.pk is not None and network.reads()
        if reads and not sees(self.user, network):
            raise ValidationError(
                "You may not view all rows that the nodes of this network read, and so may not "
                "change it. Ask for the permission to view them."
            )
        return cleaned


class ColumnForm(_ColumnForm):
    """A column of rows that ``user`` may view."""

    user: Any = None

    def clean(self) -> dict[str, Any]:
        """Refuse what the user may not view."""
        cleaned = super().clean() or self.cleaned_data
        content_type, lookup = cleaned.get("ref_model"), cleaned.get("ref_column")
        if self.user is None or content_type is None or not lookup:
            return cleaned
        source = Source(content_type=content_type, columns=[lookup])
        try:
            errors = unviewable(source, self.user)
        except ValidationError:  # its model is gone, which the column's own check says
            return cleaned
        for found in errors.values():
            for sentence in found:
                self.add_error("ref_column", sentence)
        return cleaned


class ColumnInline(_ColumnInline):
    model = BayesianNetworkNodeColumn
    form = ColumnForm
    extra = 0

    def get_formset(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Return the formset, told who fills it."""
        formset: Any = super().get_formset(request, *args, **kwargs)
        formset.form = type(formset.form.__name__, (formset.form,), {"user": request.user})
        return formset


class NodeInline(_NodeInline):
    """The nodes of a network in short; each has a page of its own for the rest."""

    model = BayesianNetworkNode
    fields = [
        "position",
        "name",
        "node_type",
        "is_observable",
        "distribution",
        "distribution_params",
        "deterministic",
        "deterministic_params",
    ]
    extra = 0
    show_change_link = True
    formfield_overrides = {
        models.TextField: {"widget": forms.Textarea({"rows": 2, "cols": 28})},
    }


class EdgeInline(_EdgeInline):
    model = BayesianNetworkEdge
    extra = 0

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer the nodes of this network only."""
        if db_field.name in ("parent", "child"):
            resolved = request.resolver_match
            network = resolved.kwargs.get("object_id") if resolved is not None else None
            kwargs["queryset"] = BayesianNetworkNode.objects.filter(network_id=network)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(BayesianNetwork)
class BayesianNetworkAdmin(StatisticalModelAdmin):
    """Networks: their settings, nodes and edges, and what is wrong with them."""

    form = NetworkForm
    list_display = ["name", "network_type", "results_storage", "state", "groups", "rows"]
    list_filter = []
    inlines = [NodeInline, EdgeInline]
    actions = [*StatisticalModelAdmin.actions, "new_seed", "add_missing_edges"]
    readonly_fields = [*StatisticalModelAdmin.readonly_fields, "network_state", "groups_found"]
    exclude = ["technique", "source"]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Return those of any statistical model, with what a network has in place of a source."""
        return [
            (None, {"fields": ["name", "description", "owner", "network_state"]}),
            *(
                (title, {**options, "fields": _without(options["fields"])})
                for title, options in super().get_fieldsets(request, obj)[1:]
            ),
            *(
                [("What was found", {"fields": ["groups_found"]})]
                if sees(request.user, obj)
                else []
            ),
        ]

    @admin.display(description="what is wrong")
    def network_state(self, network: BayesianNetwork) -> SafeString | str:
        """Return the problems of the network, and where it is seen."""
        if network.pk is None:
            return "Save the network, then add its nodes."
        problems = network.network_problems()
        sentences = " ".join(problem.sentence for problem in problems)
        told = sentences or "Nothing: it can be run."
        try:
            page = reverse("headwater:model", args=[network.pk])
        except NoReverseMatch:  # the console is not installed
            return told
        return format_html('{} <a href="{}">See its picture and what it found</a>', told, page)

    @admin.display(description="groups")
    def groups_found(self, network: BayesianNetwork) -> SafeString | str:
        """Return the groups of the current and of the previous inference, side by side."""
        from headwater.networks.found import runs_found

        runs = runs_found(network) if network.pk is not None else []
        if not runs:
            return "None yet."
        return render_to_string("headwater_networks/found.html", {"runs": runs})

    @admin.action(description="Draw a new random seed", permissions=["change"])
    def new_seed(self, request: HttpRequest, queryset: QuerySet[BayesianNetwork]) -> None:
        """Begin the random numbers of the chosen networks somewhere else."""
        for network in queryset:
            seed = secrets.randbelow(SEEDS)
            network.parameters = {**network.parameters, "random_state": seed}
            network.save(update_fields=["parameters", "updated_at"])
            self.log_change(request, network, f"New random seed: {seed}.")
            self.message_user(
                request,
                f"“{network}” begins its random numbers at {seed} from the next inference on.",
                messages.SUCCESS,
            )

    @admin.action(description="Add missing edges", permissions=["change"])
    def add_missing_edges(self, request: HttpRequest, queryset: QuerySet[BayesianNetwork]) -> None:
        """Add an edge wherever a node's parameters name another node and there is none."""
        from headwater.networks.edges import add_missing_edges

        for network in queryset:
            added = add_missing_edges(network)
            told = ", ".join(f"{parent} → {child}" for parent, child in added)
            self.message_user(
                request,
                f"“{network}” got {told}." if added else f"“{network}” lacks no edge.",
                messages.SUCCESS,
            )


def sees(user: Any, network: Any) -> bool:
    """Return whether ``user`` may view all rows that the network reads."""
    from headwater.learning.learn import source_of

    reads = network.reads() if network is not None and network.pk is not None else {}
    try:
        sources = [source_of(one) for one in (reads, *reads.get("also", []))] if reads else []
    except FitError:  # what it reads is gone, and its groups with it
        return False
    return bool(sources) and not any(unviewable(source, user) for source in sources)


def _without(fields: Any) -> list[Any]:
    return [field for field in fields if field not in ("technique", "source")]


@admin.register(BayesianNetworkNode)
class BayesianNetworkNodeAdmin(_NodeAdmin):
    list_display = ["name", "network", "node_type", "type", "params", "is_observable"]
    list_filter = ["network"]
    search_fields = ["name", "network__name"]
    inlines = [ColumnInline]
    fieldsets = [
        (None, {"fields": ["network", "name", "node_type", "position"]}),
        ("Stochastic", {"fields": ["distribution", "distribution_params"]}),
        ("Observed", {"fields": ["is_observable", "filter"]}),
        ("Deterministic", {"fields": ["deterministic", "deterministic_params"]}),
        ("Picture", {"fields": ["graph_interval"]}),
    ]
