"""Customer, CustomerMonth, CustomerMove: the customers of an online shop, month by month."""

from __future__ import annotations

from django.db import models
from django.urls import reverse

from headwater.stockandflow.models import FlowEventModel, SubjectKey


class Customer(models.Model):
    """One customer, as seen on the last day of the records."""

    class Activity(models.TextChoices):
        """How a customer stands. Empty: no customer yet."""

        NEW = "new", "New"
        ACTIVE = "active", "Active"
        LAPSING = "lapsing", "Lapsing"
        DORMANT = "dormant", "Dormant"

    number = models.PositiveIntegerField("customer number", unique=True)
    country = models.CharField(max_length=40)
    first_order = models.DateField()
    last_order = models.DateField()

    recency_days = models.PositiveIntegerField("days since the last order")
    orders = models.PositiveIntegerField("orders")
    revenue = models.DecimalField("revenue (£)", max_digits=12, decimal_places=2)
    months_active = models.PositiveSmallIntegerField("months with an order")
    refunds_share = models.FloatField(
        "share refunded", help_text="Refunds as a share of revenue, at most 1."
    )

    # NULL, not "": the customer has no segment yet.
    segment = models.CharField(  # noqa: DJ001
        max_length=2, null=True, blank=True, db_index=True
    )
    own_group = models.CharField(  # noqa: DJ001
        "group of a model of your own",
        max_length=2,
        null=True,
        blank=True,
        help_text="Free for the letters of a statistical model that you make.",
    )
    activity = models.CharField(
        max_length=10,
        choices=Activity.choices,
        blank=True,
        default="",
        db_index=True,
        help_text="At the end of the last whole month. Empty: no order yet.",
    )
    last_active = models.DateField(
        "active until",
        null=True,
        blank=True,
        help_text="The last day of the last month with an order, of the months played back.",
    )

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return f"Customer {self.number}"

    def get_absolute_url(self) -> str:
        """Return the address of the customer's page in the shop."""
        return reverse("shop:customer", args=[self.number])


class CustomerMonth(models.Model):
    """What one customer did in one month; there is no row for a month without anything."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="months")
    month = models.DateField(help_text="The first day of the month.")
    orders = models.PositiveIntegerField()
    items = models.PositiveIntegerField()
    products = models.PositiveIntegerField("different products")
    revenue = models.DecimalField("revenue (£)", max_digits=12, decimal_places=2)
    cancelled_orders = models.PositiveIntegerField()
    refunds = models.DecimalField("refunds (£)", max_digits=12, decimal_places=2)

    class Meta:
        ordering = ["customer", "month"]
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "month"], name="shop_one_row_per_customer_and_month"
            )
        ]

    def __str__(self) -> str:
        return f"{self.customer}, {self.month:%B %Y}"


class CustomerMove(FlowEventModel):
    """A move of a customer between the stocks of ``Customer.activity``."""

    subject = SubjectKey(Customer, related_name="moves")

    class Meta(FlowEventModel.Meta):
        pass
