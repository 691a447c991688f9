"""What can go wrong with a fit, each with a sentence."""

from __future__ import annotations


class FitError(ValueError):
    """A fit that cannot be done as it is asked for."""


class AlreadyRunning(FitError):  # noqa: N818
    """A fit of the same model waits or runs."""


class NotInferredError(FitError):
    """Labels are asked for before the first fit has succeeded."""


class FitStopped(Exception):  # noqa: N818
    """The fit is not wanted any more: cancelled, deleted, or given up as lost."""
