"""Customer: who orders from a food delivery, and how."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models


class Customer(models.Model):
    """A customer, by what they order, how often and when."""

    name = models.CharField(max_length=100, unique=True)
    average_order_value = models.DecimalField(
        "average order value ($)",
        max_digits=8,
        decimal_places=2,
        validators=[MinValueValidator(0)],
    )
    order_frequency = models.PositiveIntegerField("orders a month")
    preferred_cuisine_diversity = models.PositiveIntegerField("different cuisines")
    peak_ordering_time = models.PositiveSmallIntegerField(
        "hour of most orders", validators=[MaxValueValidator(23)], help_text="From 0 to 23."
    )
    seasonal_variation = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(10)],
        help_text="How much their ordering changes between seasons, from 1 to 10.",
    )
    changed_at = models.DateTimeField(auto_now=True)
    # NULL, not "": the customer has no segment yet.
    segment = models.CharField(  # noqa: DJ001
        max_length=2, null=True, blank=True, db_index=True
    )

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
