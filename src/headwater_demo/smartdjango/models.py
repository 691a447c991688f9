"""UserInfo: what a site has measured about its users. Visit, Allowance, Product, Account.

And what people write to it: CommentOfMySite, ContactMessage, each judged by its own spam filter.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from headwater.spam.models import IsSpammable, SpamFilterPreTraining
from headwater_demo.smartdjango.products import ProductQuerySet


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

    avg_time_logged = models.FloatField("average time logged in, weekly (min)")

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
    joined_at = models.DateTimeField(
        "joined at", null=True, blank=True, help_text="Empty for the users that were generated."
    )

    class Meta:
        ordering = ["pk"]
        permissions = [("be_userinfo", "Can use the site as another user")]
        verbose_name = "user information"
        verbose_name_plural = "user information"

    def __str__(self) -> str:
        return f"User {self.pk}"

    def get_absolute_url(self) -> str:
        """Return the address of the site as the user sees it."""
        return reverse("smartdjango:home", query={"user": self.pk})


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


class Visit(models.Model):
    """One view of a page that was counted. Kept so that none is counted twice."""

    view = models.UUIDField("page load")
    number = models.PositiveSmallIntegerField(
        help_text="1 for the first view of a page load; a tab that was hidden and comes back "
        "begins the next."
    )
    user_info = models.ForeignKey(UserInfo, on_delete=models.CASCADE, related_name="visits")
    page_type = models.CharField(max_length=1)
    seconds = models.FloatField("time on the page (s)")
    counted_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["view", "number"], name="smartdjango_a_view_counts_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_info}, {self.seconds:.1f} s on a page of type {self.page_type}"


class Allowance(models.Model):
    """How much of what is allowed in a stretch of time somebody has used."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.CASCADE,
        related_name="smartdjango_allowances",
    )
    address = models.CharField(
        max_length=64,
        blank=True,
        help_text="Of somebody who is not signed in: a digest, from which no address can be read.",
    )
    purpose = models.CharField(max_length=20)
    started_at = models.DateTimeField()
    used = models.PositiveIntegerField()

    class Meta:
        ordering = ["user", "purpose"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "purpose"], name="smartdjango_one_allowance_for_each_purpose"
            ),
            models.UniqueConstraint(
                fields=["address", "purpose"],
                condition=Q(user=None),
                name="smartdjango_one_allowance_for_each_address",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user or 'somebody'}: {self.used} of {self.purpose}"


class Product(models.Model):
    """Something the site offers: to everybody, or to the groups that it names."""

    name = models.CharField(max_length=80, unique=True)
    description = models.CharField(max_length=200)
    price = models.DecimalField("price (£)", max_digits=8, decimal_places=2)

    objects = ProductQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ProductGroup(models.Model):
    """A group of users that a product is for. A product without any is for everybody."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="groups")
    letter = models.CharField(max_length=2, db_index=True)

    class Meta:
        ordering = ["product", "letter"]
        constraints = [
            models.UniqueConstraint(
                fields=["product", "letter"], name="smartdjango_a_product_names_a_group_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.product} for group {self.letter}"


class CommentOfMySite(IsSpammable):
    """What somebody has to say about the site or an article."""

    SPAM_FILTER = "Comment Spam Filter (Example)"
    SPAMMABLE_FIELD = "comment"

    comment = models.TextField("comment")
    article = models.SlugField(
        "article", max_length=80, blank=True, help_text="Empty: about the site."
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="comments",
        help_text="Empty: somebody who was not signed in.",
    )
    created_at = models.DateTimeField("written at", default=timezone.now, db_index=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = "comment"

    def __str__(self) -> str:
        return self.comment[:60]


class ContactMessage(IsSpammable):
    """A letter to the editors, from the contact form."""

    SPAM_FILTER = "Contact Form Spam Filter (Example)"
    SPAMMABLE_FIELD = ("subject", "message")

    name = models.CharField("your name", max_length=80)
    email = models.EmailField("your e-mail address")
    subject = models.CharField("subject", max_length=120)
    message = models.TextField("message")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="contact_messages",
    )
    created_at = models.DateTimeField("written at", default=timezone.now, db_index=True)

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.subject


class CommentPreTraining(SpamFilterPreTraining):
    """Comments that the filter of comments learned from before anybody had written one."""

    class Meta:
        ordering = ["pk"]
        verbose_name = "comment to begin with"
        verbose_name_plural = "comments to begin with"


class MessagePreTraining(SpamFilterPreTraining):
    """Messages that the filter of the contact form learned from at first."""

    class Meta:
        ordering = ["pk"]
        verbose_name = "message to begin with"
        verbose_name_plural = "messages to begin with"
