"""StockRecord, FlowRecord and their facets: what was counted, once in each period."""

from __future__ import annotations

from datetime import timedelta

from django.db import models

from headwater.engines import periods
from headwater.stockandflow.definitions.slug import MAX_SLUG, MAX_STATE


class Period(models.TextChoices):
    """How often something is counted."""

    HOURLY = periods.HOURLY, "hourly"
    DAILY = periods.DAILY, "daily"
    WEEKLY = periods.WEEKLY, "weekly"
    MONTHLY = periods.MONTHLY, "monthly"
    QUARTERLY = periods.QUARTERLY, "quarterly"
    YEARLY = periods.YEARLY, "yearly"


class StockRecord(models.Model):
    """How many objects a stock held at the count of one period."""

    partition = models.CharField(
        max_length=MAX_SLUG, blank=True, default="", help_text="Empty: a stock of no partition."
    )
    stock = models.CharField(max_length=MAX_STATE, help_text="Its slug, or its state.")
    period = models.CharField(max_length=10, choices=Period.choices)
    period_start = models.DateTimeField()
    counted_at = models.DateTimeField()
    count = models.PositiveBigIntegerField()
    page = models.PositiveBigIntegerField(
        null=True, blank=True, help_text="The page of the ledger that this count closed."
    )
    is_backfilled = models.BooleanField(
        default=False, help_text="Worked out from events after a period without a count."
    )

    class Meta:
        ordering = ["partition", "stock", "period_start"]
        constraints = [
            models.UniqueConstraint(
                fields=["partition", "stock", "period", "period_start"],
                name="stock_record_once_a_period",
            )
        ]
        indexes = [
            models.Index(fields=["partition", "period_start"], name="stock_record_partition"),
        ]

    def __str__(self) -> str:
        return f"{self.stock}: {self.count}"


class StockFacetRecord(models.Model):
    """How many objects of a stock had one value of a facet. "" is any other value, or none."""

    record = models.ForeignKey(StockRecord, on_delete=models.CASCADE, related_name="facets")
    facet = models.CharField(max_length=MAX_SLUG)
    value = models.CharField(max_length=MAX_STATE, blank=True)
    count = models.PositiveBigIntegerField()

    class Meta:
        ordering = ["record", "facet", "value"]
        constraints = [
            models.UniqueConstraint(
                fields=["record", "facet", "value"], name="stock_facet_record_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.facet} {self.value}: {self.count}"


class FlowRecord(models.Model):
    """The events of one flow, or of one move that no flow names, between two counts."""

    partition = models.CharField(max_length=MAX_SLUG, blank=True, default="")
    flow = models.CharField(max_length=MAX_SLUG, blank=True, default="")
    source = models.CharField(max_length=MAX_STATE, blank=True)
    sink = models.CharField(max_length=MAX_STATE, blank=True)
    period = models.CharField(max_length=10, choices=Period.choices)
    period_start = models.DateTimeField(help_text="The period of the count that ended it.")
    started_at = models.DateTimeField(help_text="The moment of the count before.")
    ended_at = models.DateTimeField(help_text="The moment of the count that ended it.")
    page = models.PositiveBigIntegerField(null=True, blank=True)
    events = models.PositiveBigIntegerField(help_text="All events but openings.")
    inferred = models.PositiveBigIntegerField(default=0)
    relabelled = models.PositiveBigIntegerField(default=0)

    class Meta:
        ordering = ["partition", "flow", "source", "sink", "period_start"]
        constraints = [
            models.UniqueConstraint(
                fields=["partition", "flow", "source", "sink", "period", "period_start"],
                name="flow_record_once_a_period",
            )
        ]

    def __str__(self) -> str:
        return f"{self.source or 'outside'} → {self.sink or 'outside'}: {self.events}"

    def rate(self, per: timedelta = timedelta(days=1)) -> float | None:
        """Return events per ``per``; None where no time passed between the counts."""
        passed = self.ended_at - self.started_at
        return self.events * (per / passed) if passed else None


class FlowFacetRecord(models.Model):
    """The events of a flow record whose object had one value of a facet at the count.

    "" is any other value, or none: also of objects that are gone.
    """

    record = models.ForeignKey(FlowRecord, on_delete=models.CASCADE, related_name="facets")
    facet = models.CharField(max_length=MAX_SLUG)
    value = models.CharField(max_length=MAX_STATE, blank=True)
    events = models.PositiveBigIntegerField()

    class Meta:
        ordering = ["record", "facet", "value"]
        constraints = [
            models.UniqueConstraint(
                fields=["record", "facet", "value"], name="flow_facet_record_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.facet} {self.value}: {self.events}"
