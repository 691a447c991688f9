import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

import headwater.networks.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        ("headwater_learning", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="BayesianNetwork",
            fields=[],
            options={
                "verbose_name": "Bayesian network",
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("headwater_learning.statisticalmodel",),
        ),
        migrations.CreateModel(
            name="BayesianNetworkNode",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        help_text="How other nodes call it, such as “mu”.",
                        max_length=50,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[A-Za-z][A-Za-z0-9_]*\\Z",
                                "A node's name begins with a letter and holds letters, digits and underscores.",
                            )
                        ],
                    ),
                ),
                (
                    "node_type",
                    models.CharField(
                        choices=[
                            ("stochastic", "Stochastic: has a distribution"),
                            ("deterministic", "Deterministic: computed from its parents"),
                        ],
                        default="stochastic",
                        max_length=15,
                    ),
                ),
                (
                    "is_observable",
                    models.BooleanField(
                        default=False,
                        help_text="Whether columns give its values.",
                        verbose_name="observed",
                    ),
                ),
                (
                    "distribution",
                    models.CharField(
                        blank=True,
                        choices=headwater.networks.models.distribution_choices,
                        max_length=30,
                    ),
                ),
                (
                    "distribution_params",
                    models.TextField(
                        blank=True,
                        help_text="Such as “0, 1e-6” or “mu, tau” or “numpy.full(10, 1e-05)”.",
                        verbose_name="its parameters",
                    ),
                ),
                (
                    "deterministic",
                    models.CharField(
                        blank=True,
                        choices=headwater.networks.models.deterministic_choices,
                        max_length=30,
                        verbose_name="function",
                    ),
                ),
                (
                    "deterministic_params",
                    models.TextField(blank=True, verbose_name="its arguments"),
                ),
                (
                    "graph_interval",
                    models.CharField(
                        blank=True,
                        help_text="From where to where its density is drawn: “low, high”. Empty: chosen by itself.",
                        max_length=60,
                    ),
                ),
                (
                    "filter",
                    models.JSONField(
                        blank=True,
                        default=dict,
                        help_text="Lookups that an observed row must meet. Empty: all rows.",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "network",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="nodes",
                        to="headwater_networks.bayesiannetwork",
                    ),
                ),
            ],
            options={
                "verbose_name": "node",
                "ordering": ["position", "pk"],
            },
        ),
        migrations.CreateModel(
            name="BayesianNetworkEdge",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("description", models.CharField(blank=True, max_length=100)),
                (
                    "child",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="edges_in",
                        to="headwater_networks.bayesiannetworknode",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="edges_out",
                        to="headwater_networks.bayesiannetworknode",
                    ),
                ),
                (
                    "network",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="edges",
                        to="headwater_networks.bayesiannetwork",
                    ),
                ),
            ],
            options={
                "verbose_name": "edge",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="BayesianNetworkNodeColumn",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "ref_column",
                    models.CharField(
                        help_text="Field lookup, such as “age” or “profile__age”.",
                        max_length=200,
                        verbose_name="column",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "node",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="columns",
                        to="headwater_networks.bayesiannetworknode",
                    ),
                ),
                (
                    "ref_model",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="contenttypes.contenttype",
                        verbose_name="model",
                    ),
                ),
            ],
            options={
                "verbose_name": "column of a node",
                "verbose_name_plural": "columns of a node",
                "ordering": ["position", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("node", "ref_model", "ref_column"),
                        name="headwater_node_column_once",
                        violation_error_message="The node reads this column already.",
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="bayesiannetworknode",
            constraint=models.UniqueConstraint(
                fields=("network", "name"),
                name="headwater_node_name_once",
                violation_error_message="The network has a node of that name already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="bayesiannetworkedge",
            constraint=models.UniqueConstraint(
                fields=("parent", "child"),
                name="headwater_edge_once",
                violation_error_message="There is such an edge already.",
            ),
        ),
    ]
