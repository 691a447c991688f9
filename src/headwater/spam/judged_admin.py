"""What admins of a project's own models take: of rows that are judged, of pre-training rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from headwater.spam.reviewers import MAY_REVIEW
from headwater.spam.spammable import VERDICT_FIELDS, spammable_of

if TYPE_CHECKING:
    _Admin = admin.ModelAdmin[Any]
else:
    _Admin = object

SHOWN = tuple(name for name in VERDICT_FIELDS if name != "judged_digest")
AT_ONCE = 500
"""Rows that are decided on in one transaction."""


class SpammableAdmin(_Admin):
    """Shows the verdict on each row, and lets reviewers decide; goes before ``ModelAdmin``.

    ::

        @admin.register(Comment)
        class CommentAdmin(SpammableAdmin, admin.ModelAdmin):
            list_display = ["text"]
    """

    def get_list_display(self, request: HttpRequest) -> Any:
        """Return the columns, and the verdict beside them."""
        return [*super().get_list_display(request), "spam_verdict"]

    def get_list_filter(self, request: HttpRequest) -> Any:
        """Return the filters, and those by verdict where the rows keep it."""
        spammable = spammable_of(self.model)
        if spammable is None:
            return super().get_list_filter(request)
        own = ["is_revised", "is_misclassified"] if spammable.has_own_fields else []
        return [*super().get_list_filter(request), spammable.label_field, *own]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Return the fields that are only shown: what is thought of a row is decided elsewhere."""
        spammable = spammable_of(self.model)
        given = super().get_readonly_fields(request, obj)
        if spammable is None:
            return given
        shown = SHOWN if spammable.has_own_fields else ()
        return list(dict.fromkeys([*given, spammable.label_field, *shown]))

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Return the actions, with “Spam” and “Not spam” for reviewers."""
        actions: dict[str, Any] = super().get_actions(request)
        if request.user.has_perm(MAY_REVIEW) and spammable_of(self.model) is not None:
            actions["decide_spam"] = (decide_spam, "decide_spam", "Spam")
            actions["decide_ham"] = (decide_ham, "decide_ham", "Not spam")
        return actions

    @admin.display(description="verdict")
    def spam_verdict(self, row: Any) -> str:
        """Return what is thought of ``row``, and by whom."""
        spammable = spammable_of(type(row))
        label = None if spammable is None else getattr(row, spammable.label_field)
        if label is None:
            return "not judged"
        word = "spam" if label else "not spam"
        if getattr(row, "is_revised", False):
            return f"{word}, said a person"
        probability = getattr(row, "spam_probability", None)
        return word if probability is None else f"{word}, {probability:.0%} spam by the filter"


def decide_spam(given: Any, request: HttpRequest, rows: QuerySet[Any]) -> None:
    """Decide that the chosen rows are spam."""
    _decide(given, request, rows, is_spam=True)


def decide_ham(given: Any, request: HttpRequest, rows: QuerySet[Any]) -> None:
    """Decide that the chosen rows are not spam."""
    _decide(given, request, rows, is_spam=False)


def _decide(given: Any, request: HttpRequest, rows: QuerySet[Any], *, is_spam: bool) -> None:
    from headwater.spam.revise import Shown, decide

    spammable = spammable_of(given.model)
    if spammable is None or not request.user.has_perm(MAY_REVIEW):
        return
    decided, refused = 0, []
    keys = list(rows.values_list("pk", flat=True))
    for start in range(0, len(keys), AT_ONCE):
        chosen = [Shown(pk) for pk in keys[start : start + AT_ONCE]]
        outcome = decide(spammable, chosen, is_spam, request.user)
        decided += len(outcome.decisions)
        refused += outcome.refused
    word = "spam" if is_spam else "not spam"
    if decided:
        counted = "1 row is" if decided == 1 else f"{decided:,} rows are"
        given.message_user(request, f"{counted} {word}, as you decided.", messages.SUCCESS)
    for reason in refused[:3]:
        given.message_user(request, str(reason), messages.WARNING)
    if len(refused) > 3:
        given.message_user(
            request, f"{len(refused) - 3:,} more rows were left as they are.", messages.WARNING
        )


class PreTrainingAdmin(_Admin):
    """Lets pre-training rows be looked through; goes before ``ModelAdmin``."""

    list_display = ["beginning", "is_spam", "origin"]
    list_filter = ["is_spam", "origin"]
    search_fields = ["content"]
    show_full_result_count = False

    @admin.display(description="text", ordering="content")
    def beginning(self, row: Any) -> str:
        """Return the first words of ``row``, on one line."""
        words = " ".join(row.content.split())
        return words if len(words) <= 100 else f"{words[:99]}…"
