"""``manage.py load_demo``: the demo's data, people and statistical models."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from headwater_demo.delivery.load import load_delivery
from headwater_demo.people import load_people
from headwater_demo.restaurant.load import load_restaurant
from headwater_demo.secret import kept_secret
from headwater_demo.shop.load import load_shop
from headwater_demo.smartdjango.conf import settings as smartdjango_settings
from headwater_demo.smartdjango.forget import forget_addresses, forget_visits
from headwater_demo.smartdjango.load import load_products, load_users
from headwater_demo.spam_filters import load_pretraining, load_spam_filters
from headwater_demo.statistical_models import load_statistical_models
from headwater_demo.users_option import number_of_users


def listed(names: list[str]) -> str:
    """Return names as a sentence lists them.

    >>> listed(["demo", "analyst", "moderator"])
    'demo, analyst and moderator'
    """
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


class Command(BaseCommand):
    """Load what is missing; what is there stays."""

    help = "Load the demo's data, people and statistical models. What is there already stays."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare ``--users`` and ``--recreate``."""
        parser.add_argument(
            "--users",
            type=number_of_users,
            help=(
                "users to generate (at first settings.HEADWATER_DEMO_USERS, "
                f"{smartdjango_settings().HEADWATER_DEMO_USERS:,}). Another number than were "
                "generated replaces all users of SmartDjango; without it they stay"
            ),
        )
        parser.add_argument(
            "--recreate",
            action="store_true",
            help="replace all users of SmartDjango, also by as many: what was measured is lost",
        )

    def handle(self, *, users: int | None, recreate: bool = False, **options: Any) -> None:
        """Load, and say what was done."""
        self._load_users(users, recreate=recreate)
        products = load_products()
        if products:
            self.stdout.write(f"SmartDjango: {products} products made.")
        forget_visits()
        forget_addresses()
        shop = load_shop()
        self.stdout.write(
            f"Shop: {shop.customers:,} customers and {shop.months:,} of their months "
            f"{'loaded' if shop.created else 'are there'}."
        )
        restaurant = load_restaurant()
        self.stdout.write(
            f"Restaurant: {restaurant.items:,} dishes and {restaurant.orders:,} orders "
            f"{'loaded' if restaurant.created else 'are there'}."
        )
        customers, created = load_delivery()
        self.stdout.write(
            f"Food delivery: {customers:,} customers {'loaded' if created else 'are there'}."
        )
        password_file = Path(settings.DEMO_DIR) / "password"
        people = load_people(kept_secret(password_file, length=9))
        if people.created:
            self.stdout.write(
                f"People: {listed(people.created)} can sign in; the password is in {password_file}."
            )
        known = load_pretraining()
        if known:
            self.stdout.write(f"Spam filters: {known:,} texts to begin with.")
        made = [*load_statistical_models(), *load_spam_filters()]
        if made:
            self.stdout.write(f"Statistical models: {listed(made)}, ready to be fitted.")

    def _load_users(self, users: int | None, *, recreate: bool) -> None:
        told = time.monotonic()

        def tell(done: int, total: int) -> None:
            nonlocal told
            if done < total and time.monotonic() - told > 2:
                told = time.monotonic()
                self.stdout.write(f"SmartDjango: {done:,} of {total:,} users …")
                self.stdout.flush()

        loaded = load_users(users, recreate=recreate, progress=tell)
        if loaded.replaced:
            self.stdout.write(
                f"SmartDjango: the {loaded.replaced:,} users there were are replaced by "
                f"{loaded.created:,} new ones, who have no groups yet."
            )
        else:
            done = "generated" if loaded.created else "are there"
            self.stdout.write(f"SmartDjango: {loaded.users:,} users {done}.")
