"""Models whose objects flow: with and without an event model of their own."""

from __future__ import annotations

import uuid

from django.db import models

from headwater.stockandflow.models import FlowEventModel, SubjectKey
from headwater.stockandflow.tracked import TrackedQuerySet


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


class ParcelEvent(FlowEventModel):
    """With columns of its own, and a key that is no number."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subject = SubjectKey(Parcel)
    noted_at = models.DateTimeField(auto_now_add=True)
    remark = models.CharField(max_length=20, default="none yet")
    weight = models.FloatField(null=True)

    class Meta(FlowEventModel.Meta):
        ordering = ["noted_at"]


class Ticket(models.Model):
    """Watched: by a partition tracker, and by one that looks at two fields at once."""

    title = models.CharField(max_length=50, blank=True)
    status = models.CharField(max_length=10, default="new", blank=True)
    is_answered = models.BooleanField(default=False)
    priority = models.SmallIntegerField(null=True, default=2)
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.CASCADE)

    objects = TrackedQuerySet.as_manager()

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"/tickets/{self.pk}/?view=short"


class UrgentTicket(Ticket):
    """A child with a table of its own."""

    deadline = models.DateField(null=True, blank=True)


class TicketOnDesk(Ticket):
    """A proxy."""

    class Meta:
        proxy = True


class TicketEvent(FlowEventModel):
    subject = SubjectKey(Ticket)

    class Meta(FlowEventModel.Meta):
        pass


class Notice(models.Model):
    """What an event callable has sent."""

    text = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.text


class Outage(models.Model):
    """While there is one, no notice can be sent."""

    reason = models.CharField(max_length=50)

    def __str__(self) -> str:
        return self.reason
