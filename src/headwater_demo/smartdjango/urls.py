"""Addresses of SmartDjango."""

from __future__ import annotations

from django.urls import path

from headwater_demo.smartdjango.views.atypical import Atypical
from headwater_demo.smartdjango.views.comments import Comments
from headwater_demo.smartdjango.views.contact import Contact
from headwater_demo.smartdjango.views.deals import GroupDeals, OwnDeals
from headwater_demo.smartdjango.views.home import Home
from headwater_demo.smartdjango.views.metrics import Metrics
from headwater_demo.smartdjango.views.pages import ArticlePage, SectionList, SectionPage
from headwater_demo.smartdjango.views.users import BeOneself, BeUser, NewUser
from headwater_demo.smartdjango.views.waiting import Waiting

app_name = "smartdjango"

urlpatterns = [
    path("", Home.as_view(), name="home"),
    path("pages/", SectionList.as_view(), name="sections"),
    path("pages/<str:letter>/", SectionPage.as_view(), name="section"),
    path("pages/<str:letter>/<slug:slug>/", ArticlePage.as_view(), name="article"),
    path("comments/", Comments.as_view(), name="comments"),
    path("contact/", Contact.as_view(), name="contact"),
    path("metrics/", Metrics.as_view(), name="metrics"),
    path("deals/", OwnDeals.as_view(), name="deals"),
    path("deals/<str:letter>/", GroupDeals.as_view(), name="group-deals"),
    path("atypical/", Atypical.as_view(), name="atypical"),
    path("waiting/", Waiting.as_view(), name="waiting"),
    path("users/new/", NewUser.as_view(), name="new-user"),
    path("users/be/", BeUser.as_view(), name="be-user"),
    path("users/oneself/", BeOneself.as_view(), name="be-oneself"),
]
