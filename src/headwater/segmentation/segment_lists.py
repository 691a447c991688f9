"""Segment lists: a segment kept as it was at a run, to work through."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import connections, models, transaction
from django.db.models.expressions import RawSQL

from headwater.learning.errors import FitError
from headwater.learning.models import Fit, Membership
from headwater.segmentation.models import SegmentList
from headwater.sources.reads import dataset_id
from headwater.sources.selection import key_field, key_kind

if TYPE_CHECKING:
    import polars
    from numpy.typing import NDArray

PAGE = 50
LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class ListRow:
    """One row of a list."""

    id: Any
    name: str
    letter_now: str | None
    """The segment that it is in by the run that serves now (an empty text: outside of every
    segment); None where that run does not have the row, or none serves."""
    is_still_in: bool
    """Whether that is the segment of the list."""


@dataclass(frozen=True, slots=True)
class ListPage:
    """Some rows of a list, in the order of their keys."""

    rows: tuple[ListRow, ...]
    number: int
    """From 1."""
    n_pages: int
    n_rows: int
    n_still_in: int
    """Of all rows of the list."""


def save_list(
    fit: Fit, letter: str, name: str, user: Any, groups: Iterable[Any] = ()
) -> SegmentList:
    """Keep the rows of the segment ``letter`` of ``fit`` (an empty text: those outside) as a list.

    It is ``user``'s, and shared with ``groups``, of which they must be a member. Raises FitError
    where the run has no such segment, it is empty, its rows are not kept, or the name is none.
    """
    import numpy as np

    from headwater.engines.matching import Grouping
    from headwater.learning.membership import Members, pack_members
    from headwater.segmentation.fit_rows import members_of

    name = name.strip()
    if not name or len(name) > LONGEST_NAME:
        raise FitError(
            f"The name of a list has from 1 to {LONGEST_NAME} characters; this one has {len(name)}."
        )
    grouping = members_of(fit).grouping
    if letter and letter not in grouping.letters:
        known = ", ".join(sorted(grouping.letters, key=lambda one: (len(one), one)))
        raise FitError(f"“{fit}” has no segment {letter}; it has {known}.")
    group = grouping.letters.index(letter) if letter else -1
    ids = grouping.ids[grouping.labels == group]
    if not len(ids):
        which = f"segment {letter}" if letter else "the rows outside of every segment"
        raise FitError(f"There is no row in {which} of “{fit}” to keep.")
    kept = Members(Grouping(ids, np.zeros(len(ids), dtype=np.int64), None, (letter,)), ())
    with transaction.atomic():
        made = SegmentList.objects.create(
            name=name,
            model_id=fit.model_id,
            fit=fit,
            letter=letter,
            n_rows=len(ids),
            packed=pack_members(kept),
            owner=user,
        )
        share_list(made, groups, user)
    return made


def share_list(segment_list: SegmentList, groups: Iterable[Any], user: Any) -> None:
    """Share a list with ``groups`` and no others; only its owner may, with groups of their own."""
    _refuse_others(segment_list, user)
    own = set(user.groups.values_list("pk", flat=True))
    asked = list(groups)
    strange = [str(group) for group in asked if group.pk not in own]
    if strange:
        raise PermissionDenied(
            f"A list is shared with groups that you are a member of; you are none of “{strange[0]}”"
        )
    segment_list.shared_with.set(asked)


def delete_list(segment_list: SegmentList, user: Any) -> None:
    """Delete a list; only its owner may."""
    _refuse_others(segment_list, user)
    segment_list.delete()


def ids_of(segment_list: SegmentList) -> NDArray[Any]:
    """Return the keys of the rows of a list, in order."""
    from headwater.learning.membership import unpack_members

    return unpack_members(segment_list.packed).grouping.ids


def rows_of(segment_list: SegmentList, page: int = 1, *, size: int = PAGE) -> ListPage:
    """Return one page of a list, with where each row is now; a page beyond the last is the last."""
    ids = ids_of(segment_list)
    n_pages = max(1, math.ceil(len(ids) / size))
    number = min(max(page, 1), n_pages)
    now = _letters_now(segment_list, ids)
    part = slice((number - 1) * size, number * size)
    keys = ids[part].tolist()
    return ListPage(
        rows=tuple(
            ListRow(key, name, letter, letter == segment_list.letter)
            for key, name, letter in zip(keys, _names(segment_list, keys), now[part], strict=True)
        ),
        number=number,
        n_pages=n_pages,
        n_rows=len(ids),
        n_still_in=now.count(segment_list.letter),
    )


def list_frame(segment_list: SegmentList) -> polars.DataFrame:
    """Return the whole list as it is exported: key, name and segment of now of each row."""
    import polars as pl

    ids = ids_of(segment_list)
    keys = ids.tolist()
    now = _letters_now(segment_list, ids)
    return pl.DataFrame(
        {
            "id": keys,
            "name": _names(segment_list, keys),
            "segment": [segment_list.letter or None] * len(keys),
            "segment now": [letter or None for letter in now],
            "still in it": [letter == segment_list.letter for letter in now],
        },
        schema_overrides={"name": pl.String, "segment": pl.String, "segment now": pl.String},
    )


def queryset_of(segment_list: SegmentList) -> models.QuerySet[Any]:
    """Return the objects of a list of rows of a Django model, by key; those that are gone are not
    among them. Raises FitError for the rows of a dataset, which are no objects."""
    from headwater.learning.learn import source_of

    if dataset_id(segment_list.fit.source) is not None:
        raise FitError(
            f"“{segment_list}” has rows of a dataset, and not of a Django model; there are no "
            "objects of them."
        )
    source = source_of(segment_list.fit.source)
    rows = source.model._default_manager.order_by("pk")
    return rows.filter(pk__in=_among(source.model, rows.db, ids_of(segment_list).tolist()))


def _among(model: type[models.Model], using: str, ids: list[Any]) -> RawSQL:
    """Return the keys as one parameter: databases bound how many a statement may have.

    The type is one of three that stand here, and keys travel as a parameter.
    """
    key, connection = key_field(model), connections[using]
    values = [key.get_db_prep_value(key.to_python(one), connection) for one in ids]
    if connection.vendor == "postgresql":
        kind = {"integer": "bigint", "uuid": "uuid", "text": "text"}[key_kind(model)]
        texts = [str(value) for value in values]
        sql = f"SELECT unnest(%s::text[])::{kind}"
        return RawSQL(sql, [texts])  # noqa: S611
    return RawSQL("SELECT value FROM json_each(%s)", [json.dumps(values)])


def _names(segment_list: SegmentList, keys: Sequence[Any]) -> list[str]:
    """Return what the rows are called, as far as it is known yet; else their keys."""
    from headwater.learning.learn import source_of

    try:
        return source_of(segment_list.fit.source).read_names(keys)
    except FitError:  # the version, or the model, is gone
        return [str(key) for key in keys]


def _letters_now(segment_list: SegmentList, ids: NDArray[Any]) -> list[str | None]:
    """Return the segment of each row by the run that serves now; None where it has not the row."""
    import numpy as np

    from headwater.learning.membership import unpack_members

    kept = Membership.objects.filter(
        fit__in=type(segment_list.model)
        .objects.filter(pk=segment_list.model_id)
        .values("current_fit")
    ).first()
    found: list[str | None] = [None] * len(ids)
    if kept is None:
        return found
    now = unpack_members(kept.packed).grouping
    if (now.ids.dtype.kind in "iu") != (ids.dtype.kind in "iu"):
        return found
    _, at, there = np.intersect1d(ids, now.ids, assume_unique=True, return_indices=True)
    letters = [*now.letters, ""]
    for place, group in zip(at.tolist(), now.labels[there].tolist(), strict=True):
        found[place] = letters[group]
    return found


def _refuse_others(segment_list: SegmentList, user: Any) -> None:
    if segment_list.owner_id != user.pk:
        raise PermissionDenied(f"“{segment_list}” is not yours; only its owner may change it.")
