"""Sources in the Django admin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest

from headwater.sources.models import Dataset, Source
from headwater.sources.reach import unviewable

if TYPE_CHECKING:
    _Admin = admin.ModelAdmin[Source]
    _Form = forms.ModelForm[Source]
else:
    _Admin = admin.ModelAdmin
    _Form = forms.ModelForm


class SourceForm(_Form):
    """A source that reads only what ``user`` may view."""

    user: Any = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = self.fields.get("dataset")
        if isinstance(offered, forms.ModelChoiceField):
            own = Dataset.objects
            offered.queryset = own.none() if self.user is None else own.visible_to(self.user)

    def clean(self) -> dict[str, Any]:
        """Refuse what the user may not view, each at its field."""
        cleaned = super().clean() or self.cleaned_data
        if self.user is None or cleaned.get("content_type") is None:
            return cleaned
        source = Source(
            content_type=cleaned["content_type"],
            columns=cleaned.get("columns"),
            filter=cleaned.get("filter"),
        )
        try:
            errors = unviewable(source, self.user)
        except ValidationError:  # the model is gone, which the source's own check says
            return cleaned
        for name, sentences in errors.items():
            for sentence in sentences:
                self.add_error(name, sentence)
        return cleaned


@admin.register(Source)
class SourceAdmin(_Admin):
    form = SourceForm
    list_display = ["__str__", "content_type", "shown_columns", "filter"]
    list_filter = [("content_type", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["content_type"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Source]:
        """Return the sources of models, and of those datasets that the user may see."""
        known = Source.objects.known_to(request.user).values("pk")
        sources = super().get_queryset(request).select_related("content_type", "dataset")
        return sources.filter(pk__in=known)

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Return the form, told who fills it."""
        form: Any = super().get_form(request, *args, **kwargs)
        return type(form.__name__, (form,), {"user": request.user})

    @admin.display(description="columns")
    def shown_columns(self, source: Source) -> str:
        return ", ".join(map(str, source.columns))
