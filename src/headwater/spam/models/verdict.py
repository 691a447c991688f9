"""VerdictFields, IsSpammable, Verdict: what is thought of a row, by a filter and by people."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.contenttypes.models import ContentType
from django.db import models

from headwater.learning.models import Fit

_POSITIONAL = ("force_insert", "force_update", "using", "update_fields")
"""Options of ``save`` that may come without their names."""


class VerdictFields(models.Model):
    """What is thought of one row."""

    is_spam = models.BooleanField("spam", null=True, editable=False, db_index=True)
    """What holds: a person's decision, else the filter's guess; NULL: nobody has judged."""
    is_misclassified = models.BooleanField("misclassified", default=False, editable=False)
    """Whether a person decided otherwise than the filter had."""
    is_revised = models.BooleanField("revised by a person", default=False, editable=False)
    spam_probability = models.FloatField(
        "probability of spam", null=True, editable=False, db_index=True
    )
    """What the filter thinks of the text as it is now, from 0 to 1."""
    judged_by = models.ForeignKey(
        Fit, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    judged_digest = models.CharField(max_length=32, blank=True, editable=False)
    """Of the text that ``is_spam`` is about; see ``spammable.digest``."""
    is_edited = models.BooleanField("edited since it was revised", default=False, editable=False)
    is_sampled = models.BooleanField("drawn for an audit", default=False, editable=False)

    class Meta:
        abstract = True


class IsSpammable(VerdictFields):
    """A model whose rows are judged as they are saved::

        class Comment(IsSpammable):
            SPAM_FILTER = "Comment Spam Filter"
            SPAMMABLE_FIELD = "text"

            text = models.TextField()

    A row is judged when it is made and when its text changes, and not on other saves. What a
    person decided is never overwritten. Nothing that goes wrong with the filter keeps a row from
    being saved: it has no verdict then, and gets it from ``judge_pending`` or after the next fit.
    """

    SPAM_FILTER: ClassVar[str | None] = None
    """Name of the spam filter."""
    SPAMMABLE_FIELD: ClassVar[str | tuple[str, ...] | None] = None
    """The field with the text, or several, which are judged together."""
    SPAM_LABEL_FIELD: ClassVar[str] = "is_spam"
    """The field that takes the verdict."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **options: Any) -> None:
        """Save; a row that is new, or whose text is, with its verdict.

        The verdict of a row that exists is only written where ``update_fields`` names its fields:
        the row in memory may be older than a person's decision.
        """
        from headwater.spam.judge import save_judged

        given = dict(zip(_POSITIONAL, args, strict=False))
        save_judged(self, {**given, **options}, super().save)


class Verdict(VerdictFields):
    """The verdict of a row whose model only names its filter, and has no fields for it."""

    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    object_id = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id"], name="headwater_one_verdict_per_row"
            )
        ]

    def __str__(self) -> str:
        return f"Verdict on {self.content_type} {self.object_id}"
