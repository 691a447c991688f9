"""The glossary: plain words first."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from headwater.console.glossary import TERMS
from headwater.console.views.page import Page


class Glossary(Page):
    """Every technical term of the pages, explained."""

    room = "glossary"

    def get(self, request: HttpRequest) -> HttpResponse:
        terms = sorted(TERMS.values(), key=lambda entry: entry.word.lower())
        return self.render("glossary.html", {"terms": terms})
