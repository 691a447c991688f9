"""``manage.py run_due_fits``: fit again each model whose time has come."""

from __future__ import annotations

import signal
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from headwater.learning.schedule import Looked, run_due_fits, watch


class Command(BaseCommand):
    help = (
        "Queue a fit of each statistical model that is due by its schedule. For cron, as often as "
        "the shortest schedule asks for; a model is fitted once in its hour, day or week."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--now",
            action="store_true",
            help="Run the fits in this process, one after the other, and wait for them.",
        )
        parser.add_argument(
            "--loop",
            type=float,
            metavar="SECONDS",
            help="Go on for good, and look again every so many seconds.",
        )

    def handle(self, *, now: bool, loop: float | None, **options: Any) -> None:
        if loop is None:
            looked = run_due_fits(here=now)
            self._tell(looked, say_nothing_due=True)
            failed = [one.model for one in looked if one.failed]
            if failed:
                raise CommandError(f"Not fitted: {', '.join(failed)}.")
            return
        if not loop > 0:
            raise CommandError(f"--loop was {loop:g}; it takes a number of seconds above 0.")
        before = signal.signal(signal.SIGTERM, _leave)
        try:
            for looked in watch(loop, here=now):
                self._tell(looked)
        except KeyboardInterrupt:
            self.stdout.write("Stopped.")
        finally:
            signal.signal(signal.SIGTERM, before)

    def _tell(self, looked: list[Looked], *, say_nothing_due: bool = False) -> None:
        for one in looked:
            self.stdout.write(self.style.ERROR(one.sentence) if one.failed else one.sentence)
        if not looked and say_nothing_due:
            self.stdout.write("Nothing is due.")
        self.stdout.flush()


def _leave(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
