"""The form of a network's settings; its nodes and edges have their own pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db import transaction
from django.http import QueryDict

from headwater.console.automation_form import automation_values, set_automation
from headwater.console.choices import User, target_choices
from headwater.console.learning_form import LearningForm, prefixed
from headwater.console.networks.columns import model_of
from headwater.console.networks.examples import EXAMPLES
from headwater.console.technique_form import OF_ENCODING, OF_TECHNIQUE, parameter_field
from headwater.engines.catalog import ENCODING, TECHNIQUES
from headwater.networks.models import AS_THEY_ARE, TECHNIQUE, BayesianNetwork
from headwater.networks.restate import restate

TYPE = f"{OF_TECHNIQUE}network_type"


def values_of(network: BayesianNetwork | None) -> dict[str, Any]:
    """Return what the form shows at first."""
    values: dict[str, Any] = {"engine_meta_iterations": 1, "engine_iterations": 1000}
    given: Mapping[str, Any] = {}
    encoding: Mapping[str, Any] = AS_THEY_ARE
    if network is not None:
        given, encoding = network.parameters, network.encoding
        values = {
            name: getattr(network, name)
            for name in (
                "name",
                "description",
                "results_storage",
                "engine_meta_iterations",
                "engine_iterations",
            )
        }
    values |= automation_values(network)
    values |= prefixed(OF_TECHNIQUE, TECHNIQUES[TECHNIQUE].parameters, given)
    return values | prefixed(OF_ENCODING, ENCODING, encoding)


class NetworkForm(LearningForm):
    """What a network is called, how it is inferred, and where letters go."""

    example = forms.ChoiceField(
        label="Begin with",
        required=False,
        choices=[
            ("", "No nodes: I state it myself"),
            *((one.key, f"{one.label}: {one.answers}") for one in EXAMPLES.values()),
        ],
        widget=forms.RadioSelect,
        help_text="An example brings nodes and edges. Which columns it reads is said afterwards.",
    )
    results_storage = forms.ChoiceField(
        label="Field that takes the letters",
        required=False,
        widget=forms.Select({"class": "form-select"}),
        help_text="Only for a clustering network: a text field of the model whose rows it groups, "
        "which you may change. What it holds now is replaced.",
    )

    def __init__(
        self, data: QueryDict | None, *, user: User, instance: BayesianNetwork | None = None
    ) -> None:
        super().__init__(data, initial=values_of(instance))
        self.user, self.instance = user, instance
        self.technique = TECHNIQUES[TECHNIQUE]
        reads = instance.reads() if instance is not None else {}
        for parameter in self.technique.parameters:
            self.fields[OF_TECHNIQUE + parameter.name] = parameter_field(parameter, [])
        for parameter in ENCODING:
            columns = list(reads.get("columns", []))
            self.fields[OF_ENCODING + parameter.name] = parameter_field(parameter, columns)
        if instance is None:
            del self.fields["results_storage"]
        else:
            del self.fields["example"]
            self._offer_targets(instance, reads)

    def _offer_targets(self, network: BayesianNetwork, reads: Mapping[str, Any]) -> None:
        model = model_of(reads.get("model", ""))
        targets = target_choices(self.user, model) if model is not None else []
        fields = {target.value: target.label for target in targets}
        if network.results_storage and network.results_storage not in fields:
            fields[network.results_storage] = f"{network.results_storage} (as before)"
        self.fields["results_storage"].choices = [  # type: ignore[attr-defined]
            ("", "None: keep the result in the history only"),
            *fields.items(),
        ]

    # --- what the page shows ---

    @property
    def type_field(self) -> forms.BoundField:
        """The type of the network."""
        return self[TYPE]

    @property
    def plain_parameters(self) -> list[forms.BoundField]:
        """Fields of parameters that everybody should see, without the type."""
        return self._bound(advanced=False)

    @property
    def advanced_parameters(self) -> list[forms.BoundField]:
        """Fields of parameters that are folded away."""
        return self._bound(advanced=True)

    def _bound(self, *, advanced: bool) -> list[forms.BoundField]:
        names = [OF_TECHNIQUE + p.name for p in self.technique.parameters if p.advanced is advanced]
        return [self[name] for name in names if name != TYPE]

    @property
    def encoding_fields(self) -> list[forms.BoundField]:
        """Fields of how columns are prepared."""
        fields = [self[OF_ENCODING + parameter.name] for parameter in ENCODING]
        return [field for field in fields if getattr(field.field, "choices", True)]

    @property
    def folded_has_errors(self) -> bool:
        """Whether a folded field needs to be seen."""
        return any(field.errors for field in [*self.advanced_parameters, *self.encoding_fields])

    # --- judging and saving ---

    def clean(self) -> dict[str, Any]:
        """Let the catalog and the network judge, each error at its field."""
        cleaned = self.cleaned_data
        parameters = self.declared(OF_TECHNIQUE, self.technique.parameters)
        encoding = self.declared(OF_ENCODING, ENCODING)
        if self.errors:
            return cleaned
        example = EXAMPLES.get(cleaned.get("example", ""))
        if example is not None:
            parameters["network_type"] = example.definition.network_type
        network = self.instance or BayesianNetwork(owner_id=self.user.pk)
        for name in ("name", "description", "engine_meta_iterations", "engine_iterations"):
            setattr(network, name, cleaned[name])
        network.results_storage = cleaned.get("results_storage", network.results_storage)
        network.parameters, network.encoding = parameters, encoding
        set_automation(network, cleaned)
        self.result = network
        self.judge(network, exclude=["source"])
        return cleaned

    def save(self) -> BayesianNetwork:
        """Save the network, with the nodes of the example it begins with, and return it."""
        with transaction.atomic():
            self.result.save()
            example = EXAMPLES.get(self.cleaned_data.get("example", ""))
            if example is not None:
                restate(self.result, example.definition, observed=example.observed)
        return self.result
