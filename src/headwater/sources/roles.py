"""set_roles: what each column of a dataset is for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db import transaction

from headwater.sources.models import DatasetVersion

if TYPE_CHECKING:
    import polars

ROLES = {
    "id": "Tells rows apart",
    "name": "Name of the row",
    "feature": "Learn from it",
    "category": "Learn from it as a category",
    "label": "Known label, to compare with",
    "out": "Leave out",
}
_FITTING = {
    "id": ("number", "text"),
    "name": ("number", "date", "text"),
    "feature": ("number", "date", "boolean"),
    "category": ("number", "boolean", "text"),
    "label": ("number", "boolean", "text"),
    "out": ("number", "date", "boolean", "text"),
}
_ONCE = {
    "id": "tells rows apart",
    "name": "names the rows",
    "label": "holds the known label",
}
_INSTEAD = {
    "text": "Texts can tell rows apart, name them, be a category or the known label.",
    "date": "Dates can be learned from or name the rows.",
    "boolean": "Yes or no can be learned from, be a category or the known label.",
    "number": "Numbers can take any role.",
}


class RoleError(ValueError):
    """Roles that a dataset cannot have; each of ``sentences`` says one."""

    def __init__(self, sentences: Sequence[str]) -> None:
        self.sentences = list(sentences)
        super().__init__(" ".join(self.sentences))


def fits_type(role: str, type_: str) -> bool:
    """Return whether a column of a type can have a role."""
    return type_ in _FITTING.get(role, ())


def roles_for(type_: str) -> list[tuple[str, str]]:
    """Return the roles that a column of a type can have, with their words."""
    return [(role, words) for role, words in ROLES.items() if fits_type(role, type_)]


def role_problems(columns: Sequence[Mapping[str, str]]) -> list[str]:
    """Return a sentence for each thing that is wrong with the roles of ``columns``."""
    found = []
    for column in columns:
        name, role, type_ = column["name"], column["role"], column["type"]
        if role not in ROLES:
            known = ", ".join(f"“{one}”" for one in ROLES)
            found.append(f"The role of “{name}” was “{role}”; it takes one of {known}.")
        elif not fits_type(role, type_):
            found.append(
                f"“{name}” is a column of type {type_}, which cannot be “{ROLES[role]}”. "
                f"{_INSTEAD[type_]}"
            )
    for role, words in _ONCE.items():
        names = [column["name"] for column in columns if column["role"] == role]
        if len(names) > 1:
            listed = " and ".join(f"“{name}”" for name in names)
            found.append(f"{listed}: only one column {words}. Choose which.")
    if not any(column["role"] in ("feature", "category") for column in columns):
        found.append("No column is learned from. Give at least one the role of a feature.")
    return found


def id_problem(name: str, values: polars.Series) -> str:
    """Return why ``values`` cannot tell rows apart; "" where they can."""
    if missing := values.null_count():
        row = int(values.is_null().arg_max() or 0) + 1
        others = f", and {missing - 1:,} more" if missing > 1 else ""
        return (
            f"“{name}” cannot tell rows apart: it is missing in row {row:,}{others}. An id must "
            "stand in every row."
        )
    twice = values.is_duplicated()
    if twice.any():
        first = values.filter(twice)[0]
        rows = (values == first).arg_true()
        return (
            f"“{name}” cannot tell rows apart: “{first}” stands in rows {rows[0] + 1:,} and "
            f"{rows[1] + 1:,}. An id must be another one in every row."
        )
    if values.dtype.is_float() and not (values == values.round()).all():
        return (
            f"“{name}” cannot tell rows apart: some of its numbers are not whole. An id is a whole "
            "number or a text."
        )
    return ""


def set_roles(version: DatasetVersion, roles: Mapping[str, str]) -> DatasetVersion:
    """Give columns of ``version`` new roles; those not named keep theirs.

    Runs that learned from a column that is now left out keep all that they found. Raises
    ``RoleError`` with a sentence for each thing that is wrong; nothing is changed then.
    """
    from headwater.sources.rows import read_frame

    unknown = [name for name in roles if version.column(name) is None]
    if unknown:
        raise RoleError([f"There is no column “{name}” in “{version}”." for name in unknown])
    with transaction.atomic():
        locked: Any = DatasetVersion.objects.select_for_update().get(pk=version.pk)
        columns = [
            {**column, "role": roles.get(column["name"], column["role"])}
            for column in locked.columns
        ]
        problems = role_problems(columns)
        was = locked.names_of("id")
        ids = [column["name"] for column in columns if column["role"] == "id"]
        if not problems and ids and ids != was:
            frame = read_frame(locked, ids)
            problems = [one for one in [id_problem(ids[0], frame[ids[0]])] if one]
        if problems:
            raise RoleError(problems)
        locked.columns = columns
        given = {column["name"]: column["role"] for column in columns}
        locked.profile = {
            name: {**figures, "role": given.get(name, figures.get("role"))}
            for name, figures in locked.profile.items()
        }
        locked.save(update_fields=["columns", "profile"])
    version.columns, version.profile = columns, locked.profile
    return version
