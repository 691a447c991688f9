"""Reviewers: the group whose members judge what waits in the queues."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig

GROUP = "Spam reviewers"
REVIEW = "review_content"
MAY_REVIEW = f"headwater_spam.{REVIEW}"


def make_group(sender: AppConfig, *, using: str, **options: Any) -> None:
    """Make the group with its permission after ``migrate``; one that is there is left alone."""
    from django.contrib.auth.management import create_permissions
    from django.contrib.auth.models import Group, Permission

    create_permissions(sender, verbosity=0, using=using)  # whichever app is told first
    group, is_new = Group.objects.using(using).get_or_create(name=GROUP)
    if is_new:
        permissions = Permission.objects.using(using).filter(
            content_type__app_label=sender.label, codename__in=(REVIEW, "view_spamfilter")
        )
        group.permissions.set(permissions)
