"""The form of one node: what it is, its parameters, and the columns that it reads."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Max
from django.forms.utils import ErrorDict
from django.http import QueryDict

from headwater.console.choices import User, content_type_of, model_choices
from headwater.console.learning_form import read_filter
from headwater.console.networks.columns import (
    Column,
    by_model,
    further_columns,
    hidden_from,
    model_of,
    moved,
    shown_columns,
)
from headwater.console.networks.edges import add_implied_edges, rename_in_others
from headwater.console.networks.misread import Misread, misread
from headwater.console.technique_form import Checkboxes
from headwater.engines.network.language import FUNCTIONS, LanguageError, parse
from headwater.engines.network.node_types import NODE_TYPES, NodeType
from headwater.learning.chain import label_fields
from headwater.networks.functions import network_functions
from headwater.networks.models import (
    BayesianNetwork,
    BayesianNetworkNode,
    BayesianNetworkNodeColumn,
)
from headwater.networks.state import split
from headwater.sources.filters import filter_errors
from headwater.sources.kinds import ColumnError, resolve

GROUPS = (
    ("Stochastic: has a distribution", "stochastic"),
    ("Deterministic: computed from its parents", "deterministic"),
)


def type_choices() -> list[Any]:
    """Return what a node can be, stochastic ones first."""
    return [
        ("", "Choose …"),
        *(
            (
                title,
                [
                    (key, f"{key} – {one.label}")
                    for key, one in NODE_TYPES.items()
                    if one.kind == kind and one.buildable
                ],
            )
            for title, kind in GROUPS
        ),
    ]


def values_of(node: BayesianNetworkNode | None) -> dict[str, Any]:
    """Return what the form shows at first."""
    if node is None:
        return {"add_edges": True}
    return {
        "name": node.name,
        "type": node.type,
        "parameters": node.params,
        "filter": json.dumps(node.filter, ensure_ascii=False) if node.filter else "",
        "graph_interval": node.graph_interval,
        "add_edges": True,
    }


class NodeForm(forms.Form):
    """One node of ``network``. ``act`` changes what is shown; only ``save`` saves."""

    name = forms.CharField(
        max_length=50,
        help_text="How other nodes call it, such as “mu”: letters, digits and underscores.",
        widget=forms.TextInput(
            {"class": "form-control hw-code", "autocomplete": "off", "spellcheck": "false"}
        ),
    )
    type = forms.ChoiceField(
        label="What it is",
        choices=type_choices,
        widget=forms.Select({"class": "form-select"}),
        error_messages={"required": "Choose a distribution or a function."},
    )
    parameters = forms.CharField(
        required=False,
        strip=False,
        widget=forms.Textarea(
            {
                "class": "form-control hw-code",
                "rows": 2,
                "spellcheck": "false",
                "autocapitalize": "off",
                "autocomplete": "off",
            }
        ),
    )
    rows_of = forms.ChoiceField(
        label="Columns of",
        required=False,
        widget=forms.Select({"class": "form-select"}),
        help_text="Models whose rows you may view.",
    )
    more = forms.MultipleChoiceField(label="Columns to read", required=False, widget=Checkboxes())
    filter = forms.CharField(
        label="Only rows where",
        required=False,
        help_text='Lookups that a row must meet, as JSON: {"is_active": true}. Empty: all rows.',
        widget=forms.Textarea({"class": "form-control hw-code", "rows": 2, "spellcheck": "false"}),
    )
    graph_interval = forms.CharField(
        label="Draw its density from, to",
        required=False,
        max_length=60,
        help_text="Such as “5, 15”. Empty: chosen by itself.",
        widget=forms.TextInput({"class": "form-control hw-number-input hw-code"}),
    )
    add_edges = forms.BooleanField(
        label="Add the edges that its parameters ask for",
        required=False,
        help_text="A node that is named in the parameters is a parent, so an edge leads from it.",
    )

    def __init__(
        self,
        data: QueryDict | None,
        *,
        user: User,
        network: BayesianNetwork,
        instance: BayesianNetworkNode | None = None,
    ) -> None:
        values = values_of(instance)
        super().__init__(data, initial=values)
        self.user, self.network, self.instance = user, network, instance
        self.misread: Misread | None = None
        labels = (
            [column.label for column in instance.columns.all()]
            if instance is not None and data is None
            else (data.getlist("columns") if data is not None else [])
        )
        self.labels: list[str] = [label for label in dict.fromkeys(labels) if label.count(".") >= 2]
        """The columns that are read now, in order."""
        self._offer_columns()

    def _offer_columns(self) -> None:
        choices = model_choices(self.user)
        known = [value for _, group in choices for value, _ in group]
        shown = self["rows_of"].value() if self.is_bound else ""
        if shown not in known:
            shown = self._usual_model(known)
        self.rows_chosen = shown
        if self.is_bound and shown != self.data.get("rows_of"):
            changed = self.data.copy()  # type: ignore[attr-defined]
            changed["rows_of"] = shown
            self.data = changed
        self.initial["rows_of"] = shown
        self.fields["rows_of"].choices = [("", "Choose …"), *choices]  # type: ignore[attr-defined]
        content_type = content_type_of(shown) if shown else None
        further = further_columns(
            self.user, content_type.model_class() if content_type else None, self.labels
        )
        field: Any = self.fields["more"]
        field.choices = [(label, lookup) for label, lookup, _ in further]
        field.widget.notes = {label: note for label, _, note in further}

    def _usual_model(self, known: list[str]) -> str:
        """Return the model to offer first: the one read here, or in this network, or the only."""
        read = [split(label)[0].lower() for label in self.labels]
        read += [
            f"{app}.{name}"
            for app, name in BayesianNetworkNodeColumn.objects.filter(
                node__network=self.network
            ).values_list("ref_model__app_label", "ref_model__model")
        ]
        fitting = [label for label in read if label in known]
        return fitting[0] if fitting else known[0] if len(known) == 1 else ""

    @classmethod
    def acted(
        cls,
        data: QueryDict,
        act: str,
        *,
        user: User,
        network: BayesianNetwork,
        instance: BayesianNetworkNode | None,
    ) -> NodeForm:
        """Return the form after ``act``, with all that was written, and no complaints yet."""
        changed = data.copy()
        labels = [label for label in data.getlist("columns") if label.count(".") >= 2]
        verb, _, where = act.partition(":")
        index = int(where) if where.isascii() and where.isdecimal() else -1
        if verb == "add":
            labels += [label for label in data.getlist("more") if label not in labels]
            changed.setlist("more", [])
        elif verb in ("up", "down"):
            labels = moved(labels, index, -1 if verb == "up" else 1)
        elif verb == "remove" and 0 <= index < len(labels):
            labels.pop(index)
        elif verb == "example" and (known := NODE_TYPES.get(data.get("type", ""))):
            changed["parameters"] = known.example
        changed.setlist("columns", labels)
        form = cls(changed, user=user, network=network, instance=instance)
        form._errors = ErrorDict()  # type: ignore[attr-defined]
        return form

    # --- what the page shows ---

    @property
    def node_type(self) -> NodeType | None:
        """What was chosen."""
        return NODE_TYPES.get(str(self["type"].value() or ""))

    @property
    def columns(self) -> list[Column]:
        """The columns that are read now, with their words."""
        return shown_columns(self.labels)

    @property
    def others(self) -> list[BayesianNetworkNode]:
        """The other nodes, whose names may be used."""
        nodes = self.network.nodes.all()
        return [node for node in nodes if self.instance is None or node.pk != self.instance.pk]

    @property
    def functions(self) -> list[str]:
        """The functions that parameters may call."""
        return [*FUNCTIONS, *network_functions()]

    @property
    def column_errors(self) -> list[str]:
        """What is wrong with the columns."""
        return [str(one) for one in self.errors.get("more", [])] if self.is_bound else []

    # --- judging and saving ---

    def clean_name(self) -> str:
        """Refuse what is no name, and a name that another node has."""
        name: str = self.cleaned_data["name"]
        BayesianNetworkNode._meta.get_field("name").run_validators(name)
        taken = self.network.nodes.filter(name=name)
        if self.instance is not None:
            taken = taken.exclude(pk=self.instance.pk)
        if taken.exists():
            raise ValidationError(f"The network has a node “{name}” already.")
        return name

    def clean_parameters(self) -> str:
        """Refuse what cannot be read, and say at which character."""
        text: str = self.cleaned_data["parameters"].strip()
        try:
            parse(text)
        except LanguageError as error:
            self.misread = misread(text, error.position)
            raise ValidationError(str(error)) from None
        return text

    def clean_filter(self) -> dict[str, Any]:
        """Return the filter as a mapping."""
        return read_filter(self.cleaned_data["filter"])

    def clean(self) -> dict[str, Any]:
        """Let the node and its columns judge, each error at its field."""
        cleaned = self.cleaned_data
        known = NODE_TYPES.get(cleaned.get("type", ""))
        self.labels += [label for label in cleaned.get("more", []) if label not in self.labels]
        if known is None:
            return cleaned
        if self.labels and not known.observable:
            self.add_error(
                "more",
                f"{known.key} cannot observe columns. Remove them, or choose something else for "
                "the node to be.",
            )
        self._judge_columns(cleaned.get("filter"))
        if "name" not in cleaned or "parameters" not in cleaned or "filter" not in cleaned:
            return cleaned
        self.result = self._result(cleaned, known)
        if not self.errors:
            self._judge_node()
        return cleaned

    def _judge_columns(self, condition: dict[str, Any] | None) -> None:
        kept = {column.label for column in self.instance.columns.all()} if self.instance else set()
        for of, lookups in by_model(self.labels).items():
            model = model_of(of)
            if model is None:
                self.add_error("more", f"The model “{of}” is not installed any more. Remove it.")
                continue
            for lookup in lookups:
                try:
                    resolve(model, lookup, labels=label_fields())
                except ColumnError as error:
                    self.add_error("more", str(error))
            for sentence in filter_errors(model, condition or {}):
                self.add_error("filter", sentence)
        if condition and not self.labels:
            self.add_error("filter", "A filter chooses among rows; give the node columns to read.")
        # Columns that somebody else may view and chose stay, unless what is asked of them changes.
        same = self.instance is not None and condition == self.instance.filter
        asked = [label for label in self.labels if label not in kept] if same else self.labels
        for place, sentence in hidden_from(self.user, asked, condition or {}):
            self.add_error("more" if place == "columns" else "filter", sentence)

    def _result(self, cleaned: dict[str, Any], known: NodeType) -> BayesianNetworkNode:
        node = self.instance or BayesianNetworkNode(network=self.network)
        self.name_before = node.name
        stochastic = known.kind == "stochastic"
        node.name = cleaned["name"]
        node.node_type = known.kind
        node.distribution, node.distribution_params = (
            (known.key, cleaned["parameters"]) if stochastic else ("", "")
        )
        node.deterministic, node.deterministic_params = (
            ("", "") if stochastic else (known.key, cleaned["parameters"])
        )
        node.is_observable = bool(self.labels)
        node.filter = cleaned["filter"]
        node.graph_interval = cleaned.get("graph_interval", "")
        return node

    def _judge_node(self) -> None:
        names = {
            "distribution": "type",
            "deterministic": "type",
            "distribution_params": "parameters",
            "deterministic_params": "parameters",
            "is_observable": "more",
        }
        try:
            self.result.full_clean(exclude=["network"], validate_constraints=False)
        except ValidationError as error:
            for name, sentences in error.message_dict.items():
                place = names.get(name, name)
                for sentence in sentences:
                    self.add_error(place if place in self.fields else None, sentence)

    def save(self) -> tuple[BayesianNetworkNode, list[str]]:
        """Save node, columns and edges; return the node, and what else was done, as sentences."""
        node = self.result
        done: list[str] = []
        with transaction.atomic():
            if node.pk is None:
                last = self.network.nodes.aggregate(last=Max("position"))["last"]
                node.position = 0 if last is None else last + 1
            node.save()
            if [column.label for column in node.columns.all()] != self.labels:
                node.columns.all().delete()
                for position, label in enumerate(self.labels):
                    of, lookup = split(label)
                    model: type[models.Model] = apps.get_model(of)
                    node.columns.create(
                        ref_model=ContentType.objects.get_for_model(
                            model, for_concrete_model=False
                        ),
                        ref_column=lookup,
                        position=position,
                    )
            if self.name_before and self.name_before != node.name:
                renamed = rename_in_others(self.network, self.name_before, node.name)
                if renamed:
                    done.append(f"Its new name was also written in {', '.join(renamed)}.")
            if self.cleaned_data["add_edges"]:
                added = add_implied_edges(self.network, node.name)
                if added:
                    done.append(f"Added {', '.join(f'{a} → {b}' for a, b in added)}.")
        return node, done
