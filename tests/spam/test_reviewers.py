"""The group of reviewers: made once, with what reviewing needs, and left alone from then on."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, User

from headwater.spam.reviewers import GROUP, MAY_REVIEW, make_group

pytestmark = pytest.mark.django_db


def test_members_may_review_and_see_the_filters() -> None:
    user = User.objects.create_user("rita")
    assert not user.has_perm(MAY_REVIEW)
    user.groups.add(Group.objects.get(name=GROUP))
    user = User.objects.get(pk=user.pk)
    assert user.get_all_permissions() == {MAY_REVIEW, "headwater_spam.view_spamfilter"}


def test_a_group_that_is_there_is_left_alone() -> None:
    group = Group.objects.get(name=GROUP)
    group.permissions.clear()
    make_group(apps.get_app_config("headwater_spam"), using="default")
    assert not group.permissions.exists()
    group.delete()
    make_group(apps.get_app_config("headwater_spam"), using="default")
    assert Group.objects.get(name=GROUP).permissions.count() == 2
