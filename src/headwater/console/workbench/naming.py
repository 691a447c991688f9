"""What an analysis is called where nobody called it anything."""

from __future__ import annotations

from headwater.console.workbench.rows import Rows
from headwater.console.workbench.techniques import short_name
from headwater.learning.models import StatisticalModel

LONGEST = 100


def suggested_name(technique: str, rows: Rows, instance: StatisticalModel | None = None) -> str:
    """Return “K-means on Spices”, made unique: “K-means on Spices (2)”."""
    return unique_name(f"{short_name(technique)} on {rows.name}", instance)


def unique_name(wished: str, instance: StatisticalModel | None = None) -> str:
    """Return ``wished``, cut to what a name may have, with a number where it is taken."""
    wished = " ".join(wished.split())[: LONGEST - 6].strip()
    others = StatisticalModel.objects.filter(name__startswith=wished)
    if instance is not None and instance.pk is not None:
        others = others.exclude(pk=instance.pk)
    taken = set(others.values_list("name", flat=True))
    if wished not in taken:
        return wished
    number = 2
    while f"{wished} ({number})" in taken:
        number += 1
    return f"{wished} ({number})"
