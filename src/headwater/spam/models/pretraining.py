"""SpamFilterPreTraining: texts whose label is known, to begin with before there are own rows."""

from __future__ import annotations

from django.db import models


class SpamFilterPreTraining(models.Model):
    """A model of texts that are known to be spam or not::

    class CommentPreTraining(SpamFilterPreTraining):
        pass
    """

    content = models.TextField()
    is_spam = models.BooleanField("spam")
    origin = models.CharField(max_length=200, blank=True, help_text="The file that it came from.")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.content[:60]
