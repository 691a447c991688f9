"""``manage.py import_pretraining app.Model FILE_OR_FOLDER ...``: texts whose label is known."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from headwater.spam.pretraining import ENCODING, Layout, import_pretraining


class Command(BaseCommand):
    help = (
        "Import texts whose label is known into a pre-training model: out of CSV files, or out of "
        "folders that have a folder “ham” and a folder “spam” with one file for each text. All of "
        "it is imported, or nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("model", metavar="app.Model", help="The pre-training model.")
        parser.add_argument("paths", nargs="+", metavar="FILE_OR_FOLDER")
        parser.add_argument(
            "--content", default="content", help="Column with the text (default: content)."
        )
        parser.add_argument(
            "--label", default="is_spam", help="Column with the label (default: is_spam)."
        )
        parser.add_argument(
            "--spam-value", default="1", help="What the label is for spam (default: 1)."
        )
        parser.add_argument(
            "--encoding", default=ENCODING, help="Encoding of the files (default: UTF-8)."
        )
        parser.add_argument(
            "--replace",
            action="store_true",
            help="Take out the rows first that came from the same files before.",
        )

    def handle(self, *, model: str, paths: list[str], **options: Any) -> None:
        layout = Layout(
            content=options["content"],
            label=options["label"],
            spam_value=options["spam_value"],
            encoding=options["encoding"],
        )
        try:
            done = import_pretraining(model, paths, layout=layout, replace=options["replace"])
        except ValueError as error:  # sentences
            raise CommandError(str(error)) from None
        replaced = f", in place of {done.replaced:,} rows" if done.replaced else ""
        self.stdout.write(
            f"{model}: {done.ham + done.spam:,} texts imported, {done.spam:,} of them spam"
            f"{replaced}."
        )
