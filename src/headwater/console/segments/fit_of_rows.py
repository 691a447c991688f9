"""How many rows each segment has, and how well they fit it."""

from __future__ import annotations

from headwater.console.charts.segments_silhouette import segments_silhouette
from headwater.console.charts.segments_sizes import segment_sizes
from headwater.console.flows.section import Section
from headwater.console.segments.shown import Shown

KEY = "sizes"
LABEL = "Sizes and fit"


def sizes_section(shown: Shown) -> Section | None:
    """Return the sizes, and the silhouette plot where it is defined."""
    if not shown.groups:
        return None
    sizes = segment_sizes(
        shown.groups,
        names=shown.names,
        n_outside=shown.n_outside,
        n_rows=shown.fit.n_rows or sum(group["size"] for group in shown.groups),
        name=shown.file_name,
    )
    quality = shown.summary.get("quality") or {}
    fits = segments_silhouette(quality, shown.groups, label=shown.label, name=shown.file_name)
    return Section(
        KEY,
        LABEL,
        template="headwater/parts/segment_sizes.html",
        context={
            "sizes": sizes,
            "fits": fits,
            "sizes_place": "hw-half" if fits is not None else "",
        },
        term="silhouette" if fits is not None else "",
    )
