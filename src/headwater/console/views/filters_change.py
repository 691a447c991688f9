"""Making and changing a spam filter."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from headwater.console.filters.choices import names_without_filter
from headwater.console.filters.form import FilterForm
from headwater.console.filters.may import may_make
from headwater.console.rights import may_add
from headwater.console.views.filters import FilterPage
from headwater.console.views.form_page import CreatePage, FormPage
from headwater.learning.models import StatisticalModel
from headwater.spam.models import SpamFilter


class _Form(FilterPage, FormPage):
    form_class = FilterForm
    template = "filter_edit.html"
    sign = "shown_rows"
    behind = "The fields below now fit the rows that you chose. Look them over, and save."

    def begun(self, model: SpamFilter | None) -> FilterForm:
        name = self.request.GET.get("name", "")[:100]
        return FilterForm(None, user=self.request.user, instance=model, name=name)

    def beside(self, model: SpamFilter | None) -> dict[str, Any]:
        return {
            "spam_filter": model,
            "missing": names_without_filter() if model is None else [],
            "may_add": may_add(self.request.user),
        }

    def made(self, saved: StatisticalModel) -> str:
        return f"“{saved}” was made. Train it, and it judges."


class CreateFilter(_Form, CreatePage):
    """A new filter; it belongs to whoever makes it."""

    def may(self) -> None:
        self.require(may_make(self.request.user))


class EditFilter(_Form):
    """The settings of a filter."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        spam_filter = self.find_filter(pk)
        self.require(self.rights(spam_filter).change)
        return self.asked(spam_filter)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        spam_filter = self.find_filter(pk)
        self.require(self.rights(spam_filter).change)
        return self.given(spam_filter)
