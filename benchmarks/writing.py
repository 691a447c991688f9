"""Labels of 1,000,000 rows written by primary key, and written again with 1 % changed."""

from __future__ import annotations

import numpy as np

from benchmarks.row import Row, best_of, quicker, seconds
from benchmarks.visits.models import Visit
from benchmarks.visits.table import database, settle, visits
from headwater.learning.write_back import WriteBack, write_back

N = 1_000_000
PART = 20_000
"""Rows that bulk_update is measured on."""
BATCHES = (100, 200, 500, 1_000)


def clear() -> None:
    """Take all labels away."""
    Visit.objects.exclude(label=None).update(label=None)
    settle()


def bulk_update() -> tuple[float, int]:
    """Return the least seconds for ``PART`` rows, and the batch size that took them."""
    objects = list(Visit.objects.order_by("pk")[:PART])
    times = {}
    for size in BATCHES:
        for number, visit in enumerate(objects):
            visit.label = "ABCD"[(number + size) % 4]
        times[size] = best_of(
            2, lambda size=size: Visit.objects.bulk_update(objects, ["label"], batch_size=size)
        )
    quickest = min(times, key=times.__getitem__)
    return times[quickest], quickest


def rows() -> list[Row]:
    rng = np.random.default_rng(0)
    with visits(N):
        ids = np.fromiter(Visit.objects.order_by("pk").values_list("pk", flat=True), np.int64, N)
        labels = np.array(list("ABCD"))[rng.integers(4, size=N)]
        part, batch = bulk_update()
        first = best_of(3, lambda: write_back(Visit, "label", ids, labels), before=clear)
        changed = labels.copy()
        which = rng.choice(N, size=N // 100, replace=False)
        changed[which] = np.where(labels[which] == "A", "B", "A")
        found: list[WriteBack] = []
        again = best_of(1, lambda: found.append(write_back(Visit, "label", ids, changed)))
        stored = np.array(Visit.objects.order_by("pk").values_list("label", flat=True))
        assert (stored == changed).all()
    second = found[0]
    return [
        quicker(
            f"labels of {N:,} rows written by primary key, {database()}",
            first,
            part * N / PART,
            than="bulk_update",
            goal=50,
            how=f"Ours: best of 3, no label before. bulk_update: {PART:,} rows in "
            f"{seconds(part)} (best of batches of {', '.join(f'{b:,}' for b in BATCHES)}: "
            f"{batch:,}), times {N // PART}.",
        ),
        Row(
            f"the same labels again with 1 % changed, {database()}",
            f"{second.updated:,} rows touched, {seconds(again)}",
            "",
            "",
            f"{N // 100:,} rows",
            (second.updated, second.unchanged) == (N // 100, N - N // 100),
            "Rows that the UPDATE reports.",
        ),
    ]
