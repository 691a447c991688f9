"""A page of the demo site while a fit runs: in the worker, beside in the visitor's request."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener

from benchmarks.row import Row, quicker, seconds

USERS = 20_000
PAGES = 60
"""Visits of the page at rest; while the fit runs, as many as it takes time for."""
PAGE = "/smartdjango/pages/A/"


def signed_in(address: str, name: str, password: str) -> tuple[OpenerDirector, CookieJar]:
    """Return a browser, so to say, in which somebody has signed in."""
    cookies = CookieJar()
    browser = build_opener(HTTPCookieProcessor(cookies))
    browser.open(f"{address}/sign-in/").read()
    post(browser, cookies, f"{address}/sign-in/", username=name, password=password)
    return browser, cookies


def post(browser: OpenerDirector, cookies: CookieJar, address: str, **fields: str) -> None:
    token = next(str(cookie.value) for cookie in cookies if "csrf" in cookie.name)
    given = urlencode({"csrfmiddlewaretoken": token, **fields}).encode()
    browser.open(Request(address, given, {"Referer": address})).read()  # noqa: S310 - our own


def visits(browser: OpenerDirector, address: str, go_on: Callable[[int], bool]) -> list[float]:
    """Return the seconds of one visit after the other, while ``go_on`` (visits so far) says so."""
    times: list[float] = []
    while go_on(len(times)):
        start = time.perf_counter()
        browser.open(address).read()
        times.append(time.perf_counter() - start)
    return times


def rows() -> list[Row]:
    folder = Path(os.environ["BENCHMARK_FOLDER"]) / "demo"
    os.environ |= {
        "HEADWATER_DEMO_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "headwater_demo.settings",
    }
    os.environ.pop("DATABASE_URL", None)
    from headwater_demo.__main__ import free_port
    from headwater_demo.processes import Process, stop, wait_until_ready
    from headwater_demo.set_up import set_up

    set_up(USERS, lambda sentence: None)
    from headwater.learning.models import Fit, StatisticalModel
    from headwater_demo.people import ADMIN

    model = StatisticalModel.objects.get(name="Clustering (Example)")
    port = free_port(8100)
    web, worker = Process("web server", "web", str(port)), Process("worker", "worker")
    try:
        assert wait_until_ready(web, port)
        address = f"http://127.0.0.1:{port}"
        browser, cookies = signed_in(address, ADMIN, (folder / "password").read_text().strip())
        visits(browser, address + PAGE, lambda done: done < 5)
        rest = visits(browser, address + PAGE, lambda done: done < PAGES)
        post(browser, cookies, f"{address}/models/{model.pk}/run/")
        fit = Fit.objects.filter(model=model).first()
        assert fit is not None

        def runs(done: int) -> bool:
            fit.refresh_from_db(fields=["status", "lease_expires_at"])
            return fit.is_unfinished

        meanwhile = visits(browser, address + PAGE, runs)
        fit.refresh_from_db()
        assert fit.status == "succeeded", fit.error
    finally:
        stop([web, worker])
    start = time.perf_counter()
    model.perform_inference(recalculate=True)
    inside = time.perf_counter() - start + statistics.median(rest)
    slowest = statistics.quantiles(meanwhile, n=20)[-1]
    return [
        quicker(
            f"a page of SmartDjango while {USERS:,} users are learned from in the worker",
            statistics.median(meanwhile),
            inside,
            than="the fit inside the visitor's request",
            goal=50,
            how=f"{len(meanwhile)} visits one after the other while the fit ran: median, the "
            f"slowest in twenty took {seconds(slowest)} or more; at rest the median of "
            f"{PAGES} visits was {seconds(statistics.median(rest))}. The peer: the time of the "
            "same fit in the process of the request, and a page. Waitress, SQLite, two processes "
            "on this machine.",
        )
    ]
