"""Addresses of the room “Moderation”: what waits for people, and what they decided."""

from __future__ import annotations

from django.urls import URLPattern, path

from headwater.console.views.moderation import ModerationOverview
from headwater.console.views.moderation_item import ModerationItem
from headwater.console.views.moderation_list import ModerationList, UndoBulk
from headwater.console.views.moderation_queue import (
    Decide,
    Keep,
    Leave,
    ModerationQueue,
    NextItem,
    Undo,
)

urlpatterns: list[URLPattern] = [
    path("moderation/", ModerationOverview.as_view(), name="moderation"),
    path("moderation/<int:pk>/", ModerationQueue.as_view(), name="moderation-queue"),
    path("moderation/<int:pk>/next/", NextItem.as_view(), name="moderation-next"),
    path("moderation/<int:pk>/decide/", Decide.as_view(), name="moderation-decide"),
    path("moderation/<int:pk>/undo/", Undo.as_view(), name="moderation-undo"),
    path("moderation/<int:pk>/keep/", Keep.as_view(), name="moderation-keep"),
    path("moderation/<int:pk>/leave/", Leave.as_view(), name="moderation-leave"),
    path("moderation/<int:pk>/list/", ModerationList.as_view(), name="moderation-list"),
    path("moderation/<int:pk>/list/undo/", UndoBulk.as_view(), name="moderation-undo-bulk"),
    path(
        "moderation/<int:pk>/items/<int:content_type>/<path:key>/",
        ModerationItem.as_view(),
        name="moderation-item",
    ),
]
