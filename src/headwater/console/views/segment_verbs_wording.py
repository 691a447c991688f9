"""How insights are put for the segments of the same rows: read, change, go back."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from headwater.console.choices import User
from headwater.console.reads_shown import reads_shown
from headwater.console.rights import Right, may_see_groups, rights
from headwater.console.views.segment_result import RunPage
from headwater.learning.models import Fit
from headwater.sources.models.dataset import version_read
from headwater.sources.reads import rows_key

TEXTS = ("insight", "recommendation", "message")


def may_reword(user: User, fit: Fit) -> Right:
    """Return whether ``user`` may change the wording of the rows of ``fit``.

    It is of all analyses of these rows, so it takes the owner of the dataset; of a model of the
    project the permission to change wordings.
    """
    version = version_read(fit.source)
    if version is not None and version.dataset.belongs_to(user):
        return Right(True)
    needed = "headwater_segmentation.change_wording"
    if version is None and user.has_perm(needed):  # type: ignore[union-attr]
        return Right(True)
    if version is not None:
        return Right(False, "Only the owner of the dataset may change how its segments are told.")
    return Right(
        False,
        f"You may not change the wording: this needs the permission “{needed}”. "
        "Ask whoever manages the users of this site.",
    )


class EditWording(RunPage):
    """The templates of insights, recommendations and messages, rule by rule."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.show(self.find(pk))

    def find(self, pk: int) -> Fit:
        """Return the run, whose segments the person must be allowed to see."""
        fit = self.find_run(pk)
        self.require(may_see_groups(self.request.user, fit))
        return fit

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        from headwater.segmentation.wording import WordingError, change_wording, reset_wording

        fit = self.find(pk)
        right = may_reword(request.user, fit)
        if not right:
            raise PermissionDenied(right.reason)
        rows, key = rows_key(fit.source), request.POST.get("rule", "")
        try:
            if request.POST.get("reset"):
                reset_wording(rows, key, request.user)
                self.say("The built-in sentences are back.", messages.INFO)
            else:
                texts = {name: request.POST.get(name, "") for name in TEXTS}
                change_wording(rows, key, texts, request.user)
                self.say("The sentences are kept, for all analyses of these rows.")
        except WordingError as refused:
            return self.show(fit, key=key, errors=refused.errors, status=422)
        return redirect("headwater:segmentation-wording", fit.pk)

    def show(
        self,
        fit: Fit,
        *,
        key: str = "",
        errors: dict[str, str] | None = None,
        status: int = 200,
    ) -> HttpResponse:
        """Return the page; ``errors`` are those of the rule ``key``."""
        from headwater.segmentation.insight import insights_of
        from headwater.segmentation.placeholders import placeholders_of
        from headwater.segmentation.wording import changed_rules, rules_for

        rows = rows_key(fit.source)
        changed = changed_rules(rows)
        speaking: dict[str, list[str]] = {}
        for letter, one in insights_of(fit).items():
            speaking.setdefault(one.rule, []).append(letter)
        shown = [
            {
                "rule": rule,
                "letters": speaking.get(rule.key, []),
                "changed": rule.key in changed,
                "placeholders": placeholders_of(rule),
                "errors": list((errors or {}).values()) if rule.key == key else [],
                "texts": [
                    (
                        name,
                        self.request.POST.get(name, "")
                        if rule.key == key and errors
                        else getattr(rule, name),
                    )
                    for name in TEXTS
                ],
            }
            for rule in rules_for(rows)
        ]
        shown.sort(key=lambda one: not one["letters"])
        return self.render(
            "segmentation_wording.html",
            {
                **self.frame(fit, "Wording"),
                "rules": shown,
                "right": may_reword(self.request.user, fit),
                "reads": reads_shown(fit.source),
                "rights": rights(self.request.user, fit.model),
            },
            status=status,
        )
