"""UserInfo: what a site has measured about each of its users."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class UserInfo(models.Model):
    """One user of the site, and how they use it.

    Times are means in seconds, visits are counts. Pages are of ten types, A to J; the columns
    without a letter are over pages of every type.
    """

    class Sex(models.IntegerChoices):
        MALE = 0, "Male"
        FEMALE = 1, "Female"

    age = models.PositiveSmallIntegerField("age")
    sex = models.PositiveSmallIntegerField("sex", choices=Sex.choices)
    avg1 = models.FloatField("average 1")

    avg_time_pages = models.FloatField("average time on pages (s)")
    visits_pages = models.PositiveIntegerField("visits on pages")

    avg_time_pages_a = models.FloatField("average time on pages of type A (s)")
    visits_pages_a = models.PositiveIntegerField("visits on pages of type A")

    avg_time_pages_b = models.FloatField("average time on pages of type B (s)")
    visits_pages_b = models.PositiveIntegerField("visits on pages of type B")

    avg_time_pages_c = models.FloatField("average time on pages of type C (s)")
    visits_pages_c = models.PositiveIntegerField("visits on pages of type C")

    avg_time_pages_d = models.FloatField("average time on pages of type D (s)")
    visits_pages_d = models.PositiveIntegerField("visits on pages of type D")

    avg_time_pages_e = models.FloatField("average time on pages of type E (s)")
    visits_pages_e = models.PositiveIntegerField("visits on pages of type E")

    avg_time_pages_f = models.FloatField("average time on pages of type F (s)")
    visits_pages_f = models.PositiveIntegerField("visits on pages of type F")

    avg_time_pages_g = models.FloatField("average time on pages of type G (s)")
    visits_pages_g = models.PositiveIntegerField("visits on pages of type G")

    avg_time_pages_h = models.FloatField("average time on pages of type H (s)")
    visits_pages_h = models.PositiveIntegerField("visits on pages of type H")

    avg_time_pages_i = models.FloatField("average time on pages of type I (s)")
    visits_pages_i = models.PositiveIntegerField("visits on pages of type I")

    avg_time_pages_j = models.FloatField("average time on pages of type J (s)")
    visits_pages_j = models.PositiveIntegerField("visits on pages of type J")

    # NULL, not "": the user has no group yet.
    cluster_1 = models.CharField(  # noqa: DJ001
        "group by usage", max_length=2, null=True, blank=True, db_index=True
    )

    class Meta:
        ordering = ["pk"]
        verbose_name = "user information"
        verbose_name_plural = "user information"

    def __str__(self) -> str:
        return f"User {self.pk}"


class Account(models.Model):
    """Which of the measured users somebody who signs in is."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="account"
    )
    user_info = models.OneToOneField(
        UserInfo, null=True, blank=True, on_delete=models.SET_NULL, related_name="account"
    )

    def __str__(self) -> str:
        return f"{self.user} is {self.user_info or 'not measured yet'}"
