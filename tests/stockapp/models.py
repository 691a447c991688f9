"""Models whose objects flow: with and without an event model of their own."""

from __future__ import annotations

import uuid

from django.db import models

from headwater.stockandflow.models import FlowEventModel, SubjectKey


class Team(models.Model):
    name = models.CharField(max_length=50)
    region = models.CharField(max_length=20, default="north")

    def __str__(self) -> str:
        return self.name


class Tag(models.Model):
    name = models.CharField(max_length=20)

    def __str__(self) -> str:
        return self.name


class Subscriber(models.Model):
    """Moves by any means; nobody watches it."""

    class Stage(models.TextChoices):
        TRIAL = "trial", "On trial"
        PAYING = "paying", "Paying"
        LAPSED = "lapsed", "Lapsed"

    name = models.CharField(max_length=50, blank=True)
    stage = models.CharField(max_length=10, choices=Stage.choices, default="", blank=True)
    is_active = models.BooleanField(default=True)
    score = models.IntegerField(null=True, blank=True)
    country = models.CharField(max_length=20, default="", blank=True)
    joined = models.DateField(null=True, blank=True)
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.SET_NULL)
    tags = models.ManyToManyField(Tag, blank=True)

    def __str__(self) -> str:
        return self.name


class SubscriberEvent(FlowEventModel):
    subject = SubjectKey(Subscriber)

    class Meta(FlowEventModel.Meta):
        pass


class Parcel(models.Model):
    """A key that is a UUID; a column with a name that must be quoted."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    place = models.CharField(max_length=20, default="", blank=True, db_column="the place")

    def __str__(self) -> str:
        return str(self.id)
