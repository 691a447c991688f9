"""``manage.py fit NAME``: fit a statistical model, and show how it goes."""

from __future__ import annotations

import threading
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from headwater.learning.errors import FitError
from headwater.learning.models import Fit, FitStatus, StatisticalModel

SECONDS_BETWEEN = 1.0
ASKED = "asked for by manage.py fit"


class Command(BaseCommand):
    help = "Fit a statistical model and write its labels; progress is shown while it works."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="Name of the statistical model.")
        parser.add_argument(
            "--background",
            action="store_true",
            help="Queue the fit for a worker (manage.py db_worker) and return at once.",
        )

    def handle(self, *, name: str, background: bool, **options: Any) -> None:
        from headwater.learning.fit import run_fit
        from headwater.learning.request import open_fit, request_fit

        model = _find(name)
        try:
            if background:
                fit = request_fit(model, detail=ASKED)
                self.stdout.write(f"Fit {fit.pk} of “{model}” waits for a worker.")
                return
            fit = open_fit(model, detail=ASKED)
        except FitError as error:
            raise CommandError(str(error)) from error
        with _Watch(fit.pk, self._show):
            fit = run_fit(fit)
        if fit.status != FitStatus.SUCCEEDED:
            raise CommandError(fit.error or f"The fit was {fit.get_status_display().lower()}.")
        self.stdout.write(self.style.SUCCESS(_outcome(fit)))

    def _show(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


class _Watch:
    """Reads a fit's progress from another thread and shows what is new, once a second."""

    def __init__(self, fit_id: int, show: Any) -> None:
        self.fit_id = fit_id
        self.show = show
        self.started = time.monotonic()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> _Watch:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        shown: Any = None
        try:
            while not self._stop.wait(SECONDS_BETWEEN):
                rows = Fit.objects.filter(pk=self.fit_id)
                progress = rows.values_list("progress", flat=True).first()
                if progress and progress != shown:
                    shown = progress
                    self.show(_line(progress, time.monotonic() - self.started))
        finally:
            connections.close_all()


def _find(name: str) -> StatisticalModel:
    try:
        return StatisticalModel.objects.get(name=name)
    except StatisticalModel.DoesNotExist:
        names = list(StatisticalModel.objects.values_list("name", flat=True)[:20])
        there_are = f"There are: {', '.join(names)}." if names else "There are none yet."
        raise CommandError(f"There is no statistical model “{name}”. {there_are}") from None


def _line(progress: dict[str, Any], seconds: float) -> str:
    parts = [f"{seconds:6.0f} s  {progress['share']:4.0%}  {progress['phase']:<8}"]
    if progress.get("iteration"):
        parts.append(
            f"restart {progress['restart']} of {progress['restarts']}, "
            f"iteration {progress['iteration']}, {progress['n_groups']} groups"
        )
        if progress.get("objective") is not None:
            parts.append(f"objective {progress['objective']:.6g}")
    return "  ".join(parts)


def _outcome(fit: Fit) -> str:
    written = fit.written
    labels = f"; {written['updated']:,} labels changed in {fit.results_storage}" if written else ""
    found = "learned from" if fit.n_groups is None else f"{fit.n_groups} groups in"
    return f"“{fit.model}”: {found} {fit.n_rows:,} rows, {fit.scores['seconds']:.1f} s{labels}."
