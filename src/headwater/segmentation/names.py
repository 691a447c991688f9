"""Names of segments: suggested from the data, or given by people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from headwater.learning.models import Fit, StatisticalModel
from headwater.segmentation.models import SegmentName
from headwater.segmentation.segment import OUTSIDE, Difference, Segment

LONGEST_NAME = 80
"""Characters of a name, at most, as ``SegmentName`` keeps them."""
LONGEST_NOTE = 2_000
TRAITS = 2
"""Traits of a suggested name; one more where two segments would have the same name."""
MILD = 0.5
"""Strength from which a trait may tell two segments apart that have the same name."""
AVERAGE = "Close to the average"
"""Name of a segment that nothing sets apart."""


class SegmentNameError(ValueError):
    """A name that cannot be given; the message is a sentence."""


def suggest_names(segments: Sequence[Segment]) -> dict[str, str]:
    """Return letter -> a name made of what sets the segment apart, or tends to; all different.

    Two segments of the same name get one more trait each; where that does not help, the letter.
    """
    traits = {segment.letter: _traits(segment.reasons) for segment in segments}
    names = {letter: _joined(found[:TRAITS]) for letter, found in traits.items()}
    for segment in segments:
        twins = [letter for letter, name in names.items() if name == names[segment.letter]]
        if len(twins) < 2 or names[segment.letter] == AVERAGE:
            continue
        for twin in twins:
            further = _traits(
                [one for one in _of(segments, twin).differences if one.strength >= MILD]
            )
            known = traits[twin][:TRAITS]
            more = [one for one in further if one not in known]
            names[twin] = _joined([*known, *more[:1]])
    counts = Counter(names.values())
    return {
        letter: _shortened(name, f" ({letter})") if counts[name] > 1 else _shortened(name)
        for letter, name in names.items()
    }


def segment_names(fit: Fit) -> dict[str, str]:
    """Return letter -> what each segment of ``fit`` is called."""
    from headwater.segmentation.segments import segments_of

    return {segment.letter: segment.name for segment in segments_of(fit, with_rows=False)}


def given_names(fit: Fit) -> dict[str, SegmentName]:
    """Return letter -> the name and note that somebody gave to the segment of that letter."""
    return {one.letter: one for one in SegmentName.objects.filter(model=fit.model_id)}


def settle_names(suggested: Mapping[str, str], given: Mapping[str, str]) -> dict[str, str]:
    """Return letter -> the given name, else the suggested one; all different.

    What people say stays as it is; a suggested name gives way and takes its letter with it.
    """
    taken = {name.casefold() for letter, name in given.items() if letter in suggested}
    return {
        letter: given.get(letter)
        or (_shortened(name, f" ({letter})") if name.casefold() in taken else name)
        for letter, name in suggested.items()
    }


def rename(
    model: StatisticalModel, letter: str, name: str, user: Any, *, note: str | None = None
) -> SegmentName | None:
    """Name the segment ``letter`` of ``model``, over all its runs; return what is kept.

    An empty name goes back to the suggested one; ``note`` None leaves the note. Raises
    ``SegmentNameError`` for a name that is too long or that another segment has, and for a letter
    that no run has given.
    """
    name = " ".join(name.split())
    kept = SegmentName.objects.filter(model=model, letter=letter).first()
    note = (kept.note if kept else "") if note is None else note.strip()
    _check(model, letter, name, note)
    if not name and not note:
        SegmentName.objects.filter(model=model, letter=letter).delete()
        return None
    named, _ = SegmentName.objects.update_or_create(
        model=model,
        letter=letter,
        defaults={"name": name, "note": note, "named_by": user if user and user.pk else None},
    )
    return named


def _check(model: StatisticalModel, letter: str, name: str, note: str) -> None:
    if letter == OUTSIDE:
        raise SegmentNameError(
            "Rows outside of every segment are not a segment, so they cannot be named."
        )
    if letter not in _letters(model):
        raise SegmentNameError(f"No run of “{model}” has a segment {letter}.")
    if len(name) > LONGEST_NAME:
        raise SegmentNameError(
            f"The name has {len(name)} characters; a segment's name has at most {LONGEST_NAME}."
        )
    if len(note) > LONGEST_NOTE:
        raise SegmentNameError(
            f"The note has {len(note):,} characters; it may have at most {LONGEST_NOTE:,}."
        )
    if name and (other := _other_of_name(model, letter, name)):
        raise SegmentNameError(f"Segment {other} is called “{name}” already. Choose another name.")


def _letters(model: StatisticalModel) -> set[str]:
    return set(StatisticalModel.objects.values_list("letters", flat=True).get(pk=model.pk))


def _other_of_name(model: StatisticalModel, letter: str, name: str) -> str | None:
    others = SegmentName.objects.filter(model=model).exclude(letter=letter)
    wanted = name.casefold()
    return next((one.letter for one in others if one.name.casefold() == wanted), None)


def _of(segments: Sequence[Segment], letter: str) -> Segment:
    return next(segment for segment in segments if segment.letter == letter)


def _traits(differences: Sequence[Difference]) -> list[str]:
    """Return the traits of the strongest differences, of each column one."""
    by_column: dict[str, str] = {}
    for one in differences:
        by_column.setdefault(one.column, one.trait)
    return list(dict.fromkeys(by_column.values()))


def _joined(traits: Sequence[str]) -> str:
    name = ", ".join(traits)
    return name[:1].upper() + name[1:] if name else AVERAGE


def _shortened(name: str, end: str = "") -> str:
    room = LONGEST_NAME - len(end)
    if len(name) > room:
        name = name[: room - 1].rstrip(" ,") + "…"
    return name + end
