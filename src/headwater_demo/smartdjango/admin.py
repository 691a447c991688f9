"""Users, visits, products and what is written to SmartDjango, in Django's admin.

Users are in that of stocks, too.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from headwater_demo.smartdjango.give_groups import give_groups
from headwater_demo.smartdjango.models import (
    Account,
    Allowance,
    CommentOfMySite,
    CommentPreTraining,
    ContactMessage,
    MessagePreTraining,
    Product,
    ProductGroup,
    UserInfo,
    Visit,
)


@admin.action(
    permissions=["change"], description="Give the selected users a group anew, without a new fit"
)
def assign_anew(options: admin.ModelAdmin, request: HttpRequest, users: QuerySet[UserInfo]) -> None:
    """Assign each user to a group by what was learned last, from how they use the site now."""
    try:
        given = give_groups(users)
    except ValueError as error:  # nothing was learned yet, or a number does not fit
        options.message_user(request, str(error), messages.ERROR)
        return
    options.message_user(
        request,
        f"{given.users:,} users were looked at; {given.moved:,} are in another group now.",
        messages.SUCCESS,
    )


class UserInfoOptions:
    """How users are listed, and what can be done with those that are selected."""

    list_display = ("__str__", "cluster_1", "age", "sex", "avg_time_pages_a", "avg_time_pages")
    readonly_fields = ("cluster_1",)
    actions = (assign_anew,)
    # A large table is not counted for every page of it.
    show_full_result_count = False


@admin.register(UserInfo)
class UserInfoAdmin(UserInfoOptions, admin.ModelAdmin):
    list_filter = ("cluster_1", "sex", ("joined_at", admin.EmptyFieldListFilter))


@admin.register(Account)
class AccountAdmin(admin.ModelAdmin):
    list_display = ("user", "user_info")
    raw_id_fields = ("user_info",)


@admin.register(Visit)
class VisitAdmin(admin.ModelAdmin):
    """What was measured is looked at here, not made up."""

    list_display = ("user_info", "page_type", "seconds", "counted_at")
    list_filter = ("page_type",)
    list_select_related = ("user_info",)
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody adds a visit by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody changes one."""
        return False


class ProductGroupInline(admin.TabularInline):
    model = ProductGroup
    extra = 0


@admin.register(Product)
class ProductAdmin(admin.ModelAdmin):
    list_display = ("name", "price", "for_groups")
    search_fields = ("name", "description")
    inlines = (ProductGroupInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Product]:
        """Read the groups of all products on the page at once."""
        return super().get_queryset(request).prefetch_related("groups")

    @admin.display(description="for groups")
    def for_groups(self, product: Product) -> str:
        """Return the letters, or that it is for everybody."""
        return ", ".join(group.letter for group in product.groups.all()) or "everybody"


@admin.register(Allowance)
class AllowanceAdmin(admin.ModelAdmin):
    list_display = ("__str__", "user", "purpose", "used", "started_at")
    list_filter = ("purpose",)


class JudgedAdmin(admin.ModelAdmin):
    """Texts with their verdict, which is looked at here and given in the console's queue."""

    list_filter = ("is_spam", "is_revised", "is_misclassified", "created_at")
    readonly_fields = (
        "is_spam",
        "spam_probability",
        "is_revised",
        "is_misclassified",
        "judged_by",
        "created_at",
    )
    raw_id_fields = ("user",)
    list_select_related = ("user",)
    date_hierarchy = "created_at"


@admin.register(CommentOfMySite)
class CommentAdmin(JudgedAdmin):
    list_display = ("__str__", "user", "created_at", "is_spam", "spam_probability", "is_revised")
    search_fields = ("comment",)


@admin.register(ContactMessage)
class ContactMessageAdmin(JudgedAdmin):
    list_display = ("subject", "name", "created_at", "is_spam", "spam_probability", "is_revised")
    search_fields = ("subject", "message", "name", "email")


@admin.register(CommentPreTraining, MessagePreTraining)
class PreTrainingAdmin(admin.ModelAdmin):
    """Texts that a filter learned from at first, with what they are known to be."""

    list_display = ("__str__", "is_spam", "origin")
    list_filter = ("is_spam", "origin")
    search_fields = ("content",)
    list_per_page = 50
