"""At which score the restarts ended: whether the result depends on chance."""

from __future__ import annotations

import math

from headwater.console.charts.chart import Chart, axis, bins_axis, grid
from headwater.console.words import counted, figure

SAME = 1e-4
"""Scores that differ by less than this share count as the same result."""
MOST_BINS = 12


def bins_of(values: list[float]) -> list[tuple[float, float, int]]:
    """Return (from, to, how many) of equal bins; one bin where all values are the same."""
    low, high = min(values), max(values)
    if math.isclose(low, high, rel_tol=1e-9, abs_tol=1e-12):
        return [(low, high, len(values))]
    n_bins = min(MOST_BINS, max(3, math.ceil(2 * math.sqrt(len(values)))))
    width = (high - low) / n_bins
    counts = [0] * n_bins
    for value in values:
        counts[min(n_bins - 1, int((value - low) / width))] += 1
    return [(low + i * width, low + (i + 1) * width, count) for i, count in enumerate(counts)]


def restarts_chart(ends: list[float], *, objective: str, rises: bool, name: str) -> Chart:
    """Return the histogram of the score at the end of each restart."""
    best = max(ends) if rises else min(ends)
    reached = sum(math.isclose(end, best, rel_tol=SAME) for end in ends)
    if reached == len(ends):
        title = f"All {len(ends):,} restarts reached the best result"
    else:
        title = f"{reached:,} of {len(ends):,} restarts reached the best result"
    bins = bins_of(ends)
    digits = 6 if len(bins) == 1 else max(4, min(8, _digits(bins)))
    names = [
        figure(low, digits) if low == high else f"{figure(low, digits)} to {figure(high, digits)}"
        for low, high, _ in bins
    ]
    advice = (
        "The result hardly depends on chance."
        if reached * 2 >= len(ends)
        else "The result depends on chance: more restarts may find a better one."
    )
    return Chart(
        key="restarts",
        title=title,
        subtitle=f"Restarts by the {objective} at their end; "
        f"{'right' if rises else 'left'} is better",
        summary=f"The best restart ended at {figure(best, 6)}, the worst at "
        f"{figure(min(ends) if rises else max(ends), 6)}. {advice}",
        reading=(
            "Each restart searches anew from another random start; the best one is kept.",
            "One high bar at the best end is a good sign: most searches found the same groups.",
            f"Results count as the same when they differ by less than {SAME:.2%}.",
        ),
        option={
            "grid": grid(),
            "tooltip": {"trigger": "item"},
            "xAxis": bins_axis(
                objective.capitalize(), [figure((low + high) / 2, digits) for low, high, _ in bins]
            ),
            "yAxis": axis("Restarts", min=0, minInterval=1, scale=False),
            "series": [
                {
                    "type": "bar",
                    "barMaxWidth": 48,
                    "barCategoryGap": "8%",
                    "dimensions": [objective.capitalize(), "Restarts"],
                    "itemStyle": {"color": "$accent", "borderRadius": [3, 3, 0, 0]},
                    "data": [
                        {"name": label, "value": count}
                        for label, (_, _, count) in zip(names, bins, strict=True)
                    ],
                }
            ],
        },
        headings=(objective.capitalize(), "Restarts"),
        rows=[
            (label, counted(count, "restart"))
            for label, (_, _, count) in zip(names, bins, strict=True)
            if count
        ],
        file_name=f"{name}-restarts",
    )


def _digits(bins: list[tuple[float, float, int]]) -> int:
    """Return how many digits tell neighbouring bins apart."""
    width = bins[0][1] - bins[0][0]
    largest = max(abs(bins[0][0]), abs(bins[-1][1]))
    return math.ceil(math.log10(largest / width)) + 2 if width > 0 and largest > 0 else 4
