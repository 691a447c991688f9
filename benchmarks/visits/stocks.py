"""What the benchmarks keep books of."""

from __future__ import annotations

from benchmarks.visits.members import VALUES
from benchmarks.visits.models import Member
from headwater.stockandflow import Facet, Partition

facets = [Facet(name, name, name, values) for name, values in VALUES.items()]
stage = Partition("members", Member, "stage", facets=facets, every=None)
partitions = [stage]
