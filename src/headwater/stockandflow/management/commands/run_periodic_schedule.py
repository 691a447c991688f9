"""``manage.py run_periodic_schedule``: do what the project's schedules have due."""

from __future__ import annotations

import signal
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from headwater.stockandflow.errors import StockAndFlowError


class Command(BaseCommand):
    help = (
        "Count stocks and run the jobs of each stocks.py that are due. For cron, at least as often "
        "as the shortest period asks for; each job is done once in its hour, day, week or month."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--watch",
            type=float,
            metavar="SECONDS",
            help="Go on for good, and look again every so many seconds.",
        )

    def handle(self, *, verbosity: int, watch: float | None = None, **options: Any) -> None:
        from headwater.stockandflow.periodic import run_periodic_schedule
        from headwater.stockandflow.periodic import watch as watching

        try:
            if watch is None:
                ran = run_periodic_schedule()
                self._tell(ran, verbosity)
                if not ran and verbosity:
                    self.stdout.write("Nothing is due.")
                if failed := [one.job for one in ran if one.failed]:
                    raise CommandError(f"Failed: {', '.join(failed)}.")
                return
            if not watch > 0:
                raise CommandError(f"--watch was {watch:g}; it takes a number of seconds above 0.")
            before = signal.signal(signal.SIGTERM, _leave)
            try:
                for ran in watching(watch):
                    self._tell(ran, verbosity)
            except KeyboardInterrupt:
                self.stdout.write("Stopped.")
            finally:
                signal.signal(signal.SIGTERM, before)
        except StockAndFlowError as error:
            raise CommandError(str(error)) from error

    def _tell(self, ran: list[Any], verbosity: int) -> None:
        for one in ran:
            if one.failed:
                self.stderr.write(one.sentence)
            elif verbosity:
                self.stdout.write(one.sentence)
        self.stdout.flush()


def _leave(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
