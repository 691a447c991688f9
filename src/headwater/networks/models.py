"""BayesianNetwork: a statistical model stated as nodes and edges. Node, edge, column: its rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models

from headwater.engines.network.node_types import NODE_TYPES
from headwater.learning.models import Fit, StatisticalModel

if TYPE_CHECKING:
    from headwater.engines.network.check import Problem
    from headwater.engines.network.definition import Definition
    from headwater.learning.describe import Learned
    from headwater.learning.reporter import Reporter

TECHNIQUE = "bayesian_network"
AS_THEY_ARE = {"scale": "none", "missing": "refuse"}
"""How columns reach a network unless it says otherwise: its priors are in their own units."""


class BayesianNetworkManager(models.Manager["BayesianNetwork"]):
    """The statistical models that are networks."""

    def get_queryset(self) -> models.QuerySet[BayesianNetwork]:
        """Return the networks only."""
        return super().get_queryset().filter(technique=TECHNIQUE)


class BayesianNetwork(StatisticalModel):
    """A Bayesian network: nodes, edges, and what the observed nodes read.

    >>> network = BayesianNetwork.objects.get(name="BN1 (Example)")  # doctest: +SKIP
    >>> network.perform_inference(recalculate=True)  # doctest: +SKIP
    >>> network.engine_object["mu"].get_moments()[0]  # doctest: +SKIP
    """

    family = "network"

    objects = BayesianNetworkManager()  # type: ignore[assignment, misc]

    class Meta:
        proxy = True
        verbose_name = "Bayesian network"

    def __init__(self, *values: Any, **named: Any) -> None:
        if not values:  # made by a person or by code, not read from the database
            named.setdefault("technique", TECHNIQUE)
            named.setdefault("encoding", dict(AS_THEY_ARE))
        super().__init__(*values, **named)

    @property
    def network_type(self) -> str:
        """“general”, or “clustering” where its mixture gives each row a group."""
        return str((self.parameters or {}).get("network_type", "general"))

    @network_type.setter
    def network_type(self, value: str) -> None:
        self.parameters = {**(self.parameters or {}), "network_type": value}

    # what it is

    def stated(self) -> Definition:
        """Return the network as its rows state it now."""
        from headwater.networks.state import stated

        return stated(self)

    def definition(self) -> dict[str, Any]:
        """Return what a fit keeps of the network: see ``headwater.networks.state``."""
        from headwater.networks.state import definition

        return definition(self)

    def reads(self) -> dict[str, Any]:
        """Return what the observed nodes read; the node that is grouped or modelled comes first."""
        from headwater.networks.state import reads

        return reads(self)

    def problems(self) -> dict[str, list[str]]:
        """Return what is wrong with the settings; ``network_problems`` judges the nodes."""
        from headwater.networks.validate import validate_network

        return validate_network(self)

    def network_problems(self) -> list[Problem]:
        """Return what is wrong with nodes and edges, in their order; empty: it can be run."""
        from headwater.networks.validate import network_problems

        return network_problems(self.definition())

    def learn(self, fit: Fit, reporter: Reporter) -> Learned:
        """Infer the network as ``fit`` has it, in memory."""
        from headwater.networks.learn import learn

        return learn(fit, reporter)

    # what it has learned

    @property
    def engine_object(self) -> Any:
        """What was inferred: ``engine_object["mu"].get_moments()``; None before the first fit.

        Raises ``DefinitionChanged`` where nodes, edges, which rows are read or how columns are
        prepared were changed since: the posterior belongs to the network as it was.
        """
        from headwater.networks.state import require_unchanged

        engine = StatisticalModel.engine_object.fget(self)  # type: ignore[attr-defined]
        if engine is not None:
            require_unchanged(self, engine.posterior)
        return engine

    def assign_cluster(
        self, observation: Sequence[object] | Mapping[str, object] | models.Model
    ) -> str:
        """Return the letter of the group of one row.

        A sequence gives the values in the order of the observed columns; else as ``assign``.
        """
        from headwater.networks.assign_cluster import assign_cluster

        return assign_cluster(self, observation)

    def typical_interval(self, *, deviations: float = 2.0) -> tuple[float, float]:
        """Return the values within so many standard deviations of the posterior predictive."""
        from headwater.networks.atypical import typical_interval

        return typical_interval(self, deviations=deviations)

    def is_atypical(self, value: float | None, *, deviations: float = 2.0) -> bool:
        """Return whether ``value`` lies outside of ``typical_interval``; None and NaN do not."""
        from headwater.networks.atypical import is_atypical

        return is_atypical(self, value, deviations=deviations)


def distribution_choices() -> list[tuple[str, str]]:
    """Return the distributions that a stochastic node may have."""
    return [(key, one.label) for key, one in NODE_TYPES.items() if one.kind == "stochastic"]


def deterministic_choices() -> list[tuple[str, str]]:
    """Return the functions that a deterministic node may be."""
    return [(key, one.label) for key, one in NODE_TYPES.items() if one.kind == "deterministic"]


class NodeKind(models.TextChoices):
    STOCHASTIC = "stochastic", "Stochastic: has a distribution"
    DETERMINISTIC = "deterministic", "Deterministic: computed from its parents"


class BayesianNetworkNode(models.Model):
    """One node of a network."""

    network = models.ForeignKey(BayesianNetwork, on_delete=models.CASCADE, related_name="nodes")
    name = models.CharField(
        max_length=50,
        validators=[
            RegexValidator(
                r"\A[A-Za-z][A-Za-z0-9_]*\Z",
                "A node's name begins with a letter and holds letters, digits and underscores.",
            )
        ],
        help_text="How other nodes call it, such as “mu”.",
    )
    node_type = models.CharField(
        max_length=15, choices=NodeKind.choices, default=NodeKind.STOCHASTIC
    )
    is_observable = models.BooleanField(
        "observed", default=False, help_text="Whether columns give its values."
    )
    distribution = models.CharField(max_length=30, blank=True, choices=distribution_choices)
    distribution_params = models.TextField(
        "its parameters",
        blank=True,
        help_text="Such as “0, 1e-6” or “mu, tau” or “numpy.full(10, 1e-05)”.",
    )
    deterministic = models.CharField(
        "function", max_length=30, blank=True, choices=deterministic_choices
    )
    deterministic_params = models.TextField("its arguments", blank=True)
    graph_interval = models.CharField(
        max_length=60,
        blank=True,
        help_text="From where to where its density is drawn: “low, high”. Empty: chosen by itself.",
    )
    filter = models.JSONField(
        default=dict,
        blank=True,
        help_text="Lookups that an observed row must meet. Empty: all rows.",
    )
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = "node"
        constraints = [
            models.UniqueConstraint(
                fields=["network", "name"],
                name="headwater_node_name_once",
                violation_error_message="The network has a node of that name already.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse what does not belong to the kind of node, what is missing, what cannot be read."""
        from headwater.networks.validate import node_errors

        errors = node_errors(self)
        if errors:
            raise ValidationError(errors)

    @property
    def type(self) -> str:
        """Its distribution or function."""
        return self.distribution if self.node_type == NodeKind.STOCHASTIC else self.deterministic

    @property
    def params(self) -> str:
        """The text of its parameters or arguments."""
        if self.node_type == NodeKind.STOCHASTIC:
            return self.distribution_params
        return self.deterministic_params


