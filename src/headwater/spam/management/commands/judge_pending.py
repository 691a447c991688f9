"""``manage.py judge_pending``: judge the rows that have no verdict yet."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from headwater.learning.errors import FitError
from headwater.spam.models import SpamFilter
from headwater.spam.pending import Judged, judge_pending


class Command(BaseCommand):
    help = (
        "Judge the rows that have no verdict yet, by the fit that serves; nothing is learned, and "
        "what people decided stays."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--filter", metavar="NAME", help="Name of a spam filter. Left out: all of them."
        )
        parser.add_argument(
            "--again",
            action="store_true",
            help="Judge also those anew that a filter has judged, and no person.",
        )

    def handle(self, *, again: bool, **options: Any) -> None:
        failed = []
        for spam_filter in _filters(options["filter"]):
            try:
                done = judge_pending(spam_filter, again=again)
            except FitError as error:
                self.stdout.write(self.style.ERROR(str(error)))
                failed.append(spam_filter.name)
            else:
                self.stdout.write(_told(spam_filter, done))
        if failed:
            raise CommandError(f"Not judged: {', '.join(failed)}.")


def _filters(name: str | None) -> list[SpamFilter]:
    filters: Any = SpamFilter.objects.order_by("name")
    if name is None:
        return list(filters)
    found = list(filters.filter(name=name))
    if not found:
        raise CommandError(f"There is no spam filter “{name}”.")
    return found


def _told(spam_filter: SpamFilter, done: Judged) -> str:
    rows = "1 row" if done.read == 1 else f"{done.read:,} rows"
    failed = f", {done.failed:,} could not be judged (see the log)" if done.failed else ""
    return f"“{spam_filter}”: {rows} read, {done.judged:,} judged{failed}."
