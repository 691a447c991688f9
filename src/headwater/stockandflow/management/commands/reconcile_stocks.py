"""``manage.py reconcile_stocks``: whether the books balance, and what was repaired."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from headwater.stockandflow.reconcile import reconcile


class Command(BaseCommand):
    help = (
        "Compares the books of every partition with its objects, says what it finds, and posts "
        "what the books lack."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Add --check."""
        parser.add_argument(
            "--check",
            action="store_true",
            help="Write nothing; end with an error where something is wrong.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Say what was found of each partition and flow."""
        found = reconcile(repair=not options["check"])
        for one in found:
            self.stdout.write(one.sentence)
        problems = [problem for one in found for problem in one.problems]
        if problems:
            raise CommandError("\n".join(problems))
