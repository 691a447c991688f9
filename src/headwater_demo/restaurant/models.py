"""MenuItem, OrderData: what a restaurant offers, and what was ordered of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Avg, Count, Q, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone


class Season(models.TextChoices):
    SPRING = "spring", "Spring"
    SUMMER = "summer", "Summer"
    AUTUMN = "autumn", "Autumn"
    WINTER = "winter", "Winter"


class AgeGroup(models.TextChoices):
    UNDER_30 = "under_30", "Under 30"
    FROM_30 = "from_30", "30 to 44"
    FROM_45 = "from_45", "45 to 59"
    FROM_60 = "from_60", "60 and over"


class Cuisine(models.TextChoices):
    ITALIAN = "Italian"
    INDIAN = "Indian"
    AMERICAN = "American"
    MEXICAN = "Mexican"
    FRENCH = "French"
    GREEK = "Greek"
    JAPANESE = "Japanese"
    THAI = "Thai"
    DESSERT = "Dessert"
    OWN = "Chef's own", "Chef's own"


def season_of(moment: datetime) -> Season:
    """Return the season of the northern half of the earth: winter is December to February.

    >>> from datetime import date
    >>> [season_of(date(2025, month, 1)).value for month in (2, 3, 6, 11, 12)]
    ['winter', 'spring', 'summer', 'autumn', 'winter']
    """
    by_quarter = (Season.WINTER, Season.SPRING, Season.SUMMER, Season.AUTUMN)
    return by_quarter[moment.month % 12 // 3]


class MenuItemQuerySet(models.QuerySet["MenuItem"]):
    def with_figures(self) -> MenuItemQuerySet:
        """Return the items with the figures of their orders, in one statement.

        ``times_ordered``, ``portions``, ``rating`` (mean; None without an order), and portions by
        season and by age group: ``in_spring``, ``by_under_30`` and so on.
        """
        portions = "orders__quantity_ordered"
        return self.annotate(
            times_ordered=Count("orders"),
            portions=Coalesce(Sum(portions), 0),
            rating=Avg("orders__customer_rating"),
            **{
                f"in_{season.value}": Coalesce(
                    Sum(portions, filter=Q(orders__season=season.value)), 0
                )
                for season in Season
            },
            **{
                f"by_{group.value}": Coalesce(
                    Sum(portions, filter=Q(orders__customer_age_group=group.value)), 0
                )
                for group in AgeGroup
            },
        )


class MenuItem(models.Model):
    """A dish on the menu."""

    name = models.CharField(max_length=100, unique=True)
    price = models.DecimalField(
        "price ($)", max_digits=8, decimal_places=2, validators=[MinValueValidator(0)]
    )
    prep_time = models.PositiveIntegerField("preparation time (minutes)")
    calories = models.PositiveIntegerField()
    spice_level = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(0), MaxValueValidator(5)], help_text="From 0, mild, to 5."
    )
    cuisine_type = models.CharField("cuisine", max_length=50, choices=Cuisine.choices)
    created_date = models.DateTimeField("on the menu since", default=timezone.now)
    changed_at = models.DateTimeField(auto_now=True)
    # NULL, not "": the item has no segment yet.
    segment = models.CharField(  # noqa: DJ001
        max_length=2, null=True, blank=True, db_index=True
    )

    objects = MenuItemQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = "dish"
        verbose_name_plural = "dishes"

    def __str__(self) -> str:
        return self.name


class OrderData(models.Model):
    """Some portions of one item, ordered at once."""

    menu_item = models.ForeignKey(MenuItem, on_delete=models.CASCADE, related_name="orders")
    quantity_ordered = models.PositiveIntegerField(
        "portions", validators=[MinValueValidator(1)], default=1
    )
    customer_rating = models.FloatField(
        "rating",
        validators=[MinValueValidator(1), MaxValueValidator(5)],
        help_text="From 1 to 5 stars.",
    )
    order_time = models.DateTimeField(default=timezone.now, db_index=True)
    customer_age_group = models.CharField("age group", max_length=20, choices=AgeGroup.choices)
    season = models.CharField(max_length=10, choices=Season.choices, editable=False)

    class Meta:
        ordering = ["-order_time"]
        verbose_name = "order"
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity_ordered__gte=1), name="restaurant_order_of_one_portion_or_more"
            ),
            models.CheckConstraint(
                condition=Q(customer_rating__gte=1) & Q(customer_rating__lte=5),
                name="restaurant_rating_from_1_to_5",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity_ordered} × {self.menu_item}, {self.order_time:%d %B %Y}"

    def save(self, **options: Any) -> None:
        """Save it; the season is that of its time."""
        self.season = season_of(self.order_time)
        if options.get("update_fields") is not None:
            options["update_fields"] = {*options["update_fields"], "season"}
        super().save(**options)
