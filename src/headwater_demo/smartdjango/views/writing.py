"""What the pages share on which visitors write: who may, how often, and what becomes of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.generic import FormView

from headwater.spam.models import IsSpammable
from headwater.spam.reviewers import MAY_REVIEW
from headwater_demo.smartdjango.allowance import address_of, take
from headwater_demo.smartdjango.reception import Reception, filter_of, reception_of
from headwater_demo.smartdjango.views.users import may
from headwater_demo.smartdjango.visitor import visitor_of

MAY_SEE_MODELS = "headwater_learning.view_statisticalmodel"
REMEMBERED = 20
"""Texts of a visitor who is not signed in that the session remembers."""


class Writing(FormView):
    """A page with a form, for everybody; what is posted is judged as it is saved."""

    model: ClassVar[type[IsSpammable]]
    purpose: ClassVar[str]
    noun: ClassVar[str]
    sentences: ClassVar[Mapping[Reception, str]]

    @property
    def limit(self) -> int:
        """How many one person may write in an hour."""
        raise NotImplementedError

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add who the site takes the visitor for, if they are signed in."""
        context = super().get_context_data(**kwargs)
        if self.request.user.is_authenticated:
            visitor = visitor_of(self.request)
            context.update(
                visitor=visitor,
                user_info=visitor.user_info,
                spam_filter=filter_of(self.model),
                may_review=may(self.request, MAY_REVIEW),
                may_see_models=may(self.request, MAY_SEE_MODELS),
            )
        return context

    def form_valid(self, form: forms.ModelForm) -> HttpResponse:
        """Save what was written, once more is allowed, and say what becomes of it."""
        key = self.request.user.pk
        address = address_of(self.request)
        if not take(key, self.purpose, limit=self.limit, seconds=3600, address=address):
            form.add_error(
                None,
                f"{self.limit} {self.noun}s in an hour are as many as we take. Yours still "
                "stands below; send it later.",
            )
            response = self.form_invalid(form)
            response.status_code = 429
            return response
        form.instance.user_id = key
        row = form.save()
        remember(self.request, self.purpose, row.pk)
        reception = reception_of(row)
        level = messages.ERROR if reception is Reception.REFUSED else messages.SUCCESS
        messages.add_message(self.request, level, self.sentences[reception])
        return redirect(self.get_success_url())

    def form_invalid(self, form: forms.ModelForm) -> HttpResponse:
        """Show the form again, with what was written and what is wrong with it."""
        response = super().form_invalid(form)
        response.status_code = 422
        return response

    def own(self) -> QuerySet[Any]:
        """Return what this visitor has written: of the person, or of this session."""
        if self.request.user.is_authenticated:
            mine = Q(user_id=self.request.user.pk)
        else:
            mine = Q(pk__in=self.request.session.get(session_key(self.purpose), []), user=None)
        return self.model._default_manager.filter(mine)


def session_key(purpose: str) -> str:
    """Return under which key the session remembers what was written."""
    return f"smartdjango_{purpose}"


def remember(request: HttpRequest, purpose: str, key: int) -> None:
    """Have the session of somebody who is not signed in remember what they wrote."""
    if not request.user.is_authenticated:
        before = request.session.get(session_key(purpose), [])
        request.session[session_key(purpose)] = [*before, key][-REMEMBERED:]
