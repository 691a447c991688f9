"""Sources in the Django admin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from headwater.sources.models import Source

if TYPE_CHECKING:
    _Admin = admin.ModelAdmin[Source]
else:
    _Admin = admin.ModelAdmin


@admin.register(Source)
class SourceAdmin(_Admin):
    list_display = ["__str__", "content_type", "shown_columns", "filter"]
    list_filter = [("content_type", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["content_type"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Source]:
        return super().get_queryset(request).select_related("content_type")

    @admin.display(description="columns")
    def shown_columns(self, source: Source) -> str:
        return ", ".join(map(str, source.columns))
