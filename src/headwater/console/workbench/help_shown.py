"""The help beside the form: which of its parts is shown, and with what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from headwater.console.technique_form import OF_TECHNIQUE
from headwater.console.workbench.form import WorkbenchForm
from headwater.console.workbench.look import Distances
from headwater.console.workbench.studies import KINDS
from headwater.console.workbench.study_shown import (
    ChoiceShown,
    DistancesShown,
    ScreeShown,
    StudyProgress,
    choice_shown,
    distances_shown,
    progress_of,
    scree_shown,
)
from headwater.segmentation.models import Study, StudyStatus

NOTHING_TO_CHOOSE = {
    "hdbscan": "HDBSCAN finds the number of segments and their density by itself. Only say how "
    "few rows still count as a segment.",
    "variational_mixture": "The mixture finds the number of segments by itself, up to the limit. "
    "Where the limit is reached, raise it and run again.",
}


@dataclass(frozen=True, slots=True)
class HelpShown:
    """What stands beside the form."""

    kind: str
    """“choice”, “distances”, “components”, “words”, or “nothing” while no columns are chosen."""
    study: Study | None = None
    progress: StudyProgress | None = None
    choice: ChoiceShown | None = None
    distances: DistancesShown | None = None
    scree: ScreeShown | None = None
    words: str = ""
    use_for: str = ""
    """Id of the field that the suggestion goes to."""

    @property
    def failed(self) -> bool:
        """Whether the last study failed."""
        return self.study is not None and (
            self.study.status == StudyStatus.FAILED or self.study.lease_has_passed
        )

    @property
    def cancelled(self) -> bool:
        """Whether the last study was cancelled."""
        return self.study is not None and self.study.status == StudyStatus.CANCELLED


def help_shown(form: WorkbenchForm) -> HelpShown:
    """Return the help for what stands in ``form``."""
    technique, helped = form.technique_chosen, form.helped
    if technique is None or helped.chosen is None:
        return HelpShown("nothing", words="Choose rows and columns: then the data can be asked.")
    if technique.key == "pca":
        return HelpShown(
            "components",
            scree=scree_shown(helped.look.scree),
            words=helped.look.sentence,
            use_for=f"id_{OF_TECHNIQUE}n_components",
        )
    if technique.key in KINDS:
        return of_study(helped.study, str(KINDS[technique.key]), form)
    words = NOTHING_TO_CHOOSE.get(technique.key, "")
    return HelpShown("words" if words else "nothing", words=words)


def of_study(study: Study | None, kind: str, form: WorkbenchForm | None = None) -> HelpShown:
    """Return the help that ``study`` gives, or how to ask for it."""
    given: dict[str, Any] = {"study": study, "progress": progress_of(study) if study else None}
    if kind == "choice":
        given["choice"] = choice_shown(study) if study else None
        return HelpShown("choice", use_for=f"id_{OF_TECHNIQUE}n_clusters", **given)
    field = f"{OF_TECHNIQUE}eps"
    if form is not None:
        given["distances"] = distances_shown(form.helped.distances, form[field].value())
        given["words"] = form.helped.look.sentence
    elif study is not None:
        given["distances"] = distances_shown(of_curve(study), None)
    return HelpShown("distances", use_for=f"id_{field}", **given)


def of_curve(study: Study) -> Distances | None:
    """Return the first curve of a finished study of distances."""
    curves = study.result.get("curves", [])
    return Distances(curves[0]) if curves else None
