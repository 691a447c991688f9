"""Texts before a filter: one that is tried, and the pre-training rows."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.http import Http404, HttpRequest, HttpResponse

from headwater.console.filters.may import may_read_pretraining, may_read_words
from headwater.console.filters.pretraining import LABELS, pretraining_page
from headwater.console.filters.tried import LONGEST, try_text
from headwater.console.rights import Right
from headwater.console.views.filters import FilterPage


class TryText(FilterPage):
    """A text that somebody types in: what the filter thinks of it, and why. Nothing is kept."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.shown(pk, "", None, "")

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        spam_filter = self.find_filter(pk)
        text = request.POST.get("text", "").replace("\r\n", "\n")
        if not text.strip():
            return self.shown(pk, text, None, "Write a text to be judged.")
        if len(text) > LONGEST:
            return self.shown(pk, "", None, f"Write at most {LONGEST:,} characters.")
        tried, reason = try_text(spam_filter, text)
        return self.shown(pk, text, tried, reason)

    def shown(self, pk: int, text: str, tried: Any, reason: str) -> HttpResponse:
        """Return the page, or only its part where a page's script asks for that."""
        spam_filter = self.find_filter(pk)
        serves = spam_filter.current_fit
        context = {
            "model": spam_filter,
            "spam_filter": spam_filter,
            # Reasons tell which words were learned.
            "sees_words": may_read_words(self.request.user, serves) if serves else Right(True),
            "text": text,
            "tried": tried,
            "reason": reason,
        }
        asks_part = self.request.headers.get("HX-Request")
        return self.render("parts/filter_tried.html" if asks_part else "filter_try.html", context)


class PretrainingRows(FilterPage):
    """The rows of a pre-training model of the filter, to be read and searched."""

    def get(self, request: HttpRequest, pk: int, label: str) -> HttpResponse:
        spam_filter = self.find_filter(pk)
        if label not in spam_filter.pretraining:
            raise Http404(f"“{spam_filter}” does not learn from “{label}”.")
        self.require(may_read_pretraining(request.user, label))
        model = apps.get_model(label)
        context = {
            "model": spam_filter,
            "spam_filter": spam_filter,
            "label": label,
            "name": str(model._meta.verbose_name_plural),
            "page": pretraining_page(model, request.GET),
            "labels": LABELS,
        }
        return self.render("filter_pretraining.html", context)
