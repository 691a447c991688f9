"""``python -m headwater_demo``: set the demo site up and run it, all its processes together."""

from __future__ import annotations

import argparse
import os
import signal
import socket
import sys
import time
from argparse import ArgumentParser, ArgumentTypeError
from threading import Event
from types import FrameType

from headwater_demo.users_option import number_of_users

HOST = "127.0.0.1"


def port_number(text: str) -> int:
    """Return ``text`` as a port to listen on; else say what would fit."""
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise ArgumentTypeError(f"the port was “{text}”; it must be a number from 1 to 65535")
    return int(text)


def is_free(port: int) -> bool:
    """Return whether nothing listens on ``port`` of this machine and we may."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def free_port(after: int) -> int:
    """Return a free port, the first one above ``after`` if there is one near."""
    near = range(after + 1, min(after + 100, 65536))
    return next((port for port in near if is_free(port)), 8080)


def say(sentence: str = "") -> None:
    """Print at once, also into a pipe."""
    print(sentence, flush=True)


def main() -> int:
    """Set up, run until Ctrl-C or SIGTERM, stop all processes; return the exit code."""
    parser = ArgumentParser(
        prog="python -m headwater_demo",
        description="Set the demo site up and run it.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("--port", type=port_number, default=8000, help="port to listen on")
    parser.add_argument(
        "--users", type=number_of_users, help="users of SmartDjango to generate; at first 200"
    )
    options = parser.parse_args()
    if not is_free(options.port):
        say(
            f"Port {options.port} is taken by another program, perhaps by another demo. Stop it, "
            f"or choose another port: make demo PORT={free_port(options.port)}"
        )
        return 1
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "headwater_demo.settings")
    stopping = Event()

    def stop_soon(number: int, frame: FrameType | None) -> None:
        stopping.set()

    def stop_now(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop_now)
    try:
        from headwater_demo.set_up import set_up

        sign_in = set_up(options.users, say)
        signal.signal(signal.SIGTERM, stop_soon)
        signal.signal(signal.SIGINT, stop_soon)
        return run(options.port, sign_in, stopping)
    except KeyboardInterrupt:
        say("\nStopped.")
        return 130


def run(port: int, sign_in: str, stopping: Event) -> int:
    """Run the demo's processes until ``stopping``; return the exit code."""
    from headwater_demo.processes import Process, keep_running, stop, wait_until_ready

    started = time.monotonic()
    web = Process("web server", "web", str(port))
    others = [Process("worker", "worker"), Process("schedule", "schedule")]
    try:
        if not wait_until_ready(web, port):
            say("The web server does not answer; its messages stand above.")
            return 1
        say(f"  web server, worker and schedule started   {time.monotonic() - started:5.1f} s")
        address = f"http://localhost:{port}"
        say(
            f"""
Headwater's demo is at  {address}/
{sign_in}

What to look at:
  {address}/              the console: ten statistical models; run one, see its groups
  {address}/data/         samples, and files of your own: find segments in them
  {address}/smartdjango/  a site that measures its visitors, learns, and treats them by group
  {address}/smartdjango/comments/
                                     write a comment: it is accepted, held, or refused as spam
  {address}/moderation/   sign in as moderator: what the filters are not sure of waits there
  {address}/shop/         the customers of a real shop, by segment
  {address}/restaurant/   a menu: dishes that are alike, in what they differ, the unusual ones
  {address}/delivery/     customers as a tree that is cut into as many segments as you like
  {address}/stocks/       how the shop's customers moved in a year, month by month, and what may
                                     come next; how users of SmartDjango move between groups
  {address}/admin/        the same objects in Django's admin
  {address}/stock-admin/  a section for each stock and flow: who is in it, and things to do

Ctrl-C stops it; everything is kept for the next time.
"""
        )
        ended_well = keep_running(web, others, stopping, say)
    finally:
        stop([web, *others])
    if ended_well:
        say("\nStopped the web server, the worker and the schedule.")
    return 0 if ended_well else 1


if __name__ == "__main__":
    sys.exit(main())
