"""Section admin: what a section's pages show, and what nobody can do there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import get_fields_from_path
from django.core.exceptions import FieldDoesNotExist, ObjectDoesNotExist
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from headwater.stockandflow.definitions import FacetUse
from headwater.stockandflow.discover import all_stocks
from headwater.stockandflow.events import object_text
from headwater.stockandflow.find import may_view
from headwater.stockandflow.rows import keys_in
from headwater.stockandflow.sections import Section
from headwater.stockandflow.split import value_text

_FOR_ACTIONS = "_headwater_for_actions"


class _Guard:
    """Stands before a project's options: rows of the section only, and nothing added or deleted."""

    section: Section
    allows_change: bool

    def __init__(self, model: type[Model], admin_site: Any) -> None:
        super().__init__(model, admin_site)  # type: ignore[call-arg]
        # Names and addresses are those of the proxy, in ``opts``; rows, forms and history those
        # of the project's own model, so its signals and managers are at work.
        self.model = self.section.model

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_view(request.user, self.section.subject)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if self.section.stock is None:
            return False
        if not (self.allows_change or getattr(request, _FOR_ACTIONS, False)):
            return False
        options: Any = (self.model._meta.concrete_model or self.model)._meta
        return self.has_view_permission(request) and request.user.has_perm(
            f"{options.app_label}.change_{options.model_name}"
        )

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def get_actions(self, request: HttpRequest) -> Any:
        """Return the project's actions; one that needs to change objects asks for that right."""
        setattr(request, _FOR_ACTIONS, True)
        try:
            return super().get_actions(request)  # type: ignore[misc]
        finally:
            delattr(request, _FOR_ACTIONS)

    def response_action(
        self, request: HttpRequest, queryset: QuerySet[Any, Any]
    ) -> HttpResponseBase | None:
        """Let an action work on the objects that are chosen, also once it has moved them."""
        chosen = queryset
        if request.POST.get("select_across") != "1":
            chosen = queryset.filter(pk__in=request.POST.getlist(ACTION_CHECKBOX_NAME))
        texts = [object_text(self.model, pk) for pk in chosen.values_list("pk", flat=True)]
        rows = super().get_queryset(request)  # type: ignore[misc]
        fixed = rows.filter(pk__in=keys_in(self.model, texts, rows.db))
        answer: HttpResponseBase | None = super().response_action(request, fixed)  # type: ignore[misc]
        return answer

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any, Any]:
        rows: QuerySet[Any, Any] = super().get_queryset(request)  # type: ignore[misc]
        if self.section.stock is not None:
            inside = self.section.stock.objects().order_by().values("pk")
            return rows.filter(pk__in=inside)
        flow, partition = self.section.flow, self.section.partition
        return rows.filter(
            partition=partition.slug if partition else "", flow=flow.slug if flow else ""
        )

    def get_list_filter(self, request: HttpRequest) -> Any:
        facets = [_facet_filter(self.model, use) for use in self.section.facets]
        return [*facets, *super().get_list_filter(request)]  # type: ignore[misc]

    def get_changelist(self, request: HttpRequest, **options: Any) -> Any:
        base: Any = super().get_changelist(request, **options)  # type: ignore[misc]
        proxy = self.opts.model  # type: ignore[attr-defined]
        shows_events = self.section.flow is not None

        class SectionList(base):  # type: ignore[misc]
            result_list: Any

            def __init__(self, request: HttpRequest, model: type[Model], *rest: Any) -> None:
                super().__init__(request, proxy, *rest)

            def get_results(self, request: HttpRequest) -> None:
                super().get_results(request)
                if shows_events:
                    events = list(self.result_list)
                    self.model_admin.find_subjects(events)
                    self.result_list = events

        return SectionList


class StockOptions(admin.ModelAdmin):  # type: ignore[type-arg]
    """What a stock's section shows where the project says nothing else."""

    allows_change = False
    """Set it in the options of a model to let people change an object of a stock."""