class BayesianNetworkEdge(models.Model):
    """One edge: the child depends on the parent."""

    network = models.ForeignKey(BayesianNetwork, on_delete=models.CASCADE, related_name="edges")
    description = models.CharField(max_length=100, blank=True)
    parent = models.ForeignKey(
        BayesianNetworkNode, on_delete=models.CASCADE, related_name="edges_out"
    )
    child = models.ForeignKey(
        BayesianNetworkNode, on_delete=models.CASCADE, related_name="edges_in"
    )

    class Meta:
        ordering = ["pk"]
        verbose_name = "edge"
        constraints = [
            models.UniqueConstraint(
                fields=["parent", "child"],
                name="headwater_edge_once",
                violation_error_message="There is such an edge already.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.parent} → {self.child}"

    def clean(self) -> None:
        """Refuse edges between networks, and from a node to itself."""
        from headwater.networks.validate import edge_errors

        errors = edge_errors(self)
        if errors:
            raise ValidationError(errors)


class BayesianNetworkNodeColumn(models.Model):
    """A column of a Django model that an observed node reads."""

    node = models.ForeignKey(BayesianNetworkNode, on_delete=models.CASCADE, related_name="columns")
    ref_model = models.ForeignKey(
        ContentType, on_delete=models.CASCADE, related_name="+", verbose_name="model"
    )
    ref_column = models.CharField(
        "column", max_length=200, help_text="Field lookup, such as “age” or “profile__age”."
    )
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = "column of a node"
        verbose_name_plural = "columns of a node"
        constraints = [
            models.UniqueConstraint(
                fields=["node", "ref_model", "ref_column"],
                name="headwater_node_column_once",
                violation_error_message="The node reads this column already.",
            )
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """“app_label.Model.lookup”."""
        model = self.ref_model.model_class()
        named = f"{self.ref_model.app_label}.{self.ref_model.model}"
        return f"{model._meta.label if model else named}.{self.ref_column}"

    def clean(self) -> None:
        """Refuse columns that cannot be learned from."""
        from headwater.networks.validate import column_errors

        errors = column_errors(self)
        if errors:
            raise ValidationError(errors)
