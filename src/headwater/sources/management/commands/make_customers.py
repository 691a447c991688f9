"""``manage.py make_customers``: write generated customers to a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from headwater.sources.samples.customers import N_CUSTOMERS, SEED, make_customers
from headwater.words import counted


class Command(BaseCommand):
    help = "Write generated customers, in four segments that are known, as a CSV file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--rows", type=int, default=N_CUSTOMERS, help="How many customers.")
        parser.add_argument("--seed", type=int, default=SEED, help="Other seeds, other customers.")
        parser.add_argument("--file", type=Path, required=True, help="Where to write it.")

    def handle(self, *, rows: int, seed: int, file: Path, **options: Any) -> None:
        if rows < 1:
            raise CommandError(f"--rows was {rows:,}; it takes a whole number of at least 1.")
        if seed < 0:
            raise CommandError(f"--seed was {seed}; it takes a whole number of at least 0.")
        try:
            make_customers(rows, seed=seed).write_csv(file)
        except OSError as error:
            raise CommandError(f"“{file}” cannot be written: {error.strerror or error}.") from None
        self.stdout.write(f"{counted(rows, 'customer')} written to {file}.")
