"""The objects of a stock one by one: first, previous, next, last."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.text import Truncator, capfirst

from headwater.console.flows import object_shown as shown
from headwater.console.flows.only import FacetValue, named_value, values_of
from headwater.console.flows.part import Part
from headwater.console.rights import may_see_facet
from headwater.console.views.process import ProcessPage
from headwater.console.words import counted, figure
from headwater.stockandflow.definitions import FacetUse, Partition, Process, Stock
from headwater.stockandflow.errors import DefinitionError
from headwater.stockandflow.find import find_stock
from headwater.stockandflow.sequence import Step, StockSequence

ONLY = "only"
"""Field of the address that narrows the stock to one value of a facet: “country:no”."""
MOST_VALUES = 200


@dataclass(frozen=True, slots=True)
class Link:
    """One way to step; ``address`` empty: there is nothing that way."""

    key: str
    label: str
    address: str
    rel: str = ""


class StockObjects(ProcessPage):
    """Where to begin: leads on to the object with the number that ``index`` says."""

    def get(self, request: HttpRequest, process: str, stock: str) -> HttpResponse:
        given = request.GET.get("index", "")
        index = int(given) if given.isascii() and given.isdecimal() and len(given) < 16 else 1
        only = request.GET.get(ONLY, "")
        address = reverse("headwater:stock-object", args=[process, stock, max(1, index)])
        return redirect(f"{address}?{urlencode({ONLY: only})}" if only else address)


class StockObject(ProcessPage):
    """One object of a stock. The address has its number, from 1 on, as it was when it was made.

    ``after`` or ``before`` is the key of the object that was looked at before: where objects have
    left the stock meanwhile, that decides, and not the number.
    """

    def get(self, request: HttpRequest, process: str, stock: str, index: int) -> HttpResponse:
        part, found = self.find(process, stock)
        in_process, partition = part.process, part.partition
        uses = self.facets(partition or found)
        slug, choice, problem = named_value(request.GET.get(ONLY, ""), uses)
        use = uses[slug][0] if slug else None
        try:
            if use is not None and choice is not None and choice.raw is None:
                sequence = StockSequence(_with_other(found, use))
            else:
                sequence = StockSequence(found, use, None if choice is None else choice.raw)
            step, told = _step(sequence, request, index, found)
        except DefinitionError as broken:
            raise Http404(f"“{found}” cannot be shown. {broken}") from None
        one = step.object
        kept = {ONLY: request.GET[ONLY]} if choice is not None else {}
        options = found.model._meta
        context: dict[str, Any] = {
            "process": in_process,
            "stock": found,
            "thing": one,
            "index": step.index + 1,
            "total": step.count,
            "told": told,
            "steps": _links(in_process, found, step, kept),
            "list_address": reverse("headwater:stock-objects", args=[process, stock]),
            "facets_given": list(kept.items()),
            "problem": problem,
            "facets": [
                (one.facet.name, _choices(one, values, choice if one == use else None))
                for one, values in uses.values()
            ],
            "only_name": ONLY,
        }
        if one is None:
            return self.render(
                "stock_object.html",
                {
                    **context,
                    "heading": found.name,
                    "position": "This stock holds no object now"
                    + (", of those that are chosen." if choice is not None else "."),
                },
            )
        way = shown.way_of(
            found.model,
            one.pk,
            partition=partition,
            flows=part.flows,
            stocks=part.stocks,
        )
        actions = shown.actions_of(found.model, request)
        return self.render(
            "stock_object.html",
            {
                **context,
                "heading": Truncator(str(one)).chars(120) or f"{options.verbose_name} {one.pk}",
                "position": f"{capfirst(str(options.verbose_name))} {figure(step.index + 1)} of "
                f"{counted(step.count, 'object')} in {found.name}"
                + (f", {use.facet.name}: {choice.words}" if use and choice else "")
                + ".",
                "fields": shown.fields_of(one, request.user),
                "way": list(reversed(way)),
                "has_inferred": any(move.is_inferred and not move.is_opening for move in way),
                "no_way": _NO_WAY if partition is not None else _NO_FLOW,
                "actions": actions,
                "actions_address": shown.changes_at(found.model),
                "no_actions": _no_actions(found, request),
                "pages": shown.pages_of(one, request),
            },
        )

    def find(self, process: str, slug: str) -> tuple[Part, Stock]:
        """Return the stock and the part of the process that has it, or raise Http404.

        What the person may not see is not found.
        """
        in_process = self.find_process(process)
        missing = Http404(f"“{in_process.process}” has no stock “{slug}” that you may see.")
        try:
            stock = find_stock(slug)
        except DefinitionError:
            raise missing from None
        for part in in_process.parts:
            if part.partition is not None and part.partition.slug == stock.partition:
                return part, stock
            if part.partition is None and stock in part.stocks:
                return part, stock
        raise missing

    def facets(self, of: Partition | Stock) -> dict[str, tuple[FacetUse, list[FacetValue]]]:
        """Return slug -> the facets that the person may see, each with its values now."""
        return {
            use.facet.slug: (use, values_of(use))
            for use in of.facet_uses
            if may_see_facet(self.request.user, of, use)
        }


def _choices(
    use: FacetUse, values: list[FacetValue], chosen: FacetValue | None
) -> list[tuple[str, str, bool]]:
    """Return the value, the words and whether it is chosen, of each choice of the form."""
    *named, other = values
    return [
        (f"{use.facet.slug}:{one.text}", one.words, one == chosen)
        for one in (*named[:MOST_VALUES], other)
    ]


_NO_WAY = (
    "Its move into this stock is not in the books yet: it is found by the next count, or was there "
    "before anything was counted."
)
_NO_FLOW = "No flow of this process has recorded a move of it."


def _step(
    sequence: StockSequence, request: HttpRequest, index: int, stock: Stock
) -> tuple[Step, str]:
    """Return the step that the address asks for, and what is to be said about it."""
    after, before = request.GET.get("after"), request.GET.get("before")
    if after:
        step = sequence.next(after, index - 2)
        gone = "the one that follows it"
    elif before:
        step = sequence.previous(before, index)
        gone = "the one before it"
    else:
        step = sequence.at(index - 1)
        gone = ""
    if step.object is None and step.count:
        step_back = sequence.first() if before else sequence.last()
        end = "before" if before else "after"
        if gone:
            told = f"There is no object {end} the one that you looked at; this is the "
            told += "first one." if before else "last one."
        else:
            told = (
                f"There is no number {figure(index)}: {stock.name} holds "
                f"{counted(step.count, 'object')} now. This is the last one."
            )
        if step.has_left:
            told = f"The object that you looked at has left {stock.name} meanwhile. {told}"
        return step_back, told
    if step.has_left and step.object is not None:
        return (
            step,
            f"The object that you looked at has left {stock.name} meanwhile. This is {gone}.",
        )
    if step.has_left:
        return step, f"The object that you looked at has left {stock.name} meanwhile."
    return step, ""


def _with_other(stock: Stock, use: FacetUse) -> Stock:
    """Return ``stock`` with only those of its objects that have none of the facet's values."""
    values = [value for value in use.facet.current_values() if value not in (None, "")]
    listed = stock.model._base_manager.filter(**{f"{use.lookup}__in": values}).values("pk")

    def others(as_of: datetime) -> QuerySet[Any, Any]:
        return stock.objects(as_of).exclude(pk__in=listed)

    return replace(stock, queryset=others)


def _links(process: Process, stock: Stock, step: Step, kept: dict[str, str]) -> list[Link]:
    def address(number: int, **seen: object) -> str:
        path = reverse("headwater:stock-object", args=[process.slug, stock.slug, number])
        query = urlencode({**seen, **kept})
        return f"{path}?{query}" if query else path

    number = step.index + 1
    one = step.object
    has_before = one is not None and not step.is_first
    has_after = one is not None and not step.is_last
    return [
        Link("first", "First", address(1) if has_before else ""),
        Link(
            "previous",
            "Previous",
            address(max(1, number - 1), before=one.pk) if has_before else "",
            "prev",
        ),
        Link("next", "Next", address(number + 1, after=one.pk) if has_after else "", "next"),
        Link("last", "Last", address(step.count) if has_after else ""),
    ]


def _no_actions(stock: Stock, request: HttpRequest) -> str:
    name = stock.model._meta.verbose_name_plural
    if shown.admin_of(stock.model) is None or not shown.changes_at(stock.model):
        return f"The project's admin has no page for {name}, so there are no actions here."
    if not getattr(request.user, "is_staff", False):
        return "Actions are those of the project's admin, which is for staff only."
    return f"The project's admin has no action on {name} that you may run."
