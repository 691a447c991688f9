"""``manage.py assign_pending [NAME ...]``: label rows that have no label yet, without a fit."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from headwater.learning.models import StatisticalModel
from headwater.learning.pending import Assigned, assign_pending


class Command(BaseCommand):
    help = "Label the rows that have no label yet, by the fit that serves; nothing is learned."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "names",
            nargs="*",
            metavar="NAME",
            help="Names of statistical models. None: all whose fit wrote labels.",
        )
        parser.add_argument(
            "--refresh",
            action="store_true",
            help="Look at all rows, and give those whose values have changed their label anew.",
        )

    def handle(self, *, names: list[str], refresh: bool, **options: Any) -> None:
        from headwater.learning.fit import SENTENCES  # imports numbers

        failed = []
        for model in _models(names):
            try:
                done = assign_pending(model, refresh=refresh)
            except SENTENCES as error:
                self.stdout.write(self.style.ERROR(str(error)))
                failed.append(model.name)
            else:
                self.stdout.write(_told(model, done))
        if failed:
            raise CommandError(f"Not assigned: {', '.join(failed)}.")


def _models(names: list[str]) -> list[StatisticalModel]:
    models = StatisticalModel.objects.order_by("name")
    if not names:
        return list(models.exclude(current_fit=None).exclude(current_fit__results_storage=""))
    found = list(models.filter(name__in=names))
    unknown = sorted(set(names) - {model.name for model in found})
    if unknown:
        raise CommandError(f"There is no statistical model “{unknown[0]}”.")
    return found


def _told(model: StatisticalModel, done: Assigned) -> str:
    parts = [f"“{model}”: {done.assigned:,} of {done.read:,} rows got a label of fit {done.fit_id}"]
    if done.unfit:
        parts.append(f"{done.unfit:,} have values that do not fit")
    if done.superseded:
        parts.append("a newer fit came meanwhile, so the rest was left to it")
    return "; ".join(parts) + "."
