"""Run the periodic schedule: each job once in its period, whoever looks, and what came of it."""

from __future__ import annotations

import inspect
import logging
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import close_old_connections
from django.utils import timezone

from headwater.engines.periods import HOURLY, period_start
from headwater.stockandflow.counted import Counted
from headwater.stockandflow.discover import stated
from headwater.stockandflow.lease import (
    Heartbeat,
    claim,
    forget_old_runs,
    forget_runs_ahead,
)
from headwater.stockandflow.models import RunStatus
from headwater.stockandflow.moments import checked_moment

logger = logging.getLogger("headwater.stockandflow")

_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Ran:
    """What came of one job: ``result`` is what it returned, or how it failed, in words.

    ``period`` is "" for what is done at each call.
    """

    job: str
    period: str
    period_start: datetime
    attempt: int
    missed: int
    took: timedelta
    failed: bool
    result: str

    @property
    def sentence(self) -> str:
        """The outcome in words."""
        often = f", {self.period}" if self.period else ""
        again = f", attempt {self.attempt}" if self.attempt > 1 else ""
        late = ""
        if self.missed:
            late = f", {self.missed} period{'s' if self.missed > 1 else ''} before it missed"
        done = "failed after" if self.failed else "done in"
        text = self.result.strip()
        told = f": {text}" if text else "."
        return f"{self.job}{often}{again}{late}: {done} {_seconds(self.took)}{told}"


def run_periodic_schedule(now: datetime | None = None) -> list[Ran]:
    """Run the jobs of the project's schedules that have not run in their period; say what came.

    ``now`` is the moment that periods are told from, and that jobs with a parameter ``as_of`` get;
    without it, only those get a moment that cannot do without. Any number of processes may call it
    at any time: each job is done by one of them. Missed periods are made up for by one run. A job
    that fails is logged, tried again at the next call, three times a period at most, and does not
    stop the others. Stocks are counted, and calls that failed are made again, without being in any
    schedule.
    """
    now = checked_moment(now, "now")
    ran: list[Ran] = []
    if now is None:
        _shielded(forget_runs_ahead, "Runs of periods yet to come could not be forgotten.")
    for name, often, job in jobs():
        moment = now or timezone.now()  # a job before may have taken hours
        try:
            done = _look(name, often, job, moment, now)
        except Exception:
            logger.exception("%s could not be scheduled.", name)
            start = period_start(often, moment, timezone.get_default_timezone())
            text = "It could not be scheduled; the log says why."
            done = Ran(name, often, start, 1, 0, timedelta(), failed=True, result=text)
        if done is not None:
            ran.append(done)
    ran += _retried(now)
    return ran


def watch(seconds: float) -> Iterator[list[Ran]]:
    """Run the schedule again and again, with ``seconds`` between; yield what came of each call."""
    while True:
        close_old_connections()
        yield run_periodic_schedule()
        close_old_connections()
        time.sleep(seconds)


def jobs() -> list[tuple[str, str, Callable[..., Any]]]:
    """Return the jobs in their order, each with its name and period; counts come last."""
    from headwater.stockandflow.count import count_stocks

    listed = list(stated().schedule)
    if (HOURLY, count_stocks) not in listed:
        listed.append((HOURLY, count_stocks))
    found: list[tuple[str, str, Callable[..., Any]]] = []
    for often, job in listed:
        name = job_name(job)
        same = sum(one == often and named.partition("#")[0] == name for named, one, _ in found)
        found.append((f"{name}#{same + 1}" if same else name, often, job))
    return found


def job_name(job: Callable[..., Any]) -> str:
    """Return the name that runs of ``job`` are kept under: its ``job_name``, else where it is."""
    named = getattr(job, "job_name", "")
    if not named:
        thing = inspect.unwrap(getattr(job, "func", job))
        thing = thing if hasattr(thing, "__qualname__") else type(thing)
        named = f"{thing.__module__}.{thing.__qualname__}"
    return str(named)[-_LONGEST_NAME + 10 :]


def _look(
    name: str, often: str, job: Callable[..., Any], moment: datetime, now: datetime | None
) -> Ran | None:
    """Run a job if it is due and nobody else does."""
    start = period_start(often, moment, timezone.get_default_timezone())
    mine = claim(name, often, start)
    if mine is None:
        return None
    began = time.monotonic()
    try:
        with Heartbeat(mine):
            returned = job(as_of=moment) if _wants_as_of(job, now) else job()
        result, failed = describe(returned)
    except Exception as error:
        logger.exception("%s failed (attempt %d).", name, mine.attempt)
        result, failed = "".join(traceback.format_exception(error)), True
        told = f"{type(error).__name__}: {error}"
    except BaseException:
        mine.finish(RunStatus.FAILED, "It was interrupted.")
        raise
    else:
        told = result
    took = timedelta(seconds=time.monotonic() - began)
    if not mine.finish(RunStatus.FAILED if failed else RunStatus.SUCCEEDED, result):
        logger.warning("%s took so long to show a sign of life that it was run again.", name)
    forget_old_runs(name, often)
    done = Ran(name, often, start, mine.attempt, mine.missed, took, failed, told)
    if not failed:
        logger.info("%s", done.sentence)
    return done


def describe(returned: object) -> tuple[str, bool]:
    """Return in words what a job returned, and whether it says that something failed."""
    if returned is None:
        return "", False
    if isinstance(returned, (list, tuple)):
        said = [one for one in returned if not (isinstance(one, Counted) and one.skipped)]
        failed = any(isinstance(one, Counted) and one.failed for one in said)
        if returned and not said:
            return "All was counted already.", False
        return "\n".join(str(one) for one in said), failed
    return str(returned), False


def _retried(now: datetime | None) -> list[Ran]:
    """Make the calls that are due, at each call."""
    from headwater.stockandflow.calls import retry_calls

    name = job_name(retry_calls)
    began = time.monotonic()
    failed = False
    try:
        made = retry_calls(now)
        result = f"{made:,} call{'' if made == 1 else 's'} made." if made else ""
    except Exception as error:
        logger.exception("Calls could not be made again.")
        result, failed = f"{type(error).__name__}: {error}", True
    if not result:
        return []
    took = timedelta(seconds=time.monotonic() - began)
    return [Ran(name, "", now or timezone.now(), 1, 0, took, failed, result)]


def _wants_as_of(job: Callable[..., Any], now: datetime | None) -> bool:
    """Return whether to give ``job`` the moment. Where it can do without, now is its own matter."""
    try:
        taken = inspect.signature(job).parameters.get("as_of")
    except (TypeError, ValueError):  # something built in, without a signature
        return False
    return taken is not None and (now is not None or taken.default is taken.empty)


def _shielded(act: Callable[[], None], otherwise: str) -> None:
    try:
        act()
    except Exception:
        logger.exception(otherwise)


def _seconds(took: timedelta) -> str:
    return f"{took.total_seconds():.1f} s"
