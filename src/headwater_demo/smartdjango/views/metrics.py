"""The metrics endpoint: pages tell it, as they are left, how long they were looked at."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import View

from headwater_demo.smartdjango.receive import Refused, receive

LONGEST_BODY = 2_000
"""Bytes; a token is some 150 of them."""


def _sentence(status: int, sentence: str) -> HttpResponse:
    return HttpResponse(sentence + "\n", status=status, content_type="text/plain; charset=utf-8")


@method_decorator(csrf_exempt, name="dispatch")
class Metrics(View):
    """Counts one view; 204, or a status above 400 and a sentence.

    ``navigator.sendBeacon`` sends a form with ``token``, ``number`` and ``seconds``. The token
    takes the place of Django's CSRF token: it is signed, good for one page load of one signed-in
    person, and no other site can read it.
    """

    http_method_names = ["post"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer other methods with a sentence."""
        if request.method != "POST":
            response = _sentence(405, "Metrics are posted.")
            response.headers["Allow"] = "POST"
            return response
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Count the view that the body tells of."""
        account = request.user.pk
        if account is None:
            return _sentence(403, "Nobody is signed in, so there is nobody to count this for.")
        # Before anything reads the body.
        if not 0 < self._length(request) <= LONGEST_BODY:
            return _sentence(413, f"A body of 1 to {LONGEST_BODY:,} bytes is taken.")
        charset = (request.content_params or {}).get("charset", "utf-8").lower()
        if request.content_type != "application/x-www-form-urlencoded" or charset != "utf-8":
            return _sentence(415, "A form is taken: application/x-www-form-urlencoded, in UTF-8.")
        sent = request.POST
        try:
            receive(
                account,
                token=sent.get("token", ""),
                number=sent.get("number", ""),
                seconds=sent.get("seconds", ""),
            )
        except Refused as refused:
            return _sentence(refused.status, str(refused))
        return HttpResponse(status=204)

    @staticmethod
    def _length(request: HttpRequest) -> int:
        try:
            return int(request.META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            return 0
