import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import headwater.learning.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("headwater_sources", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Fit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("queued", "Waiting"),
                            ("running", "Running"),
                            ("succeeded", "Succeeded"),
                            ("failed", "Failed"),
                            ("cancelled", "Cancelled"),
                        ],
                        db_index=True,
                        default="queued",
                        max_length=10,
                    ),
                ),
                ("requested_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("asked", "Asked for"),
                            ("code", "Asked for by code"),
                            ("threshold", "The counter reached its threshold"),
                            ("schedule", "By schedule"),
                            ("chain", "A column that it learns from was learned anew"),
                        ],
                        default="code",
                        max_length=10,
                    ),
                ),
                ("reason_detail", models.CharField(blank=True, max_length=300)),
                ("started_at", models.DateTimeField(blank=True, null=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("lease_expires_at", models.DateTimeField(blank=True, null=True)),
                ("cancel_requested", models.BooleanField(default=False)),
                ("progress", models.JSONField(blank=True, default=dict)),
                ("error", models.TextField(blank=True)),
                ("technique", models.CharField(max_length=50)),
                ("parameters", models.JSONField(default=dict)),
                ("encoding", models.JSONField(default=dict)),
                ("source", models.JSONField(default=dict)),
                ("definition", models.JSONField(blank=True, default=dict)),
                ("results_storage", models.CharField(blank=True, max_length=200)),
                ("engine_meta_iterations", models.PositiveIntegerField(default=1)),
                ("engine_iterations", models.PositiveIntegerField(default=1000)),
                ("n_rows", models.PositiveBigIntegerField(blank=True, null=True)),
                ("n_groups", models.PositiveIntegerField(blank=True, null=True)),
                ("scores", models.JSONField(default=dict)),
                ("trace", models.JSONField(default=dict)),
                ("summary", models.JSONField(default=dict)),
                ("written", models.JSONField(default=dict)),
                ("artifact", models.BinaryField(null=True)),
                ("artifact_digest", models.CharField(blank=True, max_length=64)),
                (
                    "requested_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("packed", models.BinaryField()),
                (
                    "fit",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="membership",
                        to="headwater_learning.fit",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="StatisticalModel",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100, unique=True)),
                ("description", models.TextField(blank=True)),
                (
                    "technique",
                    models.CharField(
                        choices=headwater.learning.models.technique_choices, max_length=50
                    ),
                ),
                (
                    "parameters",
                    models.JSONField(
                        blank=True,
                        default=dict,
                        help_text="Settings of the technique. Empty: its defaults.",
                    ),
                ),
                (
                    "encoding",
                    models.JSONField(
                        blank=True,
                        default=dict,
                        help_text="How columns become numbers. Empty: the defaults.",
                    ),
                ),
                (
                    "results_storage",
                    models.CharField(
                        blank=True,
                        help_text="Field that takes the labels: dmf:app_label.Model.field. Empty: none.",
                        max_length=200,
                    ),
                ),
                (
                    "engine_meta_iterations",
                    models.PositiveIntegerField(
                        default=1,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="restarts",
                    ),
                ),
                (
                    "engine_iterations",
                    models.PositiveIntegerField(
                        default=1000,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="iterations at most",
                    ),
                ),
                (
                    "counter",
                    models.PositiveBigIntegerField(
                        default=0,
                        help_text="What has happened since the last fit: new rows, new measurements.",
                    ),
                ),
                (
                    "counter_threshold",
                    models.PositiveBigIntegerField(
                        blank=True,
                        help_text="Counter at which the actions are taken. Empty: off.",
                        null=True,
                        validators=[django.core.validators.MinValueValidator(1)],
                    ),
                ),
                (
                    "threshold_actions",
                    models.CharField(
                        blank=True,
                        help_text="What to do at the threshold: :recalculate fits again in the background.",
                        max_length=200,
                    ),
                ),
                (
                    "recalculate",
                    models.CharField(
                        choices=[
                            ("manual", "Only when somebody asks"),
                            ("hourly", "Every hour"),
                            ("daily", "Every day"),
                            ("weekly", "Every week"),
                        ],
                        default="manual",
                        help_text="With a threshold: only where the counter has reached it by then.",
                        max_length=10,
                        verbose_name="recalculated",
                    ),
                ),
                (
                    "recalculate_at",
                    models.TimeField(
                        blank=True,
                        help_text="Time of the day, in the site's time zone, from which a fit is due. Hourly fits take its minutes, weekly ones fall on Mondays. Empty: midnight, or the full hour.",
                        null=True,
                        verbose_name="at",
                    ),
                ),
                ("scheduled_at", models.DateTimeField(editable=False, null=True)),
                ("letters", models.JSONField(default=list, editable=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "current_fit",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="headwater_learning.fit",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        help_text="Rows to learn from. A Bayesian network has none: its nodes say what they read.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="statistical_models",
                        to="headwater_sources.source",
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
                "permissions": [("run_inference", "Can run inference")],
            },
        ),
        migrations.AddField(
            model_name="fit",
            name="model",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="fits",
                to="headwater_learning.statisticalmodel",
            ),
        ),
        migrations.CreateModel(
            name="Clustering",
            fields=[],
            options={
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("headwater_learning.statisticalmodel",),
        ),
        migrations.AddConstraint(
            model_name="fit",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status__in", ["queued", "running"])),
                fields=("model",),
                name="headwater_one_unfinished_fit_per_model",
            ),
        ),
    ]
