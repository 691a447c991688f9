"""StatisticalModel: what to learn, and the proxies of its families."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from headwater.engines.catalog import TECHNIQUES
from headwater.sources.models import Dataset, Source

if TYPE_CHECKING:
    from headwater.learning.describe import Learned
    from headwater.learning.models.fit import Fit
    from headwater.learning.pending import Assigned
    from headwater.learning.reporter import Reporter


def technique_choices() -> list[tuple[str, str]]:
    """Return the catalog as choices of a form field."""
    return [(key, technique.label) for key, technique in TECHNIQUES.items()]


SET_BY_FITS = frozenset({"current_fit", "letters", "counter", "scheduled_at"})
"""Fields that a fit, a counting or the schedule sets; saving a form never does."""


class Recalculation(models.TextChoices):
    """How often a model is fitted again by the schedule."""

    MANUAL = "manual", "Only when somebody asks"
    HOURLY = "hourly", "Every hour"
    DAILY = "daily", "Every day"
    WEEKLY = "weekly", "Every week"


RECALCULATE = ":recalculate"
"""The action that asks for a fit in the background."""


def with_its_dataset(collector: Any, field: Any, rows: Any, using: str) -> None:
    """Let models of a dataset go with it; protect the sources of all others."""
    of_dataset: Any = [row for row in rows if row.source.dataset_id is not None]
    others: Any = [row for row in rows if row.source.dataset_id is None]
    if of_dataset:
        models.CASCADE(collector, field, of_dataset, using)
    if others:
        models.PROTECT(collector, field, others, using)


class StatisticalModelQuerySet(models.QuerySet["StatisticalModel"]):
    def visible_to(self, user: Any) -> StatisticalModelQuerySet:
        """Models that ``user`` may see: all with the view permission, else the user's own.

        Models of a dataset are seen by those who may see the dataset, and by nobody else.
        """
        if not user.is_authenticated:
            return self.none()
        known = self.of_rows_known_to(user)
        if user.has_perm("headwater_learning.view_statisticalmodel"):
            return known
        return known.filter(Q(owner_id=user.pk) | Q(source__dataset__isnull=False))

    def of_rows_known_to(self, user: Any) -> StatisticalModelQuerySet:
        """Models of Django models and networks, and those of datasets that ``user`` may see."""
        datasets = Dataset.objects.visible_to(user).values("pk")
        return self.filter(Q(source__dataset__isnull=True) | Q(source__dataset__in=datasets))


class StatisticalModel(models.Model):
    """What to learn: technique, parameters, source, and the field that takes the labels.

    Saving never fits. ``perform_inference`` fits now, ``request_inference`` in the background.
    """

    name = models.CharField(max_length=100, unique=True)
    description = models.TextField(blank=True)
    technique = models.CharField(max_length=50, choices=technique_choices)
    parameters = models.JSONField(
        default=dict, blank=True, help_text="Settings of the technique. Empty: its defaults."
    )
    encoding = models.JSONField(
        default=dict, blank=True, help_text="How columns become numbers. Empty: the defaults."
    )
    evaluation = models.JSONField(
        default=dict,
        blank=True,
        help_text="How a classifier is judged. Empty: the defaults.",
    )
    source = models.ForeignKey(
        Source,
        null=True,
        blank=True,
        on_delete=with_its_dataset,
        related_name="statistical_models",
        help_text="Rows to learn from. A Bayesian network has none: its nodes say what they read.",
    )
    results_storage = models.CharField(
        max_length=200,
        blank=True,
        help_text="Field that takes the labels: dmf:app_label.Model.field. Empty: none.",
    )
    engine_meta_iterations = models.PositiveIntegerField(
        "restarts", default=1, validators=[MinValueValidator(1)]
    )
    engine_iterations = models.PositiveIntegerField(
        "iterations at most", default=1000, validators=[MinValueValidator(1)]
    )
    counter = models.PositiveBigIntegerField(
        default=0, help_text="What has happened since the last fit: new rows, new measurements."
    )
    counter_threshold = models.PositiveBigIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text="Counter at which the actions are taken. Empty: off.",
    )
    threshold_actions = models.CharField(
        max_length=200,
        blank=True,
        help_text=f"What to do at the threshold: {RECALCULATE} fits again in the background.",
    )
    recalculate = models.CharField(
        "recalculated",
        max_length=10,
        choices=Recalculation.choices,
        default=Recalculation.MANUAL,
        help_text="With a threshold: only where the counter has reached it by then.",
    )
    recalculate_at = models.TimeField(
        "at",
        null=True,
        blank=True,
        help_text="Time of the day, in the site's time zone, from which a fit is due. Hourly fits "
        "take its minutes, weekly ones fall on Mondays. Empty: midnight, or the full hour.",
    )
    scheduled_at = models.DateTimeField(null=True, editable=False)
    """When the schedule last looked at this model and found it due."""
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    current_fit = models.ForeignKey(
        "Fit", null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    letters = models.JSONField(default=list, editable=False)
    """Every letter given to rows of this model; one that is gone is not given again."""
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = StatisticalModelQuerySet.as_manager()

    family: ClassVar[str | None] = None
    """The family of techniques that a proxy stands for."""

    class Meta:
        ordering = ["name"]
        permissions = [("run_inference", "Can run inference")]

    def __str__(self) -> str:
        return self.name

    def save(self, **options: Any) -> None:
        """Save what people set; what a fit sets stays as the database has it.

        So a form or a variable that was loaded before a fit ended does not undo it.
        ``update_fields`` names those fields too.
        """
        if options.get("update_fields") is None and not (
            self._state.adding or options.get("force_insert")
        ):
            deferred = self.get_deferred_fields()
            options["update_fields"] = [
                field.name
                for field in self._meta.concrete_fields
                if not field.primary_key
                and field.name not in SET_BY_FITS
                and field.attname not in deferred
            ]
        super().save(**options)

    def clean(self) -> None:
        """Refuse unknown techniques, parameters and target fields, each with a sentence."""
        errors = self.specific.problems()
        if errors:
            raise ValidationError(errors)

    # what a proxy may do in its own way

    def problems(self) -> dict[str, list[str]]:
        """Return field name -> sentences; empty where the model can be fitted."""
        from headwater.learning.validate import validate_statistical_model

        return validate_statistical_model(self)

    def reads(self) -> dict[str, Any]:
        """Return what is read, as a fit keeps it: ``model``, ``columns`` and ``filter``.

        Empty where that has not been said yet. ``also`` lists further ones of the same form.
        """
        return {} if self.source is None else self.source.as_json()

    def definition(self) -> dict[str, Any]:
        """Return what else a fit must know of the model, as plain values; mostly nothing."""
        return {}

    def learn(self, fit: Fit, reporter: Reporter) -> Learned:
        """Learn as ``fit`` says, in memory; see ``headwater.learning.learn``."""
        from headwater.learning.learn import learn

        return learn(fit, reporter)

    def follow(self, fit: Fit) -> None:
        """Ask for what the success of ``fit`` calls for besides other fits; mostly nothing."""

    @property
    def specific(self) -> StatisticalModel:
        """The same row as its technique's family has it: a ``Clustering``, say.

        A family has a proxy, or a table of its own beside this one, which is read then.
        """
        technique = TECHNIQUES.get(self.technique)
        if technique is None or self.family == technique.family:
            return self
        for kind in apps.get_models():
            if not issubclass(kind, StatisticalModel) or kind.family != technique.family:
                continue
            if kind._meta.proxy:
                same = kind.__new__(kind)
                same.__dict__ = self.__dict__  # one row, one state: what one sets the other has
                return same
            return kind._default_manager.using(self._state.db).filter(pk=self.pk).first() or self
        return self

    @property
    def is_inferred(self) -> bool:
        """Whether a fit has succeeded and serves now."""
        return self.current_fit_id is not None

    @property
    def engine_object(self) -> Any:
        """The fitted estimator of the current fit; None before the first."""
        from headwater.learning.assign import serving

        pipeline = serving(self)
        return None if pipeline is None else pipeline.estimator

    def perform_inference(self, recalculate: bool = False) -> Fit:
        """Fit now, in this process, and return the finished fit.

        An inferred model is left as it is, and its current fit returned, unless ``recalculate``.
        Raises ``AlreadyRunning`` where a fit of this model is under way.
        """
        from headwater.learning.fit import perform_fit

        if self.current_fit is not None and not recalculate:
            return self.current_fit
        return perform_fit(self)

    def request_inference(self, user: Any = None) -> Fit:
        """Queue a fit and return it; a background worker runs it."""
        from headwater.learning.request import request_fit

        return request_fit(self, user=user)

    def reset_inference(self) -> int:
        """Clear the labels and the current fit; return how many rows were cleared."""
        from headwater.learning.reset import reset_inference

        return reset_inference(self)

    def increment_counter(self, by: int = 1) -> int:
        """Add ``by`` to the counter, and act where it reaches the threshold; return what it is.

        Whoever else counts at the same time, nothing is lost. A threshold that is reached resets
        the counter and queues one fit, once the transaction commits; nothing is learned here.
        """
        from headwater.learning.count import increment_counter

        return increment_counter(self, by)

    def assign_pending(self, *, refresh: bool = False) -> Assigned:
        """Label the rows that have no label yet by the fit that serves, and return the counts.

        ``refresh`` looks at all rows: those whose values have changed get their label anew.
        """
        from headwater.learning.pending import assign_pending

        return assign_pending(self, refresh=refresh)

    def assign(self, observation: Mapping[str, object] | models.Model) -> str:
        """Return the label of the group of one row, given as a mapping or a model instance."""
        from headwater.learning.assign import assign

        return assign(self, observation)

    def predict(self, observations: Iterable[Mapping[str, object] | models.Model]) -> list[str]:
        """Return the label of each row."""
        from headwater.learning.assign import predict

        return predict(self, observations)


class Decomposition(StatisticalModel):
    """A statistical model that finds the few directions in which the rows differ most."""

    family = "decomposition"

    class Meta:
        proxy = True


class Clustering(StatisticalModel):
    """A statistical model that finds groups among the rows of a source."""

    family = "clustering"

    class Meta:
        proxy = True
