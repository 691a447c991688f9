"""Classifier: a statistical model that learns a known label."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from headwater.learning.models import StatisticalModel

if TYPE_CHECKING:
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
        """Return how a fit is judged: its ``evaluation``."""
        return {"evaluation": self.evaluation}

    def learn(self, fit: Fit, reporter: Reporter) -> Learned:
        """Learn the known label, in memory, and judge how well that is done."""
        from headwater.classification.learn import learn

        return learn(fit, reporter)
