"""Making and changing a spam filter. GET with choices only makes the lists anew."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from headwater.console.filters.choices import names_without_filter
from headwater.console.filters.form import FilterForm
from headwater.console.filters.may import may_make
from headwater.console.rights import may_add
from headwater.console.views.filters import FilterPage
from headwater.spam.models import SpamFilter


class _Form(FilterPage):
    """What making and changing have in common."""

    def shown(self, form: FilterForm, spam_filter: SpamFilter | None) -> HttpResponse:
        """Return the page with ``form``."""
        status = 422 if form.is_bound and form.errors else 200
        context = {
            "form": form,
            "model": spam_filter,
            "spam_filter": spam_filter,
            "missing": names_without_filter() if spam_filter is None else [],
            "may_add": may_add(self.request.user),
        }
        return self.render("filter_edit.html", context, status=status)

    def asked(self, spam_filter: SpamFilter | None) -> HttpResponse:
        """Return the page for a GET: as it is, or with lists for what was chosen so far."""
        request = self.request
        if "shown_rows" in request.GET:
            form = FilterForm.refreshed(request.GET, user=request.user, instance=spam_filter)
        else:
            name = request.GET.get("name", "")[:100]
            form = FilterForm(None, user=request.user, instance=spam_filter, name=name)
        return self.shown(form, spam_filter)

    def given(self, spam_filter: SpamFilter | None) -> HttpResponse:
        """Save what was given, or show it again with what is wrong."""
        request = self.request
        form = FilterForm(request.POST, user=request.user, instance=spam_filter)
        if form.is_behind:
            self.say(
                "The fields below now fit the rows that you chose. Look them over, and save.",
                messages.INFO,
            )
            fresh = FilterForm.refreshed(request.POST, user=request.user, instance=spam_filter)
            return self.shown(fresh, spam_filter)
        if not form.is_valid():
            if spam_filter is not None:
                spam_filter.refresh_from_db()
            return self.shown(form, spam_filter)
        saved = form.save()
        if spam_filter is not None:
            self.say(f"The settings of “{saved}” were saved.")
        else:
            self.say(f"“{saved}” was made. Train it, and it judges.")
        return redirect("headwater:filter", saved.pk)


class CreateFilter(_Form):
    """A new filter; it belongs to whoever makes it."""

    def get(self, request: HttpRequest) -> HttpResponse:
        self.require(may_make(request.user))
        return self.asked(None)

    def post(self, request: HttpRequest) -> HttpResponse:
        self.require(may_make(request.user))
        return self.given(None)


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
