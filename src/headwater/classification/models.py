"""Classifier: a statistical model that learns a known label."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from headwater.engines.classification.declared import EVALUATION
from headwater.engines.parameters import ParameterError
from headwater.learning.models import StatisticalModel

if TYPE_CHECKING:
    from django.db import models

    from headwater.learning.describe import Learned
    from headwater.learning.models import Fit
    from headwater.learning.reporter import Reporter


class Classifier(StatisticalModel):
    """A statistical model that learns the known label of the rows of its source.

    The source's ``known_column`` holds what is learned; rows without it get the label that is
    most like theirs. Without a source it is a mere configuration, which spam filters refer to.
    """

    family = "classification"

    class Meta:
        proxy = True

    def problems(self) -> dict[str, list[str]]:
        """Return field name -> sentences; empty where the classifier can be used."""
        from headwater.classification.validate import validate_classifier

        return validate_classifier(self)

    def definition(self) -> dict[str, Any]:
        """Return how a fit is judged: its ``evaluation``, defaults filled in where it fits."""
        try:
            return {"evaluation": EVALUATION.clean(self.evaluation)}
        except ParameterError:
            return {"evaluation": self.evaluation}  # the fit will say what is wrong

    def learn(self, fit: Fit, reporter: Reporter) -> Learned:
        """Learn the known label, in memory, and judge how well that is done."""
        from headwater.classification.learn import learn

        return learn(fit, reporter)

    def predict_proba(
        self, observations: Iterable[Mapping[str, object] | models.Model]
    ) -> list[dict[str, float]]:
        """Return of each row the probability of each class, by its name.

        Raises ``NotInferredError`` before the first fit.
        """
        from headwater.classification.probabilities import predict_proba

        return predict_proba(self, observations)
