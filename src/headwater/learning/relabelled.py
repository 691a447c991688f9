"""Relabelled: whose label changed because the model changed, and not what is known of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from headwater.learning.models import Fit, FitStatus, Membership
from headwater.learning.targets import PREFIX

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from headwater.learning.membership import Members


def relabelled(
    partition: Any, changes: Any, not_before: datetime | None, as_of: datetime
) -> Iterator[str]:
    """Yield the ids of ``changes`` whose label another fit gave to the same values.

    A cause of flow events: see ``causes`` in a project's ``stocks.py``. ``partition`` divides the
    objects of a model by a field; where fits write labels to that field, the fit that served at
    ``not_before`` is compared with the one that serves at ``as_of``. A row is relabelled if both
    read the same values of it (or did not read the same columns, so that it is the model that
    changed) and gave it the two labels that it moved between. A row that was not in both, and one
    whose label was assigned in between, changed by itself.
    """
    if not_before is None or not partition.field_name:
        return
    storage = f"{PREFIX}{partition.model._meta.concrete_model._meta.label}.{partition.field_name}"
    before, after = _serving(storage, not_before), _serving(storage, as_of)
    if before is None or after is None or before.pk == after.pk:
        return
    found = {one.fit_id: one for one in Membership.objects.filter(fit__in=[before.pk, after.pk])}
    if len(found) < 2:
        return  # one of them is not kept any more: nothing is known
    from headwater.learning.membership import unpack_members

    earlier = _Labels(unpack_members(found[before.pk].packed))
    later = _Labels(unpack_members(found[after.pk].packed))
    same_columns = earlier.members.read_columns == later.members.read_columns
    for block in changes.blocks():
        yield from _of_block(block, earlier, later, same_columns=same_columns)


def _serving(storage: str, moment: datetime) -> Fit | None:
    """Return the fit whose labels ``storage`` held at ``moment``."""
    fits = Fit.objects.filter(
        results_storage=storage, status=FitStatus.SUCCEEDED, finished_at__lte=moment
    )
    return fits.only("pk").order_by("-finished_at", "-pk").first()


def _of_block(
    block: Iterable[tuple[str, str, str]], earlier: _Labels, later: _Labels, *, same_columns: bool
) -> Iterator[str]:
    import numpy as np

    moves = list(block)
    ids = [one for one, _, _ in moves]
    at_first, in_first = earlier.places(ids)
    at_last, in_last = later.places(ids)
    sources = np.array([source for _, source, _ in moves], dtype=object)
    sinks = np.array([sink for _, _, sink in moves], dtype=object)
    told = in_first & in_last
    told &= earlier.letters[at_first] == sources
    told &= later.letters[at_last] == sinks
    one, two = earlier.members.digests, later.members.digests
    if one is None or two is None:
        return  # fits from before digests were kept
    if same_columns:
        told &= one[at_first] == two[at_last]
    for number in np.flatnonzero(told):
        yield ids[number]


class _Labels:
    """The members of a fit, found by the text of their key."""

    def __init__(self, members: Members) -> None:
        import numpy as np

        self.members = members
        grouping = members.grouping
        self.letters = np.array([*grouping.letters, ""], dtype=object)[grouping.labels]
        self._keys: NDArray[Any] = grouping.ids
        self._are_numbers = grouping.ids.dtype.kind in "iu"
        if not self._are_numbers:
            self._keys = np.array([_plain(key) for key in grouping.ids.tolist()], dtype=str)
        self._order = np.argsort(self._keys, kind="stable")
        self._sorted = self._keys[self._order]

    def places(self, ids: list[str]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Return where the rows with ``ids`` stand (0 where they do not), and whether they do."""
        import numpy as np

        wanted: NDArray[Any]
        if self._are_numbers:
            wanted = np.array([int(one) for one in ids], dtype=np.int64)
        else:
            wanted = np.array([_plain(one) for one in ids], dtype=str)
        at = np.minimum(np.searchsorted(self._sorted, wanted), len(self._sorted) - 1)
        there = self._sorted[at] == wanted
        return np.where(there, self._order[at], 0), there


def _plain(key: str) -> str:
    """Return a key as text; not every database writes a UUID with dashes."""
    return key.replace("-", "") if len(key) == 36 and key.count("-") == 4 else key
