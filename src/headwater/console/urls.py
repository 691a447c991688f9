"""Addresses of the console; ``path("", include("headwater.console.urls"))``."""

from __future__ import annotations

from django.urls import path

from headwater.console import (
    urls_classifiers,
    urls_data,
    urls_filters,
    urls_moderation,
    urls_results,
    urls_workbench,
)
from headwater.console.views.compare import Compare
from headwater.console.views.compare_models import CompareModels
from headwater.console.views.delete import Delete
from headwater.console.views.edges import AddMissingEdges, CreateEdge, DeleteEdge
from headwater.console.views.edit import Create, Edit
from headwater.console.views.follow import FollowLabels
from headwater.console.views.glossary import Glossary
from headwater.console.views.inference import Cancel, ProgressFragment, Run
from headwater.console.views.models import FitDetail, ModelDetail, ModelList, ScatterTable
from headwater.console.views.network_verbs import Inform, Limit, Restore
from headwater.console.views.networks import (
    BeginWithExample,
    CreateNetwork,
    EditNetwork,
    Workbench,
)
from headwater.console.views.nodes import CreateNode, DeleteNode, EditNode, MoveNode
from headwater.console.views.overview import Overview
from headwater.console.views.process import CountNow, ProcessDetail
from headwater.console.views.session import SignIn, SignOut
from headwater.console.views.stock_exports import StockExport
from headwater.console.views.stock_feeds import RevokeFeed, StockFeeds
from headwater.console.views.stock_forecast import StockForecast
from headwater.console.views.stock_objects import StockObject, StockObjects
from headwater.console.views.stocks import StockList

app_name = "headwater"

urlpatterns = [
    path("", Overview.as_view(), name="overview"),
    path("sign-in/", SignIn.as_view(), name="sign-in"),
    path("sign-out/", SignOut.as_view(), name="sign-out"),
    path("glossary/", Glossary.as_view(), name="glossary"),
    path("models/", ModelList.as_view(), name="models"),
    path("models/new/", Create.as_view(), name="create"),
    path("models/compare/", CompareModels.as_view(), name="compare-models"),
    path("models/new/network/", CreateNetwork.as_view(), name="network-create"),
    path("models/<int:pk>/", ModelDetail.as_view(), name="model"),
    path("models/<int:pk>/edit/", Edit.as_view(), name="edit"),
    path("models/<int:pk>/delete/", Delete.as_view(), name="delete"),
    path("models/<int:pk>/run/", Run.as_view(), name="run"),
    path("models/<int:pk>/cancel/", Cancel.as_view(), name="cancel"),
    path("models/<int:pk>/progress/", ProgressFragment.as_view(), name="progress"),
    path("models/<int:pk>/follow/", FollowLabels.as_view(), name="follow"),
    path("models/<int:pk>/compare/", Compare.as_view(), name="compare"),
    path("models/<int:pk>/runs/<int:fit_pk>/", FitDetail.as_view(), name="fit"),
    path("models/<int:pk>/runs/<int:fit_pk>/points/", ScatterTable.as_view(), name="points"),
    path("models/<int:pk>/network/", Workbench.as_view(), name="network"),
    path("models/<int:pk>/network/settings/", EditNetwork.as_view(), name="network-edit"),
    path("models/<int:pk>/network/example/", BeginWithExample.as_view(), name="network-example"),
    path("models/<int:pk>/network/nodes/new/", CreateNode.as_view(), name="node-create"),
    path("models/<int:pk>/network/nodes/<int:node_pk>/", EditNode.as_view(), name="node"),
    path(
        "models/<int:pk>/network/nodes/<int:node_pk>/delete/",
        DeleteNode.as_view(),
        name="node-delete",
    ),
    path("models/<int:pk>/network/nodes/<int:node_pk>/move/", MoveNode.as_view(), name="node-move"),
    path("models/<int:pk>/network/edges/new/", CreateEdge.as_view(), name="edge-create"),
    path("models/<int:pk>/network/edges/missing/", AddMissingEdges.as_view(), name="edges-missing"),
    path(
        "models/<int:pk>/network/edges/<int:edge_pk>/delete/",
        DeleteEdge.as_view(),
        name="edge-delete",
    ),
    path("models/<int:pk>/network/inform/", Inform.as_view(), name="network-inform"),
    path("models/<int:pk>/network/limit/", Limit.as_view(), name="network-limit"),
    *urls_classifiers.urlpatterns,
    *urls_data.urlpatterns,
    *urls_filters.urlpatterns,
    *urls_moderation.urlpatterns,
    *urls_workbench.urlpatterns,
    *urls_results.urlpatterns,
    path("stocks/<slug:process>/feeds/", StockFeeds.as_view(), name="stock-feeds"),
    path(
        "stocks/<slug:process>/feeds/<int:pk>/revoke/",
        RevokeFeed.as_view(),
        name="stock-feed-revoke",
    ),
    path("stocks/", StockList.as_view(), name="stocks"),
    path("stocks/<slug:process>/", ProcessDetail.as_view(), name="process"),
    path("stocks/<slug:process>/count/", CountNow.as_view(), name="stock-count"),
    path(
        "stocks/<slug:process>/<slug:section>.csv",
        StockExport.as_view(),
        {"kind": "csv"},
        name="stock-csv",
    ),
    path(
        "stocks/<slug:process>/<slug:section>.json",
        StockExport.as_view(),
        {"kind": "json"},
        name="stock-json",
    ),
    path("stocks/<slug:process>/forecast/", StockForecast.as_view(), name="stock-forecast"),
    path(
        "stocks/<slug:process>/objects/<path:stock>/<int:index>/",
        StockObject.as_view(),
        name="stock-object",
    ),
    path(
        "stocks/<slug:process>/objects/<path:stock>/",
        StockObjects.as_view(),
        name="stock-objects",
    ),
    path(
        "models/<int:pk>/network/restore/<int:fit_pk>/", Restore.as_view(), name="network-restore"
    ),
]
