"""Statistical models and their fits in the Django admin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from headwater.learning.chain import label_fields
from headwater.learning.errors import FitError
from headwater.learning.models import Fit, StatisticalModel
from headwater.learning.targets import TargetError, resolve_target
from headwater.sources.admin import SourceAdmin, SourceForm
from headwater.sources.models import Source
from headwater.sources.reach import unviewable

if TYPE_CHECKING:
    _ModelAdmin = admin.ModelAdmin[StatisticalModel]
    _FitAdmin = admin.ModelAdmin[Fit]
    _Form = forms.ModelForm[StatisticalModel]
else:
    _ModelAdmin = _FitAdmin = admin.ModelAdmin
    _Form = forms.ModelForm


class LabelledSourceForm(SourceForm):
    """A source whose columns may also be fields that take labels."""

    def clean(self) -> dict[str, Any]:
        """Tell the source of labels before it judges its columns."""
        self.instance.labels = label_fields()
        return super().clean()


class LabelledSourceAdmin(SourceAdmin):
    """Sources, for those who know of statistical models."""

    form = LabelledSourceForm


if admin.site.is_registered(Source):  # by the room below, which knows of no labels
    admin.site.unregister(Source)
    admin.site.register(Source, LabelledSourceAdmin)


class StatisticalModelForm(_Form):
    """A statistical model whose source reads only what ``user`` may view."""

    user: Any = None

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        if "recalculate" in self.fields:
            self.fields["recalculate"].required = False

    def clean_recalculate(self) -> str:
        """Return how often; as it was where nothing is said."""
        return self.cleaned_data["recalculate"] or self.instance.recalculate

    def clean_source(self) -> Any:
        """Return the chosen source, if the user may view all that it reads."""
        source = self.cleaned_data["source"]
        if source is None:
            return None  # whether one is needed, the model itself says
        try:
            errors = unviewable(source, self.user) if self.user is not None else {}
        except ValidationError:  # its model is gone, which the model's own check says
            return source
        if errors:
            raise ValidationError([sentence for found in errors.values() for sentence in found])
        return source

    def clean_results_storage(self) -> str:
        """Return where labels go, if the user may change rows there or it was so before."""
        storage: str = self.cleaned_data["results_storage"]
        if self.user is None or not storage or storage == self.instance.results_storage:
            return storage
        try:
            options = resolve_target(storage).model._meta
        except TargetError:  # which the model's own check says
            return storage
        if not self.user.has_perm(f"{options.app_label}.change_{options.model_name}"):
            raise ValidationError(
                f"You may not change rows of {options.verbose_name}, and so let no labels be "
                "written there. Choose another field, or ask for the permission."
            )
        return storage


@admin.register(StatisticalModel)
class StatisticalModelAdmin(_ModelAdmin):
    form = StatisticalModelForm
    list_display = [
        "name",
        "technique",
        "source",
        "results_storage",
        "state",
        "groups",
        "rows",
        "counted",
        "recalculate",
    ]
    list_filter = ["technique", "recalculate"]
    list_select_related = ["source__content_type", "current_fit"]
    search_fields = ["name", "description"]
    autocomplete_fields = ["owner"]
    readonly_fields = ["current_fit", "created_at", "updated_at", "counter", "next_look"]
    actions = ["run_inference", "reset_inference", "assign_pending", "reset_counter"]
    fieldsets = [
        (None, {"fields": ["name", "description", "owner"]}),
        ("What is learned from", {"fields": ["source", "encoding"]}),
        (
            "How",
            {
                "fields": [
                    "technique",
                    "parameters",
                    "engine_meta_iterations",
                    "engine_iterations",
                ]
            },
        ),
        (
            "Automation",
            {
                "fields": [
                    "counter",
                    "counter_threshold",
                    "threshold_actions",
                    "recalculate",
                    "recalculate_at",
                    "next_look",
                ],
                "description": "As it comes, a model is fitted only when somebody asks.",
            },
        ),
        ("Results", {"fields": ["results_storage", "current_fit", "created_at", "updated_at"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[StatisticalModel]:
        """Return all models but those of datasets that the user may not see."""
        known = StatisticalModel.objects.of_rows_known_to(request.user).values("pk")
        return super().get_queryset(request).filter(pk__in=known)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer only sources that the user may know of."""
        if db_field.name == "source":
            kwargs["queryset"] = Source.objects.known_to(request.user)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Return the form, told who fills it."""
        form: Any = super().get_form(request, *args, **kwargs)
        return type(form.__name__, (form,), {"user": request.user})

    def has_run_permission(self, request: HttpRequest) -> bool:
        """Whether the user may run and reset inferences; the actions are hidden otherwise."""
        return request.user.has_perm("headwater_learning.run_inference")

    @admin.display(description="current fit")
    def state(self, model: StatisticalModel) -> str:
        fit = model.current_fit
        if fit is None or fit.finished_at is None:
            return "not inferred"
        return f"#{fit.pk}, {fit.finished_at:%Y-%m-%d %H:%M}"

    @admin.display(description="groups")
    def groups(self, model: StatisticalModel) -> int | None:
        return model.current_fit.n_groups if model.current_fit else None

    @admin.display(description="rows")
    def rows(self, model: StatisticalModel) -> int | None:
        return model.current_fit.n_rows if model.current_fit else None

    @admin.display(description="counted", ordering="counter")
    def counted(self, model: StatisticalModel) -> str:
        threshold = model.counter_threshold
        return f"{model.counter:,}" + ("" if threshold is None else f" of {threshold:,}")

    @admin.display(description="next by schedule")
    def next_look(self, model: StatisticalModel) -> Any:
        """Return when the schedule looks at the model next; it is now where it is due."""
        from headwater.learning.schedule import next_look

        return next_look(model) if model.pk is not None else None

    @admin.action(description="Run inference", permissions=["run"])
    def run_inference(self, request: HttpRequest, queryset: QuerySet[StatisticalModel]) -> None:
        """Queue a fit of each chosen model."""
        for model in queryset:
            try:
                fit = model.request_inference(request.user)
            except FitError as error:
                self.message_user(request, str(error), messages.ERROR)
            else:
                self.log_change(request, model, f"Asked for inference (fit {fit.pk}).")
                self.message_user(
                    request,
                    f"An inference of “{model}” is queued (fit {fit.pk}).",
                    messages.SUCCESS,
                )

    @admin.action(description="Assign pending rows", permissions=["run"])
    def assign_pending(self, request: HttpRequest, queryset: QuerySet[StatisticalModel]) -> None:
        """Have a worker label the rows that have no label yet."""
        from headwater.learning.request import request_pending

        for model in queryset:
            try:
                request_pending(model)
            except FitError as error:
                self.message_user(request, str(error), messages.ERROR)
            else:
                self.log_change(request, model, "Asked for labels of pending rows.")
                self.message_user(
                    request,
                    f"The rows of “{model}” without a label get one from a worker.",
                    messages.SUCCESS,
                )

    @admin.action(description="Reset the counter", permissions=["change"])
    def reset_counter(self, request: HttpRequest, queryset: QuerySet[StatisticalModel]) -> None:
        """Begin the count anew."""
        from headwater.learning.count import reset_counter

        for model in queryset:
            was = reset_counter(model)
            self.log_change(request, model, f"Reset the counter, which was at {was}.")
            self.message_user(
                request, f"The counter of “{model}” was at {was:,}, and is at 0.", messages.SUCCESS
            )

    @admin.action(description="Reset inference", permissions=["run"])
    def reset_inference(
        self, request: HttpRequest, queryset: QuerySet[StatisticalModel]
    ) -> HttpResponse | None:
        """Say which labels would be cleared; clear them once that is confirmed."""
        if request.method != "POST":
            raise PermissionDenied
        if "confirmed" not in request.POST:
            from headwater.learning.reset import labels_held

            return TemplateResponse(
                request,
                "headwater_learning/reset_confirmation.html",
                {
                    **self.admin_site.each_context(request),
                    "title": "Reset inference",
                    "opts": self.model._meta,
                    "resets": [(model, *labels_held(model)) for model in queryset],
                    "checkbox": ACTION_CHECKBOX_NAME,
                    "back": request.get_full_path(),
                },
            )
        for model in queryset:
            try:
                cleared = model.reset_inference()
            except FitError as error:
                self.message_user(request, str(error), messages.ERROR)
            else:
                self.log_change(request, model, f"Reset inference ({cleared} rows cleared).")
                self.message_user(
                    request,
                    f"“{model}” is reset; the labels of {cleared:,} rows are cleared.",
                    messages.SUCCESS,
                )
        return None


@admin.register(Fit)
class FitAdmin(_FitAdmin):
    """History: to be read."""

    list_display = [
        "__str__",
        "shown_status",
        "n_groups",
        "n_rows",
        "reason",
        "reason_detail",
        "requested_by",
        "requested_at",
        "finished_at",
    ]
    list_filter = ["status", "reason", ("model", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["model", "requested_by"]
    date_hierarchy = "requested_at"
    exclude = ["artifact", "error", "summary"]  # the summary holds rows; the console shows it
    actions = ["cancel"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Fit]:
        """Return all fits but those of datasets that the user may not see."""
        known = StatisticalModel.objects.of_rows_known_to(request.user).values("pk")
        fits = super().get_queryset(request).filter(model__in=known)
        return fits.defer("artifact", "summary", "trace")

    def get_readonly_fields(self, request: HttpRequest, obj: Fit | None = None) -> list[str]:
        return ["shown_status", "shown_error"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Fit | None = None) -> bool:
        return False

    def has_run_permission(self, request: HttpRequest) -> bool:
        """Whether the user may cancel fits."""
        return request.user.has_perm("headwater_learning.run_inference")

    @admin.display(description="status")
    def shown_status(self, fit: Fit) -> Any:
        return fit.effective_status.label

    @admin.display(description="reason")
    def shown_error(self, fit: Fit) -> str:
        return fit.effective_error or "-"

    @admin.action(description="Cancel", permissions=["run"])
    def cancel(self, request: HttpRequest, queryset: QuerySet[Fit]) -> None:
        """Cancel each chosen fit that waits or runs."""
        from headwater.learning.cancel import cancel_fit

        cancelled = sum(cancel_fit(fit) for fit in queryset)
        self.message_user(request, f"{cancelled} fits are being cancelled.", messages.SUCCESS)
