"""Models as projects have them: each kind of column, of key and of relation."""

from __future__ import annotations

import uuid

from django.db import models

from headwater.learning.on_create import AssignOnCreate
from headwater.spam.models import IsSpammable, SpamFilterPreTraining


class City(models.Model):
    name = models.CharField(max_length=50)
    population = models.IntegerField(default=0)

    def __str__(self) -> str:
        return self.name


class Person(models.Model):
    class Plan(models.TextChoices):
        FREE = "free", "Free"
        PRO = "pro", "Pro"
        TEAM = "team", "Team"

    class Sex(models.IntegerChoices):
        FEMALE = 0, "Female"
        MALE = 1, "Male"

    name = models.CharField(max_length=100, blank=True)
    notes = models.TextField(blank=True)
    email = models.EmailField(blank=True)
    password = models.CharField(max_length=128, blank=True)
    access_level = models.IntegerField("access level", default=0, db_column="Access Level")
    age = models.IntegerField(null=True, blank=True)
    height = models.FloatField(null=True, blank=True)
    x = models.FloatField(default=0.0)
    y = models.FloatField(default=0.0)
    income = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    born = models.DateField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    waited = models.DurationField(null=True, blank=True)
    wakes_at = models.TimeField(null=True, blank=True)
    is_active = models.BooleanField(default=True)
    has_consented = models.BooleanField(null=True, blank=True)
    plan = models.CharField(max_length=10, choices=Plan.choices, null=True, blank=True)  # noqa: DJ001
    sex = models.SmallIntegerField(choices=Sex.choices, null=True, blank=True)
    extra = models.JSONField(default=dict, blank=True)
    city = models.ForeignKey(
        City, null=True, blank=True, on_delete=models.SET_NULL, related_name="people"
    )
    friends = models.ManyToManyField("self", blank=True)

    group = models.CharField(max_length=2, null=True, blank=True)  # noqa: DJ001
    segment = models.CharField(max_length=5, default="", blank=True)
    letter = models.CharField(max_length=1, default="", blank=True)
    code = models.CharField(max_length=10, unique=True, null=True, blank=True)
    score = models.FloatField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class Profile(models.Model):
    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="profile")
    visits = models.IntegerField(null=True, blank=True)


class Order(models.Model):
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="orders")
    total = models.DecimalField(max_digits=10, decimal_places=2)


class Device(models.Model):
    """A key that is a UUID."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    x = models.FloatField(default=0.0)
    y = models.FloatField(default=0.0)
    group = models.CharField(max_length=2, null=True, blank=True)  # noqa: DJ001


class Country(models.Model):
    """A key that is text; a table and a column with names that must be quoted."""

    iso = models.CharField(max_length=3, primary_key=True)
    x = models.FloatField(default=0.0)
    y = models.FloatField(default=0.0)
    group = models.CharField(max_length=2, default="", blank=True, db_column="the group")

    class Meta:
        db_table = "Odd table"


class Employee(Person):
    """Inherits its key and most of its columns from another table."""

    salary = models.FloatField(default=0.0)
    rank = models.CharField(max_length=2, null=True, blank=True)  # noqa: DJ001


class ActivePerson(Person):
    class Meta:
        proxy = True


class Member(AssignOnCreate):
    """Gets its label as it is saved."""

    assigned_by = "Members"

    name = models.CharField(max_length=50, blank=True)
    x = models.FloatField(null=True)
    y = models.FloatField(default=0.0)
    is_active = models.BooleanField(default=True)
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.CASCADE)
    group = models.CharField(max_length=2, null=True, blank=True)  # noqa: DJ001


class Comment(IsSpammable):
    """What visitors write; judged as it is saved."""

    SPAM_FILTER = "Comments"
    SPAMMABLE_FIELD = "text"

    text = models.TextField()
    author = models.CharField(max_length=50, blank=True)
    created_at = models.DateTimeField(null=True, blank=True)


class Enquiry(models.Model):
    """What is sent by a form: names its filter, and has no fields for the verdict but one."""

    SPAM_FILTER = "Enquiries"
    SPAMMABLE_FIELD = ("subject", "message")
    SPAM_LABEL_FIELD = "unwanted"

    subject = models.CharField(max_length=100, blank=True)
    message = models.TextField()
    unwanted = models.BooleanField(null=True)


class Report(models.Model):
    """Names its filter, and has keys that the databases write in different ways."""

    SPAM_FILTER = "Reports"
    SPAMMABLE_FIELD = "text"
    SPAM_LABEL_FIELD = "is_spam"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    text = models.TextField()
    is_spam = models.BooleanField(null=True)


class CommentPreTraining(SpamFilterPreTraining):
    """Comments whose label is known."""
