"""What the page of an upload shows: how it is read, its columns, and what does not fit."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from headwater.console.data.reading_form import Option, ReadingField, reading_fields
from headwater.console.data.upload_choices import TYPES, as_shown, sheets_of
from headwater.learning.models import StatisticalModel
from headwater.sources.files.errors import FileError, Problem
from headwater.sources.files.reading import Reading
from headwater.sources.import_upload import chosen
from headwater.sources.models import Upload
from headwater.sources.roles import ROLES, fits_type, role_problems, roles_for
from headwater.sources.uploads import local_file
from headwater.words import counted, listed

if TYPE_CHECKING:
    from headwater.sources.files.preview import Preview


@dataclass(frozen=True, slots=True)
class ColumnField:
    """One column of an upload, with the choice of its type and role."""

    place: int
    name: str
    type: str
    role: str
    types: tuple[Option, ...]
    roles: tuple[Option, ...]
    why: str
    examples: tuple[str, ...]
    n_missing: int
    n_distinct: int
    has_problem: bool


@dataclass(frozen=True, slots=True)
class UploadShown:
    """Everything that the page of an upload shows of its file."""

    reading: Reading | None = None
    fields: list[ReadingField] = field(default_factory=list)
    columns: list[ColumnField] = field(default_factory=list)
    given: str = "[]"
    """The columns as they are shown, for the form to bring back; see ``upload_choices``."""
    rows: tuple[tuple[str, ...], ...] = ()
    n_rows: int = 0
    problems: tuple[Problem, ...] = ()
    n_problems: int = 0
    notes: tuple[str, ...] = ()
    sentences: tuple[str, ...] = ()
    """Why it cannot be made a dataset as it is, beside the problems of single cells."""
    gone: tuple[str, ...] = ()
    """What a new version would take away from analyses."""

    @property
    def is_right(self) -> bool:
        """Whether nothing stands against making the dataset."""
        return not (self.problems or self.sentences)

    @property
    def n_more(self) -> int:
        """Problems that are not told."""
        return self.n_problems - len(self.problems)


def upload_shown(upload: Upload) -> UploadShown:
    """Return what the page shows of ``upload``; what cannot be read is a sentence in it."""
    try:
        reading = Reading.from_json(upload.reading)
    except FileError as error:
        return UploadShown(sentences=(str(error),))
    try:
        with local_file(upload) as path:
            sheets = sheets_of(path, reading)
            fields = reading_fields(reading, sheets)
            seen, sentences = _preview(path, reading, upload)
    except FileNotFoundError:
        return UploadShown(
            reading, sentences=("The file is gone from the storage. Upload it again.",)
        )
    except FileError as error:
        return UploadShown(reading, sentences=(str(error),))
    if seen is None:
        return UploadShown(reading, fields, sentences=sentences)
    columns = _columns(seen, upload)
    if not sentences:
        found = [{"name": one.name, "type": one.type, "role": one.role} for one in seen.columns]
        sentences = tuple(role_problems(found))
    return UploadShown(
        reading=reading,
        fields=fields,
        columns=columns,
        given=as_shown(columns, upload),
        rows=seen.rows,
        n_rows=seen.n_rows,
        problems=seen.problems,
        n_problems=seen.n_problems,
        notes=seen.notes,
        sentences=sentences,
        gone=_gone(upload, {column.name for column in columns}),
    )


def _preview(path: Any, reading: Reading, upload: Upload) -> tuple[Preview | None, tuple[str, ...]]:
    """Return the file as it is read with what was chosen, or with less where that cannot be.

    So a choice that does not fit can be changed on the page that says so.
    """
    from headwater.sources.files.preview import preview

    types = {name: {"type": one} for name, one in chosen(upload, "type").items()}
    sentences: tuple[str, ...] = ()
    for overrides in (upload.columns, types, {}):
        try:
            return preview(path, reading, overrides=overrides), sentences
        except FileError as error:
            sentences = sentences or (str(error),)
    return None, sentences


def _columns(seen: Preview, upload: Upload) -> list[ColumnField]:
    types, roles = chosen(upload, "type"), chosen(upload, "role")
    with_problem = {problem.column for problem in seen.problems}
    found = []
    for place, column in enumerate(seen.columns):
        type_, role = types.get(column.name, column.type), roles.get(column.name, column.role)
        kept = [what for what, of in (("type", types), ("role", roles)) if column.name in of]
        offered = dict(roles_for(type_)) | ({} if fits_type(role, type_) else {role: ROLES[role]})
        found.append(
            ColumnField(
                place=place,
                name=column.name,
                type=type_,
                role=role,
                types=tuple(Option(key, words, key == type_) for key, words in TYPES.items()),
                roles=tuple(Option(key, words, key == role) for key, words in offered.items()),
                why=column.why or ("As chosen." if kept else ""),
                examples=column.examples,
                n_missing=column.n_missing,
                n_distinct=column.n_distinct,
                has_problem=column.name in with_problem,
            )
        )
    return found


def _gone(upload: Upload, names: set[str]) -> tuple[str, ...]:
    """Return a sentence for each column of the current version that the new file has no more."""
    dataset = upload.replaces
    if dataset is None or dataset.current is None:
        return ()
    gone = [column["name"] for column in dataset.current.columns if column["name"] not in names]
    if not gone:
        return ()
    models = StatisticalModel.objects.filter(source__dataset=dataset).select_related("source")
    used = {
        name: [str(m) for m in models if m.source and name in m.source.columns] for name in gone
    }
    return tuple(
        f"“{name}” is in version {dataset.current.number} and not in this file"
        + (
            f"; {counted(len(by), 'analysis', 'analyses')} cannot run again without it: "
            f"{listed([f'“{one}”' for one in by[:3]])}{' and others' if len(by) > 3 else ''}."
            if by
            else "."
        )
        for name, by in used.items()
    )
