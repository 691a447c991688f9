"""Helped: what the data themselves say on the parameters, and where that comes from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from headwater.console.workbench.chosen import Chosen
from headwater.console.workbench.look import Distances, Look, look
from headwater.console.workbench.studies import curve_of, radius_of, said_by, study_of
from headwater.console.workbench.suggest import Size, Suggested, neighbours
from headwater.segmentation.models import Study


@dataclass(frozen=True, slots=True)
class Helped:
    """A look at the rows, a study of them, and what both suggest."""

    chosen: Chosen | None = None
    look: Look = field(default_factory=Look)
    study: Study | None = None
    min_samples: int = 0
    found: dict[str, Suggested] = field(default_factory=dict)
    """Parameter -> suggestion."""

    @property
    def distances(self) -> Distances | None:
        """The distances to draw: those just looked at, or those of the study."""
        if self.look.distances is not None:
            return self.look.distances
        curve = curve_of(self.study, self.min_samples)
        return None if curve is None else Distances(curve)


def help_of(chosen: Chosen | None, technique: str, size: Size, user: Any) -> Helped:
    """Return what the rows say of the parameters of ``technique``.

    A study that is finished comes before the rule of thumb, a sample's own suggestion before both.
    """
    if chosen is None:
        return Helped()
    min_samples = chosen.min_samples or _neighbours(chosen, technique, size)
    seen = look(chosen, technique, min_samples, user)
    study = study_of(user, chosen, technique, min_samples)
    found = said_by(study, min_samples)
    if seen.distances is not None:
        found |= radius_of(seen.distances.curve)
    if seen.scree is not None:
        components = seen.scree.components
        found["n_components"] = Suggested(components.suggested, components.sentence)
    sample = chosen.rows.sample
    if sample is not None and sample.technique == technique and study is None:
        found |= {
            name: Suggested(value, "What this sample is made to show.")
            for name, value in sample.parameters.items()
        }
    return Helped(chosen, seen, study, min_samples, found)


def _neighbours(chosen: Chosen, technique: str, size: Size) -> int:
    sample = chosen.rows.sample
    if sample is not None and sample.technique == technique:
        asked = sample.parameters.get("min_samples")
        if isinstance(asked, int):
            return asked
    return neighbours(size)
