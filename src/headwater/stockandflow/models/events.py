"""FlowEventModel, FlowEvent: the moves of objects. They are only ever added."""

from __future__ import annotations

from typing import Any, NoReturn

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone

from headwater.stockandflow.definitions.slug import MAX_SLUG, MAX_STATE
from headwater.stockandflow.errors import AppendOnlyError

_REFUSED = (
    "Flow events are only ever added: a level must stay explained by the moves that led to it. "
    "Record the opposite move instead."
)


class Cause(models.TextChoices):
    """Why an object is in another stock."""

    CHANGED = "", "the object changed"
    OPENING = "opening", "it was there at the first count"
    RELABELLED = "relabelled", "the model that labels it changed, the object did not"


class FlowEventQuerySet(models.QuerySet[Any]):
    """Adds, and never changes or takes away."""

    def update(self, **values: Any) -> NoReturn:
        """Refuse."""
        raise AppendOnlyError(_REFUSED)

    def delete(self) -> NoReturn:
        """Refuse."""
        raise AppendOnlyError(_REFUSED)

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]

    def counted(self) -> FlowEventQuerySet:
        """Return the moves, without the openings of books."""
        return self.exclude(cause=Cause.OPENING)

    def of_objects(self) -> FlowEventQuerySet:
        """Return the moves of objects that changed themselves."""
        return self.filter(cause=Cause.CHANGED)


class FlowEventModel(models.Model):
    """The move of ``subject``, a foreign key that a subclass adds, from a stock to another.

    ``source`` and ``sink`` are the states of a partition, or slugs of stocks; "" is the outside.
    """

    subject_key = "subject_id"
    """The attribute that holds the subject's primary key."""

    partition = models.CharField(max_length=MAX_SLUG, blank=True, default="")
    flow = models.CharField(
        max_length=MAX_SLUG, blank=True, default="", help_text="Empty: a move that no flow names."
    )
    source = models.CharField(max_length=MAX_STATE, blank=True, help_text="Empty: from outside.")
    sink = models.CharField(max_length=MAX_STATE, blank=True, help_text="Empty: to outside.")
    occurred_at = models.DateTimeField(
        default=timezone.now,
        help_text="Of an inferred event, the moment of the count that found it.",
    )
    not_before = models.DateTimeField(
        null=True,
        blank=True,
        help_text="Of an inferred event: it occurred after this moment, that of the count before.",
    )
    is_inferred = models.BooleanField(
        default=False, help_text="Found by comparing two counts, not seen as it occurred."
    )
    cause = models.CharField(max_length=20, choices=Cause.choices, blank=True, default="")
    page = models.PositiveBigIntegerField(
        null=True, blank=True, help_text="The page of the partition's ledger that it stands on."
    )

    objects = FlowEventQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["partition", "page"]),
            models.Index(fields=["partition", "flow", "occurred_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.source or 'outside'} → {self.sink or 'outside'}"

    def save(self, **options: Any) -> None:
        """Add the event; raise AppendOnlyError for one that is there already."""
        if not self._state.adding:
            raise AppendOnlyError(_REFUSED)
        super().save(**{**options, "force_insert": True})

    def delete(self, using: Any = None, keep_parents: bool = False) -> NoReturn:
        """Refuse."""
        raise AppendOnlyError(_REFUSED)


class SubjectKey(models.ForeignKey[Any, Any]):
    """The foreign key ``subject`` of an event model: it stays when the subject is deleted."""

    def __init__(self, to: Any, on_delete: Any = models.DO_NOTHING, **options: Any) -> None:
        options.setdefault("db_constraint", False)
        options.setdefault("related_name", "+")
        super().__init__(to, on_delete, **options)


class FlowEvent(FlowEventModel):
    """The event of a project without an event model of its own: for objects of any model."""

    subject_key = "object_id"

    # An index below begins with it; and to check it for each of a million events takes its time.
    content_type = models.ForeignKey(
        ContentType,
        on_delete=models.CASCADE,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    object_id = models.CharField(max_length=255)

    class Meta(FlowEventModel.Meta):
        indexes = [
            models.Index(fields=["partition", "page"], name="flow_event_page"),
            # Flows of partitions are told by their pages.
            models.Index(
                fields=["flow", "occurred_at"],
                condition=models.Q(partition=""),
                name="flow_event_flow",
            ),
            models.Index(fields=["content_type", "object_id"], name="flow_event_subject"),
        ]

    @property
    def subject(self) -> Any:
        """The object that moved; None where it is gone."""
        model = self.content_type.model_class()
        return None if model is None else model._base_manager.filter(pk=self.object_id).first()
