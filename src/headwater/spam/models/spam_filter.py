"""SpamFilter: what judges the rows of some models, and what it learns from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.contenttypes.models import ContentType
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from headwater.learning.models import StatisticalModel

if TYPE_CHECKING:
    from headwater.engines.text.explain import Explanation
    from headwater.learning.describe import Learned
    from headwater.learning.models import Fit
    from headwater.learning.reporter import Reporter

_SHARE = [MinValueValidator(0.0), MaxValueValidator(1.0)]


class SpamFilter(StatisticalModel):
    """A statistical model that judges texts: is this spam?

    ``parameters`` say how texts become numbers, ``classifier`` what learns from them. Models name
    the filter (``SPAM_FILTER``); it learns from their rows that people revised, and from
    pre-training rows. Never from its own guesses.
    """

    family = "text"
    TECHNIQUE: ClassVar[str] = "text_filter"

    rows = models.ForeignKey(
        ContentType,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name="model",
        help_text="Rows to learn from. Empty: those of the models that name this filter.",
    )
    text_columns = models.JSONField(
        default=list,
        blank=True,
        help_text="Fields with the text. Empty: as the model says itself (SPAMMABLE_FIELD).",
    )
    label_column = models.CharField(
        max_length=200,
        blank=True,
        help_text="A true/false field that people filled in. Empty: as the model says itself.",
    )
    classifier = models.ForeignKey(
        StatisticalModel,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="spam_filters",
        help_text="The classifier whose technique and settings are used. Empty: the default.",
    )
    pretraining = models.JSONField(
        "pre-training",
        default=list,
        blank=True,
        help_text="Models with rows to begin with, such as “app.CommentPreTraining”.",
    )
    pretraining_weight = models.FloatField(
        "weight of a pre-training row",
        default=1.0,
        validators=[MinValueValidator(0.0), MaxValueValidator(10.0)],
        help_text="What one counts for, against 1 for a row that a person revised.",
    )
    pretraining_fades = models.BooleanField(
        "pre-training fades",
        default=True,
        help_text="Weigh pre-training rows less as revised rows arrive.",
    )
    ham_below = models.FloatField(
        "accept below",
        default=0.2,
        validators=_SHARE,
        help_text="Probability of spam below which a text is accepted without a person.",
    )
    spam_from = models.FloatField(
        "refuse from",
        default=0.9,
        validators=_SHARE,
        help_text="Probability of spam from which a text is refused without a person.",
    )
    audit_share = models.FloatField(
        "share to audit",
        default=0.02,
        validators=_SHARE,
        help_text="Share of what is decided without a person that is shown to one all the same.",
    )
    online_updates = models.BooleanField(
        "learn at once",
        default=True,
        help_text="Take each decision of a person into account at once, between two fits.",
    )

    class Meta:
        permissions = [("review_content", "Can review content for spam")]

    def save(self, **options: Any) -> None:
        """Save, with the one technique that there is; its thresholds count at once here."""
        from headwater.learning.assign import forget

        self.technique = self.TECHNIQUE
        super().save(**options)
        forget(self.pk)

    def problems(self) -> dict[str, list[str]]:
        """Return field name -> sentences; empty where the filter can be fitted."""
        from headwater.spam.validate import validate_filter

        return validate_filter(self)

    def reads(self) -> dict[str, Any]:
        """Return what is read: the first model with its text fields; ``also`` lists further."""
        from headwater.spam.state import reads

        return reads(self)

    def definition(self) -> dict[str, Any]:
        """Return what a fit keeps of the filter besides its parameters."""
        from headwater.spam.state import definition

        return definition(self)

    def learn(self, fit: Fit, reporter: Reporter) -> Learned:
        """Learn from human labels and pre-training rows, in memory."""
        from headwater.spam.learn import learn

        return learn(self, fit, reporter)

    def follow(self, fit: Fit) -> None:
        """Have a worker judge the rows that have no verdict yet."""
        from headwater.spam.request import request_judging

        request_judging(self)

    def predict(self, texts: Iterable[str]) -> list[bool]:  # type: ignore[override]
        """Return of each text whether it is spam. Raises ``NotInferredError`` before a fit."""
        from headwater.spam.predict import predict

        return predict(self, texts)

    def predict_proba(self, texts: Iterable[str]) -> list[float]:
        """Return the probability of spam of each text."""
        from headwater.spam.predict import predict_proba

        return predict_proba(self, texts)

    def explain(self, text: str) -> Explanation:
        """Return the words and features that push ``text`` towards spam or away from it."""
        from headwater.spam.predict import explain

        return explain(self, text)
