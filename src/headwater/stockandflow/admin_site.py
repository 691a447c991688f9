"""StockAndFlowAdminSite: a second admin site, with a section for each stock and each flow."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import Resolver404, clear_url_caches, include, path, re_path, resolve, reverse
from django.utils.text import capfirst
from django.views.decorators.common import no_append_slash

from headwater.stockandflow.section_admin import section_admin
from headwater.stockandflow.section_model import section_model
from headwater.stockandflow.sections import Section, sections

Key = tuple[str, str]
"""The group and the slug of a section."""


class StockAndFlowAdminSite(admin.AdminSite):
    """Shows the objects of each stock and the events of each flow, with the project's actions.

    ``options`` gives, by model or its label, a mix-in or ModelAdmin with what its objects look
    like: ``list_display``, ``search_fields``, ``actions`` and so on; ``allows_change = True`` lets
    people who may change such objects do so. Nothing is added or deleted here. Sections are made
    when the first page is asked for; one for a state that is new, as soon as it was counted.

        stock_admin = StockAndFlowAdminSite(options={Customer: CustomerOptions})
        urlpatterns = [path("stock-admin/", stock_admin.urls), ...]
    """

    site_header = "Stocks and flows"
    site_title = "Stocks and flows"
    index_title = "What is where, and what moves"

    def __init__(
        self,
        name: str = "stock_admin",
        *,
        options: Mapping[type[Model] | str, type] | None = None,
    ) -> None:
        super().__init__(name)
        self.disable_action("delete_selected")
        self._options: dict[type[Model] | str, type] = dict(options or {})
        self._lock = threading.Lock()
        self._admins: dict[Key, admin.ModelAdmin[Any]] = {}
        self._fixed: list[Any] = []
        self._patterns: list[Any] = []

    @property
    def urls(self) -> Any:
        """The addresses, for ``path()``: a list that grows as sections appear."""
        with self._lock:
            if not self._fixed:
                self._fixed = self.get_urls()
                self._patterns[:] = self._fixed
        return self._patterns, "admin", self.name

    def get_urls(self) -> list[Any]:
        """Return the addresses without those of sections; the last one finds these."""
        *fixed, _ = super().get_urls()  # the last one says that there is no such page
        group = re_path(
            r"^(?P<app_label>[-\w]+)/$", self.admin_view(self.app_index), name="app_list"
        )
        return [*fixed, group, re_path(r"^(?P<url>.*)$", self.admin_view(self.find_section))]

    @no_append_slash
    def find_section(self, request: HttpRequest, url: str) -> HttpResponseBase:
        """Answer for a section that this process has not made yet."""
        self.refresh()
        try:
            match = resolve(request.path_info, getattr(request, "urlconf", None))
        except Resolver404:
            raise Http404 from None
        asked = request.resolver_match
        if asked is None or match.func is asked.func:
            return self.catch_all_view(request, url)
        request.resolver_match = match
        answer: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
        return answer

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Return the groups of sections that the person may see, process by process."""
        groups: dict[str, dict[str, Any]] = {}
        for section, shown in self.refresh():
            if app_label not in (None, section.group) or not shown.has_view_permission(request):
                continue
            group = groups.setdefault(section.group, self._group(section))
            group["models"].append(self._entry(request, section, shown))
        return [*groups.values(), *super().get_app_list(request, app_label)]

    def refresh(self) -> list[tuple[Section, admin.ModelAdmin[Any]]]:
        """Ensure that there are pages of all sections, and of no other; return them in order."""
        found = sections()
        with self._lock:
            admins: dict[Key, admin.ModelAdmin[Any]] = {}
            for section in found:
                shown = self._admins.get((section.group, section.slug))
                if shown is None or not _is_same(_section_of(shown), section):
                    kind = section_admin(section, self._options_of(section.model))
                    shown = kind(section_model(section), self)
                else:
                    shown.section = section  # type: ignore[attr-defined]
                admins[section.group, section.slug] = shown
            if admins != self._admins:
                self._admins = admins
                self._patterns[:] = [
                    *self._fixed[:-1],
                    *(
                        path(f"{group}/{slug}/", include(one.urls))
                        for (group, slug), one in admins.items()
                    ),
                    *self._fixed[-1:],
                ]
                clear_url_caches()
            return [(section, admins[section.group, section.slug]) for section in found]

    def _options_of(self, model: type[Model]) -> type | None:
        for one in model.__mro__:
            label = one._meta.label if hasattr(one, "_meta") else ""
            given = self._options.get(one) or self._options.get(label)
            if given is not None:
                return given
        return None

    def _group(self, section: Section) -> dict[str, Any]:
        address = reverse(
            "admin:app_list", kwargs={"app_label": section.group}, current_app=self.name
        )
        return {
            "name": section.group_name,
            "app_label": section.group,
            "app_url": address,
            "has_module_perms": True,
            "models": [],
        }

    def _entry(
        self, request: HttpRequest, section: Section, shown: admin.ModelAdmin[Any]
    ) -> dict[str, Any]:
        perms = shown.get_model_perms(request)
        return {
            "model": shown.opts.model,
            "name": capfirst(section.name),
            "object_name": section.slug,
            "perms": perms,
            "admin_url": reverse(
                f"admin:{section.group}_{section.slug}_changelist", current_app=self.name
            ),
            "add_url": None,
            "view_only": not perms["change"],
        }


def _section_of(shown: admin.ModelAdmin[Any]) -> Section:
    found: Section = shown.section  # type: ignore[attr-defined]
    return found


def _is_same(one: Section, other: Section) -> bool:
    """Return whether the pages made for ``one`` serve ``other``, which is read anew."""
    return (one.model, one.name, one.group_name) == (other.model, other.name, other.group_name)
