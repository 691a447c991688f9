"""The form of one edge."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from headwater.networks.models import BayesianNetwork, BayesianNetworkEdge


class EdgeForm(forms.Form):
    """An edge from one node of ``network`` to another."""

    parent = forms.ChoiceField(label="From", widget=forms.Select({"class": "form-select"}))
    child = forms.ChoiceField(label="To", widget=forms.Select({"class": "form-select"}))
    description = forms.CharField(
        label="Why",
        required=False,
        max_length=100,
        widget=forms.TextInput({"class": "form-control", "autocomplete": "off"}),
    )

    def __init__(self, data: QueryDict | None, *, network: BayesianNetwork) -> None:
        super().__init__(data)
        self.network = network
        nodes = [(str(node.pk), node.name) for node in network.nodes.all()]
        for name in ("parent", "child"):
            field: Any = self.fields[name]
            field.choices = [("", "Choose …"), *nodes]
            field.error_messages["required"] = "Choose a node."
            field.error_messages["invalid_choice"] = "Choose a node of this network."

    def clean(self) -> dict[str, Any]:
        """Let the edge judge."""
        cleaned = self.cleaned_data
        if "parent" in cleaned and "child" in cleaned:
            self.result = BayesianNetworkEdge(
                network=self.network,
                parent_id=int(cleaned["parent"]),
                child_id=int(cleaned["child"]),
                description=cleaned.get("description", ""),
            )
            try:
                self.result.full_clean(exclude=["network"])
            except ValidationError as error:
                for name, sentences in error.message_dict.items():
                    for sentence in sentences:
                        self.add_error(name if name in self.fields else "child", sentence)
        return cleaned

    def save(self) -> BayesianNetworkEdge:
        """Save the edge and return it."""
        self.result.save()
        return self.result
