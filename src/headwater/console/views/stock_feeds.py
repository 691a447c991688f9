"""The tokens with which programs read the lines of stocks: made, shown once, revoked."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from headwater.console.flows.feeds import address_of, given_tokens, readables
from headwater.console.flows.process_found import Found
from headwater.console.views.process import ProcessPage
from headwater.stockandflow.errors import DefinitionError, StockAndFlowError
from headwater.stockandflow.models import FeedToken
from headwater.stockandflow.tokens import issue_token, revoke

LONGEST_NAME = 100


class StockFeeds(ProcessPage):
    """The person's own tokens for a process, and the form for a new one.

    The secret of a new token is in the answer to the form and nowhere else.
    """

    def get(self, request: HttpRequest, process: str) -> HttpResponse:
        return self.show(self.find_process(process), {})

    def post(self, request: HttpRequest, process: str) -> HttpResponse:
        found = self.find_process(process)
        name, what = request.POST.get("name", "").strip(), request.POST.get("what", "")
        chosen = next((one for one in readables(found) if one.slug == what), None)
        given = {"name": name, "what": what}
        if chosen is None:
            problem = "Choose what the token is for." if not what else f"There is no “{what}” here."
            return self.show(found, {"what_problem": problem, "given": given}, status=422)
        if not name or len(name) > LONGEST_NAME:
            problem = (
                f"The name is {len(name)} characters long; it may have {LONGEST_NAME}."
                if name
                else "Give it a name, so that you know later what it was for."
            )
            return self.show(found, {"name_problem": problem, "given": given}, status=422)
        try:
            token, secret = issue_token(
                name, request.user, partition=chosen.partition, stock=chosen.stock
            )
        except DefinitionError as refused:
            return self.show(found, {"name_problem": str(refused), "given": given}, status=422)
        except StockAndFlowError as refused:
            raise PermissionDenied(str(refused)) from None
        address = address_of(chosen.slug, request)
        made = {"token": token, "secret": secret, "address": address, "name": chosen.name}
        return self.show(found, {"made": made})

    def show(self, found: Found, context: dict[str, Any], status: int = 200) -> HttpResponse:
        """Return the page with ``context`` in it."""
        may_read = readables(found)
        whole = {
            "process": found.process,
            "readables": may_read,
            "tokens": given_tokens(found.process, self.request),
            "is_served": bool(address_of(may_read[0].slug, self.request)),
            **context,
        }
        return self.render("stock_feeds.html", whole, status=status)


class RevokeFeed(ProcessPage):
    """Take a token back; only its owner may."""

    def post(self, request: HttpRequest, process: str, pk: int) -> HttpResponse:
        token = get_object_or_404(FeedToken, pk=pk, owner=request.user)
        revoke(token)
        self.say(f"The token “{token}” opens nothing any more.")
        return redirect("headwater:stock-feeds", process)
