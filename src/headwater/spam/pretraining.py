"""Pre-training: texts whose label is known, out of files into a model."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import router, transaction

from headwater.spam.validate import pretraining_model

ENCODING = "utf-8-sig"
"""UTF-8, with or without a mark at its beginning."""
FOLDERS = ("ham", "spam")
"""Folders whose files are texts of that class."""
MOST_TOLD = 10
"""Rows that are wrong and told of; more are counted."""
BATCH = 1_000


class ImportRefused(ValueError):  # noqa: N818
    """Files that cannot be imported; ``errors`` has a sentence for each fault."""

    errors: list[str]

    def __init__(self, errors: list[str]) -> None:
        self.errors = errors
        super().__init__("\n".join(errors))


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a CSV file has the text and its label."""

    content: str = "content"
    label: str = "is_spam"
    spam_value: str = "1"
    """What the label is for spam; all others have one other value."""
    encoding: str = ENCODING


@dataclass(frozen=True, slots=True)
class Imported:
    """What was imported."""

    ham: int
    spam: int
    replaced: int
    """Rows of the same files that were there and went."""


@dataclass(frozen=True, slots=True)
class _Text:
    content: str
    is_spam: bool
    origin: str


def import_pretraining(
    label: str, paths: Iterable[Path | str], *, layout: Layout | None = None, replace: bool = False
) -> Imported:
    """Import texts into the pre-training model ``label``, all of them or none.

    A path is a CSV file with the columns of ``layout``, or a folder with the folders “ham” and
    “spam”, each of whose files is one text. Rows remember the file that they came from; where
    there are rows of it already, ``replace`` takes those out first. Raises ``ImportRefused`` with
    a sentence for each fault, by file and line, and ValueError for what is no such model.
    """
    model: Any = pretraining_model(label)
    layout = layout or Layout()
    errors: list[str] = []
    texts: list[_Text] = []
    for path in map(Path, paths):
        reading = _folder(path, layout) if path.is_dir() else _csv(path, layout)
        texts += (one for one in _without_faults(reading, errors))
    origins = sorted({text.origin for text in texts})
    if not errors and not texts:
        errors.append("There is no text in what was given.")
    rows = model._default_manager
    there = sorted(
        set(rows.filter(origin__in=origins).order_by().values_list("origin", flat=True).distinct())
    )
    if there and not replace:
        errors.append(
            f"{model._meta.label} has rows of {', '.join(f'“{name}”' for name in there)} already. "
            "Ask for them to be replaced (--replace), or leave the file out."
        )
    if errors:
        raise ImportRefused(_first(errors))
    with transaction.atomic(using=router.db_for_write(model)):
        replaced = rows.filter(origin__in=there).delete()[0] if there else 0
        rows.bulk_create(
            [model(content=one.content, is_spam=one.is_spam, origin=one.origin) for one in texts],
            batch_size=BATCH,
        )
    spam = sum(text.is_spam for text in texts)
    return Imported(len(texts) - spam, spam, replaced)


def _without_faults(reading: Iterator[_Text | str], errors: list[str]) -> Iterator[_Text]:
    """Yield the texts; what is a sentence goes to ``errors``."""
    for one in reading:
        if isinstance(one, str):
            errors.append(one)
        else:
            yield one


def _csv(path: Path, layout: Layout) -> Iterator[_Text | str]:
    """Yield the texts of a CSV file, or sentences on what is wrong with a line."""
    try:
        written = path.read_bytes().decode(layout.encoding)
    except OSError as error:
        yield f"{path}: cannot be read ({error.strerror})."
        return
    except (UnicodeDecodeError, LookupError) as error:
        yield _undecoded(path, layout.encoding, error)
        return
    lines = csv.reader(io.StringIO(written, newline=""), strict=True)
    header = next(lines, [])
    missing = [name for name in (layout.content, layout.label) if name not in header]
    if missing:
        named = " and ".join(f"“{name}”" for name in missing)
        there_are = ", ".join(header) or "none"
        yield f"{path}, line 1: there is no column {named}; there are {there_are}."
        return
    content_at, label_at = header.index(layout.content), header.index(layout.label)
    ham_value: str | None = None
    while True:
        begin = lines.line_num + 1
        try:
            row = next(lines)
        except StopIteration:
            return
        except csv.Error as error:
            yield f"{path}, line {begin}: the row cannot be read ({error})."
            return
        if not row:
            continue
        fault = None
        if len(row) != len(header):
            fault = f"has {len(row)} columns, and the first line has {len(header)}"
        elif not row[content_at].strip():
            fault = f"has no text in “{layout.content}”"
        elif not row[label_at].strip():
            fault = f"has no label in “{layout.label}”"
        if fault is None:
            value = row[label_at].strip()
            is_spam = value == layout.spam_value
            if not is_spam and ham_value is None:
                ham_value = value
            if not is_spam and value != ham_value:
                fault = (
                    f"has the label “{value[:40]}”; spam is “{layout.spam_value}” and the others "
                    f"are “{ham_value[:40] if ham_value else ''}”"
                )
        if fault is not None:
            yield f"{path}, line {begin}: the row {fault}."
        else:
            yield _Text(_clean(row[content_at]), is_spam, path.name)


def _folder(path: Path, layout: Layout) -> Iterator[_Text | str]:
    """Yield the texts of the files in “ham” and “spam”, by their names."""
    missing = [name for name in FOLDERS if not (path / name).is_dir()]
    if missing:
        yield (
            f"{path}: there is no folder “{missing[0]}” in it. A folder of texts has one called "
            "“ham” and one called “spam”."
        )
        return
    for name in FOLDERS:
        for file in sorted(one for one in (path / name).iterdir() if one.is_file()):
            try:
                content = file.read_bytes().decode(layout.encoding)
            except OSError as error:
                yield f"{file}: cannot be read ({error.strerror})."
            except (UnicodeDecodeError, LookupError) as error:
                yield _undecoded(file, layout.encoding, error)
            else:
                if content.strip():
                    yield _Text(_clean(content), name == "spam", f"{path.name}/{name}")
                else:
                    yield f"{file}: there is no text in it."


def _undecoded(path: Path, encoding: str, error: UnicodeDecodeError | LookupError) -> str:
    if not isinstance(error, UnicodeDecodeError):
        return f"There is no encoding “{encoding}”. Name one such as utf-8 or latin-1."
    line = error.object[: error.start].count(b"\n") + 1
    return (
        f"{path}, line {line}: the bytes are not {encoding}. Name another encoding (--encoding "
        "latin-1, say)."
    )


def _clean(content: str) -> str:
    """Return ``content`` without NUL characters, which PostgreSQL does not keep."""
    return content.replace("\x00", "")


def _first(errors: list[str]) -> list[str]:
    if len(errors) <= MOST_TOLD:
        return errors
    return [*errors[:MOST_TOLD], f"{len(errors) - MOST_TOLD:,} more rows are wrong."]
