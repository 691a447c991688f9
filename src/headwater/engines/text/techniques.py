"""The text filter, as the catalog has it. Import-light: no NumPy here."""

from __future__ import annotations

from headwater.engines.classification.declared_techniques import OBJECTIVE
from headwater.engines.classification.techniques import CLASSIFIERS
from headwater.engines.technique import Technique
from headwater.engines.text.declared import REPRESENTATION

TEXT_FILTER = Technique(
    key="text_filter",
    label="Text filter",
    family="text",
    summary=(
        "Turns texts into counts of words and characters and lets a classifier tell two classes "
        "apart, such as honest messages and spam, with a probability that is checked on texts "
        "held out. Its parameters say how a text becomes numbers; the classifier has its own."
    ),
    path="headwater.engines.classification.calibrated:Calibrated",
    encoder_path="headwater.engines.text.representation:Representation",
    parameters=REPRESENTATION,
    restarts_parameter=None,
    iterations_parameter=None,
    threads_parameter=None,
    limit_parameter=None,
    finds_number=False,
    objective=OBJECTIVE,
    objective_rises=True,
    trusted=(
        "headwater.engines.classification.calibrated.Calibrated",
        *dict.fromkeys(name for technique in CLASSIFIERS for name in technique.trusted),
    ),
)
