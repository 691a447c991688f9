"""Everything between an empty folder and a demo site that can be served."""

from __future__ import annotations

import hashlib
import io
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import django
from django.conf import settings

if TYPE_CHECKING:
    from headwater.learning.models import Fit

Say = Callable[[str], None]


class _Lines(io.TextIOBase):
    """A stream that hands each line on as it is complete."""

    def __init__(self, say: Say) -> None:
        self._say = say
        self._rest = ""

    def write(self, text: str) -> int:
        *lines, self._rest = (self._rest + text).split("\n")
        for line in lines:
            self._say(f"      {line}")
        return len(text)


@contextmanager
def _step(name: str, say: Say) -> Iterator[None]:
    """Say that a step begins, and how long it took."""
    say(f"  {name} …")
    started = time.monotonic()
    yield
    say(f"      {time.monotonic() - started:.1f} s")


def set_up(users: int | None, say: Say) -> str:
    """Migrate, load, fit and collect what is not done yet; return how to sign in.

    Each step is said, with its time.
    """
    say(f"Setting up the demo site in {settings.DEMO_DIR}")
    with _step("Database tables", say):
        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0, interactive=False)
    with _step("Demo data", say):
        call_command("load_demo", users=users, stdout=_Lines(say))
    with _step("Statistical models (the first time, NumPy and SciPy take a while to load)", say):
        fit_models(say)
    with _step("What visitors wrote", say):
        load_comments(say)
    with _step("Stocks and flows", say):
        keep_books(say)
    with _step("Static files", say):
        collect_static()
    return sign_in()


def fit_models(say: Say) -> None:
    """Fit the demo's models that have no fit, or none of the rows that are there now."""
    from headwater_demo.statistical_models import demo_models, needs_fit

    logging.getLogger("headwater").setLevel(logging.WARNING)  # what follows is said here
    for model in demo_models():
        name = model.name
        if not needs_fit(model):
            say(f"      {name}: fitted already.")
            continue
        fit = model.perform_inference(recalculate=True)
        if fit.error:
            say(f"      {name}: {fit.error}")
        else:
            seconds = fit.duration.total_seconds() if fit.duration is not None else 0.0
            say(f"      {name}: {_found(fit)}, {seconds:.1f} s.")


def _found(fit: Fit) -> str:
    """Return what a fit has found, in a few words."""
    if "n_pretraining" in fit.summary:
        texts = fit.summary["n_own"] + fit.summary["n_pretraining"]
        return f"learned from {texts:,} texts"
    if fit.n_groups is None:
        return f"fitted to {fit.n_rows:,} rows"
    return f"{fit.n_groups} groups in {fit.n_rows:,} rows"


def load_comments(say: Say) -> None:
    """Have visitors write comments and messages, where none are there and the filters judge."""
    from headwater_demo.people import moderator
    from headwater_demo.smartdjango.visitors import load_visitors
    from headwater_demo.spam_filters import first_comments, first_messages

    known = {one.text for one in (*first_comments(), *first_messages())}
    visited = load_visitors(moderator(), avoid=known)
    if not visited.comments:
        say("      SmartDjango: nothing new.")
        return
    say(
        f"      SmartDjango: {visited.comments} comments and {visited.messages} messages of the "
        f"last days; the moderator has judged {visited.revised} of them."
    )


def keep_books(say: Say) -> None:
    """Play the shop's year back, and count the other stocks, where that is not done yet.

    The segments and groups that were learned are there by now, so that the first count has them.
    """
    from headwater.stockandflow import count_stocks
    from headwater_demo.shop.replay import replay
    from headwater_demo.shop.stocks import segments
    from headwater_demo.smartdjango.stocks import user_groups

    played = replay(lambda line: say(f"      Shop, {line}"))
    if not played.months:
        say("      Shop: its year was played back already.")
    for counted in count_stocks(only=[segments.slug, user_groups.slug]):
        say(f"      {counted.sentence}")


def collect_static() -> None:
    """Collect the static files, unless those that are there are the same."""
    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command

    seen = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            state = Path(storage.path(path)).stat()
            seen.update(f"{path} {state.st_size} {state.st_mtime_ns}\n".encode())
    fingerprint = Path(settings.STATIC_ROOT) / "collected"
    if fingerprint.exists() and fingerprint.read_text() == seen.hexdigest():
        return
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    fingerprint.write_text(seen.hexdigest())


def sign_in() -> str:
    """Return the sentence that says who can sign in, and with which password."""
    from django.contrib.auth import get_user_model

    from headwater_demo.people import ADMIN, ANALYST, MODERATOR
    from headwater_demo.secret import kept_secret

    path = settings.DEMO_DIR / "password"
    password = kept_secret(path, length=9)
    admin = get_user_model().objects.filter(username=ADMIN).first()
    if admin is None or not admin.check_password(password):
        return f"Sign in as         {ADMIN}, with the password that was given to it since"
    return (
        f"Sign in as         {ADMIN}  (may do everything),  {ANALYST}  (may look, and make own "
        f"models)  or  {MODERATOR}\n                   (judges what visitors write)\n"
        f"with the password  {password}  (made for this machine, kept in {path})"
    )
