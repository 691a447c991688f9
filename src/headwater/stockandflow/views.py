"""Views: stepping from one object of a stock to the next on a project's own pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from headwater.stockandflow.definitions import Stock
from headwater.stockandflow.errors import StockAndFlowError
from headwater.stockandflow.find import find_facet, find_stock, may_view, view_permission
from headwater.stockandflow.sequence import Step, StockSequence
from headwater.stockandflow.split import value_text

STEPS = ("first", "previous", "next", "last")
TEMPLATE = "headwater_stockandflow/no_object.html"
"""A page with one sentence; it gets ``sentence``, ``stock`` and ``first``, an address or empty."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the page of an object stands in the stock that somebody steps through."""

    stock: str
    number: int
    """Of the object, from 1, as it was when somebody came to it."""
    has_left: bool
    """Whether the object seen before it had left the stock by then."""
    first: str
    previous: str
    next: str
    last: str

    @property
    def sentence(self) -> str:
        """What to say of the step; empty where there is nothing to say."""
        if not self.has_left:
            return ""
        return f"The object that you saw before is not in “{self.stock}” any more."


def step_in_stock(
    step: str,
    *,
    url_of: Callable[[Any], str] | None = None,
    order_by: Sequence[str] = ("pk",),
) -> Callable[..., HttpResponseBase]:
    """Return a view that leads to an object of the stock that its ``slug`` names.

    ``step`` is “first”, “previous”, “next” or “last”. The address tells by ``index`` and ``after``
    (a primary key) which object was seen last, and by ``facet`` and ``value`` which objects are
    meant. The view redirects to ``url_of(object)``, else to its ``get_absolute_url()``, and adds
    what ``place_in_stock`` needs there. Only people who may view the subject's objects are led.
    """
    if step not in STEPS:
        raise ImproperlyConfigured(
            f"There is no step “{step}” in a stock. There are: {', '.join(STEPS)}."
        )

    @never_cache
    @require_safe
    def view(request: HttpRequest, slug: str) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        try:
            stock = find_stock(slug)
            if not may_view(request.user, stock.model):
                raise PermissionDenied(
                    f"Stepping through “{stock}” needs the permission "
                    f"“{view_permission(stock.model)}”."
                )
            facet, value = _facet(stock, request)
            sequence = StockSequence(stock, facet, value, order_by)
        except StockAndFlowError as error:
            return _said(request, str(error), None)
        kept = {key: request.GET[key] for key in ("facet", "value") if key in request.GET}
        found = _step(sequence, step, request)
        if found.object is None:
            return _none(request, stock, found, kept)
        kept |= {"stock": slug, "index": str(found.index)}
        if found.has_left:
            kept["left"] = "1"
        return HttpResponseRedirect(_with(_address(found.object, url_of), kept))

    return view


def next_in_stock(
    *, url_of: Callable[[Any], str] | None = None, order_by: Sequence[str] = ("pk",)
) -> Callable[..., HttpResponseBase]:
    """Return the view that leads to the next object of a stock; see ``step_in_stock``."""
    return step_in_stock("next", url_of=url_of, order_by=order_by)


def place_in_stock(
    request: HttpRequest, pk: Any, *, namespace: str = "headwater_stockandflow"
) -> Place | None:
    """Return where the page of the object ``pk`` stands; None where nobody steps through a stock.

    ``namespace`` is that of the addresses: of a URL configuration of a project's own that has the
    same names.
    """
    slug = request.GET.get("stock", "")
    try:
        stock = find_stock(slug) if slug else None
    except StockAndFlowError:
        stock = None
    if stock is None or not may_view(request.user, stock.model):
        return None
    kept = {key: request.GET[key] for key in ("facet", "value") if key in request.GET}
    seen = kept | {"index": str(_index(request) or 0), "after": str(pk)}

    def address(step: str) -> str:
        route = reverse(f"{namespace}:{step}_in_stock", kwargs={"slug": slug})
        return _with(route, kept if step in ("first", "last") else seen)

    return Place(
        stock=str(stock),
        number=(_index(request) or 0) + 1,
        has_left="left" in request.GET,
        first=address("first"),
        previous=address("previous"),
        next=address("next"),
        last=address("last"),
    )


def _step(sequence: StockSequence, step: str, request: HttpRequest) -> Step:
    after, index = request.GET.get("after") or None, _index(request)
    match step:
        case "first":
            return sequence.first()
        case "last":
            return sequence.last()
        case "previous":
            return sequence.previous(after, index)
        case _:
            return sequence.next(after, index)


def _index(request: HttpRequest) -> int | None:
    given = request.GET.get("index", "")
    return int(given[:18]) if given.isascii() and given.isdecimal() else None


def _facet(stock: Stock, request: HttpRequest) -> tuple[str | None, Any]:
    slug = request.GET.get("facet")
    if not slug:
        return None, None
    given = request.GET.get("value", "")
    values = find_facet(stock, slug).facet.current_values()
    for value in values:
        if value_text(value) == given:
            return slug, value
    known = ", ".join(f"“{value_text(value)}”" for value in values) or "none"
    raise StockAndFlowError(f"The facet “{slug}” has no value “{given}”. It has: {known}.")


def _address(found: Any, url_of: Callable[[Any], str] | None) -> str:
    if url_of is not None:
        return url_of(found)
    if not hasattr(found, "get_absolute_url"):
        raise ImproperlyConfigured(
            f"“{found._meta.label}” has no get_absolute_url(), so stepping does not know the page "
            "of an object. Add one, or give url_of to next_in_stock()."
        )
    return str(found.get_absolute_url())


def _with(address: str, added: dict[str, str]) -> str:
    parts = urlsplit(address)
    query = urlencode(dict(parse_qsl(parts.query, keep_blank_values=True)) | added)
    return urlunsplit(parts._replace(query=query))


def _none(request: HttpRequest, stock: Stock, step: Step, kept: dict[str, str]) -> HttpResponse:
    if not step.count:
        named = f" with “{kept['value']}” as “{kept['facet']}”" if "facet" in kept else ""
        return _said(request, f"No object is in “{stock}”{named} now.", stock)
    where = "before the first" if step.index < 0 else "after the last"
    number = f"{step.count:,} objects" if step.count > 1 else "one object"
    sentence = f"There is none {where} of {number} in “{stock}”."
    return _said(request, sentence, stock, first=_first(request, stock, kept), status=200)


def _first(request: HttpRequest, stock: Stock, kept: dict[str, str]) -> str:
    """Return the address of the first object; empty where the project has no such view."""
    namespace = request.resolver_match.namespace if request.resolver_match else ""
    name = f"{namespace}:first_in_stock" if namespace else "first_in_stock"
    try:
        return _with(reverse(name, kwargs={"slug": stock.slug}), kept)
    except NoReverseMatch:
        return ""


def _said(
    request: HttpRequest, sentence: str, stock: Stock | None, *, first: str = "", status: int = 404
) -> HttpResponse:
    """Return the page that says ``sentence``."""
    context = {"sentence": sentence, "stock": stock, "first": first}
    return render(request, TEMPLATE, context, status=status)
