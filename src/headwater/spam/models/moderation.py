"""Decision, Note, Claim: what people decided on rows, wrote about them, and are looking at."""

from __future__ import annotations

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone

from headwater.learning.models import Fit
from headwater.spam.models.spam_filter import SpamFilter


class Verb(models.TextChoices):
    """What a person decided."""

    SPAM = "spam", "Spam"
    HAM = "ham", "Not spam"
    SKIP = "skip", "Skipped"
    UNDO = "undo", "Undone"


class OfRow(models.Model):
    """Something about a row of any model."""

    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    object_id = models.CharField(max_length=64)

    class Meta:
        abstract = True


class Decision(OfRow):
    """One decision of a person on one row. They are only ever added."""

    spam_filter = models.ForeignKey(
        SpamFilter, null=True, on_delete=models.SET_NULL, related_name="decisions"
    )
    verb = models.CharField(max_length=5, choices=Verb.choices)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now)
    before = models.JSONField(default=dict)
    """The verdict before: is_spam, is_misclassified, is_revised, judged_digest, is_edited."""
    probability = models.FloatField(null=True)
    """What the filter thought."""
    zone = models.CharField(max_length=6, blank=True)
    """Where the filter had put it: ham, unsure or spam."""
    was_sampled = models.BooleanField(default=False)
    """Whether chance had drawn it for an audit."""
    fit = models.ForeignKey(Fit, null=True, on_delete=models.SET_NULL, related_name="+")
    digest = models.CharField(max_length=32, blank=True)
    """Of the text that was judged."""
    batch = models.UUIDField(null=True, db_index=True)
    """The same for all rows that one press of a button decided; NULL: this one alone."""
    undoes = models.OneToOneField(
        "self", null=True, on_delete=models.SET_NULL, related_name="undone_by"
    )

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["content_type", "object_id"], name="headwater_decision_row"),
            models.Index(fields=["spam_filter", "at"], name="headwater_decision_time"),
        ]

    def __str__(self) -> str:
        return f"{self.get_verb_display()}: {self.content_type} {self.object_id}"


class Note(OfRow):
    """What a reviewer wrote about a row, for the next one."""

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now)
    text = models.TextField()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["content_type", "object_id"], name="headwater_note_row")]

    def __str__(self) -> str:
        return self.text[:60]


class Claim(OfRow):
    """Who is looking at a row now, so that nobody else is shown it."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    until = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id"], name="headwater_one_claim_per_row"
            )
        ]

    def __str__(self) -> str:
        return f"{self.by} looks at {self.content_type} {self.object_id}"
