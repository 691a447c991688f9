"""Recency, frequency and monetary value, where the rows tell of all three."""

from __future__ import annotations

from django.urls import reverse

from headwater.console.flows.section import Section
from headwater.console.segments.shown import Shown

KEY = "rfm"
LABEL = "Recency, frequency, value"
COLUMNS = (
    ("recency", "How long ago"),
    ("frequency", "How often"),
    ("monetary", "For how much"),
)
"""(name in the address, label) of the columns that can be chosen."""


def rfm_section(shown: Shown) -> Section | None:
    """Return where the reading is loaded; None where no three columns seem to be about it.

    Scores need the rows, so they come after the page. Other cuts of a tree have none.
    """
    from headwater.learning.errors import FitError
    from headwater.learning.learn import source_of
    from headwater.segmentation.rfm_columns import candidates_of, guess_columns

    if not shown.segments or shown.cut is not None:
        return None
    try:
        if guess_columns(candidates_of(source_of(shown.fit.source))) is None:
            return None
    except FitError:
        return None  # what was read is gone
    return Section(
        KEY,
        LABEL,
        template="headwater/parts/segment_rfm.html",
        context={"address": reverse("headwater:segmentation-rfm", args=[shown.fit.pk])},
        term="rfm",
    )
