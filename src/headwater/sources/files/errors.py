"""FileError, Problem, ProblemsError: what is said of a file that cannot be read."""

from __future__ import annotations

from dataclasses import dataclass, field

SHOWN = 5
"""Problems that are told; the others are counted."""
_VALUE_LENGTH = 60
"""Characters of a cell that a sentence shows."""


class FileError(ValueError):
    """A file that cannot be read at all, or a wish that it cannot meet; a sentence."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One cell or row of a file that does not fit."""

    column: str
    """Name of the column; "" where the whole row is meant."""
    row: int
    """The row as a person counts it in the file: its first line is 1."""
    value: str
    """What stands there, cut to a length that fits a sentence."""
    expected: str
    """What would fit: “a number”, “a date” ..."""
    sentence: str

    def as_json(self) -> dict[str, str | int]:
        """Return the five as they are kept with an upload."""
        return {
            "column": self.column,
            "row": self.row,
            "value": self.value,
            "expected": self.expected,
            "sentence": self.sentence,
        }


class ProblemsError(ValueError):
    """Cells or rows that do not fit: the first few, and how many there are."""

    def __init__(self, problems: tuple[Problem, ...], n_problems: int) -> None:
        self.problems = problems
        self.n_problems = n_problems
        super().__init__(told(problems, n_problems))


def told(problems: tuple[Problem, ...], n_problems: int) -> str:
    """Return the sentences of ``problems``, and how many more there are."""
    sentences = [problem.sentence for problem in problems]
    more = n_problems - len(problems)
    return " ".join([*sentences, f"And {more:,} more."] if more > 0 else sentences)


@dataclass(slots=True)
class Problems:
    """The problems that are found while one file is read."""

    found: list[Problem] = field(default_factory=list)
    total: int = 0

    def add(self, problem: Problem) -> None:
        """Count ``problem``, and keep it if it is among the first."""
        self.total += 1
        if len(self.found) < 4 * SHOWN or problem.row < self.found[-1].row:
            self.found.append(problem)
            self.found.sort(key=lambda one: one.row)
            del self.found[4 * SHOWN :]

    def count(self, n: int) -> None:
        """Count ``n`` further problems that are not told."""
        self.total += n

    def shown(self) -> tuple[Problem, ...]:
        """Return the first few in the order of their rows."""
        return tuple(self.found[:SHOWN])


def cut(value: str) -> str:
    """Return ``value`` in one line, and no longer than a sentence bears."""
    line = " ".join(value.split())
    return line if len(line) <= _VALUE_LENGTH else line[: _VALUE_LENGTH - 1] + "…"
