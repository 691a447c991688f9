"""``manage.py flow_triggers``: let PostgreSQL write the events of raw SQL too."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from headwater.stockandflow.errors import StockAndFlowError
from headwater.stockandflow.trigger import install_triggers, list_triggers, uninstall_triggers


class Command(BaseCommand):
    help = (
        "Install, take away or list the triggers by which PostgreSQL writes the events of a "
        "partition itself, also those of raw SQL. Install again after a change of a partition."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=["install", "uninstall", "list"])
        parser.add_argument(
            "partition",
            nargs="*",
            help="Slugs of partitions; without any: those with a tracker, or all that there are.",
        )

    def handle(self, *, action: str, partition: list[str], **options: Any) -> None:
        try:
            if action == "install":
                done = install_triggers(partition)
            elif action == "uninstall":
                done = uninstall_triggers(partition)
            else:
                done = list_triggers()
        except StockAndFlowError as error:
            raise CommandError(str(error)) from error
        for one in done:
            self.stdout.write(one.sentence)
        if not done:
            self.stdout.write("There is no trigger.")
