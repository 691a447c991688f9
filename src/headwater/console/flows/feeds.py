"""Feeds: what of a process a program may read, and the addresses to give it."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from headwater.console.flows.colours import states_of
from headwater.console.flows.process_found import Found
from headwater.stockandflow.definitions import Process
from headwater.stockandflow.find import OF
from headwater.stockandflow.models import FeedToken


@dataclass(frozen=True, slots=True)
class Readable:
    """One thing that a token can be for."""

    slug: str
    """As addresses of feeds have it: of a partition, of a stock, or “partition.state”."""
    name: str
    partition: str
    stock: str


@dataclass(frozen=True, slots=True)
class Given:
    """A token that there is, for the list."""

    token: FeedToken
    what: str
    address: str


def readables(found: Found) -> list[Readable]:
    """Return what the person may give a token for: partitions with their states, single stocks."""
    readable = []
    for part in found.parts:
        partition = part.partition
        if partition is None:
            readable += [Readable(one.slug, one.name, "", one.slug) for one in part.stocks]
            continue
        readable.append(Readable(partition.slug, f"All of {partition}", partition.slug, ""))
        readable += [
            Readable(
                f"{partition.slug}{OF}{state}",
                f"{partition}: {partition.name_of(state)}",
                partition.slug,
                state,
            )
            for state in states_of(part)
        ]
    return readable


def given_tokens(process: Process, request: HttpRequest) -> list[Given]:
    """Return the tokens of the person for something of ``process``, the newest first."""
    partitions = {one.slug: one for one in process.partitions}
    stocks = {one.slug: one for one in process.single_stocks}
    rows = FeedToken.objects.filter(owner_id=request.user.pk).order_by("-pk")
    found = []
    for token in rows:
        partition = partitions.get(token.partition)
        if partition is not None:
            slug = f"{partition.slug}{OF}{token.stock}" if token.stock else partition.slug
            what = (
                f"{partition}: {partition.name_of(token.stock)}" if token.stock else str(partition)
            )
        elif not token.partition and token.stock in stocks:
            slug, what = token.stock, stocks[token.stock].name
        else:
            continue
        found.append(Given(token, what, address_of(slug, request)))
    return found


def address_of(slug: str, request: HttpRequest) -> str:
    """Return the whole address of a feed; "" where the project has not included the feeds."""
    try:
        return request.build_absolute_uri(reverse("headwater_stockandflow:feed", args=[slug]))
    except NoReverseMatch:
        return ""
