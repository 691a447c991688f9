"""Section models: a proxy for each section, which only an admin site knows."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.apps.registry import Apps
from django.db.models import Model

from headwater import stockandflow
from headwater.stockandflow.sections import Section


class _Group(AppConfig):
    """The heading that a section stands under, where an admin page looks for an app."""

    def __init__(self, label: str, name: str, registry: Apps) -> None:
        super().__init__(stockandflow.__name__, stockandflow)
        self.label = label
        self.verbose_name = name
        self.apps = registry
        self.models = registry.all_models[label]


def section_model(section: Section) -> type[Model]:
    """Return a new proxy of the model of the section's rows, with the section's names.

    It is in a registry of its own: migrations, content types, permissions and relations of the
    project know nothing of it.
    """
    registry = Apps(())
    registry.app_configs[section.group] = _Group(section.group, section.group_name, registry)
    options: dict[str, Any] = {
        "proxy": True,
        "apps": registry,
        "app_label": section.group,
        "verbose_name": section.model._meta.verbose_name,
        "verbose_name_plural": section.name,
        "default_permissions": (),
    }
    kind: Any = type(section.model)
    proxy: type[Model] = kind(
        section.slug,
        (section.model,),
        {"__module__": __name__, "Meta": type("Meta", (), options)},
    )
    return proxy
