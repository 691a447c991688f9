"""Users of SmartDjango in Django's admin."""

from django.contrib import admin

from headwater_demo.smartdjango.models import Account, UserInfo


@admin.register(UserInfo)
class UserInfoAdmin(admin.ModelAdmin):
    list_display = ("__str__", "cluster_1", "age", "sex", "avg_time_pages_a", "avg_time_pages")
    list_filter = ("cluster_1", "sex")
    readonly_fields = ("cluster_1",)


@admin.register(Account)
class AccountAdmin(admin.ModelAdmin):
    list_display = ("user", "user_info")
    raw_id_fields = ("user_info",)
