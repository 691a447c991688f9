"""Those who can sign in to the demo."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission, User

from headwater.spam.reviewers import GROUP as REVIEWERS
from headwater_demo.smartdjango.models import Account, UserInfo

ADMIN = "demo"
ANALYST = "analyst"
MODERATOR = "moderator"

ANALYST_MAY = [
    ("headwater_learning", "view_statisticalmodel"),
    ("headwater_learning", "add_statisticalmodel"),
    ("headwater_learning", "view_fit"),
    ("headwater_sources", "view_source"),
    ("headwater_sources", "add_dataset"),
    ("headwater_spam", "view_spamfilter"),
    ("smartdjango", "view_userinfo"),
    ("smartdjango", "view_commentofmysite"),
    ("smartdjango", "view_commentpretraining"),
    ("shop", "view_customer"),
    ("shop", "view_customermonth"),
    ("restaurant", "view_menuitem"),
    ("restaurant", "view_orderdata"),
    ("delivery", "view_customer"),
]
"""See everything, bring files and make models of their own; not run or change those of others."""


@dataclass(frozen=True, slots=True)
class LoadedPeople:
    """What ``load_people`` did."""

    created: list[str]


def load_people(password: str) -> LoadedPeople:
    """Ensure that the demo's three people exist, each linked to one of the measured users.

    Somebody who exists keeps their password and permissions.
    """
    created = []
    people = get_user_model().objects
    if not people.filter(username=ADMIN).exists():
        people.create_superuser(ADMIN, email="", password=password)
        created.append(ADMIN)
    if not people.filter(username=ANALYST).exists():
        analyst = people.create_user(ANALYST, email="", password=password, is_staff=True)
        analyst.user_permissions.set(
            [
                Permission.objects.get(content_type__app_label=app, codename=codename)
                for app, codename in ANALYST_MAY
            ]
        )
        created.append(ANALYST)
    if not people.filter(username=MODERATOR).exists():
        reviewer = people.create_user(MODERATOR, email="", password=password)
        reviewer.groups.set(Group.objects.filter(name=REVIEWERS))
        created.append(MODERATOR)
    _link(people.get(username=ADMIN), share=0.0)
    _link(people.get(username=ANALYST), share=0.6)
    _link(people.get(username=MODERATOR), share=0.3)
    return LoadedPeople(created=created)


def moderator() -> User | None:
    """Return who judges comments; None where the account was deleted."""
    return User.objects.filter(username=MODERATOR).first()


def _link(user: User, *, share: float) -> None:
    """Ensure that ``user`` is one of the measured users: the one after ``share`` of them."""
    account, _ = Account.objects.get_or_create(user=user)
    if account.user_info_id is None:
        free = UserInfo.objects.filter(account=None).order_by("pk")
        position = int(share * free.count())
        account.user_info = free[position : position + 1].first()
        account.save(update_fields=["user_info"])
