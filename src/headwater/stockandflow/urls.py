"""The addresses of this room: feeds for programs, and stepping for a project's own pages."""

from __future__ import annotations

from django.urls import path

from headwater.stockandflow.feed import feed
from headwater.stockandflow.views import step_in_stock

app_name = "headwater_stockandflow"
urlpatterns = [
    path("<path:slug>/line/", feed, name="feed"),
    path("<path:slug>/first/", step_in_stock("first"), name="first_in_stock"),
    path("<path:slug>/previous/", step_in_stock("previous"), name="previous_in_stock"),
    path("<path:slug>/next/", step_in_stock("next"), name="next_in_stock"),
    path("<path:slug>/last/", step_in_stock("last"), name="last_in_stock"),
]
