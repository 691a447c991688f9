"""Functions as a project adds them to the language of parameters."""

from __future__ import annotations


def vague(size: int) -> list[float]:
    """Return the parameters of a vague Dirichlet."""
    return [1.0] * int(size)


def endless(size: int) -> list[float]:
    """Return more numbers than a parameter may hold."""
    return [0.0] * 2_000_000


def broken(size: int) -> list[float]:
    """Fail, as code does."""
    raise RuntimeError("no such prior")