class FlowOptions(admin.ModelAdmin):  # type: ignore[type-arg]
    """What a flow's section shows where the project says nothing else: its events, newest first."""

    list_display = (
        "occurred_at",
        "shown_subject",
        "from_stock",
        "to_stock",
        "is_inferred",
        "cause",
    )
    list_filter = ("occurred_at", "is_inferred", "cause")
    ordering = ("-occurred_at", "-pk")
    fields = (
        "shown_subject",
        "from_stock",
        "to_stock",
        "occurred_at",
        "not_before",
        "is_inferred",
        "cause",
        "page",
    )
    readonly_fields = ("shown_subject", "from_stock", "to_stock")
    section: Section

    def find_subjects(self, events: list[Any]) -> None:
        """Keep with each event its object, all found in one query; None: it is gone."""
        subject: Any = self.section.subject
        texts = {object_text(subject, getattr(event, event.subject_key)) for event in events}
        rows = subject._base_manager.all()
        found = rows.filter(pk__in=keys_in(subject, sorted(texts), rows.db)) if texts else []
        objects = {object_text(subject, one.pk): one for one in found}
        for event in events:
            text = object_text(subject, getattr(event, event.subject_key))
            event.headwater_subject = objects.get(text)

    @admin.display(description="object")
    def shown_subject(self, event: Any) -> str:
        if not hasattr(event, "headwater_subject"):
            try:
                event.headwater_subject = event.subject
            except ObjectDoesNotExist:
                event.headwater_subject = None
        if event.headwater_subject is None:
            return f"{getattr(event, event.subject_key)} (gone)"
        return str(event.headwater_subject) or str(event.headwater_subject.pk)

    @admin.display(description="from", ordering="source")
    def from_stock(self, event: Any) -> str:
        return self._named(event.source)

    @admin.display(description="to", ordering="sink")
    def to_stock(self, event: Any) -> str:
        return self._named(event.sink)

    def _named(self, end: str) -> str:
        if not end:
            return "outside"
        if self.section.partition is not None:
            return self.section.partition.name_of(end)
        return next((stock.name for stock in all_stocks() if stock.slug == end), end)


def section_admin(section: Section, options: type | None) -> type[admin.ModelAdmin[Any]]:
    """Return the admin class of ``section``; ``options``, a mix-in or a ModelAdmin, is worn on it.

    What is shown is up to ``options``; which rows there are, and that none is added, deleted or
    (without ``allows_change``) changed, is not.
    """
    plain = StockOptions if section.flow is None else FlowOptions
    bases = (_Guard, plain) if options is None else (_Guard, options, plain)
    kind: type[admin.ModelAdmin[Any]] = type(
        "SectionAdmin", bases, {"__module__": __name__, "section": section}
    )
    return kind


def _facet_filter(model: type[Model], use: FacetUse) -> type[admin.SimpleListFilter]:
    """Return a list filter with the values that the facet has now."""

    class FacetFilter(admin.SimpleListFilter):
        title = use.facet.name
        parameter_name = f"facet-{use.facet.slug}"

        def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
            return list(_choices(model, use))

        def queryset(
            self, request: HttpRequest, queryset: QuerySet[Any, Any]
        ) -> QuerySet[Any, Any] | None:
            given = self.value()
            if given is None:
                return queryset
            values = [v for v in use.facet.current_values() if value_text(v) == given]
            having = model._base_manager.filter(**{f"{use.lookup}__in": values})
            return queryset.filter(pk__in=having.values("pk"))

    return FacetFilter


def _choices(model: type[Model], use: FacetUse) -> Iterator[tuple[str, str]]:
    """Yield each value as records write it, and the words for it."""
    try:
        field: Any = get_fields_from_path(model, use.lookup)[-1]
        words = {value_text(value): str(word) for value, word in field.flatchoices}
    except (FieldDoesNotExist, AttributeError):
        words = {}
    for value in use.facet.current_values():
        text = value_text(value)
        if text:
            yield text, words.get(text, text)
