"""Ledger, StockMembership: where each object of a partition stands in the books."""

from __future__ import annotations

from django.db import models

from headwater.stockandflow.definitions.slug import MAX_SLUG, MAX_STATE


class Ledger(models.Model):
    """The books of one partition. Each count closes a page; events are posted on the open one."""

    partition = models.CharField(max_length=MAX_SLUG, unique=True)
    page = models.PositiveBigIntegerField(default=1, help_text="The open page.")
    counted_at = models.DateTimeField(null=True, help_text="The moment of the last count.")
    compared_at = models.DateTimeField(null=True, help_text="The moment of the last comparison.")

    class Meta:
        ordering = ["partition"]

    def __str__(self) -> str:
        return f"Ledger of {self.partition}"


class StockMembership(models.Model):
    """The state that the books have one object in. What events say, added up."""

    pk = models.CompositePrimaryKey("ledger_id", "object_id")
    # The primary key is its index; and to check it for each of a million lines takes its time.
    ledger = models.ForeignKey(
        Ledger,
        on_delete=models.CASCADE,
        related_name="memberships",
        db_index=False,
        db_constraint=False,
    )
    object_id = models.CharField(max_length=255)
    state = models.CharField(max_length=MAX_STATE)
    since = models.DateTimeField(help_text="When the event occurred that brought it here.")

    def __str__(self) -> str:
        return f"{self.object_id}: {self.state}"
