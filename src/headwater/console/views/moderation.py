"""The room “Moderation”: its overview, and what all its pages have in common."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse

from headwater.console.moderation.overview import cards, without_filter
from headwater.console.rights import may_review
from headwater.console.views.page import Page
from headwater.spam.item import Item, item_of
from headwater.spam.models import SpamFilter
from headwater.spam.spammable import Spammable, judged_by_filter


class ModerationPage(Page):
    """A page for reviewers: they see what all filters' models hold, and nobody else does."""

    room = "moderation"

    def find_filter(self, pk: int) -> SpamFilter:
        """Return the filter, or raise Http404; PermissionDenied for who is no reviewer."""
        self.require(may_review(self.request.user))
        try:
            return SpamFilter.objects.get(pk=pk)
        except SpamFilter.DoesNotExist:
            raise Http404("This filter is gone.") from None

    def render(
        self, template: str, context: dict[str, Any] | None = None, *, status: int = 200
    ) -> HttpResponse:
        """Return the page; to a script that is refused, the reason alone."""
        if status >= 400 and self.request.headers.get("HX-Request"):
            return _reason(str((context or {}).get("sentence", "")), status)
        return super().render(template, context, status=status)

    def _to_sign_in(self, request: HttpRequest) -> HttpResponse:
        """Tell a script that the session is over: what was pressed must not be lost in silence."""
        if request.headers.get("HX-Request"):
            return _reason("You are signed out.", 401)
        return super()._to_sign_in(request)

    def find_model(self, spam_filter: SpamFilter, content_type: object) -> Spammable:
        """Return the model of the filter with this content type, or raise Http404."""
        for one in judged_by_filter(spam_filter.name):
            if str(one.content_type.pk) == str(content_type):
                return one
        raise Http404(f"“{spam_filter}” judges no rows of this kind.")

    def find_item(self, spam_filter: SpamFilter, content_type: object, key: str) -> Item:
        """Return the row of a model of the filter, or raise Http404."""
        spammable = self.find_model(spam_filter, content_type)
        name = spammable.model._meta.verbose_name
        try:
            row = spammable.verdicts().filter(pk=key).first()
        except (ValueError, OverflowError, ValidationError):
            row = None
        if row is None:
            raise Http404(f"There is no {name} “{key[:40]}”; it may have been deleted.")
        return item_of(spammable, row, spam_filter)

    def find_reference(self, spam_filter: SpamFilter, reference: str) -> Item:
        """Return the row that a form calls “content type:key”, or raise Http404."""
        content_type, _, key = reference.partition(":")
        return self.find_item(spam_filter, content_type, key)


def _reason(sentence: str, status: int) -> HttpResponse:
    """Return why a script was refused; “moderation.js” shows it on the desk."""
    return HttpResponse(
        sentence, status=status, content_type="text/plain", headers={"X-Headwater-Reason": "1"}
    )


class ModerationOverview(ModerationPage):
    """Each filter, what waits, and how often it errs."""

    def get(self, request: HttpRequest) -> HttpResponse:
        self.require(may_review(request.user))
        return self.render(
            "moderation.html",
            {
                "cards": cards(),
                "without_filter": without_filter(),
                "may_see_filters": request.user.has_perm("headwater_spam.view_spamfilter"),
            },
        )
