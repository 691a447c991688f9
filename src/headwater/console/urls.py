"""Addresses of the console; ``path("", include("headwater.console.urls"))``."""

from __future__ import annotations

from django.urls import path

from headwater.console.views.compare import Compare
from headwater.console.views.delete import Delete
from headwater.console.views.edit import Create, Edit
from headwater.console.views.glossary import Glossary
from headwater.console.views.inference import Cancel, ProgressFragment, Run
from headwater.console.views.models import FitDetail, ModelDetail, ModelList, ScatterTable
from headwater.console.views.overview import Overview
from headwater.console.views.session import SignIn, SignOut

app_name = "headwater"

urlpatterns = [
    path("", Overview.as_view(), name="overview"),
    path("sign-in/", SignIn.as_view(), name="sign-in"),
    path("sign-out/", SignOut.as_view(), name="sign-out"),
    path("glossary/", Glossary.as_view(), name="glossary"),
    path("models/", ModelList.as_view(), name="models"),
    path("models/new/", Create.as_view(), name="create"),
    path("models/<int:pk>/", ModelDetail.as_view(), name="model"),
    path("models/<int:pk>/edit/", Edit.as_view(), name="edit"),
    path("models/<int:pk>/delete/", Delete.as_view(), name="delete"),
    path("models/<int:pk>/run/", Run.as_view(), name="run"),
    path("models/<int:pk>/cancel/", Cancel.as_view(), name="cancel"),
    path("models/<int:pk>/progress/", ProgressFragment.as_view(), name="progress"),
    path("models/<int:pk>/compare/", Compare.as_view(), name="compare"),
    path("models/<int:pk>/runs/<int:fit_pk>/", FitDetail.as_view(), name="fit"),
    path("models/<int:pk>/runs/<int:fit_pk>/points/", ScatterTable.as_view(), name="points"),
]
