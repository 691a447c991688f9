"""Pack and unpack the label of each row of a fit, without pickle."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from headwater.engines.matching import Grouping


@dataclass(frozen=True, slots=True, eq=False)
class Members:
    """Who was in which group, and where the groups' centres were."""

    grouping: Grouping
    centre_columns: tuple[str, ...]
    """The columns of the centres, in their own units."""
    digests: NDArray[np.uint32] | None = None
    """(n,) ``engines.fingerprint`` of what was read of each row; None: not known."""
    read_columns: tuple[str, ...] = ()
    """What the digests are of."""


def pack_members(members: Members) -> bytes:
    """Return ``members`` as a compressed archive of plain arrays."""
    grouping = members.grouping
    ids = grouping.ids
    is_integer = ids.dtype.kind in "iu"
    arrays = {
        "ids": np.diff(ids, prepend=ids.dtype.type(0)) if is_integer and len(ids) else ids,
        "labels": grouping.labels.astype(np.int32),
        "letters": np.array(grouping.letters, dtype=str),
        "centre_columns": np.array(members.centre_columns, dtype=str),
    }
    if grouping.centres is not None:
        arrays["centres"] = grouping.centres
    if members.digests is not None:
        arrays["digests"] = members.digests
        arrays["read_columns"] = np.array(members.read_columns, dtype=str)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as file:
                np.lib.format.write_array(file, array, allow_pickle=False)
    return packed.getvalue()


def unpack_members(packed: bytes | memoryview) -> Members:
    """Return what ``pack_members`` was given."""
    with np.load(io.BytesIO(bytes(packed)), allow_pickle=False) as arrays:
        ids: NDArray[Any] = arrays["ids"]
        if ids.dtype.kind in "iu":
            ids = np.cumsum(ids, dtype=np.int64)
        grouping = Grouping(
            ids=ids,
            labels=arrays["labels"].astype(np.int64),
            centres=arrays.get("centres"),
            letters=tuple(arrays["letters"].tolist()),
        )
        read = arrays.get("read_columns")
        return Members(
            grouping,
            tuple(arrays["centre_columns"].tolist()),
            arrays.get("digests"),
            () if read is None else tuple(read.tolist()),
        )
