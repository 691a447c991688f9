"""``manage.py expire_uploads``: throw away uploads that nobody came back to."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from headwater.sources.expire_uploads import expire_uploads
from headwater.words import counted


class Command(BaseCommand):
    help = "Delete files that were uploaded, but not made a dataset of within so many days."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--days", type=float, default=7.0, help="Age of the uploads that go; default: 7."
        )

    def handle(self, *, days: float, **options: Any) -> None:
        if not days >= 0:
            raise CommandError(f"--days was {days:g}; it takes a number of days, 0 or more.")
        self.stdout.write(f"{counted(expire_uploads(days), 'upload')} deleted.")
